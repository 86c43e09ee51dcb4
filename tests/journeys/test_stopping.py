"""/stop: the link ends at once; a trail stays until its date, and not a day longer."""

from typing import Any

from sqlalchemy import select, update

from bot.policy.effects import Language
from bot.policy.people import Duty, Role
from bot.policy.rules import Article
from storage.tables import accounts, group_members, outbox, person_duties
from tests.journeys.everyone import (
    asks,
    help_shown,
    labels_under,
    presses,
    presses_forged,
)
from tests.journeys.finding import (
    another_code,
    button_under,
    change,
    kept_words,
    news,
    rows,
    said,
    state_of,
)
from tests.journeys.world import World, running

ARTICLE = Article.HOUSE


async def account(world: World, user: int) -> dict[str, Any]:
    (found,) = await rows(world, select(accounts).where(accounts.c.user_id == user))
    return found


async def users_known(world: World) -> list[int]:
    found = await rows(world, select(accounts.c.user_id).order_by(accounts.c.id))
    return [row["user_id"] for row in found]


async def stops(world: World, user: int) -> None:
    await asks(world, user, "/stop")
    await presses(world, user, "button-stop")


async def an_hour_passes(world: World, **by: float) -> None:
    await world.later(**(by or {"hours": 1}))
    assert world.bot is not None
    await world.bot.jobs.forget_what_is_old()
    await world.quiet()


async def test_stop_when_confirmed_then_unlinked_at_once_and_forgotten_within_the_hour(
    world: World,
) -> None:
    bram = await world.student("Bram Bakker", "4H2")
    await asks(world, bram, "/stop")
    assert labels_under(world, bram) == ["Ja, koppeling beëindigen"]
    assert (await account(world, bram))["person_id"] is not None

    await presses(world, bram, "button-stop")

    row = await account(world, bram)
    assert (row["person_id"], row["linked_at"], row["language"]) == (None, None, None)
    assert world.heard_by(bram)[-1] == "\n\n".join(
        said(world, key) for key in ("stop-done", "stop-nothing-kept")
    )
    (event,) = await world.events("person:account:unlinked")
    assert (event["why"], event["account_id"], event["by"]) == ("stop", row["id"], None)

    await an_hour_passes(world)
    assert await users_known(world) == [-row["id"]]
    assert await world.log_is_whole()


async def test_stop_when_only_asked_for_then_nothing_happens(world: World) -> None:
    bram = await world.student("Bram Bakker")

    await asks(world, bram, "/stop")
    await an_hour_passes(world, days=400)

    assert (await account(world, bram))["person_id"] is not None


async def test_stop_when_forgotten_then_whoever_comes_back_is_a_stranger(world: World) -> None:
    bram = await world.student("Bram Bakker")
    await stops(world, bram)
    await an_hour_passes(world)
    his = news(world, bram)

    await asks(world, bram, "/help")

    assert his.heard == [help_shown(world, None)]
    assert len(await users_known(world)) == 2


async def test_stop_when_linked_again_then_an_old_button_ends_nothing(world: World) -> None:
    bram = await world.student("Bram Bakker")
    await asks(world, bram, "/stop")
    _, data = button_under(world, bram, "Ja, koppeling beëindigen")
    await presses(world, bram, "button-stop")
    code = await another_code(world, "Bram Bakker")
    await world.later(minutes=1)
    world.act.start_bot(bram, code)
    await world.quiet()

    await presses_forged(world, bram, data)

    assert (await account(world, bram))["person_id"] is not None
    assert len(await world.events("person:account:unlinked")) == 1
    await an_hour_passes(world, days=400)
    assert (await account(world, bram))["person_id"] is not None


async def test_stop_when_pressed_by_another_then_ends_nobodys_link(world: World) -> None:
    bram = await world.student("Bram Bakker")
    await world.later(minutes=1)
    xander = await world.student("Xander Xavier")
    await asks(world, bram, "/stop")
    _, data = button_under(world, bram, "Ja, koppeling beëindigen")

    await presses_forged(world, xander, data)

    for user in (bram, xander):
        assert (await account(world, user))["person_id"] is not None


async def test_stop_when_pressed_again_and_again_then_ends_once(world: World) -> None:
    bram = await world.student("Bram Bakker")
    await asks(world, bram, "/stop")
    message, data = button_under(world, bram, "Ja, koppeling beëindigen")

    for _ in range(10):
        world.act.press(bram, bram, message, data)
    await world.quiet()

    assert len(await world.events("person:account:unlinked")) == 1


async def test_stop_when_something_was_removed_then_the_trail_outlives_it(world: World) -> None:
    anna = await world.teacher("Anna de Vries")
    bram = await world.student("Bram Bakker")
    chat = await world.managed_group(anna, bram)
    world.act.set_permissions(anna, chat, {"can_send_messages": True})
    world.act.write(bram, chat, "een bericht met gevolgen")
    await world.quiet()
    number = (await account(world, bram))["id"]

    await stops(world, bram)
    kept = said(world, "stop-kept-until", day="23 december 2026")
    assert world.heard_by(bram)[-1].endswith(kept)
    await change(world, group_members.delete())

    # With another account he is known again, and the old one still.
    code = await another_code(world, "Bram Bakker")
    second = world.stranger("Bram Bakker")
    world.act.start_bot(second, code)
    await world.quiet()
    await an_hour_passes(world)
    assert (await account(world, bram))["id"] == number
    assert (await account(world, second))["person_id"] is not None
    assert await kept_words(world) == ["een bericht met gevolgen"]

    await an_hour_passes(world, days=31)
    assert -number in await users_known(world)
    assert bram not in await users_known(world)
    assert await kept_words(world) == []
    assert (await account(world, second))["person_id"] is not None


async def test_stop_when_a_signal_is_about_him_then_is_known_as_long_as_signals_are(opens) -> None:
    async with opens(retention={"signals_days": 10}) as world, running(world):
        bram = await world.student("Bram Bakker")
        await asks(world, bram, "mag ik het nummer van mijn mentor")
        await stops(world, bram)

        await an_hour_passes(world, days=9)
        assert bram in await users_known(world)

        await an_hour_passes(world, days=2)
        assert bram not in await users_known(world)


async def test_stop_when_staff_own_a_group_then_it_is_handed_over_first(world: World) -> None:
    anna = await world.teacher("Anna de Vries")
    await world.teacher("Piet Pieters", Duty.ADMINISTRATOR)
    chat = await world.managed_group(anna)
    hers = news(world, anna)

    await asks(world, anna, "/stop")

    assert hers.heard == [f"{said(world, 'stop-first')}\n\n{said(world, 'stop-first-groups', n=1)}"]
    assert labels_under(world, anna) == []
    mark = f"{int((await account(world, anna))['linked_at'].timestamp() * 1000):x}"
    await presses_forged(world, anna, f"v1:stop:0:{mark}")
    assert (await account(world, anna))["person_id"] is not None
    assert await state_of(world, chat) == "managed"


async def test_stop_when_the_last_administrator_then_another_is_needed_first(world: World) -> None:
    anna = await world.teacher("Anna de Vries", Duty.ADMINISTRATOR)

    await asks(world, anna, "/stop")
    assert world.heard_by(anna)[-1].endswith(said(world, "stop-first-administrator"))

    await world.teacher("Piet Pieters", Duty.ADMINISTRATOR)
    await stops(world, anna)
    assert (await account(world, anna))["person_id"] is None
    # The duty is the person's, and waits for the next link.
    assert len(await rows(world, select(person_duties))) == 2


async def test_stop_when_a_stranger_then_is_forgotten(world: World) -> None:
    sanne = world.stranger("Sanne", language_code="en")
    world.act.start_bot(sanne)
    await asks(world, sanne, "/stop")

    await presses(world, sanne, "button-forget", Language.ENGLISH)
    await an_hour_passes(world)

    assert all(user < 0 for user in await users_known(world))
    assert await world.events("person:account:unlinked") == []


async def test_stop_when_codes_were_guessed_then_guessing_does_not_begin_anew(
    world: World,
) -> None:
    xander = world.stranger("Xander")
    for _ in range(6):
        world.act.start_bot(xander, "AAAA-BBBB-CCCC")
        await world.quiet()
    await asks(world, xander, "/stop")
    await presses(world, xander, "button-forget")
    assert world.bot is not None
    await world.bot.jobs.forget_what_is_old()
    code = await world.enrol("Bram Bakker", Role.STUDENT)

    world.act.start_bot(xander, code)
    await world.quiet()

    assert (await account(world, xander))["person_id"] is None
    assert (await world.events("bot:code:refused"))[-1]["reason"] == "house-code-guessing"


async def test_stop_when_the_bot_rests_meanwhile_then_still_ends_the_link(
    resting_world: World,
) -> None:
    async with running(resting_world) as world:
        bram = await world.student("Bram Bakker")
        await asks(world, bram, "/stop")
        message, data = button_under(world, bram, "Ja, koppeling beëindigen")
    resting_world.act.press(bram, bram, message, data)

    async with running(resting_world) as world:
        assert world.heard_by(bram)[-1].startswith(said(world, "stop-done"))


async def test_nothing_when_an_account_was_forgotten_then_is_ever_sent_to_its_number(
    resting_world: World,
) -> None:
    async with running(resting_world) as world:
        bram = await world.student("Bram Bakker")
        await asks(world, bram, "/taal")
    # Something that still waited for an account that has been erased.
    await change(
        resting_world,
        update(accounts).values(user_id=-accounts.c.id, person_id=None),
    )
    await change(resting_world, update(outbox).values(state="pending", settled_at=None))
    before = len(resting_world.telegram.calls)

    async with running(resting_world) as world:
        sent = list(world.telegram.calls)[before:]
        assert [call.method for call in sent if "chat_id" in call.params] == []
        found = await rows(world, select(outbox.c.state, outbox.c.error).distinct())
        assert found == [{"state": "failed", "error": "account-erased"}]
