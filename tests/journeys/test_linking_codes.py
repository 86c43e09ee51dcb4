"""Whose account this is: a code of the school says so, once (our own order)."""

import io
import re

import pytest

from bot.policy.accounts.codes import written
from bot.policy.effects import Language
from bot.policy.people import Duty, Role
from bot.policy.rules import Article
from storage.tables import accounts, linking_codes
from tests.journeys.finding import (
    another_code,
    everything_on_disk,
    is_in,
    leave_school,
    news,
    rows,
    said,
)
from tests.journeys.world import RIGHTS, World, running

ARTICLE = Article.HOUSE


def links(world: World, user: int, code: str) -> None:
    world.act.start_bot(user, code)


async def reasons(world: World) -> list[str]:
    """Why codes were refused, in order."""
    return [e["reason"] for e in await world.events("bot:code:refused")]


async def linked(world: World) -> set[int]:
    """The accounts that belong to somebody."""
    found = await rows(world, accounts.select().where(accounts.c.person_id.is_not(None)))
    return {row["user_id"] for row in found}


# --- a right code ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
async def test_code_links_the_account_and_says_what_now(world: World, role: Role):
    code = await world.enrol("Robin de Boer", role)
    robin = world.stranger("Robin de Boer")

    links(world, robin, code)
    await world.quiet()

    assert await linked(world) == {robin}
    assert world.heard_by(robin) == [said(world, f"welcome-{role}")]
    assert [e["role"] for e in await world.events("bot:account:linked")] == [role]


async def test_duties_come_along_with_the_code(world: World):
    code = await world.enrol("Corrie Coord", Role.STAFF, Duty.COORDINATOR, Duty.LEADERSHIP)
    corrie = world.stranger("Corrie Coord")

    links(world, corrie, code)
    await world.quiet()

    assert [e["duties"] for e in await world.events("bot:account:linked")] == [
        ["coordinator", "leadership"]
    ]


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(str.lower, id="lower case"),
        pytest.param(str.upper, id="upper case"),
        pytest.param(written, id="as on paper"),
        pytest.param(lambda code: written(code).lower(), id="as on paper, lower case"),
        pytest.param(lambda code: f"  {' '.join(code)}  ", id="with spaces"),
        pytest.param(lambda code: code.replace("0", "O").replace("1", "l"), id="misread"),
    ],
)
async def test_code_may_be_typed_as_people_type(world: World, typed):
    code = await world.enrol("Bram Bakker", Role.STUDENT)
    bram = world.stranger("Bram Bakker")

    world.act.write(bram, bram, f"/start {typed(code)}")
    await world.quiet()

    assert await linked(world) == {bram}


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(lambda code: code, id="as it is"),
        pytest.param(written, id="as on paper"),
        pytest.param(lambda code: written(code).lower(), id="lower case"),
    ],
)
async def test_code_sent_by_itself_is_a_code_too(world: World, typed):
    code = await world.enrol("Bram Bakker", Role.STUDENT)
    bram = world.stranger("Bram Bakker")

    world.act.write(bram, bram, typed(code))
    await world.quiet()

    assert await linked(world) == {bram}
    assert world.heard_by(bram) == [said(world, "welcome-student")]


@pytest.mark.parametrize(
    "text", ["schoolfeest1", "Hoe-t", "heel goed toch", "roosterdagen", "1234-5678"]
)
async def test_word_of_somebody_linked_is_no_code(world: World, text: str):
    bram = await world.student("Bram Bakker")
    his = news(world, bram)

    world.act.write(bram, bram, text)
    await world.quiet()

    assert his.heard == [said(world, "kind-answer-student")]
    assert await reasons(world) == []


@pytest.mark.parametrize("text", ["heel goed toch", "roosterdagen", "goedemorgen!"])
async def test_words_of_a_stranger_are_no_code(world: World, text: str):
    xander = world.stranger("Xander Xavier")

    world.act.write(xander, xander, text)
    await world.quiet()

    assert world.heard_by(xander) == [said(world, "kind-answer-stranger")]
    assert await reasons(world) == []


async def test_mistyped_code_of_a_stranger_counts_as_a_guess(world: World):
    code = await world.enrol("Bram Bakker", Role.STUDENT)
    xander = world.stranger("Xander Xavier")

    for n in range(5):
        world.act.write(xander, xander, f"AAAA-BBBB-CCC{n}")
    world.act.write(xander, xander, written(code))
    await world.quiet()

    assert await linked(world) == set()
    assert (await reasons(world))[-1] == "house-code-guessing"


async def test_code_in_the_language_of_the_telephone(world: World):
    code = await world.enrol("Emma Evans", Role.STUDENT)
    emma = world.stranger("Emma Evans", language_code="en")

    links(world, emma, code)
    await world.quiet()

    assert world.heard_by(emma) == [said(world, "welcome-student", Language.ENGLISH)]


async def test_code_stands_nowhere_in_the_database_or_in_the_logs(world: World, logs: io.StringIO):
    code = await world.enrol("Bram Bakker", Role.STUDENT)
    bram = world.stranger("Bram Bakker")

    links(world, bram, code)
    await world.quiet()

    assert code.encode() not in everything_on_disk(world)
    assert code not in logs.getvalue()


# --- a code that is not to be had --------------------------------------------------------------


async def test_code_used_again_by_the_same_account_is_harmless(world: World):
    code = await world.enrol("Bram Bakker", Role.STUDENT)
    bram = world.stranger("Bram Bakker")
    links(world, bram, code)
    await world.quiet()

    links(world, bram, code)
    await world.quiet()

    assert world.heard_by(bram)[1:] == [said(world, "already-linked")]
    assert await reasons(world) == []
    assert len(await world.events("bot:account:linked")) == 1


async def test_code_used_again_by_another_account_is_spent(world: World):
    code = await world.enrol("Bram Bakker", Role.STUDENT)
    bram, cem = world.stranger("Bram Bakker"), world.stranger("Cem Celik")
    links(world, bram, code)
    await world.quiet()

    links(world, cem, code)
    await world.quiet()

    assert await linked(world) == {bram}
    assert world.heard_by(cem) == [said(world, "code-spent")]
    assert await reasons(world) == ["house-code-spent"]


async def test_code_that_was_forwarded_and_used_first_by_somebody_else_shows(world: World):
    """Nobody can know who ought to have it; whoever comes second is told to speak up."""
    code = await world.enrol("Bram Bakker", Role.STUDENT)
    bram, cem = world.stranger("Bram Bakker"), world.stranger("Cem Celik")

    links(world, cem, code)
    links(world, bram, code)
    await world.quiet()

    assert await linked(world) == {cem}
    assert world.heard_by(bram) == [said(world, "code-spent")]
    assert "Heb je hem niet zelf gebruikt?" in world.heard_by(bram)[0]


async def test_two_accounts_that_use_a_code_at_the_same_moment_are_not_both_linked(
    resting_world: World,
):
    world = resting_world
    async with running(world):
        code = await world.enrol("Bram Bakker", Role.STUDENT)
    users = [world.stranger(f"Iemand {n}") for n in range(5)]
    for user in users:
        links(world, user, code)

    async with running(world):
        assert await linked(world) == {users[0]}
        assert await reasons(world) == ["house-code-spent"] * 4


async def test_code_that_has_expired_is_refused(world: World):
    code = await world.enrol("Bram Bakker", Role.STUDENT)
    bram = world.stranger("Bram Bakker")

    await world.later(days=14, minutes=1)
    links(world, bram, code)
    await world.quiet()

    assert await linked(world) == set()
    assert world.heard_by(bram) == [said(world, "code-expired")]


async def test_code_that_expired_long_ago_is_forgotten_altogether(world: World):
    code = await world.enrol("Bram Bakker", Role.STUDENT)
    bram = world.stranger("Bram Bakker")
    assert world.bot is not None

    await world.later(days=14 + 31)
    await world.bot.jobs.forget_what_is_old()
    links(world, bram, code)
    await world.quiet()

    assert await rows(world, linking_codes.select()) == []
    assert world.heard_by(bram) == [said(world, "code-unknown")]


async def test_newer_code_ends_no_account_and_older_codes_end_with_the_first_use(world: World):
    first = await world.enrol("Bram Bakker", Role.STUDENT)
    second = await another_code(world, "Bram Bakker")
    bram, cem = world.stranger("Bram Bakker"), world.stranger("Cem Celik")
    links(world, bram, second)
    await world.quiet()

    links(world, cem, first)
    await world.quiet()

    assert await linked(world) == {bram}
    assert await reasons(world) == ["house-code-spent"]


async def test_second_account_of_the_same_person_is_refused(world: World):
    bram = await world.student("Bram Bakker")
    code = await another_code(world, "Bram Bakker")
    other = world.stranger("Bram op een andere telefoon")

    links(world, other, code)
    await world.quiet()

    assert await linked(world) == {bram}
    assert await reasons(world) == ["house-code-not-yours"]


async def test_account_that_belongs_to_somebody_takes_no_other_code(world: World):
    bram = await world.student("Bram Bakker")
    code = await world.enrol("Cem Celik", Role.STUDENT)
    his = news(world, bram)

    links(world, bram, code)
    await world.quiet()

    assert his.heard == [said(world, "code-not-yours")]
    assert await linked(world) == {bram}


async def test_staff_code_found_by_a_student_makes_no_teacher_of_him(world: World):
    bram = await world.student("Bram Bakker")
    code = await world.enrol("Anna de Vries", Role.STAFF)
    his = news(world, bram)

    links(world, bram, code)
    await world.quiet()
    world.act.write(bram, bram, "/nieuwegroep")
    await world.quiet()
    chat = world.act.create_group(bram, "onze klas")
    world.act.add_bot(bram, chat, RIGHTS)
    await world.quiet()

    assert his.heard == [said(world, "code-not-yours"), said(world, "command-refused")]
    assert not is_in(world, chat)


async def test_code_of_somebody_who_left_school_is_told_apart_from_none_by_nobody(world: World):
    code = await world.enrol("Olga Oud", Role.STAFF)
    await leave_school(world, "Olga Oud")
    xander, yara = world.stranger("Xander Xavier"), world.stranger("Yara Yilmaz")

    links(world, xander, code)
    links(world, yara, "000000000000")
    await world.quiet()

    assert world.heard_by(xander) == world.heard_by(yara) == [said(world, "code-unknown")]


async def test_refusals_name_nobody(world: World):
    code = await world.enrol("Anna de Vries", Role.STAFF)
    anna = world.stranger("Anna de Vries")
    links(world, anna, code)
    await world.quiet()
    xander = world.stranger("Xander Xavier")

    links(world, xander, code)
    links(world, xander, "zomaar iets")
    await world.quiet()

    for text in world.heard_by(xander):
        assert not re.search("anna|vries|medewerker|docent", text.lower())


async def test_teacher_who_left_school_loses_everything_at_once(world: World):
    olga = await world.teacher("Olga Oud")
    await leave_school(world, "Olga Oud")
    chat = world.act.create_group(olga, "4H2 rooster")

    world.act.add_bot(olga, chat, RIGHTS)
    await world.quiet()

    assert not is_in(world, chat)
    assert [e["added_by_role"] for e in await world.events("bot:group:refused")] == [None]


# --- guessing ----------------------------------------------------------------------------------


async def test_sixth_guess_is_refused_even_if_it_is_right(world: World):
    code = await world.enrol("Anna de Vries", Role.STAFF)
    xander = world.stranger("Xander Xavier")

    for n in range(5):
        links(world, xander, f"AAAA-BBBB-CCC{n}")
    await world.quiet()
    links(world, xander, code)
    await world.quiet()

    assert await linked(world) == set()
    assert await reasons(world) == ["house-code-unknown"] * 5 + ["house-code-guessing"]
    assert world.heard_by(xander)[5:] == [said(world, "code-guessing")]


async def test_fifth_guess_is_still_taken_if_it_is_right(world: World):
    code = await world.enrol("Bram Bakker", Role.STUDENT)
    bram = world.stranger("Bram Bakker")

    for n in range(4):
        links(world, bram, f"AAAA-BBBB-CCC{n}")
    links(world, bram, code)
    await world.quiet()

    assert await linked(world) == {bram}


async def test_guesser_is_told_once_and_then_hears_nothing(world: World):
    xander = world.stranger("Xander Xavier")

    for n in range(30):
        links(world, xander, f"AAAA-BBBB-CC{n:02}")
    await world.quiet()

    assert len(world.heard_by(xander)) == 6
    assert len(await reasons(world)) == 30


async def test_guesses_sent_all_at_once_do_not_get_past_the_limit(resting_world: World):
    world = resting_world
    async with running(world):
        code = await world.enrol("Anna de Vries", Role.STAFF)
    xander = world.stranger("Xander Xavier")
    for n in range(99):
        links(world, xander, f"AAAA-BBBB-CC{n:02}")
    links(world, xander, code)

    async with running(world):
        assert await linked(world) == set()
        assert (await reasons(world)).count("house-code-unknown") == 5


async def test_guesser_who_waits_an_hour_may_try_again(world: World):
    code = await world.enrol("Bram Bakker", Role.STUDENT)
    bram = world.stranger("Bram Bakker")
    for n in range(5):
        links(world, bram, f"AAAA-BBBB-CCC{n}")
    await world.quiet()

    await world.later(minutes=61)
    links(world, bram, code)
    await world.quiet()

    assert await linked(world) == {bram}


async def test_guesses_of_one_account_do_not_hold_up_another(world: World):
    code = await world.enrol("Bram Bakker", Role.STUDENT)
    bram, xander = world.stranger("Bram Bakker"), world.stranger("Xander Xavier")
    for n in range(9):
        links(world, xander, f"AAAA-BBBB-CCC{n}")

    links(world, bram, code)
    await world.quiet()

    assert await linked(world) == {bram}


async def test_restart_does_not_forget_the_guesses(resting_world: World):
    world = resting_world
    async with running(world):
        code = await world.enrol("Anna de Vries", Role.STAFF)
        xander = world.stranger("Xander Xavier")
        for n in range(5):
            links(world, xander, f"AAAA-BBBB-CCC{n}")
        await world.quiet()

    async with running(world):
        links(world, xander, code)
        await world.quiet()

        assert await linked(world) == set()


async def test_school_chooses_how_many_guesses(opens):
    async with opens(linking={"wrong_codes_an_hour": 2}) as world, running(world):
        code = await world.enrol("Bram Bakker", Role.STUDENT)
        bram = world.stranger("Bram Bakker")
        for n in range(2):
            links(world, bram, f"AAAA-BBBB-CCC{n}")

        links(world, bram, code)
        await world.quiet()

        assert await linked(world) == set()


async def test_odd_codes_are_simply_unknown(world: World):
    codes = ["x" * 64, "' OR 1=1 --", "{}", "%s", "👍", "K7QF 29XM PATD", "\u202e12345"]

    for n, code in enumerate(codes):
        somebody = world.stranger(f"Iemand {n}")
        world.act.write(somebody, somebody, f"/start {code}")
    await world.quiet()

    assert await reasons(world) == ["house-code-unknown"] * len(codes)
    assert await world.events("bot:update:set-aside") == []


async def test_code_in_a_group_links_nobody_and_brings_no_answer(world: World):
    code = await world.enrol("Cem Celik", Role.STUDENT)
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    cem = world.stranger("Cem Celik")
    world.act.join(cem, chat=chat, added_by=anna)
    world.act.set_permissions(anna, chat, {"can_send_messages": True})

    message = world.act.write(cem, chat, f"/start@groepswacht_bot {code}")
    await world.quiet()

    assert cem not in await linked(world)
    assert message not in {m["message_id"] for m in world.act.group_as_seen(chat)["messages"]}
