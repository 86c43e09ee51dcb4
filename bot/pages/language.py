"""``/taal``: Dutch or English."""

from bot.callback_data import Press, Verb
from bot.pages.page import Button, Desk, Rendered, Request
from bot.policy.effects import Language, Page

# Each language by its own name, for whoever cannot read the other.
_NAMES = {Language.DUTCH: "Nederlands", Language.ENGLISH: "English"}


async def draw(desk: Desk, request: Request) -> Rendered:
    """The choice, with a mark at the language that is spoken now."""
    return Rendered(
        text=desk.said("language-choice", request),
        buttons=(tuple(_choice(each, request) for each in _NAMES),),
    )


def _choice(language: Language, request: Request) -> Button:
    mark = "✓ " if language is request.language else ""
    return Button(f"{mark}{_NAMES[language]}", Press(verb=Verb.LANGUAGE, argument=language.value))


PAGES = {Page.LANGUAGE: draw}
