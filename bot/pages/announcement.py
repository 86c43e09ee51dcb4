"""An announcement before its author: going out, what came of it, and a second person's look.

One message in the private chat, drawn by where the announcement is in its life.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from babel.dates import format_datetime

from bot.callback_data import Press, Verb, opens
from bot.messages import Html, escaped
from bot.messages.announcements import Words, announced, day_of
from bot.messages.notices import label
from bot.pages.composing import LISTED, LOCALES, Composing
from bot.pages.page import Button, Desk, Rendered, Request
from bot.pages.wording import short
from bot.policy.announcements.draft import Announcement, AnnouncementState, DeliveryState
from bot.policy.announcements.reviewing import REASONS
from bot.policy.announcements.sending import UNCERTAIN
from bot.policy.effects import Page
from bot.policy.people import Duty
from bot.wording.announcement import Roster, checked
from storage.announcements import (
    GroupReport,
    author_name,
    read_announcements,
    read_report,
    recent_of,
)
from storage.announcements import roster as read_roster
from storage.engine import reading

Rows = tuple[tuple[Button, ...], ...]


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
            return await Composing(desk, request, announcement).draw(view)
        case AnnouncementState.DISCARDED:
            return Rendered(text=desk.said("announcement-discarded", request))
        case _:
            return await _came_of_it(desk, request, announcement)


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
    said = (
        desk.said("announcement-erased", request)
        if announcement.erased
        else announced(announcement.fields, words)
    )
    text = Html("\n\n".join([said, state, Html("\n".join(lines))]))
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
            wall.replace(tzinfo=None), "EEEE d MMMM HH:mm", locale=LOCALES[request.language]
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
    if each.state is DeliveryState.FAILED and each.gone:
        return Html(f"{mark} {title}: {desk.said('announcement-gone', request)}")
    if each.state in {DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.WITHHELD}:
        why = desk.said(f"announcement-{each.state.value}", request)
        return Html(f"{mark} {title}: {why}")
    return Html(f"{mark} {title}")


def _afterwards(
    desk: Desk, request: Request, announcement: Announcement, *, uncertain: bool
) -> Rows:
    if announcement.state is AnnouncementState.WITHDRAWN or announcement.erased:
        return ()
    number = str(announcement.id)
    withdraw = desk.button("button-take-back", request, Press(verb=Verb.WITHDRAW, argument=number))
    refresh = desk.button("button-how-far", request, opens(Page.ANNOUNCEMENT, argument=number))
    if announcement.state is AnnouncementState.SCHEDULED:
        return ((withdraw,),)
    correct = desk.button("button-correct", request, Press(verb=Verb.CORRECT, argument=number))
    resend = desk.button("button-resend", request, Press(verb=Verb.RESEND, argument=number))
    seen = desk.button("button-who-saw", request, opens(Page.SEEN_BY, argument=number))
    return (*(((resend,),) if uncertain else ()), (refresh, seen), (correct, withdraw))


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
        students, staff, class_groups = await read_roster(connection)
    roster = Roster(students=students, staff=staff, class_groups=class_groups)
    check = checked(announcement.fields, roster, desk.allowed)
    lines = [desk.said(f"finding-{kind}", request) for kind in check.stops]
    today = desk.timetable.today(desk.clock.now())
    words = Words(author=name, today=today, marks=check.places)
    parts = [
        desk.said("review-asked", request),
        announced(announcement.fields, words),
        Html("\n".join(f"• {line}" for line in lines)),
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
    if Duty.COORDINATOR in request.viewer.duties:
        urgent = desk.button("button-urgent-ones", request, opens(Page.SEEN_BY))
        rows = (*rows, (urgent,))
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
    kind = label(f"button-kind-{fields.kind}", request.language) if fields.kind else "…"
    typed = fields.subject or fields.note or kind
    what = short(" ".join([*fields.class_groups[:3], typed]), 28)
    shown = replace(fields, class_groups=()).day
    day = "" if shown is None else f" · {day_of(shown, today, request.language)}"
    return Button(
        f"{mark} {what}{day}"[:60], opens(Page.ANNOUNCEMENT, argument=str(announcement.id))
    )


PAGES = {Page.ANNOUNCEMENT: draw, Page.ANNOUNCEMENTS: draw_all, Page.REVIEW: draw_review}
