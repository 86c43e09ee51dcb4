"""Who has seen an announcement: counts for its author, names only where it was urgent.

Names stand here for the author and for coordinators, and no longer than it is known who pressed.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.callback_data import Press, Verb, number_in, opens
from bot.messages import Html
from bot.messages.announcements import Words, announced
from bot.pages.listing import fitting, named, page_of, spaced, turns
from bot.pages.page import Button, Desk, Rendered, Request
from bot.pages.values import day
from bot.pages.wording import isolated, lines, moment, short
from bot.policy.announcements.draft import Announcement
from bot.policy.announcements.repeating import can_repeat
from bot.policy.announcements.timing import lesson_begins
from bot.policy.effects import Page
from bot.policy.people import Duty
from storage.announcements import author_name, read_announcements
from storage.engine import reading
from storage.seen import Reader, Share, readers_of, share_of, urgent_since

NOT_YET, SEEN = "n", "y"
LISTED = 8
LONGEST = 2_000


async def draw(desk: Desk, request: Request) -> Rendered:
    """How many have seen it, class by class; ``argument``: number, whom to name, from which on."""
    number, _, view = request.argument.partition(".")
    if not number:
        return await _urgent_ones(desk, request)
    async with reading(desk.engine) as connection:
        found = await read_announcements(connection, (number_in(number),))
        announcement = next(iter(found.values()), None)
        if announcement is None or not _may_see(request, announcement):
            return Rendered(text=desk.said("announcement-none", request))
        share = await share_of(connection, announcement.id)
        readers = await readers_of(connection, announcement.id)
        author = await author_name(connection, announcement.author)
    head = [_about(desk, request, announcement, author)]
    if share is not None:
        head.append(_in_all(desk, request, share, announcement))
    back = _back(desk, request, announcement)
    if not _is_known(desk, announcement):
        return Rendered(text=spaced([*head, desk.said("seen-not-kept", request)]), buttons=back)
    head.append(_by_class(desk, request, readers))
    if not announcement.urgent:
        return Rendered(text=spaced([*head, desk.said("seen-no-names", request)]), buttons=back)
    return _with_names(desk, request, announcement, head, readers, view)


def _may_see(request: Request, announcement: Announcement) -> bool:
    """Its author; of what was urgent, coordinators too."""
    viewer = request.viewer
    is_coordinator = Duty.COORDINATOR in viewer.duties
    return announcement.author == viewer.user or (announcement.urgent and is_coordinator)


def _is_known(desk: Desk, announcement: Announcement) -> bool:
    """Whether it is still kept who pressed, of the first one on."""
    sent = [each.sent_at for each in announcement.deliveries if each.sent_at is not None]
    return bool(sent) and desk.clock.now() - min(sent) < desk.limits.seen_retention


def _about(desk: Desk, request: Request, announcement: Announcement, author: str) -> Html:
    if announcement.erased:
        return desk.said("announcement-erased", request)
    words = Words(author=author, today=desk.timetable.today(desk.clock.now()))
    return announced(announcement.fields, words)


def _in_all(desk: Desk, request: Request, share: Share, announcement: Announcement) -> Html:
    said = desk.said("seen-in-all", request, seen=share.seen, n=share.members)
    begins = lesson_begins(announcement.fields, desk.timetable)
    if begins is None:
        return said
    lesson = desk.said("seen-lesson", request, when=moment(desk, request, begins))
    return Html(f"{said} {lesson}")


def _by_class(desk: Desk, request: Request, readers: Sequence[Reader]) -> Html:
    """Of the members whom the bot knows: by class group, the others together."""
    classes = sorted({name for reader in readers for name in reader.class_groups})
    counted = [
        _counted(desk, request, name, [each for each in readers if name in each.class_groups])
        for name in classes
    ]
    others = [each for each in readers if not each.class_groups]
    if others:
        seen = sum(each.seen_at is not None for each in others)
        counted.append(desk.said("seen-by-others", request, seen=seen, n=len(others)))
    if not counted:
        return desk.said("seen-nobody-known", request)
    return lines([desk.said("seen-by-class", request), *fitting(counted, LONGEST)])


def _counted(desk: Desk, request: Request, name: str, readers: Sequence[Reader]) -> Html:
    seen = sum(each.seen_at is not None for each in readers)
    class_group = isolated(short(name))
    return desk.said("seen-of-class", request, name=class_group, seen=seen, n=len(readers))


def _with_names(
    desk: Desk,
    request: Request,
    announcement: Announcement,
    head: Sequence[Html],
    readers: Sequence[Reader],
    view: str,
) -> Rendered:
    """Who has not seen it yet, or who has: eight at a time."""
    which, _, offset = view.partition(".")
    which = SEEN if which == SEEN else NOT_YET
    chosen = [each for each in readers if (each.seen_at is not None) == (which == SEEN)]
    start, shown = page_of(chosen, offset)
    key = "seen-names" if which == SEEN else "seen-not-yet"
    names = [desk.said("seen-name", request, name=named(each.name)) for each in shown]
    text = spaced([*head, lines([desk.said(key, request, n=len(chosen)), *names])])

    def opens_at(at: int, view: str = which) -> Press:
        return opens(Page.SEEN_BY, argument=f"{announcement.id}.{view}.{at}")

    other, label = (NOT_YET, "button-not-yet-seen") if which == SEEN else (SEEN, "button-have-seen")
    switch = (desk.button(label, request, opens_at(0, other)),)
    turning = turns(start, len(chosen), opens_at)
    return Rendered(text=text, buttons=(*turning, switch, *_back(desk, request, announcement)))


def _back(
    desk: Desk, request: Request, announcement: Announcement
) -> tuple[tuple[Button, ...], ...]:
    if announcement.author == request.viewer.user:
        press = opens(Page.ANNOUNCEMENT, argument=str(announcement.id))
    else:
        press = opens(Page.SEEN_BY)
    return ((desk.button("button-back", request, press),),)


# --- what coordinators choose from ---------------------------------------------------------------


async def _urgent_ones(desk: Desk, request: Request) -> Rendered:
    """The urgent announcements of which it is known who has seen them, the last one first."""
    if Duty.COORDINATOR not in request.viewer.duties:
        return Rendered(text=desk.said("announcement-none", request))
    since = desk.clock.now() - desk.limits.seen_retention
    async with reading(desk.engine) as connection:
        found = await urgent_since(connection, since, LISTED)
    rows = tuple((_entry(desk, request, number, at, name),) for number, at, name in found)
    key = "seen-urgent-ones" if rows else "seen-no-urgent-ones"
    return Rendered(text=desk.said(key, request), buttons=rows)


def _entry(desk: Desk, request: Request, number: int, at: datetime, author: str) -> Button:
    label = f"{day(at, desk, request)} · {short(author)}"
    return Button(label, opens(Page.SEEN_BY, argument=str(number)))


# --- whether to repeat ---------------------------------------------------------------------------


async def draw_ask(desk: Desk, request: Request) -> Rendered:
    """Few have seen it and the lesson is near: whether to say it once more."""
    async with reading(desk.engine) as connection:
        found = await read_announcements(connection, (number_in(request.argument),))
        announcement = next(iter(found.values()), None)
        if announcement is None or announcement.author != request.viewer.user:
            return Rendered(text=desk.said("announcement-none", request))
        share = await share_of(connection, announcement.id)
        author = await author_name(connection, announcement.author)
    if share is None or not can_repeat(announcement):
        return Rendered(text=desk.said("repeat-not-needed", request))
    number = str(announcement.id)
    repeat = desk.button("button-repeat", request, Press(verb=Verb.REPEAT, argument=number))
    leave = desk.button("button-do-not-repeat", request, opens(Page.ANNOUNCEMENT, argument=number))
    parts = [
        desk.said("repeat-asked", request),
        _about(desk, request, announcement, author),
        _in_all(desk, request, share, announcement),
    ]
    return Rendered(text=spaced(parts), buttons=((repeat,), (leave,)))


PAGES = {Page.SEEN_BY: draw, Page.ASK_AGAIN: draw_ask}
