"""``/groepen``: the groups in which somebody has a seat, and how one of them is doing."""

from datetime import datetime

from telegram.error import TelegramError

from bot.callback_data import Press, Verb, opens
from bot.messages import Html, escaped
from bot.pages.page import Button, Desk, Rendered, Request
from bot.pages.wording import isolated, lines, moment, plain, short, titled
from bot.policy.audience import disposes_of
from bot.policy.broadcast_groups.group_care import STAFF_WANTED
from bot.policy.broadcast_groups.handing_over import is_offered
from bot.policy.broadcast_groups.keeping import CLOSED
from bot.policy.effects import Page
from bot.policy.groups import REQUIRED_RIGHTS, GroupState
from bot.policy.ids import ChatId
from bot.policy.notices import Item
from storage.engine import reading
from storage.my_groups import GroupLine, GroupSheet, groups_of, sheet_of

A_PAGE = 8
"""Groups, colleagues or members that one page shows."""

MOST_CLASSES = 12
"""Class groups that are named in a line; of more, how many there are."""

_FINE, _MATTER, _NOTE = "✅", "⚠️", "▫️"


def offset_of(argument: str, total: int, at_once: int = A_PAGE) -> int:
    """From which row a page shows its list; a forged number shows the first."""
    number = int(argument) if argument.isdecimal() and len(argument) <= len(str(total)) else 0
    return number - number % at_once if number < total else 0


def turning(
    page: Page, request: Request, offset: int, total: int, at_once: int = A_PAGE
) -> tuple[tuple[Button, ...], ...]:
    """The row that leads to the part before and after the one shown."""
    row = []
    if offset > 0:
        row.append(Button("‹", opens(page, request.about, str(offset - at_once))))
    if offset + at_once < total:
        row.append(Button("›", opens(page, request.about, str(offset + at_once))))
    return (tuple(row),) if row else ()


async def draw_list(desk: Desk, request: Request) -> Rendered:
    """The viewer's groups, a button each."""
    async with reading(desk.engine) as connection:
        found = await groups_of(connection, request.viewer.user)
    ours = [line for line in found if line.state is not GroupState.PENDING]
    parts = []
    if request.argument == CLOSED:
        parts.append(desk.said("groups-closed", request))
    parts.append(desk.said("groups-list" if ours else "groups-none", request))
    if waiting := [line for line in found if line.state is GroupState.PENDING]:
        names = lines([escaped(f"{_NOTE} {_named(desk, request, line)}") for line in waiting])
        parts.append(desk.said("groups-waiting", request, groups=names))
    offset = offset_of(request.argument, len(ours))
    rows = tuple((_to_group(desk, request, line),) for line in ours[offset : offset + A_PAGE])
    return Rendered(
        text=Html("\n\n".join(parts)),
        buttons=(*rows, *turning(Page.GROUPS, request, offset, len(ours))),
    )


def _named(desk: Desk, request: Request, line: GroupLine) -> str:
    return short(line.title) or str(desk.said("group-without-title", request))


def _to_group(desk: Desk, request: Request, line: GroupLine) -> Button:
    well = line.state is GroupState.MANAGED and not line.is_open
    mark = _FINE if well else _MATTER
    return Button(f"{mark} {_named(desk, request, line)}", opens(Page.GROUP, line.chat))


# --- one group ---------------------------------------------------------------------------------


async def draw_group(desk: Desk, request: Request) -> Rendered:
    """How a group is doing, a line for each thing that matters."""
    assert request.about is not None  # noqa: S101 (the page is for who has a seat in the group)
    async with reading(desk.engine) as connection:
        sheet = await sheet_of(connection, request.about)
    assert sheet is not None  # noqa: S101 (the same)
    count = await _counted(desk, request.about, sheet)
    told = [
        _lock(desk, request, sheet),
        _owner(desk, request, sheet),
        _keepers(desk, request, sheet),
        _link(desk, request, sheet),
        _complies(desk, request, sheet),
        _classes(desk, request, sheet),
        _members(desk, request, sheet, count),
        *_handing_over(desk, request, sheet),
    ]
    text = desk.said(
        "group-sheet",
        request,
        title=titled(desk, request, sheet.title),
        lines=lines(told),
        looked=_looked(desk, request, sheet.looked_at),
    )
    return Rendered(text=text, buttons=_buttons(desk, request, sheet))


def _line(mark: str, said: Html) -> Html:
    return Html(f"{mark} {said}")


def _lock(desk: Desk, request: Request, sheet: GroupSheet) -> Html:
    if sheet.open_since is not None:
        when = moment(desk, request, sheet.open_since)
        return _line(_MATTER, desk.said("group-lock-open", request, when=when))
    if sheet.lock_proved_at is None:
        return _line(_MATTER, desk.said("group-lock-unproved", request))
    when = moment(desk, request, sheet.lock_proved_at)
    return _line(_FINE, desk.said("group-lock-proved", request, when=when))


def _owner(desk: Desk, request: Request, sheet: GroupSheet) -> Html:
    owner = sheet.owner
    if owner is None:
        return _line(_MATTER, desk.said("group-owner-hidden", request))
    if not owner.is_staff or owner.name is None:
        return _line(_MATTER, desk.said("group-owner-unlisted", request))
    if owner.user == request.viewer.user:
        return _line(_FINE, desk.said("group-owner-you", request))
    name = isolated(plain(owner.name))
    return _line(_FINE, desk.said("group-owner-named", request, name=name))


def _keepers(desk: Desk, request: Request, sheet: GroupSheet) -> Html:
    mark = _FINE if sheet.staff >= STAFF_WANTED else _MATTER
    return _line(mark, desk.said("group-keepers", request, n=sheet.staff))


def _link(desk: Desk, request: Request, sheet: GroupSheet) -> Html:
    if sheet.link is None:
        return _line(_MATTER, desk.said("group-link-missing", request))
    return _line(_FINE, desk.said("group-link-there", request))


def _complies(desk: Desk, request: Request, sheet: GroupSheet) -> Html:
    items = [item for item in sheet.explained if item in {each.value for each in Item}]
    if not items:
        return _line(_FINE, desk.said("group-complies", request))
    said = desk.said(
        "group-fails", request, items=" ".join(items), rights=" ".join(REQUIRED_RIGHTS)
    )
    return _line(_MATTER, said)


def classes_named(desk: Desk, request: Request, class_groups: tuple[str, ...]) -> str | Html:
    """Class groups in a line, or how many there are if they are too many to name."""
    if len(class_groups) > MOST_CLASSES:
        return desk.said("group-many-classes", request, n=len(class_groups))
    return ", ".join(isolated(short(each)) for each in class_groups)


def _classes(desk: Desk, request: Request, sheet: GroupSheet) -> Html:
    if not sheet.class_groups:
        return _line(_MATTER, desk.said("group-serves-none", request))
    classes = classes_named(desk, request, sheet.class_groups)
    return _line(_FINE, desk.said("group-serves", request, classes=classes))


async def _counted(desk: Desk, chat: ChatId, sheet: GroupSheet) -> int | None:
    """How many people are in the group, bots left out: now, or else at the last look."""
    try:
        count: int | None = await desk.bot.get_chat_member_count(chat)
    except TelegramError:
        count = sheet.member_count
    return None if count is None else max(0, count - sheet.bots)


def _members(desk: Desk, request: Request, sheet: GroupSheet, count: int | None) -> Html:
    """Telegram gives a bot no list of members: of some we know only that they are there."""
    if count is None:
        return _line(_NOTE, desk.said("group-members-uncounted", request))
    said = desk.said("group-members-counted", request, n=count)
    known = desk.said("group-members-known", request, n=sheet.known)
    parts = [said, known]
    if sheet.unknown:
        parts.append(desk.said("group-members-unknown", request, n=sheet.unknown))
    if (untold := count - sheet.known - sheet.unknown) > 0:
        parts.append(desk.said("group-members-untold", request, n=untold))
    return _line(_MATTER if sheet.unknown else _NOTE, Html(" ".join(parts)))


def _handing_over(desk: Desk, request: Request, sheet: GroupSheet) -> tuple[Html, ...]:
    group = request.group
    if group is None or not is_offered(group, desk.clock.now(), desk.limits):
        return ()
    names = [one.name for one in sheet.keepers if one.user == group.offered_to and one.is_staff]
    name = next((isolated(plain(each)) for each in names if each is not None), None)
    if name is None:
        return ()
    return (_line(_NOTE, desk.said("group-offered", request, name=name)),)


def _looked(desk: Desk, request: Request, at: datetime | None) -> Html:
    if at is None:
        return desk.said("group-looked-never", request)
    return desk.said("group-looked", request, when=moment(desk, request, at))


def _buttons(desk: Desk, request: Request, sheet: GroupSheet) -> tuple[tuple[Button, ...], ...]:
    def to(key: str, page: Page) -> Button:
        return desk.button(key, request, opens(page, request.about))

    rows = [
        (
            to("button-group-classes", Page.GROUP_CLASSES),
            to("button-group-members", Page.GROUP_MEMBERS),
        ),
        (to("button-group-link", Page.GROUP_LINK),),
    ]
    if sheet.staff < STAFF_WANTED:
        rows.append((to("button-group-second", Page.GROUP_SECOND),))
    if disposes_of(request.viewer, request.group):
        rows.append(
            (to("button-hand-over", Page.HAND_OVER), to("button-close-group", Page.CLOSE_GROUP))
        )
    again = Press(verb=Verb.LOOK_GROUP, chat=request.about)
    rows.append(
        (
            desk.button("button-my-groups", request, opens(Page.GROUPS)),
            desk.button("button-look-again", request, again),
        )
    )
    return tuple(rows)


async def draw_second(desk: Desk, request: Request) -> Rendered:
    """Why a second administrator, and what to tap."""
    assert request.about is not None  # noqa: S101 (the page is for who has a seat in the group)
    async with reading(desk.engine) as connection:
        sheet = await sheet_of(connection, request.about)
    assert sheet is not None  # noqa: S101 (the same)
    title = titled(desk, request, sheet.title)
    key = "second-there" if sheet.staff >= STAFF_WANTED else "second-how"
    return Rendered(text=desk.said(key, request, title=title), buttons=(back(desk, request),))


def back(desk: Desk, request: Request) -> tuple[Button, ...]:
    """The row that leads back to the group."""
    return (desk.button("button-to-group", request, opens(Page.GROUP, request.about)),)


PAGES = {Page.GROUPS: draw_list, Page.GROUP: draw_group, Page.GROUP_SECOND: draw_second}
