"""What waits to be done in Telegram: read back at the start, and settled as it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, bindparam, case, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.effects import Effect, Purpose, SendGroupNotice
from bot.policy.groups import GroupState
from bot.policy.ids import AccountId, ChatId, EffectId, GroupId, UserId
from bot.policy.rules import Rule
from storage.codec import accounts_in, read_effect
from storage.tables import LEAVES, PENDING, UNSETTLED, accounts, group_chat_ids, groups, outbox


class EffectState(StrEnum):
    """What became of an effect. ``WITHHELD``: observe-only mode, it would have been done."""

    PENDING = "pending"
    SENDING = "sending"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"


FINAL = frozenset({EffectState.DONE, EffectState.FAILED, EffectState.UNKNOWN, EffectState.WITHHELD})

SUPERSEDED = "superseded"
"""The error of an effect that was overtaken: by another like it, or by the group's return."""

_REFUSAL = f'"purpose":"{Purpose.REFUSAL}"'


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
    """What became of an effect, or when it is to be tried again.

    ``leaves``: it was the bot's leaving a group, which ends with it.
    """

    id: EffectId
    state: EffectState
    due_at: datetime | None = None
    flooded: bool = False
    error: str | None = None
    leaves: bool = False


_BEGIN = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("effects", expanding=True)), outbox.c.state == PENDING)
    .values(state=EffectState.SENDING.value)
    .returning(outbox.c.id)
)
_twin = outbox.alias("twin")
# Of two that wait and are the same, the one that was tried already gives way.
_GIVE_WAY = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("effect_id"),
        outbox.c.settled_at.is_(None),
        or_(
            outbox.c.error == SUPERSEDED,
            exists().where(
                _twin.c.coalesce_key == outbox.c.coalesce_key,
                _twin.c.state == PENDING,
                _twin.c.id != outbox.c.id,
            ),
        ),
    )
    .values(
        state=case(
            (outbox.c.error == SUPERSEDED, EffectState.FAILED.value), else_=EffectState.DONE.value
        ),
        attempts=outbox.c.attempts + 1,
        settled_at=bindparam("new_settled_at", type_=outbox.c.settled_at.type),
        error=SUPERSEDED,
    )
)
_SETTLE = (
    update(outbox)
    .where(outbox.c.id == bindparam("effect_id"), outbox.c.settled_at.is_(None))
    .values(
        state=bindparam("new_state"),
        due_at=func.coalesce(bindparam("new_due_at", type_=outbox.c.due_at.type), outbox.c.due_at),
        attempts=outbox.c.attempts + bindparam("tried"),
        flooded=bindparam("new_flooded"),
        settled_at=bindparam("new_settled_at", type_=outbox.c.settled_at.type),
        error=bindparam("new_error"),
    )
)
_HAS_LEFT = (
    update(groups)
    .where(
        groups.c.state == GroupState.LEFT.value,
        groups.c.id
        == select(outbox.c.group_id).where(outbox.c.id == bindparam("effect_id")).scalar_subquery(),
    )
    .values(left_at=bindparam("at", type_=groups.c.left_at.type))
)
_EFFECTS = (
    select(outbox, group_chat_ids.c.chat_id, accounts.c.user_id)
    .select_from(
        outbox.outerjoin(
            group_chat_ids,
            (group_chat_ids.c.group_id == outbox.c.group_id)
            & group_chat_ids.c.is_current.is_(True),
        ).outerjoin(accounts, accounts.c.id == outbox.c.account_id)
    )
    .order_by(outbox.c.id)
)
_later_leave = outbox.alias("later_leave")
_WITHHELD_LEAVES = _EFFECTS.join(groups, groups.c.id == outbox.c.group_id).where(
    outbox.c.effect == LEAVES,
    outbox.c.state == EffectState.WITHHELD.value,
    groups.c.state == GroupState.LEFT.value,
    group_chat_ids.c.chat_id.is_not(None),
    ~exists().where(
        _later_leave.c.effect == LEAVES,
        _later_leave.c.group_id == outbox.c.group_id,
        _later_leave.c.id > outbox.c.id,
    ),
)
_CHATS = select(group_chat_ids.c.group_id, group_chat_ids.c.chat_id).where(
    group_chat_ids.c.is_current.is_(True)
)
_USERS = select(accounts.c.id, accounts.c.user_id).where(
    accounts.c.id.in_(bindparam("accounts", expanding=True))
)


async def begin(connection: AsyncConnection, effects: Sequence[EffectId]) -> set[EffectId]:
    """Mark effects as being performed; answer those that were still waiting for it."""
    begun = await connection.scalars(_BEGIN, {"effects": tuple(effects)})
    return {EffectId(number) for number in begun}


async def supersede_leaving(
    connection: AsyncConnection, numbers: Sequence[GroupId], at: datetime
) -> None:
    """A group that we were leaving starts again: no leaving it, and no telling it why.

    What is on its way cannot be called back; it is not tried a second time.
    """
    of_leaving = (
        outbox.c.group_id.in_(numbers),
        outbox.c.state.in_(UNSETTLED),
        or_(
            outbox.c.effect == LEAVES,
            (outbox.c.effect == SendGroupNotice.__name__)
            & outbox.c.payload.contains(_REFUSAL, autoescape=True),
        ),
    )
    waits = outbox.c.state == PENDING
    await connection.execute(
        update(outbox)
        .where(*of_leaving)
        .values(
            error=SUPERSEDED,
            settled_at=case((waits, at), else_=None),
            state=case((waits, EffectState.FAILED.value), else_=outbox.c.state),
        )
    )


async def settle(
    connection: AsyncConnection, settlements: Sequence[Settlement], at: datetime
) -> None:
    """Write what became of effects. What has ended already stays as it ended."""
    if not settlements:
        return
    postponed = [
        {"effect_id": item.id, "new_settled_at": at}
        for item in settlements
        if item.state is EffectState.PENDING
    ]
    if postponed:
        await connection.execute(_GIVE_WAY, postponed)
    await connection.execute(_SETTLE, [_settled_row(item, at) for item in settlements])
    for item in settlements:
        if item.leaves:
            await connection.execute(_HAS_LEFT, {"effect_id": item.id, "at": at})


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
    query = _EFFECTS.where(outbox.c.state == state.value)
    if state not in FINAL:
        query = query.where(outbox.c.state.in_(UNSETTLED))
    return await _waiting_of(connection, query)


async def withheld_leaves(connection: AsyncConnection) -> list[Waiting]:
    """The groups that the bot would have left, had it not been observing, and is still to leave."""
    return await _waiting_of(connection, _WITHHELD_LEAVES)


async def _waiting_of(connection: AsyncConnection, query: Select[Any]) -> list[Waiting]:
    rows = (await connection.execute(query)).all()
    if not rows:
        return []
    chats = {GroupId(g): ChatId(chat) for g, chat in await connection.execute(_CHATS)}
    named = frozenset().union(*(accounts_in(row.effect, row.payload) for row in rows))
    users = {
        AccountId(number): UserId(user)
        for number, user in await connection.execute(_USERS, {"accounts": tuple(named)})
    }
    return [_waiting(row, chats, users) for row in rows]


def _waiting(
    row: Any,  # noqa: ANN401 (a row of the outbox)
    chats: Mapping[GroupId, ChatId],
    users: Mapping[AccountId, UserId],
) -> Waiting:
    target = row.chat_id if row.group_id is not None else row.user_id
    return Waiting(
        id=EffectId(row.id),
        effect=read_effect(row.effect, row.payload, target, chats, users),
        due_at=row.due_at,
        made_at=row.made_at,
        rule=Rule(row.rule),
        attempts=row.attempts,
        flooded=bool(row.flooded),
    )
