"""Membership: the bot's own, administrators' seats, owners, migrations."""

from dataclasses import dataclass

from telegram import (
    Chat,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberUpdated,
    Message,
    User,
)

from bot.policy.broadcast_groups.membership import (
    BotMembershipFacts,
    MigrationFacts,
    OwnerFacts,
    SeatFacts,
)
from bot.policy.groups import REQUIRED_RIGHTS, ChatKind
from bot.policy.ids import ANONYMOUS_ADMINISTRATOR, ChatId, UserId
from bot.policy.known import Known, Needs
from bot.policy.people import Account

_IN_CHAT = (ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER)
_SEATED = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


def is_in_chat(member: ChatMember) -> bool:
    """Whether somebody is in the chat; a restricted member may be, or may have left."""
    if member.status == ChatMember.RESTRICTED:
        return bool(getattr(member, "is_member", False))
    return member.status in _IN_CHAT


def _user(user: User | None) -> UserId | None:
    """The account of a person; ``None`` for Telegram's stand-in for an anonymous administrator."""
    if user is None or user.id == ANONYMOUS_ADMINISTRATOR:
        return None
    return UserId(user.id)


def _account(user: UserId | None, known: Known) -> Account | None:
    return None if user is None else known.account(user)


def missing_rights(member: ChatMember) -> tuple[str, ...]:
    """Of the rights that the bot needs, those that it does not have."""
    if not isinstance(member, ChatMemberAdministrator):
        return REQUIRED_RIGHTS
    return tuple(right for right in REQUIRED_RIGHTS if not getattr(member, right, False))


@dataclass(frozen=True, slots=True)
class BotMember:
    """A change of the bot's own membership."""

    change: ChatMemberUpdated

    @property
    def needs(self) -> Needs:
        """The group and whoever changed it."""
        actor = _user(self.change.from_user)
        return Needs(
            chats=frozenset((ChatId(self.change.chat.id),)),
            users=frozenset(() if actor is None else (actor,)),
        )

    def facts(self, known: Known) -> BotMembershipFacts:
        """The change with what we know."""
        chat, new = self.change.chat, self.change.new_chat_member
        return BotMembershipFacts(
            at=known.at,
            chat=ChatId(chat.id),
            kind=ChatKind(chat.type),
            title=chat.title or "",
            actor=_account(_user(self.change.from_user), known),
            group=known.groups.get(ChatId(chat.id)),
            was_member=is_in_chat(self.change.old_chat_member),
            is_member=is_in_chat(new),
            missing_rights=missing_rights(new),
            is_administrator=new.status == ChatMember.ADMINISTRATOR,
        )


@dataclass(frozen=True, slots=True)
class SeatChange:
    """A change of somebody else's membership."""

    change: ChatMemberUpdated

    @property
    def needs(self) -> Needs:
        """The group, the member, and whoever changed it."""
        users = {_user(self.change.new_chat_member.user), _user(self.change.from_user)}
        return Needs(
            chats=frozenset((ChatId(self.change.chat.id),)),
            users=frozenset(user for user in users if user is not None),
        )

    def facts(self, known: Known) -> SeatFacts:
        """The change with what we know."""
        change, chat = self.change, ChatId(self.change.chat.id)
        subject = change.new_chat_member.user
        return SeatFacts(
            at=known.at,
            group=known.groups.get(chat),
            chat=chat,
            subject=known.account(UserId(subject.id)),
            actor=_account(_user(change.from_user), known),
            was_administrator=change.old_chat_member.status in _SEATED,
            is_administrator=change.new_chat_member.status in _SEATED,
            was_member=is_in_chat(change.old_chat_member),
            is_member=is_in_chat(change.new_chat_member),
            subject_is_bot=subject.is_bot,
        )


@dataclass(frozen=True, slots=True)
class OwnerChange:
    """The service message which says that a group has another owner, or none."""

    message: Message

    @property
    def _new_owner(self) -> UserId | None:
        changed, left = self.message.chat_owner_changed, self.message.chat_owner_left
        owner = changed.new_owner if changed else left.new_owner if left else None
        return None if owner is None else UserId(owner.id)

    @property
    def needs(self) -> Needs:
        """The group and its new owner."""
        owner = self._new_owner
        return Needs(
            chats=frozenset((ChatId(self.message.chat.id),)),
            users=frozenset(() if owner is None else (owner,)),
        )

    def facts(self, known: Known) -> OwnerFacts:
        """The change with what we know."""
        chat = ChatId(self.message.chat.id)
        return OwnerFacts(
            at=known.at,
            group=known.groups.get(chat),
            chat=chat,
            new_owner=_account(self._new_owner, known),
        )


@dataclass(frozen=True, slots=True)
class Migration:
    """A basic group that became a supergroup: said in the old chat, in the new, or by an error."""

    old: ChatId
    new: ChatId

    @classmethod
    def of(cls, message: Message) -> "Migration":
        """From either of the two service messages."""
        here = ChatId(message.chat.id)
        if message.migrate_to_chat_id is not None:
            return cls(here, ChatId(message.migrate_to_chat_id))
        return cls(ChatId(message.migrate_from_chat_id or here), here)

    @property
    def needs(self) -> Needs:
        """The group, by both of its ids."""
        return Needs(chats=frozenset((self.old, self.new)))

    def facts(self, known: Known) -> MigrationFacts:
        """The migration with what we know."""
        return MigrationFacts(
            at=known.at, group=known.groups.get(self.old), old=self.old, new=self.new
        )


@dataclass(frozen=True, slots=True)
class UnknownChat:
    """A chat that something arrives from although nothing ever said that the bot is in it."""

    chat: Chat

    @property
    def needs(self) -> Needs:
        """The group, if it is one of ours after all."""
        return Needs(chats=frozenset((ChatId(self.chat.id),)))

    def facts(self, known: Known) -> BotMembershipFacts:
        """As if the bot had just been added, by nobody knows whom."""
        return BotMembershipFacts(
            at=known.at,
            chat=ChatId(self.chat.id),
            kind=ChatKind(self.chat.type),
            title=self.chat.title or "",
            actor=None,
            group=known.groups.get(ChatId(self.chat.id)),
            was_member=False,
            is_member=True,
            missing_rights=REQUIRED_RIGHTS,
            is_administrator=False,
        )
