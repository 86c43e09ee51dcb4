"""The benchmark command works and its figures are sane. No time is judged here: that is what the
command itself is for, on a quiet machine.
"""

import http.client
import json
import math
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiogram.types import ChatFullInfo, ChatInviteLink, ChatMemberAdministrator, Update, User

from tests.benchmarks import world
from tests.benchmarks.contenders import PTB
from tests.benchmarks.measures import Sizes, kill, latency
from tests.benchmarks.metrics import BURST_RATE, KILL_LOST, MEMORY_PEAK, P50, P99
from tests.benchmarks.server_process import ROOT, FakeServer
from tests.benchmarks.summary import Run, State, summarize, targets
from tests.benchmarks.tally import percentile
from tests.benchmarks.update_queue import UpdateQueue

SMALL = Sizes(groups=2, warm_up=2, kill=20, seconds=0.5, drain_s=20, patience_s=1)
GROUP = world.FIRST_GROUP_ID


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(2) as running:
        yield running


def ask(server: FakeServer, method: str, body: bytes = b"", kind: str = "", token: str = ""):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    headers = {"Content-Type": kind} if kind else {}
    connection.request("POST", f"/bot{token or world.TOKEN}/{method}", body, headers)
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def ask_json(server: FakeServer, method: str, **parameters):
    return ask(server, method, json.dumps(parameters).encode(), "application/json")


# The command as a whole.


def test_command_at_tiny_size_writes_figures_that_agree_with_its_runs(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    sizes = ["--messages", "30", "--warm-up", "5", "--repetitions", "1", "--json", str(report)]
    command = [sys.executable, "-m", "tests.benchmarks", "--only", "burst,start"]

    with subprocess.Popen(
        [*command, "--contenders", "ptb", *sizes], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as running:
        try:
            shown, _ = running.communicate(timeout=100)
        finally:
            running.terminate()

    assert running.returncode == 0
    assert "burst, updates/s" in shown
    written = json.loads(report.read_text(encoding="utf-8"))
    assert [run["measure"] for run in written["runs"]] == ["start", "burst, 0 ms", "burst, 50 ms"]
    for run in written["runs"][1:]:
        assert run["failed"] is None
        assert run["observed"]["fed"] == run["observed"]["deleted"] == 30
        assert run["observed"]["calls"] == {"deleteMessage": 30}
        assert run["observed"]["violations"] == {}
    medians = {
        (row["name"], row["delay_ms"]): row["contenders"]["ptb"]["median"]
        for row in written["summary"]
    }
    # One after another at 50 ms each: 30 deletions cannot be faster than 20 a second.
    assert 0 < medians["burst", 50] < 21 < medians["burst", 0]
    assert 10 < medians["memory, peak", 0] < 500
    assert medians["start to first getUpdates", None] > 0
    assert {target["state"] for target in written["targets"]} == {"not measured"}


def test_command_does_not_run_when_a_name_is_unknown() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--contenders", "nobody"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "nobody" in done.stderr


# The measurements.


def test_latency_at_a_steady_rate_counts_every_message() -> None:
    outcome = latency(PTB, SMALL, 0.0, 40)

    assert outcome.observed["fed"] == outcome.observed["deleted"] == 20
    assert 0 < outcome.values[P50.at(0, 40)] <= outcome.values[P99.at(0, 40)] < math.inf


def test_kill_of_a_bot_that_polls_ahead_shows_its_losses() -> None:
    outcome = kill(PTB, SMALL, 1)

    lost = outcome.values[KILL_LOST]
    assert outcome.observed["fed"] == 20
    assert outcome.observed["deleted"] + lost == 20
    # It had acknowledged all of them, and the kill came after the fourth.
    assert lost > 10


# The pretend Bot API.


def test_update_that_is_not_acknowledged_comes_again() -> None:
    given: list[bytes] = []
    queue: UpdateQueue[str] = UpdateQueue(lambda _, body: given.append(body))
    queue.add([{"message": {"text": text}} for text in ("one", "two")])

    for offset in (0, 0, 100_000_002):
        queue.acknowledge(offset)
        queue.poll("client", limit=100, timeout=0)

    texts = [[u["message"]["text"] for u in json.loads(body)["result"]] for body in given]
    assert texts == [["one", "two"], ["one", "two"], ["two"]]


def test_poll_gives_no_more_than_a_hundred_updates(server: FakeServer) -> None:
    server.command("burst", count=130)

    _, answer = ask_json(server, "getUpdates", timeout=0, limit=1_000)

    assert len(answer["result"]) == 100
    assert server.report()["unacknowledged"] == 130


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(
            json.dumps({"chat_id": GROUP, "message_ids": [1001, 1002, 9999]}).encode(),
            "application/json",
            id="json",
        ),
        pytest.param(
            urllib.parse.urlencode(
                {"chat_id": GROUP, "message_ids": "[1001, 1002, 9999]"}
            ).encode(),
            "application/x-www-form-urlencoded",
            id="form",
        ),
        pytest.param(
            (
                f'--x\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n{GROUP}\r\n'
                '--x\r\nContent-Disposition: form-data; name="message_ids"\r\n\r\n'
                "[1001, 1002, 9999]\r\n--x--\r\n"
            ).encode(),
            "multipart/form-data; boundary=x",
            id="multipart",
        ),
    ],
)
def test_delete_of_many_in_every_encoding_skips_what_is_gone(
    server: FakeServer, body: bytes, kind: str
) -> None:
    server.command("burst", count=4)

    assert ask(server, "deleteMessages", body, kind) == (200, {"ok": True, "result": True})

    seen = server.report()
    assert (seen["fed"], seen["deleted"], seen["already_gone"]) == (4, 2, 1)


def test_request_in_chunks_is_understood(server: FakeServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    pieces = iter([b"chat_id=", str(GROUP).encode()])
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    path = f"/bot{world.TOKEN}/getChatMemberCount"
    connection.request("POST", path, pieces, headers, encode_chunked=True)

    assert json.loads(connection.getresponse().read()) == {"ok": True, "result": 27}
    connection.close()


def test_message_is_not_deleted_twice(server: FakeServer) -> None:
    server.command("burst", count=1)
    first, _ = ask_json(server, "deleteMessage", chat_id=GROUP, message_id=1001)

    second, answer = ask_json(server, "deleteMessage", chat_id=GROUP, message_id=1001)

    assert (first, second) == (200, 400)
    assert answer["description"] == "Bad Request: message to delete not found"
    assert server.report()["deleted"] == 1


def test_method_that_is_unknown_is_refused_and_counted(server: FakeServer) -> None:
    status, answer = ask(server, "sendDice")

    assert (status, answer["description"]) == (404, "Not Found: method not found")
    assert server.report()["violations"] == {"unknown method sendDice": 1}


def test_token_that_is_wrong_is_refused(server: FakeServer) -> None:
    assert ask(server, "getMe", token="1:wrong")[0] == 401


@pytest.mark.parametrize(
    ("method", "parameters", "model"),
    [
        pytest.param("getMe", {}, User, id="the bot"),
        pytest.param("getChat", {"chat_id": GROUP}, ChatFullInfo, id="a group"),
        pytest.param("getChat", {"chat_id": world.OWNER_ID}, ChatFullInfo, id="a private chat"),
        pytest.param(
            "getChatMember",
            {"chat_id": GROUP, "user_id": world.BOT_ID},
            ChatMemberAdministrator,
            id="the bot as administrator",
        ),
        pytest.param("createChatInviteLink", {"chat_id": GROUP}, ChatInviteLink, id="a link"),
    ],
)
def test_answer_is_read_by_an_independent_parser(
    server: FakeServer, method: str, parameters, model
) -> None:
    _, answer = ask_json(server, method, **parameters)

    assert model.model_validate(answer["result"]).model_dump(exclude_unset=True, by_alias=True)


def test_updates_are_read_by_an_independent_parser(server: FakeServer) -> None:
    server.command("burst", count=1)
    server.feed([world.private_start(world.OWNER_ID, "code", 1_700_000_000)])
    server.feed([world.bot_becomes_administrator(GROUP, 1_700_000_000)])
    _, sent = ask_json(server, "sendMessage", chat_id=GROUP, text="Bericht")
    ask_json(server, "pinChatMessage", chat_id=GROUP, message_id=sent["result"]["message_id"])

    _, answer = ask_json(server, "getUpdates", timeout=0)

    updates = [Update.model_validate(update) for update in answer["result"]]
    kinds = ["message", "message", "my_chat_member", "message"]
    assert [update.event_type for update in updates] == kinds
    assert updates[1].message is not None
    assert updates[1].message.text == "/start code"
    assert updates[3].message is not None
    assert updates[3].message.pinned_message is not None


def test_group_is_locked_until_its_permissions_are_set(server: FakeServer) -> None:
    _, before = ask_json(server, "getChat", chat_id=GROUP)
    ask_json(server, "setChatPermissions", chat_id=GROUP, permissions={"can_send_messages": True})

    _, after = ask_json(server, "getChat", chat_id=GROUP)

    assert before["result"]["permissions"] == world.LOCKED
    allowed = [name for name, on in after["result"]["permissions"].items() if on]
    assert allowed == ["can_send_messages"]


# From runs to verdicts.


def run(contender: str, values) -> Run:
    return Run(contender=contender, measure="", repetition=1, values=values, observed={})


def verdict(text: str, runs) -> State:
    (found,) = [target for target in targets(summarize(runs)) if target.text.startswith(text)]
    return found.state


@pytest.mark.parametrize(
    ("text", "metric", "ours", "other", "state"),
    [
        pytest.param(
            "burst at 0 ms at", BURST_RATE.at(0), 250, ("ptb", 100), State.REACHED, id="2.5"
        ),
        pytest.param(
            "burst at 0 ms at", BURST_RATE.at(0), 249, ("ptb", 100), State.MISSED, id="2.4"
        ),
        pytest.param(
            "burst at 0 ms ahead", BURST_RATE.at(0), 9, ("aiogram", 9), State.MISSED, id="level"
        ),
        pytest.param(
            "p99 at 200/s, 0", P99.at(0, 200), 5, ("ptb", 5), State.REACHED, id="p99 level"
        ),
        pytest.param(
            "p99 at 200/s, 50",
            P99.at(0.05, 200),
            math.inf,
            ("aiogram", math.inf),
            State.MISSED,
            id="two backlogs prove nothing",
        ),
        pytest.param("kill", KILL_LOST, 0, ("ptb", 9), State.REACHED, id="none lost"),
        pytest.param("memory", MEMORY_PEAK.at(0), 120, ("ptb", 9), State.MISSED, id="120 MB"),
    ],
)
def test_target_by_figures(text: str, metric, ours: float, other, state: State) -> None:
    runs = [run("ours", {metric: ours}), run(other[0], {metric: other[1]})]

    assert verdict(text, runs) is state


def test_kill_target_is_judged_on_the_worst_run() -> None:
    runs = [run("ours", {KILL_LOST: lost}) for lost in (0.0, 0.0, 1.0)]

    assert verdict("kill", runs) is State.MISSED


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        pytest.param([], 0.5, None, id="none"),
        pytest.param([1.0, 2.0, 3.0], 0.5, 2.0, id="middle"),
        pytest.param([float(n) for n in range(1, 101)], 0.99, 99.0, id="99 of 100"),
        pytest.param([1.0, math.inf], 0.99, None, id="endless"),
    ],
)
def test_percentile_of_ordered_values(values: list[float], share: float, expected) -> None:
    assert percentile(values, share) == expected
