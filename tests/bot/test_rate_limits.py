"""The limits, in simulated time: never too fast, and hardly ever slower than allowed."""

import math
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sending.rate_limits import (
    JITTER_SECONDS,
    TELEGRAM_LIMITS,
    Rate,
    RateLimits,
    RateProfile,
    Window,
)

RATES = st.builds(
    Rate,
    limit=st.integers(1, 40),
    period=st.floats(0.5, 60, allow_nan=False).map(lambda p: round(p, 2)),
)

ROUNDING = 1e-9
"""Seconds: what a difference of binary fractions may be off by."""


def most_in_any(period: float, times: list[float]) -> int:
    """The fullest window [t, t + period) over the times of arrival."""
    times = sorted(times)
    most = first = 0
    for last, at in enumerate(times):
        while times[first] <= at - period:
            first += 1
        most = max(most, last - first + 1)
    return most


@given(
    rate=RATES,
    pauses=st.lists(st.floats(0, 3, allow_nan=False), max_size=200),
    seed=st.integers(0, 2**32),
)
def test_window_when_calls_are_late_on_their_way_then_never_more_than_the_limit_arrive(
    rate, pauses, seed
):
    window = Window(rate.limit, rate.period, JITTER_SECONDS)
    chance = random.Random(seed)
    now, arrived = 1000.0, []

    for pause in pauses:
        now = window.earliest(now + pause)
        window.take(now)
        arrived.append(now + chance.uniform(0, JITTER_SECONDS * 0.999))

    assert most_in_any(rate.period, arrived) <= rate.limit


@given(rate=RATES)
def test_window_when_always_ready_then_reaches_98_percent_in_a_minute(rate):
    window, now, taken = Window(rate.limit, rate.period, JITTER_SECONDS), 0.0, 0

    while (now := window.earliest(now)) < 60:
        window.take(now)
        taken += 1

    # Without a margin it would be this many; the margin costs what it is to the period.
    lost_to_margin = rate.period / (rate.period + JITTER_SECONDS)
    assert taken >= math.floor(rate.limit * 60 / rate.period * min(0.98, lost_to_margin))


@pytest.mark.parametrize(
    ("rate", "within"),
    [
        pytest.param(TELEGRAM_LIMITS.chat, 60, id="one chat"),
        pytest.param(TELEGRAM_LIMITS.group, 3600, id="one group"),
        pytest.param(TELEGRAM_LIMITS.overall, 60, id="all chats"),
    ],
)
def test_telegrams_limits_when_always_ready_then_reach_98_percent(rate, within):
    window, now, taken = Window(rate.limit, rate.period), 0.0, 0

    while (now := window.earliest(now)) < within:
        window.take(now)
        taken += 1

    assert taken >= 0.98 * rate.limit * within / rate.period


def test_window_when_not_yet_free_then_refuses():
    window = Window(2, 1.0, 0.03)
    window.take(5.0)
    window.take(5.5)

    assert window.earliest(5.6) == 6.03
    with pytest.raises(ValueError, match="before it was free"):
        window.take(6.02)
    window.take(6.03)
    assert window.earliest(6.04) == 6.53


CHATS = st.integers(-6, 6).filter(bool)


@settings(max_examples=60)
@given(
    calls=st.lists(st.tuples(CHATS, st.floats(0, 2, allow_nan=False)), max_size=300),
    profile=st.builds(RateProfile, chat=RATES, group=RATES, overall=RATES),
)
def test_limits_when_chats_mix_then_none_is_passed(calls, profile):
    limits, now = RateLimits(profile), 50.0
    sent: list[tuple[int, float]] = []

    for chat, pause in calls:
        now = limits.earliest(chat, chat < 0, now + pause)
        limits.take(chat, chat < 0, now)
        sent.append((chat, now))

    assert most_in_any(profile.overall.period, [at for _, at in sent]) <= profile.overall.limit
    for chat in {chat for chat, _ in sent}:
        times = [at for other, at in sent if other == chat]
        assert most_in_any(profile.chat.period, times) <= profile.chat.limit
        if chat < 0:
            assert most_in_any(profile.group.period, times) <= profile.group.limit


def test_fan_out_when_to_many_groups_then_uses_98_percent_of_what_is_permitted():
    limits, now, sent = RateLimits(), 0.0, Counter[int]()

    for group in range(-1500, 0):
        now = limits.earliest(group, True, now)
        limits.take(group, True, now)
        sent[group] += 1

    assert set(sent.values()) == {1}
    assert 1500 / 30 / now >= 0.98


def test_private_chat_when_twenty_a_minute_is_passed_then_still_goes():
    limits, now = RateLimits(), 0.0

    for _ in range(30):
        now = limits.earliest(5, False, now)
        limits.take(5, False, now)

    assert now < 31
    assert limits.earliest(5, False, now) == now + 1.03


def test_group_when_twenty_have_gone_then_waits_out_the_minute():
    limits, now = RateLimits(), 0.0

    for _ in range(20):
        now = limits.earliest(-5, True, now)
        limits.take(-5, True, now)

    assert limits.earliest(-5, True, now) == 60.03
    assert limits.earliest(-6, True, now) == now


def test_limits_when_not_yet_free_then_refuse_and_take_nothing():
    limits = RateLimits()
    limits.take(5, False, 0.0)

    with pytest.raises(ValueError, match="before it was free"):
        limits.take(5, False, 0.5)

    assert limits.earliest(6, False, 0.5) == 0.5
    assert limits.earliest(5, False, 0.5) == 1.03


def test_memory_when_chats_go_quiet_then_is_bounded_by_one_minute_of_calls():
    limits, now, most = RateLimits(), 0.0, 0

    for chat in range(1, 6001):
        number = chat if chat % 2 else -chat
        now = limits.earliest(number, number < 0, now)
        limits.take(number, number < 0, now)
        most = max(most, len(limits))
    limits.take(1, False, now + 61)

    assert most <= 30 * 61
    assert len(limits) == 1


def test_memory_when_one_chat_stays_busy_then_the_quiet_ones_are_still_forgotten():
    limits, now = RateLimits(), 0.0

    for chat in range(2, 500):
        for number in (1, chat):
            now = limits.earliest(number, False, now)
            limits.take(number, False, now)

    assert len(limits) <= 4


def test_window_when_calls_are_answered_soon_then_reaches_the_whole_limit():
    window, now, taken = Window(30, 1.0, JITTER_SECONDS), 0.0, 0

    while (now := window.earliest(now)) < 60:
        call = window.take(now)
        now += 0.001
        call.answered(now)
        taken += 1

    assert taken >= 30 * 60 * 0.99


@given(
    waits=st.lists(st.tuples(st.floats(0, 0.2), st.floats(0, 0.2)), min_size=1, max_size=300),
    rate=RATES,
)
def test_window_when_calls_are_answered_then_never_more_than_the_limit_arrive(waits, rate):
    """Each arrives some time after it left, and is answered some time after that."""
    window, now, arrived = Window(rate.limit, rate.period, margin=0.2), 0.0, []

    for on_its_way, back in waits:
        now = window.earliest(now)
        call = window.take(now)
        arrived.append(now + on_its_way)
        call.answered(now + on_its_way + back)

    assert most_in_any(rate.period - ROUNDING, arrived) <= rate.limit


def test_call_when_it_was_held_up_on_its_way_then_the_next_waits_for_its_answer():
    window = Window(1, 1.0, JITTER_SECONDS)
    window.take(10.0).answered(10.002)
    window.take(12.0).answered(12.002)

    late = window.take(14.0)
    late.answered(14.08)

    assert window.earliest(14.1) == 14.08 + 1.0


def test_call_when_all_ways_are_long_then_the_next_waits_no_longer_than_a_jitter():
    window = Window(1, 1.0, JITTER_SECONDS)
    for second in (10.0, 12.0, 14.0):
        window.take(second).answered(second + 0.2)

    assert window.earliest(15.0) == pytest.approx(14.0 + JITTER_SECONDS + 1.0)
