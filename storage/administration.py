"""What administrators have under way, for their pages, and writing a roster that was confirmed.

A roster is written in one transaction with the state of its upload: asked again, after a crash
too, it is told from what is there whether it was written, and never written twice.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.policy.administering.under_way import MOST_NUMBER, Proposal, ProposalState, UploadState
from bot.policy.events import RosterReceived
from bot.policy.ids import UserId
from bot.policy.people import DataRequest
from bot.policy.rosters.roster import RosterRow
from bot.policy.rosters.roster_in_bot import ImportPlan, Wish, digest_of, plan_in_bot
from storage.desk import proposal_of
from storage.engine import reading
from storage.linking_codes import record_event
from storage.people import RosterChangedError, read_roster, write_people
from storage.tables import (
    accounts,
    data_requests,
    duty_proposals,
    people,
    roster_imports,
    roster_uploads,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What an import came to."""

    added: int
    changed: int
    gone: int
    proposed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUpload:
    """A roster that was sent to the bot: where it is, and what was shown of it to whom."""

    number: int
    user: UserId
    file_id: str
    content_digest: str | None
    plan_digest: str | None
    made_at: datetime
    state: UploadState
    counts: Counts


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


_UPLOAD = select(roster_uploads, accounts.c.user_id).join(
    accounts, accounts.c.id == roster_uploads.c.account_id
)
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


# --- rosters -----------------------------------------------------------------------------------


async def upload_of(engine: AsyncEngine, number: int) -> StoredUpload | None:
    """An upload by its number."""
    async with reading(engine) as connection:
        row = (await connection.execute(_UPLOAD.where(roster_uploads.c.id == number))).first()
    return None if row is None else _stored(row)


def _stored(row: Row[Any] | Any) -> StoredUpload:  # noqa: ANN401 (a row of the statement above)
    return StoredUpload(
        number=row.id,
        user=UserId(row.user_id),
        file_id=row.file_id,
        content_digest=row.content_digest,
        plan_digest=row.plan_digest,
        made_at=row.made_at,
        state=UploadState(row.state),
        counts=Counts(
            added=row.added or 0,
            changed=row.changed or 0,
            gone=row.gone or 0,
            proposed=row.proposed or 0,
        ),
    )


async def remember_shown(
    engine: AsyncEngine, number: int, *, content_digest: str, plan_digest: str
) -> bool:
    """What was shown of a roster, and is to be confirmed; false if it is settled meanwhile."""
    async with engine.begin() as connection:
        found = await connection.execute(
            update(roster_uploads)
            .where(
                roster_uploads.c.id == number,
                roster_uploads.c.state.in_(
                    (
                        UploadState.NEW.value,
                        UploadState.SHOWN.value,
                        UploadState.CONFIRMED.value,
                    )
                ),
            )
            .values(
                content_digest=content_digest,
                plan_digest=plan_digest,
                state=UploadState.SHOWN.value,
            )
        )
    return found.rowcount == 1


async def write_upload(
    engine: AsyncEngine,
    upload: StoredUpload,
    rows: Iterable[RosterRow],
    at: datetime,
    proposals_valid: timedelta,
) -> Counts:
    """Write a roster that was confirmed, in one transaction; or say what came of it already.

    Raises ``RosterChangedError``, and writes nothing, if the rows would by now do something else
    than was shown, or if the upload is not confirmed.
    """
    async with engine.begin() as connection:
        found = await connection.execute(_UPLOAD.where(roster_uploads.c.id == upload.number))
        now = _stored(found.one())
        if now.state is UploadState.DONE:
            return now.counts
        planned = plan_in_bot(await read_roster(connection), rows)
        if now.state is not UploadState.CONFIRMED or digest_of(planned) != now.plan_digest:
            raise RosterChangedError
        return await _write(connection, now, planned, at, proposals_valid)


async def _write(
    connection: AsyncConnection,
    upload: StoredUpload,
    planned: ImportPlan,
    at: datetime,
    proposals_valid: timedelta,
) -> Counts:
    plan = planned.plan
    await write_people(connection, plan, at)
    proposed = await _propose(connection, planned.wishes, upload.user, at, proposals_valid)
    counts = {
        "added": len(plan.added),
        "changed": len(plan.changed),
        "gone": len(plan.gone),
    }
    await connection.execute(insert(roster_imports).values(at=at, **counts))
    await connection.execute(
        update(roster_uploads)
        .where(roster_uploads.c.id == upload.number)
        .values(state=UploadState.DONE.value, settled_at=at, proposed=proposed, **counts)
    )
    event = RosterReceived(user=upload.user, proposed=proposed, kept=len(planned.kept), **counts)
    await record_event(connection, event, at)
    return Counts(proposed=proposed, **counts)


async def _propose(
    connection: AsyncConnection,
    wishes: Iterable[Wish],
    by: UserId,
    at: datetime,
    valid: timedelta,
) -> int:
    """Make a proposal of each duty in the file, unless it is proposed already; answer how many."""
    wishes = tuple(wishes)
    if not wishes:
        return 0
    account = await connection.scalar(select(accounts.c.id).where(accounts.c.user_id == by))
    found = await connection.execute(select(people.c.school_id, people.c.id))
    numbers: Mapping[str, int] = {row.school_id: row.id for row in found}
    waiting = await connection.execute(
        select(duty_proposals).where(
            duty_proposals.c.state == ProposalState.OPEN.value,
            duty_proposals.c.proposed_at > at - valid,
        )
    )
    known = {(row.person_id, row.duty, row.grants) for row in waiting}
    new = [
        {
            "id": secrets.randbelow(MOST_NUMBER),
            "person_id": numbers[wish.school_id],
            "duty": wish.duty.value,
            "grants": wish.grants,
            "proposed_by": account,
            "proposed_at": at,
            "state": ProposalState.OPEN.value,
        }
        for wish in wishes
        if (numbers[wish.school_id], wish.duty.value, wish.grants) not in known
    ]
    if new:
        await connection.execute(insert(duty_proposals), new)
    return len(new)


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
