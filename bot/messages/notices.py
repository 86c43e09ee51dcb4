"""A notice as a person reads it: the catalogue's text, with lists, moments and the school's words.

``bot.policy.notices`` says what each placeholder holds. What a chat is called and the bot's own
name are looked up when the notice is sent, so that the outbox holds neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from babel.dates import format_datetime

from bot.messages import Html, both, escaped, text
from bot.messages.school import SchoolWords, Words
from bot.policy.effects import Language

# The day's name and no year: all moments are within a few days.
_MOMENT = "EEEE d MMMM, HH:mm"
_LOCALES = {Language.DUTCH: "nl_NL", Language.ENGLISH: "en_GB"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What to say: a key of ``NOTICES`` with its values as the outbox holds them.

    ``bot`` is the bot's user name, ``group`` the title of the chat that it is about; ``None`` if
    that chat no longer shows it.
    """

    key: str
    language: Language
    values: Mapping[str, str | int]
    bot: str
    group: str | None = None


def rendered(notice: Notice, school: SchoolWords) -> Html:
    """The whole text in Telegram's HTML. Raises ``KeyError`` for an unknown key or item."""
    if notice.language is Language.BOTH:
        return both(
            rendered(replace(notice, language=Language.DUTCH), school),
            rendered(replace(notice, language=Language.ENGLISH), school),
        )
    return text(notice.key, notice.language, **_values(notice, school))


def label(key: str, language: Language) -> str:
    """What stands on a button: plain, not HTML."""
    if language is Language.BOTH:
        return f"{text(key, Language.DUTCH)} / {text(key, Language.ENGLISH)}"
    return text(key, language)


def _values(notice: Notice, school: SchoolWords) -> dict[str, object]:
    language = notice.language
    values: dict[str, object] = {
        **_words(school.of(language)),
        **notice.values,
        "bot": notice.bot,
        "group": text("group-without-title", language) if notice.group is None else notice.group,
    }
    if "until" in values:
        values["until"] = _moment(str(values["until"]), language, school)
    if "rights" in values:
        names = [text(f"right-{right}", language) for right in str(values["rights"]).split()]
        values["rights"] = Html(", ".join(names))
    if "findings" in values:
        found = [text(f"finding-{kind}", language) for kind in str(values["findings"]).split()]
        values["findings"] = _bullets(found)
    if "items" in values:
        lines = [text(f"item-{item}", language, **values) for item in str(values["items"]).split()]
        values["items"] = _bullets(lines)
    return values


def _words(words: Words) -> dict[str, object]:
    lines = [Html(f"{escaped(line.name)}: {escaped(line.contact)}") for line in words.help_lines]
    return {
        "school": words.school,
        "adviser": words.adviser,
        "adviser_contact": words.adviser_contact,
        "mentor": words.mentor,
        "help_lines": _bullets(lines),
    }


def _bullets(lines: list[Html]) -> Html:
    return Html("\n".join(f"• {line}" for line in lines))


def _moment(iso: str, language: Language, school: SchoolWords) -> str:
    moment = datetime.fromisoformat(iso)
    return format_datetime(moment, _MOMENT, tzinfo=school.clock, locale=_LOCALES[language])
