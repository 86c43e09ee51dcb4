"""The ways into a group, what the bot hears of each, and whom it may write to meanwhile."""

import pytest

from bot.sandbox import BotApiError, RefusedByTelegram
from tests.sandbox.conftest import RIGHTS

NEVER_STARTED = "Forbidden: bot can't initiate conversation with a user"


@pytest.fixture
def newcomer(school):
    return school.people.create_user("Dina", bio="Hoi")


def asking_link(school):
    return school.people.create_link(
        school.teacher, school.group, "klas", creates_join_request=True
    )


async def heard(school, kind):
    return [u[kind] for u in await school.updates() if kind in u]


async def answer_to(school, user):
    """Write to somebody; return True, or the words of the refusal."""
    try:
        await school.call("sendMessage", chat_id=user, text="Even geduld")
    except BotApiError as refused:
        return refused.description
    return True


# --- Asking to be let in --------------------------------------------------------------------------


async def test_request_when_made_then_tells_who_where_and_by_which_link(school, newcomer):
    link = asking_link(school)

    school.people.request_join(newcomer, link)

    (request,) = await heard(school, "chat_join_request")
    assert (request["from"]["id"], request["user_chat_id"]) == (newcomer, newcomer)
    assert request["invite_link"]["invite_link"] == link[: len("https://t.me/+") + 8] + "..."
    assert request["invite_link"]["pending_join_request_count"] == 1
    assert school.people.group_as_seen(school.group)["requests"] == [newcomer]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param(0, True, id="at once"),
        pytest.param(300, True, id="five minutes"),
        pytest.param(301, NEVER_STARTED, id="a second more"),
    ],
)
async def test_requester_when_time_passes_then_reachable_for_five_minutes(
    school, newcomer, seconds, expected
):
    school.people.request_join(newcomer, asking_link(school))

    school.telegram.clock.advance(seconds)

    assert await answer_to(school, newcomer) == expected


@pytest.mark.parametrize(
    "end",
    [
        pytest.param("approveChatJoinRequest", id="approved by the bot"),
        pytest.param("declineChatJoinRequest", id="declined by the bot"),
        pytest.param("by hand", id="declined by the teacher"),
        pytest.param("cancelled", id="taken back"),
    ],
)
async def test_requester_when_the_request_is_over_then_no_longer_reachable(school, newcomer, end):
    people = school.people
    people.request_join(newcomer, asking_link(school))
    if end == "by hand":
        people.decide_join(school.teacher, school.group, newcomer, approve=False)
    elif end == "cancelled":
        people.cancel_request(newcomer, school.group)
    else:
        await school.call(end, chat_id=school.group, user_id=newcomer)

    assert await answer_to(school, newcomer) == NEVER_STARTED


async def test_requester_when_they_press_start_then_reachable_for_good(school, newcomer):
    school.people.request_join(newcomer, asking_link(school))
    school.people.start_bot(newcomer)

    school.telegram.clock.advance(86_400)

    assert await answer_to(school, newcomer) is True


@pytest.mark.parametrize(
    ("is_met", "expected"),
    [
        pytest.param(False, "Bad Request: chat not found", id="never met"),
        pytest.param(True, NEVER_STARTED, id="met in another group"),
    ],
)
async def test_requester_when_the_bot_was_not_told_then_not_reachable(
    school, newcomer, is_met, expected
):
    people, bot = school.people, school.telegram.bot.id
    if is_met:
        other = people.create_group(school.teacher, "2B1", [newcomer])
        people.add_bot(school.teacher, other, RIGHTS)
        people.write(newcomer, other, "Hoi")
    people.promote(school.teacher, school.group, bot, ["can_delete_messages"])
    people.request_join(newcomer, asking_link(school))
    people.promote(school.teacher, school.group, bot, RIGHTS)

    assert await heard(school, "chat_join_request") == []
    assert await answer_to(school, newcomer) == expected


async def test_request_when_made_again_then_replaces_the_first(school, newcomer):
    first, second = asking_link(school), asking_link(school)
    school.people.request_join(newcomer, first)
    school.telegram.clock.advance(299)

    school.people.request_join(newcomer, second)

    requests = await heard(school, "chat_join_request")
    counts = [r["invite_link"]["pending_join_request_count"] for r in requests]
    assert counts == [1, 1]
    chat = school.telegram.world.chats[school.group]
    assert chat.pending_by_link == {first: 0, second: 1}
    school.telegram.clock.advance(299)
    assert await answer_to(school, newcomer) is True


@pytest.mark.parametrize(
    ("who", "text"),
    [
        pytest.param("member", "Already a member", id="a member"),
        pytest.param("banned", "You are banned from this group", id="somebody banned"),
    ],
)
async def test_request_when_in_or_banned_then_refused_and_unheard(school, newcomer, who, text):
    if who == "banned":
        school.people.join(newcomer, chat=school.group, added_by=school.teacher)
        school.people.remove(school.teacher, school.group, newcomer)
    await school.updates()
    user = newcomer if who == "banned" else school.student

    with pytest.raises(RefusedByTelegram, match=text):
        school.people.request_join(user, asking_link(school))

    assert await heard(school, "chat_join_request") == []


async def test_request_when_a_bot_asks_then_told_as_a_bot_and_never_written_to(school):
    robot = school.people.create_user("Robot", username="ander_bot", is_bot=True)

    school.people.request_join(robot, asking_link(school))

    (request,) = await heard(school, "chat_join_request")
    assert request["from"]["is_bot"] is True
    assert await answer_to(school, robot) == "Forbidden: bot can't send messages to bots"
    await school.call("declineChatJoinRequest", chat_id=school.group, user_id=robot)
    assert school.people.group_as_seen(school.group)["requests"] == []


# --- Coming in ------------------------------------------------------------------------------------


def ways_in(school, newcomer):
    """Every way in: what to do, who is named as doing it, and the fields that tell more."""
    people, group, teacher = school.people, school.group, school.teacher
    return {
        "link": (
            lambda: people.join(newcomer, people.create_link(teacher, group)),
            newcomer,
            {"invite_link"},
        ),
        "request": (
            lambda: (
                people.request_join(newcomer, asking_link(school)),
                people.decide_join(teacher, group, newcomer, approve=True),
            ),
            teacher,
            {"invite_link", "via_join_request"},
        ),
        "folder": (
            lambda: people.join_by_folder(newcomer, group, teacher),
            newcomer,
            {"via_chat_folder_invite_link"},
        ),
        "by hand": (lambda: people.join(newcomer, chat=group, added_by=teacher), teacher, set()),
        "community": (lambda: people.join_by_community(newcomer, group), newcomer, set()),
    }


@pytest.mark.parametrize("way", ["link", "request", "folder", "by hand", "community"])
async def test_member_when_coming_in_then_the_bot_hears_how(school, newcomer, way):
    act, actor, fields = ways_in(school, newcomer)[way]

    act()

    (change,) = await heard(school, "chat_member")
    assert change["from"]["id"] == actor
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == (
        "left",
        "member",
    )
    ordinary = {"chat", "from", "date", "old_chat_member", "new_chat_member"}
    assert change.keys() - ordinary == fields
    if "invite_link" in fields:
        assert change["invite_link"]["invite_link"].endswith("...")


async def test_link_when_it_is_the_bots_own_then_shown_in_full(school, newcomer):
    made = await school.call("createChatInviteLink", chat_id=school.group)

    school.people.join(newcomer, made["invite_link"])

    (change,) = await heard(school, "chat_member")
    assert change["invite_link"]["invite_link"] == made["invite_link"]


async def test_folder_when_the_group_asks_for_approval_then_a_request_without_a_link(
    school, newcomer
):
    school.people.set_join_by_request(school.teacher, school.group, on=True)

    assert school.people.join_by_folder(newcomer, school.group, school.teacher) is False

    (request,) = await heard(school, "chat_join_request")
    assert "invite_link" not in request


@pytest.mark.parametrize(
    ("act", "text"),
    [
        pytest.param(
            lambda s, n: s.people.join_by_folder(n, s.group, s.student),
            "do not have the rights",
            id="a folder of somebody who may not invite",
        ),
        pytest.param(
            lambda s, _n: s.people.join_by_folder(s.student, s.group, s.teacher),
            "Already a member",
            id="a folder, already in",
        ),
        pytest.param(
            lambda s, _n: s.people.join_by_community(s.student, s.group),
            "Already a member",
            id="a community, already in",
        ),
    ],
)
async def test_way_in_when_it_is_closed_then_refused_and_unheard(school, newcomer, act, text):
    with pytest.raises(RefusedByTelegram, match=text):
        act(school, newcomer)

    assert await school.kinds() == []


# --- Going out by the bot -------------------------------------------------------------------------


async def test_unban_when_a_member_is_present_then_removed_and_may_return(school):
    school.people.write(school.student, school.group, "Hoi")
    count = await school.call("getChatMemberCount", chat_id=school.group)

    await school.updates()

    await school.call("unbanChatMember", chat_id=school.group, user_id=school.student)

    # The second is the service message of somebody's leaving.
    assert await school.kinds() == ["chat_member", "message"]
    assert await status(school, school.student) == "left"
    assert await school.call("getChatMemberCount", chat_id=school.group) == count - 1
    assert "Hoi" in [
        m["text"] for m in school.people.look(school.teacher, school.group)["messages"]
    ]
    school.people.join(school.student, school.people.create_link(school.teacher, school.group))
    assert await status(school, school.student) == "member"


async def status(school, user):
    found = await school.call("getChatMember", chat_id=school.group, user_id=user)
    return found["status"]


async def test_unban_when_only_if_banned_then_a_member_stays(school):
    await school.call(
        "unbanChatMember", chat_id=school.group, user_id=school.student, only_if_banned=True
    )

    assert await status(school, school.student) == "member"
    assert await heard(school, "chat_member") == []


@pytest.mark.parametrize("only_if_banned", [True, False])
async def test_unban_when_banned_then_may_return_by_themselves(school, only_if_banned):
    link = school.people.create_link(school.teacher, school.group)
    await school.call("banChatMember", chat_id=school.group, user_id=school.student)
    with pytest.raises(RefusedByTelegram, match="banned"):
        school.people.join(school.student, link)

    await school.call(
        "unbanChatMember",
        chat_id=school.group,
        user_id=school.student,
        only_if_banned=only_if_banned,
    )

    assert await status(school, school.student) == "left"
    assert school.people.join(school.student, link) is True


async def test_ban_when_its_time_is_over_then_may_return_and_nobody_is_told(school):
    link = school.people.create_link(school.teacher, school.group)
    until = school.telegram.clock.unix() + 3600
    await school.call(
        "banChatMember", chat_id=school.group, user_id=school.student, until_date=until
    )
    (change,) = await heard(school, "chat_member")
    assert (change["new_chat_member"]["status"], change["new_chat_member"]["until_date"]) == (
        "kicked",
        until,
    )
    school.telegram.clock.advance(3599)
    assert await status(school, school.student) == "kicked"

    school.telegram.clock.advance(1)

    assert await status(school, school.student) == "left"
    assert await school.kinds() == []
    assert school.people.join(school.student, link) is True


@pytest.mark.parametrize(
    ("target", "text"),
    [
        pytest.param("teacher", "can't remove chat owner", id="the owner"),
        pytest.param("other", "user is an administrator of the chat", id="an administrator"),
    ],
)
@pytest.mark.parametrize("method", ["banChatMember", "unbanChatMember"])
async def test_removal_when_of_somebody_in_charge_then_refused(school, method, target, text):
    school.people.promote(school.teacher, school.group, school.other, ["can_pin_messages"])
    user = getattr(school, target)
    before = await status(school, user)

    with pytest.raises(BotApiError) as caught:
        await school.call(method, chat_id=school.group, user_id=user)

    assert caught.value.description == f"Bad Request: {text}"
    assert await status(school, user) == before
