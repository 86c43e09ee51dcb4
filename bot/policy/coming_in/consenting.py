"""A guardian gives consent for a child, or takes it back (GDPR articles 7 and 8).

Who is whose guardian, the roster says. Never here: removing a student. Whoever runs the group hears
that consent is gone, and decides.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.changes import GiveConsent, JudgeRequestsAgain, WithdrawConsent
from bot.policy.coming_in.consent import Child
from bot.policy.decision import Decision
from bot.policy.effects import Effect, Page, SendPage
from bot.policy.events import ConsentGiven, ConsentWithdrawn
from bot.policy.ids import MessageId, PersonId
from bot.policy.limits import Limits, UnderSixteen
from bot.policy.notices import language_of
from bot.policy.pages import Asker, refuse, show
from bot.policy.people import Role
from bot.policy.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFacts:
    """Somebody presses "give" or "withdraw". ``child``: the student, if it is one of the roster.

    ``mark``: the last decision that the button knows of.
    """

    at: datetime
    asker: Asker
    gives: bool
    mark: int
    child: Child | None
    replaces: MessageId | None


def judge(facts: ConsentFacts, limits: Limits) -> Decision:
    """Only a guardian decides, and only about a child of his own."""
    asker, child = facts.asker, facts.child
    person = asker.account.person
    if asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    is_guardian = person is not None and asker.account.role is Role.GUARDIAN
    if person is None or child is None or not is_guardian or person.id not in child.guardians:
        return refuse(asker, Page.CONSENT.value, facts.at, limits)
    if facts.mark != child.marks.get(person.id, 0):
        # A button from before a later decision: shown anew, so that nobody decides by accident.
        return Decision(rule=Rule.COMMAND_ALLOWED, effects=(_page(facts),))
    stands = person.id in child.given_by
    asked = limits.under_sixteen is UnderSixteen.GUARDIAN_CONSENT
    if facts.gives and asked and not stands:
        return _given(facts, person.id, child)
    if stands and not facts.gives:
        return _withdrawn(facts, person.id, child, limits)
    return Decision(rule=Rule.COMMAND_ALLOWED, effects=(_page(facts),))


def _given(facts: ConsentFacts, guardian: PersonId, child: Child) -> Decision:
    return Decision(
        rule=Rule.CONSENT_GIVEN,
        events=(ConsentGiven(user=facts.asker.account.user, student=child.person),),
        changes=(GiveConsent(student=child.person, guardian=guardian), JudgeRequestsAgain()),
        effects=(_page(facts),),
    )


def _withdrawn(facts: ConsentFacts, guardian: PersonId, child: Child, limits: Limits) -> Decision:
    holds = bool(child.given_by - {guardian})
    withdrawn = ConsentWithdrawn(user=facts.asker.account.user, student=child.person, holds=holds)
    needed = limits.under_sixteen is UnderSixteen.GUARDIAN_CONSENT and not holds
    return Decision(
        rule=Rule.CONSENT_WITHDRAWN,
        events=(withdrawn,),
        changes=(WithdrawConsent(student=child.person, guardian=guardian),),
        effects=(_page(facts), *(_owners_told(child) if needed else ())),
    )


def _owners_told(child: Child) -> tuple[Effect, ...]:
    """The owner of each group that the student is in sees who it is, and what may be done."""
    return tuple(
        SendPage(
            user=group.owner.user,
            page=Page.CONSENT_WITHDRAWN,
            language=language_of(group.owner.language),
            about=group.chat,
            argument=str(child.person),
        )
        for group in child.groups
        if group.owner is not None and group.owner.is_staff and not group.waits
    )


def _page(facts: ConsentFacts) -> Effect:
    return show(Page.CONSENT, facts.asker, replaces=facts.replaces)
