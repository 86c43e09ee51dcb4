"""Over HTTP: real python-telegram-bot, other encodings, faults, violations, the people's verbs."""

import asyncio
import json
import sys

import aiohttp
import pytest
import telegram as ptb
from aiohttp import web
from aiohttp.test_utils import RawTestServer
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, NetworkError, RetryAfter

from bot.sandbox import RefusedByTelegram, SandboxClock, Telegram
from bot.sandbox.client import PeopleClient
from bot.sandbox.server import serve
from tests.sandbox.conftest import RIGHTS

# python-telegram-bot announces another type for `RetryAfter.retry_after` whenever it is read.
pytestmark = pytest.mark.filterwarnings("ignore:.*attribute `retry_after`")


@pytest.fixture
async def bot(served):
    async with ptb.Bot(served.telegram.token, served.base_url, served.file_url) as made:
        yield made


@pytest.fixture
def group(served):
    people = served.people
    teacher = people.create_user("Anna")
    made = people.create_group(teacher, "3H2", [people.create_user("Bram")])
    people.add_bot(teacher, made, RIGHTS)
    return made


def owner(served, group):
    return served.people.group_as_seen(group)["members"][0]["id"]


async def test_ptb_when_it_plays_the_main_paths_then_reads_them_all(served, bot, group):
    teacher = owner(served, group)
    markup = ptb.InlineKeyboardMarkup([[ptb.InlineKeyboardButton("Gezien", callback_data="v1")]])
    sent = await bot.send_message(group, "<b>Les</b> vervalt", "HTML", reply_markup=markup)
    served.people.press(teacher, group, sent.message_id, "v1")
    await bot.set_chat_permissions(
        group, ptb.ChatPermissions.no_permissions(), use_independent_chat_permissions=True
    )
    updates = await bot.get_updates(timeout=1, allowed_updates=ptb.Update.ALL_TYPES)
    query = next(u.callback_query for u in updates if u.callback_query)
    await query.answer("Genoteerd")
    edited = await query.message.edit_text("Les gaat door", reply_markup=markup)
    document = await bot.send_document(group, b"inhoud", filename="rooster.txt", caption="Plan")
    link = await bot.create_chat_invite_link(group, creates_join_request=True)

    assert (edited.text, edited.reply_markup) == ("Les gaat door", markup)
    assert (await bot.get_chat(group)).permissions.can_send_messages is False
    assert await (await document.document.get_file()).download_as_bytearray() == b"inhoud"
    assert link.creates_join_request
    assert (await bot.get_chat_administrators(group))[0].status == "creator"
    assert served.telegram.violations == []


async def test_ptb_when_refused_then_raises_its_own_errors(served, bot, group):
    teacher = owner(served, group)
    old = served.people.create_group(teacher, "2B1", kind="group")
    served.people.add_bot(teacher, old)
    new = served.people.upgrade(teacher, old)

    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(old, "Hoi")
    with pytest.raises(BadRequest, match="Not enough rights"):
        await bot.promote_chat_member(group, student(served, group), can_pin_messages=True)
    served.people.remove_bot(teacher, group)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group, "Hoi")
    assert moved.value.new_chat_id == new


def student(served, group):
    return served.people.group_as_seen(group)["members"][1]["id"]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        pytest.param("429", RetryAfter, id="flood"),
        pytest.param("500", NetworkError, id="internal error"),
        pytest.param("502", NetworkError, id="bad gateway"),
        pytest.param("401", ptb.error.InvalidToken, id="unauthorized"),
        pytest.param("409", Conflict, id="conflict"),
        pytest.param("drop", NetworkError, id="connection closed before"),
        pytest.param("deliver_then_drop", NetworkError, id="connection closed after"),
        pytest.param("garbage_json", ptb.error.TelegramError, id="garbage"),
    ],
)
async def test_fault_when_added_then_it_happens_once(served, bot, group, kind, error):
    served.telegram.faults.add("sendMessage", kind, retry_after=3, chat_id=group)

    with pytest.raises(error):
        await bot.send_message(group, "Eerste")
    await bot.send_message(group, "Tweede")

    texts = [m["text"] for m in served.people.group_as_seen(group)["messages"] if m["by_bot"]]
    delivered = kind == "deliver_then_drop"
    assert texts == (["Eerste", "Tweede"] if delivered else ["Tweede"])


async def test_fault_when_an_update_is_malformed_then_ptb_cannot_read_the_batch(served, bot):
    served.telegram.faults.add("getUpdates", "malformed_update")

    with pytest.raises(TypeError):
        await bot.get_updates()


async def raw(served, method, token=None, **request):
    url = f"{served.base_url}{token or served.telegram.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, **request) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize(
    "encoding",
    ["json", "data", "params"],
)
async def test_call_when_sent_in_any_encoding_then_understood_alike(served, group, encoding):
    permissions = {"can_send_messages": True}
    given = {"chat_id": group, "permissions": permissions}
    if encoding != "json":
        given = {"chat_id": str(group), "permissions": json.dumps(permissions)}

    status, body = await raw(served, "setChatPermissions", **{encoding: given})

    assert (status, body) == (200, {"ok": True, "result": True})
    assert served.telegram.violations == []


@pytest.mark.parametrize(
    ("method", "status", "text"),
    [
        pytest.param(
            "sendPoll",
            501,
            "Not Implemented: the sandbox does not model sendPoll",
            id="not modelled",
        ),
        pytest.param("nonsense", 404, "Not Found: method not found", id="no method at all"),
    ],
)
async def test_method_when_not_modelled_then_refused_and_a_violation(served, method, status, text):
    answer = await raw(served, method)

    assert answer == (status, {"ok": False, "error_code": status, "description": text})
    assert [v.method for v in served.telegram.violations] == [method]


async def test_token_when_wrong_then_unauthorized(served):
    status, body = await raw(served, "getMe", token="7000000001:" + "x" * 35)

    assert (status, body["description"]) == (401, "Unauthorized")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        pytest.param({"text": "Hoi"}, "missing parameter chat_id", id="missing"),
        pytest.param({"txt": "x"}, "unknown parameter txt", id="unknown"),
        pytest.param(
            {"disable_notification": "perhaps"},
            "parameter disable_notification is not of type bool",
            id="mistyped",
        ),
    ],
)
async def test_parameters_when_wrong_then_a_violation(served, group, given, text):
    complete = {"chat_id": group, "text": "Hoi"}
    await raw(served, "sendMessage", json=given if "missing" in text else complete | given)

    assert [v.text for v in served.telegram.violations] == [text]


async def test_limiter_when_a_group_gets_too_much_then_flood_and_a_violation():
    telegram = Telegram(clock=SandboxClock(frozen=True), limiter=True)
    teacher = telegram.people.create_user("Anna")
    group = telegram.people.create_group(teacher, "3H2")
    telegram.people.add_bot(teacher, group)
    async with (
        serve(telegram) as served,
        ptb.Bot(telegram.token, served.base_url) as bot,
    ):
        for _ in range(20):
            await bot.send_message(group, "Les")
            telegram.clock.advance(2)
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(group, "Te veel")

        assert caught.value.retry_after == 21
        assert [v.kind for v in telegram.violations] == ["flood"]


async def test_people_over_http_when_they_act_then_as_in_the_process(served):
    async with PeopleClient(served.people_url) as people:
        teacher = await people.create_user(first_name="Anna")
        student = await people.create_user(first_name="Bram")
        group = await people.create_group(teacher, "3H2", [student])
        await people.set_permissions(
            user=teacher, chat=group, permissions={"can_send_messages": False}
        )
        with pytest.raises(RefusedByTelegram, match="Only admins can send messages here"):
            await people.write(user=student, chat=group, text="Hoi")
        with pytest.raises(ValueError, match="there is no user 1 in the sandbox"):
            await people.write(user=1, chat=group, text="Hoi")
        await people.faults(method="getMe", kind="500")
        assert (await raw(served, "getMe"))[0] == 500
        assert (await raw(served, "getMe"))[0] == 200
        calls = await people.read("calls", since=0)

    assert [(c["method"], c["code"]) for c in calls] == [("getMe", 200)]


async def test_verb_when_unknown_then_404(served):
    url = f"{served.people_url}/fly"
    async with aiohttp.ClientSession() as session, session.post(url, json={}) as answer:
        assert answer.status == 404


async def test_webhook_when_set_then_updates_come_with_the_secret_and_in_order(served, group):
    received = []

    async def hook(request):
        received.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], await request.json()))
        return web.Response()

    served.telegram.world.updates.waiting.clear()
    async with RawTestServer(hook) as target:
        where = {"url": str(target.make_url("/hook")), "secret_token": "s"}
        await raw(served, "setWebhook", json=where)
        for text in ("een", "twee"):
            served.people.write(owner(served, group), group, text)
        await served.delivered()

    assert [(s, u["message"]["text"]) for s, u in received] == [("s", "een"), ("s", "twee")]


async def test_program_when_started_then_prints_its_addresses_and_serves_until_stopped():
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.sandbox",
        "--clock",
        "2026-03-02T08:15:00+01:00",
        "--frozen",
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    addresses = json.loads(await program.stdout.readline())
    async with PeopleClient(addresses["people_url"]) as people:
        teacher = await people.create_user("Anna")
        moved = await people.advance(seconds=60)
        users = await people.users()
    program.terminate()

    assert await program.wait() == 0
    assert teacher in {u["id"] for u in users}
    assert moved == "2026-03-02T07:16:00+00:00"
    assert addresses["base_url"].endswith("/bot")
    assert addresses["file_url"].endswith("/file/bot")
