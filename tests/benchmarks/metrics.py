"""What is measured, under which name, in which unit, and which way is better."""

from dataclasses import dataclass, replace

from tests.benchmarks.world import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One row of the table. `at` gives the same metric at a delay, and at a rate of messages."""

    kind: str
    name: str
    unit: str
    digits: int
    more_is_better: bool = False
    has_ratio: bool = True
    delay_ms: int | None = None
    rate: int | None = None

    def at(self, delay_s: float, rate: int | None = None) -> "Metric":
        return replace(self, delay_ms=round(1000 * delay_s), rate=rate)

    @property
    def title(self) -> str:
        """How the row is called."""
        rate = "" if self.rate is None else f" at {self.rate}/s"
        return f"{self.name}{rate}, {self.unit}" if self.unit else f"{self.name}{rate}"

    @property
    def condition(self) -> str:
        """The part of the table in which the row stands."""
        return "" if self.delay_ms is None else f"server answers after {self.delay_ms} ms"

    def as_json(self) -> Json:
        """What identifies it in the JSON report."""
        return {
            "kind": self.kind,
            "name": self.name,
            "unit": self.unit,
            "delay_ms": self.delay_ms,
            "rate": self.rate,
            "more_is_better": self.more_is_better,
        }


START = Metric(kind="start", name="start to first getUpdates", unit="s", digits=2)
BURST_RATE = Metric(kind="burst", name="burst", unit="updates/s", digits=0, more_is_better=True)
BURST_CPU = Metric(kind="burst", name="CPU per update", unit="ms", digits=2)
MEMORY_PEAK = Metric(kind="memory", name="memory, peak", unit="MB", digits=0)
MEMORY_AFTER = Metric(kind="memory", name="memory after the burst", unit="MB", digits=0)
P50 = Metric(kind="latency", name="p50", unit="ms", digits=1)
P99 = Metric(kind="latency", name="p99", unit="ms", digits=1)
KILL_LOST = Metric(kind="kill", name="kill -9: never deleted", unit="", digits=0, has_ratio=False)
KILL_TWICE = Metric(kind="kill", name="kill -9: asked twice", unit="", digits=0, has_ratio=False)

KINDS = ("start", "burst", "memory", "latency", "kill")
"""What `--only` understands."""
