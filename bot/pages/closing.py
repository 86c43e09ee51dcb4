"""Closing a group: what happens, before it does."""

from bot.callback_data import Press, Verb
from bot.pages.groups import back
from bot.pages.page import Desk, Rendered, Request
from bot.pages.wording import titled
from bot.policy.effects import Page
from storage.engine import reading
from storage.my_groups import sheet_of


async def draw(desk: Desk, request: Request) -> Rendered:
    """What closing means, and the button that does it."""
    group, chat = request.group, request.about
    assert group is not None  # noqa: S101 (the page is for who may dispose of the group)
    assert chat is not None  # noqa: S101 (the same)
    async with reading(desk.engine) as connection:
        sheet = await sheet_of(connection, chat)
    assert sheet is not None  # noqa: S101 (the same)
    text = desk.said("close-what-happens", request, title=titled(desk, request, sheet.title))
    close = desk.button("button-close-for-good", request, Press(verb=Verb.CLOSE_GROUP, chat=chat))
    seated = group.seat_of(request.viewer.user) is not None
    rows = ((close,), back(desk, request)) if seated else ((close,),)
    return Rendered(text=text, buttons=rows)


PAGES = {Page.CLOSE_GROUP: draw}
