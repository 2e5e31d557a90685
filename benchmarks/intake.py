"""Import against raw ``UNWIND``, and the memory of reading: functions that give numbers, put together by the bench.

Raw is the ceiling: the very rows that the import writes, encoded beforehand, sent by the plain driver with the same
statements and the same chunks; no decoding, no checks, no ids, no lease, no digests. It goes first, into the emptier
store, so what the order changes is not in our favour. Both write a world of the same size and shape, of another seed.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import neo4j

from registry.access.actor import local_user
from registry.cases.actions import CHUNK
from registry.cases.codebook import CatalogueCodebook
from registry.cases.identity import KEY_BYTES, Identities
from registry.cases.model import Batch, EventRecord
from registry.classification.catalogue import Catalogue
from registry.identifiers import BatchId
from registry.intake.actions import Delivery, import_batch
from registry.intake.mapping import load_mapping
from registry.intake.model import Phase
from registry.intake.reading import Reading, read_rows
from registry.intake.rows import file_digest
from registry.intake.sample.actions import write_world
from registry.intake.sample.palette import palette_of
from registry.intake.sample.presets import Preset
from registry.intake.sample.world import World
from registry.storage.address import StoreAddress
from registry.storage.bolt.case_rows import Rows, coding_id, encode_event, hubs_of
from registry.storage.bolt.cases import BoltCaseStore, run_rows, write_parts
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery

KEY: Final = bytes(KEY_BYTES)
WARM_UP: Final = 2_000
"""Events stored before anything is timed: both engines compile their plans and grow their files."""


@dataclass(frozen=True, slots=True)
class ImportRatio:
    """One run on one engine. Rates are of events; ``ratio`` is the store pass (decoding, ids, rules, writing,
    counting uses and adding them up) over raw, ``ratio_with_check`` the whole import, which reads it twice."""

    events: int
    raw_rate: float
    store_rate: float
    import_rate: float

    @property
    def ratio(self) -> float:
        """Of the pass that stores."""
        return self.store_rate / self.raw_rate

    @property
    def ratio_with_check(self) -> float:
        """Of the whole import."""
        return self.import_rate / self.raw_rate


@dataclass(frozen=True, slots=True)
class RawChunk:
    """The statements of one chunk with their rows, in order."""

    statements: tuple[tuple[str, dict[str, object]], ...]


class Recorder:
    """Stands where a unit of work does, and keeps what it is asked to run."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, dict[str, object]]] = []

    async def run(self, query: NamedQuery, parameters: dict[str, object]) -> list[dict[str, object]]:
        """Keep it."""
        self.statements.append((query.text, query.packed(parameters)))
        return []


async def measure_import(
    address: StoreAddress, catalogue: Catalogue, folder: Path, *, events: int, preset: Preset = Preset.SPARSE
) -> ImportRatio:
    """Raw and import over one migrated database, each a world of ``events`` events, made before the clock starts."""
    codebook, palette = CatalogueCodebook(catalogue), palette_of(catalogue)
    worlds = [
        await asyncio.to_thread(write_world, World(count, preset, seed, palette), folder)
        for seed, count in ((1, min(WARM_UP, events)), (2, events), (3, events))
    ]
    deliveries = [Delivery(world.events_file, load_mapping("ictip")) for world in worlds]
    async with Database(address) as database:
        store = BoltCaseStore(database)
        await import_batch(store, deliveries[0], codebook, actor=local_user(), fresh_key=KEY)
        raw_seconds = await write_raw(database, store, deliveries[1], codebook)
        phases: list[tuple[str, float]] = []

        def note(phase: Phase) -> None:
            phases.append((phase.doing, time.perf_counter()))

        begun = time.perf_counter()
        await import_batch(store, deliveries[2], codebook, actor=local_user(), fresh_key=KEY, progress=note)
        ended = time.perf_counter()
    checked = max(at for doing, at in phases if doing == "checking")
    return ImportRatio(events, events / raw_seconds, events / (ended - checked), events / (ended - begun))


async def write_raw(database: Database, store: BoltCaseStore, delivery: Delivery, codebook: CatalogueCodebook) -> float:
    """Seconds of the plain driver for the rows of a delivery. A chunk's rows are made before its clock starts."""
    identities = Identities(KEY)
    reading = Reading(
        path=delivery.path,
        mapping=delivery.mapping,
        codebook=codebook,
        digest=file_digest(delivery.path),
        identities=identities,
        batch=BatchId("raw-unwind"),
        entity=None,
    )
    rows = (row.record for row in read_rows(reading) if row.record is not None)
    seconds = 0.0
    address = database.address
    async with (
        neo4j.AsyncGraphDatabase.driver(
            address.uri, auth=(address.user, address.password), notifications_min_severity="OFF"
        ) as driver,
        driver.session(database=address.database) as session,
    ):
        while records := list(islice(rows, CHUNK)):
            opened = reading.opened()
            batch = Batch(
                BatchId("raw-unwind"), opened.entity, "ictip", reading.digest, opened.source_type, opened.coding
            )
            async with store.bulk(codebook) as writer:
                await writer._ensure_hubs(batch, hubs_of(records))
            chunk = await raw_chunk(batch, records)
            begun = time.perf_counter()
            async with await session.begin_transaction() as transaction:
                for text, parameters in chunk.statements:
                    await (await transaction.run(text, parameters)).consume()
                await transaction.commit()
            seconds += time.perf_counter() - begun
    return seconds


async def raw_chunk(batch: Batch, records: Sequence[EventRecord]) -> RawChunk:
    """What the store would run for new records."""
    coding = coding_id(batch.coding)
    rows = Rows()
    for record in records:
        rows.add(encode_event(record, batch, coding), batch.coding)
    recorder = Recorder()
    await run_rows(recorder, "create_events", rows.events, {"batch": batch.id, "coding": coding})  # type: ignore[arg-type]
    await write_parts(recorder, rows, told={}, at=0)  # type: ignore[arg-type]
    return RawChunk(tuple(recorder.statements))


CHECK: Final = """
import resource, sys
from pathlib import Path
from graphql_api.cli.installation import packaged_catalogue
from registry.access.actor import local_user
from registry.cases.codebook import CatalogueCodebook
from registry.intake.actions import Delivery, check_batch
from registry.intake.mapping import load_mapping
codebook = CatalogueCodebook(packaged_catalogue())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
check_batch(Delivery(Path(sys.argv[1]), load_mapping("ictip")), codebook, actor=local_user())
print(before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def measure_memory(file: Path) -> tuple[float, float]:
    """Mebibytes at most of a process before it reads a file, and after it checked all of it."""
    told = subprocess.run([sys.executable, "-c", CHECK, str(file)], check=True, capture_output=True, text=True)
    before, after = (int(part) / 1024 for part in told.stdout.split())
    return before, after
