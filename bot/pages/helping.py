"""``/help``, and ``/start`` without a code: who the bot is, and what it does for whoever asks."""

from bot.messages import Html
from bot.pages.page import Desk, Rendered, Request
from bot.policy.commands import CommandSpec, commands_for
from bot.policy.effects import Page
from bot.policy.notices import who


async def draw(desk: Desk, request: Request) -> Rendered:
    """A greeting for this kind of person, and the commands that are for this one."""
    hello = desk.said(f"hello-{who(request.viewer.role)}", request)
    lines = [_line(desk, request, spec) for spec in commands_for(request.viewer)]
    commands = desk.said("help-commands", request, commands=Html("\n".join(lines)))
    return Rendered(text=Html(f"{hello}\n\n{commands}"))


def _line(desk: Desk, request: Request, spec: CommandSpec) -> Html:
    what = desk.said(f"menu-{spec.name}", request)
    return Html(f"/{spec.spoken(request.language)}: {what}")


PAGES = {Page.HELP: draw}
