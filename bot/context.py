"""What a handler gets: the typed context, and through it the services. The only injection."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, Update
from telegram.error import TelegramError
from telegram.ext import Application, CallbackContext, ContextTypes, ExtBot

from bot.clock import Clock
from bot.messages import text
from bot.policy.announcements.timetable import Timetable
from bot.policy.decision import Decision
from bot.policy.effects import Language
from bot.policy.ids import UpdateId, UserId
from bot.policy.known import Known, Needs
from bot.policy.limits import Limits
from bot.policy.notices import language_of
from bot.wording.allowed import Allowed
from storage.ledger import Ledger, Recorded, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the whole bot shares. Built once, in ``bot.app``."""

    ledger: Ledger
    clock: Clock
    limits: Limits
    timetable: Timetable
    allowed: Allowed


@dataclass(slots=True)
class BotData:
    """python-telegram-bot's shared data: the services, and nothing that must survive a restart."""

    services: Services = field(init=False)


class BotContext(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], BotData]):
    """The context of one update. ``recorded`` tells the intake that the update is in the log."""

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        chat_id: int | None = None,
        user_id: int | None = None,
    ) -> None:
        """Made by python-telegram-bot for each update."""
        super().__init__(application, chat_id, user_id)
        self.update_id: UpdateId | None = None
        self._known: Known | None = None
        self.recorded = False

    @classmethod
    def from_update(
        cls, update: object, application: Application[Any, Any, Any, Any, Any, Any]
    ) -> "BotContext":
        """Remember which update this is the context of."""
        context = super().from_update(update, application)
        if isinstance(update, Update):
            context.update_id = UpdateId(update.update_id)
        return context

    @property
    def services(self) -> Services:
        """What the whole bot shares."""
        return self.bot_data.services

    @property
    def limits(self) -> Limits:
        """The school's numbers."""
        return self.services.limits

    async def record(
        self,
        needs: Needs,
        judge: Callable[[Known], Decision],
        *,
        happened_at: datetime | None = None,
        commutes: bool = False,
    ) -> Recorded:
        """Read what is needed, decide and write it down, in one commit with the update's number.

        ``commutes``: the decision only adds to the log, so that many can share one reading.
        """

        def noted(known: Known) -> Decision:
            self._known = known
            return judge(known)

        unit = Unit(
            judge=noted,
            needs=needs,
            update=self.update_id,
            happened_at=happened_at,
            commutes=commutes,
        )
        recorded = await self.services.ledger.record(unit)
        self.recorded = True
        return recorded

    def answer(self, query: CallbackQuery, key: str | None = None) -> None:
        """Tell Telegram that a press has been dealt with, with a short text or none.

        In a task, and only after it has been recorded: the log must not wait for Telegram. In the
        presser's own language, as far as it was read; else in that of his Telegram.
        """
        user, chosen = UserId(query.from_user.id), None
        if self._known is not None:
            chosen = self._known.account(user).language
        language = language_of(chosen or query.from_user.language_code)
        self.application.create_task(_answer(query, key, language))

    async def record_more(self, needs: Needs, judge: Callable[[Known], Decision]) -> Recorded:
        """Record something that the update brought to light beside itself."""
        return await self.services.ledger.record(Unit(judge=judge, needs=needs))


async def _answer(query: CallbackQuery, key: str | None, language: Language) -> None:
    try:
        await query.answer(None if key is None else text(key, language))
    except TelegramError:
        return  # Telegram forgets a press after a while; the press itself has been recorded.


CONTEXT_TYPES = ContextTypes(context=BotContext, bot_data=BotData)
