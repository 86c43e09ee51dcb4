"""Every effect, against the pretend Telegram over HTTP: what it changes and what comes back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.callback_data import CHANNEL_REQUEST, GROUP_REQUEST, Press, Verb, parse_data
from bot.clock import Clock
from bot.messages.school import SchoolWords
from bot.pages import Desk, Pages
from bot.policy.announcements.draft import DeliveryState
from bot.policy.effects import (
    EFFECTS,
    ApproveJoinRequest,
    BanSenderChat,
    CreateJoinLink,
    DeclineJoinRequest,
    DeleteMessages,
    EditAnnouncement,
    EditPage,
    Effect,
    InspectGroup,
    Keyboard,
    Language,
    LeaveGroup,
    LockGroup,
    Page,
    PinMessage,
    PrivateEffect,
    Purpose,
    RemoveMember,
    ReplacePrimaryLink,
    RevokeJoinLink,
    SendAnnouncement,
    SendGroupNotice,
    SendPage,
    SendPrivateNotice,
    SendUrgentAnnouncement,
    SetCommandMenu,
)
from bot.policy.groups import PERMISSIONS, REQUIRED_RIGHTS, ChatKind, ChatLook, Seat
from bot.policy.ids import ChatId, MessageId, UserId
from bot.policy.limits import Limits
from bot.policy.outcomes import LINK_GONE, NOT_A_MEMBER, Done, Lost, Refused
from bot.request import AiohttpRequest, FloodWait, GarbledAnswer, NotSent, ServerFault
from bot.sandbox import SandboxClock, Telegram
from bot.sandbox.errors import RefusedByTelegram
from bot.sandbox.server import Served, serve
from bot.school import timetable_of
from bot.sending.menus import Menus
from bot.sending.perform import (
    RIGHTS_NEEDED,
    Executor,
    Looked,
    Moved,
    Observer,
    RetryLater,
    Withheld,
    locked_permissions,
)
from bot.sending.posting import Posts
from bot.sending.refusals import answer_to, reason_of
from bot.sending.showing import Shows
from bot.wording.allowed import NOTHING_OWN
from config.school import SchoolConfig
from storage.engine import open_engine
from storage.tables import accounts, announcements, deliveries, group_chat_ids, groups

MONDAY = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
NOTHING_ALLOWED = dict.fromkeys(PERMISSIONS, False)


@dataclass
class School:
    """A supergroup of a teacher with a student, and the bot as its administrator."""

    telegram: Telegram
    executor: Executor
    teacher: int
    student: int
    group: int

    @property
    def chat(self) -> ChatId:
        return ChatId(self.group)

    async def perform(self, effect: Effect, chat_id: int | None = None) -> object:
        return await self.executor.perform(effect, self.group if chat_id is None else chat_id)

    def written(self, *texts: str, chat: int | None = None) -> tuple[MessageId, ...]:
        people, where = self.telegram.people, chat or self.group
        return tuple(MessageId(people.write(self.student, where, text)) for text in texts)

    def calls(self) -> list[str]:
        return [call.method for call in self.telegram.calls if call.method != "getMe"]

    def last(self, method: str) -> dict[str, Any]:
        return self.telegram.calls_of(method)[-1].params

    def seen(self) -> dict[str, Any]:
        return self.telegram.people.group_as_seen(self.group)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serve(Telegram(clock=SandboxClock(MONDAY, frozen=True))) as running:
        yield running


def executor_of(bot: Bot, engine: AsyncEngine) -> Executor:
    clock, timetable = Clock(), timetable_of(SchoolConfig())
    desk = Desk(
        engine=engine,
        bot=bot,
        clock=clock,
        school=SchoolWords(),
        limits=Limits(),
        timetable=timetable,
        allowed=NOTHING_OWN,
        hand_over=lambda _waiting: None,
    )
    posts = Posts(bot, engine, clock, timetable)
    return Executor(bot, Shows(bot, Pages(desk), clock), Menus(bot, engine, clock), posts)


@pytest.fixture
async def engine(database: Path) -> AsyncIterator[AsyncEngine]:
    opened = open_engine(f"sqlite+aiosqlite:///{database}")
    yield opened
    await opened.dispose()


async def announce(engine: AsyncEngine, chat: int) -> None:
    """An announcement that waits to go to a group."""
    row = {"class_groups": "", "hours": "3", "new_hours": "", "subject": "wiskunde", "room": ""}
    waits = {"announcement_id": 1, "group_id": 1, "message_id": 1}
    async with engine.begin() as connection:
        for statement in (
            insert(accounts).values(id=1, user_id=5, first_seen_at=MONDAY),
            insert(groups).values(
                id=1, state="managed", kind="supergroup", title="", first_seen_at=MONDAY
            ),
            insert(group_chat_ids).values(chat_id=chat, group_id=1, since=MONDAY, is_current=True),
            insert(announcements).values(
                id=1,
                author=1,
                state="sending",
                revision=1,
                kind="cancelled",
                note="",
                raised_because="",
                made_at=MONDAY,
                touched_at=MONDAY,
                **row,
            ),
            insert(deliveries).values(state=DeliveryState.PENDING.value, **waits),
        ):
            await connection.execute(statement)


@asynccontextmanager
async def bot_of(served: Served) -> AsyncIterator[Bot]:
    bot = Bot(
        served.telegram.token,
        base_url=served.base_url,
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
    )
    async with bot:
        yield bot


@pytest.fixture
async def school(served: Served, engine: AsyncEngine) -> AsyncIterator[School]:
    people = served.people
    teacher, student = people.create_user("Anna"), people.create_user("Bram")
    people.start_bot(teacher)
    group = people.create_group(teacher, "3H2 <b>&", [student])
    people.add_bot(teacher, group, list(REQUIRED_RIGHTS))
    await announce(engine, group)
    async with bot_of(served) as bot:
        yield School(served.telegram, executor_of(bot, engine), teacher, student, group)
    assert served.telegram.violations == []


def private(school: School, **changes: Any) -> SendPrivateNotice:
    return SendPrivateNotice(user=UserId(school.teacher), **{"key": "already-linked", **changes})


# --- notices ------------------------------------------------------------------------------------


async def test_private_notice_when_sent_then_names_the_group_without_its_markup(school):
    effect = private(school, key="group-ready", about=school.chat)

    outcome = await school.perform(effect, school.teacher)

    sent = school.last("sendMessage")
    assert sent["text"].startswith("<b>3H2 &lt;b&gt;&amp;</b>\nDe groep is klaar")
    assert (sent["parse_mode"], sent["protect_content"]) == ("HTML", False)
    assert sent["link_preview_options"] == {"is_disabled": True}
    assert "reply_markup" not in sent
    assert outcome == Done(message=school.telegram.calls_of("sendMessage")[-1].result["message_id"])


async def test_private_notice_when_the_text_needs_no_group_then_reads_none(school):
    await school.perform(private(school, about=school.chat), school.teacher)

    assert school.calls() == ["sendMessage"]


async def test_private_notice_when_the_bot_has_left_the_group_then_goes_without_its_title(school):
    school.telegram.people.remove_bot(school.teacher, school.group)

    await school.perform(
        private(school, key="group-resumed", about=school.chat, language=Language.ENGLISH),
        school.teacher,
    )

    assert school.last("sendMessage")["text"].startswith("<b>Your group</b>")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param("429", RetryLater(seconds=9, flood=True), id="flood"),
        pytest.param("500", RetryLater(seconds=5), id="server fault"),
        pytest.param("deliver_then_drop", RetryLater(seconds=1), id="lost while reading the title"),
    ],
)
async def test_private_notice_when_the_title_cannot_be_read_then_is_not_sent_yet(
    school, kind, expected
):
    school.telegram.faults.add("getChat", kind, retry_after=9)

    outcome = await school.perform(
        private(school, key="group-resumed", about=school.chat), school.teacher
    )

    assert outcome == expected
    assert school.telegram.calls_of("sendMessage") == []


async def test_group_picker_when_offered_then_only_lists_ones_own_private_groups(school):
    effect = private(
        school, key="new-group", values={"nonce": "Ab-_9"}, keyboard=Keyboard.PICK_GROUP
    )

    await school.perform(effect, school.teacher)

    sent = school.last("sendMessage")
    keyboard = sent["reply_markup"]
    request = keyboard["keyboard"][0][0]["request_chat"]
    user, own = request.pop("user_administrator_rights"), request.pop("bot_administrator_rights")
    assert keyboard["one_time_keyboard"] is True
    assert request == {
        "request_id": GROUP_REQUEST,
        "chat_is_channel": False,
        "chat_is_created": True,
        "chat_has_username": False,
    }
    assert {right for right, on in own.items() if on} == set(REQUIRED_RIGHTS)
    assert {right for right, on in own.items() if on} <= {right for right, on in user.items() if on}
    assert "startgroup=Ab-_9" in sent["text"]

    shared = school.telegram.people.press_request_chat(school.teacher, school.group)
    assert shared is not None


async def test_channel_picker_when_offered_then_the_bot_need_not_be_in_it(school):
    await school.perform(
        private(school, key="new-channel", keyboard=Keyboard.PICK_CHANNEL), school.teacher
    )

    request = school.last("sendMessage")["reply_markup"]["keyboard"][0][0]["request_chat"]
    assert request == {
        "request_id": CHANNEL_REQUEST,
        "chat_is_channel": True,
        "chat_is_created": True,
    }


async def test_confirm_button_when_pressed_then_carries_the_group(school):
    await school.perform(
        private(school, key="group-confirm", keyboard=Keyboard.CONFIRM_GROUP, about=school.chat),
        school.teacher,
    )

    (button,) = school.last("sendMessage")["reply_markup"]["inline_keyboard"][0]
    assert parse_data(button["callback_data"]) == Press(verb=Verb.CONFIRM_GROUP, chat=school.chat)
    assert button["text"] == "Ja, beheer deze groep"


async def test_keyboard_when_done_with_then_is_taken_away(school):
    await school.perform(
        private(school, key="group-being-checked", keyboard=Keyboard.REMOVE), school.teacher
    )

    assert school.last("sendMessage")["reply_markup"] == {"remove_keyboard": True}


async def test_group_notice_when_sent_then_is_protected_and_in_both_languages(school):
    effect = SendGroupNotice(chat=school.chat, key="house-rules", purpose=Purpose.HOUSE_RULES)

    outcome = await school.perform(effect)

    sent = school.last("sendMessage")
    dutch, english = sent["text"].split("\n\n<i>")
    assert dutch.startswith("<b>Berichten van onze school</b>")
    assert english.startswith("<b>Messages from our school</b>")
    assert sent["protect_content"] is True
    assert outcome == Done(message=school.telegram.calls_of("sendMessage")[-1].result["message_id"])


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        pytest.param("block", "blocked-by-user", id="blocked"),
        pytest.param("leave the world", "user-deactivated", id="deactivated"),
        pytest.param("never start", "never-started", id="never started"),
    ],
)
async def test_private_notice_when_the_account_cannot_be_reached_then_is_refused(
    school, what, reason
):
    people = school.telegram.people
    user = school.teacher
    if what == "block":
        people.block_bot(user)
    elif what == "leave the world":
        people.deactivate(user)
    else:
        user = school.student

    assert await school.perform(private(school), user) == Refused(reason=reason)


async def test_private_notice_when_the_account_is_unknown_then_never_started(school):
    assert await school.perform(private(school), 999_999_999) == Refused(reason="never-started")


async def test_group_notice_when_a_plain_member_in_a_locked_group_then_is_refused(school):
    people = school.telegram.people
    people.set_permissions(school.teacher, school.group, NOTHING_ALLOWED)
    people.demote(school.teacher, school.group, school.telegram.bot.id)

    effect = SendGroupNotice(chat=school.chat, key="group-refused", purpose=Purpose.REFUSAL)

    assert await school.perform(effect) == Refused(reason="not-enough-rights")


# --- measures in a group ------------------------------------------------------------------------


async def test_lock_when_performed_then_only_reactions_are_left(school):
    assert await school.perform(LockGroup(chat=school.chat)) == Done()

    sent = school.last("setChatPermissions")
    expected = {name: name == "can_react_to_messages" for name in PERMISSIONS}
    assert sent["permissions"] == expected
    assert sent["use_independent_chat_permissions"] is True
    look = await school.perform(InspectGroup(chat=school.chat, why="test"))
    assert isinstance(look, Looked)
    assert look.look.allowed == {"can_react_to_messages"}


def test_lock_when_built_then_names_all_sixteen_permissions():
    named = locked_permissions().to_dict()

    assert set(named) == set(PERMISSIONS)
    assert {name for name, on in named.items() if on} == {"can_react_to_messages"}


async def test_pin_when_performed_then_the_message_is_pinned_silently(school):
    sent = await school.perform(
        SendGroupNotice(chat=school.chat, key="house-rules", purpose=Purpose.HOUSE_RULES)
    )
    assert isinstance(sent, Done)
    assert sent.message is not None

    assert await school.perform(PinMessage(chat=school.chat, message=sent.message)) == Done()

    assert school.last("pinChatMessage")["disable_notification"] is True


async def test_pin_when_the_message_is_gone_then_is_refused(school):
    effect = PinMessage(chat=school.chat, message=MessageId(4711))

    assert await school.perform(effect) == Refused(reason="message-gone")


async def test_links_when_made_then_come_back(school):
    primary = await school.perform(ReplacePrimaryLink(chat=school.chat))
    joining = await school.perform(CreateJoinLink(chat=school.chat))

    assert isinstance(primary, Done)
    assert isinstance(joining, Done)
    assert primary.url == school.telegram.calls_of("exportChatInviteLink")[-1].result
    made = school.telegram.calls_of("createChatInviteLink")[-1].result
    assert (joining.url, made["creates_join_request"]) == (made["invite_link"], True)


async def test_join_link_when_revoked_then_lets_nobody_ask_and_a_second_time_is_no_trouble(school):
    made = await school.perform(CreateJoinLink(chat=school.chat))
    assert isinstance(made, Done)
    revoke = RevokeJoinLink(chat=school.chat, url=made.url or "")

    assert [await school.perform(revoke), await school.perform(revoke)] == [Done(), Done()]

    with pytest.raises(RefusedByTelegram):
        school.telegram.people.join(school.student, made.url)


async def test_join_link_when_it_is_not_known_to_telegram_then_is_said_to_be_gone(school):
    unknown = RevokeJoinLink(chat=school.chat, url="https://t.me/+Old")

    assert await school.perform(unknown) == Refused(reason=LINK_GONE)


async def test_sender_chat_when_banned_then_posts_no_more(school):
    people = school.telegram.people
    channel = people.create_channel(school.student, "Kanaal")

    effect = BanSenderChat(chat=school.chat, sender_chat=ChatId(channel))

    assert await school.perform(effect) == Done()
    assert school.last("banChatSenderChat")["sender_chat_id"] == channel


async def test_group_when_left_then_is_left_and_a_second_time_is_no_member(school):
    assert await school.perform(LeaveGroup(chat=school.chat)) == Done()
    assert await school.perform(LeaveGroup(chat=school.chat)) == Refused(reason=NOT_A_MEMBER)


@pytest.mark.parametrize("effect", sorted(set(EFFECTS) - set(get_args(PrivateEffect)), key=str))
async def test_effect_when_the_bot_was_removed_then_says_so(school, effect):
    school.telegram.people.remove_bot(school.teacher, school.group)

    outcome = await school.perform(example(effect, school.chat))

    if effect is InspectGroup:
        assert isinstance(outcome, Looked)
        assert outcome.look.is_member is False
    else:
        assert outcome == Refused(reason=NOT_A_MEMBER, count=2 if effect is DeleteMessages else 1)


# --- removing messages --------------------------------------------------------------------------


async def test_message_when_one_then_one_call_removes_it(school):
    messages = school.written("Hoi")

    assert await school.perform(DeleteMessages(chat=school.chat, messages=messages)) == Done()
    assert school.calls() == ["deleteMessage"]


async def test_messages_when_many_then_go_by_the_hundred(school):
    messages = school.written(*(f"{n}" for n in range(205)))

    assert await school.perform(DeleteMessages(chat=school.chat, messages=messages)) == Done()
    sizes = [len(call.params["message_ids"]) for call in school.telegram.calls_of("deleteMessages")]
    assert sizes == [100, 100, 5]


async def test_messages_when_some_are_too_old_then_the_rest_goes_and_they_are_counted(school):
    old = school.written("oud", "ouder")
    school.telegram.clock.advance(48 * 3600 + 1)
    young = school.written("nieuw", "nieuwer", "nieuwst")

    effect = DeleteMessages(chat=school.chat, messages=(young[0], *old, *young[1:]))
    outcome = await school.perform(effect)

    assert outcome == Refused(reason="cannot-be-deleted", count=2)
    history = school.telegram.people.history(school.group)
    left = [m["message_id"] for m in history["messages"] if m["deleted"] is None]
    assert set(old) <= set(left)
    assert not set(young) & set(left)


@pytest.mark.parametrize("count", [1, 2], ids=["one", "several"])
async def test_messages_when_gone_already_then_count_as_done(school, count):
    messages = school.written("a", "b")[:count]
    for message in messages:
        school.telegram.people.delete(school.teacher, school.group, message)

    assert await school.perform(DeleteMessages(chat=school.chat, messages=messages)) == Done()


async def test_messages_when_in_two_batches_some_are_too_old_then_all_of_them_are_counted(school):
    old = school.written("oud", "ouder")
    school.telegram.clock.advance(48 * 3600 + 1)
    young = school.written(*(f"{n}" for n in range(110)))

    effect = DeleteMessages(chat=school.chat, messages=(old[0], *young, old[1]))

    assert await school.perform(effect) == Refused(reason="cannot-be-deleted", count=2)


async def test_messages_when_one_of_a_refused_batch_is_gone_then_only_the_old_one_is_counted(
    school,
):
    (old,) = school.written("oud")
    school.telegram.clock.advance(48 * 3600 + 1)
    (gone,) = school.written("weg")
    school.telegram.people.delete(school.teacher, school.group, gone)

    outcome = await school.perform(DeleteMessages(chat=school.chat, messages=(old, gone)))

    assert outcome == Refused(reason="cannot-be-deleted", count=1)


async def test_messages_when_flooded_halfway_then_come_back_later(school):
    (old,) = school.written("oud")
    school.telegram.clock.advance(48 * 3600 + 1)
    young = school.written("nieuw", "nieuwer")
    school.telegram.faults.add("deleteMessage", "429", retry_after=3)

    effect = DeleteMessages(chat=school.chat, messages=(*young, old))

    assert await school.perform(effect) == RetryLater(seconds=3, flood=True)
    assert await school.perform(effect) == Refused(reason="cannot-be-deleted", count=1)


# --- looking ------------------------------------------------------------------------------------


async def test_look_when_at_a_managed_group_then_shows_what_telegram_shows(school):
    people = school.telegram.people
    other = people.create_user("Anders", username="anders_bot", is_bot=True)
    channel = people.create_channel(school.teacher, "Nieuws")
    people.join(other, chat=school.group, added_by=school.teacher)
    people.promote(school.teacher, school.group, other)
    people.promote(school.teacher, school.group, school.student, ["can_pin_messages"])
    people.set_anonymous(school.teacher, school.group, on=True)
    people.set_permissions(
        school.teacher, school.group, {**NOTHING_ALLOWED, "can_send_messages": True}
    )
    people.set_unrestrict_boosts(school.teacher, school.group, 2)
    people.link_channel(school.teacher, school.group, channel)

    looked = await school.perform(InspectGroup(chat=school.chat, why="test"))

    assert isinstance(looked, Looked)
    look = looked.look
    assert (look.chat, look.kind, look.title, look.username) == (
        school.chat,
        ChatKind.SUPERGROUP,
        "3H2 <b>&",
        None,
    )
    assert look.is_member
    assert look.allowed == {"can_send_messages"}
    assert set(look.seats) == {
        Seat(user=UserId(school.teacher), is_owner=True, is_anonymous=True),
        Seat(user=UserId(school.student)),
        Seat(user=UserId(other), is_bot=True),
    }
    assert set(REQUIRED_RIGHTS) <= look.own_rights
    assert (look.linked_channel, look.boosts_unrestrict) == (channel, 2)
    assert (look.is_forum, look.in_community) == (False, False)


async def test_look_when_the_bot_is_a_plain_member_then_it_has_no_rights(school):
    people = school.telegram.people
    people.demote(school.teacher, school.group, school.telegram.bot.id)

    looked = await school.perform(InspectGroup(chat=school.chat, why="test"))

    assert isinstance(looked, Looked)
    assert (looked.look.is_member, looked.look.own_rights) == (True, frozenset())
    assert looked.look.owner == Seat(user=UserId(school.teacher), is_owner=True)


async def test_look_when_restricted_but_present_then_is_a_member(school):
    people = school.telegram.people
    people.demote(school.teacher, school.group, school.telegram.bot.id, as_restricted=True)

    looked = await school.perform(InspectGroup(chat=school.chat, why="test"))

    assert isinstance(looked, Looked)
    assert (looked.look.is_member, looked.look.own_rights) == (True, frozenset())


@pytest.mark.parametrize(
    ("chat", "kind"),
    [
        pytest.param(-1009999999999, ChatKind.SUPERGROUP, id="supergroup"),
        pytest.param(-4711, ChatKind.GROUP, id="basic group"),
    ],
)
async def test_look_when_the_chat_is_not_found_then_the_bot_is_not_in_it(school, chat, kind):
    looked = await school.perform(InspectGroup(chat=ChatId(chat), why="test"), chat)

    assert looked == Looked(look=ChatLook(chat=ChatId(chat), kind=kind, is_member=False))


async def test_look_when_a_public_group_was_left_then_shows_it_as_not_a_member(school):
    people = school.telegram.people
    people.set_username(school.group, "klas3h2", user=school.teacher)
    people.remove_bot(school.teacher, school.group)

    looked = await school.perform(InspectGroup(chat=school.chat, why="test"))

    assert isinstance(looked, Looked)
    assert looked.look.is_member is False


async def test_effects_when_the_group_has_moved_then_say_where_to(school):
    people = school.telegram.people
    old = people.create_group(school.teacher, "Mentoruur", [school.student], kind="group")
    people.add_bot(school.teacher, old)
    people.promote(school.teacher, old, school.telegram.bot.id)
    new = people.upgrade(school.teacher, old)

    for effect in (
        LockGroup(chat=ChatId(old)),
        InspectGroup(chat=ChatId(old), why="test"),
        SendGroupNotice(chat=ChatId(old), key="house-rules", purpose=Purpose.HOUSE_RULES),
    ):
        assert await school.perform(effect, old) == Moved(new_chat=ChatId(new))
    looked = await school.perform(InspectGroup(chat=ChatId(old), why="test"), new)
    assert isinstance(looked, Looked)
    assert looked.look.chat == new


# --- when Telegram does not answer as it should -------------------------------------------------


def example(effect: type[Effect], chat: ChatId) -> Effect:
    one = MessageId(1)
    examples: dict[type[Effect], Effect] = {
        SendPrivateNotice: SendPrivateNotice(user=UserId(5), key="already-linked"),
        SendGroupNotice: SendGroupNotice(chat=chat, key="house-rules", purpose=Purpose.HOUSE_RULES),
        PinMessage: PinMessage(chat=chat, message=one),
        DeleteMessages: DeleteMessages(chat=chat, messages=(one, MessageId(2))),
        SendPage: SendPage(user=UserId(5), page=Page.LANGUAGE, language=Language.DUTCH),
        EditPage: EditPage(
            user=UserId(5), page=Page.LANGUAGE, language=Language.DUTCH, message=one
        ),
        SetCommandMenu: SetCommandMenu(user=UserId(5)),
        SendAnnouncement: SendAnnouncement(chat=chat, announcement=1),
        SendUrgentAnnouncement: SendUrgentAnnouncement(chat=chat, announcement=1),
        EditAnnouncement: EditAnnouncement(chat=chat, announcement=1, message=one),
        LockGroup: LockGroup(chat=chat),
        ReplacePrimaryLink: ReplacePrimaryLink(chat=chat),
        CreateJoinLink: CreateJoinLink(chat=chat),
        RevokeJoinLink: RevokeJoinLink(chat=chat, url="https://t.me/+Old"),
        BanSenderChat: BanSenderChat(chat=chat, sender_chat=ChatId(-1001)),
        ApproveJoinRequest: ApproveJoinRequest(chat=chat, user=UserId(5), reason="test"),
        DeclineJoinRequest: DeclineJoinRequest(chat=chat, user=UserId(5), reason="test"),
        RemoveMember: RemoveMember(chat=chat, user=UserId(5)),
        LeaveGroup: LeaveGroup(chat=chat),
        InspectGroup: InspectGroup(chat=chat, why="test"),
    }
    return examples[effect]


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param("429", RetryLater(seconds=7, flood=True), id="429"),
        pytest.param("500", RetryLater(seconds=5), id="500"),
        pytest.param("502", RetryLater(seconds=5), id="502"),
        pytest.param("401", RetryLater(seconds=60), id="401"),
        pytest.param("deliver_then_drop", None, id="answer lost"),
        pytest.param("drop", None, id="request lost"),
        pytest.param("garbage_json", None, id="garbled"),
    ],
)
async def test_effect_when_telegram_has_trouble_then_is_retried_only_if_harmless(
    school, effect, kind, expected
):
    school.telegram.faults.add("*", kind, retry_after=7)
    wanted = example(effect, school.chat)

    outcome = await school.perform(
        wanted, school.teacher if effect in get_args(PrivateEffect) else None
    )

    if expected is not None:
        assert outcome == expected
    elif wanted.repeatable:
        assert outcome == RetryLater(seconds=5)
    else:
        reason = "garbled-answer" if kind == "garbage_json" else "connection-lost"
        assert outcome == Lost(reason=reason)


async def test_effect_when_nothing_can_be_sent_then_is_always_retried(
    school, engine, unused_tcp_port
):
    bot = Bot(
        school.telegram.token,
        base_url=f"http://127.0.0.1:{unused_tcp_port}/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
    )
    await bot.request.initialize()
    executor = executor_of(bot, engine)

    effect = SendGroupNotice(chat=school.chat, key="house-rules", purpose=Purpose.HOUSE_RULES)
    with pytest.raises(RuntimeError, match="not properly initialized"):
        await executor.perform(effect, school.group)
    outcome = await executor.perform(LockGroup(chat=school.chat), school.group)
    await bot.request.shutdown()

    assert outcome == RetryLater(seconds=1)


ONCE = SendGroupNotice(chat=ChatId(-1), key="house-rules", purpose=Purpose.HOUSE_RULES)
AGAIN = LockGroup(chat=ChatId(-1))


@pytest.mark.parametrize(
    ("error", "once", "again"),
    [
        pytest.param(
            ChatMigrated(-1005),
            Moved(new_chat=ChatId(-1005)),
            Moved(new_chat=ChatId(-1005)),
            id="migrated",
        ),
        pytest.param(
            FloodWait(11),
            RetryLater(seconds=11, flood=True),
            RetryLater(seconds=11, flood=True),
            id="flood",
        ),
        pytest.param(NotSent("x"), RetryLater(seconds=1), RetryLater(seconds=1), id="not sent"),
        pytest.param(ServerFault("x"), RetryLater(seconds=5), RetryLater(seconds=5), id="5xx"),
        pytest.param(InvalidToken(), RetryLater(seconds=60), RetryLater(seconds=60), id="token"),
        pytest.param(TimedOut(), Lost(reason="timed-out"), RetryLater(seconds=5), id="timed out"),
        pytest.param(
            GarbledAnswer(), Lost(reason="garbled-answer"), RetryLater(seconds=5), id="garbled"
        ),
        pytest.param(
            NetworkError("x"), Lost(reason="connection-lost"), RetryLater(seconds=5), id="lost"
        ),
        pytest.param(
            Conflict("x"), Lost(reason="unforeseen-error"), RetryLater(seconds=5), id="unforeseen"
        ),
        pytest.param(
            BadRequest("Chat_not_modified"),
            Refused(reason="unknown: chat_not_modified"),
            Done(),
            id="locked already",
        ),
    ],
)
def test_error_when_telegram_gives_it_then_means_never_later_elsewhere_or_unknown(
    error, once, again
):
    assert answer_to(error, ONCE) == once
    assert answer_to(error, AGAIN) == again


# As Telegram's server writes them; python-telegram-bot makes the first letter a capital.
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), NOT_A_MEMBER),
        (Forbidden("Forbidden: bot is not a member of the channel chat"), NOT_A_MEMBER),
        (Forbidden("Forbidden: the group chat was deleted"), NOT_A_MEMBER),
        (BadRequest("Bad Request: chat not found"), NOT_A_MEMBER),
        (Forbidden("Forbidden: bot was blocked by the user"), "blocked-by-user"),
        (Forbidden("Forbidden: user is deactivated"), "user-deactivated"),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), "never-started"),
        (BadRequest("Bad Request: message can't be deleted"), "cannot-be-deleted"),
        (BadRequest("Bad Request: CHAT_ADMIN_REQUIRED"), "not-enough-rights"),
        (BadRequest("Bad Request: not enough rights to change chat permissions"),
         "not-enough-rights"),
        (BadRequest("Bad Request: user is an administrator of the chat"), "is-an-administrator"),
        (BadRequest("Bad Request: can't parse entities: Can't find end of 'b'"), "our-markup"),
        (BadRequest("Bad Request: SOMETHING_NEW"), "unknown: something_new"),
    ],
)  # fmt: skip
def test_reason_when_telegram_refuses_then_is_a_code_of_ours(error: TelegramError, reason):
    assert reason_of(error) == reason


def test_reason_when_unforeseen_then_holds_no_token_id_name_or_address():
    text = (
        'Bad Request: user "Kim de Vries" @kim_v 123456 of '
        "https://api.telegram.org/bot123:AAE-made-up-token_of-the-usual-length42 did it"
    )

    assert reason_of(BadRequest(text)) == "unknown: user # # # of # did it"
    assert len(reason_of(BadRequest("x" * 300))) == 80


# --- what belongs to every effect ---------------------------------------------------------------


def test_rights_when_listed_then_every_effect_is_there_and_none_beyond_ours():
    assert set(RIGHTS_NEEDED) == set(EFFECTS)
    assert {right for rights in RIGHTS_NEEDED.values() for right in rights} == set(REQUIRED_RIGHTS)


@pytest.mark.parametrize("effect", [effect for effect in EFFECTS if RIGHTS_NEEDED[effect]])
async def test_effect_when_its_right_is_missing_then_telegram_refuses_it(school, effect):
    people = school.telegram.people
    others = [right for right in REQUIRED_RIGHTS if right not in RIGHTS_NEEDED[effect]]
    people.promote(school.teacher, school.group, school.telegram.bot.id, others)
    allowed = {**NOTHING_ALLOWED, "can_send_messages": True}
    people.set_permissions(school.teacher, school.group, allowed)
    channel = people.create_channel(school.student, "Kanaal")
    messages = school.written("a", "b")
    wanted = {
        PinMessage: PinMessage(chat=school.chat, message=messages[0]),
        DeleteMessages: DeleteMessages(chat=school.chat, messages=messages),
        BanSenderChat: BanSenderChat(chat=school.chat, sender_chat=ChatId(channel)),
        RemoveMember: RemoveMember(chat=school.chat, user=UserId(school.student)),
    }.get(effect, example(effect, school.chat))

    outcome = await school.perform(wanted)

    assert isinstance(outcome, Refused)
    assert outcome.reason == (
        "cannot-be-deleted" if effect is DeleteMessages else "not-enough-rights"
    )


@pytest.mark.parametrize("effect", EFFECTS)
async def test_trial_when_on_then_looks_and_private_notices_go_out_and_nothing_else(school, effect):
    observer = Observer(school.executor)
    goes_out = effect in {InspectGroup, *get_args(PrivateEffect)}

    outcome = await observer.perform(
        example(effect, school.chat),
        school.teacher if effect in get_args(PrivateEffect) else school.group,
    )

    assert (outcome == Withheld()) is not goes_out
    assert bool(school.calls()) is goes_out
