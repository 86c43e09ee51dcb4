"""An announcement to many groups while Telegram has a bad day: each has it once, or is shown."""

from collections import Counter
from dataclasses import dataclass

import pytest
from sqlalchemy import func, insert, select

from bot.policy.announcements.draft import AnnouncementState, DeliveryState
from bot.policy.people import Duty, Role
from bot.policy.rules import Article
from storage.tables import (
    accounts,
    announcements,
    deliveries,
    group_chat_ids,
    join_requests,
    person_class_groups,
)
from storage.tables import people as roster
from tests.benchmarks.fan_out_school import (
    class_on_the_roster,
    confirm,
    counted,
    line,
    many_groups,
    sent_to,
)
from tests.journeys.finding import change, rows, said
from tests.journeys.joining import a_class_group, link_of
from tests.journeys.world import World, running

ARTICLE = Article.A2

GROUPS = 70
"""More than go in two seconds."""


@dataclass(frozen=True, kw_only=True)
class Ready:
    """An announcement that waits for the tap of its author."""

    world: World
    author: int
    groups: list[int]

    async def sent(self) -> None:
        """The author taps; all that may go goes."""
        assert confirm(self.world, self.author)
        await self.world.quiet()
        await self.ticked()

    async def ticked(self) -> None:
        assert self.world.bot is not None
        for _ in range(2):
            await self.world.bot.jobs.announcements.tick()
            await self.world.quiet()

    def taken(self) -> Counter[int]:
        """How many messages Telegram has put into each group."""
        return Counter(c.params["chat_id"] for c in standing(self.world, self.groups))

    async def states(self) -> dict[int, str]:
        """What the bot says of each group."""
        found = await rows(
            self.world,
            select(group_chat_ids.c.chat_id, deliveries.c.state).join(
                group_chat_ids, group_chat_ids.c.group_id == deliveries.c.group_id
            ),
        )
        return {row["chat_id"]: row["state"] for row in found}


def standing(world: World, groups: list[int]):
    """Calls that put a message into a group."""
    return sent_to(counted(world), groups)


async def ready(world: World) -> Ready:
    """A school with many groups of one class, and a coordinator about to announce in all."""
    async with running(world):
        noor = await world.teacher("Noor de Wit", Duty.COORDINATOR)
    groups = await many_groups(world, noor, GROUPS, "4H2")
    await class_on_the_roster(world, "4H2")
    world.telegram.limiter.on = True
    return Ready(world=world, author=noor, groups=groups)


async def composed(school: Ready) -> None:
    school.world.act.write(school.author, school.author, line("4H2", 8))
    await school.world.quiet()


async def has_ended(world: World) -> bool:
    (row,) = await rows(world, select(announcements.c.state))
    return bool(row["state"] == AnnouncementState.SENT)


@pytest.mark.parametrize(
    ("kind", "count", "more"),
    [
        pytest.param("429", 1, {"retry_after": 5}, id="one chat is asked to wait"),
        pytest.param("429", 6, {"retry_after": 20}, id="all are asked to wait"),
        pytest.param("500", 9, {}, id="500"),
        pytest.param("502", 9, {}, id="502"),
    ],
)
async def test_fan_out_when_telegram_refuses_in_passing_then_every_group_has_it_exactly_once(
    resting_world: World, kind: str, count: int, more: dict[str, int]
):
    world = resting_world
    school = await ready(world)
    async with running(world):
        await composed(school)
        world.telegram.faults.add("sendMessage", kind, count, **more)
        await school.sent()

        assert world.telegram.faults.happened == count
        assert school.taken() == dict.fromkeys(school.groups, 1)
        assert set((await school.states()).values()) == {DeliveryState.SENT}
        assert await has_ended(world)


async def test_fan_out_when_one_group_must_wait_half_an_hour_then_holds_up_no_other(
    resting_world: World,
):
    world = resting_world
    school = await ready(world)
    slow = school.groups[3]
    async with running(world):
        await composed(school)
        world.telegram.faults.add("sendMessage", "429", retry_after=1800, chat_id=slow)
        await school.sent()
        others = dict.fromkeys(set(school.groups) - {slow}, 1)
        assert school.taken() == others
        assert not await has_ended(world)

    async with running(world):
        await world.later(minutes=31)
        await school.ticked()

        assert school.taken() == others | {slow: 1}
        assert await has_ended(world)


@pytest.mark.parametrize(
    ("kind", "arrived"),
    [
        pytest.param("drop", 0, id="dropped"),
        pytest.param("deliver_then_drop", 1, id="delivered, then dropped"),
        pytest.param("garbage_json", 0, id="unreadable answer"),
    ],
)
async def test_fan_out_when_answers_are_lost_then_those_groups_are_shown_and_none_has_it_twice(
    resting_world: World, kind: str, arrived: int
):
    world = resting_world
    school = await ready(world)
    lost = school.groups[::9]
    async with running(world):
        await composed(school)
        for chat in lost:
            world.telegram.faults.add("sendMessage", kind, chat_id=chat)
        await school.sent()
        await world.later(minutes=20)
        await school.ticked()

    async with running(world):
        await school.ticked()
        once = set(school.groups) if arrived else set(school.groups) - set(lost)
        assert school.taken() == dict.fromkeys(once, 1)
        states = await school.states()
        assert {c for c, state in states.items() if state == DeliveryState.UNKNOWN} == set(lost)
        assert Counter(states.values()) == {
            DeliveryState.SENT: GROUPS - len(lost),
            DeliveryState.UNKNOWN: len(lost),
        }
        assert len(await world.events("bot:effect:failed")) == len(lost)
        assert await has_ended(world)


async def test_fan_out_when_everything_goes_wrong_at_once_then_each_group_has_it_once_or_is_shown(
    resting_world: World,
):
    world = resting_world
    school = await ready(world)
    async with running(world):
        await composed(school)
        add = world.telegram.faults.add
        for n, chat in enumerate(school.groups):
            kinds = ("429", "500", "", "drop", "deliver_then_drop", "502", "")
            if kind := kinds[n % len(kinds)]:
                add("sendMessage", kind, retry_after=1 + n % 4, chat_id=chat)
        await school.sent()

    async with running(world):
        await school.ticked()
        taken, states = school.taken(), await school.states()
        assert max(taken.values()) == 1
        certain = {chat for chat, state in states.items() if state == DeliveryState.SENT}
        assert certain <= taken.keys()
        unknown = {chat for chat, state in states.items() if state == DeliveryState.UNKNOWN}
        assert unknown == {c for n, c in enumerate(school.groups) if n % 7 in {3, 4}}
        assert certain | unknown == set(school.groups)
        assert await has_ended(world)


# --- bursts without an announcement ------------------------------------------------------------


async def test_private_notices_when_sixty_are_due_at_once_then_all_go_within_the_limits(
    world: World,
):
    world.telegram.limiter.on = True
    strangers = [world.stranger(f"Vreemde {n}") for n in range(60)]

    for user in strangers:
        world.act.write(user, user, "hallo, mag ik wat vragen")
    await world.quiet()

    answer = [said(world, "kind-answer-stranger")]
    assert {user: world.heard_by(user) for user in strangers} == dict.fromkeys(strangers, answer)


async def test_join_requests_when_five_hundred_come_at_once_then_all_are_decided_within_the_limits(
    world: World,
):
    _, chat = await a_class_group(world, "4H2")
    link = await link_of(world, chat)
    classmates = [world.stranger(f"Leerling {n}") for n in range(400)]
    strangers = [world.stranger(f"Vreemde {n}") for n in range(100)]
    await linked(world, classmates, "4H2")
    world.telegram.limiter.on = True

    for user in (*classmates, *strangers):
        world.act.request_join(user, link)
    await world.quiet()

    found = await rows(
        world, select(join_requests.c.state, func.count().label("n")).group_by("state")
    )
    assert {row["state"]: row["n"] for row in found} == {"admitted": 400, "waiting": 100}
    assert {tuple(world.heard_by(user)) for user in strangers} == {
        (said(world, "join-link-first"),)
    }


async def linked(world: World, users: list[int], class_group: str) -> None:
    """Students of a class with linked accounts, as codes would have left them."""
    now, first = world.clock.now(), 10_000
    numbered = list(enumerate(users, first))
    student = {"role": Role.STUDENT.value, "active": True, "imported_at": now}
    seen = {"first_seen_at": now, "linked_at": now}
    await change(
        world,
        insert(roster).values(
            [{"id": n, "school_id": f"s{n}", "name": f"L{n}"} | student for n, _ in numbered]
        ),
        insert(person_class_groups).values(
            [{"person_id": n, "class_group": class_group} for n, _ in numbered]
        ),
        insert(accounts).values([{"user_id": user, "person_id": n} | seen for n, user in numbered]),
    )
