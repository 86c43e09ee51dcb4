"""Who asks to join is let in, declined with the reason, or waits: a class group stays a class."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest

import pytest
from sqlalchemy import delete, insert, select, update

from bot.policy.effects import Language
from bot.policy.people import Role
from bot.policy.rules import Article
from storage.tables import (
    accounts,
    people,
    person_class_groups,
)
from tests.journeys.finding import (
    another_code,
    change,
    effects,
    leave_school,
    rows,
    said,
    time_passes,
)
from tests.journeys.joining import (
    a_class_group,
    a_guardian,
    asking,
    clock_ticks,
    link_of,
    members_of,
    serves,
    states,
)
from tests.journeys.world import World, running

ARTICLE = Article.HOUSE


async def reasons(world: World, tag: str) -> list[str]:
    return [event["reason"] for event in await world.events(tag)]


# --- at once -----------------------------------------------------------------------------------


async def test_student_of_the_class_when_asking_then_is_in(world: World):
    _anna, chat = await a_class_group(world, "4H2")
    bram = await world.student("Bram Bakker", "4H2")

    world.act.request_join(bram, await link_of(world, chat))
    await world.quiet()

    assert bram in members_of(world, chat)
    assert await states(world) == ["admitted"]
    assert await reasons(world, "bot:member:admitted") == ["house-join-of-the-class"]
    assert [e["role"] for e in await world.events("telegram:member:came-in")] == ["student"]


async def test_guardian_when_a_child_is_of_the_class_then_is_in(world: World):
    _anna, chat = await a_class_group(world, "4H2")
    await world.student("Bram Bakker", "4H2")
    await world.student("Cem Celik", "1A")
    mieke = await a_guardian(world, "Mieke Bakker", "Bram Bakker")
    aylin = await a_guardian(world, "Aylin Celik", "Cem Celik")
    link = await link_of(world, chat)

    for guardian in (mieke, aylin):
        world.act.request_join(guardian, link)
    await world.quiet()

    assert mieke in members_of(world, chat)
    assert aylin not in members_of(world, chat)
    assert world.heard_by(aylin)[-1] == said(world, "join-another-class")


@pytest.mark.parametrize(
    ("classes", "comes_in"),
    [
        pytest.param((), True, id="of the whole school"),
        pytest.param(("4H2",), True, id="of this class"),
        pytest.param(("1A",), False, id="of another class"),
    ],
)
async def test_staff_when_asking_then_are_in_unless_of_another_class(
    world: World, classes: tuple[str, ...], comes_in: bool
):
    _anna, chat = await a_class_group(world, "4H2")
    dirk = await world.join_school("Dirk de Docent", Role.STAFF, classes=classes)

    world.act.request_join(dirk, await link_of(world, chat))
    await world.quiet()

    assert (dirk in members_of(world, chat)) is comes_in
    assert asking(world, chat) == []


async def test_student_of_another_class_when_asking_then_hears_why_and_is_declined(world: World):
    _anna, chat = await a_class_group(world, "4H2")
    cem = await world.student("Cem Celik", "1A")

    world.act.request_join(cem, await link_of(world, chat))
    await world.quiet()

    assert world.heard_by(cem)[-1] == said(world, "join-another-class")
    assert asking(world, chat) == []
    assert cem not in members_of(world, chat)
    assert await reasons(world, "bot:member:declined") == ["house-join-another-class"]


async def test_student_of_another_class_when_asking_on_and_on_then_hears_it_once(world: World):
    _anna, chat = await a_class_group(world, "4H2")
    cem = await world.student("Cem Celik", "1A")
    link = await link_of(world, chat)

    for _ in range(5):
        world.act.request_join(cem, link)
        await world.quiet()

    assert world.heard_by(cem).count(said(world, "join-another-class")) == 1
    assert await states(world) == ["declined"] * 5
    assert asking(world, chat) == []


async def test_student_who_blocked_the_bot_when_of_another_class_then_is_declined_all_the_same(
    world: World,
):
    _anna, chat = await a_class_group(world, "4H2")
    cem = await world.student("Cem Celik", "1A")
    world.act.block_bot(cem)

    world.act.request_join(cem, await link_of(world, chat))
    await world.quiet()

    assert asking(world, chat) == []
    assert await world.events("bot:effect:failed") == []


async def test_somebody_who_left_school_when_asking_then_waits_like_a_stranger(world: World):
    _anna, chat = await a_class_group(world, "4H2")
    bram = await world.student("Bram Bakker", "4H2")
    await leave_school(world, "Bram Bakker")

    world.act.request_join(bram, await link_of(world, chat))
    await world.quiet()

    assert asking(world, chat) == [bram]
    assert world.heard_by(bram)[-1] == said(world, "join-link-first")


async def test_another_bot_when_asking_then_is_declined_in_silence(world: World):
    _anna, chat = await a_class_group(world, "4H2")
    robot = world.stranger("Robot", is_bot=True, username="een_bot")

    world.act.request_join(robot, await link_of(world, chat))
    await world.quiet()

    assert asking(world, chat) == []
    assert await effects(world, "DeclineJoinRequest") != []
    assert world.heard_by(robot) == []


# --- a stranger --------------------------------------------------------------------------------


async def test_stranger_when_asking_then_is_told_how_to_link_and_waits(world: World):
    _anna, chat = await a_class_group(world, "4H2")
    xander = world.stranger("Xander Xavier")

    world.act.request_join(xander, await link_of(world, chat))
    await world.quiet()

    assert world.heard_by(xander) == [said(world, "join-link-first")]
    assert asking(world, chat) == [xander]
    assert await states(world) == ["waiting"]


async def test_stranger_when_the_bot_was_away_too_long_then_waits_without_a_word(
    resting_world: World,
):
    world = resting_world
    async with running(world):
        _anna, chat = await a_class_group(world, "4H2")
        link = await link_of(world, chat)
    xander = world.stranger("Xander Xavier")
    world.act.request_join(xander, link)
    world.telegram.clock.advance(301)
    world.clock.advance(timedelta(seconds=301))

    async with running(world):
        assert world.heard_by(xander) == []
        assert asking(world, chat) == [xander]
        assert await states(world) == ["waiting"]


@pytest.mark.parametrize(
    ("classes", "comes_in"),
    [pytest.param(("4H2",), True, id="this class"), pytest.param(("1A",), False, id="another")],
)
async def test_stranger_when_linking_later_then_is_decided_at_once(
    world: World, classes: tuple[str, ...], comes_in: bool
):
    _anna, chat = await a_class_group(world, "4H2")
    code = await world.enrol("Bram Bakker", Role.STUDENT, classes=classes)
    bram = world.stranger("Bram Bakker")
    world.act.request_join(bram, await link_of(world, chat))
    await world.quiet()

    world.act.start_bot(bram, code)
    await world.quiet()

    assert (bram in members_of(world, chat)) is comes_in
    assert asking(world, chat) == []


async def test_guardian_when_linking_later_then_is_in_by_the_class_of_the_child(world: World):
    _anna, chat = await a_class_group(world, "4H2")
    await world.student("Bram Bakker", "4H2")
    await a_guardian(world, "Mieke Bakker", "Bram Bakker")
    await change(
        world,
        update(accounts)
        .values(person_id=None)
        .where(accounts.c.user_id == world.names["Mieke Bakker"]),
    )
    code = await another_code(world, "Mieke Bakker")
    mieke = world.names["Mieke Bakker"]
    world.act.request_join(mieke, await link_of(world, chat))
    await world.quiet()

    world.act.start_bot(mieke, code)
    await world.quiet()

    assert mieke in members_of(world, chat)


async def test_second_account_of_a_student_when_asking_then_gets_no_further_than_the_first(
    world: World,
):
    _anna, chat = await a_class_group(world, "4H2")
    await world.student("Bram Bakker", "4H2")
    code = await another_code(world, "Bram Bakker")
    second = world.stranger("Bram Twee")
    world.act.request_join(second, await link_of(world, chat))
    await world.quiet()

    world.act.start_bot(second, code)
    await world.quiet()
    await clock_ticks(world)

    assert asking(world, chat) == [second]
    assert second not in members_of(world, chat)


async def test_stranger_when_the_deadline_passes_then_is_told_and_declined(world: World):
    _anna, chat = await a_class_group(world, "4H2")
    xander = world.stranger("Xander Xavier", language_code="en")
    world.act.start_bot(xander)
    world.act.request_join(xander, await link_of(world, chat))
    await world.quiet()

    await world.later(hours=47)
    await clock_ticks(world)
    assert asking(world, chat) == [xander]
    await world.later(hours=2)
    await clock_ticks(world)

    assert asking(world, chat) == []
    assert await reasons(world, "bot:member:declined") == ["house-join-too-late"]
    assert said(world, "join-too-late") in world.heard_by(xander)


async def test_stranger_who_never_started_when_the_deadline_passes_then_is_declined_unsaid(
    opens,
):
    async with opens(joining={"decide_within_hours": 1}) as world, running(world):
        _anna, chat = await a_class_group(world, "4H2")
        xander = world.stranger("Xander Xavier")
        world.act.request_join(xander, await link_of(world, chat))
        await world.quiet()

        await world.later(hours=1)
        await clock_ticks(world)

        assert asking(world, chat) == []
        assert world.heard_by(xander) == [said(world, "join-link-first")]
        assert await world.events("bot:effect:failed") == []


async def test_request_when_the_bot_restarts_then_still_waits_and_is_decided(
    resting_world: World,
):
    world = resting_world
    async with running(world):
        _anna, chat = await a_class_group(world, "4H2")
        code = await world.enrol("Bram Bakker", Role.STUDENT, classes=("4H2",))
        bram = world.stranger("Bram Bakker")
        world.act.request_join(bram, await link_of(world, chat))
        await world.quiet()
    world.act.start_bot(bram, code)

    async with running(world):
        assert bram in members_of(world, chat)
        assert await states(world) == ["admitted"]


async def test_stranger_when_asking_again_within_moments_then_hears_nothing_new(world: World):
    _anna, chat = await a_class_group(world, "4H2")
    xander = world.stranger("Xander Xavier")
    link = await link_of(world, chat)

    for _ in range(20):
        world.act.request_join(xander, link)
        world.act.cancel_request(xander, chat)
    world.act.request_join(xander, link)
    await world.quiet()

    assert world.heard_by(xander) == [said(world, "join-link-first")]
    assert len(await world.events("telegram:member:join-requested")) == 1
    assert await states(world) == ["waiting"]


# --- others decide -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "approve", [pytest.param(True, id="let in"), pytest.param(False, id="not")]
)
async def test_request_when_another_administrator_decided_first_then_all_is_well(
    world: World, approve: bool
):
    anna, chat = await a_class_group(world, "4H2")
    code = await world.enrol("Bram Bakker", Role.STUDENT, classes=("4H2",))
    bram = world.stranger("Bram Bakker")
    world.act.request_join(bram, await link_of(world, chat))
    await world.quiet()

    world.act.decide_join(anna, chat, bram, approve=approve)
    world.act.start_bot(bram, code)
    await world.quiet()

    assert (bram in members_of(world, chat)) is approve
    assert await states(world) == ["elsewhere"]
    assert await world.events("bot:effect:failed") == []


async def test_request_when_withdrawn_before_it_is_decided_then_nothing_breaks(world: World):
    _anna, chat = await a_class_group(world, "4H2")
    bram = await world.student("Bram Bakker", "4H2")
    world.act.request_join(bram, await link_of(world, chat))
    world.act.cancel_request(bram, chat)
    await world.quiet()

    assert bram not in members_of(world, chat)
    assert await states(world) == ["elsewhere"]
    assert await world.events("bot:effect:failed") == []


async def test_group_when_left_then_its_requests_have_ended(world: World):
    anna, chat = await a_class_group(world, "4H2")
    xander = world.stranger("Xander Xavier")
    world.act.request_join(xander, await link_of(world, chat))
    await world.quiet()

    world.act.remove_bot(anna, chat)
    await world.quiet()

    assert await states(world) == ["elsewhere"]


# --- the group is not ready --------------------------------------------------------------------


async def test_group_without_classes_when_people_ask_then_they_wait_and_the_owner_is_asked_once(
    world: World,
):
    anna = await world.teacher("Anna de Vries")
    chat = await world.managed_group(anna)
    bram, cem = await world.student("Bram Bakker", "4H2"), await world.student("Cem Celik", "1A")
    link = await link_of(world, chat)

    for student in (bram, cem):
        world.act.request_join(student, link)
    await world.quiet()

    assert sorted(asking(world, chat)) == sorted([bram, cem])
    assert world.heard_by(anna).count(said(world, "group-classes-asked")) == 1
    assert world.heard_by(bram)[-1] == said(world, "join-waits")


async def test_group_when_its_classes_are_known_then_the_clock_decides_on_who_waits(
    world: World,
):
    anna = await world.teacher("Anna de Vries")
    chat = await world.managed_group(anna)
    bram, cem = await world.student("Bram Bakker", "4H2"), await world.student("Cem Celik", "1A")
    link = await link_of(world, chat)
    for student in (bram, cem):
        world.act.request_join(student, link)
    await world.quiet()

    await serves(world, chat, "4H2")
    await world.later(minutes=11)
    await clock_ticks(world)

    assert bram in members_of(world, chat)
    assert asking(world, chat) == []
    assert world.heard_by(cem)[-1] == said(world, "join-another-class")


async def test_roster_when_the_class_changes_then_the_one_who_waits_is_let_in(world: World):
    _anna, chat = await a_class_group(world, "4H2")
    xander = world.stranger("Xander Xavier")
    world.act.request_join(xander, await link_of(world, chat))
    await world.quiet()
    code = await world.enrol("Bram Bakker", Role.STUDENT, classes=("4H2",))
    (bram,) = await rows(world, select(people).where(people.c.name == "Bram Bakker"))
    assert code
    await change(
        world,
        update(accounts).where(accounts.c.user_id == xander).values(person_id=bram["id"]),
    )

    await world.later(minutes=11)
    await clock_ticks(world)

    assert xander in members_of(world, chat)


async def test_group_when_suspended_then_requests_wait_and_are_decided_when_it_is_mended(
    world: World,
):
    anna, chat = await a_class_group(world, "4H2")
    bram = await world.student("Bram Bakker", "4H2")
    link = await link_of(world, chat)
    world.act.promote(anna, chat, world.telegram.bot.id, ["can_invite_users"])
    await world.quiet()

    world.act.request_join(bram, link)
    await world.quiet()
    assert asking(world, chat) == [bram]
    assert world.heard_by(bram)[-1] == said(world, "join-waits")


# --- the trial ---------------------------------------------------------------------------------


async def test_trial_when_people_ask_then_nobody_is_let_in_or_declined(opens):
    async with opens(observe_only=True) as world:
        async with running(world):
            _anna, chat = await a_class_group(world, "4H2")
            bram = await world.student("Bram Bakker", "4H2")
            cem = await world.student("Cem Celik", "1A")
            link = world.act.create_link(
                world.names["Anna de Vries"], chat, creates_join_request=True
            )
            for student in (bram, cem):
                world.act.request_join(student, link)
            await world.quiet()
            for _ in range(3):
                await clock_ticks(world)

            assert sorted(asking(world, chat)) == sorted([bram, cem])
            assert await states(world) == ["waiting", "waiting"]
            assert said(world, "join-another-class") not in world.heard_by(cem)
            withheld = [e for e in await effects(world) if e["state"] == "withheld"]
            joins = [e["effect"] for e in withheld if e["effect"] == "ApproveJoinRequest"]
            assert joins == ["ApproveJoinRequest"]

        world.school = world.school.model_copy(update={"observe_only": False})
        async with running(world):
            await clock_ticks(world)
            assert bram in members_of(world, chat)
            assert asking(world, chat) == []


# --- the clever student ------------------------------------------------------------------------

NAMES = {
    "markup": "<b>Anna</b> <a href='tg://user?id=1'>de Vries</a>",
    "right to left": "\u202eseirV ed annA\u202c",
    "zero width": "An\u200bna\u2060 de\ufeff Vries",
    "very long": "A" * 4096,
}


@pytest.mark.parametrize("name", [pytest.param(n, id=key) for key, n in NAMES.items()])
async def test_name_that_looks_like_a_teachers_when_asking_then_opens_nothing(
    world: World, name: str
):
    _anna, chat = await a_class_group(world, "4H2")
    xander = world.stranger(name)

    world.act.request_join(xander, await link_of(world, chat))
    await world.quiet()

    assert world.heard_by(xander) == [said(world, "join-link-first")]
    assert asking(world, chat) == [xander]


async def test_leaked_link_when_a_crowd_of_strangers_uses_it_then_nobody_comes_in(world: World):
    _anna, chat = await a_class_group(world, "4H2")
    link = await link_of(world, chat)
    crowd = [world.stranger(f"Vreemde {n}") for n in range(40)]
    before = members_of(world, chat)

    for stranger in crowd:
        world.act.request_join(stranger, link)
    await world.quiet()

    assert members_of(world, chat) == before
    assert all(world.heard_by(each) == [said(world, "join-link-first")] for each in crowd)
    assert len(world.heard_by(_anna)) == len(set(world.heard_by(_anna)))


async def test_student_when_moved_to_another_class_while_the_approval_waits_is_judged_as_asked(
    world: World,
):
    _anna, chat = await a_class_group(world, "4H2")
    bram = await world.student("Bram Bakker", "4H2")
    link = await link_of(world, chat)
    await change(world, delete(person_class_groups))

    world.act.request_join(bram, link)
    await world.quiet()

    assert bram not in members_of(world, chat)


async def test_english_speaker_when_declined_then_reads_english(world: World):
    _anna, chat = await a_class_group(world, "4H2")
    code = await world.enrol("Emma Evans", Role.STUDENT, classes=("1A",))
    emma = world.stranger("Emma Evans", language_code="en")
    world.act.start_bot(emma, code)
    await world.quiet()

    world.act.request_join(emma, await link_of(world, chat))
    await world.quiet()

    assert world.heard_by(emma)[-1] == said(world, "join-another-class", Language.ENGLISH)


# --- a whole school at once --------------------------------------------------------------------

MANY = 500


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """Who ask to join, by what is to become of it."""

    of_the_class: set[int]
    of_another_class: set[int]
    strangers: set[int]

    @property
    def everybody(self) -> list[int]:
        """All of them, one of each kind after another."""
        rows = zip_longest(*map(sorted, (self.of_the_class, self.of_another_class, self.strangers)))
        return [user for row in rows for user in row if user is not None]


async def _crowd(world: World) -> Crowd:
    """Two hundred of the class, two hundred of another, a hundred strangers."""
    crowd = Crowd(
        of_the_class={world.stranger(f"Leerling {n}") for n in range(200)},
        of_another_class={world.stranger(f"Buurklas {n}") for n in range(200)},
        strangers={world.stranger(f"Vreemde {n}") for n in range(MANY - 400)},
    )
    await _link(world, crowd.of_the_class, "4H2")
    await _link(world, crowd.of_another_class, "1A")
    return crowd


async def _link(world: World, users: set[int], class_group: str) -> None:
    """Students of a class with linked accounts, as codes would have left them."""
    now, numbered = world.clock.now(), {user: 10_000 + user % 1_000_000 for user in users}
    student = {"role": Role.STUDENT.value, "active": True, "imported_at": now}
    await change(
        world,
        insert(people).values(
            [
                {"id": n, "school_id": f"s{n}", "name": f"Leerling {n}", **student}
                for n in numbered.values()
            ]
        ),
        insert(person_class_groups).values(
            [{"person_id": n, "class_group": class_group} for n in numbered.values()]
        ),
        insert(accounts).values(
            [
                {"user_id": user, "person_id": n, "first_seen_at": now, "linked_at": now}
                for user, n in numbered.items()
            ]
        ),
    )


@pytest.mark.parametrize(
    "restarts_after",
    [pytest.param(None, id="without a restart"), pytest.param(10, id="with a restart")],
)
async def test_500_requests_within_a_minute_are_all_decided_and_none_is_lost(
    resting_world: World, restarts_after: int | None
):
    world = resting_world
    async with running(world):
        _anna, chat = await a_class_group(world, "4H2")
        link = await link_of(world, chat)
        crowd = await _crowd(world)
    world.telegram.limiter.on = True
    batches = [crowd.everybody[n : n + 25] for n in range(0, MANY, 25)]
    middle = len(batches) if restarts_after is None else restarts_after
    before, during, after = batches[:middle], batches[middle : middle + 1], batches[middle + 1 :]

    async with running(world):
        for users in before:
            await _ask(world, link, users)
        for user in (user for users in during for user in users):
            world.act.request_join(user, link)
    time_passes(world, seconds=3)  # as long as a restart takes at the least
    async with running(world):
        for users in after:
            await _ask(world, link, users)

    assert members_of(world, chat) >= crowd.of_the_class
    assert not members_of(world, chat) & (crowd.of_another_class | crowd.strangers)
    assert set(asking(world, chat)) == crowd.strangers
    assert sorted(await states(world)) == (
        ["admitted"] * 200 + ["declined"] * 200 + ["waiting"] * (MANY - 400)
    )
    for kind, text in ((crowd.of_another_class, "another-class"), (crowd.strangers, "link-first")):
        assert {tuple(world.heard_by(user)) for user in kind} == {(said(world, f"join-{text}"),)}


async def _ask(world: World, link: str, users: list[int]) -> None:
    """They ask to join; then three seconds pass."""
    for user in users:
        world.act.request_join(user, link)
    await world.quiet()
    time_passes(world, seconds=3)
