"""An announcement as a group reads it: Dutch, then English, with the signs of a timetable app.

Pure: fields in, Telegram's HTML out. Every value is escaped. The day stands with its name and date,
because a message is read later than it is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from babel.dates import format_date

from bot.messages import Html, both, escaped, text
from bot.policy.announcements.fields import Field, Fields, Kind
from bot.policy.effects import Language

Spans = tuple[tuple[int, int], ...]
"""Places in a text: offsets in characters, the end excluded."""

SIGNS = {
    Kind.CANCELLED: "❌",
    Kind.MOVED: "🔀",
    Kind.ROOM: "🚪",
    Kind.SUBSTITUTION: "🔁",
    Kind.PRACTICAL: "📌",
}

MOST_CLASSES = 12
"""Class groups named at the head of a message; a longer list hides what it is about."""

_LOCALES = {Language.DUTCH: "nl_NL", Language.ENGLISH: "en_GB"}
_DAY = {Language.DUTCH: "EEEE d MMMM", Language.ENGLISH: "EEEE d MMMM"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said beside the fields. ``author``: A.3, every message carries its author's name.

    ``class_groups``: those of the group that reads it, if the fields name none. ``today``: the day
    on which it is written, for "today" and "tomorrow". ``marks``: places in typed words that their
    author is shown, because they stop the message; never in a group.
    """

    author: str
    today: date
    class_groups: tuple[str, ...] = ()
    is_correction: bool = False
    is_repeat: bool = False
    is_replaced: bool = False
    is_withdrawn: bool = False
    marks: Mapping[Field, Spans] = field(default_factory=dict)


def announced(fields: Fields, words: Words) -> Html:
    """The whole message in both languages."""
    body = _in(Language.DUTCH, fields, words)
    if fields.kind is not Kind.PRACTICAL:
        # A note of the author's own stands once, as it was written.
        body = both(body, _in(Language.ENGLISH, fields, words))
    if words.is_replaced or words.is_withdrawn:
        body = Html(f"<s>{body}</s>")
    marks = [
        text(key, Language.BOTH)
        for key, holds in (
            ("announcement-is-replaced", words.is_replaced),
            ("announcement-is-withdrawn", words.is_withdrawn),
            ("announcement-is-repeat", words.is_repeat),
            ("announcement-is-correction", words.is_correction and not words.is_replaced),
        )
        if holds
    ]
    author = text("announcement-author", Language.DUTCH, author=words.author)
    return Html("\n\n".join([*marks, body, author]))


def _in(language: Language, fields: Fields, words: Words) -> Html:
    # English stands in italics below: the sign once is enough, and its head needs no second weight.
    head = Html(" · ".join(_head(language, fields, words)))
    body = _body(language, fields, words.marks)
    if language is Language.ENGLISH:
        return Html(f"{head}: {body}") if head else body
    sign = SIGNS[fields.kind or Kind.PRACTICAL]
    return Html(f"{sign} <b>{head}</b>\n{body}") if head else Html(f"{sign} {body}")


def _head(language: Language, fields: Fields, words: Words) -> list[Html]:
    classes = fields.class_groups or words.class_groups
    shown = [*classes[:MOST_CLASSES], *(["…"] if len(classes) > MOST_CLASSES else [])]
    parts = [escaped(", ".join(shown))] if shown else []
    if fields.kind is not Kind.PRACTICAL and fields.day is not None:
        parts.append(day_of(fields.day, words.today, language))
    if fields.kind is not Kind.PRACTICAL and fields.hours:
        parts.append(hours_of(fields.hours, language))
    return parts


def known_of(fields: Fields, words: Words, language: Language) -> list[Html]:
    """What is known of a message that is not whole yet, piece by piece, for its author."""
    typed = [escaped(each) for each in (fields.subject, fields.room) if each]
    return [*_head(language, fields, words), *typed]


def _body(language: Language, fields: Fields, marks: Mapping[Field, Spans]) -> Html:
    kind = fields.kind or Kind.PRACTICAL
    if kind is Kind.PRACTICAL:
        return _marked(fields.note, marks.get(Field.NOTE, ()))
    subject = _marked(_capitalised(fields.subject), marks.get(Field.SUBJECT, ()))
    room = _marked(fields.room, marks.get(Field.ROOM, ()))
    another_day = fields.new_day is not None and fields.new_day != fields.day
    said = text(
        "announcement-moved-day" if kind is Kind.MOVED and another_day else f"announcement-{kind}",
        language,
        subject=subject,
        room=room,
        day=_date(fields.new_day, language) if fields.new_day is not None else "",
        hours=hours_of(fields.new_hours, language) if fields.new_hours else "",
    )
    if fields.room and kind is not Kind.ROOM:
        said = Html(f"{said} {text('announcement-in-room', language, room=room)}")
    return said


def _capitalised(words: str) -> str:
    # A letter whose capital is two letters stays small: places in the text must not move.
    first = words[:1].upper()
    return first + words[1:] if len(first) == 1 else words


def _marked(words: str, places: Spans) -> Html:
    """The words, with each place in them in bold and underlined."""
    parts: list[Html] = []
    done = 0
    for start, end in places:
        begin = max(start, done)
        if begin < end:
            parts += [
                escaped(words[done:begin]),
                Html(f"<b><u>{escaped(words[begin:end])}</u></b>"),
            ]
            done = end
    return Html("".join([*parts, escaped(words[done:])]))


def day_of(day: date, today: date, language: Language) -> Html:
    """A day with its date; today and tomorrow by their names too."""
    near = {0: "day-today", 1: "day-tomorrow"}.get((day - today).days)
    written = _date(day, language)
    return written if near is None else text(near, language, day=written)


def _date(day: date, language: Language) -> Html:
    return escaped(format_date(day, _DAY[language], locale=_LOCALES[language]))


def hours_of(hours: Sequence[int], language: Language) -> Html:
    """Lesson hours in words: one, two, a range, or a list."""
    first, *more = hours
    if not more:
        return text("hours-one", language, hour=first)
    if list(hours) == list(range(first, first + len(hours))) and len(hours) > 2:  # noqa: PLR2004 (two are "and")
        return text("hours-range", language, first=first, last=hours[-1])
    *before, last = (text("hours-number", language, hour=hour) for hour in hours)
    return text("hours-and", language, before=Html(", ".join(before)), last=last)
