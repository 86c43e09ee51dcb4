"""What our tables know of people who want to come into groups, and of who is in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.policy.coming_in.joining import RequestState
from bot.policy.ids import AccountId, ChatId, JoinRequestId, PersonId, UserId
from bot.policy.people import Person, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequest:
    """Somebody's request to join a group, by the group's chat id of today.

    ``settled_at`` is ``None`` while it has not ended. ``explained``: whoever asks was told what it
    waits for.
    """

    id: JoinRequestId
    chat: ChatId
    user: UserId
    state: RequestState
    deadline_at: datetime
    settled_at: datetime | None = None
    explained: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Somebody who is in a group, by Telegram's word.

    ``changed_at``: since when the answer to whether he belongs there may be another one: he came
    in, lost the link, left school, or the roster says something else of him or of a child.
    """

    number: AccountId
    user: UserId
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingInNeeds:
    """What to read about coming in. Empty costs nothing.

    ``classes``: which class groups each group serves, and those of the children of each guardian;
    ``class_names``: all class groups of the school. ``asked``, ``asked_by`` and ``asked_in``:
    requests to join, by number, of these accounts (lately ended ones too), or that are open in
    these groups, each with its group and its account. ``members_in``: who is in these groups, with
    their accounts.
    """

    classes: bool = False
    class_names: bool = False
    asked: frozenset[JoinRequestId] = frozenset()
    asked_by: frozenset[UserId] = frozenset()
    asked_in: frozenset[ChatId] = frozenset()
    members_in: frozenset[ChatId] = frozenset()

    def __or__(self, other: "ComingInNeeds") -> "ComingInNeeds":
        """What either of the two needs."""
        return ComingInNeeds(
            classes=self.classes or other.classes,
            class_names=self.class_names or other.class_names,
            asked=self.asked | other.asked,
            asked_by=self.asked_by | other.asked_by,
            asked_in=self.asked_in | other.asked_in,
            members_in=self.members_in | other.members_in,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingInKnown:
    """The answer. ``children``: of each guardian, the class groups of the children at school."""

    requests: tuple[JoinRequest, ...] = ()
    members: Mapping[ChatId, tuple[Present, ...]] = field(default_factory=dict)
    children: Mapping[PersonId, frozenset[str]] = field(default_factory=dict)
    class_names: frozenset[str] = frozenset()

    def classes_of(self, person: Person | None) -> frozenset[str]:
        """The class groups that concern a person: a guardian's are those of the children."""
        if person is None:
            return frozenset()
        if person.role is not Role.GUARDIAN:
            return person.class_groups
        return person.class_groups | self.children.get(person.id, frozenset())


NO_COMING_IN_NEEDS = ComingInNeeds()
NOTHING_OF_COMING_IN = ComingInKnown()
