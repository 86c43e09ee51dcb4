"""``check-text``: what a text to a whole group should not have in it, each at its place.

The text and the names stay in this process: nothing is written or logged.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.cli.calm import StopError
from bot.cli.printing import say, shows_all_letters, visible, warn
from bot.cli.setting_up import database, set_up
from bot.messages import text as sentence
from bot.policy.effects import Language
from bot.policy.people import Role
from bot.wording.allowed import Allowed
from bot.wording.check import check
from bot.wording.findings import Finding, utf16_span
from bot.wording.names import Names
from bot.wording.phone_numbers import own_numbers
from storage.backup import database_file
from storage.people import current_roster

FOUND: Final = 3
"""The exit code when a finding stops the text. A hint stops nothing."""

_AROUND: Final = 30
"""Characters shown on either side of a finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed."""

    text: str | None
    file: Path | None
    media: bool
    own_numbers: frozenset[str]
    own_domains: frozenset[str]
    as_json: bool


async def check_text(asked: Asked) -> int:
    """Print what is found; answer the exit code. Raises ``StopError``, ``OSError``."""
    written = _written(asked)
    allowed = _allowed(asked)
    found = check(written, names=await _names(), has_media=asked.media, allowed=allowed)
    if asked.as_json:
        say(json.dumps([_as_data(written, one) for one in found], indent=2))
    else:
        _show(written, found)
    return FOUND if any(one.stops for one in found) else 0


def _written(asked: Asked) -> str:
    if (asked.text is None) == (asked.file is None):
        raise StopError(
            "Geef één tekst: als argument, of met --file uit een bestand.",
            "Give one text: as an argument, or with --file out of a file.",
        )
    if asked.file is None:
        return str(asked.text)
    try:
        return asked.file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise StopError(
            f"{visible(str(asked.file))} is geen tekst in UTF-8. Sla het bestand zo op.",
            f"{visible(str(asked.file))} is no text in UTF-8. Save the file as such.",
        ) from None


def _allowed(asked: Asked) -> Allowed:
    try:
        own_numbers(asked.own_numbers)
    except ValueError:
        raise StopError(
            "--own-number is geen telefoonnummer. Schrijf het zoals 0182-512345.",
            "--own-number is no phone number. Write it like 0182-512345.",
        ) from None
    return Allowed(phone_numbers=asked.own_numbers, domains=asked.own_domains)


async def _names() -> Names:
    """Everybody in the roster. Leavers too: their names are as personal as before."""
    settings = set_up().settings
    file = database_file(settings.database_url)
    if file is not None and not file.exists():
        warn(
            "Er is nog geen database, dus geen enkele naam wordt herkend.",
            "There is no database yet, so no name is recognised.",
        )
        return Names.of([])
    async with database(settings) as engine:
        people = await current_roster(engine)
    staff = [person for person in people if person.role is Role.STAFF]
    return Names.of(
        [person.name for person in people if person.role is Role.STUDENT],
        [person.name for person in staff],
        codes=[person.school_id for person in staff],
        class_groups={group for person in people for group in person.class_groups},
    )


def _as_data(written: str, one: Finding) -> dict[str, str | int]:
    offset, length = utf16_span(written, one)
    return {
        "kind": one.kind.value,
        "article": one.article,
        "severity": one.severity.value,
        "start": one.start,
        "end": one.end,
        "utf16_offset": offset,
        "utf16_length": length,
    }


def _show(written: str, found: tuple[Finding, ...]) -> None:
    if not found:
        say("Niets gevonden.", "Nothing found.")
    letters = shows_all_letters()
    for one in found:
        stops, hint = ("✗", "·") if letters else ("x", "-")
        key = f"finding-{one.kind.value}"
        say(
            f"{stops if one.stops else hint} {sentence(key, Language.DUTCH)}",
            f"  {sentence(key, Language.ENGLISH)}",
        )
        if one.end > one.start:
            say(f"    {_marked(written, one)}")


def _marked(written: str, one: Finding) -> str:
    """The place in its line or so, between marks."""
    before = written[max(one.start - _AROUND, 0) : one.start]
    after = written[one.end : one.end + _AROUND]
    parts = (before, ">>", written[one.start : one.end], "<<", after)
    cut = ("..." if one.start > _AROUND else "", "..." if len(written) > one.end + _AROUND else "")
    return f"{cut[0]}{''.join(visible(part) for part in parts)}{cut[1]}"
