"""What holds for every command: calm errors, no token anywhere, help at once, documented."""

import asyncio
import json
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

from bot.cli import app
from bot.sandbox import Telegram
from bot.sandbox.server import serve

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "command-line.md"
COMMANDS: dict[str, Any] = getattr(typer.main.get_command(app), "commands")  # noqa: B009 (Typer does not type it)
TOKEN = f"7000000001:{'A' * 35}"


# --- documentation -----------------------------------------------------------------------------


def section(name: str) -> str:
    text = DOCUMENT.read_text(encoding="utf-8")
    return text.split(f"\n## `{name}`")[1].split("\n## ")[0]


def test_documentation_when_read_then_every_command_and_no_other():
    named = re.findall(r"^## `([a-z-]+)`", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)

    assert named == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_documentation_when_read_then_every_option_and_no_other(name):
    options = {
        option
        for parameter in COMMANDS[name].params
        for option in parameter.opts
        if option.startswith("--")
    }

    assert set(re.findall(r"`(--[a-z-]+)", section(name))) - {"--help"} == options - {"--help"}


@pytest.mark.parametrize("name", COMMANDS)
def test_documentation_when_read_then_every_argument(name):
    arguments = {
        parameter.name.upper()
        for parameter in COMMANDS[name].params
        if parameter.param_type_name == "argument"
    }

    assert arguments <= set(re.findall(r"`([A-Z]+)`", section(name)))


# --- help --------------------------------------------------------------------------------------

_IMPORTED = """
import sys
from bot.cli import app
print(sorted({"sqlalchemy", "telegram", "rich", "aiohttp", "pydantic"} & set(sys.modules)))
"""


async def test_help_when_asked_then_nothing_heavy_is_imported():
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _IMPORTED,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()

    assert out.decode().strip() == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_when_asked_for_a_command_then_told_in_both_languages(command, name):
    result = command(name, "--help")

    assert result.exit_code == 0
    assert " / " in result.stdout


def test_help_when_listed_then_no_line_is_cut_off(command):
    commands = command("--help").stdout.split("Commands:\n")[1]

    assert [line for line in commands.splitlines() if line.endswith("...")] == []


# --- expected trouble --------------------------------------------------------------------------

WITH_A_DATABASE = [
    ["status"],
    ["check"],
    ["codes"],
    ["verify-log"],
    ["export-events"],
    ["explain", "--event", "1"],
]


@pytest.mark.parametrize("arguments", WITH_A_DATABASE, ids=" ".join)
def test_command_when_the_configuration_is_wrong_then_two_and_every_mistake(
    command, monkeypatch, arguments
):
    monkeypatch.setenv("DATABASE_URL", "mysql://x")
    monkeypatch.setenv("LOG_LEVEL", "LOUD")

    result = command(*arguments)

    assert result.exit_code == 2
    assert [line.split(":")[0] for line in result.stderr.splitlines() if line[:2] == "- "] == [
        "- DATABASE_URL",
        "- LOG_LEVEL",
    ]


@pytest.mark.parametrize("arguments", WITH_A_DATABASE, ids=" ".join)
def test_command_when_the_database_is_none_then_two_and_calmly(command, folder, arguments):
    (folder / "groepswacht.db").write_text("no database at all, but text of some length" * 9)

    result = command(*arguments)

    assert result.exit_code == 2
    assert "DATABASE_URL" in result.stderr
    assert "Traceback" not in result.stderr


def test_command_when_the_database_is_of_a_newer_version_then_two(command, folder):
    import sqlite3  # noqa: PLC0415 (for this one test)

    command("status")
    with sqlite3.connect(folder / "groepswacht.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    result = command("status")

    assert result.exit_code == 2
    assert "newer Groepswacht" in result.stderr


def test_command_when_the_database_is_new_then_said_on_stderr(command, folder):
    result = command("status")

    assert f"A new database was made: {folder}/groepswacht.db" in result.stderr
    assert "new database" not in command("status").stderr


def test_command_when_unknown_then_two(command):
    assert command("sanction").exit_code == 2


def test_run_when_there_is_no_token_then_two(command):
    result = command("run")

    assert result.exit_code == 2
    assert "BOT_TOKEN: is missing" in result.stderr


@pytest.mark.parametrize("arguments", [["check"], ["codes", "--json"], ["status"]], ids=" ".join)
async def test_command_when_telegram_refuses_the_token_then_it_is_nowhere(program, arguments):
    async with serve(Telegram()) as served:
        _, out, err = await program(
            *arguments, BOT_TOKEN=TOKEN, TELEGRAM_BASE_URL=served.base_url, LOG_LEVEL="DEBUG"
        )

    assert TOKEN not in out + err
    assert "Traceback" not in err


# --- run ---------------------------------------------------------------------------------------


LOOKS = 30
"""How often the status is asked for a link that the bot makes meanwhile."""


async def test_run_when_started_then_codes_link_and_only_one_runs_until_stopped(program, folder):
    telegram = Telegram()
    async with serve(telegram) as served:
        settings = {"BOT_TOKEN": telegram.token, "TELEGRAM_BASE_URL": served.base_url}
        bot = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "LOG_FORMAT": "json", **settings},
            stderr=asyncio.subprocess.PIPE,
        )
        assert bot.stderr is not None
        while b'"started"' not in await bot.stderr.readline():
            assert bot.returncode is None

        second = await program("run", **settings)
        _, made, _ = await program("codes", "--json", "--first-administrator", **settings)
        code = json.loads(made)[0]["link"].rpartition("=")[2]
        telegram.people.start_bot(telegram.people.create_user("Jan"), code)
        for _ in range(LOOKS):
            _, shown, _ = await program("status", PYTHONIOENCODING="utf-8")
            (staff,) = [line for line in shown.splitlines() if "medewerker / staff" in line]
            if staff.split("│")[3].strip() == "1":
                break
        again = await program("codes", "--first-administrator", **settings)
        bot.send_signal(signal.SIGTERM)
        await bot.communicate()

    assert bot.returncode == 0
    assert (second[0], "already" in second[2]) == (2, True)
    assert (again[0], "linked already" in again[2]) == (1, True)
