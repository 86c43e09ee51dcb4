"""Which chats the bot reaches, and what it is told when it does not."""

import pytest

from bot.sandbox import BotApiError
from bot.sandbox.errors import SUBSTITUTIONS, TEXTS, describe

NEVER = "Forbidden: bot can't initiate conversation with a user"


async def refusal(school, chat_id, method="sendMessage", **params):
    if method == "sendMessage":
        params = {"text": "Hoi"}
    with pytest.raises(BotApiError) as caught:
        await school.call(method, chat_id=chat_id, **params)
    return caught.value.code, caught.value.description


async def test_person_when_unknown_to_the_bot_then_chat_not_found(school):
    stranger = school.people.create_user("Eva")

    assert await refusal(school, stranger) == (400, "Bad Request: chat not found")


async def test_person_when_met_but_never_started_then_forbidden(school):
    school.people.write(school.student, school.group, "Hoi")

    assert await refusal(school, school.student) == (403, NEVER)


@pytest.mark.parametrize(
    ("verb", "text"),
    [
        pytest.param("block_bot", "Forbidden: bot was blocked by the user", id="blocked"),
        pytest.param("deactivate", "Forbidden: user is deactivated", id="deactivated"),
    ],
)
async def test_person_when_gone_then_forbidden(school, verb, text):
    school.people.start_bot(school.student)
    await school.call("sendMessage", chat_id=school.student, text="Welkom")

    getattr(school.people, verb)(school.student)

    assert await refusal(school, school.student) == (403, text)


async def test_requester_when_waiting_then_reachable_for_five_minutes(school):
    asking = school.people.create_user("Dina")
    link = school.people.create_link(school.teacher, school.group, creates_join_request=True)
    school.people.join(asking, link)

    await school.call("sendMessage", chat_id=asking, text="Wie ben je?")
    school.telegram.clock.advance(301)

    assert await refusal(school, asking) == (403, NEVER)


@pytest.mark.parametrize(
    ("leaves", "kind", "text"),
    [
        pytest.param(
            "itself",
            "supergroup",
            "bot is not a member of the supergroup chat",
            id="left a supergroup",
        ),
        pytest.param(
            "removed",
            "supergroup",
            "bot was kicked from the supergroup chat",
            id="removed from a supergroup",
        ),
        pytest.param(
            "itself", "group", "bot is not a member of the group chat", id="left a basic group"
        ),
        pytest.param(
            "removed",
            "group",
            "bot was kicked from the group chat",
            id="removed from a basic group",
        ),
    ],
)
async def test_group_when_the_bot_is_out_then_forbidden(school, leaves, kind, text):
    group = school.people.create_group(school.teacher, "2B1", kind=kind)
    school.people.add_bot(school.teacher, group)

    if leaves == "itself":
        await school.call("leaveChat", chat_id=group)
    else:
        school.people.remove_bot(school.teacher, group)

    assert await refusal(school, group) == (403, f"Forbidden: {text}")


@pytest.mark.parametrize("is_public", [True, False], ids=["public", "private"])
async def test_group_when_the_bot_left_then_only_a_public_one_is_readable(school, is_public):
    if is_public:
        school.people.set_username(school.group, "klas_3h2", school.teacher)
    await school.call("leaveChat", chat_id=school.group)

    if is_public:
        assert (await school.call("getChat", chat_id="@klas_3h2"))["id"] == school.group
        assert await school.call("getChatAdministrators", chat_id=school.group) != []
    else:
        assert (await refusal(school, school.group, "getChat"))[0] == 403


async def test_upgraded_group_when_written_to_then_told_where_it_went(school):
    old = school.people.create_group(school.teacher, "2B1", kind="group")
    school.people.add_bot(school.teacher, old)
    new = school.people.upgrade(school.teacher, old)

    with pytest.raises(BotApiError) as caught:
        await school.call("sendMessage", chat_id=old, text="Hoi")

    assert caught.value.description == "Bad Request: group chat was upgraded to a supergroup chat"
    assert caught.value.parameters == {"migrate_to_chat_id": new}


async def test_upgraded_group_when_read_then_still_answers_as_before(school):
    old = school.people.create_group(school.teacher, "2B1", kind="group")
    school.people.add_bot(school.teacher, old)
    school.people.upgrade(school.teacher, old)

    assert (await school.call("getChat", chat_id=old))["type"] == "group"
    assert (await refusal(school, old, "getChatAdministrators"))[0] == 400


async def test_upgrade_when_it_happens_then_left_to_member_in_a_new_chat(school):
    old = school.people.create_group(school.teacher, "2B1", kind="group")
    school.people.add_bot(school.teacher, old)
    await school.updates()

    new = school.people.upgrade(school.teacher, old)

    member, moved, arrived = await school.updates()
    change = member["my_chat_member"]
    statuses = (change["old_chat_member"]["status"], change["new_chat_member"]["status"])
    assert (change["chat"]["id"], statuses) == (new, ("left", "member"))
    assert (moved["message"]["chat"]["id"], moved["message"]["migrate_to_chat_id"]) == (old, new)
    assert arrived["message"]["migrate_from_chat_id"] == old
    assert arrived["message"]["from"]["id"] == 1087968824


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        pytest.param(
            400,
            "Message text is empty",
            (400, "Bad Request: message text is empty"),
            id="a small first letter",
        ),
        pytest.param(
            400,
            "BUTTON_DATA_INVALID",
            (400, "Bad Request: BUTTON_DATA_INVALID"),
            id="capitals stay",
        ),
        pytest.param(
            403,
            "CHAT_WRITE_FORBIDDEN",
            (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
            id="a 403 in capitals becomes 400",
        ),
        pytest.param(403, "bot was kicked", (403, "Forbidden: bot was kicked"), id="another 403"),
        pytest.param(
            400,
            "USER_IS_BLOCKED",
            (403, "Forbidden: bot was blocked by the user"),
            id="substituted with another code",
        ),
        pytest.param(404, "Not found", (400, "Bad Request: not found"), id="404 becomes 400"),
        pytest.param(406, "X_Y", (400, "Bad Request: X_Y"), id="an unsupported code"),
        pytest.param(
            500, "Request aborted", (500, "Internal Server Error: request aborted"), id="500"
        ),
    ],
)
def test_error_when_described_then_as_the_real_server_does(code, message, expected):
    assert describe(code, message) == expected


def test_texts_when_listed_then_each_names_its_source_and_none_twice():
    messages = [(t.code, t.message) for t in TEXTS.values()]

    assert len(messages) == len(set(messages))
    assert all(":" in t.source or "server" in t.source for t in TEXTS.values())
    assert all(m == m.upper() or m == "File generation failed" for m in SUBSTITUTIONS)
