"""When a call of a lane may leave: Telegram's limits, counted at the moment at which it leaves.

An effect takes its turn when a call could go, and then is marked, read and drawn; that takes some
milliseconds, more on a busy machine. So its place is only reserved at its turn, and the call itself
passes the gate right before it leaves. Counted earlier, calls that waited together for the database
would leave in one moment. And its turn comes as much earlier as getting ready took of late, so that
the call stands at the gate when it opens; no earlier, because what has been marked when the process
dies is shown as unknown, whether it had left or not.
"""

from collections import deque
from typing import Protocol

from bot.policy.effects import (
    EditAnnouncement,
    Effect,
    PrivateEffect,
    SendAnnouncement,
    SendGroupNotice,
    SetCommandMenu,
)
from bot.sending.rate_limits import Call, RateLimits, Window

REMEMBERED = 30
"""Turns of which it is remembered how long they took to get ready: those of a second."""

LONGEST_LEAD = 0.25
"""Seconds: however long getting ready takes, few are marked that do not leave yet."""


def counts_as_message(effect: Effect) -> bool:
    """Whether Telegram's limits on messages count it."""
    is_message = isinstance(
        effect, PrivateEffect | SendGroupNotice | SendAnnouncement | EditAnnouncement
    )
    return is_message and not isinstance(effect, SetCommandMenu)


class Gate(Protocol):
    """Times are seconds of one clock. Of one target at most one call is on its way."""

    def earliest_at_all(self, now: float) -> float:
        """When a turn of any target may begin: ``now``, or a moment after it."""

    def earliest(self, effect: Effect, target: int, now: float) -> float:
        """When a turn for this target may begin: ``now``, or a moment after it."""

    def reserve(self, effect: Effect, target: int, now: float) -> None:
        """A turn begins: its call will come to the gate."""

    def leave(self, effect: Effect, target: int, now: float) -> float:
        """A call leaves now and is counted, or may leave at the moment that is answered."""

    def answered(self, target: int, now: float) -> None:
        """The calls to this target have been answered."""

    def release(self, target: int) -> None:
        """The turn of this target is over, whether a call left or not."""


class OpenGate:
    """No limit: removals and the lock go as fast as Telegram takes them."""

    def earliest_at_all(self, now: float) -> float:
        """Now."""
        return now

    def earliest(self, _effect: Effect, _target: int, now: float) -> float:
        """Now."""
        return now

    def reserve(self, effect: Effect, target: int, now: float) -> None:
        """Nothing is counted."""

    def leave(self, _effect: Effect, _target: int, now: float) -> float:
        """Now."""
        return now

    def answered(self, target: int, now: float) -> None:
        """Nothing is counted."""

    def release(self, target: int) -> None:
        """Nothing is counted."""


class LookGate(OpenGate):
    """A budget of its own for looks, by turns: a look is several reads, none of them a message."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def earliest_at_all(self, now: float) -> float:
        """When the next look may begin."""
        return self._window.earliest(now)

    def earliest(self, _effect: Effect, _target: int, now: float) -> float:
        """The same for every group."""
        return self._window.earliest(now)

    def reserve(self, _effect: Effect, _target: int, now: float) -> None:
        """Counted when its turn begins."""
        self._window.take(now)


class MessageGate:
    """Telegram's limits on messages: in all, for each chat, and for each group by the minute."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits
        self._reserved: set[int] = set()
        self._begun: dict[int, float] = {}
        self._getting_ready: deque[float] = deque(maxlen=REMEMBERED)
        self._calls: dict[int, list[Call]] = {}

    def earliest_at_all(self, now: float) -> float:
        """When one more may begin after those that are on their way to the gate."""
        opens = self._limits.earliest_at_all(now, ahead=len(self._reserved))
        return max(now, opens - self._lead)

    def earliest(self, effect: Effect, target: int, now: float) -> float:
        """When this chat may get one more, and one more may go."""
        if not counts_as_message(effect):
            return now
        opens = self._limits.earliest(target, target < 0, now)
        return max(self.earliest_at_all(now), opens - self._lead)

    @property
    def _lead(self) -> float:
        """How much earlier than its call a turn begins, in seconds."""
        return min(LONGEST_LEAD, max(self._getting_ready, default=0.0))

    def reserve(self, effect: Effect, target: int, now: float) -> None:
        """Keep a place for it."""
        if counts_as_message(effect):
            self._reserved.add(target)
            self._begun[target] = now

    def leave(self, effect: Effect, target: int, now: float) -> float:
        """Count it if it may go now."""
        if not counts_as_message(effect):
            return now
        if (begun := self._begun.pop(target, None)) is not None:
            self._getting_ready.append(now - begun)
        moment = self._limits.earliest(target, target < 0, now)
        if moment <= now:
            self._reserved.discard(target)
            self._calls.setdefault(target, []).extend(self._limits.take(target, target < 0, now))
        return max(moment, now)

    def answered(self, target: int, now: float) -> None:
        """Its calls have arrived by now."""
        for call in self._calls.pop(target, ()):
            call.answered(now)

    def release(self, target: int) -> None:
        """Give back a place that was not used."""
        self._reserved.discard(target)
        self._begun.pop(target, None)
        self._calls.pop(target, None)
