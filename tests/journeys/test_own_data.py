"""Everybody reads what is stored about himself, gets it as a file, and asks for a change."""

import json

import pytest
from sqlalchemy import insert, select, update

from bot.policy.effects import Language
from bot.policy.people import Duty, Role
from bot.policy.rules import Article
from storage.tables import accounts, data_requests, guardianships, people
from tests.journeys.everyone import (
    asks,
    files_of,
    labels_under,
    last_message,
    presses,
    presses_forged,
)
from tests.journeys.finding import button_under, change, effects, news, rows, said
from tests.journeys.world import World, running

ARTICLE = Article.HOUSE

ODD_NAME = '<a href="tg://user?id=1">Bram</a> & \u202eriaF\u202c \u200bde\nVries ' + "x" * 4_000


async def number_of(world: World, name: str) -> int:
    (found,) = await rows(world, select(people.c.id).where(people.c.name == name))
    return int(found["id"])


async def account_number(world: World, user: int) -> int:
    (found,) = await rows(world, select(accounts.c.id).where(accounts.c.user_id == user))
    return int(found["id"])


async def file_for(world: World, user: int, kind: str) -> bytes:
    await asks(world, user, "/mijngegevens")
    await presses(world, user, f"button-data-{kind}")
    return files_of(world, user)[-1][1]


async def open_requests(world: World) -> list[str]:
    found = await rows(world, select(data_requests).where(data_requests.c.done_at.is_(None)))
    return [row["kind"] for row in found]


# --- reading -----------------------------------------------------------------------------------


async def test_page_when_a_student_asks_then_tells_his_own_data_with_why_and_how_long(
    world: World,
) -> None:
    bram = await world.student("Bram Bakker", "4H2")
    await world.student("Sanne Smit", "4H2")
    hears = news(world, bram)

    await asks(world, bram, "/mijngegevens")

    (page,) = hears.heard
    assert page.startswith(said(world, "my-data-head"))
    for line in ("Naam: Bram Bakker", "Rol: leerling", "Klassen: 4H2", "365 dagen"):
        assert line in page
    assert "Sanne" not in page
    assert labels_under(world, bram) == [
        "Bestand, leesbaar",
        "Bestand, JSON",
        "Laten verbeteren",
        "Laten verwijderen",
        "Stoppen",
    ]


async def test_page_when_a_stranger_asks_then_tells_what_little_there_is(world: World) -> None:
    await world.student("Bram Bakker", "4H2")
    sanne = world.stranger("Sanne", language_code="en")
    world.act.start_bot(sanne)
    hears = news(world, sanne)

    await asks(world, sanne, "/mydata")

    why = said(world, "my-data-why-account", Language.ENGLISH)
    head = said(world, "my-data-head", Language.ENGLISH)
    assert [text for text in hears.heard if text.startswith(head)] == [
        f"{head}\n\nThis account\nFirst seen: 23 November 2026\n{why}"
    ]


async def test_page_when_a_guardian_asks_then_names_the_children_and_the_file_does_not(
    world: World,
) -> None:
    gerda = await world.join_school("Gerda Bakker", Role.GUARDIAN)
    bram = await world.student("Bram Bakker", "4H2")
    guardian, student = [await number_of(world, n) for n in ("Gerda Bakker", "Bram Bakker")]
    await change(world, insert(guardianships).values(guardian_id=guardian, student_id=student))

    await asks(world, gerda, "/mijngegevens")
    await asks(world, bram, "/mijngegevens")

    assert "Kinderen: Bram Bakker" in world.heard_by(gerda)[-1]
    assert "Ouders of verzorgers: 1" in world.heard_by(bram)[-1]
    assert "Gerda" not in world.heard_by(bram)[-1]
    for kind in ("json", "text"):
        assert b"Bram" not in await file_for(world, gerda, kind)
        assert b"Gerda" not in await file_for(world, bram, kind)


# --- the file ----------------------------------------------------------------------------------


async def test_file_when_asked_for_then_holds_everything_and_nothing_of_others(
    world: World,
) -> None:
    anna = await world.teacher("Anna de Vries")
    bram = await world.student("Bram Bakker", "4H2")
    chat = await world.managed_group(anna, bram)
    # The lock is off for a moment, and he writes.
    world.act.set_permissions(anna, chat, {"can_send_messages": True})
    world.act.write(bram, chat, "wie heeft het huiswerk van Sanne")
    await world.quiet()
    world.act.write(bram, bram, "mag ik het nummer van mevrouw de Vries")
    await world.quiet()

    whole = json.loads(await file_for(world, bram, "json"))
    name, _ = files_of(world, bram)[-1]

    assert name == "mijn-gegevens-2026-11-23.json"
    assert whole["person"][0]["name"] == "Bram Bakker"
    assert whole["account"][0]["telegram_id"] == bram
    assert [row["text"] for row in whole["evidence"]] == ["wie heeft het huiswerk van Sanne"]
    tags = [row["tag"] for row in whole["events"]]
    for tag in ("bot:account:linked", "bot:message:refused", "bot:contact:staff-asked-for"):
        assert tag in tags
    written = json.dumps(whole)
    assert "Anna" not in written
    assert str(anna) not in written
    assert str(chat) not in written


async def test_file_when_read_by_people_then_says_the_same_in_words(world: World) -> None:
    bram = await world.student("Bram Bakker", "4H2")

    told = (await file_for(world, bram, "text")).decode()

    for line in ("Naam: Bram Bakker", "Rol: leerling", "Klassen: 4H2", "Op school: ja"):
        assert line in told.splitlines()
    assert not {"{", "}"} & set(told)


async def test_file_when_he_stands_beside_somebody_else_in_an_event_then_not_who_that_is(
    world: World,
) -> None:
    anna = await world.teacher("Anna de Vries")
    bram = await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    message = world.act.write(anna, chat, "rooster")
    assert message

    whole = json.loads(await file_for(world, bram, "json"))

    teacher = await account_number(world, anna)
    for event in whole["events"]:
        assert teacher not in event["details"].values()


@pytest.mark.parametrize("kind", ["json", "text"])
async def test_file_when_the_name_is_odd_then_is_whole_and_the_page_stays_itself(
    world: World, kind: str
) -> None:
    bram = await world.student("Bram Bakker", "4H2")
    await change(world, update(people).values(name=ODD_NAME))

    await asks(world, bram, "/mijngegevens")
    page = last_message(world, bram)
    told = await file_for(world, bram, kind)

    (line,) = [each for each in page["text"].splitlines() if each.startswith("Naam: ")]
    assert line.startswith('Naam: <a href="tg://user?id=1">Bram</a> & riaF de Vries x')
    assert len(line) <= len("Naam: ") + 80
    # What looks like an address becomes one on any telephone; nothing of the name is markup.
    assert {"text_link", "text_mention"} & {each["type"] for each in page["entities"]} == set()
    if kind == "json":
        assert json.loads(told)["person"][0]["name"] == ODD_NAME
    else:
        (name,) = [each for each in told.decode().splitlines() if each.startswith("Naam: ")]
        assert name.endswith("x" * 4_000)
        assert "\u202e" not in name


@pytest.mark.parametrize(
    "forged",
    [
        "v1:open:0:my-data:2",
        "v1:open:0:my-data-file:json:2",
        "v1:open:0:my-data-file:2",
        "v1:open:0:my-data-file:..~etc",
        "v1:open:-1001234567890:my-data-file:json",
    ],
)
async def test_data_when_asked_for_with_a_forged_button_then_are_ones_own(
    world: World, forged: str
) -> None:
    await world.student("Bram Bakker", "4H2")
    xander = world.stranger("Xander")
    world.act.start_bot(xander)
    await world.quiet()

    await presses_forged(world, xander, forged)

    told = [world.heard_by(xander)[-1], *(each.decode() for _, each in files_of(world, xander))]
    assert not any("Bram" in each or "4H2" in each for each in told)
    assert all("Bram" not in text for text in world.heard_by(xander))


async def test_file_when_asked_for_again_and_again_then_comes_a_few_times(
    resting_world: World,
) -> None:
    async with running(resting_world) as world:
        bram = await world.student("Bram Bakker", "4H2")
        await asks(world, bram, "/mijngegevens")
        message, data = button_under(world, bram, "Bestand, JSON")
    for _ in range(300):
        resting_world.act.press(bram, bram, message, data)

    async with running(resting_world) as world:
        # One that is under way does not stand for the ones that come after it.
        assert 1 <= len(files_of(world, bram)) <= 5


# --- asking ------------------------------------------------------------------------------------


async def test_request_when_asked_then_has_a_receipt_and_administrators_hear_that_there_is_one(
    world: World,
) -> None:
    anna = await world.teacher("Anna de Vries", Duty.ADMINISTRATOR)
    bram = await world.student("Bram Bakker")
    hers, his = news(world, anna), news(world, bram)
    await asks(world, bram, "/mijngegevens")

    await presses(world, bram, "button-ask-correction")

    assert said(world, "data-asked-correction") in his.heard
    assert "Correctie, gevraagd op 23 november 2026" in "\n".join(world.heard_by(bram))
    assert hers.heard == [said(world, "data-asked-administrator")]
    assert await open_requests(world) == ["correction"]
    (event,) = await world.events("person:data:asked")
    assert (event["kind"], event["account_id"]) == ("correction", await account_number(world, bram))


async def test_request_when_an_administrator_looks_then_sees_the_open_ones(world: World) -> None:
    anna = await world.teacher("Anna de Vries", Duty.ADMINISTRATOR)
    bram = await world.student("Bram Bakker")
    await asks(world, bram, "/mijngegevens")
    await presses(world, bram, "button-ask-erasure")

    await presses(world, anna, "button-data-requests")

    assert world.heard_by(anna)[-1] != said(world, "data-asked-administrator")
    assert world.heard_by(anna)[-1] != said(world, "command-refused")


async def test_request_when_asked_a_hundred_times_then_is_one(world: World) -> None:
    anna = await world.teacher("Anna de Vries", Duty.ADMINISTRATOR)
    bram = await world.student("Bram Bakker")
    hers = news(world, anna)
    await asks(world, bram, "/mijngegevens")
    message, data = button_under(world, bram, "Laten verwijderen")

    for _ in range(100):
        world.act.press(bram, bram, message, data)
    await world.quiet()

    assert await open_requests(world) == ["erasure"]
    assert len(await world.events("person:data:asked")) == 1
    assert len(hers.heard) == 1
    receipts = [row for row in await effects(world, "SendPrivateNotice")
                if row["key"] == "data-asked-erasure"]  # fmt: skip
    assert len(receipts) == 1


async def test_request_when_dealt_with_then_may_be_asked_again(world: World) -> None:
    bram = await world.student("Bram Bakker")
    await asks(world, bram, "/mijngegevens")
    await presses(world, bram, "button-ask-erasure")
    await change(world, update(data_requests).values(done_at=world.clock.now()))

    await presses(world, bram, "button-ask-erasure")

    assert await open_requests(world) == ["erasure"]
    assert len(await world.events("person:data:asked")) == 2


@pytest.mark.parametrize("forged", ["v1:askdata:0:everything", "v1:askdata:0", "v1:askdata:0:2"])
async def test_request_when_forged_then_is_none(world: World, forged: str) -> None:
    bram = await world.student("Bram Bakker")

    await presses_forged(world, bram, forged)

    assert await open_requests(world) == []


async def test_word_to_administrators_when_opened_by_another_then_is_refused(world: World) -> None:
    bram = await world.student("Bram Bakker")

    await presses_forged(world, bram, "v1:open:0:data-asked")
    await presses_forged(world, bram, "v1:open:0:data-requests")

    assert said(world, "data-asked-administrator") not in world.heard_by(bram)
    assert len(await world.events("bot:command:refused")) == 2
