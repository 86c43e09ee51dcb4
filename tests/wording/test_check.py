"""What is found and what is not, and that no text, however strange, hides or slows anything."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wording.allowed import Allowed
from bot.wording.check import check
from bot.wording.findings import ARTICLES, Kind, Severity, utf16_span
from bot.wording.links import Link
from bot.wording.names import Names
from tests.wording.school import ALLOWED, CLASS_GROUPS, STAFF, STUDENTS

LONGEST = 4096
NAMES = Names.of(
    STUDENTS, STAFF.values(), codes=STAFF, class_groups=[*STUDENTS.values(), *CLASS_GROUPS]
)


def kinds(text: str) -> set[Kind]:
    return {one.kind for one in check(text, names=NAMES, allowed=ALLOWED) if one.stops}


def marked(text: str, kind: Kind) -> list[str]:
    found = check(text, names=NAMES, allowed=ALLOWED)
    return [text[one.start : one.end] for one in found if one.kind is kind and one.stops]


# --- places -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "places"),
    [
        pytest.param(
            "Vandaag vrij: Sanne de Vries en Elif Kaya.",
            Kind.STUDENT_NAME,
            ["Sanne de Vries", "Elif Kaya"],
            id="names",
        ),
        pytest.param("Bel 06-12 34 56 78!", Kind.PHONE_NUMBER, ["06-12 34 56 78"], id="phone"),
        pytest.param("Şeyma  haalt 🎒 op", Kind.STUDENT_NAME, ["Şeyma"], id="emoji after"),
        pytest.param("🎉🎉 Łukasz wint", Kind.STUDENT_NAME, ["Łukasz"], id="emoji before"),
        pytest.param(
            "Za\u0308hl: S\u200ban\u200dne de Vries.",
            Kind.STUDENT_NAME,
            ["S\u200ban\u200dne de Vries"],
            id="zero width",
        ),
        pytest.param(
            "vraag a\u0336p\u0336p\u0336 m\u0336i\u0336j\u0336 maar",
            Kind.PRIVATE_CONTACT_INVITATION,
            ["a\u0336p\u0336p\u0336 m\u0336i\u0336j\u0336"],
            id="struck through",
        ),
        pytest.param(
            "mail: x.y@live.nl.", Kind.E_MAIL_ADDRESS, ["x.y@live.nl"], id="sentence ends"
        ),
    ],
)
def test_finding_when_found_then_marks_exactly_its_place(text, kind, places):
    assert marked(text, kind) == places


def test_finding_when_after_emoji_then_is_counted_as_telegram_counts():
    text = "🎉🎉 Łukasz wint"
    (one,) = check(text, names=NAMES)

    offset, length = utf16_span(text, one)

    assert (one.start, one.end) == (3, 9)
    assert (offset, length) == (5, 6)


def test_finding_when_made_then_names_the_article_of_its_kind():
    (one,) = check("Kijk op t.me/+AbCdEf12", names=NAMES)

    assert (one.kind, one.article) == (Kind.GROUP_INVITE, "B.6")
    assert set(ARTICLES) == set(Kind)


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Meneer Bakker neemt het over.", id="form of address"),
        pytest.param("Peter Bakker neemt het over.", id="teacher's full name"),
        pytest.param("BAK afwezig, u3 vervalt.", id="short name in the timetable"),
        pytest.param("Vervanging door Sanne Willemsen.", id="first name of a student, a stranger"),
        pytest.param("Op 12 mei en 3 juni geen les.", id="months"),
        pytest.param("May I see the June timetable?", id="English months"),
        pytest.param("Wil iedereen zachtjes doen?", id="verb"),
        pytest.param("Will 4H2 come in?", id="English verb before a class"),
        pytest.param("De roos en de bloem voor handvaardigheid.", id="flowers"),
        pytest.param("Code rood: storm.", id="weather"),
        pytest.param("We lezen Anne Frank.", id="known person"),
    ],
)
def test_name_when_it_is_no_students_then_is_let_through(text):
    assert Kind.STUDENT_NAME not in kinds(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("Kaya, Elif komt later", "Kaya, Elif", id="surname first"),
        pytest.param("Kaat de Wit is er", "Kaat de Wit", id="nickname"),
        pytest.param("Roos (3V1) komt later", "Roos", id="ordinary word with a class"),
        pytest.param("leerling Wil is er niet", "Wil", id="ordinary word after a role"),
        pytest.param("Bram Jansen (4H2) komt", "Bram Jansen", id="another surname, in a class"),
        pytest.param("Jayden K. komt later", "Jayden K", id="initial"),
        pytest.param("Thijs Jansen-de Groot komt", "Thijs Jansen-de Groot", id="double surname"),
        pytest.param("SANNE DE VRIES BLIJFT", "SANNE DE VRIES", id="capitals"),
        pytest.param("sanne de vries blijft", "sanne de vries", id="small letters"),
        pytest.param("S A N N E moet komen", "S A N N E", id="spelt out"),
        pytest.param("Nguyen Thi Anh komt", "Nguyen Thi Anh", id="without accents"),
    ],
)
def test_name_when_it_is_a_students_then_is_found(text, name):
    assert marked(text, Kind.STUDENT_NAME) == [name]


def test_name_when_ordinary_and_alone_then_is_a_hint_at_most():
    found = check("We zien Roos vandaag.", names=NAMES)

    assert [(one.kind, one.severity) for one in found] == [(Kind.STUDENT_NAME, Severity.HINT)]


def test_name_when_a_student_is_called_like_a_teacher_then_the_class_decides():
    both = Names.of(["Jan Jansen"], ["Jan Jansen"])

    assert check("Jan Jansen geeft les", names=both) == ()
    assert [one.stops for one in check("Jan Jansen (4H2) blijft", names=both)] == [True]


# --- phone numbers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        "0612345678",
        "06-12 34 56 78",
        "06 – 1234 5678",
        "+31 (0)6 12345678",
        "0031 6 12345678",
        "06\n1234\n5678",
        "06.12.34.56.78",
        "nul zes twaalf vierendertig zesenvijftig achtenzeventig",
        "zero six one two three four five six seven eight",
        "0️⃣6️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
        "٠٦١٢٣٤٥٦٧٨",
        "o6 l2345678",
        "+32 470 12 34 56",
        "0470 12 34 56",
        "+49 171 2345678",
        "0182-543210",
    ],
)
def test_phone_number_when_written_in_any_way_then_is_found(number):
    assert kinds(f"vraag: {number}") == {Kind.PHONE_NUMBER}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("lokaal 0.14, 0.15, 1.06 of B 1.06", id="rooms"),
        pytest.param("08:30, 09:10, 09:50, 10:50, 11:30", id="times"),
        pytest.param("06-12-2026 10:30 uur en 07-01-2027", id="dates"),
        pytest.param("les 1 8.30-9.10, les 2 9.10-9.50", id="lesson hours"),
        pytest.param("kandidaatnummer 0612345678", id="exam number"),
        pytest.param("ISBN 9789006123456", id="book"),
        pytest.param("lescode 4h2wi3, meetcode 812 3456 7890", id="codes"),
        pytest.param("€ 06,50 of € 245,00, korting 15%", id="prices"),
        pytest.param("opgaven 01 02 03 04 05 06 07 08 09 10", id="exercises"),
        pytest.param("bel 112 of 0800-0432", id="services"),
        pytest.param("bel 0182-512345 of +31 182 512 345", id="the school's own"),
        pytest.param("blz 112-119, 4 t/m 12, 2805 ZZ", id="pages and the school's postcode"),
        pytest.param("een, twee, drie en vier zijn gewone uren", id="words"),
    ],
)
def test_number_when_it_is_no_phone_number_then_is_let_through(text):
    assert kinds(text) == set()


# --- the school's own ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("bel 0182-512345", Kind.PHONE_NUMBER, id="number"),
        pytest.param("mail balie@meander.example", Kind.E_MAIL_ADDRESS, id="domain"),
        pytest.param("mail x@mail.meander.example", Kind.E_MAIL_ADDRESS, id="below the domain"),
        pytest.param("naar NL91 ABNA 0417 1643 00", Kind.IBAN, id="iban"),
        pytest.param("kom naar Leerlaan 5", Kind.HOME_ADDRESS, id="address"),
        pytest.param("volg @meandercollege", Kind.PERSONAL_LINK, id="account"),
        pytest.param("zie t.me/meander_bot", Kind.PERSONAL_LINK, id="link"),
    ],
)
def test_what_is_the_schools_own_when_named_then_is_let_through_and_else_stops(text, kind):
    assert kinds(text) == set()
    assert kind in {one.kind for one in check(text, names=NAMES, allowed=Allowed()) if one.stops}


def test_domain_when_it_only_ends_alike_then_stops():
    assert kinds("mail x@notmeander.example") == {Kind.E_MAIL_ADDRESS}


def test_own_number_when_it_is_none_then_is_refused():
    with pytest.raises(ValueError, match="no phone number"):
        check("", names=NAMES, allowed=Allowed(phone_numbers=frozenset({"receptie"})))


# --- invitations --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "app me",
        "a p p  m i j",
        "a p p m i j",
        "a.p.p. m.i.j.",
        "4pp m3",
        "аpp mе",
        "🅰🅿🅿 🅼🅸🅹",
        "ａｐｐ ｍｉｊ",
        "\u202ejim ppa\u202c",
        "A\u0301P\u0302P M\u0303E",
        "appp meee",
        "stuur een dm",
        "hit me up",
    ],
)
def test_invitation_when_spelt_in_any_way_then_is_found(text):
    assert Kind.PRIVATE_CONTACT_INVITATION in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Stuur docenten geen appjes.", id="forbidden"),
        pytest.param("App me niet.", id="refused"),
        pytest.param("Please do not text me.", id="refused in English"),
        pytest.param("Stuur mij een bericht via Magister.", id="the school's channel"),
        pytest.param("Bel gerust de administratie.", id="the school office"),
        pytest.param("The meeting is at 3 pm for all.", id="time of day"),
        pytest.param("De app mij uitgelegd: kijk in Magister.", id="noun"),
    ],
)
def test_invitation_when_it_is_none_then_does_not_stop(text):
    assert Kind.PRIVATE_CONTACT_INVITATION not in kinds(text)


# --- health, links, media -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        pytest.param("Mevrouw Bos is ziek.", True, id="a teacher"),
        pytest.param("Geen gym van Tom Peters. Hij is ziek.", True, id="in the next sentence"),
        pytest.param("Dhr. Blom heeft griep.", True, id="after an abbreviation"),
        pytest.param("Wegens ziekte vervalt Frans.", False, id="nobody"),
        pytest.param("Ben je ziek? Meld het bij mevrouw Bos.", False, id="the reader"),
        pytest.param("Mevrouw Bos vertelt over depressie.", False, id="a lesson"),
        pytest.param("De docent is ziek.", False, id="a role is a hint"),
    ],
)
def test_health_when_near_a_person_then_stops_and_else_not(text, stops):
    assert (Kind.HEALTH_NEAR_PERSON in kinds(text)) is stops


def test_link_when_hidden_under_words_then_is_found_where_the_words_are():
    text = "Klik hier"
    link = Link(url="https://chat.whatsapp.com/AbC", start=5, end=9)

    (one,) = check(text, names=NAMES, hidden_links=[link])

    assert (one.kind, text[one.start : one.end]) == (Kind.GROUP_INVITE, "hier")


@pytest.mark.parametrize(
    ("consent", "found"), [(False, [Kind.MEDIA_WITHOUT_CONSENT]), (True, [])], ids=["no", "yes"]
)
def test_media_when_it_goes_along_then_needs_confirmed_consent(consent, found):
    findings = check("Poster", names=NAMES, has_media=True, consent=consent)

    assert [one.kind for one in findings] == found


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        pytest.param("Verzamelen bij sporthal De Waag, Sportlaan 3.", False, id="public place"),
        pytest.param("We zijn bij mij thuis, Sportlaan 3.", True, id="home"),
        pytest.param("Sportveld 3, zaal 2, weg 3 uur", False, id="no street"),
    ],
)
def test_address_when_it_is_a_home_then_stops_and_else_not(text, stops):
    assert (Kind.HOME_ADDRESS in kinds(text)) is stops


# --- any text at all ----------------------------------------------------------------------------

SIGNS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\u202e\u202c\u200b\u0301\ufe0f\u20e3🅰👩‍🏫<>&@./+(0)6 \n'"),
    ),
    max_size=200,
)


@settings(max_examples=300, deadline=None)
@given(SIGNS)
def test_check_when_given_any_text_then_findings_lie_within_it(text):
    for one in check(text, names=NAMES, allowed=ALLOWED):
        assert 0 <= one.start < one.end <= len(text)
        utf16_span(text, one)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from("\u200b\u200d\u0301\u0336\ufe0f\u2060\u00ad"), st.integers(0, 20))
def test_check_when_signs_that_do_not_show_are_strewn_in_then_finds_the_same(sign, start):
    text = "App me, bel 0612345678 of vraag Sanne de Vries."
    strewn = "".join(letter + (sign if place >= start else "") for place, letter in enumerate(text))

    assert kinds(strewn) == kinds(text)


class _Work:
    """Counts the lines of Python that run in the check: work, whatever the clock says."""

    def __init__(self) -> None:
        self.lines = 0

    def _trace(self, frame, event, _argument):
        if "wording" not in frame.f_code.co_filename:
            return None
        self.lines += event == "line"
        return self._trace

    def of(self, text: str) -> int:
        self.lines = 0
        before = sys.gettrace()
        sys.settrace(self._trace)
        try:
            check(text, names=NAMES, allowed=ALLOWED)
        finally:
            sys.settrace(before)
        return self.lines


REPEATED = [
    "a", "0", "@", ".", "'", "/", "06 ", "a ", "a.", "nul ", "nl02", "x@", "@x.", "app ", "me ",
    "Jan ", "de ", "straat ", "t.me/", "\u0301", "\u202e", "!", "4", "Sanne de ", "S.", "d v ",
    "A, ", "12 ", "+31 ", "ziek ", "je ", "ş", "1e",
]  # fmt: skip


@pytest.mark.parametrize("unit", REPEATED)
def test_check_when_the_text_is_four_times_as_long_then_the_work_is_no_more_than_five_times(unit):
    short, long = (unit * LONGEST)[:200], (unit * LONGEST)[:800]
    work = _Work()
    work.of(short)  # what is remembered between texts is remembered now
    work.of(long)

    assert work.of(long) <= 5 * work.of(short) + 500


@pytest.mark.parametrize("unit", REPEATED)
def test_check_when_one_thing_fills_the_whole_text_then_ends(unit):
    check((unit * LONGEST)[:LONGEST], names=NAMES, allowed=ALLOWED)
