"""What administrators do: rosters, codes, links, duties and people's requests."""

from dataclasses import dataclass
from typing import ClassVar

from bot.policy.events.base import BaseEvent, Weight
from bot.policy.ids import PersonId, UserId
from bot.policy.people import DataRequest, Duty, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterReceived(BaseEvent):
    """An administrator confirmed a roster, and it was written.

    ``proposed``: duties in it that wait for another administrator. ``kept``: people with a duty
    who are not in it, and stay until the duty is taken.
    """

    tag: ClassVar[str] = "staff:roster:imported"

    user: UserId
    added: int
    changed: int
    gone: int
    proposed: int
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesHandedOut(BaseEvent):
    """An administrator got linking codes: how many, for which role and class, or one person."""

    tag: ClassVar[str] = "staff:codes:handed-out"

    user: UserId
    count: int
    role: Role | None
    class_group: str | None
    person: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyProposed(BaseEvent):
    """An administrator proposed to give or take a duty. Nothing has changed yet."""

    tag: ClassVar[str] = "staff:duty:proposed"
    weight: ClassVar[Weight] = Weight.INFORMATION

    user: UserId
    person: PersonId
    duty: Duty
    grants: bool
    proposal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyGranted(BaseEvent):
    """A person was given a duty: ``user`` agreed, or did so alone if ``proposed_by`` is null."""

    tag: ClassVar[str] = "staff:duty:granted"
    weight: ClassVar[Weight] = Weight.INFORMATION

    user: UserId
    proposed_by: UserId | None
    person: PersonId
    duty: Duty
    proposal: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyTaken(BaseEvent):
    """A duty was taken from a person: ``user`` agreed, or did so alone if no one proposed it."""

    tag: ClassVar[str] = "staff:duty:taken"
    weight: ClassVar[Weight] = Weight.INFORMATION

    user: UserId
    proposed_by: UserId | None
    person: PersonId
    duty: Duty
    proposal: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDeclined(BaseEvent):
    """Another administrator did not agree, or the one who proposed it withdrew it."""

    tag: ClassVar[str] = "staff:duty:declined"

    user: UserId
    proposed_by: UserId
    person: PersonId
    duty: Duty
    grants: bool
    proposal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRequestDone(BaseEvent):
    """An administrator has done what somebody asked about what is stored of him."""

    tag: ClassVar[str] = "staff:data-request:done"

    user: UserId
    person: PersonId | None
    kind: DataRequest


AdministrationEvent = (
    RosterReceived
    | CodesHandedOut
    | DutyProposed
    | DutyGranted
    | DutyTaken
    | DutyDeclined
    | DataRequestDone
)
