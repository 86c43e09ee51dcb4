"""Who gives and takes duties, and who must agree: each rule, and that it holds for nobody else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.administering.duties import (
    AskFacts,
    DecideFacts,
    DutyFacts,
    judge,
    judge_ask,
    judge_decision,
)
from bot.policy.administering.under_way import Member, Proposal, ProposalState
from bot.policy.changes import DecideProposal, ProposeDuty, SetDuty
from bot.policy.effects import EditPage, Language, Page, SendPage, SendPrivateNotice, SetCommandMenu
from bot.policy.events import (
    CommandRefused,
    DutyDeclined,
    DutyGranted,
    DutyProposed,
    DutyTaken,
)
from bot.policy.ids import MessageId, PersonId, UserId
from bot.policy.known import Contact
from bot.policy.pages import Asker
from bot.policy.people import Account, Duty, Person, Role
from bot.policy.rules import Rule
from tests.policy.always import assert_always, limits, moments, of_type, only, users
from tests.policy.world import AT, LIMITS, STUDENT, TEACHER


def administrator(number: int) -> Account:
    person = Person(id=PersonId(number), role=Role.STAFF, duties=frozenset({Duty.ADMINISTRATOR}))
    return Account(user=UserId(number), person=person)


ANNA, BEN, CAS = administrator(1), administrator(2), administrator(3)


def asker(account: Account) -> Asker:
    return Asker(account=account, contact=Contact(), language=Language.DUTCH)


def member(account: Account) -> Member:
    assert account.person is not None
    return Member(person=account.person, account=account)


VERA = member(TEACHER)


def having(duty: Duty) -> Member:
    person = replace(VERA.person, duties=frozenset({duty}))
    return Member(person=person, account=replace(TEACHER, person=person))


WISH = DutyFacts(
    at=AT,
    asker=asker(ANNA),
    subject=VERA,
    duty=Duty.COORDINATOR,
    grants=True,
    administrators=(ANNA, BEN),
    sharing=frozenset({member(ANNA).person.id, member(BEN).person.id}),
    open=(),
    number=77,
    replaces=MessageId(5),
)
PROPOSAL = Proposal(
    number=77,
    person=VERA.person.id,
    duty=Duty.COORDINATOR,
    grants=True,
    proposed_by=ANNA.user,
    proposed_at=AT - timedelta(days=1),
    state=ProposalState.OPEN,
)
ANSWER = DecideFacts(
    at=AT,
    asker=asker(BEN),
    proposal=PROPOSAL,
    subject=VERA,
    administrators=(ANNA, BEN),
    approves=True,
    replaces=MessageId(5),
)


@pytest.mark.parametrize("grants", [True, False], ids=["given", "taken"])
@pytest.mark.parametrize("duty", [Duty.COORDINATOR, Duty.LEADERSHIP])
def test_duty_when_it_is_about_people_then_is_proposed_to_the_others(duty, grants):
    subject = VERA if grants else having(duty)
    facts = replace(
        WISH, duty=duty, grants=grants, subject=subject, administrators=(ANNA, BEN, CAS)
    )

    decision = judge(facts, LIMITS)

    assert decision.rule is Rule.DUTY_PROPOSED
    assert decision.changes == (
        ProposeDuty(number=77, person=VERA.person.id, duty=duty, grants=grants, by=ANNA.user),
    )
    assert only(DutyProposed, decision.events).grants is grants
    asked = of_type(SendPage, decision.effects)
    assert {(page.user, page.page, page.argument) for page in asked} == {
        (BEN.user, Page.DUTY_PROPOSAL, "77"),
        (CAS.user, Page.DUTY_PROPOSAL, "77"),
    }


@pytest.mark.parametrize(
    ("administrators", "alone"),
    [
        pytest.param((ANNA,), True, id="one"),
        pytest.param((ANNA, BEN), False, id="two"),
        pytest.param((ANNA, BEN, CAS), False, id="three"),
    ],
)
def test_administrator_when_made_then_takes_two_once_there_are_two(administrators, alone):
    facts = replace(
        WISH,
        duty=Duty.ADMINISTRATOR,
        administrators=administrators,
        sharing=frozenset(one.person.id for one in administrators),
    )

    decision = judge(facts, LIMITS)

    changed = SetDuty(person=VERA.person.id, duty=Duty.ADMINISTRATOR, grants=True)
    assert (changed in decision.changes) is alone
    assert decision.rule is (Rule.DUTY_CHANGED if alone else Rule.DUTY_PROPOSED)


@pytest.mark.parametrize(
    ("subject", "administrators"),
    [
        pytest.param(VERA, (ANNA,), id="nobody else"),
        pytest.param(member(BEN), (ANNA, BEN), id="nobody but whom it is about"),
    ],
)
def test_duty_when_nobody_can_agree_then_is_not_even_proposed(subject, administrators):
    facts = replace(WISH, subject=subject, administrators=administrators)

    decision = judge(facts, LIMITS)

    assert decision.rule is Rule.SECOND_ADMINISTRATOR_NEEDED
    assert (decision.changes, decision.events) == ((), ())
    (notice,) = of_type(SendPrivateNotice, decision.effects)
    assert notice.key == "second-administrator-needed"


def test_administrator_when_the_last_who_is_linked_then_is_not_unmade():
    facts = replace(
        WISH,
        duty=Duty.ADMINISTRATOR,
        grants=False,
        subject=member(ANNA),
        administrators=(ANNA,),
    )

    decision = judge(facts, LIMITS)

    assert decision.rule is Rule.LAST_ADMINISTRATOR
    assert decision.changes == ()


def test_duty_when_proposed_already_then_that_one_is_shown():
    decision = judge(replace(WISH, open=(PROPOSAL,), number=78), LIMITS)

    assert (decision.changes, decision.events) == ((), ())
    shown = only(EditPage, decision.effects)
    assert (shown.page, shown.argument) == (Page.DUTY_PROPOSAL, "77")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"duty": Duty.LEADERSHIP}, id="another duty"),
        pytest.param({"grants": False}, id="the other way"),
        pytest.param({"proposed_at": AT - LIMITS.proposal_valid}, id="ended"),
        pytest.param({"state": ProposalState.DECLINED}, id="declined"),
    ],
)
def test_duty_when_something_else_is_proposed_then_it_does_not_count(change):
    decision = judge(replace(WISH, open=(replace(PROPOSAL, **change),)), LIMITS)

    assert len(decision.changes) == 1


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"subject": None}, id="nobody"),
        pytest.param({"subject": member(STUDENT)}, id="a student"),
        pytest.param({"subject": having(Duty.COORDINATOR)}, id="has it"),
        pytest.param({"grants": False}, id="does not have it"),
        pytest.param(
            {"subject": Member(person=replace(VERA.person, active=False))}, id="left school"
        ),
    ],
)
def test_duty_when_nothing_would_change_then_nothing_does(change):
    decision = judge(replace(WISH, **change), LIMITS)

    assert decision.rule is Rule.NOT_OPEN_ANY_MORE
    assert (decision.changes, decision.events) == ((), ())


@pytest.mark.parametrize("account", [TEACHER, STUDENT], ids=["teacher", "student"])
def test_duty_when_not_an_administrator_asks_then_is_refused(account):
    for decision in (
        judge(replace(WISH, asker=asker(account)), LIMITS),
        judge_decision(replace(ANSWER, asker=asker(account)), LIMITS),
        judge_ask(AskFacts(at=AT, asker=asker(account), administrators=(ANNA, BEN)), LIMITS),
    ):
        assert decision.rule is Rule.COMMAND_REFUSED
        assert of_type(SetDuty, decision.changes) == []
        assert of_type(SendPage, decision.effects) == []


# --- answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("grants", [True, False], ids=["given", "taken"])
def test_proposal_when_another_agrees_then_holds_and_both_are_named(grants):
    subject = VERA if grants else having(Duty.COORDINATOR)
    facts = replace(ANSWER, proposal=replace(PROPOSAL, grants=grants), subject=subject)

    decision = judge_decision(facts, LIMITS)

    assert decision.changes == (
        DecideProposal(number=77, by=BEN.user, state=ProposalState.APPROVED),
        SetDuty(person=VERA.person.id, duty=Duty.COORDINATOR, grants=grants),
    )
    (event,) = decision.events
    assert isinstance(event, DutyGranted if grants else DutyTaken)
    assert (event.user, event.proposed_by) == (BEN.user, ANNA.user)
    assert SetCommandMenu(user=TEACHER.user) in decision.effects


def test_proposal_when_another_does_not_agree_then_nothing_holds():
    decision = judge_decision(replace(ANSWER, approves=False), LIMITS)

    assert decision.changes == (
        DecideProposal(number=77, by=BEN.user, state=ProposalState.DECLINED),
    )
    assert only(DutyDeclined, decision.events).user == BEN.user


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"asker": asker(ANNA)}, id="who proposed it"),
        pytest.param({"subject": member(BEN)}, id="whom it is about"),
        pytest.param({"subject": member(BEN), "approves": False}, id="whom it is about says no"),
    ],
)
def test_proposal_when_one_decides_about_oneself_then_is_refused_and_recorded(change):
    decision = judge_decision(replace(ANSWER, **change), LIMITS)

    assert decision.rule is Rule.DUTY_NOT_BY_YOURSELF
    assert decision.changes == ()
    assert only(CommandRefused, decision.events).command == "own-duty"


def test_proposal_when_withdrawn_by_who_made_it_then_ends():
    decision = judge_decision(replace(ANSWER, asker=asker(ANNA), approves=False), LIMITS)

    assert decision.rule is Rule.DUTY_DECLINED


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"proposal": None}, id="none such"),
        pytest.param({"subject": None}, id="nobody"),
        pytest.param(
            {"proposal": replace(PROPOSAL, state=ProposalState.APPROVED)}, id="agreed already"
        ),
        pytest.param(
            {"proposal": replace(PROPOSAL, state=ProposalState.DECLINED)}, id="declined already"
        ),
        pytest.param(
            {"proposal": replace(PROPOSAL, proposed_at=AT - LIMITS.proposal_valid)}, id="ended"
        ),
        pytest.param({"administrators": (BEN, CAS)}, id="nobody's proposal any more"),
        pytest.param({"subject": having(Duty.COORDINATOR)}, id="has it by now"),
        pytest.param({"subject": member(STUDENT)}, id="is a student by now"),
    ],
)
def test_proposal_when_it_stands_no_more_then_nothing_changes(change):
    decision = judge_decision(replace(ANSWER, **change), LIMITS)

    assert decision.rule is Rule.NOT_OPEN_ANY_MORE
    assert (decision.changes, decision.events) == ((), ())


def test_proposal_when_it_would_unmake_the_last_who_is_linked_then_does_not():
    """Whoever agrees has stopped being one in the meantime: nobody else is left."""
    facts = replace(
        ANSWER,
        proposal=replace(
            PROPOSAL, person=member(ANNA).person.id, duty=Duty.ADMINISTRATOR, grants=False
        ),
        subject=member(ANNA),
        administrators=(ANNA,),
    )

    assert judge_decision(facts, LIMITS).rule is Rule.LAST_ADMINISTRATOR


def test_others_when_asked_then_each_of_them_sees_what_waits():
    facts = AskFacts(at=AT, asker=asker(ANNA), administrators=(ANNA, BEN, CAS))

    shown = judge_ask(facts, LIMITS).effects

    assert {(page.user, page.page, page.argument) for page in of_type(SendPage, shown)} == {
        (BEN.user, Page.DUTIES, "w0"),
        (CAS.user, Page.DUTIES, "w0"),
    }


# --- whatever happens --------------------------------------------------------------------------

people = st.builds(
    Person,
    id=st.integers(1, 4).map(PersonId),
    role=st.sampled_from(Role),
    duties=st.frozensets(st.sampled_from(Duty)),
    active=st.booleans(),
)
accounts = st.builds(Account, user=users, person=st.none() | people)
administrators = st.lists(st.sampled_from([ANNA, BEN, CAS]), unique=True).map(tuple)
proposals = st.builds(
    Proposal,
    number=st.just(77),
    person=st.integers(1, 4).map(PersonId),
    duty=st.sampled_from(Duty),
    grants=st.booleans(),
    proposed_by=users,
    proposed_at=moments,
    state=st.sampled_from(ProposalState),
)
members = st.builds(Member, person=people, account=st.none() | accounts)
askers = st.builds(
    Asker,
    account=st.one_of(accounts, st.sampled_from([ANNA, BEN])),
    contact=st.just(Contact()),
    language=st.sampled_from([Language.DUTCH, Language.ENGLISH]),
)


@given(
    facts=st.builds(
        DutyFacts,
        at=moments,
        asker=askers,
        subject=st.none() | members,
        duty=st.sampled_from(Duty),
        grants=st.booleans(),
        administrators=administrators,
        open=st.lists(proposals, max_size=2).map(tuple),
        number=st.just(78),
        replaces=st.none() | st.just(MessageId(1)),
    ),
    limit=limits,
)
def test_duty_whatever_happens_then_nobody_is_made_leadership_alone(facts, limit):
    decision = judge(facts, limit)

    assert_always(facts, decision)
    for changed in of_type(SetDuty, decision.changes):
        assert changed.duty is Duty.ADMINISTRATOR
        assert len(facts.administrators) < 2


@given(
    facts=st.builds(
        DecideFacts,
        at=moments,
        asker=askers,
        proposal=st.none() | proposals,
        subject=st.none() | members,
        administrators=administrators,
        approves=st.booleans(),
        replaces=st.none() | st.just(MessageId(1)),
    ),
    limit=limits,
)
def test_proposal_whatever_happens_then_two_different_people_agree(facts, limit):
    decision = judge_decision(facts, limit)

    assert_always(facts, decision)
    if of_type(SetDuty, decision.changes):
        assert facts.asker.account.user != facts.proposal.proposed_by
        assert facts.asker.account.person.id != facts.subject.person.id
        assert Duty.ADMINISTRATOR in facts.asker.account.duties
