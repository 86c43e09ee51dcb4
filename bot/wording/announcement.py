"""The check of an announcement's own words: what its author typed, and nothing that we wrote."""

from functools import lru_cache

from bot.policy.announcements.fields import Fields
from bot.wording.check import check
from bot.wording.findings import Finding
from bot.wording.names import Names


def findings_in(
    fields: Fields, students: frozenset[str], staff: frozenset[str]
) -> tuple[Finding, ...]:
    """What stops an announcement: in its subject, its room or its note."""
    names = _names(students, staff)
    typed = (fields.subject, fields.room, fields.note)
    return tuple(
        found for text in typed if text for found in check(text, names=names) if found.stops
    )


def findings_in_message(
    text: str, students: frozenset[str], staff: frozenset[str], *, has_media: bool
) -> tuple[Finding, ...]:
    """What had better not stand in a message that was written by hand."""
    found = check(text, names=_names(students, staff), has_media=has_media)
    return tuple(each for each in found if each.stops)


@lru_cache(maxsize=2)
def _names(students: frozenset[str], staff: frozenset[str]) -> Names:
    """A school's names, made ready once for each roster: three thousand take some milliseconds."""
    return Names.of(students, staff)
