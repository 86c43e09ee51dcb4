"""What we remember of an administrator's desk: rosters, duties and requests under way."""

from dataclasses import dataclass

from bot.policy.administering.under_way import ProposalState, UploadState
from bot.policy.ids import PersonId, UserId
from bot.policy.people import Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberUpload:
    """An administrator sent a roster. The file stays with Telegram; ``file_id`` finds it there.

    Those that he sent before and did not confirm are replaced by it.
    """

    number: int
    user: UserId
    file_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUploadState:
    """The roster was confirmed or cancelled."""

    number: int
    state: UploadState


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeDuty:
    """A duty is to be given (``grants``) or taken, if another administrator agrees."""

    number: int
    person: PersonId
    duty: Duty
    grants: bool
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideProposal:
    """Another administrator agreed or did not, or the one who proposed it withdrew it."""

    number: int
    by: UserId
    state: ProposalState


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDuty:
    """A person has this duty from now on, whatever a roster says, or has it no more."""

    person: PersonId
    duty: Duty
    grants: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDataRequest:
    """An administrator has done what somebody asked about what is stored of him."""

    number: int
    by: UserId


AdministrationChange = (
    RememberUpload | SetUploadState | ProposeDuty | DecideProposal | SetDuty | CloseDataRequest
)
