"""The tunable numbers, with the source of each. A school changes them in its TOML file."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class UnderSixteen(StrEnum):
    """What a school does about students who are too young to consent themselves.

    GDPR article 8 and UAVG article 5: below sixteen, it takes a parent's consent.
    """

    NOT_CHECKED = "not-checked"
    GUARDIAN_CONSENT = "guardian-consent"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Numbers that rules compare with."""

    adoption_deadline: timedelta = timedelta(hours=24)
    """How long a group that cannot be judged yet is waited for, in silence."""

    mending_deadline: timedelta = timedelta(hours=24)
    """How long the owner of a managed group has to mend what no longer complies."""

    removable_for: timedelta = timedelta(hours=48)
    """Telegram deletes nothing older (Bot API: deleteMessage)."""

    look_cache: timedelta = timedelta(seconds=60)
    """Telegram's servers keep full chat information this long: looking sooner shows nothing new."""

    poll_every: timedelta = timedelta(minutes=5)
    """How often each managed group is looked at, spread over the groups."""

    refusal_text_pause: timedelta = timedelta(hours=24)
    """A group that adds the bot again and again gets the reason once in this time."""

    answer_pause: timedelta = timedelta(hours=12)
    """B.7: a private message gets one kind answer in this time; the rest is left in peace."""

    greeting_pause: timedelta = timedelta(minutes=1)
    """/start and /help, and whatever staff write, are answered once in this time."""

    wrong_codes: int = 5
    """Wrong linking codes per account within ``wrong_codes_within``; after that all are refused."""

    wrong_codes_within: timedelta = timedelta(hours=1)

    nonce_valid: timedelta = timedelta(minutes=30)
    """How long a start-group link may be used by the member of staff who asked for it."""

    removed_message_retention: timedelta = timedelta(days=30)
    """How long the text of a removed message is kept as evidence; zero keeps none."""

    offer_valid: timedelta = timedelta(days=7)
    """How long a group stays offered to a colleague, and how long handing over may then take."""

    second_asked_every: timedelta = timedelta(days=7)
    """How often an owner without a second administrator of staff is asked for one."""

    signals_retention: timedelta = timedelta(days=365)
    """How long it stays known which account a signal is about."""

    downtime_gap: timedelta = timedelta(hours=24)
    """Telegram keeps undelivered updates this long: after it, events are lost."""

    heartbeat: timedelta = timedelta(seconds=60)
    """How often it is written down that polling goes well: what a gap is measured from."""

    looks_at_once: int = 50
    """Groups that one tick of the clock lets look at: spreads a school's groups over time."""

    seen_retention: timedelta = timedelta(days=7)
    """How long it is known who has seen an announcement; after it, "Gezien" is not counted."""

    announcements_retention: timedelta = timedelta(days=365)
    """How long the words of an announcement that has gone out, or was taken back, are kept."""

    ask_again_within: timedelta = timedelta(minutes=20)
    """How long before the lesson an author is asked whether to repeat what few have seen."""

    ask_again_below_percent: int = 60
    """Of the members of its groups: from this share on, nobody is asked. Zero asks nobody."""

    join_decided_within: timedelta = timedelta(hours=48)
    """How long a request to join of an account that is not linked yet is kept waiting."""

    join_judged_again: timedelta = timedelta(minutes=10)
    """How soon the clock looks again at a request that could not be decided; how soon a repeated
    one that was declined is explained again."""

    classes_settle: timedelta = timedelta(minutes=2)
    """The owner may still be choosing class groups: only after this is a waiting request declined
    because of them."""

    members_told_pause: timedelta = timedelta(minutes=10)
    """A group's owner is told at most once in this time of members who do not belong."""

    codes_retention: timedelta = timedelta(days=30)
    """How long an expired linking code is still told apart from one that never was."""

    dead_letters_retention: timedelta = timedelta(days=30)
    """How long it is remembered which updates could not be handled."""

    code_valid: timedelta = timedelta(days=14)
    """How long a linking code that an administrator hands out can be used."""

    upload_valid: timedelta = timedelta(hours=1)
    """How long a roster that was sent to the bot can be confirmed."""

    proposal_valid: timedelta = timedelta(days=7)
    """How long another administrator can agree to what was proposed about a duty."""

    data_request_term: timedelta = timedelta(days=30)
    """Within a month somebody must hear what was done with his request (GDPR article 12)."""

    leavers_retention: timedelta = timedelta(days=365)
    """How long it is known what somebody who left school was called, and in which classes."""

    reconfirm_within: timedelta = timedelta(days=28)
    """How long owners have, once a school year begins, to say that their group goes on."""

    under_sixteen: UnderSixteen = UnderSixteen.NOT_CHECKED

    under_sixteen_years: frozenset[int] = frozenset({1, 2, 3})
    """The year groups in which students are taken to be under sixteen."""
