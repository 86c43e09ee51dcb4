"""The catalogue: complete in both languages, within Telegram's limits, and safe from its values."""

import re
import string
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.messages import CATALOGUES, Html, text
from bot.messages.notices import Notice, label, rendered
from bot.messages.school import HelpLine, SchoolWords, Words
from bot.policy.effects import Language
from bot.policy.groups import REQUIRED_RIGHTS
from bot.policy.limits import Limits
from bot.policy.notices import NOTHING, NOTICES, Item
from bot.wording.findings import Kind

MOST_CHARACTERS = 4096
LONGEST_TITLE = 128
LANGUAGES = [Language.DUTCH, Language.ENGLISH]
EVERY_LANGUAGE = [*LANGUAGES, Language.BOTH]
SCHOOL_WORDS = {"school", "adviser", "adviser_contact", "mentor", "help_lines"}
# What the sender says by itself, without a decision that asks for it.
OWN_TEXTS: dict[str, frozenset[str]] = {"group-without-title": NOTHING, "toast-old": NOTHING}
TEXTS: dict[str, frozenset[str]] = {**NOTICES, **OWN_TEXTS}
EVERY_KEY = sorted({key for language in LANGUAGES for key in CATALOGUES[language]})
BUTTONS = [key for key in EVERY_KEY if key.startswith("button-")]
TOASTS = [key for key in EVERY_KEY if key.startswith("toast-")]
SPOKEN = [key for key in NOTICES if not key.startswith(("item-", "right-", "button-"))]

UNTIL = "2026-12-03T13:05:00+00:00"


def notice(key: str, language: Language = Language.DUTCH, **changes: str) -> Notice:
    values: dict[str, str | int] = {
        "items": " ".join(Item),
        "rights": " ".join(REQUIRED_RIGHTS),
        "until": UNTIL,
        "nonce": "n" * 64,
        "words": "w" * 20,
        "findings": " ".join(Kind),
    }
    return Notice(
        key=key,
        language=language,
        values={**values, **changes},
        bot="groepswacht_bot",
        group="3H2",
    )


def placeholders(forms: tuple[str, ...]) -> set[str]:
    parsed = (part for form in forms for part in string.Formatter().parse(form))
    return {name for _, name, _, _ in parsed if name is not None}


class Tags(HTMLParser):
    """What Telegram sees: the text, and whether its tags are allowed and closed in order."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"b", "i", "a", "code"}, tag
        assert tag not in self.open, f"{tag} within {tag}"
        self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_catalogue_when_read_then_has_the_same_keys_in_both_languages():
    assert set(CATALOGUES[Language.DUTCH]) == set(CATALOGUES[Language.ENGLISH])


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_when_read_then_has_every_key_that_decisions_may_ask_for(language):
    assert set(TEXTS) - set(CATALOGUES[language]) == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(TEXTS))
def test_text_when_read_then_has_the_placeholders_of_its_notice(key, language):
    found = placeholders(CATALOGUES[language][key])

    assert found - SCHOOL_WORDS == TEXTS[key]


@pytest.mark.parametrize("key", EVERY_KEY)
def test_text_when_in_two_languages_then_both_have_the_same_placeholders(key):
    dutch, english = (placeholders(CATALOGUES[language][key]) for language in LANGUAGES)

    assert dutch == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_files_when_read_then_every_entry_is_finished(language):
    read = []
    for file in files("bot.messages").joinpath(language.value).iterdir():
        with file.open("rb") as written:
            read += [entry for entry in read_po(written, abort_invalid=True) if entry.id]

    assert [entry.id for entry in read if entry.fuzzy or not entry.string] == []
    forms = [form for forms in CATALOGUES[language].values() for form in forms]
    assert [form for form in forms if not form or form != form.strip()] == []
    assert len({str(entry.id) for entry in read}) == len(read) == len(CATALOGUES[language])


def test_keys_when_in_the_catalogue_then_each_is_used_by_the_code():
    sources = [
        path.read_text()
        for path in Path(next(iter(bot.__path__))).rglob("*.py")
        if path.parts[-2:] != ("policy", "notices.py")
    ]
    written = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', "\n".join(sources)))
    # Keys with an ending for each kind of person, item or right are written as f"welcome-{…}".
    begun = tuple(re.findall(r'f"([a-z]+(?:-[a-z]+)*-)\{', "\n".join(sources)))

    unused = {key for key in EVERY_KEY if key not in written and not key.startswith(begun)}
    assert unused == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_when_it_counts_then_has_a_form_for_one_and_one_for_more(language):
    counting = {key for key, forms in CATALOGUES[language].items() if "n" in placeholders(forms)}

    assert {key for key in counting if len(CATALOGUES[language][key]) != 2} == set()


@pytest.mark.parametrize("language", EVERY_LANGUAGE)
@pytest.mark.parametrize("key", SPOKEN)
def test_notice_when_rendered_with_long_values_then_is_valid_and_short_enough(key, language):
    long = Words(
        school="&" * 100,
        adviser="<" * 100,
        adviser_contact=">" * 300,
        mentor="&" * 500,
        help_lines=tuple(HelpLine(name="n" * 100, contact="&" * 200) for _ in range(2)),
    )
    said = Tags(
        rendered(
            Notice(
                key=key,
                language=language,
                values=notice(key).values,
                bot="b" * 32,
                group="&" * LONGEST_TITLE,
            ),
            SchoolWords(dutch=long, english=long),
        )
    )

    assert said.open == []
    assert "{" not in said.text
    # Telegram counts after it has read the markup, in UTF-16.
    assert len(said.text.encode("utf-16-le")) // 2 <= MOST_CHARACTERS


@pytest.mark.parametrize("language", EVERY_LANGUAGE)
@given(title=st.text(min_size=1, max_size=40).filter(lambda title: "\r" not in title))
def test_title_when_it_holds_anything_then_reads_as_it_is(language, title):
    plain = rendered(
        Notice(key="group-resumed", language=language, values={}, bot="b", group=title),
        SchoolWords(),
    )
    said = Tags(plain)

    assert said.text.count(title) >= (2 if language is Language.BOTH else 1)
    assert said.open == []


def test_values_when_they_hold_markup_then_stay_text():
    said = text("group-resumed", Language.DUTCH, group='<a href="tg://user?id=1">{x}</a> & "')

    assert said.startswith(
        "<b>&lt;a href=&quot;tg://user?id=1&quot;&gt;{x}&lt;/a&gt; &amp; &quot;</b>\n"
    )


@pytest.mark.parametrize(
    ("key", "values"),
    [
        pytest.param("no-such-key", {}, id="unknown key"),
        pytest.param("group-resumed", {}, id="value missing"),
    ],
)
def test_text_when_key_or_value_is_missing_then_says_so(key, values):
    with pytest.raises(KeyError):
        text(key, Language.DUTCH, **values)


def test_items_when_listed_then_each_says_what_to_do_in_a_line_of_its_own():
    said = rendered(
        notice(
            "group-items",
            Language.ENGLISH,
            items="forum rights-missing",
            rights="can_pin_messages can_invite_users",
        ),
        SchoolWords(),
    )

    lines = said.split("\n")
    topics = "• The group has topics. In Edit group, switch Topics off."
    rights = "Pin messages, Invite users via link"
    assert [line for line in lines if line.startswith("• ")] == [
        topics,
        f"• I still need administrator rights. In my rights, switch on: {rights}.",
    ]
    assert lines[0] == "<b>3H2</b>"


def test_item_when_unknown_then_says_so():
    with pytest.raises(KeyError):
        rendered(notice("group-items", items="no-such-item"), SchoolWords())


@pytest.mark.parametrize(
    ("language", "until", "shown"),
    [
        pytest.param(Language.DUTCH, UNTIL, "donderdag 3 december, 14:05", id="winter"),
        pytest.param(
            Language.ENGLISH, "2026-07-01T22:30:00+00:00", "Thursday 2 July, 00:30", id="summer"
        ),
    ],
)
def test_moment_when_shown_then_is_on_the_schools_clock(language, until, shown):
    said = rendered(notice("group-suspended", language, until=until), SchoolWords())

    assert f" {shown} " in said or f" {shown}." in said


def test_notice_when_in_both_languages_then_is_dutch_first_and_english_in_italics():
    dutch, english = (rendered(notice("house-rules", each), SchoolWords()) for each in LANGUAGES)

    assert rendered(notice("house-rules", Language.BOTH), SchoolWords()) == (
        f"{dutch}\n\n<i>{english}</i>"
    )


def test_group_when_its_title_is_not_known_then_is_called_something():
    unnamed = Notice(key="group-resumed", language=Language.DUTCH, values={}, bot="b")

    assert rendered(unnamed, SchoolWords()).startswith("<b>Je groep</b>")


@pytest.mark.parametrize("language", EVERY_LANGUAGE)
@pytest.mark.parametrize("key", BUTTONS)
def test_label_when_on_a_button_then_is_short_and_plain(key, language):
    assert re.fullmatch(r"[\w ,/]{1,60}", label(key, language))
    assert not isinstance(label(key, Language.BOTH), Html)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", TOASTS)
def test_answer_to_a_press_when_given_then_is_plain_and_fits(key, language):
    said = text(key, language)

    # Bot API: answerCallbackQuery takes 200 characters, without markup.
    assert len(said) <= 200
    assert Tags(said).text == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_start_group_link_when_offered_then_asks_for_the_four_rights(language):
    said = Tags(rendered(notice("new-group", language, nonce="Ab-_9"), SchoolWords()))

    rights = "+".join(right.removeprefix("can_") for right in REQUIRED_RIGHTS)
    assert said.links == [f"https://t.me/groepswacht_bot?startgroup=Ab-_9&admin={rights}"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["kind-answer-student", "kind-answer-stranger"])
def test_kind_answer_when_given_then_names_the_right_ways(key, language):
    said = Tags(rendered(notice(key, language), SchoolWords())).text

    school = SchoolWords().of(language)
    for expected in (school.mentor, school.adviser, "113", "0800-0113", "0800-0432"):
        assert expected in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusal_when_said_in_a_group_then_tells_nothing_of_people(language):
    said = Tags(rendered(notice("group-refused", language), SchoolWords())).text.lower()

    told = ("medewerker", "leerling", "docent", "eigenaar", "beheer", "staff", "student", "teacher",
            "owner", "owns", "administrator", "pupil")  # fmt: skip
    assert [word for word in told if word in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", EVERY_KEY)
def test_text_when_read_then_is_calm(key, language):
    for form in CATALOGUES[language][key]:
        assert "!" not in form
        assert len(form.split()) <= 110


def test_deadlines_when_tunable_then_stand_in_no_text():
    hours = {str(int(Limits().nonce_valid.total_seconds() // 60)), "24 uur", "24 hours"}

    for language in LANGUAGES:
        said = " ".join(form for forms in CATALOGUES[language].values() for form in forms)
        assert [each for each in hours if each in said] == []


MOST_IN_A_MENU = 256  # Bot API: BotCommand.description


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [key for key in EVERY_KEY if key.startswith("menu-")])
def test_menu_entry_when_shown_then_is_plain_and_fits(key, language):
    (said,) = CATALOGUES[language][key]

    assert 1 <= len(said) <= MOST_IN_A_MENU
    assert Tags(said).text == said
    assert "\n" not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", EVERY_KEY)
def test_text_when_read_then_its_markup_is_whole_and_leaves_room_for_its_values(key, language):
    for form in CATALOGUES[language][key]:
        said = Tags(form)
        assert said.open == []
        # A page puts lists and names into its text: half of what Telegram takes is theirs.
        assert len(said.text.encode("utf-16-le")) // 2 <= MOST_CHARACTERS // 2
