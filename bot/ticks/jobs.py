"""What the clock sets in motion. A job carries no state: it looks for rows that are due."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import Clock
from bot.gather.joining import DueRequests, MembersOf
from bot.gather.school_year import asking_facts, asking_needs
from bot.policy.changes import ScheduleLook
from bot.policy.coming_in.join_requests import judge_waiting
from bot.policy.coming_in.members import judge_members
from bot.policy.decision import Decision
from bot.policy.effects import InspectGroup
from bot.policy.ids import ChatId
from bot.policy.known import Known
from bot.policy.limits import Limits
from bot.policy.rules import Rule
from bot.policy.school_years import school_year
from bot.ticks.announcements import ASK_EVERY_SECONDS as REPEAT_ASKED_EVERY_SECONDS
from bot.ticks.announcements import EVERY_SECONDS as ANNOUNCEMENTS_EVERY_SECONDS
from bot.ticks.announcements import AnnouncementTicks
from storage.due import forget, groups_due
from storage.engine import reading
from storage.erasing import erase_accounts
from storage.forgetting_announcements import forget_announcements
from storage.joining import groups_to_look_through, requests_due
from storage.ledger import Ledger, StorageUnavailableError, Unit
from storage.school_year import DueToAsk, due_to_ask, forget_leavers

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 5
FORGET_EVERY_SECONDS = 3600
MEND_EVERY_SECONDS = 10
DECIDE_EVERY_SECONDS = 15
MEMBERS_EVERY_SECONDS = 30
REQUESTS_AT_ONCE = 100
GROUPS_AT_ONCE = 20
ASK_EVERY_SECONDS = 60
FARTHEST = 2
"""Times the pause between two looks: a look that lies farther ahead stems from a clock set back."""

SPREAD = 0.2
"""How far a group's next look is moved at random, so that groups do not come in one wave."""


class Jobs:
    """The bot's clock ticks, on APScheduler."""

    def __init__(
        self,
        *,
        engine: AsyncEngine,
        ledger: Ledger,
        clock: Clock,
        limits: Limits,
        announcements: AnnouncementTicks,
    ) -> None:
        """Prepare the ticks; :meth:`start` sets them going."""
        self.announcements = announcements
        self._engine = engine
        self._ledger = ledger
        self._clock = clock
        self._limits = limits
        self._mending: asyncio.TimerHandle | None = None
        self._under_way: set[asyncio.Future[None]] = set()
        # A tick that comes late still comes, once: what it looks for is in the database.
        self._scheduler = AsyncIOScheduler(
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def start(self) -> None:
        """Set the ticks going. Each comes at once, and from then on at its interval."""
        for job, seconds in (
            (self.look_at_due_groups, LOOK_EVERY_SECONDS),
            (self.forget_what_is_old, FORGET_EVERY_SECONDS),
            (self.decide_due_requests, DECIDE_EVERY_SECONDS),
            (self.look_through_members, MEMBERS_EVERY_SECONDS),
            (self.announcements.tick, ANNOUNCEMENTS_EVERY_SECONDS),
            (self.announcements.ask_whether_to_repeat, REPEAT_ASKED_EVERY_SECONDS),
            (self.ask_whether_groups_go_on, ASK_EVERY_SECONDS),
        ):
            self._scheduler.add_job(
                self._tick,
                IntervalTrigger(seconds=seconds),
                args=(job,),
                name=job.__name__,
                next_run_time=datetime.now().astimezone(),
            )
        self._scheduler.start()
        self._clock.on_shift(self.mend_times)
        self._mend_again()

    def mend_times(self) -> None:
        """Bring forward what a clock that was set back would hold up, by as much as it was.

        The scheduler goes by the time of day; a job never has to wait longer than its interval.
        """
        now = datetime.now().astimezone()
        for job in self._scheduler.get_jobs():
            if job.next_run_time is not None and job.next_run_time > now + 2 * job.trigger.interval:
                log.warning("the clock was set back", job=job.name)
                job.modify(next_run_time=now)

    def _mend_again(self) -> None:
        self.mend_times()
        # The loop's own clock is never set.
        self._mending = asyncio.get_running_loop().call_later(MEND_EVERY_SECONDS, self._mend_again)

    async def stop(self) -> None:
        """No more ticks; what is under way is finished.

        The scheduler would cancel it, and a connection that is cut off in a transaction stays open
        and keeps the process from ending.
        """
        if self._mending is not None:
            self._mending.cancel()
        self._scheduler.pause()
        # One turn of the loop: a tick that was handed over already is under way after it.
        await asyncio.sleep(0)  # noqa: TID251 (waits for nothing)
        while self._under_way:
            await asyncio.wait(self._under_way)
        self._scheduler.shutdown(wait=False)

    async def _tick(self, job: Callable[[], Awaitable[None]]) -> None:
        ended = asyncio.get_running_loop().create_future()
        self._under_way.add(ended)
        try:
            await job()
        finally:
            self._under_way.discard(ended)
            ended.set_result(None)

    async def look_at_due_groups(self) -> None:
        """Have a look at each group whose turn it is, and give it its next turn."""
        try:
            async with reading(self._engine) as connection:
                now = self._clock.now()
                due = await groups_due(
                    connection,
                    now,
                    self._limits.looks_at_once,
                    farthest=now + FARTHEST * self._limits.poll_every,
                )
            if due:
                await self._ledger.record(Unit(judge=_look(due, self._next_look)))
        except (SQLAlchemyError, StorageUnavailableError) as error:
            log.error("cannot look for due groups", error=type(error).__name__)  # noqa: TRY400 (the ledger logs the cause)

    async def decide_due_requests(self) -> None:
        """Judge the requests to join that are past their deadline, or have an answer by now."""
        try:
            async with reading(self._engine) as connection:
                due = await requests_due(connection, self._clock.now(), REQUESTS_AT_ONCE)
            if due:
                requests = DueRequests(frozenset(due))
                await self._ledger.record(
                    Unit(
                        judge=lambda known: judge_waiting(requests.facts(known), self._limits),
                        needs=requests.needs,
                    )
                )
        except (SQLAlchemyError, StorageUnavailableError) as error:
            log.error("cannot decide on requests to join", error=type(error).__name__)  # noqa: TRY400 (tried again in a moment)

    async def look_through_members(self) -> None:
        """Tell the owners of groups once of members who do not belong there."""
        try:
            async with reading(self._engine) as connection:
                now, pause = self._clock.now(), self._limits.members_told_pause
                chats = await groups_to_look_through(connection, now, pause, GROUPS_AT_ONCE)
            for chat in chats:
                members = MembersOf(chat)
                await self._ledger.record(
                    Unit(judge=partial(_look_through, members, self._limits), needs=members.needs)
                )
        except (SQLAlchemyError, StorageUnavailableError) as error:
            log.error("cannot look through members", error=type(error).__name__)  # noqa: TRY400 (tried again in a moment)

    async def forget_what_is_old(self) -> None:
        """Erase what has been kept long enough."""
        limits = self._limits
        try:
            await forget(
                self._engine,
                self._clock.now(),
                codes_for=limits.codes_retention,
                dead_letters_for=limits.dead_letters_retention,
            )
            await forget_announcements(
                self._engine,
                self._clock.now(),
                words_for=limits.announcements_retention,
                seen_for=limits.seen_retention,
            )
            await forget_leavers(self._engine, self._clock.now() - limits.leavers_retention)
            await erase_accounts(
                self._engine, self._clock.now(), signals_for=limits.signals_retention
            )
        except SQLAlchemyError as error:
            log.error("cannot erase what is old", error=type(error).__name__)  # noqa: TRY400 (tried again in an hour)

    async def ask_whether_groups_go_on(self) -> None:
        """After a school year has begun, ask owners whether their group goes on, and once more."""
        try:
            async with reading(self._engine) as connection:
                due = await due_to_ask(connection, self._clock.now())
            if due.groups:
                await self._ledger.record(_asking(due, self._limits))
        except (SQLAlchemyError, StorageUnavailableError) as error:
            log.error("cannot ask whether groups go on", error=type(error).__name__)  # noqa: TRY400 (tried again in a minute)

    def _next_look(self, at: datetime) -> datetime:
        spread = 1 + random.uniform(-SPREAD, SPREAD)  # noqa: S311 (spreads load, hides nothing)
        pause: timedelta = self._limits.poll_every * spread
        return at + pause


def _asking(due: DueToAsk, limits: Limits) -> Unit:
    def judge(known: Known) -> Decision:
        facts = asking_facts(due.groups, due.coordinators, known)
        return school_year.judge_asking(facts, limits)

    return Unit(judge=judge, needs=asking_needs(due.groups, due.coordinators))


def _look_through(members: MembersOf, limits: Limits, known: Known) -> Decision:
    return judge_members(members.facts(known), limits)


def _look(
    due: Sequence[ChatId], next_look: Callable[[datetime], datetime]
) -> Callable[[Known], Decision]:
    def judge(known: Known) -> Decision:
        return Decision(
            rule=Rule.BOOKKEEPING,
            changes=tuple(ScheduleLook(chat=chat, at=next_look(known.at)) for chat in due),
            effects=tuple(InspectGroup(chat=chat, why="poll") for chat in due),
        )

    return judge
