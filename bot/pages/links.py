"""``/koppelingen``: how many have linked, by role and class, and who has and who has not."""

from bot.callback_data import Press, opens
from bot.pages.listing import bar, page_of, spaced, turns
from bot.pages.page import Button, Desk, Rendered, Request
from bot.pages.scopes import GUARDIANS, STAFF, STUDENTS, Scope, called, scope_of, scopes, titled
from bot.pages.wording import isolated, short
from bot.policy.effects import Page
from storage.roll import Listed, everybody

_NOT_YET, _LINKED = "n", "y"


async def draw(desk: Desk, request: Request) -> Rendered:
    """The whole school; the classes of a role (``c.s.0``); or a class (``p.<class>.n.0``)."""
    listed = await everybody(desk.engine, desk.clock.now())
    what, _, rest = request.argument.partition(".")
    if what == "c":
        letter, _, offset = rest.partition(".")
        if letter in {STUDENTS, GUARDIANS}:
            return _classes(desk, request, scopes(listed, letter), letter, offset)
    if what == "p":
        key, _, more = rest.partition(".")
        scope = scope_of(listed, key)
        if scope is not None:
            which, _, offset = more.partition(".")
            return _people(desk, request, scope, linked=which == _LINKED, offset=offset)
    return _school(desk, request, listed)


def _school(desk: Desk, request: Request, listed: tuple[Listed, ...]) -> Rendered:
    text = [desk.said("links-overview", request)]
    for letter in (STAFF, STUDENTS, GUARDIANS):
        role = scopes(listed, letter)
        people = {one.number: one for scope in role for one in scope.people}.values()
        linked = sum(one.linked for one in people)
        with_code = sum(one.code_until is not None and not one.linked for one in people)
        text.append(
            desk.said(
                f"links-{letter}",
                request,
                bar=bar(linked, len(people)),
                linked=linked,
                all=len(people),
                codes=with_code,
            )
        )
    return Rendered(
        text=spaced(text),
        buttons=(
            (desk.button("button-links-staff", request, _opens_class(STAFF, _NOT_YET, 0)),),
            (desk.button("button-links-students", request, _opens_classes(STUDENTS, 0)),),
            (desk.button("button-links-guardians", request, _opens_classes(GUARDIANS, 0)),),
        ),
    )


def _opens_classes(letter: str, offset: int) -> Press:
    return opens(Page.LINKS, argument=f"c.{letter}.{offset}")


def _opens_class(key: str, which: str, offset: int) -> Press:
    return opens(Page.LINKS, argument=f"p.{key}.{which}.{offset}")


def _classes(
    desk: Desk, request: Request, found: tuple[Scope, ...], letter: str, offset: str
) -> Rendered:
    start, shown = page_of(found, offset)
    rows = tuple(
        (Button(_counted(desk, request, scope), _opens_class(scope.key, _NOT_YET, 0)),)
        for scope in shown
    )
    turn = turns(start, len(found), lambda at: _opens_classes(letter, at))
    back = (desk.button("button-back", request, opens(Page.LINKS)),)
    key = "links-classes" if found else "list-empty"
    return Rendered(text=desk.said(key, request), buttons=(*rows, *turn, back))


def _counted(desk: Desk, request: Request, scope: Scope) -> str:
    drawn = bar(scope.linked, len(scope.people))
    return f"{called(desk, request, scope)} {drawn} {scope.linked}/{len(scope.people)}"


def _people(desk: Desk, request: Request, scope: Scope, *, linked: bool, offset: str) -> Rendered:
    """Those of a class who have linked, or who have not, each with a button to his page."""
    found = [one for one in scope.people if one.linked is linked]
    start, shown = page_of(found, offset)
    which, other = (_LINKED, _NOT_YET) if linked else (_NOT_YET, _LINKED)
    text = desk.said(
        "links-class",
        request,
        called=titled(desk, request, scope),
        bar=bar(scope.linked, len(scope.people)),
        linked=scope.linked,
        all=len(scope.people),
    )
    head = "links-have" if linked else "links-have-not"
    rows = tuple(
        (Button(_marked(one), opens(Page.PERSON, argument=str(one.number))),) for one in shown
    )
    turn = turns(start, len(found), lambda at: _opens_class(scope.key, which, at))
    switch = "button-links-have-not" if linked else "button-links-have"
    letter = scope.key[:1]
    up = opens(Page.LINKS) if letter == STAFF else _opens_classes(letter, 0)
    return Rendered(
        text=spaced([text, desk.said(head, request, n=len(found))]),
        buttons=(
            *rows,
            *turn,
            (desk.button(switch, request, _opens_class(scope.key, other, 0)),),
            (desk.button("button-back", request, up),),
        ),
    )


def _marked(one: Listed) -> str:
    """A name on a button; with an envelope when a code of his is still open."""
    mark = " ✉" if one.code_until is not None and not one.linked else ""
    return f"{isolated(short(one.name))}{mark}"


PAGES = {Page.LINKS: draw}
