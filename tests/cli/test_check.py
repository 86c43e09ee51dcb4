"""``check`` and ``status`` against the pretend Telegram."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.cli.checking import space_finding
from bot.cli.checking_telegram import clock_finding
from bot.cli.findings import Mark
from bot.policy.groups import ALLOWED_WHEN_LOCKED, PERMISSIONS, REQUIRED_RIGHTS
from bot.sandbox import Telegram
from bot.sandbox.server import Served, serve
from storage.engine import open_engine
from storage.schema import migrate
from storage.tables import accounts, group_chat_ids, groups, people

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LOCKED = {name: name in ALLOWED_WHEN_LOCKED for name in PERMISSIONS}

Check = Callable[..., Awaitable[tuple[int, list[str]]]]


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serve(Telegram()) as running:
        yield running


@pytest.fixture
def check(program, served) -> Check:
    """The exit code, and the lines with a mark."""

    async def check(**environment: str) -> tuple[int, list[str]]:
        code, out, err = await program(
            "check",
            **{
                "BOT_TOKEN": served.telegram.token,
                "TELEGRAM_BASE_URL": served.base_url,
                "PYTHONIOENCODING": "utf-8",
                **environment,
            },
        )
        assert served.telegram.token not in out + err
        return code, [line for line in out.splitlines() if line[:1] in "✓!✗"]

    return check


async def manage(url: str, served: Served, *, rights: list[str], **permissions: bool) -> int:
    """A group of a linked teacher that our tables call managed, without a running bot."""
    world = served.telegram.people
    teacher = world.create_user("Anna")
    chat = world.add_bot(teacher, world.create_group(teacher, "4H2", []), rights)
    world.set_permissions(teacher, chat, LOCKED | permissions)
    engine = open_engine(url)
    await migrate(engine)
    async with engine.begin() as connection:
        await connection.execute(
            insert(people).values(
                id=1, school_id="VRI", name="Anna", role="staff", active=True, imported_at=AT
            )
        )
        rows: list[tuple[Any, dict[str, Any]]] = [
            (accounts, {"id": 1, "user_id": teacher, "person_id": 1, "first_seen_at": AT}),
            (
                groups,
                {
                    "id": 1,
                    "state": "managed",
                    "kind": "supergroup",
                    "title": "4H2",
                    "owner": 1,
                    "first_seen_at": AT,
                },
            ),
            (group_chat_ids, {"chat_id": chat, "group_id": 1, "since": AT, "is_current": True}),
        ]
        for table, row in rows:
            await connection.execute(insert(table).values(row))
    await engine.dispose()
    return chat


async def test_check_when_everything_is_right_then_zero(check, served, database_url):
    await manage(database_url, served, rights=list(REQUIRED_RIGHTS))

    code, lines = await check()

    assert {line[0] for line in lines} == {"✓"}
    assert lines[-2:] == [
        "✓ Groep 1 (4H2): zit op slot.",
        "✓ Groep 1 (4H2): rechten en eigenaar zijn in orde.",
    ]
    assert code == 0


async def test_check_when_a_group_is_open_then_said_with_what_is_open(check, served, database_url):
    await manage(database_url, served, rights=list(REQUIRED_RIGHTS), can_send_polls=True)

    code, lines = await check()

    assert [line for line in lines if line[0] == "✗"] == [
        "✗ Groep 1 (4H2): zit niet op slot (can_send_polls)."
    ]
    assert code == 1


async def test_check_when_the_bot_lacks_rights_then_said(check, served, database_url):
    await manage(database_url, served, rights=["can_restrict_members"])

    code, lines = await check()

    assert [line for line in lines if line[0] == "✗"] == ["✗ Groep 1 (4H2): rights-missing"]
    assert code == 1


async def test_check_when_the_group_changed_hands_then_said(check, served, database_url):
    chat = await manage(database_url, served, rights=list(REQUIRED_RIGHTS))
    world = served.telegram.people
    pupil = world.create_user("Bram")
    owner = next(iter(served.telegram.world.chat(chat).administrators))
    world.join(pupil, chat=chat, added_by=owner)
    world.transfer_ownership(owner, chat, pupil)

    code, lines = await check()

    assert "✗ Groep 1 (4H2): de eigenaar is niet als medewerker bekend." in lines
    assert code == 1


async def test_check_when_the_bot_was_removed_then_said(check, served, database_url):
    chat = await manage(database_url, served, rights=list(REQUIRED_RIGHTS))
    owner = next(iter(served.telegram.world.chat(chat).administrators))
    served.telegram.people.remove_bot(owner, chat)

    code, lines = await check()

    assert lines[-1] == "✗ Groep 1 (4H2): de bot zit er niet meer in."
    assert code == 1


async def test_check_when_the_token_is_refused_then_said_without_it(check):
    wrong = f"7000000001:{'A' * 35}"

    code, lines = await check(BOT_TOKEN=wrong)

    assert lines[-1] == "✗ Telegram kent dit token niet."
    assert wrong not in "".join(lines)
    assert code == 1


async def test_check_when_telegram_is_away_then_said(check):
    code, lines = await check(TELEGRAM_BASE_URL="http://127.0.0.1:9/bot")

    assert lines[-2:] == ["! De klok is niet te vergelijken.", "✗ Telegram antwoordt niet."]
    assert code == 1


async def test_check_when_there_is_no_token_then_said(check):
    code, lines = await check(BOT_TOKEN="")

    assert lines[-1] == "✗ Er is geen token (BOT_TOKEN)."
    assert code == 1


async def test_check_when_another_program_has_a_webhook_then_said(check, served):
    await served.telegram.call("setWebhook", {"url": "https://example.org/hook"})

    code, lines = await check()

    assert [line for line in lines if line[0] == "✗"] == [
        "✗ Een ander programma ontvangt de berichten voor deze bot (er staat een webhook)."
    ]
    assert code == 1


async def test_check_when_switches_stand_wrong_then_each_is_named(program):
    telegram = Telegram(
        can_read_all_group_messages=True,
        can_join_groups=False,
        can_connect_to_business=True,
        supports_guest_queries=True,
    )
    async with serve(telegram) as running:
        code, out, _ = await program(
            "check",
            BOT_TOKEN=telegram.token,
            TELEGRAM_BASE_URL=running.base_url,
            PYTHONIOENCODING="utf-8",
        )

    assert sum(line.startswith("! Moet anders") for line in out.splitlines()) == 3
    assert "✗ De bot mag niet in groepen." in out
    assert code == 1


@pytest.mark.parametrize(
    ("ahead", "mark"),
    [(0, Mark.FINE), (-5, Mark.FINE), (6, Mark.LOOK), (-60, Mark.LOOK), (61, Mark.WRONG)],
)
def test_clock_when_it_differs_then_judged_by_how_much(ahead, mark):
    assert clock_finding(timedelta(seconds=ahead)).mark is mark


@pytest.mark.parametrize(
    ("free", "mark"),
    [(10**9, Mark.FINE), (10**9 - 1, Mark.LOOK), (10**8, Mark.LOOK), (10**8 - 1, Mark.WRONG)],
)
def test_space_when_it_gets_little_then_judged_by_how_much(free, mark):
    assert space_finding(free).mark is mark


def test_status_when_asked_then_counts_of_groups_people_and_log(command, roster):
    command("import-people", str(roster), "--yes")
    command("codes", "--json", "--class", "4H2")

    result = command("status")

    assert result.exit_code == 0
    (students,) = [line for line in result.stdout.splitlines() if "leerling / student" in line]
    assert [cell.strip() for cell in students.strip("│|").split("│")][1:] == ["2", "0", "2", "0"]
    assert "Logboek / log: 2, " in result.stdout


async def test_status_when_there_is_a_managed_group_then_counted(program, served, database_url):
    await manage(database_url, served, rights=[])

    code, out, _ = await program("status", PYTHONIOENCODING="utf-8")

    assert code == 0
    (managed,) = [line for line in out.splitlines() if "beheerd / managed" in line]
    assert managed.split("│")[2].strip() == "1"
