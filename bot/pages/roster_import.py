"""``/import``: a roster as a document, its preview, and writing it once it was confirmed.

The file stays with Telegram and is read anew each time: of a roster that nobody has confirmed no
name is kept, only what says whether it is still the same.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from telegram.error import TelegramError

from bot.callback_data import Press, Verb, number_in, opens
from bot.messages import Html
from bot.pages.listing import fitting, spaced
from bot.pages.page import Desk, Rendered, Request
from bot.pages.wording import isolated, lines, short
from bot.policy.administering.administration import MOST_BYTES
from bot.policy.administering.under_way import UploadState
from bot.policy.effects import Language, Page
from bot.policy.people import Role
from bot.policy.rosters.roster import PersonChange, RosterPerson
from bot.policy.rosters.roster_file import RosterFile, read_roster
from bot.policy.rosters.roster_in_bot import ImportPlan, Wish, digest_of, plan_in_bot
from bot.policy.rosters.roster_troubles import TROUBLES, RosterError
from storage.people import RosterChangedError, current_roster
from storage.roster_uploads import (
    Counts,
    StoredUpload,
    remember_shown,
    upload_of,
    write_upload,
)

MOST_PEOPLE = 25_000
"""In one file through the bot: while more are written, others would have to wait for an answer."""

ERRORS_SHOWN = 20
NAMES_SHOWN = 8
_ROOM = 3_000
"""Characters for the lines of errors: the rest of 4,096 is for what is said around them."""

_OPEN = frozenset({UploadState.NEW, UploadState.SHOWN})


class NotFetchedError(Exception):
    """Telegram did not give the file, or it is too large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A file as it was read beside the roster of this moment."""

    content_digest: str
    plan_digest: str
    file: RosterFile
    planned: ImportPlan


async def draw(desk: Desk, request: Request) -> Rendered:
    """What to send, and how it goes on."""
    return Rendered(text=desk.said("import-ask", request))


async def draw_preview(desk: Desk, request: Request) -> Rendered:
    """What a roster changes, or everything that is wrong with it."""
    upload = await _own_upload(desk, request)
    if upload is None or upload.state not in _OPEN:
        return _told(desk, request, upload)
    if desk.clock.now() - upload.made_at >= desk.limits.upload_valid:
        return Rendered(text=desk.said("import-expired", request))
    return await _preview(desk, request, upload)


async def draw_run(desk: Desk, request: Request) -> Rendered:
    """Write a roster that was confirmed, and what came of it."""
    upload = await _own_upload(desk, request)
    if upload is None or upload.state is not UploadState.CONFIRMED:
        return _told(desk, request, upload)
    try:
        read = await _read(desk, request, upload)
    except NotFetchedError:
        return Rendered(
            text=desk.said("import-not-fetched-again", request),
            buttons=((desk.button("button-import-again", request, _press("yes", upload)),),),
        )
    if read.content_digest != upload.content_digest:
        return await _changed_meanwhile(desk, request, upload)
    await request.progress(desk.said("import-writing", request, n=len(read.file.rows)))
    try:
        written = await write_upload(
            desk.engine, upload, read.file.rows, desk.clock.now(), desk.limits.proposal_valid
        )
    except RosterChangedError:
        return await _changed_meanwhile(desk, request, upload)
    desk.hand_over(written.waiting)
    return _done(desk, request, written.counts)


async def _changed_meanwhile(desk: Desk, request: Request, upload: StoredUpload) -> Rendered:
    shown = await _preview(desk, request, upload)
    text = spaced([desk.said("import-changed-meanwhile", request), shown.text])
    return Rendered(text=text, buttons=shown.buttons)


async def _own_upload(desk: Desk, request: Request) -> StoredUpload | None:
    """The upload that the button names, if it is the viewer's own."""
    upload = await upload_of(desk.engine, number_in(request.argument))
    return upload if upload is not None and upload.user == request.viewer.user else None


def _told(desk: Desk, request: Request, upload: StoredUpload | None) -> Rendered:
    """What has become of an upload that does not wait for this."""
    state = None if upload is None else upload.state
    if upload is not None and state is UploadState.DONE:
        return _done(desk, request, upload.counts)
    if state is UploadState.CANCELLED:
        return Rendered(text=desk.said("import-cancelled", request))
    return Rendered(text=desk.said("import-over", request))


def _done(desk: Desk, request: Request, counts: Counts) -> Rendered:
    text = [
        desk.said(
            "import-done", request, added=counts.added, changed=counts.changed, gone=counts.gone
        )
    ]
    rows = [(desk.button("button-to-codes", request, opens(Page.CODES)),)]
    if counts.proposed:
        text.append(desk.said("import-done-proposed", request, n=counts.proposed))
        waiting = opens(Page.DUTIES, argument="w0")
        rows.insert(0, (desk.button("button-to-proposals", request, waiting),))
    return Rendered(text=spaced(text), buttons=tuple(rows))


# --- reading -----------------------------------------------------------------------------------


async def _read(desk: Desk, request: Request, upload: StoredUpload) -> _Read:
    await request.progress(desk.said("import-reading", request))
    data = await _fetched(desk, upload)
    current = await current_roster(desk.engine)
    # In a thread: a whole school's file takes long enough for somebody else to notice.
    read = await asyncio.to_thread(_planned, data, current)
    await request.progress(desk.said("import-checked", request, n=len(read.file.rows)))
    return read


async def _fetched(desk: Desk, upload: StoredUpload) -> bytes:
    try:
        file = await desk.bot.get_file(upload.file_id)
        if file.file_size is not None and file.file_size > MOST_BYTES:
            raise NotFetchedError
        data = bytes(await file.download_as_bytearray())
    except TelegramError:
        raise NotFetchedError from None
    if len(data) > MOST_BYTES:
        raise NotFetchedError
    return data


def _planned(data: bytes, current: Sequence[RosterPerson]) -> _Read:
    students = {p.school_id for p in current if p.active and p.role is Role.STUDENT}
    file = read_roster(data, students)
    planned = plan_in_bot(current, file.rows[:MOST_PEOPLE])
    return _Read(
        content_digest=hashlib.sha256(data).hexdigest(),
        plan_digest=digest_of(planned),
        file=file,
        planned=planned,
    )


# --- the preview -------------------------------------------------------------------------------


async def _preview(desk: Desk, request: Request, upload: StoredUpload) -> Rendered:
    try:
        read = await _read(desk, request, upload)
    except NotFetchedError:
        return Rendered(text=desk.said("import-not-fetched", request))
    if read.file.errors:
        return Rendered(text=_errors(desk, request, read.file.errors))
    if len(read.file.rows) > MOST_PEOPLE:
        text = desk.said("import-too-many", request, n=len(read.file.rows), most=MOST_PEOPLE)
        return Rendered(text=text)
    if read.planned.plan.changes_nothing and not read.planned.wishes:
        return Rendered(text=desk.said("import-nothing", request))
    remembered = await remember_shown(
        desk.engine,
        upload.number,
        content_digest=read.content_digest,
        plan_digest=read.plan_digest,
    )
    if not remembered:
        return _told(desk, request, await upload_of(desk.engine, upload.number))
    key = "button-import-yes-gone" if read.planned.plan.large_losses else "button-import-yes"
    return Rendered(
        text=_changes(desk, request, read),
        buttons=(
            (desk.button(key, request, _press("yes", upload)),),
            (desk.button("button-import-no", request, _press("no", upload)),),
        ),
    )


def _press(answer: str, upload: StoredUpload) -> Press:
    return Press(verb=Verb.IMPORT, argument=f"{answer}.{upload.number}")


def _errors(desk: Desk, request: Request, errors: Sequence[RosterError]) -> Html:
    each = fitting((_error(desk, request, one) for one in errors[:ERRORS_SHOWN]), _ROOM)
    text = [desk.said("import-errors", request, n=len(errors)), Html(""), *each]
    if len(errors) > len(each):
        text.append(desk.said("list-more", request, n=len(errors) - len(each)))
    return lines([*text, Html(""), desk.said("import-errors-how", request)])


def _error(desk: Desk, request: Request, error: RosterError) -> Html:
    dutch, english = TROUBLES[error.what]
    what = english if request.language is Language.ENGLISH else dutch
    where = [short(part) for part in (error.column, error.value) if part]
    return desk.said(
        "import-error-line",
        request,
        line=str(error.line),
        what=what,
        where=f" [{', '.join(where)}]" if where else "",
    )


def _changes(desk: Desk, request: Request, read: _Read) -> Html:
    plan, planned = read.planned.plan, read.planned
    text = [
        desk.said(
            "import-preview",
            request,
            people=len(read.file.rows),
            added=len(plan.added),
            changed=len(plan.changed),
            gone=len(plan.gone),
            unchanged=plan.unchanged,
        )
    ]
    # Who gets another role gets another say, so that stands by itself.
    roles = [change for change in plan.changed if change.before.role is not change.after.role]
    others = [change for change in plan.changed if change.before.role is change.after.role]
    text += _loss(desk, request, planned)
    text += _list(desk, request, "import-roles", [_role(desk, request, one) for one in roles])
    text += _list(desk, request, "import-added", [_in_line(one.name) for one in plan.added])
    text += _list(desk, request, "import-changed", [_in_line(one.after.name) for one in others])
    text += _list(desk, request, "import-gone", [_in_line(one.name) for one in plan.gone])
    text += _list(desk, request, "import-kept", [_in_line(one.name) for one in planned.kept])
    wishes = [_wish(desk, request, wish) for wish in planned.wishes]
    text += _list(desk, request, "import-wishes", wishes)
    text += _list(desk, request, "import-ignored", [short(each) for each in read.file.ignored])
    notes = sorted({short(note.value) for note in read.file.notes})
    text += _list(desk, request, "import-notes", notes)
    return spaced([*text, desk.said("import-confirm", request)])


def _loss(desk: Desk, request: Request, planned: ImportPlan) -> list[Html]:
    return [
        desk.said(
            "import-large-loss",
            request,
            n=loss.gone,
            all=loss.of,
            role=desk.said(f"roles-{loss.role}", request),
        )
        for loss in planned.plan.large_losses
    ]


def _list(desk: Desk, request: Request, key: str, names: Iterable[str | Html]) -> list[Html]:
    """A line with the first of some names, and how many more there are; nothing without names."""
    every = list(names)
    if not every:
        return []
    shown = [desk.said("list-name", request, name=name) for name in every[:NAMES_SHOWN]]
    if len(every) > NAMES_SHOWN:
        shown.append(desk.said("list-more", request, n=len(every) - NAMES_SHOWN))
    return [desk.said(key, request, n=len(every), names=Html(", ".join(shown)))]


def _in_line(name: str) -> str:
    """A name among many: all lists together must fit in one message."""
    return isolated(short(name))


def _role(desk: Desk, request: Request, change: PersonChange) -> Html:
    return desk.said(
        "import-role-change",
        request,
        name=_in_line(change.after.name),
        before=desk.said(f"role-{change.before.role}", request),
        after=desk.said(f"role-{change.after.role}", request),
    )


def _wish(desk: Desk, request: Request, wish: Wish) -> Html:
    duty = desk.said(f"duty-{wish.duty}", request)
    key = "wish-give" if wish.grants else "wish-take"
    return desk.said(key, request, name=_in_line(wish.name), duty=duty)


PAGES = {
    Page.IMPORT: draw,
    Page.IMPORT_PREVIEW: draw_preview,
    Page.IMPORT_RUN: draw_run,
}
