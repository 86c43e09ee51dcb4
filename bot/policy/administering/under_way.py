"""What administrators have under way, as storage knows it: rosters, duties to agree on, requests.

Values that several questions read. Never here: a name, or what stands in a roster's file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.policy.ids import PersonId, UserId
from bot.policy.people import Account, DataRequest, Duty, Person

MOST_NUMBER = 2**48
"""Numbers of uploads and proposals lie below this. They are drawn by lot, so none can be guessed,
and a decision can name what it makes before storage has written it."""


class UploadState(StrEnum):
    """How far a roster is that somebody sent to the bot."""

    NEW = "new"
    SHOWN = "shown"
    CONFIRMED = "confirmed"
    DONE = "done"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class ProposalState(StrEnum):
    """How far a proposal about a duty is. One that is open also ends by itself."""

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A roster's file that waits with Telegram, and whose it is."""

    number: int
    user: UserId
    made_at: datetime
    state: UploadState


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A duty that an administrator wants to give (``grants``) or take."""

    number: int
    person: PersonId
    duty: Duty
    grants: bool
    proposed_by: UserId
    proposed_at: datetime
    state: ProposalState


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRequest:
    """A request for correction or erasure; ``person`` is ``None`` if no one was linked."""

    number: int
    kind: DataRequest
    person: PersonId | None
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of the roster, with the account that is linked, if there is one.

    ``is_first_administrator``: who installed the bot, and whom no roster names.
    """

    person: Person
    account: Account | None = None
    is_first_administrator: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskNeeds:
    """What to read of an administrator's desk, by number. Empty sets cost nothing.

    A proposal brings the person that it is about. ``administrators``: the accounts of all who are,
    and who shares that duty.
    """

    people: frozenset[PersonId] = frozenset()
    uploads: frozenset[int] = frozenset()
    proposals: frozenset[int] = frozenset()
    proposals_about: frozenset[PersonId] = frozenset()
    requests: frozenset[int] = frozenset()
    administrators: bool = False

    def __or__(self, other: "DeskNeeds") -> "DeskNeeds":
        """What either of the two needs."""
        return DeskNeeds(
            people=self.people | other.people,
            uploads=self.uploads | other.uploads,
            proposals=self.proposals | other.proposals,
            proposals_about=self.proposals_about | other.proposals_about,
            requests=self.requests | other.requests,
            administrators=self.administrators or other.administrators,
        )


NO_DESK_NEEDS = DeskNeeds()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskKnown:
    """The answer to ``DeskNeeds``. ``administrators``: linked, and at school, by account.

    ``sharing``: who has that duty, is at school, and has ever linked: one whose link another ended
    is still somebody to agree with. Whoever installed the bot counts while linked.
    """

    people: Mapping[PersonId, Member] = field(default_factory=dict)
    uploads: Mapping[int, Upload] = field(default_factory=dict)
    proposals: Mapping[int, Proposal] = field(default_factory=dict)
    requests: Mapping[int, AskedRequest] = field(default_factory=dict)
    administrators: tuple[Account, ...] = ()
    sharing: frozenset[PersonId] = frozenset()


NOTHING_ON_THE_DESK = DeskKnown()
