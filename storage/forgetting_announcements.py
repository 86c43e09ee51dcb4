"""Erasing of announcements what has been kept long enough: their words, and who has seen them.

That an announcement went out, to which groups and when, stays, as the log has it too. What was
never sent goes as a whole.
"""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import and_, delete, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.policy.announcements.draft import AnnouncementState
from storage.tables import announcements, deliveries, sightings

DISCARDED_FOR = timedelta(days=1)
DRAFTS_FOR = timedelta(days=30)
"""Drafts that nobody has touched, also those that wait for a second person."""

AT_ONCE = 1_000

_NO_WORDS = {"subject": "", "room": "", "note": "", "raised_because": ""}
_OVER = (AnnouncementState.SENT.value, AnnouncementState.WITHDRAWN.value)
_UNSENT = (AnnouncementState.DRAFT.value, AnnouncementState.DOUBTED.value)


async def forget_announcements(
    engine: AsyncEngine, at: datetime, *, words_for: timedelta, seen_for: timedelta
) -> None:
    """Erase what is old; a batch at a time, each in a commit of its own."""
    for erase in (
        partial(_erase_sightings, before=at - seen_for),
        partial(_erase_words, before=at - words_for, at=at),
        partial(_erase_drafts, at=at),
    ):
        erased = AT_ONCE
        while erased == AT_ONCE:
            async with engine.begin() as connection:
                erased = await erase(connection)


async def _erase_sightings(connection: AsyncConnection, before: datetime) -> int:
    key = (sightings.c.announcement_id, sightings.c.account_id)
    old = select(*key).where(sightings.c.at <= before).limit(AT_ONCE)
    return (await connection.execute(delete(sightings).where(tuple_(*key).in_(old)))).rowcount


async def _erase_words(connection: AsyncConnection, before: datetime, at: datetime) -> int:
    """Of what has gone out everywhere, or was taken back; never of what is still to be sent."""
    ended = func.coalesce(announcements.c.settled_at, announcements.c.touched_at)
    old = (
        select(announcements.c.id)
        .where(
            announcements.c.erased_at.is_(None),
            announcements.c.state.in_(_OVER),
            ended <= before,
            announcements.c.touched_at <= before,
        )
        .limit(AT_ONCE)
    )
    erased = update(announcements).where(announcements.c.id.in_(old))
    return (await connection.execute(erased.values(**_NO_WORDS, erased_at=at))).rowcount


async def _erase_drafts(connection: AsyncConnection, at: datetime) -> int:
    """The newest stays, without its words: no number may be given out twice."""
    of_old = or_(
        and_(
            announcements.c.state == AnnouncementState.DISCARDED.value,
            announcements.c.touched_at <= at - DISCARDED_FOR,
        ),
        and_(announcements.c.state.in_(_UNSENT), announcements.c.touched_at <= at - DRAFTS_FOR),
    )
    newest = await connection.scalar(select(func.max(announcements.c.id)))
    await connection.execute(
        update(announcements)
        .where(of_old, announcements.c.id == newest)
        .values(**_NO_WORDS, state=AnnouncementState.DISCARDED.value, awaiting=None)
    )
    old = (
        await connection.scalars(
            select(announcements.c.id).where(of_old, announcements.c.id != newest).limit(AT_ONCE)
        )
    ).all()
    await connection.execute(delete(deliveries).where(deliveries.c.announcement_id.in_(old)))
    await connection.execute(delete(announcements).where(announcements.c.id.in_(old)))
    return len(old)
