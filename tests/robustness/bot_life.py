"""A bot in a process of its own, that can be killed at any moment and started again.

Made by a fork server that has the bot's modules loaded already, so that a hundred lives cost
seconds. Each is a process of its own, with the same code as in a school, and dies of SIGKILL.
"""

import asyncio
import multiprocessing
import os
import signal
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from pydantic import SecretStr

from bot.app import run_bot, running_bot
from bot.clock import Clock
from config.logging import LogFormat, LogLevel, configure_logging
from config.school import SchoolConfig
from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """What a life begins with. ``offset`` moves the bot's clock; with it, signals are not heard."""

    token: str
    base_url: str
    database_url: str
    log: Path
    offset: timedelta | None = None

    def settings(self) -> Settings:
        return Settings(
            bot_token=SecretStr(self.token),
            telegram_base_url=self.base_url,
            database_url=self.database_url,
        )


class Life:
    """One process of the bot."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def over(self) -> bool:
        return not self._process.is_alive()

    @property
    def status(self) -> int | None:
        """The exit status; negative: the signal that ended it."""
        return self._process.exitcode

    def kill(self) -> None:
        """``kill -9``: the bot gets no chance to tidy up."""
        self._process.kill()
        self._process.join()

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    async def ended(self, within: float) -> int | None:
        """The exit status, when it has ended by itself within so many seconds."""
        await asyncio.to_thread(self._process.join, within)
        return self._process.exitcode


def nursery() -> ForkServerContext:
    """What lives are made with."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def begin(context: ForkServerContext, birth: Birth) -> Life:
    process = context.Process(target=_live, args=(birth,), daemon=True)
    process.start()
    return Life(process)


def _live(birth: Birth) -> None:
    # What is not logging either: a last traceback of the interpreter belongs to the bot's words.
    output = os.open(birth.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(output, stream)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    configure_logging(LogLevel.INFO, LogFormat.JSON, secrets=birth.settings().secrets)
    if birth.offset is None:
        asyncio.run(run_bot(birth.settings(), SchoolConfig()))
    else:
        asyncio.run(_live_for_ever(birth, Clock(birth.offset)))


async def _live_for_ever(birth: Birth, clock: Clock) -> None:
    async with running_bot(birth.settings(), SchoolConfig(), clock=clock):
        await asyncio.Event().wait()
