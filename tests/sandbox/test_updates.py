"""The update queue: polling, what is asked for, how long things live, and who hears what."""

import asyncio
import json

import pytest

from bot.sandbox import BotApiError, SandboxClock, Telegram


async def poll(telegram, **params):
    return [json.loads(w.body) for w in await telegram.call("getUpdates", params)]


async def test_poll_when_the_offset_moves_then_the_earlier_ones_are_gone(school):
    for text in ("een", "twee", "drie"):
        school.people.write(school.student, school.group, text)
    first = await poll(school.telegram, limit=2)

    rest = await poll(school.telegram, offset=first[-1]["update_id"] + 1)

    assert [u["message"]["text"] for u in first] == ["een", "twee"]
    assert [u["message"]["text"] for u in rest] == ["drie"]
    assert await poll(school.telegram, offset=0) == rest


async def test_poll_when_the_offset_is_negative_then_only_the_last_stay(school):
    for text in ("een", "twee", "drie"):
        school.people.write(school.student, school.group, text)

    assert [u["message"]["text"] for u in await poll(school.telegram, offset=-1)] == ["drie"]
    assert len(await poll(school.telegram)) == 1


async def test_poll_when_something_happens_then_it_ends_at_once(school):
    waiting = asyncio.create_task(poll(school.telegram, timeout=50))
    await asyncio.wait([waiting], timeout=0.01)

    school.people.write(school.student, school.group, "Hoi")

    assert len(await asyncio.wait_for(waiting, 1)) == 1


async def test_poll_when_a_second_one_comes_then_the_first_ends_in_conflict(school):
    first = asyncio.create_task(poll(school.telegram, timeout=50))
    await asyncio.wait([first], timeout=0.01)

    second = asyncio.create_task(poll(school.telegram, timeout=50))
    with pytest.raises(BotApiError) as caught:
        await first

    assert caught.value.code == 409
    assert caught.value.description.startswith("Conflict: terminated by other getUpdates request;")
    school.people.write(school.student, school.group, "Hoi")
    assert len(await second) == 1


async def test_poll_when_a_webhook_is_set_then_conflict(school):
    await school.call("setWebhook", url="https://school.example/hook")

    with pytest.raises(BotApiError) as caught:
        await poll(school.telegram)

    assert (caught.value.code, "webhook is active" in caught.value.description) == (409, True)


@pytest.mark.parametrize(
    ("seconds", "kinds"),
    [
        pytest.param(149, ["message", "callback_query"], id="both live"),
        pytest.param(151, ["message"], id="a press lives 150 seconds"),
        pytest.param(86_401, [], id="nothing lives longer than a day"),
    ],
)
async def test_update_when_time_passes_then_it_runs_out(school, seconds, kinds):
    buttons = {"inline_keyboard": [[{"text": "Gezien", "callback_data": "a"}]]}
    sent = await school.call("sendMessage", chat_id=school.group, text="Les", reply_markup=buttons)
    school.people.write(school.student, school.group, "Hoi")
    school.people.press(school.student, school.group, sent["message_id"], text="Gezien")

    school.telegram.clock.advance(seconds)

    assert await school.kinds() == kinds


async def test_kinds_when_asked_for_later_then_what_happened_before_stays_lost(telegram):
    people = telegram.people
    teacher, student = people.create_user("Anna"), people.create_user("Bram")
    group = people.create_group(teacher, "3H2")
    people.add_bot(teacher, group, ["can_invite_users"])

    people.join(student, chat=group, added_by=teacher)
    await telegram.call("getUpdates", {"allowed_updates": ["chat_member"]})
    people.remove(teacher, group, student)

    found = [u for u in await poll(telegram) if "chat_member" in u]
    assert [u["chat_member"]["new_chat_member"]["status"] for u in found] == ["kicked"]


async def test_kinds_when_not_repeated_then_the_earlier_choice_holds(school):
    await school.call("getUpdates", allowed_updates=["callback_query"])
    await school.call("getUpdates")

    school.people.write(school.student, school.group, "Hoi")

    assert await school.kinds() == []


@pytest.mark.parametrize(
    ("text", "is_reply", "heard"),
    [
        pytest.param("Hoi allemaal", False, False, id="ordinary text"),
        pytest.param("/help", False, True, id="command"),
        pytest.param("/help@other_bot", False, False, id="another bot's command"),
        pytest.param("Zeg @Groepswacht_bot", False, True, id="mention"),
        pytest.param("Dank", True, True, id="reply to it"),
    ],
)
async def test_privacy_mode_when_the_bot_is_a_plain_member_then_hears_only_what_is_meant_for_it(
    school, text, is_reply, heard
):
    sent = await school.call("sendMessage", chat_id=school.group, text="Les")
    school.people.demote(school.teacher, school.group, school.telegram.bot.id)
    await school.updates()

    school.people.write(
        school.student, school.group, text, reply_to=sent["message_id"] if is_reply else None
    )

    assert await school.kinds() == (["message"] if heard else [])


async def test_bot_when_it_acts_then_hears_its_own_pin_and_leaving_and_nothing_else(school):
    sent = await school.call("sendMessage", chat_id=school.group, text="Les")
    await school.call("pinChatMessage", chat_id=school.group, message_id=sent["message_id"])
    await school.call(
        "editMessageText", chat_id=school.group, message_id=sent["message_id"], text="Anders"
    )
    await school.call("leaveChat", chat_id=school.group)

    pinned, member, left = await school.updates()
    assert pinned["message"]["pinned_message"]["message_id"] == sent["message_id"]
    assert member["my_chat_member"]["new_chat_member"]["status"] == "left"
    assert left["message"]["left_chat_member"]["id"] == school.telegram.bot.id


async def test_press_when_answered_late_then_refused(school):
    buttons = {"inline_keyboard": [[{"text": "Gezien", "callback_data": "a"}]]}
    sent = await school.call("sendMessage", chat_id=school.group, text="Les", reply_markup=buttons)
    press = (school.student, school.group, sent["message_id"], "a")
    first, second = (school.people.press(*press) for _ in range(2))

    await school.call("answerCallbackQuery", callback_query_id=first, text="Genoteerd")
    school.telegram.clock.advance(151)

    assert school.people.callback(first)["text"] == "Genoteerd"
    for query in (first, second):
        with pytest.raises(BotApiError, match="query is too old and response timeout expired"):
            await school.call("answerCallbackQuery", callback_query_id=query)


async def test_press_when_an_anonymous_administrator_presses_then_shows_their_name(school):
    buttons = {"inline_keyboard": [[{"text": "Gezien", "callback_data": "a"}]]}
    sent = await school.call("sendMessage", chat_id=school.group, text="Les", reply_markup=buttons)
    school.people.set_anonymous(school.teacher, school.group, on=True)
    await school.updates()

    school.people.press(school.teacher, school.group, sent["message_id"], "a")
    school.people.write(school.teacher, school.group, "Als de groep")

    pressed, written = await school.updates()
    assert pressed["callback_query"]["from"]["id"] == school.teacher
    assert written["message"]["from"]["id"] == 1087968824
    assert written["message"]["sender_chat"]["id"] == school.group


@pytest.mark.parametrize(
    ("approved", "kinds"),
    [
        pytest.param(True, ["chat_member", "message"], id="approved"),
        pytest.param(False, [], id="declined"),
    ],
)
async def test_join_request_when_settled_then_only_an_approval_is_told(school, approved, kinds):
    asking = school.people.create_user("Dina")
    link = school.people.create_link(school.teacher, school.group, creates_join_request=True)
    school.people.join(asking, link)
    (request,) = await school.updates()

    school.people.decide_join(school.teacher, school.group, asking, approve=approved)

    shown = request["chat_join_request"]["invite_link"]["invite_link"]
    assert (shown[:-3], shown[-3:]) == (link[: len(shown) - 3], "...")
    settled = await school.updates()
    assert [k for u in settled for k in u if k != "update_id"] == kinds
    if approved:
        assert settled[0]["chat_member"]["via_join_request"] is True


@pytest.mark.parametrize("method", ["approveChatJoinRequest", "declineChatJoinRequest"])
@pytest.mark.parametrize(
    ("who", "text"),
    [
        pytest.param("student", "USER_ALREADY_PARTICIPANT", id="already in"),
        pytest.param("stranger", "HIDE_REQUESTER_MISSING", id="never asked"),
    ],
)
async def test_join_request_when_there_is_none_then_refused(school, method, who, text):
    user = school.student if who == "student" else school.people.create_user("Eva")

    with pytest.raises(BotApiError) as caught:
        await school.call(method, chat_id=school.group, user_id=user)

    assert caught.value.description == f"Bad Request: {text}"


async def test_owner_when_handed_over_then_told_by_service_message_only(school):
    school.people.transfer_ownership(school.teacher, school.group, school.student)

    (update,) = await school.updates()
    assert update["message"]["chat_owner_changed"]["new_owner"]["id"] == school.student
    listed = await school.call("getChatAdministrators", chat_id=school.group)
    statuses = {m["user"]["id"]: m["status"] for m in listed}
    assert statuses[school.student] == "creator"
    assert statuses[school.teacher] == "administrator"


async def test_request_chat_when_a_basic_group_is_chosen_then_upgraded_and_shared(school):
    people = school.people
    group = people.create_group(school.teacher, "2B1", kind="group")
    people.start_bot(school.teacher)
    button = {
        "text": "Groep",
        "request_chat": {
            "request_id": 7,
            "chat_is_channel": False,
            "chat_is_created": True,
            "bot_administrator_rights": {"can_restrict_members": True},
        },
    }
    await school.call(
        "sendMessage", chat_id=school.teacher, text="Kies", reply_markup={"keyboard": [[button]]}
    )
    await school.updates()

    chosen = people.press_request_chat(school.teacher, group)

    shared = [
        u["message"]["chat_shared"]
        for u in await school.updates()
        if "chat_shared" in u.get("message", {})
    ]
    assert shared == [{"request_id": 7, "chat_id": chosen}]
    me = await school.call("getChatMember", chat_id=chosen, user_id=school.telegram.bot.id)
    assert (chosen != group, me["status"], me["can_restrict_members"]) == (
        True,
        "administrator",
        True,
    )


def test_update_ids_when_the_world_starts_anew_then_they_do_not_repeat():
    clock = SandboxClock(frozen=True)
    starts = {Telegram(clock=clock).world.updates.next_id for _ in range(5)}

    assert len(starts) == 5
