"""Looking again, another join link, closing: who may, and what a second press does."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy import outcomes
from bot.policy.broadcast_groups.keeping import (
    CLOSED,
    NO_LINK,
    KeepFacts,
    judge_close,
    judge_look,
    judge_new_link,
    tag_of,
)
from bot.policy.changes import EndInviteLink, RememberInviteLink, SetGroupState
from bot.policy.decision import Decision
from bot.policy.effects import (
    CreateJoinLink,
    EditPage,
    InspectGroup,
    Language,
    LeaveGroup,
    Page,
    Purpose,
    RevokeJoinLink,
    SendGroupNotice,
    SendPage,
)
from bot.policy.events import CommandRefused, GroupClosed, JoinLinkEnded, JoinLinkRenewed
from bot.policy.groups import GroupState
from bot.policy.ids import MessageId, PersonId, UserId
from bot.policy.known import Contact
from bot.policy.outcomes import LINK_GONE, Done, OutcomeFacts, Refused
from bot.policy.pages import Asker
from bot.policy.people import Account, Duty, Person, Role
from bot.policy.rules import Rule
from tests.policy import always
from tests.policy.world import (
    AT,
    CHAT,
    COLLEAGUE,
    COLLEAGUE_SEAT,
    GUARDIAN,
    LEFT_SCHOOL,
    LIMITS,
    MANAGED,
    OWNER_SEAT,
    PENDING,
    STRANGER,
    STUDENT,
    STUDENT_SEAT,
    SUSPENDED,
    TEACHER,
)

HERE = MessageId(3)
LINK = "https://t.me/+abc"
ADMINISTRATOR = Account(
    user=UserId(105),
    person=Person(id=PersonId(105), role=Role.STAFF, duties=frozenset({Duty.ADMINISTRATOR})),
)
OURS = replace(MANAGED, seats=(OWNER_SEAT, COLLEAGUE_SEAT, STUDENT_SEAT))
CLOSED_GROUP = replace(OURS, state=GroupState.LEFT)


def asker(account=TEACHER, **changes):
    return Asker(account=account, contact=Contact(), language=Language.DUTCH, **changes)


def facts(account=TEACHER, group=OURS, **changes):
    more = {"links": (LINK,), "seen": tag_of(LINK), "replaces": HERE, **changes}
    return KeepFacts(at=AT, asker=asker(account), group=group, **more)


def page(which, *, about=CHAT, argument="", account=TEACHER):
    return EditPage(
        user=account.user,
        page=which,
        language=Language.DUTCH,
        message=HERE,
        about=about,
        argument=argument,
    )


WITHOUT_A_SEAT = [
    pytest.param(STUDENT, OURS, id="student with a seat"),
    pytest.param(STRANGER, OURS, id="stranger"),
    pytest.param(GUARDIAN, OURS, id="guardian"),
    pytest.param(COLLEAGUE, MANAGED, id="staff without a seat"),
    pytest.param(
        LEFT_SCHOOL,
        replace(OURS, seats=(replace(OWNER_SEAT, user=LEFT_SCHOOL.user),)),
        id="left school",
    ),
    pytest.param(TEACHER, None, id="a chat that is no group of ours"),
    pytest.param(TEACHER, PENDING, id="not ours yet"),
    pytest.param(COLLEAGUE, CLOSED_GROUP, id="a group that we left"),
]


@pytest.mark.parametrize("judge", [judge_look, judge_new_link, judge_close])
@pytest.mark.parametrize(("account", "group"), WITHOUT_A_SEAT)
def test_button_when_pressed_by_whom_it_is_not_for_then_only_recorded(judge, account, group):
    decision = judge(facts(account, group), LIMITS)

    assert decision.rule is Rule.COMMAND_REFUSED
    assert [type(event) for event in decision.events] == [CommandRefused]
    assert not any(isinstance(change, SetGroupState) for change in decision.changes)
    assert not any(
        isinstance(effect, LeaveGroup | CreateJoinLink | InspectGroup)
        for effect in decision.effects
    )


@pytest.mark.parametrize("judge", [judge_look, judge_new_link, judge_close])
def test_button_when_pressed_by_another_bot_then_nothing(judge):
    pressed = replace(facts(), asker=asker(is_bot=True))

    assert judge(pressed, LIMITS) == Decision(rule=Rule.BOOKKEEPING)


# --- looking again -----------------------------------------------------------------------------


@pytest.mark.parametrize("account", [TEACHER, COLLEAGUE], ids=["owner", "colleague"])
def test_look_when_asked_for_by_staff_with_a_seat_then_is_made_and_the_page_shown(account):
    assert judge_look(facts(account), LIMITS) == Decision(
        rule=Rule.COMMAND_ALLOWED,
        effects=(InspectGroup(chat=CHAT, why="asked"), page(Page.GROUP, account=account)),
    )


# --- another link ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("links", "seen"),
    [
        pytest.param((LINK,), tag_of(LINK), id="in the place of one"),
        pytest.param((LINK, "https://t.me/+older"), tag_of(LINK), id="another has not ended yet"),
        pytest.param((), NO_LINK, id="the first"),
    ],
)
def test_link_when_asked_for_then_is_made_and_recorded(links, seen):
    assert judge_new_link(facts(links=links, seen=seen), LIMITS) == Decision(
        rule=Rule.LINK_RENEWED,
        events=(JoinLinkRenewed(chat=CHAT, user=TEACHER.user),),
        effects=(CreateJoinLink(chat=CHAT, asked_by=TEACHER.user, language=Language.DUTCH),),
    )


@pytest.mark.parametrize(
    ("links", "seen"),
    [
        pytest.param((LINK,), tag_of("https://t.me/+before"), id="pressed twice"),
        pytest.param((LINK,), NO_LINK, id="made meanwhile"),
        pytest.param((), tag_of(LINK), id="ended meanwhile"),
        pytest.param((LINK,), "", id="forged"),
    ],
)
def test_link_when_the_button_is_about_another_then_none_is_made(links, seen):
    assert judge_new_link(facts(links=links, seen=seen), LIMITS) == Decision(
        rule=Rule.COMMAND_ALLOWED, effects=(page(Page.GROUP_LINK),)
    )


def test_tag_when_made_then_fits_a_button_and_tells_links_apart():
    assert len(tag_of(LINK)) == 12
    assert tag_of(LINK) != tag_of("https://t.me/+abd")
    assert tag_of(None) == NO_LINK


@pytest.mark.parametrize("asked_by", [None, TEACHER.user], ids=["at adoption", "asked for"])
def test_link_when_made_then_the_ones_before_it_end_and_whoever_asked_sees_it(asked_by):
    made = CreateJoinLink(chat=CHAT, asked_by=asked_by, language=Language.ENGLISH)
    new, older = "https://t.me/+new", "https://t.me/+older"
    ended = OutcomeFacts(at=AT, effect=made, outcome=Done(url=new), group=OURS, links=(LINK, older))
    shown = SendPage(user=TEACHER.user, page=Page.GROUP_LINK, language=Language.ENGLISH, about=CHAT)

    assert outcomes.judge(ended, LIMITS) == Decision(
        rule=Rule.EFFECT_DONE,
        changes=(RememberInviteLink(chat=CHAT, url=new, asks_approval=True),),
        effects=(
            RevokeJoinLink(chat=CHAT, url=LINK),
            RevokeJoinLink(chat=CHAT, url=older),
            *(() if asked_by is None else (shown,)),
        ),
    )


@pytest.mark.parametrize(
    "outcome", [Done(), Refused(reason=LINK_GONE)], ids=["by us", "before we asked"]
)
def test_link_when_it_has_ended_then_recorded(outcome):
    ended = OutcomeFacts(
        at=AT, effect=RevokeJoinLink(chat=CHAT, url=LINK), outcome=outcome, group=OURS
    )

    assert outcomes.judge(ended, LIMITS) == Decision(
        rule=Rule.EFFECT_DONE,
        events=(JoinLinkEnded(chat=CHAT),),
        changes=(EndInviteLink(chat=CHAT, url=LINK),),
    )


# --- closing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("account", "group", "as_owner"),
    [
        pytest.param(TEACHER, OURS, True, id="the owner"),
        pytest.param(TEACHER, SUSPENDED, True, id="the owner of a suspended one"),
        pytest.param(ADMINISTRATOR, OURS, False, id="an administrator of the school"),
    ],
)
def test_group_when_closed_then_says_so_and_is_left(account, group, as_owner):
    assert judge_close(facts(account, group), LIMITS) == Decision(
        rule=Rule.GROUP_CLOSED,
        events=(GroupClosed(chat=CHAT, user=account.user, as_owner=as_owner),),
        changes=(SetGroupState(chat=CHAT, state=GroupState.LEFT),),
        effects=(
            SendGroupNotice(chat=CHAT, key="group-closed", purpose=Purpose.ANSWER),
            LeaveGroup(chat=CHAT),
            page(Page.GROUPS, about=None, argument=CLOSED, account=account),
        ),
    )


def test_group_when_a_colleague_with_a_seat_closes_it_then_it_stays():
    decision = judge_close(facts(COLLEAGUE), LIMITS)

    assert decision.rule is Rule.COMMAND_REFUSED
    assert not any(isinstance(effect, LeaveGroup) for effect in decision.effects)


def test_group_when_closed_twice_then_the_second_time_the_list_is_shown():
    assert judge_close(facts(group=CLOSED_GROUP), LIMITS) == Decision(
        rule=Rule.COMMAND_ALLOWED, effects=(page(Page.GROUPS, about=None),)
    )


def test_group_when_a_former_owner_closes_it_then_it_stays():
    handed_over = replace(OURS, owner=COLLEAGUE.user)

    assert judge_close(facts(TEACHER, handed_over), LIMITS).rule is Rule.COMMAND_REFUSED


@given(
    facts=st.builds(
        KeepFacts,
        at=always.moments,
        asker=st.builds(
            Asker,
            account=always.accounts,
            contact=always.contacts,
            language=st.sampled_from([Language.DUTCH, Language.ENGLISH]),
            is_bot=st.booleans(),
        ),
        group=st.none() | always.groups,
        links=st.lists(always.words, max_size=2).map(tuple),
        seen=always.words,
        replaces=st.none() | always.messages,
    ),
    limits=always.limits,
)
def test_every_press_gets_one_answer(facts, limits):
    for judge in (judge_look, judge_new_link, judge_close):
        always.assert_always(facts, judge(facts, limits))
