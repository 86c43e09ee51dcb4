"""SIGTERM and SIGINT at bad moments: ended in time, in order, and nothing lost or half done."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.robustness.bot_life import Life, begin, nursery
from tests.robustness.journey import (
    Journey,
    comes_to_an_end,
    prepared_journey,
    rows,
    within,
)

IN_TIME = 5.0
"""Seconds within which the bot has ended: half of what Docker and systemd allow at the least."""

ROOT = Path(__file__).parents[2]
SIGNALS = [
    pytest.param(signal.SIGTERM, id="SIGTERM"),
    pytest.param(signal.SIGINT, id="SIGINT"),
]


@asynccontextmanager
async def journey_of_today(folder: Path, seed: int) -> AsyncIterator[Journey]:
    """A bot that hears signals goes by the machine's clock, so Telegram's is set by it too."""
    async with prepared_journey(folder, seed, start=datetime.now(UTC)) as journey:
        yield journey


def born(journey: Journey) -> Life:
    return begin(nursery(), replace(journey.birth, offset=None))


async def ends(life: Life, number: signal.Signals) -> float:
    """Send the signal; the seconds until the bot has ended in order."""
    began = time.monotonic()
    life.signal(number)
    status = await life.ended(within=IN_TIME * 2)
    took = time.monotonic() - began
    life.kill()
    assert status == 0
    return took


async def asked(journey: Journey, method: str, times: int = 1) -> None:
    """Wait until the bot has called ``method`` so often from now on."""
    calls = iter(range(1, times))
    reached = asyncio.Event()

    def on_call(called: str, when: str) -> None:
        if (called, when) == (method, "before") and next(calls, None) is None:
            reached.set()

    journey.telegram.on_call = on_call
    assert await within(10, reached), f"{method} was not called: {words_of(journey)}"
    journey.telegram.on_call = lambda _method, _when: None


def words_of(journey: Journey) -> str:
    log = journey.birth.log
    return log.read_text() if log.exists() else ""


def half_done(journey: Journey) -> list[str]:
    """Effects of which nobody knows whether they were done."""
    found = rows(journey.birth.database_url, "SELECT effect FROM outbox WHERE state = 'sending'")
    return [row["effect"] for row in found]


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("moment", [("getUpdates", 2), ("deleteMessages", 1), ("sendMessage", 3)])
async def test_bot_when_stopped_in_the_middle_of_a_burst_then_ends_in_time_and_loses_nothing(
    tmp_path, number, moment
):
    async with journey_of_today(tmp_path, seed=77) as journey:
        for _ in range(6):
            journey.guess()
        while len(journey.done.unwanted) < 250:
            journey.unwanted()
        for method in ("deleteMessages", "sendMessage"):
            journey.telegram.faults.add(method, "delay", count=50, seconds=0.05)
        life = born(journey)
        await asked(journey, *moment)
        took = await ends(life, number)
        left = half_done(journey)
        await comes_to_an_end(journey)

        assert took < IN_TIME
        assert left == []


async def test_bot_when_stopped_while_a_call_hangs_then_ends_in_time_and_shows_it_as_unknown(
    tmp_path,
):
    async with journey_of_today(tmp_path, seed=78) as journey:
        journey.guess()
        journey.telegram.faults.add("sendMessage", "delay", seconds=30)
        life = born(journey)
        await until(lambda: journey.telegram.faults.happened == 1)
        took = await ends(life, signal.SIGTERM)
        left = half_done(journey)
        await comes_to_an_end(journey)

        assert took < IN_TIME
        assert left == ["SendPrivateNotice"]


@pytest.mark.parametrize("number", SIGNALS)
async def test_bot_when_stopped_while_a_poll_hangs_then_ends_at_once(tmp_path, number):
    async with journey_of_today(tmp_path, seed=79) as journey:
        life = born(journey)
        await asked(journey, "getUpdates")
        await until(lambda: "started" in words_of(journey))

        assert await ends(life, number) < 2.0


@pytest.mark.parametrize("number", SIGNALS)
async def test_bot_when_stopped_while_nobody_answers_at_the_start_then_ends_at_once(
    tmp_path, number
):
    async with journey_of_today(tmp_path, seed=80) as journey:
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            nobody = f"http://127.0.0.1:{free.getsockname()[1]}/bot"
        journey.birth = replace(journey.birth, base_url=nobody)
        life = born(journey)
        await until(lambda: "Telegram cannot be reached" in words_of(journey))

        assert await ends(life, number) < 2.0


async def test_bot_when_stopped_while_the_first_answer_hangs_then_ends_at_once(tmp_path):
    async with journey_of_today(tmp_path, seed=81) as journey:
        journey.telegram.faults.add("getMe", "delay", seconds=30)
        life = born(journey)
        await until(lambda: journey.telegram.faults.happened == 1)

        assert await ends(life, signal.SIGTERM) < 2.0


async def until(holds: Callable[[], bool]) -> None:
    """Look again and again, for ten seconds at most."""
    for _ in range(500):
        if holds():
            return
        await within(0.02, asyncio.Event())
    pytest.fail("it did not come to pass")


@pytest.mark.parametrize("number", SIGNALS)
async def test_command_line_when_stopped_then_ends_with_status_0_and_no_complaint(tmp_path, number):
    async with journey_of_today(tmp_path, seed=82) as journey:
        environment = os.environ | {
            "BOT_TOKEN": journey.birth.token,
            "TELEGRAM_BASE_URL": journey.birth.base_url,
            "DATABASE_URL": journey.birth.database_url,
            "PYTHONPATH": str(ROOT),
        }
        with subprocess.Popen(
            [sys.executable, "-X", "dev", "-m", "bot", "run"],
            cwd=tmp_path,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                await asked(journey, "getUpdates")
                process.send_signal(number)
                _, told = await asyncio.to_thread(process.communicate, timeout=IN_TIME)
            finally:
                process.kill()

        assert process.returncode == 0
        assert [word for word in ("Traceback", "Warning", "Unclosed") if word in told] == []
