"""Questions to Telegram from the command line: reads only, nothing is changed there.

The library's own words about a failure are dropped: those about a refused token hold it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.error import Forbidden, InvalidToken, TelegramError

from bot.cli.calm import StopError
from bot.cli.printing import warn
from bot.papers.code_sheet import bot_username
from bot.request import AiohttpRequest
from config.settings import Settings


class NotReachedError(Exception):
    """Telegram did not answer, or not to this token: ``token_refused`` tells which."""

    def __init__(self, *, token_refused: bool) -> None:
        super().__init__("the token is refused" if token_refused else "Telegram did not answer")
        self.token_refused = token_refused


@asynccontextmanager
async def asking(settings: Settings) -> AsyncIterator[Bot]:
    """A bot that has been told who it is. Raises ``NotReachedError``; needs ``bot_token``."""
    if settings.bot_token is None:
        raise NotReachedError(token_refused=True)
    bot = Bot(
        settings.bot_token.get_secret_value(),
        base_url=settings.telegram_base_url,
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(connection_pool_size=1),
    )
    try:
        await bot.initialize()
    except TelegramError as error:
        await bot.shutdown()
        refused = isinstance(error, InvalidToken | Forbidden)
        raise NotReachedError(token_refused=refused) from None
    try:
        yield bot
    finally:
        await bot.shutdown()


async def username_of(settings: Settings, given: str | None) -> str | None:
    """The bot's user name: as given, or as Telegram says; ``None`` if neither can tell."""
    if given is not None:
        username = bot_username(given)
        if username is None:
            raise StopError(
                "--bot-username is geen gebruikersnaam van Telegram.",
                "--bot-username is no user name of Telegram.",
            )
        return username
    if settings.bot_token is None:
        return None
    try:
        async with asking(settings) as bot:
            return bot.username
    except NotReachedError:
        warn(
            "Telegram antwoordt niet, dus de gebruikersnaam van de bot is niet bekend.",
            "Telegram does not answer, so the bot's user name is not known.",
        )
        return None
