"""What an account's own wishes depend on: what it owns, who else is there, what it asked for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.groups import GroupState
from bot.policy.ids import PersonId, UserId
from bot.policy.known import OwnData
from bot.policy.people import Account, DataRequest, Duty, Person, Role
from storage.tables import accounts, data_requests, groups, people, person_duties

OURS = (GroupState.MANAGED.value, GroupState.SUSPENDED.value)
"""States of a group that the school counts on."""

_ADMINISTRATORS = (
    select(accounts.c.user_id, accounts.c.language, accounts.c.person_id)
    .join(people, people.c.id == accounts.c.person_id)
    .join(
        person_duties,
        and_(
            person_duties.c.person_id == people.c.id,
            person_duties.c.duty == Duty.ADMINISTRATOR.value,
        ),
    )
    .where(people.c.active.is_(True), people.c.role == Role.STAFF.value)
    .order_by(accounts.c.id)
)


async def read_own_data(
    connection: AsyncConnection, users: frozenset[UserId]
) -> dict[UserId, OwnData]:
    """For each account that we know: there are few at a time, for few press these buttons."""
    if not users:
        return {}
    rows = (
        await connection.execute(
            select(accounts.c.id, accounts.c.user_id, accounts.c.linked_at).where(
                accounts.c.user_id.in_(users)
            )
        )
    ).all()
    administrators = (await connection.execute(_ADMINISTRATORS)).all()
    return {UserId(row.user_id): await _own_data(connection, row, administrators) for row in rows}


async def _own_data(
    connection: AsyncConnection,
    row: Any,  # noqa: ANN401 (a row of the query above)
    administrators: Sequence[Any],
) -> OwnData:
    owns = await connection.scalar(
        select(func.count())
        .select_from(groups)
        .where(groups.c.owner == row.id, groups.c.state.in_(OURS))
    )
    asked = await connection.scalars(
        select(data_requests.c.kind).where(
            data_requests.c.account_id == row.id, data_requests.c.done_at.is_(None)
        )
    )
    return OwnData(
        linked_at=row.linked_at,
        owns=owns or 0,
        last_administrator=[each.user_id for each in administrators] == [row.user_id],
        open_requests=frozenset(DataRequest(kind) for kind in asked),
        administrators=tuple(_administrator(each) for each in administrators),
    )


def _administrator(row: Any) -> Account:  # noqa: ANN401 (a row of the query above)
    person = Person(
        id=PersonId(row.person_id), role=Role.STAFF, duties=frozenset({Duty.ADMINISTRATOR})
    )
    return Account(user=UserId(row.user_id), person=person, language=row.language)
