"""GraphQL over server-sent events, as the graphql-sse protocol's mode of distinct connections says: one operation a
connection, ``next`` for each result, ``complete`` at the end.

Lives here: which events a stream holds, and when it ends. Elsewhere: the connection, who pays, how many there may be
(``graphql_api.streaming``), where happenings come from (``registry.outbox``).

Before each event, and once a second without one, the caller is believed anew. When anything about what they may see
has changed, the stream ends; so a revoked key or an expired grant ends it within the access poll. Who has nothing left
to be charged is told later, and of that nothing: an error would tell them that something happened.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, Final

import orjson
from graphql import OperationDefinitionNode, OperationType

from graphql_api.context import RequestContext
from graphql_api.schema.documents import PreparedDocument, Unanswerable
from graphql_api.schema.door import GraphQLDoor, GraphQLRequest, error_body, in_time
from graphql_api.schema.execution import Following, told
from graphql_api.settings import Limits
from registry.access import policy
from registry.errors import MethodRefused, NotReady, StreamOver
from registry.outbox.feed import LOOK, Feed
from registry.outbox.model import Place, place_of

COMPLETE: Final = b"event: complete\ndata:\n\n"
QUIET: Final = b":\n\n"
"""A comment: it keeps proxies from taking a quiet connection for a dead one, and finds out whether it is."""


def next_event(body: Any, *, cursor: str = "") -> bytes:
    """One result as an event; its id is what a client sends back as ``Last-Event-ID``."""
    place = f"id: {cursor}\n".encode("ascii") if cursor else b""
    return b"event: next\n" + place + b"data: " + orjson.dumps(body, default=str) + b"\n\n"


@dataclass(frozen=True, slots=True)
class Follower:
    """Whoever holds a stream open, as the connection knows them."""

    believe: Callable[[], Awaitable[RequestContext]]
    """The surroundings of this very moment; raises where the caller is no longer who they were."""
    charge: Callable[[float], None]
    """Charges milliseconds of work."""
    affords: Callable[[], bool]
    """Whether something is left to be charged."""
    ending: Callable[[], bool]
    """Whether the server is about to stop."""
    last_event: str | None
    """The client's ``Last-Event-ID``."""
    reads_only: bool = False
    """A GET: it may not change anything."""


class StreamDoor:
    """Answers operations as streams of events."""

    def __init__(self, door: GraphQLDoor, limits: Limits, *, monotonic: Callable[[], float]) -> None:
        self._door = door
        self._limits = limits
        self._monotonic = monotonic

    async def events(self, request: GraphQLRequest, follower: Follower) -> AsyncGenerator[bytes, None]:
        """The events, ready to be sent; errors of the operation are events too. Raises only for being stopped."""
        request_id = ""
        try:
            context = await follower.believe()
            request_id = context.request_id
            prepared = self._door.prepare(request, sees_schema=context.sees_schema)
            operation = prepared.operation(request.operation)
            if operation.operation is OperationType.SUBSCRIPTION:
                async for event in self._follow(prepared, operation, request, follower, context):
                    yield event
            elif follower.reads_only and operation.operation is not OperationType.QUERY:
                raise MethodRefused(method="GET", reason="only queries are read that way")
            else:
                with charged(follower):
                    body = await self._door.run(prepared, operation, request.variables, context)
                yield next_event(body)
        except Unanswerable as refusal:
            yield next_event({"errors": [told(error, request_id) for error in refusal.errors]})
        except Exception as error:
            yield next_event(error_body(error, request_id))
        yield COMPLETE

    async def _follow(
        self,
        prepared: PreparedDocument,
        operation: OperationDefinitionNode,
        request: GraphQLRequest,
        follower: Follower,
        context: RequestContext,
    ) -> AsyncGenerator[bytes, None]:
        """The events of a subscription, until its life, the server's, or the caller's standing ends."""
        executor = self._door.executor
        following = executor.following(prepared, operation, request.variables, context)
        policy.require(context.actor, following.followed.right)
        await executor.check_followed(following, context)
        feed = feed_of(context)
        kind = following.followed.kind
        place = await begin(feed, following, follower.last_event)
        ends_at = self._monotonic() + self._limits.stream_seconds
        quiet_at = self._next_comment()
        yield QUIET  # the caller knows that it is followed from here
        while True:
            found = await feed.next(kind, place, seconds=self._pause(quiet_at))
            self._require_going(follower, ends_at)
            await follower.believe()
            for happening in found:
                if not follower.affords():
                    await asyncio.sleep(self._pause(quiet_at))
                    break
                with charged(follower):
                    context = replace(await follower.believe(), happening=happening)
                    work = executor.tell(prepared, operation, request.variables, context, following)
                    body = await in_time(work, self._limits.request_seconds)
                place = happening.place
                if body is not None:
                    yield next_event(body, cursor=happening.cursor)
                    quiet_at = self._next_comment()
            if self._monotonic() >= quiet_at:
                yield QUIET
                quiet_at = self._next_comment()

    def _next_comment(self) -> float:
        """When one is due, after what was sent a moment ago."""
        return self._monotonic() + self._limits.stream_quiet_seconds

    def _pause(self, quiet_at: float) -> float:
        """Seconds until the next look, at most until a comment is due: what is not told may not move one either."""
        return min(LOOK, max(0.0, quiet_at - self._monotonic()))

    def _require_going(self, follower: Follower, ends_at: float) -> None:
        """Return while the stream may go on; raise `StreamOver` otherwise."""
        if follower.ending():
            raise StreamOver(reason="the server is stopping")
        if self._monotonic() >= ends_at:
            raise StreamOver(reason=f"it was open for {self._limits.stream_seconds:g} s")


@contextmanager
def charged(follower: Follower) -> Iterator[None]:
    """A block whose work is charged, also where it comes to nothing."""
    started = perf_counter()
    try:
        yield
    finally:
        follower.charge((perf_counter() - started) * 1000)


def feed_of(context: RequestContext) -> Feed:
    """Where happenings come from; `NotReady` where there is no store to look into."""
    if context.rooms.feed is None:
        raise NotReady(reason="no store is open to be followed")
    return context.rooms.feed


async def begin(feed: Feed, following: Following, last_event: str | None) -> Place:
    """The place to begin after: the client's last event, the argument, or now; raises `CursorForeign`."""
    kind = following.followed.kind
    if last_event:
        return place_of(last_event, kind=kind, argument="Last-Event-ID")
    if following.after is not None:
        return place_of(following.after, kind=kind, argument="after")
    return await feed.end(kind)
