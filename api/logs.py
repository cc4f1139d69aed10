"""One JSON object a line, with the request it belongs to, and no secret in it."""

import logging
import sys
import traceback
from collections.abc import Iterable
from typing import Any, TextIO

import structlog
from structlog.types import EventDict, ExcInfo, Processor

from api.redaction import Redactor

QUIET = (
    *("uvicorn.access", "uvicorn.error", "httpx", "httpcore"),
    *("aiosqlite", "alembic", "sqlalchemy.engine", "authlib"),
)
"""Their lines hold whole URLs, statements or bodies: only their warnings are kept."""


def configure_logs(
    *,
    level: str,
    known_secrets: Iterable[str] = (),
    stream: TextIO | None = None,
    for_people: bool = False,
) -> None:
    """Send structlog's and the standard library's records, redacted, to one stream.

    As JSON, or ``for_people`` as columns: for whoever starts the server in a terminal.
    """
    shared = _processors(Redactor(known_secrets))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer()
                if for_people
                else structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_number(level))
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _processors(redactor: Redactor) -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _where_it_broke,
        _redaction(redactor),
    ]


def _redaction(redactor: Redactor) -> Processor:
    def redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
        """Clean every key but structlog's own bookkeeping, which does not leave the process."""
        for key, value in list(event.items()):
            if not key.startswith("_"):
                event[key] = redactor.clean(value, name=key)
        return event

    return redact


def _where_it_broke(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and frames: its message and locals may hold anything."""
    info = event.pop("exc_info", None)
    error = _exception(info)
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__qualname__
        event["where"] = [f"{each.filename}:{each.lineno} {each.name}" for each in frames[-12:]]
    return event


def _exception(info: ExcInfo | BaseException | bool | None) -> BaseException | None:
    if isinstance(info, BaseException):
        return info
    if isinstance(info, tuple):
        return info[1]
    return sys.exc_info()[1] if info else None


def bind_caller(*, principal: str, tenant: str) -> None:
    """Name the caller on every further line of this request, by id and never by name."""
    structlog.contextvars.bind_contextvars(principal=principal, tenant=tenant)


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]
