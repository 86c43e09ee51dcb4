"""The rows of a roster: each a person, or all that is wrong with it."""

import re
import unicodedata
from collections.abc import Sequence

from bot.policy.people import Duty, Role
from bot.policy.rosters.roster import RosterRow
from bot.policy.rosters.roster_columns import DUTIES, NO_DUTIES, ROLES, Column, plain
from bot.policy.rosters.roster_header import Header
from bot.policy.rosters.roster_troubles import RosterError, RosterNote, Trouble

LONGEST_NAME = 200
LONGEST_ID = 64
LONGEST_CLASS_GROUP = 64

_SEVERAL = re.compile(r"[;,|\n]|\s/\s*")
# Signs that turn the direction of writing: on paper a name would read as another one.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SHOWN = 60


class RowReader:
    """Reads row after row and remembers every error."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._lines: dict[str, int] = {}
        self.rows: list[tuple[int, RosterRow]] = []
        self.errors: list[RosterError] = []
        self.notes: list[RosterNote] = []

    def read(self, line: int, cells: Sequence[str]) -> None:
        """Read the row that begins on ``line``."""
        if any(cell.strip() for cell in cells[len(self._header.titles) :]):
            self._wrong(line, None, Trouble.TOO_MANY_CELLS)
            return
        for place, title in enumerate(self._header.titles[: len(cells)]):
            if title not in self._header.ignored and _hides_something(cells[place]):
                error = RosterError(line=line, column=title, what=Trouble.CONTROL_CHARACTERS)
                self.errors.append(error)
                return
        school_id, name, role = (
            self._school_id(line, cells),
            self._name(line, cells),
            self._role(line, cells),
        )
        class_groups = self._class_groups(line, cells)
        duties = self._duties(line, cells, role)
        children = self._children(line, cells, role)
        if school_id and name and role is not None:
            row = RosterRow(
                school_id=school_id,
                name=name,
                role=role,
                class_groups=class_groups,
                duties=duties,
                children=children,
            )
            self.rows.append((line, row))

    def finish(self, known_students: frozenset[str]) -> None:
        """What only the whole file can tell: whether there is anybody, and whose child is who."""
        if not self.rows and not self.errors:
            self._wrong(1, None, Trouble.EMPTY)
        students = {row.school_id for _, row in self.rows if row.role is Role.STUDENT}
        # A file of students is the whole truth about students: who is not in it has left.
        students = students or set(known_students)
        for line, row in self.rows:
            for child in sorted((row.children or frozenset()) - students):
                self._wrong(line, Column.CHILDREN, Trouble.CHILD_UNKNOWN, child)

    def _wrong(self, line: int, column: Column | None, what: Trouble, value: str = "") -> None:
        title = self._header.title(column) if column is not None else ""
        shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
        self.errors.append(RosterError(line=line, column=title, what=what, value=shown))

    def _cell(self, cells: Sequence[str], column: Column) -> str:
        places = self._header.places.get(column, ())
        text = cells[places[0]] if places and places[0] < len(cells) else ""
        return _tidy(text)

    def _several(self, cells: Sequence[str], column: Column) -> tuple[str, ...] | None:
        places = self._header.places.get(column)
        if places is None:
            return None
        texts = (cells[place] for place in places if place < len(cells))
        parts = (_tidy(part) for text in texts for part in _SEVERAL.split(text))
        return tuple(dict.fromkeys(part for part in parts if part))

    def _school_id(self, line: int, cells: Sequence[str]) -> str:
        school_id = self._cell(cells, Column.SCHOOL_ID)
        if not school_id:
            self._wrong(line, Column.SCHOOL_ID, Trouble.ID_MISSING)
        elif len(school_id) > LONGEST_ID:
            self._wrong(line, Column.SCHOOL_ID, Trouble.ID_TOO_LONG)
        elif school_id.casefold() in self._lines:
            earlier = self._lines[school_id.casefold()]
            self._wrong(line, Column.SCHOOL_ID, Trouble.ID_TWICE, f"{school_id}: {earlier}")
        else:
            self._lines[school_id.casefold()] = line
        return school_id

    def _name(self, line: int, cells: Sequence[str]) -> str:
        places = self._header.places
        if Column.NAME in places:
            column, name = Column.NAME, self._cell(cells, Column.NAME)
        else:
            column = Column.LAST_NAME
            parts = (Column.FIRST_NAME, Column.PREFIX, Column.LAST_NAME)
            name = _tidy(" ".join(self._cell(cells, part) for part in parts))
        if not name:
            self._wrong(line, column, Trouble.NAME_MISSING)
        elif len(name) > LONGEST_NAME:
            self._wrong(line, column, Trouble.NAME_TOO_LONG)
        return name

    def _role(self, line: int, cells: Sequence[str]) -> Role | None:
        if self._header.implied is not None:
            return self._header.implied
        word = self._cell(cells, Column.ROLE)
        role = ROLES.get(plain(word))
        if role is None:
            what = Trouble.ROLE_UNKNOWN if word else Trouble.ROLE_MISSING
            self._wrong(line, Column.ROLE, what, word)
        return role

    def _class_groups(self, line: int, cells: Sequence[str]) -> frozenset[str] | None:
        named = self._several(cells, Column.CLASS_GROUPS)
        if named is None:
            return None
        if any(len(each) > LONGEST_CLASS_GROUP for each in named):
            self._wrong(line, Column.CLASS_GROUPS, Trouble.CLASS_GROUP_TOO_LONG)
        return frozenset(named)

    def _duties(self, line: int, cells: Sequence[str], role: Role | None) -> frozenset[Duty] | None:
        words = self._several(cells, Column.DUTIES)
        if words is None:
            return None
        found: set[Duty] = set()
        for word in words:
            if plain(word) in NO_DUTIES:
                self.notes.append(RosterNote(line=line, value=word))
            elif (duty := DUTIES.get(plain(word))) is not None:
                found.add(duty)
            else:
                self._wrong(line, Column.DUTIES, Trouble.DUTY_UNKNOWN, word)
        if found and role is not None and role is not Role.STAFF:
            self._wrong(line, Column.DUTIES, Trouble.DUTY_NOT_STAFF)
        return frozenset(found)

    def _children(
        self, line: int, cells: Sequence[str], role: Role | None
    ) -> frozenset[str] | None:
        children = self._several(cells, Column.CHILDREN)
        if role is Role.GUARDIAN and not children:
            self._wrong(line, Column.CHILDREN, Trouble.CHILD_MISSING)
        if children and role is not None and role is not Role.GUARDIAN:
            self._wrong(line, Column.CHILDREN, Trouble.CHILDREN_NOT_GUARDIAN)
        return None if children is None else frozenset(children)


def _tidy(text: str) -> str:
    """One space between words, and letters with their accents as one sign (NFC)."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _hides_something(text: str) -> bool:
    return any(
        letter in _TURNING or (unicodedata.category(letter) == "Cc" and letter not in "\t\n")
        for letter in text
    )
