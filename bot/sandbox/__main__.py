"""Run the pretend Telegram by itself: `python -m bot.sandbox --port 8081`.

Prints one line of JSON with its addresses, and serves until it is interrupted.
"""

import argparse
import asyncio
import json
import logging
import signal
from datetime import datetime

from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import serve
from bot.sandbox.telegram import DEFAULT_TOKEN, Telegram


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (this machine only)")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="the made-up token of the bot")
    parser.add_argument("--username", default="groepswacht_bot", help="the bot's username")
    parser.add_argument("--clock", type=datetime.fromisoformat, help="start at this moment")
    parser.add_argument("--frozen", action="store_true", help="the clock moves only when told to")
    parser.add_argument("--limiter", action="store_true", help="enforce Telegram's flood limits")
    parser.add_argument("--no-privacy-mode", action="store_true", help="hear all group messages")
    return parser.parse_args()


async def run(arguments: argparse.Namespace) -> None:
    """Serve until SIGINT or SIGTERM."""
    start: datetime | None = arguments.clock
    if start is not None and start.tzinfo is None:
        start = start.astimezone()
    telegram = Telegram(
        clock=SandboxClock(start, frozen=arguments.frozen),
        token=arguments.token,
        bot_username=arguments.username,
        can_read_all_group_messages=arguments.no_privacy_mode,
        limiter=arguments.limiter,
    )
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with serve(telegram, arguments.host, arguments.port) as served:
        addresses = {
            "base_url": served.base_url,
            "file_url": served.file_url,
            "people_url": served.people_url,
            "token": telegram.token,
            "bot_id": telegram.bot.id,
        }
        print(json.dumps(addresses), flush=True)  # noqa: T201  the line that callers read
        await stop.wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(run(_arguments()))
