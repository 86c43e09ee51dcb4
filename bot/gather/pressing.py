"""Presses of the bot's own buttons: which, by whom, under which message."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, Update
from telegram.ext import CallbackQueryHandler

from bot.callback_data import Press, Verb, parse_data
from bot.context import BotContext
from bot.policy.groups import Group
from bot.policy.ids import ChatId, MessageId, UserId
from bot.policy.known import Known, Needs
from bot.policy.notices import language_of
from bot.policy.pages import Asker

OnPress = Callable[[Update, BotContext], Coroutine[Any, Any, None]]


class PressHandler(CallbackQueryHandler[BotContext, None]):
    """Handles the presses of buttons with one of these verbs, and no others.

    The library's own pattern lets a press through that carries nothing at all.
    """

    def __init__(self, callback: OnPress, *verbs: Verb) -> None:
        """Handle presses of ``verbs`` with ``callback``."""
        super().__init__(callback)
        self._verbs = frozenset(verbs)

    def check_update(self, update: object) -> bool:
        """Whether ``update`` is such a press."""
        if not isinstance(update, Update) or update.callback_query is None:
            return False
        press = parse_data(update.callback_query.data)
        return press is not None and press.verb in self._verbs


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press of a button of ours under a message in the bot's private chat."""

    query: CallbackQuery
    press: Press

    @classmethod
    def of(cls, update: Update) -> "Pressed":
        """From an update that a filter has found to be one."""
        query = update.callback_query
        press = parse_data(query.data) if query is not None else None
        assert query is not None  # noqa: S101 (the handler's filter matched on it)
        assert press is not None  # noqa: S101 (the same)
        return cls(query, press)

    @property
    def user(self) -> UserId:
        """Who pressed. Never whom the message was sent to: that says nothing of who presses."""
        return UserId(self.query.from_user.id)

    @property
    def message(self) -> MessageId | None:
        """The message that the button is under, if it may be edited: in the presser's own chat."""
        message = self.query.message
        if message is None or message.chat.id != self.query.from_user.id:
            return None
        return MessageId(message.message_id)

    @property
    def needs(self) -> Needs:
        """The presser, and the group that the button names."""
        user, chat = frozenset((self.user,)), self.press.chat
        chats = frozenset(() if chat is None else (chat,))
        return Needs(users=user, contacts=user, chats=chats)

    def asker(self, known: Known) -> Asker:
        """The presser with what we know of him."""
        account, sender = known.account(self.user), self.query.from_user
        return Asker(
            account=account,
            contact=known.contact(self.user),
            language=language_of(account.language or sender.language_code),
            is_bot=sender.is_bot,
        )

    def group(self, known: Known) -> Group | None:
        """The group that the button names, if it is one that we know."""
        return None if self.press.chat is None else known.groups.get(self.press.chat)

    def about(self, known: Known) -> ChatId | None:
        """That group's chat id today: the button may be older than its last one."""
        group = self.group(known)
        return None if group is None else group.chat
