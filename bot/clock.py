"""The bot's only source of time, so that tests and the demonstration can move it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """The machine's clock plus an offset, which is zero in a school.

    Who waits for a moment subscribes with :meth:`on_shift`, and looks again when time jumps.
    """

    def __init__(self, offset: timedelta = timedelta()) -> None:
        """Start ``offset`` away from the machine's clock."""
        self._offset = offset
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def on_shift(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever time jumps."""
        self._listeners.append(listener)

    def advance(self, by: timedelta) -> None:
        """Jump ahead; negative jumps back, as when a machine's clock is set."""
        self._offset += by
        for listener in self._listeners:
            listener()
