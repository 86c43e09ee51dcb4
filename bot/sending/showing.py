"""Putting a page before a person: as a new message, in the place of an old one, or with a file."""

from collections.abc import Awaitable, Callable, Sequence
from io import BytesIO

from sqlalchemy.exc import SQLAlchemyError
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.callback_data import format_data
from bot.clock import Clock
from bot.messages import Html
from bot.pages import Button, Pages, Rendered
from bot.pages.page import FileKind
from bot.policy.effects import EditPage, SendPage
from bot.policy.ids import MessageId
from bot.policy.outcomes import Done
from bot.sending.answers import Answer, Leave, RetryLater

DATABASE_PAUSE = 5.0
PROGRESS_EVERY = 1.5
"""Seconds between two steps of progress: Telegram takes about one message a second in a chat."""

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_UNCHANGED = "message is not modified"
# What cannot be edited (any more) is shown anew below it.
_NOT_TO_EDIT = ("message to edit not found", "message can't be edited", "no text in the message")


class Shows:
    """Shows pages to people, one message each."""

    def __init__(self, bot: Bot, pages: Pages, clock: Clock) -> None:
        self._bot = bot
        self._pages = pages
        self._clock = clock

    async def show(self, effect: SendPage | EditPage, chat_id: int, leave: Leave) -> Answer:
        """Draw the page and show it. Raises the library's errors."""
        place = _Place(self._bot, self._clock, chat_id, _message_of(effect), leave)
        try:
            page = await self._pages.drawn(effect, place.progress)
        except SQLAlchemyError:
            return RetryLater(seconds=DATABASE_PAUSE)
        return Done(message=await place.put(page))


def _message_of(effect: SendPage | EditPage) -> MessageId | None:
    return effect.message if isinstance(effect, EditPage) else None


class _Place:
    """Where a page will stand: the message that it replaces, or one that progress has begun."""

    def __init__(
        self, bot: Bot, clock: Clock, chat_id: int, message: MessageId | None, leave: Leave
    ) -> None:
        self._leave = leave
        self._bot = bot
        self._clock = clock
        self._chat_id = chat_id
        self._message = message
        self._next_step = 0.0

    async def progress(self, text: Html) -> None:
        """Show how far the work is; a step that comes too soon, or fails, is left out."""
        now = self._clock.now().timestamp()
        if now < self._next_step:
            return
        self._next_step = now + PROGRESS_EVERY
        try:
            self._message = await self._write(text, None)
        except TelegramError:
            return  # The work goes on; what matters is its end.

    async def put(self, page: Rendered) -> MessageId:
        """Show the page itself."""
        markup = markup_of(page.buttons)
        if page.attachment is None:
            return await self._write(page.text, markup)
        file = InputFile(BytesIO(page.attachment.content), filename=page.attachment.name)
        if page.attachment.kind is FileKind.PICTURE:
            send: Callable[..., Awaitable[Message]] = self._bot.send_photo
        else:
            send = self._bot.send_document
        await self._leave()
        sent = await send(
            self._chat_id,
            file,
            caption=page.text,
            parse_mode=ParseMode.HTML,
            reply_markup=markup,
            protect_content=page.attachment.protected,
        )
        return MessageId(sent.message_id)

    async def _write(self, text: Html, markup: InlineKeyboardMarkup | None) -> MessageId:
        if self._message is not None and await self._edited(self._message, text, markup):
            return self._message
        await self._leave()
        sent = await self._bot.send_message(
            self._chat_id,
            text,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=markup,
        )
        return MessageId(sent.message_id)

    async def _edited(
        self, message: MessageId, text: Html, markup: InlineKeyboardMarkup | None
    ) -> bool:
        try:
            await self._leave()
            await self._bot.edit_message_text(
                text,
                self._chat_id,
                message,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=markup,
            )
        except BadRequest as error:
            reason = error.message.lower()
            if _UNCHANGED in reason:
                return True
            if any(part in reason for part in _NOT_TO_EDIT):
                return False
            raise
        return True


def markup_of(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """The buttons as Telegram takes them."""
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def _button(button: Button) -> InlineKeyboardButton:
    if button.press is None:
        return InlineKeyboardButton(button.label, url=button.url)
    return InlineKeyboardButton(button.label, callback_data=format_data(button.press))
