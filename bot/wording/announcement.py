"""The check of an announcement's own words: what its author typed, and nothing that we wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bot.policy.announcements.fields import Field, Fields, typed_words
from bot.wording.allowed import NOTHING_OWN, Allowed
from bot.wording.check import check
from bot.wording.findings import Finding, Kind
from bot.wording.names import Names

Spans = tuple[tuple[int, int], ...]
"""Places in a text: offsets in characters, the end excluded."""

# Fields are read one after another: a name in one of them belongs to a health word in the next.
_BETWEEN = " "


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Whom a text may not name, and whom it may; ``class_groups`` tell names from words."""

    students: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    class_groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found: ``stops`` and ``hints`` by kind, each kind once, in the order of the text.

    ``places``: where what stops it stands, in the words of each field.
    """

    stops: tuple[Kind, ...] = ()
    hints: tuple[Kind, ...] = ()
    places: Mapping[Field, Spans] = field(default_factory=dict)


def checked(fields: Fields, roster: Roster, allowed: Allowed) -> Checked:
    """Check the typed words as they are read together."""
    words = typed_words(fields)
    found = check(_BETWEEN.join(words.values()), names=_names(roster), allowed=allowed)
    return Checked(
        stops=tuple(dict.fromkeys(each.kind for each in found if each.stops)),
        hints=tuple(dict.fromkeys(each.kind for each in found if not each.stops)),
        places=_places(words, [each for each in found if each.stops]),
    )


def _places(words: Mapping[Field, str], found: list[Finding]) -> Mapping[Field, Spans]:
    """Each finding in the words of the fields that it touches."""
    places: dict[Field, Spans] = {}
    begins = 0
    for name, text in words.items():
        cut = [
            (max(each.start - begins, 0), min(each.end - begins, len(text)))
            for each in found
            if each.start < begins + len(text) and each.end > begins
        ]
        if cut:
            places[name] = tuple(sorted(cut))
        begins += len(text) + len(_BETWEEN)
    return places


def findings_in_message(
    text: str, roster: Roster, allowed: Allowed = NOTHING_OWN, *, has_media: bool
) -> tuple[Finding, ...]:
    """What had better not stand in a message that was written by hand."""
    found = check(text, names=_names(roster), has_media=has_media, allowed=allowed)
    return tuple(each for each in found if each.stops)


@lru_cache(maxsize=2)
def _names(roster: Roster) -> Names:
    """A school's names, made ready once for each roster: three thousand take some milliseconds."""
    return Names.of(roster.students, roster.staff, class_groups=roster.class_groups)
