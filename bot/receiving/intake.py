"""Receiving updates: an own long-polling loop that acknowledges only what has been recorded.

Telegram keeps an update until a later poll names a higher offset. The loop names it only when every
update of the batch is in the database, so a crash at any moment means that Telegram delivers
again, and ``seen_updates`` makes that harmless. Each update is parsed and handled by itself: one
that cannot be goes to ``dead_letters`` and holds up nothing behind it.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.policy.decision import Decision
from bot.policy.events import UpdateSetAside
from bot.policy.ids import UpdateId
from bot.policy.known import Known
from bot.policy.rules import Rule
from storage.ledger import Ledger, SetAside, StorageUnavailableError, Unit

log = structlog.get_logger()

ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "channel_post",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "callback_query",
)
"""Named in every poll: left out, Telegram keeps what was asked for last (Bot API: getUpdates)."""

POLL_SECONDS = 30
"""How long Telegram holds a poll when there is nothing. It allows at most 50."""

POLL_LIMIT = 100
"""Updates in one answer: the most that Telegram gives."""

READ_MARGIN = 10
"""Seconds beyond ``POLL_SECONDS`` before an answer counts as lost."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between tries when Telegram or the database cannot: doubled each time."""


class PollingBot(ExtBot[None]):
    """python-telegram-bot's bot, with updates as Telegram sent them.

    The library's ``get_updates`` parses a batch as a whole: one update that it cannot read makes it
    ask for the same batch for ever.
    """

    async def raw_updates(self, offset: int | None) -> object:
        """Poll once (Bot API: getUpdates). Raises ``TelegramError``."""
        data: dict[str, Any] = {
            "timeout": POLL_SECONDS,
            "limit": POLL_LIMIT,
            "allowed_updates": list(ALLOWED_UPDATES),
        }
        if offset is not None:
            data["offset"] = offset
        answer: object = await self._post(
            "getUpdates", data, read_timeout=POLL_SECONDS + READ_MARGIN
        )
        return answer


@dataclass(slots=True)
class Backoff:
    """A pause that doubles until something succeeds."""

    pause: float = FIRST_PAUSE

    def next(self) -> float:
        """Seconds to wait now."""
        now, self.pause = self.pause, min(self.pause * 2, LONGEST_PAUSE)
        return now

    def reset(self) -> None:
        """It worked."""
        self.pause = FIRST_PAUSE


class Intake:
    """Polls, hands each update to ``dispatch``, and moves the offset when all are recorded."""

    def __init__(
        self,
        *,
        bot: PollingBot,
        ledger: Ledger,
        dispatch: Callable[[Update], Awaitable[None]],
        on_poll: Callable[[], Awaitable[None]],
    ) -> None:
        """Prepare the loop; ``on_poll`` hears of each poll that Telegram answered."""
        self._bot = bot
        self._ledger = ledger
        self._dispatch = dispatch
        self._on_poll = on_poll
        self._offset: int | None = None
        self._backoff = Backoff()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End the loop: a poll that hangs is dropped, a batch in hand is still recorded."""
        self._stopping.set()

    async def run(self) -> None:
        """Receive until :meth:`stop`."""
        while not self._stopping.is_set():
            raw = await self._poll_or_stop()
            if raw is None:
                continue
            if await self._record(raw):
                self._backoff.reset()
            else:
                await self._rest(self._backoff.next())

    # --- asking Telegram -------------------------------------------------------------------

    async def _poll_or_stop(self) -> list[Any] | None:
        """What Telegram has; ``None`` when it could not be asked, after a pause."""
        poll = asyncio.create_task(self._poll())
        stop = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({poll, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not poll.done():
            poll.cancel()
            await asyncio.gather(poll, return_exceptions=True)
            return None
        try:
            return poll.result()
        except TelegramError as error:
            await self._rest(self._pause_after(error))
            return None

    async def _poll(self) -> list[Any]:
        answer = await self._bot.raw_updates(self._offset)
        if not isinstance(answer, list):
            message = "Telegram answered a poll with something that is no list"
            raise TelegramError(message)
        return answer

    def _pause_after(self, error: TelegramError) -> float:
        """Seconds to wait after an error, and a line in the log that says what to do."""
        if isinstance(error, RetryAfter):
            wait = error.retry_after
            return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
        pause = self._backoff.next()
        if isinstance(error, Conflict):
            log.error("another process polls with this token; stop it", pause=pause)
        elif isinstance(error, InvalidToken):
            log.error("Telegram refuses the token; make a new one with @BotFather", pause=pause)
        else:
            log.warning("Telegram cannot be reached", error=type(error).__name__, pause=pause)
        return pause

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    # --- recording -------------------------------------------------------------------------

    async def _record(self, raw: list[Any]) -> bool:
        """Record a batch; answer whether it is safe to acknowledge."""
        # The tasks start in the order of the updates and hand their unit to the ledger before
        # they first wait, so the ledger sees the updates of every chat in Telegram's order.
        done = await asyncio.gather(*(self._receive(item) for item in raw))
        numbers = [number for item in raw if (number := _update_id(item)) is not None]
        if not all(done):
            return False
        if numbers:
            self._offset = max(numbers) + 1
        try:
            await self._on_poll()
        except StorageUnavailableError:
            return False
        return bool(numbers) or not raw

    async def _receive(self, item: Any) -> bool:  # noqa: ANN401 (whatever Telegram sent)
        try:
            update = Update.de_json(item, self._bot)
            await self._dispatch(update)
        except StorageUnavailableError as error:
            log.error("the database cannot record; nothing is acknowledged", error=str(error))  # noqa: TRY400 (the cause is in the text)
            return False
        except Exception as error:  # noqa: BLE001 (set aside, with a line in the log)
            return await self._set_aside(item, error)
        return True

    async def _set_aside(self, item: Any, error: Exception) -> bool:  # noqa: ANN401 (whatever Telegram sent)
        number, kind = _update_id(item), _kind(item)
        name = type(error).__name__
        log.error("update set aside", update=number, kind=kind, error=name, where=_where(error))
        unit = set_aside_unit(number, kind, name)
        try:
            await self._ledger.record(unit)
        except StorageUnavailableError:
            return False
        return True


def set_aside_unit(number: UpdateId | None, kind: str, error: str) -> Unit:
    """A unit that records an update which could not be handled: never what was in it."""

    def judge(_known: Known) -> Decision:
        return Decision(rule=Rule.BOOKKEEPING, events=(UpdateSetAside(kind=kind, error=error),))

    return Unit(
        judge=judge, update=number, set_aside=SetAside(kind=kind, error=error), commutes=True
    )


def _update_id(item: Any) -> UpdateId | None:  # noqa: ANN401 (whatever Telegram sent)
    number = item.get("update_id") if isinstance(item, dict) else None
    # SQLite's and PostgreSQL's largest integer: a larger number cannot be written down.
    fits = isinstance(number, int) and not isinstance(number, bool) and abs(number) < 2**63
    return UpdateId(number) if fits and number is not None else None


def _kind(item: Any) -> str:  # noqa: ANN401 (whatever Telegram sent)
    """Which kind of update it was, if it is one that we asked for."""
    if not isinstance(item, dict):
        return "unreadable"
    return next((kind for kind in ALLOWED_UPDATES if kind in item), "unknown")


def _where(error: Exception) -> str:
    """The line of code at which it broke: without the values, which may be a person's words."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"
