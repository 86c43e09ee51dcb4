"""Trouble on demand: what a network, a proxy or Telegram's bad days do to a bot."""

from dataclasses import dataclass, field
from typing import Final

from bot.sandbox.serialize import user_json
from bot.sandbox.state import Json
from bot.sandbox.world import World

KINDS: Final = frozenset(
    [
        "429",
        "500",
        "502",
        "401",
        "409",
        "drop",
        "deliver_then_drop",
        "delay",
        "malformed_update",
        "garbage_json",
    ]
)


@dataclass(slots=True, kw_only=True)
class Fault:
    """One kind of trouble, for the next `count` calls that it fits."""

    method: str
    kind: str
    count: int = 1
    retry_after: int = 1
    seconds: float = 0.0
    chat_id: int | None = None

    def fits(self, method: str, params: Json) -> bool:
        """Tell whether this call is to go wrong."""
        if self.method not in {"*", method}:
            return False
        return self.chat_id is None or str(params.get("chat_id")) == str(self.chat_id)


def malformed_update(world: World) -> Json:
    """Return an update that lacks a field libraries rely on: `until_date` of a kicked member."""
    bot = user_json(world, world.bot)
    person: Json = {"id": world.bot.id + 1, "is_bot": False, "first_name": "Sandbox"}
    return {
        "my_chat_member": {
            "chat": {"id": person["id"], "first_name": "Sandbox", "type": "private"},
            "from": person,
            "date": world.clock.unix(),
            "old_chat_member": {"user": bot, "status": "member"},
            "new_chat_member": {"user": bot, "status": "kicked"},
        }
    }


@dataclass(slots=True)
class Faults:
    """The trouble that waits for the bot, and what of it has happened."""

    waiting: list[Fault] = field(default_factory=list)
    happened: int = 0

    def add(
        self,
        method: str = "*",
        kind: str = "500",
        count: int = 1,
        retry_after: int = 1,
        seconds: float = 0.0,
        chat_id: int | None = None,
    ) -> Fault:
        """Let the next `count` calls of `method` ("*": any) go wrong in this way."""
        if kind not in KINDS:
            msg = f"there is no fault {kind!r}; choose from {', '.join(sorted(KINDS))}"
            raise ValueError(msg)
        fault = Fault(
            method=method.lower() if method != "*" else method,
            kind=kind,
            count=count,
            retry_after=retry_after,
            seconds=seconds,
            chat_id=chat_id,
        )
        self.waiting.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything go well again."""
        self.waiting.clear()

    def next_for(self, method: str, params: Json) -> Fault | None:
        """Take the first fault that fits this call, and count it off."""
        if not self.waiting:
            return None
        fault = next((f for f in self.waiting if f.fits(method, params)), None)
        if fault is not None:
            self.happened += 1
            fault.count -= 1
            if fault.count <= 0:
                self.waiting.remove(fault)
        return fault
