"""A fresh school for every journey, and what must hold at the end of each of them."""

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog

from config.logging import LogFormat, LogLevel, configure_logging
from tests.journeys.world import World, opened_world, running

SHORTEST_TELLTALE = 4
"""Characters from which on a name or a text cannot stand somewhere by chance."""

Opens = Callable[..., AbstractAsyncContextManager[World]]


@pytest.fixture(autouse=True)
def logs() -> Iterator[io.StringIO]:
    """What the operator reads: the bot's own logging at its most talkative."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks, show = (sys.excepthook, threading.excepthook), warnings.showwarning
    written = io.StringIO()
    configure_logging(LogLevel.DEBUG, LogFormat.JSON, stream=written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    for each in root.manager.loggerDict.values():
        if isinstance(each, logging.Logger) and each.level != logging.NOTSET:
            each.setLevel(logging.NOTSET)
    logging.captureWarnings(capture=False)
    warnings.showwarning = show
    sys.excepthook, threading.excepthook = hooks
    structlog.reset_defaults()


@pytest.fixture
def opens(database: Path, logs: io.StringIO) -> Opens:
    """Opens a world with the school's choices; what every journey must leave behind is checked."""

    @asynccontextmanager
    async def opens(**school: Any) -> AsyncIterator[World]:
        async with opened_world(database, **school) as world:
            yield world
            await _nothing_went_wrong(world, logs.getvalue())
            await _nothing_leaked(world, logs.getvalue())

    return opens


@pytest.fixture
async def resting_world(opens: Opens) -> AsyncIterator[World]:
    """A world in which the bot does not run yet: for journeys that start and stop it."""
    async with opens() as world:
        yield world


@pytest.fixture
async def world(resting_world: World) -> AsyncIterator[World]:
    """A world with the bot at work."""
    async with running(resting_world):
        yield resting_world


async def _nothing_went_wrong(world: World, logged: str) -> None:
    """Telegram's rules were kept, the log verifies, and nothing of ours broke."""
    assert world.telegram.violations == []
    assert await world.log_is_whole()
    assert [line for line in logged.splitlines() if "Traceback" in line] == []


async def _nothing_leaked(world: World, logged: str) -> None:
    """No Telegram id, name, title or text in the log; no name, text or token before operators."""
    telegram = world.telegram.world
    ids = {*telegram.users, *telegram.chats}
    numbers = [str(abs(number)) for number in ids]
    words = _words_of_people(world)
    phrases = [word for word in words if " " in word]
    for event in await world.events():
        for leaf in _leaves(json.loads(event["payload"])):
            assert leaf not in ids, event["tag"]
            if isinstance(leaf, str):
                assert leaf not in words, event["tag"]
                assert not any(part in leaf for part in (*numbers, *phrases)), event["tag"]
    assert world.telegram.token not in logged
    for line in logged.splitlines():
        written = " ".join(str(leaf) for leaf in _leaves(json.loads(line)))
        assert not any(phrase in written for phrase in phrases)


def _words_of_people(world: World) -> frozenset[str]:
    """Names, titles and everything that people wrote."""
    telegram = world.telegram.world
    words = {name for user in telegram.users.values() for name in (user.first_name, user.username)}
    for chat in telegram.chats.values():
        words.add(chat.title)
        for message in chat.messages.values():
            if message.from_id != telegram.bot.id:
                words |= {message.content.get("text"), message.content.get("caption")}
    bot = {telegram.bot.first_name, telegram.bot.username}
    return frozenset(
        word for word in words - bot if word is not None and len(word) >= SHORTEST_TELLTALE
    )


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value
