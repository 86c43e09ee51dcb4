"""Tests that need something which a machine may lack: skipped there, and counted out loud.

A skip that nobody reads looks like a pass. So each need is a marker with a way to see whether the
machine has it, and the last lines of a run say what was left out and how to bring it in.
"""

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest


def _has_browser() -> bool:
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


def _has_postgresql() -> bool:
    # Debian keeps the server's programs out of PATH, one folder for each version.
    return bool(shutil.which("postgres") or any(Path("/usr/lib/postgresql").glob("*/bin/postgres")))


def _has_bot_api_schema() -> bool:
    named = os.environ.get("BOT_API_SCHEMA", "")
    if named and not Path(named).is_file():
        message = f"BOT_API_SCHEMA names no file: {named}"
        raise pytest.UsageError(message)
    return bool(named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    marker: str
    what: str
    hint: str
    is_met: Callable[[], bool]


NEEDS: Final = (
    Need(
        marker="needs_browser",
        what="a browser",
        hint="install chromium",
        is_met=_has_browser,
    ),
    Need(
        marker="needs_postgresql",
        what="PostgreSQL",
        hint="install postgresql",
        is_met=_has_postgresql,
    ),
    Need(
        marker="needs_bot_api_schema",
        what="the Bot API schema",
        hint="set BOT_API_SCHEMA to the path of api.json",
        is_met=_has_bot_api_schema,
    ),
)


def pytest_configure(config: pytest.Config) -> None:
    for need in NEEDS:
        config.addinivalue_line("markers", f"{need.marker}: left out on a machine without it")


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    for need in NEEDS:
        if need.is_met():
            continue
        reason = pytest.mark.skip(reason=f"needs {need.what}: {need.hint}")
        for item in items:
            if item.get_closest_marker(need.marker):
                item.add_marker(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    terminalreporter.section("left out on this machine")
    lines = [
        f"{count} for lack of {need.what} ({need.hint})"
        for need in NEEDS
        if (count := sum(need.marker in report.keywords for report in skipped))
    ]
    for line in lines or ["nothing"]:
        terminalreporter.line(line)
