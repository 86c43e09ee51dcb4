"""Brings our bot into its measured state through its ordinary front door, and no other way.

The roster goes in with `import-people`, the owner links himself with a code, and adds the bot to
each group as an administrator, as a member of staff would do. Nothing is written into its database
from here. When the bot's commands change, this is the file that changes with them.
"""

import csv
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from tests.benchmarks import world
from tests.benchmarks.bot_process import BotProcess, clean_environment
from tests.benchmarks.server_process import ROOT, BenchmarkError, FakeServer, pause

OWNER_SCHOOL_ID = "doc001"
ROSTER_HEADER = ("id", "name", "role", "class_groups")
ROSTER = (
    (OWNER_SCHOOL_ID, "D. de Vries", "staff", ""),
    ("ll0001", "Leerling Een", "student", "1A"),
    ("ll0002", "Leerling Twee", "student", "1A"),
)
DATABASE = "bot.sqlite3"
COMMAND_SECONDS = 120
LINK_SECONDS = 30
GROUPS_SECONDS = 120
LOOK_EVERY_S = 0.05
IDLE_S = 0.5

GROUP_IS_READY = ("setChatPermissions", "pinChatMessage")
"""A group in which either was called has been taken under management."""


class OurBot:
    """`python -m bot run` on SQLite, with everything on that a school would have on."""

    name = "ours"
    title = "ours, full log"

    def missing(self) -> str | None:
        if not (ROOT / "bot" / "__main__.py").exists():
            return "bot/__main__.py does not exist, so `python -m bot` cannot start"
        return None

    def version(self) -> str:
        return f"this project, Python {sys.version.split()[0]}"

    def environment(self, server: FakeServer, folder: Path) -> Mapping[str, str]:
        return {
            "BOT_TOKEN": world.TOKEN,
            "TELEGRAM_BASE_URL": server.base_url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder / DATABASE}",
            # It runs in a folder of its own, where no .env of a developer lies.
            "PYTHONPATH": str(ROOT),
        }

    def command(self) -> list[str]:
        return [sys.executable, "-m", "bot", "run"]

    def prepare(self, server: FakeServer, folder: Path) -> None:
        """Import the roster; the database comes into being here."""
        roster = folder / "people.csv"
        with roster.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(ROSTER_HEADER)
            writer.writerows(ROSTER)
        self._bot(server, folder, "import-people", str(roster), "--yes")

    def settle(self, server: FakeServer, process: BotProcess, folder: Path) -> None:
        """Link the owner and have every group taken under management."""
        self._link_owner(server, process, self._owner_code(server, folder))
        groups = set(world.group_ids(server.groups))
        date = int(time.time())
        server.feed([world.bot_becomes_administrator(group, date) for group in sorted(groups)])
        until = time.monotonic() + GROUPS_SECONDS
        while not groups <= chats_called(server, GROUP_IS_READY):
            process.must_be_running()
            if left := chats_called(server, ("leaveChat",)):
                raise BenchmarkError(
                    f"our bot left {len(left)} groups that it should have accepted"
                )
            if time.monotonic() > until:
                ready = len(groups & chats_called(server, GROUP_IS_READY))
                raise BenchmarkError(
                    f"our bot took {ready} of {len(groups)} groups under management"
                )
            pause(LOOK_EVERY_S)
        server.wait_until_idle(IDLE_S, seconds=GROUPS_SECONDS)

    def rows_logged(self, folder: Path) -> int | None:
        """The rows of the event log, read from a second connection."""
        try:
            address = f"file:{folder / DATABASE}?mode=ro"
            with closing(sqlite3.connect(address, uri=True)) as connection:
                row = connection.execute("SELECT count(*) FROM events").fetchone()
        except sqlite3.Error as error:
            # Without a log that can be shown, the comparison would be a false one.
            raise BenchmarkError(f"our event log cannot be counted: {error}") from error
        return int(row[0])

    def _owner_code(self, server: FakeServer, folder: Path) -> str:
        printed = self._bot(server, folder, "codes", "--json")
        try:
            codes = {entry["school_id"]: entry["code"] for entry in json.loads(printed)}
            return str(codes[OWNER_SCHOOL_ID])
        except (KeyError, TypeError, ValueError) as error:
            raise BenchmarkError(
                f"`bot codes --json` gives no code for {OWNER_SCHOOL_ID}"
            ) from error

    def _link_owner(self, server: FakeServer, process: BotProcess, code: str) -> None:
        server.feed([world.private_start(world.OWNER_ID, code, int(time.time()))])
        until = time.monotonic() + LINK_SECONDS
        while world.OWNER_ID not in chats_called(server, ("sendMessage",)):
            process.must_be_running()
            if time.monotonic() > until:
                raise BenchmarkError("our bot did not answer the owner's /start with a code")
            pause(LOOK_EVERY_S)

    def _bot(self, server: FakeServer, folder: Path, *arguments: str) -> str:
        shown = " ".join(arguments)
        try:
            done = subprocess.run(
                [sys.executable, "-m", "bot", *arguments],
                cwd=folder,
                env=clean_environment(self.environment(server, folder)),
                capture_output=True,
                text=True,
                timeout=COMMAND_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise BenchmarkError(f"`bot {shown}` took over {COMMAND_SECONDS} s") from error
        if done.returncode != 0:
            raise BenchmarkError(f"`bot {shown}` ended with {done.returncode}:\n{done.stderr}")
        return done.stdout


def chats_called(server: FakeServer, methods: tuple[str, ...]) -> set[int]:
    """The chats for which one of these methods was called since the last mark."""
    chats = server.report()["chats"]
    return {chat for method in methods for chat in chats.get(method, [])}
