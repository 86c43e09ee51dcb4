"""``check``: whether everything is right for the bot to keep the groups, line by line.

Reads only. Each line says what was found; what is not right says what to do about it.
"""

import shutil
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.cli.asking_telegram import NotReachedError, asking
from bot.cli.calm import NOT_IN_ORDER, StopError
from bot.cli.checking_groups import check_groups
from bot.cli.checking_telegram import check_bot, check_clock
from bot.cli.findings import Finding, fine, look, show, wrong
from bot.cli.setting_up import database, set_up
from config.settings import Settings
from storage.backup import database_file
from storage.chain import verify
from storage.engine import reading
from storage.overview import overview
from storage.schema import HEAD

VERIFIED_HERE: Final = 200_000
"""Events in the log up to which they are all verified here: about ten seconds."""

LITTLE_SPACE: Final = 1_000_000_000
NO_SPACE: Final = 100_000_000


async def check() -> None:
    """Print what is in order and what is not. Raises ``StopError`` if anything is wrong."""
    setup = set_up()
    in_order = True
    async with database(setup.settings) as engine:
        in_order &= show(await _check_database(engine))
        in_order &= show(_check_space(setup.settings))
        in_order &= show(await _check_telegram(engine, setup.settings))
    if not in_order:
        raise StopError(
            "Niet alles is in orde; hierboven staat bij x of ✗ wat er moet gebeuren.",
            "Not everything is in order; the lines above say what to do.",
            code=NOT_IN_ORDER,
        )


async def _check_database(engine: AsyncEngine) -> list[Finding]:
    found = await overview(engine)
    schema = fine(f"De database is bij (versie {HEAD}).", f"The database is up to date ({HEAD}).")
    if found.events > VERIFIED_HERE:
        log = look(
            f"Het logboek is lang ({found.events}) en is hier niet nagelopen.",
            f"The log is long ({found.events}) and was not verified here.",
            "Gebruik verify-log.",
            "Use verify-log.",
        )
        return [schema, log]
    async with reading(engine) as connection:
        verdict = await verify(connection)
    if verdict.whole:
        log = fine(
            f"Het logboek klopt ({verdict.checked} gebeurtenissen).",
            f"The log is whole ({verdict.checked} events).",
        )
    else:
        log = wrong(
            f"Het logboek klopt niet vanaf gebeurtenis {verdict.broken_at}.",
            f"The log is not whole from event {verdict.broken_at} on.",
            "Verander niets, bewaar een kopie (backup) en haal de beheerder erbij.",
            "Change nothing, keep a copy (backup) and call the administrator.",
        )
    return [schema, log]


def _check_space(settings: Settings) -> list[Finding]:
    file = database_file(settings.database_url)
    if file is None:
        return []
    return [space_finding(shutil.disk_usage(Path(file).absolute().parent).free)]


def space_finding(free: int) -> Finding:
    """What ``free`` bytes beside the database mean."""
    amount = f"{free / 1_000_000_000:.1f} GB"
    if free >= LITTLE_SPACE:
        return fine(f"Vrije ruimte: {amount}.", f"Free space: {amount}.")
    kind = look if free >= NO_SPACE else wrong
    return kind(
        f"Weinig vrije ruimte: {amount}.",
        f"Little free space: {amount}.",
        "Maak ruimte vrij: zonder ruimte kan de bot niets vastleggen en doet hij niets.",
        "Make room: without room the bot can record nothing, and does nothing.",
    )


async def _check_telegram(engine: AsyncEngine, settings: Settings) -> list[Finding]:
    if settings.bot_token is None:
        missing = wrong(
            "Er is geen token (BOT_TOKEN).",
            "There is no token (BOT_TOKEN).",
            "Maak een bot bij @BotFather en zet het token in .env.",
            "Make a bot with @BotFather and put the token in .env.",
        )
        return [missing]
    clock = await check_clock(settings.telegram_base_url)
    try:
        async with asking(settings) as bot:
            return [clock, *await check_bot(bot), *await check_groups(engine, bot)]
    except NotReachedError as error:
        return [clock, _not_reached(error)]


def _not_reached(error: NotReachedError) -> Finding:
    if error.token_refused:
        return wrong(
            "Telegram kent dit token niet.",
            "Telegram does not know this token.",
            "Haal het token opnieuw op bij @BotFather (/token) en zet het in .env.",
            "Get the token from @BotFather again (/token) and put it in .env.",
        )
    return wrong(
        "Telegram antwoordt niet.",
        "Telegram does not answer.",
        "Kijk naar het internet van deze machine, de proxy en TELEGRAM_BASE_URL.",
        "Look at this machine's internet, the proxy and TELEGRAM_BASE_URL.",
    )
