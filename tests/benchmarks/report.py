"""The table on the screen and the JSON report of one benchmark run."""

import json
import math
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks import fan_out
from tests.benchmarks.contenders import Contender
from tests.benchmarks.measures import Sizes
from tests.benchmarks.metrics import Metric
from tests.benchmarks.summary import (
    AIOGRAM,
    PTB,
    Run,
    Spread,
    State,
    Target,
    ratio,
    summarize,
    targets,
)
from tests.benchmarks.world import Json

NARROWEST = 110
SMALL = 0.1
MARKS = {State.REACHED: "green", State.MISSED: "red", State.UNKNOWN: "yellow"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything that one call of the command found out."""

    at: datetime
    sizes: Sizes
    repetitions: int
    contenders: Sequence[Contender]
    left_out: Mapping[str, str]
    runs: Sequence[Run]
    fan_outs: Sequence[fan_out.Figures] = ()


def show(result: Result, console: Console) -> None:
    """Print the table, the targets, and whatever went wrong."""
    if not console.is_terminal:
        console = Console(file=console.file, width=max(console.width, NARROWEST))
    summary = summarize(result.runs)
    console.print(results_table(result, summary))
    console.print(targets_table(targets(summary)))
    for line in remarks(result):
        console.print(line, markup=False, highlight=False)


def results_table(result: Result, summary: Mapping[Metric, Mapping[str, Spread]]) -> Table:
    """A row for each metric, a column for each contender."""
    table = Table(
        title=f"Medians of {result.repetitions}; second line: × bare PTB · × bare aiogram",
        caption="↑ more is better, ↓ less is better; backlog: not worked off in time",
    )
    table.add_column("")
    for contender in result.contenders:
        table.add_column(contender.title, justify="right")
    condition = None
    for metric in sorted(summary, key=place):
        if metric.condition != condition:
            condition = metric.condition
            table.add_section()
            if condition:
                table.add_row(f"[bold]{condition}[/bold]")
        arrow = "↑" if metric.more_is_better else "↓"
        found = summary[metric]
        cells = [cell(metric, found, contender.name) for contender in result.contenders]
        table.add_row(f"{metric.title} {arrow}", *cells)
    return table


def place(metric: Metric) -> tuple[int, int]:
    """Where a row stands: what has no delay first, then by delay; further as they were made."""
    return (-1 if metric.delay_ms is None else metric.delay_ms, metric.rate or 0)


def cell(metric: Metric, found: Mapping[str, Spread], name: str) -> str:
    """The median and, below it, the two ratios."""
    if name not in found:
        return "–"
    shown = number(found[name].median, metric.digits)
    if not metric.has_ratio:
        return shown
    ratios = [ratio(found[name], found.get(base)) for base in (PTB, AIOGRAM)]
    return f"{shown}\n" + " · ".join("–" if r is None else times(r) for r in ratios)


def times(share: float) -> str:
    """A ratio as people read it: two digits that say something."""
    return f"{share:.3f}×" if share < SMALL else f"{share:.2f}×"


def number(value: float, digits: int) -> str:
    """A figure as people read it."""
    return "backlog" if math.isinf(value) else f"{value:,.{digits}f}"


def targets_table(judged: Sequence[Target]) -> Table:
    """Every target with its verdict."""
    table = Table(title="Targets")
    table.add_column("target")
    table.add_column("verdict")
    table.add_column("measured", justify="right")
    for target in judged:
        colour = MARKS[target.state]
        table.add_row(target.text, f"[{colour}]{target.state}[/{colour}]", target.shown)
    return table


def remarks(result: Result) -> list[str]:
    """One line for each thing that the reader of the table must know beside it."""
    lines = [f"Left out: {name}: {reason}" for name, reason in result.left_out.items()]
    for run in result.runs:
        where = f"{run.contender}, {run.measure}, repetition {run.repetition}"
        if run.failed is not None:
            lines.append(f"Failed: {where}: {run.failed}")
        lines.extend(
            f"Violation: {where}: {what}, {times} times"
            for what, times in run.observed.get("violations", {}).items()
        )
        if run.observed.get("finished") is False:
            deleted, fed = run.observed["deleted"], run.observed["fed"]
            lines.append(f"Cut short: {where}: {deleted} of {fed} deleted when the time was over")
        if run.observed.get("rows_logged") is not None:
            rows, deleted = run.observed["rows_logged"], run.observed["deleted"]
            lines.append(f"Logged: {where}: {rows} rows in the event log for {deleted} deletions")
    return lines


def document(result: Result) -> Json:
    """The same as JSON, with every single run. What is endless is null."""
    summary = summarize(result.runs)
    return {
        "at": result.at.isoformat(),
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.system(),
        },
        "sizes": asdict(result.sizes),
        "repetitions": result.repetitions,
        "contenders": {who.name: who.version() for who in result.contenders},
        "left_out": dict(result.left_out),
        "summary": [
            metric.as_json() | {"contenders": spreads_as_json(summary[metric])}
            for metric in sorted(summary, key=place)
        ],
        "targets": [asdict(target) for target in targets(summary)],
        "runs": [run_as_json(run) for run in result.runs],
        "fan_outs": [fan_out.as_json(run) for run in result.fan_outs],
    }


def spreads_as_json(found: Mapping[str, Spread]) -> Json:
    """The spread of each contender with its two ratios."""
    return {
        name: {
            "median": finite(spread.median),
            "lowest": finite(spread.lowest),
            "highest": finite(spread.highest),
            "number": spread.number,
            "times_ptb": ratio(spread, found.get(PTB)),
            "times_aiogram": ratio(spread, found.get(AIOGRAM)),
        }
        for name, spread in found.items()
    }


def run_as_json(run: Run) -> Json:
    """One measurement, as it was."""
    return {
        "contender": run.contender,
        "measure": run.measure,
        "repetition": run.repetition,
        "failed": run.failed,
        "values": [
            metric.as_json() | {"value": finite(value)} for metric, value in run.values.items()
        ],
        "observed": run.observed,
    }


def finite(value: float) -> float | None:
    """JSON has no word for endless."""
    return None if math.isinf(value) else value


def write(result: Result, path: Path) -> None:
    """Write the JSON report."""
    text = json.dumps(document(result), indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
