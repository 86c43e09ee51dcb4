"""What the clock sets in motion for announcements: what is due, how far it came, who saw it.

A tick carries no state: it looks for rows, and records what follows through the ledger.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import Clock
from bot.policy.announcements.draft import AnnouncementId
from bot.policy.announcements.known import AnnouncingNeeds
from bot.policy.announcements.sending import DueFacts, judge_due
from bot.policy.announcements.timetable import Timetable
from bot.policy.changes import ShowCount, ShowProgress
from bot.policy.decision import Decision
from bot.policy.effects import EditAnnouncement, EditPage, Effect, Page
from bot.policy.ids import ChatId, MessageId, UserId
from bot.policy.known import Known, Needs
from bot.policy.limits import Limits
from bot.policy.notices import language_of
from bot.policy.rules import Rule
from storage.announcements import announcements_due, counts_to_show, going_out
from storage.engine import reading
from storage.ledger import Ledger, StorageUnavailableError, Unit

log = structlog.get_logger()

EVERY_SECONDS = 2
COUNT_PAUSE = timedelta(seconds=15)
"""Between two refreshments of one counter: Telegram takes twenty messages a minute in a group."""

AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementTicks:
    """The ticks of announcements."""

    engine: AsyncEngine
    ledger: Ledger
    clock: Clock
    limits: Limits
    timetable: Timetable

    async def tick(self) -> None:
        """Send what is due, show authors how far it has come, and count who has seen it."""
        try:
            await self._send_what_is_due()
            await self._show_progress()
            await self._show_counts()
        except (SQLAlchemyError, StorageUnavailableError) as error:
            log.error("cannot look after announcements", error=type(error).__name__)  # noqa: TRY400 (tried again in two seconds)

    async def _send_what_is_due(self) -> None:
        async with reading(self.engine) as connection:
            due = await announcements_due(connection, self.clock.now(), AT_ONCE)
        for number, author in due:
            needs = Needs(
                users=frozenset((author,)),
                announcing=AnnouncingNeeds(
                    numbers=frozenset((number,)), reaches_of=frozenset((author,))
                ),
            )
            await self.ledger.record(Unit(judge=partial(self._due, number, author), needs=needs))

    def _due(self, number: AnnouncementId, author: UserId, known: Known) -> Decision:
        announcement = known.announcing.announcement(number)
        if announcement is None:
            return Decision(rule=Rule.BOOKKEEPING)
        facts = DueFacts(
            at=known.at,
            announcement=announcement,
            author=known.account(author),
            reaches=known.announcing.reaches.get(author, ()),
            timetable=self.timetable,
        )
        return judge_due(facts, self.limits)

    async def _show_progress(self) -> None:
        async with reading(self.engine) as connection:
            rows = await going_out(connection)
        moved = [row for row in rows if row.settled != row.shown_settled or not row.waiting]
        if moved:
            await self.ledger.record(Unit(judge=_always(_progress(moved))))

    async def _show_counts(self) -> None:
        async with reading(self.engine) as connection:
            counts = await counts_to_show(connection, self.clock.now(), COUNT_PAUSE, AT_ONCE)
        if counts:
            await self.ledger.record(Unit(judge=_always(_counted(counts))))


def _always(decision: Decision) -> Callable[[Known], Decision]:
    return lambda _known: decision


def _progress(rows: list[Row[Any]]) -> Decision:
    """Each author's own message shows how far it has come; at the end it is settled."""
    effects: list[Effect] = [
        EditPage(
            user=UserId(row.user_id),
            page=Page.ANNOUNCEMENT,
            language=language_of(row.language),
            argument=str(row.id),
            message=MessageId(row.page_message_id),
        )
        for row in rows
        if row.page_message_id is not None
    ]
    changes = tuple(
        ShowProgress(
            announcement=AnnouncementId(row.id), settled=row.settled, ended=not row.waiting
        )
        for row in rows
    )
    return Decision(rule=Rule.BOOKKEEPING, changes=changes, effects=tuple(effects))


def _counted(counts: list[tuple[AnnouncementId, ChatId, MessageId]]) -> Decision:
    return Decision(
        rule=Rule.BOOKKEEPING,
        changes=tuple(ShowCount(announcement=number, chat=chat) for number, chat, _ in counts),
        effects=tuple(
            EditAnnouncement(chat=chat, announcement=number, message=message)
            for number, chat, message in counts
        ),
    )
