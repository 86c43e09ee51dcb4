from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.broadcast_groups.group_messages import Post, PostFacts, judge
from bot.policy.decision import Decision
from bot.policy.effects import BanSenderChat, DeleteMessages, InspectGroup
from bot.policy.events import (
    AnonymousWriter,
    Evidence,
    MessageNotRemovable,
    MessageRefused,
    StaffAddressedStudent,
)
from bot.policy.ids import ANONYMOUS_ADMINISTRATOR, CHANNEL_POSTING_BOT, SERVICE_CHAT, MessageId
from bot.policy.people import Role
from bot.policy.rules import Rule
from tests.policy import always
from tests.policy.always import only
from tests.policy.world import (
    AT,
    BOT_SEAT,
    CHANNEL,
    CHAT,
    COLLEAGUE,
    GUARDIAN,
    LEFT,
    LEFT_SCHOOL,
    LIMITS,
    MANAGED,
    OLD_CHAT,
    OTHER_BOT,
    OTHER_CHANNEL,
    OTHER_STUDENT,
    OWNER_SEAT,
    PENDING,
    STRANGER,
    STUDENT,
    STUDENT_SEAT,
    SUSPENDED,
    TEACHER,
)

MESSAGE = MessageId(7)
LINKED = replace(MANAGED, linked_channel=CHANNEL)
REMOVE = DeleteMessages(chat=CHAT, messages=(MESSAGE,))
LOOK = InspectGroup(chat=CHAT, why="message-in-locked-group")
TWO_DAYS = timedelta(hours=48)
POST = Post(
    chat=CHAT,
    message=MESSAGE,
    at=AT,
    user=STUDENT.user,
    sender_chat=None,
    kind="text",
    text="hoi allemaal",
    edited=False,
    is_service=False,
    is_automatic_forward=False,
    by_this_bot=False,
    replied_to=None,
    mentioned=frozenset(),
)


def facts(author=STUDENT, group=MANAGED, *, registered=False, addressed=(), at=AT, **post):
    user = None if author is None else author.user
    return PostFacts(
        at=at,
        post=replace(POST, **{"user": user, **post}),
        group=group,
        author=author,
        sender_channel_registered=registered,
        addressed=addressed,
    )


def as_channel(channel, **changes):
    return facts(None, LINKED, sender_chat=channel, user=CHANNEL_POSTING_BOT, **changes)


def forwarded_from(channel, **changes):
    return facts(
        None,
        LINKED,
        sender_chat=channel,
        user=SERVICE_CHAT,
        is_automatic_forward=True,
        **changes,
    )


@pytest.mark.parametrize(
    ("post", "rule"),
    [
        pytest.param(facts(group=None), Rule.NOT_OUR_GROUP, id="unknown group"),
        pytest.param(facts(group=PENDING), Rule.NOT_OUR_GROUP, id="group that waits"),
        pytest.param(facts(group=LEFT), Rule.NOT_OUR_GROUP, id="group that was left"),
        pytest.param(facts(chat=OLD_CHAT), Rule.NOT_OUR_GROUP, id="the chat of before a migration"),
        pytest.param(facts(is_service=True), Rule.SERVICE_MESSAGE, id="a student joined"),
        pytest.param(facts(by_this_bot=True), Rule.SERVICE_MESSAGE, id="our own"),
        pytest.param(
            facts(None, sender_chat=CHAT, user=ANONYMOUS_ADMINISTRATOR),
            Rule.ANONYMOUS_ADMINISTRATOR,
            id="anonymous administrator",
        ),
        pytest.param(
            as_channel(CHANNEL, registered=True),
            Rule.CHANNEL_POST_KEPT,
            id="the registered, linked channel",
        ),
        pytest.param(
            forwarded_from(CHANNEL, registered=True),
            Rule.CHANNEL_POST_KEPT,
            id="forward of the registered, linked channel",
        ),
        pytest.param(
            forwarded_from(OTHER_CHANNEL, registered=True),
            Rule.CHANNEL_POST_KEPT,
            id="forward of a registered channel that was linked just now",
        ),
        pytest.param(
            as_channel(CHANNEL), Rule.POST_AS_CHANNEL_REFUSED, id="linked but not registered"
        ),
        pytest.param(
            as_channel(OTHER_CHANNEL, registered=True),
            Rule.POST_AS_CHANNEL_REFUSED,
            id="registered but not linked",
        ),
        pytest.param(
            forwarded_from(CHANNEL),
            Rule.POST_AS_CHANNEL_REFUSED,
            id="forward of a channel that is not registered",
        ),
        pytest.param(
            forwarded_from(None), Rule.POST_AS_CHANNEL_REFUSED, id="forward of no channel"
        ),
        pytest.param(facts(TEACHER), Rule.STAFF_MESSAGE, id="owner"),
        pytest.param(facts(COLLEAGUE), Rule.STAFF_MESSAGE, id="staff without a seat"),
        pytest.param(facts(TEACHER, edited=True), Rule.STAFF_MESSAGE, id="staff edits"),
        pytest.param(
            facts(TEACHER, at=AT + TWO_DAYS), Rule.STAFF_MESSAGE, id="old message of staff"
        ),
        pytest.param(
            facts(TEACHER, addressed=(STUDENT,)),
            Rule.STAFF_ADDRESSED_STUDENT,
            id="staff to a student",
        ),
        pytest.param(
            facts(STUDENT, replace(MANAGED, seats=(OWNER_SEAT, STUDENT_SEAT))),
            Rule.ADMINISTRATOR_MESSAGE,
            id="student with a seat",
        ),
        pytest.param(
            facts(
                replace(STRANGER, user=OTHER_BOT), replace(MANAGED, seats=(OWNER_SEAT, BOT_SEAT))
            ),
            Rule.ADMINISTRATOR_MESSAGE,
            id="another bot with a seat",
        ),
        pytest.param(facts(at=AT + TWO_DAYS), Rule.MESSAGE_TOO_OLD, id="two days old"),
        pytest.param(
            facts(at=AT + TWO_DAYS - timedelta(seconds=1)),
            Rule.MESSAGE_REFUSED,
            id="not quite two days old",
        ),
        pytest.param(
            facts(edited=True, at=AT + TWO_DAYS),
            Rule.MESSAGE_TOO_OLD,
            id="edited now, but written two days ago",
        ),
        pytest.param(
            as_channel(OTHER_CHANNEL, at=AT + TWO_DAYS),
            Rule.MESSAGE_TOO_OLD,
            id="old post as a channel",
        ),
        pytest.param(facts(), Rule.MESSAGE_REFUSED, id="student"),
        pytest.param(facts(GUARDIAN), Rule.MESSAGE_REFUSED, id="guardian"),
        pytest.param(facts(STRANGER), Rule.MESSAGE_REFUSED, id="stranger"),
        pytest.param(facts(LEFT_SCHOOL), Rule.MESSAGE_REFUSED, id="somebody who left school"),
        pytest.param(facts(None), Rule.MESSAGE_REFUSED, id="nobody that Telegram names"),
        pytest.param(facts(edited=True), Rule.MESSAGE_REFUSED, id="student edits"),
        pytest.param(
            facts(registered=True), Rule.MESSAGE_REFUSED, id="no channel in a group without one"
        ),
        pytest.param(facts(group=SUSPENDED), Rule.MESSAGE_REFUSED, id="suspended group"),
    ],
)
def test_message_when_written_so_then_rule(post, rule):
    assert judge(post, LIMITS).rule is rule


@pytest.mark.parametrize(
    "post",
    [
        pytest.param(facts(group=PENDING), id="not our group"),
        pytest.param(facts(is_service=True), id="service message"),
        pytest.param(facts(TEACHER), id="staff"),
        pytest.param(as_channel(CHANNEL, registered=True), id="registered channel"),
        pytest.param(forwarded_from(CHANNEL, registered=True), id="forward of the same"),
    ],
)
def test_message_when_it_may_stay_then_nothing_is_recorded_or_done(post):
    decision = judge(post, LIMITS)

    assert decision == Decision(rule=decision.rule)


def test_message_when_refused_then_recorded_with_evidence_and_removed():
    assert judge(facts(), LIMITS) == Decision(
        rule=Rule.MESSAGE_REFUSED,
        events=(
            MessageRefused(
                chat=CHAT,
                user=STUDENT.user,
                role=Role.STUDENT,
                kind="text",
                edited=False,
                as_channel=False,
                evidence=Evidence(
                    message=MESSAGE,
                    kind="text",
                    text="hoi allemaal",
                    keep_until=AT + timedelta(days=30),
                ),
            ),
        ),
        effects=(REMOVE, LOOK),
    )


def test_message_when_edited_then_the_record_says_so():
    refused = only(MessageRefused, judge(facts(edited=True), LIMITS).events)

    assert refused.edited


def test_message_when_school_keeps_no_evidence_then_no_words_are_kept():
    none = replace(LIMITS, removed_message_retention=timedelta(0))

    refused = only(MessageRefused, judge(facts(), none).events)

    assert refused.evidence is None


@pytest.mark.parametrize(
    ("looked_at", "not_before"),
    [
        pytest.param(None, None, id="never looked at: at once"),
        pytest.param(AT - timedelta(seconds=61), None, id="over a minute ago: at once"),
        pytest.param(AT - timedelta(seconds=60), AT, id="a minute ago: now"),
        pytest.param(AT - timedelta(seconds=20), AT + timedelta(seconds=40), id="planned"),
    ],
)
def test_message_when_refused_then_the_group_is_looked_at_once_a_minute(looked_at, not_before):
    decision = judge(facts(group=replace(MANAGED, looked_at=looked_at)), LIMITS)

    assert decision.effects == (REMOVE, replace(LOOK, not_before=not_before))


def test_message_when_too_old_then_recorded_as_not_removable():
    assert judge(facts(at=AT + TWO_DAYS), LIMITS) == Decision(
        rule=Rule.MESSAGE_TOO_OLD,
        events=(
            MessageNotRemovable(
                chat=CHAT, user=STUDENT.user, count=1, reason="older-than-48-hours"
            ),
        ),
    )


def test_message_when_anonymous_then_kept_recorded_and_looked_at():
    post = facts(None, sender_chat=CHAT, user=ANONYMOUS_ADMINISTRATOR)

    assert judge(post, LIMITS) == Decision(
        rule=Rule.ANONYMOUS_ADMINISTRATOR,
        events=(AnonymousWriter(chat=CHAT),),
        effects=(InspectGroup(chat=CHAT, why="anonymous-administrator"),),
    )


def test_message_when_of_an_administrator_who_is_not_staff_then_kept_and_looked_at():
    group = replace(MANAGED, seats=(OWNER_SEAT, STUDENT_SEAT))

    assert judge(facts(STUDENT, group), LIMITS) == Decision(
        rule=Rule.ADMINISTRATOR_MESSAGE,
        effects=(InspectGroup(chat=CHAT, why="message-of-administrator"),),
    )


@pytest.mark.parametrize(
    ("post", "banned"),
    [
        pytest.param(
            as_channel(OTHER_CHANNEL),
            [BanSenderChat(chat=CHAT, sender_chat=OTHER_CHANNEL)],
            id="written as a channel",
        ),
        pytest.param(
            replace(as_channel(OTHER_CHANNEL), author=STUDENT),
            [BanSenderChat(chat=CHAT, sender_chat=OTHER_CHANNEL)],
            id="written as a channel, whoever it was",
        ),
        pytest.param(forwarded_from(CHANNEL), [], id="forwarded by Telegram"),
        pytest.param(
            as_channel(OTHER_CHANNEL, registered=True), [], id="a registered channel of staff"
        ),
    ],
)
def test_channel_post_when_refused_then_removed_and_only_a_writer_is_banned(post, banned):
    decision = judge(post, LIMITS)

    look = InspectGroup(chat=CHAT, why="post-as-channel")
    assert list(decision.effects) == [REMOVE, *banned, look]
    refused = only(MessageRefused, decision.events)
    assert (refused.user, refused.role, refused.as_channel) == (None, None, True)


@pytest.mark.parametrize(
    ("looked_at", "not_before"),
    [
        pytest.param(None, None, id="at once"),
        pytest.param(AT - timedelta(seconds=20), AT + timedelta(seconds=40), id="planned"),
    ],
)
def test_channel_post_when_linked_after_the_last_look_then_kept_and_looked_at(
    looked_at, not_before
):
    post = forwarded_from(OTHER_CHANNEL, registered=True)

    assert judge(replace(post, group=replace(LINKED, looked_at=looked_at)), LIMITS) == Decision(
        rule=Rule.CHANNEL_POST_KEPT,
        effects=(InspectGroup(chat=CHAT, why="another-linked-channel", not_before=not_before),),
    )


def test_channel_post_when_too_old_then_not_removed_but_banned():
    decision = judge(as_channel(OTHER_CHANNEL, at=AT + TWO_DAYS), LIMITS)

    assert REMOVE not in decision.effects
    assert BanSenderChat(chat=CHAT, sender_chat=OTHER_CHANNEL) in decision.effects


@pytest.mark.parametrize(
    ("addressed", "edited", "signals"),
    [
        pytest.param((STUDENT,), False, [STUDENT.user], id="one student"),
        pytest.param((GUARDIAN,), False, [GUARDIAN.user], id="one guardian"),
        pytest.param((STUDENT, STUDENT), False, [STUDENT.user], id="replied to and named"),
        pytest.param((STUDENT, COLLEAGUE), False, [STUDENT.user], id="a student and staff"),
        pytest.param((STUDENT, OTHER_STUDENT), False, [], id="two students"),
        pytest.param((COLLEAGUE,), False, [], id="staff"),
        pytest.param((STRANGER,), False, [], id="a stranger"),
        pytest.param((), False, [], id="nobody"),
        pytest.param((STUDENT,), True, [], id="an edit of what was said already"),
    ],
)
def test_message_of_staff_when_addressed_then_signal_for_exactly_one_student(
    addressed, edited, signals
):
    decision = judge(facts(TEACHER, addressed=addressed, edited=edited), LIMITS)

    assert decision.effects == ()
    assert list(decision.events) == [
        StaffAddressedStudent(chat=CHAT, user=TEACHER.user, student=student) for student in signals
    ]


posts = st.builds(
    Post,
    chat=always.chats,
    message=always.messages,
    at=always.moments,
    user=st.none() | always.users_or_stand_ins,
    sender_chat=st.none() | always.chats,
    kind=st.sampled_from(["text", "photo", "voice"]),
    text=st.none() | always.words,
    edited=st.booleans(),
    is_service=st.booleans(),
    is_automatic_forward=st.booleans(),
    by_this_bot=st.booleans(),
    replied_to=st.none() | always.users,
    mentioned=st.frozensets(always.users, max_size=3),
)


@given(
    facts=st.builds(
        PostFacts,
        at=always.moments,
        post=posts,
        group=st.none() | always.groups,
        author=st.none() | always.accounts,
        sender_channel_registered=st.booleans(),
        addressed=st.lists(always.accounts, max_size=3).map(tuple),
    ),
    limits=always.limits,
)
def test_message_always_gets_one_answer_and_staff_are_never_removed(facts, limits):
    decision = judge(facts, limits)

    always.assert_always(facts, decision)
    removed = any(isinstance(effect, DeleteMessages) for effect in decision.effects)
    by_staff = facts.author is not None and facts.author.is_staff
    as_a_chat = facts.post.sender_chat is not None or facts.post.is_automatic_forward
    assert not (removed and by_staff and not as_a_chat)
    assert removed is any(isinstance(event, MessageRefused) for event in decision.events)
