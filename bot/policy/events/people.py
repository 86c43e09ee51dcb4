"""Who is who: linking codes and the roster."""

from dataclasses import dataclass
from typing import ClassVar

from bot.policy.events.base import BaseEvent, Weight
from bot.policy.ids import PersonId, UserId
from bot.policy.people import Duty, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLinked(BaseEvent):
    """An account now belongs to a person of the roster."""

    tag: ClassVar[str] = "bot:account:linked"

    user: UserId
    person: PersonId
    role: Role
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRefused(BaseEvent):
    """A linking code was refused: ``reason`` is the rule's code."""

    tag: ClassVar[str] = "bot:code:refused"
    weight: ClassVar[Weight] = Weight.INFORMATION

    user: UserId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesIssued(BaseEvent):
    """The command line made linking codes."""

    tag: ClassVar[str] = "cli:codes:issued"

    count: int
    first_administrator: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterImported(BaseEvent):
    """The command line read a roster."""

    tag: ClassVar[str] = "cli:roster:imported"

    added: int
    changed: int
    gone: int


PeopleEvent = AccountLinked | CodeRefused | CodesIssued | RosterImported
