"""Telegram's flood limits, off unless asked for.

The numbers are those of Telegram's FAQ ("about"): 30 messages a second in all, 20 a minute in one
group, one a second in one chat. "Avoid sending more than one a second" tolerates short bursts: here
a chat has room for `BURST` messages at once, which refills at one a second. Time is the sandbox's.
"""

from collections import deque
from typing import Final

from bot.sandbox.clock import SandboxClock

OVERALL: Final = 30
GROUP_MINUTE: Final = 20
BURST: Final = 3
_SENDING_PREFIXES: Final = ("send", "edit", "copy", "forward")


class Limiter:
    """Counts what the bot sends and says how long it must wait."""

    def __init__(self, clock: SandboxClock, *, on: bool = False) -> None:
        """Start with all windows empty."""
        self.on = on
        self._clock = clock
        self._second: deque[float] = deque()
        self._minutes: dict[object, deque[float]] = {}
        self._buckets: dict[object, tuple[float, float]] = {}

    @staticmethod
    def counts(method: str) -> bool:
        """Tell whether a method counts as sending: edits do; reading, deleting, typing do not."""
        name = method.lower()
        return name.startswith(_SENDING_PREFIXES) and name != "sendchataction"

    def wait(self, chat_id: object) -> tuple[int, str] | None:
        """Count one message to `chat_id`, or return (seconds to wait, which limit)."""
        now = self._clock.now().timestamp()
        _forget(self._second, now - 1)
        if len(self._second) >= OVERALL:
            return 1, "30 messages a second in all"
        minute = self._minutes.setdefault(chat_id, deque())
        is_group = isinstance(chat_id, int) and chat_id < 0
        _forget(minute, now - 60)
        if is_group and len(minute) >= GROUP_MINUTE:
            return max(1, int(minute[0] + 60 - now) + 1), "20 messages a minute in a group"
        room, since = self._buckets.get(chat_id, (float(BURST), now))
        room = min(float(BURST), room + now - since)
        if room < 1:
            return 1, "one message a second in a chat"
        self._buckets[chat_id] = (room - 1, now)
        self._second.append(now)
        minute.append(now)
        return None


def _forget(window: deque[float], before: float) -> None:
    while window and window[0] <= before:
        window.popleft()
