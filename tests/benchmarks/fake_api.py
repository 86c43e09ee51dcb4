"""The methods of the pretend Bot API: the little of Telegram that the measured bots need.

It keeps which messages still stand, so that deleting one twice is refused as Telegram refuses it,
and it answers 404 to a method it does not know, rather than `true`. It is no judge of a bot's
behaviour in groups: the sandbox is. Texts: tdlib/telegram-bot-api, `Client.cpp`.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from tests.benchmarks import world
from tests.benchmarks.tally import Tally
from tests.benchmarks.world import Json

DELETED_AT_ONCE = 100
FIRST_MESSAGE_ID = 1_000

ALWAYS_TRUE = frozenset(
    {
        "answerCallbackQuery",
        "deleteMyCommands",
        "deleteWebhook",
        "leaveChat",
        "sendChatAction",
        "setChatMenuButton",
        "setMyCommands",
        "setMyDefaultAdministratorRights",
        "setMyDescription",
        "setMyShortDescription",
        "unpinChatMessage",
    }
)


class RefusalError(Exception):
    """What Telegram answers instead of a result."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


def bad_request(description: str) -> RefusalError:
    """A refusal with status 400."""
    return RefusalError(400, f"Bad Request: {description}")


def whole_number(parameters: Json, name: str, otherwise: int | None = None) -> int:
    """A parameter as an integer, from JSON or from a form."""
    value = parameters.get(name, otherwise)
    try:
        return int(value)  # type: ignore[arg-type]  # anything that is no number is refused below
    except (TypeError, ValueError):
        raise bad_request(f"parameter {name} must be a number") from None


def structure(parameters: Json, name: str, otherwise: Any = None) -> Any:
    """A parameter that is a list or an object; in a form it comes as JSON text."""
    value = parameters.get(name, otherwise)
    return json.loads(value) if isinstance(value, str) else value


class PretendTelegram:
    """Groups, their messages and permissions, and the count of what a bot does to them."""

    def __init__(self, groups: list[int], feed: Callable[[list[Json]], None]) -> None:
        self.groups = groups
        self.tally = Tally()
        self.violations: Counter[str] = Counter()
        self._feed = feed
        self._standing: defaultdict[int, dict[int, float | None]] = defaultdict(dict)
        self._last_message_id: defaultdict[int, int] = defaultdict(lambda: FIRST_MESSAGE_ID)
        self._permissions = {group: dict(world.LOCKED) for group in groups}
        self._methods: dict[str, Callable[[Json], object]] = {
            "createChatInviteLink": self._create_chat_invite_link,
            "deleteMessage": self._delete_message,
            "deleteMessages": self._delete_messages,
            "exportChatInviteLink": self._export_chat_invite_link,
            "getChat": self._get_chat,
            "getChatAdministrators": self._get_chat_administrators,
            "getChatMember": self._get_chat_member,
            "getChatMemberCount": self._get_chat_member_count,
            "getMe": lambda _: world.bot_itself(),
            "pinChatMessage": self._pin_chat_message,
            "sendMessage": self._send_message,
            "setChatPermissions": self._set_chat_permissions,
        } | dict.fromkeys(ALWAYS_TRUE, lambda _: True)

    def call(self, method: str, parameters: Json) -> object:
        """The result of a method. Raises `RefusalError`, and counts what no sound bot would ask."""
        chat_id = parameters.get("chat_id")
        self.tally.note_call(
            method,
            None if chat_id is None else whole_number(parameters, "chat_id"),
            time.monotonic(),
        )
        performer = self._methods.get(method)
        if performer is None:
            self.violations[f"unknown method {method}"] += 1
            raise RefusalError(404, "Not Found: method not found")
        return performer(parameters)

    def unwanted_messages(self, number: int) -> list[Json]:
        """New messages by ordinary members, spread evenly over the groups, not yet standing."""
        date = int(time.time())
        return [
            world.unwanted_message(chat_id, self._new_message_id(chat_id), date)
            for chat_id in (self.groups[place % len(self.groups)] for place in range(number))
        ]

    def let_stand(self, updates: list[Json], at: float) -> None:
        """From `at` on these messages are in their groups and should be deleted."""
        for update in updates:
            message = update["message"]
            self._standing[message["chat"]["id"]][message["message_id"]] = at
        self.tally.note_fed(len(updates), at)

    def _new_message_id(self, chat_id: int) -> int:
        self._last_message_id[chat_id] += 1
        return self._last_message_id[chat_id]

    def _group(self, parameters: Json) -> int:
        chat_id = whole_number(parameters, "chat_id")
        if chat_id not in self._permissions:
            self.violations["call for an unknown group"] += 1
            raise bad_request("chat not found")
        return chat_id

    def _remove(self, chat_id: int, message_id: int) -> bool:
        standing = self._standing[chat_id]
        if message_id not in standing:
            self.tally.already_gone += 1
            return False
        born = standing.pop(message_id)
        if born is not None:
            self.tally.note_deleted(born, time.monotonic())
        return True

    def _delete_message(self, parameters: Json) -> object:
        if not self._remove(self._group(parameters), whole_number(parameters, "message_id")):
            raise bad_request("message to delete not found")
        return True

    def _delete_messages(self, parameters: Json) -> object:
        chat_id, message_ids = self._group(parameters), structure(parameters, "message_ids", [])
        if not 1 <= len(message_ids) <= DELETED_AT_ONCE:
            self.violations["deleteMessages with none or more than 100"] += 1
            raise bad_request("there must be 1 to 100 message identifiers to delete")
        for message_id in message_ids:
            self._remove(chat_id, int(message_id))
        return True

    def _send_message(self, parameters: Json) -> object:
        chat_id = whole_number(parameters, "chat_id")
        if chat_id < 0:
            self._group(parameters)
        message_id = self._new_message_id(chat_id)
        self._standing[chat_id][message_id] = None
        text = str(parameters.get("text", ""))
        return world.sent_message(chat_id, message_id, int(time.time()), text)

    def _pin_chat_message(self, parameters: Json) -> object:
        chat_id, message_id = self._group(parameters), whole_number(parameters, "message_id")
        if message_id not in self._standing[chat_id]:
            raise bad_request("message to pin not found")
        date = int(time.time())
        pinned = world.sent_message(chat_id, message_id, date, "")
        service = world.sent_message(chat_id, self._new_message_id(chat_id), date, "")
        del service["text"]
        # A bot hears its own pin: of its own messages only these service messages come back.
        self._feed([{"message": service | {"pinned_message": pinned}}])
        return True

    def _get_chat(self, parameters: Json) -> object:
        chat_id = whole_number(parameters, "chat_id")
        if chat_id > 0:
            return world.full_chat(chat_id, {})
        return world.full_chat(chat_id, self._permissions[self._group(parameters)])

    def _set_chat_permissions(self, parameters: Json) -> object:
        given = structure(parameters, "permissions", {})
        names = world.CHAT_PERMISSIONS
        self._permissions[self._group(parameters)] = {n: bool(given.get(n)) for n in names}
        return True

    def _get_chat_administrators(self, parameters: Json) -> object:
        self._group(parameters)
        return [world.chat_member(world.OWNER_ID), world.chat_member(world.BOT_ID)]

    def _get_chat_member(self, parameters: Json) -> object:
        self._group(parameters)
        return world.chat_member(whole_number(parameters, "user_id"))

    def _get_chat_member_count(self, parameters: Json) -> object:
        self._group(parameters)
        return world.MEMBERS_PER_GROUP + 2

    def _export_chat_invite_link(self, parameters: Json) -> object:
        link = world.invite_link(self._group(parameters), primary=True, asks_first=False)
        return link["invite_link"]

    def _create_chat_invite_link(self, parameters: Json) -> object:
        asks_first = str(parameters.get("creates_join_request", "")).lower() == "true"
        return world.invite_link(self._group(parameters), primary=False, asks_first=asks_first)
