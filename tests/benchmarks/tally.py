"""What the server counts while a bot works: fed, deleted, and how long each deletion took."""

import math
import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tests.benchmarks.world import Json


def percentile(ordered: list[float], share: float) -> float | None:
    """The nearest-rank percentile of an ordered list; None without values or when it is endless."""
    if not ordered:
        return None
    value = ordered[max(math.ceil(share * len(ordered)) - 1, 0)]
    return None if math.isinf(value) else value


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counted since the last `mark`. Times are `time.monotonic()`, the same in every process."""

    fed: int = 0
    first_fed_at: float | None = None
    deleted: int = 0
    last_deleted_at: float | None = None
    already_gone: int = 0
    polls: int = 0
    first_poll_at: float | None = None
    last_call_at: float | None = None
    latencies: list[float] = field(default_factory=list)
    feed_lags: list[float] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    chats: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def note_fed(self, number: int, at: float) -> None:
        """`number` unwanted messages became available to the bot."""
        self.fed += number
        if self.first_fed_at is None:
            self.first_fed_at = at

    def note_deleted(self, born: float, at: float) -> None:
        """An unwanted message that became available at `born` was deleted."""
        self.deleted += 1
        self.last_deleted_at = at
        self.latencies.append(at - born)

    def note_poll(self, at: float) -> None:
        """`getUpdates` was called."""
        self.polls += 1
        if self.first_poll_at is None:
            self.first_poll_at = at

    def note_call(self, method: str, chat_id: int | None, at: float) -> None:
        """Any other method was called."""
        self.calls[method] += 1
        self.last_call_at = at
        if chat_id is not None:
            self.chats[method].add(chat_id)

    def report(self, now: float) -> Json:
        """Everything, as JSON. A message never deleted took endless: a percentile may be null."""
        endless = [math.inf] * (self.fed - self.deleted)
        ordered = sorted(self.latencies) + endless
        return {
            "fed": self.fed,
            "first_fed_at": self.first_fed_at,
            "deleted": self.deleted,
            "last_deleted_at": self.last_deleted_at,
            "already_gone": self.already_gone,
            "polls": self.polls,
            "first_poll_at": self.first_poll_at,
            "idle_s": None if self.last_call_at is None else now - self.last_call_at,
            "p50_s": percentile(ordered, 0.50),
            "p99_s": percentile(ordered, 0.99),
            "feed_lag_p99_s": percentile(sorted(self.feed_lags), 0.99),
            "feed_lag_mean_s": statistics.fmean(self.feed_lags) if self.feed_lags else None,
            "calls": dict(self.calls),
            "chats": {method: sorted(chats) for method, chats in self.chats.items()},
        }
