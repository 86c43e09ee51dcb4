"""The bot token through a failing call of the real python-telegram-bot, with everything logged."""

import io
import logging
import socket
import traceback
from collections.abc import AsyncIterator

import pytest
import structlog
from aiohttp import web
from pydantic import SecretStr
from telegram import Bot
from telegram.error import InvalidToken, NetworkError

from config.logging import LogFormat, LogLevel, Scrubber, configure_logging
from config.settings import Settings

TOKEN = "8000000001:" + "Ab_-9" * 7

pytestmark = pytest.mark.usefixtures("logging_put_back")


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
async def refusing_server() -> AsyncIterator[str]:
    """A server that answers every call as Telegram answers one with a wrong token."""

    async def refuse(request: web.Request) -> web.Response:
        return web.json_response(
            {"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401
        )

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield f"http://127.0.0.1:{port}/bot"
    await runner.cleanup()


def everything_logged(settings: Settings) -> io.StringIO:
    """Logging as the bot sets it, and then every library as loud as it can be."""
    stream = io.StringIO()
    configure_logging(
        settings.log_level, settings.log_format, secrets=settings.secrets, stream=stream
    )
    for name in ("", "telegram", "httpx", "httpcore", "aiohttp", "aiohttp.access", "asyncio"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    return stream


def settings_for(base_url: str, log_format: LogFormat) -> Settings:
    return Settings(
        bot_token=SecretStr(TOKEN),
        telegram_base_url=base_url,
        log_level=LogLevel.DEBUG,
        log_format=log_format,
        _env_file=None,
    )


@pytest.mark.parametrize("log_format", list(LogFormat))
async def test_token_when_telegram_cannot_be_reached_then_nowhere(log_format, capsys):
    settings = settings_for(f"http://127.0.0.1:{closed_port()}/bot", log_format)
    stream = everything_logged(settings)
    bot = Bot(TOKEN, base_url=settings.telegram_base_url)

    with pytest.raises(NetworkError) as failed:
        await bot.get_me()
    logging.getLogger("bot").error("call failed", exc_info=failed.value, stack_info=True)
    structlog.get_logger("bot").error("call failed", exc_info=failed.value, bot=repr(bot))
    await bot.shutdown()

    logged = stream.getvalue()
    assert logged.count("NetworkError") >= 2
    assert "connect_tcp.started" in logged, "the libraries were not as loud as this test wants"
    for shown in (logged, repr(settings), str(failed.value), *capsys.readouterr()):
        assert TOKEN not in shown
        assert TOKEN.partition(":")[2] not in shown


@pytest.mark.parametrize("log_format", list(LogFormat))
async def test_token_when_telegram_refuses_it_then_nowhere(refusing_server, log_format, capsys):
    settings = settings_for(refusing_server, log_format)
    stream = everything_logged(settings)
    bot = Bot(TOKEN, base_url=settings.telegram_base_url)

    with pytest.raises(InvalidToken) as failed:
        await bot.initialize()
    logging.getLogger("bot").error("refused: %s", failed.value, exc_info=failed.value)
    await bot.shutdown()

    # The library writes the token into this very exception, and its address into httpx's lines.
    text = "".join(traceback.format_exception(failed.value))
    assert TOKEN in text
    for shown in (stream.getvalue(), Scrubber(settings.secrets)(text), *capsys.readouterr()):
        assert TOKEN not in shown
        assert TOKEN.partition(":")[2] not in shown
    assert "/bot[removed]/getMe" in stream.getvalue()
