"""The buttons of ``/mijngegevens`` and ``/stop``."""

from telegram import Update

from bot.callback_data import Verb
from bot.context import BotContext
from bot.gather import own_data as gather
from bot.gather.pressing import Pressed, PressHandler
from bot.policy.accounts import own_data
from bot.policy.rules import Rule


async def on_ask(update: Update, context: BotContext) -> None:
    """Somebody asks for his data to be corrected or erased."""
    pressed = Pressed.of(update)
    recorded = await context.record(
        gather.needs(pressed),
        lambda known: own_data.judge_ask(gather.ask_facts(pressed, known), context.limits),
    )
    asked = recorded.decision is not None and recorded.decision.rule is Rule.DATA_ASKED
    context.answer(pressed.query, "toast-data-asked" if asked else "toast-data-asked-already")


async def on_stop(update: Update, context: BotContext) -> None:
    """Somebody confirms that he wants to stop."""
    pressed = Pressed.of(update)
    await context.record(
        gather.needs(pressed),
        lambda known: own_data.judge_stop(gather.stop_facts(pressed, known), context.limits),
    )
    context.answer(pressed.query)


HANDLERS = (PressHandler(on_ask, Verb.ASK_DATA), PressHandler(on_stop, Verb.STOP))
