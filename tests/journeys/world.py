"""A school to play in: the pretend Telegram over HTTP, the real bot, a real database file.

Nobody sleeps in a journey: :meth:`World.quiet` waits until everything that was set in motion has
come to rest, and :meth:`World.later` moves both clocks.
"""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import Bot, running_bot
from bot.clock import Clock
from bot.demo.rest import come_to_rest
from bot.policy.accounts.codes import hash_of_code
from bot.policy.groups import REQUIRED_RIGHTS
from bot.policy.people import Duty, Role
from bot.sandbox import Telegram
from bot.sandbox.clock import SandboxClock
from bot.sandbox.people import People
from bot.sandbox.server import Served, serve
from config.school import SchoolConfig
from config.settings import Settings
from storage.chain import verify
from storage.engine import open_engine, reading
from storage.tables import events, linking_codes, people, person_class_groups, person_duties

A_SCHOOL_DAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""A Monday morning, nine o'clock in Amsterdam."""

RIGHTS = list(REQUIRED_RIGHTS)


@dataclass
class World:
    """Everything that a journey acts on and looks at.

    ``engine`` is another way to the database than the bot's own; without one, each look opens it.
    """

    telegram: Telegram
    server: Served
    settings: Settings
    school: SchoolConfig
    clock: Clock
    engine: AsyncEngine | None = None
    bot: Bot | None = None
    names: dict[str, int] = field(default_factory=dict)

    @property
    def act(self) -> People:
        """What people do in Telegram."""
        return self.telegram.people

    # --- people ----------------------------------------------------------------------------

    def stranger(self, name: str, **more: Any) -> int:
        """Somebody with Telegram whom the school's roster does not know."""
        self.names[name] = self.act.create_user(first_name=name, **more)
        return self.names[name]

    async def enrol(
        self,
        name: str,
        role: Role,
        *duties: Duty,
        classes: tuple[str, ...] = (),
    ) -> str:
        """Put somebody on the roster; answer a linking code for this person."""
        async with self.database() as engine, engine.begin() as connection:
            number = await connection.scalar(
                insert(people)
                .values(
                    school_id=name.lower().replace(" ", "-"),
                    name=name,
                    role=role.value,
                    active=True,
                    imported_at=self.clock.now(),
                )
                .returning(people.c.id)
            )
            for table, column, values in (
                (person_duties, "duty", [duty.value for duty in duties]),
                (person_class_groups, "class_group", classes),
            ):
                for value in values:
                    await connection.execute(
                        insert(table).values(person_id=number, **{column: value})
                    )
            code = secrets.token_hex(6)
            now = self.clock.now()
            await connection.execute(
                insert(linking_codes).values(
                    code_hash=hash_of_code(code),
                    person_id=number,
                    made_at=now,
                    expires_at=now + timedelta(days=14),
                )
            )
        return code

    async def join_school(self, name: str, role: Role, *duties: Duty, **more: Any) -> int:
        """Somebody on the roster who has linked an account, by the front door."""
        code = await self.enrol(name, role, *duties, **more)
        user = self.stranger(name)
        self.act.start_bot(user, code)
        await self.quiet()
        return user

    async def teacher(self, name: str, *duties: Duty) -> int:
        """A member of staff with a linked account."""
        return await self.join_school(name, Role.STAFF, *duties)

    async def student(self, name: str, *classes: str) -> int:
        """A student with a linked account."""
        return await self.join_school(name, Role.STUDENT, classes=classes)

    # --- groups ----------------------------------------------------------------------------

    async def managed_group(self, owner: int, *members: int, title: str = "4H2 rooster") -> int:
        """A group of a member of staff that the bot manages."""
        chat = self.act.create_group(owner=owner, title=title, members=list(members))
        self.act.add_bot(owner, chat, RIGHTS)
        await self.quiet()
        return chat

    # --- waiting ---------------------------------------------------------------------------

    async def quiet(self) -> None:
        """Wait until every update is recorded and every effect has gone.

        Where only Telegram's limit on messages holds something up, both clocks move on.
        """
        assert self.bot is not None
        await come_to_rest(
            ledger=self.bot.ledger,
            sender=self.bot.sender,
            clock=self.clock,
            has_updates=lambda: bool(self.telegram.world.updates.due(1)),
            advance=self._advance,
        )

    def _advance(self, seconds: float) -> None:
        self.telegram.clock.advance(seconds)
        self.clock.advance(timedelta(seconds=seconds))

    async def later(self, **by: float) -> None:
        """Let time pass, for Telegram and for the bot; then let the clock tick."""
        self._advance(timedelta(**by).total_seconds())
        await self.tick()

    async def tick(self) -> None:
        """Let the clock tick once, as it does every few seconds."""
        assert self.bot is not None
        await self.bot.jobs.look_at_due_groups()
        await self.quiet()

    # --- looking ---------------------------------------------------------------------------

    @asynccontextmanager
    async def database(self) -> AsyncIterator[AsyncEngine]:
        """The database as another command than the bot finds it."""
        if self.engine is not None:
            yield self.engine
            return
        engine = open_engine(self.settings.database_url)
        try:
            yield engine
        finally:
            await engine.dispose()

    async def events(self, tag: str | None = None) -> list[dict[str, Any]]:
        """The log, or what of it has this tag, with the payload read."""
        async with self.database() as engine, reading(engine) as connection:
            statement = select(events).order_by(events.c.seq)
            if tag is not None:
                statement = statement.where(events.c.tag == tag)
            rows = (await connection.execute(statement)).mappings().all()
        return [{**row, **json.loads(row["payload"])} for row in rows]

    async def log_is_whole(self) -> bool:
        """Whether the log's chain verifies."""
        async with self.database() as engine, reading(engine) as connection:
            verdict = await verify(connection)
        return verdict.whole

    def heard_by(self, user: int) -> list[str]:
        """What the bot said to somebody in private, oldest first."""
        seen = self.act.look(user, user)["messages"]
        return [message["text"] for message in seen if message["from"] == self.telegram.bot.id]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The parameters of the bot's calls of a method."""
        return [dict(call.params) for call in self.telegram.calls_of(method)]


@asynccontextmanager
async def opened_world(database: Path, **school: Any) -> AsyncIterator[World]:
    """A pretend Telegram with nobody in it, and the bot not yet running."""
    telegram = Telegram(clock=SandboxClock(A_SCHOOL_DAY))
    url = f"sqlite+aiosqlite:///{database}"
    engine = open_engine(url)
    try:
        async with serve(telegram) as server:
            yield World(
                telegram=telegram,
                server=server,
                settings=Settings(
                    bot_token=SecretStr(telegram.token),
                    telegram_base_url=server.base_url,
                    database_url=url,
                ),
                school=SchoolConfig(**school),
                clock=Clock(A_SCHOOL_DAY - datetime.now(UTC)),
                engine=engine,
            )
    finally:
        await engine.dispose()


@asynccontextmanager
async def running(world: World) -> AsyncIterator[World]:
    """The same world with the bot at work; leaving it stops the bot as SIGTERM does."""
    async with running_bot(world.settings, world.school, clock=world.clock) as bot:
        world.bot = bot
        await world.quiet()
        yield world
    world.bot = None
