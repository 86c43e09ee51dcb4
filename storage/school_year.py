"""A school year in our tables: what there is to plan with, and carrying a plan out in one go.

What is shown before is the very thing that would be done, undone again: so the two cannot differ.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.policy.broadcast_groups.group_seen import OURS
from bot.policy.ids import ChatId, PersonId, UserId
from bot.policy.people import Duty, Role
from bot.policy.rosters.roster import RosterPlan, RosterRow
from bot.policy.school_years.school_year import begin, is_due
from bot.policy.school_years.year_known import YearKnown, YearNeeds
from bot.policy.school_years.year_plan import Leaver, Outlook, YearGroup, YearPlan, plan_year
from storage.changes import ChangeWriter
from storage.consent import read_children, read_consents
from storage.engine import reading
from storage.numbers import Numbers
from storage.people import RosterChangedError, import_within
from storage.tables import (
    accounts,
    group_chat_ids,
    group_class_groups,
    group_seats,
    groups,
    guardian_consents,
    guardianships,
    people,
    person_class_groups,
    person_duties,
    school_choices,
    school_years,
)
from storage.writing import Ruling, write_rulings

_owner = accounts.alias("owner_account")
_PEOPLE = (
    select(people, accounts.c.user_id, accounts.c.language)
    .select_from(people.outerjoin(accounts, accounts.c.person_id == people.c.id))
    # Of whom the name has been erased, nothing is left to be done but to end a link.
    .where(or_(people.c.name != "", accounts.c.user_id.is_not(None)))
)
_CLASS_GROUPS_NOW = (
    select(person_class_groups.c.class_group)
    .distinct()
    .join(people, people.c.id == person_class_groups.c.person_id)
    .where(people.c.active.is_(True), people.c.role == Role.STUDENT.value)
)
_CURRENT = and_(group_chat_ids.c.group_id == groups.c.id, group_chat_ids.c.is_current.is_(True))
_IS_OURS = groups.c.state.in_([state.value for state in OURS])
_GROUPS = (
    select(groups.c.id, group_chat_ids.c.chat_id, groups.c.offered_to, _owner.c.user_id)
    .select_from(
        groups.join(group_chat_ids, _CURRENT).outerjoin(_owner, _owner.c.id == groups.c.owner)
    )
    .where(_IS_OURS)
)


# --- reading -----------------------------------------------------------------------------------


async def read_year(connection: AsyncConnection, needs: YearNeeds) -> YearKnown:
    """What a decision needs to know of the school year and of consent."""
    return YearKnown(
        consents=await read_consents(connection, needs.consents_of),
        children=await read_children(connection, needs.children),
        outlook=await read_outlook(connection) if needs.outlook else None,
        choices=await _read_choices(connection) if needs.choices else {},
    )


async def _read_choices(connection: AsyncConnection) -> dict[str, str]:
    rows = await connection.execute(select(school_choices.c.name, school_choices.c.value))
    return {row.name: row.value for row in rows}


async def read_outlook(connection: AsyncConnection) -> Outlook:
    """School as it stands, for the plan of a new year."""
    rows = (await connection.execute(_PEOPLE)).all()
    active = [row for row in rows if row.active]
    begun_at = await connection.scalar(select(func.max(school_years.c.started_at)))
    return Outlook(
        leavers=tuple(_leaver(row) for row in rows if not row.active),
        active=Counter(Role(row.role) for row in active),
        staff=frozenset(
            UserId(row.user_id)
            for row in active
            if row.role == Role.STAFF.value and row.user_id is not None
        ),
        class_groups=frozenset(await connection.scalars(_CLASS_GROUPS_NOW)),
        groups=await _read_groups(connection),
        begun_at=begun_at,
    )


def _leaver(row: Row[Any]) -> Leaver:
    return Leaver(
        person=PersonId(row.id),
        role=Role(row.role),
        left_at=row.left_at or row.imported_at,
        user=None if row.user_id is None else UserId(row.user_id),
        language=row.language,
    )


async def _read_groups(connection: AsyncConnection) -> tuple[YearGroup, ...]:
    rows = (await connection.execute(_GROUPS)).all()
    ours = [row.id for row in rows]
    seats: dict[int, list[UserId]] = defaultdict(list)
    for seat in await connection.execute(
        select(group_seats).where(group_seats.c.group_id.in_(ours), group_seats.c.is_bot.is_(False))
    ):
        seats[seat.group_id].append(UserId(seat.user_id))
    serves: dict[int, set[str]] = defaultdict(set)
    for row in await connection.execute(
        select(group_class_groups).where(group_class_groups.c.group_id.in_(ours))
    ):
        serves[row.group_id].add(row.class_group)
    return tuple(
        YearGroup(
            chat=ChatId(row.chat_id),
            owner=None if row.user_id is None else UserId(row.user_id),
            seats=tuple(sorted(seats[row.id])),
            class_groups=frozenset(serves[row.id]),
            is_offered=row.offered_to is not None,
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What people call what a plan names by number. Never kept, never logged."""

    people: Mapping[PersonId, str]
    accounts: Mapping[UserId, str]
    groups: Mapping[ChatId, str]


async def names_for(connection: AsyncConnection, plan: YearPlan) -> Named:
    """The names of the people, colleagues and groups in a plan."""
    leavers = select(people.c.id, people.c.name).where(people.c.left_at.is_not(None))
    linked = select(accounts.c.user_id, people.c.name).join(
        people, people.c.id == accounts.c.person_id
    )
    titles = select(group_chat_ids.c.chat_id, groups.c.title).join(groups, _CURRENT)
    wanted = {link.user for link in plan.links} | {
        user for offer in plan.offers for user in (offer.owner, offer.colleague) if user is not None
    }
    return Named(
        people={PersonId(row.id): row.name for row in await connection.execute(leavers)},
        accounts={
            UserId(row.user_id): row.name
            for row in await connection.execute(linked)
            if row.user_id in wanted
        },
        groups={ChatId(row.chat_id): row.title for row in await connection.execute(titles)},
    )


# --- what the clock asks for -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DueToAsk:
    """Groups of which somebody is to hear that they must be confirmed, and whom to ask else."""

    groups: frozenset[ChatId]
    coordinators: frozenset[UserId]


async def due_to_ask(connection: AsyncConnection, at: datetime) -> DueToAsk:
    """The groups that are due, and the coordinators who are linked."""
    awaited = await connection.execute(
        select(group_chat_ids.c.chat_id, groups.c.reconfirm_before, groups.c.reconfirm_asked_at)
        .select_from(groups.join(group_chat_ids, _CURRENT))
        .where(_IS_OURS, groups.c.reconfirm_before.is_not(None))
    )
    chats = frozenset(
        ChatId(row.chat_id)
        for row in awaited
        if is_due(row.reconfirm_before, row.reconfirm_asked_at, at)
    )
    if not chats:
        return DueToAsk(groups=chats, coordinators=frozenset())
    coordinators = await connection.scalars(
        select(accounts.c.user_id)
        .join(people, people.c.id == accounts.c.person_id)
        .join(person_duties, person_duties.c.person_id == people.c.id)
        .where(people.c.active.is_(True), person_duties.c.duty == Duty.COORDINATOR.value)
    )
    return DueToAsk(groups=chats, coordinators=frozenset(UserId(user) for user in coordinators))


# --- doing it from the command line ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What would be done: the plan, with the names to show it by."""

    plan: YearPlan
    named: Named


async def look_ahead(
    engine: AsyncEngine, rows: Iterable[RosterRow], agreed: RosterPlan, at: datetime
) -> Ahead:
    """What a new school year with this roster changes. Nothing is written.

    Raises ``RosterChangedError`` if the rows would by now do something else.
    """
    async with engine.connect() as connection, connection.begin() as transaction:
        plan = await _with_roster(connection, rows, agreed, at)
        ahead = Ahead(plan=plan, named=await names_for(connection, plan))
        await transaction.rollback()
    return ahead


async def roll_over(
    engine: AsyncEngine,
    rows: Iterable[RosterRow],
    agreed: RosterPlan,
    shown: YearPlan,
    *,
    confirm_before: datetime,
    at: datetime,
) -> None:
    """Take the roster and begin the school year, in one transaction.

    Raises ``RosterChangedError``, and writes nothing, if that is no longer what was shown.
    """
    async with engine.begin() as connection:
        plan = await _with_roster(connection, rows, agreed, at)
        if plan.digest != shown.digest:
            raise RosterChangedError
        decision, numbers = begin(plan, None, confirm_before), Numbers()
        await ChangeWriter(connection, numbers, at).apply_all(decision.changes)
        await write_rulings(connection, [Ruling(decision, at)], at, numbers)


async def _with_roster(
    connection: AsyncConnection, rows: Iterable[RosterRow], agreed: RosterPlan, at: datetime
) -> YearPlan:
    if not agreed.changes_nothing:
        await import_within(connection, rows, agreed, at)
    return plan_year(await read_outlook(connection), at)


# --- forgetting --------------------------------------------------------------------------------


async def forget_leavers(engine: AsyncEngine, left_before: datetime) -> None:
    """Erase what those who left long ago were called, their class groups, and whose child they are.

    The number stays, for the log; the school's own id stays, so that who comes back is the same.
    """
    gone = (people.c.active.is_(False), people.c.left_at <= left_before, people.c.name != "")
    async with engine.begin() as connection:
        numbers = (await connection.scalars(select(people.c.id).where(*gone))).all()
        if not numbers:
            return
        for column in (
            person_class_groups.c.person_id,
            person_duties.c.person_id,
            guardianships.c.guardian_id,
            guardianships.c.student_id,
            guardian_consents.c.guardian_id,
            guardian_consents.c.student_id,
        ):
            of_them = column.in_(select(people.c.id).where(*gone))
            await connection.execute(delete(column.table).where(of_them))
        await connection.execute(update(people).where(*gone).values(name=""))


async def plan_now(engine: AsyncEngine, at: datetime) -> Ahead:
    """What a new school year changes with the roster that is in force."""
    async with reading(engine) as connection:
        plan = plan_year(await read_outlook(connection), at)
        return Ahead(plan=plan, named=await names_for(connection, plan))
