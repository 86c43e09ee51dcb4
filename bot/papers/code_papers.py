"""Linking codes on paper as a PDF: cards to cut out, or a letter for each person.

Roboto comes along, because a PDF has only the letters of its fonts and its own lack ş, ł and ğ. It
holds Latin, Greek and Cyrillic; ``draws`` says whether it has every letter of these names, and
``code_sheet``, which a browser draws, is there for the rest. Roles never share a paper.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

import font_roboto
import segno
from babel.dates import format_datetime
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from bot.papers.code_sheet import start_link
from bot.papers.layout import Layout
from bot.policy.people import Role
from storage.linking_codes import IssuedCode

COLUMNS: Final = 2
ROWS: Final = 4
CARDS_A_PAGE: Final = COLUMNS * ROWS

_WIDTH, _HEIGHT = 95.0, 68.0
_LEFT, _TOP = 10.0, 15.0
_INSET = 5.0
_QR_ON_CARD = 33.0
_QR_IN_LETTER = 62.0
_GREY = 90
_FONT = "Roboto"
_ROLES: Final = {
    Role.STUDENT: ("Leerlingen", "Students"),
    Role.STAFF: ("Medewerkers", "Staff"),
    Role.GUARDIAN: ("Ouders en verzorgers", "Parents and guardians"),
}

_FOR_YOU: Final = (
    "Je persoonlijke code voor de groepsapps van school",
    (
        "1. Installeer Telegram op je telefoon.",
        "2. Scan de code met de camera, of stuur haar in Telegram",
        "    aan @{bot}.",
        "3. De bot antwoordt dat je gekoppeld bent.",
    ),
    (
        "De code is van jou alleen en werkt één keer. Geef haar aan niemand. Kwijt of verlopen? "
        "Vraag op school om een nieuwe; de oude werkt dan niet meer."
    ),
)
_FOR_GUARDIANS: Final = (
    "Uw persoonlijke code voor de groepsapps van school",
    (
        "1. Installeer Telegram op uw telefoon.",
        "2. Scan de code met de camera, of stuur haar in Telegram",
        "    aan @{bot}.",
        "3. De bot antwoordt dat u gekoppeld bent.",
    ),
    (
        "De code is van u alleen en werkt één keer. Geef haar aan niemand. Kwijt of verlopen? "
        "Vraag op school om een nieuwe; de oude werkt dan niet meer."
    ),
)


def draws(codes: Iterable[IssuedCode], school: str) -> bool:
    """Whether the fonts have every letter of these names, classes and this school."""
    letters = {sign for one in codes for part in (one.name, *one.class_groups) for sign in part}
    return {ord(sign) for sign in letters | set(school)} <= _LETTERS


def code_papers(
    codes: Sequence[IssuedCode],
    *,
    layout: Layout,
    username: str,
    school: str,
    zone: ZoneInfo,
) -> bytes:
    """The PDF, a new page for each role and class. ``zone`` is the school's clock."""
    papers = _Papers(username=username, school=school, zone=zone)
    for (role, class_groups), pile in groupby(codes, _pile):
        if layout is Layout.LETTERS:
            for one in pile:
                papers.letter(one)
        else:
            papers.cards(role, class_groups, list(pile))
    return papers.written()


def _pile(one: IssuedCode) -> tuple[Role, tuple[str, ...]]:
    """Whose cards are handed out together: staff all at once, the others by class."""
    return one.role, () if one.role is Role.STAFF else one.class_groups


def _letters() -> frozenset[int]:
    with TTFont(font_roboto.font_files["Roboto"]) as regular:
        return frozenset(regular.getBestCmap())


_LETTERS: Final = _letters()


class _Papers:
    """One PDF under way. Lengths are millimetres."""

    def __init__(self, *, username: str, school: str, zone: ZoneInfo) -> None:
        self._username = username
        self._school = school
        self._zone = zone
        self._pdf = FPDF(format="A4")
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.set_title(f"Koppelcodes {school}")
        self._pdf.set_lang("nl-NL")
        self._pdf.add_font(_FONT, "", font_roboto.font_files["Roboto"])
        self._pdf.add_font(_FONT, "B", font_roboto.font_files["RobotoBold"])

    def written(self) -> bytes:
        """The whole file."""
        return bytes(self._pdf.output())

    # --- cards ---------------------------------------------------------------------------------

    def cards(self, role: Role, class_groups: tuple[str, ...], pile: Sequence[IssuedCode]) -> None:
        """Pages with eight cards, under a line that says whose they are."""
        pages = [pile[at : at + CARDS_A_PAGE] for at in range(0, len(pile), CARDS_A_PAGE)]
        for number, page in enumerate(pages, start=1):
            self._pdf.add_page()
            self._heading(role, class_groups, f"{number} / {len(pages)}")
            self._cut_lines(len(page))
            for place, one in enumerate(page):
                row, column = divmod(place, COLUMNS)
                self._card(one, _LEFT + column * _WIDTH, _TOP + row * _HEIGHT)

    def _heading(self, role: Role, class_groups: tuple[str, ...], number: str) -> None:
        dutch, english = _ROLES[role]
        classes = f" {', '.join(class_groups)}" if class_groups else ""
        title = f"{self._school}: {dutch} / {english}{classes}"
        self._line(title, _LEFT, 7, 165, size=9, bold=True)
        self._line(number, 180, 7, 20, size=9, align="R")

    def _cut_lines(self, cards: int) -> None:
        rows = -(-cards // COLUMNS)
        right, bottom = _LEFT + COLUMNS * _WIDTH, _TOP + rows * _HEIGHT
        self._pdf.set_draw_color(150)
        self._pdf.set_line_width(0.2)
        self._pdf.set_dash_pattern(dash=1.5, gap=1.5)
        for row in range(rows + 1):
            self._pdf.line(_LEFT, _TOP + row * _HEIGHT, right, _TOP + row * _HEIGHT)
        for column in range(COLUMNS + 1):
            self._pdf.line(_LEFT + column * _WIDTH, _TOP, _LEFT + column * _WIDTH, bottom)
        self._pdf.set_dash_pattern()

    def _card(self, one: IssuedCode, left: float, top: float) -> None:
        x, y, wide = left + _INSET, top + _INSET, _WIDTH - 2 * _INSET
        self._qr(one, x - 2, y - 1, _QR_ON_CARD)
        beside, narrow = x + _QR_ON_CARD + 1, wide - _QR_ON_CARD - 1
        self._line(self._school, beside, y, narrow, size=7.5, grey=True)
        below = self._block(one.name, beside, y + 4.5, narrow, size=12, most=2, bold=True)
        where = ", ".join(one.class_groups)
        self._line(where, beside, below + 0.5, narrow, size=9)
        self._line(one.code, beside, y + 23, narrow, size=12.5, bold=True)
        y += _QR_ON_CARD + 1.5
        how = f"Scan met een telefoon, of stuur de code in Telegram aan @{self._username}."
        self._line(how, x, y, wide, size=8)
        keep = f"Persoonlijk, niet doorgeven. Geldig tot {self._until(one.expires_at, 'nl')}."
        self._line(keep, x, y + 4.2, wide, size=8, bold=True)
        how = f"Scan with a telephone, or send the code in Telegram to @{self._username}."
        self._line(how, x, y + 10, wide, size=7, grey=True)
        keep = f"Personal, do not pass on. Valid until {self._until(one.expires_at, 'en')}."
        self._line(keep, x, y + 13.5, wide, size=7, grey=True)

    # --- letters -------------------------------------------------------------------------------

    def letter(self, one: IssuedCode) -> None:
        """A page for one person; the name stands where an envelope has its window."""
        self._pdf.add_page()
        self._line(self._school, 20, 20, 170, size=11, grey=True)
        below = self._block(one.name, 20, 50, 95, size=13, most=3, bold=True)
        self._line(", ".join(one.class_groups), 20, below + 1, 95, size=11)
        title, steps, dutch = _FOR_GUARDIANS if one.role is Role.GUARDIAN else _FOR_YOU
        self._line(title, 20, 92, 170, size=15, bold=True)
        self._qr(one, 20, 102, _QR_IN_LETTER)
        beside, narrow = 20 + _QR_IN_LETTER + 6, 170 - _QR_IN_LETTER - 6
        self._line(one.code, beside, 106, narrow, size=20, bold=True)
        until = self._until(one.expires_at, "nl")
        self._line(f"Geldig tot {until}", beside, 117, narrow, size=11)
        english = self._until(one.expires_at, "en")
        self._line(f"Valid until {english}", beside, 123, narrow, size=9, grey=True)
        for at, step in enumerate(steps):
            written = step.format(bot=self._username)
            self._line(written, beside, 134 + at * 6, narrow, size=10.5)
        below = self._block(dutch, 20, 176, 170, size=10.5, most=3)
        english = (
            f"Your personal code for the school's group apps. Install Telegram, scan the code with "
            f"your camera or send it to @{self._username}, and the bot answers that you are "
            f"linked. It is yours alone and works once. Lost or expired? Ask at school for another."
        )
        self._block(english, 20, below + 4, 170, size=9, most=4, grey=True)

    # --- parts ---------------------------------------------------------------------------------

    def _qr(self, one: IssuedCode, x: float, y: float, size: float) -> None:
        picture = BytesIO()
        link = start_link(self._username, one.code)
        segno.make_qr(link, error="m").save(picture, kind="png", scale=8, border=4)
        self._pdf.image(picture, x=x, y=y, w=size, h=size)

    def _until(self, moment: datetime, language: str) -> str:
        return format_datetime(moment, "d MMM y HH:mm", tzinfo=self._zone, locale=language)

    def _line(
        self,
        text: str,
        x: float,
        y: float,
        wide: float,
        *,
        size: float,
        bold: bool = False,
        grey: bool = False,
        align: str = "L",
    ) -> None:
        """One line of text, smaller where it would not fit, and cut where it still does not."""
        self._choose(size, bold=bold, grey=grey)
        smallest = size * 0.75
        while self._pdf.get_string_width(text) > wide and size > smallest:
            size -= 0.25
            self._choose(size, bold=bold, grey=grey)
        self._pdf.set_xy(x, y)
        height = size * 0.45
        fitting = self._cut(text, wide)
        self._pdf.cell(wide, height, fitting, align=align, new_x=XPos.LEFT, new_y=YPos.NEXT)

    def _block(
        self,
        text: str,
        x: float,
        y: float,
        wide: float,
        *,
        size: float,
        most: int,
        bold: bool = False,
        grey: bool = False,
    ) -> float:
        """Text over at most ``most`` lines; answer where the next thing may stand."""
        self._choose(size, bold=bold, grey=grey)
        lines = self._wrapped(text, wide)
        if len(lines) > most:
            lines = [*lines[: most - 1], self._cut(" ".join(lines[most - 1 :]), wide)]
        for line in lines:
            self._line(line, x, y, wide, size=size, bold=bold, grey=grey)
            y += size * 0.43
        return y

    def _wrapped(self, text: str, wide: float) -> list[str]:
        lines = [""]
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if self._pdf.get_string_width(longer) <= wide or not lines[-1]:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def _cut(self, text: str, wide: float) -> str:
        if self._pdf.get_string_width(text) <= wide:
            return text
        while text and self._pdf.get_string_width(f"{text}…") > wide:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def _choose(self, size: float, *, bold: bool, grey: bool) -> None:
        self._pdf.set_font(_FONT, "B" if bold else "", size)
        self._pdf.set_text_color(_GREY if grey else 0)
