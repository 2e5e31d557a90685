"""Bodies in and answers out: what every door does with a connection's bytes, and the headers all answers have."""

from __future__ import annotations

from typing import Final

from starlette.types import Message, Receive, Send

from graphql_api.problems import problem_of
from graphql_api.schema.answers import Answer
from graphql_api.schema.door import EVENTS, JSON, UTF8
from graphql_api.schema.execution import log_unexpected
from registry.errors import BodyTooLarge, IctipError, RequestMalformed

SECURITY: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
"""On every answer. Pages add their own content policy."""
CLOSED: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
"""For answers that are no page."""
CHALLENGE: Final = (b"www-authenticate", b'Bearer realm="ictip", error="invalid_token"')
"""How to do better, on every 401 (RFC 6750, 3)."""
NOT_KEPT: Final = (b"cache-control", b"no-store")
LEAN: Final = (NOT_KEPT, CLOSED, SECURITY[0])
"""What a GraphQL answer needs of these: it is data and never a page. Each header costs half a microsecond."""


async def read_bytes(headers: dict[bytes, bytes], receive: Receive, limit: int) -> bytes:
    """The body, refused before it is read where it says it is too large, else as soon as it is."""
    told = headers.get(b"content-length", b"0")
    if told.isdigit() and int(told) > limit:
        raise BodyTooLarge(limit=limit)
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        parts, size = [body], len(body)
        while message.get("more_body"):
            message = await receive()
            if message["type"] == "http.disconnect":
                raise RequestMalformed(reason="the connection was closed inside the body")
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > limit:
                raise BodyTooLarge(limit=limit)
        body = b"".join(parts)
    if len(body) > limit:
        raise BodyTooLarge(limit=limit)
    return body


class Reply:
    """Sends one answer with the headers all have, and remembers what was sent."""

    __slots__ = ("_send", "cost", "request_id", "sent", "source", "status")

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self.request_id = request_id
        self.status = 0
        self.sent = 0
        self.source = "made"
        self.cost = 0.0

    def charge(self, seconds: float) -> float:
        """Milliseconds to charge for an answer that took so long; a stream mostly waits, and is charged as it goes."""
        return self.cost if self.source == "stream" else max(self.cost, seconds * 1000)

    async def answer(self, answer: Answer) -> None:
        """Send an answer of the GraphQL door."""
        self.status = answer.status
        self.sent = len(answer.body)
        headers = [
            (b"content-type", answer.media.encode()),
            (b"content-length", str(self.sent).encode()),
            (b"x-request-id", self.request_id.encode()),
            *LEAN,
        ]
        if answer.status == 401:
            headers.append(CHALLENGE)
        await self._send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": answer.body})

    async def begin_events(self) -> None:
        """Begin a stream of events: nothing between us and the caller may keep or gather them."""
        self.status, self.source = 200, "stream"
        headers = [
            (b"content-type", (EVENTS + UTF8).encode()),
            (b"x-accel-buffering", b"no"),
            (b"x-request-id", self.request_id.encode()),
            *LEAN,
        ]
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})

    async def event(self, event: bytes, *, last: bool = False) -> None:
        """Send one event; returns when the connection has room for another."""
        self.sent += len(event)
        await self._send({"type": "http.response.body", "body": event, "more_body": not last})

    async def passing(self, message: Message) -> None:
        """Pass a routed answer on, its headers completed."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            given = list(message["headers"])
            names = {name for name, _ in given}
            given += [(b"x-request-id", self.request_id.encode()), *SECURITY]
            given += [header for header in (CLOSED, NOT_KEPT) if header[0] not in names]
            message = {**message, "headers": given}
        elif message["type"] == "http.response.body":
            self.sent += len(message.get("body", b""))
        await self._send(message)

    async def problem(self, error: Exception) -> None:
        """Tell an error, unless an answer is already under way."""
        if not isinstance(error, IctipError):
            log_unexpected(error)
        if self.status:
            return
        problem = problem_of(error, request_id=self.request_id)
        await self.answer(Answer(problem.status, JSON + UTF8, problem.body(self.request_id)))
