"""Handing a group over: offered to a colleague, answered, taken back, noticed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.broadcast_groups.group_look import judge as judge_seen
from bot.policy.broadcast_groups.handing_over import (
    DECLINED,
    AnswerFacts,
    OfferFacts,
    WithdrawFacts,
    is_offered,
    judge_answer,
    judge_offer,
    judge_withdraw,
    offer,
)
from bot.policy.changes import AcceptOffer, EndOffer, OfferGroup
from bot.policy.decision import Decision
from bot.policy.effects import EditPage, Language, Page, SendPage, SendPrivateNotice
from bot.policy.events import (
    CommandRefused,
    GroupHandedOver,
    GroupOffered,
    OfferAnswered,
    OfferWithdrawn,
    OwnerChanged,
)
from bot.policy.groups import GroupState, Seat
from bot.policy.ids import MessageId
from bot.policy.known import Contact
from bot.policy.pages import Asker
from bot.policy.rules import Rule
from tests.policy import always
from tests.policy.test_keeping import ADMINISTRATOR
from tests.policy.world import (
    AT,
    CHAT,
    COLLEAGUE,
    COLLEAGUE_SEAT,
    EARLIER,
    LEFT_SCHOOL,
    LIMITS,
    MANAGED,
    OWNER_SEAT,
    STRANGER,
    STUDENT,
    STUDENT_SEAT,
    TEACHER,
    look_facts,
)

HERE = MessageId(3)
OURS = replace(MANAGED, seats=(OWNER_SEAT, COLLEAGUE_SEAT, STUDENT_SEAT))
OFFERED = replace(
    OURS, offered_to=COLLEAGUE.user, offered_by=TEACHER.user, offered_at=AT - timedelta(days=2)
)
ACCEPTED = replace(OFFERED, offer_accepted_at=EARLIER)
TOO_OLD = replace(OFFERED, offered_at=AT - timedelta(days=7))
WEEK = timedelta(days=7)


def asker(account):
    return Asker(account=account, contact=Contact(), language=Language.DUTCH)


def edited(page, account, argument=""):
    return EditPage(
        user=account.user,
        page=page,
        language=Language.DUTCH,
        message=HERE,
        about=CHAT,
        argument=argument,
    )


def offering(account=TEACHER, group=OURS, colleague=COLLEAGUE):
    facts = OfferFacts(at=AT, asker=asker(account), group=group, colleague=colleague, replaces=HERE)
    return judge_offer(facts, LIMITS)


def answering(account=COLLEAGUE, group=OFFERED, *, accepts=True, giver=TEACHER):
    facts = AnswerFacts(
        at=AT, asker=asker(account), group=group, giver=giver, accepts=accepts, replaces=HERE
    )
    return judge_answer(facts, LIMITS)


def withdrawing(account=TEACHER, group=OFFERED):
    facts = WithdrawFacts(at=AT, asker=asker(account), group=group, replaces=HERE)
    return judge_withdraw(facts, LIMITS)


# --- offering ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("giver", "group"),
    [
        pytest.param(TEACHER, OURS, id="the owner"),
        pytest.param(ADMINISTRATOR, OURS, id="an administrator of the school"),
        pytest.param(TEACHER, TOO_OLD, id="again, after a week"),
        pytest.param(TEACHER, replace(OFFERED, offered_to=STRANGER.user), id="to another"),
    ],
)
def test_group_when_offered_then_the_colleague_is_asked(giver, group):
    asked = SendPage(
        user=COLLEAGUE.user, page=Page.GROUP_OFFER, language=Language.ENGLISH, about=CHAT
    )

    assert offering(giver, group) == Decision(
        rule=Rule.GROUP_OFFERED,
        events=(GroupOffered(chat=CHAT, user=giver.user, to=COLLEAGUE.user),),
        changes=(OfferGroup(chat=CHAT, to=COLLEAGUE.user, by=giver.user),),
        effects=(asked, edited(Page.HAND_OVER, giver)),
    )


@pytest.mark.parametrize(
    "account",
    [COLLEAGUE, STUDENT, STRANGER, LEFT_SCHOOL],
    ids=["a colleague with a seat", "a student", "a stranger", "a leaver"],
)
def test_group_when_offered_by_whom_it_is_not_then_only_recorded(account):
    decision = offering(account)

    assert decision.rule is Rule.COMMAND_REFUSED
    assert [type(event) for event in decision.events] == [CommandRefused]


@pytest.mark.parametrize(
    ("group", "colleague"),
    [
        pytest.param(OURS, STUDENT, id="a student with a seat"),
        pytest.param(OURS, TEACHER, id="oneself"),
        pytest.param(OURS, None, id="nobody with a seat"),
        pytest.param(MANAGED, COLLEAGUE, id="staff without a seat"),
        pytest.param(
            replace(OURS, seats=(OWNER_SEAT, Seat(user=LEFT_SCHOOL.user))),
            LEFT_SCHOOL,
            id="a colleague who is staff no more",
        ),
        pytest.param(OFFERED, COLLEAGUE, id="whom it is offered to already"),
        pytest.param(ACCEPTED, COLLEAGUE, id="who accepted already"),
    ],
)
def test_group_when_offered_to_whom_it_cannot_be_then_only_the_page_is_shown(group, colleague):
    assert offering(group=group, colleague=colleague) == Decision(
        rule=Rule.COMMAND_ALLOWED, effects=(edited(Page.HAND_OVER, TEACHER),)
    )


def test_group_when_a_school_year_offers_it_then_nobody_is_named_as_giver():
    decision = offer(OURS, COLLEAGUE, None)

    assert decision.events == (GroupOffered(chat=CHAT, user=None, to=COLLEAGUE.user),)
    assert decision.changes == (OfferGroup(chat=CHAT, to=COLLEAGUE.user, by=None),)


@pytest.mark.parametrize(
    ("group", "offered"),
    [
        pytest.param(OURS, False, id="never"),
        pytest.param(replace(OFFERED, offered_at=AT - WEEK + timedelta(seconds=1)), True, id="yet"),
        pytest.param(TOO_OLD, False, id="a week old"),
        pytest.param(replace(TOO_OLD, offer_accepted_at=EARLIER), True, id="accepted since"),
        pytest.param(replace(OFFERED, offer_accepted_at=AT - WEEK), False, id="accepted, and left"),
    ],
)
def test_offer_when_some_time_has_gone_by_then_stands_or_not(group, offered):
    assert is_offered(group, AT, LIMITS) is offered


# --- answering ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepts", "change", "argument"),
    [
        pytest.param(True, AcceptOffer(chat=CHAT), "", id="yes"),
        pytest.param(False, EndOffer(chat=CHAT), DECLINED, id="no"),
    ],
)
def test_offer_when_answered_then_recorded_and_the_giver_is_told(accepts, change, argument):
    told = SendPage(
        user=TEACHER.user,
        page=Page.HAND_OVER,
        language=Language.DUTCH,
        about=CHAT,
        argument=argument,
    )

    assert answering(accepts=accepts) == Decision(
        rule=Rule.OFFER_ANSWERED,
        events=(OfferAnswered(chat=CHAT, user=COLLEAGUE.user, accepted=accepts),),
        changes=(change,),
        effects=(edited(Page.GROUP_OFFER, COLLEAGUE, argument), told),
    )


@pytest.mark.parametrize("giver", [None, LEFT_SCHOOL, STRANGER], ids=["nobody", "gone", "unknown"])
def test_offer_of_a_leavers_group_when_accepted_then_nobody_else_is_told(giver):
    decision = answering(giver=giver)

    assert decision.changes == (AcceptOffer(chat=CHAT),)
    assert decision.effects == (edited(Page.GROUP_OFFER, COLLEAGUE),)


@pytest.mark.parametrize("accepts", [True, False], ids=["yes", "no"])
@pytest.mark.parametrize(
    ("account", "group"),
    [
        pytest.param(TEACHER, OFFERED, id="by the owner himself"),
        pytest.param(COLLEAGUE, OURS, id="when it was taken back"),
        pytest.param(COLLEAGUE, TOO_OLD, id="after a week"),
        pytest.param(COLLEAGUE, ACCEPTED, id="twice"),
        pytest.param(COLLEAGUE, replace(OFFERED, offered_to=TEACHER.user), id="of another"),
    ],
)
def test_offer_when_answered_out_of_turn_then_only_the_page_is_shown(account, group, accepts):
    assert answering(account, group, accepts=accepts) == Decision(
        rule=Rule.COMMAND_ALLOWED, effects=(edited(Page.GROUP_OFFER, account),)
    )


@pytest.mark.parametrize(
    ("account", "group"),
    [
        pytest.param(STUDENT, replace(OFFERED, offered_to=STUDENT.user), id="a student"),
        pytest.param(STRANGER, OFFERED, id="a stranger"),
        pytest.param(COLLEAGUE, replace(OFFERED, seats=(OWNER_SEAT,)), id="without a seat now"),
        pytest.param(COLLEAGUE, replace(OFFERED, state=GroupState.LEFT), id="of a closed group"),
        pytest.param(COLLEAGUE, None, id="of no group"),
    ],
)
def test_offer_when_answered_by_whom_it_is_not_for_then_only_recorded(account, group):
    assert answering(account, group).rule is Rule.COMMAND_REFUSED


# --- taking it back ----------------------------------------------------------------------------


@pytest.mark.parametrize("group", [OFFERED, ACCEPTED], ids=["waiting", "accepted"])
def test_offer_when_withdrawn_then_ends(group):
    assert withdrawing(group=group) == Decision(
        rule=Rule.GROUP_OFFERED,
        events=(OfferWithdrawn(chat=CHAT, user=TEACHER.user),),
        changes=(EndOffer(chat=CHAT),),
        effects=(edited(Page.HAND_OVER, TEACHER),),
    )


def test_offer_when_there_is_none_to_withdraw_then_only_the_page_is_shown():
    assert withdrawing(group=OURS) == Decision(
        rule=Rule.COMMAND_ALLOWED, effects=(edited(Page.HAND_OVER, TEACHER),)
    )


@pytest.mark.parametrize("account", [COLLEAGUE, STUDENT], ids=["whom it is offered to", "student"])
def test_offer_when_withdrawn_by_another_then_only_recorded(account):
    assert withdrawing(account).rule is Rule.COMMAND_REFUSED


# --- the look that finds it done ---------------------------------------------------------------

BOTH = (replace(OWNER_SEAT, is_owner=False), replace(COLLEAGUE_SEAT, is_owner=True))


def thanked(account, key, language):
    return SendPrivateNotice(user=account.user, key=key, language=language, about=CHAT)


@pytest.mark.parametrize("group", [OFFERED, ACCEPTED, TOO_OLD], ids=["offered", "yes", "late"])
def test_look_when_the_colleague_owns_the_group_then_both_are_thanked(group):
    decision = judge_seen(look_facts(group, look={"seats": BOTH}, offered_by=TEACHER), LIMITS)

    done = GroupHandedOver(chat=CHAT, user=COLLEAGUE.user, by=TEACHER.user)
    assert done in decision.events
    assert EndOffer(chat=CHAT) in decision.changes
    assert decision.effects == (
        thanked(COLLEAGUE, "group-is-yours", Language.ENGLISH),
        thanked(TEACHER, "group-handed-over", Language.DUTCH),
    )


def test_look_when_another_than_the_colleague_owns_the_group_then_nobody_is_thanked():
    group = replace(ACCEPTED, offered_to=STRANGER.user)

    decision = judge_seen(look_facts(group, look={"seats": BOTH}, offered_by=TEACHER), LIMITS)

    assert [type(event) for event in decision.events if isinstance(event, OwnerChanged)] != []
    assert [event for event in decision.events if isinstance(event, GroupHandedOver)] == []
    assert decision.effects == ()


def test_look_when_the_bot_is_not_in_the_group_then_nobody_is_thanked():
    decision = judge_seen(
        look_facts(ACCEPTED, look={"seats": BOTH, "is_member": False}, offered_by=TEACHER),
        LIMITS,
    )

    assert EndOffer(chat=CHAT) not in decision.changes


askers = st.builds(
    Asker,
    account=always.accounts,
    contact=always.contacts,
    language=st.sampled_from([Language.DUTCH, Language.ENGLISH]),
    is_bot=st.booleans(),
)
offered_groups = st.builds(
    replace,
    always.groups,
    offered_to=st.none() | always.users,
    offered_by=st.none() | always.users,
    offered_at=st.none() | always.moments,
    offer_accepted_at=st.none() | always.moments,
)


@given(
    at=always.moments,
    asker=askers,
    group=st.none() | offered_groups,
    other=st.none() | always.accounts,
    accepts=st.booleans(),
    limits=always.limits,
)
def test_every_press_about_handing_over_gets_one_answer(at, asker, group, other, accepts, limits):
    common = {"at": at, "asker": asker, "group": group}
    offered = OfferFacts(**common, colleague=other)
    answered = AnswerFacts(**common, giver=other, accepts=accepts)
    withdrawn = WithdrawFacts(**common)

    always.assert_always(offered, judge_offer(offered, limits))
    always.assert_always(answered, judge_answer(answered, limits))
    always.assert_always(withdrawn, judge_withdraw(withdrawn, limits))
