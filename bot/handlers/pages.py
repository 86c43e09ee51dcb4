"""Opening a page: by its command, or by a button on another page."""

from telegram import Update
from telegram.ext import CommandHandler

from bot.callback_data import Verb, opened
from bot.context import BotContext
from bot.gather.pressing import Pressed, PressHandler
from bot.gather.private import PRIVATE_MESSAGE, Command, PrivateMessage
from bot.policy import pages
from bot.policy.commands import PAGE_COMMANDS


async def on_command(update: Update, context: BotContext) -> None:
    """Somebody typed the command of a page."""
    assert update.message is not None  # noqa: S101 (the handler's filter matched on it)
    written, command = PrivateMessage(update.message), Command.of(update.message)
    if command is None:
        return
    page = PAGE_COMMANDS[command.name]
    await context.record(
        written.asker_needs,
        lambda known: pages.judge_open(
            pages.OpenFacts(at=known.at, asker=written.asker(known), page=page), context.limits
        ),
        happened_at=update.message.date,
    )


async def on_press(update: Update, context: BotContext) -> None:
    """Somebody pressed a button that opens a page."""
    pressed = Pressed.of(update)
    found = opened(pressed.press)
    if found is None:
        context.answer(pressed.query, "toast-old")
        return
    page, argument = found
    await context.record(
        pressed.needs,
        lambda known: pages.judge_open(
            pages.OpenFacts(
                at=known.at,
                asker=pressed.asker(known),
                page=page,
                about=pressed.about(known),
                group=pressed.group(known),
                argument=argument,
                replaces=pressed.message,
            ),
            context.limits,
        ),
    )
    context.answer(pressed.query)


HANDLERS = (
    CommandHandler(tuple(PAGE_COMMANDS), on_command, filters=PRIVATE_MESSAGE),
    PressHandler(on_press, Verb.OPEN),
)
