"""Guardians' consent in our tables: for those who want to join, and for those who decide."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, exists, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.broadcast_groups.group_seen import OURS
from bot.policy.coming_in.consent import Child, Consent, StudentGroup, mark_of
from bot.policy.ids import ChatId, PersonId, UserId
from bot.policy.people import Account, Person, Role
from storage.tables import (
    accounts,
    group_chat_ids,
    group_members,
    groups,
    guardian_consents,
    guardianships,
    join_requests,
    people,
    person_class_groups,
)

_guardian = people.alias("guardian")
_guardian_account = accounts.alias("guardian_account")
_owner_account = accounts.alias("owner_account")
_owner = people.alias("owner")

# A guardianship counts while the guardian is in the roster, as a guardian.
_OF_GUARDIANS = and_(
    _guardian.c.id == guardianships.c.guardian_id,
    _guardian.c.active.is_(True),
    _guardian.c.role == Role.GUARDIAN.value,
)
_STANDING = (
    exists()
    .where(
        guardian_consents.c.student_id == guardianships.c.student_id,
        guardian_consents.c.guardian_id == guardianships.c.guardian_id,
        guardian_consents.c.withdrawn_at.is_(None),
    )
    .label("standing")
)
_CONSENTS = (
    select(
        accounts.c.user_id.label("student_user"),
        accounts.c.person_id.label("student"),
        _guardian_account.c.user_id.label("guardian_user"),
        _guardian_account.c.language,
        _STANDING,
    )
    .select_from(
        accounts.join(guardianships, guardianships.c.student_id == accounts.c.person_id)
        .join(_guardian, _OF_GUARDIANS)
        .outerjoin(_guardian_account, _guardian_account.c.person_id == _guardian.c.id)
    )
    .where(accounts.c.user_id.in_(bindparam("users", expanding=True)))
    .order_by(_guardian.c.id)
)
_CHILDREN: Select[Any] = (
    select(
        people.c.id,
        accounts.c.user_id,
        _guardian.c.id.label("guardian"),
        guardian_consents.c.given_at,
        guardian_consents.c.withdrawn_at,
    )
    .select_from(
        people.outerjoin(accounts, accounts.c.person_id == people.c.id)
        .join(guardianships, guardianships.c.student_id == people.c.id)
        .join(_guardian, _OF_GUARDIANS)
        .outerjoin(
            guardian_consents,
            and_(
                guardian_consents.c.student_id == people.c.id,
                guardian_consents.c.guardian_id == _guardian.c.id,
            ),
        )
    )
    .where(
        people.c.id.in_(bindparam("people", expanding=True)),
        people.c.active.is_(True),
        people.c.role == Role.STUDENT.value,
    )
)
_IN_GROUPS = union_all(
    select(group_members.c.group_id, group_members.c.account_id, literal(0).label("waits")),
    select(join_requests.c.group_id, join_requests.c.account_id, literal(1).label("waits")).where(
        join_requests.c.settled_at.is_(None)
    ),
).subquery()
_GROUPS = (
    select(
        accounts.c.person_id,
        group_chat_ids.c.chat_id,
        _IN_GROUPS.c.waits,
        _owner_account.c.user_id,
        _owner_account.c.language,
        _owner.c.id.label("owner"),
        _owner.c.role,
        _owner.c.active,
    )
    .select_from(
        accounts.join(_IN_GROUPS, _IN_GROUPS.c.account_id == accounts.c.id)
        .join(groups, groups.c.id == _IN_GROUPS.c.group_id)
        .join(
            group_chat_ids,
            and_(group_chat_ids.c.group_id == groups.c.id, group_chat_ids.c.is_current.is_(True)),
        )
        .outerjoin(_owner_account, _owner_account.c.id == groups.c.owner)
        .outerjoin(_owner, _owner.c.id == _owner_account.c.person_id)
    )
    .where(
        accounts.c.person_id.in_(bindparam("people", expanding=True)),
        groups.c.state.in_([state.value for state in OURS]),
    )
    .order_by(groups.c.id)
)


async def read_consents(
    connection: AsyncConnection, users: frozenset[UserId]
) -> dict[UserId, Consent]:
    """Whether consent was given, for each of these accounts that is a guardian's child."""
    if not users:
        return {}
    found: dict[UserId, list[Row[Any]]] = defaultdict(list)
    for row in await connection.execute(_CONSENTS, {"users": tuple(users)}):
        found[UserId(row.student_user)].append(row)
    return {
        user: Consent(
            student=PersonId(rows[0].student),
            given=any(row.standing for row in rows),
            guardians=tuple(
                Account(user=UserId(row.guardian_user), language=row.language)
                for row in rows
                if row.guardian_user is not None
            ),
        )
        for user, rows in found.items()
    }


async def read_children(
    connection: AsyncConnection, students: frozenset[PersonId]
) -> dict[PersonId, Child]:
    """Students who are at school and have a guardian there, with the groups that they are in."""
    if not students:
        return {}
    found: dict[PersonId, list[Row[Any]]] = defaultdict(list)
    decisions = await connection.execute(_CHILDREN, {"people": tuple(students)})
    for row in decisions.all():
        found[PersonId(row.id)].append(row)
    of_groups = await _groups_of(connection, found)
    return {
        student: Child(
            person=student,
            user=None if rows[0].user_id is None else UserId(rows[0].user_id),
            guardians=frozenset(PersonId(row.guardian) for row in rows),
            given_by=frozenset(
                PersonId(row.guardian)
                for row in rows
                if row.given_at is not None and row.withdrawn_at is None
            ),
            marks={PersonId(row.guardian): mark_of(row.given_at, row.withdrawn_at) for row in rows},
            groups=tuple(of_groups[student]),
        )
        for student, rows in found.items()
    }


async def _groups_of(
    connection: AsyncConnection, students: Iterable[PersonId]
) -> dict[PersonId, list[StudentGroup]]:
    found: dict[PersonId, list[StudentGroup]] = defaultdict(list)
    for row in await connection.execute(_GROUPS, {"people": tuple(students)}):
        found[PersonId(row.person_id)].append(
            StudentGroup(chat=ChatId(row.chat_id), owner=_account_of(row), waits=bool(row.waits))
        )
    return found


def _account_of(row: Any) -> Account | None:  # noqa: ANN401 (a row of a query)
    if row.user_id is None:
        return None
    person = None
    if row.owner is not None:
        person = Person(id=PersonId(row.owner), role=Role(row.role), active=row.active)
    return Account(user=UserId(row.user_id), person=person, language=row.language)


# --- for the pages -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChild:
    """A child as its guardian sees it: ``given_at`` is when this guardian gave consent, if so.

    ``mark``: which decision of this guardian was the last (``mark_of``).
    """

    person: PersonId
    name: str
    class_groups: tuple[str, ...]
    given_at: datetime | None
    mark: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnStudent:
    """A student in a group for whom nobody's consent stands; ``title`` is the group's."""

    name: str
    class_groups: tuple[str, ...]
    title: str


async def own_children(connection: AsyncConnection, guardian: PersonId) -> tuple[OwnChild, ...]:
    """The children of a guardian who are at school, by name."""
    rows = (
        await connection.execute(
            select(
                people.c.id,
                people.c.name,
                guardian_consents.c.given_at,
                guardian_consents.c.withdrawn_at,
            )
            .select_from(
                guardianships.join(people, people.c.id == guardianships.c.student_id).outerjoin(
                    guardian_consents,
                    and_(
                        guardian_consents.c.student_id == guardianships.c.student_id,
                        guardian_consents.c.guardian_id == guardianships.c.guardian_id,
                    ),
                )
            )
            .where(guardianships.c.guardian_id == guardian, people.c.active.is_(True))
            .order_by(people.c.name, people.c.id)
        )
    ).all()
    classes = await _classes_of(connection, [row.id for row in rows])
    return tuple(
        OwnChild(
            person=PersonId(row.id),
            name=row.name,
            class_groups=tuple(classes[row.id]),
            given_at=row.given_at if row.withdrawn_at is None else None,
            mark=mark_of(row.given_at, row.withdrawn_at),
        )
        for row in rows
    )


async def student_without_consent(
    connection: AsyncConnection, student: PersonId, chat: ChatId
) -> WithdrawnStudent | None:
    """A student who is in a group while no consent stands; ``None`` if that is not so."""
    row = (
        await connection.execute(
            select(people.c.name, accounts.c.user_id, groups.c.title)
            .select_from(
                people.join(accounts, accounts.c.person_id == people.c.id)
                .join(group_members, group_members.c.account_id == accounts.c.id)
                .join(groups, groups.c.id == group_members.c.group_id)
                .join(group_chat_ids, group_chat_ids.c.group_id == groups.c.id)
            )
            .where(people.c.id == student, group_chat_ids.c.chat_id == chat)
        )
    ).first()
    if row is None:
        return None
    consents = await read_consents(connection, frozenset((UserId(row.user_id),)))
    consent = consents.get(UserId(row.user_id))
    if consent is not None and consent.given:
        return None
    classes = await _classes_of(connection, [student])
    return WithdrawnStudent(name=row.name, class_groups=tuple(classes[student]), title=row.title)


async def _classes_of(connection: AsyncConnection, students: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = await connection.execute(
        select(person_class_groups)
        .where(person_class_groups.c.person_id.in_(students))
        .order_by(person_class_groups.c.class_group)
    )
    for row in rows:
        found[row.person_id].append(row.class_group)
    return found
