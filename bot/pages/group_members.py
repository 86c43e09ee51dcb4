"""Who is in a group and does not seem to belong there: with a button each, and never more.

Nobody is taken out without a person's tap. What somebody is called Telegram is asked when the page
is drawn: of whom no list of the school names, we keep no name.
"""

from telegram.error import TelegramError

from bot.callback_data import Press, Verb
from bot.messages import Html
from bot.pages.groups import A_PAGE, back, offset_of, turning
from bot.pages.page import Button, Desk, Rendered, Request
from bot.pages.wording import isolated, lines, plain, short, titled
from bot.policy.effects import Page
from bot.policy.ids import ChatId
from bot.policy.notices import who
from storage.engine import reading
from storage.my_groups import Outsider, outsiders_of, sheet_of

LONGEST_NAME = 40


async def draw(desk: Desk, request: Request) -> Rendered:
    """The outsiders, at most eight at a time."""
    group, chat = request.group, request.about
    assert group is not None  # noqa: S101 (the page is for who has a seat in the group)
    assert chat is not None  # noqa: S101 (the same)
    async with reading(desk.engine) as connection:
        sheet = await sheet_of(connection, chat)
        found = await outsiders_of(connection, chat, group)
    assert sheet is not None  # noqa: S101 (the same)
    title = titled(desk, request, sheet.title)
    if not found:
        text = desk.said("outsiders-none", request, title=title)
        return Rendered(text=text, buttons=(back(desk, request),))
    offset = offset_of(request.argument, len(found))
    shown = found[offset : offset + A_PAGE]
    names = [await _name(desk, request, chat, one) for one in shown]
    numbered = [
        _line(desk, request, number, name, one)
        for number, (name, one) in enumerate(zip(names, shown, strict=True), start=offset + 1)
    ]
    rows = tuple(
        (_remove(request, number, name, one, offset),)
        for number, (name, one) in enumerate(zip(names, shown, strict=True), start=offset + 1)
    )
    text = desk.said("outsiders-list", request, n=len(found), title=title, members=lines(numbered))
    turn = turning(Page.GROUP_MEMBERS, request, offset, len(found))
    return Rendered(text=text, buttons=(*rows, *turn, back(desk, request)))


async def _name(desk: Desk, request: Request, chat: ChatId, one: Outsider) -> str:
    """What Telegram calls somebody; a word for one who has gone or shows nothing."""
    try:
        member = await desk.bot.get_chat_member(chat, one.user)
    except TelegramError:
        return str(desk.said("member-unnamed", request))
    return short(member.user.full_name, LONGEST_NAME) or str(desk.said("member-unnamed", request))


def _line(desk: Desk, request: Request, number: int, name: str, one: Outsider) -> Html:
    return desk.said(
        f"outsider-{who(one.role)}", request, number=number, name=isolated(plain(name))
    )


def _remove(request: Request, number: int, name: str, one: Outsider, offset: int) -> Button:
    argument = f"{one.number}:{offset}"
    press = Press(verb=Verb.REMOVE_MEMBER, chat=request.about, argument=argument)
    return Button(f"✕ {number}. {short(name)}", press)


PAGES = {Page.GROUP_MEMBERS: draw}
