"""What a button under a message carries back: a version, what it is for, and the least it needs.

Old messages keep their buttons for months, so a payload never changes its meaning; one of a version
or kind that is not known (any more) parses to nothing and gets a kind notice. Never in it: names,
roles, rights. Who presses, and whether he may, is judged when it is pressed, on what we know then.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.policy.effects import Page
from bot.policy.ids import ChatId

MOST_BYTES = 64
"""Bot API: InlineKeyboardButton.callback_data."""

# version : what for : about which chat, 0 for none : what else, in letters that need no escaping
_PRESS = re.compile(r"v1:([a-z]{1,12}):(0|-?[1-9][0-9]{0,18})(?::([\w.:~-]+))?", re.ASCII)
_LARGEST_ID = 2**63 - 1
_MOST_DIGITS = 19


# Come back in ``ChatShared.request_id``, which is unique within a message only.
GROUP_REQUEST = 1
CHANNEL_REQUEST = 2


class Verb(StrEnum):
    """What a button is for, as short as it stands in its payload."""

    CONFIRM_GROUP = "group"
    OPEN = "open"
    DRAFT = "draft"
    SEND = "send"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    SEEN = "seen"
    DOUBT = "doubt"
    REVIEW = "review"
    RESEND = "resend"
    REPEAT = "repeat"
    LANGUAGE = "language"
    SCHOOL_YEAR = "schoolyear"
    RECONFIRM = "goeson"
    CONSENT = "consent"
    CLASS_GROUP = "class"
    REMOVE_MEMBER = "remove"
    LOOK_GROUP = "look"
    NEW_LINK = "newlink"
    HAND_OVER = "handover"
    CLOSE_GROUP = "closegroup"
    ASK_DATA = "askdata"
    STOP = "stop"
    IMPORT = "import"
    CODES = "codes"
    REVOKE_LINK = "revoke"
    DUTY = "duty"
    DECIDE_DUTY = "decideduty"
    REQUEST_DONE = "requestdone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button of ours. ``argument``: ASCII letters, digits and ``_.:~-``."""

    verb: Verb
    chat: ChatId | None = None
    argument: str = ""


def opens(page: Page, chat: ChatId | None = None, argument: str = "") -> Press:
    """A button that opens a page."""
    return Press(
        verb=Verb.OPEN, chat=chat, argument=f"{page}:{argument}" if argument else str(page)
    )


def opened(press: Press) -> tuple[Page, str] | None:
    """The page that a press opens, and its argument; ``None`` for a page that is no more."""
    name, _, argument = press.argument.partition(":")
    return (Page(name), argument) if name in Page.__members__.values() else None


def format_data(press: Press) -> str:
    """The payload of a button, in its newest version. Raises ``ValueError`` if Telegram would not
    take it, or we would not read it back.
    """
    payload = f"v1:{press.verb}:{press.chat or 0}"
    if press.argument:
        payload = f"{payload}:{press.argument}"
    if len(payload) > MOST_BYTES or parse_data(payload) != press:
        message = f"a button of {press.verb} cannot carry this"
        raise ValueError(message)
    return payload


def parse_data(payload: object) -> Press | None:
    """What a pressed button means; ``None`` if it is not one of ours, or of no version we know."""
    found = _PRESS.fullmatch(payload) if isinstance(payload, str) else None
    if found is None or found[1] not in Verb.__members__.values():
        return None
    verb, chat, argument = Verb(found[1]), int(found[2]), found[3] or ""
    if abs(chat) > _LARGEST_ID or (verb is Verb.CONFIRM_GROUP and (not chat or argument)):
        return None
    return Press(verb=verb, chat=ChatId(chat) if chat else None, argument=argument)


def number_in(argument: str) -> int:
    """The number that a button carries; 0, which names nothing, for whatever else stands there."""
    digits = argument.isascii() and argument.isdecimal() and len(argument) <= _MOST_DIGITS
    number = int(argument) if digits else 0
    return number if number <= _LARGEST_ID else 0
