"""Linking codes on paper: made for administrators alone, by role and class, and kept nowhere."""

import re

import pytest
from sqlalchemy import insert, select, update

from bot.policy.people import Duty, Role
from bot.policy.rules import Article
from storage.tables import guardianships, linking_codes, people
from tests.journeys.administrators import administrator, ask, forge, labels, press
from tests.journeys.finding import change, everything_on_disk, news, rows, said
from tests.journeys.world import World
from tests.pdf import pages_of

ARTICLE = Article.HOUSE

CODE = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$", re.MULTILINE)


async def school(world: World) -> int:
    """Two classes, a colleague and a guardian, none of whom has linked; and an administrator."""
    anna = await administrator(world)
    await world.enrol("Şeyma Yıldız", Role.STUDENT, classes=("4H2", "wisB3"))
    await world.enrol("Łukasz Wiśniewski", Role.STUDENT, classes=("4H2",))
    await world.enrol("Cem Ünal", Role.STUDENT, classes=("4H3",))
    await world.enrol("Vera Vries", Role.STAFF)
    await world.enrol("Noor Yıldız", Role.GUARDIAN)
    found = await rows(world, select(people.c.id, people.c.name))
    numbers = {row["name"]: row["id"] for row in found}
    await change(
        world,
        insert(guardianships).values(
            guardian_id=numbers["Noor Yıldız"], student_id=numbers["Şeyma Yıldız"]
        ),
    )
    return anna


def paper(world: World, user: int) -> tuple[dict[str, object], bytes]:
    """The last file that somebody got, and the message that it came with."""
    shown = [m for m in world.act.look(user, user)["messages"] if m["kind"] == "document"]
    return shown[-1], world.act.file_of(user, user, shown[-1]["message_id"])


async def papers(world: World, user: int, *path: str) -> list[str]:
    """Go through the menu to a PDF; answer the text of its pages."""
    await ask(world, user, "/codes")
    for label in path:
        await press(world, user, label)
    return pages_of(paper(world, user)[1])


async def test_codes_when_for_a_class_then_one_card_each_and_every_code_links(
    world: World,
) -> None:
    anna = await school(world)

    (page,) = await papers(
        world, anna, "Leerlingen, per klas", "4H2: 2", "Kaartjes, acht op een blad"
    )

    assert [name for name in ("Şeyma Yıldız", "Łukasz Wiśniewski", "Cem Ünal") if name in page] == [
        "Şeyma Yıldız",
        "Łukasz Wiśniewski",
    ]
    codes = CODE.findall(page)
    assert len(set(codes)) == 2
    for number, code in enumerate(codes):
        student = world.stranger(f"Leerling {number}")
        world.act.start_bot(student, code)
        await world.quiet()
        assert world.heard_by(student)[-1] == said(world, "welcome-student")


async def test_codes_when_handed_out_then_the_log_says_to_whom_and_no_code_is_kept(
    world: World,
) -> None:
    anna = await school(world)

    (page,) = await papers(
        world, anna, "Leerlingen, per klas", "4H2: 2", "Kaartjes, acht op een blad"
    )

    (event,) = await world.events("staff:codes:handed-out")
    told = {key: event[key] for key in ("count", "role", "class_group", "person")}
    assert told == {"count": 2, "role": "student", "class_group": "4H2", "person": None}
    kept = everything_on_disk(world)
    for code in CODE.findall(page):
        assert code.encode() not in kept
        assert code.replace("-", "").encode() not in kept


async def test_paper_when_sent_then_cannot_be_forwarded_and_says_what_it_is(world: World) -> None:
    anna = await school(world)
    await papers(world, anna, "Medewerkers: 1", "Een brief per persoon")

    (call,) = world.calls("sendDocument")
    message, content = paper(world, anna)
    assert call["protect_content"] in {True, "true"}
    assert content.startswith(b"%PDF-")
    assert str(message["text"]).startswith("Medewerkers: 1 code\nGeldig tot ")


async def test_staff_papers_when_made_then_hold_no_student_and_no_guardian(world: World) -> None:
    anna = await school(world)

    pages = await papers(world, anna, "Medewerkers: 1", "Kaartjes, acht op een blad")

    assert "Vera Vries" in pages[0]
    assert not any(name in "".join(pages) for name in ("Yıldız", "Ünal", "Wiśniewski"))


async def test_letters_when_for_guardians_of_a_class_then_one_page_each_and_polite(
    world: World,
) -> None:
    anna = await school(world)

    (page,) = await papers(
        world,
        anna,
        "Ouders, verzorgers, per klas",
        "4H2: 1",
        "Een brief per persoon",
    )

    assert "Noor Yıldız\n4H2" in page
    assert "Uw persoonlijke code" in page
    assert " je " not in page


async def test_code_when_made_anew_then_the_earlier_one_ends(world: World) -> None:
    anna = await school(world)
    way = ("Medewerkers: 1", "Kaartjes, acht op een blad")
    (first,) = await papers(world, anna, *way)
    (second,) = await papers(world, anna, *way)
    vera = world.stranger("Vera")

    world.act.start_bot(vera, CODE.findall(first)[0])
    await world.quiet()
    assert world.heard_by(vera)[-1] == said(world, "code-spent")

    world.act.start_bot(vera, CODE.findall(second)[0])
    await world.quiet()
    assert world.heard_by(vera)[-1] == said(world, "welcome-staff")


async def test_class_when_everybody_has_linked_then_is_not_offered(world: World) -> None:
    anna = await administrator(world)
    await world.student("Bram de Boer", "4H2")

    await ask(world, anna, "/codes")
    assert labels(world, anna)[0] == "Medewerkers: 0"
    await press(world, anna, "Leerlingen, per klas")

    assert labels(world, anna) == ["Terug"]
    assert world.heard_by(anna)[-1] == said(world, "codes-nobody")


async def test_codes_when_nobody_is_left_then_nothing_is_made_or_recorded(world: World) -> None:
    anna = await administrator(world)

    await forge(world, anna, "v1:codes:0:t.8")

    assert world.heard_by(anna)[-1] == said(world, "codes-nobody")
    assert await world.events("staff:codes:handed-out") == []


async def test_names_when_no_font_has_their_letters_then_come_as_a_sheet_for_a_browser(
    world: World,
) -> None:
    anna = await administrator(world)
    await world.enrol("محمد الأحمد", Role.STUDENT, classes=("4H2",))

    await ask(world, anna, "/codes")
    await press(world, anna, "Leerlingen, per klas")
    await press(world, anna, "4H2: 1")
    await press(world, anna, "Kaartjes, acht op een blad")

    message, content = paper(world, anna)
    assert "letters die niet in een PDF passen" in str(message["text"])
    assert 'dir="auto">محمد الأحمد<' in content.decode()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("x" * 4_096, id="4,096 characters"),
        pytest.param("Sam " * 1_000, id="a thousand words"),
        pytest.param("<b>Sam</b> & {name}", id="markup"),
        pytest.param("(Sam\\)", id="signs of a PDF"),
    ],
)
async def test_paper_when_a_name_is_strange_then_is_made_and_the_code_can_be_read(
    world: World, name: str
) -> None:
    anna = await administrator(world)
    await world.enrol("Sam", Role.STUDENT, classes=("4H2",))
    await change(world, update(people).where(people.c.name == "Sam").values(name=name))

    for form in ("Kaartjes, acht op een blad", "Een brief per persoon"):
        (page,) = await papers(world, anna, "Leerlingen, per klas", "4H2: 1", form)
        assert len(CODE.findall(page)) == 1
        assert name.split(maxsplit=1)[0][:5] in page


async def test_codes_when_for_a_whole_year_then_eight_a_page_in_order(world: World) -> None:
    anna = await administrator(world)
    for number in range(20):
        await world.enrol(f"Leerling {number:02}", Role.STUDENT, classes=("1A",))

    pages = await papers(
        world, anna, "Leerlingen, per klas", "1A: 20", "Kaartjes, acht op een blad"
    )

    assert [len(CODE.findall(page)) for page in pages] == [8, 8, 4]
    names = re.findall(r"Leerling \d\d", "".join(pages))
    assert names == [f"Leerling {number:02}" for number in range(20)]


@pytest.mark.parametrize(
    ("role", "duties"),
    [
        pytest.param(Role.STUDENT, (), id="student"),
        pytest.param(Role.GUARDIAN, (), id="guardian"),
        pytest.param(Role.STAFF, (), id="teacher"),
        pytest.param(Role.STAFF, (Duty.COORDINATOR, Duty.LEADERSHIP), id="coordinator"),
    ],
)
async def test_codes_when_not_asked_for_by_an_administrator_then_none_are_made(
    world: World, role: Role, duties: tuple[Duty, ...]
) -> None:
    await school(world)
    sam = await world.join_school("Sam", role, *duties)
    before = await rows(world, select(linking_codes))
    hears = news(world, sam)

    await ask(world, sam, "/codes")
    for data in ("v1:codes:0:t.8", "v1:open:0:code-papers:t.8", "v1:open:0:codes:c.s.0"):
        await forge(world, sam, data)

    assert set(hears.heard) == {said(world, "command-refused")}
    assert await rows(world, select(linking_codes)) == before
    assert world.calls("sendDocument") == []


@pytest.mark.parametrize(
    "argument",
    [
        pytest.param("t", id="without a form"),
        pytest.param("t.9", id="another form"),
        pytest.param("x-0123456789.8", id="no such role"),
        pytest.param("s-0123456789.8", id="no such class"),
        pytest.param("p0.1", id="no such person"),
        pytest.param("p99999999999999999999.1", id="over 64 bits"),
        pytest.param("..:~-", id="signs"),
    ],
)
async def test_codes_when_the_button_is_forged_then_nothing_is_made(
    world: World, argument: str
) -> None:
    anna = await school(world)

    await forge(world, anna, f"v1:codes:0:{argument}")

    assert world.heard_by(anna)[-1] == said(world, "codes-nobody")
    assert await world.events("staff:codes:handed-out") == []
