"""A fault of ours in one part must not leave a bot that seems to run and does nothing."""

import asyncio
import time
from typing import Any

import pytest

from bot.app import running_bot
from bot.request import AiohttpRequest, GarbledAnswer
from tests.robustness.journey import Journey, comes_to_an_end, prepared_journey


class BrokenOnPurposeError(Exception):
    """What a part of the bot breaks on in these tests."""


def breaks(*_anything: Any) -> Any:
    raise BrokenOnPurposeError


async def test_bot_when_a_part_breaks_then_stops_and_says_so_and_loses_nothing(tmp_path):
    async with prepared_journey(tmp_path, seed=96) as journey:
        took = await break_while_running(journey)
        await comes_to_an_end(journey)

        assert took < 10


async def break_while_running(journey: Journey) -> float:
    """Seconds from the moment that the bot noticed until it had ended."""
    world, stop = journey.world, asyncio.Event()
    noticed = 0.0
    try:
        async with running_bot(world.settings, world.school, clock=world.clock, stop=stop) as bot:
            bot.ledger.on_waiting = breaks
            journey.guess()
            await asyncio.wait_for(stop.wait(), 10)
            noticed = time.monotonic()
    except BrokenOnPurposeError:
        return time.monotonic() - noticed
    pytest.fail("the fault was kept silent about")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"[" * 100_000, id="nested without end"),
        pytest.param(b'{"result":' + b"[" * 50_000 + b"]" * 50_000 + b"}", id="nested and whole"),
        pytest.param(b'{"result":' + b"9" * 10_000 + b"}", id="a number of ten thousand digits"),
        pytest.param(b'{"result":"\xff\xfe"}', id="no UTF-8"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"null", id="null"),
    ],
)
def test_answer_when_no_reader_can_read_it_then_is_garbled_and_breaks_nothing(answer):
    with pytest.raises(GarbledAnswer):
        AiohttpRequest.parse_json_payload(answer)
