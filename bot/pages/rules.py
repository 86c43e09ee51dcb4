"""``/regels``: the protocol in plain words, each rule with its article, for whoever asks.

The source is the school's social-media protocol; docs/protocol.md says how far the bot gets.
"""

from bot.messages import Html
from bot.pages.page import Desk, Rendered, Request
from bot.policy.effects import Page
from bot.policy.notices import who


async def draw(desk: Desk, request: Request) -> Rendered:
    """The rules on group apps, those for everyone, and what follows when it goes wrong."""
    reader = who(request.viewer.role)
    parts = [
        desk.said("rules-head", request),
        desk.said(f"rules-groups-{reader}", request),
        desk.said("rules-everyone", request),
        *([desk.said("rules-staff-more", request)] if request.viewer.is_staff else []),
        desk.said(f"rules-breach-{reader}", request),
    ]
    return Rendered(text=Html("\n\n".join(parts)))


PAGES = {Page.RULES: draw}
