"""What a look at a group shows, and what every look leaves behind.

Read by the judgement of a look (``group_look``), which decides. Nothing here decides anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.policy.broadcast_groups.group_items import ItemFacts, failing_items, missing_rights
from bot.policy.broadcast_groups.group_lock import Lock, LockFacts
from bot.policy.changes import AwaitReconfirmation, Change, RememberLook, SetGroupState
from bot.policy.decision import Decision
from bot.policy.effects import Effect, SendPrivateNotice
from bot.policy.events import AdministratorChanged, Event, OwnerChanged
from bot.policy.groups import ChatLook, Group, GroupState, Seat
from bot.policy.ids import UserId
from bot.policy.notices import Item, language_of
from bot.policy.people import Account, Role
from bot.policy.rules import Rule

OURS = frozenset({GroupState.MANAGED, GroupState.SUSPENDED})
"""The states in which a group is ours to keep locked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookFacts:
    """``administrators`` are the humans among the seats, the owner included, with their accounts;
    an administrator who is left out counts as a stranger. ``former``: accounts that held a seat
    at the last look. ``offered_by``: who offered the group to a colleague. ``why``: the reason of
    the look, as ``InspectGroup`` named it.
    """

    at: datetime
    group: Group
    look: ChatLook
    owner: Account | None
    administrators: tuple[tuple[Seat, Account], ...]
    added_by: Account | None
    confirmed_by: Account | None
    channel_registered: bool
    former: tuple[Account, ...] = ()
    offered_by: Account | None = None
    why: str = ""


# --- what the look shows -----------------------------------------------------------------------


def owner_of(facts: LookFacts) -> Account | None:
    """The owner's account, if Telegram shows an owner: a stranger's if we know nothing of it."""
    seat = facts.look.owner
    if seat is None:
        return None
    if facts.owner is None or facts.owner.user != seat.user:
        return Account(user=seat.user)
    return facts.owner


def owner_is_staff(facts: LookFacts) -> bool:
    seat, owner = facts.look.owner, owner_of(facts)
    return seat is not None and not seat.is_bot and owner is not None and owner.is_staff


def staff_of(facts: LookFacts) -> frozenset[UserId]:
    return frozenset(account.user for _, account in facts.administrators if account.is_staff)


def items_of(facts: LookFacts) -> tuple[Item, ...]:
    return failing_items(
        ItemFacts(
            look=facts.look,
            staff=staff_of(facts),
            owner_is_staff=owner_is_staff(facts),
            channel_registered=facts.channel_registered,
            reconfirmation_overdue=_reconfirmation_overdue(facts),
        )
    )


def _reconfirmation_overdue(facts: LookFacts) -> bool:
    before = facts.group.reconfirm_before
    return facts.group.state in OURS and before is not None and facts.at >= before


def to_mend(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items for which the owner has a day, and after which the bot leaves.

    A group that nobody has confirmed for this school year waits, locked, for as long as it takes.
    """
    return tuple(item for item in items if item is not Item.NOT_RECONFIRMED)


def confirmer_of(facts: LookFacts) -> Account | None:
    """Who asked us to manage the group, if that counts: active staff with a seat in it."""
    account = facts.confirmed_by
    if account is None or not account.is_staff:
        return None
    seated = any(seat.user == account.user and not seat.is_bot for seat in facts.look.seats)
    return account if seated else None


def told_of(facts: LookFacts) -> Account | None:
    """Who is told about the group in private: its owner, or the confirmer while none shows."""
    return owner_of(facts) if facts.look.owner is not None else confirmer_of(facts)


def deadline_passed(facts: LookFacts) -> bool:
    deadline = facts.group.deadline_at
    return deadline is not None and facts.at >= deadline


# --- what every look that finds the bot in the group leaves behind -----------------------------


def conclude(
    facts: LookFacts,
    rule: Rule,
    *,
    events: tuple[Event, ...] = (),
    state: SetGroupState | None = None,
    effects: tuple[Effect, ...] = (),
    explained: frozenset[str] = frozenset(),
    lock: Lock | None = None,
) -> Decision:
    lock = lock or Lock(proved_at=None, open_since=None)
    look = RememberLook(
        chat=facts.look.chat,
        kind=facts.look.kind,
        title=facts.look.title,
        seats=facts.look.seats,
        linked_channel=facts.look.linked_channel,
        explained=frozenset(str(item) for item in explained),
        lock_proved_at=lock.proved_at,
        open_since=lock.open_since,
        member_count=facts.look.member_count,
    )
    changes: tuple[Change, ...] = (look,) if state is None else (look, state)
    if any(_owner_changed(facts)):
        changes = (*changes, *ask_anew(facts.group))
    return Decision(
        rule=rule,
        events=(*_owner_changed(facts), *_seats_changed(facts), *events, *lock.events),
        changes=changes,
        effects=(*lock.effects, *effects),
    )


def ask_anew(group: Group) -> tuple[Change, ...]:
    """Of a group that is still to be confirmed for this school year: its new owner is asked too."""
    before = group.reconfirm_before
    return () if before is None else (AwaitReconfirmation(chat=group.chat, before=before),)


def _owner_changed(facts: LookFacts) -> Iterable[Event]:
    owner, before = owner_of(facts), facts.group.owner
    user = owner.user if owner is not None else None
    if before is not None and user != before:
        role = owner.role if owner is not None else None
        yield OwnerChanged(chat=facts.look.chat, user=user, role=role)


def _seats_changed(facts: LookFacts) -> Iterable[Event]:
    """Seats given or taken since the last look, of which no ``chat_member`` update told us."""
    if facts.group.state not in OURS or facts.group.looked_at is None:
        return
    before = {seat.user for seat in facts.group.seats}
    now = {seat.user for seat in facts.look.seats}
    owner = facts.look.owner
    roles = _roles(facts)
    for user in sorted(before ^ now):
        if owner is None or user != owner.user:
            yield AdministratorChanged(
                chat=facts.look.chat,
                user=user,
                role=roles.get(user),
                by=None,
                seated=user in now,
            )


def _roles(facts: LookFacts) -> dict[UserId, Role | None]:
    seated = tuple(account for _, account in facts.administrators)
    return {account.user: account.role for account in (*facts.former, *seated)}


def lock_facts(facts: LookFacts, *, complies: bool) -> LockFacts:
    return LockFacts(
        at=facts.at,
        group=facts.group,
        look=facts.look,
        owner=owner_of(facts),
        complies=complies,
        why=facts.why,
    )


def private(facts: LookFacts, to: Account, key: str, values: dict[str, str]) -> SendPrivateNotice:
    return SendPrivateNotice(
        user=to.user,
        key=key,
        language=language_of(to.language),
        values=values,
        about=facts.look.chat,
    )


def codes(items: tuple[Item, ...]) -> tuple[str, ...]:
    return tuple(item.value for item in items)


def item_values(facts: LookFacts, items: tuple[Item, ...]) -> dict[str, str]:
    values = {"items": " ".join(codes(items))}
    if Item.RIGHTS_MISSING in items:
        values["rights"] = " ".join(missing_rights(facts.look))
    return values
