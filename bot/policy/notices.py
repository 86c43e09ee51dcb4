"""The keys of every text that a decision may ask for, with the placeholders of each.

The catalogue (``bot/messages``) holds exactly these keys, in Dutch and English. Policy names a
text by its key and never writes one. What stands in a placeholder:

- ``group``: the title of the chat that the notice is about. Filled in by the sender, never here.
- ``bot``: the bot's own user name. Filled in by the sender, never here.
- ``items``: the codes of ``Item``, separated by a space. The sender puts the text ``item-<code>``
  of each in its place, with the same values.
- ``rights``: administrator rights as Telegram names them, separated by a space. The sender puts
  the text ``right-<right>`` of each in its place.
- ``findings``: kinds of what a check found, separated by a space. The sender puts the text
  ``finding-<kind>`` of each in its place.
- ``words``: words of the member of staff himself, said back because they could not be read.
- ``until``: a moment, ISO 8601, in UTC. The sender writes it as the school's clock shows it.
- ``nonce``: the single-use part of a start-group link.

No placeholder may ever hold the name, the role or the account of a person.
"""

from collections.abc import Mapping
from enum import StrEnum

from bot.policy.announcements.one_line import Problem
from bot.policy.effects import Language
from bot.policy.groups import REQUIRED_RIGHTS
from bot.policy.people import Duty, Role

NOTHING: frozenset[str] = frozenset()
WORDS = frozenset({"words"})


class Item(StrEnum):
    """What a group must comply with before staff's messages may go there (B.6)."""

    BASIC_GROUP = "basic-group"
    NOT_PRIVATE = "not-private"
    FORUM = "forum"
    ANONYMOUS_ADMINISTRATOR = "anonymous-administrator"
    BOOSTS = "boosts"
    LINKED_CHANNEL = "linked-channel"
    COMMUNITY = "community"
    RIGHTS_MISSING = "rights-missing"
    ADMINISTRATOR_NOT_STAFF = "administrator-not-staff"
    BOT_ADMINISTRATOR = "bot-administrator"
    OWNER_NOT_STAFF = "owner-not-staff"
    OWNER_HIDDEN = "owner-hidden"
    NOT_RECONFIRMED = "not-reconfirmed"


NOT_CONFIRMED = "not-confirmed"
"""Stands in ``Group.explained`` when the owner has been asked whether to manage the group."""

NOT_IN = "not-in"
"""Stands in ``Group.explained`` while the bot has never been in a group that staff asked for."""

FILLED_WHEN_SENT = frozenset({"group", "bot"})
"""Placeholders that the sender fills in, so that the outbox holds no title."""

_ITEM_TEXTS: Mapping[str, frozenset[str]] = {
    f"item-{item}": frozenset({"rights"}) if item is Item.RIGHTS_MISSING else NOTHING
    for item in Item
}

NOTICES: Mapping[str, frozenset[str]] = {
    # In a group, in both languages. The refusal is neutral: it never says who is staff or who
    # owns what, because everybody in the group reads it.
    "group-refused": NOTHING,
    "house-rules": NOTHING,
    "group-closed": NOTHING,
    # To the owner of a group, or to the member of staff who asked us to manage it.
    "group-items": frozenset({"group", "items"}),
    "group-confirm": frozenset({"group"}),
    "group-not-in": NOTHING,
    "group-suspended": frozenset({"group", "items", "until"}),
    "group-resumed": frozenset({"group"}),
    "group-ready": frozenset({"group"}),
    "group-classes-asked": frozenset({"group"}),
    "group-outsiders": frozenset({"group"}),
    "second-administrator": frozenset({"group"}),
    "group-is-yours": frozenset({"group"}),
    "group-handed-over": frozenset({"group"}),
    # When a school year begins: to the owner of a group, and to coordinators.
    "group-goes-on": frozenset({"group", "until"}),
    "group-not-reconfirmed": frozenset({"group"}),
    "group-left-behind": frozenset({"group", "until"}),
    # To a student whom the school's rule for those under sixteen concerns.
    "join-link-first": NOTHING,
    "join-waits": NOTHING,
    "join-another-class": NOTHING,
    "join-too-late": NOTHING,
    "join-too-young": NOTHING,
    "join-ask-at-home": NOTHING,
    # To a member of staff who starts a group or registers a channel.
    "new-group": frozenset({"nonce", "bot"}),
    "group-being-checked": NOTHING,
    "new-channel": NOTHING,
    "channel-registered": NOTHING,
    # To somebody who types a linking code.
    "welcome-staff": NOTHING,
    "welcome-student": NOTHING,
    "welcome-guardian": NOTHING,
    "already-linked": NOTHING,
    "code-unknown": NOTHING,
    "code-expired": NOTHING,
    "code-spent": NOTHING,
    "code-not-yours": NOTHING,
    "code-guessing": NOTHING,
    # To somebody who writes to the bot in private.
    "kind-answer-student": NOTHING,
    "kind-answer-guardian": NOTHING,
    "kind-answer-stranger": NOTHING,
    "command-refused": NOTHING,
    # To somebody who asked something about his own data.
    "data-asked-correction": NOTHING,
    "data-asked-erasure": NOTHING,
    # To an administrator, and to whoever lost his link.
    "import-too-large": NOTHING,
    "last-administrator": NOTHING,
    "first-stays": NOTHING,
    "second-administrator-needed": NOTHING,
    "duty-not-by-yourself": NOTHING,
    "link-revoked": NOTHING,
    "link-ended-school": NOTHING,
    **{f"duty-linked-{duty}": NOTHING for duty in Duty},
    **{f"duty-unlinked-{duty}": NOTHING for duty in Duty},
    # To staff who compose an announcement.
    "announcement-no-group": NOTHING,
    "written-findings": frozenset({"group", "findings"}),
    "announcement-too-long": NOTHING,
    "announcement-text-only": NOTHING,
    "announcement-no-hour": NOTHING,
    "announcement-help": NOTHING,
    "announcement-no-reviewer": NOTHING,
    **{f"returned-{reason}": NOTHING for reason in ("personal", "privately", "needless")},
    "announcement-lesson-over": NOTHING,
    "announcement-not-repeated": NOTHING,
    **{f"line-{problem}": WORDS for problem in (*Problem, "not-your-class")},
    # What stands on a button: "pick" opens Telegram's own list of chats that the presser owns.
    "button-pick-group": NOTHING,
    "button-pick-channel": NOTHING,
    "button-confirm-group": NOTHING,
    "button-group-members": NOTHING,
    "button-group-classes": NOTHING,
    "button-reconfirm": NOTHING,
    # The lines of a list of failing items, each with what to do, and the names of rights in it.
    **_ITEM_TEXTS,
    **{f"right-{right}": NOTHING for right in REQUIRED_RIGHTS},
}


def language_of(tag: str | None) -> Language:
    """The language to write in to somebody whose Telegram speaks ``tag``: Dutch unless English."""
    return Language.ENGLISH if (tag or "").lower().split("-")[0] == "en" else Language.DUTCH


def who(role: Role | None) -> str:
    """The ending of a key that has a text for each kind of person."""
    return role.value if role is not None else "stranger"
