"""A second administrator of staff is asked for, again and again, and never more than asked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.policy.broadcast_groups.group_look import judge
from bot.policy.changes import RememberSecondAsked, SetGroupState
from bot.policy.effects import Keyboard, Language, SendPrivateNotice
from bot.policy.events import SecondAsked
from tests.policy.world import (
    ASKED,
    AT,
    BOT_SEAT,
    CHAT,
    COLLEAGUE_SEAT,
    LIMITS,
    MANAGED,
    OWNER_SEAT,
    PENDING,
    STUDENT_SEAT,
    SUSPENDED,
    TEACHER,
    look_facts,
)

WEEK = timedelta(days=7)
NEVER_ASKED = replace(MANAGED, second_asked_at=None)
QUESTION = SendPrivateNotice(
    user=TEACHER.user, key="second-administrator", language=Language.DUTCH, about=CHAT
)
ASKED_EVENT = SecondAsked(chat=CHAT, user=TEACHER.user)
REMEMBERED = RememberSecondAsked(chat=CHAT)


def with_seats(group, *seats):
    return judge(look_facts(group, look={"seats": seats}), LIMITS)


@pytest.mark.parametrize(
    ("group", "seats"),
    [
        pytest.param(NEVER_ASKED, (OWNER_SEAT,), id="alone, and never asked"),
        pytest.param(replace(MANAGED, second_asked_at=AT - WEEK), (OWNER_SEAT,), id="a week ago"),
        pytest.param(
            replace(SUSPENDED, explained=frozenset({"forum"}), second_asked_at=None),
            (OWNER_SEAT,),
            id="as soon as it complies again",
        ),
    ],
)
def test_owner_when_alone_then_is_asked_for_a_second(group, seats):
    decision = with_seats(group, *seats)

    assert ASKED_EVENT in decision.events
    assert REMEMBERED in decision.changes
    assert QUESTION in decision.effects


@pytest.mark.parametrize(
    ("group", "seats"),
    [
        pytest.param(NEVER_ASKED, (OWNER_SEAT, COLLEAGUE_SEAT), id="two of staff"),
        pytest.param(MANAGED, (OWNER_SEAT,), id="asked an hour ago"),
        pytest.param(
            replace(MANAGED, second_asked_at=AT - WEEK + timedelta(seconds=1)),
            (OWNER_SEAT,),
            id="asked almost a week ago",
        ),
        pytest.param(PENDING, (OWNER_SEAT,), id="not adopted"),
        pytest.param(NEVER_ASKED, (OWNER_SEAT, BOT_SEAT), id="suspended by the same look"),
        pytest.param(NEVER_ASKED, (replace(OWNER_SEAT, user=STUDENT_SEAT.user),), id="refused"),
    ],
)
def test_owner_when_not_alone_or_not_yet_due_then_is_not_asked(group, seats):
    decision = with_seats(group, *seats)

    assert QUESTION not in decision.effects
    assert REMEMBERED not in decision.changes


def test_owner_when_the_group_is_not_locked_yet_then_is_not_asked():
    adopted = replace(NEVER_ASKED, lock_proved_at=None, open_since=AT)

    decision = judge(
        look_facts(adopted, look={"allowed": frozenset({"can_send_messages"})}), LIMITS
    )

    assert QUESTION not in decision.effects
    assert REMEMBERED not in decision.changes


def test_group_when_it_has_one_administrator_then_is_never_suspended_for_it():
    decision = with_seats(replace(MANAGED, second_asked_at=AT - 9 * WEEK), OWNER_SEAT)

    assert not any(isinstance(change, SetGroupState) for change in decision.changes)


def test_owner_when_the_group_becomes_ready_then_is_asked_by_that_message():
    decision = judge(look_facts(ASKED), LIMITS)

    (ready,) = [effect for effect in decision.effects if isinstance(effect, SendPrivateNotice)]
    assert (ready.key, ready.keyboard) == ("group-ready", Keyboard.GROUP_READY)
    assert ASKED_EVENT in decision.events
    assert REMEMBERED in decision.changes
