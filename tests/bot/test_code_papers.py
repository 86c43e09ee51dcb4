"""Linking codes as a PDF: whose code is on which page, and with every letter of the name."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.papers.code_papers import CARDS_A_PAGE, code_papers, draws
from bot.papers.layout import Layout
from bot.policy.people import Role
from storage.linking_codes import IssuedCode
from tests.pdf import pages_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def issued(name: str, role: Role = Role.STUDENT, *classes: str, code: str = "K7QF") -> IssuedCode:
    return IssuedCode(
        school_id=name,
        name=name,
        role=role,
        class_groups=classes,
        code=f"{code}-29XM-PATD",
        expires_at=datetime(2026, 12, 7, 9, tzinfo=UTC),
    )


def printed(*codes: IssuedCode, layout: Layout = Layout.CARDS) -> list[str]:
    content = code_papers(
        codes, layout=layout, username="groepswacht_bot", school="De Linde", zone=AMSTERDAM
    )
    return pages_of(content)


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Şeyma Yıldız", id="Turkish"),
        pytest.param("Łukasz Żółć", id="Polish"),
        pytest.param("Nguyễn Thị Ánh", id="Vietnamese"),
        pytest.param("Ștefan Țurcanu", id="Romanian"),
        pytest.param("Ελένη Παπαδάκη", id="Greek"),
        pytest.param("Олена Шевченко", id="Ukrainian"),
        pytest.param("(Sam\\) <b>&amp;", id="signs of a PDF and of markup"),
    ],
)
def test_name_when_printed_then_has_all_its_letters(name, layout):
    (page,) = printed(issued(name), layout=layout)

    assert name in page.split("\n")


@pytest.mark.parametrize("layout", Layout)
def test_code_when_printed_then_says_how_and_until_when_on_the_schools_clock(layout):
    (page,) = printed(issued("Sam", Role.STUDENT, "4H2"), layout=layout)

    assert page.split("\n").count("K7QF-29XM-PATD") == 1
    assert "7 dec 2026 10:00" in page
    assert "7 Dec 2026 10:00" in page
    assert "@groepswacht_bot" in page
    assert "4H2" in page


def test_cards_when_of_two_roles_then_never_share_a_page():
    pages = printed(issued("Vera", Role.STAFF), issued("Wim", Role.STAFF), issued("Sam"))

    assert ["Vera" in page for page in pages] == [True, False]
    assert ["Sam" in page for page in pages] == [False, True]


def test_cards_when_more_than_a_page_then_go_on_on_the_next():
    codes = [issued(f"Leerling {number:02}") for number in range(2 * CARDS_A_PAGE + 1)]

    pages = printed(*codes)

    assert [page.count("K7QF-29XM-PATD") for page in pages] == [CARDS_A_PAGE, CARDS_A_PAGE, 1]
    assert [page.split("\n")[1] for page in pages] == ["1 / 3", "2 / 3", "3 / 3"]


def test_letters_when_printed_then_one_page_each():
    pages = printed(issued("Vera"), issued("Wim"), layout=Layout.LETTERS)

    assert ["Vera" in page for page in pages] == [True, False]


@pytest.mark.parametrize(
    ("role", "spoken"),
    [
        pytest.param(Role.STUDENT, "Je persoonlijke code", id="student"),
        pytest.param(Role.STAFF, "Je persoonlijke code", id="staff"),
        pytest.param(Role.GUARDIAN, "Uw persoonlijke code", id="guardian"),
    ],
)
def test_letter_when_read_then_speaks_as_people_of_the_role_are_spoken_to(role, spoken):
    (page,) = printed(issued("Sam", role), layout=Layout.LETTERS)

    assert spoken in page


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("name", ["x" * 4_096, "W " * 2_000], ids=["one word", "many words"])
def test_name_when_very_long_then_is_cut_with_a_sign(name, layout):
    (page,) = printed(issued(name), layout=layout)

    cut = [line for line in page.split("\n") if line.endswith("…")]
    assert len(cut) == 1
    assert name.startswith(cut[0].removesuffix("…").rstrip()[:5])


@pytest.mark.parametrize(
    ("name", "classes", "school", "can"),
    [
        pytest.param("Nguyễn Thị Ánh", ("4H2",), "De Linde", True, id="all of it"),
        pytest.param("محمد", (), "De Linde", False, id="Arabic name"),
        pytest.param("Sam", ("四",), "De Linde", False, id="Chinese class"),
        pytest.param("Sam", (), "De Linde 🌳", False, id="picture in the school's name"),
    ],
)
def test_letters_when_the_fonts_lack_one_then_says_so(name, classes, school, can):
    assert draws([issued(name, Role.STUDENT, *classes)], school) is can
