"""``backup``: a proved copy of the database, while the bot goes on."""

from pathlib import Path

from bot.cli.calm import NOT_IN_ORDER, StopError
from bot.cli.printing import say
from bot.cli.setting_up import database, set_up
from storage.backup import BackupFailedError, InUseError, NotSqliteError, back_up


async def make_backup(target: Path, *, force: bool) -> None:
    """Copy the database to ``target``. Raises ``StopError`` if there is no whole copy there."""
    setup = set_up()
    async with database(setup.settings):
        pass
    try:
        verdict = await back_up(setup.settings.database_url, target, overwrite=force)
    except NotSqliteError:
        raise StopError(
            "Dit is een PostgreSQL-database: gebruik pg_dump.",
            "This is a PostgreSQL database: use pg_dump.",
        ) from None
    except FileExistsError:
        raise StopError(
            f"{target} bestaat al en blijft zoals het is. Kies een andere naam, of --force.",
            f"{target} exists and stays as it is. Choose another name, or --force.",
        ) from None
    except InUseError:
        raise StopError(
            f"{target} is een database die in gebruik is, en blijft zoals ze is.",
            f"{target} is a database that is in use, and stays as it is.",
        ) from None
    except BackupFailedError:
        raise StopError(
            "De kopie was beschadigd en is weggehaald. Probeer een andere schijf.",
            "The copy was damaged and has been removed. Try another disk.",
        ) from None
    if not verdict.whole:
        raise StopError(
            f"De kopie staat op {target}, maar het logboek klopt niet bij gebeurtenis "
            f"{verdict.broken_at}. Zie verify-log.",
            f"The copy is at {target}, but the log is not whole at event {verdict.broken_at}. "
            "See verify-log.",
            code=NOT_IN_ORDER,
        )
    say(
        f"Kopie op {target}, nagelopen: {verdict.checked} gebeurtenissen. Er staan namen in: "
        "bewaar haar veilig.",
        f"Copy at {target}, verified: {verdict.checked} events. It holds names: keep it safe.",
    )
    say(verdict.head)
