"""Lists that are longer than a telephone: eight rows at a time, with buttons to turn the page."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from bot.callback_data import Press
from bot.messages import Html
from bot.pages.page import Button
from bot.pages.wording import isolated, short

A_PAGE = 8

LONGEST_NAME = 60

Row = TypeVar("Row")


def page_of(rows: Sequence[Row], offset: str) -> tuple[int, Sequence[Row]]:
    """The rows from an offset on; an offset that is none, or beyond the end, is the beginning."""
    start = int(offset) if offset.isdecimal() and len(offset) < A_PAGE else 0
    start = start - start % A_PAGE if start < len(rows) else 0
    return start, rows[start : start + A_PAGE]


def turns(
    start: int, total: int, opens_at: Callable[[int], Press]
) -> tuple[tuple[Button, ...], ...]:
    """A row with the buttons to the page before and after, as far as there are any."""
    row = []
    if start > 0:
        row.append(Button("‹", opens_at(max(0, start - A_PAGE))))
    if start + A_PAGE < total:
        row.append(Button("›", opens_at(start + A_PAGE)))
    return (tuple(row),) if row else ()


def named(name: str) -> str:
    """Somebody's name within a line."""
    return isolated(short(name, LONGEST_NAME))


def bar(part: int, whole: int) -> str:
    """How much of a whole, as a drawing of eight blocks."""
    full = 0 if whole == 0 else round(A_PAGE * part / whole)
    return "▰" * full + "▱" * (A_PAGE - full)


def spaced(parts: Iterable[Html]) -> Html:
    """Parts of a page with a blank line between them."""
    return Html("\n\n".join(parts))


def fitting(lines: Iterable[Html], most: int) -> list[Html]:
    """As many lines from the beginning as fit in ``most`` characters."""
    taken: list[Html] = []
    for line in lines:
        most -= len(line) + 1
        if most < 0:
            break
        taken.append(line)
    return taken
