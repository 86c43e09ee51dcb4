"""The buttons of ``/toestemming``."""

from telegram import Update

from bot.callback_data import Verb
from bot.context import BotContext
from bot.gather.pressing import Pressed, PressHandler
from bot.gather.school_year import ConsentPress
from bot.policy.coming_in import consenting


async def on_consent(update: Update, context: BotContext) -> None:
    """Somebody gives consent for a child, or takes it back."""
    pressed = Pressed.of(update)
    consents = ConsentPress.of(pressed)
    if consents is None:
        context.answer(pressed.query, "toast-old")
        return
    await context.record(
        consents.needs, lambda known: consenting.judge(consents.facts(known), context.limits)
    )
    context.answer(pressed.query)


HANDLERS = (PressHandler(on_consent, Verb.CONSENT),)
