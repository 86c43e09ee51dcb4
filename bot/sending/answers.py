"""What may come of an effect besides ``bot.policy.outcomes``: what the sender sees to by itself."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.policy.groups import ChatLook
from bot.policy.ids import ChatId
from bot.policy.outcomes import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryLater:
    """Nothing was done, or doing it twice is harmless: try again after ``seconds`` at least.

    ``flood``: Telegram named the time (429). It holds for the chat, or for the whole bot.
    """

    seconds: float
    flood: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The group has become a supergroup: the same effect is for ``new_chat`` now."""

    new_chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The result of ``InspectGroup``."""

    look: ChatLook


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Not carried out, because the bot only observes; it would have been."""


Leave = Callable[[], Awaitable[None]]
"""Awaited right before a message goes out: returns when Telegram's limits let it go, and counts it.

Whatever has to be read or drawn first has been by then, so that the call leaves at once.
"""


async def at_once() -> None:
    """No limit: leave now."""


Answer = Outcome | RetryLater | Moved | Looked | Withheld
