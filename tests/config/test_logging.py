"""Logging: what a line looks like, who may speak, and that no secret gets through."""

import io
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog

from config.logging import LogFormat, LogLevel, Scrubber, configure_logging

ROOT = Path(__file__).parents[2]
TOKEN = "8000000001:" + "Ab_-9" * 7
FORMATS = [pytest.param(each, id=each) for each in LogFormat]

pytestmark = pytest.mark.usefixtures("logging_put_back")


@pytest.fixture
def log() -> Callable[..., io.StringIO]:
    """Configures logging and returns where it writes."""

    def log(
        level: LogLevel = LogLevel.DEBUG,
        log_format: LogFormat = LogFormat.JSON,
        secrets: tuple[str, ...] = (),
    ) -> io.StringIO:
        stream = io.StringIO()
        configure_logging(level, log_format, secrets=secrets, stream=stream)
        return stream

    return log


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_json_when_structlog_writes_then_one_object_with_its_values(log):
    stream = log()

    structlog.get_logger("bot.sending.sender").info("sent", chat=-100, rule="AN-1")

    (line,) = lines(stream)
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {
        "event": "sent",
        "chat": -100,
        "rule": "AN-1",
        "logger": "bot.sending.sender",
        "level": "info",
    }


def test_json_when_a_library_writes_then_the_same_form(log):
    stream = log()

    logging.getLogger("telegram.ext").warning("slow: %d s", 3, extra={"attempt": 2})

    (line,) = lines(stream)
    del line["timestamp"]
    assert line == {
        "event": "slow: 3 s",
        "logger": "telegram.ext",
        "level": "warning",
        "attempt": 2,
    }


def test_console_when_written_then_one_line_without_colours(log):
    stream = log(log_format=LogFormat.CONSOLE)

    structlog.get_logger("bot.sending.sender").info("sent", rule="AN-1")

    (line,) = stream.getvalue().splitlines()
    assert line.split()[1:] == ["[info", "]", "sent", "[bot.sending.sender]", "rule=AN-1"]


def test_context_when_bound_then_on_every_line(log):
    stream = log()

    with structlog.contextvars.bound_contextvars(update=7):
        structlog.get_logger("bot.receiving.intake").info("a")
        logging.getLogger("bot.receiving.intake").info("b")

    assert [(line["event"], line["update"]) for line in lines(stream)] == [("a", 7), ("b", 7)]


def test_configure_when_done_twice_then_every_line_once_and_in_the_new_place(log):
    first, second = log(), log()

    logging.getLogger("bot").info("once")

    assert first.getvalue() == ""
    assert [line["event"] for line in lines(second)] == ["once"]


@pytest.mark.parametrize(
    ("name", "heard_from"),
    [
        pytest.param("bot.sending.sender", logging.DEBUG, id="ours"),
        pytest.param("storage", logging.DEBUG, id="ours, storage"),
        pytest.param("telegram", logging.INFO, id="python-telegram-bot"),
        pytest.param("telegram.ext.Application", logging.INFO, id="its children"),
        pytest.param("aiohttp.client", logging.INFO, id="aiohttp"),
        pytest.param("aiohttp.access", logging.WARNING, id="aiohttp's access log"),
        pytest.param("httpx", logging.WARNING, id="httpx"),
        pytest.param("httpcore.http11", logging.WARNING, id="httpcore"),
        pytest.param("sqlalchemy.engine.Engine", logging.WARNING, id="statements"),
        pytest.param("aiosqlite", logging.WARNING, id="statements with parameters"),
        pytest.param("a.library.of.tomorrow", logging.INFO, id="any other"),
    ],
)
def test_level_when_debug_then_only_our_own_lines_go_below_info(log, name, heard_from):
    stream = log(LogLevel.DEBUG)

    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        logging.getLogger(name).log(level, "%d", level)

    heard = [int(str(line["event"])) for line in lines(stream)]
    assert heard == [each for each in (10, 20, 30, 40) if each >= heard_from]


def test_level_when_a_library_was_made_loud_before_then_quiet_again(log):
    for name in ("telegram", "httpx"):
        logging.getLogger(name).setLevel(logging.DEBUG)

    stream = log(LogLevel.DEBUG)
    logging.getLogger("telegram.ext").debug("the whole update")
    logging.getLogger("httpx").info("the address")

    assert stream.getvalue() == ""


def test_level_when_error_then_nothing_below_it_from_anyone(log):
    stream = log(LogLevel.ERROR)

    for name in ("bot", "telegram", "httpx", "other"):
        logging.getLogger(name).warning("no")
        logging.getLogger(name).error("yes")
    structlog.get_logger("bot").warning("no")

    assert [line["event"] for line in lines(stream)] == ["yes"] * 4


def raise_with(text: str) -> None:
    raise ValueError(text)


def log_an_exception(text: str) -> None:
    try:
        raise_with(text)
    except ValueError:
        logging.getLogger("bot").exception("failed")


def log_a_chain(text: str) -> None:
    try:
        try:
            raise_with(text)
        except ValueError as inner:
            message = "outer"
            raise RuntimeError(message) from inner
    except RuntimeError:
        structlog.get_logger("bot").exception("failed")


def log_from_a_thread(text: str) -> None:
    thread = threading.Thread(target=raise_with, args=(text,))
    thread.start()
    thread.join()


WAYS_IN = [
    pytest.param(lambda t: logging.getLogger("x").error(t), id="as the message"),
    pytest.param(lambda t: logging.getLogger("x").error("at %s", t), id="as an argument"),
    pytest.param(
        lambda t: logging.getLogger("x").error("at %(u)s", {"u": t}), id="as a named argument"
    ),
    pytest.param(
        lambda t: logging.getLogger("x").error("%s", {"url": [t]}), id="inside an argument"
    ),
    pytest.param(lambda t: logging.getLogger("x").error("a", extra={"u": t}), id="as an extra"),
    pytest.param(lambda t: structlog.get_logger("bot").error("a", url=t), id="as a value"),
    pytest.param(lambda t: structlog.get_logger("bot").error("a", d={"u": t}), id="deeper"),
    pytest.param(lambda t: structlog.get_logger("bot").error("a %s", t), id="positional"),
    pytest.param(lambda t: logging.getLogger(t).error("a"), id="as the logger's name"),
    pytest.param(log_an_exception, id="in an exception"),
    pytest.param(log_a_chain, id="in the cause of an exception"),
    pytest.param(log_from_a_thread, id="in a thread that failed"),
]


@pytest.mark.parametrize("log_format", FORMATS)
@pytest.mark.parametrize("way_in", WAYS_IN)
def test_token_when_it_comes_in_any_way_then_it_does_not_come_out(log, capsys, way_in, log_format):
    stream = log(log_format=log_format)

    way_in(f"https://api.telegram.org/bot{TOKEN}/getMe")

    written = stream.getvalue()
    assert "[removed]" in written
    assert TOKEN not in written
    assert TOKEN.partition(":")[2] not in written
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("log_format", FORMATS)
def test_stack_when_logged_then_scrubbed(log, log_format):
    stream = log(log_format=log_format)

    eval(  # noqa: S307 -- puts the token into the line of source that a stack shows
        compile("show()", f"<bot{TOKEN}>", "eval"),
        {"show": lambda: logging.getLogger("bot").info("here", stack_info=True)},
    )

    assert "<bot[removed]>" in stream.getvalue()
    assert TOKEN not in stream.getvalue()


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        pytest.param(f"bot{TOKEN}/getMe", "bot[removed]/getMe", id="in an address"),
        pytest.param(TOKEN.replace(":", "%3A"), "[removed]", id="percent-encoded"),
        pytest.param(TOKEN.replace(":", "%3a"), "[removed]", id="percent-encoded, small"),
        pytest.param("123456:" + "x" * 30, "[removed]", id="another bot's"),
        pytest.param("u:geheim@h", "u:[removed]@h", id="a secret it was told of"),
        pytest.param("geheim-2", "[removed]", id="a secret that holds another"),
        pytest.param("2026-11-22T19:58:05", "2026-11-22T19:58:05", id="a time is left"),
        pytest.param("123456:" + "x" * 29, "123456:" + "x" * 29, id="too short is left"),
        pytest.param("-1001234567890", "-1001234567890", id="a chat's id is left"),
    ],
)
def test_scrubber_when_given_a_text_then_takes_out_tokens_and_nothing_else(text, scrubbed):
    assert Scrubber(["geheim", "geheim-2", ""])(text) == scrubbed


def test_faulty_line_when_logged_then_its_place_is_named_and_its_arguments_are_not(log, capsys):
    stream = log()

    logging.getLogger("bot.x").info("%d", TOKEN)

    first, *_, last = stream.getvalue().splitlines()
    assert first.startswith(f"not logged: bot.x, {__file__}:")
    assert last == "TypeError: %d format: a real number is required, not str"
    assert TOKEN not in stream.getvalue()
    # logging's own report of a faulty line would go straight to stderr, arguments and all.
    assert capsys.readouterr() == ("", "")


def test_stream_when_closed_then_logging_does_not_raise(log):
    log().close()

    logging.getLogger("bot").info("nobody hears this")


UNCAUGHT = """
import sys
from config.logging import LogFormat, LogLevel, configure_logging
configure_logging(LogLevel.INFO, LogFormat.JSON)
raise RuntimeError("bot" + sys.argv[1])
"""


def test_exception_when_nobody_catches_it_then_logged_scrubbed_and_the_status_is_1():
    ended = subprocess.run(
        [sys.executable, "-c", UNCAUGHT, TOKEN],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    (line,) = ended.stderr.splitlines()
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert TOKEN not in line
    assert json.loads(line)["exception"].endswith("RuntimeError: bot[removed]")
