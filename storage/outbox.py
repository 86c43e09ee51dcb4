"""What waits to be done in Telegram: read back at the start, and settled as it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.effects import Effect
from bot.policy.ids import EffectId
from bot.policy.rules import Rule
from storage.codec import read_effect
from storage.tables import accounts, group_chat_ids, outbox


class EffectState(StrEnum):
    """What became of an effect. ``WITHHELD``: observe-only mode, it would have been done."""

    PENDING = "pending"
    SENDING = "sending"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"


FINAL = frozenset({EffectState.DONE, EffectState.FAILED, EffectState.UNKNOWN, EffectState.WITHHELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An effect that waits. ``flooded``: Telegram asked to wait until ``due_at``."""

    id: EffectId
    effect: Effect
    due_at: datetime
    made_at: datetime
    rule: Rule
    attempts: int = 0
    flooded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What became of an effect, or when it is to be tried again."""

    id: EffectId
    state: EffectState
    due_at: datetime | None = None
    flooded: bool = False
    error: str | None = None


_SETTLE = (
    update(outbox)
    .where(outbox.c.id == bindparam("effect_id"))
    .values(
        state=bindparam("new_state"),
        due_at=func.coalesce(bindparam("new_due_at", type_=outbox.c.due_at.type), outbox.c.due_at),
        attempts=outbox.c.attempts + bindparam("tried"),
        flooded=bindparam("new_flooded"),
        settled_at=bindparam("new_settled_at", type_=outbox.c.settled_at.type),
        error=bindparam("new_error"),
    )
)
_IN_STATE = (
    select(outbox, group_chat_ids.c.chat_id, accounts.c.user_id)
    .select_from(
        outbox.outerjoin(
            group_chat_ids,
            (group_chat_ids.c.group_id == outbox.c.group_id)
            & group_chat_ids.c.is_current.is_(True),
        ).outerjoin(accounts, accounts.c.id == outbox.c.account_id)
    )
    .where(outbox.c.state == bindparam("in_state"))
    .order_by(outbox.c.id)
)


async def settle(
    connection: AsyncConnection, settlements: Sequence[Settlement], at: datetime
) -> None:
    """Write what became of effects."""
    if settlements:
        await connection.execute(_SETTLE, [_settled_row(item, at) for item in settlements])


def _settled_row(item: Settlement, at: datetime) -> dict[str, Any]:
    return {
        "effect_id": item.id,
        "new_state": item.state.value,
        "new_due_at": item.due_at,
        "tried": 0 if item.state is EffectState.SENDING else 1,
        "new_flooded": int(item.flooded),
        "new_settled_at": at if item.state in FINAL else None,
        "new_error": item.error,
    }


async def read_effects(connection: AsyncConnection, state: EffectState) -> list[Waiting]:
    """Every effect in a state, oldest first, for the chat ids of today.

    *Pending* is what waits; *sending*, at the start, is what was on its way when the process
    stopped: nobody knows whether it arrived.
    """
    rows = await connection.execute(_IN_STATE, {"in_state": state.value})
    return [_waiting(row) for row in rows]


def _waiting(row: Any) -> Waiting:  # noqa: ANN401 (a row of the outbox)
    target = row.chat_id if row.group_id is not None else row.user_id
    return Waiting(
        id=EffectId(row.id),
        effect=read_effect(row.effect, row.payload, target),
        due_at=row.due_at,
        made_at=row.made_at,
        rule=Rule(row.rule),
        attempts=row.attempts,
        flooded=bool(row.flooded),
    )
