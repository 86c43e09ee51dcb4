"""What an inspection or a call brought back, as facts."""

from bot.policy.broadcast_groups.group_look import LookFacts
from bot.policy.effects import CreateJoinLink, Effect, JoiningEffect, PrivateEffect, SetCommandMenu
from bot.policy.groups import ChatLook
from bot.policy.ids import ChatId
from bot.policy.known import Known, Needs
from bot.policy.outcomes import Done, Lost, OutcomeFacts, Refused


def look_needs(look: ChatLook, inspected: ChatId) -> Needs:
    """The group that was looked at, its administrators, and its linked channel."""
    channels = () if look.linked_channel is None else (look.linked_channel,)
    return Needs(
        chats=frozenset((inspected,)),
        users=frozenset(seat.user for seat in look.seats),
        channels=frozenset(channels),
        group_people=True,
    )


def look_facts(look: ChatLook, inspected: ChatId, why: str, known: Known) -> LookFacts | None:
    """What was seen with what we know; ``None`` for a chat that is no group of ours."""
    group = known.groups.get(inspected)
    if group is None:
        return None
    owner = look.owner
    channel = None if look.linked_channel is None else known.channels.get(look.linked_channel)
    return LookFacts(
        at=known.at,
        group=group,
        look=look,
        owner=None if owner is None else known.account(owner.user),
        administrators=tuple(
            (seat, known.account(seat.user)) for seat in look.seats if not seat.is_bot
        ),
        added_by=None if group.added_by is None else known.account(group.added_by),
        confirmed_by=None if group.confirmed_by is None else known.account(group.confirmed_by),
        channel_registered=channel is not None and channel.registered_by.is_staff,
        offered_by=None if group.offered_by is None else known.account(group.offered_by),
        former=tuple(known.account(seat.user) for seat in group.seats),
        why=why,
    )


def outcome_needs(effect: Effect) -> Needs:
    """The group that an effect was for, or about."""
    chat = _chat_of(effect)
    if chat is None:
        return Needs()
    users = frozenset((effect.user,)) if isinstance(effect, JoiningEffect) else frozenset()
    return Needs(
        chats=frozenset((chat,)), users=users, group_links=isinstance(effect, CreateJoinLink)
    )


def outcome_facts(effect: Effect, outcome: Done | Refused | Lost, known: Known) -> OutcomeFacts:
    """What became of an effect, with what we know of its group."""
    chat = _chat_of(effect)
    group = None if chat is None else known.groups.get(chat)
    links = () if chat is None else known.links.get(chat, ())
    account = known.account(effect.user) if isinstance(effect, JoiningEffect) else None
    return OutcomeFacts(
        at=known.at, effect=effect, outcome=outcome, group=group, links=links, account=account
    )


def _chat_of(effect: Effect) -> ChatId | None:
    if isinstance(effect, SetCommandMenu):
        return None
    return effect.about if isinstance(effect, PrivateEffect) else effect.chat
