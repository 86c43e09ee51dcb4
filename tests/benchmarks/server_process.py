"""The driver's hold on the pretend Bot API server: start it, command it, read what it counted."""

import http.client
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.benchmarks.world import Json

ROOT = Path(__file__).resolve().parents[2]
"""The project folder, in which `python -m tests.benchmarks` and `python -m bot` can be found."""

MARGIN_S = 30.0


class BenchmarkError(Exception):
    """A measurement could not be made. Its text is for the person who reads the table."""


def pause(seconds: float) -> None:
    """Let the measured processes work."""
    threading.Event().wait(seconds)


class FakeServer:
    """One server process with `groups` groups, ended when the `with` block ends."""

    def __init__(self, groups: int) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.fake_server", "--groups", str(groups)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        first_line = self._process.stdout.readline()
        if not first_line:
            raise BenchmarkError(
                "the pretend Bot API server did not start; its own output says why"
            )
        self.port = int(json.loads(first_line)["port"])
        self.groups = groups

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    @property
    def base_url(self) -> str:
        """What the bots get as TELEGRAM_BASE_URL."""
        return f"http://127.0.0.1:{self.port}/bot"

    def command(self, name: str, *, within: float = 0, **parameters: object) -> Json:
        """Give one command; `within` is how many seconds the server itself may take."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=within + MARGIN_S)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", f"/control/{name}", json.dumps(parameters), headers)
            response = connection.getresponse()
            body = json.loads(response.read())
        except OSError as error:
            raise BenchmarkError(f"the pretend Bot API server is gone: {error}") from error
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise BenchmarkError(f"the pretend Bot API server refuses {name}: {body}")
        return dict(body)

    def answer_after(self, seconds: float) -> None:
        """From now on every answer to the bot comes this late."""
        self.command("delay", seconds=seconds)

    def feed(self, updates: list[Json]) -> None:
        """Put updates in the bot's queue."""
        self.command("feed", updates=updates)

    def mark(self) -> None:
        """Count from nothing again; violations stay."""
        self.command("mark")

    def report(self) -> Json:
        """What was counted since the last mark: see `tally.Tally.report`."""
        return self.command("report")

    def wait(self, *, seconds: float, deleted: int = 0, polls: int = 0) -> bool:
        """Wait until this many deletions and polls since the mark; False: too late."""
        answer = self.command("wait", within=seconds, seconds=seconds, deleted=deleted, polls=polls)
        return bool(answer["reached"])

    def wait_until_idle(self, idle_s: float, *, seconds: float) -> None:
        """Wait until the bot has called nothing but getUpdates for `idle_s` seconds."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            idle = self.report()["idle_s"]
            if idle is None or idle >= idle_s:
                return
            pause(idle_s / 4)
