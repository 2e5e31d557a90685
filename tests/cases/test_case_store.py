"""Case records in the store, on both engines: what is written is read back, whole, once, and only in scope."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.cases import queries
from registry.cases.model import StoreCounts
from registry.errors import RecordUnknown
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from tests import universe
from tests.universe import CARER, CODEBOOK, EVERYONE, OFFICER


async def test_records_are_read_back_whole(database: Database) -> None:
    """Every record of the universe comes back equal, with its coding."""
    store = BoltCaseStore(database)
    counts = await universe.build_universe(store)

    assert counts == StoreCounts(added=6)
    for record in universe.all_events():
        stored = await queries.event(store, record.id, actor=EVERYONE)
        assert stored.record == replace(
            record, participations=tuple(sorted(record.participations, key=lambda part: part.key))
        )
        assert stored.coding == universe.CODING


async def test_storing_again_changes_nothing(database: Database) -> None:
    """The second run finds every record unchanged."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)

    assert await universe.build_universe(store) == StoreCounts(unchanged=6)
    assert await store.usage(entities=None) == {"events": 6, "people": 14, "groups": 1, "entities": 2}


async def test_a_record_outside_scope_is_unknown(database: Database) -> None:
    """The carer gets the same error for the police's event and for one that does not exist."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)

    for event_id in (universe.event_id("E1"), universe.event_id("E9")):
        with pytest.raises(RecordUnknown) as unknown:
            await queries.event(store, event_id, actor=CARER)
        assert unknown.value.facts == {"kind": "event"}
    assert (await queries.event(store, universe.event_id("E1"), actor=OFFICER)).record.source_key == "E1"


async def test_the_universe_is_sound(database: Database) -> None:
    """The store's own check finds nothing."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)

    assert await queries.check_store(store, CODEBOOK, actor=EVERYONE) == []
