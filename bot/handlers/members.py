"""Buttons of a group's own staff: for which class groups it is, and taking somebody out."""

from telegram import Update

from bot.callback_data import Verb
from bot.context import BotContext
from bot.gather.joining import ClassGroupPressed, RemovalPressed
from bot.gather.pressing import Pressed, PressHandler
from bot.policy.broadcast_groups import class_groups
from bot.policy.coming_in import members
from bot.policy.rules import Rule


async def on_class_group(update: Update, context: BotContext) -> None:
    """Somebody tapped a class group."""
    pressed = ClassGroupPressed(Pressed.of(update))
    await context.record(
        pressed.needs,
        lambda known: class_groups.judge(pressed.facts(known), context.limits),
    )
    context.answer(pressed.pressed.query)


async def on_remove(update: Update, context: BotContext) -> None:
    """Somebody tapped to have a member taken out of a group."""
    pressed = RemovalPressed(Pressed.of(update))
    recorded = await context.record(
        pressed.needs,
        lambda known: members.judge_removal(pressed.facts(known), context.limits),
    )
    decision = recorded.decision
    removes = decision is not None and decision.rule is Rule.MEMBER_REMOVED
    context.answer(pressed.pressed.query, "toast-removing" if removes else None)


HANDLERS = (
    PressHandler(on_class_group, Verb.CLASS_GROUP),
    PressHandler(on_remove, Verb.REMOVE_MEMBER),
)
