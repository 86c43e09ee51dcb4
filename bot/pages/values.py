"""Values as a page shows them: days on the school's clock, and names that stay in their line."""

import math
import unicodedata
from datetime import datetime, timedelta

from babel.dates import format_date, format_datetime, format_timedelta

from bot.pages.page import Desk, Request
from bot.policy.effects import Language

LONGEST = 80
"""Characters of a name or a title that a page shows: enough for people, too few for mischief."""

_LOCALES = {Language.DUTCH: "nl_NL", Language.ENGLISH: "en_GB"}


def locale_of(language: Language) -> str:
    """The locale of a language that pages are written in."""
    return _LOCALES.get(language, "nl_NL")


def day(moment: datetime, desk: Desk, request: Request) -> str:
    """A day with its year: much of this is about other years."""
    there = moment.astimezone(desk.school.clock)
    return format_date(there.date(), "d MMMM y", locale=locale_of(request.language))


def moment_of(moment: datetime, desk: Desk, language: Language) -> str:
    """A day and the time of it."""
    return format_datetime(
        moment, "d MMMM y, HH:mm", tzinfo=desk.school.clock, locale=locale_of(language)
    )


def days(number: int, request: Request) -> str:
    """A number of days: "30 dagen"."""
    return format_timedelta(
        timedelta(days=number),
        granularity="day",
        threshold=math.inf,  # days, however many there are: a school chose them in days
        locale=locale_of(request.language),
    )


def tidy(words: str, most: int = LONGEST) -> str:
    """A name or a title in one line, without signs that cannot be seen or turn the line around."""
    seen = "".join(sign if _is_seen(sign) else " " for sign in words)
    short = " ".join(seen.split())
    return short if len(short) <= most else f"{short[: most - 1].rstrip()}…"


def _is_seen(sign: str) -> bool:
    # Cc: control; Cf: marks that turn the direction, join, or have no width; Co, Cs: nobody's.
    return unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
