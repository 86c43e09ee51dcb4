"""A served sandbox, and a small school in it."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox import SandboxClock, Telegram
from bot.sandbox.people import People
from bot.sandbox.server import Served, serve
from bot.sandbox.updates import KINDS

MONDAY = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
RIGHTS = ["can_restrict_members", "can_delete_messages", "can_invite_users", "can_pin_messages"]


@dataclass
class School:
    """A supergroup of a teacher with two students, and the bot as its administrator."""

    telegram: Telegram
    teacher: int
    student: int
    other: int
    group: int

    @property
    def people(self) -> People:
        return self.telegram.people

    async def call(self, method: str, /, **params: Any) -> Any:
        return await self.telegram.call(method, params)

    async def updates(self) -> list[dict[str, Any]]:
        """Return and acknowledge everything that waits."""
        found = [json.loads(w.body) for w in await self.call("getUpdates")]
        if found:
            await self.call("getUpdates", offset=found[-1]["update_id"] + 1, limit=1)
        return found

    async def kinds(self) -> list[str]:
        return [k for u in await self.updates() for k in u if k != "update_id"]


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(MONDAY, frozen=True)


@pytest.fixture
def telegram(clock: SandboxClock) -> Telegram:
    return Telegram(clock=clock)


@pytest.fixture
async def school(telegram: Telegram) -> School:
    """All kinds of updates are asked for, and what building the school made is acknowledged."""
    people = telegram.people
    teacher = people.create_user("Anna", "de Vries", "anna_devries")
    student = people.create_user("Bram")
    other = people.create_user("Cem")
    group = people.create_group(teacher, "3H2", [student, other])
    people.add_bot(teacher, group, RIGHTS)
    made = School(telegram, teacher, student, other, group)
    await made.call("getUpdates", allowed_updates=sorted(KINDS))
    await made.updates()
    return made


@pytest.fixture
async def served(telegram: Telegram) -> AsyncIterator[Served]:
    async with serve(telegram) as running:
        yield running
