"""What ``check`` asks Telegram about the bot itself, and the machine's clock beside Telegram's."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from telegram import Bot, WebhookInfo
from telegram.error import TelegramError

from bot.cli.findings import Finding, fine, look, wrong

MANY_PENDING: Final = 1_000
CLOCK_FINE: Final = timedelta(seconds=5)
CLOCK_USABLE: Final = timedelta(seconds=60)
_PATIENCE: Final = aiohttp.ClientTimeout(total=10)

# What @BotFather's switches should be. Source: https://core.telegram.org/bots/api#user and
# https://core.telegram.org/bots/features#privacy-mode
_SWITCHES: Final[tuple[tuple[str, bool, str, str, str], ...]] = (
    (
        "can_read_all_group_messages",
        False,
        "privacymodus (een bot die beheerder is, ziet in zijn eigen groepen toch alles)",
        "privacy mode (a bot that is administrator sees everything in its own groups anyway)",
        "Bot Settings > Group Privacy > Turn on",
    ),
    (
        "supports_guest_queries",
        False,
        "geen gast in andermans gesprekken",
        "no guest in other people's chats",
        "Bot Settings > Guest Mode > Turn off",
    ),
    (
        "can_connect_to_business",
        False,
        "niet te koppelen aan het eigen account van een medewerker",
        "not to be connected to an account of staff's own",
        "Bot Settings > Business Mode > Turn off",
    ),
    (
        "supports_inline_queries",
        False,
        "niet aan te roepen in andermans gesprekken",
        "not to be called in other people's chats",
        "Bot Settings > Inline Mode > Turn off",
    ),
)


async def check_bot(bot: Bot) -> list[Finding]:
    """The bot's switches, what waits for it, and whether another program gets it instead."""
    findings = [
        fine(
            f"Telegram kent het token: dit is @{bot.username}.",
            f"Telegram knows the token: this is @{bot.username}.",
        ),
        *_switches(bot.bot.to_dict()),
    ]
    try:
        return [*findings, *_delivery(await bot.get_webhook_info())]
    except TelegramError:
        trouble = look(
            "Wat er op de bot wacht, is niet te zien.",
            "What waits for the bot cannot be seen.",
            "Probeer het later opnieuw.",
            "Try again later.",
        )
        return [*findings, trouble]


def _switches(me: dict[str, Any]) -> Iterator[Finding]:
    if me.get("can_join_groups"):
        yield fine("De bot mag in groepen.", "The bot may join groups.")
    else:
        todo = "@BotFather: Bot Settings > Allow Groups > Turn on"
        yield wrong("De bot mag niet in groepen.", "The bot may not join groups.", todo, todo)
    for name, wanted, dutch, english, where in _SWITCHES:
        if bool(me.get(name)) is wanted:
            yield fine(f"Goed ingesteld: {dutch}.", f"Set right: {english}.")
        else:
            todo = f"@BotFather: {where}"
            yield look(f"Moet anders: {dutch}.", f"Should change: {english}.", todo, todo)


def _delivery(info: WebhookInfo) -> Iterator[Finding]:
    if info.url:
        yield wrong(
            "Een ander programma ontvangt de berichten voor deze bot (er staat een webhook).",
            "Another program receives what is meant for this bot (a webhook is set).",
            "Zet dat programma uit, of laat @BotFather een nieuw token maken (/revoke).",
            "Switch that program off, or have @BotFather make a new token (/revoke).",
        )
    else:
        yield fine("Geen webhook: de bot kan zelf ophalen.", "No webhook: the bot can poll.")
    count = info.pending_update_count
    if count > MANY_PENDING:
        yield look(
            f"Er wachten {count} berichten op de bot.",
            f"{count} updates wait for the bot.",
            "Draait de bot? Wat langer dan een dag wacht, gooit Telegram weg.",
            "Is the bot running? Telegram throws away what waits longer than a day.",
        )
    else:
        yield fine(f"Er wachten {count} berichten.", f"{count} updates wait.")


async def check_clock(base_url: str) -> Finding:
    """The machine's clock beside the one in Telegram's answer; asked without the token."""
    parts = urlsplit(base_url)
    before = datetime.now(UTC)
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE) as session,
            session.get(f"{parts.scheme}://{parts.netloc}/", allow_redirects=False) as answer,
        ):
            date = answer.headers.get("Date")
        theirs = parsedate_to_datetime(date or "")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return look(
            "De klok is niet te vergelijken.",
            "The clock cannot be compared.",
            "Probeer het opnieuw als Telegram bereikbaar is.",
            "Try again when Telegram can be reached.",
        )
    # The header has whole seconds, and half of the way there and back has passed by then.
    ours = before + (datetime.now(UTC) - before) / 2
    return clock_finding(ours - (theirs.astimezone(UTC) + timedelta(seconds=0.5)))


def clock_finding(ahead: timedelta) -> Finding:
    """What a clock that is ``ahead`` of Telegram's means; behind is negative."""
    seconds = round(ahead.total_seconds())
    if abs(ahead) <= CLOCK_FINE:
        return fine("De klok loopt gelijk met Telegram.", "The clock agrees with Telegram's.")
    kind = look if abs(ahead) <= CLOCK_USABLE else wrong
    return kind(
        f"De klok wijkt {seconds} seconden af van Telegram.",
        f"The clock differs {seconds} seconds from Telegram's.",
        "Zet de tijdsynchronisatie (NTP) van deze machine aan.",
        "Switch this machine's time synchronisation (NTP) on.",
    )
