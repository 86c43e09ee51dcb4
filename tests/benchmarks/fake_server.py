"""The pretend Bot API server, in a process of its own: `python -m tests.benchmarks.fake_server`.

Prints one line of JSON with its port, then serves two things on it: `/bot<token>/<method>` to the
bot, and `/control/<command>` to the driver. It runs on uvloop where that is installed, so that the
server is not the slowest of the two.
"""

import argparse
import asyncio
import contextlib
import importlib
import json
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any

from tests.benchmarks import world
from tests.benchmarks.fake_api import PretendTelegram, RefusalError, structure, whole_number
from tests.benchmarks.http_wire import Connection, Request
from tests.benchmarks.update_queue import UpdateQueue
from tests.benchmarks.world import Json

API = f"/bot{world.TOKEN}/"
CONTROL = "/control/"


def success(result: object) -> bytes:
    """The body of an answer that Telegram calls ok."""
    return json.dumps({"ok": True, "result": result}).encode()


def failure(status: int, description: str) -> bytes:
    """The body of a refusal."""
    return json.dumps({"ok": False, "error_code": status, "description": description}).encode()


class FakeServer:
    """Routes requests, holds answers back as a far-away server would, and obeys the driver."""

    def __init__(self, groups: list[int]) -> None:
        self._queue: UpdateQueue[Connection] = UpdateQueue(self._give_updates)
        self._telegram = PretendTelegram(groups, self._queue.add)
        self._delay = 0.0
        self._waits: list[tuple[Callable[[], bool], asyncio.Future[bool]]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._commands: dict[str, Callable[[Json], object]] = {
            "burst": self._burst,
            "delay": self._set_delay,
            "feed": self._feed,
            "mark": self._mark,
            "open-loop": self._open_loop,
            "report": self._report,
        }

    def connection(self) -> Connection:
        """A protocol for one more client."""
        return Connection(self._answer, self._queue.drop)

    def _answer(self, client: Connection, request: Request) -> None:
        if request.path.startswith(CONTROL):
            self._obey(client, request.path.removeprefix(CONTROL), request.parameters)
            return
        if not request.path.startswith(API):
            self._telegram.violations["wrong token or path"] += 1
            self._send(client, 401, failure(401, "Unauthorized"))
            return
        method = request.path.removeprefix(API)
        try:
            if method == "getUpdates":
                self._get_updates(client, request.parameters)
            else:
                self._send(client, 200, success(self._call(method, request.parameters)))
        except RefusalError as refusal:
            body = failure(refusal.status, refusal.description)
            self._send(client, refusal.status, body)
        self._check_waits()

    def _call(self, method: str, parameters: Json) -> object:
        if method == "getWebhookInfo":
            self._telegram.tally.note_call(method, None, time.monotonic())
            waiting = len(self._queue)
            empty = {"url": "", "has_custom_certificate": False}
            return empty | {"pending_update_count": waiting}
        return self._telegram.call(method, parameters)

    def _get_updates(self, client: Connection, parameters: Json) -> None:
        offset = whole_number(parameters, "offset", 0)
        if "allowed_updates" in parameters:
            self._queue.allow(structure(parameters, "allowed_updates") or [])
        self._telegram.tally.note_poll(time.monotonic())
        self._queue.acknowledge(offset)
        older = self._queue.poll(
            client,
            limit=whole_number(parameters, "limit", 100),
            timeout=whole_number(parameters, "timeout", 0),
        )
        if older is not None:
            self._telegram.violations["two polls at once"] += 1
            text = "Conflict: terminated by other getUpdates request; "
            text += "make sure that only one bot instance is running"
            self._send(older, 409, failure(409, text))

    def _give_updates(self, client: Connection, body: bytes) -> None:
        self._send(client, 200, body)

    def _send(self, client: Connection, status: int, body: bytes) -> None:
        """Answer after the delay. What was asked has been done already: only the answer travels."""
        if self._delay:
            asyncio.get_running_loop().call_later(self._delay, client.reply, status, body)
        else:
            client.reply(status, body)

    # The driver's side. Its answers never wait for the delay.

    def _obey(self, client: Connection, command: str, parameters: Json) -> None:
        if command == "wait":
            self._start(self._wait(client, parameters))
        elif command in self._commands:
            client.reply(200, json.dumps(self._commands[command](parameters)).encode())
        else:
            client.reply(404, json.dumps({"error": f"no command {command}"}).encode())

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _mark(self, _: Json) -> object:
        self._telegram.tally = type(self._telegram.tally)()
        return {}

    def _set_delay(self, parameters: Json) -> object:
        self._delay = float(parameters["seconds"])
        return {}

    def _feed(self, parameters: Json) -> object:
        self._queue.add(parameters["updates"])
        return {}

    def _burst(self, parameters: Json) -> object:
        updates = self._telegram.unwanted_messages(int(parameters["count"]))
        bodies = self._queue.encode(updates)
        self._telegram.let_stand(updates, time.monotonic())
        self._queue.put(bodies)
        return {}

    def _open_loop(self, parameters: Json) -> object:
        self._start(self._feed_steadily(float(parameters["rate"]), float(parameters["seconds"])))
        return {}

    async def _feed_steadily(self, rate: float, seconds: float) -> None:
        """Feed on a schedule fixed beforehand: a slow bot does not slow the messages down."""
        updates = self._telegram.unwanted_messages(round(rate * seconds))
        bodies = self._queue.encode(updates)
        begin = time.monotonic()
        fed = 0
        while fed < len(updates):
            now = time.monotonic()
            due = min(int((now - begin) * rate) + 1, len(updates))
            if due > fed:
                self._telegram.let_stand(updates[fed:due], now)
                self._queue.put(bodies[fed:due])
                lags = self._telegram.tally.feed_lags
                lags.extend(now - begin - place / rate for place in range(fed, due))
                fed = due
            until_next = begin + fed / rate - time.monotonic()
            await asyncio.sleep(max(until_next, 0))  # noqa: TID251 — a feed on a clock must wait for it

    def _report(self, _: Json) -> object:
        return self._telegram.tally.report(time.monotonic()) | {
            "unacknowledged": len(self._queue),
            "violations": dict(self._telegram.violations),
        }

    async def _wait(self, client: Connection, parameters: Json) -> None:
        """Answer when enough was deleted or polled, or when the time is over."""
        deleted, polls = int(parameters.get("deleted", 0)), int(parameters.get("polls", 0))

        def enough() -> bool:
            tally = self._telegram.tally
            return tally.deleted >= deleted and tally.polls >= polls

        reached: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waits.append((enough, reached))
        self._check_waits()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(reached, float(parameters["seconds"]))
        client.reply(200, json.dumps({"reached": enough()}).encode())

    def _check_waits(self) -> None:
        if not self._waits:
            return
        for enough, reached in self._waits:
            if not reached.done() and enough():
                reached.set_result(True)
        self._waits = [wait for wait in self._waits if not wait[1].done()]


async def serve(groups: int) -> None:
    """Serve on a free port of this machine alone, until the driver ends the process."""
    server = FakeServer(world.group_ids(groups))
    listening = await asyncio.get_running_loop().create_server(server.connection, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    sys.stdout.write(json.dumps({"port": port}) + "\n")
    sys.stdout.flush()
    await listening.serve_forever()


def main() -> None:
    """Read the number of groups and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", type=int, default=20)
    groups = parser.parse_args().groups
    try:
        loop_factory = importlib.import_module("uvloop").new_event_loop
    except ModuleNotFoundError:
        loop_factory = asyncio.new_event_loop
    with (
        asyncio.Runner(loop_factory=loop_factory) as runner,
        contextlib.suppress(KeyboardInterrupt),
    ):
        runner.run(serve(groups))


if __name__ == "__main__":
    main()
