"""Order and pace of effects, in simulated time: chance plays the school, Telegram and the clock."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.app import AT_ONCE, lanes_of
from bot.policy.effects import (
    DELETED_AT_ONCE,
    DeleteMessages,
    Effect,
    LeaveGroup,
    LockGroup,
    PinMessage,
    Purpose,
    SendGroupNotice,
    SendPrivateNotice,
)
from bot.policy.effects import Lane as LaneName
from bot.policy.ids import ChatId, EffectId, MessageId, UserId
from bot.policy.rules import Rule
from bot.sending.lanes import FLOODED_CHATS_THAT_MEAN_ALL, Lane, Turn, target_of
from bot.sending.rate_limits import TELEGRAM_LIMITS
from storage.outbox import Waiting

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
GROUPS = [ChatId(-1_000_000_000_001 - n) for n in range(4)]
PEOPLE = [UserId(5_000_000_001 + n) for n in range(4)]
JITTER = 0.001
"""Seconds: what a sum of binary fractions may be off by."""


def waiting(number: int, effect: Effect, *, due: float = 0.0, attempts: int = 0) -> Waiting:
    return Waiting(
        id=EffectId(number),
        effect=effect,
        due_at=NOON + timedelta(seconds=due),
        made_at=NOON,
        rule=Rule.BOOKKEEPING,
        attempts=attempts,
    )


def removal(chat: ChatId, *messages: int) -> DeleteMessages:
    return DeleteMessages(chat=chat, messages=tuple(map(MessageId, messages)))


def private(user: UserId = PEOPLE[0]) -> SendPrivateNotice:
    return SendPrivateNotice(user=user, key="already-linked")


def notice(chat: ChatId) -> SendGroupNotice:
    return SendGroupNotice(chat=chat, key="house-rules", purpose=Purpose.HOUSE_RULES)


def at(seconds: float) -> float:
    return NOON.timestamp() + seconds


def moderated(chat: ChatId) -> st.SearchStrategy[Effect]:
    return st.one_of(
        st.just(LockGroup(chat=chat)),
        st.builds(lambda n: PinMessage(chat=chat, message=MessageId(n)), st.integers(1, 9)),
        st.lists(st.integers(1, 10**6), min_size=1, max_size=60, unique=True).map(
            lambda ids: removal(chat, *ids)
        ),
    )


def written() -> st.SearchStrategy[Effect]:
    return st.one_of(
        st.sampled_from(GROUPS).map(notice),
        st.sampled_from(GROUPS).map(lambda chat: LeaveGroup(chat=chat)),
        st.sampled_from(PEOPLE).map(private),
    )


class Lanes(RuleBasedStateMachine):
    """A lane, and beside it what must be true of it, kept in the plainest way."""

    def __init__(self) -> None:
        super().__init__()
        lanes = lanes_of(TELEGRAM_LIMITS)
        self.lanes = {name: lanes[name] for name in (LaneName.WRITE, LaneName.MODERATE)}
        self.now = 0.0
        self.numbers = iter(range(1, 100_000))
        self.waits: dict[LaneName, dict[int, list[Waiting]]] = {
            name: defaultdict(list) for name in self.lanes
        }
        self.busy: dict[LaneName, dict[int, Turn]] = {name: {} for name in self.lanes}
        self.done: list[int] = []
        self.added: list[int] = []
        self.sent: list[tuple[float, int]] = []

    # --- what happens ----------------------------------------------------------------------

    @rule(effect=st.one_of(st.sampled_from(GROUPS).flatmap(moderated), written()))
    def decide(self, effect):
        self._put(waiting(next(self.numbers), effect, due=self.now))

    @rule(chat=st.sampled_from(GROUPS), count=st.integers(1, 150))
    def many_at_once(self, chat, count):
        for _ in range(count):
            number = next(self.numbers)
            self._put(waiting(number, removal(chat, number), due=self.now))

    @rule(count=st.integers(1, 60))
    def tell_everybody(self, count):
        for n in range(count):
            self._put(waiting(next(self.numbers), private(UserId(6_000_000_000 + n))))

    @rule(seconds=st.floats(0.001, 20))
    def time_passes(self, seconds):
        self.now += seconds

    @rule(name=st.sampled_from([LaneName.WRITE, LaneName.MODERATE]))
    def let_go(self, name):
        """As the sender does: as many turns as there are."""
        lane = self.lanes[name]
        while (turn := lane.next_turn(at(self.now))) is not None:
            self._check(name, turn)
            # A place was kept for it: nothing that began its turn has to wait at the gate.
            assert lane.leave(turn, at(self.now)) == at(self.now)
        self._nothing_more_may_go(name)

    @precondition(lambda self: any(self.busy.values()))
    @rule(data=st.data(), again=st.sampled_from([0.0, 0.0, 0.0, 0.5, 7.0]))
    def call_ends(self, data, again):
        """``again``: it failed in passing, and is to be tried again so much later."""
        name = data.draw(st.sampled_from([n for n in self.busy if self.busy[n]]))
        target = data.draw(st.sampled_from(sorted(self.busy[name])))
        turn = self.busy[name].pop(target)
        self.lanes[name].finish(target)
        for item in turn.items:
            if again:
                due = NOON + timedelta(seconds=self.now + again)
                self._put(replace(item, due_at=due, attempts=item.attempts + 1), new=False)
            else:
                self.done.append(item.id)

    def _put(self, item: Waiting, *, new: bool = True) -> None:
        name = item.effect.lane
        self.lanes[name].add(item)
        self.waits[name][target_of(item.effect)].append(item)
        if new:
            self.added.append(item.id)

    # --- what must be true -----------------------------------------------------------------

    def _order(self, item: Waiting) -> tuple[int, int]:
        return item.effect.priority, item.id

    def _is_due(self, item: Waiting) -> bool:
        return item.due_at.timestamp() <= at(self.now)

    def _in_line(self, item: Waiting) -> bool:
        return item.attempts == 0 or self._is_due(item)

    def _heads(self, name: LaneName) -> dict[int, Waiting]:
        """The next of each chat that has no call on its way.

        Among messages that is the most urgent, due or not: their order counts. Elsewhere what
        failed in passing steps aside until it is due.
        """
        in_line = {
            target: [i for i in items if name is LaneName.WRITE or self._in_line(i)] or items
            for target, items in self.waits[name].items()
            if items and target not in self.busy[name]
        }
        return {target: min(items, key=self._order) for target, items in in_line.items()}

    def _check(self, name: LaneName, turn: Turn) -> None:
        assert turn.target not in self.busy[name], "two calls of one chat at once"
        heads = self._heads(name)
        first = turn.items[0]
        assert first == heads[turn.target], "not in the chat's order"
        assert self._is_due(first), "before its time"
        if name is LaneName.MODERATE:
            most_urgent = min(filter(self._is_due, heads.values()), key=self._order)
            assert self._order(first) == self._order(most_urgent), "something more urgent waited"
        self._check_together(turn)
        for item in turn.items:
            self.waits[name][turn.target].remove(item)
        self.busy[name][turn.target] = turn
        assert len(self.busy[name]) <= AT_ONCE[name]
        self._check_limits(turn)

    def _check_together(self, turn: Turn) -> None:
        if len(turn.items) == 1:
            assert turn.effect == turn.items[0].effect
            return
        together = [m for item in turn.items for m in item.effect.messages]  # type: ignore[union-attr]
        assert turn.effect == removal(ChatId(turn.target), *dict.fromkeys(together))
        assert len(together) <= DELETED_AT_ONCE
        assert all(item.attempts == 0 for item in turn.items[1:])

    def _check_limits(self, turn: Turn) -> None:
        if not isinstance(turn.effect, SendPrivateNotice | SendGroupNotice):
            return
        self.sent.append((self.now, turn.target))
        limits = TELEGRAM_LIMITS
        assert self._sent_within(limits.overall.period) <= limits.overall.limit
        assert self._sent_within(limits.chat.period, turn.target) <= limits.chat.limit
        if turn.target < 0:
            assert self._sent_within(limits.group.period, turn.target) <= limits.group.limit

    def _sent_within(self, period: float, target: int | None = None) -> int:
        since = self.now - period + JITTER
        return sum(when > since and target in (None, to) for when, to in self.sent)

    def _nothing_more_may_go(self, name: LaneName) -> None:
        """What can go goes, and the lane knows when there will be more: no sooner than now."""
        lane = self.lanes[name]
        wakes = lane.wakes_at(at(self.now))
        assert wakes is None or wakes > at(self.now), "the sender would go round in circles"
        if len(self.busy[name]) == AT_ONCE[name]:
            return
        heads = self._heads(name)
        if heads:
            assert wakes is not None, "something waits, and nobody would come for it"
        if name is LaneName.MODERATE:
            assert not any(map(self._is_due, heads.values())), "a chat is held up by another"

    @invariant()
    def every_effect_waits_is_on_its_way_or_is_done(self):
        on_their_way: list[int] = [
            item.id for turns in self.busy.values() for t in turns.values() for item in t.items
        ]
        still: list[int] = [
            i.id for lines in self.waits.values() for items in lines.values() for i in items
        ]
        assert sorted(self.done + on_their_way + still) == self.added
        assert sum(map(len, self.lanes.values())) == len(still)
        for name, lane in self.lanes.items():
            assert lane.idle == (not self.busy[name])

    def teardown(self) -> None:
        """Whatever happened: from here everything goes, in the time that the limits ask for."""
        for _ in range(10_000):
            for name in self.lanes:
                self.let_go(name)
                for target in list(self.busy[name]):
                    turn = self.busy[name].pop(target)
                    self.lanes[name].finish(target)
                    self.done += [item.id for item in turn.items]
                self.let_go(name)
            moments = [w for lane in self.lanes.values() if (w := lane.wakes_at(at(self.now)))]
            if not moments and not any(self.busy.values()):
                break
            if moments:
                self.now = max(self.now, min(moments) - NOON.timestamp())
        assert sorted(self.done) == self.added


Lanes.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    # Making a long day shorter takes minutes, and the broken rule is named either way.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
test_lanes_when_chance_plays_everything = Lanes.TestCase


# --- the same by example -----------------------------------------------------------------------


def turns(lane: Lane, now: float = 0.0) -> list[list[int]]:
    """The numbers of what goes now, a list for each call."""
    found: list[list[int]] = []
    while (turn := lane.next_turn(at(now))) is not None:
        found.append([item.id for item in turn.items])
    return found


def test_removals_when_they_wait_behind_a_call_then_go_together_a_hundred_at_a_time():
    lane = Lane(at_once=8)
    for number in range(1, 252):
        lane.add(waiting(number, removal(GROUPS[0], number)))

    sizes = []
    while turn := lane.next_turn(at(0)):
        sizes.append(len(turn.effect.messages))  # type: ignore[union-attr]
        lane.finish(GROUPS[0])

    assert sizes == [100, 100, 51]


def test_removal_when_something_else_of_the_chat_stands_between_then_does_not_pass_it():
    lane = Lane(at_once=8)
    lane.add(waiting(1, removal(GROUPS[0], 1)))
    lane.add(waiting(2, LockGroup(chat=GROUPS[0])))
    lane.add(waiting(3, removal(GROUPS[0], 2)))

    found = []
    while turn := lane.next_turn(at(0)):
        found.append([item.id for item in turn.items])
        lane.finish(GROUPS[0])

    assert found == [[1], [2], [3]]


def test_removal_when_it_failed_before_then_goes_alone_and_spoils_no_other():
    lane = Lane(at_once=8)
    lane.add(waiting(1, removal(GROUPS[0], 1), attempts=1))
    lane.add(waiting(2, removal(GROUPS[0], 2)))
    lane.add(waiting(3, removal(GROUPS[0], 3), attempts=2))

    found = []
    while turn := lane.next_turn(at(0)):
        found.append([item.id for item in turn.items])
        lane.finish(GROUPS[0])

    assert found == [[1, 2], [3]]


def test_chat_when_it_is_held_then_holds_up_no_other():
    lane = Lane(at_once=8)
    lane.add(waiting(1, removal(GROUPS[0], 1), due=30))
    lane.add(waiting(2, removal(GROUPS[1], 2)))

    assert turns(lane) == [[2]]
    assert lane.wakes_at(at(0)) == at(30)
    assert turns(lane, 29.9) == []
    assert turns(lane, 30) == [[1]]


def test_urgent_effect_when_it_comes_later_then_goes_before_what_waits():
    lane = Lane(at_once=8)
    lane.add(waiting(1, PinMessage(chat=GROUPS[0], message=MessageId(7))))
    lane.add(waiting(2, PinMessage(chat=GROUPS[1], message=MessageId(7))))
    lane.add(waiting(3, LockGroup(chat=GROUPS[0])))

    assert turns(lane) == [[3], [2]]


def test_lane_when_full_then_starts_nothing_until_a_call_has_ended():
    lane = Lane(at_once=2)
    for number, chat in enumerate(GROUPS, 1):
        lane.add(waiting(number, LockGroup(chat=chat)))

    assert turns(lane) == [[1], [2]]
    assert lane.wakes_at(at(0)) is None
    lane.finish(GROUPS[0])
    assert turns(lane) == [[3]]


def test_fan_out_when_it_is_long_then_comes_near_the_limit_and_never_over_it():
    lane = lanes_of(TELEGRAM_LIMITS)[LaneName.WRITE]
    for number in range(1, 601):
        lane.add(waiting(number, private(UserId(6_000_000_000 + number))))

    now = 0.0
    gone: list[float] = []
    while len(gone) < 600:
        while (turn := lane.next_turn(at(now))) is not None:
            gone.append(now)
            lane.leave(turn, at(now))
            lane.finish(turn.target)
        now = (lane.wakes_at(at(now)) or at(now)) - NOON.timestamp()

    busiest = max(sum(start <= when < start + 1 for when in gone) for start in gone)
    assert busiest == TELEGRAM_LIMITS.overall.limit
    assert gone[-1] < 600 / TELEGRAM_LIMITS.overall.limit * 1.05


@pytest.mark.parametrize("chats", [FLOODED_CHATS_THAT_MEAN_ALL - 1, FLOODED_CHATS_THAT_MEAN_ALL])
def test_lane_when_telegram_asks_for_peace_in_several_chats_then_leaves_all_in_peace(chats):
    lane = Lane(at_once=8)
    for number, chat in enumerate(GROUPS[:chats], 1):
        lane.add(waiting(number, removal(chat, number), due=5))
        lane.flooded(chat, at(0), at(5))
    lane.add(waiting(9, removal(GROUPS[-1], 9)))

    held = chats == FLOODED_CHATS_THAT_MEAN_ALL
    assert turns(lane) == ([] if held else [[9]])
    assert sorted(turns(lane, 5)) == [[n] for n in range(1, chats + 1)] + ([[9]] if held else [])


def test_lane_when_one_chat_is_flooded_for_long_and_others_shortly_then_waits_the_short_time():
    """One chat's hour is that chat's; what they have in common is the bot's."""
    lane = Lane(at_once=8)
    for chat, seconds in zip(GROUPS, (3600, 5, 5), strict=False):
        lane.flooded(chat, at(0), at(seconds))
    lane.add(waiting(9, removal(GROUPS[-1], 9)))

    assert turns(lane, 4.9) == []
    assert turns(lane, 5) == [[9]]
