import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.accounts.asking_for_staff import (
    CONTACT_WORDS,
    IN_CONFIDENCE,
    NUMBER_WORDS,
    OTHER_MATTERS,
    STAFF_WORDS,
    asks_for_staff,
)

STAFF_NAMES = frozenset(
    {"Jansen", "Anna de Vries", "Bakker", "K. van den Bergh", "Öztürk", "de Groot"}
)

ASKING = [
    # Dutch, by work or form of address
    "Mag ik het nummer van mijn mentor?",
    "wat is het 06 nummer van meneer",
    "Kunt u mij het telefoonnummer van de decaan geven?",
    "Heeft de juf WhatsApp?",
    "kan ik mevrouw ff appen",
    "Hoe kan ik mijn docent bereiken?",
    "Ik wil mijn mentor graag even spreken",
    "heeft die leraar van gym ook insta?",
    "Wat is het Instagram-account van de gymdocent?",
    "ik moet de conciërge bellen, mijn fiets staat nog binnen",
    "mag ik de meester een berichtje sturen",
    "Ik wil privé praten met een leraar",
    "Kan ik mijn coördinator een bericht sturen?",
    "kan iemand mij de snap van de stagebegeleider geven",
    "Ik wil contact met de teamleider over mijn dochter",
    # Dutch, by surname
    "kan ik Jansen appen over de toets?",
    "Jansens 06?",
    "heb jij het nummer van De Vries",
    "kan ik mijn mentor DM'en",
    "HOE BEREIK IK DE VRIES",
    "Mag ik Bakker even bellen",
    "ik wil van den Bergh spreken",
    "heeft öztürk snapchat",
    # English
    "Can I have my teacher's number?",
    "What's the phone number of my mentor?",
    "i want to talk to miss please",
    "Does sir have an Instagram account",
    "How do I reach Mr Jansen?",
    "can i DM the tutor",
    "Could you give me the private email of the principal?",
    "I'd like to speak to a teacher",
]

NOT_ASKING = [
    # School as it goes
    "Hoi",
    "Hoe laat begint het vijfde uur?",
    "Is de eerste les van morgen uitgevallen?",
    "Is meneer Jansen ziek?",
    "Welk lokaal heeft mevrouw De Vries?",
    "Wat is het nummer van het lokaal van meneer Bakker?",
    "De docent zei dat opgave nummer 12 niet hoeft",
    "Mijn mentor is aardig",
    "bedankt juf!",
    "Heeft de leraar mijn toets al nagekeken?",
    "Wie is de invaller voor wiskunde?",
    "mijn magister account doet het niet, zegt de docent",
    "Staat het bericht van de docent in de groepsapp?",
    "Ik ga na school naar de bakker",
    "de mentor komt later",
    # Contact, but not with staff
    "Kan ik een nummer krijgen?",
    "Mag ik mijn ouders bellen?",
    "Ik heb geen WhatsApp",
    "Ik heb een groot probleem, met wie kan ik praten?",
    "hoe krijg ik contact met mijn klas",
    "Mijn telefoonnummer is veranderd",
    # English
    "Is the teacher ill today?",
    "Which room is Mr Jansen in?",
    "The teacher wrote the wrong room number",
    "thanks miss",
    "What page number did sir say?",
    "I cannot log in",
    "What is a broadcast group?",
    # In confidence: everybody's right
    "Kan ik de vertrouwenspersoon spreken over een docent?",
    "ik wil met de zorgcoördinator praten, niet met mijn mentor",
    "Can I talk to a counsellor instead of my mentor?",
    "Hoe bereik ik de kindertelefoon, mijn meester doet raar",
    # Nothing to read
    "",
    "???",
    "👋",
]


@pytest.mark.parametrize("text", ASKING)
def test_text_when_it_asks_for_staff_then_it_is_noticed(text):
    assert asks_for_staff(text, STAFF_NAMES)


@pytest.mark.parametrize("text", NOT_ASKING)
def test_text_when_it_asks_for_something_else_then_it_is_not_noticed(text):
    assert not asks_for_staff(text, STAFF_NAMES)


@pytest.mark.parametrize(
    ("names", "noticed"),
    [
        pytest.param(frozenset({"Jansen"}), True, id="surname"),
        pytest.param(frozenset({"Piet Jansen"}), True, id="first name and surname"),
        pytest.param(frozenset({"Piet de Jansen"}), False, id="a surname with another prefix"),
        pytest.param(frozenset({"Piet"}), False, id="another surname"),
        pytest.param(frozenset({"Jan"}), False, id="only the beginning of the word"),
        pytest.param(frozenset({"", " ", "!"}), False, id="no name at all"),
        pytest.param(frozenset(), False, id="no names known"),
    ],
)
def test_text_when_it_names_somebody_then_only_staff_are_noticed(names, noticed):
    assert asks_for_staff("kan ik jansen bellen", names) is noticed


def test_tables_when_read_then_every_word_is_as_texts_are_compared():
    tables = STAFF_WORDS | CONTACT_WORDS | NUMBER_WORDS | OTHER_MATTERS | IN_CONFIDENCE

    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in tables)


def test_tables_when_read_then_a_word_has_one_meaning():
    tables = (STAFF_WORDS, CONTACT_WORDS, NUMBER_WORDS, OTHER_MATTERS, IN_CONFIDENCE)

    assert sum(len(table) for table in tables) == len(frozenset().union(*tables))


@given(text=st.text(max_size=80), names=st.frozensets(st.text(max_size=12), max_size=3))
def test_text_always_gets_a_yes_or_no(text, names):
    assert asks_for_staff(text, names) in {True, False}
