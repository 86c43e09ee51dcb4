"""When turns begin and calls leave: ready when the gate opens, and not long before."""

import pytest

from bot.policy.effects import LockGroup, SendAnnouncement
from bot.policy.ids import ChatId
from bot.sending.gates import LONGEST_LEAD, REMEMBERED, MessageGate
from bot.sending.rate_limits import Rate, RateLimits, RateProfile

TWO_A_SECOND = RateProfile(
    chat=Rate(limit=1, period=1.0),
    group=Rate(limit=20, period=60.0),
    overall=Rate(limit=2, period=1.0),
)


def sends(chat: int) -> SendAnnouncement:
    return SendAnnouncement(chat=ChatId(chat), announcement=1)


def goes(gate: MessageGate, chat: int, now: float, ready_after: float) -> None:
    """A turn that takes so long to get ready, and whose call is answered at once."""
    gate.reserve(sends(chat), chat, now)
    left = now + ready_after
    assert gate.leave(sends(chat), chat, left) == left
    gate.answered(chat, left)
    gate.release(chat)


@pytest.mark.parametrize(
    ("ready_after", "lead"),
    [
        pytest.param(0.0, 0.0, id="at once"),
        pytest.param(0.1, 0.1, id="a busy database"),
        pytest.param(3.0, LONGEST_LEAD, id="a machine that stood still"),
    ],
)
def test_turn_when_getting_ready_takes_long_then_begins_as_much_earlier(ready_after, lead):
    gate = MessageGate(RateLimits(TWO_A_SECOND))
    for chat in (-1, -2):
        goes(gate, chat, 10.0, ready_after)
    opens = 10.0 + ready_after + 1.0

    assert gate.earliest_at_all(opens - 0.5) == pytest.approx(opens - lead)
    assert gate.earliest(sends(-3), -3, opens - 0.5) == pytest.approx(opens - lead)


def test_call_when_it_is_ready_before_the_gate_opens_then_waits_there():
    gate = MessageGate(RateLimits(TWO_A_SECOND))
    for chat in (-1, -2):
        goes(gate, chat, 10.0, 0.1)

    gate.reserve(sends(-3), -3, 11.0)

    assert gate.leave(sends(-3), -3, 11.05) == pytest.approx(11.1)
    assert gate.leave(sends(-3), -3, 11.1) == pytest.approx(11.1)


def test_lead_when_getting_ready_is_quick_again_then_shrinks():
    gate = MessageGate(RateLimits(TWO_A_SECOND))
    goes(gate, -1, 10.0, 0.2)
    for n in range(REMEMBERED):
        goes(gate, -2 - n, 20.0 + n, 0.0)
    goes(gate, -100, 20.0 + REMEMBERED, 0.0)
    goes(gate, -101, 20.0 + REMEMBERED, 0.0)

    assert gate.earliest_at_all(20.0 + REMEMBERED) == pytest.approx(21.0 + REMEMBERED)


def test_effect_when_it_is_no_message_then_never_waits():
    gate, lock = MessageGate(RateLimits(TWO_A_SECOND)), LockGroup(chat=ChatId(-1))
    for chat in (-1, -2):
        goes(gate, chat, 10.0, 0.0)

    assert gate.earliest(lock, -1, 10.0) == 10.0
    assert gate.leave(lock, -1, 10.0) == 10.0
