"""One job a file: gather the facts, let the policy decide, record. Nothing here calls Telegram."""

from typing import Any

from telegram.ext import Application

from bot.handlers import (
    administration,
    announcements,
    buttons,
    consent,
    group_messages,
    join_requests,
    language,
    members,
    membership,
    my_groups,
    new_group,
    own_data,
    pages,
    private_messages,
    roster_files,
    school_year,
)

JOBS: tuple[Any, ...] = (
    group_messages,
    membership,
    join_requests,
    members,
    pages,
    language,
    own_data,
    consent,
    my_groups,
    new_group,
    announcements,
    administration,
    roster_files,
    school_year,
    private_messages,
    buttons,
)
"""In the order in which they are asked whether an update is theirs."""


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Register every handler. Each filter says exactly which kind of update it is for.

    The busiest comes first; the two that take whatever is left, private messages and old buttons,
    come after the others of their kind.
    """
    for module in JOBS:
        application.add_handlers(module.HANDLERS)
