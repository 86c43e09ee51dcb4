"""Which class groups a group serves: each of the school's, one's own first, to switch on or off."""

import re

from bot.callback_data import Press, Verb
from bot.messages import Html
from bot.pages.groups import back, classes_named, offset_of, turning
from bot.pages.page import Button, Desk, Rendered, Request
from bot.pages.wording import short, titled
from bot.policy.broadcast_groups.class_groups import class_key
from bot.policy.effects import Page
from storage.engine import reading
from storage.my_groups import class_groups_of_school, sheet_of

IN_A_ROW = 3
A_PAGE = 24
"""Class groups on one page: eight rows of them."""


async def draw(desk: Desk, request: Request) -> Rendered:
    """Every class group, with a mark at those that the group serves."""
    assert request.about is not None  # noqa: S101 (the page is for who has a seat in the group)
    async with reading(desk.engine) as connection:
        sheet = await sheet_of(connection, request.about)
        known = await class_groups_of_school(connection)
    assert sheet is not None  # noqa: S101 (the same)
    title, chosen = titled(desk, request, sheet.title), frozenset(sheet.class_groups)
    ordered = _ordered(frozenset(known) | chosen, _own(request))
    if not ordered:
        text = desk.said("classes-none-known", request, title=title)
        return Rendered(text=text, buttons=(back(desk, request),))
    offset = offset_of(request.argument, len(ordered), A_PAGE)
    shown = [
        _toggle(request, each, offset, is_on=each in chosen)
        for each in ordered[offset : offset + A_PAGE]
    ]
    rows = tuple(tuple(shown[at : at + IN_A_ROW]) for at in range(0, len(shown), IN_A_ROW))
    text = desk.said("classes-choose", request, title=title, classes=_chosen(desk, request, chosen))
    turn = turning(Page.GROUP_CLASSES, request, offset, len(ordered), A_PAGE)
    return Rendered(text=text, buttons=(*rows, *turn, back(desk, request)))


def _own(request: Request) -> frozenset[str]:
    person = request.viewer.person
    return frozenset() if person is None else person.class_groups


def _ordered(every: frozenset[str], own: frozenset[str]) -> list[str]:
    """One's own first; then by year, as "2B" stands before "10A"."""
    return sorted(every, key=lambda each: (each not in own, _by_year(each)))


def _by_year(class_group: str) -> tuple[tuple[int, str], ...]:
    parts = re.findall(r"[0-9]+|[^0-9]+", class_group)
    return tuple((int(part), "") if part.isdecimal() else (0, part.casefold()) for part in parts)


def _chosen(desk: Desk, request: Request, chosen: frozenset[str]) -> str | Html:
    if not chosen:
        return desk.said("classes-none-chosen", request)
    return classes_named(desk, request, tuple(_ordered(chosen, frozenset())))


def _toggle(request: Request, class_group: str, offset: int, *, is_on: bool) -> Button:
    press = Press(
        verb=Verb.CLASS_GROUP,
        chat=request.about,
        argument=f"{class_key(class_group)}:{offset}",
    )
    return Button(f"{'✓ ' if is_on else ''}{short(class_group)}", press)


PAGES = {Page.GROUP_CLASSES: draw}
