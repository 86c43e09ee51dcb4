"""Duties: one administrator proposes, another agrees, and nobody decides about himself."""

import pytest
from sqlalchemy import select

from bot.policy.people import Duty, Role
from bot.policy.rules import Article
from storage.tables import people, person_duties
from tests.journeys.administrators import administrator, ask, forge, labels, press
from tests.journeys.finding import button_under, leave_school, news, rows, said, time_passes
from tests.journeys.world import World

ARTICLE = Article.HOUSE


async def duties(world: World, name: str) -> set[str]:
    found = await rows(
        world,
        select(person_duties.c.duty)
        .join(people, people.c.id == person_duties.c.person_id)
        .where(people.c.name == name),
    )
    return {row["duty"] for row in found}


async def number(world: World, name: str) -> int:
    (found,) = await rows(world, select(people.c.id).where(people.c.name == name))
    return int(found["id"])


async def propose(world: World, user: int, name: str, label: str) -> None:
    await ask(world, user, "/taken")
    await press(world, user, "Een taak geven of nemen")
    await press(world, user, name)
    await press(world, user, label)


async def test_coordinator_when_proposed_and_agreed_then_is_one_and_the_log_names_both(
    world: World,
) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    await world.teacher("Vera Vries")

    await propose(world, anna, "Vera Vries", "Maak coördinator")
    assert await duties(world, "Vera Vries") == set()
    assert "Voorstel: Vera Vries wordt coördinator" in world.heard_by(ben)[-1]
    await press(world, ben, "Akkoord")

    assert await duties(world, "Vera Vries") == {"coordinator"}
    for user in (anna, ben):
        assert "Akkoord, door Ben Beheer. Het geldt nu." in world.heard_by(user)[-1]
    linked = {e["person"]: e["user"] for e in await world.events("bot:account:linked")}
    of = {name: linked[await number(world, name)] for name in ("Anna Beheer", "Ben Beheer")}
    (proposed,) = await world.events("staff:duty:proposed")
    (granted,) = await world.events("staff:duty:granted")
    assert proposed["user"] == granted["proposed_by"] == of["Anna Beheer"]
    assert granted["user"] == of["Ben Beheer"]
    assert granted["duty"] == "coordinator"
    assert granted["person"] == await number(world, "Vera Vries")


async def test_duty_when_declined_then_stays_as_it_was(world: World) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    await world.teacher("Vera Vries", Duty.LEADERSHIP)

    await propose(world, anna, "Vera Vries", "Niet meer schoolleiding")
    await press(world, ben, "Niet akkoord")

    assert await duties(world, "Vera Vries") == {"leadership"}
    assert len(await world.events("staff:duty:declined")) == 1
    assert "Niet doorgegaan, door Ben Beheer." in world.heard_by(anna)[-1]


async def test_duty_when_proposed_for_oneself_then_only_the_other_decides(world: World) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    await propose(world, anna, "Anna Beheer", "Maak schoolleiding")
    assert "Akkoord" not in labels(world, anna)
    _, approve = button_under(world, ben, "Akkoord")

    await forge(world, anna, approve)
    assert world.heard_by(anna)[-1] == said(world, "duty-not-by-yourself")
    assert await duties(world, "Anna Beheer") == {"administrator"}
    refused = [event["command"] for event in await world.events("bot:command:refused")]
    assert refused == ["own-duty"]

    await press(world, ben, "Akkoord")
    assert await duties(world, "Anna Beheer") == {"administrator", "leadership"}


async def test_promotion_when_a_colleague_proposes_it_then_whom_it_is_about_cannot_agree(
    world: World,
) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    cas = await administrator(world, "Cas Beheer")
    await propose(world, anna, "Ben Beheer", "Maak coördinator")
    _, approve = button_under(world, cas, "Akkoord")

    for data in (approve, approve.removesuffix("1") + "0"):
        await forge(world, ben, data)

    assert await duties(world, "Ben Beheer") == {"administrator"}
    assert await world.events("staff:duty:declined") == []
    await press(world, cas, "Akkoord")
    assert await duties(world, "Ben Beheer") == {"administrator", "coordinator"}


async def test_proposal_when_agreed_on_by_two_at_once_then_counts_once(world: World) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    cas = await administrator(world, "Cas Beheer")
    await world.teacher("Vera Vries")
    await propose(world, anna, "Vera Vries", "Maak coördinator")

    for user in (ben, cas, ben):
        message, data = button_under(world, user, "Akkoord")
        world.act.press(user, user, message, data)
    await world.quiet()

    assert len(await world.events("staff:duty:granted")) == 1
    assert await duties(world, "Vera Vries") == {"coordinator"}


async def test_approval_when_replayed_after_the_duty_was_taken_then_gives_it_to_nobody(
    world: World,
) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    await world.teacher("Vera Vries")
    await propose(world, anna, "Vera Vries", "Maak coördinator")
    _, approve = button_under(world, ben, "Akkoord")
    await press(world, ben, "Akkoord")
    await propose(world, ben, "Vera Vries", "Niet meer coördinator")
    await press(world, anna, "Akkoord")
    assert await duties(world, "Vera Vries") == set()

    await forge(world, ben, approve)

    assert await duties(world, "Vera Vries") == set()
    assert len(await world.events("staff:duty:granted")) == 1
    assert len(await world.events("staff:duty:taken")) == 1


async def test_proposal_when_nobody_decides_in_time_then_ends(world: World) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    await world.teacher("Vera Vries")
    await propose(world, anna, "Vera Vries", "Maak coördinator")
    time_passes(world, days=7)

    await press(world, ben, "Akkoord")

    assert await duties(world, "Vera Vries") == set()
    assert said(world, "proposal-ended") in world.heard_by(ben)[-1]
    await propose(world, anna, "Vera Vries", "Maak coördinator")
    await press(world, ben, "Akkoord")
    assert await duties(world, "Vera Vries") == {"coordinator"}


async def test_proposal_when_whoever_made_it_administers_no_more_then_is_nobodys(
    world: World,
) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    await world.teacher("Vera Vries")
    await propose(world, anna, "Vera Vries", "Maak coördinator")
    await leave_school(world, "Anna Beheer")

    await press(world, ben, "Akkoord")

    assert await duties(world, "Vera Vries") == set()


async def test_proposal_when_made_twice_then_is_the_same_one(world: World) -> None:
    anna, _ = await administrator(world), await administrator(world, "Ben Beheer")
    await world.teacher("Vera Vries")

    for _ in range(2):
        await propose(world, anna, "Vera Vries", "Maak coördinator")

    assert len(await world.events("staff:duty:proposed")) == 1


async def test_proposal_when_withdrawn_then_is_over(world: World) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    await world.teacher("Vera Vries")
    await propose(world, anna, "Vera Vries", "Maak coördinator")

    await press(world, anna, "Trek het voorstel in")
    await press(world, ben, "Akkoord")

    assert await duties(world, "Vera Vries") == set()
    (declined,) = await world.events("staff:duty:declined")
    assert declined["user"] == declined["proposed_by"]


# --- how many administrators there are ---------------------------------------------------------


async def test_administrator_when_there_is_one_then_makes_a_second_alone(world: World) -> None:
    anna = await administrator(world)
    await world.teacher("Vera Vries")

    await propose(world, anna, "Vera Vries", "Maak beheerder")

    assert await duties(world, "Vera Vries") == {"administrator"}
    (granted,) = await world.events("staff:duty:granted")
    assert granted["proposed_by"] is None


async def test_leadership_when_there_is_one_administrator_then_a_second_is_asked_for(
    world: World,
) -> None:
    anna = await administrator(world)
    await world.teacher("Vera Vries")
    assert said(world, "duties-single") in await ask(world, anna, "/taken")

    await propose(world, anna, "Vera Vries", "Maak schoolleiding")

    assert world.heard_by(anna)[-1] == said(world, "second-administrator-needed")
    assert await duties(world, "Vera Vries") == set()
    assert await world.events("staff:duty:proposed") == []


async def test_administrator_when_there_are_two_then_a_third_needs_both(world: World) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    await world.teacher("Vera Vries")

    await propose(world, anna, "Vera Vries", "Maak beheerder")
    assert await duties(world, "Vera Vries") == set()
    await press(world, ben, "Akkoord")

    assert await duties(world, "Vera Vries") == {"administrator"}


async def test_administrator_when_the_other_of_two_then_is_not_unmade_by_one(
    world: World,
) -> None:
    anna, _ = await administrator(world), await administrator(world, "Ben Beheer")

    await propose(world, anna, "Ben Beheer", "Niet meer beheerder")

    assert world.heard_by(anna)[-1] == said(world, "second-administrator-needed")
    assert await duties(world, "Ben Beheer") == {"administrator"}


async def test_administrator_when_the_last_one_then_stays_one(world: World) -> None:
    anna = await administrator(world)
    await world.enrol("Ben Beheer", Role.STAFF, Duty.ADMINISTRATOR)

    await propose(world, anna, "Anna Beheer", "Niet meer beheerder")

    assert world.heard_by(anna)[-1] == said(world, "last-administrator")
    assert await duties(world, "Anna Beheer") == {"administrator"}


# --- who may not, and what reaches whom ----------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "held"),
    [
        pytest.param(Role.STUDENT, (), id="student"),
        pytest.param(Role.STAFF, (), id="teacher"),
        pytest.param(Role.STAFF, (Duty.COORDINATOR, Duty.LEADERSHIP), id="leadership"),
    ],
)
async def test_duties_when_not_an_administrator_then_gives_and_agrees_to_none(
    world: World, role: Role, held: tuple[Duty, ...]
) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    sam = await world.join_school("Sam", role, *held)
    await world.teacher("Vera Vries")
    await propose(world, anna, "Vera Vries", "Maak coördinator")
    _, approve = button_under(world, ben, "Akkoord")
    hears = news(world, sam)

    await ask(world, sam, "/taken")
    vera = await number(world, "Vera Vries")
    for data in (
        approve,
        approve.replace("v1:decideduty:0:", "v1:open:0:duty-proposal:").removesuffix(".1"),
        f"v1:duty:0:{vera}.coordinator.1",
        "v1:duty:0:ask",
        "v1:open:0:duties:s0",
    ):
        await forge(world, sam, data)

    assert set(hears.heard) == {said(world, "command-refused")}
    assert await duties(world, "Vera Vries") == set()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("v1:duty:0:0.coordinator.1", id="nobody"),
        pytest.param("v1:duty:0:99999999999999999999.coordinator.1", id="over 64 bits"),
        pytest.param("v1:decideduty:0:1.1", id="no such proposal"),
        pytest.param("v1:decideduty:0:x", id="no number"),
        pytest.param("v1:open:0:duty-proposal:99999999999999999999", id="a page over 64 bits"),
    ],
)
async def test_duties_when_the_button_is_forged_then_nothing_changes(
    world: World, data: str
) -> None:
    anna, _ = await administrator(world), await administrator(world, "Ben Beheer")

    await forge(world, anna, data)

    tags = {event["tag"] for event in await world.events()}
    assert not any(tag.startswith("staff:duty") for tag in tags)


async def test_duty_when_of_a_student_then_is_not_to_be_had(world: World) -> None:
    anna, _ = await administrator(world), await administrator(world, "Ben Beheer")
    await world.student("Bram de Boer")

    await forge(world, anna, f"v1:duty:0:{await number(world, 'Bram de Boer')}.administrator.1")

    assert await duties(world, "Bram de Boer") == set()
    assert await world.events("staff:duty:proposed") == []


async def test_duty_when_given_then_the_menu_follows(world: World) -> None:
    anna = await administrator(world)
    vera = await world.teacher("Vera Vries")

    await propose(world, anna, "Vera Vries", "Maak beheerder")

    seen = {command["command"] for command in world.act.commands_seen(vera, vera)}
    assert {"import", "codes", "koppelingen", "taken", "verzoeken"} <= seen


async def test_proposals_of_a_roster_when_sent_on_then_the_other_decides(world: World) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    await world.teacher("Vera Vries")
    content = (
        "rol;id;naam;taken\ndocent;anna-beheer;Anna Beheer;beheerder\n"
        "docent;ben-beheer;Ben Beheer;beheerder\ndocent;vera-vries;Vera Vries;coördinator\n"
    )
    world.act.send_document(anna, anna, "lijst.csv", content.encode())
    await world.quiet()
    await press(world, anna, "Ja, inlezen")

    await press(world, anna, "Bekijk de voorstellen")
    await press(world, anna, "Stuur naar andere beheerders")
    await press(world, ben, "+ coördinator: Vera Vries")
    await press(world, ben, "Akkoord")

    assert await duties(world, "Vera Vries") == {"coordinator"}


async def test_duty_when_granted_here_then_a_roster_without_duties_does_not_take_it(
    world: World,
) -> None:
    anna = await administrator(world)
    await world.teacher("Vera Vries")
    await propose(world, anna, "Vera Vries", "Maak beheerder")
    content = (
        "rol;id;naam;klas\ndocent;vera-vries;Vera Vries;5V1\ndocent;anna-beheer;Anna Beheer;\n"
    )

    world.act.send_document(anna, anna, "lijst.csv", content.encode())
    await world.quiet()
    await press(world, anna, "Ja, inlezen")

    assert await duties(world, "Vera Vries") == {"administrator"}
    (row,) = await rows(
        world,
        select(person_duties).where(person_duties.c.person_id == await number(world, "Vera Vries")),
    )
    assert row["granted"]
