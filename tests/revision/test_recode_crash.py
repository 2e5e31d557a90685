"""Re-coding under ``kill -9``: every record is whole in one coding or the other; run again, the batch is completed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, suppress

import pytest

from registry.cases import actions, queries, recode_actions
from registry.cases.derivation import complete
from registry.cases.model import FORM
from registry.cases.recode_actions import recode, recode_batches
from registry.cases.recode_ports import BatchState
from registry.errors import IctipError
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.lease import Lease, bulk_lease
from registry.storage.bolt.migrate import Purpose, migrate
from registry.storage.bolt.recoding import BoltRecodeStore
from registry.storage.engine.embedded import EmbeddedEngine, EngineLimits, engine_on
from tests.revision.recoding_world import REVISED, V1, V2
from tests.revision.test_recode import AT, order, rooms_over
from tests.universe import ENTITIES, EVERYONE, POLICE, batch_of
from tests.worlds import random_world

EVENTS = 120


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    """An engine of this test's own, to be killed."""
    with engine_on(tmp_path_factory.mktemp("crash") / "data", EngineLimits(heap_mebibytes=512)) as running:
        yield running


@pytest.mark.long
async def test_a_killed_recode_is_completed_by_running_it_again(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while its fourth chunk is under way: what moved has moved whole, the rest follows in the same batch."""
    monkeypatch.setattr(recode_actions, "CHUNK", 10)
    told = [complete(record, REVISED).record for record in random_world(7, events=EVENTS, people=40)]
    movable = [record.id for record in told if "5.4" not in record.forms]
    async with Database(engine.address) as database:
        await migrate(database, purpose=Purpose.TEST)
        await actions.register_entities(BoltCaseStore(database), ENTITIES, actor=EVERYONE)
        await actions.store_events(BoltCaseStore(database), REVISED, batch_of(POLICE), told, actor=EVERYONE)

        def kill(done: int) -> None:
            if done == 30:
                asyncio.get_running_loop().call_later(0.02, os.kill, engine.pid, signal.SIGKILL)

        with suppress(IctipError):
            await recode(rooms_over(database), order(), actor=EVERYONE, circumstances=AT, progress=kill)
    await asyncio.to_thread(engine.start)
    async with Database(engine.address) as database:
        store = BoltCaseStore(database)
        versions = [(await queries.event(store, id_, actor=EVERYONE)).coding[FORM][1] for id_ in movable]
        assert versions.count(V1) > 0
        assert versions.count(V2) >= 15
        assert await queries.check_store(store, REVISED, actor=EVERYONE) == []

        # the lease of the killed run stands for a minute; this run is the same process and waits for it
        monkeypatch.setattr("registry.storage.bolt.recoding.bulk_lease", patient)
        done = await recode(rooms_over(database), order(2), actor=EVERYONE, circumstances=AT)

        assert done.batch is not None
        assert (done.batch.id, done.batch.state) == ("recode-0001", BatchState.DONE)
        (batch,) = await recode_batches(BoltRecodeStore(database), actor=EVERYONE)
        assert batch.events == len(movable)
        assert await queries.check_store(store, REVISED, actor=EVERYONE) == []


def patient(database: Database) -> AbstractAsyncContextManager[Lease]:
    """The lease, waited for until the dead holder's runs out."""
    return bulk_lease(database, patience=90.0)
