"""What a page is made of, and what it is made with."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import Bot

from bot.callback_data import Press
from bot.clock import Clock
from bot.messages import Html
from bot.messages.notices import Notice, label, rendered
from bot.messages.school import SchoolWords
from bot.policy.announcements.timetable import Timetable
from bot.policy.effects import Language
from bot.policy.groups import Group
from bot.policy.ids import ChatId
from bot.policy.limits import Limits
from bot.policy.people import Account
from bot.wording.allowed import Allowed
from storage.outbox import Waiting


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a page: it does something (``press``), or opens an address (``url``).

    ``label`` is plain text. Telegram shows some thirty characters of it on a telephone.
    """

    label: str
    press: Press | None = None
    url: str | None = None


class FileKind(StrEnum):
    """How Telegram shows a file."""

    PICTURE = "picture"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that comes with a page; ``text`` is then its caption, of 1,024 characters at most.

    ``protected``: Telegram offers nobody to forward it.
    """

    name: str
    content: bytes
    kind: FileKind = FileKind.DOCUMENT
    protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page as a person sees it: at most 4,096 characters, and rows of buttons."""

    text: Html
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who opens which page: ``viewer`` as we know him at this moment, ``group`` the one about.

    ``progress`` shows how far long work has come, in the place where the page will stand.
    """

    viewer: Account
    language: Language
    progress: Callable[[Html], Awaitable[None]]
    about: ChatId | None = None
    group: Group | None = None
    argument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What pages are made with. ``bot`` is for reading, and for files.

    ``hand_over``: gives the sender what follows from something that a page has written.
    """

    engine: AsyncEngine
    bot: Bot
    clock: Clock
    school: SchoolWords
    limits: Limits
    timetable: Timetable
    allowed: Allowed
    hand_over: Callable[[Sequence[Waiting]], None]

    def said(self, key: str, request: Request, **values: str | int | Html) -> Html:
        """A text of the catalogue in the viewer's language, with the school's own words in it."""
        notice = Notice(
            key=key, language=request.language, values=values, bot=self.bot.username, group=None
        )
        return rendered(notice, self.school)

    def button(self, key: str, request: Request, press: Press) -> Button:
        """A button with a label of the catalogue."""
        return Button(label(key, request.language), press)


Draws = Callable[[Desk, Request], Awaitable[Rendered]]
"""Draws one page."""
