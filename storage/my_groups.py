"""What a member of staff reads of his groups: the list, one group's health, its members.

Read when a page is drawn, and kept nowhere else: names stay in the table of people.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.coming_in.joining import Applicant, belongs
from bot.policy.groups import Group, GroupState
from bot.policy.ids import AccountId, ChatId, PersonId, UserId
from bot.policy.people import Account, Person, Role
from storage.tables import (
    accounts,
    group_chat_ids,
    group_class_groups,
    group_links,
    group_members,
    group_seats,
    groups,
    guardianships,
    people,
    person_class_groups,
)

_SHOWN = (GroupState.PENDING.value, GroupState.MANAGED.value, GroupState.SUSPENDED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    """A group in the list of somebody's own."""

    chat: ChatId
    title: str
    state: GroupState
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """An administrator of a group who is a person. ``person``: ``None`` if we know nobody."""

    user: UserId
    is_owner: bool
    is_staff: bool
    person: PersonId | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSheet:
    """One group, as its own page tells it.

    ``member_count``: by Telegram at the last look; of these, ``bots`` are no people.
    ``known``: those of them whom the school's list names; ``unknown``: whom Telegram told us of
    and no list names. Of the rest Telegram told us nothing. ``link``: the join link.
    """

    title: str
    state: GroupState
    keepers: tuple[Keeper, ...]
    class_groups: tuple[str, ...]
    known: int
    unknown: int
    explained: tuple[str, ...] = ()
    member_count: int | None = None
    bots: int = 1
    looked_at: datetime | None = None
    lock_proved_at: datetime | None = None
    open_since: datetime | None = None
    link: str | None = None

    @property
    def staff(self) -> int:
        """How many of its administrators are staff, the owner included."""
        return sum(keeper.is_staff for keeper in self.keepers)

    @property
    def owner(self) -> Keeper | None:
        """Its owner, if Telegram shows one."""
        return next((keeper for keeper in self.keepers if keeper.is_owner), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsider:
    """Somebody in a group who does not seem to belong there. ``number``: of the account."""

    number: AccountId
    user: UserId
    role: Role | None


async def groups_of(connection: AsyncConnection, user: UserId) -> tuple[GroupLine, ...]:
    """The groups in which somebody has a seat, by title."""
    rows = await connection.execute(
        select(group_chat_ids.c.chat_id, groups)
        .join(groups, groups.c.id == group_chat_ids.c.group_id)
        .join(group_seats, group_seats.c.group_id == groups.c.id)
        .where(
            group_seats.c.user_id == user,
            group_chat_ids.c.is_current.is_(True),
            groups.c.state.in_(_SHOWN),
        )
    )
    lines = [
        GroupLine(
            chat=ChatId(row.chat_id),
            title=row.title,
            state=GroupState(row.state),
            is_open=row.open_since is not None,
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: (line.title.casefold(), line.chat)))


async def sheet_of(connection: AsyncConnection, chat: ChatId) -> GroupSheet | None:
    """One group; ``None`` for a chat that is none of ours."""
    row = (
        await connection.execute(
            select(groups)
            .join(group_chat_ids, group_chat_ids.c.group_id == groups.c.id)
            .where(group_chat_ids.c.chat_id == chat)
        )
    ).one_or_none()
    if row is None:
        return None
    seats = list(
        await connection.execute(select(group_seats).where(group_seats.c.group_id == row.id))
    )
    known, unknown = await _counted(connection, row.id)
    return GroupSheet(
        title=row.title,
        state=GroupState(row.state),
        keepers=await _keepers(connection, [seat for seat in seats if not seat.is_bot]),
        class_groups=await class_groups_of(connection, chat),
        known=known,
        unknown=unknown,
        explained=tuple(row.explained.split()),
        member_count=row.member_count,
        bots=1 + sum(seat.is_bot for seat in seats),
        looked_at=row.looked_at,
        lock_proved_at=row.lock_proved_at,
        open_since=row.open_since,
        link=await _join_link(connection, row.id),
    )


async def _keepers(connection: AsyncConnection, seats: Iterable[Any]) -> tuple[Keeper, ...]:
    seated = {seat.user_id: seat.is_owner for seat in seats}
    rows = await connection.execute(
        select(accounts.c.user_id, people)
        .join(people, people.c.id == accounts.c.person_id)
        .where(accounts.c.user_id.in_(seated))
    )
    found = {row.user_id: row for row in rows}
    keepers = [
        Keeper(
            user=UserId(user),
            is_owner=is_owner,
            is_staff=user in found and _is_staff(found[user]),
            person=PersonId(found[user].id) if user in found else None,
            name=found[user].name if user in found else None,
        )
        for user, is_owner in seated.items()
    ]
    return tuple(sorted(keepers, key=lambda one: (not one.is_owner, one.name or "~", one.user)))


def _is_staff(person: Any) -> bool:  # noqa: ANN401 (a row of the table of people)
    return bool(person.active) and person.role == Role.STAFF.value


async def class_groups_of(connection: AsyncConnection, chat: ChatId) -> tuple[str, ...]:
    """The class groups that a group serves, sorted."""
    found = await connection.scalars(
        select(group_class_groups.c.class_group)
        .join(group_chat_ids, group_chat_ids.c.group_id == group_class_groups.c.group_id)
        .where(group_chat_ids.c.chat_id == chat)
    )
    return tuple(sorted(found))


async def class_groups_of_school(connection: AsyncConnection) -> tuple[str, ...]:
    """Every class group that somebody at school is in, sorted."""
    found = await connection.scalars(
        select(person_class_groups.c.class_group)
        .join(people, people.c.id == person_class_groups.c.person_id)
        .where(people.c.active.is_(True))
        .distinct()
    )
    return tuple(sorted(found))


async def join_link_of(connection: AsyncConnection, chat: ChatId) -> str | None:
    """The link through which one may ask to join a group now."""
    number = await connection.scalar(
        select(group_chat_ids.c.group_id).where(group_chat_ids.c.chat_id == chat)
    )
    return None if number is None else await _join_link(connection, number)


async def _join_link(connection: AsyncConnection, number: int) -> str | None:
    link: str | None = await connection.scalar(
        select(group_links.c.url)
        .where(
            group_links.c.group_id == number,
            group_links.c.asks_approval.is_(True),
            group_links.c.ended_at.is_(None),
        )
        .order_by(group_links.c.id.desc())
        .limit(1)
    )
    return link


async def name_of_staff(connection: AsyncConnection, user: UserId) -> str | None:
    """The name of the member of staff to whom an account belongs; of nobody else."""
    name: str | None = await connection.scalar(
        select(people.c.name)
        .join(accounts, accounts.c.person_id == people.c.id)
        .where(
            accounts.c.user_id == user,
            people.c.role == Role.STAFF.value,
            people.c.active.is_(True),
        )
    )
    return name


# --- members -----------------------------------------------------------------------------------

# Whom Telegram told us of, and administrators, whom every look shows.
_MEMBERS = (
    select(accounts.c.id, accounts.c.user_id, accounts.c.person_id, people.c.role, people.c.active)
    .select_from(
        accounts.outerjoin(people, people.c.id == accounts.c.person_id)
        .outerjoin(group_members, group_members.c.account_id == accounts.c.id)
        .outerjoin(group_seats, group_seats.c.user_id == accounts.c.user_id)
    )
    .distinct()
)


async def _rows_of_members(connection: AsyncConnection, number: int) -> list[Any]:
    is_in = or_(
        group_members.c.group_id == number,
        and_(group_seats.c.group_id == number, group_seats.c.is_bot.is_(False)),
    )
    return list(await connection.execute(_MEMBERS.where(is_in).order_by(accounts.c.id)))


async def _counted(connection: AsyncConnection, number: int) -> tuple[int, int]:
    rows = await _rows_of_members(connection, number)
    known = sum(row.person_id is not None and bool(row.active) for row in rows)
    return known, len(rows) - known


async def outsiders_of(
    connection: AsyncConnection, chat: ChatId, group: Group
) -> tuple[Outsider, ...]:
    """Those in a group, as far as Telegram told us, who do not seem to belong there."""
    number = await connection.scalar(
        select(group_chat_ids.c.group_id).where(group_chat_ids.c.chat_id == chat)
    )
    if number is None:
        return ()
    group = replace(group, class_groups=frozenset(await class_groups_of(connection, chat)))
    rows = await _rows_of_members(connection, number)
    classes = await _classes_of(connection, [row for row in rows if row.person_id is not None])
    found = []
    for row in rows:
        account = _account(row)
        applicant = Applicant(account=account, classes=classes[row.person_id])
        if not belongs(applicant, group):
            found.append(Outsider(number=AccountId(row.id), user=account.user, role=account.role))
    return tuple(found)


def _account(row: Any) -> Account:  # noqa: ANN401 (a row of _MEMBERS)
    person = None
    if row.person_id is not None:
        person = Person(id=PersonId(row.person_id), role=Role(row.role), active=bool(row.active))
    return Account(user=UserId(row.user_id), person=person)


async def _classes_of(
    connection: AsyncConnection, rows: Iterable[Any]
) -> defaultdict[int | None, frozenset[str]]:
    """The class groups that concern each person; of a guardian those of the children."""
    numbers = [row.person_id for row in rows]
    found: defaultdict[int | None, frozenset[str]] = defaultdict(frozenset)
    own = select(person_class_groups.c.person_id, person_class_groups.c.class_group).where(
        person_class_groups.c.person_id.in_(numbers)
    )
    of_children = (
        select(guardianships.c.guardian_id, person_class_groups.c.class_group)
        .join(person_class_groups, person_class_groups.c.person_id == guardianships.c.student_id)
        .where(guardianships.c.guardian_id.in_(numbers))
    )
    for statement in (own, of_children):
        for person, class_group in await connection.execute(statement):
            found[person] |= {class_group}
    return found
