import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from config.problems import ConfigError
from config.settings import Settings, load_settings


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file .env that does not exist yet, and an environment without any of our variables."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path / ".env"


@pytest.fixture
def load(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Settings from the variables given here, over whatever the test wrote into `env_file`."""

    def load(*, token_required: bool = False, **environment: str) -> Settings:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return load_settings(token_required=token_required, env_file=env_file)

    return load


@pytest.fixture
def problems(load: Callable[..., Settings]) -> Callable[..., tuple[str, ...]]:
    """What the start is stopped for."""

    def problems(**arguments: object) -> tuple[str, ...]:
        with pytest.raises(ConfigError) as stopped:
            load(**arguments)
        return stopped.value.problems

    return problems


@pytest.fixture
def logging_put_back() -> Iterator[None]:
    """Logging is one for the whole process; a test that configures it leaves it as it was."""
    root = logging.getLogger()
    handlers, level = tuple(root.handlers), root.level
    hooks = sys.excepthook, threading.excepthook
    show = warnings.showwarning
    known = set(root.manager.loggerDict)
    yield
    for each in tuple(root.handlers):
        root.removeHandler(each)
    for each in handlers:
        root.addHandler(each)
    root.setLevel(level)
    for name in (*known, *root.manager.loggerDict):
        logging.getLogger(name).setLevel(logging.NOTSET)
    logging.captureWarnings(capture=False)
    warnings.showwarning = show
    sys.excepthook, threading.excepthook = hooks
    structlog.reset_defaults()
