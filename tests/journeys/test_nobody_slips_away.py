"""Whoever loses the link, or moves to another class, does not slip out of the owner's sight."""

import pytest
from sqlalchemy import select, update

from bot.messages.notices import label
from bot.policy.effects import Language
from bot.policy.people import Duty, Role
from bot.policy.rules import Article
from storage.tables import accounts, group_members, people
from tests.journeys.administrators import administrator, ask, forge, press
from tests.journeys.everyone import asks, menu_seen, presses
from tests.journeys.finding import button_under, change, leave_school, rows, said
from tests.journeys.joining import (
    a_class_group,
    a_guardian,
    asking,
    clock_ticks,
    link_of,
    members_of,
    serves,
)
from tests.journeys.world import World

ARTICLE = Article.HOUSE

HEADER = "rol;id;naam;klas;taken;kinderen\n"
YES = "Ja, inlezen"


async def imports(world: World, user: int, *lines: str) -> None:
    world.act.send_document(user, user, "lijst.csv", (HEADER + "\n".join(lines)).encode())
    await world.quiet()
    await press(world, user, YES)


async def number_of(world: World, name: str) -> int:
    (found,) = await rows(world, select(people.c.id).where(people.c.name == name))
    return int(found["id"])


async def stops(world: World, user: int) -> None:
    await asks(world, user, "/stop")
    await presses(world, user, "button-stop")


async def comes_in(world: World, user: int, chat: int) -> None:
    world.act.request_join(user, await link_of(world, chat))
    await world.quiet()
    assert user in members_of(world, chat)
    await clock_ticks(world)
    await world.later(minutes=11)


# --- in a group ----------------------------------------------------------------------------------


async def test_member_when_the_link_is_revoked_then_the_owner_sees_him_and_can_remove(
    world: World,
) -> None:
    boss = await administrator(world)
    anna, chat = await a_class_group(world, "4H2")
    bram = await world.student("Bram Bakker", "4H2")
    await comes_in(world, bram, chat)

    await forge(world, boss, f"v1:revoke:0:{await number_of(world, 'Bram Bakker')}")
    await clock_ticks(world)

    assert world.heard_by(anna)[-1] == said(world, "group-outsiders")
    await press(world, anna, label("button-group-members", Language.DUTCH))
    await press(world, anna, "✕ 1. Bram Bakker")
    assert bram not in members_of(world, chat)


async def test_outsider_when_he_stops_then_stays_on_the_owners_list(world: World) -> None:
    anna, chat = await a_class_group(world, "4H2")
    cem = await world.student("Cem Ünal", "3A")
    world.act.join(cem, world.act.create_link(anna, chat))
    await world.quiet()

    await stops(world, cem)
    await clock_ticks(world)

    await press(world, anna, label("button-group-members", Language.DUTCH))
    await press(world, anna, "✕ 1. Cem Ünal")
    assert cem not in members_of(world, chat)


async def test_member_who_came_by_request_when_he_stops_then_is_forgotten(world: World) -> None:
    _anna, chat = await a_class_group(world, "4H2")
    bram = await world.student("Bram Bakker", "4H2")
    await comes_in(world, bram, chat)

    await stops(world, bram)

    assert await rows(world, select(group_members)) == []


async def test_student_when_a_roster_moves_him_then_the_owner_of_the_old_group_is_told(
    world: World,
) -> None:
    boss = await administrator(world)
    anna, chat = await a_class_group(world, "4H2")
    bram = await world.student("Bram Bakker", "4H2")
    gerda = await a_guardian(world, "Gerda Bakker", "Bram Bakker")
    await comes_in(world, bram, chat)
    await comes_in(world, gerda, chat)
    told = world.heard_by(anna).count(said(world, "group-outsiders"))

    await imports(
        world,
        boss,
        "docent;anna-beheer;Anna Beheer;;;",
        "docent;anna-de-vries;Anna de Vries;;;",
        "leerling;bram-bakker;Bram Bakker;3A;;",
        "ouder;gerda-bakker;Gerda Bakker;;;bram-bakker",
    )
    await clock_ticks(world)

    assert world.heard_by(anna).count(said(world, "group-outsiders")) == told + 1
    await press(world, anna, label("button-group-members", Language.DUTCH))
    listed = world.heard_by(anna)[-1]
    assert ("Bram Bakker" in listed, "Gerda Bakker" in listed) == (True, True)
    assert {bram, gerda} <= members_of(world, chat)


async def test_guardian_when_children_are_in_two_classes_then_is_let_into_both(
    world: World,
) -> None:
    anna, first = await a_class_group(world, "4H2")
    second = await world.managed_group(anna, title="3A rooster")
    await serves(world, second, "3A")
    await world.enrol("Bram Bakker", Role.STUDENT, classes=("4H2",))
    await world.enrol("Cem Bakker", Role.STUDENT, classes=("3A",))
    gerda = await a_guardian(world, "Gerda Bakker", "Bram Bakker", "Cem Bakker")

    for chat in (first, second):
        await comes_in(world, gerda, chat)

    assert all(gerda in members_of(world, chat) for chat in (first, second))


# --- asking to come in ---------------------------------------------------------------------------


async def test_request_when_who_asked_stops_then_is_declined_and_can_be_made_again(
    world: World,
) -> None:
    _anna, chat = await a_class_group(world, "4H2")
    xander = world.stranger("Xander Xavier")
    world.act.start_bot(xander)
    link = await link_of(world, chat)
    world.act.request_join(xander, link)
    await world.quiet()

    await asks(world, xander, "/stop")
    await presses(world, xander, "button-forget")
    assert asking(world, chat) == []

    world.act.request_join(xander, link)
    await world.quiet()
    assert asking(world, chat) == [xander]
    code = await world.enrol("Bram Bakker", Role.STUDENT, classes=("4H2",))
    world.act.write(xander, xander, code)
    await world.quiet()
    assert xander in members_of(world, chat)


# --- administrators among themselves -------------------------------------------------------------


@pytest.mark.parametrize("duty", [Duty.ADMINISTRATOR, Duty.LEADERSHIP, Duty.COORDINATOR])
async def test_account_with_a_duty_when_linked_or_revoked_then_the_others_are_told(
    world: World, duty: Duty
) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    before = len(world.heard_by(ben))

    vera = await world.teacher("Vera Vries", duty)
    assert world.heard_by(ben)[before:] == [said(world, f"duty-linked-{duty}")]
    await forge(world, anna, f"v1:revoke:0:{await number_of(world, 'Vera Vries')}")

    assert world.heard_by(ben)[before + 1 :] == [said(world, f"duty-unlinked-{duty}")]
    assert said(world, f"duty-unlinked-{duty}") not in world.heard_by(vera)


async def test_colleague_without_a_duty_when_linked_then_nobody_is_told(world: World) -> None:
    anna = await administrator(world)
    before = world.heard_by(anna)

    await world.teacher("Vera Vries")

    assert world.heard_by(anna) == before


async def test_administrator_when_he_ends_the_others_link_then_is_not_alone_by_that(
    world: World,
) -> None:
    anna = await administrator(world)
    await administrator(world, "Ben Beheer")
    await world.teacher("Vera Vries")
    vera = await number_of(world, "Vera Vries")

    await forge(world, anna, f"v1:revoke:0:{await number_of(world, 'Ben Beheer')}")
    for duty in (Duty.ADMINISTRATOR, Duty.LEADERSHIP):
        await forge(world, anna, f"v1:duty:0:{vera}.{duty}.1")

        assert world.heard_by(anna)[-1] == said(world, "second-administrator-needed")
    assert await world.events("staff:duty:granted") == []


async def test_toast_when_english_was_chosen_then_is_in_english(world: World) -> None:
    bram = await world.student("Bram Bakker")
    await asks(world, bram, "/taal")
    await press(world, bram, "English")
    await asks(world, bram, "/mydata")

    message, data = button_under(world, bram, label("button-ask-correction", Language.ENGLISH))
    query = world.act.press(bram, bram, message, data)
    await world.quiet()

    shown = (world.act.callback(str(query)) or {})["text"]
    assert shown == said(world, "toast-data-asked", Language.ENGLISH)


# --- rosters -------------------------------------------------------------------------------------


async def test_duties_of_a_roster_when_written_then_the_others_see_them_at_once(
    world: World,
) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    await imports(
        world,
        anna,
        "docent;anna-beheer;Anna Beheer;;beheerder;",
        "docent;ben-beheer;Ben Beheer;;beheerder;",
        "docent;VRI;Vera Vries;;coördinator;",
    )

    await press(world, ben, "+ coördinator: Vera Vries")
    await press(world, ben, "Akkoord")

    assert len(await world.events("staff:duty:granted")) == 1


async def test_staff_when_a_roster_leaves_them_out_then_the_menu_is_a_strangers(
    world: World,
) -> None:
    anna, vera = await administrator(world), await world.teacher("Vera Vries")
    assert "nieuwegroep" in menu_seen(world, vera)

    await imports(world, anna, "docent;anna-beheer;Anna Beheer;;;")

    assert "nieuwegroep" not in menu_seen(world, vera)


async def test_leaver_when_the_school_year_begins_then_hears_that_the_link_ended(
    world: World,
) -> None:
    boss = await administrator(world)
    _anna, chat = await a_class_group(world, "4H2")
    bram = await world.student("Bram Bakker", "4H2")
    await comes_in(world, bram, chat)
    await leave_school(world, "Bram Bakker")
    await change(
        world,
        update(people).where(people.c.name == "Bram Bakker").values(left_at=world.clock.now()),
    )
    await ask(world, boss, "/schooljaar")
    await press(world, boss, label("button-year-begin", Language.DUTCH))

    assert world.heard_by(bram)[-1] == said(world, "link-ended-school")
    assert "stop" in menu_seen(world, bram)
    (kept,) = await rows(world, select(accounts).where(accounts.c.user_id == bram))
    assert kept["person_id"] is None
    await clock_ticks(world)
    assert bram in members_of(world, chat)
    in_groups = await rows(world, select(group_members.c.account_id))
    assert [row["account_id"] for row in in_groups] == [kept["id"]]
