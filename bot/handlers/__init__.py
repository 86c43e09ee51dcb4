"""One job a file: gather the facts, let the policy decide, record. Nothing here calls Telegram."""

from typing import Any

from telegram.ext import Application

from bot.handlers import buttons, group_messages, join_requests, membership, private_messages


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Register every handler. Each filter says exactly which kind of update it is for.

    No two match the same update, so their order matters only to speed: the busiest comes first.
    """
    for module in (group_messages, membership, private_messages, join_requests, buttons):
        application.add_handlers(module.HANDLERS)
