"""The demonstration as a person starts it: another process, a terminal or none."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.demo.story import STORY

ROOT = Path(__file__).parents[2]
PATIENCE = 60
A_TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
KEPT = ("PATH", "HOME", "TMPDIR", "SYSTEMROOT")


def _command(*options: str) -> list[str]:
    return [sys.executable, "-m", "bot", "demo", *options]


def _environment(tmp_path: Path, **more: str) -> dict[str, str]:
    """An environment with nothing of ours in it; its temporary folder shows what is left there."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "TMPDIR": str(tmp_path), **more}


def _once(tmp_path: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        _command("--once"),
        cwd=ROOT,
        env=_environment(tmp_path, **more),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


@contextmanager
def _exploring(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The demonstration after its story, with the lines that it wrote until then."""
    with subprocess.Popen(
        _command(),
        cwd=ROOT,
        env=_environment(tmp_path, PYTHONUNBUFFERED="1", LC_ALL="C.UTF-8"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        lines: list[str] = []
        try:
            for line in process.stdout:
                lines.append(line.strip())
                if "Ctrl-C" in line:
                    break
            yield process, lines
        finally:
            process.kill()


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"LANG": "C"}, id="LANG=C"),
        pytest.param({"LANG": "C.UTF-8", "COLUMNS": "80"}, id="80 columns"),
        pytest.param({"LANG": "C.UTF-8", "COLUMNS": "140"}, id="140 columns"),
        pytest.param({"LANG": "C.UTF-8", "NO_COLOR": "1", "BOT_TOKEN": A_TOKEN}, id="a token set"),
        pytest.param({"LANG": "C.UTF-8", "TZ": "America/Chicago"}, id="a foreign time zone"),
    ],
)
def test_demo_once_without_a_terminal_tells_every_step_and_leaves_nothing(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    ended = _once(tmp_path, **environment)
    output = ended.stdout.decode("utf-8")

    told = sum("✓" in line for line in output.splitlines())
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert "Traceback" not in output
    assert "\x1b" not in output
    assert "✗" not in output
    assert told > len(STORY)
    assert f"{len(STORY)} van de {len(STORY)} stappen" in " ".join(output.split())
    # A token in the environment is not used, and that is said once.
    assert output.count("De BOT_TOKEN van") == (1 if "BOT_TOKEN" in environment else 0)
    assert A_TOKEN not in output
    assert list(tmp_path.iterdir()) == []


def test_demo_once_on_a_terminal_of_ascii_writes_plain_signs(tmp_path: Path) -> None:
    ended = _once(tmp_path, PYTHONIOENCODING="ascii")
    output = ended.stdout.decode("ascii")

    assert ended.returncode == 0
    assert "Groepswacht" in output
    assert "?" not in output.partition("Aan het eind van de dag")[2]


def test_demo_once_without_color_writes_no_escape_codes_even_on_a_terminal(tmp_path: Path) -> None:
    ended = _once(tmp_path, LANG="C.UTF-8", NO_COLOR="1", FORCE_COLOR="1")

    assert ended.returncode == 0
    # Bold and dim are no colours, so https://no-color.org leaves them alone.
    assert re.findall(rb"\x1b\[[0-9;]*3[0-7][;m]", ended.stdout) == []


@pytest.mark.parametrize(
    "by",
    [
        pytest.param(signal.SIGTERM, id="SIGTERM"),
        pytest.param(signal.SIGINT, id="Ctrl-C"),
    ],
)
def test_demo_when_stopped_while_exploring_ends_calmly_and_leaves_nothing(
    tmp_path: Path, by: signal.Signals
) -> None:
    with _exploring(tmp_path) as (process, _lines):
        process.send_signal(by)
        rest, _ = process.communicate(timeout=PATIENCE)

    assert process.returncode == 0
    assert "De school is dicht" in rest
    assert "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []


def test_demo_while_exploring_answers_people_and_shows_what_the_bot_does(tmp_path: Path) -> None:
    with _exploring(tmp_path) as (process, lines):
        assert process.stdout is not None
        refused = _typed(lines, "write")
        _typed(lines, "set_permissions")
        written = _typed(lines, "write")
        shown = next(line for line in process.stdout if "bot:message:refused" in line)

    assert refused == {"ok": False, "refused": "Only admins can send messages here."}
    assert written["ok"] is True
    assert "kind=text" in shown


def test_demo_while_exploring_keeps_a_log_that_the_command_line_can_verify(tmp_path: Path) -> None:
    with _exploring(tmp_path) as (_process, lines):
        verified = subprocess.run(
            [sys.executable, "-m", "bot", "verify-log"],
            cwd=ROOT,
            env=_environment(tmp_path, DATABASE_URL=_shown(lines, "export DATABASE_URL=")),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )

    assert verified.returncode == 0


def test_demo_on_a_port_in_use_says_so_and_stops(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = subprocess.run(
            _command("--once", "--port", str(taken.getsockname()[1])),
            cwd=ROOT,
            env=_environment(tmp_path, LANG="C.UTF-8"),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )

    assert ended.returncode == 2
    assert "Deze poort is al in gebruik" in ended.stdout.decode("utf-8")
    assert ended.stderr == b""


def _shown(lines: list[str], name: str) -> str:
    """The value that a variable of the shell gets."""
    return next(line.removeprefix(name) for line in lines if line.startswith(name))


def _typed(lines: list[str], verb: str) -> dict[str, object]:
    """Do what the line ``curl -s $T/verb -d '{…}'`` would do, and read the answer."""
    body = _shown(lines, f"curl -s $T/{verb} -d ").strip("'")
    address = f"{_shown(lines, 'T=')}/{verb}"
    request = urllib.request.Request(address, data=body.encode(), method="POST")  # noqa: S310 (loopback)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 (the same)
        told: dict[str, object] = json.load(answer)
    return told
