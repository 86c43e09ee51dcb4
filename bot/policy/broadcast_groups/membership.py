"""Who comes and goes: the bot, administrators, the owner, the chat's id.

Telegram delivers these in any order, and beside the messages, so nothing here decides whether a
group is good: each writes down what happened and asks for a look. Never here: whether to stay.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.broadcast_groups.group_seen import OURS, ask_anew
from bot.policy.changes import (
    Change,
    ConfirmGroup,
    MigrateGroup,
    RememberGroup,
    RememberOwner,
    RememberSeat,
    SetGroupState,
)
from bot.policy.decision import Decision
from bot.policy.effects import InspectGroup
from bot.policy.events import (
    AdministratorChanged,
    BotAdded,
    BotRemoved,
    BotRightsChanged,
    Event,
    GroupConfirmed,
    GroupMigrated,
    OwnerChanged,
)
from bot.policy.groups import ChatKind, Group, GroupState
from bot.policy.ids import ChatId, UserId
from bot.policy.limits import Limits
from bot.policy.people import Account, Role
from bot.policy.rules import Rule

NOTHING_TO_DO = Decision(rule=Rule.BOOKKEEPING)


def _is_known(group: Group | None, chat: ChatId) -> bool:
    """Whether we are in this group, as far as our own tables say, and this is its chat."""
    return group is not None and group.state is not GroupState.LEFT and group.chat == chat


# --- the bot itself ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BotMembershipFacts:
    """What ``my_chat_member`` says. ``missing_rights``: of those that the bot needs."""

    at: datetime
    chat: ChatId
    kind: ChatKind
    title: str
    actor: Account | None
    group: Group | None
    was_member: bool
    is_member: bool
    missing_rights: tuple[str, ...]
    is_administrator: bool


def judge_bot(facts: BotMembershipFacts, limits: Limits) -> Decision:
    """Somebody added the bot to a chat, took it out, or changed what it may do there."""
    if facts.group is not None and facts.group.chat != facts.chat:
        # The last word of a chat that became another one: the group itself goes on there.
        return NOTHING_TO_DO
    if not facts.is_member:
        return _bot_removed(facts)
    if not facts.was_member or not _is_known(facts.group, facts.chat):
        return _bot_added(facts, limits)
    return _bot_rights_changed(facts)


def _bot_added(facts: BotMembershipFacts, limits: Limits) -> Decision:
    user, role = _who(facts.actor)
    remember = RememberGroup(
        chat=facts.chat,
        kind=facts.kind,
        title=facts.title,
        added_by=user,
        deadline_at=facts.at + limits.adoption_deadline,
    )
    confirmed, confirm = _confirmed_by_rights(facts)
    return Decision(
        rule=Rule.ADDED,
        events=(BotAdded(chat=facts.chat, user=user, role=role), *confirmed),
        changes=(remember, *confirm),
        effects=(InspectGroup(chat=facts.chat, why="bot-added"),),
    )


def _bot_removed(facts: BotMembershipFacts) -> Decision:
    group = facts.group
    if group is None or group.state is GroupState.LEFT:
        return NOTHING_TO_DO
    user, role = _who(facts.actor)
    return Decision(
        rule=Rule.REMOVED,
        events=(BotRemoved(chat=facts.chat, user=user, role=role, was=group.state.value),),
        changes=(SetGroupState(chat=facts.chat, state=GroupState.LEFT),),
    )


def _bot_rights_changed(facts: BotMembershipFacts) -> Decision:
    user, _ = _who(facts.actor)
    confirmed, confirm = _confirmed_by_rights(facts)
    changed = BotRightsChanged(chat=facts.chat, user=user, missing=facts.missing_rights)
    return Decision(
        rule=Rule.RIGHTS_CHANGED,
        events=(changed, *confirmed),
        changes=confirm,
        effects=(InspectGroup(chat=facts.chat, why="rights-changed"),),
    )


def _confirmed_by_rights(
    facts: BotMembershipFacts,
) -> tuple[tuple[Event, ...], tuple[Change, ...]]:
    """Staff who give the bot all the rights that it needs ask it to manage the group.

    Whether they may ask that of this group, the look judges: by a seat of their own in it.
    """
    actor, group = facts.actor, facts.group
    if actor is None or not actor.is_staff:
        return (), ()
    if not facts.is_administrator or facts.missing_rights:
        return (), ()
    asked_already = (
        group is not None
        and group.state is not GroupState.LEFT
        and (group.state in OURS or group.confirmed_by == actor.user)
    )
    if asked_already:
        return (), ()
    confirmed = GroupConfirmed(chat=facts.chat, user=actor.user, how="rights")
    return (confirmed,), (ConfirmGroup(chat=facts.chat, by=actor.user),)


# --- administrators and the owner --------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFacts:
    """What ``chat_member`` says of somebody else than the bot."""

    at: datetime
    group: Group | None
    chat: ChatId
    subject: Account
    actor: Account | None
    was_administrator: bool
    is_administrator: bool
    was_member: bool
    is_member: bool
    subject_is_bot: bool


def judge_seat(facts: SeatFacts, _limits: Limits) -> Decision:
    """Somebody got or lost an administrator's seat, or only came or went."""
    if not _is_known(facts.group, facts.chat) or facts.was_administrator == facts.is_administrator:
        return NOTHING_TO_DO
    by, _ = _who(facts.actor)
    changed = AdministratorChanged(
        chat=facts.chat,
        user=facts.subject.user,
        role=facts.subject.role,
        by=by,
        seated=facts.is_administrator,
    )
    remember = RememberSeat(
        chat=facts.chat,
        user=facts.subject.user,
        seated=facts.is_administrator,
        is_bot=facts.subject_is_bot,
    )
    return Decision(
        rule=Rule.SEATS_CHANGED,
        events=(changed,),
        changes=(remember,),
        effects=(InspectGroup(chat=facts.chat, why="seats-changed"),),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerFacts:
    """What the service messages about the owner say; nobody when the owner left without heir."""

    at: datetime
    group: Group | None
    chat: ChatId
    new_owner: Account | None


def judge_owner(facts: OwnerFacts, _limits: Limits) -> Decision:
    """The group has another owner, or none."""
    group = facts.group
    if group is None or not _is_known(group, facts.chat):
        return NOTHING_TO_DO
    user, role = _who(facts.new_owner)
    look = InspectGroup(chat=facts.chat, why="owner-changed")
    if user is not None and user == group.owner:
        # A look was faster than Telegram's message, and has written it down.
        return Decision(rule=Rule.SEATS_CHANGED, effects=(look,))
    # An owner who is not staff is not remembered: at the look it must be another than before.
    staff = facts.new_owner is not None and facts.new_owner.is_staff
    return Decision(
        rule=Rule.SEATS_CHANGED,
        events=(OwnerChanged(chat=facts.chat, user=user, role=role),),
        changes=(
            RememberOwner(chat=facts.chat, user=user if staff else None),
            *ask_anew(group),
        ),
        effects=(look,),
    )


# --- the chat's id -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationFacts:
    """Telegram says it twice, in the old chat and in the new one. ``group``: that of the old id."""

    at: datetime
    group: Group | None
    old: ChatId
    new: ChatId


def judge_migration(facts: MigrationFacts, _limits: Limits) -> Decision:
    """A basic group became a supergroup: the group is the same, and is looked at anew."""
    if facts.old == facts.new or not _is_known(facts.group, facts.old):
        return NOTHING_TO_DO
    return Decision(
        rule=Rule.MIGRATED,
        events=(GroupMigrated(chat=facts.new),),
        changes=(MigrateGroup(old=facts.old, new=facts.new),),
        effects=(InspectGroup(chat=facts.new, why="chat-migrated"),),
    )


def _who(account: Account | None) -> tuple[UserId | None, Role | None]:
    return (None, None) if account is None else (account.user, account.role)


def judge_unknown_chat(
    facts: BotMembershipFacts, limits: Limits, *, happened_at: datetime | None = None
) -> Decision:
    """Something arrives from a chat although nothing said that the bot is in it: look at it.

    The update that said so may have been lost while the bot was away. It may also be a group that
    we left; but not while we are still leaving it, nor by what was written before we had left.
    ``happened_at`` is when it was written, by Telegram's word; now, if that is not known.
    """
    group = facts.group
    if group is None:
        return _bot_added(facts, limits)
    if group.state is not GroupState.LEFT or group.chat != facts.chat or group.leaving:
        return NOTHING_TO_DO
    if group.left_at is not None and (happened_at or facts.at) <= group.left_at:
        return NOTHING_TO_DO
    return _bot_added(facts, limits)
