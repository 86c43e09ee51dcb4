from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.changes import RememberInviteLink, RememberNotice
from bot.policy.decision import Decision
from bot.policy.effects import (
    EFFECTS,
    ApproveJoinRequest,
    BanSenderChat,
    CreateJoinLink,
    DeclineJoinRequest,
    DeleteMessages,
    EditAnnouncement,
    EditPage,
    InspectGroup,
    Language,
    LeaveGroup,
    LockGroup,
    Page,
    PinMessage,
    Purpose,
    RemoveMember,
    ReplacePrimaryLink,
    RevokeJoinLink,
    SendAnnouncement,
    SendGroupNotice,
    SendPage,
    SendPrivateNotice,
    SendUrgentAnnouncement,
    SetCommandMenu,
)
from bot.policy.events import EffectFailed, MessageNotRemovable
from bot.policy.ids import MessageId
from bot.policy.outcomes import NOT_A_MEMBER, Done, Lost, OutcomeFacts, Refused, judge
from bot.policy.rules import Rule
from tests.policy import always
from tests.policy.world import AT, CHANNEL, CHAT, LEFT, LIMITS, MANAGED, STUDENT, TEACHER

MESSAGE = MessageId(7)
NOTHING = Decision(rule=Rule.EFFECT_DONE)
RULES_OF_THE_HOUSE = SendGroupNotice(chat=CHAT, key="house-rules", purpose=Purpose.HOUSE_RULES)
REFUSAL = SendGroupNotice(chat=CHAT, key="group-refused", purpose=Purpose.REFUSAL)
ANSWER = SendGroupNotice(chat=CHAT, key="house-rules", purpose=Purpose.ANSWER)
PRIVATE = SendPrivateNotice(user=TEACHER.user, key="group-ready", about=CHAT)
PIN = PinMessage(chat=CHAT, message=MESSAGE)
DELETE = DeleteMessages(chat=CHAT, messages=(MESSAGE, MessageId(8), MessageId(9)))
LOCK = LockGroup(chat=CHAT)
PRIMARY = ReplacePrimaryLink(chat=CHAT)
JOIN = CreateJoinLink(chat=CHAT)
REVOKE = RevokeJoinLink(chat=CHAT, url="https://t.me/+old")
BAN = BanSenderChat(chat=CHAT, sender_chat=CHANNEL)
LEAVE = LeaveGroup(chat=CHAT)
INSPECT = InspectGroup(chat=CHAT, why="poll")
MENU = SetCommandMenu(user=TEACHER.user)
PAGE = SendPage(user=TEACHER.user, page=Page.RULES, language=Language.DUTCH, about=CHAT)
SAME_PAGE = EditPage(
    user=TEACHER.user, page=Page.RULES, language=Language.DUTCH, message=MESSAGE, about=CHAT
)
LET_IN = ApproveJoinRequest(chat=CHAT, user=STUDENT.user, reason="house-join-of-the-class")
DECLINE = DeclineJoinRequest(chat=CHAT, user=STUDENT.user, reason="house-join-too-late")
REMOVE = RemoveMember(chat=CHAT, user=STUDENT.user)
OF_JOINING = (LET_IN, DECLINE, REMOVE)
"""What follows them is in test_joining and test_members."""

OF_ANNOUNCING = {SendAnnouncement, SendUrgentAnnouncement}
"""What follows them is judged by a question of its own: test_sent_announcements."""

COUNT = EditAnnouncement(chat=CHAT, announcement=1, message=MESSAGE)

ALL = [
    COUNT,
    RULES_OF_THE_HOUSE,
    PRIVATE,
    PAGE,
    SAME_PAGE,
    MENU,
    PIN,
    DELETE,
    LOCK,
    PRIMARY,
    JOIN,
    REVOKE,
    BAN,
    LET_IN,
    DECLINE,
    REMOVE,
    LEAVE,
    INSPECT,
]


def outcome(effect, result, group=MANAGED):
    facts = OutcomeFacts(at=AT, effect=effect, outcome=result, group=group)
    return judge(facts, LIMITS)


def failed(effect, reason, *, unknown=False, user=None):
    return EffectFailed(
        chat=CHAT, user=user, effect=type(effect).__name__, reason=reason, unknown=unknown
    )


def named(effect):
    return type(effect).__name__


def test_examples_name_every_effect():
    assert {type(effect) for effect in ALL} == set(EFFECTS) - OF_ANNOUNCING


# --- done --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effect", "done", "changes", "effects"),
    [
        pytest.param(
            RULES_OF_THE_HOUSE,
            Done(message=MESSAGE),
            (RememberNotice(chat=CHAT, message=MESSAGE),),
            (PIN,),
            id="house rules are pinned",
        ),
        pytest.param(
            LOCK,
            Done(),
            (),
            (InspectGroup(chat=CHAT, why="read-back"),),
            id="the lock is read back",
        ),
        pytest.param(
            PRIMARY,
            Done(url="https://t.me/+a"),
            (RememberInviteLink(chat=CHAT, url="https://t.me/+a", asks_approval=False),),
            (),
            id="the primary link is remembered",
        ),
        pytest.param(
            JOIN,
            Done(url="https://t.me/+b"),
            (RememberInviteLink(chat=CHAT, url="https://t.me/+b", asks_approval=True),),
            (),
            id="the link that asks for approval is remembered",
        ),
        pytest.param(RULES_OF_THE_HOUSE, Done(), (), (), id="house rules without a number"),
        pytest.param(PRIMARY, Done(), (), (), id="a link without an address"),
        pytest.param(REFUSAL, Done(message=MESSAGE), (), (), id="a refusal is not pinned"),
        pytest.param(ANSWER, Done(message=MESSAGE), (), (), id="an answer is not pinned"),
        pytest.param(PRIVATE, Done(message=MESSAGE), (), (), id="a private notice"),
        pytest.param(PIN, Done(), (), (), id="a pin"),
        pytest.param(DELETE, Done(), (), (), id="a removal"),
        pytest.param(BAN, Done(), (), (), id="a channel stopped"),
        pytest.param(LEAVE, Done(), (), (), id="leaving"),
        pytest.param(INSPECT, Done(), (), (), id="a look"),
    ],
)
def test_effect_when_done_then_next_step(effect, done, changes, effects):
    assert outcome(effect, done) == Decision(
        rule=Rule.EFFECT_DONE, changes=changes, effects=effects
    )


# --- refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize("effect", [LOCK, PIN, PRIMARY, JOIN, BAN, RULES_OF_THE_HOUSE], ids=named)
def test_effect_when_refused_for_want_of_rights_then_recorded_and_rights_looked_at(effect):
    assert outcome(effect, Refused(reason="no-rights")) == Decision(
        rule=Rule.EFFECT_FAILED,
        events=(failed(effect, "no-rights"),),
        effects=(InspectGroup(chat=CHAT, why="effect-refused"),),
    )


@pytest.mark.parametrize("group", [None, LEFT], ids=["unknown", "left"])
def test_effect_when_refused_in_a_group_that_is_not_ours_then_not_looked_at(group):
    assert outcome(LOCK, Refused(reason="no-rights"), group).effects == ()


def test_removal_when_refused_then_recorded_with_the_count():
    assert outcome(DELETE, Refused(reason="too-old", count=2)) == Decision(
        rule=Rule.EFFECT_FAILED,
        events=(MessageNotRemovable(chat=CHAT, user=None, count=2, reason="too-old"),),
    )


def test_private_notice_when_refused_then_recorded_and_nothing_is_done():
    assert outcome(PRIVATE, Refused(reason="blocked")) == Decision(
        rule=Rule.EFFECT_FAILED, events=(failed(PRIVATE, "blocked", user=TEACHER.user),)
    )


@pytest.mark.parametrize(
    ("effect", "reason"),
    [
        pytest.param(LEAVE, NOT_A_MEMBER, id="gone already"),
        pytest.param(REFUSAL, "no-rights", id="students locked their group"),
        pytest.param(REFUSAL, NOT_A_MEMBER, id="thrown out first"),
        pytest.param(MENU, "blocked-by-user", id="who blocked the bot sees no menu"),
    ],
)
def test_effect_when_refused_as_expected_then_nothing(effect, reason):
    assert outcome(effect, Refused(reason=reason)) == NOTHING


@pytest.mark.parametrize("effect", [LEAVE, INSPECT], ids=named)
def test_effect_when_refused_for_another_reason_then_recorded_and_nothing_is_done(effect):
    assert outcome(effect, Refused(reason="unknown")) == Decision(
        rule=Rule.EFFECT_FAILED, events=(failed(effect, "unknown"),)
    )


@pytest.mark.parametrize(
    ("group", "chat"),
    [
        pytest.param(MANAGED, CHAT, id="a group that we know"),
        pytest.param(LEFT, CHAT, id="a group that we left"),
        pytest.param(None, None, id="a channel"),
    ],
)
def test_private_notice_when_it_fails_then_only_a_known_group_is_named(group, chat):
    decision = outcome(PRIVATE, Refused(reason="blocked"), group)

    assert [event.chat for event in decision.events] == [chat]


# --- lost --------------------------------------------------------------------------------------


@pytest.mark.parametrize("effect", [e for e in ALL if e not in OF_JOINING], ids=named)
def test_effect_when_answer_is_lost_then_recorded_as_unknown_and_not_repeated(effect):
    user = TEACHER.user if effect in (PRIVATE, PAGE, SAME_PAGE, MENU) else None
    event = failed(effect, "timed-out", unknown=True, user=user)
    if effect is MENU:
        event = replace(event, chat=None)

    assert outcome(effect, Lost(reason="timed-out")) == Decision(
        rule=Rule.EFFECT_FAILED, events=(event,)
    )


@given(
    facts=st.builds(
        OutcomeFacts,
        at=always.moments,
        effect=st.sampled_from([*ALL, REFUSAL, ANSWER]),
        outcome=st.one_of(
            st.builds(Done, message=st.none() | always.messages, url=st.none() | always.words),
            st.builds(
                Refused,
                reason=st.sampled_from([NOT_A_MEMBER, "no-rights"]),
                count=st.integers(1, 5),
            ),
            st.builds(Lost, reason=always.words),
        ),
        group=st.none() | always.groups,
    ),
    limits=always.limits,
)
def test_outcome_always_gets_one_answer(facts, limits):
    always.assert_always(facts, judge(facts, limits))
