"""The bot itself: who it is, its names and suggested rights."""

from typing import Final

from bot.sandbox.rights import rights_named
from bot.sandbox.serialize import me_json, rights_json
from bot.sandbox.state import Json
from bot.sandbox.world import World


def get_me(world: World, _params: Json) -> Json:
    """Say who the bot is."""
    return me_json(world)


def set_default_rights(world: World, params: Json) -> bool:
    """Set which rights clients propose when the bot is made an administrator."""
    rights = rights_named(params.get("rights") or {})
    world.profile.rights[bool(params.get("for_channels"))] = rights
    return True


def get_default_rights(world: World, params: Json) -> Json:
    """Read which rights clients propose."""
    for_channels = bool(params.get("for_channels"))
    rights = world.profile.rights.get(for_channels, frozenset())
    return rights_json(rights, for_channel=for_channels)


def _set_text(world: World, params: Json, name: str) -> bool:
    key = (name, params.get("language_code") or "")
    world.profile.texts[key] = params.get(name, "")
    if name == "name" and not key[1] and params.get(name):
        world.bot.first_name = params[name]
    return True


def _get_text(world: World, params: Json, name: str) -> Json:
    texts = world.profile.texts
    found = texts.get((name, params.get("language_code") or "")) or texts.get((name, ""))
    return {name: found or (world.bot.first_name if name == "name" else "")}


METHODS: Final = {
    "getMe": get_me,
    "setMyDefaultAdministratorRights": set_default_rights,
    "getMyDefaultAdministratorRights": get_default_rights,
    "setMyName": lambda world, params: _set_text(world, params, "name"),
    "getMyName": lambda world, params: _get_text(world, params, "name"),
    "setMyDescription": lambda world, params: _set_text(world, params, "description"),
    "getMyDescription": lambda world, params: _get_text(world, params, "description"),
    "setMyShortDescription": lambda world, params: _set_text(world, params, "short_description"),
    "getMyShortDescription": lambda world, params: _get_text(world, params, "short_description"),
}
