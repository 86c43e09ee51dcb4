"""Coming into groups: requests, members, class groups, and who waits, with what we know of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from telegram import ChatJoinRequest, ChatMemberUpdated

from bot.gather.members import is_in_chat
from bot.gather.pressing import Pressed
from bot.policy.broadcast_groups.class_groups import ClassGroupFacts
from bot.policy.coming_in.join_requests import Asked, JoinRequestFacts, Occasion, WaitingFacts
from bot.policy.coming_in.joining import Applicant, Way
from bot.policy.coming_in.known import ComingInNeeds, JoinRequest
from bot.policy.coming_in.members import LookThroughFacts, MemberFacts, RemovalFacts
from bot.policy.groups import Group
from bot.policy.ids import ANONYMOUS_ADMINISTRATOR, ChatId, JoinRequestId, UserId
from bot.policy.known import Known, Needs
from bot.policy.notices import language_of
from bot.policy.people import Account, Person
from bot.policy.school_years.year_known import YearNeeds


def applicant(known: Known, account: Account, *, is_bot: bool = False) -> Applicant:
    """Somebody with the class groups that concern him."""
    classes = known.coming_in.classes_of(account.person)
    return Applicant(account=account, classes=classes, is_bot=is_bot)


def waiting_facts(
    known: Known, occasion: Occasion, requests: Iterable[JoinRequest]
) -> WaitingFacts:
    """Requests that wait, with what is known of their groups and of who asks."""
    return WaitingFacts(
        at=known.at,
        waiting=tuple(_asked(known, request) for request in requests),
        occasion=occasion,
        consents=known.year.consents,
    )


def _asked(known: Known, request: JoinRequest) -> Asked:
    account = known.account(request.user)
    return Asked(
        chat=request.chat,
        group=known.groups.get(request.chat),
        applicant=applicant(known, account),
        language=language_of(account.language),
        request=request,
    )


def requests_when_linked(
    known: Known, user: UserId, person: Person | None, language: str
) -> WaitingFacts:
    """The requests of an account as they stand once it belongs to ``person``."""
    account = Account(user=user, person=person, language=language)
    who = applicant(known, account)
    waiting = tuple(
        Asked(
            chat=request.chat,
            group=known.groups.get(request.chat),
            applicant=who,
            language=language_of(language),
            request=request,
        )
        for request in known.coming_in.requests
        if request.user == user
    )
    return WaitingFacts(
        at=known.at, waiting=waiting, occasion=Occasion.LINKED, consents=known.year.consents
    )


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """Somebody asks to join a group. The bio that comes with it is not looked at."""

    request: ChatJoinRequest

    @property
    def _user(self) -> UserId:
        return UserId(self.request.from_user.id)

    @property
    def needs(self) -> Needs:
        """The group with its classes and its people, the applicant, and what he asked before."""
        user = frozenset((self._user,))
        return Needs(
            chats=frozenset((ChatId(self.request.chat.id),)),
            users=user,
            group_people=True,
            coming_in=ComingInNeeds(classes=True, asked_by=user),
            year=YearNeeds(consents_of=user),
        )

    def facts(self, known: Known) -> JoinRequestFacts:
        """The request with what we know."""
        chat, sender = ChatId(self.request.chat.id), self.request.from_user
        group, account = known.groups.get(chat), known.account(self._user)
        here = chat if group is None else group.chat
        owner = None if group is None or group.owner is None else known.account(group.owner)
        return JoinRequestFacts(
            at=known.at,
            asked=Asked(
                chat=chat,
                group=group,
                applicant=applicant(known, account, is_bot=sender.is_bot),
                language=language_of(account.language or sender.language_code),
            ),
            earlier=tuple(
                request
                for request in known.coming_in.requests
                if request.user == self._user and request.chat == here
            ),
            owner=owner,
            consents=known.year.consents,
        )


@dataclass(frozen=True, slots=True)
class MemberSeen:
    """Somebody else's coming and going, as ``chat_member`` tells it. ``bot``: this bot's id."""

    change: ChatMemberUpdated
    bot: int

    @property
    def _by(self) -> UserId | None:
        """Who did it, if it was somebody else who shows, and not the bot."""
        actor, subject = self.change.from_user.id, self.change.new_chat_member.user.id
        unsaid = {subject, self.bot, ANONYMOUS_ADMINISTRATOR}
        return None if actor in unsaid else UserId(actor)

    @property
    def _way(self) -> Way:
        change = self.change
        if change.via_join_request:
            return Way.REQUEST
        if change.via_chat_folder_invite_link:
            return Way.FOLDER
        if change.invite_link is not None:
            return Way.LINK
        is_added = change.from_user.id != change.new_chat_member.user.id
        return Way.ADDED if is_added else Way.OTHER

    @property
    def needs(self) -> Needs:
        """The group with its classes, and the member; of anything else, nothing."""
        return Needs(coming_in=ComingInNeeds(classes=self._came_or_went))

    @property
    def _came_or_went(self) -> bool:
        old, new = self.change.old_chat_member, self.change.new_chat_member
        return is_in_chat(old) != is_in_chat(new)

    def facts(self, known: Known) -> MemberFacts:
        """The change with what we know."""
        chat, subject = ChatId(self.change.chat.id), self.change.new_chat_member.user
        account = known.account(UserId(subject.id))
        return MemberFacts(
            at=known.at,
            chat=chat,
            group=known.groups.get(chat),
            member=applicant(known, account, is_bot=subject.is_bot),
            was_member=is_in_chat(self.change.old_chat_member),
            is_member=is_in_chat(self.change.new_chat_member),
            way=self._way,
            by=None if self._by is None else known.account(self._by),
        )


@dataclass(frozen=True, slots=True)
class ClassGroupPressed:
    """A tap on a class group: ``<key>`` or ``<key>:<the page's argument>``."""

    pressed: Pressed

    @property
    def needs(self) -> Needs:
        """Who tapped, the group with its classes, all classes, and who waits to come in."""
        chat = self.pressed.press.chat
        chats = frozenset(() if chat is None else (chat,))
        return self.pressed.needs | Needs(
            coming_in=ComingInNeeds(classes=True, class_names=True, asked_in=chats)
        )

    def facts(self, known: Known) -> ClassGroupFacts:
        """The tap with what we know."""
        group = self.pressed.group(known)
        key, _, argument = self.pressed.press.argument.partition(":")
        return ClassGroupFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            group=group,
            key=key,
            argument=argument,
            names=known.coming_in.class_names,
            waiting=waiting_facts(known, Occasion.CLASSES, _of(group, known)),
            replaces=self.pressed.message,
        )


def _of(group: Group | None, known: Known) -> tuple[JoinRequest, ...]:
    if group is None:
        return ()
    return tuple(each for each in known.coming_in.requests if each.chat == group.chat)


@dataclass(frozen=True, slots=True)
class RemovalPressed:
    """A tap to take somebody out: ``<our number>`` or ``<our number>:<the page's argument>``."""

    pressed: Pressed

    @property
    def needs(self) -> Needs:
        """Who tapped, the group, and who is in it."""
        chat = self.pressed.press.chat
        chats = frozenset(() if chat is None else (chat,))
        return self.pressed.needs | Needs(coming_in=ComingInNeeds(members_in=chats))

    def facts(self, known: Known) -> RemovalFacts:
        """The tap with what we know."""
        group = self.pressed.group(known)
        number, _, argument = self.pressed.press.argument.partition(":")
        members = () if group is None else known.coming_in.members.get(group.chat, ())
        found = next((each.user for each in members if str(each.number) == number), None)
        return RemovalFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            group=group,
            member=None if found is None else known.account(found),
            argument=argument,
            replaces=self.pressed.message,
        )


@dataclass(frozen=True, slots=True)
class DueRequests:
    """Requests that the clock has to judge."""

    numbers: frozenset[JoinRequestId]

    @property
    def needs(self) -> Needs:
        """The requests with their groups and accounts."""
        return Needs(coming_in=ComingInNeeds(classes=True, asked=self.numbers))

    def facts(self, known: Known) -> WaitingFacts:
        """The requests with what we know."""
        due = (each for each in known.coming_in.requests if each.id in self.numbers)
        return waiting_facts(known, Occasion.CLOCK, due)


@dataclass(frozen=True, slots=True)
class MembersOf:
    """Everybody in a group, to be looked through."""

    chat: ChatId

    @property
    def needs(self) -> Needs:
        """The group with its classes, its people, and its members."""
        chats = frozenset((self.chat,))
        return Needs(
            chats=chats,
            group_people=True,
            coming_in=ComingInNeeds(classes=True, members_in=chats),
        )

    def facts(self, known: Known) -> LookThroughFacts:
        """The members with what we know of them."""
        group = known.groups.get(self.chat)
        members = () if group is None else known.coming_in.members.get(group.chat, ())
        return LookThroughFacts(
            at=known.at,
            group=group,
            members=tuple((each, applicant(known, known.account(each.user))) for each in members),
            keepers=() if group is None else _keepers(group, known),
        )


def _keepers(group: Group, known: Known) -> tuple[Account, ...]:
    """Staff with a seat in the group, its owner first."""
    seats = sorted(group.seats, key=lambda seat: (not seat.is_owner, seat.user))
    accounts = (known.account(seat.user) for seat in seats if not seat.is_bot)
    return tuple(account for account in accounts if account.is_staff)
