"""A new school year: all is shown first, links of leavers end, owners confirm their groups."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, make_url, select, update

from bot.policy.people import Duty, Role
from bot.policy.rosters.roster import RosterPlan, RosterRow, plan
from bot.policy.rules import Article
from storage.people import current_roster
from storage.school_year import look_ahead, roll_over
from storage.tables import (
    accounts,
    group_class_groups,
    people,
    person_class_groups,
    person_duties,
    school_years,
)
from tests.journeys.finding import (
    button_under,
    change,
    effects,
    group,
    is_in,
    news,
    rows,
    said,
    state_of,
)
from tests.journeys.joining import serves
from tests.journeys.world import World, running

ARTICLE = Article.HOUSE

BEGIN = "Begin dit schooljaar"
SURE = "Ja, de lijst is compleet"
GOES_ON = "Deze groep gaat door"
CLASSES = "group-classes"

# What being shown a page leaves behind; nothing of these says who is at school or in a group.
OF_A_PAGE = {"outbox", "seen_updates", "intake"}


def everything_in(world: World) -> set[str]:
    """Every row of every table, as SQL."""
    path = Path(make_url(world.settings.database_url).database or "")
    database = sqlite3.connect(path)
    try:
        return set(database.iterdump())
    finally:
        database.close()


def tables_of(lines: Iterable[str]) -> set[str]:
    return {line.split('"')[1] for line in lines if line.startswith("INSERT INTO")}


async def left(world: World, *names: str) -> None:
    """These people do not stand in the new roster, which has been imported."""
    gone = update(people).where(people.c.name.in_(names))
    await change(world, gone.values(active=False, left_at=world.clock.now()))


async def served_by(world: World, chat: int) -> list[str]:
    number = (await group(world, chat))["id"]
    of_it = select(group_class_groups).where(group_class_groups.c.group_id == number)
    return sorted(row["class_group"] for row in await rows(world, of_it))


async def is_linked(world: World, user: int) -> bool:
    (found,) = await rows(world, select(accounts).where(accounts.c.user_id == user))
    return found["person_id"] is not None


async def asks(world: World, user: int) -> None:
    """Somebody opens the page of a new school year."""
    world.act.write(user, user, "/schooljaar")
    await world.quiet()


async def presses(world: World, user: int, label: str) -> None:
    message, data = button_under(world, user, label)
    world.act.press(user, user, message, data)
    await world.quiet()


async def told(world: World) -> None:
    """The clock lets everybody hear of it who has to."""
    assert world.bot is not None
    await world.bot.jobs.ask_whether_groups_go_on()
    await world.quiet()


async def begins(world: World, administrator: int) -> None:
    """An administrator begins a school year, and everybody hears of it."""
    await asks(world, administrator)
    await presses(world, administrator, BEGIN)
    await told(world)


async def days_later(world: World, days: float) -> None:
    """Days pass; then the clock ticks, and looks are done."""
    await world.later(days=days)
    await told(world)


@pytest.fixture
async def ada(world: World) -> int:
    """An administrator of the school."""
    return await world.teacher("Ada", Duty.ADMINISTRATOR)


# --- looking first -----------------------------------------------------------------------------


async def test_dry_run_when_shown_then_all_is_there_and_nothing_is_written(
    world: World, ada: int
) -> None:
    anna = await world.teacher("Anna")
    await world.student("Bram", "4H2")
    await world.student("Cem", "5H1")
    await serves(world, await world.managed_group(anna), "4H2", "3H2")
    await left(world, "Anna", "Cem")
    before = everything_in(world)

    await asks(world, ada)

    shown = world.heard_by(ada)[-1]
    for line in (
        "2 mensen staan",
        "2 mensen zijn weg",
        "2 koppelingen",
        "1 groep is",
        "in 1 groep",
    ):
        assert f"• {line}" in shown
    for label, expected in (
        ("Wie weg zijn", "Wie weg zijn\n• Anna\n• Cem"),
        ("Klassen die vervallen", "Klassen die vervallen\n• 4H2 rooster: 3H2"),
        ("Groepen om te bevestigen", "Groepen om te bevestigen\n• 4H2 rooster"),
    ):
        await presses(world, ada, label)
        assert world.heard_by(ada)[-1] == expected
        await presses(world, ada, "Terug naar het overzicht")
    assert world.heard_by(ada)[-1] == shown
    assert tables_of(everything_in(world) ^ before) <= OF_A_PAGE


async def test_list_when_long_then_is_turned_by_the_page(world: World, ada: int) -> None:
    for number in range(10):
        await world.enrol(f"Leerling {number}", Role.STUDENT)
        await left(world, f"Leerling {number}")
    await asks(world, ada)
    await presses(world, ada, "Wie weg zijn")
    first = world.heard_by(ada)[-1].splitlines()

    await presses(world, ada, "›")

    assert (len(first), world.heard_by(ada)[-1].splitlines()[1:]) == (
        9,
        ["• Leerling 8", "• Leerling 9"],
    )
    await presses(world, ada, "‹")
    assert world.heard_by(ada)[-1].splitlines() == first


@pytest.mark.parametrize("who", ["a teacher", "a student", "a stranger"])
async def test_school_year_when_another_than_an_administrator_wants_it_then_refused(
    world: World, ada: int, who: str
) -> None:
    match who:
        case "a teacher":
            user = await world.teacher("Anna")
        case "a student":
            user = await world.student("Bram", "4H2")
        case _:
            user = world.stranger("Sanne")
            world.act.start_bot(user)

    await asks(world, user)

    refused = await world.events("bot:command:refused")
    assert [event["command"] for event in refused] == ["school-year"]
    assert world.heard_by(user)[-1] == said(world, "command-refused")


async def test_button_when_pressed_by_who_is_no_administrator_any_more_then_refused(
    world: World, ada: int
) -> None:
    await world.managed_group(await world.teacher("Anna"))
    await asks(world, ada)
    await change(world, delete(person_duties))

    await presses(world, ada, BEGIN)

    assert await rows(world, select(school_years)) == []
    assert len(await world.events("bot:command:refused")) == 1


# --- doing it ----------------------------------------------------------------------------------


async def test_year_when_begun_then_links_end_groups_are_offered_and_owners_confirm(
    world: World, ada: int
) -> None:
    anna, bert = await world.teacher("Anna"), await world.teacher("Bert")
    cora = await world.teacher("Cora", Duty.COORDINATOR)
    bram, cem = await world.student("Bram", "4H2"), await world.student("Cem", "5H1")
    of_anna = await world.managed_group(anna)
    world.act.promote(anna, of_anna, bert)
    of_bert = await world.managed_group(bert, title="4H2 wiskunde")
    await serves(world, of_bert, "4H2", "5H1")
    await world.quiet()
    await left(world, "Anna", "Cem")
    hears = {who: news(world, who) for who in (bert, cora, bram, cem)}

    await begins(world, ada)

    assert [await is_linked(world, who) for who in (anna, bert, bram, cem)] == [
        False,
        True,
        True,
        False,
    ]
    assert await served_by(world, of_bert) == ["4H2"]
    (year,) = await world.events("staff:school-year:begun")
    assert (year["leavers"], year["links"], year["offered"], year["groups"]) == (2, 2, 1, 2)
    unlinked = await world.events("person:account:unlinked")
    assert [event["why"] for event in unlinked] == ["left-school"] * 2
    assert len(await world.events("bot:group:left-behind")) == 1
    goes_on = [text for text in hears[bert].heard if "4H2 wiskunde" in text]
    assert len(goes_on) == 1
    assert "Gaat deze groep door?" in goes_on[0]
    assert len(hears[bert].heard) == 2  # the other one is the offer of Anna's group
    assert (hears[cora].heard, hears[bram].heard) == ([], [])
    until = world.clock.now() + timedelta(days=28) - datetime.fromisoformat(year["confirm_before"])
    assert timedelta() <= until < timedelta(minutes=5)
    assert world.heard_by(ada)[-1] == said(world, "school-year-done")


async def test_year_when_a_leavers_group_has_no_colleague_then_coordinators_hear_and_it_waits(
    world: World, ada: int
) -> None:
    anna = await world.teacher("Anna")
    cora = await world.teacher("Cora", Duty.COORDINATOR)
    chat = await world.managed_group(anna)
    await left(world, "Anna")
    hears = news(world, cora)

    await begins(world, ada)
    await days_later(world, 20)

    assert len(hears.heard) == 1
    assert "De eigenaar van deze groep is niet meer op school" in hears.heard[0]
    assert (await state_of(world, chat), is_in(world, chat)) == ("suspended", True)
    await days_later(world, 9)
    assert (await state_of(world, chat), is_in(world, chat)) == ("left", False)


async def test_group_when_confirmed_in_time_then_goes_on(world: World, ada: int) -> None:
    anna = await world.teacher("Anna")
    chat = await world.managed_group(anna)
    await begins(world, ada)
    await presses(world, anna, GOES_ON)
    pages = [row["state"] for row in await effects(world, "SendPage") if row["page"] == CLASSES]

    await days_later(world, 29)

    assert pages == ["done"]
    assert await state_of(world, chat) == "managed"
    assert len(await world.events("staff:group:reconfirmed")) == 1


async def test_group_when_not_confirmed_then_reminded_suspended_and_resumed_when_it_is(
    world: World, ada: int
) -> None:
    anna = await world.teacher("Anna")
    chat = await world.managed_group(anna)
    await begins(world, ada)
    hears = news(world, anna)

    await days_later(world, 22)
    reminded = [text for text in hears.heard if "Gaat deze groep door?" in text]
    await days_later(world, 7)
    stopped = await state_of(world, chat)
    await days_later(world, 60)

    assert len(reminded) == 1
    assert stopped == "suspended"
    assert hears.heard.count(said(world, "group-not-reconfirmed")) == 1
    assert (await state_of(world, chat), is_in(world, chat)) == ("suspended", True)
    await presses(world, anna, GOES_ON)
    assert await state_of(world, chat) == "managed"
    asked = await world.events("bot:group:reconfirmation-asked")
    assert [event["reminder"] for event in asked] == [False, True]


async def test_button_when_an_earlier_owner_presses_it_then_nothing_is_confirmed(
    world: World, ada: int
) -> None:
    anna, bert = await world.teacher("Anna"), await world.teacher("Bert")
    chat = await world.managed_group(anna)
    world.act.promote(anna, chat, bert)
    await world.quiet()
    await begins(world, ada)
    world.act.transfer_ownership(anna, chat, bert)
    await world.quiet()

    await presses(world, anna, GOES_ON)

    assert await world.events("staff:group:reconfirmed") == []
    assert (await group(world, chat))["reconfirm_before"] is not None
    # The new owner is asked as well, and is the one who confirms.
    await told(world)
    await presses(world, bert, GOES_ON)
    assert len(await world.events("staff:group:reconfirmed")) == 1


# --- twice, at once, and halfway ---------------------------------------------------------------


async def test_year_when_two_administrators_confirm_at_once_then_it_begins_once(
    world: World, ada: int
) -> None:
    eva = await world.teacher("Eva", Duty.ADMINISTRATOR)
    await world.managed_group(await world.teacher("Anna"))
    await asks(world, ada)
    await asks(world, eva)
    pressed = {who: button_under(world, who, BEGIN) for who in (ada, eva)}

    for who, (message, data) in pressed.items():
        world.act.press(who, who, message, data)
    await world.quiet()

    assert len(await rows(world, select(school_years))) == 1
    assert len(await world.events("staff:school-year:begun")) == 1
    assert "Er is intussen iets veranderd" in world.heard_by(eva)[-1]


async def test_button_when_replayed_then_nothing_is_done_again(world: World, ada: int) -> None:
    await world.managed_group(await world.teacher("Anna"))
    await asks(world, ada)
    message, data = button_under(world, ada, BEGIN)
    world.act.press(ada, ada, message, data)
    world.act.press(ada, ada, message, data)

    await world.quiet()

    assert len(await rows(world, select(school_years))) == 1


async def test_year_when_something_changed_since_it_was_shown_then_shown_anew(
    world: World, ada: int
) -> None:
    await world.student("Bram", "4H2")
    await world.managed_group(await world.teacher("Anna"))
    await asks(world, ada)
    await left(world, "Bram")

    await presses(world, ada, BEGIN)

    assert await rows(world, select(school_years)) == []
    assert "Er is intussen iets veranderd" in world.heard_by(ada)[-1]
    await presses(world, ada, BEGIN)
    assert len(await rows(world, select(school_years))) == 1


async def test_year_when_many_are_gone_then_asked_twice_and_why(world: World, ada: int) -> None:
    names = [f"Leerling {number}" for number in range(12)]
    for name in names:
        await world.enrol(name, Role.STUDENT)
    await left(world, *names[:6])
    await asks(world, ada)

    await presses(world, ada, BEGIN)

    assert await rows(world, select(school_years)) == []
    assert "• leerlingen: 6 van de 12 weg" in world.heard_by(ada)[-1]
    await presses(world, ada, SURE)
    assert len(await rows(world, select(school_years))) == 1


async def test_year_when_the_bot_stops_before_owners_were_told_then_they_hear_at_the_next_start(
    resting_world: World,
) -> None:
    async with running(resting_world) as world:
        ada = await world.teacher("Ada", Duty.ADMINISTRATOR)
        anna = await world.teacher("Anna")
        await world.managed_group(anna)
        hears = news(world, anna)
        await asks(world, ada)
        message, data = button_under(world, ada, BEGIN)
        world.act.press(ada, ada, message, data)

    async with running(resting_world) as world:
        await told(world)

        assert len(await rows(world, select(school_years))) == 1
        assert len([text for text in hears.heard if "Gaat deze groep door?" in text]) == 1


# --- from the command line, beside the running bot ---------------------------------------------


async def the_roster_without(world: World, *names: str) -> tuple[list[RosterRow], RosterPlan]:
    """A file with everybody but these, and what it changes."""
    async with world.database() as engine:
        current = await current_roster(engine)
    file = [
        RosterRow(
            school_id=person.school_id,
            name=person.name,
            role=person.role,
            class_groups=person.class_groups,
            duties=person.duties,
            children=person.children,
        )
        for person in current
        if person.name not in names
    ]
    return file, plan(current, file)


async def test_operator_when_beginning_a_year_then_the_same_happens_and_the_bot_tells_of_it(
    world: World,
) -> None:
    anna, bert = await world.teacher("Anna"), await world.teacher("Bert")
    bram = await world.student("Bram", "4H2")
    await world.student("Cem", "4H2")
    chat = await world.managed_group(anna)
    world.act.promote(anna, chat, bert)
    await world.quiet()
    file, agreed = await the_roster_without(world, "Anna", "Bram")
    at, until = world.clock.now(), world.clock.now() + timedelta(days=28)
    hears = news(world, bert)
    before = everything_in(world)

    async with world.database() as engine:
        ahead = await look_ahead(engine, file, agreed, at)
        assert everything_in(world) == before
        await roll_over(engine, file, agreed, ahead.plan, confirm_before=until, at=at)
    await told(world)

    assert sorted(ahead.named.people[link.person] for link in ahead.plan.links) == ["Anna", "Bram"]
    assert [await is_linked(world, who) for who in (anna, bert, bram)] == [False, True, False]
    assert len(await world.events("cli:roster:imported")) == 1
    (year,) = await world.events("cli:school-year:begun")
    assert (year["links"], year["offered"], year["groups"]) == (2, 1, 1)
    assert len(hears.heard) == 1  # the offer of the group


# --- forgetting --------------------------------------------------------------------------------


async def test_leaver_when_kept_long_enough_then_forgotten_and_the_log_verifies(
    world: World, ada: int
) -> None:
    await world.student("Bram", "4H2")
    await left(world, "Bram")
    await begins(world, ada)
    assert world.bot is not None

    await world.later(days=364)
    await world.bot.jobs.forget_what_is_old()
    kept = await rows(world, select(people.c.name).where(people.c.active.is_(False)))
    await world.later(days=2)
    await world.bot.jobs.forget_what_is_old()

    assert kept == [{"name": "Bram"}]
    assert await rows(world, select(people.c.name).where(people.c.active.is_(False))) == [
        {"name": ""}
    ]
    assert await rows(world, select(person_class_groups)) == []
    assert await world.log_is_whole()
