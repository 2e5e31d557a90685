"""Open streams of one process: how many there are and whose, and sending their events down a connection.

Lives here: the connection. Elsewhere: which events there are (``schema.streams``).

A stream waits for its connection: no event is made before the one before it was taken, so a slow reader costs a
socket's buffer and nothing else. It ends when the reader is gone, does not read, or the server stops.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager

from starlette.types import Receive

from graphql_api.replies import Reply
from graphql_api.settings import Limits
from registry.errors import StreamsExceeded


class Streams:
    """The open streams. ``is_ending`` is set once, when the process is about to stop."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: Counter[str] = Counter()
        self.is_ending = False

    def __len__(self) -> int:
        return self._open.total()

    @contextmanager
    def place(self, whose: str) -> Iterator[None]:
        """A place among the open streams for the time of a block; raises `StreamsExceeded` where there is none."""
        for held, limit, said in (
            (self._open[whose], self._limits.streams_an_actor, "yours"),
            (self._open.total(), self._limits.streams, "this server"),
        ):
            if held >= limit:
                raise StreamsExceeded(open=held, whose=said, limit=limit)
        self._open[whose] += 1
        try:
            yield
        finally:
            self._open[whose] -= 1
            if not self._open[whose]:
                del self._open[whose]


async def send_stream(events: AsyncGenerator[bytes, None], receive: Receive, reply: Reply, limits: Limits) -> None:
    """Send events until there are no more, or until nobody takes them; then everything that made them is stopped."""
    sending = asyncio.create_task(_send(events, reply, limits.stream_send_seconds))
    leaving = asyncio.create_task(_until_gone(receive))
    try:
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (sending, leaving):
            task.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)


async def _send(events: AsyncGenerator[bytes, None], reply: Reply, seconds: float) -> None:
    async with aclosing(events):
        await reply.begin_events()
        async for event in events:
            async with asyncio.timeout(seconds):
                await reply.event(event)
        await reply.event(b"", last=True)


async def _until_gone(receive: Receive) -> None:
    """Return when the connection is closed from the other side; what it still says is not read."""
    while (await receive())["type"] != "http.disconnect":
        pass
