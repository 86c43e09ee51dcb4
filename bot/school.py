"""The school's own choices as the bot's parts take them."""

from datetime import timedelta
from typing import Final

from bot.messages import school as words
from bot.policy.limits import Limits
from config.school import SchoolConfig

_DEFAULTS: Final = SchoolConfig()


def limits_of(school: SchoolConfig) -> Limits:
    """The numbers that rules compare with."""
    groups, linking, keep = school.groups, school.linking, school.retention
    return Limits(
        adoption_deadline=timedelta(hours=groups.adoption_deadline_hours),
        mending_deadline=timedelta(hours=groups.mending_deadline_hours),
        poll_every=timedelta(minutes=groups.poll_minutes),
        answer_pause=timedelta(hours=school.private_chat.answer_pause_hours),
        wrong_codes=linking.wrong_codes_an_hour,
        removed_message_retention=timedelta(days=keep.removed_messages_days),
        codes_retention=timedelta(days=keep.linking_codes_days),
        dead_letters_retention=timedelta(days=keep.dead_letters_days),
    )


def words_of(school: SchoolConfig) -> words.SchoolWords:
    """The words that differ from school to school.

    A school writes its own words once, in its own language; they then stand in both. What it
    left as it was is said in either language.
    """
    standard = words.SchoolWords()
    return words.SchoolWords(
        dutch=_own_words(school, standard.dutch),
        english=_own_words(school, standard.english),
        clock=school.zone,
    )


def _own_words(school: SchoolConfig, standard: words.Words) -> words.Words:
    adviser = school.confidential_adviser
    usual = _DEFAULTS.confidential_adviser
    own_lines = tuple(words.HelpLine(name=h.name, contact=h.contact) for h in school.help_lines)
    return words.Words(
        school=standard.school if school.name == _DEFAULTS.name else school.name,
        adviser=standard.adviser if adviser.name == usual.name else adviser.name,
        adviser_contact=(
            standard.adviser_contact if adviser.contact == usual.contact else adviser.contact
        ),
        mentor=standard.mentor if school.mentor == _DEFAULTS.mentor else school.mentor.text,
        help_lines=(
            standard.help_lines if school.help_lines == _DEFAULTS.help_lines else own_lines
        ),
    )
