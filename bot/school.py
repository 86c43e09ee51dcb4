"""The school's own choices as the bot's parts take them."""

from datetime import timedelta
from typing import Final

from bot.messages import school as words
from bot.policy.announcements.timetable import LessonHour, Timetable
from bot.policy.limits import Limits, UnderSixteen
from bot.wording.allowed import Allowed
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
        join_decided_within=timedelta(hours=school.joining.decide_within_hours),
        wrong_codes=linking.wrong_codes_an_hour,
        code_valid=timedelta(days=linking.code_valid_days),
        removed_message_retention=timedelta(days=keep.removed_messages_days),
        signals_retention=timedelta(days=keep.signals_days),
        codes_retention=timedelta(days=keep.linking_codes_days),
        dead_letters_retention=timedelta(days=keep.dead_letters_days),
        leavers_retention=timedelta(days=keep.leavers_days),
        seen_retention=timedelta(days=keep.seen_days),
        announcements_retention=timedelta(days=keep.announcements_days),
        ask_again_within=timedelta(minutes=school.announcements.ask_again_minutes),
        ask_again_below_percent=school.announcements.ask_again_below_percent,
        reconfirm_within=timedelta(days=school.school_year.reconfirm_days),
        under_sixteen=UnderSixteen(school.under_sixteen.choice),
        under_sixteen_years=frozenset(school.under_sixteen.year_groups),
    )


def timetable_of(school: SchoolConfig) -> Timetable:
    """The school's clock: lesson hours and quiet hours."""
    return Timetable(
        zone=school.zone,
        hours=tuple(
            LessonHour(number=each.hour, start=each.start, end=each.end)
            for each in school.lesson_hours
        ),
        quiet_from=school.quiet_hours.start,
        quiet_until=school.quiet_hours.end,
    )


def allowed_of(school: SchoolConfig) -> Allowed:
    """What an announcement may name, because it is the school's own."""
    own = school.school_contact
    return Allowed(
        phone_numbers=frozenset(own.phone_numbers),
        domains=frozenset(own.domains),
        ibans=frozenset(own.ibans),
        addresses=frozenset(own.addresses),
        accounts=frozenset(own.accounts),
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
