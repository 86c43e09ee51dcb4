"""Settings: what is accepted, what stops the start, and how it is told."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from config.logging import LogFormat, LogLevel
from config.problems import ConfigError
from config.school import SCHOOL_FILE, load_school

TOKEN = "8000000001:" + "A" * 35
NAMES = "BOT_TOKEN, DATABASE_URL, LOG_FORMAT, LOG_LEVEL, SCHOOL_CONFIG, TELEGRAM_BASE_URL"
DATABASE_ALLOWED = (
    "Allowed: sqlite+aiosqlite:///file.db or postgresql+asyncpg://user:password@host/name."
)
BASE_URL_REFUSED = (
    "TELEGRAM_BASE_URL: is not an address that the bot token may be sent to. Allowed: "
    "https://…/bot, or http://…/bot on this machine (localhost, 127.0.0.1, ::1)."
)


def test_settings_when_nothing_is_set_then_defaults(load):
    settings = load()

    assert settings.model_dump() == {
        "bot_token": None,
        "telegram_base_url": "https://api.telegram.org/bot",
        "database_url": "sqlite+aiosqlite:///groepswacht.db",
        "school_config": None,
        "log_format": LogFormat.CONSOLE,
        "log_level": LogLevel.INFO,
    }


def test_settings_when_in_the_file_and_the_environment_then_the_environment_counts(load, env_file):
    env_file.write_text("LOG_LEVEL=ERROR\nLOG_FORMAT=json\n")

    settings = load(LOG_LEVEL="warning")

    assert (settings.log_level, settings.log_format) == (LogLevel.WARNING, LogFormat.JSON)


def test_settings_when_left_empty_then_defaults(load, env_file):
    env_file.write_text("BOT_TOKEN=\nLOG_LEVEL=\n")

    settings = load(DATABASE_URL="")

    assert settings.bot_token is None
    assert settings.log_level is LogLevel.INFO
    assert settings.database_url == "sqlite+aiosqlite:///groepswacht.db"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("sqlite+aiosqlite:///a.db", "sqlite+aiosqlite:///a.db", id="sqlite"),
        pytest.param("sqlite:///a.db", "sqlite+aiosqlite:///a.db", id="sqlite without driver"),
        pytest.param("sqlite:////srv/a.db", "sqlite+aiosqlite:////srv/a.db", id="absolute path"),
        pytest.param("postgresql+asyncpg://h/n", "postgresql+asyncpg://h/n", id="postgresql"),
        pytest.param("postgres://u:p@h/n", "postgresql+asyncpg://u:p@h/n", id="as platforms say"),
        pytest.param("postgresql://h/n", "postgresql+asyncpg://h/n", id="without driver"),
    ],
)
def test_database_url_when_usable_then_names_our_driver(load, written, read):
    assert load(DATABASE_URL=written).database_url == read


@pytest.mark.parametrize(
    ("written", "what"),
    [
        pytest.param("groepswacht.db", "is not a database address", id="a path"),
        pytest.param(
            "mysql://h/n", "names a database that Groepswacht does not work with", id="mysql"
        ),
        pytest.param(
            "postgresql+psycopg://h/n",
            "names a database that Groepswacht does not work with",
            id="another driver",
        ),
        pytest.param(
            "sqlite:///:memory:",
            "names no file, so everything would be lost at the next start",
            id="memory",
        ),
        pytest.param(
            "sqlite://",
            "names no file, so everything would be lost at the next start",
            id="no file",
        ),
    ],
)
def test_database_url_when_unusable_then_stops_and_says_why(problems, written, what):
    assert problems(DATABASE_URL=written) == (f"DATABASE_URL: {what}. {DATABASE_ALLOWED}",)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://api.telegram.org/bot", id="Telegram"),
        pytest.param("https://bot-api.example.org:8443/telegram/bot", id="own server"),
        pytest.param("http://localhost:8081/bot", id="this machine by name"),
        pytest.param("http://127.0.0.1:8081/bot", id="this machine by IPv4"),
        pytest.param("http://127.8.8.8/bot", id="all of 127.0.0.0/8"),
        pytest.param("http://[::1]:8081/bot", id="this machine by IPv6"),
    ],
)
def test_base_url_when_encrypted_or_local_then_accepted(load, url):
    assert load(TELEGRAM_BASE_URL=url).telegram_base_url == url


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://api.telegram.org/bot", id="unencrypted"),
        pytest.param("http://localhost.example.org/bot", id="looks like this machine"),
        pytest.param("http://127.0.0.1@example.org/bot", id="this machine as user name"),
        pytest.param("http://0.0.0.0/bot", id="any address"),
        pytest.param("https://api.telegram.org", id="without /bot"),
        pytest.param("https://api.telegram.org/bot/", id="slash at the end"),
        pytest.param("https://api.telegram.org/x?y=/bot", id="in a query"),
        pytest.param("https://api.telegram.org/#/bot", id="in a fragment"),
        pytest.param("https:///bot", id="without host"),
        pytest.param("https://example.org:port/bot", id="port in letters"),
        pytest.param("ftp://localhost/bot", id="another scheme"),
        pytest.param("api.telegram.org/bot", id="without scheme"),
    ],
)
def test_base_url_when_token_would_be_exposed_then_stops(problems, url):
    assert problems(TELEGRAM_BASE_URL=url) == (BASE_URL_REFUSED,)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("8000000001", id="id only"),
        pytest.param("8000000001:" + "A" * 29, id="too short"),
        pytest.param("80000:" + "A" * 35, id="id too short"),
        pytest.param("8000000001:" + "A" * 34 + " B", id="a space"),
        pytest.param("bot8000000001:" + "A" * 35, id="with the word bot"),
    ],
)
def test_token_when_not_a_token_then_stops_without_repeating_it(problems, token):
    assert problems(BOT_TOKEN=token) == (
        (
            "BOT_TOKEN: does not have the form of a bot token. Allowed: the token that @BotFather "
            "gave: digits, a colon, 30 characters or more."
        ),
    )


def test_token_when_given_with_blanks_around_it_then_read_without(load):
    assert load(BOT_TOKEN=f" {TOKEN}\n").bot_token == SecretStr(TOKEN)


def test_token_when_required_and_missing_then_stops(problems):
    assert problems(token_required=True) == (
        (
            "BOT_TOKEN: is missing. Allowed: the token that @BotFather gave: digits, a colon, "
            "30 characters or more."
        ),
    )


def test_token_when_required_and_in_the_file_then_loads(load, env_file):
    env_file.write_text(f"BOT_TOKEN={TOKEN}\n")

    assert load(token_required=True).bot_token == SecretStr(TOKEN)


def test_school_config_when_no_such_file_then_stops(problems, tmp_path):
    assert problems(SCHOOL_CONFIG=str(tmp_path / "none.toml")) == (
        f"SCHOOL_CONFIG: is not a file on this machine. Allowed: {SCHOOL_FILE}.",
    )


def test_school_config_when_a_file_then_its_path(load, tmp_path):
    path = tmp_path / "school.toml"
    path.touch()

    assert load(SCHOOL_CONFIG=str(path)).school_config == path


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        pytest.param("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING or ERROR", id="level"),
        pytest.param("LOG_FORMAT", "xml", "console or json", id="format"),
    ],
)
def test_choice_when_not_one_of_them_then_stops_and_lists_them(problems, name, value, allowed):
    assert problems(**{name: value}) == (f"{name}: is not one of the choices. Allowed: {allowed}.",)


def test_env_file_when_it_has_an_unknown_key_then_named_with_the_nearest(problems, env_file):
    env_file.write_text("BOT_TOKE=something\n")

    assert problems() == (f"BOT_TOKE: is not a setting. Did you mean BOT_TOKEN? Allowed: {NAMES}.",)


def test_env_file_when_a_line_is_no_setting_then_named_with_its_number(problems, env_file):
    env_file.write_text("# remark\nLOG_LEVEL\n\nLOG_FORMAT=json\n")

    assert problems() == (
        f"{env_file}, line 2: is not a setting. Allowed: NAME=value, or # and a remark.",
    )


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        pytest.param("BOT_TOKE", "BOT_TOKEN", id="a letter short"),
        pytest.param("SCHOOL_CONFG", "SCHOOL_CONFIG", id="a letter lost"),
        pytest.param("DATABASE_URI", "DATABASE_URL", id="another letter"),
        pytest.param("GROEPSWACHT_LOG_LEVEL", "LOG_LEVEL", id="with our name before it"),
        pytest.param("log_levl", "LOG_LEVEL", id="in small letters"),
    ],
)
def test_environment_when_a_setting_is_misspelt_then_named_with_the_nearest(problems, name, meant):
    assert problems(**{name: "x"}) == (
        f"{name} (in the environment): is not a setting. Did you mean {meant}? Allowed: {NAMES}.",
    )


def test_environment_when_it_begins_with_our_name_then_named_even_if_nothing_is_near(problems):
    assert problems(GROEPSWACHT_XYZ="1") == (
        f"GROEPSWACHT_XYZ (in the environment): is not a setting. Allowed: {NAMES}.",
    )


@pytest.mark.parametrize(
    "name", ["LOGNAME", "TOKEN", "SCHOOL", "DATABASE_HOST", "TELEGRAM_CHAT", "BOT_API_SCHEMA"]
)
def test_environment_when_a_variable_is_of_someone_else_then_left_alone(load, name):
    assert load(**{name: "x"}).log_level is LogLevel.INFO


def test_problems_when_several_then_all_at_once_and_no_value_among_them(load, env_file):
    env_file.write_text("DATABSE_URL=geheim-1\n")

    with pytest.raises(ConfigError) as stopped:
        load(
            token_required=True,
            SCHOOL_CONFG="geheim-2",
            LOG_LEVEL="geheim-3",
            DATABASE_URL="mysql://u:geheim-4@h/n",
        )

    keys = [line.split(":")[0] for line in stopped.value.problems]
    assert keys == [
        "SCHOOL_CONFG (in the environment)",
        "BOT_TOKEN",
        "DATABASE_URL",
        "LOG_LEVEL",
        "DATABSE_URL",
    ]
    assert "geheim" not in str(stopped.value)


def test_error_when_shown_then_dutch_first_and_english_beside_it():
    assert str(ConfigError(["NAME: is wrong. Allowed: right."])).splitlines() == [
        "De instellingen kloppen nog niet; Groepswacht is niet gestart. Pas dit aan:",
        "The configuration is not right yet; Groepswacht did not start. Mend this:",
        "- NAME: is wrong. Allowed: right.",
        "Uitleg / explanation: docs/configuration.md",
    ]


def test_settings_when_printed_then_neither_token_nor_password(load):
    settings = load(BOT_TOKEN=TOKEN, DATABASE_URL="postgres://u:geheim@h/n")

    assert settings.secrets == (TOKEN, "geheim")
    for shown in (repr(settings), str(settings)):
        assert TOKEN not in shown
        assert "geheim" not in shown


def test_secrets_when_there_are_none_then_empty(load):
    assert load().secrets == ()


def test_env_file_when_named_elsewhere_then_only_that_one_is_read(load, tmp_path, monkeypatch):
    here = tmp_path / "here"
    here.mkdir()
    Path(here / ".env").write_text("LOG_FORMAT=json\n")
    monkeypatch.chdir(here)

    assert load().log_format is LogFormat.CONSOLE


def test_school_file_that_lies_in_the_working_folder_is_meant(tmp_path, load, monkeypatch):
    monkeypatch.chdir(tmp_path)
    without = load().school_config

    (tmp_path / "school.toml").write_text("observe_only = true\n", encoding="utf-8")

    assert without is None
    assert load_school(load().school_config).observe_only
