"""Students under sixteen: let in with a guardian's consent, or not, as the school chose."""

import pytest
from sqlalchemy import select

from bot.policy.people import Role
from bot.policy.rules import Article
from config.school import SchoolConfig
from storage.tables import guardian_consents
from tests.journeys.conftest import Opens
from tests.journeys.finding import another_code, button_under, leave_school, news, rows, said
from tests.journeys.joining import (
    a_class_group,
    a_guardian,
    clock_ticks,
    link_of,
    members_of,
    states,
)
from tests.journeys.world import World, running

ARTICLE = Article.HOUSE

CONSENT = {"under_sixteen": {"choice": "guardian-consent"}}
REFUSE = {"under_sixteen": {"choice": "refuse"}}
GIVE = "Toestemming geven: Bram"
WITHDRAW = "Toestemming intrekken: Bram"


async def opens_consent(world: World, user: int) -> None:
    world.act.write(user, user, "/toestemming")
    await world.quiet()


async def presses(world: World, user: int, label: str) -> None:
    message, data = button_under(world, user, label)
    world.act.press(user, user, message, data)
    await world.quiet()
    await clock_ticks(world)


async def asks_to_join(world: World, user: int, chat: int) -> None:
    world.act.request_join(user, await link_of(world, chat))
    await world.quiet()


async def test_student_when_consent_is_needed_then_waits_until_a_guardian_gives_it(
    opens: Opens,
) -> None:
    async with opens(**CONSENT) as resting, running(resting) as world:
        _, chat = await a_class_group(world, "3H2")
        bram = await world.student("Bram", "3H2")
        mieke = await a_guardian(world, "Mieke", "Bram")
        hears = news(world, mieke)

        await asks_to_join(world, bram, chat)

        assert bram not in members_of(world, chat)
        assert world.heard_by(bram)[-1] == said(world, "join-ask-at-home")
        assert len(hears.heard) == 1
        assert hears.heard[0].startswith("Uw kind vroeg om lid te worden")
        await presses(world, mieke, GIVE)
        assert bram in members_of(world, chat)
        assert await states(world) == ["admitted"]
        (given,) = await world.events("guardian:consent:given")
        assert given["rule"] == "house-consent-given"


async def test_student_when_the_bot_restarts_while_waiting_then_consent_still_lets_in(
    opens: Opens,
) -> None:
    async with opens(**CONSENT) as resting:
        async with running(resting) as world:
            _, chat = await a_class_group(world, "3H2")
            bram = await world.student("Bram", "3H2")
            mieke = await a_guardian(world, "Mieke", "Bram")
            await asks_to_join(world, bram, chat)
        async with running(resting) as world:
            await presses(world, mieke, GIVE)

            assert bram in members_of(world, chat)


async def test_student_of_a_higher_year_and_guardians_when_asking_then_are_in_at_once(
    opens: Opens,
) -> None:
    async with opens(**CONSENT) as resting, running(resting) as world:
        _, chat = await a_class_group(world, "4H2", "3H2")
        cem = await world.student("Cem", "4H2")
        await world.student("Bram", "3H2")
        mieke = await a_guardian(world, "Mieke", "Bram")

        for user in (cem, mieke):
            await asks_to_join(world, user, chat)

        assert {cem, mieke} <= members_of(world, chat)


async def test_student_when_the_school_refuses_the_year_then_told_kindly_and_guardians_are_in(
    opens: Opens,
) -> None:
    async with opens(**REFUSE) as resting, running(resting) as world:
        _, chat = await a_class_group(world, "3H2")
        bram = await world.student("Bram", "3H2")
        mieke = await a_guardian(world, "Mieke", "Bram")

        for user in (bram, mieke):
            await asks_to_join(world, user, chat)

        assert members_of(world, chat) & {bram, mieke} == {mieke}
        assert world.heard_by(bram)[-1] == said(world, "join-too-young")


async def test_student_when_the_school_does_not_check_then_is_in(world: World) -> None:
    _, chat = await a_class_group(world, "3H2")
    bram = await world.student("Bram", "3H2")

    await asks_to_join(world, bram, chat)

    assert bram in members_of(world, chat)


# --- withdrawing -------------------------------------------------------------------------------


async def test_consent_when_withdrawn_then_the_owner_sees_who_and_nobody_is_removed(
    opens: Opens,
) -> None:
    async with opens(**CONSENT) as resting, running(resting) as world:
        anna, chat = await a_class_group(world, "3H2")
        bram = await world.student("Bram", "3H2")
        mieke = await a_guardian(world, "Mieke", "Bram")
        await opens_consent(world, mieke)
        await presses(world, mieke, GIVE)
        await asks_to_join(world, bram, chat)
        hears = news(world, anna)

        await presses(world, mieke, WITHDRAW)

        assert bram in members_of(world, chat)
        assert len(hears.heard) == 1
        assert "Een ouder van Bram (3H2) trok de toestemming" in hears.heard[0]
        (withdrawn,) = await world.events("guardian:consent:withdrawn")
        assert withdrawn["holds"] is False
        (kept,) = await rows(world, select(guardian_consents))
        assert kept["withdrawn_at"] >= kept["given_at"]


async def test_consent_when_one_of_two_guardians_withdraws_then_the_others_still_stands(
    opens: Opens,
) -> None:
    async with opens(**CONSENT) as resting, running(resting) as world:
        anna, chat = await a_class_group(world, "3H2")
        bram = await world.student("Bram", "3H2")
        both = [await a_guardian(world, name, "Bram") for name in ("Mieke", "Joost")]
        for guardian in both:
            await opens_consent(world, guardian)
            await presses(world, guardian, GIVE)
        await asks_to_join(world, bram, chat)
        hears = news(world, anna)

        await presses(world, both[0], WITHDRAW)

        assert hears.heard == []
        assert bram in members_of(world, chat)


async def test_button_when_replayed_after_withdrawal_then_consent_does_not_come_back(
    opens: Opens,
) -> None:
    async with opens(**CONSENT) as resting, running(resting) as world:
        _, chat = await a_class_group(world, "3H2")
        bram = await world.student("Bram", "3H2")
        mieke = await a_guardian(world, "Mieke", "Bram")
        await opens_consent(world, mieke)
        old_page, old_button = button_under(world, mieke, GIVE)
        await opens_consent(world, mieke)
        await presses(world, mieke, GIVE)
        await presses(world, mieke, WITHDRAW)

        world.act.press(mieke, mieke, old_page, old_button)
        await world.quiet()
        await asks_to_join(world, bram, chat)

        assert bram not in members_of(world, chat)
        assert [event["tag"] for event in await world.events() if "consent" in event["tag"]] == [
            "guardian:consent:given",
            "guardian:consent:withdrawn",
        ]
        # The button that is shown now is the guardian's own word, and counts.
        await presses(world, mieke, GIVE)
        assert bram in members_of(world, chat)


# --- the clever student ------------------------------------------------------------------------


async def test_consent_when_by_a_guardian_of_another_child_then_the_student_waits(
    opens: Opens,
) -> None:
    async with opens(**CONSENT) as resting, running(resting) as world:
        _, chat = await a_class_group(world, "3H2")
        bram = await world.student("Bram", "3H2")
        await world.student("Cem", "3H2")
        aylin = await a_guardian(world, "Aylin", "Cem")
        await opens_consent(world, aylin)
        await presses(world, aylin, "Toestemming geven: Cem")

        await asks_to_join(world, bram, chat)

        assert bram not in members_of(world, chat)
        with pytest.raises(AssertionError, match="nobody offered"):
            button_under(world, aylin, GIVE)


@pytest.mark.parametrize("who", ["the student himself", "his second account", "a teacher"])
async def test_consent_when_asked_for_by_another_than_a_guardian_then_refused(
    opens: Opens, who: str
) -> None:
    async with opens(**CONSENT) as resting, running(resting) as world:
        anna, _ = await a_class_group(world, "3H2")
        bram = await world.student("Bram", "3H2")
        second = world.stranger("Bram van thuis")
        world.act.start_bot(second)
        await world.quiet()
        user = {"the student himself": bram, "his second account": second, "a teacher": anna}[who]

        await opens_consent(world, user)

        assert world.heard_by(user)[-1] == said(world, "command-refused")
        (refused,) = await world.events("bot:command:refused")
        assert refused["command"] == "consent"


async def test_consent_when_the_student_links_a_second_account_with_his_own_code_then_no_guardian(
    opens: Opens,
) -> None:
    async with opens(**CONSENT) as resting, running(resting) as world:
        await a_class_group(world, "3H2")
        await world.student("Bram", "3H2")
        second = world.stranger("Bram van thuis")
        world.act.start_bot(second, await another_code(world, "Bram"))
        await world.quiet()

        await opens_consent(world, second)

        assert await rows(world, select(guardian_consents)) == []
        assert len(await world.events("bot:account:linked")) == 2


async def test_consent_when_the_guardian_left_the_roster_then_it_no_longer_counts(
    opens: Opens,
) -> None:
    async with opens(**CONSENT) as resting, running(resting) as world:
        _, chat = await a_class_group(world, "3H2")
        bram = await world.student("Bram", "3H2")
        mieke = await a_guardian(world, "Mieke", "Bram")
        await opens_consent(world, mieke)
        await presses(world, mieke, GIVE)
        await presses(world, mieke, WITHDRAW)
        await leave_school(world, "Mieke")

        world.act.press(mieke, mieke, *button_under(world, mieke, GIVE))
        await world.quiet()
        await asks_to_join(world, bram, chat)

        assert bram not in members_of(world, chat)
        assert len(await world.events("guardian:consent:given")) == 1


# --- the choice --------------------------------------------------------------------------------


async def test_choice_when_the_bot_starts_then_stands_in_the_log_once_until_it_is_another(
    opens: Opens,
) -> None:
    async with opens(**CONSENT) as resting:
        for _ in range(2):
            async with running(resting):
                pass
        resting.school = SchoolConfig.model_validate(REFUSE)
        async with running(resting) as world:
            chosen = await world.events("config:under-sixteen:chosen")

        assert [(event["choice"], event["year_groups"]) for event in chosen] == [
            ("guardian-consent", [1, 2, 3]),
            ("refuse", [1, 2, 3]),
        ]


async def test_page_when_the_school_does_not_ask_then_says_so(world: World) -> None:
    await world.student("Bram", "3H2")
    mieke = await a_guardian(world, "Mieke", "Bram")

    await opens_consent(world, mieke)

    assert "vraagt hiervoor nu geen toestemming" in world.heard_by(mieke)[-1]
    with pytest.raises(AssertionError, match="nobody offered"):
        button_under(world, mieke, GIVE)


async def test_guardian_when_named_to_steer_the_text_then_is_shown_as_text(opens: Opens) -> None:
    async with opens(**CONSENT) as resting, running(resting) as world:
        name = "<b>Bram</b>\u202e\u200b" + "x" * 4096
        await world.enrol(name, Role.STUDENT, classes=("3H2",))
        mieke = await a_guardian(world, "Mieke", name)

        await opens_consent(world, mieke)

        shown = world.heard_by(mieke)[-1]
        assert "<b>Bram</b>xxx" in shown
        assert not {"\u202e", "\u200b"} & set(shown)
        assert len(shown) < 1000
