"""The command line: what there is to type. The work of each command is in a module of its own.

Those modules are imported when a command runs, so that ``--help`` answers at once.
"""

# ruff: noqa: PLC0415 (the reason stands above)

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.calm import calm
from bot.cli.check_text_command import check_text
from bot.cli.explain_command import explain
from bot.cli.printing import prepare_streams

# Plain help, which any terminal shows; tracebacks as Python writes them, for the scrubbing log.
app = typer.Typer(
    help="Groepswacht bewaakt groepsapps van school / keeps a school's group apps.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command that was typed."""
    prepare_streams()
    app(prog_name="python -m bot")


@app.command()
def run() -> None:
    """De bot laten werken / let the bot work."""
    with calm():
        from bot.app import run_bot
        from bot.cli.setting_up import set_up

        setup = set_up(token_required=True, talks=True)
        asyncio.run(run_bot(setup.settings, setup.school))


@app.command()
def demo(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Eén keer doorlopen en stoppen / run through it once.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Poort; anders een vrije / else a free one."),
    ] = None,
) -> None:
    """De voorbeeldschool, zonder token / the example school."""
    with calm():
        from bot.demo import run_demo

        raise typer.Exit(asyncio.run(run_demo(once=once, port=port)))


@app.command()
def check() -> None:
    """Kijken of alles goed staat / see whether all is right."""
    with calm():
        from bot.cli import checking

        asyncio.run(checking.check())


@app.command()
def status() -> None:
    """Hoe het ervoor staat / how things stand."""
    with calm():
        from bot.cli.showing_status import show_status

        asyncio.run(show_status())


@app.command()
def import_people(
    file: Annotated[Path, typer.Argument(help="CSV-bestand / CSV file.", show_default=False)],
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Niet vragen / do not ask.")] = False,
    allow_gone: Annotated[
        bool, typer.Option("--allow-gone", help="Ook als er veel weg zijn / even if many are gone.")
    ] = False,
    observe: Annotated[
        bool, typer.Option("--observe", help="Alleen laten zien / only show, write nothing.")
    ] = False,
) -> None:
    """De lijst van school inlezen / import the school's roster."""
    with calm():
        from bot.cli import importing_people

        asyncio.run(
            importing_people.import_people(file, yes=yes, allow_gone=allow_gone, observe=observe)
        )


@app.command()
def school_year(
    file: Annotated[Path, typer.Argument(help="CSV-bestand / CSV file.", show_default=False)],
    *,
    confirm_before: Annotated[
        str | None,
        typer.Option("--confirm-before", help="Datum, als 2027-09-15 / a date, as 2027-09-15."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Niet vragen / do not ask.")] = False,
    allow_gone: Annotated[
        bool, typer.Option("--allow-gone", help="Ook als er veel weg zijn / even if many are gone.")
    ] = False,
) -> None:
    """Een nieuw schooljaar beginnen / begin a new school year."""
    with calm():
        from bot.cli.school_year import begin_school_year

        asyncio.run(
            begin_school_year(file, confirm_before=confirm_before, yes=yes, allow_gone=allow_gone)
        )


@app.command()
def codes(
    *,
    class_group: Annotated[
        str | None, typer.Option("--class", help="Eén klas, zoals 4H2 / one class, such as 4H2.")
    ] = None,
    role: Annotated[
        str | None, typer.Option(help="student, staff, guardian (leerling, medewerker, ouder).")
    ] = None,
    person: Annotated[
        str | None, typer.Option(help="Eén persoon, op schoolnummer / one person, by school id.")
    ] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="Eerdere codes vervallen / earlier codes end.")
    ] = False,
    first_administrator: Annotated[
        bool, typer.Option("--first-administrator", help="De eerste beheerder / the first one.")
    ] = False,
    sheet: Annotated[
        Path | None, typer.Option(help="Vel om te printen (.html) / sheet to print (.html).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Als JSON / as JSON.")] = False,
    username: Annotated[
        str | None, typer.Option("--bot-username", help="Voor de links / for the links.")
    ] = None,
) -> None:
    """Koppelcodes maken / make linking codes."""
    with calm():
        from bot.cli.issuing_codes import Handover, hand_out_codes, selection_of

        selection = selection_of(
            class_group=class_group,
            role=role,
            person=person,
            renew=renew,
            first_administrator=first_administrator,
        )
        handover = Handover(as_json=as_json, sheet=sheet, username=username)
        asyncio.run(hand_out_codes(selection, handover))


@app.command()
def verify_log(
    head: Annotated[
        str | None, typer.Option(help="Een eerder genoteerde code / a hash noted earlier.")
    ] = None,
) -> None:
    """Het logboek nalopen / prove that the log is whole."""
    with calm():
        from bot.cli import reading_the_log

        asyncio.run(reading_the_log.verify_log(head))


@app.command()
def export_events(
    since: Annotated[
        int, typer.Option(min=0, help="Alleen na dit nummer / only after this number.")
    ] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Bestand in plaats van het scherm / a file, not the screen.")
    ] = None,
) -> None:
    """Het logboek als JSON Lines / the log as JSON Lines."""
    with calm():
        from bot.cli import reading_the_log

        asyncio.run(reading_the_log.export_events(since, out))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="De kopie / the copy.", show_default=False)],
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Een oude kopie vervangen / replace an old copy.")
    ] = False,
) -> None:
    """Een kopie van de database / a copy of the database."""
    with calm():
        from bot.cli.backing_up import make_backup

        asyncio.run(make_backup(file, force=force))


app.command()(explain)
app.command()(check_text)
