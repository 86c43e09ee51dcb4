"""``verify-log`` and ``export-events``: whether the log is whole, and what it says."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bot.cli.calm import NOT_IN_ORDER, StopError
from bot.cli.printing import say, shows_all_letters, warn
from bot.cli.setting_up import database, set_up
from storage.chain import verify
from storage.engine import reading
from storage.reading_events import count_events, read_events

_REASONS = {
    "missing": ("ontbreekt", "is missing"),
    "altered": ("is gewijzigd", "was altered"),
    "cut off": (
        "ontbreekt: het logboek is ingekort of het is een ander logboek",
        "is missing: the log was cut off, or it is another log",
    ),
}
LONG = 20_000
"""Events from which on verifying takes long enough to say how many there are."""


async def verify_log(head: str | None) -> None:
    """Walk the whole log. Raises ``StopError`` with the first event that does not fit."""
    setup = set_up()
    async with database(setup.settings) as engine:
        total = await count_events(engine)
        if total >= LONG:
            warn(f"{total} gebeurtenissen nalopen ...", f"Going through {total} events ...")
        with _busy(total):
            async with reading(engine) as connection:
                verdict = await verify(connection, head)
    if not verdict.whole:
        dutch, english = _REASONS[str(verdict.reason)]
        raise StopError(
            f"Het logboek klopt niet: gebeurtenis {verdict.broken_at} {dutch}. Verander niets, "
            "bewaar een kopie en haal de beheerder erbij.",
            f"The log is not whole: event {verdict.broken_at} {english}. Change nothing, "
            "keep a copy and call the administrator.",
            code=NOT_IN_ORDER,
        )
    say(
        f"Het logboek klopt: {verdict.checked} gebeurtenissen.",
        f"The log is whole: {verdict.checked} events.",
    )
    say(
        "Schrijf de laatste code op; met --head bewijst die later dat er niets af is:",
        "Note the last hash down; with --head it proves later that nothing was cut off:",
    )
    say(verdict.head)


@contextmanager
def _busy(total: int) -> Iterator[None]:
    """Something that moves while a long log is walked, for whoever sits at a terminal."""
    if total < LONG or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 (only for a terminal and a long log)
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        progress.add_task("nalopen / going through", total=None)
        yield


async def export_events(since: int, out: Path | None) -> None:
    """Write every event after number ``since`` as a line of JSON."""
    setup = set_up()
    async with database(setup.settings) as engine:
        with _output(out) as stream:
            plain = not shows_all_letters(stream)
            async for event in read_events(engine, since):
                line = json.dumps(event, ensure_ascii=plain, separators=(",", ":"))
                stream.write(f"{line}\n")


@contextmanager
def _output(path: Path | None) -> Iterator[TextIO]:
    """Stdout, or a file that stands at its place only when it is whole."""
    if path is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    handle = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
