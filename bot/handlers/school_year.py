"""The buttons of a new school year: begin it, and "this group goes on"."""

from telegram import Update

from bot.callback_data import Verb
from bot.context import BotContext
from bot.gather.pressing import Pressed, PressHandler
from bot.gather.school_year import BeginPress, reconfirm_facts
from bot.policy.school_years import school_year


async def on_begin(update: Update, context: BotContext) -> None:
    """An administrator agrees to what was shown."""
    pressed = Pressed.of(update)
    begins = BeginPress.of(pressed)
    if begins is None:
        context.answer(pressed.query, "toast-old")
        return
    await context.record(
        begins.needs, lambda known: school_year.judge_begin(begins.facts(known), context.limits)
    )
    context.answer(pressed.query)


async def on_reconfirm(update: Update, context: BotContext) -> None:
    """The owner of a group says that it goes on."""
    pressed = Pressed.of(update)
    await context.record(
        pressed.needs,
        lambda known: school_year.judge_reconfirm(reconfirm_facts(pressed, known), context.limits),
    )
    context.answer(pressed.query)


HANDLERS = (
    PressHandler(on_begin, Verb.SCHOOL_YEAR),
    PressHandler(on_reconfirm, Verb.RECONFIRM),
)
