"""What people call things, and moments, as a page can show them safely.

A title or name is somebody else's text: characters that nobody sees, or that turn the text around
them, are left out, so that no name can pass for another or hide what stands beside it.
"""

import unicodedata
from datetime import datetime, timedelta

from babel.dates import format_datetime

from bot.messages import Html
from bot.pages.page import Desk, Request
from bot.policy.effects import Language

ON_A_BUTTON = 30
"""Characters of a label that a telephone shows."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LOCALES = {Language.DUTCH: "nl_NL", Language.ENGLISH: "en_GB"}
# An isolate: what it holds may run the other way, and leaves the line around it alone.
_FIRST_STRONG, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_TURNS = frozenset({"R", "AL", "AN"})


def plain(name: str) -> str:
    """A name in one line, without characters that nobody sees."""
    seen = (" " if char.isspace() else char for char in name)
    kept = "".join(char for char in seen if unicodedata.category(char) not in _UNSEEN)
    return " ".join(kept.split())


def short(name: str, most: int = ON_A_BUTTON) -> str:
    """A name of at most ``most`` characters, for a button or a list."""
    cleaned = plain(name)
    return cleaned if len(cleaned) <= most else f"{cleaned[: most - 1].rstrip()}…"


def isolated(name: str) -> str:
    """A cleaned name for within a line: one that is written from the right is set apart."""
    if any(unicodedata.bidirectional(char) in _TURNS for char in name):
        return f"{_FIRST_STRONG}{name}{_END}"
    return name


def titled(desk: Desk, request: Request, title: str) -> str | Html:
    """What a group is called, or a word for one without a title that can be shown."""
    return isolated(plain(title)) or desk.said("group-without-title", request)


def moment(desk: Desk, request: Request, at: datetime) -> Html:
    """A moment on the school's clock, as near as people say it: "today 09:12"."""
    clock, locale = desk.school.clock, _LOCALES[request.language]
    now, then = desk.clock.now().astimezone(clock), at.astimezone(clock)
    time = format_datetime(then, "HH:mm", tzinfo=clock, locale=locale)
    if then.date() == now.date():
        return desk.said("moment-today", request, time=time)
    if then.date() == now.date() - timedelta(days=1):
        return desk.said("moment-yesterday", request, time=time)
    day = format_datetime(then, "EEEE d MMMM", tzinfo=clock, locale=locale)
    return desk.said("moment-on-day", request, day=day, time=time)


def lines(each: list[Html]) -> Html:
    """Lines below one another."""
    return Html("\n".join(each))
