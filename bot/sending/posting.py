"""Putting announcements into groups, and bringing them up to date where they stand."""

from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram import ReplyParameters as Reply
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.callback_data import Press, Verb, format_data
from bot.clock import Clock
from bot.messages import Html
from bot.messages.announcements import Words, announced
from bot.messages.notices import label
from bot.policy.announcements.draft import AnnouncementState, DeliveryState
from bot.policy.announcements.timetable import Timetable
from bot.policy.effects import EditAnnouncement, Language, SendAnnouncement
from bot.policy.ids import ChatId, MessageId
from bot.policy.outcomes import Done
from bot.sending.answers import Answer, Leave
from storage.announcements import Posting, read_posting
from storage.engine import reading

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
# Nothing to bring up to date: it is so already, or nobody can see it any more.
_NOTHING_TO_EDIT = ("message is not modified", "message to edit not found")


class Posts:
    """Posts announcements as one bot of one school."""

    def __init__(self, bot: Bot, engine: AsyncEngine, clock: Clock, timetable: Timetable) -> None:
        self._bot = bot
        self._engine = engine
        self._clock = clock
        self._timetable = timetable

    async def send(self, effect: SendAnnouncement, chat_id: int, leave: Leave) -> Answer:
        """Send it, unless it has been taken back or replaced while it waited."""
        posting = await self._read(effect.announcement, chat_id)
        if posting is None or posting.state is not DeliveryState.PENDING:
            return Done()
        reply = None
        if posting.corrects is not None:
            reply = Reply(posting.corrects, allow_sending_without_reply=True)
        await leave()
        sent = await self._bot.send_message(
            chat_id,
            self._words(posting),
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            disable_notification=effect.silent,
            protect_content=True,
            reply_parameters=reply,
            reply_markup=_seen_button(posting),
        )
        return Done(message=MessageId(sent.message_id))

    async def edit(self, effect: EditAnnouncement, chat_id: int, leave: Leave) -> Answer:
        """Show it as it is now; a message that is gone needs nothing more."""
        posting = await self._read(effect.announcement, chat_id)
        if posting is None or posting.announcement.erased or posting.message != effect.message:
            # Without its words it stays as it stands; of a group that moved, it stayed behind.
            return Done()
        stands = posting.state is DeliveryState.SENT
        await leave()
        try:
            await self._bot.edit_message_text(
                self._words(posting),
                chat_id,
                effect.message,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=_seen_button(posting) if stands else None,
            )
        except BadRequest as error:
            if not any(part in error.message.lower() for part in _NOTHING_TO_EDIT):
                raise
        return Done()

    async def _read(self, announcement: int, chat_id: int) -> Posting | None:
        async with reading(self._engine) as connection:
            return await read_posting(connection, announcement, ChatId(chat_id))

    def _words(self, posting: Posting) -> Html:
        announcement = posting.announcement
        return announced(
            announcement.fields,
            Words(
                author=posting.author,
                today=self._timetable.today(self._clock.now()),
                class_groups=posting.class_groups,
                is_correction=announcement.replaces is not None,
                is_repeat=posting.repeated or announcement.repeats is not None,
                is_replaced=posting.state is DeliveryState.REPLACED,
                is_withdrawn=announcement.state is AnnouncementState.WITHDRAWN,
            ),
        )


def _seen_button(posting: Posting) -> InlineKeyboardMarkup:
    """The button that counts. Groups read both languages."""
    said = label("button-seen", Language.BOTH)
    words = f"👀 {said}"
    shown = f"{words} · {posting.seen}" if posting.seen else words
    press = Press(verb=Verb.SEEN, argument=str(posting.announcement.id))
    return InlineKeyboardMarkup([[InlineKeyboardButton(shown, callback_data=format_data(press))]])
