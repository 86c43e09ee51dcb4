"""The printed sheet of linking codes."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
import segno

from bot.papers.code_sheet import bot_username, code_sheet, start_link
from bot.policy.people import Role
from storage.linking_codes import IssuedCode

SEYMA = IssuedCode(
    school_id="1001",
    name="Şeyma Yıldız",
    role=Role.STUDENT,
    class_groups=("4H2",),
    code="K7QF-29XM-PATD",
    expires_at=datetime(2026, 12, 6, 22, 30, tzinfo=UTC),
)


class Sheet(HTMLParser):
    """What a browser makes of the page: its texts, its tags, its sheets of paper."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.pages: list[list[str]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if ("class", "page") in attrs:
            self.pages.append([])

    def handle_data(self, data):
        if data.strip():
            self.texts.append(data.strip())
            if self.pages:
                self.pages[-1].append(data.strip())


def sheet_of(*codes: IssuedCode) -> str:
    return code_sheet(
        codes, username="school_bot", school="Scala & Zoon", zone=ZoneInfo("Europe/Amsterdam")
    )


@pytest.mark.parametrize(
    "name",
    ["Şeyma Yıldız", "Łukasz Wójcik", "Nguyễn Thị Ánh", "محمد الأحمد", "李小龙", "<b>Bob</b> & Co"],
)
def test_sheet_when_a_name_has_any_letters_then_it_reads_as_it_is(name):
    page = Sheet(sheet_of(replace(SEYMA, name=name)))

    assert name in page.texts
    assert page.tags.count("b") == 1


def test_sheet_when_made_then_a_card_says_what_is_needed():
    texts = " ".join(Sheet(sheet_of(SEYMA)).texts)

    for said in (
        "Scala & Zoon",
        "4H2",
        "K7QF-29XM-PATD",
        "@school_bot",
        "Persoonlijk, niet doorgeven. Geldig tot 6 dec 2026 23:30.",
        "Personal, do not pass on. Valid until 6 Dec 2026 23:30.",
    ):
        assert said in texts


def test_sheet_when_made_then_the_picture_is_the_link():
    link = "https://t.me/school_bot?start=K7QF29XMPATD"

    picture = segno.make_qr(link, error="m").svg_inline(border=4, omitsize=True, dark="#000")

    assert start_link("school_bot", SEYMA.code) == link
    assert picture in sheet_of(SEYMA)


def test_sheet_when_opened_then_nothing_comes_from_elsewhere():
    page = sheet_of(SEYMA)

    assert set(Sheet(page).tags).isdisjoint({"script", "link", "img", "iframe", "object"})
    assert re.findall(r"(?:src|href)=|url\(|@import", page) == []


def test_sheet_when_roles_and_classes_differ_then_no_sheet_of_paper_is_shared():
    codes = (
        SEYMA,
        replace(SEYMA, name="Cem", class_groups=("4H3",)),
        replace(SEYMA, name="Anna", role=Role.STAFF, class_groups=("4H2",)),
        replace(SEYMA, name="Jan", role=Role.STAFF, class_groups=()),
        replace(SEYMA, name="Noor", role=Role.GUARDIAN),
    )
    names = {one.name for one in codes}

    pages = [names & set(page) for page in Sheet(sheet_of(*codes)).pages]

    assert pages == [{"Noor"}, {"Anna", "Jan"}, {"Şeyma Yıldız"}, {"Cem"}]


def test_sheet_when_a_class_is_large_then_ten_cards_a_page():
    codes = [replace(SEYMA, name=f"Leerling {number:02}") for number in range(23)]

    pages = Sheet(sheet_of(*codes)).pages

    assert [page.count("K7QF-29XM-PATD") for page in pages] == [10, 10, 3]
    assert [page[1] for page in pages] == ["1 / 3", "2 / 3", "3 / 3"]


@pytest.mark.parametrize(
    ("text", "username"),
    [
        ("school_bot", "school_bot"),
        (" @school_bot ", "school_bot"),
        ("9bot", None),
        ("a b", None),
        ("", None),
        ('x"><script>', None),
    ],
)
def test_username_when_typed_then_only_what_telegram_allows(text, username):
    assert bot_username(text) == username
