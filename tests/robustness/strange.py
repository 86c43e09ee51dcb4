"""Updates as chance makes them: valid ones by Telegram's own schema, and such with something wrong.

Every text begins with ``SECRET``, so that it can be looked for where no text may be.
"""

import copy
import json
import os
import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

SECRET = "GEHEIM"
"""No log line, event, effect or update set aside may hold it."""

DEEPEST = 5
KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "callback_query",
)
TEXTS = (
    "",
    " tekst\x00met een nul",
    " een half teken \ud83d",
    " een half teken \udc00 en meer",
    " \u202erechts naar links",
    " 👩\u200d👩\u200d👧\u200d👦 e\u0301",
    " <b>&amp;'\"; DROP TABLE events; --",
    " " + "lang " * 2_000,
)
NUMBERS = (0, 1, 59, 4096, 2**31 - 1)
CHAT_TYPES = ("private", "group", "supergroup", "channel")
WRONG: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    2**63,
    -(2**63) - 1,
    2**64 + 1,
    10**30,
    1e308,
    "",
    "12",
    SECRET + "\x00",
    SECRET + "\ud800",
    [],
    [None],
    {},
    [[]],
    {"id": {}},
)


@cache
def schema() -> dict[str, Any]:
    return json.loads(Path(os.environ["BOT_API_SCHEMA"]).read_text(encoding="utf-8"))["types"]


class Strange:
    """Makes updates about some chats and people that the bot knows, and about others."""

    def __init__(
        self,
        chance: random.Random,
        chats: Sequence[dict[str, Any]],
        users: Sequence[int],
        now: int,
    ) -> None:
        self._chance = chance
        self._now = now
        self._chats = chats
        self._users = users

    def update(self) -> dict[str, Any]:
        """A valid update of a kind that the bot asks for."""
        kind = self._chance.choice(KINDS)
        described = {field["name"]: field for field in schema()["Update"]["fields"]}
        update = {kind: self._value(described[kind]["types"], kind, 0)}
        self._keep_the_group(update[kind], kind)
        return update

    def _keep_the_group(self, body: dict[str, Any], kind: str) -> None:
        """The first chat is to stay a managed one, or there would soon be nothing to judge."""
        if body.get("chat", {}).get("id") != self._chats[0]["id"]:
            return
        if kind == "my_chat_member":
            body["chat"] = dict(self._chats[1])
        for name in ("migrate_to_chat_id", "migrate_from_chat_id"):
            body.pop(name, None)

    def broken_update(self) -> dict[str, Any]:
        """An update with one to three things wrong, somewhere in it."""
        update = self.update()
        for _ in range(self._chance.randint(1, 3)):
            self._break(update)
        return update

    # --- by the schema ---------------------------------------------------------------------

    def _value(self, kinds: Sequence[str], name: str, depth: int) -> Any:
        kind = self._chance.choice(kinds)
        if kind.startswith("Array of "):
            inner = kind.removeprefix("Array of ")
            most = 0 if depth > DEEPEST else 2
            return [self._value([inner], name, depth) for _ in range(self._chance.randint(0, most))]
        simple = {
            "Integer": lambda: self._integer(name),
            "Float": lambda: self._chance.uniform(-90, 90),
            "Boolean": lambda: self._chance.random() < 0.5,
            "String": lambda: SECRET + self._chance.choice(TEXTS),
        }
        return simple[kind]() if kind in simple else self._object(kind, depth)

    def _object(self, kind: str, depth: int) -> Any:
        described = schema()[kind]
        if "subtypes" in described:
            return self._value(described["subtypes"], "", depth + 1)
        if kind == "Chat" and self._chance.random() < 0.9:
            return dict(self._chance.choice(self._chats))
        if kind == "User" and self._chance.random() < 0.9:
            user = self._chance.choice(self._users)
            return {"id": user, "is_bot": False, "first_name": SECRET, "language_code": "nl"}
        likely = 0.6 / (depth + 1)
        found = {}
        for field in described.get("fields", ()):
            if field["required"] or (depth < DEEPEST and self._chance.random() < likely / 6):
                found[field["name"]] = self._field(kind, field, depth)
        if kind == "Message" and self._chance.random() < 0.6:
            found["text"] = SECRET + self._chance.choice(TEXTS)
        return found

    def _field(self, kind: str, field: dict[str, Any], depth: int) -> Any:
        if (kind, field["name"]) == ("Chat", "type"):
            return self._chance.choice(CHAT_TYPES)
        if field["name"] in {"status", "type"}:
            # The value that tells one of several objects from its siblings is in its description.
            quoted = str(field["description"]).split("“" if "“" in field["description"] else '"')
            if len(quoted) > 1:
                return quoted[1].split("”")[0].split('"')[0]
            words = str(field["description"]).rstrip(".").split()
            if words[-2:-1] == ["always"] or words[-3:-1] == ["must", "be"]:
                return words[-1]
        return self._value(field["types"], field["name"], depth + 1)

    def _integer(self, name: str) -> int:
        if name.endswith("date"):
            return self._now - self._chance.randint(0, 3_600)
        if name == "message_id":
            return self._chance.randint(1, 10**6)
        if name in {"user_id", "user_chat_id"}:
            return self._chance.choice(self._users)
        return self._chance.choice(NUMBERS)

    # --- something wrong -------------------------------------------------------------------

    def _break(self, update: dict[str, Any]) -> None:
        places = list(_places(update))
        if not places:
            return
        holder, key = self._chance.choice(places)
        how = self._chance.random()
        if how < 0.3 and isinstance(holder, dict):
            del holder[key]
        elif how < 0.4:
            holder[key] = _nested(self._chance.choice((50, 150)))
        elif how < 0.5 and isinstance(holder, dict):
            holder[SECRET] = copy.deepcopy(holder[key])
        else:
            holder[key] = copy.deepcopy(self._chance.choice(WRONG))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value: what holds it, and under which name or number."""
    holders = [value]
    while holders:
        holder = holders.pop()
        for key in holder if isinstance(holder, dict) else range(len(holder)):
            yield holder, key
            if isinstance(holder[key], dict | list):
                holders.append(holder[key])


def _nested(levels: int) -> Any:
    value: Any = SECRET
    for _ in range(levels):
        value = {"reply_to_message": value}
    return value


def numbers_in(update: dict[str, Any]) -> set[int]:
    """Every whole number in an update, also one written as a text."""
    found = {holder[key] for holder, key in _places(update) if not _has_parts(holder[key])}
    whole = {n for n in found if isinstance(n, int) and not isinstance(n, bool)}
    return whole | {int(n) for n in found if isinstance(n, str) and n.lstrip("-").isdecimal()}


def _has_parts(value: Any) -> bool:
    return isinstance(value, dict | list)
