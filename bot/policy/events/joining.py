"""Coming into a group and going out of it."""

from dataclasses import dataclass
from typing import ClassVar

from bot.policy.events.base import BaseEvent, Weight
from bot.policy.ids import ChatId, UserId
from bot.policy.people import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupClassGroupsSet(BaseEvent):
    """A member of staff chose which class groups a group serves."""

    tag: ClassVar[str] = "staff:group:class-groups-set"

    chat: ChatId
    user: UserId
    class_groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAdmitted(BaseEvent):
    """Telegram let somebody in, as the bot decided. ``reason`` is the rule's code."""

    tag: ClassVar[str] = "bot:member:admitted"

    chat: ChatId
    user: UserId
    role: Role | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDeclined(BaseEvent):
    """Telegram took a request to join away, as the bot decided. ``reason`` is the rule's code."""

    tag: ClassVar[str] = "bot:member:declined"

    chat: ChatId
    user: UserId
    role: Role | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCameIn(BaseEvent):
    """Somebody came into a group by a request that the bot or an administrator approved."""

    tag: ClassVar[str] = "telegram:member:came-in"

    chat: ChatId
    user: UserId
    role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCameInUnasked(BaseEvent):
    """Somebody came into a group without a request: ``how`` is link, folder, added or other.

    ``by`` is who added him, if somebody did and shows. ``belongs``: by roster and class groups.
    """

    tag: ClassVar[str] = "telegram:member:came-in-unasked"
    weight: ClassVar[Weight] = Weight.INFORMATION

    chat: ChatId
    user: UserId
    role: Role | None
    by: UserId | None
    how: str
    belongs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberWent(BaseEvent):
    """Somebody left a group, or was taken out of it: ``by`` somebody else, if that shows."""

    tag: ClassVar[str] = "telegram:member:went"

    chat: ChatId
    user: UserId
    role: Role | None
    by: UserId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersTold(BaseEvent):
    """Somebody of staff was told that ``outsiders`` are in a group who do not belong there."""

    tag: ClassVar[str] = "bot:group:members-told"

    chat: ChatId
    user: UserId
    outsiders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRemovalAsked(BaseEvent):
    """A member of staff tapped to have somebody (``member``) taken out of a group."""

    tag: ClassVar[str] = "staff:member:removed"

    chat: ChatId
    user: UserId
    member: UserId
    role: Role | None


JoiningEvent = (
    GroupClassGroupsSet
    | MemberAdmitted
    | MemberDeclined
    | MemberCameIn
    | MemberCameInUnasked
    | MemberWent
    | MembersTold
    | MemberRemovalAsked
)
