"""What people ask about their own data, and going."""

from dataclasses import dataclass
from typing import ClassVar

from bot.policy.events.base import BaseEvent, Weight
from bot.policy.ids import PersonId, UserId
from bot.policy.people import DataRequest, UnlinkReason


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountUnlinked(BaseEvent):
    """An account no longer belongs to a person of the roster.

    ``by`` is who ended it, if that was another account; ``why`` says the rest.
    """

    tag: ClassVar[str] = "person:account:unlinked"
    weight: ClassVar[Weight] = Weight.INFORMATION

    user: UserId
    person: PersonId
    why: UnlinkReason
    by: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAsked(BaseEvent):
    """Somebody asked that data about him are corrected or erased (GDPR articles 16 and 17)."""

    tag: ClassVar[str] = "person:data:asked"
    weight: ClassVar[Weight] = Weight.INFORMATION

    user: UserId
    kind: DataRequest


OwnDataEvent = AccountUnlinked | DataAsked
