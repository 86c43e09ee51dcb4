"""The outbox worker: performs what waits, and records what became of it.

What must not happen twice is marked *sending* in the database before the call; if the process
stops before the answer is recorded, it is shown as *unknown* at the next start and never sent
again by itself. Everything else is simply done again, whether it was marked or not.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.policy.effects import (
    DeleteMessages,
    EditAnnouncement,
    EditPage,
    Effect,
    LeaveGroup,
    PrivateEffect,
    SendAnnouncement,
    SendGroupNotice,
    SendPage,
    SendPrivateNotice,
    SendUrgentAnnouncement,
)
from bot.policy.effects import Lane as LaneName
from bot.policy.ids import ChatId
from bot.policy.outcomes import Done, Lost, Refused
from bot.sending.answers import Answer, Leave, Moved, RetryLater
from bot.sending.gates import counts_as_message
from bot.sending.lanes import Lane, Turn, for_chat
from storage.ledger import StorageUnavailableError
from storage.outbox import Waiting

log = structlog.get_logger()

LONGEST_PAUSE = timedelta(minutes=5)
"""Between two tries of something that fails in passing, however often it has failed."""

NO_SENSE_AFTER = {
    SendPrivateNotice: timedelta(hours=6),
    SendPage: timedelta(hours=1),
    EditPage: timedelta(hours=1),
    SendGroupNotice: timedelta(hours=6),
    SendAnnouncement: timedelta(hours=6),
    SendUrgentAnnouncement: timedelta(hours=2),
    EditAnnouncement: timedelta(hours=6),
    DeleteMessages: timedelta(hours=48),
    LeaveGroup: timedelta(days=7),
}
"""When an effect that keeps failing is given up, and a message that waited so long is not sent any
more: it is shown as failed. Otherwise after a day."""


class Performs(Protocol):
    """Carries out an effect: in Telegram, or not at all in observe-only mode."""

    async def perform(self, effect: Effect, chat_id: int, leave: Leave) -> Answer:
        """Carry out ``effect`` in the chat or with the account of Telegram's id ``chat_id``.

        ``leave`` is awaited right before each message.
        """


class Records(Protocol):
    """Records what became of effects, and what follows from it."""

    async def mark_sending(self, item: Waiting) -> bool:
        """Make durable that the call is about to be made; false: it is no longer to be made."""

    async def settle(self, items: Sequence[Waiting], outcome: Answer) -> None:
        """Record the end of effects and what follows from it."""

    async def postpone(self, items: Sequence[Waiting]) -> None:
        """Make durable that effects wait until their new ``due_at``."""

    async def follow_migration(self, old: ChatId, new: ChatId) -> None:
        """Record that a group has a new chat id."""


class Sender:
    """Performs effects by lane, within the limits, until it is stopped."""

    def __init__(
        self, *, lanes: dict[LaneName, Lane], performs: Performs, records: Records, clock: Clock
    ) -> None:
        """Prepare the worker; :meth:`add` gives it work and :meth:`run` does it."""
        self._lanes = lanes
        self._performs = performs
        self._records = records
        self._clock = clock
        self._wake = asyncio.Event()
        self._turns: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        clock.on_shift(self._wake.set)

    def add(self, waiting: Sequence[Waiting]) -> None:
        """Give the worker effects whose decision has been committed."""
        for item in waiting:
            self._lanes[item.effect.lane].add(item)
        if waiting:
            self._wake.set()

    def rests_until(self) -> float | None:
        """When something may go that a limit or trouble holds up, in seconds since the epoch.

        While something is on its way, that is now; ``None`` when nothing is held up.
        """
        now = self._clock.now().timestamp()
        if self._turns:
            return now
        moments = [when for lane in self._lanes.values() if (when := lane.held_up_until(now))]
        return min(moments, default=None)

    async def run(self) -> None:
        """Work until :meth:`stop`; calls on their way are still finished and recorded.

        Cancelling drops those calls: the outbox says which may have been done.
        """
        try:
            while not self._stopping.is_set():
                self._wake.clear()
                self._start_turns()
                await self._sleep()
            if self._turns:
                await asyncio.wait(self._turns)
        finally:
            for turn in self._turns:
                turn.cancel()
            await asyncio.gather(*self._turns, return_exceptions=True)

    def stop(self) -> None:
        """Start nothing new. What waits stays in the outbox for the next start."""
        self._stopping.set()
        self._wake.set()

    def _start_turns(self) -> None:
        now = self._clock.now().timestamp()
        for lane in self._lanes.values():
            while (turn := lane.next_turn(now)) is not None:
                task = asyncio.create_task(self._take_turn(lane, turn))
                self._turns.add(task)
                task.add_done_callback(self._turns.discard)

    async def _sleep(self) -> None:
        now = self._clock.now().timestamp()
        moments = [when for lane in self._lanes.values() if (when := lane.wakes_at(now))]
        pause = max(0.0, min(moments) - now) if moments else None
        try:
            await asyncio.wait_for(self._wake.wait(), pause)
        except TimeoutError:
            return

    async def _take_turn(self, lane: Lane, turn: Turn) -> None:
        again: Sequence[Waiting] = ()
        try:
            again = await self._perform(lane, turn)
        except Exception:
            # It stays in the outbox as it was: pending is done at the next start, sending unknown.
            log.exception("a turn broke", outbox=turn.items[0].id)
        finally:
            lane.finish(turn.target)
            self._wake.set()
        for item in again:
            if item.flooded:
                now = self._clock.now().timestamp()
                lane.flooded(turn.target, now, item.due_at.timestamp())
            lane.add(item)

    async def _perform(self, lane: Lane, turn: Turn) -> Sequence[Waiting]:
        """Perform a turn; answer what has to wait for another one."""
        if _is_marked(turn.effect) and not await self._begin(turn):
            return ()
        outcome = await self._outcome(lane, turn)
        lane.answered(turn.target, self._clock.now().timestamp())
        if isinstance(outcome, Moved):
            return await self._follow(turn, outcome)
        if isinstance(outcome, RetryLater):
            again = self._later(turn, outcome)
            if again:
                await self._surely(lambda: self._records.postpone(again))
                return again
            outcome = Refused(reason="kept-failing", count=_count(turn.effect))
        ended = outcome
        await self._surely(lambda: self._records.settle(turn.items, ended))
        return ()

    async def _leave(self, lane: Lane, turn: Turn) -> None:
        """Wait at the gate: returns when the call of this turn may leave, and has been counted."""
        while True:
            now = self._clock.now().timestamp()
            moment = lane.leave(turn, now)
            if moment <= now:
                return
            await asyncio.sleep(moment - now)  # noqa: TID251 (within the limits of Telegram)

    async def _begin(self, turn: Turn) -> bool:
        """Whether the call may be made: it is marked, and nothing has overtaken it."""
        began = False

        async def mark() -> None:
            nonlocal began
            began = await self._records.mark_sending(turn.items[0])

        return await self._surely(mark) and began

    async def _outcome(self, lane: Lane, turn: Turn) -> Answer:
        if self._is_too_late(turn):
            return Refused(reason="too-late")
        try:
            leave = partial(self._leave, lane, turn)
            return await self._performs.perform(turn.effect, turn.target, leave)
        except Exception:
            # A fault of ours in one effect must not stop the others.
            name = type(turn.effect).__name__
            log.exception("effect broke", effect=name, outbox=turn.items[0].id)
            reason = "fault-in-bot"
            # It may have broken on Telegram's answer, after the message had gone out.
            return Refused(reason=reason) if turn.effect.repeatable else Lost(reason=reason)

    def _is_too_late(self, turn: Turn) -> bool:
        """Whether a message has waited so long that it would only puzzle whoever reads it."""
        if not counts_as_message(turn.effect):
            return False
        age = self._clock.now() - turn.items[0].made_at
        return age > NO_SENSE_AFTER[type(turn.effect)]

    def _later(self, turn: Turn, outcome: RetryLater) -> Sequence[Waiting]:
        now = self._clock.now()
        item = turn.items[0]
        if now - item.made_at > NO_SENSE_AFTER.get(type(item.effect), timedelta(days=1)):
            return ()
        pause = timedelta(seconds=outcome.seconds)
        if not outcome.flood:
            pause = min(pause * 2 ** min(item.attempts, 10), LONGEST_PAUSE)
        return tuple(
            replace(i, due_at=now + pause, attempts=i.attempts + 1, flooded=outcome.flood)
            for i in turn.items
        )

    async def _follow(self, turn: Turn, moved: Moved) -> Sequence[Waiting]:
        old = ChatId(turn.target)
        await self._surely(lambda: self._records.follow_migration(old, moved.new_chat))
        if isinstance(turn.effect, PrivateEffect):
            return turn.items
        if isinstance(turn.effect, DeleteMessages):
            # Message ids belong to the old chat; nobody can write there any more.
            await self._surely(lambda: self._records.settle(turn.items, Done()))
            return ()
        again = tuple(
            replace(item, effect=for_chat(item.effect, moved.new_chat)) for item in turn.items
        )
        await self._surely(lambda: self._records.postpone(again))
        return again

    async def _surely(self, record: Callable[[], Awaitable[None]]) -> bool:
        """Record, and try again while the database cannot: the chat waits, nothing is lost.

        False when the bot stops before it could: the outbox then still says what was true.
        """
        pause = 0.2
        while True:
            try:
                await record()
            except StorageUnavailableError:
                log.error("cannot record what became of an effect; trying again", pause=pause)  # noqa: TRY400 (the ledger logs the cause)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), pause)
                    return False
                pause = min(pause * 2, LONGEST_PAUSE.total_seconds())
            else:
                return True


def _is_marked(effect: Effect) -> bool:
    """Whether an effect is marked before the call.

    What must not happen twice; what stands for others like it while it waits, and no longer once
    it is under way; and leaving, which a group that starts again calls off.
    """
    return not effect.repeatable or effect.coalesces or isinstance(effect, LeaveGroup)


def _count(effect: Effect) -> int:
    """How many messages an effect is about."""
    return len(effect.messages) if isinstance(effect, DeleteMessages) else 1
