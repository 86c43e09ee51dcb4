"""``/mijngegevens``: what is stored about whoever asks, why and how long; and how to get it out.

Only ever about the viewer himself: the page takes no argument that says whom it is about.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.callback_data import Press, Verb, opens
from bot.messages import Html, escaped
from bot.pages.page import Button, Desk, Rendered, Request
from bot.pages.values import day, days, tidy
from bot.policy.effects import Page
from bot.policy.explain import EXPLANATIONS
from bot.policy.notices import language_of
from bot.policy.people import DataRequest
from bot.policy.rules import Rule
from storage.my_data import ON_THE_PAGE, MyData, Value, read_my_data

MOST_LINES = 5
"""Of each list; the file holds all of it."""


async def draw(desk: Desk, request: Request) -> Rendered:
    """What is stored, by kind, each with why and how long."""
    mine = await read_my_data(
        desk.engine,
        request.viewer.user,
        signals_for=desk.limits.signals_retention,
        names=ON_THE_PAGE,
    )
    told = _Teller(desk, request, mine)
    parts = [
        desk.said("my-data-head", request),
        told.roster(),
        told.account(),
        told.groups(),
        told.happened(),
        told.evidence(),
        told.asked(),
    ]
    return Rendered(
        text=Html("\n\n".join(part for part in parts if part)), buttons=_buttons(desk, request)
    )


def _buttons(desk: Desk, request: Request) -> tuple[tuple[Button, ...], ...]:
    def button(key: str, press: Press) -> Button:
        return desk.button(key, request, press)

    def asks(kind: DataRequest) -> Press:
        return Press(verb=Verb.ASK_DATA, argument=kind.value)

    return (
        (
            button("button-data-text", opens(Page.MY_DATA_FILE, argument="text")),
            button("button-data-json", opens(Page.MY_DATA_FILE, argument="json")),
        ),
        (
            button("button-ask-correction", asks(DataRequest.CORRECTION)),
            button("button-ask-erasure", asks(DataRequest.ERASURE)),
        ),
        (button("button-to-stop", opens(Page.STOP)),),
    )


class _Teller:
    """Tells one person's data, a paragraph for each kind; an empty one says nothing."""

    def __init__(self, desk: Desk, request: Request, mine: MyData) -> None:
        self._desk = desk
        self._request = request
        self._mine = mine

    def roster(self) -> Html:
        """What the school's list says."""
        person, family = self._mine.one("person"), self._mine.one("family")
        if not person:
            return Html("")
        lines = [
            self._line("name", tidy(str(person["name"]))),
            self._line("role", self._desk.said(f"my-data-role-{person['role']}", self._request)),
            self._listed("class-group", self._values("class-groups", "class_group")),
            self._listed("duty", self._duties()),
            self._listed("children", [tidy(name) for name in self._mine.children]),
            self._line("guardians", family.get("guardians") or ""),
        ]
        why = self._why(
            "roster", after=days(self._desk.limits.leavers_retention.days, self._request)
        )
        return self._paragraph("person", lines, why)

    def account(self) -> Html:
        """The account itself."""
        account = self._mine.one("account")
        lines = [
            self._line("first-seen-at", self._day(account.get("first_seen_at"))),
            self._line("linked-at", self._day(account.get("linked_at"))),
            self._line("unlinked-at", self._day(account.get("unlinked_at"))),
            self._line("language", self._language(account.get("language"))),
        ]
        return self._paragraph("account", lines, self._why("account"))

    def groups(self) -> Html:
        """Groups in which it is known, and requests to come in."""
        lines = [
            self._listed("member-of", self._values("member-of", "group")),
            self._listed("administers", self._values("administers", "group")),
            self._counted("join-requests"),
        ]
        return self._paragraph("groups", lines, self._why("groups")) if any(lines) else Html("")

    def happened(self) -> Html:
        """What the log holds, by rule, the most first."""
        happened = self._mine.happened
        if not happened:
            return Html("")
        lines = [Html(f"{times} × {self._sentence(rule)}") for rule, times in happened[:MOST_LINES]]
        more = len(happened) - MOST_LINES
        if more > 0:
            lines.append(self._desk.said("my-data-more", self._request, n=more))
        signals = days(self._desk.limits.signals_retention.days, self._request)
        return self._paragraph("events", lines, self._why("events", signals=signals))

    def evidence(self) -> Html:
        """The words of removed messages, and when they are erased."""
        rows = self._mine.of("evidence")
        ends = [end for row in rows if isinstance(end := row["keep_until"], datetime)]
        if not ends:
            return Html("")
        last = self._day(max(ends))
        counted = self._desk.said("my-data-evidence", self._request, n=len(ends), day=last)
        return self._paragraph("evidence", [counted], self._why("evidence"))

    def asked(self) -> Html:
        """Requests of his that somebody still has to deal with."""
        lines = [
            self._desk.said(
                f"my-data-open-{row['kind']}", self._request, day=self._day(row["asked_at"])
            )
            for row in self._mine.of("data-requests")
            if row["done_at"] is None
        ]
        if not lines:
            return Html("")
        lines.append(self._desk.said("my-data-open-why", self._request))
        return self._paragraph("data-requests", lines, Html(""))

    # --- lines -------------------------------------------------------------------------------

    def _paragraph(self, name: str, lines: Iterable[Html], why: Html) -> Html:
        title = self._desk.said(f"my-data-section-{name}", self._request)
        told = [line for line in (*lines, why) if line]
        return Html("\n".join((f"<b>{title}</b>", *told)))

    def _why(self, name: str, **values: str) -> Html:
        why = self._desk.said(f"my-data-why-{name}", self._request, **values)
        return Html(f"<i>{why}</i>")

    def _line(self, name: str, value: Value | Html) -> Html:
        if not value:
            return Html("")
        label = self._desk.said(f"my-data-field-{name}", self._request)
        return Html(f"{label}: {escaped(value)}")

    def _listed(self, name: str, values: list[str]) -> Html:
        more = len(values) - MOST_LINES
        shown = [escaped(value) for value in values[:MOST_LINES]]
        if more > 0:
            shown.append(self._desk.said("my-data-more", self._request, n=more))
        return self._line(name, Html(", ".join(shown)))

    def _counted(self, section: str) -> Html:
        return self._line(section, len(self._mine.of(section)))

    def _values(self, section: str, column: str) -> list[str]:
        return [tidy(str(row[column])) for row in self._mine.of(section)]

    def _duties(self) -> list[str]:
        return [
            self._desk.said(f"my-data-duty-{row['duty']}", self._request)
            for row in self._mine.of("duties")
        ]

    def _day(self, value: Value) -> str:
        return day(value, self._desk, self._request) if isinstance(value, datetime) else ""

    def _language(self, value: Value) -> Html:
        if value is None:
            return Html("")
        return self._desk.said(f"my-data-language-{language_of(str(value))}", self._request)

    def _sentence(self, rule: str) -> Html:
        known = Rule(rule) if rule in Rule.__members__.values() else None
        if known is None:
            return escaped(rule)
        dutch, english = EXPLANATIONS[known]
        return escaped(english if self._request.language.value == "en" else dutch)


async def draw_asked(desk: Desk, request: Request) -> Rendered:
    """To administrators: somebody asked something about his data. Not who, and not what."""
    button = desk.button("button-data-requests", request, opens(Page.DATA_REQUESTS))
    return Rendered(text=desk.said("data-asked-administrator", request), buttons=((button,),))


PAGES = {Page.MY_DATA: draw, Page.DATA_ASKED: draw_asked}
"""The data themselves, and the word to administrators."""
