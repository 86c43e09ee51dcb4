"""What we remember of how staff look after their groups."""

from dataclasses import dataclass

from bot.policy.ids import ChatId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferGroup:
    """A group is offered to a colleague; an offer that was open already ends with it.

    ``by``: who offers it; ``None`` when no person does.
    """

    chat: ChatId
    to: UserId
    by: UserId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptOffer:
    """The colleague wants the group: what is left is for its owner to do, in Telegram."""

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOffer:
    """Nobody is to take the group over: declined, withdrawn, or done."""

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberSecondAsked:
    """The owner was asked for a second administrator."""

    chat: ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndInviteLink:
    """A link that the bot made is of no use any more."""

    chat: ChatId
    url: str


KeepingChange = OfferGroup | AcceptOffer | EndOffer | RememberSecondAsked | EndInviteLink
