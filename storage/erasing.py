"""Erasing which Telegram account a number of ours stood for, once nothing needs it any more.

The log keeps its numbers for ever; what ties a number to a person is the row in ``accounts``. When
an account has been unlinked, Telegram's id in it makes place for a *tombstone*: our own number
below zero, which is no account of Telegram's and which nothing is ever sent to. Not while there is
evidence or a signal about it that is to be kept, for nobody wipes a trail by stopping.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import get_args

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.policy.events import Event, Weight
from bot.policy.groups import GroupState
from storage.codec import plan_of
from storage.tables import (
    UNSETTLED,
    accounts,
    contacts,
    events,
    evidence,
    group_members,
    groups,
    join_requests,
    nonces,
    outbox,
    wrong_codes,
)

AT_ONCE = 200

# Fields of events beside the one that has a column of its own.
_OTHER_PLACES = tuple(
    (kind.tag, field) for kind in get_args(Event) for field in plan_of(kind).users[1:]
)

GUESSES_FOR = timedelta(days=1)
"""Whoever guessed at codes does not start anew by stopping."""

LOOK_AGAIN_AFTER = timedelta(hours=1)

# What still needs to know which account it is: work under way, and groups that it is known in.
_IN_USE: ColumnElement[bool] = or_(
    exists().where(outbox.c.account_id == accounts.c.id, outbox.c.state.in_(UNSETTLED)),
    exists().where(group_members.c.account_id == accounts.c.id),
    exists().where(
        join_requests.c.account_id == accounts.c.id, join_requests.c.settled_at.is_(None)
    ),
    exists().where(
        groups.c.state != GroupState.LEFT.value,
        or_(
            groups.c.owner == accounts.c.id,
            groups.c.added_by == accounts.c.id,
            groups.c.confirmed_by == accounts.c.id,
            groups.c.offered_to == accounts.c.id,
            groups.c.offered_by == accounts.c.id,
        ),
    ),
)


async def erase_accounts(engine: AsyncEngine, at: datetime, *, signals_for: timedelta) -> None:
    """Erase the accounts whose moment has come; what must be kept longer gets another moment.

    A batch at a time, each in a commit of its own.
    """
    due = AT_ONCE
    while due == AT_ONCE:
        async with engine.begin() as connection:
            due = await _erase_batch(connection, at, signals_for)


async def kept_until(
    connection: AsyncConnection, account: int, signals_for: timedelta
) -> datetime | None:
    """Until when something about an account has to be kept; ``None`` if there is nothing."""
    words = await connection.scalar(
        select(func.max(evidence.c.keep_until))
        .join(events, events.c.seq == evidence.c.event_seq)
        .where(events.c.account_id == account)
    )
    signal = await connection.scalar(
        select(func.max(events.c.recorded_at)).where(
            events.c.weight == Weight.SIGNAL.value,
            or_(events.c.account_id == account, named_beside(account)),
        )
    )
    guess = await connection.scalar(
        select(func.max(wrong_codes.c.at)).where(wrong_codes.c.account_id == account)
    )
    ends = [
        words,
        None if signal is None else signal + signals_for,
        None if guess is None else guess + GUESSES_FOR,
    ]
    return max((end for end in ends if end is not None), default=None)


def named_beside(account: int) -> ColumnElement[bool]:
    """Events that name an account in another place than the first, as the log writes them."""
    return or_(
        *(
            and_(
                events.c.tag == tag,
                or_(
                    events.c.payload.like(f'%"{field}":{account},%'),
                    events.c.payload.like(f'%"{field}":{account}}}%'),
                ),
            )
            for tag, field in _OTHER_PLACES
        )
    )


async def _erase_batch(connection: AsyncConnection, at: datetime, signals_for: timedelta) -> int:
    rows = (
        await connection.execute(
            select(accounts.c.id, _IN_USE.label("in_use"))
            .where(
                accounts.c.erase_at <= at, accounts.c.user_id > 0, accounts.c.person_id.is_(None)
            )
            .limit(AT_ONCE)
        )
    ).all()
    erased = []
    for row in rows:
        until = await kept_until(connection, row.id, signals_for)
        if row.in_use:
            until = max(until or at, at + LOOK_AGAIN_AFTER)
        if until is not None and until > at:
            await connection.execute(
                update(accounts).where(accounts.c.id == row.id).values(erase_at=until)
            )
        else:
            erased.append(row.id)
    await _bury(connection, erased)
    return len(rows)


async def _bury(connection: AsyncConnection, erased: Sequence[int]) -> None:
    if not erased:
        return
    for table in (contacts, wrong_codes, nonces):
        await connection.execute(delete(table).where(table.c.account_id.in_(erased)))
    await connection.execute(
        update(accounts)
        .where(accounts.c.id.in_(erased))
        .values(user_id=-accounts.c.id, language=None, erase_at=None)
    )
