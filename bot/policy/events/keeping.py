"""Groups: how staff look after them. Handing over, closing, links, a second administrator."""

from dataclasses import dataclass
from typing import ClassVar

from bot.policy.events.base import BaseEvent, Weight
from bot.policy.ids import ChatId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOffered(BaseEvent):
    """A group was offered to a colleague: ``user`` offered it, ``to`` may take it over."""

    tag: ClassVar[str] = "staff:group:offered"

    chat: ChatId
    user: UserId | None
    to: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAnswered(BaseEvent):
    """The colleague to whom a group was offered wants it, or does not."""

    tag: ClassVar[str] = "staff:group:offer-answered"

    chat: ChatId
    user: UserId
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWithdrawn(BaseEvent):
    """Somebody took back the offer of a group."""

    tag: ClassVar[str] = "staff:group:offer-withdrawn"

    chat: ChatId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupHandedOver(BaseEvent):
    """The colleague to whom a group was offered owns it now, by Telegram's word."""

    tag: ClassVar[str] = "telegram:group:handed-over"

    chat: ChatId
    user: UserId
    by: UserId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupClosed(BaseEvent):
    """A member of staff ended a group: the bot says so there, and leaves. ``as_owner``: or else
    as an administrator of the school.
    """

    tag: ClassVar[str] = "staff:group:closed"
    weight: ClassVar[Weight] = Weight.INFORMATION

    chat: ChatId
    user: UserId
    as_owner: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinLinkRenewed(BaseEvent):
    """A member of staff asked for a new join link, which ends the ones before it."""

    tag: ClassVar[str] = "staff:link:renewed"

    chat: ChatId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinLinkEnded(BaseEvent):
    """Telegram ended a join link of ours."""

    tag: ClassVar[str] = "bot:link:ended"

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondAsked(BaseEvent):
    """The owner was asked to make a second member of staff administrator."""

    tag: ClassVar[str] = "bot:group:second-asked"

    chat: ChatId
    user: UserId


KeepingEvent = (
    GroupOffered
    | OfferAnswered
    | OfferWithdrawn
    | GroupHandedOver
    | GroupClosed
    | JoinLinkRenewed
    | JoinLinkEnded
    | SecondAsked
)
