"""How things stand, in counts: for the operator. No names; titles only of groups that we watch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.policy.groups import GroupState
from bot.policy.ids import ChatId, GroupId
from storage.chain import GENESIS
from storage.engine import reading
from storage.outbox import EffectState
from storage.tables import dead_letters, events, group_chat_ids, groups, intake, outbox
from storage.tables.columns import UtcDateTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """One moment of the database. ``last_poll`` is when Telegram last answered; ``None``: never.

    ``head`` is the hash of the last event, ``oldest_waiting`` when the longest waiting effect was
    asked for.
    """

    groups: Mapping[GroupState, int]
    effects: Mapping[EffectState, int]
    oldest_waiting: datetime | None
    dead_letters: int
    last_poll: datetime | None
    events: int
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedGroup:
    """A group that is ours to keep locked. Times in UTC."""

    number: GroupId
    chat: ChatId
    title: str
    state: GroupState
    lock_proved_at: datetime | None


async def overview(engine: AsyncEngine) -> Overview:
    """Count everything at one moment."""
    async with reading(engine) as connection:
        waiting = outbox.c.state == EffectState.PENDING.value
        oldest = select(func.min(outbox.c.made_at, type_=UtcDateTime)).where(waiting)
        head = select(events.c.hash).order_by(events.c.seq.desc()).limit(1)
        return Overview(
            groups={
                state: count
                for state in GroupState
                if (count := await _count(connection, groups, state.value))
            },
            effects={
                state: count
                for state in EffectState
                if (count := await _count(connection, outbox, state.value))
            },
            oldest_waiting=await connection.scalar(oldest),
            dead_letters=await _count(connection, dead_letters),
            last_poll=await connection.scalar(select(intake.c.last_poll_at)),
            events=await _count(connection, events),
            head=await connection.scalar(head) or GENESIS,
        )


async def _count(connection: AsyncConnection, table: Table, state: str | None = None) -> int:
    query = select(func.count()).select_from(table)
    if state is not None:
        query = query.where(table.c.state == state)
    return await connection.scalar(query) or 0


async def watched_groups(engine: AsyncEngine) -> list[WatchedGroup]:
    """The groups that are managed or suspended, by number."""
    ours = (GroupState.MANAGED.value, GroupState.SUSPENDED.value)
    query = (
        select(groups, group_chat_ids.c.chat_id)
        .join(group_chat_ids, group_chat_ids.c.group_id == groups.c.id)
        .where(groups.c.state.in_(ours), group_chat_ids.c.is_current.is_(True))
        .order_by(groups.c.id)
    )
    async with reading(engine) as connection:
        return [
            WatchedGroup(
                number=GroupId(row.id),
                chat=ChatId(row.chat_id),
                title=row.title,
                state=GroupState(row.state),
                lock_proved_at=row.lock_proved_at,
            )
            for row in await connection.execute(query)
        ]
