"""One job a file: gather the facts, let the policy decide, record. Nothing here calls Telegram."""

from typing import Any

from telegram.ext import Application

from bot.handlers import (
    buttons,
    group_messages,
    join_requests,
    language,
    membership,
    pages,
    private_messages,
)


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Register every handler. Each filter says exactly which kind of update it is for.

    The busiest comes first; the two that take whatever is left, private messages and old buttons,
    come after the others of their kind.
    """
    for module in (group_messages, membership, join_requests, pages, language):
        application.add_handlers(module.HANDLERS)
    for module in (private_messages, buttons):
        application.add_handlers(module.HANDLERS)
