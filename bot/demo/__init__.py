"""``make demo``: a school day over HTTP, with a pretend Telegram and the real bot.

On this machine only, without a token and without internet; afterwards nothing is left of it.
"""

import asyncio
import errno
import os
import signal

from bot.demo.exploring import explore, show_addresses
from bot.demo.narrator import AT_ONCE, READABLE, tell
from bot.demo.screen import Screen, open_screen
from bot.demo.stage import Stage, opened_stage
from bot.demo.story import STORY
from bot.demo.summary import summarise
from bot.demo.telling import Both

__all__ = ("run_demo",)

NOT_AS_TOLD = 1
CANNOT = 2
"""Exit statuses, as the command line uses them: not in order, and not carried out."""

PORT_TROUBLE = frozenset({errno.EADDRINUSE, errno.EACCES})
NO_PORT = Both(
    "Deze poort is al in gebruik of niet toegestaan. Kies een andere, of geen: dan een vrije.",
    "This port is in use or not allowed. Choose another one, or none: then a free one is taken.",
)


async def run_demo(*, once: bool, port: int | None) -> int:
    """Play the story, and unless ``once`` stay open until SIGINT or SIGTERM; the exit status.

    0 when every step came out as told. ``port`` is the pretend Telegram's; ``None`` takes any.
    """
    screen, stop = open_screen(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    _open(screen)
    try:
        async with opened_stage(port) as stage:
            as_told = await _day(stage, screen, stop, once=once)
    except OSError as error:
        if error.errno not in PORT_TROUBLE:
            raise
        screen.say("", NO_PORT)
        return CANNOT
    screen.blank()
    screen.say(
        "",
        Both(
            "De school is dicht, de bot is gestopt en alles is opgeruimd.",
            "The school is closed, the bot has stopped and everything is cleaned up.",
        ),
    )
    return 0 if as_told else NOT_AS_TOLD


def _open(screen: Screen) -> None:
    screen.title(
        Both(
            "Groepswacht: een dag op een verzonnen school, met verzonnen mensen.",
            "Groepswacht: a day at a made-up school, with made-up people.",
        )
    )
    screen.say(
        "",
        Both(
            "De bot is echt, Telegram is nagebootst. Alles blijft op deze computer.",
            "The bot is real, Telegram is pretended. Everything stays on this machine.",
        ),
    )
    if os.environ.get("BOT_TOKEN"):
        screen.say(
            "",
            Both(
                "De BOT_TOKEN van deze computer wordt hier niet gebruikt.",
                "The BOT_TOKEN of this machine is not used here.",
            ),
        )


async def _day(stage: Stage, screen: Screen, stop: asyncio.Event, *, once: bool) -> bool:
    pace = AT_ONCE if once or not screen.is_watched else READABLE
    told = await tell(STORY, stage, screen, pace, stop)
    if stop.is_set() and len(told) < len(STORY):
        return not once
    as_told = await summarise(told, len(STORY), stage, screen)
    if not once and not stop.is_set():
        show_addresses(stage, screen)
        await explore(stage, screen, stop)
    return as_told
