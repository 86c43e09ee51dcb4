"""The linking codes that join a person of the roster to a Telegram account.

Made for paper: a code is shown once, to whoever asked for it, and only its hash is kept.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.policy.accounts.codes import ALPHABET, CODE_LENGTH, hash_of_code, written
from bot.policy.decision import Decision
from bot.policy.events import CodesHandedOut, CodesIssued, Event
from bot.policy.people import Duty, Role
from bot.policy.rosters.roster import FIRST_ADMINISTRATOR
from bot.policy.rules import Rule
from storage.engine import reading
from storage.numbers import Numbers
from storage.tables import (
    accounts,
    guardianships,
    linking_codes,
    people,
    person_class_groups,
    person_duties,
)
from storage.writing import Ruling, write_rulings

FIRST_ADMINISTRATOR_NAME = "Eerste beheerder"

_HAS_ACCOUNT = exists().where(accounts.c.person_id == people.c.id)
_OPEN_CODE = (linking_codes.c.spent_at.is_(None), linking_codes.c.revoked_at.is_(None))


class AdministratorExistsError(Exception):
    """An administrator is linked already: the school's own people go on from here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Who gets a code, of the active people without an account; each narrows the choice.

    ``class_group`` alone means its students: a code of staff or of a guardian must never come
    along in what is handed out in class. With ``role`` guardian it means their children's class.
    """

    class_group: str | None = None
    role: Role | None = None
    school_id: str | None = None
    renew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """A code as it is handed over: ``code`` is written in groups of four and stored nowhere.

    ``class_groups`` of a guardian are those of the children.
    """

    school_id: str
    name: str
    role: Role
    class_groups: tuple[str, ...]
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outstanding:
    """How far one role is with linking, of the people who are active."""

    role: Role
    people: int
    linked: int
    with_code: int

    @property
    def without_code(self) -> int:
        """Who has neither an account nor a code that can still be used."""
        return self.people - self.linked - self.with_code


async def issue_codes(
    engine: AsyncEngine, selection: Selection, at: datetime, valid: timedelta
) -> list[IssuedCode]:
    """Make a code for everybody chosen; by role, class and name.

    Codes made earlier stay valid until they expire, unless ``renew`` ends them. Without anybody
    to make a code for, nothing is recorded.
    """
    async with engine.begin() as connection:
        chosen = await _choose(connection, selection)
        if selection.renew:
            await revoke_codes(connection, [{"of": row.id} for row, _ in chosen], at)
        issued = await _issue(connection, chosen, at, valid)
        if issued:
            event = CodesIssued(count=len(issued), first_administrator=False)
            await record_event(connection, event, at)
    return issued


async def hand_out_codes(
    engine: AsyncEngine,
    people_chosen: Iterable[int],
    event: CodesHandedOut,
    at: datetime,
    valid: timedelta,
) -> list[IssuedCode]:
    """Make a code for those of these people who have no account, by role, class and name.

    Their earlier codes end. ``event`` says for whom they are; its count is what came of it. Without
    anybody to make a code for, nothing is recorded.
    """
    wanted = frozenset(people_chosen)
    async with engine.begin() as connection:
        chosen = [one for one in await _choose(connection, Selection()) if one[0].id in wanted]
        await revoke_codes(connection, [{"of": row.id} for row, _ in chosen], at)
        issued = await _issue(connection, chosen, at, valid)
        if issued:
            await record_event(connection, replace(event, count=len(issued)), at)
    return issued


async def first_administrator(engine: AsyncEngine, at: datetime, valid: timedelta) -> IssuedCode:
    """The code with which whoever installs the bot becomes its administrator.

    Raises ``AdministratorExistsError`` once any active administrator is linked. Until then each
    code ends the ones before it.
    """
    async with engine.begin() as connection:
        if await connection.scalar(_linked_administrators()):
            raise AdministratorExistsError
        number = await _first_administrator_number(connection, at)
        await revoke_codes(connection, [{"of": number}], at)
        rows = await connection.execute(select(people).where(people.c.id == number))
        issued = await _issue(connection, [(rows.one(), ())], at, valid)
        await record_event(connection, CodesIssued(count=1, first_administrator=True), at)
    return issued[0]


def _linked_administrators() -> Any:  # noqa: ANN401 (SQLAlchemy's type of a statement says no more)
    return (
        select(people.c.id)
        .join(person_duties, person_duties.c.person_id == people.c.id)
        .where(
            people.c.active.is_(True),
            people.c.role == Role.STAFF.value,
            person_duties.c.duty == Duty.ADMINISTRATOR.value,
            _HAS_ACCOUNT,
        )
        .limit(1)
    )


async def _first_administrator_number(connection: AsyncConnection, at: datetime) -> int:
    staff = {"role": Role.STAFF.value, "active": True, "left_at": None}
    number: int | None = await connection.scalar(
        update(people)
        .where(people.c.school_id == FIRST_ADMINISTRATOR)
        .values(**staff)
        .returning(people.c.id)
    )
    if number is None:
        number = await connection.scalar(
            insert(people)
            .values(
                school_id=FIRST_ADMINISTRATOR,
                name=FIRST_ADMINISTRATOR_NAME,
                imported_at=at,
                **staff,
            )
            .returning(people.c.id)
        )
    duty = {"person_id": number, "duty": Duty.ADMINISTRATOR.value}
    has_duty = select(person_duties).filter_by(**duty)
    if (await connection.execute(has_duty)).first() is None:
        await connection.execute(insert(person_duties).values(duty))
    return int(number or 0)


async def _choose(
    connection: AsyncConnection, selection: Selection
) -> list[tuple[Any, tuple[str, ...]]]:
    """The people chosen, each with the class groups to show, in the order of handing out."""
    role = selection.role
    if role is None and selection.class_group is not None:
        role = Role.STUDENT
    wanted: list[ColumnElement[bool]] = [people.c.active.is_(True), ~_HAS_ACCOUNT]
    if role is not None:
        wanted.append(people.c.role == role.value)
    if selection.school_id is not None:
        wanted.append(people.c.school_id == selection.school_id)
    rows = (await connection.execute(select(people).where(*wanted))).all()
    class_groups = await pairs_of(connection, person_class_groups)
    children = await pairs_of(connection, guardianships)
    chosen = []
    for row in rows:
        own = class_groups[row.id]
        if row.role == Role.GUARDIAN.value:
            own = [each for child in children[row.id] for each in class_groups[child]]
        if selection.class_group is None or selection.class_group in own:
            chosen.append((row, tuple(sorted(set(own)))))
    return sorted(chosen, key=lambda one: (one[0].role, one[1], one[0].name, one[0].school_id))


async def _issue(
    connection: AsyncConnection,
    chosen: Iterable[tuple[Any, tuple[str, ...]]],
    at: datetime,
    valid: timedelta,
) -> list[IssuedCode]:
    issued, rows = [], []
    for person, class_groups in chosen:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        issued.append(
            IssuedCode(
                school_id=person.school_id,
                name=person.name,
                role=Role(person.role),
                class_groups=class_groups,
                code=written(code),
                expires_at=at + valid,
            )
        )
        rows.append(
            {
                "code_hash": hash_of_code(code),
                "person_id": person.id,
                "made_at": at,
                "expires_at": at + valid,
            }
        )
    if rows:
        await connection.execute(insert(linking_codes), rows)
    return issued


async def outstanding(engine: AsyncEngine, at: datetime) -> tuple[Outstanding, ...]:
    """How far each role is with linking, at a moment."""
    has_code = exists().where(
        linking_codes.c.person_id == people.c.id, linking_codes.c.expires_at > at, *_OPEN_CODE
    )
    query = select(people.c.role, _HAS_ACCOUNT.label("linked"), has_code.label("has_code"))
    async with reading(engine) as connection:
        rows = (await connection.execute(query.where(people.c.active.is_(True)))).all()
    return tuple(
        Outstanding(
            role=role,
            people=sum(row.role == role for row in rows),
            linked=sum(row.role == role and row.linked for row in rows),
            with_code=sum(row.role == role and row.has_code and not row.linked for row in rows),
        )
        for role in Role
    )


# --- shared with the roster --------------------------------------------------------------------


async def pairs_of(connection: AsyncConnection, table: Any) -> Mapping[int, list[Any]]:  # noqa: ANN401 (a table that begins with an owner and a value)
    """A table or query of an owner and a value, as the values of each owner."""
    found: dict[int, list[Any]] = defaultdict(list)
    statement = table if isinstance(table, Select) else select(table)
    for owner, value, *_ in await connection.execute(statement):
        found[owner].append(value)
    return found


async def revoke_codes(connection: AsyncConnection, of: list[dict[str, int]], at: datetime) -> None:
    """End the open codes of these people."""
    if of:
        await connection.execute(
            update(linking_codes)
            .where(linking_codes.c.person_id == bindparam("of"), *_OPEN_CODE)
            .values(revoked_at=at),
            of,
        )


async def record_event(connection: AsyncConnection, event: Event, at: datetime) -> None:
    """Write an event from which nothing follows."""
    ruling = Ruling(Decision(rule=Rule.BOOKKEEPING, events=(event,)), at)
    await write_rulings(connection, [ruling], at, Numbers())
