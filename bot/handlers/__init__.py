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


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Register every handler. Each filter says exactly which kind of update it is for.

    The busiest comes first; the two that take whatever is left, private messages and old buttons,
    come after the others of their kind.
    """
    for module in (group_messages, membership, join_requests, pages, language, my_groups, new_group):
        application.add_handlers(module.HANDLERS)
    for module in (announcements, own_data, school_year, consent):
        application.add_handlers(module.HANDLERS)
    application.add_handlers(members.HANDLERS)
    for module in (administration, roster_files):
        application.add_handlers(module.HANDLERS)
    for module in (private_messages, buttons):
        application.add_handlers(module.HANDLERS)
