"""Reading the event log back: for export, and to explain what was decided."""

import json
from collections.abc import AsyncIterator
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import reading
from storage.tables import events, group_chat_ids

EXPORT_SCHEMA: Final = 1
"""The form of an exported event; another meaning of a field gets another number."""

_PAGE = 1_000
_FIELDS = tuple(column for column in events.columns if column.name != "payload")


async def count_events(engine: AsyncEngine) -> int:
    """How many events the log holds."""
    async with reading(engine) as connection:
        return await connection.scalar(select(func.count()).select_from(events)) or 0


async def read_events(engine: AsyncEngine, after: int = 0) -> AsyncIterator[dict[str, Any]]:
    """Every event after number ``after`` as an object for JSON; times in ISO 8601, UTC.

    One moment of the log, a thousand events at a time, however long it is.
    """
    async with reading(engine) as connection:
        while True:
            page = select(events).where(events.c.seq > after).order_by(events.c.seq).limit(_PAGE)
            rows = (await connection.execute(page)).all()
            for row in rows:
                yield _as_object(row)
                after = row.seq
            if len(rows) < _PAGE:
                return


async def read_event(engine: AsyncEngine, seq: int) -> dict[str, Any] | None:
    """One event by its number."""
    found = await _read(engine, select(events).where(events.c.seq == seq))
    return found[0] if found else None


async def last_events(
    engine: AsyncEngine,
    most: int,
    *,
    chat: int | None = None,
    group: int | None = None,
    account: int | None = None,
) -> list[dict[str, Any]]:
    """The last ``most`` events, oldest first: about a group (by Telegram's id or ours), or an
    account (ours).
    """
    query = select(events).order_by(events.c.seq.desc()).limit(most)
    if chat is not None:
        numbers = select(group_chat_ids.c.group_id).where(group_chat_ids.c.chat_id == chat)
        query = query.where(events.c.group_id.in_(numbers))
    if group is not None:
        query = query.where(events.c.group_id == group)
    if account is not None:
        query = query.where(events.c.account_id == account)
    return (await _read(engine, query))[::-1]


async def _read(engine: AsyncEngine, query: Select[Any]) -> list[dict[str, Any]]:
    async with reading(engine) as connection:
        return [_as_object(row) for row in await connection.execute(query)]


def _as_object(row: Any) -> dict[str, Any]:  # noqa: ANN401 (a row of the log)
    plain = {column.name: getattr(row, column.name) for column in _FIELDS}
    return {
        "schema": EXPORT_SCHEMA,
        **plain,
        "happened_at": row.happened_at.isoformat(timespec="microseconds"),
        "recorded_at": row.recorded_at.isoformat(timespec="microseconds"),
        "payload": json.loads(row.payload),
    }
