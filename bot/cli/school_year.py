"""``school-year``: show what a new school year changes, ask, and do it in one go.

The roster is read and planned as by ``import-people``. Whoever has to hear of it is told by the
running bot within a minute, or by the next one that starts.
"""

import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import typer

from bot.cli.calm import CANNOT, NOT_IN_ORDER, StopError
from bot.cli.importing_people import ROLES, SHOWN, preview, read_file
from bot.cli.printing import say, table
from bot.cli.setting_up import Setup, database, set_up
from bot.policy.rosters.roster import RosterPlan
from bot.policy.school_years.year_plan import YearPlan
from storage.people import RosterChangedError
from storage.school_year import Ahead, look_ahead, roll_over

SOONEST: Final = timedelta(days=1)
"""Owners get at least this long; less is a slip of the pen."""


async def begin_school_year(
    path: Path, *, confirm_before: str | None, yes: bool, allow_gone: bool
) -> None:
    """Show everything, and do it once somebody has agreed.

    Raises ``StopError`` when the file has errors, too many would be gone, or nobody says yes.
    """
    setup, now = set_up(), datetime.now(UTC)
    until = _until(confirm_before, setup, now)
    async with database(setup.settings) as engine:
        file, agreed = await read_file(engine, path)
        preview(path, file, agreed)
        try:
            ahead = await look_ahead(engine, file.rows, agreed, now)
            _show(ahead, until, setup)
            if ahead.plan.changes_nothing and agreed.changes_nothing:
                say("Er is niets te doen.", "There is nothing to do.")
                return
            _agree(agreed, ahead.plan, yes=yes, allow_gone=allow_gone)
            await roll_over(
                engine, file.rows, agreed, ahead.plan, confirm_before=until, at=datetime.now(UTC)
            )
        except RosterChangedError:
            raise StopError(
                "Er is intussen iets veranderd. Er is niets geschreven; kijk opnieuw.",
                "Something has changed meanwhile. Nothing was written; look again.",
                code=NOT_IN_ORDER,
            ) from None
    say("Het schooljaar is begonnen.", "The school year has begun.")


def _until(written: str | None, setup: Setup, now: datetime) -> datetime:
    """The moment before which owners confirm: the beginning of a day on the school's clock."""
    if written is None:
        return now + timedelta(days=setup.school.school_year.reconfirm_days)
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise StopError(
            "--confirm-before is geen datum. Schrijf die als 2027-09-15.",
            "--confirm-before is no date. Write it as 2027-09-15.",
            code=CANNOT,
        ) from None
    until = datetime.combine(day, time(), tzinfo=setup.school.zone).astimezone(UTC)
    if until < now + SOONEST:
        raise StopError(
            "--confirm-before moet minstens een dag vooruit liggen.",
            "--confirm-before has to be at least a day ahead.",
            code=CANNOT,
        )
    return until


# --- showing -----------------------------------------------------------------------------------


def _show(ahead: Ahead, until: datetime, setup: Setup) -> None:
    plan, named = ahead.plan, ahead.named
    _rows(
        "Koppelingen die eindigen / links that end",
        ("naam / name",),
        [(named.people.get(link.person, ""),) for link in plan.links],
    )
    _rows(
        "Groepen van wie weg is / groups of those who left",
        ("groep / group", "eigenaar / owner", "aangeboden aan / offered to"),
        [
            (
                named.groups.get(offer.chat, ""),
                named.accounts.get(offer.owner, ""),
                "- (coördinatoren / coordinators)"
                if offer.colleague is None
                else named.accounts.get(offer.colleague, ""),
            )
            for offer in plan.offers
        ],
    )
    _rows(
        "Groepen om te bevestigen / groups to confirm",
        ("groep / group",),
        [(named.groups.get(chat, ""),) for chat in plan.reconfirm],
    )
    _rows(
        "Klassen die vervallen / class groups that end",
        ("groep / group", "klassen / classes"),
        [
            (named.groups.get(ending.chat, ""), ", ".join(sorted(ending.class_groups)))
            for ending in plan.endings
        ],
    )
    _summary(plan, until, setup)


def _rows(title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    if not rows:
        return
    table(f"{title} ({len(rows)})", columns, rows[:SHOWN])
    if len(rows) > SHOWN:
        say(f"... en nog {len(rows) - SHOWN} / and {len(rows) - SHOWN} more")


def _summary(plan: YearPlan, until: datetime, setup: Setup) -> None:
    if plan.again:
        say(
            "Dit schooljaar is al begonnen; eigenaren hoeven niet opnieuw te bevestigen.",
            "This school year has begun already; owners need not confirm again.",
        )
    else:
        moment = f"{until.astimezone(setup.school.zone):%Y-%m-%d %H:%M}"
        say(f"Bevestigen voor / to be confirmed before: {moment}")
    days = setup.school.retention.leavers_days
    say(
        f"Weg sinds het vorige schooljaar: {len(plan.leavers)}. Naam en klassen worden gewist na "
        f"{days} dagen (retention.leavers_days).",
        f"Left since the last school year: {len(plan.leavers)}. Names and class groups are erased "
        f"after {days} days (retention.leavers_days).",
    )


# --- agreeing ----------------------------------------------------------------------------------


def _agree(agreed: RosterPlan, plan: YearPlan, *, yes: bool, allow_gone: bool) -> None:
    losses = plan.losses or agreed.large_losses
    if losses:
        lost = "; ".join(f"{ROLES[one.role]}: {one.gone} / {one.of}" for one in losses)
        say(
            f"Let op: er zijn opvallend veel mensen weg ({lost}). Is het bestand heel? Koppelingen "
            "die eindigen, komen alleen terug met een nieuwe code.",
            f"Mind: remarkably many people are gone ({lost}). Is the file whole? Links that end "
            "only come back with a new code.",
        )
    if not yes:
        _ask("Dit schooljaar beginnen? / Begin this school year?")
    if not losses or allow_gone:
        return
    if yes:
        raise StopError(
            "Er is niets geschreven. Klopt het, herhaal het dan met --allow-gone.",
            "Nothing was written. If it is right, repeat this with --allow-gone.",
            code=NOT_IN_ORDER,
        )
    _ask("Is de lijst echt compleet? / Is the roster really complete?")


def _ask(question: str) -> None:
    if not sys.stdin.isatty():
        raise StopError(
            "Zonder terminal kan niemand ja zeggen. Er is niets geschreven; gebruik --yes.",
            "Without a terminal nobody can say yes. Nothing was written; use --yes.",
            code=CANNOT,
        )
    if not typer.confirm(question, default=False):
        raise StopError("Er is niets geschreven.", "Nothing was written.", code=NOT_IN_ORDER)
