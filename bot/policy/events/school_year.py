"""The school year, and what the law asks for the youngest."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.policy.events.base import BaseEvent, Weight
from bot.policy.ids import ChatId, PersonId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolYearBegun(BaseEvent):
    """An administrator began a school year: how many people had left, links ended, and so on."""

    tag: ClassVar[str] = "staff:school-year:begun"
    weight: ClassVar[Weight] = Weight.INFORMATION

    user: UserId
    leavers: int
    links: int
    offered: int
    groups: int
    confirm_before: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolYearBegunByOperator(BaseEvent):
    """The command line began a school year."""

    tag: ClassVar[str] = "cli:school-year:begun"
    weight: ClassVar[Weight] = Weight.INFORMATION

    leavers: int
    links: int
    offered: int
    groups: int
    confirm_before: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconfirmationAsked(BaseEvent):
    """The owner of a group was asked whether it goes on this school year, or reminded of it."""

    tag: ClassVar[str] = "bot:group:reconfirmation-asked"

    chat: ChatId
    user: UserId
    reminder: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLeftBehind(BaseEvent):
    """The owner of a group left school: ``to`` is the colleague to whom it is offered, if any."""

    tag: ClassVar[str] = "bot:group:left-behind"
    weight: ClassVar[Weight] = Weight.INFORMATION

    chat: ChatId
    user: UserId
    to: UserId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupReconfirmed(BaseEvent):
    """The owner of a group said that it goes on this school year."""

    tag: ClassVar[str] = "staff:group:reconfirmed"

    chat: ChatId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(BaseEvent):
    """A guardian gave consent for a child of the youngest year groups to be in group apps."""

    tag: ClassVar[str] = "guardian:consent:given"

    user: UserId
    student: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(BaseEvent):
    """A guardian took that consent back. ``holds``: another guardian's consent still stands."""

    tag: ClassVar[str] = "guardian:consent:withdrawn"
    weight: ClassVar[Weight] = Weight.INFORMATION

    user: UserId
    student: PersonId
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderSixteenChosen(BaseEvent):
    """What the school's file says of students under sixteen, written down when it is another."""

    tag: ClassVar[str] = "config:under-sixteen:chosen"
    weight: ClassVar[Weight] = Weight.INFORMATION

    choice: str
    year_groups: tuple[int, ...]


SchoolYearEvent = (
    SchoolYearBegun
    | SchoolYearBegunByOperator
    | ReconfirmationAsked
    | GroupLeftBehind
    | GroupReconfirmed
    | ConsentGiven
    | ConsentWithdrawn
    | UnderSixteenChosen
)
