"""The pretend Telegram, the real bot and a database of its own, at work together over HTTP.

Nothing is read from the environment or from a file .env: no token, no address, no school.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.app import Bot, running_bot
from bot.clock import Clock
from bot.demo.rest import come_to_rest
from bot.demo.school import MONDAY, SCHOOL, Who
from bot.sandbox import RefusedByTelegram, SandboxClock, Telegram
from bot.sandbox.people import People
from bot.sandbox.server import Served, serve
from config.logging import LogFormat, LogLevel, configure_logging
from config.settings import Settings
from storage.engine import reading
from storage.linking_codes import IssuedCode
from storage.outbox import EffectState, Waiting, read_effects
from storage.reading_events import last_events


class DemoSettings(Settings):
    """The settings, from nowhere but the demonstration itself."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 (pydantic-settings' signature)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code, and nothing else."""
        return (init_settings,)


@dataclass(slots=True, kw_only=True)
class Props:
    """What one step leaves for a later one: codes on paper, chats and messages by Telegram's id."""

    codes: dict[str, IssuedCode] = field(default_factory=dict)
    group: int = 0
    second_group: int = 0
    question: int = 0
    announced: int = 0
    old_message: int = 0


@dataclass(slots=True, kw_only=True)
class Stage:
    """Everything that the story acts on and looks at. ``accounts``: Telegram's ids."""

    telegram: Telegram
    served: Served
    bot: Bot
    settings: Settings
    folder: Path
    accounts: dict[Who, int]
    props: Props = field(default_factory=Props)

    @property
    def act(self) -> People:
        """What people do in Telegram."""
        return self.telegram.people

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "groepswacht.db"

    def refusal(self, tried: Callable[[], object]) -> str | None:
        """What Telegram says to somebody who tries this; ``None`` if it lets it happen."""
        try:
            tried()
        except RefusedByTelegram as refused:
            return refused.text
        return None

    # --- time ------------------------------------------------------------------------------

    def local(self, moment: datetime) -> datetime:
        """A moment on the school's clock."""
        return moment.astimezone(SCHOOL.zone)

    async def quiet(self) -> None:
        """Wait until the bot has come to rest."""
        await come_to_rest(
            ledger=self.bot.ledger,
            sender=self.bot.sender,
            clock=self.bot.clock,
            has_updates=lambda: bool(self.telegram.world.updates.due(1)),
            advance=self.telegram.clock.advance,
        )

    async def until(self, moment: time) -> None:
        """Let time pass until it is ``moment`` on the school's clock."""
        now = self.local(self.bot.clock.now())
        then = datetime.combine(now.date(), moment, tzinfo=SCHOOL.zone)
        if then > now:
            await self.later(then - now)

    async def later(self, by: timedelta) -> None:
        """Let time pass; the bot looks at the groups whose turn it is, as every few seconds."""
        self.telegram.clock.advance(by.total_seconds())
        await self.bot.jobs.look_at_due_groups()
        await self.bot.jobs.announcements.tick()
        await self.quiet()

    # --- what people do with the bot in private --------------------------------------------

    async def type(self, who: Who, text: str) -> str:
        """Somebody writes to the bot; answer its last words."""
        account = self.accounts[who]
        self.act.write(account, account, text)
        await self.quiet()
        return self.last_words(who)

    async def tap(self, who: Who, *labels: str) -> str:
        """Somebody taps buttons in the bot's private chat, one after another; its last words.

        A part of a label will do. Raises ``LookupError`` when no such button is there.
        """
        account = self.accounts[who]
        for label in labels:
            self.act.press(account, account, *self.button(account, account, label))
            await self.quiet()
        return self.last_words(who)

    def button(self, account: int, chat: int, label: str) -> tuple[int, str]:
        """The newest button that says so, as this account sees it: its message and payload."""
        for message in reversed(self.act.look(account, chat)["messages"]):
            for button in (each for row in message["buttons"] for each in row):
                if label in str(button["text"]):
                    return int(message["message_id"]), str(button["callback_data"])
        what = f"no button {label}"
        raise LookupError(what)

    def labels(self, who: Who) -> list[str]:
        """The buttons under the bot's newest message to somebody in private."""
        rows = self.heard_by(who)[-1]["buttons"]
        return [str(button["text"]) for row in rows for button in row]

    # --- looking ---------------------------------------------------------------------------

    def heard_by(self, who: Who) -> list[dict[str, Any]]:
        """The bot's messages to somebody in private, oldest first."""
        account = self.accounts[who]
        seen = self.act.look(account, account)["messages"]
        return [message for message in seen if message["by_bot"]]

    def last_words(self, who: Who) -> str:
        """The bot's newest message to somebody in private; nothing when there is none."""
        heard = self.heard_by(who)
        return str(heard[-1]["text"]) if heard else ""

    def underlined(self, who: Who) -> list[str]:
        """What is underlined in the bot's newest message to somebody in private."""
        message = self.heard_by(who)[-1]
        # Telegram counts in UTF-16.
        text = str(message["text"]).encode("utf-16-le")
        return [
            text[2 * each["offset"] : 2 * (each["offset"] + each["length"])].decode("utf-16-le")
            for each in message["entities"]
            if each["type"] == "underline"
        ]

    def announcement(self, message: int) -> str:
        """A message of the group as people see it; nothing when it is gone."""
        seen = self.act.group_as_seen(self.props.group)["messages"]
        return next((str(each["text"]) for each in seen if each["message_id"] == message), "")

    def is_member(self, who: Who) -> bool:
        """Whether somebody is in the group of the story."""
        members = self.act.group_as_seen(self.props.group)["members"]
        return self.accounts[who] in {member["id"] for member in members}

    def shown(self, chat: int, message: int) -> bool:
        """Whether people in the group still see a message."""
        seen = self.act.group_as_seen(chat)["messages"]
        return any(each["message_id"] == message for each in seen)

    def bot_is_in(self, chat: int) -> bool:
        """Whether the bot is a member of the group."""
        return self.act.group_as_seen(chat)["bot_status"] in {"member", "administrator"}

    async def last_event(self, chat: int) -> dict[str, Any]:
        """The newest event of the log about a group."""
        return (await last_events(self.bot.engine, 1, chat=chat))[0]

    async def effects(self, *states: EffectState) -> list[Waiting]:
        """What the outbox holds in these states, oldest first."""
        async with reading(self.bot.engine) as connection:
            found = [each for state in states for each in await read_effects(connection, state)]
        return sorted(found, key=lambda each: each.id)

    async def written_down(self, words: str) -> bool:
        """Whether these words stand anywhere in the database's files, byte by byte."""
        return await asyncio.to_thread(self._stands_in_files, words.encode())

    def _stands_in_files(self, words: bytes) -> bool:
        files = self.folder.glob(f"{self.database.name}*")
        return any(words in each.read_bytes() for each in files)


@asynccontextmanager
async def opened_stage(port: int | None = None) -> AsyncIterator[Stage]:
    """The stage with everybody on it, on loopback; ``port`` is the pretend Telegram's.

    Raises ``OSError`` when the port cannot be had. Afterwards nothing is left on this machine.
    """
    telegram = Telegram(clock=SandboxClock(MONDAY))
    clock = Clock(telegram.clock.now() - Clock().now())
    # One hand moves both clocks, also when somebody does it over HTTP.
    telegram.clock.on_change(lambda moment: clock.advance(moment - clock.now()))
    with tempfile.TemporaryDirectory(prefix="groepswacht-demo-") as name:
        folder = Path(name)
        with (folder / "bot.log").open("w", encoding="utf-8") as log:
            configure_logging(LogLevel.INFO, LogFormat.CONSOLE, stream=log)
            async with serve(telegram, port=port or 0) as served:
                settings = DemoSettings(
                    bot_token=SecretStr(telegram.token),
                    telegram_base_url=served.base_url,
                    database_url=f"sqlite+aiosqlite:///{folder / 'groepswacht.db'}",
                )
                async with running_bot(settings, SCHOOL, clock=clock) as bot:
                    yield Stage(
                        telegram=telegram,
                        served=served,
                        bot=bot,
                        settings=settings,
                        folder=folder,
                        accounts={who: _account(telegram, who) for who in Who},
                    )


def _account(telegram: Telegram, who: Who) -> int:
    first, last = who.value.split(" ", maxsplit=1)
    return telegram.people.create_user(first, last)
