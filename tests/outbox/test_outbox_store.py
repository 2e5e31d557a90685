"""What happened, in the store: told with the change or not at all, in the order of commits, on both engines."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from registry.access.actor import local_user
from registry.classification.actions import load_release
from registry.classification.ports import VocabularyText
from registry.errors import ReleaseChanged
from registry.outbox.feed import Feed
from registry.outbox.model import START, VERSION_RELEASED, Place
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.outbox import BoltOutbox, tell_next
from tests.classification.worlds import COLOURS
from tests.revision.families import small

LOADER = local_user()
NOTHING_ELSE = "something else"


async def subjects(outbox: BoltOutbox, place: Place = START, most: int = 50) -> list[tuple[str, int]]:
    """Subject and position of each release told after a place."""
    found = await outbox.after({VERSION_RELEASED: place}, most=most)
    return [(each.subject, each.place.position) for each in found]


async def test_each_version_is_told_once_at_its_revision(database: Database) -> None:
    """Also those that are loaded; a second load, and a refused one, tell nothing."""
    outbox, releases = BoltOutbox(database), BoltReleaseStore(database)
    assert await outbox.ends([VERSION_RELEASED]) == {}
    await load_release(releases, COLOURS, actor=LOADER)
    await releases.add([VocabularyText("small", "", (small("1.0"), small("1.1")))])
    await load_release(releases, COLOURS, actor=LOADER)
    with pytest.raises(ReleaseChanged):
        await releases.add([VocabularyText("small", "", (replace(small("1.0"), titles=()), small("1.2")))])

    assert await subjects(outbox) == [("colours/1.0", 1), ("small/1.0", 2), ("small/1.1", 2)]
    assert await subjects(outbox, most=2) == [("colours/1.0", 1), ("small/1.0", 2)]
    assert await subjects(outbox, Place(2, "release/small/1.0")) == [("small/1.1", 2)]
    assert await outbox.ends([VERSION_RELEASED, NOTHING_ELSE]) == {VERSION_RELEASED: Place(2, "release/small/1.1")}


async def test_positions_rise_whatever_the_clock_says(database: Database) -> None:
    """Instants where the clock is right, just past the last one where it went back; kinds are apart."""
    outbox = BoltOutbox(database)
    await load_release(BoltReleaseStore(database), COLOURS, actor=LOADER)
    for key, at in (("a", 500), ("b", 400), ("c", 900)):

        async def work(unit: UnitOfWork, key: str = key, at: int = at) -> None:
            await tell_next(unit, NOTHING_ELSE, {f"x/{key}": key, f"y/{key}": key}, at=at)

        await database.write(work, name="tell")

    found = await outbox.after({NOTHING_ELSE: Place(500, "x/a"), VERSION_RELEASED: START}, most=50)
    assert [(each.kind, each.place.position, each.place.key) for each in found] == [
        (NOTHING_ELSE, 500, "y/a"),
        (NOTHING_ELSE, 501, "x/b"),
        (NOTHING_ELSE, 501, "y/b"),
        (NOTHING_ELSE, 900, "x/c"),
        (NOTHING_ELSE, 900, "y/c"),
        (VERSION_RELEASED, 1, "release/colours/1.0"),
    ]


async def test_a_feed_tells_what_another_process_released(database: Database) -> None:
    """Within a look, and only after the catalogue could be taken over."""
    releases = BoltReleaseStore(database)
    settled: list[int] = []

    async def settle() -> None:
        settled.append(await releases.revision())

    feed = Feed(BoltOutbox(database), settle=settle)
    start = await feed.end(VERSION_RELEASED)
    waiting = asyncio.create_task(feed.next(VERSION_RELEASED, start, seconds=20))
    await load_release(releases, COLOURS, actor=LOADER)
    (told,) = await waiting
    await feed.close()

    assert (start, told.subject, settled) == (START, "colours/1.0", [1])
