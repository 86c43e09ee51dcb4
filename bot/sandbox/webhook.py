"""Delivery of updates to a webhook, in order, with the retries of WebhookActor.cpp in short.

Only while the bot has set one. One update at a time; an update that is not answered with 2xx is
tried again after a growing pause, and runs out with the queue's 24 hours.
"""

import asyncio
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.sandbox.updates import Waiting
from bot.sandbox.world import World

LONGEST_PAUSE: Final = 60.0
ANSWER_WITHIN: Final = ClientTimeout(total=60)
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name


class Deliverer:
    """One task that sends waiting updates to the webhook."""

    def __init__(self, world: World) -> None:
        """Listen for new updates; the task starts with the first one to deliver."""
        self._world = world
        self._task: asyncio.Task[None] | None = None
        world.updates.on_new = self._start

    def _start(self) -> None:
        if self._world.webhook.url and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._deliver())

    async def idle(self) -> None:
        """Wait until nothing is being delivered."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def stop(self) -> None:
        """Stop delivering, also in the middle of a pause."""
        self._world.updates.on_new = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _deliver(self) -> None:
        pause = 1.0
        async with ClientSession(timeout=ANSWER_WITHIN) as session:
            while self._world.webhook.url and (batch := self._world.updates.due(1)):
                if await self._send(session, batch[0]):
                    self._world.updates.confirm(batch[0].update_id + 1)
                    pause = 1.0
                else:
                    await asyncio.sleep(pause)  # noqa: TID251  the real server's pause between two tries
                    pause = min(pause * 2, LONGEST_PAUSE)

    async def _send(self, session: ClientSession, update: Waiting) -> bool:
        hook = self._world.webhook
        headers = {"Content-Type": "application/json"}
        if hook.secret_token:
            headers[SECRET_HEADER] = hook.secret_token
        try:
            async with session.post(hook.url, data=update.body, headers=headers) as answer:
                if answer.ok:
                    return True
                hook.last_error_message = (
                    f"Wrong response from the webhook: {answer.status} {answer.reason}"
                )
        except (ClientError, TimeoutError) as trouble:
            hook.last_error_message = str(trouble) or "Read timeout expired"
        hook.last_error_date = self._world.clock.unix()
        return False
