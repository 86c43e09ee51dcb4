"""One-to-one contact (B.7) and channels (B.5)."""

from dataclasses import dataclass
from typing import ClassVar

from bot.policy.events.base import BaseEvent, Weight
from bot.policy.ids import UserId
from bot.policy.people import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateMessageAnswered(BaseEvent):
    """Somebody who is not staff wrote to the bot and got the one kind answer."""

    tag: ClassVar[str] = "bot:contact:answered"

    user: UserId
    role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAskedFor(BaseEvent):
    """Somebody asked the bot for a member of staff: a signal, no offence; without the text."""

    tag: ClassVar[str] = "bot:contact:staff-asked-for"
    weight: ClassVar[Weight] = Weight.SIGNAL

    user: UserId
    role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRefused(BaseEvent):
    """Somebody used a command that is not his to use."""

    tag: ClassVar[str] = "bot:command:refused"
    weight: ClassVar[Weight] = Weight.INFORMATION

    user: UserId
    role: Role | None
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRegistered(BaseEvent):
    """A member of staff registered a channel that he owns as a professional account."""

    tag: ClassVar[str] = "staff:channel:registered"

    user: UserId


ContactEvent = PrivateMessageAnswered | StaffAskedFor | CommandRefused | ChannelRegistered
