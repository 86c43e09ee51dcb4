"""Which groups somebody may announce in, and which of them a class group means."""

import hashlib
from collections.abc import Iterable

from bot.policy.announcements.draft import Reach
from bot.policy.broadcast_groups.class_groups import class_key
from bot.policy.coming_in.consent import year_of
from bot.policy.groups import GroupState
from bot.policy.ids import ChatId
from bot.policy.people import Account, Duty


def open_to(account: Account, reaches: Iterable[Reach]) -> tuple[Reach, ...]:
    """The groups that this account may announce in now.

    Staff announce in groups in which they hold a seat; a coordinator in every group of the school.
    A group that no longer complies waits: it may hold people who do not belong there.
    """
    if not account.is_staff:
        return ()
    everywhere = Duty.COORDINATOR in account.duties
    return tuple(
        reach
        for reach in reaches
        if reach.state is GroupState.MANAGED and (everywhere or reach.is_keeper)
    )


def for_class_groups(reaches: Iterable[Reach], class_groups: Iterable[str]) -> tuple[ChatId, ...]:
    """Of these groups, the ones that serve any of these class groups."""
    wanted = frozenset(class_groups)
    return tuple(reach.chat for reach in reaches if reach.class_groups & wanted)


def without_group(reaches: Iterable[Reach], class_groups: Iterable[str]) -> tuple[str, ...]:
    """The class groups that none of these groups serves: nobody would hear of it."""
    served = frozenset(name for reach in reaches for name in reach.class_groups)
    return tuple(name for name in class_groups if name not in served)


OTHER_YEARS = "x"
"""Groups of no year: of no class, or of classes whose names begin with no digit."""


def years_of(reach: Reach) -> frozenset[str]:
    """The years that a group is for, as a button says them: "4", or ``OTHER_YEARS``."""
    years = {year_of(name) for name in reach.class_groups} or {None}
    return frozenset(OTHER_YEARS if year is None else str(year) for year in years)


def of_year(reaches: Iterable[Reach], year: str) -> tuple[Reach, ...]:
    """The groups that are for a year."""
    return tuple(reach for reach in reaches if year in years_of(reach))


def of_class(reaches: Iterable[Reach], key: str) -> tuple[Reach, ...]:
    """The groups that serve the class group with this key."""
    return tuple(r for r in reaches if any(class_key(name) == key for name in r.class_groups))


def fingerprint(chats: Iterable[ChatId]) -> str:
    """A few letters that differ when the groups do: a button keeps what stood above it."""
    every = " ".join(str(chat) for chat in sorted(chats))
    return hashlib.sha256(every.encode()).hexdigest()[:8]
