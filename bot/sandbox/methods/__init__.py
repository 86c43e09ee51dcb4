"""The Bot API's methods, one function each, found by their lower-case name."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.sandbox.methods import (
    actions,
    chats,
    commands,
    files,
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

_MODULES: Final[tuple[Any, ...]] = (
    actions,
    chats,
    commands,
    files,
    links,
    members,
    messages,
    profile,
    promotion,
    sending,
    webhooks,
)

Handler = Callable[[World, Json], Any]

HANDLERS: Final[Mapping[str, Handler]] = {
    name.lower(): handler for module in _MODULES for name, handler in module.METHODS.items()
}
