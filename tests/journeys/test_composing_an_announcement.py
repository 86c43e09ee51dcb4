"""A draft of an announcement: choosing groups, what stops it, and whatever comes in between."""

import pytest
from sqlalchemy import delete, insert, select, update

from bot.policy.announcements.draft import AnnouncementState
from bot.policy.groups import GroupState
from bot.policy.people import Duty
from bot.policy.rules import Article
from storage.tables import (
    announcements,
    group_chat_ids,
    group_class_groups,
    group_seats,
    groups,
)
from tests.journeys.finding import button_under, change, news, rows, said
from tests.journeys.test_an_announcement import (
    ONE_LINE,
    a_class_group,
    anna_and_her_group,
    announced_in,
    press_of,
    state_of,
    tapped,
    typed,
)
from tests.journeys.world import World, running

ARTICLE = Article.A2

MOST_CHARACTERS = 4096


def page(world: World, user: int) -> dict:
    """The bot's last message to somebody, with its entities and buttons."""
    seen = world.act.look(user, user)["messages"]
    return [message for message in seen if message["from"] == world.telegram.bot.id][-1]


def labels(world: World, user: int) -> list[str]:
    return [button["text"] for row in page(world, user)["buttons"] for button in row]


def underlined(world: World, user: int) -> list[str]:
    """What is marked in the page, by Telegram's own offsets."""
    message = page(world, user)
    units = message["text"].encode("utf-16-le")
    return [
        units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
        for e in message["entities"]
        if e["type"] == "underline"
    ]


async def drafts(world: World) -> list[dict]:
    return await rows(world, select(announcements).order_by(announcements.c.id))


async def a_school_of(world: World, count: int, title: str = "{name} rooster") -> None:
    """Managed groups of years 1 to 6, one for each class."""
    now = world.clock.now()
    for number in range(count):
        name = f"{number % 6 + 1}{chr(ord('A') + number // 6)}"
        row = 1000 + number
        await change(
            world,
            insert(groups).values(
                id=row,
                state=GroupState.MANAGED.value,
                kind="supergroup",
                title=title.format(name=name),
                first_seen_at=now,
                member_count=31,
            ),
            insert(group_chat_ids).values(
                chat_id=-1009000000000 - number, group_id=row, since=now, is_current=True
            ),
            insert(group_class_groups).values(group_id=row, class_group=name),
        )


# --- the check ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "marked", "article"),
    [
        pytest.param("mevrouw De Vries is ziek", "mevrouw De Vries is ziek", "A.2", id="health"),
        pytest.param("vraag Bram Bakker <b>nu</b>", "Bram Bakker", "A.2", id="beside markup"),
        pytest.param("👩‍🏫 bel 06-12345678 & kom", "06-12345678", "A.2", id="behind an emoji"),
        pytest.param("app me even", "app me", "B.7", id="private contact"),
    ],
)
async def test_text_when_stopped_then_its_place_is_marked_and_its_article_named(
    world: World, note: str, marked: str, article: str
):
    anna, _, _ = await anna_and_her_group(world)

    await typed(world, anna, f"/bericht 4H2 let op {note}")

    assert underlined(world, anna) == [marked]
    assert note in page(world, anna)["text"]
    assert f"({article})" in page(world, anna)["text"]
    assert "Verstuur" not in labels(world, anna)


async def test_sick_teacher_when_named_then_the_text_says_what_is_enough(world: World):
    anna, _, _ = await anna_and_her_group(world)

    await typed(world, anna, "/bericht 4H2 let op mevrouw De Vries is ziek")

    assert said(world, "finding-health-near-person") in page(world, anna)["text"]
    assert "dat de les vervalt" in said(world, "finding-health-near-person")


async def test_name_and_health_when_in_two_fields_then_are_found_together(world: World):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, "/bericht 4H2 uitval 3e uur mevrouw De Vries")
    assert "Verstuur" in labels(world, anna)

    await tapped(world, anna, "Lokaal")
    await typed(world, anna, "ziek thuis")

    # Both halves, in the Dutch text and in the English one.
    assert underlined(world, anna) == ["Mevrouw De Vries", "ziek"] * 2
    assert announced_in(world, chat) == []


async def test_schools_own_number_when_named_in_the_settings_then_may_stand_there(opens):
    own = {"phone_numbers": ["0182 512345"], "domains": ["@school.nl"]}
    async with opens(school_contact=own) as world, running(world):
        anna, _, chat = await anna_and_her_group(world)
        line = "/bericht 4H2 let op bel 0182-512345 of mail info@school.nl"
        await typed(world, anna, line)
        await tapped(world, anna, "Verstuur")
        await typed(world, anna, "/bericht 4H2 let op bel 0182-512346")

        assert len(announced_in(world, chat)) == 1
        assert underlined(world, anna) == ["0182-512346"]


async def test_role_alone_when_ill_then_is_a_hint_and_may_be_sent(world: World):
    anna, _, _ = await anna_and_her_group(world)

    await typed(world, anna, "/bericht 4H2 let op de docent is ziek")

    assert said(world, "announcement-hint") in page(world, anna)["text"]
    assert "Verstuur" in labels(world, anna)


async def test_line_when_it_says_who_is_ill_then_is_refused_kindly(world: World):
    anna, _, _ = await anna_and_her_group(world)
    hears = news(world, anna)

    await typed(world, anna, "/bericht 4H2 uitval 3e uur wi i.v.m. ziekte docent")

    assert hears.heard == [said(world, "line-health", words="ziekte")]
    assert await drafts(world) == []


# --- choosing groups ---------------------------------------------------------------------------


async def test_groups_when_a_school_full_then_are_chosen_by_year_and_class(world: World):
    noor = await world.teacher("Noor", Duty.COORDINATOR)
    await a_school_of(world, 150)

    await typed(world, noor, "/bericht")
    await tapped(world, noor, "Jaar 4 (25)")
    assert sum(each.startswith("☐ 4") for each in labels(world, noor)) == 8
    await tapped(world, noor, "☐ 4A")
    await tapped(world, noor, "›")
    await tapped(world, noor, "☐ 4J")

    assert page(world, noor)["text"].startswith(
        "Gekozen: 2 groepen (samen 60 leden)\n• 4A rooster (30 leden)\n• 4J rooster (30 leden)"
    )
    await tapped(world, noor, "Verder (2)")
    assert "❌ Les valt uit" in labels(world, noor)


async def test_year_when_tapped_twice_then_is_chosen_and_not(world: World):
    noor = await world.teacher("Noor", Duty.COORDINATOR)
    await a_school_of(world, 150)
    await typed(world, noor, "/bericht")
    await tapped(world, noor, "Jaar 4 (25)")

    await tapped(world, noor, "☐ Alle klassen van jaar 4 (25)")
    assert page(world, noor)["text"].startswith("Gekozen: 25 groepen (samen 750 leden)")
    assert "☑ 4A" in labels(world, noor)
    await tapped(world, noor, "☑ Alle klassen van jaar 4 (25)")

    assert "Gekozen" not in page(world, noor)["text"]


async def test_groups_when_by_name_then_are_paged_by_eight(world: World):
    noor = await world.teacher("Noor", Duty.COORDINATOR)
    await a_school_of(world, 20)
    await typed(world, noor, "/bericht")
    await tapped(world, noor, "Op naam van de groep")

    pages = []
    while True:
        pages.append([each for each in labels(world, noor) if "rooster" in each])
        if "›" not in labels(world, noor):
            break
        await tapped(world, noor, "›")

    assert [len(each) for each in pages] == [8, 8, 4]
    assert len({each for page_of in pages for each in page_of}) == 20


async def test_year_when_pressed_by_who_has_no_seat_there_then_chooses_nothing(world: World):
    anna, _, _ = await anna_and_her_group(world)
    await a_school_of(world, 12)
    await typed(world, anna, "/bericht")
    message = page(world, anna)["message_id"]

    for forged in ("v1:draft:0:1.year.4", "v1:draft:0:1.group.all", "v1:draft:0:1.class.zz"):
        query = press_of(anna, message, forged)
        world.telegram.inject_update({"callback_query": query})
        await world.quiet()

    await typed(world, anna, ONE_LINE)
    assert said(world, "announcement-to", n=1) in page(world, anna)["text"]


async def test_page_when_the_school_and_the_note_are_large_then_fits_in_a_message(world: World):
    noor = await world.teacher("Noor", Duty.COORDINATOR)
    await world.student("Bram Bakker", "4H2")
    await a_school_of(world, 150, title="{name} " + "W" * 120)
    await typed(world, noor, "/bericht")
    await tapped(world, noor, "☐ Alle groepen (150)")
    await tapped(world, noor, "Verder (150)")
    await tapped(world, noor, "📌 Iets praktisch")
    troubles = (
        "Bram Bakker is ziek, app me op 06-12345678 of x@y.nl, Kerkstraat 5, t.me/+abc t.me/piet "
        "NL91ABNA0417164300. Beste Bram, "
    )

    await typed(world, noor, (troubles + "w" * 900)[:900])

    text = page(world, noor)["text"]
    assert "Naar 150 groepen:" in text
    assert "en nog 138 groepen" in text
    assert len(text.encode("utf-16-le")) // 2 <= MOST_CHARACTERS


# --- what comes in between ---------------------------------------------------------------------


async def test_group_when_suspended_before_the_tap_then_is_told_and_nothing_goes(world: World):
    anna, bram, chat = await anna_and_her_group(world)
    other = await a_class_group(world, anna, bram, name="4H3")
    await typed(world, anna, "/bericht")
    await tapped(world, anna, "☐ Alle groepen (2)")
    await tapped(world, anna, "❌ Les valt uit")
    await typed(world, anna, "3 wiskunde")
    suspended = update(groups).where(groups.c.title == "4H3 rooster")
    await change(world, suspended.values(state=GroupState.SUSPENDED.value))

    await tapped(world, anna, "Verstuur")
    assert announced_in(world, chat) == announced_in(world, other) == []
    assert said(world, "announcement-left-out", n=1) in page(world, anna)["text"]
    await tapped(world, anna, "Verstuur")

    assert len(announced_in(world, chat)) == 1
    assert announced_in(world, other) == []


async def test_group_when_lost_before_the_tap_then_the_groups_are_asked_for_again(world: World):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, ONE_LINE)
    await change(world, delete(group_seats).where(group_seats.c.user_id == anna))

    await tapped(world, anna, "Verstuur")

    assert announced_in(world, chat) == []
    assert "Verstuur" not in labels(world, anna)


async def test_class_when_no_group_serves_it_any_more_then_is_told_and_cannot_be_sent(
    world: World,
):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, ONE_LINE)
    message, send = button_under(world, anna, "Verstuur")
    await change(world, update(group_class_groups).values(class_group="5H2"))

    world.act.press(anna, anna, message, send)
    await world.quiet()

    assert announced_in(world, chat) == []
    assert said(world, "announcement-class-gone", words="4H2") in page(world, anna)["text"]
    assert "Verstuur" not in labels(world, anna)


@pytest.mark.parametrize(
    "data", ["v1:draft:0:1.kind.moved", "v1:draft:0:1.discard", "v1:draft:0:1.hours.4"]
)
async def test_draft_when_sent_then_its_old_buttons_change_nothing(world: World, data: str):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, ONE_LINE)
    await tapped(world, anna, "Verstuur")
    before = announced_in(world, chat)

    query = press_of(anna, page(world, anna)["message_id"], data)
    world.telegram.inject_update({"callback_query": query})
    await world.quiet()

    assert announced_in(world, chat) == before
    assert (await drafts(world))[0]["hours"] == "3"
    assert await state_of(world) != AnnouncementState.DISCARDED


async def test_draft_when_thrown_away_then_words_go_nowhere_and_nothing_is_sent(world: World):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, "/bericht 4H2 uitval 3e uur")
    await tapped(world, anna, "Weggooien")
    assert page(world, anna)["text"] == said(world, "announcement-discarded")

    await typed(world, anna, "wiskunde")

    assert [row["subject"] for row in await drafts(world)] == [""]
    assert announced_in(world, chat) == []


async def test_edit_when_a_word_is_awaited_then_changes_nothing(world: World):
    anna, _, _ = await anna_and_her_group(world)
    await typed(world, anna, "/bericht 4H2 uitval 3e uur")
    await typed(world, anna, "wiskunde")
    message = max(world.telegram.world.chats[anna].messages) - 1
    await tapped(world, anna, "Lokaal")

    world.act.edit(anna, anna, message, "Frans")
    await world.quiet()

    (draft,) = await drafts(world)
    assert (draft["subject"], draft["room"]) == ("wiskunde", "")


@pytest.mark.parametrize("kind", ["photo", "voice", "document", "sticker", "location"])
async def test_file_when_a_word_is_awaited_then_only_text_is_asked_for(world: World, kind: str):
    anna, _, _ = await anna_and_her_group(world)
    await typed(world, anna, "/bericht 4H2 uitval 3e uur")
    hears = news(world, anna)

    world.act.send_media(anna, anna, kind)
    await world.quiet()

    assert hears.heard == [said(world, "announcement-text-only")]
    assert (await drafts(world))[0]["subject"] == ""


async def test_command_when_a_word_is_awaited_then_is_a_command_and_the_draft_waits(world: World):
    anna, _, _ = await anna_and_her_group(world)
    await typed(world, anna, "/bericht 4H2 uitval 3e uur")

    await typed(world, anna, "/groepen")
    assert (await drafts(world))[0]["subject"] == ""
    await typed(world, anna, "wiskunde")

    assert (await drafts(world))[0]["subject"] == "wiskunde"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("w" * 4096, "announcement-too-long", id="as long as Telegram allows"),
        pytest.param("\u200b\u2060\u202e", "announcement-text-only", id="nothing to be seen"),
    ],
)
async def test_words_when_they_cannot_be_a_subject_then_are_said_back(
    world: World, text: str, key: str
):
    anna, _, _ = await anna_and_her_group(world)
    await typed(world, anna, "/bericht 4H2 uitval 3e uur")
    hears = news(world, anna)

    await typed(world, anna, text)

    assert hears.heard == [said(world, key)]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("<b>wiskunde</b> & co", "<b>wiskunde</b> & co", id="markup"),
        pytest.param("\u202ewis\u200bkunde", "wiskunde", id="signs that turn or hide"),
        pytest.param("عربي", "عربي", id="written from the right"),
    ],
)
async def test_words_when_odd_then_stand_in_the_group_as_they_read(
    world: World, text: str, kept: str
):
    anna, _, chat = await anna_and_her_group(world)
    await typed(world, anna, "/bericht 4H2 uitval 3e uur")
    await typed(world, anna, text)

    await tapped(world, anna, "Verstuur")

    (sent,) = announced_in(world, chat)
    assert f"{kept[:1].upper()}{kept[1:]} valt uit." in sent


async def test_hour_when_typed_with_the_rest_then_all_of_it_is_taken(world: World):
    anna, _, _ = await anna_and_her_group(world)
    await typed(world, anna, "/bericht")
    await tapped(world, anna, "🔀 Les verplaatst")
    await typed(world, anna, "wiskunde")
    assert page(world, anna)["text"] == said(world, "announcement-no-hour")

    await typed(world, anna, "3+4 wiskunde naar 5+6 morgen")

    (draft,) = await drafts(world)
    found = (draft["hours"], draft["new_hours"], draft["subject"], draft["day"].isoformat())
    assert found == ("3 4", "5 6", "wiskunde", "2026-11-24")


async def test_help_when_asked_for_then_is_given_and_nothing_begins(world: World):
    anna, _, _ = await anna_and_her_group(world)
    hears = news(world, anna)

    await typed(world, anna, "/bericht ?")

    assert hears.heard == [said(world, "announcement-help")]
    assert await drafts(world) == []


async def test_draft_when_begun_after_the_last_lesson_then_is_for_the_next_school_day(
    world: World,
):
    anna, _, _ = await anna_and_her_group(world)
    await world.later(days=4, hours=9)

    await typed(world, anna, ONE_LINE)

    (draft,) = await drafts(world)
    assert draft["day"].isoformat() == "2026-11-30"
