"""What an inspection or a call brought back, as facts."""

from bot.policy.effects import Effect, PrivateEffect
from bot.policy.group_look import LookFacts
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
        former=tuple(known.account(seat.user) for seat in group.seats),
        why=why,
    )


def outcome_needs(effect: Effect) -> Needs:
    """The group that an effect was for, or about."""
    chat = _chat_of(effect)
    return Needs() if chat is None else Needs(chats=frozenset((chat,)))


def outcome_facts(effect: Effect, outcome: Done | Refused | Lost, known: Known) -> OutcomeFacts:
    """What became of an effect, with what we know of its group."""
    chat = _chat_of(effect)
    group = None if chat is None else known.groups.get(chat)
    return OutcomeFacts(at=known.at, effect=effect, outcome=outcome, group=group)


def _chat_of(effect: Effect) -> ChatId | None:
    return effect.about if isinstance(effect, PrivateEffect) else effect.chat
