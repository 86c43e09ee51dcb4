"""What ``check`` sees of each group that is ours: a look now, judged by the policy's own rules."""

import html
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import Bot
from telegram.error import TelegramError

from bot.cli.findings import Finding, fine, look, wrong
from bot.gather.looks import look_facts, look_needs
from bot.messages import text
from bot.policy.broadcast_groups.group_items import missing_rights
from bot.policy.broadcast_groups.group_lock import opened
from bot.policy.broadcast_groups.group_seen import LookFacts, items_of, owner_is_staff
from bot.policy.effects import Language
from bot.policy.groups import ChatLook
from bot.policy.notices import Item
from bot.sending.looking import look_at
from storage.engine import reading
from storage.numbers import Numbers
from storage.overview import WatchedGroup, watched_groups
from storage.reading import read_known


async def check_groups(engine: AsyncEngine, bot: Bot) -> list[Finding]:
    """Each group that is managed or suspended: our rights, its lock, its owner."""
    groups = await watched_groups(engine)
    if not groups:
        return [fine("Er zijn nog geen beheerde groepen.", "There are no managed groups yet.")]
    return [finding for group in groups for finding in await _check(engine, bot, group)]


async def _check(engine: AsyncEngine, bot: Bot, group: WatchedGroup) -> list[Finding]:
    name = f"{group.number} ({group.title})"
    try:
        seen = await look_at(bot, group.chat)
    except TelegramError:
        trouble = look(
            f"Groep {name} is nu niet te bekijken.",
            f"Group {name} cannot be looked at now.",
            "Probeer het later opnieuw; de bot blijft het zelf ook proberen.",
            "Try again later; the bot itself keeps trying too.",
        )
        return [trouble]
    if not seen.is_member:
        away = wrong(
            f"Groep {name}: de bot zit er niet meer in.",
            f"Group {name}: the bot is no longer in it.",
            "De eigenaar kan de bot opnieuw toevoegen (/nieuwegroep).",
            "Its owner can add the bot again (/nieuwegroep).",
        )
        return [away]
    async with reading(engine) as connection:
        needs = look_needs(seen, group.chat)
        known = await read_known(connection, needs, datetime.now(UTC), Numbers())
    facts = look_facts(seen, group.chat, "check", known)
    return [] if facts is None else list(_judged(name, seen, facts))


def _judged(name: str, seen: ChatLook, facts: LookFacts) -> Iterator[Finding]:
    before = (f"Groep {name}: ", f"Group {name}: ")
    items = items_of(facts)
    yield _lock(before, seen)
    if seen.owner is not None and not owner_is_staff(facts):
        yield wrong(
            f"{before[0]}de eigenaar is niet als medewerker bekend.",
            f"{before[1]}its owner is not known as a member of staff.",
            "Laat een medewerker eigenaar worden, of koppel het account van de eigenaar (codes).",
            "Have staff own it, or link the owner's account (codes).",
        )
    for item in items:
        dutch, english = (_todo(item, seen, each) for each in (Language.DUTCH, Language.ENGLISH))
        yield wrong(f"{before[0]}{item}", f"{before[1]}{item}", dutch, english)
    if not items and owner_is_staff(facts):
        yield fine(
            f"{before[0]}rechten en eigenaar zijn in orde.",
            f"{before[1]}rights and owner are in order.",
        )


def _lock(before: tuple[str, str], seen: ChatLook) -> Finding:
    open_now = ", ".join(opened(seen))
    if not open_now:
        return fine(f"{before[0]}zit op slot.", f"{before[1]}is locked.")
    return wrong(
        f"{before[0]}zit niet op slot ({open_now}).",
        f"{before[1]}is not locked ({open_now}).",
        "De draaiende bot zet haar vanzelf op slot, als hij leden mag beperken.",
        "The running bot locks it by itself, if it may restrict members.",
    )


def _todo(item: Item, seen: ChatLook, language: Language) -> str:
    """The catalogue's sentence about an item, as it reads without Telegram's markup."""
    rights = ", ".join(text(f"right-{right}", language) for right in missing_rights(seen))
    return html.unescape(text(f"item-{item}", language, rights=rights))
