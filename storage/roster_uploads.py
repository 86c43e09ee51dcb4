"""A roster that an administrator sent to the bot: where it is, and writing it once confirmed.

A roster is written in one transaction with the state of its upload and with what follows from it:
asked again, after a crash too, it is told from what is there whether it was written, and never
written twice.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.policy.administering.duties import shown_proposals
from bot.policy.administering.under_way import MOST_NUMBER, ProposalState, UploadState
from bot.policy.decision import Decision
from bot.policy.effects import Effect, SetCommandMenu
from bot.policy.events import RosterReceived
from bot.policy.ids import UserId
from bot.policy.rosters.roster import RosterPlan, RosterRow
from bot.policy.rosters.roster_in_bot import ImportPlan, Wish, digest_of, plan_in_bot
from bot.policy.rules import Rule
from storage.desk import linked_administrators
from storage.engine import reading
from storage.numbers import Numbers
from storage.outbox import Waiting
from storage.people import RosterChangedError, read_roster, write_people
from storage.tables import accounts, duty_proposals, people, roster_imports, roster_uploads
from storage.writing import Ruling, write_rulings


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What an import came to."""

    added: int
    changed: int
    gone: int
    proposed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A roster that is written. ``waiting``: what follows from it, for the sender."""

    counts: Counts
    waiting: Sequence[Waiting] = ()


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


_UPLOAD = select(roster_uploads, accounts.c.user_id).join(
    accounts, accounts.c.id == roster_uploads.c.account_id
)


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
) -> Written:
    """Write a roster that was confirmed, in one transaction; or say what came of it already.

    Raises ``RosterChangedError``, and writes nothing, if the rows would by now do something else
    than was shown, or if the upload is not confirmed.
    """
    async with engine.begin() as connection:
        found = await connection.execute(_UPLOAD.where(roster_uploads.c.id == upload.number))
        now = _stored(found.one())
        if now.state is UploadState.DONE:
            return Written(counts=now.counts)
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
) -> Written:
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
    effects = [*await _menus(connection, plan)]
    if proposed:
        effects += await _asked_to_agree(connection, upload.user)
    follows = Decision(rule=Rule.BOOKKEEPING, events=(event,), effects=tuple(effects))
    waiting = await write_rulings(connection, [Ruling(follows, at)], at, Numbers())
    return Written(counts=Counts(proposed=proposed, **counts), waiting=waiting)


async def _menus(connection: AsyncConnection, plan: RosterPlan) -> list[Effect]:
    """The menus of those who may do something else by now."""
    concerned = [person.school_id for person in plan.gone]
    for change in plan.changed:
        before, after = change.before, change.after
        if (before.role, before.active) != (after.role, after.active):
            concerned.append(after.school_id)
    linked = await connection.execute(
        select(people.c.school_id, accounts.c.user_id)
        .join(accounts, accounts.c.person_id == people.c.id)
        .order_by(accounts.c.id)
    )
    wanted = frozenset(concerned)
    return [SetCommandMenu(user=UserId(row.user_id)) for row in linked if row.school_id in wanted]


async def _asked_to_agree(connection: AsyncConnection, by: UserId) -> list[Effect]:
    """What the file proposes, to each other administrator."""
    others = await linked_administrators(connection)
    return [shown_proposals(other) for other in others if other.user != by]


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
