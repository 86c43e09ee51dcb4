"""What the clock sets in motion. A job carries no state: it looks for rows that are due."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import Clock
from bot.policy.changes import ScheduleLook
from bot.policy.decision import Decision
from bot.policy.effects import InspectGroup
from bot.policy.ids import ChatId
from bot.policy.known import Known
from bot.policy.limits import Limits
from bot.policy.rules import Rule
from storage.due import forget, groups_due
from storage.engine import reading
from storage.ledger import Ledger, StorageUnavailableError, Unit

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 5
FORGET_EVERY_SECONDS = 3600
SPREAD = 0.2
"""How far a group's next look is moved at random, so that groups do not come in one wave."""


class Jobs:
    """The bot's clock ticks, on APScheduler."""

    def __init__(
        self, *, engine: AsyncEngine, ledger: Ledger, clock: Clock, limits: Limits
    ) -> None:
        """Prepare the ticks; :meth:`start` sets them going."""
        self._engine = engine
        self._ledger = ledger
        self._clock = clock
        self._limits = limits
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
        ):
            self._scheduler.add_job(
                self._tick,
                IntervalTrigger(seconds=seconds),
                args=(job,),
                name=job.__name__,
                next_run_time=datetime.now().astimezone(),
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """No more ticks; what is under way is finished.

        The scheduler would cancel it, and a connection that is cut off in a transaction stays open
        and keeps the process from ending.
        """
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
                due = await groups_due(connection, now, self._limits.looks_at_once)
            if due:
                await self._ledger.record(Unit(judge=_look(due, self._next_look)))
        except (SQLAlchemyError, StorageUnavailableError) as error:
            log.error("cannot look for due groups", error=type(error).__name__)  # noqa: TRY400 (the ledger logs the cause)

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
        except SQLAlchemyError as error:
            log.error("cannot erase what is old", error=type(error).__name__)  # noqa: TRY400 (tried again in an hour)

    def _next_look(self, at: datetime) -> datetime:
        spread = 1 + random.uniform(-SPREAD, SPREAD)  # noqa: S311 (spreads load, hides nothing)
        pause: timedelta = self._limits.poll_every * spread
        return at + pause


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
