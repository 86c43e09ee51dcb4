"""How the command line speaks: Dutch first and English beside it, on any terminal or none.

A terminal that does not know a letter gets it spelt out; nothing is ever read as markup, for a
name may hold any sign. What a program reads goes to stdout, what a person must know to stderr.
"""

import sys
from collections.abc import Iterable, Sequence
from typing import Final, TextIO

WIDTH_WITHOUT_TERMINAL: Final = 120


def prepare_streams() -> None:
    """No letter of a name may stop a command, whatever the language of the terminal."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def shows_all_letters(stream: TextIO | None = None) -> bool:
    """Whether every letter can be written as itself."""
    return "utf" in (getattr(stream or sys.stdout, "encoding", None) or "").lower()


def say(dutch: str, english: str = "") -> None:
    """A line to read, with its English below it."""
    _write(sys.stdout, dutch, english)


def warn(dutch: str, english: str = "") -> None:
    """A line on stderr, so that it never ends up in a file that a program reads."""
    _write(sys.stderr, dutch, english)


def _write(stream: TextIO, *lines: str) -> None:
    for line in lines:
        if line:
            stream.write(f"{line}\n")
    stream.flush()


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Rows below one another; a cell that does not fit is folded, never cut off."""
    from rich.console import Console  # noqa: PLC0415 (a tenth of a second that --help need not wait)
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=sys.stdout, highlight=False, emoji=False, markup=False)
    if not console.is_terminal:
        console.width = WIDTH_WITHOUT_TERMINAL
    drawn = Table(title=Text(title), title_justify="left", expand=False)
    for column in columns:
        drawn.add_column(Text(column), overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(visible(cell)) for cell in row))
    console.print(drawn)


def visible(text: str) -> str:
    """Text that cannot steer the terminal: signs that do not print are spelt out."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )
