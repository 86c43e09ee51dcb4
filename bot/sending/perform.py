"""One executor for every effect: the only place that changes anything in Telegram.

It does what it is told, once, and says what came of it. When, how fast and how often is the
sender's business; whether it is right was decided before. Never here: a decision, a second try.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import assert_never

from telegram import Bot, ChatPermissions, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError

from bot.messages import Html
from bot.messages.notices import Notice, rendered
from bot.messages.school import SchoolWords
from bot.policy.effects import (
    DELETED_AT_ONCE,
    ApproveJoinRequest,
    BanSenderChat,
    CreateJoinLink,
    DeclineJoinRequest,
    DeleteMessages,
    EditAnnouncement,
    EditPage,
    Effect,
    InspectGroup,
    Language,
    LeaveGroup,
    LockGroup,
    PinMessage,
    PrivateEffect,
    RemoveMember,
    ReplacePrimaryLink,
    RevokeJoinLink,
    SendAnnouncement,
    SendGroupNotice,
    SendPage,
    SendPrivateNotice,
    SendUrgentAnnouncement,
    SetCommandMenu,
)
from bot.policy.groups import ALLOWED_WHEN_LOCKED, PERMISSIONS
from bot.policy.ids import ChatId, MessageId
from bot.policy.notices import NOTICES
from bot.policy.outcomes import Done, Refused
from bot.request import NotSent, ServerFault
from bot.sending.answers import Answer, Leave, Looked, Moved, RetryLater, Withheld, at_once
from bot.sending.keyboards import Markup, markup_of
from bot.sending.looking import look_at
from bot.sending.menus import Menus
from bot.sending.posting import Posts
from bot.sending.refusals import CANNOT_BE_DELETED, answer_to, reason_of
from bot.sending.showing import Shows

__all__ = (
    "RIGHTS_NEEDED",
    "Answer",
    "Executor",
    "Looked",
    "Moved",
    "Observer",
    "RetryLater",
    "Withheld",
)

RIGHTS_NEEDED: Mapping[type[Effect], tuple[str, ...]] = {
    SendPrivateNotice: (),
    SendPage: (),
    EditPage: (),
    SetCommandMenu: (),
    SendGroupNotice: (),  # any administrator may write in a locked group
    SendAnnouncement: (),
    SendUrgentAnnouncement: (),
    EditAnnouncement: (),
    PinMessage: ("can_pin_messages",),
    DeleteMessages: ("can_delete_messages",),
    LockGroup: ("can_restrict_members",),
    ReplacePrimaryLink: ("can_invite_users",),
    CreateJoinLink: ("can_invite_users",),
    RevokeJoinLink: ("can_invite_users",),
    ApproveJoinRequest: ("can_invite_users",),
    DeclineJoinRequest: ("can_invite_users",),
    RemoveMember: ("can_restrict_members",),
    BanSenderChat: ("can_restrict_members",),
    LeaveGroup: (),
    InspectGroup: (),
}
"""The administrator rights without which Telegram refuses an effect."""

ERASED = "account-erased"
"""The reason of a refusal because nobody knows any more which account it was for."""

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Executor:
    """Carries out effects as one bot. ``bot`` must know its own name (``bot.initialize()``)."""

    def __init__(
        self,
        bot: Bot,
        shows: Shows,
        menus: Menus,
        posts: Posts,
        school: SchoolWords | None = None,
    ) -> None:
        self._bot = bot
        self._posts = posts
        self._shows = shows
        self._menus = menus
        self._school = school or SchoolWords()

    async def perform(self, effect: Effect, chat_id: int, leave: Leave = at_once) -> Answer:
        """Do ``effect`` in the chat, or for the user, that has ``chat_id`` in Telegram now.

        ``leave`` is awaited right before each message.
        """
        if isinstance(effect, PrivateEffect) and chat_id < 0:
            # Below zero are groups, and our own numbers for accounts that have been erased.
            return Refused(reason=ERASED)
        try:
            return await self._carry_out(effect, chat_id, leave)
        except TelegramError as error:
            return answer_to(error, effect)

    async def _carry_out(  # noqa: PLR0911, PLR0912, C901 -- one branch per effect
        self, effect: Effect, chat_id: int, leave: Leave
    ) -> Answer:
        match effect:
            case SendPrivateNotice():
                return await self._send_private(effect, chat_id, leave)
            case SendPage() | EditPage():
                return await self._shows.show(effect, chat_id, leave)
            case SetCommandMenu():
                return await self._menus.show(effect.user)
            case SendGroupNotice():
                return await self._send_group(effect, chat_id, leave)
            case SendAnnouncement():
                return await self._posts.send(effect, chat_id, leave)
            case EditAnnouncement():
                return await self._posts.edit(effect, chat_id, leave)
            case PinMessage():
                await self._bot.pin_chat_message(chat_id, effect.message, disable_notification=True)
                return Done()
            case DeleteMessages():
                return await self._delete(effect, chat_id)
            case LockGroup():
                await self._bot.set_chat_permissions(
                    chat_id, locked_permissions(), use_independent_chat_permissions=True
                )
                return Done()
            case ReplacePrimaryLink():
                return Done(url=await self._bot.export_chat_invite_link(chat_id))
            case CreateJoinLink():
                link = await self._bot.create_chat_invite_link(chat_id, creates_join_request=True)
                return Done(url=link.invite_link)
            case RevokeJoinLink():
                await self._bot.revoke_chat_invite_link(chat_id, effect.url)
                return Done()
            case ApproveJoinRequest():
                await self._bot.approve_chat_join_request(chat_id, effect.user)
                return Done()
            case DeclineJoinRequest():
                await self._bot.decline_chat_join_request(chat_id, effect.user)
                return Done()
            case RemoveMember():
                await self._bot.unban_chat_member(chat_id, effect.user, only_if_banned=False)
                return Done()
            case BanSenderChat():
                await self._bot.ban_chat_sender_chat(chat_id, effect.sender_chat)
                return Done()
            case LeaveGroup():
                await self._bot.leave_chat(chat_id)
                return Done()
            case InspectGroup():
                return Looked(look=await look_at(self._bot, ChatId(chat_id)))
            case _:
                assert_never(effect)

    async def _send_private(self, effect: SendPrivateNotice, chat_id: int, leave: Leave) -> Done:
        group = None
        if effect.about is not None and "group" in NOTICES[effect.key]:
            group = await self._title_of(effect.about)
        notice = Notice(
            key=effect.key,
            language=effect.language,
            values=effect.values,
            bot=self._bot.username,
            group=group,
        )
        text = rendered(notice, self._school)
        await leave()
        sent = await self._send(chat_id, text, markup=markup_of(effect))
        return Done(message=MessageId(sent.message_id))

    async def _send_group(self, effect: SendGroupNotice, chat_id: int, leave: Leave) -> Done:
        notice = Notice(
            key=effect.key,
            language=Language.BOTH,
            values=effect.values,
            bot=self._bot.username,
        )
        words = rendered(notice, self._school)
        await leave()
        sent = await self._send(chat_id, words, protect=True)
        return Done(message=MessageId(sent.message_id))

    async def _send(
        self, chat_id: int, text: Html, *, markup: Markup | None = None, protect: bool = False
    ) -> Message:
        return await self._bot.send_message(
            chat_id,
            text,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            protect_content=protect,
            reply_markup=markup,
        )

    async def _title_of(self, chat: ChatId) -> str | None:
        """What the chat is called now; ``None`` if the bot may not know.

        Trouble on the way means that the notice was not sent either, so it may be tried again.
        """
        try:
            return (await self._bot.get_chat(chat)).title
        except (BadRequest, Forbidden, ChatMigrated):
            return None
        except (NotSent, ServerFault):
            raise
        except NetworkError as error:
            unread = NotSent(f"The chat could not be read first: {type(error).__name__}")
        raise unread

    async def _delete(self, effect: DeleteMessages, chat_id: int) -> Done | Refused:
        kept, reason = 0, CANNOT_BE_DELETED
        for batch in _batches(effect.messages, DELETED_AT_ONCE):
            refused = await self._delete_batch(chat_id, batch)
            if refused is not None:
                kept, reason = kept + refused.count, refused.reason
        return Refused(reason=reason, count=kept) if kept else Done()

    async def _delete_batch(self, chat_id: int, messages: tuple[MessageId, ...]) -> Refused | None:
        """Telegram refuses a batch because of one message: then each is tried for itself."""
        if len(messages) == 1:
            return await self._delete_one(chat_id, messages[0])
        try:
            await self._bot.delete_messages(chat_id, messages)
        except BadRequest as error:
            if reason_of(error) != CANNOT_BE_DELETED:
                raise
        else:
            return None
        each = [await self._delete_one(chat_id, message) for message in messages]
        refused = [one for one in each if one is not None]
        return Refused(reason=refused[0].reason, count=len(refused)) if refused else None

    async def _delete_one(self, chat_id: int, message: MessageId) -> Refused | None:
        try:
            await self._bot.delete_message(chat_id, message)
        except BadRequest as error:
            if "message to delete not found" in error.message.lower():
                return None
            if reason_of(error) != CANNOT_BE_DELETED:
                raise
            return Refused(reason=CANNOT_BE_DELETED)
        return None


class Observer:
    """The trial ("proef"): looks and private notices go out, nothing is done to any group."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def perform(self, effect: Effect, chat_id: int, leave: Leave = at_once) -> Answer:
        """Do what changes no group; of the rest, say that it would have been done."""
        match effect:
            case SendPrivateNotice(declines=str()):
                # Nothing is declined in the trial, so nobody is told that it is.
                return Withheld()
            case InspectGroup() | SendPrivateNotice() | SendPage() | EditPage() | SetCommandMenu():
                return await self._executor.perform(effect, chat_id, leave)
            case (
                SendGroupNotice()
                | SendAnnouncement()
                | EditAnnouncement()
                | PinMessage()
                | DeleteMessages()
                | LockGroup()
                | ReplacePrimaryLink()
                | CreateJoinLink()
                | RevokeJoinLink()
                | ApproveJoinRequest()
                | DeclineJoinRequest()
                | RemoveMember()
                | BanSenderChat()
                | LeaveGroup()
            ):
                return Withheld()
            case _:
                assert_never(effect)


def locked_permissions() -> ChatPermissions:
    """B.6: all sixteen by name, reactions on, the rest off. What is not named Telegram fills in."""
    named = {name: name in ALLOWED_WHEN_LOCKED for name in PERMISSIONS}
    known = {name: on for name, on in named.items() if name in ChatPermissions.__slots__}
    younger = {name: on for name, on in named.items() if name not in known}
    return ChatPermissions(**known, api_kwargs=younger)


def _batches(messages: tuple[MessageId, ...], most: int) -> Iterator[tuple[MessageId, ...]]:
    remaining = iter(messages)
    while batch := tuple(islice(remaining, most)):
        yield batch
