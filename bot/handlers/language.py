"""The buttons of ``/taal``."""

from telegram import Update

from bot.callback_data import Verb
from bot.context import BotContext
from bot.gather.pressing import Pressed, PressHandler
from bot.policy.accounts import language


async def on_language(update: Update, context: BotContext) -> None:
    """Somebody chose a language."""
    pressed = Pressed.of(update)
    await context.record(
        pressed.needs,
        lambda known: language.judge(
            language.LanguageFacts(
                at=known.at,
                asker=pressed.asker(known),
                chosen=pressed.press.argument,
                replaces=pressed.message,
            ),
            context.limits,
        ),
    )
    context.answer(pressed.query)


HANDLERS = (PressHandler(on_language, Verb.LANGUAGE),)
