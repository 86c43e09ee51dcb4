"""Reading a roster's CSV file: bytes in, rows or every error at once out.

A cell is text and never more: what begins with ``=`` or ``@`` is a name like any other. With one
error in the file there are no rows, so a half-read roster cannot make anybody leave.
"""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.policy.rosters.roster import RosterRow
from bot.policy.rosters.roster_columns import column_of
from bot.policy.rosters.roster_header import Header, UnreadableError
from bot.policy.rosters.roster_rows import RowReader
from bot.policy.rosters.roster_troubles import RosterError, RosterNote, Trouble

_DELIMITERS = (";", ",", "\t")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


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


def read_roster(data: bytes, known_students: Collection[str] = frozenset()) -> RosterFile:
    """Read a file. ``known_students``: school ids of the students that are active now."""
    try:
        return _read(data, frozenset(known_students))
    except UnreadableError as trouble:
        return RosterFile(errors=(trouble.error,))


def _read(data: bytes, known_students: frozenset[str]) -> RosterFile:
    text, encoding = _text(data)
    # Excel's own first line, which tells it the delimiter.
    skipped = 1 if text[:4].casefold() == "sep=" else 0
    text = text.partition("\n")[2] if skipped else text
    delimiter = _delimiter(text)
    records = list(_records(text, delimiter, skipped))
    if not records:
        raise UnreadableError(Trouble.EMPTY)
    header = Header.of(*records[0])
    reader = RowReader(header)
    for line, cells in records[1:]:
        reader.read(line, cells)
    reader.finish(known_students)
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
        raise UnreadableError(Trouble.WORKBOOK)
    # Windows-1252 last: nearly every byte is a letter in it, so it would never say no.
    for encoding in ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        if not text.strip():
            raise UnreadableError(Trouble.EMPTY)
        return text.replace("\r\n", "\n").replace("\r", "\n"), encoding
    raise UnreadableError(Trouble.ENCODING)


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
            raise UnreadableError(Trouble.BROKEN_QUOTES, begins) from None
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = skipped + reader.line_num + 1
