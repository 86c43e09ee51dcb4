"""The command menus: everybody sees the commands that are for him, and nobody others.

Telegram shows the first list that is set, from the narrowest scope to the widest (Bot API:
BotCommandScope). Whom we know has a list of his own; all others see the strangers' list, by the
language of their Telegram. In groups there is nothing to type, and so no menu.
"""

from collections.abc import Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.clock import Clock
from bot.messages.notices import label
from bot.policy.commands import commands_for
from bot.policy.effects import Language
from bot.policy.ids import UserId
from bot.policy.known import Needs
from bot.policy.notices import language_of
from bot.policy.outcomes import Done
from bot.policy.people import Account
from bot.sending.answers import Answer, RetryLater
from storage.engine import reading
from storage.numbers import Numbers
from storage.reading import read_known

log = structlog.get_logger()

DATABASE_PAUSE = 5.0

_NOBODY = Account(user=UserId(0))


class Menus:
    """Sets command menus as one bot."""

    def __init__(self, bot: Bot, engine: AsyncEngine, clock: Clock) -> None:
        self._bot = bot
        self._engine = engine
        self._clock = clock

    async def show(self, user: UserId) -> Answer:
        """Give one account the menu of what it may do now. Raises the library's errors."""
        needs = Needs(users=frozenset((user,)))
        try:
            async with reading(self._engine) as connection:
                known = await read_known(connection, needs, self._clock.now(), Numbers())
        except SQLAlchemyError:
            return RetryLater(seconds=DATABASE_PAUSE)
        account = known.account(user)
        scope = BotCommandScopeChat(user)
        if account.role is None and account.language is None:
            await self._bot.delete_my_commands(scope)
        else:
            await self._bot.set_my_commands(menu(account, language_of(account.language)), scope)
        return Done()


def menu(account: Account, language: Language) -> list[BotCommand]:
    """The commands that an account may use, with what each does."""
    return [
        BotCommand(spec.spoken(language), label(f"menu-{spec.name}", language))
        for spec in commands_for(account)
    ]


async def show_to_strangers(bot: Bot) -> None:
    """What those see whom we do not know; without it the bot works just as well."""
    everybody = BotCommandScopeAllPrivateChats()
    dutch, english = (_for_strangers(each) for each in (Language.DUTCH, Language.ENGLISH))
    try:
        # Also a list that was once typed at @BotFather: it would show in every group.
        await bot.delete_my_commands()
        await bot.delete_my_commands(BotCommandScopeAllGroupChats())
        await bot.set_my_commands(dutch, everybody)
        await bot.set_my_commands(english, everybody, language_code=Language.ENGLISH.value)
    except TelegramError as error:
        log.warning("the command menu cannot be set", error=type(error).__name__)


def _for_strangers(language: Language) -> Sequence[BotCommand]:
    return menu(_NOBODY, language)
