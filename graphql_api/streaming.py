"""Sending a stream's events down a connection.

Lives here: the connection. Elsewhere: which events there are (``schema.streams``), how many streams (``app``).

A stream waits for its connection: no event is made before the one before it was taken, so a slow reader costs a
socket's buffer and nothing else. It ends when the reader is gone, does not read, or the server stops.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.types import Receive

from graphql_api.replies import Reply
from graphql_api.settings import Limits


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
