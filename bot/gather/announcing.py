"""Announcements in the private chat and in groups: the line, the buttons, the words that follow."""

from dataclasses import dataclass, replace

from telegram import CallbackQuery, Message

from bot.callback_data import Press
from bot.gather.pressing import Pressed
from bot.gather.private import PrivateMessage
from bot.policy.announcements import drafting, one_line, sending
from bot.policy.announcements.draft import Announcement
from bot.policy.announcements.fields import Field
from bot.policy.announcements.known import AnnouncingNeeds
from bot.policy.announcements.one_line import Line
from bot.policy.announcements.outcomes import SentFacts
from bot.policy.announcements.repeating import RepeatFacts
from bot.policy.announcements.reviewing import ReviewFacts
from bot.policy.announcements.timetable import Timetable
from bot.policy.announcements.written import WrittenFacts
from bot.policy.coming_in.known import ComingInNeeds
from bot.policy.effects import SendAnnouncement
from bot.policy.ids import ChatId, MessageId, UserId
from bot.policy.known import Known, Needs
from bot.policy.outcomes import Done, Lost, Refused
from bot.wording.allowed import Allowed
from bot.wording.announcement import Roster, checked, findings_in_message

HELP_WORDS = frozenset({"?", "help", "hulp", "uitleg"})


@dataclass(frozen=True, slots=True)
class Begun:
    """``/bericht``, with or without a line behind it."""

    written: PrivateMessage
    line: str
    timetable: Timetable

    @property
    def needs(self) -> Needs:
        """The author, where he may announce, and the school's class groups."""
        user = self.written.user
        return self.written.asker_needs | Needs(
            announcing=AnnouncingNeeds(reaches_of=frozenset((user,)), new=True),
            coming_in=ComingInNeeds(class_names=True),
        )

    def facts(self, known: Known) -> drafting.BeginFacts:
        """The beginning of a draft."""
        return drafting.BeginFacts(
            at=known.at,
            asker=self.written.asker(known),
            number=known.announcing.next_number,
            day=self.timetable.next_school_day(known.at),
            reaches=known.announcing.reaches.get(self.written.user, ()),
            line=self._read(known) if self.line else None,
            wants_help=self.line.casefold() in HELP_WORDS,
        )

    def _read(self, known: Known) -> Line:
        return one_line.read(
            self.line,
            class_groups=known.coming_in.class_names,
            hours=[hour.number for hour in self.timetable.hours],
            today=self.timetable.today(known.at),
            day=self.timetable.next_school_day(known.at),
        )


@dataclass(frozen=True, slots=True)
class Words:
    """Whatever is sent in the private chat, while a draft may wait for words."""

    written: PrivateMessage
    timetable: Timetable

    @property
    def needs(self) -> Needs:
        """The drafts of the author that wait for words."""
        waiting = AnnouncingNeeds(waiting_of=frozenset((self.written.user,)))
        return self.written.asker_needs | Needs(announcing=waiting)

    def facts(self, known: Known) -> drafting.TypedFacts | None:
        """The words with the draft that waits for them; ``None`` if none does."""
        asker, text = self.written.asker(known), self.written.message.text or ""
        waiting = known.announcing.waiting.get(self.written.user, ())
        if not asker.account.is_staff or asker.is_bot or not waiting:
            return None
        draft = self._answered(waiting)
        return drafting.TypedFacts(
            at=known.at,
            asker=asker,
            announcement=draft,
            text=text,
            line=self._read(draft, known) if draft.awaiting in drafting.HOURS else None,
        )

    def _read(self, draft: Announcement, known: Known) -> Line:
        today = self.timetable.today(known.at)
        return one_line.read_lesson(
            self.written.message.text or "",
            kind=None if draft.awaiting is Field.NEW_HOURS else draft.fields.kind,
            hours=[hour.number for hour in self.timetable.hours],
            today=today,
            day=draft.fields.day or today,
        )

    def _answered(self, waiting: tuple[Announcement, ...]) -> Announcement:
        """The draft whose message is replied to; otherwise the one touched last."""
        replied = self.written.message.reply_to_message
        for draft in waiting:
            if replied is not None and draft.page == replied.message_id:
                return draft
        return waiting[0]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A press of a button of an announcement's author: ``<number>.<what>.<value>``."""

    pressed: Pressed
    timetable: Timetable
    allowed: Allowed

    @property
    def _parts(self) -> tuple[str, str, str]:
        number, _, rest = self.pressed.press.argument.partition(".")
        what, _, value = rest.partition(".")
        return number, what, value

    @property
    def number(self) -> int | None:
        """The announcement that the button is about; ``None`` if it names none."""
        number = self._parts[0]
        return int(number) if number.isdigit() and len(number) < len(str(2**63)) else None

    @property
    def needs(self) -> Needs:
        """The presser, the announcement, where he may announce, and whom no text may name."""
        user = self.pressed.user
        return self.pressed.needs | Needs(
            announcing=AnnouncingNeeds(
                numbers=frozenset(() if self.number is None else (self.number,)),
                reaches_of=frozenset((user,)),
                student_names=True,
                coordinators=True,
                new=True,
            ),
            coming_in=ComingInNeeds(class_names=True),
            staff_names=True,
        )

    @property
    def review_needs(self) -> Needs:
        """The same, with the author: what goes out is his, by what he may."""
        return self.needs | Needs(announcing=AnnouncingNeeds(with_authors=True))

    def choice(self, known: Known) -> drafting.ChoiceFacts:
        """As a change of a draft."""
        _, what, value = self._parts
        value, _, view = value.partition(":")
        return drafting.ChoiceFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            announcement=known.announcing.announcement(self.number),
            reaches=known.announcing.reaches.get(self.pressed.user, ()),
            timetable=self.timetable,
            field=what,
            value=value,
            chat=self.pressed.about(known),
            replaces=self.pressed.message,
            view=view,
        )

    def act(self, known: Known) -> sending.ActFacts:
        """As a confirmation, or as taking back."""
        announcement = known.announcing.announcement(self.number)
        _, revision, shown_groups = self._parts
        stopped: tuple[str, ...] = ()
        replaced = None
        if announcement is not None:
            found = checked(announcement.fields, _roster(known), self.allowed)
            stopped = tuple(sorted(kind.value for kind in found.stops))
            replaced = known.announcing.announcement(announcement.replaces)
        return sending.ActFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            announcement=announcement,
            revision=int(revision) if revision.isdigit() else 0,
            reaches=known.announcing.reaches.get(self.pressed.user, ()),
            timetable=self.timetable,
            shown_groups=shown_groups,
            stopped_by=stopped,
            replaced=replaced,
            twins=known.announcing.twins(replaced or announcement),
            replaces=self.pressed.message,
        )

    def review(self, known: Known) -> ReviewFacts:
        """As the verdict of a second person."""
        act = self.act(known)
        author = self.pressed.user if act.announcement is None else act.announcement.author
        return ReviewFacts(
            at=known.at,
            act=replace(act, reaches=known.announcing.reaches.get(author, ())),
            author=known.account(author),
            verdict=self._parts[2],
        )

    def repetition(self, known: Known) -> RepeatFacts:
        """As the wish to say it once more."""
        return RepeatFacts(at=known.at, act=self.act(known), number=known.announcing.next_number)

    def correction(self, known: Known) -> sending.CorrectFacts:
        """As the wish to correct it."""
        return sending.CorrectFacts(
            at=known.at,
            asker=self.pressed.asker(known),
            announcement=known.announcing.announcement(self.number),
            number=known.announcing.next_number,
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """A press of "Gezien" under an announcement in a group."""

    query: CallbackQuery
    press: Press

    @property
    def _chat(self) -> ChatId | None:
        """Where it was pressed, by Telegram's word: the button itself says nothing of it."""
        message = self.query.message
        return None if message is None else ChatId(message.chat.id)

    @property
    def _number(self) -> int | None:
        number = self.press.argument
        return int(number) if number.isdigit() and len(number) < len(str(2**63)) else None

    @property
    def needs(self) -> Needs:
        """Who pressed, the group with its class groups and members, and the announcement."""
        chats = frozenset(() if self._chat is None else (self._chat,))
        user = UserId(self.query.from_user.id)
        return Needs(
            users=frozenset((user,)),
            chats=chats,
            coming_in=ComingInNeeds(classes=True),
            announcing=AnnouncingNeeds(
                members=frozenset((chat, user) for chat in chats),
                numbers=frozenset(() if self._number is None else (self._number,)),
            ),
        )

    def facts(self, known: Known) -> sending.SeenFacts:
        """The press with what we know."""
        chat, message = self._chat, self.query.message
        group = None if chat is None else known.groups.get(chat)
        user = UserId(self.query.from_user.id)
        return sending.SeenFacts(
            at=known.at,
            account=known.account(user),
            classes=known.coming_in.classes_of(known.account(user).person),
            announcement=known.announcing.announcement(self._number),
            group=group,
            chat=None if group is None else group.chat,
            message=None if message is None else MessageId(message.message_id),
            is_member=(chat, user) in known.announcing.members,
        )


@dataclass(frozen=True, slots=True)
class WrittenByHand:
    """A message of staff in a group, or an edit of one. Its words are checked, and not kept."""

    message: Message
    allowed: Allowed
    edited: bool

    @property
    def _author(self) -> UserId:
        author = self.message.from_user
        return UserId(author.id if author else self.message.chat.id)

    @property
    def needs(self) -> Needs:
        """The author, the group, and the names that may, and that may not, stand in a text."""
        return Needs(
            users=frozenset((self._author,)),
            chats=frozenset((ChatId(self.message.chat.id),)),
            announcing=AnnouncingNeeds(student_names=True),
            coming_in=ComingInNeeds(class_names=True),
            staff_names=True,
        )

    def facts(self, known: Known) -> WrittenFacts:
        """What was found in it, with what we know of its author."""
        message = self.message
        words = message.text or message.caption or ""
        shown = (message.photo, message.video, message.voice, message.video_note, message.animation)
        found = findings_in_message(words, _roster(known), self.allowed, has_media=any(shown))
        return WrittenFacts(
            at=known.at,
            author=known.account(self._author),
            group=known.groups.get(ChatId(message.chat.id)),
            findings=tuple(sorted({each.kind.value for each in found})),
            edited=self.edited,
        )


def _roster(known: Known) -> Roster:
    return Roster(
        students=known.announcing.student_names,
        staff=known.staff_names,
        class_groups=known.coming_in.class_names,
    )


# --- what Telegram answered --------------------------------------------------------------------


def sent_needs(effect: SendAnnouncement) -> Needs:
    """How far the announcement has come with this group meanwhile."""
    delivery = frozenset(((effect.announcement, effect.chat),))
    return Needs(announcing=AnnouncingNeeds(deliveries=delivery))


def sent_facts(
    effect: SendAnnouncement, outcome: Done | Refused | Lost | None, known: Known
) -> SentFacts:
    """What became of it; without an outcome, the bot only observes."""
    return SentFacts(
        at=known.at,
        effect=effect,
        delivery=known.announcing.deliveries.get((effect.announcement, effect.chat)),
        message=outcome.message if isinstance(outcome, Done) else None,
        reason=outcome.reason if isinstance(outcome, Refused | Lost) else None,
        unknown=isinstance(outcome, Lost),
        withheld=outcome is None,
    )
