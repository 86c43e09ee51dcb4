"""From an update to the one handler that is for it.

python-telegram-bot's own ``process_update`` hands an exception to error handlers and goes on, so
whoever receives updates cannot know whether one was recorded. Here the exception reaches the
intake, which sets the update aside: nothing is acknowledged that is not in the database.
"""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.context import BotContext
from bot.policy.decision import Decision
from bot.policy.known import Known, Needs
from bot.policy.rules import Rule


async def dispatch(application: Application[Any, Any, Any, Any, Any, Any], update: Update) -> None:
    """Let the first handler that wants the update record it; what nobody wants is only counted."""
    context = BotContext.from_update(update, application)
    for handler in application.handlers[0]:
        check = handler.check_update(update)
        if check is None or check is False:
            continue
        await handler.handle_update(update, application, check, context)
        break
    if not context.recorded:
        await context.record(Needs(), _nothing_to_do, commutes=True)


def _nothing_to_do(_known: Known) -> Decision:
    return Decision(rule=Rule.BOOKKEEPING)
