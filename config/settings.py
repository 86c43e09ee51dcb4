"""The settings of the machine: environment variables, and a file .env that they overrule.

One class, so that a setting is declared in one place. What a school chooses is in `config.school`;
what a rule says is in the code of the policy.
"""

import ipaddress
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from config.logging import TOKEN_FORM, LogFormat, LogLevel
from config.problems import ConfigError, keys_of, lines_of, nearest, unknown_key
from config.school import SCHOOL_FILE

_SQLITE: Final = "sqlite+aiosqlite"
_POSTGRESQL: Final = "postgresql+asyncpg"

# The drivers are ours to choose; hosting platforms and people write the plain names.
_PLAIN_SCHEMES: Final[Mapping[str, str]] = {
    "sqlite": _SQLITE,
    "postgres": _POSTGRESQL,
    "postgresql": _POSTGRESQL,
}

# How alike a stranger in the environment must be before it counts as a misspelt setting of ours.
_MISSPELT: Final = 0.85
SCHOOL_FILE_HERE: Final = Path("school.toml")
_OUR_PREFIX: Final = "GROEPSWACHT_"


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(TOKEN_FORM, value.get_secret_value()):
        what = "does not have the form of a bot token"
        raise ValueError(what)
    return value


def _base_url(value: str) -> str:
    """Over http only to this machine: the token is part of every address."""
    try:
        parts = urlsplit(value)
        encrypted = parts.scheme == "https" and bool(parts.hostname)
        local = parts.scheme == "http" and _is_loopback(parts.hostname)
        extras = parts.username or parts.password or parts.query or parts.fragment
        usable = (encrypted or local) and not extras and parts.port != 0
    except ValueError:
        usable = False
    if not (usable and value.endswith("/bot")):
        what = "is not an address that the bot token may be sent to"
        raise ValueError(what)
    return value


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _database_url(value: str) -> str:
    scheme, separator, rest = value.partition("://")
    url = f"{_PLAIN_SCHEMES.get(scheme, scheme)}{separator}{rest}"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        what = "is not a database address"
        raise ValueError(what) from None
    if parsed.drivername not in {_SQLITE, _POSTGRESQL}:
        what = "names a database that Groepswacht does not work with"
        raise ValueError(what)
    if parsed.drivername == _SQLITE and parsed.database in {None, "", ":memory:"}:
        what = "names no file, so everything would be lost at the next start"
        raise ValueError(what)
    return url


def _existing_file(value: Path) -> Path:
    if not value.is_file():
        what = "is not a file on this machine"
        raise ValueError(what)
    return value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class Settings(BaseSettings):
    """The description of a field is what an error calls "allowed"."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    bot_token: Annotated[
        Annotated[SecretStr, AfterValidator(_token)] | None,
        Field(description="the token that @BotFather gave: digits, a colon, 30 characters or more"),
    ] = None
    telegram_base_url: Annotated[
        str,
        AfterValidator(_base_url),
        Field(
            description="https://…/bot, or http://…/bot on this machine (localhost, 127.0.0.1, ::1)"
        ),
    ] = "https://api.telegram.org/bot"
    # Hidden from repr: an address of PostgreSQL holds a password.
    database_url: Annotated[
        str,
        AfterValidator(_database_url),
        Field(
            repr=False,
            description=f"{_SQLITE}:///file.db or {_POSTGRESQL}://user:password@host/name",
        ),
    ] = "sqlite+aiosqlite:///groepswacht.db"
    school_config: Annotated[
        Annotated[Path, AfterValidator(_existing_file)] | None, Field(description=SCHOOL_FILE)
    ] = None
    log_format: Annotated[
        LogFormat, BeforeValidator(_lower), Field(description="console or json")
    ] = LogFormat.CONSOLE
    log_level: Annotated[
        LogLevel, BeforeValidator(_upper), Field(description="DEBUG, INFO, WARNING or ERROR")
    ] = LogLevel.INFO

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never appear in a log or on a screen; for `configure_logging`."""
        token = self.bot_token.get_secret_value() if self.bot_token else None
        password = make_url(self.database_url).password
        return tuple(each for each in (token, password) if each)


def load_settings(*, token_required: bool, env_file: Path = Path(".env")) -> Settings:
    """The settings of this process: the environment over `env_file`, which need not exist.

    `token_required`: a command that speaks to Telegram cannot start without BOT_TOKEN.
    Raises ConfigError with every mistake at once, unknown and misspelt names among them.
    """
    problems = [*_unreadable_lines(env_file), *_misspelt_variables()]
    if token_required and not _is_given("BOT_TOKEN", env_file):
        problems.append(f"BOT_TOKEN: is missing. Allowed: {_FIELDS['bot_token'].description}.")
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        problems.extend(lines_of(error, _FIELDS, spelling=str.upper))
        raise ConfigError(problems) from None
    if problems:
        raise ConfigError(problems)
    return _with_school_file(settings)


def _with_school_file(settings: Settings) -> Settings:
    """A school's file that lies in the working folder is meant: nobody puts it there for nothing.

    Otherwise a school that only wants to observe would have a bot that acts.
    """
    if settings.school_config is None and SCHOOL_FILE_HERE.is_file():
        return settings.model_copy(update={"school_config": SCHOOL_FILE_HERE})
    return settings


_FIELDS: Final = keys_of(Settings)
_NAMES: Final = tuple(name.upper() for name in _FIELDS)


def _unreadable_lines(env_file: Path) -> Iterator[str]:
    """python-dotenv passes over such a line, and the setting in it would be silently absent."""
    if not env_file.is_file():
        return
    with env_file.open(encoding="utf-8") as lines:
        for each in parse_stream(lines):
            if each.error or (each.key and each.value is None):
                place = f"{env_file}, line {each.original.line}"
                yield f"{place}: is not a setting. Allowed: NAME=value, or # and a remark."


def _misspelt_variables() -> Iterator[str]:
    """Strangers in the environment are none of our business, unless they look like ours."""
    for name in sorted(os.environ):
        plain = name.upper().removeprefix(_OUR_PREFIX)
        ours = name.upper().startswith(_OUR_PREFIX)
        if name.upper() not in _NAMES and (ours or nearest(plain, _NAMES, _MISSPELT)):
            yield unknown_key(name, _NAMES, place="in the environment", meant=plain)


def _is_given(name: str, env_file: Path) -> bool:
    given = {**dotenv_values(env_file, encoding="utf-8"), **os.environ}
    return any(value for key, value in given.items() if key.upper() == name)
