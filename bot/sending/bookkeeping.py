"""What became of effects, recorded through the ledger, together with what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import structlog

from bot.handlers import effects
from bot.handlers.effects import Work
from bot.policy.decision import Decision
from bot.policy.effects import InspectGroup, LeaveGroup
from bot.policy.ids import ChatId
from bot.policy.known import Known
from bot.policy.limits import Limits
from bot.policy.outcomes import Done, Lost, Refused
from bot.policy.rules import Rule
from bot.sending.answers import Answer, Looked, Moved, RetryLater, Withheld
from storage.ledger import Ledger, StorageUnavailableError, Unit
from storage.outbox import EffectState, Settlement, Waiting

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class OutboxRecords:
    """The sender's book: every line of it is a unit of the ledger."""

    ledger: Ledger
    limits: Limits

    async def mark_sending(self, item: Waiting) -> bool:
        """Make durable that the call is about to be made; false: it is no longer to be made."""
        recorded = await self.ledger.record(
            Unit(judge=_nothing_follows, commutes=True, begins=item.id)
        )
        return recorded.began

    async def postpone(self, items: Sequence[Waiting]) -> None:
        """Make durable that effects wait until their new ``due_at``."""
        await self._write(
            *(
                Settlement(
                    id=item.id,
                    state=EffectState.PENDING,
                    due_at=item.due_at,
                    flooded=item.flooded,
                )
                for item in items
            )
        )

    async def settle(self, items: Sequence[Waiting], outcome: Answer) -> None:
        """Record the end of effects and what follows from it."""
        work, state, error = self._follow_up(items[0], outcome)
        leaves = isinstance(items[0].effect, LeaveGroup)
        settlements = tuple(
            Settlement(id=item.id, state=state, error=error, leaves=leaves) for item in items
        )
        try:
            await self.ledger.record(
                Unit(
                    judge=work.judge, needs=work.needs, commutes=work.commutes, settles=settlements
                )
            )
        except StorageUnavailableError:
            raise
        except Exception:
            # A fault of ours in what follows must not leave open what Telegram has done.
            log.exception("what follows an effect broke", effect=type(items[0].effect).__name__)
            await self._write(*settlements)

    async def follow_migration(self, old: ChatId, new: ChatId) -> None:
        """Record that a group has a new chat id."""
        work = effects.moved(old, new, self.limits)
        await self.ledger.record(Unit(judge=work.judge, needs=work.needs))

    def _follow_up(self, item: Waiting, outcome: Answer) -> tuple[Work, EffectState, str | None]:
        effect, limits = item.effect, self.limits
        match outcome:
            case Done():
                return effects.ended(effect, outcome, limits), EffectState.DONE, None
            case Refused():
                return effects.ended(effect, outcome, limits), EffectState.FAILED, outcome.reason
            case Lost():
                return effects.ended(effect, outcome, limits), EffectState.UNKNOWN, outcome.reason
            case Withheld():
                return effects.withheld(effect, limits), EffectState.WITHHELD, None
            case Looked():
                assert isinstance(effect, InspectGroup)  # noqa: S101 (only an inspection looks)
                return effects.looked(outcome.look, effect, limits), EffectState.DONE, None
            case RetryLater() | Moved():
                message = "the sender tries again by itself"
                raise ValueError(message)
            case _:
                assert_never(outcome)

    async def _write(self, *settlements: Settlement) -> None:
        await self.ledger.record(
            Unit(judge=_nothing_follows, commutes=True, settles=tuple(settlements))
        )


def _nothing_follows(_known: Known) -> Decision:
    return Decision(rule=Rule.BOOKKEEPING)
