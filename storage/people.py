"""The roster in our tables: reading it, and writing what a new one changes.

An import is one transaction, also beside a running bot. Names stay in the
table of people; the log gets counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.policy.events import RosterImported
from bot.policy.people import Duty, Role
from bot.policy.rosters.roster import RosterPerson, RosterPlan, RosterRow, plan
from storage.engine import reading
from storage.linking_codes import pairs_of, record_event, revoke_codes
from storage.tables import (
    guardianships,
    people,
    person_class_groups,
    person_duties,
    roster_imports,
)

_GRANTED = select(person_duties.c.person_id, person_duties.c.duty).where(
    person_duties.c.granted.is_(True)
)


class RosterChangedError(Exception):
    """The roster is no longer what the plan was made for: somebody else imported meanwhile."""


async def current_roster(engine: AsyncEngine) -> tuple[RosterPerson, ...]:
    """Everybody that we ever knew, leavers too, by school id."""
    async with reading(engine) as connection:
        return await read_roster(connection)


async def read_roster(connection: AsyncConnection) -> tuple[RosterPerson, ...]:
    """The same as ``current_roster``, within a transaction of the caller's."""
    rows = (await connection.execute(select(people).order_by(people.c.school_id))).all()
    class_groups = await pairs_of(connection, person_class_groups)
    duties = await pairs_of(connection, person_duties)
    granted = await pairs_of(connection, _GRANTED)
    children = await pairs_of(connection, guardianships)
    school_ids = {row.id: row.school_id for row in rows}
    return tuple(
        RosterPerson(
            school_id=row.school_id,
            name=row.name,
            role=Role(row.role),
            class_groups=frozenset(class_groups[row.id]),
            duties=frozenset(Duty(duty) for duty in duties[row.id]),
            children=frozenset(school_ids[child] for child in children[row.id]),
            active=row.active,
            granted=frozenset(Duty(duty) for duty in granted[row.id]),
        )
        for row in rows
    )


async def write_import(
    engine: AsyncEngine, rows: Iterable[RosterRow], agreed: RosterPlan, at: datetime
) -> None:
    """Write what a person agreed to, in one transaction.

    Raises ``RosterChangedError``, and writes nothing, if the rows would by now do something else.
    """
    async with engine.begin() as connection:
        await import_within(connection, rows, agreed, at)


async def import_within(
    connection: AsyncConnection, rows: Iterable[RosterRow], agreed: RosterPlan, at: datetime
) -> None:
    """The same as a part of a greater transaction."""
    current = await read_roster(connection)
    if plan(current, rows) != agreed:
        raise RosterChangedError
    await write_people(connection, agreed, at)
    counts = {
        "added": len(agreed.added),
        "changed": len(agreed.changed),
        "gone": len(agreed.gone),
    }
    await connection.execute(insert(roster_imports).values(at=at, **counts))
    await record_event(connection, RosterImported(**counts), at)


async def write_people(connection: AsyncConnection, agreed: RosterPlan, at: datetime) -> None:
    """Write what a roster changes, within a transaction of the caller's."""
    await _add(connection, agreed.added, at)
    await _change(connection, [change.after for change in agreed.changed], at)
    numbers = await _numbers(connection)
    gone = [{"of": numbers[person.school_id]} for person in agreed.gone]
    if gone:
        leave = update(people).where(people.c.id == bindparam("of"))
        await connection.execute(leave.values(active=False, left_at=at), gone)
        await revoke_codes(connection, gone, at)
    await _write_details(connection, agreed, numbers)


async def _add(connection: AsyncConnection, added: Sequence[RosterPerson], at: datetime) -> None:
    if added:
        rows = [
            {
                "school_id": person.school_id,
                "name": person.name,
                "role": person.role.value,
                "active": True,
                "imported_at": at,
            }
            for person in added
        ]
        await connection.execute(insert(people), rows)


async def _change(
    connection: AsyncConnection, changed: Sequence[RosterPerson], at: datetime
) -> None:
    if changed:
        # A bind parameter may not have the name of a column that is set.
        rows = [
            {"of": person.school_id, "now": person.name, "as": person.role.value}
            for person in changed
        ]
        change = (
            update(people)
            .where(people.c.school_id == bindparam("of"))
            .values(
                name=bindparam("now"),
                role=bindparam("as"),
                active=True,
                left_at=None,
                imported_at=at,
            )
        )
        await connection.execute(change, rows)


async def _numbers(connection: AsyncConnection) -> dict[str, int]:
    rows = await connection.execute(select(people.c.school_id, people.c.id))
    return {row.school_id: row.id for row in rows}


async def _write_details(
    connection: AsyncConnection, agreed: RosterPlan, numbers: Mapping[str, int]
) -> None:
    """Class groups, duties and children, anew for everybody who was added or changed."""
    stale = [{"of": numbers[change.after.school_id]} for change in agreed.changed]
    if stale:
        for column in (
            person_class_groups.c.person_id,
            person_duties.c.person_id,
            guardianships.c.guardian_id,
        ):
            await connection.execute(delete(column.table).where(column == bindparam("of")), stale)
    now = (*agreed.added, *(change.after for change in agreed.changed))
    for table, owner, value, of in (
        (person_class_groups, "person_id", "class_group", _class_groups),
        (guardianships, "guardian_id", "student_id", _children),
    ):
        rows = [
            {owner: numbers[person.school_id], value: each}
            for person in now
            for each in of(person, numbers)
        ]
        if rows:
            await connection.execute(insert(table), rows)
    duties = [
        {
            "person_id": numbers[person.school_id],
            "duty": duty.value,
            "granted": duty in person.granted,
        }
        for person in now
        for duty in sorted(person.duties)
    ]
    if duties:
        await connection.execute(insert(person_duties), duties)


def _class_groups(person: RosterPerson, _numbers: Mapping[str, int]) -> list[str]:
    return sorted(person.class_groups)


def _children(person: RosterPerson, numbers: Mapping[str, int]) -> list[int]:
    return sorted(numbers[school_id] for school_id in person.children)
