"""The last lines of a run: what was left out on this machine, then pytest's own closing line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

SETTINGS = """
[pytest]
asyncio_default_fixture_loop_scope = function
"""

SUITE = """
import pytest

@pytest.mark.needs_bot_api_schema
@pytest.mark.parametrize("n", [1, 2])
def test_answer(n):
    pass

def test_plain():
    pass

@pytest.mark.skip(reason="another reason")
def test_skipped():
    pass
"""


def run(folder: Path, *arguments: str, schema: str = "") -> tuple[int, list[str]]:
    (folder / "test_suite.py").write_text(SUITE)
    (folder / "pytest.ini").write_text(SETTINGS)
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.left_out", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "BOT_API_SCHEMA": schema},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, (ended.stdout + ended.stderr).strip().splitlines()


@pytest.mark.parametrize(
    "arguments", [pytest.param((), id="one process"), pytest.param(("-n", "2"), id="two workers")]
)
def test_run_when_the_schema_is_missing_then_left_out_and_counted(tmp_path, arguments):
    status, lines = run(tmp_path, *arguments)

    assert status == 0
    assert lines[-3].strip("= ") == "left out on this machine"
    assert lines[-2] == (
        "2 for lack of the Bot API schema (set BOT_API_SCHEMA to the path of api.json)"
    )
    assert lines[-1].startswith("1 passed, 3 skipped in ")


def test_run_when_the_schema_is_there_then_nothing_is_left_out(tmp_path):
    schema = tmp_path / "api.json"
    schema.write_text("{}")

    status, lines = run(tmp_path, schema=str(schema))

    assert status == 0
    assert lines[-2] == "nothing"
    assert lines[-1].startswith("3 passed, 1 skipped in ")


def test_run_when_the_schema_is_named_but_not_there_then_refused(tmp_path):
    status, lines = run(tmp_path, schema=str(tmp_path / "none.json"))

    assert status == pytest.ExitCode.USAGE_ERROR
    assert lines[-1] == f"ERROR: BOT_API_SCHEMA names no file: {tmp_path}/none.json"
