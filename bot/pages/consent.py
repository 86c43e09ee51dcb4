"""``/toestemming``: a guardian's consent for each child, and what a group's owner hears of it."""

from bot.callback_data import Press, Verb, opens
from bot.messages import Html
from bot.messages.notices import label
from bot.pages.page import Button, Desk, Rendered, Request
from bot.pages.wording import isolated, lines, short, titled
from bot.policy.coming_in.consent import ASKED
from bot.policy.effects import Page
from bot.policy.ids import PersonId
from bot.policy.limits import UnderSixteen
from storage.consent import OwnChild, own_children, student_without_consent
from storage.engine import reading

IN_A_LINE = 60
MOST_DIGITS = 18


async def draw(desk: Desk, request: Request) -> Rendered:
    """Each child, with what this guardian decided."""
    person = request.viewer.person
    async with reading(desk.engine) as connection:
        children = () if person is None else await own_children(connection, person.id)
    asked = desk.limits.under_sixteen is UnderSixteen.GUARDIAN_CONSENT
    said = [desk.said("consent-page" if asked else "consent-not-needed", request)]
    if asked and request.argument == ASKED:
        said.insert(0, desk.said("consent-child-waits", request))
    said += [_line(desk, request, child) for child in children]
    if not children:
        said.append(desk.said("consent-no-children", request))
    buttons = tuple(
        (_button(request, child),) for child in children if asked or child.given_at is not None
    )
    return Rendered(text=lines(said), buttons=buttons)


def _line(desk: Desk, request: Request, child: OwnChild) -> Html:
    key = "consent-line-not-given" if child.given_at is None else "consent-line-given"
    classes = ", ".join(child.class_groups) or "—"
    return desk.said(key, request, name=_shown(child.name), classes=_shown(classes))


def _button(request: Request, child: OwnChild) -> Button:
    gives = child.given_at is None
    does = label("button-consent-give" if gives else "button-consent-take", request.language)
    argument = f"{'give' if gives else 'take'}.{child.person}.{child.mark}"
    press = Press(verb=Verb.CONSENT, argument=argument)
    return Button(f"{does}: {short(child.name)}", press)


async def draw_withdrawn(desk: Desk, request: Request) -> Rendered:
    """To the owner of a group: which student in it nobody's consent stands for any more."""
    number, chat = request.argument, request.about
    found = None
    if chat is not None and number.isdecimal() and len(number) <= MOST_DIGITS:
        async with reading(desk.engine) as connection:
            found = await student_without_consent(connection, PersonId(int(number)), chat)
    if found is None:
        return Rendered(text=desk.said("consent-withdrawn-no-more", request))
    text = desk.said(
        "consent-withdrawn",
        request,
        name=_shown(found.name),
        classes=_shown(", ".join(found.class_groups) or "—"),
        title=titled(desk, request, found.title),
    )
    members = desk.button("button-group-members", request, opens(Page.GROUP_MEMBERS, chat))
    return Rendered(text=text, buttons=((members,),))


def _shown(name: str) -> str:
    return isolated(short(name, IN_A_LINE)) or "—"


PAGES = {Page.CONSENT: draw, Page.CONSENT_WITHDRAWN: draw_withdrawn}
