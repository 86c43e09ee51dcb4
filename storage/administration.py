"""What administrators have under way, for their pages: proposals and requests."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.policy.administering.under_way import Proposal, ProposalState
from bot.policy.people import DataRequest
from storage.desk import proposal_of
from storage.engine import reading
from storage.tables import accounts, data_requests, duty_proposals, people


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProposal:
    """A proposal with the names of whom it is about, who made it and who decided."""

    proposal: Proposal
    name: str
    proposer: str
    decider: str | None
    subject_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRequest:
    """A request that nobody has dealt with yet; ``name`` is ``None`` if nobody was linked."""

    number: int
    name: str | None
    person: int | None
    kind: DataRequest
    asked_at: datetime


_proposer = accounts.alias("proposing_account")
_decider = accounts.alias("deciding_account")
_proposer_person = people.alias("proposing_person")
_decider_person = people.alias("deciding_person")
_PROPOSALS: Any = (
    select(
        duty_proposals,
        people.c.name,
        people.c.active,
        _proposer.c.user_id,
        _proposer_person.c.name.label("proposer"),
        _decider_person.c.name.label("decider"),
    )
    .join(people, people.c.id == duty_proposals.c.person_id)
    .join(_proposer, _proposer.c.id == duty_proposals.c.proposed_by)
    .outerjoin(_proposer_person, _proposer_person.c.id == _proposer.c.person_id)
    .outerjoin(_decider, _decider.c.id == duty_proposals.c.decided_by)
    .outerjoin(_decider_person, _decider_person.c.id == _decider.c.person_id)
)


# --- duties ------------------------------------------------------------------------------------


async def open_proposals(engine: AsyncEngine, since: datetime) -> tuple[ShownProposal, ...]:
    """Proposals that can still be decided, the oldest first; ``since``: older ones have ended."""
    statement = _PROPOSALS.where(
        duty_proposals.c.state == ProposalState.OPEN.value, duty_proposals.c.proposed_at > since
    ).order_by(duty_proposals.c.proposed_at, duty_proposals.c.id)
    async with reading(engine) as connection:
        rows = (await connection.execute(statement)).all()
    return tuple(_shown(row) for row in rows)


async def proposal(engine: AsyncEngine, number: int) -> ShownProposal | None:
    """A proposal by its number, decided or not."""
    async with reading(engine) as connection:
        row = (await connection.execute(_PROPOSALS.where(duty_proposals.c.id == number))).first()
    return None if row is None else _shown(row)


def _shown(row: Any) -> ShownProposal:  # noqa: ANN401 (a row of the statement above)
    return ShownProposal(
        proposal=proposal_of(row),
        name=row.name,
        proposer=row.proposer or "",
        decider=row.decider,
        subject_active=row.active,
    )


# --- requests ----------------------------------------------------------------------------------


async def open_requests(engine: AsyncEngine) -> tuple[ShownRequest, ...]:
    """Requests for correction or erasure that nobody has dealt with, the oldest first."""
    statement = (
        select(data_requests, people.c.name)
        .select_from(data_requests.outerjoin(people, people.c.id == data_requests.c.person_id))
        .where(data_requests.c.done_at.is_(None))
        .order_by(data_requests.c.asked_at, data_requests.c.id)
    )
    async with reading(engine) as connection:
        rows = (await connection.execute(statement)).all()
    return tuple(
        ShownRequest(
            number=row.id,
            name=row.name,
            person=row.person_id,
            kind=DataRequest(row.kind),
            asked_at=row.asked_at,
        )
        for row in rows
    )
