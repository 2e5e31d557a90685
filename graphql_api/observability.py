"""Structured logs: one JSON object a line on standard error, with the request id, never with what was asked or found.

Lives here: the format, the request's line, what other libraries may say. A line never holds a query's text, a variable
or a case value: only method, path, status, milliseconds, sizes, the actor's account name and error codes.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from contextvars import ContextVar
from time import time
from typing import Any, Final, TextIO

import orjson
import structlog

REQUEST_ID: Final[ContextVar[str]] = ContextVar("request_id", default="")
"""The request being answered, for lines written below a door."""

QUIET: Final = ("neo4j", "rdflib", "uvicorn.access", "strawberry.execution", "asyncio", "httpx", "httpcore")
"""Libraries whose messages may quote statements or values: only that they complained is kept, not what they said."""


class CodesOnly(logging.Formatter):
    """Lines of other libraries as our JSON; those of `QUIET` without their text, tracebacks as the error's class."""

    def format(self, record: logging.LogRecord) -> str:
        quiet = record.name.startswith(QUIET)
        line: dict[str, object] = {
            "at": round(record.created, 3),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": "library_message" if quiet else record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        if request_id := REQUEST_ID.get():
            line["request_id"] = request_id
        return orjson.dumps(line).decode()


def configure_logging(level: str = "info", stream: TextIO | None = None) -> None:
    """Send our lines and every library's to one stream as JSON, from `level` on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(CodesOnly())
    threshold = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(level=threshold, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(threshold, logging.ERROR))
    structlog.configure(
        processors=[add_request_id, structlog.processors.add_log_level, add_time, render],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=lambda *_: structlog.WriteLogger(stream or sys.stderr),  # standard error as it is then
        cache_logger_on_first_use=False,
    )


def add_request_id(_logger: object, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The line with its request's id, where there is one."""
    if request_id := REQUEST_ID.get():
        line.setdefault("request_id", request_id)
    return line


def add_time(_logger: object, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The line with seconds since 1970."""
    line["at"] = round(time(), 3)
    return line


def render(_logger: object, _name: str, line: MutableMapping[str, Any]) -> str:
    """The line as JSON; what JSON cannot say is told by its type's name alone."""
    return orjson.dumps(line, default=lambda value: type(value).__name__).decode()


KNOWN_REQUESTS: Final = 200
"""Combinations of method, path and actor whose JSON is remembered."""
LINE: Final = (
    b'{"at":%.3f,"level":"info","event":"request","request_id":"%b",%b,'
    b'"status":%d,"ms":%.2f,"bytes":%d,"source":"%b"}\n'
)


class RequestLog:
    """Writes one line a request. Not structlog: it stands on the path of every cached answer (1 µs, not 30)."""

    def __init__(self, stream: TextIO | None = None, *, level: str = "info") -> None:
        self._place = (stream or sys.stderr).fileno()
        self._enabled = level in {"debug", "info"}
        self._known: dict[tuple[str, str, str], bytes] = {}

    def write(
        self, request_id: str, method: str, path: str, status: int, seconds: float, sent: int, actor: str, source: str
    ) -> None:
        """Note one finished request; ``source`` is ``cache`` when it was answered from memory, else ``made``."""
        if not self._enabled:
            return
        words = self._known.get((method, path, actor))
        if words is None:
            words = orjson.dumps({"method": method, "path": path, "actor": actor})[1:-1]
            if len(self._known) < KNOWN_REQUESTS:
                self._known[method, path, actor] = words
        values = (time(), request_id.encode(), words, status, seconds * 1000, sent, source.encode())
        with suppress(OSError):  # nobody reads the log any more: no reason to stop answering
            os.write(self._place, LINE % values)
