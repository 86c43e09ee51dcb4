from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.accounts.own_data import AskFacts, StopFacts, judge_ask, judge_stop, mark_of, unlink
from bot.policy.changes import AskForData, UnlinkAccount
from bot.policy.decision import Decision
from bot.policy.effects import (
    EditPage,
    Language,
    Page,
    SendPage,
    SendPrivateNotice,
    SetCommandMenu,
)
from bot.policy.events import AccountUnlinked, DataAsked
from bot.policy.ids import MessageId
from bot.policy.known import Contact, OwnData
from bot.policy.pages import Asker
from bot.policy.people import DataRequest, UnlinkReason
from bot.policy.rules import Rule
from tests.policy import always
from tests.policy.world import (
    AT,
    COLLEAGUE,
    EARLIER,
    GUARDIAN,
    LEFT_SCHOOL,
    LIMITS,
    STRANGER,
    STUDENT,
    TEACHER,
    any_of_them,
)

MESSAGE = MessageId(7)
LINKED = OwnData(linked_at=EARLIER)


def asker(account=STUDENT, **changes):
    return Asker(account=account, contact=Contact(), **{"language": Language.DUTCH, **changes})


def stops(account=STUDENT, own=LINKED, link=None, **changes):
    return StopFacts(
        at=AT,
        asker=asker(account, **changes),
        own=own,
        link=mark_of(own.linked_at) if link is None else link,
        replaces=MESSAGE,
    )


def asks(account=STUDENT, kind="erasure", own=LINKED, **changes):
    return AskFacts(at=AT, asker=asker(account, **changes), own=own, kind=kind, replaces=MESSAGE)


def page(name, account=STUDENT):
    return EditPage(user=account.user, page=name, language=Language.DUTCH, message=MESSAGE)


# --- stopping ----------------------------------------------------------------------------------


@pytest.mark.parametrize("account", [STUDENT, GUARDIAN, TEACHER, LEFT_SCHOOL])
def test_stop_when_linked_then_unlinked_at_once_and_the_menu_is_a_strangers(account):
    assert judge_stop(stops(account), LIMITS) == Decision(
        rule=Rule.UNLINKED,
        events=(
            AccountUnlinked(
                user=account.user, person=account.person.id, why=UnlinkReason.STOP, by=None
            ),
        ),
        changes=(UnlinkAccount(user=account.user, why=UnlinkReason.STOP),),
        effects=(page(Page.STOP, account), SetCommandMenu(user=account.user)),
    )


def test_stop_when_linked_to_nobody_then_forgotten_and_nothing_is_written_down():
    decision = judge_stop(stops(STRANGER, OwnData()), LIMITS)

    assert decision.rule is Rule.UNLINKED
    assert decision.events == ()
    assert decision.changes == (UnlinkAccount(user=STRANGER.user, why=UnlinkReason.STOP),)


@pytest.mark.parametrize(
    "own",
    [
        pytest.param(replace(LINKED, owns=1), id="owns a group"),
        pytest.param(replace(LINKED, last_administrator=True), id="the last administrator"),
    ],
)
def test_stop_when_something_is_to_be_handed_over_then_nothing_happens(own):
    assert judge_stop(stops(TEACHER, own), LIMITS) == Decision(
        rule=Rule.STOP_WAITS, effects=(page(Page.STOP, TEACHER),)
    )


@pytest.mark.parametrize(
    "link",
    [
        pytest.param(mark_of(EARLIER - timedelta(days=1)), id="an earlier link"),
        pytest.param(mark_of(None), id="before it was linked"),
        pytest.param("", id="nothing"),
        pytest.param("ffffffffffff", id="a made up one"),
    ],
)
def test_stop_when_the_button_is_of_another_link_then_only_shows_how_things_stand(link):
    assert judge_stop(stops(link=link), LIMITS) == Decision(
        rule=Rule.COMMAND_ALLOWED, effects=(page(Page.STOP),)
    )


@pytest.mark.parametrize(
    "judged", [judge_stop(stops(is_bot=True), LIMITS), judge_ask(asks(is_bot=True), LIMITS)]
)
def test_wish_when_of_another_bot_then_nothing_at_all(judged):
    assert judged == Decision(rule=Rule.BOOKKEEPING)


def test_mark_when_linked_again_then_is_another():
    marks = {mark_of(None), mark_of(EARLIER), mark_of(EARLIER + timedelta(milliseconds=1))}

    assert len(marks) == 3


def test_link_when_ended_by_an_administrator_then_it_is_written_down_who_did():
    ended = unlink(STUDENT, UnlinkReason.REVOKED, by=TEACHER.user)

    assert [(event.why, event.by) for event in any_of_them(ended.events)] == [
        (UnlinkReason.REVOKED, TEACHER.user)
    ]
    assert ended.changes == (UnlinkAccount(user=STUDENT.user, why=UnlinkReason.REVOKED),)
    assert ended.effects == (SetCommandMenu(user=STUDENT.user),)


# --- asking ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(DataRequest))
@pytest.mark.parametrize("account", [STUDENT, GUARDIAN, TEACHER, STRANGER])
def test_request_when_new_then_recorded_with_a_receipt_and_administrators_hear_of_it(account, kind):
    own = replace(LINKED, administrators=(COLLEAGUE,))

    assert judge_ask(asks(account, kind.value, own), LIMITS) == Decision(
        rule=Rule.DATA_ASKED,
        events=(DataAsked(user=account.user, kind=kind),),
        changes=(AskForData(user=account.user, kind=kind),),
        effects=(
            SendPrivateNotice(user=account.user, key=f"data-asked-{kind}"),
            page(Page.MY_DATA, account),
            SendPage(user=COLLEAGUE.user, page=Page.DATA_ASKED, language=Language.ENGLISH),
        ),
    )


def test_request_when_one_of_the_kind_is_open_then_is_not_recorded_again():
    own = replace(LINKED, open_requests=frozenset({DataRequest.ERASURE}))

    assert judge_ask(asks(own=own), LIMITS) == Decision(
        rule=Rule.COMMAND_ALLOWED, effects=(page(Page.MY_DATA),)
    )
    assert judge_ask(asks(kind="correction", own=own), LIMITS).rule is Rule.DATA_ASKED


@pytest.mark.parametrize("kind", ["", "everything", "ERASURE", "erasure:5"])
def test_request_when_of_no_known_kind_then_nothing(kind):
    assert judge_ask(asks(kind=kind), LIMITS) == Decision(rule=Rule.BOOKKEEPING)


askers = st.builds(
    Asker,
    account=always.accounts,
    contact=always.contacts,
    language=st.sampled_from([Language.DUTCH, Language.ENGLISH]),
    is_bot=st.booleans(),
)
own_data = st.builds(
    OwnData,
    linked_at=st.none() | always.moments,
    owns=st.integers(0, 3),
    last_administrator=st.booleans(),
    open_requests=st.frozensets(st.sampled_from(DataRequest)),
    administrators=st.lists(always.accounts, max_size=2).map(tuple),
)


@given(
    facts=st.builds(
        StopFacts,
        at=always.moments,
        asker=askers,
        own=own_data,
        link=st.just(mark_of(None)) | always.words,
        replaces=st.none() | always.messages,
    ),
    limits=always.limits,
)
def test_stop_always_concerns_whoever_presses_alone(facts, limits):
    decision = judge_stop(facts, limits)

    always.assert_always(facts, decision)
    touched = {part.user for part in any_of_them((*decision.changes, *decision.effects))}
    assert touched <= {facts.asker.account.user}
    if facts.own.owns or facts.own.last_administrator:
        assert decision.changes == ()


@given(
    facts=st.builds(
        AskFacts,
        at=always.moments,
        asker=askers,
        own=own_data,
        kind=st.sampled_from([*DataRequest]) | always.words,
        replaces=st.none() | always.messages,
    ),
    limits=always.limits,
)
def test_request_always_is_the_askers_own_and_never_twice(facts, limits):
    decision = judge_ask(facts, limits)

    always.assert_always(facts, decision)
    assert {change.user for change in any_of_them(decision.changes)} <= {facts.asker.account.user}
    assert {
        change.kind for change in any_of_them(decision.changes)
    } & facts.own.open_requests == set()
