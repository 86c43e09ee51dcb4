"""Patterns of words as the lists have them, and finding them in a text.

A pattern is words parted by spaces: ``app|dm ..2 <me>`` is "app" or "dm", at most two words of any
kind, and a word of the set ``me``. Matching looks at each word once as a beginning and at most a
few words further, so no text makes it slow.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.wording.lists import word_set
from bot.wording.words import Word


@dataclass(frozen=True, slots=True)
class Step:
    """At most ``gap`` words of any kind in the same sentence, and then one of ``choices``."""

    gap: int
    choices: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Steps to take in order, not directly after one of ``not_after``; ``group`` is its table."""

    steps: tuple[Step, ...]
    not_after: frozenset[str]
    group: str


@dataclass(frozen=True, slots=True)
class Match:
    """Which words, from ``first`` to ``last``, as places in the list of words."""

    first: int
    last: int
    group: str


class Patterns:
    """Patterns by the words that they begin with."""

    def __init__(self, listed: Iterable[Pattern]) -> None:
        self._by_first: dict[str, list[Pattern]] = {}
        self.vocabulary: frozenset[str] = frozenset()
        for pattern in listed:
            for choice in pattern.steps[0].choices:
                self._by_first.setdefault(choice, []).append(pattern)
            self.vocabulary |= frozenset().union(*(step.choices for step in pattern.steps))
        self._beginnings = frozenset(self._by_first)

    def find(self, text: Sequence[Word]) -> list[Match]:
        """Every match, the shortest of each pattern at each beginning."""
        found = []
        for first, word in enumerate(text):
            begun = word.meant & self._beginnings
            for pattern in {p for form in begun for p in self._by_first[form]}:
                before = text[first - 1].meant if first else frozenset()
                if before & pattern.not_after and _together(text, first):
                    continue
                last = _last(pattern.steps, text, first)
                if last is not None:
                    found.append(Match(first, last, pattern.group))
        return found


def compiled(groups: Mapping[str, Mapping[str, object]], sets: Mapping[str, object]) -> Patterns:
    """Patterns of tables such as ``[groups.name] patterns = [...] not_after = "..."``."""
    named = {name: word_set(listed) for name, listed in sets.items()}
    listed = []
    for group, table in groups.items():
        not_after = word_set(table.get("not_after", ""))
        patterns = table["patterns"]
        if not isinstance(patterns, list):
            message = f"{group} has no list of patterns"
            raise TypeError(message)
        listed += [Pattern(_steps(str(line), named), not_after, group) for line in patterns]
    return Patterns(listed)


def _steps(line: str, named: Mapping[str, frozenset[str]]) -> tuple[Step, ...]:
    steps, gap = [], 0
    for part in line.split():
        if part.startswith(".."):
            gap = int(part[2:])
            continue
        choices: frozenset[str] = frozenset()
        for choice in part.split("|"):
            is_set = choice.startswith("<")
            choices |= named[choice[1:-1]] if is_set else frozenset({choice})
        steps.append(Step(gap, choices))
        gap = 0
    return tuple(steps)


def _last(steps: Sequence[Step], text: Sequence[Word], first: int) -> int | None:
    """Where the steps end when they begin at ``first``; each step takes the nearest word."""
    reached = {first}
    for step in steps[1:]:
        reached = {
            place
            for before in reached
            for place in range(before + 1, min(before + step.gap + 2, len(text)))
            if text[place].meant & step.choices and text[place].sentence == text[first].sentence
        }
        if not reached:
            return None
    return min(reached)


def _together(text: Sequence[Word], place: int) -> bool:
    return text[place - 1].sentence == text[place].sentence
