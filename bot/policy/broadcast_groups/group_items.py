"""What a group must comply with before staff's messages may go there (B.6).

Each item is something that Telegram shows and that the owner can mend. What to do about it stands
in the catalogue under ``item-<code>``. That a group passed to somebody who is not staff is no item
but a reason to leave at once, and is judged elsewhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.policy.groups import REQUIRED_RIGHTS, ChatKind, ChatLook
from bot.policy.ids import UserId
from bot.policy.notices import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """``staff``: the accounts among the administrators that belong to active staff.

    ``owner_is_staff``: whether the owner is, if one shows.
    ``channel_registered``: whether the linked channel, if there is one, is a professional account.
    ``reconfirmation_overdue``: a school year began, and the owner did not say that it goes on.
    """

    look: ChatLook
    staff: frozenset[UserId]
    owner_is_staff: bool
    channel_registered: bool
    reconfirmation_overdue: bool = False


def missing_rights(look: ChatLook) -> tuple[str, ...]:
    """The administrator rights that the bot needs and does not have, in our own order."""
    return tuple(right for right in REQUIRED_RIGHTS if right not in look.own_rights)


def seats_not_of_staff(look: ChatLook, staff: frozenset[UserId]) -> frozenset[UserId]:
    """Human administrators, the owner left out, who are not active staff."""
    return frozenset(
        seat.user
        for seat in look.seats
        if not seat.is_bot and not seat.is_owner and seat.user not in staff
    )


def _is_anonymous_somewhere(facts: ItemFacts) -> bool:
    # A.3: the author of every message must be known.
    return any(seat.is_anonymous and not seat.is_bot for seat in facts.look.seats)


def _has_another_bot(facts: ItemFacts) -> bool:
    # It writes in spite of the lock, and who is behind it Telegram does not show.
    return any(seat.is_bot and not seat.is_owner for seat in facts.look.seats)


_FAILS: Mapping[Item, Callable[[ItemFacts], bool]] = {
    Item.BASIC_GROUP: lambda facts: facts.look.kind is ChatKind.GROUP,
    Item.NOT_PRIVATE: lambda facts: facts.look.username is not None,
    Item.FORUM: lambda facts: facts.look.is_forum,
    Item.ANONYMOUS_ADMINISTRATOR: _is_anonymous_somewhere,
    # ChatFullInfo.unrestrict_boost_count: members who boost write in spite of the lock.
    Item.BOOSTS: lambda facts: facts.look.boosts_unrestrict > 0,
    Item.LINKED_CHANNEL: lambda facts: (
        facts.look.linked_channel is not None and not facts.channel_registered
    ),
    Item.COMMUNITY: lambda facts: facts.look.in_community,
    Item.RIGHTS_MISSING: lambda facts: bool(missing_rights(facts.look)),
    Item.ADMINISTRATOR_NOT_STAFF: lambda facts: bool(seats_not_of_staff(facts.look, facts.staff)),
    Item.BOT_ADMINISTRATOR: _has_another_bot,
    Item.OWNER_NOT_STAFF: lambda facts: facts.look.owner is not None and not facts.owner_is_staff,
    Item.OWNER_HIDDEN: lambda facts: facts.look.owner is None,
    Item.NOT_RECONFIRMED: lambda facts: facts.reconfirmation_overdue,
}


def failing_items(facts: ItemFacts) -> tuple[Item, ...]:
    """The items with which the group does not comply, in the order of ``Item``."""
    return tuple(item for item in Item if _FAILS[item](facts))
