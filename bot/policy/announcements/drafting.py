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
    tidied,
)
from bot.policy.announcements.one_line import Line
from bot.policy.announcements.reaching import (
    for_class_groups,
    of_class,
    of_year,
    open_to,
    without_group,
)
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

HOURS = frozenset({Field.HOURS, Field.NEW_HOURS})
"""Fields that are tapped or typed, as one likes."""

WHEN = "%Y-%m-%d~%H.%M"
"""How a button says a day and a time, in letters that a button may carry."""

LONGEST_AHEAD = timedelta(days=60)
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginFacts:
    """``/bericht``, with a line behind it or without. ``number``: what a new draft will be called.

    ``day``: the one that is meant unless another is said. ``reaches``: the groups that the author
    may know of.
    """

    at: datetime
    asker: Asker
    number: AnnouncementId
    day: date
    reaches: tuple[Reach, ...]
    line: Line | None = None
    wants_help: bool = False


def judge_begin(facts: BeginFacts, limits: Limits) -> Decision:
    """Begin a draft with what is known already."""
    asker = facts.asker
    if asker.is_bot:
        return Decision(rule=Rule.BOOKKEEPING)
    if not asker.account.is_staff:
        return refuse(asker, COMMAND, facts.at, limits)
    if facts.wants_help:
        return _said(asker, "announcement-help")
    reaches = open_to(asker.account, facts.reaches)
    if not reaches:
        return _said(asker, "announcement-no-group")
    if facts.line is not None and facts.line.problems:
        problem, words = facts.line.problems[0]
        return _said(asker, f"line-{problem.value}", words=words)
    fields = Fields(day=facts.day) if facts.line is None else facts.line.fields
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

    ``chat``: the group that it is about. ``view``: what to go on choosing; empty for whatever comes
    next. ``announcement`` is ``None`` if there is no such draft.
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
    view: str = ""


def judge_choice(facts: ChoiceFacts, limits: Limits) -> Decision:
    """Change one field of a draft, and show it again."""
    announcement = facts.announcement
    if announcement is None or announcement.author != facts.asker.account.user:
        return refuse(facts.asker, COMMAND, facts.at, limits)
    if announcement.state is not AnnouncementState.DRAFT or not facts.asker.account.is_staff:
        return _shown(announcement, facts.asker, facts.replaces)
    changed = _changed(announcement, facts)
    if changed == announcement:
        return _shown(announcement, facts.asker, facts.replaces, facts.view)
    return _kept(changed, facts.asker, facts.replaces, facts.view)


def _changed(  # noqa: C901, PLR0911 (one branch for each field)
    announcement: Announcement, facts: ChoiceFacts
) -> Announcement:
    fields, value = announcement.fields, facts.value
    match facts.field:
        case "group" | "year" | "class":
            return _groups_toggled(announcement, facts)
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
    return next((field for field in missing(fields)[:1] if field in TYPED | HOURS), None)


def _groups_toggled(announcement: Announcement, facts: ChoiceFacts) -> Announcement:
    chosen = _groups_chosen(announcement, facts)
    if chosen is None:
        return announcement
    # Whoever chooses groups by hand speaks to those, not to the classes of a line typed before.
    fields = replace(announcement.fields, class_groups=())
    return replace(announcement, fields=fields, deliveries=_chosen(chosen))


def _groups_chosen(announcement: Announcement, facts: ChoiceFacts) -> tuple[ChatId, ...] | None:
    """The choice after the button; ``None`` if it says nothing that can be."""
    reaches = open_to(facts.asker.account, facts.reaches)
    match facts.field, facts.value:
        case "group", "none":
            return ()
        case "group", "all":
            return tuple(reach.chat for reach in reaches)
        case "group", "mine":
            meant = [reach.chat for reach in reaches if reach.is_keeper]
        case "group", _:
            meant = [reach.chat for reach in reaches if reach.chat == facts.chat]
        case "year", year:
            meant = [reach.chat for reach in of_year(reaches, year)]
        case _:
            meant = [reach.chat for reach in of_class(reaches, facts.value)]
    return _all_or_none(announcement.chosen, meant) if meant else None


def _all_or_none(now: tuple[ChatId, ...], meant: list[ChatId]) -> tuple[ChatId, ...]:
    """With all of these; without them, if all were chosen already."""
    if frozenset(meant) <= frozenset(now):
        return tuple(chat for chat in now if chat not in meant)
    return tuple(dict.fromkeys((*now, *meant)))


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
    """What staff sent in the private chat, while a draft waits for words.

    ``text`` is empty for a picture, a voice message and the like. ``line``: the words read as those
    of a lesson, where one is waited for.
    """

    at: datetime
    asker: Asker
    announcement: Announcement
    text: str
    line: Line | None = None


def judge_typed(facts: TypedFacts, _limits: Limits) -> Decision:
    """Put the words into the field that was asked for, and show the draft below them."""
    announcement, note = facts.announcement, tidied(facts.text)
    words = " ".join(note.split())
    if not words:
        return _said(facts.asker, "announcement-text-only")
    match announcement.awaiting:
        case Field.SUBJECT if len(words) <= LONGEST_WORDS:
            changed = _with(announcement, subject=words)
        case Field.ROOM if len(words) <= LONGEST_WORDS:
            changed = _with(announcement, room=words)
        case Field.REASON if len(words) <= LONGEST_REASON:
            changed = replace(announcement, raised_because=words, awaiting=None)
        case Field.NOTE if len(note) <= LONGEST_NOTE:
            # Lines stay: a note may be a short list.
            changed = _with(announcement, note=note)
        case Field.HOURS | Field.NEW_HOURS if facts.line is not None:
            return _lesson_typed(facts, facts.line)
        case _:
            return _said(facts.asker, "announcement-too-long")
    return _kept(changed, facts.asker, None)


def _lesson_typed(facts: TypedFacts, line: Line) -> Decision:
    """An hour, with whatever else was typed beside it: "3 wiskunde", "5 morgen"."""
    announcement, read = facts.announcement, line.fields
    if line.problems:
        problem, words = line.problems[0]
        return _said(facts.asker, f"line-{problem.value}", words=words)
    if not read.hours:
        return _said(facts.asker, "announcement-no-hour")
    if announcement.awaiting is Field.NEW_HOURS:
        old_day = announcement.fields.day
        new_day = announcement.fields.new_day if read.day == old_day else read.day
        changed = _with(announcement, new_hours=read.hours, new_day=new_day)
    else:
        said = {
            name: value
            for name in ("hours", "new_hours", "day", "new_day", "subject", "room")
            if (value := getattr(read, name))
        }
        changed = _with(announcement, **said)
    return _kept(changed, facts.asker, None)


def _kept(
    announcement: Announcement, asker: Asker, replaces: MessageId | None, view: str = ""
) -> Decision:
    changed = replace(announcement, revision=announcement.revision + 1)
    return Decision(
        rule=Rule.COMMAND_ALLOWED,
        changes=(KeepAnnouncement(announcement=changed),),
        effects=_shown(changed, asker, replaces, view).effects,
    )


def _shown(
    announcement: Announcement, asker: Asker, replaces: MessageId | None, view: str = ""
) -> Decision:
    argument = f"{announcement.id}.{view}" if view else str(announcement.id)
    page = show(Page.ANNOUNCEMENT, asker, argument=argument, replaces=replaces)
    return Decision(rule=Rule.COMMAND_ALLOWED, effects=(page,))
