"""The bot itself: what it missed, and what it could not do."""

from dataclasses import dataclass
from typing import ClassVar

from bot.policy.events.base import BaseEvent, Weight
from bot.policy.ids import ChatId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class BotStarted(BaseEvent):
    """The bot starts. ``unknown``: messages of which it cannot say whether they arrived."""

    tag: ClassVar[str] = "bot:process:started"

    observe_only: bool
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapFound(BaseEvent):
    """The bot was away longer than Telegram keeps updates: what happened then is not in the log."""

    tag: ClassVar[str] = "bot:intake:gap-found"
    weight: ClassVar[Weight] = Weight.SIGNAL

    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSetAside(BaseEvent):
    """An update could not be handled and waits in ``dead_letters``; the ones behind it went on."""

    tag: ClassVar[str] = "bot:update:set-aside"
    weight: ClassVar[Weight] = Weight.SIGNAL

    kind: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectFailed(BaseEvent):
    """Telegram would not do what we asked, or the answer was lost (``unknown``)."""

    tag: ClassVar[str] = "bot:effect:failed"
    weight: ClassVar[Weight] = Weight.SIGNAL

    chat: ChatId | None
    user: UserId | None
    effect: str
    reason: str
    unknown: bool


ProcessEvent = BotStarted | GapFound | UpdateSetAside | EffectFailed
