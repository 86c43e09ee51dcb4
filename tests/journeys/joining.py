"""What journeys about coming into a group share: a group of a class, its link, guardians."""

from sqlalchemy import insert, select

from bot.policy.people import Role
from storage.tables import (
    group_class_groups,
    group_links,
    group_members,
    guardianships,
    join_requests,
    people,
)
from tests.journeys.finding import change, group, rows
from tests.journeys.world import World


async def serves(world: World, chat: int, *classes: str) -> None:
    """The group is for these class groups."""
    number = (await group(world, chat))["id"]
    await change(
        world,
        *(insert(group_class_groups).values(group_id=number, class_group=name) for name in classes),
    )


async def a_class_group(world: World, *classes: str) -> tuple[int, int]:
    """A teacher and a managed group of theirs for these class groups."""
    anna = await world.teacher("Anna de Vries")
    chat = await world.managed_group(anna)
    await serves(world, chat, *classes)
    return anna, chat


async def link_of(world: World, chat: int) -> str:
    """The group's link that asks for approval."""
    number = (await group(world, chat))["id"]
    found = await rows(
        world,
        select(group_links)
        .where(group_links.c.group_id == number, group_links.c.asks_approval.is_(True))
        .order_by(group_links.c.id.desc()),
    )
    return str(found[0]["url"])


async def a_guardian(world: World, name: str, *children: str) -> int:
    """A guardian with a linked account, of students who are on the roster."""
    user = await world.join_school(name, Role.GUARDIAN)
    numbers = {row["name"]: row["id"] for row in await rows(world, select(people))}
    await change(
        world,
        *(
            insert(guardianships).values(guardian_id=numbers[name], student_id=numbers[child])
            for child in children
        ),
    )
    return user


def members_of(world: World, chat: int) -> set[int]:
    """Who is in the group, on Telegram's side."""
    return {member["id"] for member in world.act.group_as_seen(chat)["members"]}


def asking(world: World, chat: int) -> list[int]:
    """Who waits for approval, on Telegram's side."""
    return list(world.act.group_as_seen(chat)["requests"])


async def states(world: World) -> list[str]:
    """Where each request to join is, in our own tables, the oldest first."""
    found = await rows(world, select(join_requests).order_by(join_requests.c.id))
    return [row["state"] for row in found]


async def members_known(world: World) -> int:
    """How many people our own tables say are in a group."""
    return len(await rows(world, select(group_members)))


async def clock_ticks(world: World) -> None:
    """Let the clock look for requests that are due, and through members."""
    assert world.bot is not None
    await world.bot.jobs.decide_due_requests()
    await world.bot.jobs.look_through_members()
    await world.quiet()
