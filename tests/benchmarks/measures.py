"""The measurements themselves. Each starts a server and a bot of its own, so that none inherits
another's warm caches, grown heap or waiting updates.
"""

import itertools
import math
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.bot_process import BotProcess
from tests.benchmarks.contenders import Contender
from tests.benchmarks.metrics import (
    BURST_CPU,
    BURST_RATE,
    KILL_LOST,
    KILL_TWICE,
    MEMORY_AFTER,
    MEMORY_PEAK,
    P50,
    P99,
    START,
    Metric,
)
from tests.benchmarks.server_process import BenchmarkError, FakeServer
from tests.benchmarks.world import Json

FAR_S = 0.05
"""How late a far-away server answers."""

POLL_SECONDS = 60
WARM_UP_SECONDS = 30
IDLE_S = 0.3
IDLE_SECONDS = 10
KILLED_AFTER_SHARES = (0.2, 0.35, 0.55)
"""How much is deleted when the bot is killed; another moment in each repetition."""

MB = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is measured. The defaults are what the targets speak of."""

    groups: int = 20
    warm_up: int = 100
    burst: int = 3_000
    burst_limit_s: float = 30.0
    kill: int = 600
    delays_s: tuple[float, ...] = (0.0, FAR_S)
    rates: tuple[int, ...] = (200, 500)
    seconds: float = 10.0
    drain_s: float = 10.0
    patience_s: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one measurement gave: values by metric, and what the server saw beside it."""

    values: dict[Metric, float]
    observed: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One kind of measurement; `run` makes it once, of a contender, in the n-th repetition."""

    title: str
    run: Callable[[Contender, int], Outcome]


@dataclass(slots=True, kw_only=True)
class Session:
    """A server, a bot that runs against it, and the folder in which the bot keeps its things."""

    contender: Contender
    server: FakeServer
    folder: Path
    bot: BotProcess

    def start_again(self) -> None:
        """Start the bot after it was killed, on what it kept."""
        self.bot = start_bot(self.contender, self.server, self.folder)

    def observed(self) -> Json:
        """What the server counted, without what only the set-up needs."""
        report = self.server.report()
        del report["chats"]
        return report

    def must_have_reached(self, reached: bool, what: str) -> None:
        """Raise why a bot did not come as far as it must, with its own last lines."""
        self.bot.must_be_running()
        if not reached:
            raise BenchmarkError(f"{what}; its last lines:\n{self.bot.last_lines()}")


def start_bot(contender: Contender, server: FakeServer, folder: Path) -> BotProcess:
    """Start a contender's process."""
    return BotProcess(
        contender.command(),
        environment=contender.environment(server, folder),
        folder=folder,
        log=folder / "bot.log",
    )


@contextmanager
def session(contender: Contender, sizes: Sizes, *, ready: bool = True) -> Iterator[Session]:
    """A bot that polls and, when `ready`, is set up and warm. Everything is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as name,
        FakeServer(sizes.groups) as server,
    ):
        folder = Path(name)
        contender.prepare(server, folder)
        server.mark()
        opened = Session(
            contender=contender,
            server=server,
            folder=folder,
            bot=start_bot(contender, server, folder),
        )
        try:
            polled = server.wait(seconds=POLL_SECONDS, polls=1)
            opened.must_have_reached(polled, "it never asked for updates")
            if ready:
                contender.settle(server, opened.bot, folder)
                warm_up(opened, sizes)
            yield opened
        finally:
            opened.bot.kill()


def warm_up(opened: Session, sizes: Sizes) -> None:
    """A few messages that are not measured: connections get made, code gets loaded."""
    server = opened.server
    server.mark()
    server.command("burst", count=sizes.warm_up)
    warm = server.wait(seconds=WARM_UP_SECONDS, deleted=sizes.warm_up)
    opened.must_have_reached(warm, f"it did not delete {sizes.warm_up} messages to warm up")
    server.wait_until_idle(IDLE_S, seconds=IDLE_SECONDS)
    server.mark()


def burst(contender: Contender, sizes: Sizes, delay_s: float) -> Outcome:
    """Many unwanted messages at once: deletions a second, CPU time for each, memory."""
    with session(contender, sizes) as opened:
        server, bot = opened.server, opened.bot
        rows_before = contender.rows_logged(opened.folder)
        server.answer_after(delay_s)
        cpu_before = bot.cpu_seconds()
        server.command("burst", count=sizes.burst)
        finished = server.wait(seconds=sizes.burst_limit_s, deleted=sizes.burst)
        bot.must_be_running()
        if finished:
            # What a bot still writes after its last deletion is part of the work.
            server.wait_until_idle(IDLE_S, seconds=IDLE_SECONDS)
        cpu = bot.cpu_seconds() - cpu_before
        seen = opened.observed()
        if not seen["deleted"]:
            raise BenchmarkError(f"it deleted nothing in {sizes.burst_limit_s} s")
        took = seen["last_deleted_at"] - seen["first_fed_at"]
        values = {
            BURST_RATE.at(delay_s): seen["deleted"] / took,
            BURST_CPU.at(delay_s): 1000 * cpu / seen["deleted"],
            MEMORY_PEAK.at(delay_s): bot.peak_memory / MB,
            MEMORY_AFTER.at(delay_s): bot.memory() / MB,
        }
        rows_after = contender.rows_logged(opened.folder)
        logged = None if rows_before is None or rows_after is None else rows_after - rows_before
        return Outcome(values=values, observed=seen | {"finished": finished, "rows_logged": logged})


def latency(contender: Contender, sizes: Sizes, delay_s: float, rate: int) -> Outcome:
    """Messages at a steady rate: from a message's arrival at the server to its deletion there."""
    with session(contender, sizes) as opened:
        server = opened.server
        server.answer_after(delay_s)
        number = round(rate * sizes.seconds)
        server.command("open-loop", rate=rate, seconds=sizes.seconds)
        finished = server.wait(seconds=sizes.seconds + sizes.drain_s, deleted=number)
        opened.bot.must_be_running()
        seen = opened.observed()
        values = {
            metric.at(delay_s, rate): math.inf if seen[key] is None else 1000 * seen[key]
            for metric, key in ((P50, "p50_s"), (P99, "p99_s"))
        }
        return Outcome(values=values, observed=seen | {"finished": finished})


def start(contender: Contender, sizes: Sizes) -> Outcome:
    """From the start of the process to its first request for updates."""
    with session(contender, sizes, ready=False) as opened:
        seen = opened.observed()
        took = seen["first_poll_at"] - opened.bot.started_at
        return Outcome(values={START: took}, observed=seen)


def kill(contender: Contender, sizes: Sizes, repetition: int) -> Outcome:
    """`kill -9` halfway, far from the server: how much is never deleted afterwards."""
    with session(contender, sizes) as opened:
        server = opened.server
        server.answer_after(FAR_S)
        server.command("burst", count=sizes.kill)
        share = KILLED_AFTER_SHARES[(repetition - 1) % len(KILLED_AFTER_SHARES)]
        midway = max(round(sizes.kill * share), 1)
        reached = server.wait(seconds=sizes.burst_limit_s, deleted=midway)
        opened.must_have_reached(reached, f"it did not delete {midway} messages before the kill")
        opened.bot.kill()
        at_kill = server.report()
        opened.start_again()
        again = server.wait(seconds=POLL_SECONDS, polls=at_kill["polls"] + 1)
        opened.must_have_reached(again, "it never asked for updates after the kill")
        seen = wait_while_deleting(opened, sizes)
        values = {
            KILL_LOST: float(seen["fed"] - seen["deleted"]),
            KILL_TWICE: float(seen["already_gone"]),
        }
        return Outcome(values=values, observed=seen | {"deleted_at_kill": at_kill["deleted"]})


def wait_while_deleting(opened: Session, sizes: Sizes) -> Json:
    """Wait until all is deleted, or nothing more was deleted for as long as patience goes."""
    server = opened.server
    seen = opened.observed()
    while seen["deleted"] < seen["fed"]:
        more = server.wait(seconds=sizes.patience_s, deleted=seen["deleted"] + 1)
        opened.bot.must_be_running()
        seen = opened.observed()
        if not more:
            break
    server.wait_until_idle(IDLE_S, seconds=IDLE_SECONDS)
    return opened.observed()


def every_measure(kinds: frozenset[str], sizes: Sizes) -> list[Measure]:
    """The measurements of these kinds, in the order in which they are made."""
    measures: list[Measure] = []
    if "start" in kinds:
        measures.append(Measure(title="start", run=lambda who, _: start(who, sizes)))
    if kinds & {"burst", "memory"}:
        measures += [burst_at(delay_s, sizes) for delay_s in sizes.delays_s]
    if "latency" in kinds:
        places = itertools.product(sizes.delays_s, sizes.rates)
        measures += [latency_at(delay_s, rate, sizes) for delay_s, rate in places]
    if "kill" in kinds:
        measures.append(Measure(title="kill -9", run=lambda who, n: kill(who, sizes, n)))
    return measures


def burst_at(delay_s: float, sizes: Sizes) -> Measure:
    """The burst with a server that answers after `delay_s`."""
    title = f"burst, {1000 * delay_s:.0f} ms"
    return Measure(title=title, run=lambda who, _: burst(who, sizes, delay_s))


def latency_at(delay_s: float, rate: int, sizes: Sizes) -> Measure:
    """The steady feed of `rate` messages a second with a server that answers after `delay_s`."""
    title = f"latency, {rate}/s, {1000 * delay_s:.0f} ms"
    return Measure(title=title, run=lambda who, _: latency(who, sizes, delay_s, rate))
