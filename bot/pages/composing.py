"""A draft before its author: the next thing to choose, or everything to confirm.

What is shown as the message is the message: made by the same words as in the group.
"""

from datetime import date, datetime, time, timedelta

from babel.dates import format_datetime

from bot.callback_data import Press, Verb, opens
from bot.messages import Html, escaped
from bot.messages.announcements import SIGNS, Words, announced, day_of, known_of
from bot.messages.notices import label
from bot.pages.choosing_groups import Chooser, members_of
from bot.pages.page import Button, Desk, Rendered, Request
from bot.pages.wording import isolated, short
from bot.policy.announcements.draft import Announcement, Reach
from bot.policy.announcements.drafting import WHEN
from bot.policy.announcements.fields import Field, Kind, missing
from bot.policy.announcements.reaching import fingerprint, open_to, without_group
from bot.policy.announcements.sending import reached_by
from bot.policy.announcements.timetable import FRIDAY
from bot.policy.announcements.timing import Timing, is_over, timing_of
from bot.policy.effects import Language, Page
from bot.wording.announcement import Checked, Roster, checked
from storage.announcements import author_name, read_reaches, titles_of
from storage.announcements import roster as read_roster
from storage.engine import reading

Rows = tuple[tuple[Button, ...], ...]

HOURS_IN_A_ROW = 4
DAYS_AHEAD = 5
MORNING = time(7, 30)
LISTED = 12
TITLE = 40
"""Characters of a group's title in a list: the whole page stays within Telegram's 4,096."""

CLASSES_SHOWN = 6
LOCALES = {Language.DUTCH: "nl_NL", Language.ENGLISH: "en_GB"}


class Composing:
    """A draft, with the next thing to choose under it."""

    def __init__(self, desk: Desk, request: Request, announcement: Announcement) -> None:
        self._desk = desk
        self._request = request
        self._announcement = announcement
        self._now = desk.clock.now()
        self._today = desk.timetable.today(self._now)
        self._reaches: tuple[Reach, ...] = ()
        self._chosen: tuple[Reach, ...] = ()
        self._checked = Checked()
        self._author = ""

    async def draw(self, view: str) -> Rendered:
        """The draft; ``view``: what to choose, or empty for what comes next."""
        draft = self._announcement
        async with reading(self._desk.engine) as connection:
            reaches = await read_reaches(connection, draft.author)
            self._reaches = open_to(self._request.viewer, reaches)
            titles = await titles_of(connection, [reach.chat for reach in self._reaches])
            self._author = await author_name(connection, draft.author)
            students, staff, class_groups = await read_roster(connection)
        self._titles = {chat: short(title, TITLE) for chat, title in titles.items()}
        self._chosen = reached_by(draft, self._reaches)
        roster = Roster(students=students, staff=staff, class_groups=class_groups)
        self._checked = checked(draft.fields, roster, self._desk.allowed)
        return self._viewed(view) or self._viewed(self._next()) or self._confirm()

    def _viewed(self, view: str) -> Rendered | None:
        """A question with its buttons; ``None`` if there is no such question."""
        what, _, more = view.partition(".")
        match what:
            case "groups":
                return self._groups(more, stays=True)
            case "first-groups":
                return self._groups(more, stays=False)
            case "kind":
                rows = self._kind_buttons()
                return self._asked("announcement-ask-kind", rows, groups=self._chosen_so_far())
            case "hours" | "new-hours":
                stays = more == "more"
                key = "announcement-ask-more-hours" if stays else f"announcement-ask-{what}"
                return self._asked(key, self._hour_buttons(what, stays=stays))
            case "day" | "new-day":
                return self._asked("announcement-ask-day", self._day_buttons(what))
            case "when":
                return self._asked("announcement-ask-when", self._when_buttons())
            case "subject" | "room" | "note" | "reason":
                return self._asked(f"announcement-ask-{what}", ())
        return None

    def _next(self) -> str:
        """What to ask for: the words that were asked for, or the first thing that is missing."""
        draft = self._announcement
        if not self._chosen:
            return "first-groups"
        if draft.awaiting is not None:
            return draft.awaiting.value
        return next((field.value for field in missing(draft.fields)), "confirm")

    def _groups(self, view: str, *, stays: bool) -> Rendered:
        chooser = Chooser(
            desk=self._desk,
            request=self._request,
            announcement=self._announcement,
            reaches=self._reaches,
            chosen=self._chosen,
            titles=self._titles,
        )
        return self._asked(*chooser.asked(view, stays=stays), groups=self._chosen_so_far())

    def _chosen_so_far(self) -> Html:
        """What is chosen, by name while that is few, and counted."""
        if not self._chosen:
            return Html("")
        people = sum(members_of(reach) for reach in self._chosen)
        counted = self._desk.said(
            "announcement-chosen",
            self._request,
            n=len(self._chosen),
            members=self._desk.said("announcement-members", self._request, n=people),
        )
        return Html("\n".join([counted, *self._listed()]))

    def _asked(self, key: str, rows: Rows, *, groups: Html | None = None) -> Rendered:
        """The draft as far as it is, and a question below it."""
        so_far = self._so_far() if groups is None else groups
        parts = [so_far] if so_far else []
        parts.append(self._desk.said(key, self._request))
        back = (self._button("button-discard", "discard"),)
        return Rendered(text=Html("\n\n".join(parts)), buttons=(*rows, back))

    def _so_far(self) -> Html:
        """The message once it is whole; until then, in one line, what is known of it."""
        fields, language = self._announcement.fields, self._request.language
        if fields.kind is None:
            return Html("")
        if not missing(fields):
            return self._preview()
        kind = label(f"button-kind-{fields.kind.value}", language)
        return Html(
            " · ".join(
                [
                    f"{SIGNS[fields.kind]} {escaped(kind)}",
                    *known_of(fields, self._words(), language),
                ]
            )
        )

    def _preview(self) -> Html:
        return announced(self._announcement.fields, self._words())

    def _words(self) -> Words:
        names = sorted({name for reach in self._chosen for name in reach.class_groups})
        # Each group reads its own classes only; of many, a few are enough to see how it looks.
        more = ["…"] if len(names) > CLASSES_SHOWN else []
        return Words(
            author=self._author,
            today=self._today,
            class_groups=(*names[:CLASSES_SHOWN], *more),
            is_correction=self._announcement.replaces is not None,
            marks=self._checked.places,
        )

    # --- buttons -------------------------------------------------------------------------------

    def _press(self, field: str, value: str = "") -> Press:
        argument = f"{self._announcement.id}.{field}" + (f".{value}" if value else "")
        return Press(verb=Verb.DRAFT, argument=argument)

    def _button(self, key: str, field: str, value: str = "") -> Button:
        return self._desk.button(key, self._request, self._press(field, value))

    def _open(self, key: str, view: str = "") -> Button:
        argument = f"{self._announcement.id}.{view}" if view else str(self._announcement.id)
        return self._desk.button(key, self._request, opens(Page.ANNOUNCEMENT, argument=argument))

    def _kind_buttons(self) -> Rows:
        kinds = [self._kind_button(kind) for kind in Kind]
        rows: list[tuple[Button, ...]] = [(kind,) for kind in kinds]
        if len(self._reaches) > 1:
            rows.append((self._open("button-groups", "groups"),))
        return tuple(rows)

    def _kind_button(self, kind: Kind) -> Button:
        said = label(f"button-kind-{kind.value}", self._request.language)
        return Button(f"{SIGNS[kind]} {said}", self._press("kind", kind.value))

    def _hour_buttons(self, field: str, *, stays: bool) -> Rows:
        """The lesson hours; one tap goes on, unless more are being chosen (``stays``)."""
        fields = self._announcement.fields
        chosen = fields.hours if field == "hours" else fields.new_hours
        view = f":{field}.more" if stays else ""
        buttons = [
            Button(
                f"{'☑ ' if hour.number in chosen else ''}{hour.number}",
                self._press(field, f"{hour.number}{view}"),
            )
            for hour in self._desk.timetable.hours
        ]
        rows = [
            tuple(buttons[at : at + HOURS_IN_A_ROW])
            for at in range(0, len(buttons), HOURS_IN_A_ROW)
        ]
        if stays:
            return (*rows, (self._open("button-go-on"),)) if chosen else tuple(rows)
        day = "day" if field == "hours" else "new-day"
        return (*rows, (*self._next_days(day), self._open("button-other-day", day)))

    def _next_days(self, field: str) -> tuple[Button, ...]:
        """Today and tomorrow, with a mark at the one that it is."""
        fields = self._announcement.fields
        chosen = fields.day if field == "day" else fields.new_day or fields.day
        days = (("button-today", self._today), ("button-tomorrow", self._today + timedelta(days=1)))
        return tuple(
            Button(
                f"{'☑ ' if day == chosen else ''}{label(key, self._request.language)}",
                self._press(field, day.isoformat()),
            )
            for key, day in days
            if day.weekday() <= FRIDAY
        )

    def _day_buttons(self, field: str) -> Rows:
        days = [self._today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 2)]
        school_days = [day for day in days if day.weekday() <= FRIDAY][:DAYS_AHEAD]
        return tuple((self._day_button(field, day),) for day in school_days)

    def _day_button(self, field: str, day: date) -> Button:
        said = day_of(day, self._today, self._request.language)
        return Button(said, self._press(field, day.isoformat()))

    def _when_buttons(self) -> Rows:
        rows = [(self._button("button-now", "when", "now"),)]
        local = self._now.astimezone(self._desk.timetable.zone)
        days = [local.date() + timedelta(days=ahead) for ahead in range(1, 5)]
        mornings = [datetime.combine(day, MORNING) for day in days if day.weekday() <= FRIDAY]
        hour = (local + timedelta(hours=1)).replace(minute=0, tzinfo=None)
        for moment in (hour, *mornings[:3]):
            said = self._said_moment(moment)
            rows.append((Button(said, self._press("when", moment.strftime(WHEN))),))
        return tuple(rows)

    def _said_moment(self, wall: datetime) -> str:
        return format_datetime(wall, "EEEE d MMMM HH:mm", locale=LOCALES[self._request.language])

    # --- confirming ----------------------------------------------------------------------------

    def _confirm(self) -> Rendered:
        stopped = self._checked.stops or self._gone
        timing = [] if stopped else [self._timing()]
        parts = [self._preview(), self._recipients(), *timing, *self._verdict()]
        return Rendered(text=Html("\n\n".join(parts)), buttons=(*self._first(), *self._changes()))

    @property
    def _gone(self) -> tuple[str, ...]:
        """Class groups of a typed line that none of the groups is for (any more)."""
        return without_group(self._chosen, self._announcement.fields.class_groups)

    def _verdict(self) -> list[Html]:
        """What stands in the way, and what had better be looked at; otherwise only to confirm."""
        desk, request = self._desk, self._request
        if self._gone:
            return [desk.said("announcement-class-gone", request, words=self._gone[0])]
        said = []
        for key, kinds in (
            ("announcement-stopped", self._checked.stops),
            ("announcement-hint", self._checked.hints),
        ):
            found = [desk.said(f"finding-{kind}", request) for kind in kinds]
            if found:
                lines = [desk.said(key, request), *(f"• {line}" for line in found)]
                said.append(Html("\n".join(lines)))
        if not self._checked.stops:
            said.append(desk.said("announcement-confirm", request))
        return said

    def _first(self) -> Rows:
        """The button that it is all about: none while there is nothing to send it with."""
        draft = self._announcement
        text = f"{draft.id}.{draft.revision}"
        if self._gone:
            return ()
        if self._checked.stops:
            doubt = Press(verb=Verb.DOUBT, argument=text)
            return ((self._desk.button("button-doubt", self._request, doubt),),)
        groups = fingerprint(reach.chat for reach in self._chosen)
        send = Press(verb=Verb.SEND, argument=f"{text}.{groups}")
        return ((self._desk.button("button-send", self._request, send),),)

    def _changes(self) -> Rows:
        """What can still be changed: only fields that this kind has."""
        kind = self._announcement.fields.kind
        fields: list[Button] = [self._open("button-groups", "groups")]
        if kind is Kind.PRACTICAL:
            fields.append(self._button("button-note", "type", Field.NOTE.value))
        else:
            fields += [
                self._open("button-day", "day"),
                self._open("button-hours", "hours.more"),
                self._button("button-subject", "type", Field.SUBJECT.value),
                self._button("button-room", "type", Field.ROOM.value),
            ]
        if kind is Kind.MOVED:
            fields += [
                self._open("button-new-hours", "new-hours.more"),
                self._open("button-new-day", "new-day"),
            ]
        rows = [tuple(fields[at : at + 3]) for at in range(0, len(fields), 3)]
        urgent = (
            self._button("button-calm", "calm")
            if self._announcement.raised_because
            else self._button("button-urgent", "type", Field.REASON.value)
        )
        last = (self._open("button-when", "when"), urgent)
        return (*rows, (*last, self._button("button-discard", "discard")))

    def _recipients(self) -> Html:
        """Who gets it, by name and number: the last thing that anybody checks."""
        head = self._desk.said("announcement-to", self._request, n=len(self._chosen))
        lines = [head, *self._listed()]
        left_out = len(self._announcement.chosen) - len(self._chosen)
        if left_out > 0:
            lines.append(self._desk.said("announcement-left-out", self._request, n=left_out))
        return Html("\n".join(lines))

    def _listed(self) -> list[Html]:
        lines = [self._reached(reach) for reach in self._chosen[:LISTED]]
        more = len(self._chosen) - LISTED
        if more > 0:
            lines.append(self._desk.said("announcement-more-groups", self._request, n=more))
        return lines

    def _reached(self, reach: Reach) -> Html:
        title = isolated(self._titles.get(reach.chat, ""))
        title = title or self._desk.said("group-without-title", self._request)
        if reach.members is None:
            return self._desk.said("announcement-group", self._request, title=title)
        members = self._desk.said("announcement-members", self._request, n=members_of(reach))
        return self._desk.said("announcement-group-of", self._request, title=title, members=members)

    def _timing(self) -> Html:
        draft, timetable = self._announcement, self._desk.timetable
        if is_over(draft.fields, timetable, self._now):
            return self._desk.said("announcement-already-over", self._request)
        timing = self._timed()
        when = self._said_moment(timing.due_at.astimezone(timetable.zone).replace(tzinfo=None))
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
