"""What the story is made of: steps, and what is found true or untrue after each.

Values only. Everything that people read stands here in both languages: Dutch first.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import time
from enum import Enum
from typing import Any

from bot.demo.stage import Stage
from bot.policy.events import Event
from bot.policy.rules import Rule
from bot.sandbox.telegram import Call


@dataclass(frozen=True, slots=True)
class Both:
    """The same in Dutch and in English."""

    nl: str
    en: str


class Kind(Enum):
    """Who made the difference. What Telegram refuses never reaches the bot."""

    PLAIN = Both("", "")
    REFUSED = Both("Geweigerd door Telegram", "Refused by Telegram")
    REMOVED = Both("Weggehaald door de bot", "Removed by the bot")
    SIGNAL = Both("Signaal voor een mens", "Signal for a person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that the story says, and whether it was found to be so."""

    kind: Kind
    told: Both
    true: bool


Findings = tuple[Finding, ...]
Act = Callable[[Stage], Awaitable[Findings]]


def so(true: bool, nl: str, en: str, kind: Kind = Kind.PLAIN) -> Finding:  # noqa: FBT001 (the sentence reads "so, if")
    """What the story says, if ``true``."""
    return Finding(kind=kind, told=Both(nl, en), true=true)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that people do. ``expects``: the events that it leaves in the log, in any order.

    ``at`` is on the school's clock.
    """

    at: time
    told: Both
    expects: tuple[type[Event], ...]
    act: Act


def step(at: str, nl: str, en: str, *expects: type[Event]) -> Callable[[Act], Step]:
    """Make a step of the function below it, which does it and looks what came of it."""

    def made(act: Act) -> Step:
        return Step(at=time.fromisoformat(at), told=Both(nl, en), expects=expects, act=act)

    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A step with what came of it. ``rules`` are those that decided; ``broken`` names a fault."""

    step: Step
    calls: tuple[Call, ...] = ()
    events: tuple[dict[str, Any], ...] = ()
    rules: tuple[Rule, ...] = ()
    findings: Findings = ()
    broken: str | None = None

    @property
    def events_as_told(self) -> bool:
        """Whether the log holds exactly the events that the step says."""
        return Counter(event["tag"] for event in self.events) == Counter(
            event.tag for event in self.step.expects
        )

    @property
    def as_told(self) -> bool:
        """Whether everything came out as the step says."""
        found = all(finding.true for finding in self.findings)
        return self.broken is None and found and self.events_as_told
