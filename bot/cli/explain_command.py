"""What there is to type for ``explain``: a table of options, and which question they make."""

import asyncio
from typing import Annotated

import typer

from bot.cli.calm import StopError, calm
from bot.cli.cases import GroupCase, Logged, MessageCase, Who
from bot.policy.groups import GroupState


def explain(  # noqa: PLR0913 (one for each option)
    *,
    event: Annotated[
        int | None, typer.Option(help="Gebeurtenis uit het logboek / event of the log.")
    ] = None,
    group: Annotated[int | None, typer.Option(help="Groep, ons nummer / our number.")] = None,
    chat: Annotated[
        int | None, typer.Option(help="Groep, nummer van Telegram / Telegram's number.")
    ] = None,
    account: Annotated[int | None, typer.Option(help="Account, ons nummer / our number.")] = None,
    last: Annotated[
        int, typer.Option(min=1, max=1000, help="Hoeveel hooguit / how many at most.")
    ] = 5,
    owner: Annotated[
        Who | None, typer.Option(help="Bedachte groep: eigenaar / made-up group: its owner.")
    ] = None,
    added_by: Annotated[
        Who, typer.Option(help="Groep: wie de bot toevoegde / who added the bot.")
    ] = Who.STAFF,
    administrator: Annotated[
        list[Who] | None, typer.Option(help="Groep: nog een beheerder / another administrator.")
    ] = None,
    state: Annotated[GroupState, typer.Option(help="Groep: stand / state.")] = GroupState.PENDING,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="Groep: eigenaar vroeg erom / owner asked for it.")
    ] = False,
    unlocked: Annotated[
        bool, typer.Option("--unlocked", help="Groep: leden mogen schrijven / members may write.")
    ] = False,
    without_rights: Annotated[
        bool, typer.Option("--without-rights", help="Groep: bot zonder rechten / without rights.")
    ] = False,
    late: Annotated[
        bool, typer.Option("--late", help="Groep: de tijd is om / its time is over.")
    ] = False,
    author: Annotated[
        Who | None, typer.Option(help="Bedacht bericht: schrijver / made-up message: author.")
    ] = None,
    kind: Annotated[str, typer.Option(help="Bericht: soort / message: kind.")] = "text",
    edited: Annotated[
        bool, typer.Option("--edited", help="Bericht: gewijzigd / message: edited.")
    ] = False,
    as_channel: Annotated[
        bool, typer.Option("--as-channel", help="Bericht: uit naam van een kanaal / as a channel.")
    ] = False,
    has_seat: Annotated[
        bool, typer.Option("--has-seat", help="Bericht: schrijver is beheerder / administrator.")
    ] = False,
    reply_to: Annotated[
        Who | None, typer.Option(help="Bericht: antwoord aan / message: reply to.")
    ] = None,
    hours_old: Annotated[
        float, typer.Option(min=0, help="Bericht: uren oud / message: hours old.")
    ] = 0,
) -> None:
    """Welke regel beslist / which rule decides, and why."""
    with calm():
        logged = Logged(event=event, group=group, chat=chat, account=account, last=last)
        made_up_group = (
            None
            if owner is None
            else GroupCase(
                owner=owner,
                added_by=added_by,
                administrators=tuple(administrator or ()),
                state=state,
                confirmed=confirmed,
                unlocked=unlocked,
                late=late,
                without_rights=without_rights,
            )
        )
        made_up_message = (
            None
            if author is None
            else MessageCase(
                author=author,
                kind=kind,
                edited=edited,
                as_channel=as_channel,
                has_seat=has_seat,
                reply_to=reply_to,
                hours_old=hours_old,
            )
        )
        _answer(logged, made_up_group, made_up_message)


def _answer(logged: Logged, group: GroupCase | None, message: MessageCase | None) -> None:
    asked = (not logged.is_empty) + (group is not None) + (message is not None)
    if asked != 1:
        raise StopError(
            "Vraag één ding: --event, --group, --chat of --account uit het logboek, "
            "--owner voor een bedachte groep, of --author voor een bedacht bericht.",
            "Ask one thing: --event, --group, --chat or --account from the log, "
            "--owner for a made-up group, or --author for a made-up message.",
        )
    from bot.cli import explaining  # noqa: PLC0415 (the policy and the database, once needed)

    if group is not None:
        explaining.explain_group(group)
    elif message is not None:
        explaining.explain_message(message)
    else:
        asyncio.run(explaining.explain_logged(logged))
