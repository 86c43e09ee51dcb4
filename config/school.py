"""The school's own choices, from one TOML file: names, hours, retention, where to find help.

Numbers and texts only. Secrets must never enter this file, and neither must a protocol rule: rules
are code, and change as code does. The description of a field is what an error calls "allowed".
"""

import itertools
import re
import tomllib
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

import phonenumbers
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
    field_validator,
    model_validator,
)

from config.problems import ConfigError, keys_of, lines_of


def _time_of_day(value: object) -> time:
    if isinstance(value, str) and (match := re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value)):
        return time(int(match[1]), int(match[2]))
    if not isinstance(value, time) or value.tzinfo or value.second or value.microsecond:
        what = "is not a time of day in hours and minutes"
        raise ValueError(what)
    return value


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        what = "is not a time zone that this machine knows"
        raise ValueError(what) from None
    return name


def _text(longest: int) -> Any:  # noqa: ANN401 -- what pydantic's Field() is typed as
    allowed = f"text, 1 to {longest} characters"
    return Field(min_length=1, max_length=longest, description=allowed)


def _whole(least: int, most: int) -> Any:  # noqa: ANN401 -- what pydantic's Field() is typed as
    allowed = f"a whole number, {least} to {most}"
    return Field(strict=True, ge=least, le=most, description=allowed)


SCHOOL_FILE: Final = "the path of a TOML file such as school.example.toml"

TimeOfDay = Annotated[
    time,
    BeforeValidator(_time_of_day),
    Field(description='a time of day on the school\'s clock, such as "08:30"'),
]


class _Table(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True
    )


class LessonHour(_Table):
    """One lesson hour (lesuur). Times are on the school's clock."""

    hour: Annotated[int, _whole(0, 20)]
    start: TimeOfDay
    end: TimeOfDay

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end <= self.start:
            what = "ends before it starts; end must be later than start"
            raise ValueError(what)
        return self


class QuietHours(_Table):
    """When nothing goes out that is not urgent. May pass midnight."""

    start: TimeOfDay = time(21, 0)
    end: TimeOfDay = time(7, 0)

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if self.start == self.end:
            what = "starts when it ends; start and end must differ"
            raise ValueError(what)
        return self


class Retention(_Table):
    """How long what can identify a person is kept, in days. Events themselves hold no names.

    The law names no term for these; a school chooses, writes down why, and keeps to it (GDPR
    article 5(1)(e)). Two years after the end is what schools commonly keep for files of pupils and
    of staff, after the former exemption decree under the Wbp.
    """

    removed_messages_days: Annotated[int, _whole(0, 365)] = 30
    signals_days: Annotated[int, _whole(1, 3650)] = 365
    cases_staff_days: Annotated[int, _whole(1, 3650)] = 730
    cases_students_days: Annotated[int, _whole(1, 3650)] = 730
    announcements_days: Annotated[int, _whole(1, 3650)] = 365
    linking_codes_days: Annotated[int, _whole(1, 365)] = 30
    dead_letters_days: Annotated[int, _whole(1, 365)] = 30
    leavers_days: Annotated[int, _whole(1, 3650)] = 365
    seen_days: Annotated[int, _whole(1, 30)] = 7


class Groups(_Table):
    """How broadcast groups are watched (article B.6)."""

    # Telegram's servers keep full chat information for 60 seconds: sooner, nothing new is seen.
    poll_minutes: Annotated[int, _whole(2, 60)] = 5
    adoption_deadline_hours: Annotated[int, _whole(1, 168)] = 24
    mending_deadline_hours: Annotated[int, _whole(1, 168)] = 24


class PrivateChat(_Table):
    """How the bot answers private messages (article B.7)."""

    answer_pause_hours: Annotated[int, _whole(1, 168)] = 12


class Joining(_Table):
    """Requests to join a group."""

    decide_within_hours: Annotated[int, _whole(1, 336)] = 48


class Linking(_Table):
    """The single-use codes that connect a person to a Telegram account."""

    code_valid_days: Annotated[int, _whole(1, 90)] = 14
    wrong_codes_an_hour: Annotated[int, _whole(1, 20)] = 5


class Announcements(_Table):
    """Asking an author whether to repeat an announcement that few have seen."""

    ask_again_minutes: Annotated[int, _whole(5, 180)] = 20
    ask_again_below_percent: Annotated[int, _whole(0, 100)] = 60


class SchoolYear(_Table):
    """The roll-over to another school year."""

    reconfirm_days: Annotated[int, _whole(7, 120)] = 28


class UnderSixteen(_Table):
    """Students who are too young to consent themselves (GDPR article 8, UAVG article 5).

    A roster holds no birthdays, so a school says which year groups are taken to be under sixteen.
    """

    choice: Annotated[
        Literal["not-checked", "guardian-consent", "refuse"],
        Field(description='"not-checked", "guardian-consent" or "refuse"'),
    ] = "not-checked"
    year_groups: Annotated[
        tuple[Annotated[int, Field(strict=True, ge=1, le=20)], ...],
        Field(min_length=1, description="a list of whole numbers, 1 to 20, at least one"),
    ] = (1, 2, 3)


class ConfidentialAdviser(_Table):
    """The school's own vertrouwenspersoon, named wherever a student may need one."""

    name: Annotated[str, _text(100)] = "de vertrouwenspersoon van school"
    contact: Annotated[str, _text(300)] = "vraag ernaar bij de receptie of bij je mentor"


class Mentor(_Table):
    """What a student reads about turning to the mentor first."""

    text: Annotated[str, _text(500)] = "Je kunt er altijd met je mentor over praten."


def _phone_number(value: str) -> str:
    try:
        phonenumbers.parse(value, "NL")
    except phonenumbers.NumberParseException:
        what = "is not a phone number"
        raise ValueError(what) from None
    return value


def _domain(value: str) -> str:
    domain = value.removeprefix("@").lower()
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", domain):
        what = "is not a domain; write what stands behind the @, such as school.nl"
        raise ValueError(what)
    return domain


def _account(value: str) -> str:
    return value.removeprefix("@")


PhoneNumber = Annotated[str, _text(40), AfterValidator(_phone_number)]
Domain = Annotated[str, _text(100), AfterValidator(_domain)]
Iban = Annotated[str, _text(42)]
Address = Annotated[str, _text(100)]
UserName = Annotated[str, _text(64), AfterValidator(_account)]


def _list_of(what: str) -> Any:  # noqa: ANN401 -- what pydantic's Field() is typed as
    return Field(description=f"a list of {what}")


class SchoolContact(_Table):
    """The school's own: what an announcement may name although a stranger's would stop it."""

    phone_numbers: Annotated[tuple[PhoneNumber, ...], _list_of("phone numbers")] = ()
    domains: Annotated[tuple[Domain, ...], _list_of("domains, such as school.nl")] = ()
    ibans: Annotated[tuple[Iban, ...], _list_of("account numbers")] = ()
    addresses: Annotated[
        tuple[Address, ...], _list_of("streets with a house number, or postcodes")
    ] = ()
    accounts: Annotated[tuple[UserName, ...], _list_of("user names")] = ()


class HelpLine(_Table):
    """Someone outside school to talk to."""

    name: Annotated[str, _text(100)]
    contact: Annotated[str, _text(200)]


# Free and anonymous, at any hour. Source: https://www.113.nl
_SUICIDE_PREVENTION: Final = HelpLine(
    name="113 Zelfmoordpreventie",
    contact="bel 113 of 0800-0113 (gratis, dag en nacht) of chat op 113.nl",
)
# For everyone from 8 to 18, free, daily from 11:00 to 21:00. Source: https://www.kindertelefoon.nl
_KINDERTELEFOON: Final = HelpLine(
    name="De Kindertelefoon",
    contact="bel 0800-0432 (gratis, elke dag van 11:00 tot 21:00) of chat op kindertelefoon.nl",
)


def _hours(*starts: tuple[int, int]) -> tuple[LessonHour, ...]:
    """Hours of fifty minutes; `starts` as (hour, minute)."""
    ends = ((h + (m + 50) // 60, (m + 50) % 60) for h, m in starts)
    return tuple(
        LessonHour(hour=number, start=time(*start), end=time(*end))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    )


_USUAL_HOURS: Final = _hours(
    (8, 30), (9, 20), (10, 30), (11, 20), (12, 40), (13, 30), (14, 30), (15, 20)
)


class SchoolConfig(_Table):
    """Everything that a school chooses; without a file, the defaults of this class."""

    name: Annotated[str, _text(100)] = "onze school"
    time_zone: Annotated[
        str,
        AfterValidator(_known_zone),
        Field(description='a time zone of the tz database, such as "Europe/Amsterdam"'),
    ] = "Europe/Amsterdam"
    language: Annotated[Literal["nl", "en"], Field(description='"nl" or "en"')] = "nl"
    observe_only: Annotated[StrictBool, Field(description="true or false")] = False
    lesson_hours: tuple[LessonHour, ...] = _USUAL_HOURS
    quiet_hours: QuietHours = QuietHours()
    groups: Groups = Groups()
    private_chat: PrivateChat = PrivateChat()
    joining: Joining = Joining()
    linking: Linking = Linking()
    retention: Retention = Retention()
    announcements: Announcements = Announcements()
    school_year: SchoolYear = SchoolYear()
    under_sixteen: UnderSixteen = UnderSixteen()
    confidential_adviser: ConfidentialAdviser = ConfidentialAdviser()
    mentor: Mentor = Mentor()
    school_contact: SchoolContact = SchoolContact()
    help_lines: tuple[HelpLine, ...] = (_SUICIDE_PREVENTION, _KINDERTELEFOON)

    @field_validator("lesson_hours", "help_lines")
    @classmethod
    def _not_empty(cls, entries: tuple[_Table, ...]) -> tuple[_Table, ...]:
        # pydantic's own minimum counts only the entries without a mistake, and so reports twice.
        if not entries:
            what = "is empty; name at least one, or leave the key out for the defaults"
            raise ValueError(what)
        return entries

    @field_validator("lesson_hours")
    @classmethod
    def _one_after_another(cls, hours: tuple[LessonHour, ...]) -> tuple[LessonHour, ...]:
        for earlier, later in itertools.pairwise(hours):
            if later.hour <= earlier.hour:
                what = f"has hour {later.hour} after hour {earlier.hour}; numbers must go up"
                raise ValueError(what)
            if later.start < earlier.end:
                what = f"has hour {later.hour} start in hour {earlier.hour}; they must not overlap"
                raise ValueError(what)
        return hours

    @property
    def zone(self) -> ZoneInfo:
        """The school's clock."""
        return ZoneInfo(self.time_zone)


def load_school(path: Path | None) -> SchoolConfig:
    """The school's choices from a TOML file; without a path, the defaults.

    Raises ConfigError with every mistake in the file at once.
    """
    if path is None:
        return SchoolConfig()
    try:
        return SchoolConfig.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
    except UnicodeDecodeError:
        reason = "is not UTF-8 text"
    except tomllib.TOMLDecodeError as error:
        reason = f"is not TOML: {error}"
    except ValidationError as error:
        raise ConfigError(lines_of(error, keys_of(SchoolConfig))) from None
    raise ConfigError([f"SCHOOL_CONFIG: {path} {reason}. Allowed: {SCHOOL_FILE}."])
