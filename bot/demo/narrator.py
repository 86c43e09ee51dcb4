"""Plays the story: lets people act, waits for the bot, and gathers what came of it."""

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog

from bot.demo.screen import Screen
from bot.demo.stage import Stage
from bot.demo.telling import Findings, Played, Step
from bot.policy.rules import Rule
from bot.sandbox.telegram import Call
from storage.outbox import EffectState
from storage.reading_events import count_events, read_events

log = structlog.get_logger()

UNSPOKEN = frozenset({Rule.BOOKKEEPING, Rule.EFFECT_DONE})
"""Rules that decide nothing which anybody wants to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds to read in: what people did, and what came of it."""

    told: float = 0.0
    played: float = 0.0


AT_ONCE = Pace()
READABLE = Pace(told=1.0, played=2.5)


async def tell(
    story: Sequence[Step], stage: Stage, screen: Screen, pace: Pace, stop: asyncio.Event
) -> tuple[Played, ...]:
    """Play a story to its end, or until ``stop``; a step that breaks ends it."""
    told: list[Played] = []
    for number, step in enumerate(story, start=1):
        screen.step(number, step)
        await _rest(pace.told, stop)
        played = await play(step, stage)
        screen.played(played, stage)
        told.append(played)
        if played.broken:
            break
        await _rest(pace.played, stop)
        if stop.is_set():
            break
    return tuple(told)


async def play(step: Step, stage: Stage) -> Played:
    """Play one step and gather everything that the bot did meanwhile."""
    last_call = max((call.number for call in stage.telegram.calls), default=0)
    last_event = await count_events(stage.bot.engine)
    last_effect = max((each.id for each in await stage.effects(*EffectState)), default=0)
    findings: Findings = ()
    broken: str | None = None
    try:
        await stage.until(step.at)
        findings = await step.act(stage)
    except Exception as error:
        # Whatever breaks is a step that did not come out as told: the story says so and ends.
        log.exception("step broke")
        broken = f"{type(error).__name__}: {error}"
    events = [event async for event in read_events(stage.bot.engine, after=last_event)]
    asked = [each.rule for each in await stage.effects(*EffectState) if each.id > last_effect]
    return Played(
        step=step,
        calls=tuple(_changing(stage.telegram.calls_since(last_call))),
        events=tuple(events),
        rules=_spoken([Rule(event["rule"]) for event in events] or asked),
        findings=findings,
        broken=broken,
    )


def _changing(calls: Iterable[Call]) -> Iterable[Call]:
    """The calls that changed something: reading and answering a press do not."""
    return (call for call in calls if not call.method.lower().startswith(("get", "answer")))


def _spoken(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(rule for rule in dict.fromkeys(rules) if rule not in UNSPOKEN)


async def _rest(seconds: float, stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
