"""Reading what decisions on coming into groups need: one query a table, and only when asked for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.coming_in.joining import RequestState
from bot.policy.coming_in.known import ComingInNeeds, JoinRequest, Present
from bot.policy.groups import Group
from bot.policy.ids import AccountId, ChatId, GroupId, JoinRequestId, PersonId, UserId
from bot.policy.people import Person, Role
from storage.numbers import Numbers
from storage.tables import (
    accounts,
    group_chat_ids,
    group_class_groups,
    group_members,
    guardianships,
    join_requests,
    people,
    person_class_groups,
)

ENDED_LATELY = timedelta(hours=1)
"""How long a request that ended is still read with those of the same account."""

_current = group_chat_ids.alias("current_chat")
_child = people.alias("child")


def _among(name: str) -> Any:  # noqa: ANN401 (SQLAlchemy's own type for an expanding parameter)
    return bindparam(name, expanding=True)


_REQUESTS = select(join_requests, _current.c.chat_id, accounts.c.user_id).select_from(
    join_requests.join(accounts, accounts.c.id == join_requests.c.account_id).join(
        _current,
        and_(_current.c.group_id == join_requests.c.group_id, _current.c.is_current.is_(True)),
    )
)
_GROUPS_OF_CHATS = select(group_chat_ids.c.group_id).where(
    group_chat_ids.c.chat_id.in_(_among("chats"))
)
_BY_NUMBER = _REQUESTS.where(
    join_requests.c.id.in_(_among("requests")), join_requests.c.settled_at.is_(None)
)
_BY_ACCOUNT = _REQUESTS.where(
    accounts.c.user_id.in_(_among("users")),
    or_(
        join_requests.c.settled_at.is_(None),
        join_requests.c.settled_at
        > bindparam("ended_after", type_=join_requests.c.settled_at.type),
    ),
)
_BY_GROUP = _REQUESTS.where(
    join_requests.c.group_id.in_(_GROUPS_OF_CHATS), join_requests.c.settled_at.is_(None)
)
_MEMBERS = (
    select(
        group_members.c.account_id,
        group_members.c.since,
        _current.c.chat_id,
        accounts.c.user_id,
        accounts.c.unlinked_at,
        people.c.left_at,
        people.c.imported_at,
        select(func.max(func.coalesce(_child.c.left_at, _child.c.imported_at)))
        .where(
            guardianships.c.guardian_id == people.c.id, guardianships.c.student_id == _child.c.id
        )
        .scalar_subquery()
        .label("child_changed_at"),
    )
    .select_from(
        group_members.join(
            _current,
            and_(_current.c.group_id == group_members.c.group_id, _current.c.is_current.is_(True)),
        )
        .join(accounts, accounts.c.id == group_members.c.account_id)
        .outerjoin(people, people.c.id == accounts.c.person_id)
    )
    .where(group_members.c.group_id.in_(_GROUPS_OF_CHATS))
    .order_by(group_members.c.since, group_members.c.account_id)
)
_CLASSES = select(group_class_groups).where(group_class_groups.c.group_id.in_(_among("groups")))
_CHILDREN = (
    select(guardianships.c.guardian_id, person_class_groups.c.class_group)
    .join(person_class_groups, person_class_groups.c.person_id == guardianships.c.student_id)
    .join(people, people.c.id == guardianships.c.student_id)
    .where(guardianships.c.guardian_id.in_(_among("guardians")), people.c.active.is_(True))
)
_CLASS_NAMES = (
    select(func.distinct(person_class_groups.c.class_group).label("class_group"))
    .join(people, people.c.id == person_class_groups.c.person_id)
    .where(people.c.active.is_(True))
)


async def _rows(
    connection: AsyncConnection, statement: Select[Any], **values: object
) -> list[Row[Any]]:
    return list((await connection.execute(statement, values)).all())


async def read_requests(
    connection: AsyncConnection, needs: ComingInNeeds, at: datetime
) -> tuple[JoinRequest, ...]:
    """The requests to join that ``needs`` names, the oldest first."""
    rows: list[Row[Any]] = []
    if needs.asked:
        rows += await _rows(connection, _BY_NUMBER, requests=tuple(needs.asked))
    if needs.asked_by:
        after = at - ENDED_LATELY
        users = tuple(needs.asked_by)
        rows += await _rows(connection, _BY_ACCOUNT, users=users, ended_after=after)
    if needs.asked_in:
        rows += await _rows(connection, _BY_GROUP, chats=tuple(needs.asked_in))
    found = {row.id: _request(row) for row in rows}
    return tuple(found[number] for number in sorted(found))


def _request(row: Row[Any]) -> JoinRequest:
    return JoinRequest(
        id=JoinRequestId(row.id),
        chat=ChatId(row.chat_id),
        user=UserId(row.user_id),
        state=RequestState(row.state),
        deadline_at=row.deadline_at,
        settled_at=row.settled_at,
        explained=row.judge_at is not None,
    )


async def read_members(
    connection: AsyncConnection, chats: frozenset[ChatId]
) -> dict[ChatId, tuple[Present, ...]]:
    """Who is in these groups, as far as Telegram told us; by the chat id of today."""
    found: dict[ChatId, list[Present]] = defaultdict(list)
    if chats:
        for row in await _rows(connection, _MEMBERS, chats=tuple(chats)):
            moments = (
                row.since,
                row.unlinked_at,
                row.left_at,
                row.imported_at,
                row.child_changed_at,
            )
            present = Present(
                number=AccountId(row.account_id),
                user=UserId(row.user_id),
                changed_at=max(moment for moment in moments if moment is not None),
            )
            found[ChatId(row.chat_id)].append(present)
    return {chat: tuple(members) for chat, members in found.items()}


async def with_classes(
    connection: AsyncConnection, found: Mapping[ChatId, Group], numbers: Numbers
) -> dict[ChatId, Group]:
    """The same groups with the class groups that each serves."""
    if not found:
        return {}
    classes: dict[GroupId, set[str]] = defaultdict(set)
    of_groups = tuple({numbers.groups[chat] for chat in found})
    for row in await _rows(connection, _CLASSES, groups=of_groups):
        classes[row.group_id].add(row.class_group)
    return {
        chat: replace(group, class_groups=frozenset(classes[numbers.groups[chat]]))
        for chat, group in found.items()
    }


async def read_children(
    connection: AsyncConnection, persons: Iterable[Person | None]
) -> dict[PersonId, frozenset[str]]:
    """Of each guardian among ``persons``, the class groups of the children who are at school."""
    guardians = {p.id for p in persons if p is not None and p.role is Role.GUARDIAN}
    classes: dict[PersonId, set[str]] = defaultdict(set)
    if guardians:
        for row in await _rows(connection, _CHILDREN, guardians=tuple(guardians)):
            classes[PersonId(row.guardian_id)].add(row.class_group)
    return {guardian: frozenset(names) for guardian, names in classes.items()}


async def read_class_names(connection: AsyncConnection) -> frozenset[str]:
    """Every class group that somebody who is at school belongs to."""
    return frozenset(row.class_group for row in await _rows(connection, _CLASS_NAMES))
