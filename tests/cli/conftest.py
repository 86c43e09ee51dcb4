"""The command line on a database of its own: in this process, or as a program."""

import asyncio
import logging
import os
import sys
import threading
import warnings
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot.cli import app
from config.settings import Settings

ROOT = Path(__file__).parents[2]

Command = Callable[..., Result]
Program = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture(autouse=True)
def logging_put_back() -> Iterator[None]:
    """Each command configures logging, which is one for the whole process."""
    root = logging.getLogger()
    handlers, level = tuple(root.handlers), root.level
    hooks, show = (sys.excepthook, threading.excepthook), warnings.showwarning
    known = set(root.manager.loggerDict)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in (*known, *root.manager.loggerDict):
        logging.getLogger(name).setLevel(logging.NOTSET)
    logging.captureWarnings(capture=False)
    warnings.showwarning = show
    sys.excepthook, threading.excepthook = hooks
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and no settings but the database there."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/groepswacht.db")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def database_url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/groepswacht.db"


@pytest.fixture
def command() -> Command:
    """Type a command in this process; there is no terminal."""

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(app, arguments)

    return command


@pytest.fixture
def program(folder: Path) -> Program:
    """Type a command as a program of its own: exit code, stdout, stderr."""

    async def program(*arguments: str, **environment: str) -> tuple[int, str, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        )
        out, err = await process.communicate()
        assert process.returncode is not None
        return process.returncode, out.decode(), err.decode()

    return program


@pytest.fixture
def roster(folder: Path) -> Path:
    path = folder / "roster.csv"
    path.write_text(
        "rol;id;naam;klas;taken;kind\n"
        "leerling;1001;Şeyma Yıldız;4H2;;\n"
        "leerling;1002;[red]Łukasz;4H2,5V1;;\n"
        "docent;VRI;Anna de Vries;;coördinator, mentor;\n"
        "ouder;O1;Nguyễn Thị;;;1001\n",
        encoding="utf-8",
    )
    return path
