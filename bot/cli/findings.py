"""What ``check`` finds: a mark, what it is, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from bot.cli.printing import say, shows_all_letters, visible


class Mark(Enum):
    """In order; better looked at; not in order. The second is for terminals without the letters."""

    FINE = ("✓", "ok")
    LOOK = ("!", "!")
    WRONG = ("✗", "x")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line, in both languages. ``todo`` is what to do, where there is something to do."""

    mark: Mark
    dutch: str
    english: str
    todo: tuple[str, str] | None = None


def fine(dutch: str, english: str) -> Finding:
    """Something that is as it should be."""
    return Finding(mark=Mark.FINE, dutch=dutch, english=english)


def look(dutch: str, english: str, *todo: str) -> Finding:
    """Something that does not stop the bot and deserves a look."""
    return Finding(mark=Mark.LOOK, dutch=dutch, english=english, todo=(todo[0], todo[1]))


def wrong(dutch: str, english: str, *todo: str) -> Finding:
    """Something with which the bot cannot do its work."""
    return Finding(mark=Mark.WRONG, dutch=dutch, english=english, todo=(todo[0], todo[1]))


def show(findings: Iterable[Finding]) -> bool:
    """Print findings; answer whether none of them is wrong."""
    letters, in_order = shows_all_letters(), True
    for one in findings:
        mark = one.mark.value[0 if letters else 1]
        say(f"{mark} {visible(one.dutch)}", f"  {visible(one.english)}")
        if one.todo is not None:
            say(f"    -> {visible(one.todo[0])}", f"       {visible(one.todo[1])}")
        in_order = in_order and one.mark is not Mark.WRONG
    return in_order
