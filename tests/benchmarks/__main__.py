"""`python -m tests.benchmarks`: everything side by side, in one run."""

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.benchmarks import fan_out, report
from tests.benchmarks.contenders import EVERY_CONTENDER, Contender
from tests.benchmarks.measures import Measure, Sizes, every_measure
from tests.benchmarks.metrics import KINDS
from tests.benchmarks.server_process import BenchmarkError
from tests.benchmarks.summary import Run

EVERY_KIND = (*KINDS, fan_out.KIND)
NAMES = tuple(contender.name for contender in EVERY_CONTENDER)
QUICK_SECONDS = 4.0
QUICK_BURST_LIMIT_S = 15.0
QUICK_DRAIN_S = 4.0


def chosen(given: str, possible: tuple[str, ...], option: str) -> tuple[str, ...]:
    """The names in a list with commas; all when it is empty."""
    names = [name.strip() for name in given.split(",") if name.strip()]
    if unknown := [name for name in names if name not in possible]:
        raise typer.BadParameter(
            f"{', '.join(unknown)}: choose from {', '.join(possible)}", param_hint=option
        )
    return tuple(name for name in possible if name in names) or possible


def sizes_for(
    *, quick: bool, messages: int, kill_messages: int, seconds: float | None, warm_up: int
) -> Sizes:
    """How much to measure. A quick run is shorter in time, not smaller in messages."""
    full = Sizes()
    return Sizes(
        warm_up=warm_up,
        burst=messages,
        kill=kill_messages,
        seconds=seconds or (QUICK_SECONDS if quick else full.seconds),
        burst_limit_s=QUICK_BURST_LIMIT_S if quick else full.burst_limit_s,
        drain_s=QUICK_DRAIN_S if quick else full.drain_s,
    )


def measure(who: Contender, what: Measure, repetition: int) -> Run:
    """One measurement; what goes wrong is part of the result and ends nothing else."""
    try:
        outcome = what.run(who, repetition)
    except BenchmarkError as error:
        return Run(
            contender=who.name,
            measure=what.title,
            repetition=repetition,
            values={},
            observed={},
            failed=str(error),
        )
    return Run(
        contender=who.name,
        measure=what.title,
        repetition=repetition,
        values=outcome.values,
        observed=outcome.observed,
    )


def run_all(
    contenders: list[Contender], measures: list[Measure], repetitions: int, progress: Console
) -> list[Run]:
    """Contenders in turn within every measurement, so that a machine that slows down slows all.

    Who goes first changes with the repetition.
    """
    runs: list[Run] = []
    for repetition in range(1, repetitions + 1):
        for what in measures:
            for place in range(len(contenders)):
                who = contenders[(place + repetition - 1) % len(contenders)]
                progress.print(f"{repetition}/{repetitions}  {what.title}: {who.title}")
                runs.append(measure(who, what, repetition))
                if runs[-1].failed is not None:
                    progress.print(f"failed: {runs[-1].failed}", style="red", markup=False)
    return runs


def fan_outs(repetitions: int, progress: Console, *, quick: bool) -> list[fan_out.Figures]:
    """Our bot's fan-out; none when one of them failed."""
    size = fan_out.QUICK if quick else fan_out.Size()
    found = []
    for repetition in range(1, repetitions + 1):
        progress.print(f"{repetition}/{repetitions}  fan-out to {size.groups} groups: ours")
        try:
            found.append(fan_out.measure(size))
        except BenchmarkError as error:
            progress.print(f"failed: {error}", style="red", markup=False)
            return []
    return found


def main(
    only: Annotated[str, typer.Option(help=f"Some of {','.join(EVERY_KIND)}.")] = "",
    contenders: Annotated[str, typer.Option(help=f"Some of {','.join(NAMES)}.")] = "",
    repetitions: Annotated[int, typer.Option(min=1, help="How often everything is measured.")] = 3,
    messages: Annotated[int, typer.Option(min=1, help="Messages in a burst.")] = 3_000,
    kill_messages: Annotated[int, typer.Option(min=2, help="Messages waiting at a kill -9.")] = 600,
    seconds: Annotated[float | None, typer.Option(min=0.1, help="Length of steady feeds.")] = None,
    warm_up: Annotated[int, typer.Option(min=1, help="Messages that are not measured.")] = 100,
    *,
    quick: Annotated[bool, typer.Option(help="One repetition, shorter feeds.")] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write all figures here.")
    ] = None,
) -> None:
    """Measure our bot and bare bots side by side against one pretend Bot API server."""
    kinds = frozenset(chosen(only, EVERY_KIND, "--only"))
    named = chosen(contenders, NAMES, "--contenders")
    compares = bool(kinds & frozenset(KINDS))
    wanted = [who for who in EVERY_CONTENDER if compares and who.name in named]
    left_out = {who.name: why for who in wanted if (why := who.missing()) is not None}
    present = [who for who in wanted if who.name not in left_out]
    sizes = sizes_for(
        quick=quick,
        messages=messages,
        kill_messages=kill_messages,
        seconds=seconds,
        warm_up=warm_up,
    )
    repetitions = 1 if quick else repetitions
    # Asked to stop, it ends the bots and the server that it started on its way out.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    progress = Console(stderr=True, highlight=False)
    for name, why in left_out.items():
        progress.print(f"Left out: {name}: {why}", style="yellow", markup=False)
    result = report.Result(
        at=datetime.now(UTC),
        sizes=sizes,
        repetitions=repetitions,
        contenders=present,
        left_out=left_out,
        runs=run_all(present, every_measure(kinds, sizes), repetitions, progress),
        fan_outs=fan_outs(repetitions, progress, quick=quick) if fan_out.KIND in kinds else (),
    )
    if compares:
        report.show(result, Console())
    if result.fan_outs:
        fan_out.show(result.fan_outs, Console())
    if json_file is not None:
        report.write(result, json_file)
    failed = any(run.failed is not None for run in result.runs)
    if failed or (compares and not present) or (fan_out.KIND in kinds and not result.fan_outs):
        raise typer.Exit(code=1)


if __name__ == "__main__":
    typer.run(main)
