"""Buttons under the bot's messages. What a button says is never trusted beyond an id."""

from telegram import CallbackQuery, Update
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler

from bot.callback_data import ConfirmGroup, parse_data
from bot.context import BotContext
from bot.gather.private import PickedChat
from bot.messages import text
from bot.policy import adoption
from bot.policy.notices import language_of


async def on_button(update: Update, context: BotContext) -> None:
    """Do what the button is for, if it still is for anything; then tell Telegram so."""
    query = update.callback_query
    assert query is not None  # noqa: S101 (the handler's type matched on it)
    button = parse_data(query.data) if isinstance(query.data, str) else None
    picked = PickedChat.pressed(query, button.chat) if isinstance(button, ConfirmGroup) else None
    if picked is not None and picked.is_possible:
        await context.record(
            picked.needs,
            lambda known: adoption.judge_owned_chat(picked.group_facts(known), context.limits),
        )
    # Only now that it is recorded; in a task, because the log must not wait for Telegram.
    key = None if picked is not None and picked.is_possible else "toast-old"
    context.application.create_task(_answer(query, key))


async def _answer(query: CallbackQuery, key: str | None) -> None:
    language = language_of(query.from_user.language_code)
    try:
        await query.answer(None if key is None else text(key, language))
    except TelegramError:
        return  # Telegram forgets a press after a while; the press itself has been recorded.


HANDLERS = (CallbackQueryHandler(on_button),)
