"""What a new school year changes, by number: first to show, then to do exactly that.

The roster says who is still at school; this says what follows for links, groups and class groups.
Never here: a name, or the doing of it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.policy.ids import ChatId, PersonId, UserId
from bot.policy.people import Role
from bot.policy.rosters.roster import LARGE_LOSS, LOSS_COUNTED_FROM, Loss

SAME_YEAR = timedelta(days=180)
"""Somebody who begins a school year twice within this time catches up on it: no group is asked
a second time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """A person of the roster who is no longer at school. ``user``: the account, while linked, and
    ``language`` what it chose.
    """

    person: PersonId
    role: Role
    left_at: datetime
    user: UserId | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearGroup:
    """A group of ours. ``seats``: its human administrators, the owner included.

    ``is_offered``: a colleague has been asked to take it over already.
    """

    chat: ChatId
    owner: UserId | None
    seats: tuple[UserId, ...] = ()
    class_groups: frozenset[str] = frozenset()
    is_offered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """School as our tables hold it. ``staff``: accounts of active staff. ``class_groups``: those
    of active students. ``begun_at``: the last school year; ``None`` before the first.
    """

    leavers: tuple[Leaver, ...] = ()
    active: Mapping[Role, int]
    staff: frozenset[UserId] = frozenset()
    class_groups: frozenset[str] = frozenset()
    groups: tuple[YearGroup, ...] = ()
    begun_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An account that still belongs to somebody who is no longer at school."""

    user: UserId
    person: PersonId
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A leaver's group, and who is asked to take it over; ``None``: coordinators are told."""

    chat: ChatId
    owner: UserId
    colleague: UserId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Class groups that a group serves and that no student is in any more."""

    chat: ChatId
    class_groups: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPlan:
    """What a new school year changes. ``leavers``: who left since the last one.

    ``again``: it has begun already, a short while ago. ``losses``: so many of a role are gone
    that the roster may have been half a file.
    """

    leavers: tuple[PersonId, ...] = ()
    links: tuple[Link, ...] = ()
    offers: tuple[Offer, ...] = ()
    reconfirm: tuple[ChatId, ...] = ()
    endings: tuple[Ending, ...] = ()
    losses: tuple[Loss, ...] = ()
    active: int = 0
    again: bool = False

    @property
    def changes_nothing(self) -> bool:
        """Whether everything has been done already."""
        return self.again and not (self.links or self.offers or self.endings)

    @property
    def digest(self) -> str:
        """Sixteen letters that are others when the plan is another."""
        told = (
            self.leavers,
            tuple((link.user, link.person) for link in self.links),
            tuple((offer.chat, offer.owner, offer.colleague) for offer in self.offers),
            self.reconfirm,
            tuple((ending.chat, sorted(ending.class_groups)) for ending in self.endings),
            self.again,
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def plan_year(outlook: Outlook, at: datetime) -> YearPlan:
    """What a new school year changes, if it begins now. The same outlook gives the same plan."""
    begun = outlook.begun_at
    again = begun is not None and at - begun < SAME_YEAR
    leavers = [one for one in outlook.leavers if begun is None or one.left_at > begun]
    groups = sorted(outlook.groups, key=lambda group: group.chat)
    return YearPlan(
        leavers=tuple(sorted(one.person for one in leavers)),
        links=tuple(
            Link(user=one.user, person=one.person, language=one.language)
            for one in sorted(outlook.leavers, key=lambda leaver: leaver.person)
            if one.user is not None
        ),
        offers=tuple(_offers(outlook, groups)),
        reconfirm=() if again else tuple(group.chat for group in groups),
        endings=tuple(_endings(outlook, groups)),
        losses=_losses(outlook, leavers),
        active=sum(outlook.active.values()),
        again=again,
    )


def _offers(outlook: Outlook, groups: list[YearGroup]) -> list[Offer]:
    gone = {one.user for one in outlook.leavers if one.user is not None}
    return [
        Offer(chat=group.chat, owner=group.owner, colleague=_colleague(outlook, group))
        for group in groups
        if group.owner is not None and group.owner in gone and not group.is_offered
    ]


def _colleague(outlook: Outlook, group: YearGroup) -> UserId | None:
    """Somebody else of staff with a seat. Telegram lets an owner hand over to no other."""
    others = sorted(user for user in group.seats if user in outlook.staff and user != group.owner)
    return others[0] if others else None


def _endings(outlook: Outlook, groups: list[YearGroup]) -> list[Ending]:
    return [
        Ending(chat=group.chat, class_groups=gone)
        for group in groups
        if (gone := group.class_groups - outlook.class_groups)
    ]


def _losses(outlook: Outlook, leavers: list[Leaver]) -> tuple[Loss, ...]:
    losses = []
    for role in Role:
        gone = sum(one.role is role for one in leavers)
        of = gone + outlook.active.get(role, 0)
        if of >= LOSS_COUNTED_FROM and gone > LARGE_LOSS * of:
            losses.append(Loss(role=role, gone=gone, of=of))
    return tuple(losses)
