"""One person of the roster: his link, his open code and his duties, and what can be done."""

from bot.callback_data import Press, Verb, number_in, opens
from bot.messages import Html
from bot.pages.listing import named
from bot.pages.page import Button, Desk, Rendered, Request
from bot.pages.values import day
from bot.pages.wording import isolated, lines, short
from bot.papers.layout import Layout
from bot.policy.effects import Page
from bot.policy.people import Role
from storage.roll import Listed, person


async def draw(desk: Desk, request: Request) -> Rendered:
    """What we know of somebody, and the buttons that are of use now."""
    found = await _found(desk, request)
    if found is None:
        return _nobody(desk, request)
    rows: list[tuple[Button, ...]] = []
    number = str(found.number)
    if found.linked:
        revoke = opens(Page.REVOKE_LINK, argument=number)
        rows.append((desk.button("button-revoke-link", request, revoke),))
    elif found.active:
        code = Press(verb=Verb.CODES, argument=f"p{number}.{Layout.LETTERS}")
        rows.append((desk.button("button-new-code", request, code),))
    if found.active and found.role is Role.STAFF:
        duties = opens(Page.DUTIES, argument=f"p{number}")
        rows.append((desk.button("button-duties", request, duties),))
    rows.append((desk.button("button-back", request, opens(Page.LINKS)),))
    return Rendered(text=_about(desk, request, found), buttons=tuple(rows))


async def draw_revoke(desk: Desk, request: Request) -> Rendered:
    """Whether it is really meant."""
    found = await _found(desk, request)
    if found is None or not found.linked:
        return _nobody(desk, request)
    number = str(found.number)
    own = request.viewer.person is not None and request.viewer.person.id == found.number
    key = "revoke-own-link" if own else "revoke-link"
    return Rendered(
        text=desk.said(key, request, name=named(found.name)),
        buttons=(
            (
                desk.button(
                    "button-revoke-yes", request, Press(verb=Verb.REVOKE_LINK, argument=number)
                ),
            ),
            (desk.button("button-back", request, opens(Page.PERSON, argument=number)),),
        ),
    )


async def _found(desk: Desk, request: Request) -> Listed | None:
    return await person(desk.engine, number_in(request.argument), desk.clock.now())


def _nobody(desk: Desk, request: Request) -> Rendered:
    back = (desk.button("button-back", request, opens(Page.LINKS)),)
    return Rendered(text=desk.said("person-nobody", request), buttons=(back,))


def _about(desk: Desk, request: Request, found: Listed) -> Html:
    role = desk.said(f"role-{found.role}", request)
    text = [desk.said("person-who", request, name=named(found.name), role=role)]
    if not found.active:
        text.append(desk.said("person-left", request))
    if found.class_groups:
        classes = ", ".join(isolated(short(each)) for each in found.class_groups)
        text.append(desk.said("person-classes", request, classes=short(classes, 300)))
    if found.duties:
        duties = Html(
            ", ".join(desk.said(f"duty-{duty}", request) for duty in sorted(found.duties))
        )
        text.append(desk.said("person-duties", request, duties=duties))
    return lines([*text, _link(desk, request, found)])


def _link(desk: Desk, request: Request, found: Listed) -> Html:
    if found.linked_at is not None:
        return desk.said("person-linked", request, since=day(found.linked_at, desk, request))
    if found.linked:
        return desk.said("person-linked-once", request)
    if found.code_until is not None:
        return desk.said("person-code-open", request, until=found.code_until.isoformat())
    return desk.said("person-not-linked", request)


PAGES = {Page.PERSON: draw, Page.REVOKE_LINK: draw_revoke}
