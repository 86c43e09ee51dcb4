"""Who a page or a command of the bot's private chat is for.

Telegram shows everybody every button that it was ever given, so this is judged on what we know of
an account now. Never here: what stands on a page, or what a command does.
"""

from enum import StrEnum

from bot.policy.groups import Group, GroupState
from bot.policy.people import Account, Duty, Role


class Audience(StrEnum):
    """Who something is for."""

    EVERYONE = "everyone"
    LINKED = "linked"
    GUARDIAN = "guardian"
    STAFF = "staff"
    KEEPER = "keeper"
    """Staff with a seat in the group that it is about, while the group is ours."""

    OWNER = "owner"
    """Who owns the group that the page is about, or an administrator of the school."""

    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


def admits(audience: Audience, account: Account, group: Group | None = None) -> bool:
    """Whether ``account`` belongs to it. ``group`` is the one that the page is about."""
    match audience:
        case Audience.EVERYONE:
            return True
        case Audience.LINKED:
            return account.role is not None
        case Audience.GUARDIAN:
            return account.role is Role.GUARDIAN
        case Audience.STAFF:
            return account.is_staff
        case Audience.KEEPER:
            return keeps(account, group)
        case Audience.OWNER:
            return disposes_of(account, group)
        case Audience.COORDINATOR:
            return Duty.COORDINATOR in account.duties
        case Audience.ADMINISTRATOR:
            return Duty.ADMINISTRATOR in account.duties


def disposes_of(account: Account, group: Group | None) -> bool:
    """Whether somebody may close a group that is ours, or hand it over.

    Its owner, while staff; or an administrator of the school, for whoever has left has groups too.
    """
    if group is None or group.state not in {GroupState.MANAGED, GroupState.SUSPENDED}:
        return False
    owns = account.is_staff and group.owner == account.user
    return owns or Duty.ADMINISTRATOR in account.duties


def keeps(account: Account, group: Group | None) -> bool:
    """Whether a member of staff has a seat in a group that is ours."""
    ours = group is not None and group.state in {GroupState.MANAGED, GroupState.SUSPENDED}
    return (
        account.is_staff and ours and group is not None and group.seat_of(account.user) is not None
    )
