"""May a student under sixteen be in a group app? The school's choice (GDPR 8, UAVG 5).

A roster holds no birthdays, so a student's year groups stand for the age: the digits at the
beginning of the class groups. A class group without them counts as not under sixteen. Never here:
a name, or whether somebody belongs in a group.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.policy.changes import RememberChoice
from bot.policy.coming_in.joining import Answer, Applicant, Check, Verdict
from bot.policy.decision import Decision
from bot.policy.effects import Page, SendPage
from bot.policy.events import UnderSixteenChosen
from bot.policy.groups import Group
from bot.policy.ids import ChatId, PersonId, UserId
from bot.policy.limits import Limits, UnderSixteen
from bot.policy.notices import language_of
from bot.policy.people import Account, Person, Role
from bot.policy.rules import Rule

ASKED = "asked"
"""What the page of consents is told when a child waits for it."""

CHOICE = "under-sixteen"
"""The name under which it is remembered which choice of the school the log holds."""

_YEAR = re.compile(r"\s*(\d{1,2})(?!\d)")


class Gate(StrEnum):
    """Whether the school's rule for students under sixteen lets somebody in."""

    OPEN = "open"
    GUARDIAN_ASKED = "guardian-asked"
    """Nobody at home has given consent so far: it is asked for, and waited for."""

    TOO_YOUNG = "too-young"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What we know of a student's consent. ``guardians``: those of the roster with an account.

    ``given``: a guardian who is still one of the roster gave consent, and did not take it back.
    """

    student: PersonId
    given: bool = False
    guardians: tuple[Account, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentGroup:
    """A group that a student is in, or waits to be let into."""

    chat: ChatId
    owner: Account | None
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A student as a guardian's consent needs it. ``given_by``: guardians whose consent stands.

    ``guardians``: whose child it is, by the roster, if they are still in it. ``marks``: of each
    guardian who ever decided, which decision was the last (``mark_of``).
    """

    person: PersonId
    user: UserId | None
    guardians: frozenset[PersonId]
    given_by: frozenset[PersonId]
    marks: Mapping[PersonId, int] = field(default_factory=dict)
    groups: tuple[StudentGroup, ...] = ()


def mark_of(given_at: datetime | None, withdrawn_at: datetime | None) -> int:
    """A number for a guardian's last decision about a child; 0 before the first.

    A button carries it, so that one from before a later decision changes nothing any more.
    """
    last = withdrawn_at or given_at
    return 0 if last is None else int(last.timestamp() * 1000)


def year_of(class_group: str) -> int | None:
    """The year group that a class group's name begins with: ``3H2`` is 3, ``wisB3`` none."""
    found = _YEAR.match(class_group)
    return int(found[1]) if found is not None else None


def is_under_sixteen(class_groups: Iterable[str], limits: Limits) -> bool:
    """Whether a student of these class groups is taken to be under sixteen; one is enough."""
    return any(year_of(each) in limits.under_sixteen_years for each in class_groups)


def gate(person: Person, consent: Consent | None, limits: Limits) -> Gate:
    """Whether the school's rule lets this person into a group. Only students can be too young."""
    concerned = person.role is Role.STUDENT and is_under_sixteen(person.class_groups, limits)
    if not concerned or limits.under_sixteen is UnderSixteen.NOT_CHECKED:
        return Gate.OPEN
    if limits.under_sixteen is UnderSixteen.REFUSE:
        return Gate.TOO_YOUNG
    return Gate.OPEN if consent is not None and consent.given else Gate.GUARDIAN_ASKED


# --- joining -----------------------------------------------------------------------------------


def under_sixteen(consents: Mapping[UserId, Consent], limits: Limits) -> Check:
    """The school's rule as a check of ``may_join``; ``consents`` of the applicants."""

    def check(applicant: Applicant, _group: Group) -> Answer | None:
        person = applicant.account.person
        if person is None:
            return None
        match gate(person, consents.get(applicant.account.user), limits):
            case Gate.OPEN:
                return None
            case Gate.TOO_YOUNG:
                return Answer(
                    verdict=Verdict.DECLINE, rule=Rule.JOIN_TOO_YOUNG, notice="join-too-young"
                )
            case Gate.GUARDIAN_ASKED:
                return Answer(
                    verdict=Verdict.WAIT,
                    rule=Rule.JOIN_CONSENT_AWAITED,
                    notice="join-ask-at-home",
                )

    return check


def ask_at_home(consent: Consent | None) -> tuple[SendPage, ...]:
    """Show each linked guardian where to give consent, because the child waits for it."""
    guardians = () if consent is None else consent.guardians
    return tuple(
        SendPage(
            user=guardian.user,
            page=Page.CONSENT,
            language=language_of(guardian.language),
            argument=ASKED,
        )
        for guardian in guardians
    )


# --- the school's choice -----------------------------------------------------------------------


def judge_choice(written: str | None, limits: Limits) -> Decision:
    """Write down what the school's file says, if the log does not say it yet."""
    years = tuple(sorted(limits.under_sixteen_years))
    value = " ".join((limits.under_sixteen.value, *map(str, years)))
    if value == written:
        return Decision(rule=Rule.BOOKKEEPING)
    return Decision(
        rule=Rule.UNDER_SIXTEEN_CHOSEN,
        events=(UnderSixteenChosen(choice=limits.under_sixteen.value, year_groups=years),),
        changes=(RememberChoice(name=CHOICE, value=value),),
    )
