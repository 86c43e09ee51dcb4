"""An administrator's desk in a real database: rosters that are written once, duties that stay."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.policy.administering.under_way import DeskNeeds, ProposalState, UploadState
from bot.policy.changes import (
    Change,
    DecideProposal,
    ProposeDuty,
    RememberUpload,
    SetDuty,
    SetUploadState,
)
from bot.policy.decision import Decision
from bot.policy.ids import PersonId, UserId
from bot.policy.known import Known, Needs
from bot.policy.people import Duty, Role
from bot.policy.rosters.roster import RosterRow, plan
from bot.policy.rosters.roster_in_bot import digest_of, plan_in_bot
from bot.policy.rules import Rule
from storage.administration import open_proposals
from storage.due import forget
from storage.ledger import Unit
from storage.people import RosterChangedError, current_roster, write_import
from storage.roster_uploads import (
    StoredUpload,
    remember_shown,
    upload_of,
    write_upload,
)
from storage.tables import (
    accounts,
    duty_proposals,
    people,
    person_duties,
    roster_imports,
    roster_uploads,
)
from tests.storage.conftest import ANNA, NOON, Books

WEEK = timedelta(days=7)
BEN = UserId(5_000_000_002)

ADMIN = RosterRow(
    school_id="ANN", name="Anna", role=Role.STAFF, duties=frozenset({Duty.ADMINISTRATOR})
)
VERA = RosterRow(school_id="VRI", name="Vera", role=Role.STAFF, duties=frozenset())
BRAM = RosterRow(school_id="1001", name="Bram", role=Role.STUDENT, class_groups=frozenset({"4H2"}))


async def record(books: Books, *changes: Change) -> None:
    decision = Decision(rule=Rule.BOOKKEEPING, changes=changes)
    await books.ledger.record(Unit(judge=lambda _known: decision))


async def by_command_line(books: Books, *rows: RosterRow) -> None:
    agreed = plan(await current_roster(books.engine), rows)
    await write_import(books.engine, rows, agreed, NOON)


async def school(books: Books) -> None:
    """Anna is an administrator and linked; Vera is a colleague."""
    await by_command_line(books, ADMIN, VERA)
    person = select(people.c.id).where(people.c.school_id == "ANN").scalar_subquery()
    async with books.engine.begin() as connection:
        await connection.execute(
            insert(accounts).values(user_id=ANNA, person_id=person, first_seen_at=NOON)
        )


async def number(books: Books, school_id: str) -> PersonId:
    (row,) = await books.rows(select(people.c.id).where(people.c.school_id == school_id))
    return PersonId(row[0])


async def confirmed(books: Books, rows: Iterable[RosterRow], upload: int = 9) -> StoredUpload:
    """A roster that was sent, shown and confirmed."""
    await record(books, RememberUpload(number=upload, user=ANNA, file_id="BQAC"))
    planned = plan_in_bot(await current_roster(books.engine), rows)
    await remember_shown(
        books.engine, upload, content_digest="c" * 64, plan_digest=digest_of(planned)
    )
    await record(books, SetUploadState(number=upload, state=UploadState.CONFIRMED))
    found = await upload_of(books.engine, upload)
    assert found is not None
    return found


async def active(books: Books) -> list[str]:
    return [one.school_id for one in await current_roster(books.engine) if one.active]


async def test_roster_when_written_twice_then_the_second_time_tells_the_first(
    books: Books,
) -> None:
    await school(books)
    upload = await confirmed(books, [BRAM])

    first = await write_upload(books.engine, upload, [BRAM], NOON, WEEK)
    second = await write_upload(books.engine, upload, [], NOON, WEEK)

    assert first.counts == second.counts
    assert (first.counts.added, first.counts.changed, first.counts.gone) == (1, 0, 0)
    assert await books.count(roster_imports) == 2
    assert (await books.verdict()).whole


@pytest.mark.parametrize(
    "state", [UploadState.NEW, UploadState.SHOWN, UploadState.CANCELLED, UploadState.REPLACED]
)
async def test_roster_when_not_confirmed_then_is_not_written(
    books: Books, state: UploadState
) -> None:
    await school(books)
    upload = await confirmed(books, [BRAM])
    await record(books, SetUploadState(number=9, state=state))

    with pytest.raises(RosterChangedError):
        await write_upload(books.engine, upload, [BRAM], NOON, WEEK)

    assert await active(books) == ["ANN", "VRI"]


async def test_roster_when_it_would_do_something_else_then_nothing_is_written(
    books: Books,
) -> None:
    await school(books)
    upload = await confirmed(books, [BRAM])
    await by_command_line(books, replace(BRAM, name="Bram de Boer"))

    with pytest.raises(RosterChangedError):
        await write_upload(books.engine, upload, [BRAM], NOON, WEEK)

    assert await books.count(roster_imports) == 2
    found = await upload_of(books.engine, 9)
    assert found is not None
    assert found.state is UploadState.CONFIRMED


async def test_roster_when_it_names_duties_then_they_are_proposed_once(books: Books) -> None:
    await school(books)
    rows = [ADMIN, replace(VERA, duties=frozenset({Duty.COORDINATOR}))]

    for upload in (9, 10):
        written = await write_upload(
            books.engine, await confirmed(books, rows, upload), rows, NOON, WEEK
        )
        assert written.counts.proposed == (1 if upload == 9 else 0)

    (shown,) = await open_proposals(books.engine, NOON - WEEK)
    assert (shown.name, shown.proposer, shown.proposal.duty) == ("Vera", "Anna", Duty.COORDINATOR)
    assert await open_proposals(books.engine, NOON) == ()


async def test_shown_when_settled_meanwhile_then_is_not_remembered(books: Books) -> None:
    await school(books)
    await record(books, RememberUpload(number=9, user=ANNA, file_id="BQAC"))
    await record(books, SetUploadState(number=9, state=UploadState.CANCELLED))

    assert not await remember_shown(books.engine, 9, content_digest="c", plan_digest="p")


async def test_upload_when_a_newer_one_comes_then_replaces_only_ones_own(books: Books) -> None:
    for upload, user in ((1, ANNA), (2, BEN), (3, ANNA)):
        await record(books, RememberUpload(number=upload, user=user, file_id="BQAC"))

    states = [(await upload_of(books.engine, each)) for each in (1, 2, 3)]
    assert [one.state for one in states if one is not None] == [
        UploadState.REPLACED,
        UploadState.NEW,
        UploadState.NEW,
    ]


# --- duties ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        pytest.param(
            [replace(ADMIN, duties=None), replace(VERA, duties=None, name="V.")],
            {Duty.COORDINATOR, Duty.LEADERSHIP},
            id="a file without duties",
        ),
        pytest.param([ADMIN, replace(VERA, name="V.")], {Duty.COORDINATOR}, id="with none"),
        pytest.param(
            [ADMIN, replace(VERA, duties=frozenset({Duty.ADMINISTRATOR}))],
            {Duty.COORDINATOR, Duty.ADMINISTRATOR},
            id="with another",
        ),
        pytest.param([ADMIN, replace(VERA, role=Role.STUDENT), BRAM], set(), id="as a student"),
    ],
)
async def test_duty_when_granted_here_then_the_command_line_sets_only_the_others(
    books: Books, rows: list[RosterRow], left: set[Duty]
) -> None:
    await by_command_line(books, ADMIN, replace(VERA, duties=frozenset({Duty.LEADERSHIP})))
    vera = await number(books, "VRI")
    await record(books, SetDuty(person=vera, duty=Duty.COORDINATOR, grants=True))

    await by_command_line(books, *rows)

    found = await books.rows(
        select(person_duties.c.duty, person_duties.c.granted).where(
            person_duties.c.person_id == vera
        )
    )
    assert {Duty(duty): granted for duty, granted in found} == {
        duty: duty is Duty.COORDINATOR for duty in left
    }


async def test_duty_when_given_twice_and_taken_then_is_gone(books: Books) -> None:
    await school(books)
    vera = await number(books, "VRI")
    given = SetDuty(person=vera, duty=Duty.COORDINATOR, grants=True)

    await record(books, given, given)
    assert await books.count(person_duties) == 2
    await record(books, replace(given, grants=False))

    assert await books.count(person_duties) == 1


async def test_desk_when_read_then_holds_what_was_asked_for_and_no_more(books: Books) -> None:
    await school(books)
    vera = await number(books, "VRI")
    wish = ProposeDuty(number=5, person=vera, duty=Duty.COORDINATOR, grants=True, by=ANNA)
    await record(books, wish, replace(wish, number=6, duty=Duty.LEADERSHIP))
    await record(books, DecideProposal(number=6, by=ANNA, state=ProposalState.DECLINED))
    seen: list[Known] = []

    def judge(known: Known) -> Decision:
        seen.append(known)
        return Decision(rule=Rule.BOOKKEEPING)

    for desk in (
        DeskNeeds(proposals=frozenset({5})),
        DeskNeeds(proposals_about=frozenset({vera}), administrators=True),
        DeskNeeds(uploads=frozenset({0}), requests=frozenset({0}), people=frozenset({PersonId(0)})),
    ):
        await books.ledger.record(Unit(judge=judge, needs=Needs(desk=desk)))

    by_number, about, nothing = (known.desk for known in seen)
    assert set(by_number.proposals) == set(about.proposals) == {5}
    assert by_number.people[vera].person.role is Role.STAFF
    assert by_number.administrators == ()
    assert [account.user for account in about.administrators] == [ANNA]
    assert (nothing.uploads, nothing.requests, nothing.people) == ({}, {}, {})


async def test_administrators_when_read_then_only_those_who_are_linked_staff_at_school(
    books: Books,
) -> None:
    await school(books)
    vera = await number(books, "VRI")
    await record(books, SetDuty(person=vera, duty=Duty.ADMINISTRATOR, grants=True))
    seen: list[int] = []

    def judge(known: Known) -> Decision:
        seen.append(len(known.desk.administrators))
        return Decision(rule=Rule.BOOKKEEPING)

    unit = Unit(judge=judge, needs=Needs(desk=DeskNeeds(administrators=True)))
    await books.ledger.record(unit)
    async with books.engine.begin() as connection:
        await connection.execute(update(people).values(active=False))
    await books.ledger.record(unit)

    assert seen == [1, 0]
    assert await books.count(duty_proposals) == 0


async def test_desk_when_kept_long_enough_then_is_forgotten(books: Books) -> None:
    await school(books)
    vera = await number(books, "VRI")
    wish = ProposeDuty(number=5, person=vera, duty=Duty.COORDINATOR, grants=True, by=ANNA)
    await record(books, wish, RememberUpload(number=9, user=ANNA, file_id="BQAC"))

    for days, left in ((29, [1, 1]), (31, [0, 1]), (366, [0, 0])):
        await forget(
            books.engine,
            NOON + timedelta(days=days),
            codes_for=WEEK,
            dead_letters_for=WEEK,
        )
        assert [await books.count(roster_uploads), await books.count(duty_proposals)] == left
