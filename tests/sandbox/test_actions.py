"""What the bot shows it is doing: seen by people for five seconds or until its next message."""

import pytest

from bot.sandbox import BotApiError


def shown(school):
    return school.people.look(school.student, school.group)["bot_action"]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param(0, "typing", id="at once"),
        pytest.param(4, "typing", id="four seconds"),
        pytest.param(5, None, id="five seconds"),
    ],
)
async def test_action_when_sent_then_seen_for_five_seconds(school, seconds, expected):
    assert shown(school) is None
    await school.call("sendChatAction", chat_id=school.group, action="typing")

    school.telegram.clock.advance(seconds)

    assert shown(school) == expected


async def test_action_when_the_message_comes_then_gone(school):
    await school.call("sendChatAction", chat_id=school.group, action="upload_document")

    await school.call("sendMessage", chat_id=school.group, text="Klaar")

    assert shown(school) is None


async def test_action_when_messages_are_limited_then_not_counted_among_them(school):
    school.telegram.limiter.on = True

    for _ in range(30):
        await school.call("sendChatAction", chat_id=school.group, action="typing")
    await school.call("sendMessage", chat_id=school.group, text="Klaar")

    assert school.telegram.violations == []


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        pytest.param(
            "unknown", (400, "Bad Request: wrong parameter action in request"), id="no such action"
        ),
        pytest.param("locked", (400, "Bad Request: CHAT_WRITE_FORBIDDEN"), id="locked out"),
        pytest.param(
            "stranger",
            (403, "Forbidden: bot can't initiate conversation with a user"),
            id="never started",
        ),
    ],
)
async def test_action_when_it_cannot_be_shown_then_refused(school, case, expected):
    people = school.people
    people.write(school.student, school.group, "Hoi")
    await school.updates()
    if case == "locked":
        people.demote(school.teacher, school.group, school.telegram.bot.id)
        people.set_permissions(school.teacher, school.group, {"can_send_messages": False})

    with pytest.raises(BotApiError) as caught:
        await school.call(
            "sendChatAction",
            chat_id=school.student if case == "stranger" else school.group,
            action="dance" if case == "unknown" else "typing",
        )

    assert (caught.value.code, caught.value.description) == expected
