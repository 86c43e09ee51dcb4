"""Who has linked and who has not, ending a link kindly, and people's requests about data."""

import pytest
from sqlalchemy import insert, select, update

from bot.policy.people import Duty, Role
from bot.policy.rosters.roster import FIRST_ADMINISTRATOR
from bot.policy.rules import Article
from storage.tables import accounts, data_requests, people
from tests.journeys.administrators import administrator, ask, forge, labels, press
from tests.journeys.finding import another_code, change, news, rows, said, time_passes
from tests.journeys.world import World
from tests.pdf import pages_of

ARTICLE = Article.HOUSE


async def number(world: World, name: str) -> int:
    (found,) = await rows(world, select(people.c.id).where(people.c.name == name))
    return int(found["id"])


async def open_person(world: World, user: int, *path: str) -> str:
    await ask(world, user, "/koppelingen")
    for label in path:
        await press(world, user, label)
    return world.heard_by(user)[-1]


# --- who has linked ----------------------------------------------------------------------------


async def test_links_when_looked_at_then_count_by_role_and_class(world: World) -> None:
    anna = await administrator(world)
    await world.student("Bram de Boer", "4H2")
    await world.enrol("Cem Ünal", Role.STUDENT, classes=("4H2",))
    await world.enrol("Daan Dijk", Role.STUDENT)

    overview = await ask(world, anna, "/koppelingen")
    assert "Medewerkers\n▰▰▰▰▰▰▰▰ 1 van 1; met een open code: 0" in overview
    assert "Leerlingen\n▰▰▰▱▱▱▱▱ 1 van 3; met een open code: 2" in overview
    await press(world, anna, "Leerlingen, klas voor klas")
    assert labels(world, anna) == ["zonder klas ▱▱▱▱▱▱▱▱ 0/1", "4H2 ▰▰▰▰▱▱▱▱ 1/2", "Terug"]

    await press(world, anna, "4H2 ▰▰▰▰▱▱▱▱ 1/2")
    assert labels(world, anna) == ["Cem Ünal ✉", "Laat zien wie gekoppeld is", "Terug"]
    await press(world, anna, "Laat zien wie gekoppeld is")
    assert labels(world, anna)[0] == "Bram de Boer"


async def test_class_when_of_many_then_shows_eight_and_turns_the_page(world: World) -> None:
    anna = await administrator(world)
    for each in range(18):
        await world.enrol(f"Leerling {each:02}", Role.STUDENT, classes=("1A",))

    await open_person(world, anna, "Leerlingen, klas voor klas", "1A ▱▱▱▱▱▱▱▱ 0/18")
    assert labels(world, anna)[:9] == [*(f"Leerling {each:02} ✉" for each in range(8)), "›"]
    await press(world, anna, "›")
    await press(world, anna, "›")

    assert labels(world, anna)[:3] == ["Leerling 16 ✉", "Leerling 17 ✉", "‹"]


async def test_name_when_it_turns_the_line_around_then_is_tidied(world: World) -> None:
    anna = await administrator(world)
    await world.enrol("Sam", Role.STUDENT, classes=("1A",))
    strange = "Sam\u202e<b>\u200b\u0007" + "x" * 100
    await change(world, update(people).where(people.c.name == "Sam").values(name=strange))

    await open_person(world, anna, "Leerlingen, klas voor klas", "1A ▱▱▱▱▱▱▱▱ 0/1")

    assert labels(world, anna)[0] == f"Sam<b>{'x' * 23}… ✉"


# --- ending a link -----------------------------------------------------------------------------


async def test_link_when_revoked_then_ends_and_the_person_is_told_kindly(world: World) -> None:
    anna = await administrator(world)
    bram = await world.student("Bram de Boer", "4H2")
    shown = await open_person(
        world,
        anna,
        "Leerlingen, klas voor klas",
        "4H2 ▰▰▰▰▰▰▰▰ 1/1",
        "Laat zien wie gekoppeld is",
        "Bram de Boer",
    )
    assert "Gekoppeld sinds 23 november 2026." in shown
    await press(world, anna, "Koppeling beëindigen")
    assert world.heard_by(anna)[-1].startswith("De koppeling van Bram de Boer beëindigen?")

    await press(world, anna, "Ja, beëindig deze koppeling")

    assert world.heard_by(bram)[-1] == said(world, "link-revoked")
    assert "Niet gekoppeld" in world.heard_by(anna)[-1]
    (event,) = await world.events("person:account:unlinked")
    linked = {e["person"]: e["user"] for e in await world.events("bot:account:linked")}
    assert event["why"] == "revoked"
    assert event["by"] == linked[await number(world, "Anna Beheer")]
    assert event["person"] == await number(world, "Bram de Boer")


async def test_link_when_revoked_then_a_new_code_links_again(world: World) -> None:
    anna = await administrator(world)
    bram = await world.student("Bram de Boer")
    await forge(world, anna, f"v1:revoke:0:{await number(world, 'Bram de Boer')}")

    await press(world, anna, "Nieuwe code op papier")
    sent = [m for m in world.act.look(anna, anna)["messages"] if m["kind"] == "document"]
    (page,) = pages_of(world.act.file_of(anna, anna, sent[-1]["message_id"]))
    code = next(line for line in page.split("\n") if line.count("-") == 2)
    world.act.write(bram, bram, code)
    await world.quiet()

    assert world.heard_by(bram)[-1] == said(world, "welcome-student")
    (event,) = await world.events("staff:codes:handed-out")
    assert event["person"] == await number(world, "Bram de Boer")


async def test_link_when_revoked_while_the_person_writes_then_each_is_recorded_once(
    world: World,
) -> None:
    anna = await administrator(world)
    vera = await world.teacher("Vera Vries")
    await forge(world, anna, f"v1:open:0:revoke-link:{await number(world, 'Vera Vries')}")

    world.act.write(vera, vera, "/nieuwegroep")
    await press(world, anna, "Ja, beëindig deze koppeling")
    world.act.write(vera, vera, "/nieuwegroep")
    await world.quiet()

    assert len(await world.events("person:account:unlinked")) == 1
    assert world.heard_by(vera).count(said(world, "link-revoked")) == 1
    assert world.heard_by(vera)[-1] == said(world, "command-refused")


async def test_link_when_revoked_twice_then_ends_once(world: World) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    await world.student("Bram de Boer")
    data = f"v1:revoke:0:{await number(world, 'Bram de Boer')}"

    for user in (anna, ben, anna):
        await forge(world, user, data)

    assert len(await world.events("person:account:unlinked")) == 1


async def test_own_link_when_the_last_administrators_then_stays(world: World) -> None:
    anna = await administrator(world)
    await forge(world, anna, f"v1:open:0:revoke-link:{await number(world, 'Anna Beheer')}")
    assert world.heard_by(anna)[-1].startswith("Dit is je eigen koppeling")

    await press(world, anna, "Ja, beëindig deze koppeling")

    assert world.heard_by(anna)[-1] == said(world, "last-administrator")
    assert await world.events("person:account:unlinked") == []


async def test_first_administrator_when_two_others_have_linked_then_can_go(world: World) -> None:
    await administrator(world, "Eerste beheerder")
    await change(
        world,
        update(people)
        .where(people.c.name == "Eerste beheerder")
        .values(school_id=FIRST_ADMINISTRATOR),
    )
    first = await number(world, "Eerste beheerder")
    anna = await administrator(world)
    await forge(world, anna, f"v1:revoke:0:{first}")
    assert world.heard_by(anna)[-1] == said(world, "first-stays")

    await administrator(world, "Ben Beheer")
    await forge(world, anna, f"v1:revoke:0:{first}")

    assert len(await world.events("person:account:unlinked")) == 1
    found = await rows(world, select(accounts.c.id).where(accounts.c.person_id == first))
    assert found == []


@pytest.mark.parametrize(
    ("role", "held"),
    [
        pytest.param(Role.STUDENT, (), id="student"),
        pytest.param(Role.STAFF, (), id="teacher"),
        pytest.param(Role.STAFF, (Duty.COORDINATOR, Duty.LEADERSHIP), id="leadership"),
        pytest.param(None, (), id="stranger"),
    ],
)
async def test_desk_when_not_an_administrators_then_shows_and_changes_nothing(
    world: World, role: Role | None, held: tuple[Duty, ...]
) -> None:
    await administrator(world)
    await world.student("Bram de Boer", "4H2")
    if role is None:
        sam = world.stranger("Sam")
        world.act.start_bot(sam)
        await world.quiet()
    else:
        sam = await world.join_school("Sam", role, *held)
    hears = news(world, sam)
    bram = await number(world, "Bram de Boer")

    for command in ("/koppelingen", "/links", "/verzoeken", "/requests"):
        await ask(world, sam, command)
    for data in (
        f"v1:revoke:0:{bram}",
        f"v1:open:0:person:{bram}",
        f"v1:open:0:revoke-link:{bram}",
        "v1:open:0:links:c.s.0",
        "v1:requestdone:0:1",
        "v1:open:0:data-requests",
    ):
        await forge(world, sam, data)

    assert set(hears.heard) == {said(world, "command-refused")}
    assert await world.events("person:account:unlinked") == []


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("v1:open:0:person:0", id="nobody"),
        pytest.param("v1:open:0:person:x", id="no number"),
        pytest.param("v1:open:0:person:99999999999999999999", id="over 64 bits"),
        pytest.param("v1:open:0:links:p.s-0123456789.n.0", id="no such class"),
        pytest.param("v1:open:0:links:c.s.99999999999", id="beyond the end"),
        pytest.param("v1:open:0:links:c.x.0", id="no such role"),
        pytest.param("v1:revoke:0:x", id="revoke nobody"),
        pytest.param("v1:open:0:data-requests:x", id="requests from nowhere"),
    ],
)
async def test_desk_when_the_button_is_forged_then_something_calm_is_shown(
    world: World, data: str
) -> None:
    anna = await administrator(world)
    await ask(world, anna, "/koppelingen")

    await forge(world, anna, data)

    assert await world.events("person:account:unlinked") == []
    assert await world.events("bot:effect:failed") == []


# --- requests about data -----------------------------------------------------------------------


async def asked(world: World, name: str, kind: str) -> None:
    """Somebody asked, as ``/mijngegevens`` writes it down."""
    (row,) = await rows(
        world,
        select(accounts.c.id, accounts.c.person_id)
        .join(people, people.c.id == accounts.c.person_id)
        .where(people.c.name == name),
    )
    await change(
        world,
        insert(data_requests).values(
            account_id=row["id"],
            person_id=row["person_id"],
            kind=kind,
            asked_at=world.clock.now(),
        ),
    )


async def test_requests_when_open_then_stand_oldest_first_with_their_term(world: World) -> None:
    anna = await administrator(world)
    assert await ask(world, anna, "/verzoeken") == said(world, "requests-none")
    await world.student("Bram de Boer")
    await world.student("Cem Ünal")
    await asked(world, "Bram de Boer", "erasure")
    time_passes(world, days=2)
    await asked(world, "Cem Ünal", "correction")

    shown = await ask(world, anna, "/verzoeken")

    assert "1. Bram de Boer: gegevens wissen. Gevraagd op 23 november 2026, antwoord voor" in shown
    assert "2. Cem Ünal: gegevens verbeteren. Gevraagd op 25 november 2026" in shown
    time_passes(world, days=29)
    assert "1. Bram de Boer: gegevens wissen. Gevraagd op 23 november 2026; het" in await ask(
        world, anna, "/verzoeken"
    )


async def test_request_when_done_then_is_gone_from_the_list_and_in_the_log(world: World) -> None:
    anna = await administrator(world)
    await world.student("Bram de Boer")
    await asked(world, "Bram de Boer", "erasure")
    await ask(world, anna, "/verzoeken")

    for _ in range(2):
        await forge(world, anna, "v1:requestdone:0:1")

    assert world.heard_by(anna)[-1] == said(world, "requests-none")
    (event,) = await world.events("staff:data-request:done")
    assert (event["kind"], event["person"]) == ("erasure", await number(world, "Bram de Boer"))


async def test_code_when_open_then_the_page_of_the_person_says_until_when(world: World) -> None:
    anna = await administrator(world)
    await world.enrol("Cem Ünal", Role.STUDENT)
    await another_code(world, "Cem Ünal")

    await forge(world, anna, f"v1:open:0:person:{await number(world, 'Cem Ünal')}")

    assert "Een code is nog te gebruiken tot maandag 7 december" in world.heard_by(anna)[-1]
