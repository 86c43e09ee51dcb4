"""``/verzoeken``: what people asked about what is stored of them, and before when it is due."""

from bot.callback_data import Press, Verb, opens
from bot.messages import Html
from bot.pages.listing import named, page_of, spaced, turns
from bot.pages.page import Button, Desk, Rendered, Request
from bot.pages.values import day
from bot.pages.wording import lines, short
from bot.policy.effects import Page
from storage.administration import ShownRequest, open_requests


async def draw(desk: Desk, request: Request) -> Rendered:
    """The requests that nobody has dealt with, the oldest first, eight at a time."""
    found = await open_requests(desk.engine)
    if not found:
        return Rendered(text=desk.said("requests-none", request))
    start, shown = page_of(found, request.argument)
    text: list[Html] = []
    rows: list[tuple[Button, ...]] = []
    for number, one in enumerate(shown, start=start + 1):
        text.append(_line(desk, request, number, one))
        rows.append((_done(desk, request, number, one),))
    turn = turns(start, len(found), lambda at: opens(Page.DATA_REQUESTS, argument=str(at)))
    return Rendered(
        text=spaced(
            [
                desk.said("requests-open", request, n=len(found)),
                lines(text),
                desk.said("requests-how", request),
            ]
        ),
        buttons=(*rows, *turn),
    )


def _line(desk: Desk, request: Request, number: int, one: ShownRequest) -> Html:
    due = one.asked_at + desk.limits.data_request_term
    key = "request-line-late" if desk.clock.now() > due else "request-line"
    return desk.said(
        key,
        request,
        number=str(number),
        name=_named(desk, request, one),
        kind=desk.said(f"request-{one.kind}", request),
        asked=day(one.asked_at, desk, request),
        due=day(due, desk, request),
    )


def _named(desk: Desk, request: Request, one: ShownRequest) -> str | Html:
    return named(one.name or "") or desk.said("request-of-nobody", request)


def _done(desk: Desk, request: Request, number: int, one: ShownRequest) -> Button:
    label = desk.said("request-done-label", request, number=str(number))
    name = short(one.name or "", 20)
    press = Press(verb=Verb.REQUEST_DONE, argument=str(one.number))
    return Button(f"✓ {label} {name}".rstrip(), press)


PAGES = {Page.DATA_REQUESTS: draw}
