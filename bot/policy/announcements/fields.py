"""What an announcement of a timetable change is about, before anybody has put it into words."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LONGEST_WORDS = 60
"""Characters of a subject or a room: what fits on a line of a telephone."""

LONGEST_NOTE = 900
"""Characters of a note of one's own: the whole stays readable without scrolling twice."""


class Kind(StrEnum):
    """What changes. The words are those of a timetable app: students know them."""

    CANCELLED = "cancelled"
    MOVED = "moved"
    ROOM = "room"
    SUBSTITUTION = "substitution"
    PRACTICAL = "practical"


class Field(StrEnum):
    """A field that an announcement can have."""

    KIND = "kind"
    CLASS_GROUPS = "class-groups"
    DAY = "day"
    HOURS = "hours"
    SUBJECT = "subject"
    ROOM = "room"
    NEW_HOURS = "new-hours"
    NOTE = "note"
    REASON = "reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields of one announcement; what is not known yet is empty.

    ``hours`` and ``new_hours`` are numbers of lesson hours, in order; ``new_day`` is set when a
    lesson moves to another day.
    """

    kind: Kind | None = None
    class_groups: tuple[str, ...] = ()
    day: date | None = None
    hours: tuple[int, ...] = ()
    subject: str = ""
    room: str = ""
    new_hours: tuple[int, ...] = ()
    new_day: date | None = None
    note: str = ""


_NEEDED = {
    Kind.CANCELLED: (Field.HOURS, Field.SUBJECT),
    Kind.MOVED: (Field.HOURS, Field.SUBJECT, Field.NEW_HOURS),
    Kind.ROOM: (Field.HOURS, Field.SUBJECT, Field.ROOM),
    Kind.SUBSTITUTION: (Field.HOURS, Field.SUBJECT),
    Kind.PRACTICAL: (Field.NOTE,),
}


def missing(fields: Fields) -> tuple[Field, ...]:
    """What must still be said, in the order of asking. The day is today unless said otherwise."""
    if fields.kind is None:
        return (Field.KIND,)
    given = {
        Field.HOURS: bool(fields.hours),
        Field.SUBJECT: bool(fields.subject),
        Field.ROOM: bool(fields.room),
        Field.NEW_HOURS: bool(fields.new_hours),
        Field.NOTE: bool(fields.note),
    }
    return tuple(field for field in _NEEDED[fields.kind] if not given[field])


def typed_words(fields: Fields) -> Mapping[Field, str]:
    """The words of an announcement that its author typed, in the order of reading, none empty."""
    if fields.kind is Kind.PRACTICAL:
        words = {Field.NOTE: fields.note}
    else:
        words = {Field.SUBJECT: fields.subject, Field.ROOM: fields.room}
    return {name: text for name, text in words.items() if text}


_JOINER = "\u200d"


def tidied(text: str) -> str:
    """Words without what nobody sees: signs of no width, and those that turn a text around.

    Lines stay. Empty if there is no letter, digit or picture in it.
    """
    seen = "".join(
        each
        for each in text.replace("\r\n", "\n")
        if each in ("\n", _JOINER) or unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co")
    )
    lines = [" ".join(line.split()) for line in seen.split("\n")]
    whole = "\n".join(lines).strip()
    says = any(unicodedata.category(each)[0] in "LNS" for each in whole)
    return whole if says else ""
