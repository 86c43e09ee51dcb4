"""What we remember of who a group is for, who is in it, and who wants to come in."""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.coming_in.joining import RequestState, Way
from bot.policy.ids import ChatId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetGroupClassGroups:
    """A group serves these class groups from now on, and no others."""

    chat: ChatId
    class_groups: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordClassesAsked:
    """The owner of a group was asked which class groups it serves."""

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberJoinRequest:
    """A request to join that nobody has settled yet is in this state now.

    ``judge_at``: before then the clock leaves it alone; ``None`` too for one that waits for what
    nobody has been told yet.
    """

    chat: ChatId
    user: UserId
    state: RequestState
    deadline_at: datetime
    judge_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostponeJoinRequest:
    """What was decided could not be done: the request waits again, at least until ``judge_at``."""

    chat: ChatId
    user: UserId
    judge_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleJoinRequest:
    """A request to join has ended. ``waiting_only``: unless our decision on it is on its way."""

    chat: ChatId
    user: UserId
    state: RequestState
    waiting_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeRequestsAgain:
    """What waits is to be judged by the clock at once: more may be possible than before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberMember:
    """Telegram said that somebody is in a group."""

    chat: ChatId
    user: UserId
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetMember:
    """Somebody is no longer in a group."""

    chat: ChatId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMembersTold:
    """Until now the members of a group were looked through, and its owner told of outsiders."""

    chat: ChatId


JoiningChange = (
    SetGroupClassGroups
    | RecordClassesAsked
    | RememberJoinRequest
    | PostponeJoinRequest
    | SettleJoinRequest
    | JudgeRequestsAgain
    | RememberMember
    | ForgetMember
    | RecordMembersTold
)
