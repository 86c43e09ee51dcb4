"""``/codes``: linking codes on paper, for staff, for a class, for its guardians or for one person.

The codes are made when the papers are drawn, and stand nowhere but on them. Whose code was open
before gets a new one, and the old one ends.
"""

import asyncio
from dataclasses import dataclass, replace

from bot.callback_data import Press, Verb, number_in, opens
from bot.pages.listing import page_of, turns
from bot.pages.page import Attachment, Button, Desk, Rendered, Request
from bot.pages.scopes import GUARDIANS, STAFF, STUDENTS, Scope, called, scope_of, scopes, titled
from bot.papers.code_sheet import code_sheet
from bot.papers.layout import Layout
from bot.policy.effects import Page
from bot.policy.events import CodesHandedOut
from bot.policy.ids import PersonId, UserId
from bot.policy.people import Role
from storage.linking_codes import IssuedCode, hand_out_codes
from storage.roll import everybody, person

_IN_A_FILE_NAME = {
    Role.STUDENT: "leerlingen",
    Role.STAFF: "medewerkers",
    Role.GUARDIAN: "ouders",
}
LARGEST = 60
"""From more people than this on, it takes long enough to say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """For whom codes are to be made, as a line of the log will say it."""

    numbers: tuple[PersonId, ...]
    event: CodesHandedOut
    layout: Layout


async def draw(desk: Desk, request: Request) -> Rendered:
    """Whom to make codes for: roles, then classes, then the form of the papers."""
    what, _, rest = request.argument.partition(".")
    listed = await everybody(desk.engine, desk.clock.now())
    if what == "c":
        letter, _, offset = rest.partition(".")
        if letter in {STUDENTS, GUARDIANS}:
            return _classes(desk, request, scopes(listed, letter), letter, offset)
    if what == "k" and (scope := scope_of(listed, rest)) is not None:
        return _forms(desk, request, scope)
    (staff,) = scopes(listed, STAFF)
    return Rendered(
        text=desk.said("codes-for-whom", request),
        buttons=(
            (_counted(desk, request, staff),),
            (desk.button("button-codes-students", request, opens(Page.CODES, argument="c.s.0")),),
            (desk.button("button-codes-guardians", request, opens(Page.CODES, argument="c.g.0")),),
        ),
    )


def _classes(
    desk: Desk, request: Request, found: tuple[Scope, ...], letter: str, offset: str
) -> Rendered:
    waiting = tuple(scope for scope in found if scope.unlinked)
    start, shown = page_of(waiting, offset)
    rows = tuple((_counted(desk, request, scope),) for scope in shown)
    turn = turns(start, len(waiting), lambda at: opens(Page.CODES, argument=f"c.{letter}.{at}"))
    key = "codes-which-class" if waiting else "codes-nobody"
    back = (desk.button("button-back", request, opens(Page.CODES)),)
    return Rendered(text=desk.said(key, request), buttons=(*rows, *turn, back))


def _counted(desk: Desk, request: Request, scope: Scope) -> Button:
    """A class with how many of it have no account yet."""
    press = opens(Page.CODES, argument=f"k.{scope.key}")
    return Button(f"{called(desk, request, scope)}: {scope.unlinked}", press)


def _forms(desk: Desk, request: Request, scope: Scope) -> Rendered:
    back = (desk.button("button-back", request, opens(Page.CODES)),)
    if not scope.unlinked:
        return Rendered(text=desk.said("codes-nobody", request), buttons=(back,))
    text = desk.said("codes-form", request, n=scope.unlinked, called=titled(desk, request, scope))
    cards = Press(verb=Verb.CODES, argument=f"{scope.key}.{Layout.CARDS}")
    letters = Press(verb=Verb.CODES, argument=f"{scope.key}.{Layout.LETTERS}")
    return Rendered(
        text=text,
        buttons=(
            (desk.button("button-codes-cards", request, cards),),
            (desk.button("button-codes-letters", request, letters),),
            back,
        ),
    )


async def draw_papers(desk: Desk, request: Request) -> Rendered:
    """Make the codes, and the papers that carry them."""
    order = await _order(desk, request)
    if order is None:
        return Rendered(text=desk.said("codes-nobody", request))
    if len(order.numbers) > LARGEST:
        await request.progress(desk.said("codes-making", request, n=len(order.numbers)))
    codes = await hand_out_codes(
        desk.engine, order.numbers, order.event, desk.clock.now(), desk.limits.code_valid
    )
    if not codes:
        return Rendered(text=desk.said("codes-nobody", request))
    return await _handed(desk, request, _piled(codes, order.event.class_group), order.layout)


def _piled(codes: list[IssuedCode], class_group: str | None) -> list[IssuedCode]:
    """One pile for a class, by name, whatever other classes somebody is in."""
    if class_group is None:
        return codes
    classes = (class_group,) if class_group else ()
    together = (replace(one, class_groups=classes) for one in codes)
    return sorted(together, key=lambda one: (one.name.casefold(), one.school_id))


async def _order(desk: Desk, request: Request) -> _Order | None:
    key, _, form = request.argument.rpartition(".")
    user = request.viewer.user
    if form not in Layout.__members__.values():
        return None
    layout = Layout(form)
    if key.startswith("p"):
        return await _one(desk, user, number_in(key[1:]), layout)
    scope = scope_of(await everybody(desk.engine, desk.clock.now()), key)
    if scope is None:
        return None
    event = CodesHandedOut(
        user=user, count=0, role=scope.role, class_group=scope.class_group, person=None
    )
    numbers = tuple(one.number for one in scope.people if not one.linked)
    return _Order(numbers=numbers, event=event, layout=layout)


async def _one(desk: Desk, user: UserId, number: int, layout: Layout) -> _Order | None:
    found = await person(desk.engine, number, desk.clock.now())
    if found is None or not found.active:
        return None
    event = CodesHandedOut(
        user=user, count=0, role=found.role, class_group=None, person=found.number
    )
    return _Order(numbers=(found.number,), event=event, layout=layout)


async def _handed(
    desk: Desk, request: Request, codes: list[IssuedCode], layout: Layout
) -> Rendered:
    # Twenty megabytes of libraries, for some minutes of a school year.
    from bot.papers.code_papers import code_papers, draws  # noqa: PLC0415

    school, zone = desk.school.dutch.school, desk.school.clock
    username = desk.bot.username
    role = desk.said(f"roles-{codes[0].role}", request)
    until = codes[0].expires_at.isoformat()
    name = f"koppelcodes-{_IN_A_FILE_NAME[codes[0].role]}"
    if draws(codes, school):
        # In a thread: a whole school's papers take seconds.
        content = await asyncio.to_thread(
            code_papers, codes, layout=layout, username=username, school=school, zone=zone
        )
        text = desk.said("codes-papers", request, n=len(codes), role=role, until=until)
        return Rendered(
            text=text, attachment=Attachment(name=f"{name}.pdf", content=content, protected=True)
        )
    sheet = code_sheet(codes, username=username, school=school, zone=zone)
    text = desk.said("codes-sheet", request, n=len(codes), role=role, until=until)
    attachment = Attachment(name=f"{name}.html", content=sheet.encode(), protected=True)
    return Rendered(text=text, attachment=attachment)


_IN_A_FILE_NAME = {
    Role.STUDENT: "leerlingen",
    Role.STAFF: "medewerkers",
    Role.GUARDIAN: "ouders",
}


PAGES = {Page.CODES: draw, Page.CODE_PAPERS: draw_papers}
