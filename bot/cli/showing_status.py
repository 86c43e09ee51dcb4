"""``status``: how things stand, from our own database alone."""

from datetime import UTC, datetime

from bot.cli.importing_people import ROLES
from bot.cli.printing import say, table
from bot.cli.setting_up import database, set_up
from bot.policy.groups import GroupState
from storage.linking_codes import outstanding
from storage.outbox import EffectState
from storage.overview import overview

_STATES = {
    GroupState.PENDING: "in afwachting / pending",
    GroupState.MANAGED: "beheerd / managed",
    GroupState.SUSPENDED: "opgeschort / suspended",
    GroupState.LEFT: "verlaten / left",
}
_OPEN = {
    EffectState.PENDING: "wacht / waiting",
    EffectState.SENDING: "onderweg / on its way",
    EffectState.UNKNOWN: "niet bekend of het aankwam / unknown whether it arrived",
    EffectState.FAILED: "niet gelukt / failed",
    EffectState.WITHHELD: "proef: niet gedaan / trial: not done",
}


async def show_status() -> None:
    """Print the counts of one moment."""
    setup = set_up()
    now = datetime.now(UTC)
    async with database(setup.settings) as engine:
        found, people = await overview(engine), await outstanding(engine, now)
    groups = [(_STATES[state], str(count)) for state, count in found.groups.items()]
    effects = [
        (words, str(found.effects[state]))
        for state, words in _OPEN.items()
        if state in found.effects
    ]
    _counts("Groepen / groups", groups)
    _counts("Voor Telegram / for Telegram", effects)
    linked = (
        (ROLES[one.role], *map(str, (one.people, one.linked, one.with_code, one.without_code)))
        for one in people
    )
    headings = (
        "rol / role",
        "mensen / people",
        "gekoppeld / linked",
        "code uit / code out",
        "zonder code / without",
    )
    table("Koppelen / linking", headings, linked)
    say(f"Langst wachtend / waiting longest: {_ago(found.oldest_waiting, now)}")
    say(f"Opzijgezet / set aside: {found.dead_letters}")
    say(f"Laatste antwoord van Telegram / Telegram last answered: {_ago(found.last_poll, now)}")
    say(f"Logboek / log: {found.events}, {found.head}")


def _counts(title: str, rows: list[tuple[str, str]]) -> None:
    if rows:
        table(title, ("stand / state", "aantal / count"), rows)
    else:
        say(f"{title}: -")


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "-"
    seconds = max(0, int((now - moment).total_seconds()))
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC ({seconds // 60} min {seconds % 60} s)"
