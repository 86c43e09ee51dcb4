"""What a rule answers: which rule it was, what is written down, what changes, what must be done."""

from dataclasses import dataclass

from bot.policy.changes import Change
from bot.policy.effects import Effect
from bot.policy.events import Event
from bot.policy.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer of one question, recorded in one commit.

    ``events`` are what we must later be able to show, ``changes`` what our tables hold from
    now on, ``effects`` what the sender has to do in Telegram.
    """

    rule: Rule
    events: tuple[Event, ...] = ()
    changes: tuple[Change, ...] = ()
    effects: tuple[Effect, ...] = ()
