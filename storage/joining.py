"""Requests to join, and members, over time: what is due, and what becomes of them with a group."""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.coming_in.joining import RequestState
from bot.policy.groups import GroupState
from bot.policy.ids import ChatId, GroupId, JoinRequestId
from storage.tables import (
    accounts,
    group_chat_ids,
    group_class_groups,
    group_members,
    groups,
    guardianships,
    join_requests,
    people,
)

_OURS = (GroupState.MANAGED.value, GroupState.SUSPENDED.value)
# Written out: SQLite takes a partial index only for a condition that it can see.
_WAITING = join_requests.c.state == literal_column("'waiting'")


async def requests_due(connection: AsyncConnection, at: datetime, most: int) -> list[JoinRequestId]:
    """Requests that the clock is to judge: past their deadline, or there is an answer by now.

    There may be one when the account is linked and the group is ours to keep: the link, the roster
    or the group's state may have changed since it was last judged.
    """
    can_be_answered = and_(
        accounts.c.person_id.is_not(None), groups.c.state == GroupState.MANAGED.value
    )
    rows = await connection.scalars(
        select(join_requests.c.id)
        .join(accounts, accounts.c.id == join_requests.c.account_id)
        .join(groups, groups.c.id == join_requests.c.group_id)
        .where(
            _WAITING,
            or_(join_requests.c.judge_at.is_(None), join_requests.c.judge_at <= at),
            or_(join_requests.c.deadline_at <= at, can_be_answered),
        )
        .order_by(join_requests.c.deadline_at)
        .limit(most)
    )
    return [JoinRequestId(number) for number in rows]


async def groups_to_look_through(
    connection: AsyncConnection, at: datetime, pause: timedelta, most: int
) -> list[ChatId]:
    """Groups of ours with somebody in them of whom something has changed since the members were
    last looked through (``Present.changed_at``); the longest ago first.
    """
    last = groups.c.members_told_at
    changed = exists().where(
        group_members.c.group_id == groups.c.id,
        accounts.c.id == group_members.c.account_id,
        or_(
            last.is_(None),
            group_members.c.since > last,
            accounts.c.unlinked_at > last,
            exists().where(
                or_(
                    people.c.id == accounts.c.person_id,
                    people.c.id.in_(
                        select(guardianships.c.student_id).where(
                            guardianships.c.guardian_id == accounts.c.person_id
                        )
                    ),
                ),
                or_(people.c.left_at > last, people.c.imported_at > last),
            ),
        ),
    )
    rows = await connection.scalars(
        select(group_chat_ids.c.chat_id)
        .join(groups, groups.c.id == group_chat_ids.c.group_id)
        .where(
            group_chat_ids.c.is_current.is_(True),
            groups.c.state.in_(_OURS),
            or_(last.is_(None), last <= at - pause),
            changed,
        )
        .order_by(last)
        .limit(most)
    )
    return [ChatId(chat) for chat in rows]


async def end_requests(connection: AsyncConnection, number: GroupId | None, at: datetime) -> None:
    """The bot is no longer in a group: whoever asks to join it is answered by others."""
    await connection.execute(
        update(join_requests)
        .where(join_requests.c.group_id == number, join_requests.c.settled_at.is_(None))
        .values(state=RequestState.ELSEWHERE.value, settled_at=at, judge_at=None)
    )


async def begin_anew(connection: AsyncConnection, number: GroupId) -> None:
    """A group that we had left starts again: for whom it is, and who is in it, is not known."""
    for table in (group_class_groups, group_members):
        await connection.execute(delete(table).where(table.c.group_id == number))


async def forget_of_groups(connection: AsyncConnection, left_before: datetime) -> None:
    """Who was in a group that we left long ago, and its classes, are not ours to know."""
    long_left = select(groups.c.id).where(
        groups.c.state == GroupState.LEFT.value, groups.c.left_at <= left_before
    )
    for table in (group_class_groups, group_members):
        await connection.execute(delete(table).where(table.c.group_id.in_(long_left)))


async def fold_joining(
    connection: AsyncConnection, gone: GroupId, *, into: GroupId, at: datetime
) -> None:
    """Two rows for one group become one: classes, members and requests of both are kept."""
    for table, key in ((group_class_groups, "class_group"), (group_members, "account_id")):
        has = select(table.c[key]).where(table.c.group_id == into)
        await connection.execute(
            delete(table).where(table.c.group_id == gone, table.c[key].in_(has))
        )
        await connection.execute(
            update(table).where(table.c.group_id == gone).values(group_id=into)
        )
    opened = join_requests.c.settled_at.is_(None)
    twins = select(join_requests.c.account_id).where(join_requests.c.group_id == into, opened)
    await connection.execute(
        update(join_requests)
        .where(join_requests.c.group_id == gone, opened, join_requests.c.account_id.in_(twins))
        .values(state=RequestState.ELSEWHERE.value, settled_at=at, judge_at=None)
    )
    await connection.execute(
        update(join_requests).where(join_requests.c.group_id == gone).values(group_id=into)
    )
