"""Walking a question's rules in order: the first that has an answer gives it."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.policy.decision import Decision
from bot.policy.limits import Limits

Facts = TypeVar("Facts")


def first_answer(
    rules: Iterable[Callable[[Facts, Limits], Decision | None]],
    otherwise: Callable[[Facts, Limits], Decision],
    facts: Facts,
    limits: Limits,
) -> Decision:
    """The answer of the first rule that has one; of ``otherwise``, which is total, if none has."""
    for rule in rules:
        decision = rule(facts, limits)
        if decision is not None:
            return decision
    return otherwise(facts, limits)
