"""Subscriptions over server-sent events: what is told, from where on, to how many, and when a stream ends."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from graphql_api.context import RequestContext
from graphql_api.schema.streams import Follower, StreamDoor
from graphql_api.schema.subscriptions import Followed
from graphql_api.settings import Limits
from registry.access.actor import STRANGER, Actor, Right
from registry.classification.catalogue import Catalogue
from registry.errors import StoreUnavailable, StreamOver
from registry.outbox import feed as feeds
from registry.outbox.feed import Feed
from registry.outbox.model import START, VERSION_RELEASED, Happening, Place
from tests.api.conftest import QUIET, Doors, opened, rooms_of
from tests.api.listening import listening

FOLLOW = """subscription Follow($schemes: [SchemeId!], $after: String) {
  versionReleased(schemes: $schemes, after: $after) { scheme version revision cursor } }"""


class Kept:
    """An outbox in a list, which counts how often it is read: tests let things happen in it."""

    def __init__(self) -> None:
        self.happened: list[Happening] = []
        self.reads = 0
        self.is_away = False

    def happen(self, subject: str, position: int) -> Happening:
        """A version was released."""
        told = Happening(VERSION_RELEASED, Place(position, f"release/{subject}"), subject, position * 1_000_000)
        self.happened.append(told)
        return told

    async def ends(self, kinds: Sequence[str]) -> Mapping[str, Place]:
        """The last of each kind."""
        return {each.kind: each.place for each in sorted(self.happened, key=lambda each: each.place)}

    async def after(self, places: Mapping[str, Place], *, most: int) -> Sequence[Happening]:
        """What came after."""
        self.reads += 1
        if self.is_away:
            raise StoreUnavailable(reason="test")
        past = [each for each in self.happened if each.kind in places and each.place > places[each.kind]]
        return sorted(past, key=lambda each: each.place)[:most]


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> Kept:
    """An outbox with the first release of two schemes in it, looked into often."""
    monkeypatch.setattr(feeds, "LOOK", 0.01)
    monkeypatch.setattr("graphql_api.schema.streams.LOOK", 0.02)
    kept = Kept()
    kept.happen("sex/1.0", 1)
    kept.happen("units/1.0", 1)
    return kept


LIMITS = Limits(streams=3, streams_an_actor=2, stream_quiet_seconds=0.05, stream_send_seconds=0.1)


@pytest.fixture
async def followed(catalogue: Catalogue, outbox: Kept) -> AsyncIterator[Doors]:
    """Doors over the classification and the outbox, with room for few streams."""
    rooms = replace(rooms_of(catalogue), feed=Feed(outbox))
    async with opened(lambda: rooms, settings=replace(QUIET, limits=LIMITS)) as doors:
        yield doors
    assert rooms.feed is not None
    await rooms.feed.close()


async def test_what_happens_is_told_once_it_happens(followed: Doors, outbox: Kept) -> None:
    """From now on, with the headers of a stream, an id to go on from, and what the field asks for."""
    async with listening(followed.app, FOLLOW) as stream:
        await stream.begun()
        happening = outbox.happen("iccs/1.0", 2)
        event = await stream.event()

    assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert stream.headers["cache-control"] == "no-store"
    assert event.id == happening.cursor
    assert event.data == {
        "data": {"versionReleased": {"scheme": "iccs", "version": "1.0", "revision": 2, "cursor": happening.cursor}}
    }


async def test_a_cursor_goes_on_where_it_stands(followed: Doors, outbox: Kept) -> None:
    """As argument or as Last-Event-ID, which comes first; the empty text is before everything."""
    first = outbox.happened[0]
    async with listening(followed.app, FOLLOW, after="") as stream:
        assert [(await stream.told())["versionReleased"]["scheme"] for _ in range(2)] == ["sex", "units"]
    async with listening(followed.app, FOLLOW, after=first.cursor) as stream:
        assert (await stream.told())["versionReleased"]["scheme"] == "units"
    async with listening(followed.app, FOLLOW, {"last-event-id": first.cursor}, after="") as stream:
        assert (await stream.told())["versionReleased"]["scheme"] == "units"


@pytest.mark.parametrize("cursor", ["nonsense", "Zm9yZWlnbgoxCmE", "a" * 600, START.cursor("another kind")])
async def test_a_foreign_cursor_is_an_error(followed: Doors, cursor: str) -> None:
    """Told as an event, after which the stream ends."""
    async with listening(followed.app, FOLLOW, after=cursor) as stream:
        assert await stream.last_error() == "cursor_foreign"
    async with listening(followed.app, FOLLOW, {"last-event-id": cursor}) as stream:
        assert await stream.last_error() == "cursor_foreign"


async def test_only_the_schemes_asked_for_are_told(followed: Doors, outbox: Kept) -> None:
    """Nothing at all is sent for the others."""
    async with listening(followed.app, FOLLOW, after="", schemes=["units", "isco"]) as stream:
        assert (await stream.told())["versionReleased"]["scheme"] == "units"
        await stream.begun()


@dataclass
class Clock:
    """A feed under a clock of its own, in which so much happens, none of it the follower's to be told."""

    happens: Sequence[float]
    now: float = 0.0

    async def end(self, kind: str) -> Place:
        """Before everything."""
        return START

    async def next(self, kind: str, after: Place, *, seconds: float) -> Sequence[Happening]:
        """What happened, or happens within the seconds, which pass."""
        waiting = [at for at in self.happens if at > after.position]
        if not waiting or waiting[0] > self.now + seconds:
            self.now += seconds
            return ()
        self.now = max(self.now, waiting[0])
        return [Happening(VERSION_RELEASED, Place(math.ceil(at)), "", 0) for at in waiting if at <= self.now]

    async def sleep(self, seconds: float) -> None:
        """The seconds pass."""
        self.now += seconds


class Silent:
    """What a stream asks of operations, where nothing is ever told."""

    def following(self, *_: object) -> Any:
        """Any subscription."""
        followed = Followed(VERSION_RELEASED, Right.READ_REGISTRY, lambda _: ())
        return SimpleNamespace(followed=followed, after=None)

    async def check_followed(self, *_: object) -> None:
        """There is something to wait for."""

    async def tell(self, *_: object) -> None:
        """Nothing."""


@pytest.mark.parametrize("affords", [True, False], ids=["paid for", "spent"])
@pytest.mark.parametrize("happens", [(), (3.4,), (3.4, 14.7, 15.2, 29.99, 31.5)], ids=len)
async def test_what_is_not_told_moves_no_comment(
    monkeypatch: pytest.MonkeyPatch, happens: Sequence[float], affords: bool
) -> None:
    """A connection that is told nothing is told it at the same instants, whatever happens out of sight."""
    clock = Clock(happens)
    monkeypatch.setattr("graphql_api.schema.streams.asyncio.sleep", clock.sleep)
    context = RequestContext(STRANGER, "r", date(2026, 1, 1), SimpleNamespace(feed=clock))  # type: ignore[arg-type]

    async def believe() -> RequestContext:
        return context

    follower = Follower(believe, lambda _: None, lambda: affords, lambda: clock.now > 50, None)
    streams = StreamDoor(SimpleNamespace(executor=Silent()), Limits(), monotonic=lambda: clock.now)  # type: ignore[arg-type]
    events = streams._follow(None, None, SimpleNamespace(variables={}), follower, context)  # type: ignore[arg-type]
    told: list[tuple[float, bytes]] = []
    with suppress(StreamOver):
        async for event in events:
            told += [(round(clock.now, 6), event)]

    assert told == [(at, b":\n\n") for at in (0.0, 15.0, 30.0, 45.0)]


async def test_quiet_streams_are_kept_alive(followed: Doors) -> None:
    """By comments."""
    async with listening(followed.app, FOLLOW) as stream:
        for _ in range(3):
            await stream.begun()


async def test_one_look_serves_all_and_nobody_means_no_looks(followed: Doors, outbox: Kept) -> None:
    """Two streams, each told everything; when they are gone the outbox is left alone."""
    async with listening(followed.app, FOLLOW) as one, listening(followed.app, FOLLOW) as other:
        await one.begun()
        await other.begun()
        outbox.reads = 0
        for position in (2, 3):
            outbox.happen("iccs/1.0" if position == 2 else "isic/5.0", position)
            assert await one.told() == await other.told()
        looks = followed.app._rooms().feed.looks  # type: ignore[misc, union-attr]
        assert outbox.reads <= looks
    await asyncio.sleep(0.1)
    reads = outbox.reads
    await asyncio.sleep(0.1)

    assert outbox.reads == reads


async def test_there_is_room_for_so_many_streams(followed: Doors) -> None:
    """An actor's limit, then the server's; who leaves makes room."""
    async with listening(followed.app, FOLLOW) as one, listening(followed.app, FOLLOW) as two:
        await one.begun()
        await two.begun()
        async with listening(followed.app, FOLLOW) as third:
            await third.text()
            assert third.status == 429
        async with listening(followed.app, FOLLOW, client=("192.0.2.7", 1)) as stranger:
            await stranger.begun()
            async with listening(followed.app, FOLLOW, client=("192.0.2.8", 1)) as another:
                assert b"streams_exceeded" in (await another.text() or b"")
    async with listening(followed.app, FOLLOW) as again:
        await again.begun()


async def test_a_stream_ends_after_its_life_and_when_the_server_stops(catalogue: Catalogue, outbox: Kept) -> None:
    """With an error that says to go on elsewhere."""
    rooms = replace(rooms_of(catalogue), feed=Feed(outbox))
    settings = replace(QUIET, limits=replace(LIMITS, stream_seconds=0.1))
    async with opened(lambda: rooms, settings=settings) as doors, listening(doors.app, FOLLOW) as stream:
        await stream.begun()
        assert await stream.last_error() == "stream_over"
    async with opened(lambda: rooms, settings=QUIET) as doors, listening(doors.app, FOLLOW) as stream:
        await stream.begun()
        doors.app.end_streams()
        assert await stream.last_error() == "stream_over"


async def test_who_takes_nothing_is_given_up(followed: Doors, outbox: Kept) -> None:
    """No event is made before the last one was taken; after a while the stream ends and its place is free."""
    async with listening(followed.app, FOLLOW) as stream:
        await stream.begun()
        stream.room.clear()
        outbox.happen("iccs/1.0", 2)
        await asyncio.wait_for(stream.finished.wait(), 10)
        assert len(followed.app._streams) == 0
        assert not stream.ended


async def test_trouble_with_the_store_passes(followed: Doors, outbox: Kept) -> None:
    """A look that fails tells nothing; the next one does."""
    async with listening(followed.app, FOLLOW) as stream:
        await stream.begun()
        outbox.is_away = True
        outbox.happen("iccs/1.0", 2)
        await asyncio.sleep(0.05)
        outbox.is_away = False
        assert (await stream.told())["versionReleased"]["scheme"] == "iccs"


async def test_queries_and_errors_are_streams_too_where_only_events_are_taken(followed: Doors) -> None:
    """One result, then the end; the document's errors are results, as the protocol wants."""
    async with listening(followed.app, '{ scheme(id: "units") { id } }') as stream:
        assert await stream.told() == {"scheme": {"id": "units"}}
        assert (await stream.event()).name == "complete"
        assert await stream.text() is None
    for query, code in (
        ("{", "document_malformed"),
        ("subscription { nothing }", "document_invalid"),
        ("subscription { __typename }", "document_invalid"),
        ("subscription { a: versionReleased { at } b: versionReleased { at } }", "document_invalid"),
    ):
        async with listening(followed.app, query) as stream:
            assert await stream.last_error() == code
            assert stream.status == 200


async def test_the_media_type_follows_the_operation(followed: Doors) -> None:
    """Clients that take both get a stream for a subscription and JSON for the rest; JSON alone holds no stream."""
    both = {"accept": "application/graphql-response+json, application/json, text/event-stream"}
    async with listening(followed.app, FOLLOW, both) as stream:
        await stream.begun()
    async with listening(followed.app, '{ scheme(id: "units") { id } }', both) as answer:
        assert await answer.text() == b'{"data":{"scheme":{"id":"units"}}}'
    assert (await followed.error("subscription { versionReleased { at } }"))["code"] == "stream_needed"


async def test_what_is_no_request_is_told_with_its_status(followed: Doors) -> None:
    """As JSON, whatever the caller takes: there is no operation whose result it could be."""
    for accept in ("text/event-stream", "text/event-stream, application/json"):
        answer = await followed.http.post("/graphql", json={"query": 7}, headers={"accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json; charset=utf-8")
        assert answer.json()["errors"][0]["extensions"]["code"] == "request_malformed"
    unwanted = {"accept": "text/event-stream;q=0, application/json"}
    async with listening(followed.app, '{ scheme(id: "units") { id } }', unwanted) as answered:
        assert await answered.text() == b'{"data":{"scheme":{"id":"units"}}}'


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}]
)
async def test_a_foreign_page_follows_nothing(followed: Doors, headers: dict[str, str]) -> None:
    """Its scripts can ask for events by GET, with our own page's media type."""
    async with listening(followed.app, "subscription { versionReleased { at } }", headers, method="GET") as stream:
        assert b"method_refused" in (await stream.text() or b"")
        assert stream.status == 405
    async with listening(followed.app, "subscription { versionReleased { at } }", method="GET") as stream:
        await stream.begun()


async def test_a_get_changes_nothing_also_as_a_stream(followed: Doors) -> None:
    """A mutation is refused as an event."""
    mutation = 'mutation { openDraft(scheme: "units", tag: "1.1") { draft { id } } }'
    async with listening(followed.app, mutation, method="GET") as stream:
        assert await stream.last_error() == "method_refused"


async def test_who_may_not_read_follows_nothing(catalogue: Catalogue, outbox: Kept) -> None:
    """Told at once, not when something happens."""
    rooms = replace(rooms_of(catalogue), feed=Feed(outbox))
    async with (
        opened(lambda: rooms, actor=Actor("nobody", frozenset())) as doors,
        listening(doors.app, FOLLOW) as stream,
    ):
        assert await stream.last_error() == "not_allowed"


async def test_without_a_store_nothing_can_be_followed(doors: Doors) -> None:
    """Which is said."""
    async with listening(doors.app, FOLLOW) as stream:
        assert await stream.last_error() == "not_ready"


async def test_a_follower_far_behind_reads_pages_until_it_has_caught_up(outbox: Kept, monkeypatch: Any) -> None:
    """What is held is bounded; nothing is told twice or left out."""
    monkeypatch.setattr(feeds, "HELD", 3)
    monkeypatch.setattr(feeds, "PAGE", 2)
    feed = Feed(outbox)
    place = await feed.end(VERSION_RELEASED)
    for position in range(2, 12):
        outbox.happen(f"s{position}/1.0", position)
    while await feed.look():
        pass
    told = []
    while found := await feed.next(VERSION_RELEASED, place, seconds=0):
        told += [each.place.position for each in found]
        place = found[-1].place
    await feed.close()

    assert told == list(range(2, 12))
