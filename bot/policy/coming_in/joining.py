"""Does somebody belong in a group? By the roster, the class groups that the group serves, seats.

Asked when somebody wants to come in, and of everybody who is in it already. Never here: what is
done about the answer, and when.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.policy.groups import Group
from bot.policy.people import Account
from bot.policy.rules import Rule


class RequestState(StrEnum):
    """Where a request to join is. ``DECIDING``: what was decided is on its way to Telegram.

    ``ELSEWHERE``: it ended without us: an administrator decided, or it was withdrawn in Telegram.
    ``WITHDRAWN``: whoever asked ended the link with us.
    """

    WAITING = "waiting"
    DECIDING = "deciding"
    ADMITTED = "admitted"
    DECLINED = "declined"
    ELSEWHERE = "elsewhere"
    WITHDRAWN = "withdrawn"


class Way(StrEnum):
    """How somebody came into a group. Only by a request did anybody look at who it was."""

    REQUEST = "request"
    LINK = "link"
    ADDED = "added"
    FOLDER = "folder"
    OTHER = "other"


class Verdict(StrEnum):
    """What becomes of a request to join."""

    APPROVE = "approve"
    DECLINE = "decline"
    WAIT = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Somebody who wants to be, or is, in a group.

    ``classes``: the class groups that concern him; of a guardian those of the children.
    """

    account: Account
    classes: frozenset[str] = frozenset()
    is_bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A verdict and its rule. ``notice``: the key of what is said to the applicant, if anything."""

    verdict: Verdict
    rule: Rule
    notice: str | None = None


Check = Callable[[Applicant, Group], Answer | None]


def _another_bot(applicant: Applicant, _group: Group) -> Answer | None:
    if not applicant.is_bot:
        return None
    return Answer(verdict=Verdict.DECLINE, rule=Rule.JOIN_OF_A_BOT)


def _not_linked(applicant: Applicant, _group: Group) -> Answer | None:
    # Somebody who has left school is not told apart from somebody whom we never knew.
    if applicant.account.role is not None:
        return None
    return Answer(verdict=Verdict.WAIT, rule=Rule.JOIN_NOT_LINKED, notice="join-link-first")


def _staff(applicant: Applicant, group: Group) -> Answer | None:
    account = applicant.account
    if not account.is_staff:
        return None
    if applicant.classes and group.seat_of(account.user) is None:
        return None
    return Answer(verdict=Verdict.APPROVE, rule=Rule.JOIN_OF_STAFF)


def _no_classes_yet(_applicant: Applicant, group: Group) -> Answer | None:
    if group.class_groups:
        return None
    return Answer(verdict=Verdict.WAIT, rule=Rule.JOIN_NO_CLASSES, notice="join-waits")


def _another_class(applicant: Applicant, group: Group) -> Answer | None:
    if applicant.classes & group.class_groups:
        return None
    return Answer(
        verdict=Verdict.DECLINE, rule=Rule.JOIN_ANOTHER_CLASS, notice="join-another-class"
    )


CHECKS: tuple[Check, ...] = (_another_bot, _not_linked, _staff, _no_classes_yet, _another_class)
"""In their order: the first that has an answer gives it. Who passes all of them belongs."""

OUTSIDERS = frozenset({Rule.JOIN_OF_A_BOT, Rule.JOIN_NOT_LINKED, Rule.JOIN_ANOTHER_CLASS})
"""The rules by which somebody who is in a group does not belong there."""


def may_join(applicant: Applicant, group: Group, checks: Iterable[Check] = CHECKS) -> Answer:
    """Whether somebody may come into a group of ours, as far as roster and group say."""
    answers = (check(applicant, group) for check in checks)
    found = next((answer for answer in answers if answer is not None), None)
    return found or Answer(verdict=Verdict.APPROVE, rule=Rule.JOIN_OF_THE_CLASS)


def belongs(applicant: Applicant, group: Group) -> bool:
    """Whether somebody who is in a group of ours belongs there.

    Its administrators are judged with the group itself. While it serves no class group yet,
    everybody whom the school knows is given the benefit of the doubt.
    """
    if group.seat_of(applicant.account.user) is not None:
        return True
    return may_join(applicant, group).rule not in OUTSIDERS
