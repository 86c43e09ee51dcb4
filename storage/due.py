"""What the clock makes due: groups to look at, and what has been kept long enough."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.policy.groups import GroupState
from bot.policy.ids import ChatId
from storage.engine import reading
from storage.tables import (
    dead_letters,
    evidence,
    group_chat_ids,
    groups,
    intake,
    linking_codes,
    nonces,
    seen_updates,
    wrong_codes,
)

SEEN_FOR = timedelta(hours=48)
"""Twice as long as Telegram keeps an update. Not longer: after a quiet week ids start anew."""

WRONG_CODES_FOR = timedelta(days=30)


async def groups_due(connection: AsyncConnection, at: datetime, most: int) -> list[ChatId]:
    """Groups whose next look is due, the longest waiting first."""
    rows = await connection.scalars(
        select(group_chat_ids.c.chat_id)
        .join(groups, groups.c.id == group_chat_ids.c.group_id)
        .where(
            group_chat_ids.c.is_current.is_(True),
            groups.c.state != GroupState.LEFT.value,
            or_(groups.c.next_look_at.is_(None), groups.c.next_look_at <= at),
        )
        .order_by(groups.c.next_look_at)
        .limit(most)
    )
    return [ChatId(chat) for chat in rows]


async def last_poll(engine: AsyncEngine) -> datetime | None:
    """When Telegram last answered a poll; ``None`` before the first."""
    async with reading(engine) as connection:
        moment: datetime | None = await connection.scalar(select(intake.c.last_poll_at))
    return moment


async def forget(
    engine: AsyncEngine, at: datetime, *, codes_for: timedelta, dead_letters_for: timedelta
) -> None:
    """Erase what has been kept long enough. The event log stays: it holds nothing to erase."""
    async with engine.begin() as connection:
        await connection.execute(
            update(evidence).where(evidence.c.keep_until <= at).values(text=None)
        )
        for table, moment in (
            (seen_updates, seen_updates.c.received_at <= at - SEEN_FOR),
            (wrong_codes, wrong_codes.c.at <= at - WRONG_CODES_FOR),
            (nonces, nonces.c.expires_at <= at - SEEN_FOR),
            (linking_codes, linking_codes.c.expires_at <= at - codes_for),
            (dead_letters, dead_letters.c.at <= at - dead_letters_for),
        ):
            await connection.execute(delete(table).where(moment))
