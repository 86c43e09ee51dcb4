"""Reading a roster's CSV file: bytes in, rows or every error at once out.

A cell is text and never more: what begins with ``=`` or ``@`` is a name like any other. With one
error in the file there are no rows, so a half-read roster cannot make anybody leave.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.policy.people import Duty, Role
from bot.policy.roster import RosterRow
from bot.policy.roster_columns import (
    DUTIES,
    FIRST_NAME_PREFERENCE,
    MAY_REPEAT,
    NO_DUTIES,
    ROLE_OF_ID,
    ROLES,
    Column,
    column_of,
    plain,
)
from bot.policy.roster_troubles import RosterError, RosterNote, Trouble

LONGEST_NAME = 200
LONGEST_ID = 64
LONGEST_CLASS_GROUP = 64

_DELIMITERS = (";", ",", "\t")
_SEVERAL = re.compile(r"[;,|\n]|\s/\s*")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# Signs that turn the direction of writing: on paper a name would read as another one.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFile:
    """What a file says: ``rows``, or ``errors`` and then no rows.

    ``ignored`` are the headers of columns that were not read; ``notes`` what was passed over.
    """

    rows: tuple[RosterRow, ...] = ()
    errors: tuple[RosterError, ...] = ()
    ignored: tuple[str, ...] = ()
    notes: tuple[RosterNote, ...] = ()
    encoding: str = ""
    delimiter: str = ""


class _UnreadableError(Exception):
    def __init__(self, what: Trouble, line: int = 1, *, value: str = "", column: str = "") -> None:
        super().__init__(what)
        self.error = RosterError(line=line, column=column, what=what, value=value)


def read_roster(data: bytes, known_students: Collection[str] = frozenset()) -> RosterFile:
    """Read a file. ``known_students``: school ids of the students that are active now."""
    try:
        text, encoding = _text(data)
        skipped = 1 if text[:4].casefold() == "sep=" else 0
        text = text.partition("\n")[2] if skipped else text
        delimiter = _delimiter(text)
        records = list(_records(text, delimiter, skipped))
        if not records:
            raise _UnreadableError(Trouble.EMPTY)
        header = _Header.of(*records[0])
    except _UnreadableError as trouble:
        return RosterFile(errors=(trouble.error,))
    reader = _RowReader(header)
    for line, cells in records[1:]:
        reader.read(line, cells)
    reader.finish(frozenset(known_students))
    return RosterFile(
        rows=() if reader.errors else tuple(row for _, row in reader.rows),
        errors=tuple(sorted(reader.errors, key=lambda error: error.line)),
        ignored=header.ignored,
        notes=tuple(reader.notes),
        encoding=encoding,
        delimiter=delimiter,
    )


# --- from bytes to cells -----------------------------------------------------------------------


def _text(data: bytes) -> tuple[str, str]:
    if data.startswith(_WORKBOOKS):
        raise _UnreadableError(Trouble.WORKBOOK)
    # Windows-1252 last: nearly every byte is a letter in it, so it would never say no.
    for encoding in ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        if not text.strip():
            raise _UnreadableError(Trouble.EMPTY)
        return text.replace("\r\n", "\n").replace("\r", "\n"), encoding
    raise _UnreadableError(Trouble.ENCODING)


def _delimiter(text: str) -> str:
    """The sign that makes most sense of the first line."""

    def sense(delimiter: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader(io.StringIO(text), delimiter=delimiter))
        except (csv.Error, StopIteration):
            return (0, 0)
        return (sum(column_of(cell) is not None for cell in cells), len(cells))

    return max(_DELIMITERS, key=sense)


def _records(text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, each with the number of the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = skipped + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _UnreadableError(Trouble.BROKEN_QUOTES, begins) from None
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = skipped + reader.line_num + 1


# --- the first line ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Header:
    """Where each column stands. ``implied``: the role of whoever has this kind of school id."""

    titles: tuple[str, ...]
    places: dict[Column, tuple[int, ...]]
    implied: Role | None
    ignored: tuple[str, ...]

    @classmethod
    def of(cls, line: int, cells: Sequence[str]) -> "_Header":
        titles = tuple(" ".join(cell.split()) for cell in cells)
        found: dict[Column, list[int]] = {}
        for place, title in enumerate(titles):
            column = column_of(title)
            if column is not None:
                found.setdefault(column, []).append(place)
        _settle_names(titles, found)
        _refuse_unusable(line, titles, found)
        school_id = plain(titles[found[Column.SCHOOL_ID][0]])
        implied = None if Column.ROLE in found else ROLE_OF_ID.get(school_id)
        if Column.ROLE not in found and implied is None:
            raise _UnreadableError(Trouble.NO_ROLE_COLUMN, line)
        used = {place for places in found.values() for place in places}
        return cls(
            titles=titles,
            places={column: tuple(places) for column, places in found.items()},
            implied=implied,
            ignored=tuple(
                title for place, title in enumerate(titles) if title and place not in used
            ),
        )

    def title(self, column: Column) -> str:
        """The header as the file writes it."""
        return self.titles[self.places[column][0]] if column in self.places else ""


def _settle_names(titles: Sequence[str], found: dict[Column, list[int]]) -> None:
    """One way to write a name: the parts if they are there, else the whole."""
    first = found.get(Column.FIRST_NAME)
    if first is not None:
        found[Column.FIRST_NAME] = [
            min(first, key=lambda place: FIRST_NAME_PREFERENCE.index(plain(titles[place])))
        ]
        # "Roepnaam" beside "Naam": the second can only be the last name.
        if Column.LAST_NAME not in found and Column.NAME in found:
            found[Column.LAST_NAME] = found.pop(Column.NAME)
    if first is not None and Column.LAST_NAME in found:
        found.pop(Column.NAME, None)
    elif Column.NAME in found:
        for part in (Column.FIRST_NAME, Column.PREFIX, Column.LAST_NAME):
            found.pop(part, None)


def _refuse_unusable(line: int, titles: Sequence[str], found: dict[Column, list[int]]) -> None:
    for column, places in found.items():
        if len(places) > 1 and column not in MAY_REPEAT:
            both = ", ".join(titles[place] for place in places)
            raise _UnreadableError(Trouble.COLUMN_TWICE, line, value=both)
    if Column.SCHOOL_ID not in found:
        raise _UnreadableError(Trouble.NO_ID_COLUMN, line)
    if Column.NAME not in found and not {Column.FIRST_NAME, Column.LAST_NAME} <= found.keys():
        raise _UnreadableError(Trouble.NO_NAME_COLUMN, line)


# --- the rows ----------------------------------------------------------------------------------


class _RowReader:
    """Reads row after row and remembers every error."""

    def __init__(self, header: _Header) -> None:
        self._header = header
        self._lines: dict[str, int] = {}
        self.rows: list[tuple[int, RosterRow]] = []
        self.errors: list[RosterError] = []
        self.notes: list[RosterNote] = []

    def read(self, line: int, cells: Sequence[str]) -> None:
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

    def _duties(
        self, line: int, cells: Sequence[str], role: Role | None
    ) -> frozenset[Duty] | None:
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
