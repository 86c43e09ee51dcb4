"""A migrated database in a file of its own, and a ledger at work on it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.policy.changes import RememberGroup
from bot.policy.decision import Decision
from bot.policy.groups import ChatKind
from bot.policy.ids import ChatId, UserId
from bot.policy.rules import Rule
from storage.chain import Verdict, verify
from storage.engine import open_engine, reading
from storage.ledger import Ledger, Unit
from storage.outbox import Waiting

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CHAT = ChatId(-1_001_234_567_890)
ANNA = UserId(5_000_000_001)


@dataclass
class Books:
    """A ledger at work, and what its database holds."""

    engine: AsyncEngine
    ledger: Ledger
    task: asyncio.Task[None]
    waiting: list[Sequence[Waiting]] = field(default_factory=list)
    now: datetime = NOON

    async def rows(self, statement: Select[Any]) -> list[Any]:
        async with reading(self.engine) as connection:
            return list((await connection.execute(statement)).all())

    async def count(self, table: Any) -> int:
        (row,) = await self.rows(select(func.count()).select_from(table))
        return int(row[0])

    async def sql(self, statement: str, **values: Any) -> None:
        """Past our own code, as whoever has the file can."""
        async with self.engine.begin() as connection:
            await connection.execute(text(statement), values)

    async def verdict(self, expected_head: str | None = None) -> Verdict:
        async with reading(self.engine) as connection:
            return await verify(connection, expected_head)

    async def know_group(self, chat: ChatId = CHAT) -> None:
        remember = RememberGroup(
            chat=chat,
            kind=ChatKind.SUPERGROUP,
            title="4H2 rooster",
            added_by=ANNA,
            deadline_at=NOON + timedelta(hours=24),
        )
        await self.ledger.record(
            Unit(judge=lambda _known: Decision(rule=Rule.ADDED, changes=(remember,)))
        )


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Books]:
    engine = open_engine(f"sqlite+aiosqlite:///{path}")
    ledger = Ledger(engine, lambda: opened_books.now)
    opened_books = Books(engine, ledger, asyncio.create_task(ledger.run()))
    ledger.on_waiting = opened_books.waiting.append
    try:
        yield opened_books
    finally:
        ledger.stop()
        await opened_books.task
        await engine.dispose()


@pytest.fixture
async def books(database: Path) -> AsyncIterator[Books]:
    async with opened(database) as opened_books:
        yield opened_books
