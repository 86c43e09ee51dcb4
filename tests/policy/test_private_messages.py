from dataclasses import fields, is_dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.accounts.private_messages import PrivateFacts, judge
from bot.policy.changes import RecordAnswer
from bot.policy.commands import STAFF_COMMANDS
from bot.policy.decision import Decision
from bot.policy.effects import Language, Page, SendPage, SendPrivateNotice
from bot.policy.events import CommandRefused, PrivateMessageAnswered, StaffAskedFor
from bot.policy.known import Contact
from bot.policy.rules import Rule
from tests.policy import always
from tests.policy.world import (
    AT,
    GUARDIAN,
    LEFT_SCHOOL,
    LIMITS,
    STRANGER,
    STUDENT,
    TEACHER,
)

ASKING = "mag ik het nummer van mijn mentor"
LATELY = timedelta(hours=12) - timedelta(seconds=1)
A_MINUTE = timedelta(minutes=1)
JUST_NOW = A_MINUTE - timedelta(seconds=1)
OTHERS = [
    pytest.param(STUDENT, "student", id="student"),
    pytest.param(GUARDIAN, "guardian", id="guardian"),
    pytest.param(STRANGER, "stranger", id="stranger"),
    pytest.param(LEFT_SCHOOL, "stranger", id="somebody who left school"),
]


def facts(account=STUDENT, text="hoi", command=None, answered=None, language=Language.DUTCH):
    answered_at = None if answered is None else AT - answered
    return PrivateFacts(
        at=AT,
        account=account,
        contact=Contact(answered_at=answered_at),
        text=text,
        command=command,
        staff_names=frozenset({"Jansen"}),
        language=language,
    )


def of_a_bot(message):
    return replace(message, of_a_bot=True)


def help_page(account, language=Language.DUTCH):
    return SendPage(user=account.user, page=Page.HELP, language=language)


def notice(account, key, language=Language.DUTCH):
    return SendPrivateNotice(user=account.user, key=key, language=language)


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        pytest.param(facts(TEACHER), Rule.STAFF_HELP, id="staff"),
        pytest.param(facts(TEACHER, ASKING), Rule.STAFF_HELP, id="staff may ask for staff"),
        pytest.param(facts(TEACHER, None, "start"), Rule.STAFF_HELP, id="staff starts"),
        pytest.param(facts(TEACHER, None, "help"), Rule.STAFF_HELP, id="staff asks for help"),
        pytest.param(facts(TEACHER, answered=LATELY), Rule.STAFF_HELP, id="staff writes again"),
        pytest.param(facts(TEACHER, answered=A_MINUTE), Rule.STAFF_HELP, id="staff, a minute ago"),
        pytest.param(facts(TEACHER, answered=JUST_NOW), Rule.ANSWERED_LATELY, id="staff, just now"),
        pytest.param(
            facts(TEACHER, None, "start", JUST_NOW), Rule.ANSWERED_LATELY, id="staff starts again"
        ),
        pytest.param(
            facts(command="start", answered=JUST_NOW), Rule.ANSWERED_LATELY, id="starts again"
        ),
        pytest.param(
            facts(command="help", answered=A_MINUTE), Rule.COMMAND_ALLOWED, id="help a minute later"
        ),
        pytest.param(of_a_bot(facts()), Rule.BOOKKEEPING, id="another bot"),
        pytest.param(of_a_bot(facts(command="start")), Rule.BOOKKEEPING, id="another bot starts"),
        pytest.param(of_a_bot(facts(text=ASKING)), Rule.BOOKKEEPING, id="another bot asks"),
        pytest.param(
            of_a_bot(facts(command="codes")), Rule.BOOKKEEPING, id="another bot uses a command"
        ),
        pytest.param(of_a_bot(facts(TEACHER)), Rule.BOOKKEEPING, id="another bot, as staff"),
        pytest.param(facts(command="start"), Rule.COMMAND_ALLOWED, id="start"),
        pytest.param(facts(command="help"), Rule.COMMAND_ALLOWED, id="help"),
        pytest.param(
            facts(command="help", answered=LATELY), Rule.COMMAND_ALLOWED, id="help, once more"
        ),
        pytest.param(facts(command="nieuwegroep"), Rule.COMMAND_REFUSED, id="staff's command"),
        pytest.param(
            facts(text="/bericht aan mijn mentor, mag ik u appen", command="bericht"),
            Rule.COMMAND_REFUSED,
            id="staff's command with words behind it",
        ),
        pytest.param(facts(text=ASKING), Rule.STAFF_ASKED_FOR, id="asks for staff"),
        pytest.param(
            facts(text="kan ik jansen bellen"), Rule.STAFF_ASKED_FOR, id="asks by surname"
        ),
        pytest.param(
            facts(text=ASKING, answered=LATELY), Rule.STAFF_ASKED_FOR, id="asks once more"
        ),
        pytest.param(facts(), Rule.KIND_ANSWER, id="anything else"),
        pytest.param(facts(text=None), Rule.KIND_ANSWER, id="a picture"),
        pytest.param(facts(text="/dans", command="dans"), Rule.KIND_ANSWER, id="no such command"),
        pytest.param(facts(answered=timedelta(hours=12)), Rule.KIND_ANSWER, id="answered long ago"),
        pytest.param(facts(answered=LATELY), Rule.ANSWERED_LATELY, id="answered lately"),
    ],
)
def test_private_message_when_so_then_rule(message, rule):
    assert judge(message, LIMITS).rule is rule


def test_private_message_when_of_staff_then_helped_and_no_event_is_recorded():
    assert judge(facts(TEACHER), LIMITS) == Decision(
        rule=Rule.STAFF_HELP,
        changes=(RecordAnswer(user=TEACHER.user, greeting=True),),
        effects=(help_page(TEACHER),),
    )


@pytest.mark.parametrize(("account", "ending"), OTHERS)
def test_private_message_when_not_of_staff_then_one_kind_answer(account, ending):
    assert judge(facts(account), LIMITS) == Decision(
        rule=Rule.KIND_ANSWER,
        events=(PrivateMessageAnswered(user=account.user, role=account.role),),
        changes=(RecordAnswer(user=account.user),),
        effects=(notice(account, f"kind-answer-{ending}"),),
    )


@pytest.mark.parametrize("account", [STUDENT, GUARDIAN, STRANGER, LEFT_SCHOOL])
def test_start_when_not_of_staff_then_greeted_and_no_event_is_recorded(account):
    assert judge(facts(account, None, "start"), LIMITS) == Decision(
        rule=Rule.COMMAND_ALLOWED,
        changes=(RecordAnswer(user=account.user, greeting=True),),
        effects=(help_page(account),),
    )


@pytest.mark.parametrize(("account", "ending"), OTHERS)
def test_asking_for_staff_when_not_staff_then_signal_and_the_same_kind_answer(account, ending):
    assert judge(facts(account, ASKING), LIMITS) == Decision(
        rule=Rule.STAFF_ASKED_FOR,
        events=(
            StaffAskedFor(user=account.user, role=account.role),
            PrivateMessageAnswered(user=account.user, role=account.role),
        ),
        changes=(RecordAnswer(user=account.user),),
        effects=(notice(account, f"kind-answer-{ending}"),),
    )


def test_asking_for_staff_when_answered_lately_then_signal_and_silence():
    assert judge(facts(text=ASKING, answered=LATELY), LIMITS) == Decision(
        rule=Rule.STAFF_ASKED_FOR,
        events=(StaffAskedFor(user=STUDENT.user, role=STUDENT.role),),
    )


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(facts(TEACHER, answered=JUST_NOW), id="staff"),
        pytest.param(facts(command="start", answered=JUST_NOW), id="a greeting"),
    ],
)
def test_greeting_when_answered_just_now_then_silence(message):
    assert judge(message, LIMITS) == Decision(rule=Rule.ANSWERED_LATELY)


def test_private_message_when_of_another_bot_then_nothing_at_all():
    assert judge(of_a_bot(facts()), LIMITS) == Decision(rule=Rule.BOOKKEEPING)


def test_private_message_when_answered_lately_then_left_in_peace():
    assert judge(facts(answered=LATELY), LIMITS) == Decision(rule=Rule.ANSWERED_LATELY)


@pytest.mark.parametrize("command", sorted(STAFF_COMMANDS))
def test_staff_command_when_not_of_staff_then_recorded_and_kindly_refused(command):
    message = facts(text=f"/{command}", command=command, language=Language.ENGLISH)

    assert judge(message, LIMITS) == Decision(
        rule=Rule.COMMAND_REFUSED,
        events=(CommandRefused(user=STUDENT.user, role=STUDENT.role, command=command),),
        changes=(RecordAnswer(user=STUDENT.user),),
        effects=(notice(STUDENT, "command-refused", Language.ENGLISH),),
    )


def test_staff_command_when_answered_lately_then_recorded_in_silence():
    message = facts(text="/codes", command="codes", answered=LATELY)

    assert judge(message, LIMITS) == Decision(
        rule=Rule.COMMAND_REFUSED,
        events=(CommandRefused(user=STUDENT.user, role=STUDENT.role, command="codes"),),
    )


def strings_in(value):
    """Every string inside a decision."""
    if isinstance(value, str):
        yield str(value)
    elif isinstance(value, tuple):
        for part in value:
            yield from strings_in(part)
    elif isinstance(value, dict):
        yield from strings_in(tuple(value.values()))
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings_in(getattr(value, field.name))


@given(
    facts=st.builds(
        PrivateFacts,
        at=always.moments,
        account=always.accounts,
        contact=always.contacts,
        text=st.none() | st.sampled_from([ASKING, "hoi"]) | always.words,
        command=st.none() | st.sampled_from(["start", "help", "codes", "dans"]),
        staff_names=st.frozensets(always.words, max_size=2),
        language=st.sampled_from([Language.DUTCH, Language.ENGLISH]),
        of_a_bot=st.booleans(),
    ),
    limits=always.limits,
)
def test_private_message_always_gets_one_answer_at_most_one_notice_and_its_words_go_nowhere(
    facts, limits
):
    decision = judge(facts, limits)

    always.assert_always(facts, decision)
    assert len(decision.effects) <= 1
    if facts.text in {ASKING, "hoi"}:
        assert facts.text not in set(strings_in(decision))


@pytest.mark.parametrize(
    ("greeted", "rule"),
    [
        pytest.param(timedelta(seconds=59), Rule.ANSWERED_LATELY, id="a moment ago"),
        pytest.param(timedelta(minutes=1), Rule.COMMAND_ALLOWED, id="a minute ago"),
    ],
)
def test_start_when_pressed_again_then_greeted_once_a_minute(greeted, rule):
    message = facts(text=None, command="start")
    again = replace(message, contact=Contact(greeted_at=AT - greeted))

    assert judge(again, LIMITS).rule is rule


def test_message_when_its_writer_was_only_greeted_then_gets_the_kind_answer():
    message = replace(facts(), contact=Contact(greeted_at=AT))

    assert judge(message, LIMITS).rule is Rule.KIND_ANSWER
