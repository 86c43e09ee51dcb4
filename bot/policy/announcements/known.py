"""What decisions about announcements need to know from our own tables, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.policy.announcements.draft import Announcement, AnnouncementId, DeliveryState, Reach
from bot.policy.ids import ChatId, UserId
from bot.policy.people import Account

FIRST_NUMBER = AnnouncementId(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncingNeeds:
    """What to read; empty costs nothing.

    ``reaches_of``: the groups that each of these may know of. ``waiting_of``: the drafts of each
    that wait for words. ``members``: whether each account is in that group, by Telegram's word.
    ``deliveries``: how far an announcement came with one group. ``with_authors``: also who
    wrote each of ``numbers``, and where they may announce. ``new``: what the next announcement
    will be called.
    """

    numbers: frozenset[int] = frozenset()
    reaches_of: frozenset[UserId] = frozenset()
    waiting_of: frozenset[UserId] = frozenset()
    members: frozenset[tuple[ChatId, UserId]] = frozenset()
    deliveries: frozenset[tuple[int, ChatId]] = frozenset()
    student_names: bool = False
    coordinators: bool = False
    with_authors: bool = False
    new: bool = False

    def __or__(self, other: "AnnouncingNeeds") -> "AnnouncingNeeds":
        """What either of the two needs."""
        if other is NO_ANNOUNCING_NEEDS:
            return self
        if self is NO_ANNOUNCING_NEEDS:
            return other
        return AnnouncingNeeds(
            numbers=self.numbers | other.numbers,
            reaches_of=self.reaches_of | other.reaches_of,
            waiting_of=self.waiting_of | other.waiting_of,
            members=self.members | other.members,
            deliveries=self.deliveries | other.deliveries,
            student_names=self.student_names or other.student_names,
            coordinators=self.coordinators or other.coordinators,
            with_authors=self.with_authors or other.with_authors,
            new=self.new or other.new,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncingKnown:
    """The answer. What an announcement replaces or repeats comes with it, and what repeats it."""

    announcements: Mapping[AnnouncementId, Announcement] = field(default_factory=dict)
    reaches: Mapping[UserId, tuple[Reach, ...]] = field(default_factory=dict)
    waiting: Mapping[UserId, tuple[Announcement, ...]] = field(default_factory=dict)
    members: frozenset[tuple[ChatId, UserId]] = frozenset()
    deliveries: Mapping[tuple[int, ChatId], DeliveryState] = field(default_factory=dict)
    student_names: frozenset[str] = frozenset()
    coordinators: tuple[Account, ...] = ()
    authors: frozenset[UserId] = frozenset()
    next_number: AnnouncementId = FIRST_NUMBER

    def announcement(self, number: int | None) -> Announcement | None:
        """The announcement with this number, if there is one."""
        return None if number is None else self.announcements.get(AnnouncementId(number))

    def twins(self, announcement: Announcement | None) -> tuple[Announcement, ...]:
        """The ones that say the same as this one: the first of them, or its repetition."""
        if announcement is None:
            return ()
        found = map(self.announcement, (announcement.repeats, announcement.repeated_by))
        return tuple(each for each in found if each is not None)


NO_ANNOUNCING_NEEDS = AnnouncingNeeds()
NOTHING_ANNOUNCED = AnnouncingKnown()
