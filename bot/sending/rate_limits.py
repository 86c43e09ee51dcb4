"""How fast Telegram may be called: sliding windows, told the time, without a clock of their own.

A window remembers its last calls, and lets the next one go when a period has passed since the
first of them arrived. When that was, nobody tells; but surely not after it was answered, and hardly
ever later than a jitter after it went out: a fixed one, and as much as its own answer took longer
than others did. The earlier of the two counts. Times are seconds of any clock; when it is
set back, counting starts anew. Nothing here sleeps or sends.
"""

from collections import OrderedDict, deque
from collections.abc import Collection
from dataclasses import dataclass

JITTER_SECONDS = 0.03
"""How much closer to each other two calls may arrive than they left (measured: 20 ms)."""

ROUND_TRIPS = 100
"""Answers by which a jitter greater than that is noticed: on a bad line, or a busy machine."""


class Call:
    """A call that went out: it arrived at ``by`` at the latest."""

    __slots__ = ("_left", "_margin", "_round_trips", "by")

    def __init__(self, left: float, margin: float, round_trips: deque[float]) -> None:
        self._left = left
        self._margin = margin
        self._round_trips = round_trips
        self.by = left + jitter(round_trips, margin)

    def answered(self, now: float) -> None:
        """Its answer is there, so it has arrived: later than usual by what its answer took longer.

        On a machine that stands still for a moment, that is more than any jitter of the past.
        """
        took = now - self._left
        self._round_trips.append(took)
        late = self._margin + took - min(self._round_trips)
        self.by = min(now, self._left + late)


def jitter(round_trips: Collection[float], margin: float) -> float:
    """How far apart ways may take: no more than whole round trips differ."""
    if not round_trips:
        return margin
    return max(margin, max(round_trips) - min(round_trips))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most ``limit`` calls in any ``period`` of seconds."""

    limit: int
    period: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RateProfile:
    """The limits of one bot: ``chat`` for each chat, for a ``group`` besides, and ``overall``."""

    chat: Rate
    group: Rate
    overall: Rate
    margin: float = JITTER_SECONDS


# "avoid sending more than one message per second", "bots are not be able to send more than 20
# messages per minute" in a group, "about 30 messages per second":
# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
TELEGRAM_LIMITS = RateProfile(
    chat=Rate(limit=1, period=1.0),
    group=Rate(limit=20, period=60.0),
    overall=Rate(limit=30, period=1.0),
)


class Window:
    """At most ``limit`` calls in any ``period``, also if each is ``margin`` late on its way."""

    __slots__ = ("_last", "_limit", "_margin", "_period", "_round_trips", "_taken")

    def __init__(self, limit: int, period: float, margin: float = JITTER_SECONDS) -> None:
        self._limit = limit
        self._period = period
        self._margin = margin
        self._last = float("-inf")
        self._taken: deque[Call] = deque(maxlen=limit)
        self._round_trips: deque[float] = deque(maxlen=ROUND_TRIPS)

    def earliest(self, now: float, ahead: int = 0) -> float:
        """When the next call may go, after ``ahead`` others: ``now``, or a moment after it."""
        if self._taken and self._last > now:
            # Somebody set the machine's clock back: what was counted says nothing any more.
            self._taken.clear()
        place = len(self._taken) + ahead - self._limit
        if place < 0:
            return now
        if place >= len(self._taken):
            # Behind calls that have not left yet: a period after them, whenever that is.
            return now + self._period
        return max(now, self._taken[place].by + self._period)

    def take(self, now: float) -> Call:
        """A call goes out. Taking what is not yet free is a fault of the caller."""
        if self.earliest(now) > now:
            raise ValueError("taken before it was free")
        call = Call(now, self._margin, self._round_trips)
        self._taken.append(call)
        self._last = now
        return call

    def idle_from(self) -> float:
        """From when on the window remembers nothing that matters."""
        return self._last + jitter(self._round_trips, self._margin) + self._period


class ChatBudget:
    """What one chat may get: every chat by the second, a group by the minute too."""

    __slots__ = ("_windows",)

    def __init__(self, profile: RateProfile, *, is_group: bool) -> None:
        rates = (profile.chat, profile.group) if is_group else (profile.chat,)
        self._windows = tuple(Window(rate.limit, rate.period, profile.margin) for rate in rates)

    def earliest(self, now: float) -> float:
        """When the next call may go: ``now``, or a moment after it."""
        return max(window.earliest(now) for window in self._windows)

    def take(self, now: float) -> tuple[Call, ...]:
        """A call goes out."""
        return tuple(window.take(now) for window in self._windows)

    def idle_from(self) -> float:
        """From when on this budget is the same as a new one."""
        return max(window.idle_from() for window in self._windows)


class RateLimits:
    """The limits of one bot, over all its chats. Chats that have been quiet are forgotten."""

    __slots__ = ("_budgets", "_overall", "_profile")

    def __init__(self, profile: RateProfile = TELEGRAM_LIMITS) -> None:
        self._profile = profile
        self._overall = Window(profile.overall.limit, profile.overall.period, profile.margin)
        # In the order of their last call, so that the quiet ones are found in front.
        self._budgets: OrderedDict[tuple[int, bool], ChatBudget] = OrderedDict()

    def __len__(self) -> int:
        """How many chats are remembered: at most those called within the longest period."""
        return len(self._budgets)

    def earliest(self, chat: int, is_group: bool, now: float) -> float:  # noqa: FBT001 -- a fact, not a mode
        """When a call to ``chat`` may go: ``now``, or a moment after it."""
        budget = self._budgets.get((chat, is_group))
        overall = self._overall.earliest(now)
        return overall if budget is None else max(overall, budget.earliest(now))

    def earliest_at_all(self, now: float, ahead: int = 0) -> float:
        """When a call to any chat may go, after ``ahead`` others: ``now``, or a moment after it."""
        return self._overall.earliest(now, ahead)

    def take(self, chat: int, is_group: bool, now: float) -> tuple[Call, ...]:  # noqa: FBT001 -- a fact, not a mode
        """A call to ``chat`` goes out. Taking what is not yet free is a fault of the caller.

        Whoever makes it says of each of these when it has been answered.
        """
        if self.earliest(chat, is_group, now) > now:
            raise ValueError("taken before it was free")
        overall = self._overall.take(now)
        key = (chat, is_group)
        if key not in self._budgets:
            self._budgets[key] = ChatBudget(self._profile, is_group=is_group)
        own = self._budgets[key].take(now)
        self._budgets.move_to_end(key)
        self._forget_quiet(now)
        return (overall, *own)

    def _forget_quiet(self, now: float) -> None:
        while self._budgets and next(iter(self._budgets.values())).idle_from() <= now:
            self._budgets.popitem(last=False)
