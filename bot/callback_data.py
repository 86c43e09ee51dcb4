"""What a button under a message carries back: a version, what it is for, and the least it needs.

Old messages keep their buttons for months, so a payload never changes its meaning; one of a version
or kind that is not known (any more) parses to nothing and gets a kind notice. Never in it: names,
roles, rights. Who presses, and whether he may, is judged when it is pressed, on what we know then.
"""

import re
from dataclasses import dataclass

from bot.policy.ids import ChatId

MOST_BYTES = 64
"""Bot API: InlineKeyboardButton.callback_data."""

_CONFIRM_GROUP = re.compile(r"v1:group:(-?[1-9][0-9]{0,18})")
_LARGEST_ID = 2**63 - 1


# Come back in ``ChatShared.request_id``, which is unique within a message only.
GROUP_REQUEST = 1
CHANNEL_REQUEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmGroup:
    """The owner wants the bot to manage this group."""

    chat: ChatId


def format_data(data: ConfirmGroup) -> str:
    """The payload of a button, in its newest version."""
    return f"v1:group:{data.chat}"


def parse_data(payload: str) -> ConfirmGroup | None:
    """What a pressed button means; ``None`` if it is not one of ours, or of no version we know."""
    found = _CONFIRM_GROUP.fullmatch(payload)
    if found is None or abs(chat := int(found[1])) > _LARGEST_ID:
        return None
    return ConfirmGroup(chat=ChatId(chat))
