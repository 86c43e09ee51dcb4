"""``/stop``: what ending the link means, what stays and until when, and the button to do it."""

from bot.callback_data import Press, Verb
from bot.messages import Html
from bot.pages.page import Button, Desk, Rendered, Request
from bot.pages.values import day
from bot.policy.accounts.own_data import mark_of, must_hand_over
from bot.policy.effects import Page
from bot.policy.known import OwnData
from storage.engine import reading
from storage.my_data import MyData, read_my_data
from storage.own_data import read_own_data


async def draw(desk: Desk, request: Request) -> Rendered:
    """How things stand: to be handed over first, to be confirmed, or done."""
    user = request.viewer.user
    async with reading(desk.engine) as connection:
        found = await read_own_data(connection, frozenset((user,)))
    own = found.get(user) or OwnData()
    mine = await read_my_data(
        desk.engine, user, signals_for=desk.limits.signals_retention, names=("account",)
    )
    if must_hand_over(own):
        return Rendered(text=_first(desk, request, own))
    account = mine.one("account")
    if own.linked_at is not None:
        key, label = "stop-linked", "button-stop"
    elif account.get("erase_at") is None:
        key, label = "stop-stranger", "button-forget"
    else:
        return Rendered(text=_with_what_stays(desk, request, "stop-done", mine))
    press = Press(verb=Verb.STOP, argument=mark_of(own.linked_at))
    buttons: tuple[tuple[Button, ...], ...] = ((desk.button(label, request, press),),)
    return Rendered(text=_with_what_stays(desk, request, key, mine), buttons=buttons)


def _first(desk: Desk, request: Request, own: OwnData) -> Html:
    """What has to be handed over before this account may go."""
    parts = [desk.said("stop-first", request)]
    if own.owns:
        parts.append(desk.said("stop-first-groups", request, n=own.owns))
    if own.last_administrator:
        parts.append(desk.said("stop-first-administrator", request))
    return Html("\n\n".join(parts))


def _with_what_stays(desk: Desk, request: Request, key: str, mine: MyData) -> Html:
    said = desk.said(key, request)
    until = mine.kept_until
    if until is None or until <= desk.clock.now():
        stays = desk.said("stop-nothing-kept", request)
    else:
        stays = desk.said("stop-kept-until", request, day=day(until, desk, request))
    return Html(f"{said}\n\n{stays}")


PAGES = {Page.STOP: draw}
