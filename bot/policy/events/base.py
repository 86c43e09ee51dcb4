"""What every event has, and the words that are kept beside the log."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from bot.policy.ids import MessageId


class Weight(StrEnum):
    """What an event asks of people: nothing, to know it, or to look at it."""

    RECORD = "record"
    INFORMATION = "information"
    SIGNAL = "signal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a person may have to read back: the words of a removed message.

    Not part of the chained log; erased at ``keep_until``.
    """

    message: MessageId
    kind: str
    text: str | None
    keep_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseEvent:
    """``tag``, ``version`` of its payload, and what it asks of people."""

    tag: ClassVar[str]
    version: ClassVar[int] = 1
    weight: ClassVar[Weight] = Weight.RECORD
