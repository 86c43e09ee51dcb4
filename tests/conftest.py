"""What tests of every room share: a database with all tables, made once and copied."""

import asyncio
import shutil
from pathlib import Path

import pytest

from storage.engine import open_engine
from storage.schema import migrate


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and no rows: a copy of it costs far less than migrating."""
    path = tmp_path_factory.mktemp("template") / "groepswacht.db"

    async def make() -> None:
        engine = open_engine(f"sqlite+aiosqlite:///{path}")
        await migrate(engine)
        await engine.dispose()

    asyncio.run(make())
    return path


@pytest.fixture
def database(migrated_file: Path, tmp_path: Path) -> Path:
    """A database file of one test's own."""
    return Path(shutil.copy(migrated_file, tmp_path / "groepswacht.db"))
