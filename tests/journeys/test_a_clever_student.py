"""A student who looks for the way around (the lock, mostly: B.6, second half)."""

import pytest

from bot.policy.effects import Language
from bot.policy.people import Role
from bot.policy.rules import Article
from bot.sandbox import RefusedByTelegram, posting
from tests.journeys.finding import (
    LOCKED,
    OPEN,
    TITLE,
    allowed_in,
    group,
    is_in,
    is_there,
    news,
    nonce_offered,
    removed_by,
    said,
    said_in,
    state_of,
    texts_in,
    time_passes,
)
from tests.journeys.world import RIGHTS, World

ARTICLE = Article.B6_LOCK

BY_BOT = "by the bot"


async def a_class(world: World) -> tuple[int, int, int]:
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker", "4H2")
    return anna, bram, await world.managed_group(anna, bram)


async def an_open_class(world: World) -> tuple[int, int, int]:
    """A group that somebody just opened by hand: where a student can try things."""
    anna, bram, chat = await a_class(world)
    time_passes(world, minutes=2)
    world.act.set_permissions(anna, chat, {**OPEN, "can_send_polls": True})
    return anna, bram, chat


# --- getting a message to stand ----------------------------------------------------------------

TRICKS = {
    "a command": "/start",
    "a command for the bot": "/start@groepswacht_bot",
    "a start-group link": "/start@groepswacht_bot wie heeft de antwoorden",
    "a start-group link without a name": "/start wie heeft de antwoorden",
    "a command of staff": "/nieuwegroep wie heeft de antwoorden",
    "invisible signs": "\u2063\u2063",
    "right to left": "\u202ewie heeft de antwoorden",
    "very long": "a" * 4096,
    "markup": "<b>Beheer</b>: de les valt uit",
}


@pytest.mark.parametrize("text", [pytest.param(t, id=name) for name, t in TRICKS.items()])
async def test_text_of_any_form_is_removed(world: World, text: str):
    _anna, bram, chat = await an_open_class(world)

    message = world.act.write(bram, chat, text)
    await world.quiet()

    assert removed_by(world, chat, message) == BY_BOT
    assert allowed_in(world, chat) == LOCKED


async def test_harmless_text_that_is_edited_later_is_gone_before(world: World):
    _anna, bram, chat = await an_open_class(world)
    message = world.act.write(bram, chat, "ok")
    await world.quiet()

    with pytest.raises(RefusedByTelegram, match="no longer exists"):
        world.act.edit(bram, chat, message, "wie heeft de antwoorden")


async def test_reply_to_the_house_rules_is_removed(world: World):
    _anna, bram, chat = await an_open_class(world)
    (rules,) = world.act.group_as_seen(chat)["pinned"]

    message = world.act.write(bram, chat, "niet mee eens", reply_to=rules)
    await world.quiet()

    assert removed_by(world, chat, message) == BY_BOT


async def test_contact_poll_and_message_by_way_of_another_bot_are_removed(world: World):
    _anna, bram, chat = await an_open_class(world)
    telegram = world.telegram.world
    poll = {
        "id": "1",
        "question": "Wie spijbelt er mee?",
        "options": [{"text": "ik", "voter_count": 0, "persistent_id": "1"}],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    }
    robot = {"id": 123456, "is_bot": True, "first_name": "Gif", "username": "gif"}

    found = telegram.chat(chat)
    messages = [
        world.act.send_contact(bram, chat, "0612345678", "Bram"),
        posting.post(telegram, found, from_id=bram, content={"poll": poll}).id,
        posting.post(
            telegram, found, from_id=bram, content={"text": "via via"}, extras={"via_bot": robot}
        ).id,
    ]
    await world.quiet()

    assert [removed_by(world, chat, message) for message in messages] == [BY_BOT] * 3


async def test_post_of_the_registered_channel_forwarded_by_a_student_is_removed(world: World):
    anna, bram, chat = await a_class(world)
    channel = world.act.create_channel(anna, "Nieuws van Anna")
    world.act.write(anna, anna, "/kanaal")
    await world.quiet()
    world.act.press_request_chat(anna, channel)
    await world.quiet()
    world.act.link_channel(anna, chat, channel)
    await world.later(minutes=7)
    world.act.post_in_channel(anna, channel, "Toetsweek begint maandag")
    await world.quiet()
    world.act.set_permissions(anna, chat, OPEN)
    (post,) = [
        m["message_id"]
        for m in world.act.group_as_seen(chat)["messages"]
        if m["sender_chat"] == channel
    ]

    copy = world.act.forward(bram, chat, post, chat)
    await world.quiet()

    assert removed_by(world, chat, copy) == BY_BOT
    assert is_there(world, chat, post)


async def test_student_called_as_his_teacher_is_still_a_student(world: World):
    anna, bram, chat = await an_open_class(world)
    world.act.rename(bram, "Anna de Vries")

    message = world.act.write(bram, chat, "De toets gaat niet door")
    await world.quiet()

    assert removed_by(world, chat, message) == BY_BOT
    assert is_there(world, chat, world.act.write(anna, chat, "De toets gaat wel door"))


async def test_album_sent_at_the_last_moment_is_removed_whole(world: World):
    anna, bram, chat = await a_class(world)
    world.act.set_permissions(anna, chat, {"can_send_photos": True})

    messages = [world.act.send_media(bram, chat, "photo") for _ in range(10)]
    await world.quiet()

    assert {removed_by(world, chat, message) for message in messages} == {BY_BOT}


# --- what Telegram itself does not let him do --------------------------------------------------


async def test_telegram_refuses_a_student_everything_but_reading(world: World):
    _anna, bram, chat = await a_class(world)
    cem = await world.student("Cem Celik")
    (rules,) = world.act.group_as_seen(chat)["pinned"]
    bot = world.telegram.bot.id
    attempts = [
        lambda: world.act.write(bram, chat, "hallo"),
        lambda: world.act.join(cem, chat=chat, added_by=bram),
        lambda: world.act.create_link(bram, chat),
        lambda: world.act.pin(bram, chat, rules),
        lambda: world.act.unpin(bram, chat, rules),
        lambda: world.act.set_title(bram, chat, "4H2 chaos"),
        lambda: world.act.set_permissions(bram, chat, OPEN),
        lambda: world.act.promote(bram, chat, bram),
        lambda: world.act.demote(bram, chat, bot),
        lambda: world.act.remove_bot(bram, chat),
        lambda: world.act.delete(bram, chat, rules),
        lambda: world.act.transfer_ownership(bram, chat, bram),
        lambda: world.act.set_anonymous(bram, chat, on=True),
    ]

    for attempt in attempts:
        with pytest.raises(RefusedByTelegram):
            attempt()
    await world.quiet()

    assert await state_of(world, chat) == "managed"
    assert allowed_in(world, chat) == LOCKED


async def test_old_invite_link_of_the_bot_no_longer_lets_anybody_in(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = world.act.create_group(anna, TITLE, [bram])
    world.act.add_bot(anna, chat, RIGHTS)
    await world.quiet()
    primary = world.telegram.world.chat(chat).primary_links[world.telegram.bot.id]
    world.act.remove_bot(anna, chat, ban=False)
    await world.quiet()
    world.act.add_bot(anna, chat, RIGHTS)
    await world.quiet()
    xander = world.stranger("Xander Xavier")

    with pytest.raises(RefusedByTelegram, match="expired"):
        world.act.join(xander, primary)


# --- being taken for staff ---------------------------------------------------------------------


async def test_group_named_after_school_with_a_teachers_name_is_refused_all_the_same(
    world: World,
):
    bram = await world.student("Bram Bakker")
    world.act.rename(bram, "Anna de Vries (docent)")
    chat = world.act.create_group(bram, "Officieel: 4H2 rooster van school")

    world.act.add_bot(bram, chat, RIGHTS)
    await world.quiet()

    assert not is_in(world, chat)
    assert said_in(world, chat) == [said(world, "group-refused", Language.BOTH)]


async def test_group_given_to_a_teacher_with_the_student_still_in_charge_is_refused(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = world.act.create_group(bram, "onze klas", [anna])
    world.act.transfer_ownership(bram, chat, anna)

    world.act.add_bot(bram, chat, RIGHTS)
    await world.quiet()

    assert not is_in(world, chat)
    assert [e["reason"] for e in await world.events("bot:group:refused")] == [
        "b6-administrator-not-staff"
    ]


async def test_student_who_hides_behind_anonymity_is_found_among_the_seats(world: World):
    anna, bram, chat = await a_class(world)
    world.act.promote(anna, chat, bram)
    world.act.set_anonymous(anna, chat, bram, on=True)

    world.act.write(bram, chat, "niemand weet wie ik ben")
    await world.quiet()

    assert await state_of(world, chat) == "suspended"
    assert [e["items"] for e in await world.events("bot:group:suspended")] == [
        ["anonymous-administrator", "administrator-not-staff"]
    ]


async def test_nonce_that_a_student_read_in_the_group_is_of_no_use_to_him(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    world.act.write(anna, anna, "/nieuwegroep")
    await world.quiet()
    nonce = nonce_offered(world, anna)
    hers = world.act.create_group(anna, TITLE, [bram])

    world.act.add_bot(bram, hers, payload=nonce)
    await world.quiet()

    assert (await group(world, hers))["confirmed_by"] is None
    assert said_in(world, hers) == []
    assert [e["command"] for e in await world.events("bot:command:refused")] == ["start"]


@pytest.mark.parametrize("request_id", [1, 2])
async def test_forged_choice_of_a_teachers_group_confirms_nothing(world: World, request_id: int):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    chat = world.act.create_group(anna, TITLE, [bram])
    world.act.add_bot(bram, chat)
    await world.quiet()

    world.telegram.inject_update(
        {
            "message": {
                "message_id": 9000,
                "date": world.telegram.clock.unix(),
                "chat": {"id": bram, "type": "private", "first_name": "Bram"},
                "from": {"id": bram, "is_bot": False, "first_name": "Bram"},
                "chat_shared": {"request_id": request_id, "chat_id": chat},
            }
        }
    )
    await world.quiet()

    assert await state_of(world, chat) == "pending"
    assert len(await world.events("bot:command:refused")) == 1


async def test_command_forwarded_from_a_teacher_is_the_students_own(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    his = news(world, bram)

    world.act.forward_foreign(bram, bram, "/nieuwegroep", anna)
    await world.quiet()

    assert his.heard == [said(world, "command-refused")]
    assert [e["role"] for e in await world.events("bot:command:refused")] == ["student"]


async def test_refusals_never_tell_who_is_staff(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    xander = world.stranger("Xander Xavier")
    for owner in (bram, xander):
        chat = world.act.create_group(owner, "onze klas", [anna])
        world.act.add_bot(owner, chat)
        await world.quiet()
        (text,) = said_in(world, chat)
        assert text == said(world, "group-refused", Language.BOTH)
        assert "Anna" not in text


# --- making trouble ----------------------------------------------------------------------------


async def test_flood_of_private_messages_gets_one_answer_and_holds_up_nobody(world: World):
    world.telegram.limiter.on = True
    bram, cem = await world.student("Bram Bakker"), await world.student("Cem Celik")
    his, hers = news(world, bram), news(world, cem)

    for n in range(200):
        world.act.write(bram, bram, f"hallo {n}")
    world.act.write(cem, cem, "hallo")
    await world.quiet()

    assert len(his.heard) == 1
    assert len(hers.heard) == 1
    assert len(await world.events("bot:contact:answered")) == 2


async def test_bot_dragged_into_thirty_groups_leaves_them_all_within_telegrams_limits(
    world: World,
):
    world.telegram.limiter.on = True
    bram = await world.student("Bram Bakker")
    chats = [world.act.create_group(bram, f"groep {n}") for n in range(30)]

    for chat in chats:
        world.act.add_bot(bram, chat)
    await world.quiet()

    assert [chat for chat in chats if is_in(world, chat)] == []
    assert {len(said_in(world, chat)) for chat in chats} == {1}


async def test_bot_added_and_thrown_out_over_and_over_says_its_text_once(world: World):
    bram = await world.student("Bram Bakker")
    chat = world.act.create_group(bram, "onze klas")

    for _ in range(5):
        world.act.add_bot(bram, chat)
        await world.quiet()
        time_passes(world, minutes=10)

    assert said_in(world, chat) == [said(world, "group-refused", Language.BOTH)]
    assert len(await world.events("bot:group:refused")) == 5


async def test_markup_in_names_and_titles_stays_what_people_typed(world: World):
    anna, bram = await world.teacher("Anna de Vries"), await world.student("Bram Bakker")
    world.act.rename(bram, "</b><a href='https://example.org'>Klik</a>")
    title = "<b>4H2</b> & {group} %s </i>"
    chat = world.act.create_group(anna, title, [bram])
    her = news(world, anna)

    world.act.add_bot(anna, chat, RIGHTS)
    await world.quiet()

    assert her.heard == [said(world, "group-ready", group=title)]
    assert await world.events("bot:effect:failed") == []


async def test_student_who_blocks_the_bot_after_asking_leaves_the_signal_standing(world: World):
    bram = await world.student("Bram Bakker")
    world.telegram.faults.add("sendMessage", "429", retry_after=30, chat_id=bram)

    world.act.write(bram, bram, "mag ik het nummer van mijn mentor, dan app ik")
    world.act.block_bot(bram)
    await world.quiet()

    assert len(await world.events("bot:contact:staff-asked-for")) == 1
    assert [e["reason"] for e in await world.events("bot:effect:failed")] == ["blocked-by-user"]


async def test_guardian_gets_no_further_than_a_student(world: World):
    anna, _bram, chat = await an_open_class(world)
    gerda = await world.join_school("Gerda Bakker", Role.GUARDIAN)
    world.act.set_permissions(anna, chat, {**OPEN, "can_invite_users": True})
    world.act.join(gerda, chat=chat, added_by=anna)
    world.act.set_permissions(anna, chat, OPEN)

    message = world.act.write(gerda, chat, "mijn kind is ziek")
    await world.quiet()

    assert removed_by(world, chat, message) == BY_BOT
    assert texts_in(world, chat) == [said(world, "house-rules", Language.BOTH)]
