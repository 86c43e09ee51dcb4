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

from bot.policy.announcements.fields import (
    LONGEST_NOTE,
    LONGEST_WORDS,
    Fields,
    Kind,
    tidied,
)
from bot.policy.announcements.line_words import (
    EDGES,
    FILLERS,
    KIND_WORDS,
    MONTHS,
    RELATIVE,
    WEEKDAY,
)


class Problem(StrEnum):
    """Why a line cannot be taken as it stands."""

    TWO_KINDS = "two-kinds"
    UNKNOWN_CLASS = "unknown-class"
    UNKNOWN_HOUR = "unknown-hour"
    UNKNOWN_DAY = "unknown-day"
    UNCLEAR_DAY = "unclear-day"
    DAY_PAST = "day-past"
    TOO_LONG = "too-long"
    HEALTH = "health"
    """The reason is somebody's health: it does not belong in a group (A.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a line says. ``problems`` come with the words that they are about."""

    fields: Fields
    problems: tuple[tuple[Problem, str], ...] = ()


# "Wiskunde valt het 3e uur uit": what stands between the two halves is read as any other words.
_FALLS_OUT = re.compile(r"\bvalt\b(?P<between>[^\0]{1,60}?)\buit\b")

_HEALTH = re.compile(
    r"\b(?:ziek|zieke|ziekte|ziekmelding|ziekteverzuim|griep|corona|covid|koorts|ziekenhuis|operatie"
    r"|huisarts|dokter|zwanger|zwangerschap|overspannen|burn-?out"
    r"|sick|sickness|ill|illness|flu|fever|hospital|surgery|unwell|pregnant)\b"
)

_SUFFIX = r"(?:ste|de|e|st|nd|rd|th)"
_ORDINAL = rf"\d{{1,2}}\s*{_SUFFIX}?"
_BETWEEN = r"\s*(?:t/m|tot en met|,\s*en|,\s*and|en|and|to|-|–|\+|&|,)\s*"
_NUMBERS = rf"{_ORDINAL}(?:{_BETWEEN}{_ORDINAL})*"
_TO = r"(?P<to>(?:\b(?:naar|to|wordt|becomes)\s+|(?:->|→)\s*)(?:het\s+|the\s+)?)?"
_HOURS = re.compile(
    rf"{_TO}"
    rf"(?:(?:\b(?:les)?uur|\b(?:lesson|period|hour))\s+(?P<after>{_NUMBERS})(?![\w./-])"
    rf"|\b(?P<before>{_NUMBERS})\s*"
    rf"(?:les)?(?:uur|uren|u|lesson|lessons|period|periods|hour|hours)\b)"
)
# Without "uur" an hour needs its ending, and nothing behind it that is counted instead.
_BARE_HOURS = re.compile(
    rf"{_TO}\b(?P<numbers>\d{{1,2}}\s?{_SUFFIX}(?:{_BETWEEN}\d{{1,2}}\s?{_SUFFIX})*)\b"
    r"(?!\s*(?:-?\s*jaars|klas|jaar|year|verdieping|etage|floor|periode|kans|ronde|toets))"
)
# Where an hour was asked for, a number by itself is one.
_ANSWERED_HOURS = re.compile(rf"{_TO}(?<![\w.])(?P<numbers>{_NUMBERS})(?![\w./])")
_RANGES = re.compile(r"\s*(?:t/m|tot en met|to|-|–)\s*\Z")
_ROOM = re.compile(
    r"\b(?:naar\s+|to\s+|in\s+|wordt\s+)?(?:lokaal|room|lok\.?):?\s+(?P<room>[\w.\-/]+(?:\s?\d[\w.]*)?)"
)
# Where a lesson goes to another room, whatever it goes to is that room: "naar B1.06".
_TO_ROOM = re.compile(
    r"(?:\b(?:naar|to|in|wordt)\s+|(?:->|→)\s*)(?P<room>[^\W\d_]{0,4}[.-]?\d[\w.\-/]*)"
)
_LAST_ROOM = re.compile(r"(?:\A|\s)(?P<room>[^\W\d_]{0,4}[.-]?\d[\w.\-/]*)\s*\Z")
_NUMERIC_DAY = re.compile(r"\b(?P<day>\d{1,2})[-/](?P<month>\d{1,2})(?:[-/](?P<year>\d{4}))?\b")
_WRITTEN_DAY = re.compile(
    rf"\b(?P<number>\d{{1,2}})(?:e|st|nd|rd|th)?\s+"
    rf"(?P<name>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
)
_SOON = r"(?:a\.?s\.?|aanstaande|komende|aankomende|coming|this|deze)"
_LATER = r"(?:volgende|next)(?:\s+(?:week|wk))?(?:\s+(?:op|on))?"
_WORDS_OF_DAYS = re.compile(
    rf"(?:(?P<later>\b{_LATER})\s+|\b{_SOON}\s+)?"
    rf"\b(?P<word>{'|'.join(sorted({*RELATIVE, *WEEKDAY}, key=len, reverse=True))})\b"
)
_DAY = re.compile(
    rf"(?:\b(?P<weekday>{'|'.join(sorted(WEEKDAY, key=len, reverse=True))})\b\.?,?\s+)?"
    rf"(?:{_NUMERIC_DAY.pattern}|{_WRITTEN_DAY.pattern})|{_WORDS_OF_DAYS.pattern}"
)
_LIKE_A_CLASS = re.compile(r"(?<![\w.])[1-6][A-Za-z]{1,3}\d{0,2}[A-Za-z]?(?![\w.])")


def read(
    line: str,
    *,
    class_groups: Iterable[str],
    hours: Sequence[int],
    today: date,
    day: date | None = None,
) -> Line:
    """Read a line. ``class_groups``: those of the school; ``hours``: its lesson hours.

    ``day``: the one that is meant if the line names none; today unless given.
    """
    reader = _Reader(line, frozenset(hours), today, day or today)
    reader.take_class_groups(class_groups)
    reader.take_kind()
    if reader.fields.kind is Kind.PRACTICAL:
        # A note of one's own stays as it was written, with its hours and days.
        reader.take_note()
    else:
        reader.look_for_health()
        reader.take_hours()
        reader.take_day()
        reader.take_room()
        reader.take_bare_hours(_BARE_HOURS)
        reader.take_subject()
    return Line(fields=reader.fields, problems=tuple(reader.problems))


def read_lesson(
    answer: str, *, kind: Kind | None, hours: Sequence[int], today: date, day: date
) -> Line:
    """Read the answer to "which lesson hour?": a number, and what else stands beside it.

    ``kind``: what changes; ``None`` where it was asked which hour the lesson moves to.
    """
    reader = _Reader(answer, frozenset(hours), today, day)
    reader.fields = replace(reader.fields, kind=kind)
    reader.look_for_health()
    reader.take_hours()
    reader.take_day()
    reader.take_room()
    reader.take_bare_hours(_ANSWERED_HOURS)
    reader.take_last_room()
    reader.take_subject()
    fields = reader.fields
    if kind is None and not fields.hours:
        fields = replace(fields, hours=fields.new_hours)
    return Line(fields=fields, problems=tuple(reader.problems))


class _Reader:
    """Takes out of a line what it recognises, one thing after another."""

    def __init__(self, line: str, hours: frozenset[int], today: date, day: date) -> None:
        self._rest = " ".join(tidied(line).split())
        self._hours = hours
        self._today = today
        self.fields = Fields(day=day)
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
        if match := _FALLS_OUT.search(self._low):
            kinds[Kind.CANCELLED] = "valt uit"
            start, end = match.span("between")
            between = self._rest[start:end]
            self._rest = f"{self._rest[: match.start()]}{between} \0 {self._rest[match.end() :]}"
        for word in sorted(KIND_WORDS, key=len, reverse=True):
            while match := re.search(rf"\b{word}\b", self._low):
                kinds[KIND_WORDS[word]] = word
                self._cut(*match.span())
        if len(kinds) > 1:
            self.problems.append((Problem.TWO_KINDS, ", ".join(kinds.values())))
        elif kinds:
            self.fields = replace(self.fields, kind=next(iter(kinds)))

    def look_for_health(self) -> None:
        """Why somebody is away is for nobody to read."""
        if match := _HEALTH.search(self._low):
            self.problems.append((Problem.HEALTH, match[0]))
            self._cut(*match.span())

    def take_hours(self) -> None:
        """The hours that change, and those that a lesson moves to."""
        while match := _HOURS.search(self._low):
            self._take_hours(match, match["after"] or match["before"])

    def take_bare_hours(self, pattern: re.Pattern[str]) -> None:
        """Hours without a word for one, where none was found that has it."""
        moves = self.fields.kind is Kind.MOVED
        while not self.fields.hours or (moves and not self.fields.new_hours):
            match = pattern.search(self._low)
            if match is None:
                return
            self._take_hours(match, match["numbers"])

    def _take_hours(self, match: re.Match[str], text: str) -> None:
        moves = self.fields.kind is Kind.MOVED
        if moves and (halves := re.split(r"\bto\b", text, maxsplit=1))[1:]:
            # "From lesson 3 to 5" is a move here, and no range.
            self._put_hours(self._numbers(halves[0]), is_new=False)
            self._put_hours(self._numbers(halves[1]), is_new=True)
        else:
            is_new = bool(match["to"]) or (moves and bool(self.fields.hours))
            self._put_hours(self._numbers(text), is_new=is_new)
        self._cut(*match.span())

    def _put_hours(self, numbers: tuple[int, ...], *, is_new: bool) -> None:
        unknown = [number for number in numbers if number not in self._hours]
        if unknown:
            self.problems.append((Problem.UNKNOWN_HOUR, str(unknown[0])))
        elif is_new:
            self.fields = replace(self.fields, new_hours=numbers)
        else:
            self.fields = replace(self.fields, hours=numbers)

    def _numbers(self, text: str) -> tuple[int, ...]:
        """The hours in words like "3e, 4e en 6e" or "3 t/m 5", in order."""
        found: list[int] = []
        for match in re.finditer(r"(?P<between>[^\d]*)(?P<number>\d+)", text):
            number = int(match["number"])
            between = re.sub(rf"\A\s*{_SUFFIX}(?=\W|\Z)", "", match["between"])
            if found and _RANGES.fullmatch(between) and found[-1] < number:
                found += range(found[-1] + 1, number)
            found.append(number)
        return tuple(sorted(frozenset(found)))

    def take_day(self) -> None:
        """The day, as a date or a word; the first is the lesson's, a second one where it goes."""
        days: list[date] = []
        while match := _DAY.search(self._low):
            day = self._named(match) if match["word"] else self._dated(match)
            if day is not None and day < self._today:
                self.problems.append((Problem.DAY_PAST, match[0]))
            elif day is not None:
                days.append(day)
            self._cut(*match.span())
        if days:
            self.fields = replace(self.fields, day=days[0])
        if len(days) > 1 and self.fields.kind is Kind.MOVED:
            self.fields = replace(self.fields, new_day=days[1])
        elif len(set(days)) > 1:
            self.problems.append((Problem.UNCLEAR_DAY, ", ".join(f"{d:%d-%m}" for d in days)))

    def _dated(self, match: re.Match[str]) -> date | None:
        if match["day"]:
            year = int(match["year"]) if match["year"] else None
            found = self._date(int(match["day"]), int(match["month"]), year)
        else:
            found = self._date(int(match["number"]), MONTHS[match["name"]], None)
        weekday = match["weekday"]
        if found is None or (weekday and found.weekday() != WEEKDAY[weekday]):
            # "Ma 24 nov" in a year in which that is a Tuesday: one of the two is a slip.
            problem = Problem.UNKNOWN_DAY if found is None else Problem.UNCLEAR_DAY
            self.problems.append((problem, match[0].strip()))
            return None
        return found

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
        word = match["word"]
        if word in RELATIVE:
            return self._today + timedelta(days=RELATIVE[word])
        ahead = (WEEKDAY[word] - self._today.weekday()) % 7
        if match["later"]:
            # Some mean this week's, others the week after: a date says it.
            self.problems.append((Problem.UNCLEAR_DAY, match[0]))
            return None
        return self._today + timedelta(days=ahead)

    def take_room(self) -> None:
        """The room, written as the author wrote it."""
        match = _ROOM.search(self._low)
        if match is None and self.fields.kind is Kind.ROOM:
            match = _TO_ROOM.search(self._low)
        if match is not None:
            room = self._rest[match.start("room") : match.end("room")]
            self.fields = replace(self.fields, room=room)
            self._cut(*match.span())

    def take_last_room(self) -> None:
        """In an answer, what stands last with a number in it: "3 wiskunde 104"."""
        if self.fields.kind is not Kind.ROOM or self.fields.room:
            return
        if match := _LAST_ROOM.search(self._low):
            room = self._rest[match.start("room") : match.end("room")]
            self.fields = replace(self.fields, room=room)
            self._cut(*match.span("room"))

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
        parts = _LIKE_A_CLASS.sub("\0", self._rest).split("\0")
        subject = " ".join(filter(None, map(_without_fillers, parts)))
        if len(subject) > LONGEST_WORDS:
            self.problems.append((Problem.TOO_LONG, subject[:20]))
        else:
            self.fields = replace(self.fields, subject=subject)


def _without_fillers(part: str) -> str:
    """Words without those at either end that only joined them to what was taken out."""
    words = [word for word in part.split() if any(each.isalnum() for each in word)]
    while words and words[0].lower().strip(EDGES) in FILLERS:
        words = words[1:]
    while words and words[-1].lower().strip(EDGES) in FILLERS:
        words = words[:-1]
    return " ".join(words).strip(EDGES)
