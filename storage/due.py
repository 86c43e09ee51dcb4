"""What the clock makes due: groups to look at, and what has been kept long enough."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.policy.effects import (
    ApproveJoinRequest,
    DeclineJoinRequest,
    DeleteMessages,
    InspectGroup,
    RemoveMember,
)
from bot.policy.groups import GroupState
from bot.policy.ids import ChatId
from storage.engine import reading
from storage.joining import forget_of_groups
from storage.outbox import EffectState
from storage.tables import (
    dead_letters,
    duty_proposals,
    evidence,
    group_chat_ids,
    group_seats,
    groups,
    intake,
    join_requests,
    linking_codes,
    nonces,
    outbox,
    roster_uploads,
    seen_updates,
    wrong_codes,
)

SEEN_FOR = timedelta(hours=48)
"""Twice as long as Telegram keeps an update. Not longer: after a quiet week ids start anew."""

WRONG_CODES_FOR = timedelta(days=30)

LOOKS_FOR = timedelta(days=7)
"""Looks, removals and decisions on joining that went well: by far the most, and the log
tells of what matters."""

EFFECTS_FOR = timedelta(days=365)
"""Everything else that was done in Telegram: a school year, and the summer after it."""

LEFT_GROUPS_FOR = timedelta(days=30)

UPLOADS_FOR = timedelta(days=30)
"""Rosters that were sent to the bot: where Telegram keeps them, and what came of each."""

JOIN_REQUESTS_FOR = timedelta(days=30)
"""Requests to join that have ended."""

ERASED_AT_ONCE = 1_000

_SOON_OF_NO_USE = (
    InspectGroup.__name__,
    DeleteMessages.__name__,
    ApproveJoinRequest.__name__,
    DeclineJoinRequest.__name__,
    RemoveMember.__name__,
)
# The next effect gets the number above the highest: no number may be given out twice.
_NOT_THE_NEWEST = outbox.c.id < select(func.max(outbox.c.id)).scalar_subquery()


async def groups_due(
    connection: AsyncConnection, at: datetime, most: int, *, farthest: datetime
) -> list[ChatId]:
    """Groups whose next look is due, the longest waiting first.

    A look that lies beyond ``farthest`` is due too: the clock has been set back since.
    """
    rows = await connection.scalars(
        select(group_chat_ids.c.chat_id)
        .join(groups, groups.c.id == group_chat_ids.c.group_id)
        .where(
            group_chat_ids.c.is_current.is_(True),
            groups.c.state != GroupState.LEFT.value,
            or_(
                groups.c.next_look_at.is_(None),
                groups.c.next_look_at <= at,
                groups.c.next_look_at > farthest,
            ),
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
    """Erase what has been kept long enough. The event log stays: it holds nothing to erase.

    A batch at a time, each in a commit of its own, so that what happens meanwhile is not held up.
    """
    done_for_short = (
        outbox.c.settled_at <= at - LOOKS_FOR,
        outbox.c.effect.in_(_SOON_OF_NO_USE),
        outbox.c.state.in_((EffectState.DONE.value, EffectState.WITHHELD.value)),
    )
    for table, *moment in (
        (evidence, evidence.c.keep_until <= at),
        (seen_updates, seen_updates.c.received_at <= at - SEEN_FOR),
        (wrong_codes, wrong_codes.c.at <= at - WRONG_CODES_FOR),
        (nonces, nonces.c.expires_at <= at - SEEN_FOR),
        (linking_codes, linking_codes.c.expires_at <= at - codes_for),
        (dead_letters, dead_letters.c.at <= at - dead_letters_for),
        (roster_uploads, roster_uploads.c.made_at <= at - UPLOADS_FOR),
        (duty_proposals, duty_proposals.c.proposed_at <= at - EFFECTS_FOR),
        (join_requests, join_requests.c.settled_at <= at - JOIN_REQUESTS_FOR),
        (outbox, *done_for_short, _NOT_THE_NEWEST),
        (outbox, outbox.c.settled_at <= at - EFFECTS_FOR, _NOT_THE_NEWEST),
    ):
        await _erase(engine, table, *moment)
    await _forget_left_groups(engine, at - LEFT_GROUPS_FOR)


async def _erase(engine: AsyncEngine, table: Table, *of_old: ColumnElement[bool]) -> None:
    (key,) = table.primary_key.columns
    statement = delete(table).where(key.in_(select(key).where(*of_old).limit(ERASED_AT_ONCE)))
    erased = ERASED_AT_ONCE
    while erased == ERASED_AT_ONCE:
        async with engine.begin() as connection:
            erased = (await connection.execute(statement)).rowcount


async def _forget_left_groups(engine: AsyncEngine, left_before: datetime) -> None:
    """Who administered a group that we left long ago, and what it was called, is not ours to know.

    Of groups there are few: one commit does it.
    """
    long_left = (groups.c.state == GroupState.LEFT.value, groups.c.left_at <= left_before)
    async with engine.begin() as connection:
        await connection.execute(
            delete(group_seats).where(
                group_seats.c.group_id.in_(select(groups.c.id).where(*long_left))
            )
        )
        await connection.execute(
            update(groups).where(*long_left, groups.c.title != "").values(title="")
        )
        await forget_of_groups(connection, left_before)
