from dataclasses import replace
from datetime import timedelta

import pytest

from bot.policy.broadcast_groups.group_lock import LockFacts, judge_lock, lock_at_adoption, opened
from bot.policy.broadcast_groups.group_look import judge
from bot.policy.effects import (
    CreateJoinLink,
    Keyboard,
    LockGroup,
    Purpose,
    ReplacePrimaryLink,
    SendGroupNotice,
    SendPrivateNotice,
)
from bot.policy.events import LockDrifted, LockProved
from bot.policy.groups import PERMISSIONS, REQUIRED_RIGHTS
from bot.policy.rules import Rule
from tests.policy.world import (
    ASKED,
    AT,
    CHAT,
    GOOD_LOOK,
    LIMITS,
    MANAGED,
    SUSPENDED,
    TEACHER,
)
from tests.policy.world import look_facts as facts

OPEN = {"allowed": frozenset({"can_send_messages", "can_invite_users", "can_react_to_messages"})}
OPENED = LockDrifted(chat=CHAT, opened=("can_invite_users", "can_send_messages"))
LOCK = LockGroup(chat=CHAT)
SINCE = AT - timedelta(seconds=90)
READY = (
    ReplacePrimaryLink(chat=CHAT),
    CreateJoinLink(chat=CHAT),
    SendGroupNotice(chat=CHAT, key="house-rules", purpose=Purpose.HOUSE_RULES),
    SendPrivateNotice(
        user=TEACHER.user, key="group-ready", keyboard=Keyboard.GROUP_READY, about=CHAT
    ),
)


def drifting(group):
    return replace(group, open_since=SINCE, lock_proved_at=AT - timedelta(minutes=6))


def lock_facts(group=MANAGED, look=None, **changes):
    defaults = {
        "at": AT,
        "group": group,
        "look": replace(GOOD_LOOK, **(look or {})),
        "owner": TEACHER,
        "complies": True,
        "why": "poll",
    }
    return LockFacts(**{**defaults, **changes})


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_opened_names_every_permission_but_reactions(permission):
    look = replace(GOOD_LOOK, allowed=frozenset({permission}))

    expected = () if permission == "can_react_to_messages" else (permission,)
    assert opened(look) == expected


def test_opened_when_members_may_not_even_react_then_nothing_is_open():
    assert opened(replace(GOOD_LOOK, allowed=frozenset())) == ()


def test_lock_when_found_open_then_recorded_and_put_on():
    lock = judge_lock(lock_facts(look=OPEN))

    assert lock.rule is Rule.LOCK_DRIFTED
    assert (lock.events, lock.effects) == ((OPENED,), (LOCK,))
    assert (lock.proved_at, lock.open_since) == (MANAGED.lock_proved_at, AT)


@pytest.mark.parametrize(
    ("why", "effects"),
    [
        pytest.param("poll", (LOCK,), id="a poll: put on again"),
        pytest.param("message-in-locked-group", (LOCK,), id="a message: put on again"),
        pytest.param("read-back", (), id="our own call read back: not again at once"),
        pytest.param("effect-refused", (), id="our own call refused: not again at once"),
    ],
)
def test_lock_when_still_open_then_recorded_once(why, effects):
    lock = judge_lock(lock_facts(drifting(MANAGED), OPEN, why=why))

    assert lock.rule is Rule.LOCK_DRIFTED
    assert (lock.events, lock.effects) == ((), effects)
    assert lock.open_since == SINCE


def test_lock_when_a_refused_call_reveals_a_new_opening_then_it_is_recorded_and_put_on():
    lock = judge_lock(lock_facts(look=OPEN, why="effect-refused"))

    assert (lock.events, lock.effects) == ((OPENED,), (LOCK,))


def test_lock_when_open_without_the_right_to_restrict_then_recorded_but_not_put_on():
    rights = frozenset(REQUIRED_RIGHTS) - {"can_restrict_members"}

    lock = judge_lock(lock_facts(look={**OPEN, "own_rights": rights}, complies=False))

    assert (lock.events, lock.effects) == ((OPENED,), ())


def test_lock_when_closed_for_the_first_time_then_group_is_made_ready():
    lock = judge_lock(lock_facts(replace(MANAGED, lock_proved_at=None, open_since=SINCE)))

    assert lock.rule is Rule.LOCK_PROVED
    assert lock.events == (LockProved(chat=CHAT, open_seconds=0, open_seconds_at_most=0),)
    assert lock.effects == READY
    assert (lock.proved_at, lock.open_since) == (AT, None)


def test_lock_when_closed_for_the_first_time_in_a_suspended_group_then_ready_waits():
    lock = judge_lock(lock_facts(replace(SUSPENDED, lock_proved_at=None), complies=False))

    assert (lock.rule, lock.events, lock.effects, lock.proved_at) == (None, (), (), None)


@pytest.mark.parametrize("group", [MANAGED, SUSPENDED], ids=["managed", "suspended"])
def test_lock_when_closed_again_then_seconds_open_are_recorded_and_nothing_else_is_done(group):
    lock = judge_lock(lock_facts(drifting(group)))

    assert lock.rule is Rule.LOCK_PROVED
    assert lock.events == (LockProved(chat=CHAT, open_seconds=90, open_seconds_at_most=360),)
    assert lock.effects == ()
    assert (lock.proved_at, lock.open_since) == (AT, None)


def test_lock_when_closed_as_before_then_only_remembered():
    lock = judge_lock(lock_facts())

    assert (lock.rule, lock.events, lock.effects) == (None, (), ())
    assert (lock.proved_at, lock.open_since) == (AT, None)


def test_lock_when_clock_went_back_then_seconds_are_never_negative():
    later = AT + timedelta(minutes=1)

    lock = judge_lock(lock_facts(replace(MANAGED, open_since=later, lock_proved_at=later)))

    assert lock.events == (LockProved(chat=CHAT, open_seconds=0, open_seconds_at_most=0),)


def test_adoption_when_locked_by_hand_already_then_proved_at_once():
    lock = lock_at_adoption(lock_facts(ASKED))

    assert lock.events == (LockProved(chat=CHAT, open_seconds=0, open_seconds_at_most=0),)
    assert lock.effects == READY


def test_adoption_when_lock_was_proved_in_an_earlier_life_then_that_does_not_count():
    again = replace(ASKED, lock_proved_at=AT - timedelta(days=9), open_since=SINCE)

    lock = lock_at_adoption(lock_facts(again, OPEN))

    assert (lock.proved_at, lock.open_since, lock.events) == (None, AT, ())
    assert lock.effects == (LOCK,)


@pytest.mark.parametrize(
    ("group", "look", "rule", "effects"),
    [
        pytest.param(MANAGED, OPEN, Rule.LOCK_DRIFTED, [LOCK], id="managed and open"),
        pytest.param(drifting(MANAGED), {}, Rule.LOCK_PROVED, [], id="managed and closed again"),
        pytest.param(
            replace(MANAGED, lock_proved_at=None), {}, Rule.LOCK_PROVED, list(READY), id="first"
        ),
        pytest.param(
            SUSPENDED,
            {**OPEN, "is_forum": True},
            Rule.LOCK_DRIFTED,
            [LOCK],
            id="suspended, nothing new, and open",
        ),
        pytest.param(
            drifting(SUSPENDED),
            {"is_forum": True},
            Rule.LOCK_PROVED,
            [],
            id="suspended, nothing new, and closed again",
        ),
    ],
)
def test_look_when_only_the_lock_has_news_then_the_rule_is_the_locks(group, look, rule, effects):
    decision = judge(facts(group, look=look), LIMITS)

    assert decision.rule is rule
    assert list(decision.effects) == effects


@pytest.mark.parametrize(
    ("group", "look", "rule"),
    [
        pytest.param(MANAGED, {**OPEN, "is_forum": True}, Rule.SUSPEND, id="suspended now"),
        pytest.param(SUSPENDED, OPEN, Rule.KEEP, id="resumed now"),
        pytest.param(SUSPENDED, {**OPEN, "boosts_unrestrict": 1}, Rule.SUSPEND, id="other items"),
    ],
)
def test_look_when_the_group_has_news_too_then_the_lock_is_put_on_beside_it(group, look, rule):
    decision = judge(facts(group, look=look), LIMITS)

    assert decision.rule is rule
    assert OPENED in decision.events
    assert decision.effects[0] == LOCK


def test_look_when_group_waits_then_its_lock_is_left_alone():
    decision = judge(facts(look={**OPEN, "is_forum": True}), LIMITS)

    assert decision.rule is Rule.WAIT_ITEMS_FAILING
    assert LOCK not in decision.effects
