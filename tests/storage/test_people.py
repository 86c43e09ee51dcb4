"""The roster and its linking codes in a real database, also beside another process."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.policy.accounts.codes import hash_of_code
from bot.policy.people import Duty, Role
from bot.policy.rosters.roster import FIRST_ADMINISTRATOR, RosterPerson, RosterPlan, RosterRow, plan
from storage.chain import verify
from storage.engine import open_engine, reading
from storage.linking_codes import (
    AdministratorExistsError,
    Outstanding,
    Selection,
    first_administrator,
    issue_codes,
    outstanding,
)
from storage.people import RosterChangedError, current_roster, write_import
from storage.reading_events import read_events
from storage.schema import migrate
from storage.tables import accounts, linking_codes, people, roster_imports

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)
VALID = timedelta(days=14)
ROOT = Path(__file__).parents[2]

BRAM = RosterRow(
    school_id="1001", name="Bram", role=Role.STUDENT, class_groups=frozenset({"4H2", "5V1"})
)
CEM = RosterRow(school_id="1002", name="Cem", role=Role.STUDENT, class_groups=frozenset({"4H3"}))
ANNA = RosterRow(
    school_id="VRI",
    name="Anna de Vries",
    role=Role.STAFF,
    class_groups=frozenset({"4H2"}),
    duties=frozenset({Duty.COORDINATOR, Duty.ADMINISTRATOR}),
)
NOOR = RosterRow(
    school_id="O1", name="Noor", role=Role.GUARDIAN, children=frozenset({"1001", "1002"})
)
EVERYBODY = (BRAM, CEM, ANNA, NOOR)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/groepswacht.db"


@pytest.fixture
async def engine(url: str) -> AsyncIterator[AsyncEngine]:
    opened = open_engine(url)
    await migrate(opened)
    yield opened
    await opened.dispose()


async def take(engine: AsyncEngine, *rows: RosterRow, at: datetime = AT) -> RosterPlan:
    agreed = plan(await current_roster(engine), rows)
    await write_import(engine, rows, agreed, at)
    return agreed


async def link(engine: AsyncEngine, school_id: str, user: int) -> None:
    """As the bot does when somebody sends a code."""
    async with engine.begin() as connection:
        person = select(people.c.id).where(people.c.school_id == school_id).scalar_subquery()
        await connection.execute(
            insert(accounts).values(user_id=user, person_id=person, first_seen_at=AT)
        )


async def logged(engine: AsyncEngine) -> list[tuple[str, dict[str, Any]]]:
    return [(event["tag"], event["payload"]) async for event in read_events(engine)]


async def usable_hashes(engine: AsyncEngine, at: datetime) -> set[str]:
    async with reading(engine) as connection:
        found = await connection.scalars(
            select(linking_codes.c.code_hash).where(
                linking_codes.c.expires_at > at,
                linking_codes.c.spent_at.is_(None),
                linking_codes.c.revoked_at.is_(None),
            )
        )
        return set(found)


# --- the roster --------------------------------------------------------------------------------


async def test_import_when_everybody_is_new_then_all_of_it_is_read_back(engine):
    await take(engine, *EVERYBODY)

    assert await current_roster(engine) == (
        RosterPerson(
            school_id="1001",
            name="Bram",
            role=Role.STUDENT,
            class_groups=frozenset({"4H2", "5V1"}),
        ),
        RosterPerson(
            school_id="1002", name="Cem", role=Role.STUDENT, class_groups=frozenset({"4H3"})
        ),
        RosterPerson(
            school_id="O1",
            name="Noor",
            role=Role.GUARDIAN,
            children=frozenset({"1001", "1002"}),
        ),
        RosterPerson(
            school_id="VRI",
            name="Anna de Vries",
            role=Role.STAFF,
            class_groups=frozenset({"4H2"}),
            duties=frozenset({Duty.COORDINATOR, Duty.ADMINISTRATOR}),
        ),
    )


async def test_import_when_written_then_the_log_has_counts_and_no_names(engine):
    await take(engine, *EVERYBODY)
    await take(engine, BRAM, at=LATER)

    assert await logged(engine) == [
        ("cli:roster:imported", {"added": 4, "changed": 0, "gone": 0}),
        ("cli:roster:imported", {"added": 0, "changed": 0, "gone": 1}),
    ]
    async with reading(engine) as connection:
        counts = select(roster_imports.c.added, roster_imports.c.changed, roster_imports.c.gone)
        assert [tuple(row) for row in await connection.execute(counts)] == [(4, 0, 0), (0, 0, 1)]
        assert (await verify(connection)).whole


async def test_import_when_somebody_changes_then_the_rest_stays_as_it_was(engine):
    await take(engine, *EVERYBODY)
    before = {person.school_id: person for person in await current_roster(engine)}

    moved = RosterRow(
        school_id="1001", name="Bram B.", role=Role.STUDENT, class_groups=frozenset({"5H1"})
    )
    await take(engine, moved, CEM, at=LATER)

    after = {person.school_id: person for person in await current_roster(engine)}
    assert after.pop("1001") == RosterPerson(
        school_id="1001", name="Bram B.", role=Role.STUDENT, class_groups=frozenset({"5H1"})
    )
    before.pop("1001")
    assert after == before


async def test_import_when_somebody_is_gone_then_inactive_and_never_deleted(engine):
    await take(engine, *EVERYBODY)

    await take(engine, CEM, at=LATER)

    async with reading(engine) as connection:
        rows = await connection.execute(
            select(people.c.school_id, people.c.active, people.c.left_at).order_by(people.c.id)
        )
        assert [tuple(row) for row in rows] == [
            ("1001", False, LATER),
            ("1002", True, None),
            ("O1", True, None),
            ("VRI", True, None),
        ]


async def test_import_when_somebody_comes_back_then_the_same_person_is_active(engine):
    await take(engine, BRAM, CEM)
    await take(engine, CEM, at=LATER)
    async with reading(engine) as connection:
        number = await connection.scalar(select(people.c.id).where(people.c.school_id == "1001"))

    await take(engine, BRAM, CEM, at=LATER)

    async with reading(engine) as connection:
        row = await connection.execute(
            select(people.c.id, people.c.active, people.c.left_at).where(
                people.c.school_id == "1001"
            )
        )
        assert tuple(row.one()) == (number, True, None)


async def test_import_when_somebody_is_gone_then_open_codes_end(engine):
    await take(engine, BRAM, CEM)
    bram, cem = await issue_codes(engine, Selection(), AT, VALID)

    await take(engine, CEM, at=LATER)

    assert bram.school_id == "1001"
    assert await usable_hashes(engine, LATER) == {hash_of_code(cem.code)}


async def test_import_when_somebody_imported_meanwhile_then_nothing_is_written(engine):
    agreed = plan(await current_roster(engine), [BRAM])
    await take(engine, CEM)

    with pytest.raises(RosterChangedError):
        await write_import(engine, [BRAM], agreed, AT)

    assert [person.school_id for person in await current_roster(engine)] == ["1002"]
    assert len(await logged(engine)) == 1


async def test_import_when_three_thousand_people_then_each_is_there(engine):
    rows = [
        RosterRow(
            school_id=str(number),
            name=f"Leerling {number}",
            role=Role.STUDENT,
            class_groups=frozenset({f"{number % 30}A", f"{number % 7}B"}),
        )
        for number in range(3000)
    ]

    await take(engine, *rows)

    roster = {person.school_id: person for person in await current_roster(engine)}
    assert {row.school_id: row.class_groups for row in rows} == {
        school_id: person.class_groups for school_id, person in roster.items()
    }


# --- codes -------------------------------------------------------------------------------------


async def test_codes_when_made_then_only_their_hashes_are_kept(engine, tmp_path):
    await take(engine, BRAM)

    (issued,) = await issue_codes(engine, Selection(), AT, VALID)

    assert await usable_hashes(engine, AT) == {hash_of_code(issued.code)}
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert issued.code.replace("-", "").encode() not in kept
    assert issued.code.encode() not in kept


async def test_codes_when_made_then_told_with_person_and_end(engine):
    await take(engine, *EVERYBODY)

    issued = await issue_codes(engine, Selection(), AT, VALID)

    assert [(one.school_id, one.name, one.role, one.class_groups) for one in issued] == [
        ("O1", "Noor", Role.GUARDIAN, ("4H2", "4H3", "5V1")),
        ("VRI", "Anna de Vries", Role.STAFF, ("4H2",)),
        ("1001", "Bram", Role.STUDENT, ("4H2", "5V1")),
        ("1002", "Cem", Role.STUDENT, ("4H3",)),
    ]
    assert {one.expires_at for one in issued} == {AT + VALID}
    assert len({one.code for one in issued}) == 4
    assert (await logged(engine))[-1] == (
        "cli:codes:issued",
        {"count": 4, "first_administrator": False},
    )


@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        pytest.param(Selection(class_group="4H2"), ["1001"], id="class is its students"),
        pytest.param(Selection(class_group="4H2", role=Role.STAFF), ["VRI"], id="staff of a class"),
        pytest.param(
            Selection(class_group="4H3", role=Role.GUARDIAN), ["O1"], id="guardians of a class"
        ),
        pytest.param(Selection(class_group="6V6"), [], id="unknown class"),
        pytest.param(Selection(role=Role.STUDENT), ["1001", "1002"], id="role"),
        pytest.param(Selection(school_id="1002"), ["1002"], id="person"),
        pytest.param(Selection(school_id="9999"), [], id="unknown person"),
    ],
)
async def test_codes_when_a_selection_is_made_then_only_for_those(engine, selection, chosen):
    await take(engine, *EVERYBODY)

    issued = await issue_codes(engine, selection, AT, VALID)

    assert [one.school_id for one in issued] == chosen


async def test_codes_when_nobody_is_chosen_then_nothing_is_recorded(engine):
    await take(engine, BRAM)

    assert await issue_codes(engine, Selection(class_group="6V6"), AT, VALID) == []
    assert [tag for tag, _ in await logged(engine)] == ["cli:roster:imported"]


async def test_codes_when_somebody_has_an_account_or_left_then_none(engine):
    await take(engine, BRAM, CEM, ANNA)
    await link(engine, "1001", 51)
    await take(engine, BRAM, at=LATER)

    issued = await issue_codes(engine, Selection(), LATER, VALID)

    assert [one.school_id for one in issued] == ["VRI"]


async def test_codes_when_made_again_then_the_earlier_ones_stay_valid(engine):
    await take(engine, BRAM)
    (first,) = await issue_codes(engine, Selection(), AT, VALID)
    (second,) = await issue_codes(engine, Selection(), LATER, VALID)

    both = {hash_of_code(first.code), hash_of_code(second.code)}
    assert await usable_hashes(engine, LATER) == both
    assert await usable_hashes(engine, AT + VALID) == {hash_of_code(second.code)}


async def test_codes_when_renewed_then_the_earlier_ones_of_those_people_end(engine):
    await take(engine, BRAM, CEM)
    _, cem = await issue_codes(engine, Selection(), AT, VALID)

    (bram,) = await issue_codes(engine, Selection(school_id="1001", renew=True), LATER, VALID)

    assert await usable_hashes(engine, LATER) == {hash_of_code(bram.code), hash_of_code(cem.code)}


async def test_outstanding_when_some_are_linked_then_counted_by_role(engine):
    await take(engine, *EVERYBODY)
    await issue_codes(engine, Selection(role=Role.STUDENT), AT, VALID)
    await link(engine, "1001", 51)

    def counts(role: Role, *numbers: int) -> Outstanding:
        return Outstanding(role=role, people=numbers[0], linked=numbers[1], with_code=numbers[2])

    assert await outstanding(engine, AT) == (
        counts(Role.STUDENT, 2, 1, 1),
        counts(Role.STAFF, 1, 0, 0),
        counts(Role.GUARDIAN, 1, 0, 0),
    )
    assert [one.without_code for one in await outstanding(engine, AT + VALID)] == [1, 1, 1]


# --- the first administrator -------------------------------------------------------------------


async def test_first_administrator_when_asked_then_a_person_with_that_duty(engine):
    issued = await first_administrator(engine, AT, VALID)

    assert (issued.school_id, issued.role) == (FIRST_ADMINISTRATOR, Role.STAFF)
    (person,) = await current_roster(engine)
    assert (person.duties, person.active) == (frozenset({Duty.ADMINISTRATOR}), True)
    assert await logged(engine) == [("cli:codes:issued", {"count": 1, "first_administrator": True})]


async def test_first_administrator_when_asked_twice_then_one_person_and_the_last_code(engine):
    await first_administrator(engine, AT, VALID)

    second = await first_administrator(engine, LATER, VALID)

    assert len(await current_roster(engine)) == 1
    assert await usable_hashes(engine, LATER) == {hash_of_code(second.code)}


async def test_first_administrator_when_an_administrator_is_linked_then_refused(engine):
    await take(engine, ANNA)
    await link(engine, "VRI", 51)

    with pytest.raises(AdministratorExistsError):
        await first_administrator(engine, AT, VALID)

    assert [person.school_id for person in await current_roster(engine)] == ["VRI"]
    assert await usable_hashes(engine, AT) == set()


async def test_first_administrator_when_the_linked_one_has_left_then_made(engine):
    other = RosterRow(school_id="JAN", name="Jan", role=Role.STAFF)
    await take(engine, ANNA, other)
    await link(engine, "VRI", 51)
    await take(engine, other, at=LATER)

    issued = await first_administrator(engine, LATER, VALID)

    assert issued.school_id == FIRST_ADMINISTRATOR


async def test_first_administrator_when_a_roster_is_imported_then_stays(engine):
    await first_administrator(engine, AT, VALID)

    agreed = await take(engine, ANNA)

    assert agreed.gone == ()
    assert [person.active for person in await current_roster(engine)] == [True, True]


# --- two processes -----------------------------------------------------------------------------

_ISSUE = """
import asyncio, sys
from datetime import UTC, datetime, timedelta
from storage.engine import open_engine
from storage.linking_codes import Selection, issue_codes

async def main():
    engine = open_engine(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(20):
        await issue_codes(engine, Selection(), datetime.now(UTC), timedelta(days=1))
    await engine.dispose()

asyncio.run(main())
"""


async def test_codes_when_two_processes_write_at_once_then_each_waits_for_the_other(engine, url):
    await take(engine, BRAM)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    others = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _ISSUE,
            url,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=environment,
        )
        for _ in range(2)
    ]
    for other in others:
        assert other.stdout is not None
        assert await other.stdout.readline() == b"ready\n"

    finished = asyncio.gather(*(other.communicate(b"go\n") for other in others))
    for _ in range(20):
        await issue_codes(engine, Selection(), AT, VALID)
    await finished

    assert [other.returncode for other in others] == [0, 0]
    async with reading(engine) as connection:
        verdict = await verify(connection)
        made = await connection.scalar(select(func.count()).select_from(linking_codes))
    assert (verdict.whole, verdict.checked, made) == (True, 61, 60)
