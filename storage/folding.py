"""Two rows for one group: made one, when Telegram says at last that the two chats are the same.

Nothing that people did may be lost by it: a confirmation, an adoption, who added the bot.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.groups import GroupState
from bot.policy.ids import GroupId
from storage.joining import fold_joining
from storage.outbox import supersede_leaving
from storage.tables import UNSETTLED, group_links, group_seats, groups, outbox

_HOW_FAR = {
    state.value: step
    for step, state in enumerate(
        (GroupState.LEFT, GroupState.PENDING, GroupState.SUSPENDED, GroupState.MANAGED)
    )
}
_OF_THE_STATE = ("state", "deadline_at", "explained", "open_since", "next_look_at", "left_at")
_KEPT = (
    "added_by",
    "confirmed_by",
    "owner",
    "adopted_at",
    "refused_at",
    "classes_asked_at",
    "members_told_at",
)


async def fold_group(
    connection: AsyncConnection, gone: GroupId, *, into: GroupId, at: datetime
) -> None:
    """Make the group ``gone``, known by the new chat id, one with the group that stays.

    The state is that of whichever had come furthest; what one of the two does not know, the other
    fills in. Links and the pinned notice are those of the new chat.
    """
    rows = await connection.execute(select(groups).where(groups.c.id.in_((gone, into))))
    found = {row["id"]: dict(row) for row in rows.mappings()}
    stays, goes = found[into], found[gone]
    values = _together(stays, goes)
    await connection.execute(update(groups).where(groups.c.id == into).values(**values))
    await _fold_seats(connection, stays, goes)
    await connection.execute(delete(group_links).where(group_links.c.group_id == into))
    await connection.execute(
        update(group_links).where(group_links.c.group_id == gone).values(group_id=into)
    )
    await fold_joining(connection, gone, into=into, at=at)
    ended = {"state": GroupState.LEFT.value, "left_at": at, "next_look_at": None}
    await connection.execute(update(groups).where(groups.c.id == gone).values(**ended))
    if values["state"] != GroupState.LEFT.value:
        await supersede_leaving(connection, [gone, into], at)
    # What waits for the row that goes would be left without a chat at the next start.
    await connection.execute(
        update(outbox)
        .where(outbox.c.group_id == gone, outbox.c.state.in_(UNSETTLED))
        .values(group_id=into)
    )


def _together(stays: Mapping[str, Any], goes: Mapping[str, Any]) -> dict[str, Any]:
    further = goes if _HOW_FAR[goes["state"]] > _HOW_FAR[stays["state"]] else stays
    values = {name: further[name] for name in _OF_THE_STATE}
    for name in _KEPT:
        values[name] = goes[name] if stays[name] is None else stays[name]
    values["title"] = stays["title"] or goes["title"]
    values["linked_channel"] = goes["linked_channel"] or stays["linked_channel"]
    values["notice_message_id"] = goes["notice_message_id"]
    return values


async def _fold_seats(
    connection: AsyncConnection, stays: Mapping[str, Any], goes: Mapping[str, Any]
) -> None:
    """Everybody who has a seat in either; the owner is the one whom the group keeps."""
    both = (goes["id"], stays["id"])
    owned = goes["id"] if stays["owner"] is None else stays["id"]
    rows = (
        await connection.execute(select(group_seats).where(group_seats.c.group_id.in_(both)))
    ).mappings()
    found = sorted(rows, key=lambda row: both.index(row["group_id"]))
    owners = {row["user_id"] for row in found if row["is_owner"] and row["group_id"] == owned}
    seats = {
        row["user_id"]: {
            **row,
            "group_id": stays["id"],
            "is_owner": row["user_id"] in owners,
        }
        for row in found
    }
    await connection.execute(delete(group_seats).where(group_seats.c.group_id.in_(both)))
    if seats:
        await connection.execute(insert(group_seats), list(seats.values()))
