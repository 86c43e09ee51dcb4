"""What a person sees of the demonstration: a terminal of any width, or plain lines in a file.

Dutch and English stand side by side where there is room, and under each other where there is not.
Nothing here is markup: a name can never become a colour.
"""

import codecs
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.demo.stage import Stage
from bot.demo.telling import Both, Finding, Kind, Played, Step
from bot.policy.events import Weight
from bot.policy.explain import EXPLANATIONS
from bot.policy.rules import Level, Rule, article_of
from bot.sandbox.telegram import Call

SIDE_BY_SIDE: Final = 110
"""Columns from which on both languages fit beside each other."""

WIDEST: Final = 160
LABEL: Final = 9

LEVELS: Final[Mapping[Level, Both]] = {
    Level.ENFORCED: Both("afgedwongen", "enforced"),
    Level.DETECTED: Both("gesignaleerd", "detected"),
    Level.DECLARED: Both("verklaard", "declared"),
}

DOES: Final[Mapping[str, str]] = {
    "setchatpermissions": "zet {} op slot",
    "exportchatinvitelink": "vervangt de uitnodigingslink van {}",
    "createchatinvitelink": "maakt voor {} een link die toestemming vraagt",
    "pinchatmessage": "zet de huisregels boven in {}",
    "deletemessage": "haalt een bericht weg uit {}",
    "deletemessages": "haalt berichten weg uit {}",
    "banchatsenderchat": "weert het kanaal uit {}",
    "leavechat": "gaat weg uit {}",
    "approvechatjoinrequest": "laat toe in {}",
    "declinechatjoinrequest": "wijst een aanvraag af voor {}",
    "editmessagetext": "verandert een bericht bij {}",
    "editmessagereplymarkup": "verandert de knoppen bij {}",
    "senddocument": "stuurt een bestand aan {}",
    "sendphoto": "stuurt een afbeelding aan {}",
    "setmycommands": "zet het menu klaar voor {}",
    "deletemycommands": "haalt het menu weg van {}",
}
"""What a call does, for people; the name of the method stands beside it."""

STYLES: Final[Mapping[Kind, str]] = {
    Kind.PLAIN: "green",
    Kind.REFUSED: "blue",
    Kind.REMOVED: "magenta",
    Kind.SIGNAL: "yellow",
}

WRONG: Final = "bold red"

_MARKUP: Final = re.compile(r"<[^>]+>")
_LONGEST_QUOTE: Final = 50
_PLAIN_SIGNS: Final = {"‘": "'", "’": "'", "“": '"', "”": '"', "✓": "+", "✗": "X", "…": "..."}


class Screen:
    """Prints the story on ``console``."""

    def __init__(self, console: Console) -> None:
        """Print on this console, in lines of a length that can be read."""
        self._console = console
        self._width = min(console.width, WIDEST)
        self._wide = self._width >= SIDE_BY_SIDE

    @property
    def is_watched(self) -> bool:
        """Whether a person reads along."""
        return self._console.is_terminal

    # --- pieces that everything is made of -------------------------------------------------

    def table(self) -> Table:
        """An empty table of a label and a text in both languages."""
        grid = Table.grid(padding=(0, 1), pad_edge=False)
        grid.width = self._width
        grid.add_column(width=LABEL, no_wrap=True)
        grid.add_column(ratio=1, overflow="fold")
        if self._wide:
            grid.add_column(ratio=1, overflow="fold")
        return grid

    def row(self, grid: Table, label: str | Text, nl: Text, en: Text | None = None) -> None:
        """A line in both languages; what needs no second language has none."""
        head = Text(label, style="dim") if isinstance(label, str) else label
        if en is not None:
            en.stylize("dim")
        if self._wide:
            grid.add_row(head, nl, en or Text())
        else:
            grid.add_row(head, nl if en is None else Text("\n").join([nl, en]))

    def show(self, grid: Table) -> None:
        """Print a table."""
        self._console.print(grid)

    def title(self, both: Both) -> None:
        """A heading."""
        grid = self.table()
        self.row(grid, "", Text(both.nl, style="bold"), Text(both.en))
        self._console.print()
        self._console.print(grid)

    def say(self, label: str, both: Both, style: str = "") -> None:
        """One line in both languages."""
        grid = self.table()
        self.row(grid, label, Text(both.nl, style=style), Text(both.en))
        self._console.print(grid)

    def literal(self, text: str) -> None:
        """A line to copy: never broken or cut, whatever the width."""
        self._console.print(Text(f"{'':{LABEL + 1}}{text}", style="cyan"), soft_wrap=True)

    def blank(self) -> None:
        """An empty line."""
        self._console.print()

    # --- the story -------------------------------------------------------------------------

    def step(self, number: int, step: Step) -> None:
        """What people do."""
        grid = self.table()
        label = f"{number:>2} {step.at:%H:%M}"
        self.row(grid, label, Text(step.told.nl, style="bold"), Text(step.told.en))
        self._console.print()
        self._console.print(grid)

    def played(self, played: Played, stage: Stage) -> None:
        """What came of it."""
        grid = self.table()
        self._calls(grid, played.calls, stage)
        self._rules(grid, played.rules)
        self._events(grid, played.events)
        for finding in played.findings:
            self.finding(grid, finding)
        self._not_as_told(grid, played)
        self._console.print(grid)

    def _calls(self, grid: Table, calls: Iterable[Call], stage: Stage) -> None:
        label = "bot"
        for does, same in groupby(calls, key=_does):
            together = list(same)
            nl = Text(does.format(_listed([_where(call, stage) for call in together])))
            detail = Text(together[0].method, style="cyan")
            if self._wide:
                self.row(grid, label, nl, detail.append(_quoted(together[-1]), style="default"))
            else:
                self.row(grid, label, nl.append("  ").append(detail))
            label = ""

    def _rules(self, grid: Table, rules: Iterable[Rule]) -> None:
        label = "regel"
        for rule in rules:
            nl, en = EXPLANATIONS[rule]
            article = _article(rule)
            self.row(
                grid,
                label,
                Text.assemble((rule.value, "cyan"), f" ({article.nl}) {nl}"),
                Text(f"({article.en}) {en}" if self._wide else en),
            )
            label = ""

    def _events(self, grid: Table, events: Iterable[dict[str, Any]]) -> None:
        label = "logboek"
        for event in events:
            self.event(grid, label, event)
            label = ""

    def event(self, grid: Table, label: str, event: Mapping[str, Any]) -> None:
        """An event of the log: its number, its tag, and what it carries that says something."""
        style = STYLES[Kind.SIGNAL] if event["weight"] == Weight.SIGNAL else ""
        tag = Text.assemble(f"#{event['seq']} ", (str(event["tag"]), style))
        carried = Text(
            " ".join(
                f"{name}={value}"
                for name, value in event["payload"].items()
                if value is not None and not isinstance(value, dict | list)
            )
        )
        if self._wide:
            self.row(grid, label, tag, carried)
        else:
            self.row(grid, label, tag.append(" ").append_text(Text(str(carried), style="dim")))

    def finding(self, grid: Table, finding: Finding) -> None:
        """Something told that is so, or is not."""
        style = STYLES[finding.kind] if finding.true else WRONG
        kind, told = finding.kind.value, finding.told
        self.marked(grid, Both(_after(kind.nl, told.nl), _after(kind.en, told.en)), style)

    def marked(self, grid: Table, told: Both, style: str) -> None:
        """A sentence with a mark before it: whether it is so."""
        mark = Text("✗" if style == WRONG else "✓", style=style, justify="right")
        nl = Text(told.nl, style=style if style == WRONG else "")
        if ": " in told.nl and style != WRONG:
            nl.stylize(style, 0, told.nl.index(": "))
        self.row(grid, mark, nl, Text(told.en))

    def _not_as_told(self, grid: Table, played: Played) -> None:
        if played.broken:
            broken = Both(
                f"Deze stap brak af: {played.broken}", f"This step broke off: {played.broken}"
            )
            self.marked(grid, broken, WRONG)
        if not played.events_as_told:
            tags = ", ".join(sorted(event.tag for event in played.step.expects)) or "-"
            self.marked(
                grid,
                Both(f"In het logboek hoort: {tags}", f"The log should hold: {tags}"),
                WRONG,
            )


def _after(kind: str, told: str) -> str:
    return f"{kind}: {told}" if kind else told


def _article(rule: Rule) -> Both:
    """The article as the protocol calls it."""
    article = article_of(rule).value.partition("-")[0]
    return Both("eigen orde", "our own order") if article == "house" else Both(article, article)


def _does(call: Call) -> str:
    """What a call does, as people would say it, with a place for the chat."""
    if call.method.lower() == "sendmessage":
        return "schrijft aan {}" if chat_of(call) > 0 else "schrijft in {}"
    return DOES.get(call.method.lower(), "{}")


def _where(call: Call, stage: Stage) -> str:
    """The chat of a call, as people call it."""
    world, chat = stage.telegram.world, chat_of(call)
    return world.user(chat).first_name if chat > 0 else f"‘{world.chat(chat).title}’"


def chat_of(call: Call) -> int:
    """The chat that a call is about; a menu of commands names it in its scope."""
    scope = call.params.get("scope") or {}
    return int(call.params.get("chat_id") or scope["chat_id"])


def _listed(names: Iterable[str]) -> str:
    """Names in a row, each once."""
    *others, last = (
        name if times == 1 else f"{name} ({times}×)" for name, times in Counter(names).items()
    )
    return f"{', '.join(others)} en {last}" if others else last


def _quoted(call: Call) -> str:
    text = _MARKUP.sub("", str(call.params.get("text", ""))).partition("\n")[0]
    if not text:
        return ""
    return f"  “{text[:_LONGEST_QUOTE].rstrip()}…”" if len(text) > _LONGEST_QUOTE else f"  “{text}”"


def open_screen() -> Screen:
    """The screen of this process; signs that it cannot show become plain ones."""
    codecs.register_error("plain-signs", _plain_signs)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="plain-signs")
    return Screen(Console(highlight=False, markup=False, emoji=False))


def _plain_signs(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    shown = ""
    for sign in error.object[error.start : error.end]:
        plain = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
        shown += _PLAIN_SIGNS.get(sign) or plain or "-"
    return shown, error.end
