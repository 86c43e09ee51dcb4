"""The three commonest announcements, by what they cost: taps and typed characters, counted."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.policy.rules import Article
from tests.journeys.finding import button_under, texts_in
from tests.journeys.test_an_announcement import a_class_group
from tests.journeys.world import World

ARTICLE = Article.A2

DOCUMENT = Path(__file__).parents[2] / "docs" / "announcements.md"
MOST_TAPS = 6


@dataclass
class Telephone:
    """A teacher's hands. A tap: a button, a command of the menu, the menu, the arrow that sends."""

    world: World
    user: int
    taps: int = 0
    typed: int = 0

    async def chooses(self, command: str) -> None:
        """A command of the menu: the menu is opened, the command is tapped."""
        self.taps += 2
        self.world.act.write(self.user, self.user, command)
        await self.world.quiet()

    async def taps_on(self, label: str) -> None:
        self.taps += 1
        message, data = button_under(self.world, self.user, label)
        self.world.act.press(self.user, self.user, message, data)
        await self.world.quiet()

    async def types(self, text: str) -> None:
        self.taps += 1
        self.typed += len(text)
        self.world.act.write(self.user, self.user, text)
        await self.world.quiet()


COMMONEST = {
    "Lesson cancelled": (
        "❌ Les valt uit",
        "3 wiskunde",
        "/bericht 4H2 uitval 3e uur wiskunde",
        "Wiskunde valt uit.",
    ),
    "Room change": (
        "🚪 Ander lokaal",
        "3 wiskunde 104",
        "/bericht 4H2 ander lokaal 3e uur wiskunde naar 104",
        "Wiskunde is in lokaal 104.",
    ),
    "Lesson moved": (
        "🔀 Les verplaatst",
        "3 wiskunde 5",
        "/bericht 4H2 verplaatst 3e uur wiskunde naar 5e uur",
        "Wiskunde is verplaatst naar het 5e uur.",
    ),
}


def row_of(name: str) -> tuple[int, ...]:
    """What the documentation says that it costs: taps, characters, by buttons and by one line."""
    found = re.search(
        rf"^\| {name} \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$",
        DOCUMENT.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert found is not None, name
    return tuple(int(each) for each in found.groups())


async def a_teacher_of_three_classes(world: World) -> tuple[int, int]:
    anna = await world.teacher("Anna de Vries")
    bram = await world.student("Bram Bakker", "4H2")
    chats = [await a_class_group(world, anna, bram, name=n) for n in ("4H2", "4H3", "5V1")]
    return anna, chats[0]


@pytest.mark.parametrize("name", COMMONEST)
async def test_announcement_when_made_then_costs_what_the_documentation_says(
    world: World, name: str
):
    kind, lesson, line, said = COMMONEST[name]
    anna, chat = await a_teacher_of_three_classes(world)
    by_buttons, by_line = Telephone(world, anna), Telephone(world, anna)

    await by_buttons.chooses("/bericht")
    await by_buttons.taps_on("☐ 4H2 rooster")
    await by_buttons.taps_on(kind)
    await by_buttons.types(lesson)
    await by_buttons.taps_on("Verstuur")
    await by_line.types(line)
    await by_line.taps_on("Verstuur")

    sent = [text for text in texts_in(world, chat) if text and said in text]
    assert len(sent) == len(set(sent)) + 1, "the two are one and the same"
    costs = (by_buttons.taps, by_buttons.typed, by_line.taps, by_line.typed)
    assert costs == row_of(name)
    assert max(by_buttons.taps, by_line.taps) <= MOST_TAPS


@pytest.mark.parametrize("name", COMMONEST)
async def test_announcement_when_only_tapped_then_typing_is_left_for_subject_and_room(
    world: World, name: str
):
    anna, chat = await a_teacher_of_three_classes(world)
    hand = Telephone(world, anna)

    await hand.chooses("/bericht")
    await hand.taps_on("☐ 4H2 rooster")
    await hand.taps_on(COMMONEST[name][0])
    await hand.taps_on("3")
    await hand.types("wiskunde")
    if name == "Room change":
        await hand.types("104")
    if name == "Lesson moved":
        await hand.taps_on("5")
    await hand.taps_on("Verstuur")

    assert [text for text in texts_in(world, chat) if text and COMMONEST[name][3] in text] != []
    assert hand.typed == len("wiskunde") + (len("104") if name == "Room change" else 0)
