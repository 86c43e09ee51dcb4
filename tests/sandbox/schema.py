"""Strict checks against Telegram's machine-readable Bot API schema.

The schema itself is not part of the project: its path comes from BOT_API_SCHEMA. Nothing unknown,
nothing missing, every type right; what the real server sends besides is in EXTRAS.
"""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

# Sent by the real server and not in the schema: old fields it never dropped, and one newer.
EXTRAS = frozenset(
    {
        ("ChatPermissions", "can_send_media_messages"),
        ("ChatMemberRestricted", "can_send_media_messages"),
        ("ChatMemberAdministrator", "can_manage_voice_chats"),
        ("ChatMemberAdministrator", "can_send_welcome_messages"),
        ("ChatAdministratorRights", "can_manage_voice_chats"),
        ("ChatAdministratorRights", "can_send_welcome_messages"),
        ("Chat", "all_members_are_administrators"),
        ("ChatFullInfo", "all_members_are_administrators"),
        ("Message", "new_chat_participant"),
        ("Message", "new_chat_member"),
        ("Message", "left_chat_participant"),
        ("BusinessConnection", "can_reply"),
    }
)
SIMPLE: dict[str, type | tuple[type, ...]] = {
    "Integer": int,
    "String": str,
    "Boolean": bool,
    "Float": (int, float),
}


@cache
def schema() -> dict[str, Any]:
    return json.loads(Path(os.environ["BOT_API_SCHEMA"]).read_text())


def problems(value: Any, kind: str, path: str = "") -> list[str]:
    """Return everything that is wrong with `value` as a `kind`, with the place of each."""
    if kind in SIMPLE:
        right = isinstance(value, SIMPLE[kind]) and (kind == "Boolean") == isinstance(value, bool)
        return [] if right else [f"{path}: {value!r} is no {kind}"]
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{path}: no array"]
        inner = kind.removeprefix("Array of ")
        return [p for i, item in enumerate(value) for p in problems(item, inner, f"{path}[{i}]")]
    described = schema()["types"][kind]
    if "subtypes" in described:
        tries = [problems(value, s, f"{path}<{s}>") for s in described["subtypes"]]
        return min(tries, key=len)
    return _object_problems(value, kind, described, path)


def _object_problems(value: Any, kind: str, described: dict[str, Any], path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: no object"]
    fields = {f["name"]: f for f in described.get("fields", ())}
    found = [
        f"{path}.{name}: unknown in {kind}"
        for name in value
        if name not in fields and (kind, name) not in EXTRAS
    ]
    for name, field in fields.items():
        if name not in value:
            found += [f"{path}.{name}: missing"] if field["required"] else []
            continue
        found += any_of(value[name], field["types"], f"{path}.{name}")
        fixed = re.search(r"(?:always|must be) \"?([a-z_]+)\"?", field["description"])
        if fixed and name in {"status", "type"} and value[name] != fixed[1]:
            found.append(f"{path}.{name}: {value[name]!r} instead of {fixed[1]!r}")
    return found


def any_of(value: Any, kinds: list[str], path: str) -> list[str]:
    """Return what is wrong with `value` by the best fitting of several kinds."""
    return min((problems(value, kind, path) for kind in kinds), key=len)


def result_problems(method: str, result: Any) -> list[str]:
    """Return what is wrong with the answer of a method."""
    return any_of(result, schema()["methods"][method]["returns"], method)


def update_problems(update: dict[str, Any]) -> list[str]:
    """Return what is wrong with an update; exactly one kind may be in it."""
    kinds = [k for k in update if k != "update_id"]
    found = problems(update, "Update", "update")
    return found if len(kinds) == 1 else [*found, f"update: kinds {kinds}"]
