"""Our errors as callers of a door meet them: one table from code to HTTP status, one body for both doors.

Lives here: status, body, masking. Elsewhere: the errors themselves (``registry.errors``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import orjson

from registry import errors
from registry.errors import Fact, IctipError

STATUSES: Final[tuple[tuple[type[IctipError], int], ...]] = (
    (errors.BodyTooLarge, 413),
    (errors.MethodRefused, 405),
    (errors.MediaTypeRefused, 415),
    (errors.AnswerTypeRefused, 406),
    (errors.StreamNeeded, 406),
    (errors.HostRefused, 421),
    (errors.CredentialsRefused, 401),
    (errors.RateExceeded, 429),
    (errors.RequestsExceeded, 429),
    (errors.StreamsExceeded, 429),
    (errors.Invalid, 400),
    (errors.NotFound, 404),
    (errors.Refused, 403),
    (errors.Conflict, 409),
    (errors.DeadlineExceeded, 504),
    (errors.Unavailable, 503),
    (errors.Fault, 500),
    (IctipError, 500),
)
"""First match counts, so the particular stand before the general."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One error, ready to be told. ``facts`` are identifiers, codes and counts, never a case value."""

    status: int
    code: str
    message: str
    hint: str
    retriable: bool
    facts: dict[str, Fact]

    @property
    def extensions(self) -> dict[str, object]:
        """What stands under ``extensions`` of a GraphQL error."""
        return {"code": self.code, "retriable": self.retriable, "hint": self.hint, "facts": self.facts}

    def body(self, request_id: str) -> bytes:
        """The error as a plain HTTP answer: an object with ``error``."""
        told = {"message": self.message, **self.extensions, "requestId": request_id}
        return orjson.dumps({"error": told})


def status_of(error: IctipError) -> int:
    """The HTTP status of one of our errors."""
    return next(status for kind, status in STATUSES if isinstance(error, kind))


def problem_of(error: BaseException, *, request_id: str) -> Problem:
    """The problem to tell of any exception; what is not ours is masked and keeps only the request id."""
    if not isinstance(error, IctipError):
        error = errors.Unexpected(request_id=request_id)
    return Problem(
        status=status_of(error),
        code=error.code,
        message=error.message,
        hint=error.hint,
        retriable=error.retriable,
        facts=dict(error.facts),
    )
