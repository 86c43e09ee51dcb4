"""The join link of a group, and its QR code as a picture for the screen in class."""

from io import BytesIO

import segno

from bot.callback_data import Press, Verb
from bot.messages import Html
from bot.pages.groups import back, classes_named
from bot.pages.page import Attachment, Button, Desk, FileKind, Rendered, Request
from bot.pages.wording import titled
from bot.policy.broadcast_groups.keeping import tag_of
from bot.policy.effects import Page
from storage.engine import reading
from storage.my_groups import sheet_of

PIXELS_A_MODULE = 20
"""Some 900 pixels in all: sharp on a projector, and far below what Telegram takes as a photo."""


async def draw(desk: Desk, request: Request) -> Rendered:
    """The link and its picture; before there is one, how to get it."""
    assert request.about is not None  # noqa: S101 (the page is for who has a seat in the group)
    async with reading(desk.engine) as connection:
        sheet = await sheet_of(connection, request.about)
    assert sheet is not None  # noqa: S101 (the same)
    title = titled(desk, request, sheet.title)
    renew = Press(verb=Verb.NEW_LINK, chat=request.about, argument=tag_of(sheet.link))
    if sheet.link is None:
        return Rendered(
            text=desk.said("link-none", request, title=title),
            buttons=((desk.button("button-make-link", request, renew),), back(desk, request)),
        )
    text = desk.said(
        "link-shown",
        request,
        title=title,
        classes=_classes(desk, request, sheet.class_groups),
        link=sheet.link,
    )
    buttons: tuple[tuple[Button, ...], ...] = (
        (desk.button("button-new-link", request, renew),),
        back(desk, request),
    )
    return Rendered(text=text, buttons=buttons, attachment=_picture(sheet.link))


def _classes(desk: Desk, request: Request, class_groups: tuple[str, ...]) -> str | Html:
    if not class_groups:
        return desk.said("link-no-classes", request)
    return classes_named(desk, request, class_groups)


def _picture(link: str) -> Attachment:
    drawn = BytesIO()
    segno.make_qr(link, error="m").save(drawn, kind="png", scale=PIXELS_A_MODULE, border=4)
    return Attachment(name="qr.png", content=drawn.getvalue(), kind=FileKind.PICTURE)


PAGES = {Page.GROUP_LINK: draw}
