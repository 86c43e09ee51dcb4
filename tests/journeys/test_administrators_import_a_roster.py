"""An administrator sends the school's list to the bot: seen first, written once, by nobody else."""

import hashlib
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.policy.administering.administration import MOST_BYTES
from bot.policy.administering.under_way import UploadState
from bot.policy.effects import Language
from bot.policy.people import Duty, Role
from bot.policy.rules import Article
from storage.people import current_roster
from storage.tables import outbox, people, person_duties, roster_uploads
from tests.journeys.administrators import administrator, forge, press
from tests.journeys.finding import (
    button_under,
    change,
    everything_on_disk,
    news,
    rows,
    said,
    time_passes,
)
from tests.journeys.world import World, running

ARTICLE = Article.HOUSE

YES, NO = "Ja, inlezen", "Nee, niet inlezen"
HEADER = "rol;id;naam;klas;taken;kind\n"
STUDENTS = (
    "leerlingnummer;naam;klas\n100234;Şeyma Yıldız;4H2\n100235;Bram de Boer;4H2, wisB3\n"
).encode()


def roster(*lines: str) -> bytes:
    """A whole school's list in which Anna stands, so that nobody goes."""
    return (HEADER + "".join(f"{line}\n" for line in lines)).encode()


async def send(world: World, user: int, content: bytes, name: str = "lijst.csv") -> None:
    world.act.send_document(user, user, name, content)
    await world.quiet()


async def names(world: World) -> list[str]:
    found = await rows(world, select(people.c.name).where(people.c.active.is_(True)))
    return sorted(row["name"] for row in found)


async def uploads(world: World) -> list[dict[str, object]]:
    return await rows(world, select(roster_uploads).order_by(roster_uploads.c.made_at))


# --- the way it goes ---------------------------------------------------------------------------


async def test_import_when_confirmed_then_written_once_with_who(world: World) -> None:
    anna = await administrator(world)
    world.act.write(anna, anna, "/import")
    await world.quiet()
    assert world.heard_by(anna)[-1] == said(world, "import-ask")

    await send(world, anna, STUDENTS)
    preview = world.heard_by(anna)[-1]
    assert "In het bestand: 2. Nieuw: 2. Gewijzigd: 0. Weg: 0." in preview
    assert "Nieuw (2): Şeyma Yıldız, Bram de Boer" in preview
    assert await names(world) == ["Anna Beheer"]

    await press(world, anna, YES)

    assert world.heard_by(anna)[-1].startswith("Ingelezen. Nieuw: 2. Gewijzigd: 0. Weg: 0.")
    assert await names(world) == ["Anna Beheer", "Bram de Boer", "Şeyma Yıldız"]
    (event,) = await world.events("staff:roster:imported")
    (linked,) = await world.events("bot:account:linked")
    assert {key: event[key] for key in ("user", "added", "changed", "gone", "proposed")} == {
        "user": linked["user"],
        "added": 2,
        "changed": 0,
        "gone": 0,
        "proposed": 0,
    }


async def test_import_when_english_is_spoken_then_all_of_it_is(world: World) -> None:
    anna = await administrator(world)
    world.act.write(anna, anna, "/taal")
    await world.quiet()
    await press(world, anna, "English")

    await send(world, anna, STUDENTS)

    assert world.heard_by(anna)[-1].endswith(said(world, "import-confirm", Language.ENGLISH))
    await press(world, anna, "Yes, import")
    assert world.heard_by(anna)[-1].startswith("Imported. New: 2.")


async def test_import_when_nothing_was_confirmed_then_no_name_is_kept(world: World) -> None:
    anna = await administrator(world)

    await send(world, anna, STUDENTS)

    assert "Yıldız".encode() not in everything_on_disk(world)
    (upload,) = await uploads(world)
    assert upload["content_digest"] == hashlib.sha256(STUDENTS).hexdigest()
    assert upload["state"] == UploadState.SHOWN


async def test_import_when_of_3000_people_then_is_quick_and_shows_how_far_it_is(
    world: World,
) -> None:
    anna = await administrator(world)
    lines = [f"1{number:05};Leerling {number};{number % 100}A" for number in range(3_000)]
    began = world.clock.now()

    await send(world, anna, ("leerlingnummer;naam;klas\n" + "\n".join(lines)).encode())
    await press(world, anna, YES)

    assert world.clock.now() - began < timedelta(seconds=20)
    assert world.heard_by(anna)[-1].startswith("Ingelezen. Nieuw: 3000.")
    shown = [call["text"] for call in world.calls("editMessageText")]
    shown += [call["text"] for call in world.calls("sendMessage")]
    assert said(world, "import-reading") in shown
    assert len(await names(world)) == 3_001


async def test_import_when_refused_by_hand_then_nothing_is_written(world: World) -> None:
    anna = await administrator(world)
    await send(world, anna, STUDENTS)
    yes = button_under(world, anna, YES)

    await press(world, anna, NO)

    assert world.heard_by(anna)[-1] == said(world, "import-cancelled")
    assert await names(world) == ["Anna Beheer"]
    with pytest.raises(Exception, match="button"):
        world.act.press(anna, anna, *yes)


# --- a second time, a crash, a change in between -----------------------------------------------


async def test_import_when_confirmed_twice_at_once_then_written_once(world: World) -> None:
    anna = await administrator(world)
    await send(world, anna, STUDENTS)
    message, data = button_under(world, anna, YES)

    for _ in range(3):
        world.act.press(anna, anna, message, data)
    await world.quiet()

    assert len(await world.events("staff:roster:imported")) == 1
    assert world.heard_by(anna)[-1].startswith("Ingelezen. Nieuw: 2.")


async def test_import_when_the_bot_stops_after_the_yes_then_written_once_at_the_next_start(
    resting_world: World,
) -> None:
    async with running(resting_world) as world:
        anna = await administrator(world)
        await send(world, anna, STUDENTS)
        message, data = button_under(world, anna, YES)
    resting_world.act.press(anna, anna, message, data)

    for _ in range(2):
        async with running(resting_world) as world:
            await world.quiet()

    assert len(await resting_world.events("staff:roster:imported")) == 1
    assert len(await names(resting_world)) == 3


async def test_import_when_the_bot_stopped_before_it_could_tell_then_tells_and_writes_nothing(
    resting_world: World,
) -> None:
    async with running(resting_world) as world:
        anna = await administrator(world)
        await send(world, anna, STUDENTS)
        await press(world, anna, YES)
    # As a process leaves it that ends between the roster's commit and the word about it.
    mine = (outbox.c.effect == "EditPage", outbox.c.payload.contains("import-run"))
    await change(
        resting_world, update(outbox).where(*mine).values(state="sending", settled_at=None)
    )

    async with running(resting_world) as world:
        await world.quiet()

    assert len(await resting_world.events("staff:roster:imported")) == 1
    assert resting_world.heard_by(anna)[-1].startswith("Ingelezen. Nieuw: 2.")
    assert len(await names(resting_world)) == 3


async def test_import_when_an_old_yes_is_pressed_after_all_then_nothing_is_written_again(
    world: World,
) -> None:
    anna = await administrator(world)
    await send(world, anna, STUDENTS)
    (upload,) = await uploads(world)
    await press(world, anna, YES)
    await change(world, update(people).where(people.c.name == "Bram de Boer").values(name="B"))

    await forge(world, anna, f"v1:import:0:yes.{upload['id']}")

    assert len(await world.events("staff:roster:imported")) == 1
    assert "B" in await names(world)


async def test_import_when_the_roster_changed_meanwhile_then_is_shown_anew(world: World) -> None:
    anna = await administrator(world)
    ben = await administrator(world, "Ben Beheer")
    await send(world, anna, STUDENTS)
    await send(world, ben, STUDENTS.replace(b"Bram de Boer", b"Bram Boer"))
    await press(world, ben, YES)

    await press(world, anna, YES)

    shown = world.heard_by(anna)[-1]
    assert shown.startswith(said(world, "import-changed-meanwhile"))
    assert "Gewijzigd (1): Bram de Boer" in shown
    assert len(await world.events("staff:roster:imported")) == 1
    await press(world, anna, YES)
    assert len(await world.events("staff:roster:imported")) == 2


async def test_import_when_the_file_is_another_one_by_now_then_is_shown_anew(
    world: World,
) -> None:
    anna = await administrator(world)
    await send(world, anna, STUDENTS)
    (upload,) = await uploads(world)
    world.act.send_document(anna, anna, "ander.csv", STUDENTS + b"100236;Cem;4H2\n")
    await world.quiet()
    other = (await uploads(world))[-1]
    old = {"file_id": other["file_id"], "state": UploadState.SHOWN.value}
    await change(
        world, update(roster_uploads).where(roster_uploads.c.id == upload["id"]).values(old)
    )

    await forge(world, anna, f"v1:import:0:yes.{upload['id']}")

    assert world.heard_by(anna)[-1].startswith(said(world, "import-changed-meanwhile"))
    assert await names(world) == ["Anna Beheer"]


async def test_import_when_confirmed_too_late_then_nothing_is_written(world: World) -> None:
    anna = await administrator(world)
    await send(world, anna, STUDENTS)
    time_passes(world, minutes=61)

    await press(world, anna, YES)

    assert await names(world) == ["Anna Beheer"]
    assert world.heard_by(anna)[-1] == said(world, "import-over")


# --- who may not -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "duties"),
    [
        pytest.param(Role.STUDENT, (), id="student"),
        pytest.param(Role.GUARDIAN, (), id="guardian"),
        pytest.param(Role.STAFF, (), id="teacher"),
        pytest.param(Role.STAFF, (Duty.COORDINATOR, Duty.LEADERSHIP), id="coordinator"),
        pytest.param(None, (), id="stranger"),
    ],
)
async def test_document_when_not_of_an_administrator_then_is_never_fetched(
    world: World, role: Role | None, duties: tuple[Duty, ...]
) -> None:
    if role is None:
        somebody = world.stranger("Sam")
        world.act.start_bot(somebody)
        await world.quiet()
    else:
        somebody = await world.join_school("Sam", role, *duties)

    await send(world, somebody, STUDENTS)
    world.act.write(somebody, somebody, "/import")
    await world.quiet()

    assert world.calls("getFile") == []
    assert await uploads(world) == []
    assert said(world, "import-ask") not in world.heard_by(somebody)
    assert [event["command"] for event in await world.events("bot:command:refused")] == ["import"]


async def test_preview_when_confirmed_by_another_administrator_then_nothing_happens(
    world: World,
) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    await send(world, anna, STUDENTS)
    (upload,) = await uploads(world)
    await send(world, ben, STUDENTS)

    for data in (
        f"v1:import:0:yes.{upload['id']}",
        f"v1:open:0:import-run:{upload['id']}",
        f"v1:open:0:import-preview:{upload['id']}",
        "v1:import:0:yes.99999999999999999999999",
        "v1:open:0:import-run:99999999999999999999",
    ):
        hears = news(world, ben)
        await forge(world, ben, data)
        assert not any("Şeyma" in text for text in hears.heard)

    assert "staff:roster:imported" not in {event["tag"] for event in await world.events()}
    assert (await uploads(world))[0]["state"] == UploadState.SHOWN


async def test_preview_when_opened_as_if_confirmed_then_is_not_written(world: World) -> None:
    anna = await administrator(world)
    await send(world, anna, STUDENTS)
    (upload,) = await uploads(world)

    await forge(world, anna, f"v1:open:0:import-run:{upload['id']}")

    assert await names(world) == ["Anna Beheer"]


async def test_import_when_the_duty_was_taken_meanwhile_then_is_refused(world: World) -> None:
    anna = await administrator(world)
    await send(world, anna, STUDENTS)
    message, data = button_under(world, anna, YES)
    await change(world, person_duties.delete())

    world.act.press(anna, anna, message, data)
    await world.quiet()

    assert await names(world) == ["Anna Beheer"]


# --- files that are not right ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"a" * 4_900_000, "Regel 1", id="five megabytes of one line"),
        pytest.param(b'id;naam\n"' + b"a" * 300_000, "Regel 2", id="an endless cell"),
        pytest.param(b"PK\x03\x04" + b"0" * 5_000, "werkmap van Excel", id="zip"),
        pytest.param("id;naam".encode("utf-16-le"), "Regel 1", id="UTF-16 without a mark"),
        pytest.param(b"leerlingnummer;naam\n1;a\x00b\n", "letters", id="NUL"),
        pytest.param(b"\xff\xfe\x00", "letters", id="half a letter"),
        pytest.param(
            "leerlingnummer;naam\n1;Sam\u202egnp.exe\n".encode(), "Regel 2", id="right to left"
        ),
        pytest.param(
            b"leerlingnummer;naam\n1;" + b"x" * 4_096 + b"\n", "Regel 2", id="a name of 4,096"
        ),
        pytest.param(b"leerlingnummer;naam\n", "niemand", id="nobody"),
    ],
)
async def test_file_when_not_a_roster_then_says_where_and_writes_nothing(
    world: World, content: bytes, told: str
) -> None:
    anna = await administrator(world)

    await send(world, anna, content)

    heard = world.heard_by(anna)[-1]
    assert told in heard
    assert heard.startswith("Er is niets ingelezen.")
    assert await names(world) == ["Anna Beheer"]


async def test_file_when_it_has_many_errors_then_shows_twenty_and_how_many_more(
    world: World,
) -> None:
    anna = await administrator(world)

    await send(world, anna, b"leerlingnummer;naam\n" + b"7;Sam\n" * 100)

    heard = world.heard_by(anna)[-1]
    assert len(re.findall(r"^Regel \d+:", heard, re.MULTILINE)) == 20
    assert "kloppen 99 dingen niet" in heard
    assert "en nog 79" in heard


async def test_file_when_larger_than_is_read_then_is_not_fetched(world: World) -> None:
    anna = await administrator(world)

    await send(world, anna, b"x" * (MOST_BYTES + 1))

    assert world.heard_by(anna)[-1] == said(world, "import-too-large")
    assert world.calls("getFile") == []


async def test_names_when_built_from_markup_then_are_shown_and_kept_as_they_are(
    world: World,
) -> None:
    anna = await administrator(world)
    strange = ["<b>Sam</b>", "=HYPERLINK(1)", "{n} & {name}", "@groepswacht_bot"]
    lines = "".join(f"{number};{name}\n" for number, name in enumerate(strange))

    await send(world, anna, ("leerlingnummer,naam\n" + lines.replace(";", ",")).encode())
    assert ", ".join(strange) in world.heard_by(anna)[-1]
    await press(world, anna, YES)

    assert await names(world) == sorted([*strange, "Anna Beheer"])


async def test_roster_when_100_000_rows_then_is_refused_while_others_are_answered(
    world: World,
) -> None:
    anna = await administrator(world)
    bram = await world.student("Bram")
    lines = "".join(f"{number};L {number}\n" for number in range(100_000))

    content = ("leerlingnummer;naam\n" + lines).encode()
    world.act.send_document(anna, anna, "lijst.csv", content)
    world.act.write(bram, bram, "/taal")
    await world.quiet()

    assert "staan 100000 personen; via mij kunnen het er 25000 zijn" in world.heard_by(anna)[-1]
    assert world.heard_by(bram)[-1] == said(world, "language-choice")


# --- what a file may not do --------------------------------------------------------------------


async def test_duties_when_in_the_file_then_are_proposed_and_not_given(world: World) -> None:
    anna = await administrator(world)
    file = roster(
        "docent;anna-beheer;Anna Beheer;;beheerder;",
        "docent;VRI;Vera Vries;;coördinator, schoolleiding, beheerder;",
    )

    await send(world, anna, file)
    preview = world.heard_by(anna)[-1]
    assert (
        "Worden voorstellen voor een andere beheerder (3): Vera Vries wordt beheerder, "
        "Vera Vries wordt coördinator, Vera Vries wordt schoolleiding" in preview
    )
    await press(world, anna, YES)

    assert "3 voorstellen voor taken wachten" in world.heard_by(anna)[-1]
    async with world.database() as engine:
        found = {person.school_id: person.duties for person in await current_roster(engine)}
    assert found == {"anna-beheer": {Duty.ADMINISTRATOR}, "VRI": frozenset()}


async def test_colleague_with_a_duty_when_not_in_the_file_then_stays_until_it_is_taken(
    world: World,
) -> None:
    anna, ben = await administrator(world), await administrator(world, "Ben Beheer")
    await world.teacher("Cor Coord", Duty.COORDINATOR)
    await world.teacher("Daan Docent")

    await send(world, anna, roster("docent;anna-beheer;Anna Beheer;;;"))
    preview = world.heard_by(anna)[-1]
    assert "Blijven voorlopig (2): Ben Beheer, Cor Coord." in preview
    assert "Weg (1): Daan Docent" in preview
    await press(world, anna, YES)

    assert await names(world) == ["Anna Beheer", "Ben Beheer", "Cor Coord"]
    world.act.write(ben, ben, "/taken")
    await world.quiet()
    assert "beheerder: Anna Beheer, Ben Beheer" in world.heard_by(ben)[-1]


async def test_colleague_with_a_duty_when_called_a_student_then_keeps_role_and_duty(
    world: World,
) -> None:
    anna = await administrator(world)
    await administrator(world, "Ben Beheer")

    await send(
        world,
        anna,
        roster("docent;anna-beheer;Anna Beheer;;;", "leerling;ben-beheer;Ben Beheer;4H2;;"),
    )

    assert "Blijft voorlopig (1): Ben Beheer." in world.heard_by(anna)[-1]
    await press(world, anna, YES)
    (ben,) = await rows(world, select(people).where(people.c.name == "Ben Beheer"))
    assert ben["role"] == Role.STAFF


async def test_many_gone_when_confirmed_then_the_button_says_so(world: World) -> None:
    anna = await administrator(world)
    await send(
        world, anna, ("leerlingnummer;naam\n" + "".join(f"{n};L{n}\n" for n in range(20))).encode()
    )
    await press(world, anna, YES)

    await send(world, anna, b"leerlingnummer;naam\n1;L1\n")

    assert "Leerlingen: 19 van de 20 zouden weg zijn" in world.heard_by(anna)[-1]
    await press(world, anna, "Ja, ook zo veel mensen weg")
    assert await names(world) == ["Anna Beheer", "L1"]


async def test_preview_when_every_list_is_long_then_fits_in_one_message(world: World) -> None:
    anna = await administrator(world)
    long = "&" * 190
    old = [f"leerling;o{n};{long}{n};1A;;" for n in range(40)]
    await send(world, anna, roster("docent;anna-beheer;Anna Beheer;;;", *old))
    await press(world, anna, YES)
    for each in range(9):
        await world.enrol(f"Coord {each}", Role.STAFF, Duty.COORDINATOR)
    await change(world, update(people).where(people.c.name.contains("Coord")).values(name=long))
    lines = [
        *(f"docent;o{n};{long}{n};;coördinator, schoolleiding;" for n in range(9)),
        *(f"leerling;o{n};Ander{long}{n};2B;;" for n in range(9, 20)),
        *(f"leerling;n{n};{long}{n};;;" for n in range(20)),
        "docent;anna-beheer;Anna Beheer;;mentor;",
    ]

    await send(world, anna, roster(*lines))

    assert "Klopt het?" in world.heard_by(anna)[-1]
    assert len(world.heard_by(anna)[-1]) <= 4_096


async def test_upload_when_a_newer_one_comes_then_the_older_counts_no_more(world: World) -> None:
    anna = await administrator(world)
    await send(world, anna, STUDENTS)
    message, data = button_under(world, anna, YES)
    await send(world, anna, STUDENTS + b"100236;Cem;4H2\n")

    world.act.press(anna, anna, message, data)
    await world.quiet()

    assert await names(world) == ["Anna Beheer"]
    assert [upload["state"] for upload in await uploads(world)] == ["replaced", "shown"]
