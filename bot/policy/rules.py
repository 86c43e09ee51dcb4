"""Every rule that a decision can name, with the protocol article it serves.

The value is the code that stands in the log, in docs/protocol.md and on the review page; a code
is never reused for another meaning. ``ARTICLES`` says of each article how far the bot gets:
*enforced* (it makes a breach impossible or undoes it), *detected* (it sees a signal and hands it
to a person) or *declared* (a person says so and it records it).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How far the bot gets with an article, always stated honestly."""

    ENFORCED = "enforced"
    DETECTED = "detected"
    DECLARED = "declared"


class Article(StrEnum):
    """An article of the protocol that a rule serves; ``HOUSE`` is our own order, not one of it."""

    A2 = "A.2"
    B4 = "B.4"
    B5 = "B.5"
    B6_GROUPS = "B.6-groups"
    B6_LOCK = "B.6-lock"
    B7 = "B.7"
    HOUSE = "house"


class Rule(StrEnum):
    """The rules, by the question that they answer."""

    # May the bot be in this group at all? (B.6, first half)
    LEFT = "b6-left"
    REFUSE_OWNER_NOT_STAFF = "b6-owner-not-staff"
    REFUSE_ADMINISTRATOR_NOT_STAFF = "b6-administrator-not-staff"
    REFUSE_DEADLINE_PASSED = "b6-deadline-passed"
    WAIT_OWNER_HIDDEN = "b6-owner-hidden"
    WAIT_ITEMS_FAILING = "b6-items-failing"
    WAIT_NOT_CONFIRMED = "b6-not-confirmed"
    ADOPT = "b6-adopted"
    SUSPEND = "b6-suspended"
    KEEP = "b6-complies"
    ADDED = "b6-added"
    REMOVED = "b6-removed"
    RIGHTS_CHANGED = "b6-rights-changed"
    SEATS_CHANGED = "b6-seats-changed"
    CONFIRMED = "b6-confirmed"
    CONFIRM_REFUSED = "b6-confirm-refused"
    MIGRATED = "b6-migrated"

    # Do administrators alone send? (B.6, second half)
    LOCK_DRIFTED = "b6-lock-drifted"
    LOCK_PROVED = "b6-lock-proved"
    MESSAGE_REFUSED = "b6-message-refused"
    POST_AS_CHANNEL_REFUSED = "b6-post-as-channel-refused"
    MESSAGE_TOO_OLD = "b6-message-too-old"
    STAFF_MESSAGE = "b6-staff-message"
    ADMINISTRATOR_MESSAGE = "b6-administrator-message"
    ANONYMOUS_ADMINISTRATOR = "b6-anonymous-administrator"
    SERVICE_MESSAGE = "b6-service-message"
    NOT_OUR_GROUP = "b6-not-our-group"
    JOIN_REQUESTED = "b6-join-requested"

    # Does staff go into discussion with one student? (B.4)
    STAFF_ADDRESSED_STUDENT = "b4-staff-addressed-student"

    # Which channel may speak in a group? (B.5)
    CHANNEL_REGISTERED = "b5-channel-registered"
    CHANNEL_REGISTER_REFUSED = "b5-channel-register-refused"
    CHANNEL_POST_KEPT = "b5-channel-post-kept"
    CHANNEL_NOT_A_GROUP = "b5-channel-not-a-group"

    # What may an announcement say? (A.2)
    ANNOUNCEMENT_STOPPED = "a2-announcement-stopped"
    ANNOUNCEMENT_DOUBTED = "a2-announcement-doubted"

    # What does a private message get? (B.7)
    STAFF_ASKED_FOR = "b7-staff-asked-for"
    KIND_ANSWER = "b7-kind-answer"
    ANSWERED_LATELY = "b7-answered-lately"

    # Who is this, and what may he do? (our own order)
    ANNOUNCEMENT_CONFIRMED = "house-announcement-confirmed"
    ANNOUNCEMENT_WITHDRAWN = "house-announcement-withdrawn"
    ANNOUNCEMENT_SEEN = "house-announcement-seen"
    ANNOUNCEMENT_REPEAT_ASKED = "house-announcement-repeat-asked"
    CODE_ACCEPTED = "house-code-accepted"
    CODE_UNKNOWN = "house-code-unknown"
    CODE_EXPIRED = "house-code-expired"
    CODE_SPENT = "house-code-spent"
    CODE_NOT_YOURS = "house-code-not-yours"
    CODE_GUESSING = "house-code-guessing"
    ALREADY_LINKED = "house-already-linked"
    UNLINKED = "house-unlinked"
    STOP_WAITS = "house-stop-waits"
    DATA_ASKED = "house-data-asked"
    COMMAND_ALLOWED = "house-command-allowed"
    COMMAND_REFUSED = "house-command-refused"
    DUTY_PROPOSED = "house-duty-proposed"
    DUTY_CHANGED = "house-duty-changed"
    DUTY_DECLINED = "house-duty-declined"
    DUTY_NOT_BY_YOURSELF = "house-duty-not-by-yourself"
    SECOND_ADMINISTRATOR_NEEDED = "house-second-administrator-needed"
    LAST_ADMINISTRATOR = "house-last-administrator"
    LINK_REVOKED = "house-link-revoked"
    NOT_OPEN_ANY_MORE = "house-not-open-any-more"
    STAFF_HELP = "house-staff-help"
    GROUP_OFFERED = "house-group-offered"
    OFFER_ANSWERED = "house-offer-answered"
    GROUP_CLOSED = "house-group-closed"
    LINK_RENEWED = "house-link-renewed"
    SCHOOL_YEAR_BEGUN = "house-school-year-begun"
    RECONFIRMATION_ASKED = "house-reconfirmation-asked"
    RECONFIRMED = "house-reconfirmed"
    JOIN_CONSENT_AWAITED = "house-join-consent-awaited"
    JOIN_TOO_YOUNG = "house-join-too-young"
    CONSENT_GIVEN = "house-consent-given"
    CONSENT_WITHDRAWN = "house-consent-withdrawn"
    UNDER_SIXTEEN_CHOSEN = "house-under-sixteen-chosen"
    JOIN_OF_THE_CLASS = "house-join-of-the-class"
    JOIN_OF_STAFF = "house-join-of-staff"
    JOIN_OF_A_BOT = "house-join-of-a-bot"
    JOIN_NOT_LINKED = "house-join-not-linked"
    JOIN_NO_CLASSES = "house-join-no-classes"
    JOIN_ANOTHER_CLASS = "house-join-another-class"
    JOIN_TOO_LATE = "house-join-too-late"
    CAME_IN = "house-came-in"
    WENT = "house-went"
    OUTSIDERS_TOLD = "house-outsiders-told"
    MEMBER_REMOVED = "house-member-removed"
    CLASSES_CHOSEN = "house-classes-chosen"
    EFFECT_DONE = "house-effect-done"
    EFFECT_FAILED = "house-effect-failed"
    BOOKKEEPING = "house-bookkeeping"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """What an article asks, in a sentence, and how far the bot gets with it."""

    level: Level
    nl: str
    en: str


ARTICLES: Mapping[Article, ArticleText] = {
    Article.A2: ArticleText(
        level=Level.DETECTED,
        nl="Medewerkers publiceren geen vertrouwelijke of persoonlijke informatie.",
        en="Staff publish no confidential or personal information.",
    ),
    Article.B4: ArticleText(
        level=Level.DETECTED,
        nl="Medewerkers gaan niet in discussie met een leerling of ouder op sociale media.",
        en="Staff do not enter into discussion with a student or parent on social media.",
    ),
    Article.B5: ArticleText(
        level=Level.ENFORCED,
        nl="Leerlingen volgen hooguit een professioneel account van een medewerker.",
        en="Students follow at most a professional account of a member of staff.",
    ),
    Article.B6_GROUPS: ArticleText(
        level=Level.ENFORCED,
        nl="Medewerkers nemen geen deel aan door leerlingen beheerde groepsapps.",
        en="Staff take no part in group apps run by students.",
    ),
    Article.B6_LOCK: ArticleText(
        level=Level.ENFORCED,
        nl="In een groepsapp van een medewerker verstuurt uitsluitend de beheerder berichten.",
        en="In a group app of staff, only the administrator sends messages.",
    ),
    Article.B7: ArticleText(
        level=Level.DETECTED,
        nl="Medewerkers voorkomen zoveel mogelijk één-op-één contact met een leerling.",
        en="Staff avoid one-to-one contact with a student as far as possible.",
    ),
    Article.HOUSE: ArticleText(
        level=Level.ENFORCED,
        nl="Eigen orde van de bot: wie is dit, en wat mag hij.",
        en="The bot's own order: who is this, and what may he do.",
    ),
}

# The lock's rules share the prefix "b6" with the group's; they are told apart by name.
_LOCK_RULES = frozenset(
    {
        Rule.LOCK_DRIFTED,
        Rule.LOCK_PROVED,
        Rule.MESSAGE_REFUSED,
        Rule.POST_AS_CHANNEL_REFUSED,
        Rule.MESSAGE_TOO_OLD,
        Rule.STAFF_MESSAGE,
        Rule.ADMINISTRATOR_MESSAGE,
        Rule.ANONYMOUS_ADMINISTRATOR,
        Rule.SERVICE_MESSAGE,
        Rule.NOT_OUR_GROUP,
        Rule.JOIN_REQUESTED,
    }
)

_BY_PREFIX = {
    "a2": Article.A2,
    "b4": Article.B4,
    "b5": Article.B5,
    "b6": Article.B6_GROUPS,
    "b7": Article.B7,
    "house": Article.HOUSE,
}


def article_of(rule: Rule) -> Article:
    """The article that ``rule`` serves."""
    if rule in _LOCK_RULES:
        return Article.B6_LOCK
    return _BY_PREFIX[rule.value.partition("-")[0]]
