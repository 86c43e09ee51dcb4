"""A school with as many groups as are asked for, and what its staff do there.

Through the front door a group costs several messages, and so hundreds of groups cost minutes of
Telegram's limits. Here the pretend Telegram has them with the bot in them, and the database holds
the rows that taking them under management would have left.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.sandbox.state import Json
from bot.sandbox.telegram import Call
from storage.tables import (
    group_chat_ids,
    group_class_groups,
    group_seats,
    groups,
    people,
    person_class_groups,
)
from tests.journeys.finding import button_under
from tests.journeys.world import RIGHTS, World

LOOKED_AT_AGAIN = timedelta(hours=2)
SEND = "Verstuur"


def line(class_group: str, hour: int) -> str:
    """An announcement in one line. At nine the third hour is urgent and the eighth is not."""
    return f"/bericht {class_group} uitval {hour}e uur wiskunde"


async def many_groups(
    world: World, owner: int, count: int, class_group: str, *members: int
) -> list[int]:
    """Groups of a class under the bot's management. The bot must not be running."""
    people_side, updates = world.act, world.telegram.world.updates
    before = len(updates.waiting)
    chats = []
    for number in range(count):
        title = f"{class_group} groep {number}"
        chat = people_side.create_group(owner=owner, title=title, members=list(members))
        people_side.add_bot(owner, chat, RIGHTS)
        chats.append(chat)
    # What Telegram tells of all this is what the rows below come from.
    while len(updates.waiting) > before:
        updates.waiting.pop()
    async with world.database() as engine, engine.begin() as connection:
        await _managed(connection, world, owner, class_group, chats)
    return chats


async def _managed(
    connection: AsyncConnection, world: World, owner: int, class_group: str, chats: Sequence[int]
) -> None:
    now = world.clock.now()
    first = (await connection.scalar(select(func.max(groups.c.id))) or 0) + 1
    numbered = list(enumerate(chats, first))
    kept = {
        "state": "managed",
        "kind": "supergroup",
        "first_seen_at": now,
        "adopted_at": now,
        "looked_at": now,
        "lock_proved_at": now,
        "next_look_at": now + LOOKED_AT_AGAIN,
        "members_told_at": now,
        "classes_asked_at": now,
    }
    rows: dict[Table, list[dict[str, Any]]] = {
        groups: [{"id": n, "title": f"{class_group} groep {n}"} | kept for n, _ in numbered],
        group_chat_ids: [
            {"chat_id": chat, "group_id": n, "since": now, "is_current": True}
            for n, chat in numbered
        ],
        group_seats: [
            {
                "group_id": n,
                "user_id": owner,
                "is_owner": True,
                "is_anonymous": False,
                "is_bot": False,
            }
            for n, _ in numbered
        ],
        group_class_groups: [{"group_id": n, "class_group": class_group} for n, _ in numbered],
    }
    for table, values in rows.items():
        await connection.execute(insert(table), values)


async def class_on_the_roster(world: World, class_group: str) -> None:
    """A class that exists has somebody in it."""
    async with world.database() as engine, engine.begin() as connection:
        number = await connection.scalar(
            insert(people)
            .values(
                school_id=f"first-of-{class_group}",
                name=f"Leerling van {class_group}",
                role="student",
                active=True,
                imported_at=world.clock.now(),
            )
            .returning(people.c.id)
        )
        await connection.execute(
            insert(person_class_groups).values(person_id=number, class_group=class_group)
        )


def confirm(world: World, author: int) -> bool:
    """Press the button that sends, if the bot has offered it."""
    try:
        message, data = button_under(world, author, SEND)
    except AssertionError:
        return False
    world.act.press(author, author, message, data)
    return True


def counted(world: World, since: float = 0.0) -> list[Call]:
    """The messages that Telegram's limits count and that it took, in the order of arrival."""
    limiter = world.telegram.limiter
    return [
        call
        for call in world.telegram.calls
        if limiter.counts(call.method) and call.code == 200 and call.at >= since
    ]


def sent_to(calls: Sequence[Call], chats: Sequence[int]) -> list[Call]:
    """The new messages among calls that went to these groups."""
    wanted = frozenset(chats)
    return [c for c in calls if c.method == "sendMessage" and _chat(c.params) in wanted]


def _chat(params: Json) -> int:
    return int(params["chat_id"])
