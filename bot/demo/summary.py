"""The end of the day: is the log whole, what does it hold, and how far does the bot get."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from bot.demo.screen import LEVELS, STYLES, Screen
from bot.demo.stage import Stage
from bot.demo.telling import Both, Kind, Played, so
from bot.policy.events import Weight
from bot.policy.rules import ARTICLES, Article, Level, Rule, article_of
from storage.chain import verify
from storage.engine import reading
from storage.outbox import EffectState
from storage.overview import overview
from storage.reading_events import read_events

STATES = {
    EffectState.PENDING: Both("wacht", "waiting"),
    EffectState.SENDING: Both("onderweg", "on its way"),
    EffectState.DONE: Both("gedaan", "done"),
    EffectState.FAILED: Both("mislukt", "failed"),
    EffectState.UNKNOWN: Both("onbekend", "unknown"),
    EffectState.WITHHELD: Both("ingehouden", "withheld"),
}

DECLARED = Both(
    "Wie medewerker, leerling of ouder is: dat zeggen de lijst van school en haar codes.",
    "Who is staff, student or guardian: the school's list and its codes say so.",
)
BY_PEOPLE = frozenset({"cli", "staff"})
"""Sources of events that are somebody's word."""


async def summarise(told: Sequence[Played], of: int, stage: Stage, screen: Screen) -> bool:
    """Show the end of the day; answer whether everything came out as told."""
    events = [event async for event in read_events(stage.bot.engine)]
    screen.title(Both("Aan het eind van de dag", "At the end of the day"))
    _levels(events, screen)
    _tags(events, screen)
    return await _verdict(told, of, stage, screen)


def _levels(events: Sequence[dict[str, Any]], screen: Screen) -> None:
    """How far the bot gets with each article; what people said counts as declared."""
    grid = screen.table()
    for article, text in ARTICLES.items():
        if article is not Article.HOUSE:
            about = [event for event in events if article_of(Rule(event["rule"])) is article]
            name = article.value.partition("-")[0]
            _level(grid, screen, name, LEVELS[text.level], about, Both(text.nl, text.en))
    said = [event for event in events if str(event["tag"]).partition(":")[0] in BY_PEOPLE]
    _level(grid, screen, "mensen", LEVELS[Level.DECLARED], said, DECLARED)
    screen.show(grid)


def _level(
    grid: Table,
    screen: Screen,
    name: str,
    level: Both,
    events: Sequence[dict[str, Any]],
    asks: Both,
) -> None:
    signals = sum(event["weight"] == Weight.SIGNAL for event in events)
    nl, en = f"{len(events)} × in het logboek", f"{len(events)} × in the log"
    if signals:
        nl, en = f"{nl}, {signals} × signaal", f"{en}, {signals} × signal"
    screen.row(
        grid,
        name,
        Text.assemble((level.nl, "bold"), f" ({nl}) {asks.nl}"),
        Text(f"{level.en} ({en}) {asks.en}"),
    )


def _tags(events: Sequence[dict[str, Any]], screen: Screen) -> None:
    counts = Counter((str(event["tag"]), str(event["weight"])) for event in events)
    grid = screen.table()
    label = "logboek"
    for (tag, weight), count in sorted(counts.items()):
        signal = weight == Weight.SIGNAL
        line = Text.assemble(f"{count:>3} × ", (tag, STYLES[Kind.SIGNAL] if signal else ""))
        screen.row(grid, label, line.append(" (signaal / signal)" if signal else ""))
        label = ""
    screen.blank()
    screen.show(grid)


async def _verdict(told: Sequence[Played], of: int, stage: Stage, screen: Screen) -> bool:
    async with reading(stage.bot.engine) as connection:
        log = await verify(connection)
    state = await overview(stage.bot.engine)
    outbox = {STATES[each]: count for each, count in state.effects.items()}
    right = sum(played.as_told for played in told)
    refused = _how_often(told, Kind.REFUSED)
    removed = _how_often(told, Kind.REMOVED)
    findings = (
        so(
            log.whole,
            f"Het logboek klopt: {log.checked} gebeurtenissen, elk vast aan de vorige.",
            f"The log is whole: {log.checked} events, each chained to the one before it.",
        ),
        so(
            EffectState.PENDING not in state.effects and EffectState.FAILED not in state.effects,
            f"Uitbak: {', '.join(f'{count} {each.nl}' for each, count in outbox.items())}.",
            f"Outbox: {', '.join(f'{count} {each.en}' for each, count in outbox.items())}.",
        ),
        so(
            state.dead_letters == 0 and not stage.telegram.violations,
            "Geen bericht van Telegram bleef onbegrepen, en de bot deed niets wat niet mag.",
            "No update of Telegram's was set aside, and the bot did nothing that it may not do.",
        ),
        so(
            right == of,
            f"{right} van de {of} stappen gingen zoals verteld: {refused} × geweigerd door"
            f" Telegram, {removed} × weggehaald door de bot.",
            f"{right} of {of} steps came out as told: {refused} × refused by Telegram,"
            f" {removed} × removed by the bot.",
        ),
    )
    screen.blank()
    grid = screen.table()
    for finding in findings:
        screen.finding(grid, finding)
    screen.show(grid)
    return all(finding.true for finding in findings)


def _how_often(told: Sequence[Played], kind: Kind) -> int:
    findings = [finding for played in told for finding in played.findings]
    return sum(finding.true and finding.kind is kind for finding in findings)
