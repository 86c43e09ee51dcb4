"""``/regels``: the protocol's group-app rules in plain words, each with its article."""

from bot.pages.page import Desk, Rendered, Request
from bot.policy.effects import Page


async def draw(desk: Desk, request: Request) -> Rendered:
    """The rules as they touch whoever asks."""
    return Rendered(text=desk.said("rules-in-plain-words", request))


PAGES = {Page.RULES: draw}
