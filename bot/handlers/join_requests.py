"""Somebody asks to join a group."""

from telegram import Update
from telegram.ext import ChatJoinRequestHandler

from bot.context import BotContext
from bot.gather.joining import RequestSeen
from bot.policy.coming_in import join_requests


async def on_join_request(update: Update, context: BotContext) -> None:
    """Let in, decline with the reason, or wait until it can be decided."""
    assert update.chat_join_request is not None  # noqa: S101 (the handler's type matched on it)
    request = RequestSeen(update.chat_join_request)
    await context.record(
        request.needs,
        lambda known: join_requests.judge(request.facts(known), context.limits),
        happened_at=update.chat_join_request.date,
    )


HANDLERS = (ChatJoinRequestHandler(on_join_request),)
