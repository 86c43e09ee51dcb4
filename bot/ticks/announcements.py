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
from bot.policy.announcements.repeating import AskFacts, is_near, judge_ask
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
from storage.announcements import announcements_due, counts_to_show, going_out, read_announcements
from storage.engine import reading
from storage.ledger import Ledger, StorageUnavailableError, Unit
from storage.seen import Share, shares_of_today

log = structlog.get_logger()

EVERY_SECONDS = 2
ASK_EVERY_SECONDS = 20
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

    async def ask_whether_to_repeat(self) -> None:
        """Ask authors about what few have seen, while there is time to say it once more."""
        try:
            for share in await self._seen_by_few():
                await self._ask_about(share)
        except (SQLAlchemyError, StorageUnavailableError) as error:
            log.error("cannot ask whether to repeat", error=type(error).__name__)  # noqa: TRY400 (tried again in a moment)

    async def _seen_by_few(self) -> list[Share]:
        now = self.clock.now()
        async with reading(self.engine) as connection:
            shares = await shares_of_today(connection, self.timetable.today(now))
            few = [each for each in shares if self._is_few(each)]
            found = await read_announcements(connection, [each.announcement for each in few])
        return [
            each
            for each in few
            if is_near(found[each.announcement], self.timetable, now, self.limits)
        ]

    async def _ask_about(self, share: Share) -> None:
        needs = Needs(
            users=frozenset((share.author,)),
            announcing=AnnouncingNeeds(numbers=frozenset((share.announcement,))),
        )
        await self.ledger.record(Unit(judge=partial(self._ask, share), needs=needs))

    def _is_few(self, share: Share) -> bool:
        return share.seen * 100 < share.members * self.limits.ask_again_below_percent

    def _ask(self, share: Share, known: Known) -> Decision:
        announcement = known.announcing.announcement(share.announcement)
        if announcement is None:
            return Decision(rule=Rule.BOOKKEEPING)
        facts = AskFacts(
            at=known.at,
            announcement=announcement,
            author=known.account(share.author),
            timetable=self.timetable,
            seen=share.seen,
            members=share.members,
        )
        return judge_ask(facts, self.limits)

    async def _show_progress(self) -> None:
        async with reading(self.engine) as connection:
            rows = await going_out(connection)
        moved = [row for row in rows if _is_worth_showing(row)]
        if moved:
            await self.ledger.record(Unit(judge=_always(_progress(moved))))

    async def _show_counts(self) -> None:
        async with reading(self.engine) as connection:
            counts = await counts_to_show(connection, self.clock.now(), COUNT_PAUSE, AT_ONCE)
        if counts:
            await self.ledger.record(Unit(judge=_always(_counted(counts))))


def _is_worth_showing(row: Row[Any]) -> bool:
    """At the end, and each tenth of the way: drawing it reads every group that it is for."""
    step = max(1, (row.settled + row.waiting) // 10)
    return not row.waiting or row.settled - row.shown_settled >= step


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
