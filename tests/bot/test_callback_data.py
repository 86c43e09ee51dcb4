"""The payloads of buttons: what was written comes back, and everything else means nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.callback_data import (
    MOST_BYTES,
    Press,
    Verb,
    format_data,
    opened,
    opens,
    parse_data,
)
from bot.policy.effects import Page
from bot.policy.ids import ChatId

CHATS = st.integers(-(2**63) + 1, 2**63 - 1).filter(bool)


@given(chat=CHATS)
def test_payload_when_formatted_then_parses_to_the_same_within_64_bytes(chat):
    data = Press(verb=Verb.CONFIRM_GROUP, chat=ChatId(chat))
    payload = format_data(data)

    assert len(payload.encode()) <= MOST_BYTES
    assert parse_data(payload) == data


def test_payload_when_on_old_messages_then_keeps_its_form():
    assert (
        format_data(Press(verb=Verb.CONFIRM_GROUP, chat=ChatId(-1001234567890)))
        == "v1:group:-1001234567890"
    )


@given(
    page=st.sampled_from(list(Page)),
    chat=CHATS | st.none(),
    argument=st.from_regex(
        r"[\w.:~-]{0,12}", fullmatch=True, alphabet=st.characters(codec="ascii")
    ),
)
def test_page_when_on_a_button_then_opens_with_its_argument(page, chat, argument):
    press = opens(page, None if chat is None else ChatId(chat), argument)

    found = parse_data(format_data(press))
    assert found == press
    assert opened(press) == (page, argument)
    assert press.chat == chat


def test_page_when_it_is_no_more_then_opens_nothing():
    assert opened(Press(verb=Verb.OPEN, argument="no-such-page:1")) is None


@pytest.mark.parametrize(
    "argument",
    [
        pytest.param("a b", id="space"),
        pytest.param("é", id="not ascii"),
        pytest.param("x" * 60, id="too long"),
    ],
)
def test_payload_when_it_could_not_be_read_back_then_is_refused(argument):
    with pytest.raises(ValueError, match="cannot carry"):
        format_data(Press(verb=Verb.OPEN, argument=argument))


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param("v2:group:-1001", id="later version"),
        pytest.param("v1:grOup:-1001", id="unknown kind"),
        pytest.param("v1:group", id="without a chat"),
        pytest.param("v1:group:", id="empty chat"),
        pytest.param("v1:group:0", id="no such chat"),
        pytest.param("v1:group:-0123", id="leading zero"),
        pytest.param("v1:group:+12", id="plus sign"),
        pytest.param("v1:group: 12", id="space"),
        pytest.param("v1:group:12\n", id="line break"),
        pytest.param("v1:group:٣", id="digits of another script"),
        pytest.param("v1:group:9223372036854775808", id="over 64 bits"),
        pytest.param("v1:group:1:2", id="something more"),
        pytest.param("", id="nothing"),
    ],
)
def test_payload_when_not_one_of_ours_then_means_nothing(payload):
    assert parse_data(payload) is None


@given(payload=st.text(max_size=64))
def test_payload_when_anything_then_never_raises_and_only_our_own_form_parses(payload):
    data = parse_data(payload)

    assert data is None or format_data(data) == payload
