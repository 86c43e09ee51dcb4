"""One announcement to every group of a large school, in real time, with Telegram's limits on.

The bot is a process of its own; the pretend Telegram and the people are this one. Figures: how much
of the permitted rate is used, how often a limit was passed, how fast unwanted messages go
meanwhile, and how soon an urgent announcement that comes in the middle has reached its groups.
"""

import asyncio
import math
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.sandbox.limiter import OVERALL
from bot.sandbox.telegram import Call
from tests.benchmarks.fan_out_school import (
    class_on_the_roster,
    confirm,
    counted,
    line,
    many_groups,
    sent_to,
)
from tests.benchmarks.server_process import BenchmarkError
from tests.benchmarks.tally import percentile
from tests.robustness.bot_life import Life, begin, nursery
from tests.robustness.journey import OPEN, Journey, prepared_journey, within

KIND = "fan-out"
"""What `--only` calls it."""

GROUPS = 1_500
QUICK_GROUPS = 300
URGENT_GROUPS = 20
PROBED_GROUPS = 10
PROBE_EVERY_S = 0.2
CALM_S = 10.0
QUICK_CALM_S = 5.0
PATIENCE_S = 60.0
LOOK_EVERY_S = 0.05

SHARE_WANTED = 0.98
SLOWER_AT_MOST = 1.25
URGENT_WITHIN_S = 2.0
BUSY_LOAD = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    groups: int = GROUPS
    calm_s: float = CALM_S


QUICK = Size(groups=QUICK_GROUPS, calm_s=QUICK_CALM_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one fan-out gave. Times in seconds.

    ``share``: messages taken, all kinds, over 30 for each second from the first to the last.
    ``sustained``: the same without the first second, in which a window that was empty gives 30 for
    nothing. ``urgent_s``: from the tap to the last of its groups; ``urgent_turn_s``: how long the
    limits alone make that at the least.
    """

    groups: int
    messages: int
    took_s: float
    share: float
    sustained: float
    violations: int
    removal_calm_s: float
    removal_calm_p99_s: float
    removal_busy_s: float
    removal_busy_p99_s: float
    urgent_s: float
    urgent_turn_s: float
    missed: int
    twice: int
    load: float

    @property
    def removal_ratio(self) -> float:
        """How much slower an unwanted message goes during the fan-out: medians."""
        return self.removal_busy_s / self.removal_calm_s


@dataclass(slots=True)
class Probes:
    """Unwanted messages, written one by one, and how long each stood."""

    journey: Journey
    groups: Sequence[int]
    owner: int
    took: dict[tuple[int, int], float] = field(default_factory=dict)
    written: dict[tuple[int, int], float] = field(default_factory=dict)

    async def write(self) -> None:
        """Write one every so often, until cancelled."""
        people, writer = self.journey.telegram.people, self.journey.students[0]
        number = 0
        while True:
            group = self.groups[number % len(self.groups)]
            people.set_permissions(self.owner, group, OPEN)
            message = people.write(writer, group, "is het eerste uur echt vervallen?")
            self.written[group, message] = time.monotonic()
            number += 1
            await within(PROBE_EVERY_S, asyncio.Event())

    def look(self, method: str, when: str) -> None:
        """Hear of a call that was carried out: what is gone by now?"""
        if when == "before" or not method.lower().startswith("deletemessage"):
            return
        now, chats = time.monotonic(), self.journey.telegram.world.chats
        for group, message in [key for key in self.written if key not in self.took]:
            if chats[group].messages[message].deleted_how is not None:
                self.took[group, message] = now - self.written[group, message]

    def standing(self, since: float, until: float) -> list[float]:
        """How long those stood that were written in this time; endless: they stand still."""
        return sorted(
            self.took.get(key, math.inf) for key, at in self.written.items() if since <= at < until
        )


def measure(size: Size) -> Figures:
    """Measure once."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        return asyncio.run(_measured(Path(folder), size))


async def _measured(folder: Path, size: Size) -> Figures:
    async with prepared_journey(folder, seed=1) as journey:
        author, hurried = journey.teachers[1], journey.teachers[0]
        world, student = journey.world, journey.students[0]
        await class_on_the_roster(world, "5V1")
        everywhere = await many_groups(world, author, size.groups - PROBED_GROUPS, "4H2")
        probed = await many_groups(world, author, PROBED_GROUPS, "4H2", student)
        urgent = await many_groups(world, hurried, URGENT_GROUPS, "5V1")
        probes = Probes(journey, probed, author)
        journey.telegram.on_call = probes.look
        journey.telegram.limiter.on = True
        life = begin(nursery(), journey.birth_now())
        try:
            day = _Day(journey, life, probes, [*everywhere, *probed], urgent)
            return await day.passes(author, hurried, size)
        finally:
            life.kill()


@dataclass(slots=True)
class _Day:
    journey: Journey
    life: Life
    probes: Probes
    everywhere: list[int]
    urgent: list[int]

    async def passes(self, author: int, hurried: int, size: Size) -> Figures:
        people, world = self.journey.telegram.people, self.journey.world
        people.write(hurried, hurried, line("5V1", 3))
        people.write(author, author, line("4H2", 8))
        writing = asyncio.create_task(self.probes.write())
        await self._until(lambda: bool(self.probes.took), "nothing was removed")
        calm = time.monotonic()
        await within(size.calm_s, asyncio.Event())
        load = os.getloadavg()[0]
        await self._until(lambda: confirm(world, author), "nothing to confirm")
        tapped, began = time.monotonic(), self.journey.telegram.clock.now().timestamp()
        half = len(self.everywhere) // 2
        await self._until(lambda: len(self._sent(began)) >= half, "it did not come to half")
        hurry = self.journey.telegram.clock.now().timestamp()
        assert confirm(world, hurried)
        everywhere = len(self.everywhere)
        await self._until(lambda: len(self._sent(began)) >= everywhere, "it did not end")
        ended = time.monotonic()
        await within(1.0, asyncio.Event())
        writing.cancel()
        return self._figures(
            began,
            hurry,
            load,
            self.probes.standing(calm, tapped),
            self.probes.standing(tapped, ended),
        )

    def _sent(self, began: float) -> list[Call]:
        return sent_to(counted(self.journey.world, began), self.everywhere)

    def _figures(
        self, began: float, hurry: float, load: float, calm: list[float], busy: list[float]
    ) -> Figures:
        world = self.journey.world
        fan_out = self._sent(began)
        first, last = fan_out[0].at, fan_out[-1].at
        everything = [call for call in counted(world, first) if call.at <= last]
        took = last - first
        hurried = sent_to(counted(world, hurry), self.urgent)
        before = [c for c in counted(world, hurry - 1.0) if c.at < hurry]
        reached = {call.params["chat_id"] for call in fan_out}
        return Figures(
            groups=len(self.everywhere),
            messages=len(everything),
            took_s=took,
            share=len(everything) / (OVERALL * took),
            sustained=sum(c.at > first + 1.0 for c in everything) / (OVERALL * (took - 1.0)),
            violations=len(self.journey.telegram.violations),
            removal_calm_s=percentile(calm, 0.5) or math.inf,
            removal_calm_p99_s=percentile(calm, 0.99) or math.inf,
            removal_busy_s=percentile(busy, 0.5) or math.inf,
            removal_busy_p99_s=percentile(busy, 0.99) or math.inf,
            urgent_s=(hurried[-1].at if len(hurried) >= len(self.urgent) else math.inf) - hurry,
            urgent_turn_s=max(0.0, before[len(self.urgent) - 1].at + 1.0 - hurry)
            if len(before) >= OVERALL - 1
            else 0.0,
            missed=len(set(self.everywhere) - reached),
            twice=len(fan_out) - len(reached),
            load=load,
        )

    async def _until(self, holds: Callable[[], bool], otherwise: str) -> None:
        patience = PATIENCE_S + len(self.everywhere) / OVERALL
        end = time.monotonic() + patience
        while not holds():
            if self.life.over or time.monotonic() > end:
                log = self.journey.birth.log
                words = log.read_text(errors="replace")[-2_000:] if log.exists() else ""
                raise BenchmarkError(f"{otherwise}; its last lines:\n{words}")
            await within(LOOK_EVERY_S, asyncio.Event())


def show(runs: Sequence[Figures], console: Console) -> None:
    """Print a column for each run, with the targets."""
    table = Table(title="One announcement to every group; 30 messages a second permitted")
    table.add_column("")
    table.add_column("target", justify="right")
    for number in range(1, len(runs) + 1):
        table.add_column(f"run {number}", justify="right")
    for title, target, value in _ROWS:
        table.add_row(title, target, *(value(run) for run in runs))
    console.print(table)
    if any(run.load > BUSY_LOAD for run in runs):
        console.print(
            f"The machine was busy (load over {BUSY_LOAD:.0f}): do not keep these figures."
        )


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


_ROWS: tuple[tuple[str, str, Callable[[Figures], str]], ...] = (
    ("groups", "", lambda f: str(f.groups)),
    ("messages, edits too", "", lambda f: f"{f.messages} in {f.took_s:.1f} s"),
    ("share of the permitted rate", f"≥ {SHARE_WANTED}", lambda f: f"{f.share:.3f}"),
    ("the same after the first second", "", lambda f: f"{f.sustained:.3f}"),
    ("violations", "0", lambda f: str(f.violations)),
    ("groups missed, reached twice", "0, 0", lambda f: f"{f.missed}, {f.twice}"),
    (
        "unwanted message gone, without fan-out: p50, p99",
        "",
        lambda f: f"{_ms(f.removal_calm_s)}, {_ms(f.removal_calm_p99_s)}",
    ),
    (
        "unwanted message gone, during it: p50, p99",
        "",
        lambda f: f"{_ms(f.removal_busy_s)}, {_ms(f.removal_busy_p99_s)}",
    ),
    ("ratio of the medians", f"≤ {SLOWER_AT_MOST}", lambda f: f"{f.removal_ratio:.2f}×"),
    (
        f"urgent one to {URGENT_GROUPS} groups in the middle",
        f"turn + {URGENT_WITHIN_S:.0f} s",
        lambda f: f"{f.urgent_s:.2f} s (turn {f.urgent_turn_s:.2f} s)",
    ),
    ("load before", f"< {BUSY_LOAD:.0f}", lambda f: f"{f.load:.2f}"),
)


def as_json(run: Figures) -> dict[str, float | None]:
    """The figures for the JSON report. What is endless is null."""
    values = asdict(run) | {"removal_ratio": run.removal_ratio}
    return {name: value if math.isfinite(value) else None for name, value in values.items()}
