"""Logging for operators: one line per happening on stderr, with every bot token scrubbed.

Lines carry ids, rules and tags. Message text, names and updates must never enter: they belong to
the ledger, or nowhere. The token is scrubbed from the finished line, where nothing can be added
any more; a filter on a logger would miss its children, and one on the record would miss what the
formatter adds (arguments, tracebacks, extras).
"""

import contextlib
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterable
from enum import StrEnum
from types import TracebackType
from typing import Final, TextIO

import structlog
from structlog.types import Processor


class LogFormat(StrEnum):
    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


# The bot's id, a colon, and 35 characters today; in an address the colon may be percent-encoded.
# Source: https://core.telegram.org/bots/api#authorizing-your-bot
TOKEN_FORM: Final = r"\d{6,}:[A-Za-z0-9_-]{30,}"  # noqa: S105 -- a form, not a token
_TOKEN: Final = re.compile(TOKEN_FORM.replace(":", "(?::|%3[Aa])"))
_REMOVED: Final = "[removed]"

# Only these may speak below INFO. Libraries print what passes through them at DEBUG: whole updates,
# request bodies, the parameters of a statement.
_OURS: Final = ("bot", "storage", "config", "__main__")

# These repeat at INFO what our own lines say, and some of them print addresses or parameters.
_QUIET: Final = (
    "aiohttp.access",
    "alembic",
    "aiosqlite",
    "apscheduler",
    "httpcore",
    "httpx",
    "multipart",
    "python_multipart",
    "sqlalchemy",
    "uvicorn.access",
)


class Scrubber:
    """Takes every bot token, and the secrets that it was told of, out of a text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # Longest first, so that a secret that contains another leaves no remainder.
        self._secrets = sorted({each for each in secrets if each}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _REMOVED)
        return _TOKEN.sub(_REMOVED, text)


class ScrubbingHandler(logging.StreamHandler[TextIO]):
    """Writes lines without secrets, also when formatting them fails."""

    def __init__(self, stream: TextIO, scrub: Scrubber) -> None:
        super().__init__(stream)
        self._scrub = scrub

    def format(self, record: logging.LogRecord) -> str:
        return self._scrub(super().format(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- logging's name
        """Name the faulty line; logging's own report would print its arguments as they are."""
        report = f"not logged: {record.name}, {record.pathname}:{record.lineno}\n"
        # Where the stream itself is gone, there is nobody left to tell.
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(self._scrub(report + traceback.format_exc()))


def configure_logging(
    level: LogLevel,
    log_format: LogFormat,
    *,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Let everything that logs, ours and libraries', write to stderr in one form, scrubbed.

    `secrets`: what else must not be seen, beside everything that has the form of a bot token.
    Replaces what was configured before. Uncaught exceptions go the same way.
    """
    handler = ScrubbingHandler(stream or sys.stderr, Scrubber(secrets))
    handler.setFormatter(_formatter(log_format))
    root = logging.getLogger()
    for each in tuple(root.handlers):
        root.removeHandler(each)
    root.addHandler(handler)
    _set_levels(level)
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread


def _set_levels(level: LogLevel) -> None:
    chosen = logging.getLevelNamesMapping()[level]
    logging.getLogger().setLevel(max(chosen, logging.INFO))
    logging.getLogger("telegram").setLevel(max(chosen, logging.INFO))
    for name in _OURS:
        logging.getLogger(name).setLevel(chosen)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(chosen, logging.WARNING))


def _shared_processors() -> list[Processor]:
    """What every line carries, whether structlog or a library wrote it."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _formatter(log_format: LogFormat) -> structlog.stdlib.ProcessorFormatter:
    # Tracebacks without local variables (they hold people's messages) and without colours (they
    # would cut a token in pieces that no pattern finds).
    endings: dict[LogFormat, list[Processor]] = {
        LogFormat.JSON: [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        LogFormat.CONSOLE: [
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            )
        ],
    }
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_shared_processors(), structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *endings[log_format],
        ],
    )


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger(__name__).critical("uncaught exception", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(failure: threading.ExceptHookArgs) -> None:
    if failure.exc_value is not None:
        _log_uncaught(failure.exc_type, failure.exc_value, failure.exc_traceback)
