"""``/schooljaar``: everything that a new school year changes, before anybody agrees to it."""

import re
from collections.abc import Sequence

from bot.callback_data import Press, Verb, opens
from bot.messages import Html
from bot.pages.page import Button, Desk, Rendered, Request
from bot.pages.wording import isolated, lines, short
from bot.policy.effects import Page
from bot.policy.school_years.school_year import CHANGED, DONE, SURE, YES
from bot.policy.school_years.year_plan import Ending, Offer
from storage.school_year import Ahead, plan_now

ROWS = 8
"""Rows of a list on one page: as many as a telephone shows at once."""

IN_A_LINE = 60
_LIST = re.compile(r"(leavers|offers|groups|endings)\.(\d{1,5})")


async def draw(desk: Desk, request: Request) -> Rendered:
    """The plan in numbers, or one of its lists, or what came of it."""
    ahead = await plan_now(desk.engine, desk.clock.now())
    listed = _LIST.fullmatch(request.argument)
    if listed is not None:
        return _list(desk, request, ahead, listed[1], int(listed[2]))
    if request.argument == DONE:
        return Rendered(text=desk.said("school-year-done", request))
    return _overview(desk, request, ahead)


# --- the whole ---------------------------------------------------------------------------------


def _overview(desk: Desk, request: Request, ahead: Ahead) -> Rendered:
    plan = ahead.plan
    parts = [desk.said("school-year-title", request)]
    if request.argument == CHANGED:
        parts.append(desk.said("school-year-changed", request))
    if plan.again:
        parts.append(desk.said("school-year-again", request))
    parts.append(_numbers(desk, request, ahead))
    if request.argument == SURE and plan.losses:
        parts.append(_losses(desk, request, ahead))
    elif plan.changes_nothing:
        parts.append(desk.said("school-year-nothing", request))
    return Rendered(
        text=Html("\n\n".join(parts)),
        buttons=(*_lists(desk, request, ahead), *_agree(desk, request, ahead)),
    )


def _numbers(desk: Desk, request: Request, ahead: Ahead) -> Html:
    plan = ahead.plan
    days = desk.limits.leavers_retention.days
    until = (desk.clock.now() + desk.limits.reconfirm_within).isoformat()
    counted = [
        desk.said("school-year-active", request, n=plan.active),
        desk.said("school-year-leavers", request, n=len(plan.leavers), days=days),
        desk.said("school-year-links", request, n=len(plan.links)),
        desk.said("school-year-offers", request, n=len(plan.offers)),
        desk.said("school-year-groups", request, n=len(plan.reconfirm), until=until),
        desk.said("school-year-endings", request, n=len(plan.endings)),
    ]
    return lines(counted)


def _losses(desk: Desk, request: Request, ahead: Ahead) -> Html:
    told = [desk.said("school-year-sure", request)]
    told += [
        desk.said(f"school-year-loss-{loss.role.value}", request, gone=loss.gone, of=loss.of)
        for loss in ahead.plan.losses
    ]
    return lines(told)


def _lists(desk: Desk, request: Request, ahead: Ahead) -> tuple[tuple[Button, ...], ...]:
    plan = ahead.plan
    named = (
        ("leavers", plan.leavers, "button-year-leavers"),
        ("offers", plan.offers, "button-year-offers"),
        ("groups", plan.reconfirm, "button-year-groups"),
        ("endings", plan.endings, "button-year-endings"),
    )
    return tuple(
        (desk.button(key, request, opens(Page.SCHOOL_YEAR, argument=f"{name}.0")),)
        for name, rows, key in named
        if rows
    )


def _agree(desk: Desk, request: Request, ahead: Ahead) -> tuple[tuple[Button, ...], ...]:
    plan = ahead.plan
    if plan.changes_nothing:
        return ()
    second = request.argument == SURE and plan.losses
    key, step = ("button-year-sure", SURE) if second else ("button-year-begin", YES)
    press = Press(verb=Verb.SCHOOL_YEAR, argument=f"{step}.{plan.digest}")
    return ((desk.button(key, request, press),),)


# --- its lists ---------------------------------------------------------------------------------


def _list(desk: Desk, request: Request, ahead: Ahead, name: str, first: int) -> Rendered:
    rows = _rows(desk, request, ahead, name)
    begin = first if first < len(rows) else 0
    heading = desk.said(f"school-year-list-{name}", request)
    text = lines([heading, *rows[begin : begin + ROWS]])
    return Rendered(text=text, buttons=_turning(desk, request, name, begin, len(rows)))


def _rows(desk: Desk, request: Request, ahead: Ahead, name: str) -> Sequence[Html]:
    plan, named = ahead.plan, ahead.named
    match name:
        case "leavers":
            return [
                desk.said("school-year-row", request, what=_shown(named.people.get(each, "")))
                for each in plan.leavers
            ]
        case "offers":
            return [_offer(desk, request, ahead, each) for each in plan.offers]
        case "groups":
            return [
                desk.said("school-year-row", request, what=_shown(named.groups.get(each, "")))
                for each in plan.reconfirm
            ]
        case _:
            return [_ending(desk, request, ahead, each) for each in plan.endings]


def _offer(desk: Desk, request: Request, ahead: Ahead, offer: Offer) -> Html:
    named = ahead.named
    title = _shown(named.groups.get(offer.chat, ""))
    owner = _shown(named.accounts.get(offer.owner, ""))
    if offer.colleague is None:
        return desk.said("school-year-offer-nobody", request, title=title, owner=owner)
    colleague = _shown(named.accounts.get(offer.colleague, ""))
    return desk.said("school-year-offer-to", request, title=title, owner=owner, colleague=colleague)


def _ending(desk: Desk, request: Request, ahead: Ahead, ending: Ending) -> Html:
    title = _shown(ahead.named.groups.get(ending.chat, ""))
    classes = _shown(", ".join(sorted(ending.class_groups)))
    return desk.said("school-year-ending", request, title=title, classes=classes)


def _turning(
    desk: Desk, request: Request, name: str, begin: int, rows: int
) -> tuple[tuple[Button, ...], ...]:
    def to(label: str, first: int) -> Button:
        return Button(label, opens(Page.SCHOOL_YEAR, argument=f"{name}.{first}"))

    turning = []
    if begin > 0:
        turning.append(to("‹", max(0, begin - ROWS)))
    if begin + ROWS < rows:
        turning.append(to("›", begin + ROWS))
    back = desk.button("button-year-back", request, opens(Page.SCHOOL_YEAR))
    return ((*turning,), (back,)) if turning else ((back,),)


def _shown(name: str) -> str:
    return isolated(short(name, IN_A_LINE)) or "—"


PAGES = {Page.SCHOOL_YEAR: draw}
