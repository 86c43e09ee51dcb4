"""Somebody asks to join a group."""

from telegram import Update
from telegram.ext import ChatJoinRequestHandler

from bot.context import BotContext
from bot.gather.members import JoinRequest
from bot.policy import membership


async def on_join_request(update: Update, context: BotContext) -> None:
    """Write down who asked; the staff of the group decide in Telegram."""
    assert update.chat_join_request is not None  # noqa: S101 (the handler's type matched on it)
    request = JoinRequest(update.chat_join_request)
    await context.record(
        request.needs,
        lambda known: membership.judge_join_request(request.facts(known), context.limits),
        happened_at=update.chat_join_request.date,
    )


HANDLERS = (ChatJoinRequestHandler(on_join_request),)
