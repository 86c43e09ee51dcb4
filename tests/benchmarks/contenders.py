"""Who is measured: our bot with its full log, and bare bots that only delete.

A contender says whether it can run here, prepares a folder of its own, gives the command that
starts it, and does what must happen between its start and the first measured message.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Protocol

from tests.benchmarks import world
from tests.benchmarks.bot_process import BotProcess, clean_environment
from tests.benchmarks.ours import OurBot
from tests.benchmarks.server_process import FakeServer

PEERS = Path(__file__).resolve().parent / "peers"
TELEGRAF = PEERS / "telegraf"
INSTALL_SECONDS = 300


class Contender(Protocol):
    """One column of the table."""

    @property
    def name(self) -> str:
        """What `--contenders` and the JSON report call it."""

    @property
    def title(self) -> str:
        """What the table calls it."""

    def missing(self) -> str | None:
        """Why it cannot run on this machine; None when it can."""

    def version(self) -> str:
        """What exactly is measured."""

    def prepare(self, server: FakeServer, folder: Path) -> None:
        """Everything before its first start."""

    def command(self) -> list[str]:
        """What starts it."""

    def environment(self, server: FakeServer, folder: Path) -> Mapping[str, str]:
        """What its start adds to the environment."""

    def settle(self, server: FakeServer, process: BotProcess, folder: Path) -> None:
        """Everything after its first start, before the first measured message."""

    def rows_logged(self, folder: Path) -> int | None:
        """How many rows its log holds; None when it keeps none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BareBot:
    """A Python bot of a single file, which keeps nothing and needs no preparation."""

    name: str
    title: str
    package: str
    script: str
    arguments: tuple[str, ...] = ()

    def missing(self) -> str | None:
        try:
            metadata.version(self.package)
        except metadata.PackageNotFoundError:
            return f"{self.package} is not installed"
        return None

    def version(self) -> str:
        return f"{self.package} {metadata.version(self.package)}"

    def prepare(self, server: FakeServer, folder: Path) -> None:
        pass

    def command(self) -> list[str]:
        return [sys.executable, str(PEERS / self.script), *self.arguments]

    def environment(self, server: FakeServer, folder: Path) -> Mapping[str, str]:
        return {"BOT_TOKEN": world.TOKEN, "TELEGRAM_BASE_URL": server.base_url}

    def settle(self, server: FakeServer, process: BotProcess, folder: Path) -> None:
        pass

    def rows_logged(self, folder: Path) -> int | None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegrafBot:
    """The bare telegraf bot; its packages are installed beside it, in an untracked folder."""

    name: str = "telegraf"
    title: str = "telegraf"

    def missing(self) -> str | None:
        if shutil.which("node") is None or shutil.which("npm") is None:
            return "node and npm are not installed"
        if self._installed() == self._wanted():
            return None
        install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        try:
            done = subprocess.run(
                install,
                cwd=TELEGRAF,
                env=dict(os.environ),
                capture_output=True,
                text=True,
                timeout=INSTALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"`npm ci` took longer than {INSTALL_SECONDS} s"
        if done.returncode != 0:
            return (
                "`npm ci` failed: " + (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            )
        return None

    def version(self) -> str:
        node = subprocess.run(
            ["node", "--version"],
            env=clean_environment({}),
            capture_output=True,
            text=True,
            check=True,
        )
        return f"telegraf {self._wanted()} on node {node.stdout.strip()}"

    def prepare(self, server: FakeServer, folder: Path) -> None:
        pass

    def command(self) -> list[str]:
        return ["node", str(TELEGRAF / "bot.js")]

    def environment(self, server: FakeServer, folder: Path) -> Mapping[str, str]:
        return {"BOT_TOKEN": world.TOKEN, "TELEGRAM_BASE_URL": server.base_url}

    def settle(self, server: FakeServer, process: BotProcess, folder: Path) -> None:
        pass

    def rows_logged(self, folder: Path) -> int | None:
        return None

    def _wanted(self) -> str:
        package = json.loads((TELEGRAF / "package.json").read_text(encoding="utf-8"))
        return str(package["dependencies"]["telegraf"])

    def _installed(self) -> str | None:
        package = TELEGRAF / "node_modules" / "telegraf" / "package.json"
        if not package.exists():
            return None
        return str(json.loads(package.read_text(encoding="utf-8"))["version"])


PTB = BareBot(name="ptb", title="bare PTB", package="python-telegram-bot", script="ptb_bot.py")
PTB_32 = BareBot(
    name="ptb-32",
    title="bare PTB, 32 at once",
    package="python-telegram-bot",
    script="ptb_bot.py",
    arguments=("32",),
)
AIOGRAM = BareBot(name="aiogram", title="bare aiogram", package="aiogram", script="aiogram_bot.py")

EVERY_CONTENDER: tuple[Contender, ...] = (OurBot(), PTB, PTB_32, AIOGRAM, TelegrafBot())
