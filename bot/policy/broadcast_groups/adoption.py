"""How staff ask the bot to manage a group (B.6): from a list, by a button, or by a link.

Asking is not having: each asks for a look, which verifies owner, administrators and rights, for
Telegram documents none of these ways as tamper-proof. Never here: whether the group complies.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.changes import Change, ConfirmGroup, IssueNonce, RememberGroup, SpendNonce
from bot.policy.commands import (
    CONFIRM_GROUP,
    NEW_GROUP,
    NO_CONTACT,
    START,
    answered_lately,
    refuse_command,
)
from bot.policy.decision import Decision
from bot.policy.effects import InspectGroup, Keyboard, SendPrivateNotice
from bot.policy.events import GroupConfirmed
from bot.policy.groups import ChatKind, Group, GroupState
from bot.policy.ids import ChatId
from bot.policy.known import Contact, Nonce
from bot.policy.limits import Limits
from bot.policy.notices import language_of
from bot.policy.people import Account
from bot.policy.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedChatFacts:
    """Somebody picked a chat from Telegram's list of his own, or pressed "manage this group"."""

    at: datetime
    chat: ChatId
    presser: Account
    group: Group | None
    contact: Contact = NO_CONTACT


def judge_owned_chat(facts: OwnedChatFacts, limits: Limits) -> Decision:
    """A member of staff points out a group of which Telegram says that it is his own."""
    presser = facts.presser
    if not presser.is_staff:
        return refuse_command(
            Rule.CONFIRM_REFUSED,
            presser,
            CONFIRM_GROUP,
            answer=not answered_lately(facts.contact, facts.at, limits),
        )
    checked = SendPrivateNotice(
        user=presser.user,
        key="group-being-checked",
        language=language_of(presser.language),
        keyboard=Keyboard.REMOVE,
        about=facts.chat,
    )
    remember = RememberGroup(
        chat=facts.chat,
        kind=ChatKind.SUPERGROUP,
        title="",
        added_by=None,
        deadline_at=facts.at + limits.adoption_deadline,
    )
    return Decision(
        rule=Rule.CONFIRMED,
        events=(GroupConfirmed(chat=facts.chat, user=presser.user, how="button"),),
        changes=_confirmation(facts.group, remember, presser),
        effects=(checked, InspectGroup(chat=facts.chat, why="confirmed")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NonceFacts:
    """``/start@bot <nonce>`` in a group. Everybody there can read the nonce."""

    at: datetime
    chat: ChatId
    kind: ChatKind
    title: str
    presser: Account
    nonce: Nonce | None
    nonce_hash: str
    group: Group | None


def judge_nonce(facts: NonceFacts, limits: Limits) -> Decision:
    """Somebody brought the bot along by a start-group link."""
    if not _is_his_to_spend(facts):
        # No word of it in the group: an answer would tell its members who is staff.
        return refuse_command(Rule.CONFIRM_REFUSED, facts.presser, START, answer=False)
    presser = facts.presser
    remember = RememberGroup(
        chat=facts.chat,
        kind=facts.kind,
        title=facts.title,
        added_by=None,
        deadline_at=facts.at + limits.adoption_deadline,
    )
    return Decision(
        rule=Rule.CONFIRMED,
        events=(GroupConfirmed(chat=facts.chat, user=presser.user, how="link"),),
        changes=(
            SpendNonce(nonce_hash=facts.nonce_hash),
            *_confirmation(facts.group, remember, presser),
        ),
        effects=(InspectGroup(chat=facts.chat, why="confirmed"),),
    )


def _is_his_to_spend(facts: NonceFacts) -> bool:
    nonce, presser = facts.nonce, facts.presser
    return (
        nonce is not None
        and not nonce.spent
        and facts.at < nonce.expires_at
        and nonce.user == presser.user
        and presser.is_staff
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGroupFacts:
    """``/nieuwegroep``. ``nonce`` is fresh; ``nonce_hash`` is what storage will know of it."""

    at: datetime
    presser: Account
    nonce_hash: str
    nonce: str
    contact: Contact = NO_CONTACT


def judge_new_group(facts: NewGroupFacts, limits: Limits) -> Decision:
    """A member of staff wants to have a group managed: both ways are offered in one message."""
    presser = facts.presser
    if not presser.is_staff:
        return refuse_command(
            Rule.COMMAND_REFUSED,
            presser,
            NEW_GROUP,
            answer=not answered_lately(facts.contact, facts.at, limits),
        )
    issue = IssueNonce(
        nonce_hash=facts.nonce_hash,
        user=presser.user,
        expires_at=facts.at + limits.nonce_valid,
    )
    # The outbox holds the nonce in plain text. It is of use to the presser alone, once, for half
    # an hour, and it stands in the group for everybody to read as soon as it is used.
    offer = SendPrivateNotice(
        user=presser.user,
        key="new-group",
        language=language_of(presser.language),
        values={"nonce": facts.nonce},
        keyboard=Keyboard.PICK_GROUP,
    )
    return Decision(rule=Rule.COMMAND_ALLOWED, changes=(issue,), effects=(offer,))


def _confirmation(
    group: Group | None, remember: RememberGroup, presser: Account
) -> tuple[Change, ...]:
    confirm = ConfirmGroup(chat=remember.chat, by=presser.user)
    unknown = group is None or group.state is GroupState.LEFT
    return (remember, confirm) if unknown else (confirm,)
