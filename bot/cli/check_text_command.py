"""What there is to type for ``check-text``."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.calm import calm


def check_text(
    text: Annotated[
        str | None, typer.Argument(help="De tekst / the text.", show_default=False)
    ] = None,
    *,
    file: Annotated[
        Path | None, typer.Option(help="Bestand met de tekst / a file with the text.")
    ] = None,
    media: Annotated[
        bool, typer.Option("--media", help="Er gaat beeld of geluid mee / media goes along.")
    ] = False,
    own_number: Annotated[
        list[str] | None, typer.Option(help="Nummer van school / number of the school.")
    ] = None,
    own_domain: Annotated[
        list[str] | None, typer.Option(help="Domein van school / domain of the school.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Als JSON / as JSON.")] = False,
) -> None:
    """Een tekst nalezen / check a text before it is sent."""
    with calm():
        from bot.cli import checking_texts  # noqa: PLC0415 (the lists, once needed)

        asked = checking_texts.Asked(
            text=text,
            file=file,
            media=media,
            own_numbers=frozenset(own_number or ()),
            own_domains=frozenset(own_domain or ()),
            as_json=as_json,
        )
        raise typer.Exit(asyncio.run(checking_texts.check_text(asked)))
