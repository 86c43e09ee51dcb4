"""Which groups somebody may announce in, and which of them a class group means."""

from collections.abc import Iterable

from bot.policy.announcements.draft import Reach
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
