"""Who is on the roster and how far each is with linking, for the pages of administrators.

A school fits in memory: the few queries here read it whole, and the pages count and cut.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.policy.ids import PersonId
from bot.policy.people import Duty, Role
from storage.engine import reading
from storage.linking_codes import pairs_of
from storage.tables import (
    accounts,
    guardianships,
    linking_codes,
    people,
    person_class_groups,
    person_duties,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A person of the roster. ``class_groups`` of a guardian are those of the children.

    ``linked_at`` is ``None`` for whoever has no account; ``code_until`` when the last code that can
    still be used ends.
    """

    number: PersonId
    school_id: str
    name: str
    role: Role
    active: bool
    class_groups: tuple[str, ...]
    duties: frozenset[Duty]
    linked: bool
    linked_at: datetime | None
    code_until: datetime | None


_PEOPLE: Select[Any] = select(
    people, accounts.c.linked_at, accounts.c.user_id.is_not(None).label("linked")
).select_from(people.outerjoin(accounts, accounts.c.person_id == people.c.id))


async def everybody(engine: AsyncEngine, at: datetime) -> tuple[Listed, ...]:
    """Everybody who is at school now, by name."""
    async with reading(engine) as connection:
        rows = (await connection.execute(_PEOPLE.where(people.c.active.is_(True)))).all()
        found = await _listed(connection, rows, at)
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.school_id)))


async def person(engine: AsyncEngine, number: int, at: datetime) -> Listed | None:
    """One person, also somebody who has left."""
    async with reading(engine) as connection:
        rows = (await connection.execute(_PEOPLE.where(people.c.id == number))).all()
        found = await _listed(connection, rows, at)
    return found[0] if found else None


async def _listed(
    connection: AsyncConnection, rows: Sequence[Row[Any]], at: datetime
) -> list[Listed]:
    classes = await pairs_of(connection, person_class_groups)
    duties = await pairs_of(connection, person_duties)
    children = await pairs_of(connection, guardianships)
    codes = await _open_codes(connection, at)
    found = []
    for row in rows:
        own = classes[row.id]
        if row.role == Role.GUARDIAN.value:
            own = [each for child in children[row.id] for each in classes[child]]
        found.append(
            Listed(
                number=PersonId(row.id),
                school_id=row.school_id,
                name=row.name,
                role=Role(row.role),
                active=row.active,
                class_groups=tuple(sorted(set(own))),
                duties=frozenset(Duty(duty) for duty in duties[row.id]),
                linked=row.linked,
                linked_at=row.linked_at,
                code_until=codes.get(row.id),
            )
        )
    return found


async def _open_codes(connection: AsyncConnection, at: datetime) -> dict[int, datetime]:
    rows = await connection.execute(
        select(linking_codes.c.person_id, func.max(linking_codes.c.expires_at).label("until"))
        .where(
            linking_codes.c.expires_at > at,
            linking_codes.c.spent_at.is_(None),
            linking_codes.c.revoked_at.is_(None),
        )
        .group_by(linking_codes.c.person_id)
    )
    return {row.person_id: row.until for row in rows}


def by_class(listed: tuple[Listed, ...], role: Role) -> dict[str, list[Listed]]:
    """The people of a role by class; whoever is in none stands under an empty name."""
    found: dict[str, list[Listed]] = defaultdict(list)
    for one in listed:
        if one.role is role:
            for class_group in one.class_groups or ("",):
                found[class_group].append(one)
    return dict(sorted(found.items()))
