"""Handing a group over: to whom, what the colleague sees, and what to tap in Telegram."""

from bot.callback_data import Press, Verb
from bot.messages import Html
from bot.pages.groups import A_PAGE, back, offset_of, turning
from bot.pages.page import Button, Desk, Rendered, Request
from bot.pages.wording import isolated, moment, plain, short, titled
from bot.policy.broadcast_groups.handing_over import (
    ACCEPT,
    DECLINE,
    DECLINED,
    OFFER_TO,
    WITHDRAW,
    is_offered,
)
from bot.policy.effects import Page
from bot.policy.groups import Group
from bot.policy.ids import UserId
from storage.engine import reading
from storage.my_groups import GroupSheet, Keeper, name_of_staff, sheet_of


async def _read(desk: Desk, request: Request, who: UserId | None) -> tuple[GroupSheet, str | None]:
    """The group, and the name of a member of staff who has to do with its handing over."""
    assert request.about is not None  # noqa: S101 (the page is for who may open the group's pages)
    async with reading(desk.engine) as connection:
        sheet = await sheet_of(connection, request.about)
        name = None if who is None else await name_of_staff(connection, who)
    assert sheet is not None  # noqa: S101 (the same)
    return sheet, None if name is None else isolated(plain(name))


def _press(request: Request, wish: str) -> Press:
    return Press(verb=Verb.HAND_OVER, chat=request.about, argument=wish)


# --- whoever hands over ------------------------------------------------------------------------


async def draw_giving(desk: Desk, request: Request) -> Rendered:
    """To whom, or how far it is."""
    group = request.group
    assert group is not None  # noqa: S101 (the page is for who may dispose of the group)
    sheet, colleague = await _read(desk, request, group.offered_to)
    if is_offered(group, desk.clock.now(), desk.limits) and colleague is not None:
        return _under_way(desk, request, sheet, colleague)
    return _choice(desk, request, sheet)


def _under_way(desk: Desk, request: Request, sheet: GroupSheet, colleague: str) -> Rendered:
    group = request.group
    assert group is not None  # noqa: S101 (the page is for who may dispose of the group)
    title = titled(desk, request, sheet.title)
    withdraw = (desk.button("button-withdraw-offer", request, _press(request, WITHDRAW)),)
    if group.offer_accepted_at is None:
        ends = _ends(desk, request, group)
        key = "hand-over-waits"
        text = desk.said(key, request, title=title, name=colleague, when=ends)
    elif group.owner == request.viewer.user:
        text = desk.said("hand-over-now", request, title=title, name=colleague)
    else:
        text = desk.said("hand-over-by-owner", request, title=title, name=colleague)
    return Rendered(text=text, buttons=(withdraw, *_back(desk, request)))


def _ends(desk: Desk, request: Request, group: Group) -> Html:
    since = group.offered_at or desk.clock.now()
    return moment(desk, request, since + desk.limits.offer_valid)


def _choice(desk: Desk, request: Request, sheet: GroupSheet) -> Rendered:
    title = titled(desk, request, sheet.title)
    found = [one for one in sheet.keepers if one.is_staff and not one.is_owner]
    said = [desk.said("hand-over-declined", request)] if request.argument == DECLINED else []
    said.append(
        desk.said("hand-over-choose" if found else "hand-over-nobody", request, title=title)
    )
    offset = offset_of(request.argument, len(found))
    rows = tuple((_colleague(request, one),) for one in found[offset : offset + A_PAGE])
    turn = turning(Page.HAND_OVER, request, offset, len(found))
    return Rendered(text=Html("\n\n".join(said)), buttons=(*rows, *turn, *_back(desk, request)))


def _colleague(request: Request, one: Keeper) -> Button:
    return Button(short(one.name or "?"), _press(request, f"{OFFER_TO}{one.person}"))


def _back(desk: Desk, request: Request) -> tuple[tuple[Button, ...], ...]:
    """Back to the group, for who has a seat in it: an administrator of the school may have none."""
    group = request.group
    seated = group is not None and group.seat_of(request.viewer.user) is not None
    return (back(desk, request),) if seated else ()


# --- the colleague -----------------------------------------------------------------------------


async def draw_offer(desk: Desk, request: Request) -> Rendered:
    """What a colleague is asked, and what he answered."""
    group = request.group
    assert group is not None  # noqa: S101 (the page is for who has a seat in the group)
    sheet, giver = await _read(desk, request, group.offered_by)
    title = titled(desk, request, sheet.title)
    his = group.offered_to == request.viewer.user
    if not his or not is_offered(group, desk.clock.now(), desk.limits):
        key = "offer-declined" if request.argument == DECLINED and not his else "offer-over"
    elif group.offer_accepted_at is not None:
        key = "offer-accepted" if giver is not None else "offer-accepted-of-leaver"
    else:
        return _question(desk, request, title, giver)
    return Rendered(text=desk.said(key, request, title=title), buttons=(back(desk, request),))


def _question(desk: Desk, request: Request, title: str | Html, giver: str | None) -> Rendered:
    """Whether the colleague takes the group. ``giver``: ``None`` if its owner has left school."""
    group = request.group
    assert group is not None  # noqa: S101 (the page is for who has a seat in the group)
    ends = _ends(desk, request, group)
    if giver is None:
        text = desk.said("offer-asked-for-leaver", request, title=title, when=ends)
    else:
        text = desk.said("offer-asked", request, title=title, name=giver, when=ends)
    buttons = (
        (desk.button("button-accept-group", request, _press(request, ACCEPT)),),
        (desk.button("button-decline-group", request, _press(request, DECLINE)),),
    )
    return Rendered(text=text, buttons=buttons)


PAGES = {Page.HAND_OVER: draw_giving, Page.GROUP_OFFER: draw_offer}
