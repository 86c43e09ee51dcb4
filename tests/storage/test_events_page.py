"""docs/events.md is the contract with outside systems: it names exactly what the log can hold."""

import dataclasses
import re
import sqlite3
from pathlib import Path
from typing import get_args

import pytest

from bot.policy.events import Event
from storage.codec import plan_of
from storage.engine import open_engine
from storage.schema import migrate

PAGE = (Path(__file__).parents[2] / "docs" / "events.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([a-z:-]+)` \| (\d+) \| (\w+) \| .* \| (.*) \|$", re.MULTILINE)
VIEW = re.compile(r"^\| `(outside_\w+)` \| [^|]* \| (.*) \|$", re.MULTILINE)


def rows() -> dict[str, tuple[int, str, set[str]]]:
    return {
        tag: (int(version), weight, set(re.findall(r"`(\w+)`", payload)))
        for tag, version, weight, payload in ROW.findall(PAGE)
    }


def test_events_page_names_every_tag_and_no_other():
    assert set(rows()) == {kind.tag for kind in get_args(Event)}


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.tag)
def test_events_page_gives_version_weight_and_payload(kind):
    fields = {f.name for f in dataclasses.fields(kind)} - {plan_of(kind).evidence}

    assert rows()[kind.tag] == (kind.version, kind.weight.value, fields)


async def test_events_page_names_the_columns_of_every_view(tmp_path):
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'log.db'}")
    await migrate(engine)
    await engine.dispose()

    with sqlite3.connect(tmp_path / "log.db") as database:
        views = [
            name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='view'")
        ]
        columns = {
            view: {row[1] for row in database.execute(f"PRAGMA table_info({view})")}
            for view in views
        }
    database.close()
    described = {view: set(re.findall(r"`(\w+)`", text)) for view, text in VIEW.findall(PAGE)}

    assert described == columns
