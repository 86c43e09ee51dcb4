"""The import rules of pyproject.toml, tried on a small house that keeps them and on broken ones."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

KEEPS_THEM = {
    "bot/__init__.py": "",
    "bot/__main__.py": "import bot.app\n",
    "bot/app.py": "import bot.handlers, bot.gather, bot.web, storage.ledger, config.settings\n",
    "bot/callback_data.py": "import dataclasses\nimport bot.policy.rules\n",
    "bot/context.py": "import telegram\nimport storage.ledger\n",
    "bot/gather.py": "import telegram\nimport storage.ledger\nimport bot.policy.rules\n",
    "bot/messages/__init__.py": "import babel\n",
    "bot/handlers/__init__.py": "from bot.handlers import groups, cases\n",
    "bot/handlers/groups.py": (
        "import telegram\nimport bot.context, bot.gather, bot.messages\n"
        "from bot.policy import rules\n"
    ),
    "bot/handlers/cases.py": "import bot.context, bot.callback_data\n",
    "bot/pages/__init__.py": (
        "import telegram\nimport bot.policy.rules, bot.messages, storage.ledger\n"
    ),
    "bot/policy/__init__.py": "",
    "bot/policy/rules.py": "import dataclasses, datetime, enum\nimport bot.policy\n",
    "bot/sandbox/__init__.py": "import aiohttp\nimport bot.sandbox.state\n",
    "bot/sandbox/state.py": "",
    "bot/web/__init__.py": "import bot.policy.rules, bot.messages, storage.ledger\n",
    "bot/wording/__init__.py": "",
    "bot/wording/check.py": "import phonenumbers\nimport bot.wording\nimport bot.policy.rules\n",
    "storage/__init__.py": "",
    "storage/ledger.py": "import sqlalchemy\nimport bot.policy.rules\n",
    "config/__init__.py": "",
    "config/settings.py": "import pydantic\nimport config\n",
}

# A line that a room may not have, and the import that is refused for it.
BREAKS = [
    ("bot/__init__.py", "import bot.policy", "bot -> bot.policy"),
    ("bot/policy/rules.py", "import pydantic", "bot.policy.rules -> pydantic"),
    ("bot/policy/rules.py", "import bot.gather", "bot.policy.rules -> bot.gather"),
    ("storage/ledger.py", "import config", "storage.ledger -> config"),
    ("storage/ledger.py", "import bot.gather", "storage.ledger -> bot.gather"),
    ("storage/ledger.py", "import telegram", "storage.ledger -> telegram"),
    ("config/settings.py", "import storage", "config.settings -> storage"),
    ("bot/handlers/groups.py", "import storage.ledger", "bot.handlers.groups -> storage.ledger"),
    (
        "bot/handlers/groups.py",
        "from bot.handlers import cases",
        "bot.handlers.groups -> bot.handlers.cases",
    ),
    ("bot/handlers/groups.py", "import sqlalchemy", "bot.handlers.groups -> sqlalchemy"),
    ("bot/handlers/groups.py", "import config.settings", "bot.handlers.groups -> config.settings"),
    ("bot/handlers/__init__.py", "import storage.ledger", "bot.handlers -> storage.ledger"),
    ("bot/callback_data.py", "import bot.context", "bot.callback_data -> bot.context"),
    ("bot/pages/__init__.py", "import bot.context", "bot.pages -> bot.context"),
    ("bot/wording/check.py", "import storage.ledger", "bot.wording.check -> storage.ledger"),
    ("bot/wording/check.py", "import bot.messages", "bot.wording.check -> bot.messages"),
    ("bot/wording/check.py", "import telegram", "bot.wording.check -> telegram"),
    ("bot/web/__init__.py", "import telegram", "bot.web -> telegram"),
    ("bot/web/__init__.py", "import bot.gather", "bot.web -> bot.gather"),
    ("bot/sandbox/state.py", "import bot.policy.rules", "bot.sandbox.state -> bot.policy.rules"),
    ("bot/sandbox/state.py", "import telegram", "bot.sandbox.state -> telegram"),
    ("bot/gather.py", "import bot.app", "bot.gather -> bot.app"),
]


def check(house: Path) -> tuple[int, set[str]]:
    """import-linter's status and the imports that it refuses."""
    (house / "tests").mkdir()
    shutil.copy(ROOT / "pyproject.toml", house)
    shutil.copy(ROOT / "tests" / "import_rules.py", house / "tests")
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    ended = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts:" in ended.stdout, ended.stdout + ended.stderr
    return ended.returncode, set(re.findall(r"- (\S+ -> \S+) \(l\.", ended.stdout))


def build(house: Path, modules: dict[str, str]) -> Path:
    for name, text in modules.items():
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_text(text)
    return house


def test_import_rules_when_kept_then_pass(tmp_path):
    assert check(build(tmp_path, KEEPS_THEM)) == (0, set())


def test_import_rules_when_most_rooms_do_not_exist_yet_then_pass(tmp_path):
    rooms = ("bot/__init__.py", "bot/app.py", "bot/policy", "storage/__init__.py", "config")
    few = {name: "" for name in KEEPS_THEM if name.startswith(rooms)}

    assert check(build(tmp_path, few)) == (0, set())


def test_import_rules_when_every_one_is_broken_then_exactly_those_imports_are_named(tmp_path):
    house = dict(KEEPS_THEM)
    for module, line, _ in BREAKS:
        house[module] += f"{line}\n"

    assert check(build(tmp_path, house)) == (1, {refused for _, _, refused in BREAKS})
