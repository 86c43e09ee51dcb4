"""Telegram's time in the sandbox: a clock that tests and the sandbox page can move.

Nothing in the sandbox may ask the operating system for the time except through this clock,
because message ages, the 48 hours of deletion and the 24 hours of the update queue hang on it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Real time plus an offset; with `frozen=True` it stands still until it is moved."""

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        """Start at `start` (aware) or at the present moment."""
        real = datetime.now(UTC)
        self._listeners: list[Callable[[datetime], None]] = []
        self._frozen_at: datetime | None = _aware(start or real) if frozen else None
        self._offset = _aware(start) - real if start is not None else timedelta()

    @property
    def frozen(self) -> bool:
        """Whether the clock only moves when told to."""
        return self._frozen_at is not None

    def now(self) -> datetime:
        """Return the sandbox's present moment, aware, in UTC."""
        if self._frozen_at is not None:
            return self._frozen_at
        return datetime.now(UTC) + self._offset

    def unix(self) -> int:
        """Return the present moment as Telegram writes it: whole seconds since 1970."""
        return int(self.now().timestamp())

    def advance(self, seconds: float) -> None:
        """Move the clock forward by `seconds`, or back by a negative number."""
        self.set(self.now() + timedelta(seconds=seconds))

    def set(self, moment: datetime) -> None:
        """Put the clock at `moment` (aware) and tell the listeners."""
        moment = _aware(moment)
        if self._frozen_at is not None:
            self._frozen_at = moment
        else:
            self._offset = moment - datetime.now(UTC)
        for listener in tuple(self._listeners):
            listener(moment)

    def on_change(self, callback: Callable[[datetime], None]) -> None:
        """Call `callback(now)` after every jump of the clock (not as real time passes)."""
        self._listeners.append(callback)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        msg = "the sandbox clock takes aware datetimes only"
        raise ValueError(msg)
    return moment.astimezone(UTC)
