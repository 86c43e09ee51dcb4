"""What an administrator's decision depends on: people, rosters, proposals and requests, by number.

There are few at a time, so each is read by itself. Names are not read: no rule needs one.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.administering.under_way import (
    AskedRequest,
    DeskKnown,
    DeskNeeds,
    Member,
    Proposal,
    ProposalState,
    Upload,
    UploadState,
)
from bot.policy.events import AccountLinked
from bot.policy.ids import PersonId, UserId
from bot.policy.people import Account, DataRequest, Duty, Person, Role
from bot.policy.rosters.roster import FIRST_ADMINISTRATOR
from storage.tables import (
    accounts,
    data_requests,
    duty_proposals,
    events,
    people,
    person_duties,
    roster_uploads,
)

_MEMBERS: Select[Any] = select(
    people.c.id,
    people.c.school_id,
    people.c.role,
    people.c.active,
    accounts.c.user_id,
    accounts.c.language,
).select_from(people.outerjoin(accounts, accounts.c.person_id == people.c.id))

_ADMINISTRATORS: Select[Any] = (
    _MEMBERS.join(
        person_duties,
        and_(
            person_duties.c.person_id == people.c.id,
            person_duties.c.duty == Duty.ADMINISTRATOR.value,
        ),
    )
    .where(
        people.c.active.is_(True),
        people.c.role == Role.STAFF.value,
        accounts.c.user_id.is_not(None),
    )
    .order_by(accounts.c.id)
)
_HAVE_THE_DUTY: Select[Any] = (
    select(people.c.id, people.c.school_id, accounts.c.user_id)
    .join(person_duties, person_duties.c.person_id == people.c.id)
    .outerjoin(accounts, accounts.c.person_id == people.c.id)
    .where(
        person_duties.c.duty == Duty.ADMINISTRATOR.value,
        people.c.active.is_(True),
        people.c.role == Role.STAFF.value,
    )
)
_UPLOADS = select(roster_uploads, accounts.c.user_id).join(
    accounts, accounts.c.id == roster_uploads.c.account_id
)
_PROPOSALS = select(duty_proposals, accounts.c.user_id).join(
    accounts, accounts.c.id == duty_proposals.c.proposed_by
)


async def read_desk(connection: AsyncConnection, needs: DeskNeeds) -> DeskKnown:
    """The answer to some needs. What is not there is not in it."""
    proposals = await _proposals(connection, needs)
    about = needs.people | {proposal.person for proposal in proposals}
    return DeskKnown(
        people=await _members(connection, about),
        uploads=await _uploads(connection, needs.uploads),
        proposals={proposal.number: proposal for proposal in proposals},
        requests=await _requests(connection, needs.requests),
        administrators=await linked_administrators(connection) if needs.administrators else (),
        sharing=await _sharing(connection) if needs.administrators else frozenset(),
    )


async def _sharing(connection: AsyncConnection) -> frozenset[PersonId]:
    """Who shares the duty of administrator (``DeskKnown.sharing``)."""
    found = set()
    for row in (await connection.execute(_HAVE_THE_DUTY)).all():
        installed = row.school_id == FIRST_ADMINISTRATOR
        if row.user_id is not None or (not installed and await _has_linked(connection, row.id)):
            found.add(PersonId(row.id))
    return frozenset(found)


async def _has_linked(connection: AsyncConnection, person: int) -> bool:
    """Whether an account was ever linked to a person: the log alone remembers it for good."""
    linked = select(events.c.seq).where(
        events.c.tag == AccountLinked.tag, events.c.person_id == person
    )
    return await connection.scalar(linked.limit(1)) is not None


async def linked_administrators(connection: AsyncConnection) -> tuple[Account, ...]:
    """The accounts of the administrators who are linked and at school, by their number."""
    rows = (await connection.execute(_ADMINISTRATORS)).all()
    duties = await _duties(connection, [row.id for row in rows])
    found = (_member(row, duties).account for row in rows)
    return tuple(account for account in found if account is not None)


async def _members(
    connection: AsyncConnection, numbers: frozenset[PersonId]
) -> dict[PersonId, Member]:
    if not numbers:
        return {}
    rows = (await connection.execute(_MEMBERS.where(people.c.id.in_(numbers)))).all()
    duties = await _duties(connection, numbers)
    return {PersonId(row.id): _member(row, duties) for row in rows}


async def _duties(connection: AsyncConnection, numbers: Iterable[int]) -> set[tuple[int, Duty]]:
    rows = await connection.execute(
        select(person_duties.c.person_id, person_duties.c.duty).where(
            person_duties.c.person_id.in_(tuple(numbers))
        )
    )
    return {(row.person_id, Duty(row.duty)) for row in rows}


def _member(row: Row[Any], duties: set[tuple[int, Duty]]) -> Member:
    person = Person(
        id=PersonId(row.id),
        role=Role(row.role),
        active=row.active,
        duties=frozenset(duty for number, duty in duties if number == row.id),
    )
    account = None
    if row.user_id is not None:
        account = Account(user=UserId(row.user_id), person=person, language=row.language)
    return Member(
        person=person,
        account=account,
        is_first_administrator=row.school_id == FIRST_ADMINISTRATOR,
    )


async def _uploads(connection: AsyncConnection, numbers: frozenset[int]) -> dict[int, Upload]:
    if not numbers:
        return {}
    rows = await connection.execute(_UPLOADS.where(roster_uploads.c.id.in_(numbers)))
    return {
        row.id: Upload(
            number=row.id,
            user=UserId(row.user_id),
            made_at=row.made_at,
            state=UploadState(row.state),
        )
        for row in rows
    }


async def _proposals(connection: AsyncConnection, needs: DeskNeeds) -> tuple[Proposal, ...]:
    if not (needs.proposals or needs.proposals_about):
        return ()
    wanted = duty_proposals.c.id.in_(needs.proposals) | and_(
        duty_proposals.c.person_id.in_(needs.proposals_about),
        duty_proposals.c.state == ProposalState.OPEN.value,
    )
    rows = await connection.execute(_PROPOSALS.where(wanted).order_by(duty_proposals.c.proposed_at))
    return tuple(proposal_of(row) for row in rows)


def proposal_of(row: Row[Any]) -> Proposal:
    """A row of proposals that carries ``user_id`` of whoever proposed it."""
    return Proposal(
        number=row.id,
        person=PersonId(row.person_id),
        duty=Duty(row.duty),
        grants=row.grants,
        proposed_by=UserId(row.user_id),
        proposed_at=row.proposed_at,
        state=ProposalState(row.state),
    )


async def _requests(
    connection: AsyncConnection, numbers: frozenset[int]
) -> dict[int, AskedRequest]:
    if not numbers:
        return {}
    rows = await connection.execute(select(data_requests).where(data_requests.c.id.in_(numbers)))
    return {
        row.id: AskedRequest(
            number=row.id,
            kind=DataRequest(row.kind),
            person=None if row.person_id is None else PersonId(row.person_id),
            done=row.done_at is not None,
        )
        for row in rows
    }
