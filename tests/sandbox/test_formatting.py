"""HTML to entities in UTF-16 units, and what is found in plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import BotApiError
from bot.sandbox.formatting import find_entities, formatted, parse_html, utf16_length


def entity(kind, offset, length, **more):
    return {"type": kind, **more, "offset": offset, "length": length}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        pytest.param("<b>a</b>", "a", [entity("bold", 0, 1)], id="bold"),
        pytest.param("🙂<i>x</i>", "🙂x", [entity("italic", 2, 1)], id="an emoji is two units"),
        pytest.param("a &lt;b&gt; &amp; &quot;", 'a <b> & "', [], id="escapes"),
        pytest.param(
            "<b>x<i>y</i></b>", "xy", [entity("bold", 0, 2), entity("italic", 1, 1)], id="nested"
        ),
        pytest.param(
            '<a href="https://t.me/x">hier</a>',
            "hier",
            [entity("text_link", 0, 4, url="https://t.me/x")],
            id="link",
        ),
        pytest.param(
            '<pre><code class="language-py">x</code></pre>',
            "x",
            [entity("pre", 0, 1, language="py")],
            id="code with a language",
        ),
        pytest.param("<b></b>x", "x", [], id="empty"),
        pytest.param("a & b", "a & b", [], id="a lone ampersand"),
    ],
)
def test_html_when_valid_then_parsed(source, text, entities):
    assert parse_html(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        pytest.param("<b>x", 'Can\'t find end tag corresponding to start tag "b"', id="open"),
        pytest.param("<x>y</x>", 'Unsupported start tag "x" at byte offset 0', id="unknown"),
        pytest.param("é<x>", 'Unsupported start tag "x" at byte offset 2', id="bytes count"),
        pytest.param("x</b>", "Unexpected end tag at byte offset 1", id="end only"),
        pytest.param(
            "<b>x</i>",
            'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
            id="crossed",
        ),
        pytest.param("3 < 4", "Unclosed start tag at byte offset 2", id="a lone less-than"),
    ],
)
def test_html_when_wrong_then_refused_with_the_place(source, reason):
    with pytest.raises(BotApiError) as caught:
        parse_html(source)

    assert caught.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("app me @anna_devries", ["mention"], id="mention"),
        pytest.param("/start code", ["bot_command"], id="command"),
        pytest.param("bel +31 6 12345678", ["phone_number"], id="number"),
        pytest.param("bel 06 12345678", [], id="a national number is text"),
        pytest.param("zie https://wa.me/316 nu", ["url"], id="url"),
        pytest.param("zie t.me/groep.", ["url"], id="bare address"),
        pytest.param("mail a@b.nl", ["email"], id="e-mail"),
        pytest.param("lokaal B.12, 3/4", [], id="a timetable"),
    ],
)
def test_plain_text_when_searched_then_found(text, kinds):
    assert [e["type"] for e in find_entities(text)] == kinds


@given(st.text())
def test_text_when_formatted_then_entities_lie_inside_it(text):
    plain, entities = formatted(text, [entity("bold", 0, max(utf16_length(text), 1))])

    total = utf16_length(plain)
    assert all(0 <= e["offset"] < e["offset"] + e["length"] <= total for e in entities)
