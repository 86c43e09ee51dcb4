from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.broadcast_groups.channels import (
    ChannelFacts,
    NewChannelFacts,
    judge_channel,
    judge_new_channel,
)
from bot.policy.changes import RecordAnswer, RegisterChannel
from bot.policy.decision import Decision
from bot.policy.effects import Keyboard, SendPrivateNotice
from bot.policy.events import ChannelRegistered, CommandRefused
from bot.policy.known import Contact
from bot.policy.rules import Rule
from tests.policy import always
from tests.policy.world import (
    AT,
    CHANNEL,
    GUARDIAN,
    LEFT_SCHOOL,
    LIMITS,
    STRANGER,
    STUDENT,
    TEACHER,
)

NOT_STAFF = [
    pytest.param(STUDENT, id="student"),
    pytest.param(GUARDIAN, id="guardian"),
    pytest.param(STRANGER, id="stranger"),
    pytest.param(LEFT_SCHOOL, id="somebody who left school"),
]
LATELY = Contact(answered_at=AT - timedelta(hours=11))


def refused(account):
    return CommandRefused(user=account.user, role=account.role, command="kanaal")


def test_channel_when_staff_registers_it_then_remembered_and_told():
    facts = ChannelFacts(at=AT, chat=CHANNEL, presser=TEACHER)

    assert judge_channel(facts, LIMITS) == Decision(
        rule=Rule.CHANNEL_REGISTERED,
        events=(ChannelRegistered(user=TEACHER.user),),
        changes=(RegisterChannel(chat=CHANNEL, by=TEACHER.user),),
        effects=(
            SendPrivateNotice(
                user=TEACHER.user,
                key="channel-registered",
                keyboard=Keyboard.REMOVE,
                about=CHANNEL,
            ),
        ),
    )


def test_new_channel_when_staff_asks_then_the_list_is_offered():
    facts = NewChannelFacts(at=AT, presser=TEACHER)

    assert judge_new_channel(facts, LIMITS) == Decision(
        rule=Rule.COMMAND_ALLOWED,
        effects=(
            SendPrivateNotice(user=TEACHER.user, key="new-channel", keyboard=Keyboard.PICK_CHANNEL),
        ),
    )


@pytest.mark.parametrize("presser", NOT_STAFF)
def test_channel_when_not_staff_then_refused_and_not_registered(presser):
    facts = ChannelFacts(at=AT, chat=CHANNEL, presser=presser)

    assert judge_channel(facts, LIMITS) == Decision(
        rule=Rule.CHANNEL_REGISTER_REFUSED,
        events=(refused(presser),),
        changes=(RecordAnswer(user=presser.user),),
        effects=(SendPrivateNotice(user=presser.user, key="command-refused"),),
    )


@pytest.mark.parametrize("presser", NOT_STAFF)
def test_new_channel_when_not_staff_then_refused(presser):
    facts = NewChannelFacts(at=AT, presser=presser)

    assert judge_new_channel(facts, LIMITS) == Decision(
        rule=Rule.COMMAND_REFUSED,
        events=(refused(presser),),
        changes=(RecordAnswer(user=presser.user),),
        effects=(SendPrivateNotice(user=presser.user, key="command-refused"),),
    )


def test_channel_when_answered_lately_then_recorded_but_not_answered_again():
    channel = ChannelFacts(at=AT, chat=CHANNEL, presser=STUDENT, contact=LATELY)
    command = NewChannelFacts(at=AT, presser=STUDENT, contact=LATELY)

    assert judge_channel(channel, LIMITS) == Decision(
        rule=Rule.CHANNEL_REGISTER_REFUSED, events=(refused(STUDENT),)
    )
    assert judge_new_channel(command, LIMITS) == Decision(
        rule=Rule.COMMAND_REFUSED, events=(refused(STUDENT),)
    )


@given(
    facts=st.builds(
        ChannelFacts,
        at=always.moments,
        chat=always.chats,
        presser=always.accounts,
        contact=always.contacts,
    ),
    limits=always.limits,
)
def test_channel_always_gets_one_answer(facts, limits):
    always.assert_always(facts, judge_channel(facts, limits))


@given(
    facts=st.builds(
        NewChannelFacts, at=always.moments, presser=always.accounts, contact=always.contacts
    ),
    limits=always.limits,
)
def test_new_channel_always_gets_one_answer(facts, limits):
    always.assert_always(facts, judge_new_channel(facts, limits))
