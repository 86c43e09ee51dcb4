"""The Bot API's methods, one function each, found by their lower-case name."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.sandbox.methods import (
    chats,
    links,
    members,
    messages,
    profile,
    promotion,
    sending,
    webhooks,
)
from bot.sandbox.state import Json
from bot.sandbox.world import World

Handler = Callable[[World, Json], Any]

HANDLERS: Final[Mapping[str, Handler]] = {
    name.lower(): handler
    for module in (chats, links, members, messages, profile, promotion, sending, webhooks)
    for name, handler in module.METHODS.items()
}
