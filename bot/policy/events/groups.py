"""Groups: coming and going (B.6, first half)."""

from dataclasses import dataclass
from typing import ClassVar

from bot.policy.events.base import BaseEvent, Weight
from bot.policy.ids import ChatId, UserId
from bot.policy.people import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class BotAdded(BaseEvent):
    """Somebody added the bot to a chat, or the bot was pointed to one."""

    tag: ClassVar[str] = "telegram:group:bot-added"

    chat: ChatId
    user: UserId | None
    role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BotRemoved(BaseEvent):
    """Somebody took the bot out of a chat."""

    tag: ClassVar[str] = "telegram:group:bot-removed"
    weight: ClassVar[Weight] = Weight.INFORMATION

    chat: ChatId
    user: UserId | None
    role: Role | None
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BotRightsChanged(BaseEvent):
    """Somebody changed what the bot may do in a chat. ``missing``: the rights it now lacks."""

    tag: ClassVar[str] = "telegram:group:bot-rights-changed"

    chat: ChatId
    user: UserId | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupConfirmed(BaseEvent):
    """A member of staff asked us to manage a group: ``how`` is button, link or rights."""

    tag: ClassVar[str] = "staff:group:confirmed"

    chat: ChatId
    user: UserId
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAdopted(BaseEvent):
    """The group complies and is managed from now on."""

    tag: ClassVar[str] = "bot:group:adopted"

    chat: ChatId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRefused(BaseEvent):
    """The bot does not stay: ``reason`` is the rule's code, ``manager`` who manages it by role."""

    tag: ClassVar[str] = "bot:group:refused"
    weight: ClassVar[Weight] = Weight.INFORMATION

    chat: ChatId
    reason: str
    manager: Role | None
    added_by: UserId | None
    added_by_role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffTookPart(BaseEvent):
    """A member of staff added the bot to a group that staff do not manage (B.6): look at it."""

    tag: ClassVar[str] = "bot:staff:took-part"
    weight: ClassVar[Weight] = Weight.SIGNAL

    chat: ChatId
    user: UserId
    manager: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupExplained(BaseEvent):
    """The owner was told what is still missing: ``items`` are the codes of the failing items."""

    tag: ClassVar[str] = "bot:group:explained"

    chat: ChatId
    user: UserId
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSuspended(BaseEvent):
    """A managed group no longer complies: ``items`` are the codes of the failing items."""

    tag: ClassVar[str] = "bot:group:suspended"
    weight: ClassVar[Weight] = Weight.SIGNAL

    chat: ChatId
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupResumed(BaseEvent):
    """A suspended group complies again."""

    tag: ClassVar[str] = "bot:group:resumed"

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMigrated(BaseEvent):
    """Telegram gave the group a new chat id. The group stays the same one to us."""

    tag: ClassVar[str] = "telegram:group:migrated"

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLost(BaseEvent):
    """A look found that the bot is no longer in the group."""

    tag: ClassVar[str] = "bot:group:lost"
    weight: ClassVar[Weight] = Weight.SIGNAL

    chat: ChatId
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChanged(BaseEvent):
    """The group has another owner, or none that shows."""

    tag: ClassVar[str] = "telegram:group:owner-changed"
    weight: ClassVar[Weight] = Weight.INFORMATION

    chat: ChatId
    user: UserId | None
    role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministratorChanged(BaseEvent):
    """Somebody gave or took an administrator's seat."""

    tag: ClassVar[str] = "telegram:administrator:changed"

    chat: ChatId
    user: UserId
    role: Role | None
    by: UserId | None
    seated: bool


GroupEvent = (
    BotAdded
    | BotRemoved
    | BotRightsChanged
    | GroupConfirmed
    | GroupAdopted
    | GroupRefused
    | StaffTookPart
    | GroupExplained
    | GroupSuspended
    | GroupResumed
    | GroupMigrated
    | GroupLost
    | OwnerChanged
    | AdministratorChanged
)
