"""Sending, editing, deleting and banning, each with what Telegram refuses beside what it does."""

import pytest

from bot.sandbox import BotApiError, RefusedByTelegram, Telegram
from tests.sandbox.conftest import RIGHTS

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


def button(data):
    return {"inline_keyboard": [[{"text": "Gezien", "callback_data": data}]]}


async def outcome(school, method, **params):
    """Return True, or the words of the refusal."""
    try:
        await school.call(method, chat_id=school.group, **params)
    except BotApiError as refused:
        return refused.description
    return True


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        pytest.param({"text": "x" * 4096}, True, id="4096 characters"),
        pytest.param({"text": "x" * 4097}, "Bad Request: message is too long", id="4097"),
        pytest.param(
            {"text": f"<b>{'x' * 4096}</b>", "parse_mode": "HTML"}, True, id="4096 after parsing"
        ),
        pytest.param({"text": " \n "}, "Bad Request: message text is empty", id="white space"),
        pytest.param({"text": "x", "reply_markup": button("é" * 32)}, True, id="64 bytes of data"),
        pytest.param(
            {"text": "x", "reply_markup": button("é" * 32 + "x")},
            "Bad Request: BUTTON_DATA_INVALID",
            id="65 bytes of data",
        ),
        pytest.param(
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed "
            "in the inline keyboard",
            id="a button without action",
        ),
        pytest.param(
            {"text": "x", "reply_parameters": {"message_id": 99}},
            "Bad Request: message to be replied not found",
            id="reply to nothing",
        ),
        pytest.param(
            {
                "text": "x",
                "reply_parameters": {"message_id": 99, "allow_sending_without_reply": True},
            },
            True,
            id="reply if there",
        ),
        pytest.param(
            {
                "text": "x",
                "reply_markup": {
                    "keyboard": [
                        [{"text": "a", "request_chat": {"request_id": 1, "chat_is_channel": False}}]
                    ]
                },
            },
            "Bad Request: chats can be requested in private chats only",
            id="request in a group",
        ),
    ],
)
async def test_text_when_sent_then_telegrams_limits_hold(school, params, expected):
    assert await outcome(school, "sendMessage", **params) == expected


async def test_edit_when_nothing_changes_then_refused(school):
    sent = await school.call(
        "sendMessage", chat_id=school.group, text="Les", reply_markup=button("a")
    )
    params = {"message_id": sent["message_id"], "text": "Les"}

    same = await outcome(school, "editMessageText", **params, reply_markup=button("a"))

    assert same == NOT_MODIFIED
    assert await outcome(school, "editMessageText", **params) is True


async def test_edit_when_the_markup_is_not_repeated_then_the_buttons_go(school):
    sent = await school.call(
        "sendMessage", chat_id=school.group, text="Les", reply_markup=button("a")
    )

    edited = await school.call(
        "editMessageText", chat_id=school.group, text="Anders", message_id=sent["message_id"]
    )

    assert "reply_markup" not in edited
    with pytest.raises(RefusedByTelegram):
        school.people.press(school.student, school.group, sent["message_id"], "a")


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        pytest.param("own", True, id="its own"),
        pytest.param("other", "Bad Request: message can't be edited", id="a student's"),
        pytest.param("none", "Bad Request: message to edit not found", id="none"),
    ],
)
async def test_edit_when_the_message_is_not_its_own_then_refused(school, which, expected):
    own = await school.call("sendMessage", chat_id=school.group, text="Les")
    other = school.people.write(school.student, school.group, "Hoi")
    number = {"own": own["message_id"], "other": other, "none": 4711}[which]

    assert await outcome(school, "editMessageText", message_id=number, text="Nieuw") == expected


async def test_ban_when_carried_out_then_all_messages_of_the_person_go(school):
    school.people.write(school.student, school.group, "een")
    school.people.write(school.other, school.group, "twee")

    await school.call("banChatMember", chat_id=school.group, user_id=school.student)

    shown = school.people.look(school.teacher, school.group)["messages"]
    assert [m["text"] for m in shown if m["text"]] == ["twee"]
    history = school.people.history(school.group)["messages"]
    assert [m["deleted"] for m in history if m["text"] == "een"] == ["ban by the bot"]


async def test_restriction_when_it_runs_out_then_the_person_may_write_again(school):
    until = school.telegram.clock.unix() + 3600
    await school.call(
        "restrictChatMember",
        chat_id=school.group,
        user_id=school.student,
        permissions={},
        until_date=until,
    )
    with pytest.raises(RefusedByTelegram, match="not allowed to send messages in this group"):
        school.people.write(school.student, school.group, "Hoi")

    school.telegram.clock.advance(3600)

    assert school.people.write(school.student, school.group, "Hoi") > 0


@pytest.mark.parametrize("is_banned", [True, False], ids=["banned", "not banned"])
async def test_channel_when_banned_then_its_owner_writes_as_none_of_theirs(school, is_banned):
    people = school.people
    first, second = (people.create_channel(school.student, name) for name in ("Een", "Twee"))
    if is_banned:
        await school.call("banChatSenderChat", chat_id=school.group, sender_chat_id=first)
        with pytest.raises(RefusedByTelegram):
            people.write(school.student, school.group, "Hoi", as_chat=second)
        assert people.write(school.student, school.group, "Als mezelf") > 0
    else:
        people.write(school.student, school.group, "Hoi", as_chat=second)
        (update,) = await school.updates()
        assert update["message"]["from"]["id"] == 136817688
        assert update["message"]["sender_chat"]["id"] == second


@pytest.mark.parametrize("is_administrator", [True, False], ids=["administrator", "member"])
async def test_others_when_they_change_then_only_an_administrator_bot_hears(
    school, is_administrator
):
    if not is_administrator:
        school.people.demote(school.teacher, school.group, school.telegram.bot.id)
        await school.updates()

    school.people.promote(school.teacher, school.group, school.student, ["can_pin_messages"])

    assert await school.kinds() == (["chat_member"] if is_administrator else [])


@pytest.mark.parametrize("may_invite", [True, False], ids=["may invite", "may not invite"])
async def test_request_when_made_then_only_a_bot_that_may_invite_hears(school, may_invite):
    rights = RIGHTS if may_invite else ["can_delete_messages"]
    school.people.promote(school.teacher, school.group, school.telegram.bot.id, rights)
    await school.updates()
    link = school.people.create_link(school.teacher, school.group, creates_join_request=True)

    school.people.join(school.people.create_user("Dina"), link)

    assert await school.kinds() == (["chat_join_request"] if may_invite else [])


@pytest.mark.parametrize("is_hidden", [True, False], ids=["hidden members", "shown members"])
async def test_member_when_the_list_is_hidden_then_a_plain_bot_cannot_look(school, is_hidden):
    school.people.write(school.student, school.group, "Hoi")
    await school.updates()
    school.people.set_hidden_members(school.teacher, school.group, on=is_hidden)
    school.people.demote(school.teacher, school.group, school.telegram.bot.id)

    found = await outcome(school, "getChatMember", user_id=school.student)

    assert found == ("Bad Request: CHAT_ADMIN_REQUIRED" if is_hidden else True)


@pytest.mark.parametrize("hears", [True, False], ids=["bot-to-bot mode", "ordinary"])
async def test_other_bot_when_it_writes_then_heard_only_in_bot_to_bot_mode(telegram, hears):
    world = Telegram(clock=telegram.clock, hears_other_bots=hears)
    teacher = world.people.create_user("Anna")
    group = world.people.create_group(teacher, "3H2")
    world.people.add_bot(teacher, group, RIGHTS)
    robot = world.people.create_user("Robot", is_bot=True)
    world.people.join(robot, chat=group, added_by=teacher)
    before = world.world.updates.made

    world.people.write(robot, group, "Piep")

    assert world.world.updates.made - before == int(hears)
