"""A release under ``kill -9``: afterwards there is none of it, or the whole."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from registry.classification.draft_actions import Stamp, Stores, release_draft, replay
from registry.classification.draft_model import DraftHead
from registry.classification.edits import Add, Explain
from registry.classification.lifecycle import Stage
from registry.classification.model import Association, AssociationKind
from registry.classification.ports import VocabularyText
from registry.errors import IctipError
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.drafts import BoltDraftStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.migrate import Purpose, migrate
from registry.storage.engine.embedded import EmbeddedEngine, EngineLimits, engine_on
from tests.revision.families import codes, small
from tests.revision.test_drafts import CUSTODIAN, NOON, in_review, item

SHARES = (0.6, 0.8, 0.95, 1.2)
"""When the engine is killed, as a share of the time that an undisturbed release takes: before and within its commit."""


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    """An engine of this test's own, to be killed."""
    with engine_on(tmp_path_factory.mktemp("crash") / "data", EngineLimits(heap_mebibytes=512)) as running:
        yield running


def stores_on(database: Database) -> Stores:
    return Stores(BoltDraftStore(database), BoltReleaseStore(database))


async def test_a_killed_release_is_there_whole_or_not_at_all(engine: EmbeddedEngine) -> None:
    """Version, correspondence, revision, stage, note and audit agree after each of four kills."""
    async with Database(engine.address) as database:
        await migrate(database, purpose=Purpose.TEST)
        await stores_on(database).releases.add([VocabularyText("small", "", (small("1.0"),))])
        seconds = await undisturbed(stores_on(database))
    for number, share in enumerate(SHARES, start=1):
        async with Database(engine.address) as database:
            head = await next_draft(stores_on(database), number)
            task = asyncio.create_task(release(stores_on(database), head, number))
            await asyncio.sleep(seconds * share)
            os.kill(engine.pid, signal.SIGKILL)
            with suppress(IctipError):
                await task
        await asyncio.to_thread(engine.start)
        async with Database(engine.address) as database:
            await require_whole(stores_on(database), head)


async def undisturbed(stores: Stores) -> float:
    """Seconds that a release takes here when nobody is killed; the second of two, for the first warms up."""
    for number in (-2, -1):
        head = await next_draft(stores, number)
        start = time.perf_counter()
        await release(stores, head, number)
        seconds = time.perf_counter() - start
        await require_whole(stores, head)
    return seconds


async def next_draft(stores: Stores, number: int) -> DraftHead:
    """A draft in review that adds an item."""
    code = f"n{number + 2}"
    explained = Explain(Association((), codes(code), AssociationKind.ADDED))
    return await in_review(stores, Add(item(code)), explained, tag=f"1.{number + 3}", number=1000 * (number + 3))


async def release(stores: Stores, head: DraftHead, number: int) -> None:
    stamp = Stamp(NOON, f"release{number + 2:05d}")
    await release_draft(stores, head.id, expected=head.state, reason="Now.", actor=CUSTODIAN, stamp=stamp)


async def require_whole(stores: Stores, head: DraftHead) -> None:
    """Whether or not the release is there, everything that tells of it agrees."""
    assert isinstance(stores.drafts, BoltDraftStore)
    now = (await replay(stores, head.id)).stored.head
    listing = await stores.releases.listing()
    keys = {record.key for record in listing.records}
    names = {f"small/{head.tag}", f"correspondence/small-{head.base}--small-{head.tag}"}
    notes = [note.version for note in await stores.drafts.notes(head.scheme)]
    acts = [entry.act for entry in await stores.drafts.audit(now)]
    is_released = now.stage is Stage.RELEASED

    assert (names <= keys) == is_released
    assert bool(names & keys) == is_released
    assert (head.tag in notes) == is_released
    assert ("release version" in acts) == is_released
    assert max(record.revision for record in listing.records) == listing.revision
    await stores.releases.read(listing.records)
