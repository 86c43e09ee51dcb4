"""``import-people``: show what a roster changes, ask, and write it in one go."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.cli.calm import CANNOT, NOT_IN_ORDER, StopError
from bot.cli.printing import say, table, visible, warn
from bot.cli.setting_up import database, set_up
from bot.policy.people import Role
from bot.policy.rosters.roster import PersonChange, RosterPerson, RosterPlan, plan
from bot.policy.rosters.roster_file import RosterFile, read_roster
from bot.policy.rosters.roster_troubles import TROUBLES, RosterError
from storage.people import RosterChangedError, current_roster, write_import

SHOWN: Final = 100
"""Rows of a preview: more than this nobody reads, and the counts say the rest."""

ROLES: Final = {
    Role.STUDENT: "leerling / student",
    Role.STAFF: "medewerker / staff",
    Role.GUARDIAN: "ouder / guardian",
}
_WHAT: Final = {
    "active": "in de lijst / in the roster",
    "name": "naam / name",
    "role": "rol / role",
    "class_groups": "klassen / classes",
    "duties": "taken / duties",
    "children": "kinderen / children",
}
_PERSON: Final = (
    "schoolnummer / id",
    "naam / name",
    "rol / role",
    "klassen / classes",
    "taken / duties",
)


async def import_people(path: Path, *, yes: bool, allow_gone: bool, observe: bool) -> None:
    """Read ``path`` into the roster; ``observe`` stops after the preview.

    Raises ``StopError`` when the file has errors, too many would be gone, or nobody says yes.
    """
    setup = set_up()
    async with database(setup.settings) as engine:
        file, agreed = await read_file(engine, path)
        preview(path, file, agreed)
        if observe:
            say("Alleen bekeken; er is niets geschreven.", "Only looked; nothing was written.")
            return
        _refuse_large_losses(agreed, allow_gone=allow_gone)
        if not (yes or agreed.changes_nothing):
            _ask()
        try:
            await write_import(engine, file.rows, agreed, datetime.now(UTC))
        except RosterChangedError:
            raise StopError(
                "Iemand anders heeft intussen ook ingelezen. Er is niets geschreven; kijk opnieuw.",
                "Somebody else has imported meanwhile. Nothing was written; look again.",
                code=NOT_IN_ORDER,
            ) from None
    say("Ingelezen.", "Imported.")


async def read_file(engine: AsyncEngine, path: Path) -> tuple[RosterFile, RosterPlan]:
    """A roster file and what it changes. Raises ``StopError`` when it has errors."""
    data = path.read_bytes()  # noqa: ASYNC240 (nothing else goes on in this process)
    current = await current_roster(engine)
    students = (p.school_id for p in current if p.active and p.role is Role.STUDENT)
    file = read_roster(data, frozenset(students))
    if file.errors:
        raise _refused(file.errors)
    return file, plan(current, file.rows)


def _refused(errors: Iterable[RosterError]) -> StopError:
    errors = tuple(errors)
    for error in errors:
        dutch, english = TROUBLES[error.what]
        column = f", {visible(error.column)}" if error.column else ""
        value = f" [{visible(error.value)}]" if error.value else ""
        warn(
            f"Regel {error.line}{column}: {dutch}{value}",
            f"  Line {error.line}{column}: {english}{value}",
        )
    return StopError(
        f"Er is niets ingelezen. Verbeter dit in het bestand ({len(errors)}) en lees het opnieuw.",
        f"Nothing was imported. Mend this in the file ({len(errors)}) and import it again.",
        code=NOT_IN_ORDER,
    )


def preview(path: Path, file: RosterFile, agreed: RosterPlan) -> None:
    """Print what a roster changes."""
    delimiter = "tab" if file.delimiter == "\t" else file.delimiter
    say(f"{path}: {len(file.rows)} personen / people ({file.encoding}, {delimiter})")
    if file.ignored:
        ignored = ", ".join(visible(title) for title in file.ignored)
        say(f"Niet gelezen kolommen / columns not read: {ignored}")
    if file.notes:
        words = ", ".join(sorted({visible(note.value) for note in file.notes}))
        say(f"Geen taak in de bot, overgeslagen / no duty in the bot, passed over: {words}")
    _people("Nieuw / added", agreed.added)
    _changes(agreed.changed)
    _people("Weg / gone", agreed.gone)
    say(
        f"Nieuw / added: {len(agreed.added)}. Gewijzigd / changed: {len(agreed.changed)}. "
        f"Weg / gone: {len(agreed.gone)}. Ongewijzigd / unchanged: {agreed.unchanged}."
    )


def _people(title: str, people: tuple[RosterPerson, ...]) -> None:
    if people:
        shown = (_cells(person) for person in people[:SHOWN])
        table(f"{title} ({len(people)})", _PERSON, shown)
        _say_rest(len(people))


def _say_rest(count: int) -> None:
    if count > SHOWN:
        say(f"... en nog {count - SHOWN} / and {count - SHOWN} more")


def _cells(person: RosterPerson) -> tuple[str, ...]:
    return (
        person.school_id,
        person.name,
        ROLES[person.role],
        ", ".join(sorted(person.class_groups)),
        ", ".join(sorted(person.duties)),
    )


def _changes(changes: tuple[PersonChange, ...]) -> None:
    # Who gets another role gets another say, so that comes first.
    ordered = sorted(changes, key=lambda change: change.before.role is change.after.role)
    rows = [
        (change.after.school_id, change.after.name, _WHAT[one.what], one.before, one.after)
        for change in ordered
        for one in change.differences
    ]
    if rows:
        columns = ("schoolnummer / id", "naam / name", "wat / what", "was", "wordt / becomes")
        table(f"Gewijzigd / changed ({len(changes)})", columns, rows[:SHOWN])
        _say_rest(len(rows))


def _refuse_large_losses(agreed: RosterPlan, *, allow_gone: bool) -> None:
    if not agreed.large_losses or allow_gone:
        return
    lost = "; ".join(f"{ROLES[one.role]}: {one.gone} / {one.of}" for one in agreed.large_losses)
    raise StopError(
        f"Er zou opvallend veel weg zijn ({lost}). Er is niets geschreven. Is het bestand heel? "
        "Klopt het, herhaal het dan met --allow-gone.",
        f"Remarkably many would be gone ({lost}). Nothing was written. Is the file whole? "
        "If it is right, repeat this with --allow-gone.",
        code=NOT_IN_ORDER,
    )


def _ask() -> None:
    if not sys.stdin.isatty():
        raise StopError(
            "Zonder terminal kan niemand ja zeggen. Er is niets geschreven; gebruik --yes.",
            "Without a terminal nobody can say yes. Nothing was written; use --yes.",
            code=CANNOT,
        )
    if not typer.confirm("Dit inlezen? / Import this?", default=False):
        raise StopError("Er is niets geschreven.", "Nothing was written.", code=NOT_IN_ORDER)
