"""What a journey finds on people's telephones and in the bot's own tables, and how it meddles."""

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, make_url, select, update

from bot.messages.notices import Notice, rendered
from bot.policy.accounts.codes import hash_of_code
from bot.policy.effects import Language
from bot.sandbox.formatting import parse_html
from bot.sandbox.updates import encode
from bot.school import words_of
from storage.engine import reading
from storage.tables import (
    evidence,
    group_chat_ids,
    groups,
    linking_codes,
    outbox,
    people,
)
from tests.journeys.world import World

TITLE = "4H2 rooster"
"""What ``World.managed_group`` calls a group unless told otherwise."""


# --- telephones --------------------------------------------------------------------------------


def said(
    world: World,
    key: str,
    language: Language = Language.DUTCH,
    group: str = TITLE,
    **values: str | int,
) -> str:
    """A text of the catalogue as a person reads it."""
    notice = Notice(
        key=key,
        language=language,
        values=values,
        bot=world.telegram.bot.username or "",
        group=group,
    )
    plain, _ = parse_html(rendered(notice, words_of(world.school)))
    return plain


def news(world: World, user: int) -> "Listener":
    """Somebody who has read everything so far."""
    return Listener(world, user, len(world.heard_by(user)))


class Listener:
    """Hears what the bot says to one person from now on."""

    def __init__(self, world: World, user: int, read: int) -> None:
        self._world, self._user, self._read = world, user, read

    @property
    def heard(self) -> list[str]:
        return self._world.heard_by(self._user)[self._read :]


def texts_in(world: World, chat: int) -> list[str | None]:
    """What stands in a group now, without service messages; ``None`` where there are no words."""
    seen = world.act.group_as_seen(chat)["messages"]
    return [message["text"] for message in seen if message["kind"] != "service"]


def said_in(world: World, chat: int) -> list[str]:
    """What the bot ever said in a group."""
    written = world.act.history(chat)["messages"]
    return [m["text"] for m in written if m["by_bot"] and m["kind"] != "service"]


def is_there(world: World, chat: int, message: int) -> bool:
    """Whether a message still stands in a group."""
    seen = world.act.group_as_seen(chat)["messages"]
    return message in {found["message_id"] for found in seen}


def removed_by(world: World, chat: int, message: int) -> str | None:
    """How a message went away: by the bot, by a person; ``None`` while it is there."""
    written = world.act.history(chat)["messages"]
    return next(m["deleted"] for m in written if m["message_id"] == message)


def is_in(world: World, chat: int) -> bool:
    """Whether the bot is in a group."""
    members = world.act.group_as_seen(chat)["members"]
    return world.telegram.bot.id in {member["id"] for member in members}


def allowed_in(world: World, chat: int) -> list[str]:
    """What members may do in a group by default."""
    permissions = world.act.group_as_seen(chat)["permissions"]
    return sorted(name for name, on in permissions.items() if on)


LOCKED = ["can_react_to_messages"]
OPEN = {"can_send_messages": True}


def nonce_offered(world: World, user: int) -> str:
    """The nonce of the last start-group link that somebody got from the bot."""
    for message in reversed(world.act.look(user, user)["messages"]):
        for entity in message["entities"]:
            if found := re.search(r"startgroup=([\w-]+)", entity.get("url", "")):
                return found[1]
    raise AssertionError("no start-group link was offered")


def button_under(world: World, user: int, key: str) -> tuple[int, str]:
    """The last message with this button under it, and what the button carries."""
    for message in reversed(world.act.look(user, user)["messages"]):
        for row in message["buttons"]:
            for button in row:
                if button["text"] == key:
                    return message["message_id"], button["callback_data"]
    raise AssertionError(f"nobody offered the button {key}")


# --- our own tables ----------------------------------------------------------------------------


async def rows(world: World, statement: Any) -> list[dict[str, Any]]:
    """What a query finds."""
    async with world.database() as engine, reading(engine) as connection:
        found = (await connection.execute(statement)).mappings().all()
    return [dict(row) for row in found]


async def change(world: World, *statements: Any) -> None:
    """Change the database as another command of ours would."""
    async with world.database() as engine, engine.begin() as connection:
        for statement in statements:
            await connection.execute(statement)


async def group(world: World, chat: int) -> dict[str, Any]:
    """The bot's own row of a group, by any chat id that it has had."""
    (found,) = await rows(
        world,
        select(groups)
        .join(group_chat_ids, group_chat_ids.c.group_id == groups.c.id)
        .where(group_chat_ids.c.chat_id == chat),
    )
    return found


async def state_of(world: World, chat: int) -> str:
    """Where a group is in its life with the bot."""
    return str((await group(world, chat))["state"])


async def effects(world: World, kind: str | None = None) -> list[dict[str, Any]]:
    """The outbox, or what of it is of one kind, with the payload read."""
    found = await rows(world, select(outbox).order_by(outbox.c.id))
    return [
        {**row, **json.loads(row["payload"])}
        for row in found
        if kind is None or row["effect"] == kind
    ]


async def kept_words(world: World) -> list[str | None]:
    """The words kept as evidence."""
    found = await rows(world, select(evidence).order_by(evidence.c.id))
    return [row["text"] for row in found]


async def leave_school(world: World, name: str) -> None:
    """Somebody of the roster is no longer at school."""
    await change(world, update(people).where(people.c.name == name).values(active=False))


async def another_code(world: World, name: str, *, valid: timedelta = timedelta(days=14)) -> str:
    """One more linking code for somebody of the roster."""
    (person,) = await rows(world, select(people).where(people.c.name == name))
    code, now = secrets.token_hex(6), world.clock.now()
    row = insert(linking_codes).values(
        code_hash=hash_of_code(code),
        person_id=person["id"],
        made_at=now,
        expires_at=now + valid,
    )
    await change(world, row)
    return code


def everything_on_disk(world: World) -> bytes:
    """Every byte that the database keeps, in whichever of its files."""
    path = Path(make_url(world.settings.database_url).database or "")
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))


# --- Telegram's clock and queue ----------------------------------------------------------------


def time_passes(world: World, **by: float) -> None:
    """Let time pass without a tick: while the bot is down, or between two looks."""
    world.telegram.clock.advance(timedelta(**by).total_seconds())
    world.clock.advance(timedelta(**by))


def deliver_in(world: World, order: Sequence[int]) -> None:
    """Let the updates that wait arrive in another order; one may be named twice."""
    queue = world.telegram.world.updates
    waiting = list(queue.waiting)
    bodies = [json.loads(waiting[at].body) for at in order]
    queue.waiting.clear()
    for body, at in zip(bodies, order, strict=True):
        number = queue.next_id
        queue.next_id += 1
        renumbered = encode({**body, "update_id": number})
        queue.waiting.append(replace(waiting[at], update_id=number, body=renumbered))


def waiting_kinds(world: World) -> list[str]:
    """The kinds of the updates that wait for the bot."""
    return [update.kind for update in world.telegram.world.updates.waiting]
