"""An announcement before its author: composing, confirming, going out, and what came of it.

One message in the private chat, drawn by where the announcement is in its life.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from babel.dates import format_datetime

from bot.callback_data import Press, Verb, opens
from bot.messages import Html, escaped
from bot.messages.announcements import SIGNS, Words, announced, day_of
from bot.messages.notices import label
from bot.pages.page import Button, Desk, Rendered, Request
from bot.policy.announcements.draft import (
    Announcement,
    AnnouncementState,
    DeliveryState,
    Reach,
)
from bot.policy.announcements.drafting import WHEN
from bot.policy.announcements.fields import Field, Kind, missing
from bot.policy.announcements.reaching import open_to
from bot.policy.announcements.reviewing import REASONS
from bot.policy.announcements.sending import UNCERTAIN
from bot.policy.announcements.timing import Timing, timing_of
from bot.policy.effects import Language, Page
from bot.policy.ids import ChatId
from bot.policy.people import Role
from bot.wording.announcement import findings_in
from storage.announcements import (
    GroupReport,
    author_name,
    names_of,
    read_announcements,
    read_reaches,
    read_report,
    recent_of,
    titles_of,
)
from storage.engine import reading

Rows = tuple[tuple[Button, ...], ...]

GROUPS_ON_A_PAGE = 8
HOURS_IN_A_ROW = 4
DAYS_AHEAD = 5
MORNING = time(7, 30)
LISTED = 12
_LOCALES = {Language.DUTCH: "nl_NL", Language.ENGLISH: "en_GB"}


async def draw(desk: Desk, request: Request) -> Rendered:
    """The announcement with the number in ``argument``; what follows a dot is what to choose."""
    number, _, view = request.argument.partition(".")
    async with reading(desk.engine) as connection:
        found = await read_announcements(connection, (int(number) if number.isdigit() else 0,))
    announcement = next(iter(found.values()), None)
    if announcement is None or announcement.author != request.viewer.user:
        return Rendered(text=desk.said("announcement-none", request))
    if announcement.state is AnnouncementState.DOUBTED:
        return Rendered(text=desk.said("announcement-being-reviewed", request))
    match announcement.state:
        case AnnouncementState.DRAFT:
            return await _Composing(desk, request, announcement).draw(view)
        case AnnouncementState.DISCARDED:
            return Rendered(text=desk.said("announcement-discarded", request))
        case _:
            return await _came_of_it(desk, request, announcement)


# --- composing ---------------------------------------------------------------------------------


class _Composing:
    """A draft, with the next thing to choose under it."""

    def __init__(self, desk: Desk, request: Request, announcement: Announcement) -> None:
        self._desk = desk
        self._request = request
        self._announcement = announcement
        self._now = desk.clock.now()
        self._today = desk.timetable.today(self._now)

    async def draw(self, view: str) -> Rendered:
        async with reading(self._desk.engine) as connection:
            self._reaches = open_to(
                self._request.viewer, await read_reaches(connection, self._announcement.author)
            )
            self._titles = await titles_of(connection, [r.chat for r in self._reaches])
            self._author = await author_name(connection, self._announcement.author)
            self._students = await names_of(connection, Role.STUDENT)
            self._staff = await names_of(connection, Role.STAFF)
        wanted = view or self._next()
        match wanted:
            case "groups":
                return self._asked("announcement-ask-groups", self._group_buttons())
            case "kind":
                return self._asked("announcement-ask-kind", self._kind_buttons())
            case "hours" | "new-hours":
                return self._asked(f"announcement-ask-{wanted}", self._hour_buttons(wanted))
            case "day" | "new-day":
                return self._asked("announcement-ask-day", self._day_buttons(wanted))
            case "when":
                return self._asked("announcement-ask-when", self._when_buttons())
            case "subject" | "room" | "note" | "reason":
                return self._asked(f"announcement-ask-{wanted}", ())
            case _:
                return self._confirm()

    def _next(self) -> str:
        """What to ask for: the words that were asked for, or the first thing that is missing."""
        draft = self._announcement
        if not self._chosen:
            return "groups"
        if draft.awaiting is not None:
            return draft.awaiting.value
        return next((field.value for field in missing(draft.fields)), "confirm")

    @property
    def _chosen(self) -> list[Reach]:
        chosen = set(self._announcement.chosen)
        return [reach for reach in self._reaches if reach.chat in chosen]

    def _asked(self, key: str, rows: Rows) -> Rendered:
        """The draft as far as it is, and a question below it."""
        question = self._desk.said(key, self._request)
        parts = [self._preview(), question] if self._announcement.fields.kind else [question]
        back = (self._button("button-discard", "discard"),)
        return Rendered(text=Html("\n\n".join(parts)), buttons=(*rows, back))

    def _preview(self) -> Html:
        classes = sorted({name for reach in self._chosen for name in reach.class_groups})
        words = Words(
            author=self._author,
            today=self._today,
            class_groups=tuple(classes),
            is_correction=self._announcement.replaces is not None,
        )
        return announced(self._announcement.fields, words)

    # --- buttons -------------------------------------------------------------------------------

    def _press(self, field: str, value: str = "", chat: ChatId | None = None) -> Press:
        argument = f"{self._announcement.id}.{field}" + (f".{value}" if value else "")
        return Press(verb=Verb.DRAFT, chat=chat, argument=argument)

    def _button(self, key: str, field: str, value: str = "") -> Button:
        return self._desk.button(key, self._request, self._press(field, value))

    def _open(self, key: str, view: str) -> Button:
        argument = f"{self._announcement.id}.{view}"
        return self._desk.button(key, self._request, opens(Page.ANNOUNCEMENT, argument=argument))

    def _group_buttons(self) -> Rows:
        chosen = set(self._announcement.chosen)
        rows = [
            (
                Button(
                    f"{_box(reach.chat in chosen)} {self._titles.get(reach.chat, '')[:28]}",
                    self._press("group", chat=reach.chat),
                ),
            )
            for reach in self._reaches[: GROUPS_ON_A_PAGE * 10]
        ]
        if len(self._reaches) > 1:
            rows.append((self._button("button-all", "group", "all"),))
        if chosen:
            argument = str(self._announcement.id)
            go_on = opens(Page.ANNOUNCEMENT, argument=argument)
            rows.append((self._desk.button("button-go-on", self._request, go_on),))
        return tuple(rows)

    def _kind_buttons(self) -> Rows:
        return tuple((self._kind_button(kind),) for kind in Kind)

    def _kind_button(self, kind: Kind) -> Button:
        said = label(f"button-kind-{kind.value}", self._request.language)
        return Button(f"{SIGNS[kind]} {said}", self._press("kind", kind.value))

    def _hour_buttons(self, field: str) -> Rows:
        fields = self._announcement.fields
        chosen = fields.hours if field == "hours" else fields.new_hours
        buttons = [
            Button(
                f"{'☑ ' if hour.number in chosen else ''}{hour.number}",
                self._press(field, str(hour.number)),
            )
            for hour in self._desk.timetable.hours
        ]
        rows = [
            tuple(buttons[at : at + HOURS_IN_A_ROW])
            for at in range(0, len(buttons), HOURS_IN_A_ROW)
        ]
        if chosen:
            go_on = opens(Page.ANNOUNCEMENT, argument=str(self._announcement.id))
            rows.append((self._desk.button("button-go-on", self._request, go_on),))
        return tuple(rows)

    def _day_buttons(self, field: str) -> Rows:
        days = [self._today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 2)]
        school_days = [day for day in days if day.weekday() < SATURDAY][:DAYS_AHEAD]
        return tuple((self._day_button(field, day),) for day in school_days)

    def _day_button(self, field: str, day: date) -> Button:
        said = day_of(day, self._today, self._request.language)
        return Button(said, self._press(field, day.isoformat()))

    def _when_buttons(self) -> Rows:
        rows = [(self._button("button-now", "when", "now"),)]
        local = self._now.astimezone(self._desk.timetable.zone)
        days = [local.date() + timedelta(days=ahead) for ahead in range(1, 5)]
        mornings = [datetime.combine(day, MORNING) for day in days if day.weekday() < SATURDAY]
        hour = (local + timedelta(hours=1)).replace(minute=0, tzinfo=None)
        for moment in (hour, *mornings[:3]):
            said = self._said_moment(moment)
            rows.append((Button(said, self._press("when", moment.strftime(WHEN))),))
        return tuple(rows)

    def _said_moment(self, wall: datetime) -> str:
        return format_datetime(wall, "EEEE d MMMM HH:mm", locale=_LOCALES[self._request.language])

    # --- confirming ----------------------------------------------------------------------------

    def _confirm(self) -> Rendered:
        draft, desk, request = self._announcement, self._desk, self._request
        findings = findings_in(draft.fields, self._students, self._staff)
        parts = [self._preview(), self._recipients(), self._timing()]
        if findings:
            found = [desk.said(f"finding-{finding.kind}", request) for finding in findings]
            stopped = desk.said("announcement-stopped", request)
            parts.append(
                Html("\n".join([stopped, *(f"• {line}" for line in dict.fromkeys(found))]))
            )
        else:
            parts.append(desk.said("announcement-confirm", request))
        send = Press(verb=Verb.SEND, argument=f"{draft.id}.{draft.revision}")
        doubt = Press(verb=Verb.DOUBT, argument=f"{draft.id}.{draft.revision}")
        first = (
            (desk.button("button-doubt", request, doubt),)
            if findings
            else (desk.button("button-send", request, send),)
        )
        return Rendered(text=Html("\n\n".join(parts)), buttons=(first, *self._changes()))

    def _changes(self) -> Rows:
        """What can still be changed: only fields that this kind has."""
        draft = self._announcement
        fields: list[Button] = [self._open("button-groups", "groups")]
        if draft.fields.kind is Kind.PRACTICAL:
            fields.append(self._button("button-note", "type", Field.NOTE.value))
        else:
            fields += [
                self._open("button-day", "day"),
                self._open("button-hours", "hours"),
                self._button("button-subject", "type", Field.SUBJECT.value),
                self._button("button-room", "type", Field.ROOM.value),
            ]
        if draft.fields.kind is Kind.MOVED:
            fields += [
                self._open("button-new-hours", "new-hours"),
                self._open("button-new-day", "new-day"),
            ]
        rows = [tuple(fields[at : at + 3]) for at in range(0, len(fields), 3)]
        urgent = (
            self._button("button-calm", "calm")
            if draft.raised_because
            else self._button("button-urgent", "type", Field.REASON.value)
        )
        rows.append(
            (self._open("button-when", "when"), urgent, self._button("button-discard", "discard"))
        )
        return tuple(rows)

    def _recipients(self) -> Html:
        """Who gets it, by name and number: the last thing that anybody checks."""
        chosen = self._chosen
        lines = [
            Html(f"• {escaped(self._titles.get(reach.chat, ''))}{self._members(reach)}")
            for reach in chosen[:LISTED]
        ]
        more = len(chosen) - LISTED
        if more > 0:
            lines.append(self._desk.said("announcement-more-groups", self._request, n=more))
        head = self._desk.said("announcement-to", self._request, n=len(chosen))
        return Html("\n".join([head, *lines]))

    def _members(self, reach: Reach) -> Html:
        if reach.members is None:
            return Html("")
        # The bot is a member too, and reads nothing.
        people = max(reach.members - 1, 0)
        return Html(f" ({self._desk.said('announcement-members', self._request, n=people)})")

    def _timing(self) -> Html:
        timing = self._timed()
        wall = timing.due_at.astimezone(self._desk.timetable.zone).replace(tzinfo=None)
        when = self._said_moment(wall)
        if timing.held_up:
            said = self._desk.said("announcement-after-quiet", self._request, when=when)
        elif timing.due_at > self._now:
            said = self._desk.said("announcement-at", self._request, when=when)
        else:
            said = self._desk.said("announcement-now", self._request)
        if timing.urgent:
            return Html(f"{said} {self._desk.said('announcement-urgent', self._request)}")
        if timing.silent:
            return Html(f"{said} {self._desk.said('announcement-silent', self._request)}")
        return said

    def _timed(self) -> Timing:
        draft = self._announcement
        return timing_of(
            draft.fields,
            self._desk.timetable,
            self._now,
            wished_at=draft.wished_at,
            raised=bool(draft.raised_because),
        )


SATURDAY = 5


def _box(chosen: bool) -> str:  # noqa: FBT001 (a mark for yes or no)
    return "☑" if chosen else "☐"


# --- what came of it ---------------------------------------------------------------------------

_MARKS = {
    DeliveryState.PENDING: "⏳",
    DeliveryState.SENT: "✅",
    DeliveryState.FAILED: "❗",
    DeliveryState.UNKNOWN: "❓",
    DeliveryState.REPLACED: "↩",
    DeliveryState.WITHDRAWN: "↩",
    DeliveryState.WITHHELD: "🔇",
    DeliveryState.CHOSEN: "☐",
}


async def _came_of_it(desk: Desk, request: Request, announcement: Announcement) -> Rendered:
    async with reading(desk.engine) as connection:
        report = await read_report(connection, announcement.id)
        name = await author_name(connection, announcement.author)
    words = Words(author=name, today=desk.timetable.today(desk.clock.now()))
    state = _state(desk, request, announcement, report)
    lines = [_line(desk, request, each) for each in _worth_telling(report)[:LISTED]]
    text = Html("\n\n".join([announced(announcement.fields, words), state, Html("\n".join(lines))]))
    uncertain = any(each.state in UNCERTAIN for each in report)
    return Rendered(
        text=text, buttons=_afterwards(desk, request, announcement, uncertain=uncertain)
    )


def _worth_telling(report: Sequence[GroupReport]) -> list[GroupReport]:
    """What went wrong first: it asks for something."""
    wrong = {DeliveryState.FAILED, DeliveryState.UNKNOWN}
    return sorted(report, key=lambda each: each.state not in wrong)


def _state(
    desk: Desk, request: Request, announcement: Announcement, report: Sequence[GroupReport]
) -> Html:
    sent = sum(each.state is DeliveryState.SENT for each in report)
    if announcement.state is AnnouncementState.SCHEDULED:
        wished = announcement.wished_at or desk.clock.now()
        wall = wished.astimezone(desk.timetable.zone)
        when = format_datetime(
            wall.replace(tzinfo=None), "EEEE d MMMM HH:mm", locale=_LOCALES[request.language]
        )
        return desk.said("announcement-scheduled", request, when=when)
    if announcement.state is AnnouncementState.WITHDRAWN:
        return desk.said("announcement-taken-back", request)
    key = (
        "announcement-going-out"
        if announcement.state is AnnouncementState.SENDING
        else "announcement-has-gone-out"
    )
    return desk.said(key, request, n=len(report), sent=sent)


def _line(desk: Desk, request: Request, each: GroupReport) -> Html:
    title = escaped(each.title)
    mark = _MARKS[each.state]
    if each.state is DeliveryState.SENT:
        seen = desk.said("announcement-seen-by", request, n=each.seen)
        return Html(f"{mark} {title}: {seen}")
    if each.state in {DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.WITHHELD}:
        why = desk.said(f"announcement-{each.state.value}", request)
        return Html(f"{mark} {title}: {why}")
    return Html(f"{mark} {title}")


def _afterwards(
    desk: Desk, request: Request, announcement: Announcement, *, uncertain: bool
) -> Rows:
    if announcement.state is AnnouncementState.WITHDRAWN:
        return ()
    number = str(announcement.id)
    withdraw = desk.button("button-take-back", request, Press(verb=Verb.WITHDRAW, argument=number))
    refresh = desk.button("button-how-far", request, opens(Page.ANNOUNCEMENT, argument=number))
    if announcement.state is AnnouncementState.SCHEDULED:
        return ((withdraw,),)
    correct = desk.button("button-correct", request, Press(verb=Verb.CORRECT, argument=number))
    resend = desk.button("button-resend", request, Press(verb=Verb.RESEND, argument=number))
    return (*(((resend,),) if uncertain else ()), (refresh,), (correct, withdraw))


# --- a second person ---------------------------------------------------------------------------


async def draw_review(desk: Desk, request: Request) -> Rendered:
    """A stopped text before a coordinator: who wrote it, what stopped it, and the two ways."""
    number = int(request.argument) if request.argument.isdigit() else 0
    async with reading(desk.engine) as connection:
        found = await read_announcements(connection, (number,))
        announcement = next(iter(found.values()), None)
        if announcement is None or announcement.state is not AnnouncementState.DOUBTED:
            return Rendered(text=desk.said("review-over", request))
        name = await author_name(connection, announcement.author)
        students = await names_of(connection, Role.STUDENT)
        staff = await names_of(connection, Role.STAFF)
    findings = findings_in(announcement.fields, students, staff)
    lines = [desk.said(f"finding-{each.kind}", request) for each in findings]
    words = Words(author=name, today=desk.timetable.today(desk.clock.now()))
    parts = [
        desk.said("review-asked", request),
        announced(announcement.fields, words),
        Html("\n".join(f"• {line}" for line in dict.fromkeys(lines))),
    ]
    return Rendered(text=Html("\n\n".join(parts)), buttons=_verdicts(desk, request, announcement))


def _verdicts(desk: Desk, request: Request, announcement: Announcement) -> Rows:
    def verdict(key: str, said: str) -> tuple[Button, ...]:
        argument = f"{announcement.id}.{announcement.revision}.{said}"
        return (desk.button(key, request, Press(verb=Verb.REVIEW, argument=argument)),)

    returned = tuple(verdict(f"button-returned-{reason}", reason) for reason in REASONS)
    return (verdict("button-approve-text", "yes"), *returned)


# --- all of them -------------------------------------------------------------------------------


async def draw_all(desk: Desk, request: Request) -> Rendered:
    """The author's latest announcements: drafts, what waits, and what has gone out."""
    async with reading(desk.engine) as connection:
        numbers = await recent_of(connection, request.viewer.user, LISTED)
        found = await read_announcements(connection, numbers)
    today = desk.timetable.today(desk.clock.now())
    rows = tuple((_entry(found[number], today, request),) for number in numbers if number in found)
    key = "announcements-list" if rows else "announcements-none"
    return Rendered(text=desk.said(key, request), buttons=rows)


def _entry(announcement: Announcement, today: date, request: Request) -> Button:
    mark = {
        AnnouncementState.DRAFT: "✏️",
        AnnouncementState.SCHEDULED: "🕒",
        AnnouncementState.SENDING: "⏳",
        AnnouncementState.SENT: "✅",
        AnnouncementState.WITHDRAWN: "↩",
    }.get(announcement.state, "•")
    fields = announcement.fields
    what = " ".join([*fields.class_groups, fields.subject or fields.note])[:28]
    shown = replace(fields, class_groups=()).day
    day = "" if shown is None else f" · {day_of(shown, today, request.language)}"
    return Button(
        f"{mark} {what}{day}"[:60], opens(Page.ANNOUNCEMENT, argument=str(announcement.id))
    )


PAGES = {Page.ANNOUNCEMENT: draw, Page.ANNOUNCEMENTS: draw_all, Page.REVIEW: draw_review}
