"""``codes``: make linking codes, and hand them over on the screen, on paper or to a program."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TextIO

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.cli.asking_telegram import username_of
from bot.cli.calm import NOT_IN_ORDER, StopError
from bot.cli.importing_people import ROLES
from bot.cli.printing import say, shows_all_letters, table
from bot.cli.setting_up import Setup, database, set_up
from bot.papers.code_sheet import code_sheet, start_link
from bot.policy.rosters.roster_columns import ROLES as WORDS_FOR_ROLES
from bot.policy.rosters.roster_columns import plain
from storage.linking_codes import (
    AdministratorExistsError,
    IssuedCode,
    Selection,
    first_administrator,
    issue_codes,
)

_NOBODY: Final = ("Niemand om een code voor te maken.", "Nobody to make a code for.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """How the codes reach people. ``sheet`` is a file to make; ``username`` the bot's, if given."""

    as_json: bool
    sheet: Path | None
    username: str | None


def selection_of(
    *,
    class_group: str | None,
    role: str | None,
    person: str | None,
    renew: bool,
    first_administrator: bool,
) -> Selection | None:
    """The options as a selection; ``None`` for the first administrator, who is chosen by nobody."""
    if first_administrator and (class_group or role or person):
        raise StopError(
            "--first-administrator gaat niet samen met --class, --role of --person.",
            "--first-administrator does not go with --class, --role or --person.",
        )
    if first_administrator:
        return None
    if role is not None and plain(role) not in WORDS_FOR_ROLES:
        raise StopError(
            "--role kan zijn: leerling, medewerker of ouder.",
            "--role can be: student, staff or guardian.",
        )
    return Selection(
        class_group=class_group,
        role=None if role is None else WORDS_FOR_ROLES[plain(role)],
        school_id=person,
        renew=renew,
    )


async def hand_out_codes(selection: Selection | None, handover: Handover) -> None:
    """Make codes for a selection, or without one for the first administrator."""
    setup = set_up()
    username = await username_of(setup.settings, handover.username)
    if handover.sheet is not None and username is None:
        raise StopError(
            "Een vel met QR-codes vraagt de gebruikersnaam van de bot: geef --bot-username.",
            "A sheet with QR codes needs the bot's user name: give --bot-username.",
        )
    async with database(setup.settings) as engine:
        # The sheet's place is taken before there are codes: a code that nobody gets is lost.
        with _new_sheet(handover.sheet) as sheet:
            codes = await _made(engine, selection, setup)
            if sheet is not None and not codes:
                raise StopError(*_NOBODY, code=0)
            if sheet is not None and username is not None:
                sheet.write(
                    code_sheet(
                        codes, username=username, school=setup.school.name, zone=setup.school.zone
                    )
                )
    _show(codes, username, handover, setup)


async def _made(engine: AsyncEngine, selection: Selection | None, setup: Setup) -> list[IssuedCode]:
    now, valid = datetime.now(UTC), timedelta(days=setup.school.linking.code_valid_days)
    if selection is None:
        try:
            return [await first_administrator(engine, now, valid)]
        except AdministratorExistsError:
            raise StopError(
                "Er is al een beheerder gekoppeld. Andere beheerders komen uit de lijst van school "
                "(kolom taken: beheerder) en krijgen een gewone code.",
                "An administrator is linked already. Others come from the school's roster "
                "(column duties: administrator) and get an ordinary code.",
                code=NOT_IN_ORDER,
            ) from None
    codes = await issue_codes(engine, selection, now, valid)
    if selection.school_id is not None and not codes:
        raise StopError(
            "Geen code gemaakt: deze persoon staat niet in de lijst, is weg, of is al gekoppeld.",
            "No code was made for this person: not in the roster, gone, or linked already.",
            code=NOT_IN_ORDER,
        )
    return codes


@contextmanager
def _new_sheet(path: Path | None) -> Iterator[TextIO | None]:
    """A new file that only this account can read; it goes away again when nothing came of it."""
    if path is None:
        yield None
        return
    if path.suffix.lower() not in {".html", ".htm"}:
        raise StopError(
            "Het vel is een bladzijde om te printen uit een browser: noem het iets.html.",
            "The sheet is a page to print from a browser: call it something.html.",
        )
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise StopError(
            f"{path} bestaat al en blijft zoals het is. Kies een andere naam.",
            f"{path} exists and stays as it is. Choose another name.",
        ) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as sheet:
            yield sheet
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _show(
    codes: Sequence[IssuedCode], username: str | None, handover: Handover, setup: Setup
) -> None:
    if handover.as_json:
        objects = [_as_object(one, username) for one in codes]
        letters = not shows_all_letters()
        sys.stdout.write(json.dumps(objects, ensure_ascii=letters, indent=2) + "\n")
        return
    if not codes:
        say(*_NOBODY)
        return
    if handover.sheet is not None:
        say(
            f"{len(codes)} codes op {handover.sheet}. Print het, en gooi het bestand daarna weg.",
            f"{len(codes)} codes on {handover.sheet}. Print it, and delete the file afterwards.",
        )
        return
    until = f"{codes[0].expires_at.astimezone(setup.school.zone):%Y-%m-%d %H:%M}"
    columns = ("schoolnummer / id", "naam / name", "rol / role", "klassen / classes", "code")
    table(
        f"Geldig tot / valid until {until}",
        columns,
        (
            (one.school_id, one.name, ROLES[one.role], ", ".join(one.class_groups), one.code)
            for one in codes
        ),
    )
    if len(codes) == 1 and username:
        say(start_link(username, codes[0].code))
    say("Geef elke code alleen aan wie erbij staat.", "Give each code only to the person named.")


def _as_object(one: IssuedCode, username: str | None) -> dict[str, object]:
    return {
        "school_id": one.school_id,
        "name": one.name,
        "role": one.role.value,
        "class_groups": list(one.class_groups),
        "code": one.code,
        "link": start_link(username, one.code) if username else None,
        "expires_at": one.expires_at.isoformat(timespec="seconds"),
    }
