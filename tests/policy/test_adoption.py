from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.broadcast_groups.adoption import (
    NewGroupFacts,
    NonceFacts,
    OwnedChatFacts,
    judge_new_group,
    judge_nonce,
    judge_owned_chat,
)
from bot.policy.changes import (
    ConfirmGroup,
    IssueNonce,
    RecordAnswer,
    RememberGroup,
    SpendNonce,
)
from bot.policy.decision import Decision
from bot.policy.effects import InspectGroup, Keyboard, Language, SendPrivateNotice
from bot.policy.events import CommandRefused, GroupConfirmed
from bot.policy.groups import ChatKind
from bot.policy.known import Contact, Nonce
from bot.policy.rules import Rule
from tests.policy import always
from tests.policy.always import only
from tests.policy.world import (
    AT,
    CHAT,
    COLLEAGUE,
    GUARDIAN,
    LEFT,
    LEFT_SCHOOL,
    LIMITS,
    MANAGED,
    PENDING,
    STRANGER,
    STUDENT,
    SUSPENDED,
    TEACHER,
)

NOT_STAFF = [
    pytest.param(STUDENT, id="student"),
    pytest.param(GUARDIAN, id="guardian"),
    pytest.param(STRANGER, id="stranger"),
    pytest.param(LEFT_SCHOOL, id="somebody who left school"),
]
LOOK = InspectGroup(chat=CHAT, why="confirmed")
CONFIRM = ConfirmGroup(chat=CHAT, by=TEACHER.user)
LATELY = Contact(answered_at=AT - timedelta(hours=11))


def remembered(title, kind=ChatKind.SUPERGROUP):
    return RememberGroup(
        chat=CHAT, kind=kind, title=title, added_by=None, deadline_at=AT + timedelta(hours=24)
    )


def refused(account, command):
    return CommandRefused(user=account.user, role=account.role, command=command)


def kindly(account):
    return SendPrivateNotice(user=account.user, key="command-refused")


# --- a chat of one's own -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "changes"),
    [
        pytest.param(None, (remembered(""), CONFIRM), id="unknown"),
        pytest.param(LEFT, (remembered(""), CONFIRM), id="left before"),
        pytest.param(PENDING, (CONFIRM,), id="pending"),
        pytest.param(MANAGED, (CONFIRM,), id="managed"),
        pytest.param(SUSPENDED, (CONFIRM,), id="suspended"),
    ],
)
def test_owned_chat_when_staff_points_it_out_then_confirmed_and_looked_at(group, changes):
    facts = OwnedChatFacts(at=AT, chat=CHAT, presser=TEACHER, group=group)

    assert judge_owned_chat(facts, LIMITS) == Decision(
        rule=Rule.CONFIRMED,
        events=(GroupConfirmed(chat=CHAT, user=TEACHER.user, how="button"),),
        changes=changes,
        effects=(
            SendPrivateNotice(
                user=TEACHER.user,
                key="group-being-checked",
                keyboard=Keyboard.REMOVE,
                about=CHAT,
            ),
            LOOK,
        ),
    )


@pytest.mark.parametrize("presser", NOT_STAFF)
def test_owned_chat_when_not_staff_then_refused_and_the_group_is_left_alone(presser):
    facts = OwnedChatFacts(at=AT, chat=CHAT, presser=presser, group=PENDING)

    assert judge_owned_chat(facts, LIMITS) == Decision(
        rule=Rule.CONFIRM_REFUSED,
        events=(refused(presser, "confirm-group"),),
        changes=(RecordAnswer(user=presser.user),),
        effects=(kindly(presser),),
    )


# --- a start-group link ------------------------------------------------------------------------

GOOD_NONCE = Nonce(user=TEACHER.user, expires_at=AT + timedelta(minutes=1), spent=False)


def nonce_facts(**changes):
    defaults = {
        "at": AT,
        "chat": CHAT,
        "kind": ChatKind.SUPERGROUP,
        "title": "2B",
        "presser": TEACHER,
        "nonce": GOOD_NONCE,
        "nonce_hash": "hash",
        "group": None,
    }
    return NonceFacts(**{**defaults, **changes})


@pytest.mark.parametrize(
    ("changes", "remember"),
    [
        pytest.param({}, (remembered("2B"),), id="the message comes before the membership"),
        pytest.param(
            {"kind": ChatKind.GROUP}, (remembered("2B", ChatKind.GROUP),), id="a basic group"
        ),
        pytest.param({"group": LEFT}, (remembered("2B"),), id="left before"),
        pytest.param({"group": PENDING}, (), id="the membership came first"),
    ],
)
def test_nonce_when_good_then_spent_and_confirmed_and_looked_at(changes, remember):
    assert judge_nonce(nonce_facts(**changes), LIMITS) == Decision(
        rule=Rule.CONFIRMED,
        events=(GroupConfirmed(chat=CHAT, user=TEACHER.user, how="link"),),
        changes=(SpendNonce(nonce_hash="hash"), *remember, CONFIRM),
        effects=(LOOK,),
    )


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"nonce": None}, id="unknown"),
        pytest.param({"nonce": replace(GOOD_NONCE, spent=True)}, id="spent"),
        pytest.param({"nonce": replace(GOOD_NONCE, expires_at=AT)}, id="expired"),
        pytest.param({"presser": COLLEAGUE}, id="a colleague's"),
        pytest.param({"presser": STUDENT}, id="read by a student in the group"),
        pytest.param(
            {"presser": LEFT_SCHOOL, "nonce": replace(GOOD_NONCE, user=LEFT_SCHOOL.user)},
            id="of somebody who left school since",
        ),
    ],
)
def test_nonce_when_not_to_be_had_then_recorded_and_nothing_is_said_or_changed(changes):
    facts = nonce_facts(**changes)

    assert judge_nonce(facts, LIMITS) == Decision(
        rule=Rule.CONFIRM_REFUSED, events=(refused(facts.presser, "start"),)
    )


# --- asking for a new group --------------------------------------------------------------------


def new_group(presser, contact=None):
    return NewGroupFacts(
        at=AT,
        presser=presser,
        nonce_hash="hash",
        nonce="AbC123",
        contact=contact or Contact(),
    )


def test_new_group_when_staff_then_link_and_list_are_offered():
    assert judge_new_group(new_group(TEACHER), LIMITS) == Decision(
        rule=Rule.COMMAND_ALLOWED,
        changes=(
            IssueNonce(nonce_hash="hash", user=TEACHER.user, expires_at=AT + timedelta(minutes=30)),
        ),
        effects=(
            SendPrivateNotice(
                user=TEACHER.user,
                key="new-group",
                values={"nonce": "AbC123"},
                keyboard=Keyboard.PICK_GROUP,
            ),
        ),
    )


def test_new_group_when_staff_speaks_english_then_offered_in_english():
    offer = only(SendPrivateNotice, judge_new_group(new_group(COLLEAGUE), LIMITS).effects)

    assert offer.language is Language.ENGLISH


@pytest.mark.parametrize("presser", NOT_STAFF)
def test_new_group_when_not_staff_then_refused_and_no_nonce_is_issued(presser):
    assert judge_new_group(new_group(presser), LIMITS) == Decision(
        rule=Rule.COMMAND_REFUSED,
        events=(refused(presser, "nieuwegroep"),),
        changes=(RecordAnswer(user=presser.user),),
        effects=(kindly(presser),),
    )


def test_new_group_when_answered_lately_then_recorded_but_not_answered_again():
    assert judge_new_group(new_group(STUDENT, LATELY), LIMITS) == Decision(
        rule=Rule.COMMAND_REFUSED, events=(refused(STUDENT, "nieuwegroep"),)
    )


def test_owned_chat_when_answered_lately_then_recorded_but_not_answered_again():
    facts = OwnedChatFacts(at=AT, chat=CHAT, presser=STUDENT, group=None, contact=LATELY)

    assert judge_owned_chat(facts, LIMITS) == Decision(
        rule=Rule.CONFIRM_REFUSED, events=(refused(STUDENT, "confirm-group"),)
    )


# --- always ------------------------------------------------------------------------------------

nonces = st.builds(Nonce, user=always.users, expires_at=always.moments, spent=st.booleans())


@given(
    facts=st.builds(
        OwnedChatFacts,
        at=always.moments,
        chat=always.chats,
        presser=always.accounts,
        group=st.none() | always.groups,
        contact=always.contacts,
    ),
    limits=always.limits,
)
def test_owned_chat_always_gets_one_answer(facts, limits):
    always.assert_always(facts, judge_owned_chat(facts, limits))


@given(
    facts=st.builds(
        NonceFacts,
        at=always.moments,
        chat=always.chats,
        kind=st.sampled_from(ChatKind),
        title=always.words,
        presser=always.accounts,
        nonce=st.none() | nonces,
        nonce_hash=always.words,
        group=st.none() | always.groups,
    ),
    limits=always.limits,
)
def test_nonce_always_gets_one_answer(facts, limits):
    always.assert_always(facts, judge_nonce(facts, limits))


@given(
    facts=st.builds(
        NewGroupFacts,
        at=always.moments,
        presser=always.accounts,
        nonce_hash=always.words,
        nonce=always.words,
        contact=always.contacts,
    ),
    limits=always.limits,
)
def test_new_group_always_gets_one_answer(facts, limits):
    always.assert_always(facts, judge_new_group(facts, limits))
