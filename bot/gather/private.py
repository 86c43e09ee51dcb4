"""Private chats: who wrote, which command, which code. The words are judged, and not kept."""

from dataclasses import dataclass

from telegram import CallbackQuery, Message
from telegram.ext import filters

from bot.callback_data import Press
from bot.gather.joining import requests_when_linked
from bot.policy.accounts.codes import hash_of_code, hash_of_nonce
from bot.policy.accounts.linking import LinkFacts
from bot.policy.accounts.private_messages import PrivateFacts
from bot.policy.administering.under_way import DeskNeeds
from bot.policy.broadcast_groups.adoption import NewGroupFacts, NonceFacts, OwnedChatFacts
from bot.policy.broadcast_groups.channels import ChannelFacts, NewChannelFacts
from bot.policy.coming_in.known import ComingInNeeds
from bot.policy.groups import ChatKind
from bot.policy.ids import ChatId, UserId
from bot.policy.known import Known, Needs
from bot.policy.notices import language_of
from bot.policy.pages import Asker

PRIVATE_MESSAGE = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
"""Only what arrives as a *message* of a private chat: an edit does not run a command again, and
business, guest and channel updates never come here, though they too can carry a private chat."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command at the start of a message: ``/start@groepswacht_bot K7QF…``."""

    name: str
    argument: str

    @classmethod
    def of(cls, message: Message) -> "Command | None":
        """The command of a message, if it begins with one. Another bot gives no commands."""
        if message.from_user is not None and message.from_user.is_bot:
            return None
        if not message.text or not message.text.startswith("/"):
            return None
        word, _, argument = message.text[1:].partition(" ")
        name = word.partition("@")[0].lower()
        return cls(name, argument.strip()) if name else None


@dataclass(frozen=True, slots=True)
class PrivateMessage:
    """A message that somebody wrote to the bot in their private chat."""

    message: Message

    @property
    def user(self) -> UserId:
        """Who wrote. A private chat has the id of the other account."""
        author = self.message.from_user
        return UserId(author.id if author else self.message.chat.id)

    @property
    def is_of_a_bot(self) -> bool:
        """Whether another bot wrote."""
        author = self.message.from_user
        return author is not None and author.is_bot

    @property
    def language_tag(self) -> str:
        """The language that the writer's Telegram speaks."""
        author = self.message.from_user
        return (author.language_code if author else None) or "nl"

    @property
    def asker_needs(self) -> Needs:
        """The writer, and how often he was answered."""
        return Needs(users=frozenset((self.user,)), contacts=frozenset((self.user,)))

    def asker(self, known: Known) -> Asker:
        """The writer with what we know of him."""
        account = known.account(self.user)
        return Asker(
            account=account,
            contact=known.contact(self.user),
            language=language_of(account.language or self.language_tag),
            is_bot=self.is_of_a_bot,
        )

    @property
    def needs(self) -> Needs:
        """The writer, how often he was answered, and the names that he may ask for."""
        return Needs(
            users=frozenset((self.user,)), contacts=frozenset((self.user,)), staff_names=True
        )

    def facts(self, known: Known) -> PrivateFacts:
        """The message with what we know of its writer."""
        account, command = known.account(self.user), Command.of(self.message)
        return PrivateFacts(
            at=known.at,
            account=account,
            contact=known.contact(self.user),
            text=self.message.text or self.message.caption,
            command=command.name if command else None,
            staff_names=known.staff_names,
            language=language_of(account.language or self.language_tag),
            of_a_bot=self.is_of_a_bot,
        )

    def link_needs(self, code: str) -> Needs:
        """The code, the writer, and how many wrong ones he tried."""
        return Needs(
            users=frozenset((self.user,)),
            contacts=frozenset((self.user,)),
            code_hashes=frozenset((hash_of_code(code),)),
            coming_in=ComingInNeeds(classes=True, asked_by=frozenset((self.user,))),
            desk=DeskNeeds(administrators=True),
        )

    def link_facts(self, code: str, known: Known) -> LinkFacts:
        """The code with what we know of it and of whoever typed it."""
        code_hash, account = hash_of_code(code), known.account(self.user)
        code_known, language = known.codes.get(code_hash), account.language or self.language_tag
        person = None if code_known is None else code_known.person
        return LinkFacts(
            at=known.at,
            account=account,
            contact=known.contact(self.user),
            code=code_known,
            code_hash=code_hash,
            language=language,
            of_a_bot=self.is_of_a_bot,
            waiting=requests_when_linked(known, self.user, person, language),
            administrators=known.desk.administrators,
        )

    def new_group_facts(self, nonce: str, known: Known) -> NewGroupFacts:
        """The wish for a new group, with a fresh nonce."""
        return NewGroupFacts(
            at=known.at,
            presser=known.account(self.user),
            nonce_hash=hash_of_nonce(nonce),
            nonce=nonce,
            contact=known.contact(self.user),
        )

    def new_channel_facts(self, known: Known) -> NewChannelFacts:
        """The wish to register a channel."""
        return NewChannelFacts(
            at=known.at,
            presser=known.account(self.user),
            contact=known.contact(self.user),
        )


@dataclass(frozen=True, slots=True)
class PickedChat:
    """Somebody picked one of his own chats, or pressed "manage this group"."""

    user: UserId
    chat: ChatId

    @classmethod
    def shared(cls, message: Message) -> "PickedChat":
        """From the answer to a keyboard that offers one's own chats."""
        author, shared = message.from_user, message.chat_shared
        assert shared is not None  # noqa: S101 (the handler's filter matched on it)
        user = author.id if author else message.chat.id
        return cls(UserId(user), ChatId(shared.chat_id))

    @classmethod
    def pressed(cls, query: CallbackQuery, press: Press) -> "PickedChat | None":
        """From the button under "shall I manage this group"; ``None`` if it names no chat."""
        return None if press.chat is None else cls(UserId(query.from_user.id), press.chat)

    @property
    def is_possible(self) -> bool:
        """Whether this can be a group or channel at all: a changed telephone may name a person."""
        return self.chat < 0

    @property
    def needs(self) -> Needs:
        """The presser and the chat."""
        return Needs(
            chats=frozenset((self.chat,)),
            users=frozenset((self.user,)),
            contacts=frozenset((self.user,)),
        )

    def group_facts(self, known: Known) -> OwnedChatFacts:
        """As a group to manage."""
        return OwnedChatFacts(
            at=known.at,
            chat=self.chat,
            presser=known.account(self.user),
            group=known.groups.get(self.chat),
            contact=known.contact(self.user),
        )

    def channel_facts(self, known: Known) -> ChannelFacts:
        """As a professional account."""
        return ChannelFacts(
            at=known.at,
            chat=self.chat,
            presser=known.account(self.user),
            contact=known.contact(self.user),
        )


@dataclass(frozen=True, slots=True)
class StartInGroup:
    """``/start@bot <nonce>``: what Telegram writes in a group when a start-group link is used."""

    message: Message
    user: UserId
    nonce_hash: str

    @classmethod
    def of(cls, message: Message) -> "StartInGroup | None":
        """From a message in a group; ``None`` for anything else, or if nobody can be named."""
        command = Command.of(message)
        if command is None or command.name != "start" or not command.argument:
            return None
        if message.from_user is None or message.sender_chat is not None:
            return None
        return cls(message, UserId(message.from_user.id), hash_of_nonce(command.argument))

    @property
    def needs(self) -> Needs:
        """The group, whoever used the link, and the nonce."""
        return Needs(
            chats=frozenset((ChatId(self.message.chat.id),)),
            users=frozenset((self.user,)),
            nonce_hashes=frozenset((self.nonce_hash,)),
        )

    def facts(self, known: Known) -> NonceFacts:
        """The use of the link with what we know."""
        chat = self.message.chat
        return NonceFacts(
            at=known.at,
            chat=ChatId(chat.id),
            kind=ChatKind(chat.type),
            title=chat.title or "",
            presser=known.account(self.user),
            nonce=known.nonces.get(self.nonce_hash),
            nonce_hash=self.nonce_hash,
            group=known.groups.get(ChatId(chat.id)),
        )
