"""The log's chain: each event carries a hash over itself and over the one before it.

Whoever alters, removes or slips in an event breaks the chain from there on. Evidence and names
stand outside it, so erasing them when their time has come leaves a log that still verifies.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.codec import canonical
from storage.tables import events

GENESIS = "0" * 64
"""What the first event follows."""

_COLUMNS = (
    "seq",
    "tag",
    "version",
    "weight",
    "rule",
    "group_id",
    "account_id",
    "person_id",
    "happened_at",
    "recorded_at",
    "payload",
)
_PAGE = 1_000
_BEFORE_ALL = -(2**63)
"""Smaller than any number in the log, also than one that somebody slipped in before the first."""


def link(previous: str, row: Mapping[str, Any] | RowMapping) -> str:
    """The hash of an event that follows one with hash ``previous``."""
    body = canonical({name: _stable(row[name]) for name in _COLUMNS})
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def _stable(value: Any) -> Any:  # noqa: ANN401 (any column)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the log is whole. ``broken_at`` is the first event that does not fit."""

    checked: int
    broken_at: int | None
    reason: str | None = None
    head: str = GENESIS

    @property
    def whole(self) -> bool:
        """Whether every event fits the one before it."""
        return self.broken_at is None


async def verify(connection: AsyncConnection, expected_head: str | None = None) -> Verdict:
    """Walk the whole log. ``expected_head`` is a hash noted earlier: proves nothing was cut off.

    Reads a thousand events at a time, so a log of millions takes no more memory than a short one.
    """
    previous, checked, head_seen = GENESIS, 0, expected_head in (None, GENESIS)
    after = _BEFORE_ALL
    while True:
        page = await connection.execute(
            select(events).where(events.c.seq > after).order_by(events.c.seq).limit(_PAGE)
        )
        rows = page.mappings().all()
        for row in rows:
            if row["seq"] > checked + 1:
                return Verdict(checked=checked, broken_at=checked + 1, reason="missing")
            if row["seq"] <= checked or row["hash"] != link(previous, row):
                return Verdict(checked=checked, broken_at=row["seq"], reason="altered")
            previous, checked = row["hash"], row["seq"]
            after = checked
            head_seen = head_seen or previous == expected_head
        if not rows:
            break
    if not head_seen:
        return Verdict(checked=checked, broken_at=checked + 1, reason="cut off", head=previous)
    return Verdict(checked=checked, broken_at=None, head=previous)
