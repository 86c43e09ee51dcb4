"""A school year in a real database: looking ahead, rolling over in one go, consents, forgetting."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.policy.ids import ChatId, PersonId, UserId
from bot.policy.people import Role
from bot.policy.rosters.roster import RosterPlan, RosterRow, plan
from bot.policy.school_years.year_plan import plan_year
from storage.chain import verify
from storage.consent import own_children, read_children, read_consents, student_without_consent
from storage.engine import open_engine, reading
from storage.people import RosterChangedError, current_roster, write_import
from storage.reading_events import read_events
from storage.school_year import (
    due_to_ask,
    forget_leavers,
    look_ahead,
    names_for,
    read_outlook,
    roll_over,
)
from storage.tables import (
    accounts,
    group_chat_ids,
    group_class_groups,
    group_members,
    group_seats,
    groups,
    guardian_consents,
    guardianships,
    join_requests,
    people,
    person_class_groups,
    school_years,
)

AT = datetime(2027, 8, 20, 8, 0, tzinfo=UTC)
UNTIL = AT + timedelta(days=28)
CHAT = ChatId(-1_001_111_111_111)

BRAM = RosterRow(school_id="1001", name="Bram", role=Role.STUDENT, class_groups=frozenset({"3H2"}))
CEM = RosterRow(school_id="1002", name="Cem", role=Role.STUDENT, class_groups=frozenset({"4H1"}))
ANNA = RosterRow(school_id="VRI", name="Anna", role=Role.STAFF)
BERT = RosterRow(school_id="BER", name="Bert", role=Role.STAFF)
MIEKE = RosterRow(school_id="O1", name="Mieke", role=Role.GUARDIAN, children=frozenset({"1001"}))
JOOST = RosterRow(
    school_id="O2", name="Joost", role=Role.GUARDIAN, children=frozenset({"1001", "1002"})
)
EVERYBODY = (BRAM, CEM, ANNA, BERT, MIEKE, JOOST)
NEXT_YEAR = (BRAM, BERT, MIEKE, JOOST)

USERS = {row.school_id: UserId(9_000_000_000 + n) for n, row in enumerate(EVERYBODY)}


@pytest.fixture
async def engine(database: Path) -> AsyncIterator[AsyncEngine]:
    opened = open_engine(f"sqlite+aiosqlite:///{database}")
    agreed = plan((), EVERYBODY)
    await write_import(opened, EVERYBODY, agreed, AT - timedelta(days=360))
    async with opened.begin() as connection:
        numbers = {
            row.school_id: row.id
            for row in await connection.execute(select(people.c.id, people.c.school_id))
        }
        for school_id, user in USERS.items():
            await connection.execute(
                insert(accounts).values(
                    user_id=user, person_id=numbers[school_id], first_seen_at=AT, linked_at=AT
                )
            )
        await _a_group(connection)
    yield opened
    await opened.dispose()


async def _a_group(connection: Any) -> None:
    """Anna's group for two classes, in which Bert has a seat and Bram is."""
    own = {row.user_id: row.id for row in await connection.execute(select(accounts))}
    number = await connection.scalar(
        insert(groups)
        .values(
            state="managed",
            kind="supergroup",
            title="4H1 rooster",
            owner=own[USERS["VRI"]],
            first_seen_at=AT,
        )
        .returning(groups.c.id)
    )
    await connection.execute(
        insert(group_chat_ids).values(chat_id=CHAT, group_id=number, since=AT, is_current=True)
    )
    for user, is_owner in ((USERS["VRI"], True), (USERS["BER"], False)):
        await connection.execute(
            insert(group_seats).values(
                group_id=number, user_id=user, is_owner=is_owner, is_anonymous=False, is_bot=False
            )
        )
    for class_group in ("3H2", "4H1"):
        await connection.execute(
            insert(group_class_groups).values(group_id=number, class_group=class_group)
        )
    await connection.execute(
        insert(group_members).values(
            group_id=number, account_id=own[USERS["1001"]], since=AT, how="request"
        )
    )


def everything_in(database: Path) -> list[str]:
    connection = sqlite3.connect(database)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


async def number_of(engine: AsyncEngine, school_id: str) -> PersonId:
    async with reading(engine) as connection:
        number = await connection.scalar(select(people.c.id).where(people.c.school_id == school_id))
    return PersonId(int(number or 0))


async def next_year(engine: AsyncEngine) -> RosterPlan:
    return plan(await current_roster(engine), NEXT_YEAR)


# --- looking ahead -----------------------------------------------------------------------------


async def test_look_ahead_when_done_then_everything_is_there_and_nothing_is_written(
    engine: AsyncEngine, database: Path
) -> None:
    agreed, before = await next_year(engine), everything_in(database)

    ahead = await look_ahead(engine, NEXT_YEAR, agreed, AT)

    assert everything_in(database) == before
    shown = ahead.plan
    assert sorted(ahead.named.people[each] for each in shown.leavers) == ["Anna", "Cem"]
    assert sorted(link.user for link in shown.links) == sorted((USERS["VRI"], USERS["1002"]))
    assert [(offer.chat, offer.owner, offer.colleague) for offer in shown.offers] == [
        (CHAT, USERS["VRI"], USERS["BER"])
    ]
    assert [sorted(ending.class_groups) for ending in shown.endings] == [["4H1"]]
    assert (shown.reconfirm, ahead.named.groups[CHAT]) == ((CHAT,), "4H1 rooster")


async def test_look_ahead_when_somebody_else_imported_then_said_so(engine: AsyncEngine) -> None:
    stale = plan((), EVERYBODY)

    with pytest.raises(RosterChangedError):
        await look_ahead(engine, EVERYBODY, stale, AT)


# --- rolling over ------------------------------------------------------------------------------


async def test_roll_over_when_done_then_exactly_what_was_shown_and_the_log_verifies(
    engine: AsyncEngine,
) -> None:
    agreed = await next_year(engine)
    ahead = await look_ahead(engine, NEXT_YEAR, agreed, AT)

    await roll_over(engine, NEXT_YEAR, agreed, ahead.plan, confirm_before=UNTIL, at=AT)

    async with reading(engine) as connection:
        (group,) = (await connection.execute(select(groups))).all()
        linked = set(
            await connection.scalars(
                select(accounts.c.user_id).where(accounts.c.person_id.is_not(None))
            )
        )
        serves = list(await connection.scalars(select(group_class_groups.c.class_group)))
        (year,) = (await connection.execute(select(school_years))).all()
        verdict = await verify(connection)
    assert (group.reconfirm_before, group.reconfirm_asked_at) == (UNTIL, None)
    assert group.offered_to is not None
    assert linked == set(USERS.values()) - {USERS["VRI"], USERS["1002"]}
    assert serves == ["3H2"]
    assert (year.started_by, year.leavers, year.groups) == (None, 2, 1)
    assert verdict.whole
    tags = [one["tag"] async for one in read_events(engine, 0)]
    assert tags.count("cli:school-year:begun") == 1
    assert tags.count("person:account:unlinked") == 2


async def test_roll_over_when_it_breaks_halfway_then_nothing_is_written_and_again_finishes(
    engine: AsyncEngine, database: Path
) -> None:
    agreed = await next_year(engine)
    ahead = await look_ahead(engine, NEXT_YEAR, agreed, AT)
    async with engine.begin() as connection:
        # The last thing that is changed, long after the roster and the links.
        await connection.execute(
            text(
                "CREATE TRIGGER halfway BEFORE DELETE ON group_class_groups "
                "BEGIN SELECT RAISE(ABORT, 'halfway'); END"
            )
        )
    before = everything_in(database)

    with pytest.raises(IntegrityError):
        await roll_over(engine, NEXT_YEAR, agreed, ahead.plan, confirm_before=UNTIL, at=AT)

    assert everything_in(database) == before
    async with engine.begin() as connection:
        await connection.execute(text("DROP TRIGGER halfway"))
    await roll_over(engine, NEXT_YEAR, agreed, ahead.plan, confirm_before=UNTIL, at=AT)
    async with reading(engine) as connection:
        assert len((await connection.execute(select(school_years))).all()) == 1


async def test_roll_over_when_it_is_not_what_was_shown_then_nothing_is_written(
    engine: AsyncEngine, database: Path
) -> None:
    agreed = await next_year(engine)
    ahead = await look_ahead(engine, NEXT_YEAR, agreed, AT)
    async with engine.begin() as connection:
        await connection.execute(update(groups).values(owner=None))
    before = everything_in(database)

    with pytest.raises(RosterChangedError):
        await roll_over(engine, NEXT_YEAR, agreed, ahead.plan, confirm_before=UNTIL, at=AT)

    assert everything_in(database) == before


async def test_roll_over_when_done_again_then_there_is_nothing_left_to_do(
    engine: AsyncEngine,
) -> None:
    agreed = await next_year(engine)
    ahead = await look_ahead(engine, NEXT_YEAR, agreed, AT)
    await roll_over(engine, NEXT_YEAR, agreed, ahead.plan, confirm_before=UNTIL, at=AT)

    again = await look_ahead(engine, NEXT_YEAR, await next_year(engine), AT + timedelta(hours=1))

    assert again.plan.changes_nothing


async def test_due_when_a_year_has_begun_then_the_groups_that_nobody_was_asked_about(
    engine: AsyncEngine,
) -> None:
    agreed = await next_year(engine)
    ahead = await look_ahead(engine, NEXT_YEAR, agreed, AT)
    await roll_over(engine, NEXT_YEAR, agreed, ahead.plan, confirm_before=UNTIL, at=AT)

    async with reading(engine) as connection:
        first = await due_to_ask(connection, AT)
    async with engine.begin() as connection:
        await connection.execute(update(groups).values(reconfirm_asked_at=AT))
    async with reading(engine) as connection:
        then = await due_to_ask(connection, AT + timedelta(days=1))
        week_before = await due_to_ask(connection, UNTIL - timedelta(days=6))

    assert [each.groups for each in (first, then, week_before)] == [
        {CHAT},
        frozenset(),
        {CHAT},
    ]


async def test_outlook_when_a_bot_has_a_seat_then_it_is_nobodys_colleague(
    engine: AsyncEngine,
) -> None:
    async with engine.begin() as connection:
        await connection.execute(
            update(group_seats).where(group_seats.c.user_id == USERS["BER"]).values(is_bot=True)
        )
        outlook = await read_outlook(connection)
        named = await names_for(connection, plan_year(outlook, AT))

    assert outlook.groups[0].seats == (USERS["VRI"],)
    assert named.people == {}


# --- forgetting --------------------------------------------------------------------------------


async def test_forgetting_when_it_is_time_then_names_go_and_the_log_verifies(
    engine: AsyncEngine,
) -> None:
    agreed = await next_year(engine)
    ahead = await look_ahead(engine, NEXT_YEAR, agreed, AT)
    await roll_over(engine, NEXT_YEAR, agreed, ahead.plan, confirm_before=UNTIL, at=AT)
    cem = await number_of(engine, "1002")

    await forget_leavers(engine, AT - timedelta(seconds=1))
    async with reading(engine) as connection:
        early = await connection.scalar(select(people.c.name).where(people.c.id == cem))
    await forget_leavers(engine, AT)
    await forget_leavers(engine, AT)

    async with reading(engine) as connection:
        left = (await connection.execute(select(people).where(people.c.active.is_(False)))).all()
        classes = list(await connection.scalars(select(person_class_groups.c.person_id)))
        children = list(await connection.scalars(select(guardianships.c.student_id)))
        stays = await connection.scalar(select(people.c.name).where(people.c.school_id == "1001"))
        verdict = await verify(connection)
    assert early == "Cem"
    assert [(row.name, row.school_id) for row in left] == [("", "1002"), ("", "VRI")]
    assert (cem in classes, cem in children, stays) == (False, False, "Bram")
    assert verdict.whole


async def test_person_when_back_after_being_forgotten_then_is_the_same(
    engine: AsyncEngine,
) -> None:
    before = await number_of(engine, "1002")
    for rows, at in ((NEXT_YEAR, AT), (EVERYBODY, AT + timedelta(days=400))):
        agreed = plan(await current_roster(engine), rows)
        await write_import(engine, rows, agreed, at)
        await forget_leavers(engine, AT)

    async with reading(engine) as connection:
        back = (await connection.execute(select(people).where(people.c.school_id == "1002"))).one()
    assert (back.id, back.name, back.active) == (before, "Cem", True)


# --- consent -----------------------------------------------------------------------------------


async def gives(
    engine: AsyncEngine, guardian: str, student: str, *, withdrawn: bool = False
) -> None:
    row = {
        "student_id": await number_of(engine, student),
        "guardian_id": await number_of(engine, guardian),
        "given_at": AT,
        "withdrawn_at": AT if withdrawn else None,
    }
    async with engine.begin() as connection:
        await connection.execute(insert(guardian_consents).values(**row))


async def given(engine: AsyncEngine, student: str) -> bool | None:
    async with reading(engine) as connection:
        found = await read_consents(connection, frozenset((USERS[student],)))
    consent = found.get(USERS[student])
    return None if consent is None else consent.given


@pytest.mark.parametrize(
    ("guardian", "withdrawn", "counts"),
    [
        pytest.param("O1", False, True, id="given"),
        pytest.param("O1", True, False, id="withdrawn"),
        pytest.param("VRI", False, False, id="by somebody who is not the guardian"),
    ],
)
async def test_consent_when_read_then_only_a_guardians_that_stands(
    engine: AsyncEngine, guardian: str, withdrawn: bool, counts: bool
) -> None:
    await gives(engine, guardian, "1001", withdrawn=withdrawn)

    assert await given(engine, "1001") is counts


async def test_consent_when_given_for_another_child_then_says_nothing_of_this_one(
    engine: AsyncEngine,
) -> None:
    await gives(engine, "O2", "1002")

    assert (await given(engine, "1001"), await given(engine, "1002")) == (False, True)


async def test_consent_when_the_guardian_is_no_longer_in_the_roster_then_counts_no_more(
    engine: AsyncEngine,
) -> None:
    await gives(engine, "O1", "1001")
    async with engine.begin() as connection:
        await connection.execute(
            update(people).where(people.c.school_id == "O1").values(active=False)
        )

    assert await given(engine, "1001") is False


async def test_consents_when_many_ask_to_join_then_one_query(engine: AsyncEngine) -> None:
    await gives(engine, "O1", "1001")
    asked: list[str] = []

    def seen(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    async with reading(engine) as connection:
        event.listen(engine.sync_engine, "before_cursor_execute", seen)
        found = await read_consents(connection, frozenset(USERS.values()))
        event.remove(engine.sync_engine, "before_cursor_execute", seen)

    assert len(asked) == 1
    assert {user: one.given for user, one in found.items()} == {
        USERS["1001"]: True,
        USERS["1002"]: False,
    }
    assert [each.user for each in found[USERS["1001"]].guardians] == [USERS["O1"], USERS["O2"]]


async def test_child_when_read_then_with_guardians_and_the_groups_that_it_is_in(
    engine: AsyncEngine,
) -> None:
    await gives(engine, "O2", "1001")
    student = await number_of(engine, "1001")
    async with engine.begin() as connection:
        (number,) = await connection.scalars(select(groups.c.id))
        account = await connection.scalar(
            select(accounts.c.id).where(accounts.c.user_id == USERS["1002"])
        )
        await connection.execute(
            insert(join_requests).values(
                group_id=number, account_id=account, asked_at=AT, deadline_at=UNTIL, state="waiting"
            )
        )
    both = frozenset((student, await number_of(engine, "1002"), await number_of(engine, "VRI")))

    async with reading(engine) as connection:
        found = await read_children(connection, both)

    guardians = frozenset([await number_of(engine, each) for each in ("O1", "O2")])
    assert set(found) == both - {await number_of(engine, "VRI")}
    assert found[student].guardians == guardians
    assert found[student].given_by == frozenset([await number_of(engine, "O2")])
    (group,) = found[student].groups
    assert (group.chat, group.waits) == (CHAT, False)
    assert group.owner is not None
    assert (group.owner.user, group.owner.is_staff) == (USERS["VRI"], True)
    assert [each.waits for each in found[await number_of(engine, "1002")].groups] == [True]


async def test_own_children_when_read_then_what_this_guardian_decided(
    engine: AsyncEngine,
) -> None:
    await gives(engine, "O2", "1001")

    async with reading(engine) as connection:
        of_mieke = await own_children(connection, await number_of(engine, "O1"))
        of_joost = await own_children(connection, await number_of(engine, "O2"))

    assert [(each.name, each.class_groups, each.given_at) for each in of_mieke] == [
        ("Bram", ("3H2",), None)
    ]
    assert [(each.name, each.given_at) for each in of_joost] == [("Bram", AT), ("Cem", None)]


@pytest.mark.parametrize(
    ("consents", "student", "shown"),
    [
        pytest.param(False, "1001", True, id="in the group without consent"),
        pytest.param(True, "1001", False, id="consent stands again"),
        pytest.param(False, "1002", False, id="not in the group"),
    ],
)
async def test_student_without_consent_when_looked_up_then_only_while_it_is_so(
    engine: AsyncEngine, consents: bool, student: str, shown: bool
) -> None:
    if consents:
        await gives(engine, "O1", student)

    async with reading(engine) as connection:
        found = await student_without_consent(connection, await number_of(engine, student), CHAT)

    assert (found is not None) is shown
