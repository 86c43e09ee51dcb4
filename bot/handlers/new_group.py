"""The commands with which staff start a group, or register a channel."""

import secrets

from telegram import Update
from telegram.ext import CommandHandler

from bot.context import BotContext
from bot.gather.private import PRIVATE_MESSAGE, Command, PrivateMessage
from bot.policy.broadcast_groups import adoption, channels
from bot.policy.commands import COMMANDS, NEW_CHANNEL, NEW_GROUP

NONCE_BYTES = 18

# Every way to type each of them.
_TYPED = {spec.name: sorted(spec.typed) for spec in COMMANDS}


def _written(update: Update) -> PrivateMessage | None:
    """The message, if a person gave a command."""
    assert update.message is not None  # noqa: S101 (the handler's filter matched on it)
    return None if Command.of(update.message) is None else PrivateMessage(update.message)


async def on_new_group(update: Update, context: BotContext) -> None:
    """Somebody wants to have a group managed."""
    written = _written(update)
    if written is None:
        return
    nonce = secrets.token_urlsafe(NONCE_BYTES)
    await context.record(
        written.asker_needs,
        lambda known: adoption.judge_new_group(
            written.new_group_facts(nonce, known), context.limits
        ),
        happened_at=written.message.date,
    )


async def on_new_channel(update: Update, context: BotContext) -> None:
    """Somebody wants to register a channel as a professional account."""
    written = _written(update)
    if written is None:
        return
    await context.record(
        written.asker_needs,
        lambda known: channels.judge_new_channel(written.new_channel_facts(known), context.limits),
        happened_at=written.message.date,
    )


HANDLERS = (
    CommandHandler(_TYPED[NEW_GROUP], on_new_group, filters=PRIVATE_MESSAGE),
    CommandHandler(_TYPED[NEW_CHANNEL], on_new_channel, filters=PRIVATE_MESSAGE),
)
