"""``/taken``: who has which duty, giving and taking them, and what waits for a second person."""

from bot.callback_data import Press, Verb, number_in, opens
from bot.messages import Html
from bot.pages.listing import named, page_of, spaced, turns
from bot.pages.page import Button, Desk, Rendered, Request
from bot.pages.values import day
from bot.pages.wording import isolated, short
from bot.policy.administering.duties import ENOUGH_ADMINISTRATORS, is_open, who_may_agree
from bot.policy.administering.under_way import ProposalState
from bot.policy.effects import Page
from bot.policy.people import Duty, Role
from storage.administration import ShownProposal, open_proposals, proposal
from storage.desk import linked_administrators
from storage.engine import reading
from storage.roll import Listed, everybody, person

NAMES_SHOWN = 12


async def draw(desk: Desk, request: Request) -> Rendered:
    """Who has what; staff (``s0``), one of them (``p12``), or what waits (``w0``)."""
    what, rest = request.argument[:1], request.argument[1:]
    if what == "s":
        return await _staff(desk, request, rest)
    if what == "p":
        found = await person(desk.engine, number_in(rest), desk.clock.now())
        if found is not None and found.active and found.role is Role.STAFF:
            return await _one(desk, request, found)
    if what == "w":
        return await _waiting(desk, request, rest)
    return await _overview(desk, request)


async def _overview(desk: Desk, request: Request) -> Rendered:
    listed = await everybody(desk.engine, desk.clock.now())
    waiting = await _open(desk)
    text = [desk.said("duties-overview", request)]
    for duty in Duty:
        have = [one for one in listed if duty in one.duties and one.role is Role.STAFF]
        text.append(_holders(desk, request, duty, have))
    if await _administrators(desk) < ENOUGH_ADMINISTRATORS:
        text.append(desk.said("duties-single", request))
    rows = [(desk.button("button-duties-change", request, opens(Page.DUTIES, argument="s0")),)]
    if waiting:
        text.append(desk.said("proposals-waiting", request, n=len(waiting)))
        press = opens(Page.DUTIES, argument="w0")
        rows.append((desk.button("button-to-proposals", request, press),))
    return Rendered(text=spaced(text), buttons=tuple(rows))


def _holders(desk: Desk, request: Request, duty: Duty, have: list[Listed]) -> Html:
    names = [desk.said("list-name", request, name=named(one.name)) for one in have[:NAMES_SHOWN]]
    if len(have) > NAMES_SHOWN:
        names.append(desk.said("list-more", request, n=len(have) - NAMES_SHOWN))
    shown = Html(", ".join(names)) if names else desk.said("duty-of-nobody", request)
    return desk.said("duty-holders", request, duty=desk.said(f"duty-{duty}", request), names=shown)


async def _administrators(desk: Desk) -> int:
    async with reading(desk.engine) as connection:
        return len(await linked_administrators(connection))


async def _open(desk: Desk) -> tuple[ShownProposal, ...]:
    return await open_proposals(desk.engine, desk.clock.now() - desk.limits.proposal_valid)


async def _staff(desk: Desk, request: Request, offset: str) -> Rendered:
    listed = await everybody(desk.engine, desk.clock.now())
    staff = [one for one in listed if one.role is Role.STAFF]
    start, shown = page_of(staff, offset)
    rows = tuple(
        (Button(isolated(short(one.name)), opens(Page.DUTIES, argument=f"p{one.number}")),)
        for one in shown
    )
    turn = turns(start, len(staff), lambda at: opens(Page.DUTIES, argument=f"s{at}"))
    back = (desk.button("button-back", request, opens(Page.DUTIES)),)
    return Rendered(text=desk.said("duties-whose", request), buttons=(*rows, *turn, back))


async def _one(desk: Desk, request: Request, found: Listed) -> Rendered:
    names = [desk.said(f"duty-{duty}", request) for duty in sorted(found.duties)]
    text = [
        desk.said(
            "duties-of",
            request,
            name=named(found.name),
            duties=Html(", ".join(names)) if names else desk.said("duty-none", request),
        ),
        desk.said("duties-two", request),
    ]
    if not found.linked:
        text.append(desk.said("duties-not-linked", request))
    rows = tuple((_change(desk, request, found, duty),) for duty in Duty)
    back = (desk.button("button-back", request, opens(Page.DUTIES, argument="s0")),)
    return Rendered(text=spaced(text), buttons=(*rows, back))


def _change(desk: Desk, request: Request, found: Listed, duty: Duty) -> Button:
    grants = duty not in found.duties
    press = Press(verb=Verb.DUTY, argument=f"{found.number}.{duty}.{int(grants)}")
    key = f"button-give-{duty}" if grants else f"button-take-{duty}"
    return desk.button(key, request, press)


async def _waiting(desk: Desk, request: Request, offset: str) -> Rendered:
    waiting = await _open(desk)
    start, shown = page_of(waiting, offset)
    rows: list[tuple[Button, ...]] = [
        (Button(_in_short(desk, request, one), _opens(one)),) for one in shown
    ]
    turn = turns(start, len(waiting), lambda at: opens(Page.DUTIES, argument=f"w{at}"))
    if waiting:
        ask = Press(verb=Verb.DUTY, argument="ask")
        rows += [*turn, (desk.button("button-ask-others", request, ask),)]
    back = (desk.button("button-back", request, opens(Page.DUTIES)),)
    text = desk.said("proposals-waiting", request, n=len(waiting))
    return Rendered(text=text, buttons=(*rows, back))


def _in_short(desk: Desk, request: Request, one: ShownProposal) -> str:
    duty = desk.said(f"duty-{one.proposal.duty}", request)
    mark = "+" if one.proposal.grants else "−"
    return f"{mark} {duty}: {isolated(short(one.name))}"


def _opens(one: ShownProposal) -> Press:
    return opens(Page.DUTY_PROPOSAL, argument=str(one.proposal.number))


# --- one proposal ------------------------------------------------------------------------------


async def draw_proposal(desk: Desk, request: Request) -> Rendered:
    """What is proposed, by whom, how it stands, and the buttons for whoever may decide."""
    found = await proposal(desk.engine, number_in(request.argument))
    back = (desk.button("button-back", request, opens(Page.DUTIES, argument="w0")),)
    if found is None:
        return Rendered(text=desk.said("proposal-none", request), buttons=(back,))
    text = [_proposed(desk, request, found), await _state(desk, request, found)]
    return Rendered(text=spaced(text), buttons=(*_deciding(desk, request, found), back))


def _proposed(desk: Desk, request: Request, found: ShownProposal) -> Html:
    key = "proposal-give" if found.proposal.grants else "proposal-take"
    return desk.said(
        key,
        request,
        name=named(found.name),
        duty=desk.said(f"duty-{found.proposal.duty}", request),
        proposer=named(found.proposer) or desk.said("proposer-gone", request),
        since=day(found.proposal.proposed_at, desk, request),
    )


async def _state(desk: Desk, request: Request, found: ShownProposal) -> Html:
    stands = found.proposal
    decider = named(found.decider or "") or desk.said("proposer-gone", request)
    if stands.state is not ProposalState.OPEN:
        return desk.said(f"proposal-is-{stands.state}", request, decider=decider)
    if not is_open(stands, desk.clock.now(), desk.limits):
        return desk.said("proposal-ended", request)
    until = (stands.proposed_at + desk.limits.proposal_valid).isoformat()
    if not await _can_be_decided(desk, found):
        return desk.said("proposal-nobody-can", request, until=until)
    if _is_own(request, found):
        return desk.said("proposal-yours", request, until=until)
    if _is_about(request, found):
        return desk.said("proposal-about-you", request, until=until)
    return desk.said("proposal-for-you", request, until=until)


async def _can_be_decided(desk: Desk, found: ShownProposal) -> bool:
    """Whether there is an administrator who neither proposed it nor is whom it is about."""
    async with reading(desk.engine) as connection:
        administrators = await linked_administrators(connection)
    return bool(who_may_agree(administrators, found.proposal.proposed_by, found.proposal.person))


def _is_own(request: Request, found: ShownProposal) -> bool:
    return found.proposal.proposed_by == request.viewer.user


def _is_about(request: Request, found: ShownProposal) -> bool:
    person_of_viewer = request.viewer.person
    return person_of_viewer is not None and person_of_viewer.id == found.proposal.person


def _deciding(desk: Desk, request: Request, found: ShownProposal) -> tuple[tuple[Button, ...], ...]:
    if not is_open(found.proposal, desk.clock.now(), desk.limits):
        return ()
    number = found.proposal.number
    yes = Press(verb=Verb.DECIDE_DUTY, argument=f"{number}.1")
    no = Press(verb=Verb.DECIDE_DUTY, argument=f"{number}.0")
    if _is_own(request, found):
        return ((desk.button("button-withdraw-proposal", request, no),),)
    if _is_about(request, found):
        return ()
    return (
        (desk.button("button-approve", request, yes),),
        (desk.button("button-decline", request, no),),
    )


PAGES = {Page.DUTIES: draw, Page.DUTY_PROPOSAL: draw_proposal}
