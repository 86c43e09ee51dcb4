"""Noticing that the bot was away longer than Telegram keeps updates, and saying so in the log."""

from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.policy.changes import RecordPoll
from bot.policy.decision import Decision
from bot.policy.events import GapFound
from bot.policy.known import Known
from bot.policy.limits import Limits
from bot.policy.rules import Rule
from storage.ledger import Ledger, Unit


@dataclass(slots=True)
class PollWatch:
    """Hears of each poll that Telegram answered. ``last`` is when it did so before this start.

    A gap is one whether the bot was down meanwhile or only could not reach Telegram.
    """

    ledger: Ledger
    clock: Clock
    limits: Limits
    last: datetime | None
    _noted: datetime | None = None

    async def polled(self) -> None:
        """Write down now and then that polling goes well, and for how long it did not."""
        now = self.clock.now()
        if self._noted is not None and abs(now - self._noted) < self.limits.heartbeat:
            return
        before = self._noted or self.last
        gap = None if before is None else now - before
        lost = gap is not None and gap > self.limits.downtime_gap
        events = (GapFound(seconds=int(gap.total_seconds())),) if gap is not None and lost else ()

        def judge(_known: Known) -> Decision:
            return Decision(rule=Rule.BOOKKEEPING, events=events, changes=(RecordPoll(),))

        await self.ledger.record(Unit(judge=judge))
        self._noted = now
