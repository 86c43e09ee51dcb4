"""The bot's lists of commands, by scope and language.

Ported from td's BotCommand.cpp and BotCommandScope.cpp. An empty list that is set counts as none:
what the real server makes of it in a narrow scope is not known.
"""

import re
from typing import Any, Final

from bot.sandbox.access import Access, check_chat, known_user
from bot.sandbox.errors import fail
from bot.sandbox.state import CommandScope, Json
from bot.sandbox.world import World

MOST_COMMANDS: Final = 100
LONGEST_COMMAND: Final = 32
LONGEST_DESCRIPTION: Final = 256
_COMMAND: Final = re.compile(r"[a-z0-9_]+")
_LANGUAGE: Final = re.compile(r"([a-z]{2})?")
_OF_ALL: Final = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
)
_OF_ONE_CHAT: Final = frozenset({"chat", "chat_administrators", "chat_member"})


def read_scope(world: World, params: Json) -> CommandScope:
    """Return the scope and language of a call, the chat and person in it checked."""
    raw: Json = params.get("scope") or {"type": "default"}
    kind = raw.get("type")
    language = params.get("language_code") or ""
    chat_id, user_id = None, None
    if kind in _OF_ONE_CHAT:
        chat_id, user_id = _of_one_chat(world, str(kind), raw)
    elif kind not in _OF_ALL:
        raise fail("scope-unknown")
    if not _LANGUAGE.fullmatch(language):
        raise fail("language-invalid")
    return CommandScope(type=str(kind), chat_id=chat_id, user_id=user_id, language=language)


def _of_one_chat(world: World, kind: str, raw: Json) -> tuple[int, int | None]:
    chat = check_chat(world, raw.get("chat_id"), Access.READ)
    if chat.type == "private" and kind != "chat":
        raise fail("scope-private")
    if chat.type == "channel":
        raise fail("scope-channel")
    return chat.id, known_user(world, raw.get("user_id")) if kind == "chat_member" else None


def _read_command(raw: object) -> Json:
    if not isinstance(raw, dict):
        raise fail("command-unreadable", "expected an Object")
    for name in ("command", "description"):
        if not isinstance(raw.get(name), str):
            raise fail("command-unreadable", f'can\'t find field "{name}"')
    command = raw["command"].strip().removeprefix("/")
    description = raw["description"].strip()
    if not command:
        raise fail("command-empty")
    if len(command) > LONGEST_COMMAND:
        raise fail("command-too-long")
    if not description:
        raise fail("command-description-empty")
    if len(description) > LONGEST_DESCRIPTION:
        raise fail("command-description-too-long")
    return {"command": command, "description": description}


def set_my_commands(world: World, params: Json) -> bool:
    """Set the commands of one scope and language."""
    raw: list[Any] = params.get("commands") or []
    commands = [_read_command(c) for c in raw]
    scope = read_scope(world, params)
    if len(commands) > MOST_COMMANDS:
        raise fail("commands-too-many")
    if not all(_COMMAND.fullmatch(c["command"]) for c in commands):
        raise fail("command-invalid")
    world.profile.commands.pop(scope, None)
    if commands:
        world.profile.commands[scope] = commands
    return True


def get_my_commands(world: World, params: Json) -> list[Json]:
    """Read the commands of exactly one scope and language."""
    return world.profile.commands.get(read_scope(world, params), [])


def delete_my_commands(world: World, params: Json) -> bool:
    """Forget the commands of one scope and language: wider ones are shown instead."""
    world.profile.commands.pop(read_scope(world, params), None)
    return True


METHODS: Final = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
}
