"""An announcement typed in one line: ``4H2 uitval 3e uur wiskunde``, in Dutch or in English.

Words are recognised wherever they stand; what is left over, in its own order, is the subject.
Nothing is guessed: a class that the school does not have, or an hour that it does not have, is
said back, because a wrong guess would reach a whole class.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.policy.announcements.fields import LONGEST_NOTE, LONGEST_WORDS, Fields, Kind


class Problem(StrEnum):
    """Why a line cannot be taken as it stands."""

    TWO_KINDS = "two-kinds"
    UNKNOWN_CLASS = "unknown-class"
    UNKNOWN_HOUR = "unknown-hour"
    UNKNOWN_DAY = "unknown-day"
    DAY_PAST = "day-past"
    TOO_LONG = "too-long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a line says. ``problems`` come with the words that they are about."""

    fields: Fields
    problems: tuple[tuple[Problem, str], ...] = ()


KIND_WORDS = {
    "uitval": Kind.CANCELLED,
    "uitgevallen": Kind.CANCELLED,
    "valt uit": Kind.CANCELLED,
    "vervalt": Kind.CANCELLED,
    "vervallen": Kind.CANCELLED,
    "cancelled": Kind.CANCELLED,
    "canceled": Kind.CANCELLED,
    "verplaatst": Kind.MOVED,
    "verschoven": Kind.MOVED,
    "moved": Kind.MOVED,
    "lokaalwijziging": Kind.ROOM,
    "ander lokaal": Kind.ROOM,
    "room change": Kind.ROOM,
    "vervanging": Kind.SUBSTITUTION,
    "vervangen": Kind.SUBSTITUTION,
    "substitution": Kind.SUBSTITUTION,
    "substitute": Kind.SUBSTITUTION,
    "praktisch": Kind.PRACTICAL,
    "let op": Kind.PRACTICAL,
    "practical": Kind.PRACTICAL,
}

_WEEKDAYS = (
    ("maandag", "ma", "monday", "mon"),
    ("dinsdag", "di", "tuesday", "tue"),
    ("woensdag", "wo", "wednesday", "wed"),
    ("donderdag", "do", "thursday", "thu"),
    ("vrijdag", "vr", "friday", "fri"),
    ("zaterdag", "za", "saturday", "sat"),
    ("zondag", "zo", "sunday", "sun"),
)
_WEEKDAY = {word: number for number, words in enumerate(_WEEKDAYS) for word in words}
_MONTHS = {
    month: number
    for number, months in enumerate(
        (
            ("jan", "januari", "january"),
            ("feb", "februari", "february"),
            ("mrt", "maart", "mar", "march"),
            ("apr", "april"),
            ("mei", "may"),
            ("jun", "juni", "june"),
            ("jul", "juli", "july"),
            ("aug", "augustus", "august"),
            ("sep", "september"),
            ("okt", "oktober", "oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for month in months
}
_RELATIVE = {
    "vandaag": 0,
    "today": 0,
    "morgen": 1,
    "tomorrow": 1,
    "overmorgen": 2,
}

_ORDINAL = r"\d{1,2}\s*(?:e|de|ste|st|nd|rd|th)?"
_AND = r"\s*(?:-|–|t/m|tot en met|en|and|to|\+|&)\s*"
_NUMBERS = rf"{_ORDINAL}(?:{_AND}{_ORDINAL})?"
_HOURS = re.compile(
    rf"(?P<to>\b(?:naar|to)\s+(?:het\s+|the\s+)?)?"
    rf"(?:(?:\b(?:les)?uur|\b(?:lesson|period|hour))\s+(?P<after>{_NUMBERS})(?![\w./-])"
    rf"|\b(?P<before>{_NUMBERS})\s*"
    rf"(?:les)?(?:uur|uren|lesson|lessons|period|periods|hour|hours)\b)"
)
_ROOM = re.compile(
    r"\b(?:naar\s+|to\s+|in\s+)?(?:lokaal|room|lok\.?)\s+(?P<room>[\w.\-/]+(?:\s?\d[\w.]*)?)"
)
_NUMERIC_DAY = re.compile(r"\b(\d{1,2})[-/](\d{1,2})(?:[-/](\d{4}))?\b")
_WRITTEN_DAY = re.compile(
    rf"\b(\d{{1,2}})\s+({'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
)
_WORDS_OF_DAYS = re.compile(
    rf"\b({'|'.join(sorted({*_RELATIVE, *_WEEKDAY}, key=len, reverse=True))})\b"
)
_LIKE_A_CLASS = re.compile(r"(?<![\w.])[1-6][A-Za-z]{1,3}\d{0,2}[A-Za-z]?(?![\w.])")
_FILLERS = frozenset(
    [
        "het",
        "de",
        "een",
        "the",
        "a",
        "is",
        "les",
        "in",
        "op",
        "om",
        "on",
        "at",
        "van",
        "of",
        "voor",
        "for",
        "klas",
        "class",
    ]
)


def read(line: str, *, class_groups: Iterable[str], hours: Sequence[int], today: date) -> Line:
    """Read a line. ``class_groups``: those of the school; ``hours``: its lesson hours."""
    reader = _Reader(line, frozenset(hours), today)
    reader.take_class_groups(class_groups)
    reader.take_kind()
    if reader.fields.kind is Kind.PRACTICAL:
        # A note of one's own stays as it was written, with its hours and days.
        reader.take_note()
    else:
        reader.take_hours()
        reader.take_day()
        reader.take_room()
        reader.take_subject()
    return Line(fields=reader.fields, problems=tuple(reader.problems))


class _Reader:
    """Takes out of a line what it recognises, one thing after another."""

    def __init__(self, line: str, hours: frozenset[int], today: date) -> None:
        self._rest = " ".join(line.split())
        self._hours = hours
        self._today = today
        self.fields = Fields(day=today)
        self.problems: list[tuple[Problem, str]] = []

    def _cut(self, start: int, end: int) -> None:
        # A gap remains, so that the words on both sides of it never read as one.
        self._rest = f"{self._rest[:start]} \0 {self._rest[end:]}"

    @property
    def _low(self) -> str:
        # Only letters whose small form is as long, so that places in both texts are the same.
        return "".join(c.lower() if len(c.lower()) == 1 else c for c in self._rest)

    def take_class_groups(self, known: Iterable[str]) -> None:
        """Every class group of the school that stands in the line as a word."""
        found: list[tuple[int, str]] = []
        for name in sorted(known, key=len, reverse=True):
            low = "".join(c.lower() if len(c.lower()) == 1 else c for c in name)
            pattern = rf"(?<![\w.]){re.escape(low)}(?![\w.]\w)(?!\w)"
            while low and (match := re.search(pattern, self._low)):
                found.append((match.start(), name))
                self._cut(*match.span())
        names = dict.fromkeys(name for _, name in sorted(found))
        self.fields = replace(self.fields, class_groups=tuple(names))

    def take_kind(self) -> None:
        """What changes; two kinds in one line are two announcements."""
        kinds: dict[Kind, str] = {}
        for word in sorted(KIND_WORDS, key=len, reverse=True):
            while match := re.search(rf"\b{word}\b", self._low):
                kinds[KIND_WORDS[word]] = word
                self._cut(*match.span())
        if len(kinds) > 1:
            self.problems.append((Problem.TWO_KINDS, ", ".join(kinds.values())))
        elif kinds:
            self.fields = replace(self.fields, kind=next(iter(kinds)))

    def take_hours(self) -> None:
        """The hours that change, and those that a lesson moves to."""
        while match := _HOURS.search(self._low):
            numbers = self._numbers(match["after"] or match["before"])
            unknown = [number for number in numbers if number not in self._hours]
            if unknown:
                self.problems.append((Problem.UNKNOWN_HOUR, str(unknown[0])))
            elif match["to"] or (self.fields.hours and self.fields.kind is Kind.MOVED):
                self.fields = replace(self.fields, new_hours=numbers)
            else:
                self.fields = replace(self.fields, hours=numbers)
            self._cut(*match.span())

    def _numbers(self, text: str) -> tuple[int, ...]:
        first, *more = (int(number) for number in re.findall(r"\d+", text))
        if not more:
            return (first,)
        last = more[0]
        joined = re.search(r"en\b|and\b|\+|&", text.replace("tot en met", "-"))
        if joined or last <= first:
            return tuple(dict.fromkeys((first, last)))
        return tuple(range(first, last + 1))

    def take_day(self) -> None:
        """The day, as a date or a word; the first is the lesson's, a second one where it goes."""
        days: list[date] = []
        for pattern, meaning in (
            (_NUMERIC_DAY, self._numeric),
            (_WRITTEN_DAY, self._written),
            (_WORDS_OF_DAYS, self._named),
        ):
            while match := pattern.search(self._low):
                day = meaning(match)
                if day is None:
                    self.problems.append((Problem.UNKNOWN_DAY, match[0]))
                elif day < self._today:
                    self.problems.append((Problem.DAY_PAST, match[0]))
                else:
                    days.append(day)
                self._cut(*match.span())
        if days:
            self.fields = replace(self.fields, day=days[0])
        if len(days) > 1 and self.fields.kind is Kind.MOVED:
            self.fields = replace(self.fields, new_day=days[1])

    def _numeric(self, match: re.Match[str]) -> date | None:
        year = int(match[3]) if match[3] else None
        return self._date(int(match[1]), int(match[2]), year)

    def _written(self, match: re.Match[str]) -> date | None:
        return self._date(int(match[1]), _MONTHS[match[2]], None)

    def _date(self, day: int, month: int, year: int | None) -> date | None:
        """A date without a year is the next one: nobody announces what was half a year ago."""
        try:
            found = date(year or self._today.year, month, day)
            if year is None and found < self._today - timedelta(days=180):
                found = date(self._today.year + 1, month, day)
        except ValueError:
            return None
        return found

    def _named(self, match: re.Match[str]) -> date | None:
        word = match[1]
        if word in _RELATIVE:
            return self._today + timedelta(days=_RELATIVE[word])
        ahead = (_WEEKDAY[word] - self._today.weekday()) % 7
        return self._today + timedelta(days=ahead)

    def take_room(self) -> None:
        """The room, written as the author wrote it."""
        if match := _ROOM.search(self._low):
            room = self._rest[match.start("room") : match.end("room")]
            self.fields = replace(self.fields, room=room)
            self._cut(*match.span())

    def take_note(self) -> None:
        """All that is left."""
        note = self._rest.replace("\0", " ")
        note = re.sub(r"^[\s,.;:]+", "", " ".join(note.split()))
        if len(note) > LONGEST_NOTE:
            self.problems.append((Problem.TOO_LONG, note[:20]))
        else:
            self.fields = replace(self.fields, note=note)

    def take_subject(self) -> None:
        """What is left; a word like a class group is one that the school does not have."""
        for match in _LIKE_A_CLASS.finditer(self._rest):
            self.problems.append((Problem.UNKNOWN_CLASS, match[0]))
        words = _LIKE_A_CLASS.sub(" ", self._rest).replace("\0", " ").split()
        words = [word for word in words if word.lower().strip(",.;:") not in _FILLERS]
        subject = " ".join(words).strip(" ,.;:-–")
        if len(subject) > LONGEST_WORDS:
            self.problems.append((Problem.TOO_LONG, subject[:20]))
        else:
            self.fields = replace(self.fields, subject=subject)
