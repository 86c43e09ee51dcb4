"""What the pages for everybody look like on a telephone."""

import secrets
from typing import Any

from bot.messages.notices import label
from bot.policy.effects import Language
from bot.policy.ids import PersonId, UserId
from bot.policy.people import Account, Duty, Person, Role
from bot.sending.menus import menu
from tests.journeys.finding import button_under, said
from tests.journeys.world import World


def account_of(role: Role | None, *duties: Duty) -> Account:
    """Anybody of this kind."""
    person = None if role is None else Person(id=PersonId(1), role=role, duties=frozenset(duties))
    return Account(user=UserId(1), person=person)


def help_shown(
    world: World, role: Role | None, *duties: Duty, language: Language = Language.DUTCH
) -> str:
    """The help as somebody of this kind reads it."""
    hello = said(world, f"hello-{role or 'stranger'}", language)
    listed = menu(account_of(role, *duties), language)
    lines = "\n".join(f"/{each.command}: {each.description}" for each in listed)
    return f"{hello}\n\n{said(world, 'help-commands', language, commands=lines)}"


def rules_shown(world: World, role: Role | None = None, language: Language = Language.DUTCH) -> str:
    """The rules as somebody of this kind, who is not staff, reads them."""
    who = role or "stranger"
    keys = ("rules-head", f"rules-groups-{who}", "rules-everyone", f"rules-breach-{who}")
    return "\n\n".join(said(world, key, language) for key in keys)


def menu_seen(world: World, user: int) -> list[str]:
    """The commands in somebody's menu in the bot's private chat."""
    return [str(each["command"]) for each in world.act.commands_seen(user, user)]


def labels_under(world: World, user: int) -> list[str]:
    """The buttons under the last message that somebody got."""
    return [button["text"] for row in last_message(world, user)["buttons"] for button in row]


def last_message(world: World, user: int) -> dict[str, Any]:
    """The last message in somebody's chat with the bot."""
    found: dict[str, Any] = world.act.look(user, user)["messages"][-1]
    return found


def files_of(world: World, user: int) -> list[tuple[str, bytes]]:
    """The files that somebody got from the bot, by name, oldest first."""
    return [
        (message["document"]["name"], world.act.file_of(user, user, message["message_id"]))
        for message in world.act.look(user, user)["messages"]
        if message["document"] is not None
    ]


async def presses(world: World, user: int, key: str, language: Language = Language.DUTCH) -> None:
    """Somebody presses the last button with this label of the catalogue."""
    message, data = button_under(world, user, label(key, language))
    world.act.press(user, user, message, data)
    await world.quiet()


async def asks(world: World, user: int, command: str) -> None:
    """Somebody types a command."""
    world.act.write(user, user, command)
    await world.quiet()


async def presses_forged(world: World, user: int, data: str) -> None:
    """A changed telephone sends what stands on no button."""
    shown = last_message(world, user)["message_id"]
    account = world.telegram.world.users[user]
    world.telegram.inject_update(
        {
            "callback_query": {
                "id": secrets.token_hex(8),
                "from": {"id": user, "is_bot": False, "first_name": account.first_name},
                "message": {
                    "message_id": shown,
                    "date": world.telegram.clock.unix(),
                    "chat": {"id": user, "type": "private", "first_name": account.first_name},
                },
                "chat_instance": "1",
                "data": data,
            }
        }
    )
    await world.quiet()
