"""A delivered file, checked and imported: both read it the same way, row by row, in memory that does not grow with it.

Lives here: the two passes, their report, and what may be imported. Elsewhere: rows, formats, mappings; how records are
stored, a chunk a transaction under the bulk lease (``registry.cases.actions.store_events``).

::

    check_batch    digest ─> rows ─> records, faults ─> counts, report          nothing is written
    import_batch   check_batch ─> refused while there are faults ─> rows ─> records ─> store

The import reads the file a second time, so nothing is written of a file that the check refuses. A record's id hangs on
its entity and key alone: an interrupted import is run again and completes, a second run changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from registry.access.actor import Actor, Right
from registry.access.audit import UNTOLD, Circumstances
from registry.access.policy import require
from registry.cases.actions import identities as identities_of
from registry.cases.actions import register_entities, store_events
from registry.cases.identity import KEY_BYTES, Identities
from registry.cases.model import Batch, Coding, EventRecord, ReportingEntity
from registry.cases.ports import CaseStore, Codebook
from registry.errors import BatchFaulty, InstallationForeign
from registry.identifiers import BatchId, EntityId
from registry.intake.counts import Counting
from registry.intake.faults import FaultList
from registry.intake.mapping import ImportMapping
from registry.intake.model import BatchReport, Outcome, Phase, ReadRow
from registry.intake.reading import Reading, read_rows
from registry.intake.rows import file_digest

REPORT_EVERY: Final = 5_000
"""Rows between two calls of the progress callback."""
BLOCK: Final = 1_000
"""Records decoded ahead, in a thread, while the store writes the ones before."""
UNKEYED: Final = Identities(bytes(KEY_BYTES))
"""Ids for a check, which keeps none of them."""
UNSTORED: Final = BatchId("unstored")
"""The batch of a check."""

ProgressCallback = Callable[[Phase], None]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file to be read by a mapping.

    ``entity`` is who delivers it, if not whom the mapping or the header names; ``faults_to`` is where every fault goes
    as CSV, if anywhere.
    """

    path: Path
    mapping: ImportMapping
    entity: EntityId | None = None
    faults_to: Path | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check learned beside its report: what an import needs to begin."""

    report: BatchReport
    coding: Coding
    entities: tuple[ReportingEntity, ...]


def check_batch(
    delivery: Delivery, codebook: Codebook, *, actor: Actor, progress: ProgressCallback | None = None
) -> BatchReport:
    """Read the whole file and report what an import would take and leave out; nothing is written.

    Raises the errors of a file as a whole (``registry.errors``, intake) and `MappingInvalid`.
    """
    require(actor, Right.IMPORT_RECORDS)
    return _check(delivery, codebook, progress).report


async def import_batch(
    store: CaseStore,
    delivery: Delivery,
    codebook: Codebook,
    *,
    actor: Actor,
    fresh_key: bytes,
    accept_valid_rows: bool = False,
    for_invented: bool | None = None,
    progress: ProgressCallback | None = None,
    circumstances: Circumstances = UNTOLD,
) -> BatchReport:
    """Check the file, then store its records; the report says what was added, changed or there already.

    ``fresh_key`` is random, for an installation that has no key for ids yet. ``for_invented`` says whether the store
    is a sample: the invented and the real never mix, and `InstallationForeign` is raised before anything is written;
    None asks nothing. Raises `BatchFaulty` when rows have faults, unless ``accept_valid_rows`` leaves exactly those
    rows out; and what `check_batch` raises.
    """
    require(actor, Right.IMPORT_RECORDS)
    checked = await asyncio.to_thread(_check, delivery, codebook, progress)
    report = checked.report
    if for_invented is not None and report.invented is not for_invented:
        kinds = {True: "sample", False: "real"}
        raise InstallationForeign(actual=kinds[for_invented], wanted=f"a {kinds[report.invented]} delivery")
    if not report.is_clean and not accept_valid_rows:
        raise BatchFaulty(
            file=report.file,
            faults=report.fault_total,
            rows=report.left_out,
            row=report.faults[0].row,
            first=report.faults[0].code,
        )
    identities = await identities_of(store, fresh_key, actor=actor)
    batch = Batch(
        id=identities.batch(report.entity, report.digest, report.mapping),
        entity=report.entity,
        mapping=report.mapping,
        file_digest=report.digest,
        source_type=report.source_type,
        coding=checked.coding,
    )
    await register_entities(store, checked.entities, actor=actor)
    reading = _open_reading(delivery, codebook, report.digest, identities, batch.id)
    stored = await store_events(
        store, codebook, batch, _records(reading, progress), actor=actor, circumstances=circumstances
    )
    outcome = Outcome.IMPORTED if stored.added or stored.changed else Outcome.UNCHANGED
    return replace(report, outcome=outcome, stored=stored, batch=batch.id)


def _check(delivery: Delivery, codebook: Codebook, progress: ProgressCallback | None) -> Checked:
    digest = file_digest(delivery.path)
    reading = _open_reading(delivery, codebook, digest, UNKEYED, UNSTORED)
    counting = Counting()
    rows = left_out = 0
    with FaultList(delivery.faults_to) as faults:
        for row in read_rows(reading):
            rows += 1
            if row.record is None:
                left_out += 1
            else:
                counting.add(row.record)
            if row.faults or row.warnings:
                faults.add(row)
            if progress is not None and rows % REPORT_EVERY == 0:
                progress(reading.phase("checking"))
    if progress is not None:
        progress(reading.phase("checking"))
    opened = reading.opened()
    report = BatchReport(
        file=delivery.path.name,
        digest=digest,
        mapping=delivery.mapping.name,
        source_type=opened.source_type,
        entity=opened.entity,
        outcome=Outcome.CHECKED,
        rows=rows,
        counts=counting.result(),
        faults=tuple(faults.first),
        fault_total=faults.total,
        faults_by_code=faults.by_code(),
        left_out=left_out,
        warnings=tuple(faults.first_warnings),
        warnings_by_code=faults.warnings_by_code(),
        invented=opened.invented,
    )
    return Checked(report, opened.coding, opened.entities)


def _open_reading(
    delivery: Delivery, codebook: Codebook, digest: str, identities: Identities, batch: BatchId
) -> Reading:
    return Reading(
        path=delivery.path,
        mapping=delivery.mapping,
        codebook=codebook,
        digest=digest,
        identities=identities,
        batch=batch,
        entity=delivery.entity,
    )


async def _records(reading: Reading, progress: ProgressCallback | None) -> AsyncIterator[EventRecord]:
    """The valid rows' records. A block is read in a thread while the store is busy with the one before."""
    rows = read_rows(reading)
    ahead = asyncio.create_task(asyncio.to_thread(_next_block, rows))
    try:
        while (block := await ahead) is not None:
            ahead = asyncio.create_task(asyncio.to_thread(_next_block, rows))
            for record in block:
                yield record
            if progress is not None:
                progress(reading.phase("importing"))
    finally:
        await asyncio.wait([ahead])
        rows.close()


def _next_block(rows: Iterator[ReadRow]) -> list[EventRecord] | None:
    """The records of the next rows; None at the end."""
    block = list(islice(rows, BLOCK))
    return [row.record for row in block if row.record is not None] if block else None
