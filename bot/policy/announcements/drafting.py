"""Composing an announcement: each tap or word changes the draft, a row, and shows it again.

Never here: whether it may be sent. A draft can hold anything, and nobody sees it but its author.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.policy.announcements.draft import (
    Announcement,
    AnnouncementId,
    AnnouncementState,
    Delivery,
    DeliveryState,
    Reach,
)
from bot.policy.announcements.fields import (
    LONGEST_NOTE,
    LONGEST_WORDS,
    Field,
    Fields,
    Kind,
    missing,
)
from bot.policy.announcements.one_line import Line
from bot.policy.announcements.reaching import for_class_groups, open_to, without_group
from bot.policy.announcements.timetable import Timetable
from bot.policy.changes import KeepAnnouncement
from bot.policy.decision import Decision
from bot.policy.effects import Page, SendPrivateNotice
from bot.policy.ids import ChatId, MessageId
from bot.policy.limits import Limits
from bot.policy.pages import Asker, refuse, show
from bot.policy.rules import Rule

COMMAND = "bericht"
TYPED = frozenset({Field.SUBJECT, Field.ROOM, Field.NOTE, Field.REASON})
"""Fields that are typed; the others are tapped."""


WHEN = "%Y-%m-%d~%H.%M"
"""How a button says a day and a time, in letters that a button may carry."""

LONGEST_AHEAD = timedelta(days=60)
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginFacts:
    """``/bericht``, with a line behind it or without. ``number``: what a new draft will be called.

    ``reaches``: the groups that the author may know of.
    """

    at: datetime
    asker: Asker
    number: AnnouncementId
    today: date
    reaches: tuple[Reach, ...]
    line: Line | None = None


def judge_begin(facts: BeginFacts, limits: Limits) -> Decision:
    """Begin a draft with what is known already."""
    asker = facts.asker
    if asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    if not asker.account.is_staff:
        return refuse(asker, COMMAND, facts.at, limits)
    reaches = open_to(asker.account, facts.reaches)
    if not reaches:
        return _said(asker, "announcement-no-group")
    if facts.line is not None and facts.line.problems:
        problem, words = facts.line.problems[0]
        return _said(asker, f"line-{problem.value}", words=words)
    fields = Fields(day=facts.today) if facts.line is None else facts.line.fields
    unserved = without_group(reaches, fields.class_groups)
    if unserved:
        return _said(asker, "line-not-your-class", words=unserved[0])
    announcement = Announcement(
        id=facts.number,
        author=asker.account.user,
        state=AnnouncementState.DRAFT,
        fields=fields,
        awaiting=_awaited(fields),
        deliveries=_chosen(_first_choice(reaches, fields)),
    )
    return _kept(announcement, asker, None)


def _said(asker: Asker, key: str, **values: str) -> Decision:
    notice = SendPrivateNotice(
        user=asker.account.user, key=key, language=asker.language, values=values
    )
    return Decision(rule=Rule.COMMAND_ALLOWED, effects=(notice,))


def _first_choice(reaches: tuple[Reach, ...], fields: Fields) -> tuple[ChatId, ...]:
    """The groups of the classes that were named; otherwise one's only group."""
    if fields.class_groups:
        return for_class_groups(reaches, fields.class_groups)
    return (reaches[0].chat,) if len(reaches) == 1 else ()


def _chosen(chats: Iterable[ChatId]) -> tuple[Delivery, ...]:
    return tuple(Delivery(chat=chat, state=DeliveryState.CHOSEN) for chat in chats)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceFacts:
    """A button under a draft: ``field`` and ``value`` are what it says, whatever that is.

    ``chat``: the group that it is about. ``announcement`` is ``None`` if there is no such draft.
    """

    at: datetime
    asker: Asker
    announcement: Announcement | None
    reaches: tuple[Reach, ...]
    timetable: Timetable
    field: str
    value: str
    chat: ChatId | None
    replaces: MessageId | None


def judge_choice(facts: ChoiceFacts, limits: Limits) -> Decision:
    """Change one field of a draft, and show it again."""
    announcement = facts.announcement
    if announcement is None or announcement.author != facts.asker.account.user:
        return refuse(facts.asker, COMMAND, facts.at, limits)
    if announcement.state is not AnnouncementState.DRAFT or not facts.asker.account.is_staff:
        return _shown(announcement, facts.asker, facts.replaces)
    changed = _changed(announcement, facts)
    if changed == announcement:
        return _shown(announcement, facts.asker, facts.replaces)
    return _kept(changed, facts.asker, facts.replaces)


def _changed(  # noqa: C901, PLR0911 (one branch for each field)
    announcement: Announcement, facts: ChoiceFacts
) -> Announcement:
    fields, value = announcement.fields, facts.value
    match facts.field:
        case "group":
            return _group_toggled(announcement, facts)
        case "kind" if value in Kind.__members__.values():
            return _with(announcement, kind=Kind(value))
        case "hours" if (hour := _hour(value, facts.timetable)) is not None:
            return _with(announcement, hours=_toggled(fields.hours, hour))
        case "new-hours" if (hour := _hour(value, facts.timetable)) is not None:
            return _with(announcement, new_hours=_toggled(fields.new_hours, hour))
        case "day" if (day := _day(value, facts)) is not None:
            return _with(announcement, day=day)
        case "new-day" if (day := _day(value, facts)) is not None:
            return _with(announcement, new_day=day)
        case "type" if value in {field.value for field in TYPED}:
            return replace(announcement, awaiting=Field(value))
        case "when":
            return _at_a_time(announcement, facts)
        case "calm":
            return replace(announcement, raised_because="", awaiting=None)
        case "discard":
            return replace(announcement, state=AnnouncementState.DISCARDED, awaiting=None)
        case _:
            return announcement


def _with(announcement: Announcement, **changes: object) -> Announcement:
    fields = replace(announcement.fields, **changes)  # type: ignore[arg-type]  # each is a field of its own type
    return replace(announcement, fields=fields, awaiting=_awaited(fields))


def _awaited(fields: Fields) -> Field | None:
    """What comes next, if that is typed rather than tapped."""
    return next((field for field in missing(fields)[:1] if field in TYPED), None)


def _group_toggled(announcement: Announcement, facts: ChoiceFacts) -> Announcement:
    open_chats = [reach.chat for reach in open_to(facts.asker.account, facts.reaches)]
    if facts.value == "all":
        chosen: tuple[ChatId, ...] = tuple(open_chats)
    elif facts.value == "none":
        chosen = ()
    elif facts.chat in open_chats:
        now = announcement.chosen
        chosen = tuple(each for each in now if each != facts.chat)
        chosen = chosen if len(chosen) < len(now) else (*now, facts.chat)
    else:
        return announcement
    # Whoever chooses groups by hand speaks to those, not to the classes of a line typed before.
    fields = replace(announcement.fields, class_groups=())
    return replace(announcement, fields=fields, deliveries=_chosen(chosen))


def _at_a_time(announcement: Announcement, facts: ChoiceFacts) -> Announcement:
    """When it is to go: ``now``, or a day and a time of the clock on the wall."""
    if facts.value == "now":
        return replace(announcement, wished_at=None)
    try:
        wall = datetime.strptime(facts.value, WHEN).replace(tzinfo=facts.timetable.zone)
    except ValueError:
        return announcement
    moment = facts.timetable.moment(wall.date(), wall.time())
    in_time = facts.at < moment < facts.at + LONGEST_AHEAD
    return replace(announcement, wished_at=moment) if in_time else announcement


def _toggled(hours: tuple[int, ...], hour: int) -> tuple[int, ...]:
    return tuple(sorted(frozenset(hours) ^ {hour}))


def _hour(value: str, timetable: Timetable) -> int | None:
    number = int(value) if value.isascii() and value.isdigit() else -1
    return number if timetable.hour(number) is not None else None


def _day(value: str, facts: ChoiceFacts) -> date | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day >= facts.timetable.today(facts.at) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedFacts:
    """Words of staff in the private chat, while a draft waits for them."""

    at: datetime
    asker: Asker
    announcement: Announcement
    text: str


def judge_typed(facts: TypedFacts, _limits: Limits) -> Decision:
    """Put the words into the field that was asked for, and show the draft below them."""
    announcement, words = facts.announcement, " ".join(facts.text.split())
    match announcement.awaiting:
        case Field.SUBJECT if 0 < len(words) <= LONGEST_WORDS:
            changed = _with(announcement, subject=words)
        case Field.ROOM if 0 < len(words) <= LONGEST_WORDS:
            changed = _with(announcement, room=words)
        case Field.REASON if 0 < len(words) <= LONGEST_REASON:
            changed = replace(announcement, raised_because=words, awaiting=None)
        case Field.NOTE if 0 < len(words) <= LONGEST_NOTE:
            # Lines stay: a note may be a short list.
            changed = _with(announcement, note=facts.text.strip())
        case _:
            return _said(facts.asker, "announcement-too-long")
    return _kept(changed, facts.asker, None)


def _kept(announcement: Announcement, asker: Asker, replaces: MessageId | None) -> Decision:
    changed = replace(announcement, revision=announcement.revision + 1)
    return Decision(
        rule=Rule.COMMAND_ALLOWED,
        changes=(KeepAnnouncement(announcement=changed),),
        effects=_shown(changed, asker, replaces).effects,
    )


def _shown(announcement: Announcement, asker: Asker, replaces: MessageId | None) -> Decision:
    page = show(Page.ANNOUNCEMENT, asker, argument=str(announcement.id), replaces=replaces)
    return Decision(rule=Rule.COMMAND_ALLOWED, effects=(page,))
