"""Who gives and takes duties, and who must agree.

Leadership and coordinators decide about people, so one administrator alone makes nobody either of
them, and takes it from nobody; nor, once there are two, an administrator. Ending the other's link
does not make one of two alone. Neither the one who proposes nor the one whom it is about can agree.
The last linked administrator stays one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.policy.administering.under_way import Member, Proposal, ProposalState
from bot.policy.changes import Change, DecideProposal, ProposeDuty, SetDuty
from bot.policy.decision import Decision
from bot.policy.effects import Effect, Page, SendPage, SendPrivateNotice, SetCommandMenu
from bot.policy.events import CommandRefused, DutyDeclined, DutyGranted, DutyProposed, DutyTaken
from bot.policy.ids import MessageId, PersonId, UserId
from bot.policy.limits import Limits
from bot.policy.notices import language_of
from bot.policy.pages import Asker, refuse, show
from bot.policy.people import Account, Duty
from bot.policy.rules import Rule

ALWAYS_TWO = frozenset({Duty.COORDINATOR, Duty.LEADERSHIP})
"""Duties for which there are always two administrators needed."""

ENOUGH_ADMINISTRATORS = 2
"""From so many on, a third is not made, and none is unmade, by one of them alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFacts:
    """Somebody wants to give (``grants``) or take a duty.

    ``administrators`` are linked and at school; ``sharing``: see ``DeskKnown``. ``number``: a fresh
    one for a proposal, and ``open`` the proposals about the same person. ``replaces``: the message
    whose button was pressed.
    """

    at: datetime
    asker: Asker
    subject: Member | None
    duty: Duty
    grants: bool
    administrators: tuple[Account, ...]
    sharing: frozenset[PersonId]
    open: tuple[Proposal, ...]
    number: int
    replaces: MessageId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideFacts:
    """Somebody approves or declines a proposal; ``None``: there is none of that number."""

    at: datetime
    asker: Asker
    proposal: Proposal | None
    subject: Member | None
    administrators: tuple[Account, ...]
    approves: bool
    replaces: MessageId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFacts:
    """Somebody asks the other administrators to look at what was proposed."""

    at: datetime
    asker: Asker
    administrators: tuple[Account, ...]


def is_open(proposal: Proposal, at: datetime, limits: Limits) -> bool:
    """Whether a proposal can still be decided."""
    in_time = at - proposal.proposed_at < limits.proposal_valid
    return proposal.state is ProposalState.OPEN and in_time


def needs_two(duty: Duty, sharing: frozenset[PersonId]) -> bool:
    """Whether one administrator alone cannot give or take this duty."""
    return duty in ALWAYS_TWO or len(sharing) >= ENOUGH_ADMINISTRATORS


def who_may_agree(
    administrators: Iterable[Account], proposed_by: UserId, about: PersonId
) -> tuple[Account, ...]:
    """The administrators who neither proposed it nor are the person whom it is about."""
    return tuple(
        account
        for account in administrators
        if account.user != proposed_by and account.person is not None and account.person.id != about
    )


def judge(facts: DutyFacts, limits: Limits) -> Decision:
    """Give or take the duty, propose it, or say what is in the way."""
    asker, subject = facts.asker, facts.subject
    if Duty.ADMINISTRATOR not in asker.account.duties:
        return refuse(asker, Page.DUTIES.value, facts.at, limits)
    if subject is None or not _would_change(subject, facts.duty, grants=facts.grants):
        return _show_again(facts, subject)
    if _is_last(facts.duty, subject, facts.administrators, grants=facts.grants):
        return _explained(asker, Rule.LAST_ADMINISTRATOR, "last-administrator")
    if not needs_two(facts.duty, facts.sharing):
        return _changed_alone(facts, subject)
    return _proposed(facts, subject, limits)


def judge_decision(facts: DecideFacts, limits: Limits) -> Decision:
    """Carry out what two administrators agree on, or record that one of them does not."""
    asker, proposal, subject = facts.asker, facts.proposal, facts.subject
    if Duty.ADMINISTRATOR not in asker.account.duties:
        return refuse(asker, Page.DUTY_PROPOSAL.value, facts.at, limits)
    if proposal is None or subject is None or not is_open(proposal, facts.at, limits):
        return _not_open(facts)
    withdraws = not facts.approves and proposal.proposed_by == asker.account.user
    may_decide = who_may_agree((asker.account,), proposal.proposed_by, subject.person.id)
    if not (may_decide or withdraws):
        return _not_by_yourself(asker)
    if not facts.approves:
        return _declined(facts, proposal)
    if not _still_stands(proposal, facts.administrators):
        return _not_open(facts)
    if not _would_change(subject, proposal.duty, grants=proposal.grants):
        return _not_open(facts)
    if _is_last(proposal.duty, subject, facts.administrators, grants=proposal.grants):
        return _explained(asker, Rule.LAST_ADMINISTRATOR, "last-administrator")
    return _approved(facts, proposal, subject)


def judge_ask(facts: AskFacts, limits: Limits) -> Decision:
    """Show the other administrators what waits for one of them."""
    asker = facts.asker
    if Duty.ADMINISTRATOR not in asker.account.duties:
        return refuse(asker, Page.DUTIES.value, facts.at, limits)
    others = [one for one in facts.administrators if one.user != asker.account.user]
    if not others:
        return _explained(asker, Rule.SECOND_ADMINISTRATOR_NEEDED, "second-administrator-needed")
    return Decision(rule=Rule.COMMAND_ALLOWED, effects=tuple(shown_proposals(o) for o in others))


# --- parts -------------------------------------------------------------------------------------


def _would_change(subject: Member, duty: Duty, *, grants: bool) -> bool:
    staff = Account(user=UserId(0), person=subject.person)
    return staff.is_staff and (duty in subject.person.duties) is not grants


def _is_last(
    duty: Duty, subject: Member, administrators: Iterable[Account], *, grants: bool
) -> bool:
    """Whether nobody who is linked would administer the bot any more."""
    linked = {one.person.id for one in administrators if one.person is not None}
    return duty is Duty.ADMINISTRATOR and not grants and linked == {subject.person.id}


def _still_stands(proposal: Proposal, administrators: Iterable[Account]) -> bool:
    """Whether whoever proposed it still administers the bot: else it is nobody's proposal."""
    return proposal.proposed_by in {one.user for one in administrators}


def _changed_alone(facts: DutyFacts, subject: Member) -> Decision:
    user, person = facts.asker.account.user, subject.person.id
    kind = DutyGranted if facts.grants else DutyTaken
    happened = kind(user=user, proposed_by=None, person=person, duty=facts.duty, proposal=None)
    return Decision(
        rule=Rule.DUTY_CHANGED,
        events=(happened,),
        changes=(SetDuty(person=person, duty=facts.duty, grants=facts.grants),),
        effects=(*_menu_of(subject), _person_page(facts, subject)),
    )


def _proposed(facts: DutyFacts, subject: Member, limits: Limits) -> Decision:
    asker = facts.asker
    approvers = who_may_agree(facts.administrators, asker.account.user, subject.person.id)
    if not approvers:
        return _explained(asker, Rule.SECOND_ADMINISTRATOR_NEEDED, "second-administrator-needed")
    same = next(
        (p for p in facts.open if _is_same(p, facts) and is_open(p, facts.at, limits)), None
    )
    if same is not None:
        shown = show(Page.DUTY_PROPOSAL, asker, argument=str(same.number), replaces=facts.replaces)
        return Decision(rule=Rule.DUTY_PROPOSED, effects=(shown,))
    proposed = DutyProposed(
        user=asker.account.user,
        person=subject.person.id,
        duty=facts.duty,
        grants=facts.grants,
        proposal=facts.number,
    )
    number = str(facts.number)
    return Decision(
        rule=Rule.DUTY_PROPOSED,
        events=(proposed,),
        changes=(
            ProposeDuty(
                number=facts.number,
                person=subject.person.id,
                duty=facts.duty,
                grants=facts.grants,
                by=asker.account.user,
            ),
        ),
        effects=(
            show(Page.DUTY_PROPOSAL, asker, argument=number, replaces=facts.replaces),
            *(_asked_to_agree(approver, number) for approver in approvers),
        ),
    )


def _is_same(proposal: Proposal, facts: DutyFacts) -> bool:
    return proposal.duty is facts.duty and proposal.grants is facts.grants


def _approved(facts: DecideFacts, proposal: Proposal, subject: Member) -> Decision:
    user = facts.asker.account.user
    kind = DutyGranted if proposal.grants else DutyTaken
    happened = kind(
        user=user,
        proposed_by=proposal.proposed_by,
        person=proposal.person,
        duty=proposal.duty,
        proposal=proposal.number,
    )
    changes: tuple[Change, ...] = (
        DecideProposal(number=proposal.number, by=user, state=ProposalState.APPROVED),
        SetDuty(person=proposal.person, duty=proposal.duty, grants=proposal.grants),
    )
    return Decision(
        rule=Rule.DUTY_CHANGED,
        events=(happened,),
        changes=changes,
        effects=(*_menu_of(subject), *_shown_to_both(facts, proposal)),
    )


def _declined(facts: DecideFacts, proposal: Proposal) -> Decision:
    user = facts.asker.account.user
    declined = DutyDeclined(
        user=user,
        proposed_by=proposal.proposed_by,
        person=proposal.person,
        duty=proposal.duty,
        grants=proposal.grants,
        proposal=proposal.number,
    )
    return Decision(
        rule=Rule.DUTY_DECLINED,
        events=(declined,),
        changes=(DecideProposal(number=proposal.number, by=user, state=ProposalState.DECLINED),),
        effects=_shown_to_both(facts, proposal),
    )


def _shown_to_both(facts: DecideFacts, proposal: Proposal) -> tuple[Effect, ...]:
    """What became of it, to whoever decided and to whoever proposed it."""
    number, asker = str(proposal.number), facts.asker
    proposer = next((one for one in facts.administrators if one.user == proposal.proposed_by), None)
    shown = show(Page.DUTY_PROPOSAL, asker, argument=number, replaces=facts.replaces)
    if proposer is None or proposer.user == asker.account.user:
        return (shown,)
    return (shown, _asked_to_agree(proposer, number))


def _not_open(facts: DecideFacts) -> Decision:
    """Show what has become of it: somebody else was first, or it has ended."""
    number = "0" if facts.proposal is None else str(facts.proposal.number)
    shown = show(Page.DUTY_PROPOSAL, facts.asker, argument=number, replaces=facts.replaces)
    return Decision(rule=Rule.NOT_OPEN_ANY_MORE, effects=(shown,))


def _show_again(facts: DutyFacts, subject: Member | None) -> Decision:
    shown = (
        show(Page.DUTIES, facts.asker, replaces=facts.replaces)
        if subject is None
        else _person_page(facts, subject)
    )
    return Decision(rule=Rule.NOT_OPEN_ANY_MORE, effects=(shown,))


def _person_page(facts: DutyFacts, subject: Member) -> Effect:
    number = f"p{subject.person.id}"
    return show(Page.DUTIES, facts.asker, argument=number, replaces=facts.replaces)


def _menu_of(subject: Member) -> tuple[Effect, ...]:
    return () if subject.account is None else (SetCommandMenu(user=subject.account.user),)


def _explained(asker: Asker, rule: Rule, key: str) -> Decision:
    notice = SendPrivateNotice(user=asker.account.user, key=key, language=asker.language)
    return Decision(rule=rule, effects=(notice,))


def _not_by_yourself(asker: Asker) -> Decision:
    user = asker.account.user
    refused = CommandRefused(user=user, role=asker.account.role, command="own-duty")
    notice = SendPrivateNotice(user=user, key="duty-not-by-yourself", language=asker.language)
    return Decision(rule=Rule.DUTY_NOT_BY_YOURSELF, events=(refused,), effects=(notice,))


def _asked_to_agree(account: Account, number: str) -> SendPage:
    return SendPage(
        user=account.user,
        page=Page.DUTY_PROPOSAL,
        language=language_of(account.language),
        argument=number,
    )


def shown_proposals(account: Account) -> SendPage:
    """Everything that waits for somebody's agreement, for one who may give it."""
    language = language_of(account.language)
    return SendPage(user=account.user, page=Page.DUTIES, language=language, argument="w0")
