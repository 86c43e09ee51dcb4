"""From single runs to medians, ratios and targets. Pure: no processes, no files, no screen."""

import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.benchmarks.metrics import BURST_RATE, KILL_LOST, MEMORY_PEAK, P99, Metric
from tests.benchmarks.world import Json

OURS, PTB, AIOGRAM = "ours", "ptb", "aiogram"
FAR_S = 0.05
MEMORY_TARGET_MB = 120
AHEAD_OF_PTB = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One measurement of one contender in one repetition; `failed` says why there are no values."""

    contender: str
    measure: str
    repetition: int
    values: Mapping[Metric, float]
    observed: Json
    failed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The values of one metric for one contender; endless (`inf`) = a backlog never worked off."""

    median: float
    lowest: float
    highest: float
    number: int


def summarize(runs: Sequence[Run]) -> dict[Metric, dict[str, Spread]]:
    """Median, lowest and highest by metric and contender, in the order in which they were made."""
    values: defaultdict[Metric, defaultdict[str, list[float]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for run in runs:
        for metric, value in run.values.items():
            values[metric][run.contender].append(value)
    return {
        metric: {contender: spread(found) for contender, found in by_contender.items()}
        for metric, by_contender in values.items()
    }


def spread(values: Sequence[float]) -> Spread:
    """Median and extremes of at least one value."""
    ordered = sorted(values)
    return Spread(
        median=statistics.median(ordered),
        lowest=ordered[0],
        highest=ordered[-1],
        number=len(ordered),
    )


def ratio(value: Spread | None, base: Spread | None) -> float | None:
    """How many times the base; None when either is not there, is endless, or the base is nought."""
    if value is None or base is None or not base.median:
        return None
    if math.isinf(value.median) or math.isinf(base.median):
        return None
    return value.median / base.median


class State(StrEnum):
    """What became of a target."""

    REACHED = "reached"
    MISSED = "not reached"
    UNKNOWN = "not measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One promise, and whether this run keeps it; `shown` gives the figures behind the verdict."""

    text: str
    state: State
    shown: str


def judge(
    text: str,
    first: float | None,
    second: float | None,
    holds: Callable[[float, float], bool],
    unit: str = "",
) -> Target:
    """A target that compares two figures, of which either may be missing."""
    if first is None or second is None:
        return Target(text=text, state=State.UNKNOWN, shown="")
    state = State.REACHED if holds(first, second) else State.MISSED
    return Target(text=text, state=state, shown=f"{first:,.1f} against {second:,.1f}{unit}")


def targets(summary: Mapping[Metric, Mapping[str, Spread]]) -> list[Target]:
    """Every target of the product, judged on the medians; losses are judged on the worst run."""

    def median(metric: Metric, contender: str, times: float = 1.0) -> float | None:
        found = summary.get(metric, {}).get(contender)
        return None if found is None else found.median * times

    def more(first: float, second: float) -> bool:
        return first > second

    def no_less(first: float, second: float) -> bool:
        return first >= second

    def no_more(first: float, second: float) -> bool:
        # Two backlogs are no proof that ours is no worse.
        return first <= second and not math.isinf(first)

    near, far = BURST_RATE.at(0), BURST_RATE.at(FAR_S)
    p99_near, p99_far = P99.at(0, 200), P99.at(FAR_S, 200)
    lost = summary.get(KILL_LOST, {}).get(OURS)
    peaks = [
        found[OURS].median
        for metric, found in summary.items()
        if metric.name == MEMORY_PEAK.name and OURS in found
    ]
    ours_near, ours_far = median(near, OURS), median(far, OURS)
    return [
        judge("burst at 0 ms ahead of bare aiogram", ours_near, median(near, AIOGRAM), more),
        judge(
            f"burst at 0 ms at least {AHEAD_OF_PTB} × bare PTB",
            ours_near,
            median(near, PTB, AHEAD_OF_PTB),
            no_less,
        ),
        judge("burst at 50 ms ahead of bare PTB", ours_far, median(far, PTB), more),
        judge("burst at 50 ms ahead of bare aiogram", ours_far, median(far, AIOGRAM), more),
        judge(
            "p99 at 200/s, 0 ms, no worse than bare PTB",
            median(p99_near, OURS),
            median(p99_near, PTB),
            no_more,
            " ms",
        ),
        judge(
            "p99 at 200/s, 50 ms, no worse than bare aiogram",
            median(p99_far, OURS),
            median(p99_far, AIOGRAM),
            no_more,
            " ms",
        ),
        judge("kill -9 loses none", None if lost is None else lost.highest, 0.0, no_more),
        judge(
            f"memory under {MEMORY_TARGET_MB} MB at its peak",
            max(peaks, default=None),
            float(MEMORY_TARGET_MB),
            lambda used, allowed: used < allowed,
            " MB",
        ),
    ]
