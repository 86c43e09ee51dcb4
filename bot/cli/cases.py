"""Made-up cases for ``explain``: a group as a look finds it, or a message in a managed group."""

from dataclasses import dataclass
from enum import StrEnum

from bot.policy.groups import GroupState


class Who(StrEnum):
    """Somebody in a made-up case: a role, somebody unknown, or nobody that Telegram shows."""

    STUDENT = "student"
    STAFF = "staff"
    GUARDIAN = "guardian"
    STRANGER = "stranger"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCase:
    """A group that is in order but for what is said here.

    ``confirmed``: its owner asked the bot to manage it. ``unlocked``: members may write. ``late``:
    the time to put it in order is over. ``without_rights``: the bot is no administrator.
    """

    owner: Who
    added_by: Who = Who.STAFF
    administrators: tuple[Who, ...] = ()
    state: GroupState = GroupState.PENDING
    confirmed: bool = False
    unlocked: bool = False
    late: bool = False
    without_rights: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCase:
    """A message in a managed group. ``has_seat``: its author is an administrator there.

    ``author`` hidden: written anonymously. ``reply_to``: to whom it is an answer.
    """

    author: Who
    kind: str = "text"
    edited: bool = False
    as_channel: bool = False
    has_seat: bool = False
    reply_to: Who | None = None
    hours_old: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """What to look up in the log: one event, or the ``last`` ones about a group or an account.

    ``group`` and ``account`` are our numbers, ``chat`` is Telegram's.
    """

    event: int | None = None
    group: int | None = None
    chat: int | None = None
    account: int | None = None
    last: int = 5

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for."""
        return {self.event, self.group, self.chat, self.account} == {None}
