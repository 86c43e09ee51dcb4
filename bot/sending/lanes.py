"""In which order, and when, effects may go: pure, with the time as a parameter.

A lane holds what waits for one kind of work. Within a lane the most urgent goes first; for one
chat one call is on its way at a time, in order; an effect that must wait (Telegram asked for it,
or it failed in passing) holds up its own chat and no other. Lanes never wait for one another,
so the removal of a message is as fast during a fan-out as without one.
"""

import heapq
from dataclasses import dataclass, field, replace

from bot.policy.effects import (
    DELETED_AT_ONCE,
    DeleteMessages,
    Effect,
    InspectGroup,
    PrivateEffect,
)
from bot.policy.ids import ChatId, MessageId
from bot.sending.gates import Gate, OpenGate
from storage.outbox import Waiting

FLOODED_CHATS_THAT_MEAN_ALL = 3
"""A 429 does not say whether it is about the chat or about the bot. In so many chats at a time it
is about the bot, and asking on in others would only make the wait longer."""


def target_of(effect: Effect) -> int:
    """Telegram's id of the chat or account that an effect is for."""
    return effect.user if isinstance(effect, PrivateEffect) else effect.chat


def for_chat(effect: Effect, chat: ChatId) -> Effect:
    """The same effect for the group's new chat id."""
    return effect if isinstance(effect, PrivateEffect) else replace(effect, chat=chat)


@dataclass(slots=True)
class _Line:
    """What waits for one chat, most urgent first."""

    target: int
    waiting: list[tuple[int, int, Waiting]] = field(default_factory=list)
    busy: bool = False

    @property
    def head(self) -> Waiting:
        return self.waiting[0][2]


@dataclass(frozen=True, slots=True)
class Turn:
    """What goes now: usually one effect, or several removals of one chat as one call."""

    target: int
    items: tuple[Waiting, ...]

    @property
    def effect(self) -> Effect:
        """The effect to perform; removals that go together are one."""
        first = self.items[0].effect
        if len(self.items) == 1 or not isinstance(first, DeleteMessages):
            return first
        together = {message: None for item in self.items for message in _messages(item)}
        return replace(first, messages=tuple(together))


class Lane:
    """What waits for one kind of work.

    ``gate`` says when the rate limits let a call go.
    """

    def __init__(self, *, at_once: int, keeps_order: bool = True, gate: Gate | None = None) -> None:
        """Make an empty lane with at most ``at_once`` calls on their way."""
        self._gate = gate or OpenGate()
        self._at_once = at_once
        self._keeps_order = keeps_order
        self._lines: dict[int, _Line] = {}
        self._ready: list[tuple[int, int, int]] = []
        self._later: list[tuple[float, int]] = []
        self._planned: list[tuple[float, int, Waiting]] = []
        self._aside: list[tuple[float, int, Waiting]] = []
        self._on_their_way = 0
        self._flooded: dict[int, float] = {}
        self._held_until = 0.0
        self._last_seen = 0.0

    def __len__(self) -> int:
        """How many effects wait, without those on their way."""
        in_line = sum(len(line.waiting) for line in self._lines.values())
        return in_line + len(self._planned) + len(self._aside)

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return self._on_their_way == 0

    def add(self, item: Waiting) -> None:
        """Let an effect wait for its turn; one that is planned holds up nothing until it is due.

        Neither does one that failed in passing, unless the lane keeps the order of a chat: a group
        is left only after what is still to be said there, but a removal that keeps failing must
        not hold up the lock.
        """
        if item.flooded:
            self._flooded[target_of(item.effect)] = item.due_at.timestamp()
        entry = (item.due_at.timestamp(), item.id, item)
        if _is_planned(item):
            heapq.heappush(self._planned, entry)
        elif item.attempts and not item.flooded and not self._keeps_order:
            heapq.heappush(self._aside, entry)
        else:
            self._line_up(item)

    def _line_up(self, item: Waiting) -> None:
        target = target_of(item.effect)
        line = self._lines.setdefault(target, _Line(target))
        heapq.heappush(line.waiting, (item.effect.priority, item.id, item))
        self._offer(line)

    def flooded(self, target: int, now: float, until: float) -> None:
        """Telegram asked to wait until a moment with this chat; often enough, with all of them."""
        self._flooded = {t: moment for t, moment in self._flooded.items() if moment > now}
        self._flooded[target] = until
        if len(self._flooded) >= FLOODED_CHATS_THAT_MEAN_ALL:
            # The least of them: one chat's hour is its own, only what they share is the bot's.
            self._held_until = min(self._flooded.values())

    def next_turn(self, now: float) -> Turn | None:
        """What may go now; the caller tells :meth:`finish` when it is done."""
        self._notice_the_clock(now)
        if self._on_their_way >= self._at_once or now < self._held_until:
            return None
        self._wake_lines(now)
        while self._ready and self._gate.earliest_at_all(now) <= now:
            line = self._first_ready()
            if line is None:
                continue
            when = self._may_go_at(line, now)
            if when > now:
                heapq.heappush(self._later, (when, line.target))
                continue
            return self._start(line, now)
        return None

    def _notice_the_clock(self, now: float) -> None:
        """A clock that is set back must not make a wait of seconds one of hours."""
        if now < self._last_seen:
            self._flooded.clear()
            self._held_until = 0.0
        self._last_seen = now

    def leave(self, turn: Turn, now: float) -> float:
        """The call of a turn leaves now and is counted, or may leave at the moment answered."""
        return self._gate.leave(turn.effect, turn.target, now)

    def answered(self, target: int, now: float) -> None:
        """What left for this chat has been answered."""
        self._gate.answered(target, now)

    def finish(self, target: int) -> None:
        """The turn of this chat is over; its next may go."""
        self._gate.release(target)
        line = self._lines[target]
        line.busy = False
        self._on_their_way -= 1
        if line.waiting:
            self._offer(line)
        else:
            del self._lines[target]

    def wakes_at(self, now: float) -> float | None:
        """When something may go that may not yet; ``None`` if only :meth:`finish` can tell."""
        if self._on_their_way >= self._at_once:
            return None
        moments = [max(self._planned[0][0], self._held_until)] if self._planned else []
        if (held_up := self.held_up_until(now)) is not None:
            moments.append(held_up)
        return min(moments, default=None)

    def held_up_until(self, now: float) -> float | None:
        """When something may go that a limit or trouble holds up: not what is planned for later."""
        if self._on_their_way >= self._at_once:
            return None
        moments = [heap[0][0] for heap in (self._later, self._aside) if heap]
        if self._ready:
            moments.append(self._gate.earliest_at_all(now))
        if self._planned and self._planned[0][0] <= now:
            moments.append(now)
        return max(min(moments), self._held_until) if moments else None

    def _offer(self, line: _Line) -> None:
        if not line.busy:
            priority, number, _ = line.waiting[0]
            heapq.heappush(self._ready, (priority, number, line.target))

    def _wake_lines(self, now: float) -> None:
        for heap in (self._planned, self._aside):
            while heap and heap[0][0] <= now:
                self._line_up(heapq.heappop(heap)[2])
        while self._later and self._later[0][0] <= now:
            _, target = heapq.heappop(self._later)
            line = self._lines.get(target)
            if line is not None and line.waiting:
                self._offer(line)

    def _first_ready(self) -> _Line | None:
        """The most urgent line; an offer that no longer holds is dropped and answers ``None``."""
        _, number, target = heapq.heappop(self._ready)
        line = self._lines.get(target)
        stale = line is None or line.busy or not line.waiting or line.head.id != number
        return None if stale else line

    def _may_go_at(self, line: _Line, now: float) -> float:
        head = line.head
        return max(
            head.due_at.timestamp(),
            self._flooded.get(line.target, 0.0),
            self._gate.earliest(head.effect, line.target, now),
        )

    def _start(self, line: _Line, now: float) -> Turn:
        _, _, item = heapq.heappop(line.waiting)
        items = [item]
        if isinstance(item.effect, DeleteMessages):
            items += self._removals_that_can_go_along(line, len(item.effect.messages))
        self._gate.reserve(item.effect, line.target, now)
        line.busy = True
        self._on_their_way += 1
        return Turn(line.target, tuple(items))

    def _removals_that_can_go_along(self, line: _Line, count: int) -> list[Waiting]:
        """Removals that waited behind a call on its way: together they cost one call."""
        along = []
        while line.waiting and isinstance(line.head.effect, DeleteMessages):
            count += len(line.head.effect.messages)
            if count > DELETED_AT_ONCE or line.head.attempts:
                break
            along.append(heapq.heappop(line.waiting)[2])
        return along


def _is_planned(item: Waiting) -> bool:
    effect = item.effect
    return isinstance(effect, InspectGroup) and effect.not_before is not None and not item.attempts


def _messages(item: Waiting) -> tuple[MessageId, ...]:
    return item.effect.messages if isinstance(item.effect, DeleteMessages) else ()
