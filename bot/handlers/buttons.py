"""Buttons that no other job knows: of an old version, or of something that is no more."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import BotContext
from bot.policy.decision import Decision
from bot.policy.known import Known, Needs
from bot.policy.rules import Rule


async def on_old_button(update: Update, context: BotContext) -> None:
    """Say kindly that the button does nothing any more."""
    query = update.callback_query
    assert query is not None  # noqa: S101 (the handler's type matched on it)
    await context.record(Needs(), _nothing_to_do, commutes=True)
    context.answer(query, "toast-old")


def _nothing_to_do(_known: Known) -> Decision:
    return Decision(rule=Rule.BOOKKEEPING)


HANDLERS = (CallbackQueryHandler(on_old_button),)
