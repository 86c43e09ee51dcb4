"""The story is only worth something if it says so when a step does not come out as told."""

import asyncio
import io
import logging
import sys
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time

import pytest
import structlog
from rich.console import Console

from bot.demo.narrator import AT_ONCE, tell
from bot.demo.school import Who
from bot.demo.screen import Screen
from bot.demo.stage import Stage, opened_stage
from bot.demo.story import STORY, groups, people
from bot.demo.summary import summarise
from bot.demo.telling import Both, Findings, Step, so
from bot.policy.events import BotAdded


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook
    async with opened_stage() as opened:
        await opened.quiet()
        yield opened
    root.handlers[:], sys.excepthook, threading.excepthook = handlers, *hooks
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def screen(written: io.StringIO) -> Screen:
    return Screen(Console(file=written, width=100, highlight=False, markup=False, emoji=False))


async def untrue(_stage: Stage) -> Findings:
    return (so(False, "Dit is niet zo.", "This is not so."),)


async def breaking(_stage: Stage) -> Findings:
    raise LookupError("no such thing")


def _step(act, *expects) -> Step:
    told = Both("Iemand doet iets.", "Somebody does something.")
    return Step(at=time(7, 40), told=told, expects=expects, act=act)


@pytest.mark.parametrize(
    ("step", "shown"),
    [
        pytest.param(_step(untrue), "✗ Dit is niet zo.", id="untrue"),
        pytest.param(
            _step(breaking), "✗ Deze stap brak af: LookupError: no such thing", id="breaks"
        ),
        pytest.param(
            replace(people.first_code, expects=(BotAdded,)),
            "✗ In het logboek hoort: telegram:group:bot-added",
            id="another event than told",
        ),
        pytest.param(
            replace(people.first_code, expects=()), "✗ In het logboek hoort: -", id="an event more"
        ),
        pytest.param(
            replace(people.first_code, expects=(*people.first_code.expects, BotAdded)),
            "✗ In het logboek hoort: bot:account:linked, cli:codes:issued, telegram:group",
            id="an event less",
        ),
    ],
)
async def test_step_that_does_not_come_out_as_told_is_shown_and_makes_the_day_fail(
    stage: Stage, screen: Screen, written: io.StringIO, step: Step, shown: str
) -> None:
    told = await tell((step,), stage, screen, AT_ONCE, asyncio.Event())
    as_told = await summarise(told, 1, stage, screen)

    assert [played.as_told for played in told] == [False]
    assert as_told is False
    assert shown in written.getvalue()
    assert "✗ 0 van de 1 stappen" in written.getvalue()


async def test_step_that_comes_out_as_told_is_shown_with_rule_event_and_call(
    stage: Stage, screen: Screen, written: io.StringIO
) -> None:
    told = await tell((people.first_code, groups.stranger), stage, screen, AT_ONCE, asyncio.Event())
    as_told = await summarise(told, 2, stage, screen)

    assert as_told is True
    assert [played.as_told for played in told] == [True, True]
    for shown in (
        f"{Who.STRANGER}, die niemand van school kent, probeert /nieuwegroep.",
        "schrijft aan Xander (2×)  sendMessage",
        "house-command-refused (eigen orde) Deze opdracht is alleen voor medewerkers.",
        "#5 bot:command:refused command=nieuwegroep",
    ):
        assert shown in written.getvalue()


async def test_story_after_a_step_that_breaks_is_not_told_further(
    stage: Stage, screen: Screen
) -> None:
    told = await tell((_step(breaking), *STORY), stage, screen, AT_ONCE, asyncio.Event())

    assert len(told) == 1


async def test_story_when_stopped_ends_after_the_step_in_hand(stage: Stage, screen: Screen) -> None:
    stop = asyncio.Event()
    stop.set()

    told = await tell(STORY, stage, screen, AT_ONCE, stop)

    assert len(told) == 1


async def test_stage_takes_nothing_from_the_environment(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite+aiosqlite:////elsewhere.db")

    made = type(stage.settings)(bot_token=stage.settings.bot_token)

    assert made.database_url == "sqlite+aiosqlite:///groepswacht.db"


async def test_stage_when_time_passes_moves_telegram_and_bot_together(stage: Stage) -> None:
    stage.telegram.clock.advance(3600)

    apart = stage.telegram.clock.now() - stage.bot.clock.now()
    assert abs(apart.total_seconds()) < 1
