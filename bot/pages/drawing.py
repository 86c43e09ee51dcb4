"""From a page's name to what is shown: whether it may be seen is judged once more."""

from collections.abc import Awaitable, Callable, Mapping

from bot.messages import Html
from bot.pages import (
    announcement,
    closing,
    code_papers,
    consent,
    data_requests,
    duties,
    group_classes,
    group_link,
    group_members,
    groups,
    handing_over,
    helping,
    language,
    links,
    my_data,
    my_data_file,
    people,
    roster_import,
    rules,
    school_year,
    seen,
    stop,
)
from bot.pages.page import Desk, Draws, Rendered, Request
from bot.policy.effects import EditPage, Page, SendPage
from bot.policy.known import Needs
from bot.policy.pages import may_open
from storage.engine import reading
from storage.numbers import Numbers
from storage.reading import read_known

DRAWS: Mapping[Page, Draws] = {
    **rules.PAGES,
    **language.PAGES,
    **helping.PAGES,
    **my_data.PAGES,
    **my_data_file.PAGES,
    **stop.PAGES,
    **school_year.PAGES,
    **groups.PAGES,
    **group_classes.PAGES,
    **group_members.PAGES,
    **group_link.PAGES,
    **handing_over.PAGES,
    **closing.PAGES,
    **consent.PAGES,
    **roster_import.PAGES,
    **code_papers.PAGES,
    **links.PAGES,
    **people.PAGES,
    **duties.PAGES,
    **data_requests.PAGES,
    **announcement.PAGES,
    **seen.PAGES,
}
"""Every page, by its name."""


class Pages:
    """Draws pages as one bot of one school."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def drawn(
        self, effect: SendPage | EditPage, progress: Callable[[Html], Awaitable[None]]
    ) -> Rendered:
        """The page, or a word that it is not for this account (any more)."""
        request = await self._request(effect, progress)
        if not may_open(effect.page, request.viewer, request.group):
            return Rendered(text=self._desk.said("command-refused", request))
        return await DRAWS[effect.page](self._desk, request)

    async def _request(
        self, effect: SendPage | EditPage, progress: Callable[[Html], Awaitable[None]]
    ) -> Request:
        chats = frozenset(() if effect.about is None else (effect.about,))
        needs = Needs(users=frozenset((effect.user,)), chats=chats)
        async with reading(self._desk.engine) as connection:
            known = await read_known(connection, needs, self._desk.clock.now(), Numbers())
        return Request(
            viewer=known.account(effect.user),
            language=effect.language,
            progress=progress,
            about=effect.about,
            group=None if effect.about is None else known.groups.get(effect.about),
            argument=effect.argument,
        )
