"""A client of event streams that speaks with the application itself: headers, events as they come, leaving."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson

from graphql_api.app import Building

Json = dict[str, Any]
WAIT = 20.0
"""Seconds after which a test gives up on an event."""


@dataclass(slots=True)
class Event:
    """One server-sent event."""

    name: str
    data: Json | None
    id: str | None


@dataclass
class Listener:
    """One open connection: ``status`` and ``headers`` once they came, then events one by one."""

    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """Set to leave."""
    room: asyncio.Event = field(default_factory=asyncio.Event)
    """Cleared to take nothing, as a client does that does not read."""
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    comments: int = 0
    ended: bool = False
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the application is done with the connection."""
    _texts: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)

    async def take(self, message: Any) -> None:
        """What the application sends."""
        await self.room.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        if body := message.get("body"):
            self._texts.put_nowait(body)
        if not message.get("more_body"):
            self.ended = True
            self._texts.put_nowait(None)

    async def text(self) -> bytes | None:
        """The next bytes; None at the end."""
        return await asyncio.wait_for(self._texts.get(), WAIT)

    async def event(self) -> Event:
        """The next event; comments are counted and passed over."""
        while True:
            text = await self.text()
            assert text is not None, "the stream ended"
            if text != b":\n\n":
                return read_event(text)
            self.comments += 1

    async def begun(self) -> None:
        """Return when the stream follows: with its first comment."""
        assert await self.text() == b":\n\n"

    async def told(self) -> Json:
        """The data of the next event, which must be without errors."""
        event = await self.event()
        assert event.name == "next"
        assert event.data is not None
        assert "errors" not in event.data, event.data
        data: Json = event.data["data"]
        return data

    async def last_error(self) -> str:
        """The code of the error that ends the stream: an event, ``complete``, and the end of the answer."""
        event = await self.event()
        assert event.data is not None
        (error,) = event.data["errors"]
        assert (await self.event()).name == "complete"
        assert await self.text() is None
        code: str = error["extensions"]["code"]
        return code


def read_event(text: bytes) -> Event:
    """The fields of one event's lines."""
    lines = text.decode().removesuffix("\n\n").split("\n")
    fields = dict(line.split(":", 1) for line in lines)
    data = fields["data"].strip()
    return Event(fields["event"].strip(), orjson.loads(data) if data else None, fields.get("id", "").strip() or None)


@asynccontextmanager
async def listening(
    app: Building,
    query: str,
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "POST",
    client: tuple[str, int] = ("127.0.0.1", 5000),
    **variables: Any,
) -> AsyncIterator[Listener]:
    """A request for a stream, left at the end of the block."""
    listener = Listener()
    listener.room.set()
    body = orjson.dumps({"query": query, "variables": variables})
    sent = {"host": "localhost", "accept": "text/event-stream", "content-type": "application/json", **(headers or {})}
    asked = [{"type": "http.request", "body": body if method == "POST" else b"", "more_body": False}]

    async def receive() -> Any:
        if asked:
            return asked.pop()
        await listener.gone.wait()
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "method": method,
        "path": "/graphql",
        "query_string": urlencode({"query": query}).encode() if method == "GET" else b"",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": client,
    }
    running = asyncio.create_task(app(scope, receive, listener.take))
    running.add_done_callback(lambda _: listener.finished.set())
    try:
        yield listener
    finally:
        listener.gone.set()
        await asyncio.wait_for(running, WAIT)
