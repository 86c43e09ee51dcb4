"""Which commands a menu shows, by scope and language, and which lists Telegram refuses."""

import pytest

from bot.sandbox import BotApiError, RefusedByTelegram


async def give(school, name, scope=None, language=None):
    """Set a list of one command; its name tells in the menu where it came from."""
    given = {"commands": [{"command": name, "description": name}]}
    given |= {"scope": scope} if scope else {}
    given |= {"language_code": language} if language else {}
    await school.call("setMyCommands", **given)


def menu(school, user, chat):
    return [c["command"] for c in school.people.commands_seen(user, chat)]


async def refusal(school, method, **params):
    with pytest.raises(BotApiError) as caught:
        await school.call(method, **params)
    return caught.value.code, caught.value.description


# From the widest list to the narrowest: each new one hides those before it.
def private_lists(user):
    chat = {"type": "chat", "chat_id": user}
    return [
        ("default", None, None),
        ("default_nl", None, "nl"),
        ("private", {"type": "all_private_chats"}, None),
        ("private_nl", {"type": "all_private_chats"}, "nl"),
        ("chat", chat, None),
        ("chat_nl", chat, "nl"),
    ]


def group_lists(group, user, *, is_administrator):
    admins = {"type": "chat_administrators", "chat_id": group}
    member = {"type": "chat_member", "chat_id": group, "user_id": user}
    found = [
        ("default", None, None),
        ("default_nl", None, "nl"),
        ("groups", {"type": "all_group_chats"}, None),
        ("groups_nl", {"type": "all_group_chats"}, "nl"),
        ("all_admins", {"type": "all_chat_administrators"}, None),
        ("all_admins_nl", {"type": "all_chat_administrators"}, "nl"),
        ("chat", {"type": "chat", "chat_id": group}, None),
        ("chat_nl", {"type": "chat", "chat_id": group}, "nl"),
        ("admins", admins, None),
        ("admins_nl", admins, "nl"),
        ("member", member, None),
        ("member_nl", member, "nl"),
    ]
    return [f for f in found if is_administrator or "admins" not in f[0]]


async def test_menu_in_private_when_narrower_lists_come_then_each_hides_the_wider(school):
    school.people.start_bot(school.student)
    seen = []
    for name, scope, language in private_lists(school.student):
        await give(school, name, scope, language)
        seen += menu(school, school.student, school.student)

    assert seen == [name for name, _scope, _language in private_lists(school.student)]


@pytest.mark.parametrize("is_administrator", [True, False], ids=["administrator", "member"])
async def test_menu_in_a_group_when_narrower_lists_come_then_each_hides_the_wider(
    school, is_administrator
):
    user = school.teacher if is_administrator else school.student
    lists = group_lists(school.group, user, is_administrator=is_administrator)
    # The bot can name people that it has met.
    school.people.write(user, school.group, "Hoi")
    seen = []
    for name, scope, language in lists:
        await give(school, name, scope, language)
        seen += menu(school, user, school.group)

    assert seen == [name for name, _scope, _language in lists]


async def test_menu_of_a_member_when_lists_are_for_others_then_shows_none_of_them(school):
    people = school.people
    people.start_bot(school.other)
    people.write(school.teacher, school.group, "Hoi")
    member = {"type": "chat_member", "chat_id": school.group, "user_id": school.teacher}
    await give(school, "admins", {"type": "chat_administrators", "chat_id": school.group})
    await give(school, "all_admins", {"type": "all_chat_administrators"})
    await give(school, "member", member)
    await give(school, "private", {"type": "all_private_chats"})
    await give(school, "chat", {"type": "chat", "chat_id": school.other})
    await give(school, "english", None, "en")

    assert menu(school, school.student, school.group) == []
    assert menu(school, school.teacher, school.group) == ["member"]
    assert menu(school, school.other, school.other) == ["chat"]


async def test_menu_when_the_bot_is_not_there_then_empty_and_for_strangers_refused(school):
    await give(school, "default")
    elsewhere = school.people.create_group(school.teacher, "2B1")

    assert menu(school, school.teacher, elsewhere) == []
    with pytest.raises(RefusedByTelegram, match="not a member"):
        menu(school, school.student, elsewhere)


async def test_commands_when_deleted_then_the_wider_list_shows_again(school):
    groups = {"type": "all_group_chats"}
    await give(school, "default")
    await give(school, "groups", groups)

    await school.call("deleteMyCommands", scope=groups)

    assert menu(school, school.student, school.group) == ["default"]
    assert await school.call("getMyCommands", scope=groups) == []


async def test_commands_when_set_to_an_empty_list_then_the_wider_list_shows_again(school):
    groups = {"type": "all_group_chats"}
    await give(school, "default")
    await give(school, "groups", groups)

    await school.call("setMyCommands", commands=[], scope=groups)

    assert menu(school, school.student, school.group) == ["default"]


async def test_commands_when_read_then_exactly_those_of_the_scope_and_language(school):
    await give(school, "default")
    await give(school, "dutch", None, "nl")

    assert await school.call("getMyCommands") == [{"command": "default", "description": "default"}]
    assert await school.call("getMyCommands", language_code="nl") == [
        {"command": "dutch", "description": "dutch"}
    ]
    assert await school.call("getMyCommands", language_code="en") == []


def commands(count=1, command="start", description="Beginnen"):
    return [{"command": command, "description": description}] * count


@pytest.mark.parametrize(
    ("given", "text"),
    [
        pytest.param(commands(101), "BOT_COMMANDS_TOO_MUCH", id="101"),
        pytest.param(commands(command="Start"), "BOT_COMMAND_INVALID", id="a capital"),
        pytest.param(commands(command="é"), "BOT_COMMAND_INVALID", id="an accent"),
        pytest.param(commands(command="/"), "command must be non-empty", id="no name"),
        pytest.param(
            commands(command="a" * 33), "command length must not exceed 32", id="a name of 33"
        ),
        pytest.param(
            commands(description=" "), "command description must be non-empty", id="only a space"
        ),
        pytest.param(
            commands(description="x" * 257),
            "command description length must not exceed 256",
            id="a description of 257",
        ),
        pytest.param(
            [{"command": "start"}],
            "can't parse BotCommand: can't find field \"description\"",
            id="no description",
        ),
    ],
)
async def test_commands_when_out_of_bounds_then_refused_and_nothing_changes(school, given, text):
    await give(school, "earlier")

    assert await refusal(school, "setMyCommands", commands=given) == (400, f"Bad Request: {text}")
    assert menu(school, school.student, school.group) == ["earlier"]


async def test_commands_when_at_the_bounds_then_taken(school):
    widest = commands(100, command="a_9" + "z" * 29, description="x" * 256)

    assert await school.call("setMyCommands", commands=widest) is True


@pytest.mark.parametrize(
    ("scope", "language", "text"),
    [
        pytest.param(
            {"type": "everybody"},
            None,
            "can't parse BotCommandScope: Unsupported type specified",
            id="unknown scope",
        ),
        pytest.param({"type": "chat", "chat_id": -1}, None, "chat not found", id="unknown chat"),
        pytest.param({"type": "chat"}, None, "chat_id is empty", id="no chat"),
        pytest.param(
            {"type": "chat_administrators", "chat_id": "private"},
            None,
            "can't use specified scope in private chats",
            id="administrators of a private chat",
        ),
        pytest.param(
            {"type": "chat_member", "chat_id": "group", "user_id": 12},
            None,
            "user not found",
            id="somebody the bot never met",
        ),
        pytest.param(None, "nl-NL", "invalid language code specified", id="a region"),
    ],
)
@pytest.mark.parametrize("method", ["setMyCommands", "getMyCommands", "deleteMyCommands"])
async def test_scope_when_it_makes_no_sense_then_refused(school, method, scope, language, text):
    school.people.start_bot(school.teacher)
    named = {"private": school.teacher, "group": school.group}
    params = {"commands": commands()} if method == "setMyCommands" else {}
    if scope is not None:
        chat = scope.get("chat_id")
        params["scope"] = scope | ({"chat_id": named.get(chat, chat)} if chat else {})
    if language is not None:
        params["language_code"] = language

    assert await refusal(school, method, **params) == (400, f"Bad Request: {text}")
