"""What administrators do in their journeys, and what a changed telephone can send them into."""

from bot.policy.people import Duty
from tests.journeys.finding import button_under
from tests.journeys.world import World


async def administrator(world: World, name: str = "Anna Beheer") -> int:
    """An administrator who has linked."""
    return await world.teacher(name, Duty.ADMINISTRATOR)


async def press(world: World, user: int, label: str) -> None:
    """Press the last button of this name."""
    message, data = button_under(world, user, label)
    world.act.press(user, user, message, data)
    await world.quiet()


async def ask(world: World, user: int, command: str) -> str:
    """Type a command; answer what the bot says to it."""
    world.act.write(user, user, command)
    await world.quiet()
    return world.heard_by(user)[-1]


def labels(world: World, user: int) -> list[str]:
    """The buttons under the last message of the bot."""
    shown = [m for m in world.act.look(user, user)["messages"] if m["from"] != user][-1]
    return [button["text"] for row in shown["buttons"] for button in row]


async def forge(world: World, user: int, data: str) -> None:
    """Press what no button says: a changed telephone can send anything from any message."""
    chat = world.telegram.world.private_chat(user)
    message = next(
        m for m in reversed(chat.messages.values()) if m.from_id == world.telegram.bot.id
    )
    kept = message.markup
    message.markup = {"inline_keyboard": [[{"text": "forged", "callback_data": data}]]}
    world.act.press(user, user, message.id, data)
    message.markup = kept
    await world.quiet()
