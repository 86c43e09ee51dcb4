"""Waiting until the bot has come to rest, for the demonstration and for tests: nowhere else.

Nobody guesses a pause. What was set in motion is at rest when Telegram holds no update, the ledger
records nothing and the sender has nothing that may go; where only a limit of Telegram's holds
something up, time is moved on.
"""

import asyncio
from collections.abc import Callable

from bot.clock import Clock
from bot.sending.sender import Sender
from storage.ledger import Ledger

PATIENCE = 20.0
"""Seconds after which a world that does not come to rest has failed."""

CALM = 3
"""How often in a row the world must be found at rest."""

SHORT_WAIT = 61.0
"""Seconds: what Telegram's limits on messages may hold up. Longer waits are for others to end."""


async def come_to_rest(
    *,
    ledger: Ledger,
    sender: Sender,
    clock: Clock,
    has_updates: Callable[[], bool],
    advance: Callable[[float], None],
) -> None:
    """Wait until every update is recorded and every effect has gone, or waits for longer.

    ``has_updates``: whether Telegram still holds any. ``advance`` moves every clock by seconds.
    Raises ``TimeoutError`` after ``PATIENCE`` seconds.
    """

    def until_rest() -> float | None:
        """Seconds until something may go; 0 while something goes on; ``None`` when all is done."""
        if has_updates() or not ledger.idle:
            return 0
        moment = sender.rests_until()
        return None if moment is None else max(0, moment - clock.now().timestamp())

    async with asyncio.timeout(PATIENCE):
        calm = 0
        while calm < CALM:
            wait = until_rest()
            if wait is not None and 0 < wait < SHORT_WAIT:
                advance(wait)
            calm = calm + 1 if wait is None or wait >= SHORT_WAIT else 0
            await asyncio.sleep(0.002)  # noqa: TID251 (lets the bot work; nothing hangs on its length)
