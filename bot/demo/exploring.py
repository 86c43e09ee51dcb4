"""After the story: the school stays open to be explored, and what happens is shown as it does."""

import asyncio
import contextlib
import json
import sys
from pathlib import Path

from bot.demo.school import SCHOOL, Who
from bot.demo.screen import Screen
from bot.demo.stage import Stage
from bot.demo.telling import Both
from storage.reading_events import count_events, read_events

LOOK_EVERY = 0.5
"""Seconds between looks at the log for what is new."""


def show_addresses(stage: Stage, screen: Screen) -> None:
    """Where everything is, and what to try, in lines to copy."""
    screen.title(
        Both(
            "De school blijft open. Probeer het zelf, in een ander venster:",
            "The school stays open. Try it yourself, in another window:",
        )
    )
    for both, lines in (_first(stage), *_to_do(stage), *_to_look_at(stage)):
        screen.say("", both)
        for line in lines:
            screen.literal(line)
    screen.blank()
    screen.say(
        "",
        Both(
            "Wat de bot opschrijft, verschijnt hieronder. Stoppen: Ctrl-C.",
            "What the bot writes down appears below. To stop: Ctrl-C.",
        ),
    )
    screen.blank()


Offered = tuple[Both, tuple[str, ...]]


def _first(stage: Stage) -> Offered:
    """The addresses, as variables of the shell, so that the lines after them stay short."""
    return (
        Both("Eerst waar alles is:", "First where everything is:"),
        (f"T={stage.served.people_url}", f"export DATABASE_URL={stage.settings.database_url}"),
    )


def _to_do(stage: Stage) -> tuple[Offered, ...]:
    """What people can do in the pretend Telegram."""
    student, mentor = stage.accounts[Who.STUDENT], stage.accounts[Who.MENTOR]
    group = stage.props.group
    opening = {"user": mentor, "chat": group, "permissions": {"can_send_messages": True}}
    return (
        (
            Both("Wie er een telefoon heeft:", "Who has a telephone:"),
            (_curl("users"),),
        ),
        (
            Both(
                f"{Who.STUDENT} schrijft in de groep; {Who.MENTOR} zet haar open:",
                f"{Who.STUDENT} writes in the group; {Who.MENTOR} opens it:",
            ),
            (
                _curl("write", user=student, chat=group, text="hoi"),
                _curl("set_permissions", **opening),
            ),
        ),
        (
            Both("Tien minuten later:", "Ten minutes later:"),
            (_curl("advance", seconds=600),),
        ),
    )


def _to_look_at(stage: Stage) -> tuple[Offered, ...]:
    """Where to see what the bot did."""
    command = f"{_python()} -m bot"
    return (
        (
            Both("Wat de bot in Telegram deed:", "What the bot did in Telegram:"),
            ("curl -s $T/calls",),
        ),
        (
            Both("Het logboek: is het heel, en waarom?", "The log: is it whole, and why?"),
            (f"{command} verify-log", f"{command} explain --event 20"),
        ),
        (
            Both(
                "De database, en de logregels voor de beheerder:",
                "The database, and the log lines for the operator:",
            ),
            (str(stage.database), str(stage.folder / "bot.log")),
        ),
    )


def _python() -> Path:
    """This interpreter, as short as it can be typed from here."""
    python = Path(sys.executable)
    return python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python


def _curl(verb: str, **given: object) -> str:
    return f"curl -s $T/{verb} -d '{json.dumps(given, separators=(',', ':'))}'"


async def explore(stage: Stage, screen: Screen, stop: asyncio.Event) -> None:
    """Keep the bot running and show what it records, until ``stop``."""
    seen = await count_events(stage.bot.engine)
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_EVERY)
        async for event in read_events(stage.bot.engine, after=seen):
            grid = screen.table()
            now = stage.bot.clock.now().astimezone(SCHOOL.zone)
            screen.event(grid, f"{now:%H:%M:%S}", event)
            screen.show(grid)
            seen = int(event["seq"])
