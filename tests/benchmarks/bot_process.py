"""A measured bot as a process: start it, read its CPU time and memory, kill it."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from tests.benchmarks.server_process import BenchmarkError

MEMORY_EVERY_S = 0.05
CHILDREN_EVERY = 20
LAST_LINES = 15


def clean_environment(additions: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with `additions`, without proxies: everything here is local."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return kept | {"NO_PROXY": "127.0.0.1"} | dict(additions)


class BotProcess:
    """A bot in a session of its own, so that it can be killed with all its children."""

    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str], folder: Path, log: Path
    ) -> None:
        self._log = log
        self.started_at = time.monotonic()
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=clean_environment(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._root = psutil.Process(self._process.pid)
        self._over = threading.Event()
        self._peak = 0
        self._sampler = threading.Thread(target=self._watch_memory, daemon=True)
        self._sampler.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.kill()

    def kill(self) -> None:
        """`kill -9` for the bot and its children. It gets no chance to tidy up."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._over.set()
        self._sampler.join()

    def must_be_running(self) -> None:
        """Raise what went wrong, with the bot's last lines, when it has ended by itself."""
        if self._process.poll() is not None:
            status = self._process.returncode
            raise BenchmarkError(f"it stopped by itself with status {status}:\n{self.last_lines()}")

    def last_lines(self) -> str:
        """The end of what the bot printed."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-LAST_LINES:])

    def cpu_seconds(self) -> float:
        """User and system time so far, of the bot and of its children, living and dead."""
        total = 0.0
        for process in self._family():
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
                # A child that still lives is counted by itself; these are only those that ended.
                total += getattr(times, "children_user", 0.0)
                total += getattr(times, "children_system", 0.0)
        return total

    def memory(self) -> int:
        """Resident bytes now, of the bot and of its children."""
        return resident(self._family())

    @property
    def peak_memory(self) -> int:
        """The most resident bytes seen so far, looked at twenty times a second."""
        return self._peak

    def _family(self) -> list[psutil.Process]:
        try:
            return [self._root, *self._root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def _watch_memory(self) -> None:
        family = [self._root]
        rounds = 0
        while not self._over.wait(MEMORY_EVERY_S):
            # Looking for children reads all of /proc, which would cost the bot some of its CPU.
            if rounds % CHILDREN_EVERY == 0:
                family = self._family()
            rounds += 1
            self._peak = max(self._peak, resident(family))


def resident(processes: Sequence[psutil.Process]) -> int:
    """The resident bytes of these processes together."""
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            total += process.memory_info().rss
    return total
