"""Who may do what: each right once with it and once without, in Telegram's own words."""

import pytest

from bot.sandbox import BotApiError, RefusedByTelegram
from bot.sandbox.rights import ADMINISTRATOR_RIGHTS, PERMISSIONS
from tests.sandbox.conftest import RIGHTS

ALL = [*RIGHTS, "can_promote_members"]
NO_LINKS = "Bad Request: not enough rights to manage chat invite link"
NO_REQUESTS = "Bad Request: not enough rights to manage chat join requests"
NO_RESTRICT = "Bad Request: not enough rights to restrict/unrestrict chat member"
NO_PIN = "Bad Request: not enough rights to manage pinned messages in the chat"
NO_PERMISSIONS = "Bad Request: not enough rights to change chat permissions"
NO_DELETE = "Bad Request: message can't be deleted"
NO_PROMOTE = "Bad Request: not enough rights"
LINK = {"name": "brugklas"}


async def refusal(school, method, **params):
    with pytest.raises(BotApiError) as caught:
        await school.call(method, **params)
    return caught.value.code, caught.value.description


def with_rights(school, rights):
    bot = school.telegram.bot.id
    if rights:
        school.people.promote(school.teacher, school.group, bot, rights)
    else:
        school.people.demote(school.teacher, school.group, bot)
    school.people.set_permissions(school.teacher, school.group, dict.fromkeys(PERMISSIONS, False))


@pytest.mark.parametrize(
    ("method", "params", "right", "text"),
    [
        pytest.param(
            "deleteMessage", {"message_id": 0}, "can_delete_messages", NO_DELETE, id="delete"
        ),
        pytest.param(
            "deleteMessages",
            {"message_ids": [0]},
            "can_delete_messages",
            NO_DELETE,
            id="delete several",
        ),
        pytest.param("pinChatMessage", {"message_id": 0}, "can_pin_messages", NO_PIN, id="pin"),
        pytest.param("unpinAllChatMessages", {}, "can_pin_messages", NO_PIN, id="unpin all"),
        pytest.param(
            "setChatPermissions",
            {"permissions": {}},
            "can_restrict_members",
            NO_PERMISSIONS,
            id="set permissions",
        ),
        pytest.param(
            "restrictChatMember",
            {"user_id": 0, "permissions": {}},
            "can_restrict_members",
            NO_RESTRICT,
            id="restrict",
        ),
        pytest.param(
            "banChatMember", {"user_id": 0}, "can_restrict_members", NO_RESTRICT, id="ban"
        ),
        pytest.param(
            "unbanChatMember", {"user_id": 0}, "can_restrict_members", NO_RESTRICT, id="unban"
        ),
        pytest.param(
            "promoteChatMember",
            {"user_id": 0, "can_pin_messages": True},
            "can_promote_members",
            NO_PROMOTE,
            id="promote",
        ),
        pytest.param("exportChatInviteLink", {}, "can_invite_users", NO_LINKS, id="export link"),
        pytest.param("createChatInviteLink", LINK, "can_invite_users", NO_LINKS, id="make link"),
        pytest.param(
            "approveChatJoinRequest", {"user_id": 1}, "can_invite_users", NO_REQUESTS, id="approve"
        ),
        pytest.param(
            "declineChatJoinRequest", {"user_id": 1}, "can_invite_users", NO_REQUESTS, id="decline"
        ),
    ],
)
async def test_call_by_rights_when_missing_then_refused_and_when_held_then_done(
    school, method, params, right, text
):
    number = school.people.write(school.student, school.group, "Hoi")
    if "ChatJoinRequest" in method:
        asking = school.people.create_user("Dina")
        link = school.people.create_link(school.teacher, school.group, creates_join_request=True)
        school.people.join(asking, link)
        params = {"user_id": asking}
    elif "user_id" in params:
        params = params | {"user_id": school.student}
    if "message_id" in params:
        params = {"message_id": number}
    if "message_ids" in params:
        params = {"message_ids": [number]}
    others = [r for r in ALL if r != right]

    with_rights(school, others)
    assert await refusal(school, method, chat_id=school.group, **params) == (400, text)

    with_rights(school, ALL)
    assert await school.call(method, chat_id=school.group, **params)


@pytest.mark.parametrize("is_administrator", [True, False], ids=["administrator", "plain member"])
async def test_bot_when_group_is_locked_then_writes_only_as_administrator(school, is_administrator):
    with_rights(school, ["can_delete_messages"] if is_administrator else None)
    message = {"chat_id": school.group, "text": "Les vervalt"}

    if is_administrator:
        assert (await school.call("sendMessage", **message))["text"] == "Les vervalt"
    else:
        text = "Bad Request: not enough rights to send text messages to the chat"
        assert await refusal(school, "sendMessage", **message) == (400, text)


async def test_student_when_group_is_locked_then_refused_and_the_bot_hears_nothing(school):
    await school.call("setChatPermissions", chat_id=school.group, permissions={})

    with pytest.raises(RefusedByTelegram) as caught:
        school.people.write(school.student, school.group, "Mag dit?")

    assert caught.value.text == "Only admins can send messages here."
    assert await school.kinds() == []
    history = school.people.history(school.group)
    assert [r["user"] for r in history["refused"]] == [school.student]


async def test_teacher_when_group_is_locked_then_writes_as_owner(school):
    await school.call("setChatPermissions", chat_id=school.group, permissions={})

    school.people.write(school.teacher, school.group, "Les vervalt")

    assert await school.kinds() == ["message"]


@pytest.mark.parametrize(
    ("kind", "permission"),
    [
        pytest.param("photo", "can_send_photos", id="photo"),
        pytest.param("voice", "can_send_voice_notes", id="voice"),
        pytest.param("sticker", "can_send_other_messages", id="sticker"),
        pytest.param("document", "can_send_documents", id="document"),
    ],
)
def test_media_when_only_its_permission_is_on_then_only_it_passes(school, kind, permission):
    on = dict.fromkeys(PERMISSIONS, False) | {permission: True}
    school.people.set_permissions(school.teacher, school.group, on)

    school.people.send_media(school.student, school.group, kind)
    with pytest.raises(RefusedByTelegram):
        school.people.write(school.student, school.group, "Hoi")
    with pytest.raises(RefusedByTelegram):
        school.people.send_media(school.student, school.group, "video")


@pytest.mark.parametrize(
    ("boosts", "passes"),
    [pytest.param(2, True, id="enough boosts"), pytest.param(1, False, id="too few boosts")],
)
def test_booster_when_group_is_locked_then_passes_only_with_enough(school, boosts, passes):
    people = school.people
    people.set_permissions(school.teacher, school.group, dict.fromkeys(PERMISSIONS, False))
    people.set_unrestrict_boosts(school.teacher, school.group, 2)
    people.set_boosts(school.student, school.group, boosts)

    if passes:
        assert people.write(school.student, school.group, "Hoi") > 0
    else:
        with pytest.raises(RefusedByTelegram):
            people.write(school.student, school.group, "Hoi")


@pytest.mark.parametrize(
    ("target", "text"),
    [
        pytest.param("teacher", "Bad Request: can't remove chat owner", id="owner"),
        pytest.param("bot", "Bad Request: can't restrict self", id="itself"),
        pytest.param(
            "other", "Bad Request: user is an administrator of the chat", id="administrator"
        ),
    ],
)
@pytest.mark.parametrize("method", ["restrictChatMember", "banChatMember"])
async def test_measure_when_target_is_protected_then_refused(school, method, target, text):
    school.people.promote(school.teacher, school.group, school.other, ["can_pin_messages"])
    who = school.telegram.bot.id if target == "bot" else getattr(school, target)
    params: dict = {"permissions": {}} if method == "restrictChatMember" else {}

    found = await refusal(school, method, chat_id=school.group, user_id=who, **params)

    assert found == (400, text)


@pytest.mark.parametrize(
    ("target", "rights", "text"),
    [
        pytest.param("teacher", {"can_pin_messages": True}, "can't remove chat owner", id="owner"),
        pytest.param("bot", {"can_pin_messages": True}, "can't promote self", id="itself"),
        pytest.param("student", {"can_change_info": True}, "RIGHT_FORBIDDEN", id="beyond its own"),
        pytest.param("other", {}, "CHAT_ADMIN_REQUIRED", id="another's administrator"),
    ],
)
async def test_promotion_when_not_its_business_then_refused(school, target, rights, text):
    school.people.promote(school.teacher, school.group, school.other, ["can_pin_messages"])
    with_rights(school, ALL)
    who = school.telegram.bot.id if target == "bot" else getattr(school, target)

    found = await refusal(school, "promoteChatMember", chat_id=school.group, user_id=who, **rights)

    assert found == (400, f"Bad Request: {text}")


async def test_promotion_when_made_by_the_bot_then_it_can_undo_it(school):
    with_rights(school, ALL)
    target = {"chat_id": school.group, "user_id": school.student}
    await school.call("promoteChatMember", **target, can_pin_messages=True)
    promoted = await school.call("getChatMember", **target)
    await school.call("promoteChatMember", **target)

    assert (promoted["status"], promoted["can_be_edited"]) == ("administrator", True)
    assert (await school.call("getChatMember", **target))["status"] == "member"


@pytest.mark.parametrize(
    ("hours", "kind", "text"),
    [
        pytest.param(47, "supergroup", None, id="47 hours"),
        pytest.param(48, "supergroup", NO_DELETE, id="48 hours"),
        pytest.param(48, "private", NO_DELETE + " for everyone", id="48 hours in private"),
    ],
)
async def test_deletion_when_the_message_is_old_then_48_hours_decide(school, hours, kind, text):
    if kind == "private":
        number, chat = school.people.start_bot(school.student), school.student
    else:
        number, chat = school.people.write(school.student, school.group, "Hoi"), school.group
    school.telegram.clock.advance(hours * 3600)
    params = {"chat_id": chat, "message_id": number}

    if text is None:
        assert await school.call("deleteMessage", **params) is True
    else:
        assert await refusal(school, "deleteMessage", **params) == (400, text)


async def test_deletion_when_it_is_the_creation_message_then_refused(school):
    params = {"chat_id": school.group, "message_id": 1}

    assert await refusal(school, "deleteMessage", **params) == (400, NO_DELETE)


async def test_several_deletions_when_some_are_unknown_then_the_rest_goes(school):
    number = school.people.write(school.student, school.group, "Hoi")

    await school.call("deleteMessages", chat_id=school.group, message_ids=[number, 4711])
    gone = await refusal(school, "deleteMessage", chat_id=school.group, message_id=number)

    assert gone == (400, "Bad Request: message to delete not found")
    shown = {m["message_id"]: m for m in school.people.history(school.group)["messages"]}
    assert shown[number]["deleted"] == "by the bot"


async def test_several_deletions_when_one_is_forbidden_then_none_goes(school):
    number = school.people.write(school.student, school.group, "Hoi")
    ids = [number, 1]

    found = await refusal(school, "deleteMessages", chat_id=school.group, message_ids=ids)

    assert found == (400, NO_DELETE)
    seen = school.people.look(school.student, school.group)["messages"]
    assert number in {m["message_id"] for m in seen}


@pytest.mark.parametrize(
    ("method", "params"),
    [
        pytest.param("restrictChatMember", {"permissions": {}}, id="restrict"),
        pytest.param("promoteChatMember", {"can_pin_messages": True}, id="promote"),
        pytest.param("unbanChatMember", {}, id="unban"),
    ],
)
async def test_call_when_group_is_basic_then_refused(school, method, params):
    people = school.people
    basic = people.create_group(school.teacher, "Mentoruur", [school.student], kind="group")
    people.add_bot(school.teacher, basic)
    people.promote(school.teacher, basic, school.telegram.bot.id)

    _code, text = await refusal(school, method, chat_id=basic, user_id=school.student, **params)

    assert text in {
        "Bad Request: method is available only for supergroups",
        "Bad Request: method is available for supergroup and channel chats only",
    }


@pytest.mark.parametrize(
    ("given", "independent", "expected"),
    [
        pytest.param(
            {"can_send_polls": True},
            False,
            {"can_send_polls", "can_send_messages"},
            id="polls imply messages",
        ),
        pytest.param({"can_send_polls": True}, True, {"can_send_polls"}, id="independent"),
        pytest.param(
            {"can_pin_messages": True},
            True,
            {"can_pin_messages", "can_edit_tag", "can_manage_topics"},
            id="pinning covers tags and topics",
        ),
        pytest.param(
            {"can_send_messages": True},
            True,
            {"can_send_messages", "can_react_to_messages"},
            id="writing covers reacting",
        ),
        pytest.param(
            {"can_send_messages": True, "can_react_to_messages": False},
            True,
            {"can_send_messages"},
            id="reacting named",
        ),
        pytest.param({}, True, set(), id="nothing"),
    ],
)
async def test_default_permissions_when_set_then_read_back_as_telegram_reads_them(
    school, given, independent, expected
):
    await school.call(
        "setChatPermissions",
        chat_id=school.group,
        permissions=given,
        use_independent_chat_permissions=independent,
    )
    shown = (await school.call("getChat", chat_id=school.group))["permissions"]

    assert {name for name in PERMISSIONS if shown[name]} == expected
    assert set(shown) == {*PERMISSIONS, "can_send_media_messages"}


async def test_permissions_when_changed_by_hand_then_the_bot_is_told_nothing(school):
    school.people.set_permissions(school.teacher, school.group, {"can_send_messages": False})

    assert await school.kinds() == []
    shown = (await school.call("getChat", chat_id=school.group))["permissions"]
    assert shown["can_send_messages"] is False


def test_rights_when_counted_then_they_are_telegrams():
    assert (len(PERMISSIONS), len(ADMINISTRATOR_RIGHTS)) == (16, 17)
