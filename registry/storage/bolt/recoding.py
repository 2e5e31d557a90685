"""Re-coding over Bolt: a `registry.cases.recode_ports.RecodeStore`.

Lives here: finding records by coding, and moving a chunk in one transaction. Elsewhere: what a record becomes
(``registry.cases.recoding``), how records are written (``cases``), the statements (``cypher/recode.cypher``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from registry.access.audit import AuditRow
from registry.access.scope import ScopeParameter
from registry.cases.model import Batch, Coding, KeptCodes, SourceType, StoredEvent
from registry.cases.ports import Codebook
from registry.cases.recode_ports import AuditOf, BatchState, RecodeBatch, Replace, Replacement
from registry.cases.recoding import write_kept
from registry.identifiers import BatchId, EventId, SchemeId, VersionTag
from registry.storage.bolt import records, told_links
from registry.storage.bolt.analysis import raise_data_revision, widen
from registry.storage.bolt.audit import add_rows
from registry.storage.bolt.case_identifiers import told_since
from registry.storage.bolt.case_reading import read_event
from registry.storage.bolt.case_rows import (
    Encoded,
    Rows,
    coding_id,
    decode_coding,
    encode_coding,
    encode_event,
    hubs_of,
)
from registry.storage.bolt.cases import QUERIES as CASES
from registry.storage.bolt.cases import (
    ensure_places,
    hub_names,
    run_rows,
    write_parts,
)
from registry.storage.bolt.code_use import count_in, count_out, open_deltas, write_deltas
from registry.storage.bolt.code_use_table import add_up
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.lease import Lease, bulk_lease
from registry.storage.bolt.named_queries import Row, load_queries

QUERIES: Final = load_queries("recode")
SAME_ACT: Final = ("actor", "scheme", "source", "target", "rules", "decisions")
"""What an interrupted batch and the one that goes on with it have in common."""


@dataclass(frozen=True, slots=True)
class BoltRecodeStore:
    """Records to be re-coded, in one database."""

    database: Database

    async def codings(self, *, scope: ScopeParameter) -> Mapping[str, Coding]:
        """The codings that events inside the scope are in."""
        rows = await self.database.read(QUERIES["held_codings"], {"scope": scope})
        return {records.text(row, "id"): decode_coding(records.texts(row, "lists")) for row in rows}

    async def events_in(self, codings: Sequence[str], *, scope: ScopeParameter) -> AsyncIterator[EventId]:
        """Ids of the events in these codings."""
        asked = {"codings": list(codings), "scope": scope}
        async for row in self.database.stream(QUERIES["events_in_codings"], asked):
            yield EventId(records.text(row, "id"))

    async def events(self, ids: Sequence[EventId], *, scope: ScopeParameter) -> Sequence[StoredEvent]:
        """The events with these ids, by id."""
        rows = await self.database.read(CASES["events_by_id"], {"ids": list(ids), "scope": scope})
        return sorted((read_event(row) for row in rows), key=lambda stored: stored.record.id)

    async def batches(self, actor: str, *, scope: ScopeParameter) -> Sequence[RecodeBatch]:
        """The actor's batches and those that hold an event inside the scope, newest first."""
        rows = await self.database.read(QUERIES["recode_batches"], {"actor": actor, "scope": scope})
        return [read_batch(row) for row in rows]

    async def events_of(self, batch: BatchId, *, scope: ScopeParameter) -> AsyncIterator[EventId]:
        """Ids of the events that the batch moved last."""
        async for row in self.database.stream(QUERIES["events_of_batch"], {"batch": batch, "scope": scope}):
            yield EventId(records.text(row, "id"))

    @asynccontextmanager
    async def bulk(self, codebook: Codebook) -> AsyncIterator[BoltRecodeWriter]:
        """Hold the one bulk lease, renewed with each chunk; at the end the counts of uses are added up."""
        async with bulk_lease(self.database) as lease:
            yield BoltRecodeWriter(self.database, codebook, lease)
            await add_up(self.database, lease)


@dataclass(frozen=True, slots=True)
class BoltRecodeWriter:
    """An open bulk write. ``made`` are the hubs and codings known to be there."""

    database: Database
    codebook: Codebook
    lease: Lease
    made: set[str] = field(default_factory=set)

    async def open_batch(self, batch: RecodeBatch, *, audit: AuditRow) -> RecodeBatch:
        """The interrupted batch of the same act, or this one, begun."""
        properties = write_batch(batch)
        sought = {name: properties[name] for name in SAME_ACT}

        async def work(unit: UnitOfWork) -> RecodeBatch:
            await self.lease.renew_within(unit)
            found = await unit.run(QUERIES["running_batch"], sought)
            if found:
                return read_batch(found[0])
            await unit.run(QUERIES["begin_batch"], {"id": batch.id, "properties": properties})
            await add_rows(unit, [audit])
            return batch

        return await self.database.write(work, name="begin recode batch")

    async def interrupted(self, batch: RecodeBatch) -> RecodeBatch | None:
        """The same act's batch that was begun and not ended."""
        properties = write_batch(batch)
        rows = await self.database.read(QUERIES["running_batch"], {name: properties[name] for name in SAME_ACT})
        return read_batch(rows[0]) if rows else None

    async def close_batch(self, batch: BatchId, state: BatchState, *, by: str, at: int, audit: AuditRow) -> None:
        """The batch is done, or undone."""
        properties: Row = {"state": state.value}
        if state is BatchState.UNDONE:
            properties = {**properties, "undone_by": by, "undone_at": at}

        async def work(unit: UnitOfWork) -> None:
            await self.lease.renew_within(unit)
            await unit.run(QUERIES["end_batch"], {"id": batch, "properties": properties})
            await add_rows(unit, [audit])

        await self.database.write(work, name="end recode batch")

    async def replace(
        self,
        batch: BatchId,
        events: Sequence[EventId],
        change: Replace,
        *,
        scope: ScopeParameter,
        audit: AuditOf,
    ) -> int:
        """One chunk: lock, read, decide, write."""
        ids = sorted(events)
        made: set[str] = set()

        async def work(unit: UnitOfWork) -> int:
            made.clear()
            await self.lease.renew_within(unit)
            await unit.run(CASES["lock_events"], {"ids": ids})
            rows = await unit.run(CASES["events_by_id"], {"ids": ids, "scope": scope})
            found = sorted((read_event(row) for row in rows), key=lambda stored: stored.record.id)
            changed = [(stored, told) for stored in found if (told := change(stored)) is not None]
            if changed:
                made.update(await self._ensure(unit, [told for _, told in changed]))
                await _move(unit, batch, changed)
                await add_rows(unit, [audit([stored.record.id for stored, _ in changed])])
            return len(changed)

        count = await self.database.write(work, name="recode events")
        self.made.update(made)
        return count

    async def _ensure(self, unit: UnitOfWork, changed: Sequence[Replacement]) -> set[str]:
        """Codings and hubs, in the chunk's own transaction: only bulk writers make any, and the lease is ours."""
        by_coding: dict[str, list[StoredEvent]] = {}
        for told in changed:
            by_coding.setdefault(coding_id(told.after.coding), []).append(told.after)
        names: set[str] = set()
        for id_, events in by_coding.items():
            coding, hubs = events[0].coding, hubs_of(each.record for each in events)
            wanted = {f"coding {id_}"} | hub_names(hubs, coding)
            if not wanted <= self.made:
                await unit.run(QUERIES["ensure_coding"], {"id": id_, "lists": encode_coding(coding)})
                await ensure_places(unit, self.codebook, hubs, coding)
                names |= wanted
        return names


async def _move(unit: UnitOfWork, batch: BatchId, changed: Sequence[tuple[StoredEvent, Replacement]]) -> None:
    """The records stand as they are to; what they were stands between them and the batch."""
    ids = [stored.record.id for stored, _ in changed]
    deltas = await open_deltas(unit)
    await count_out(unit, deltas, [stored for stored, _ in changed])
    told_before = await told_since(unit, ids)
    links = await told_links.links_of(unit, ids)
    people = await _clear_moved(unit, ids)
    rows, moves = Rows(), []
    for _, told in changed:
        encoded = encoded_again(told.after)
        encoded.properties["counted"] = deltas.generation
        rows.add(encoded, told.after.coding)
        moves.append(_move_row(encoded, told))
    told_links.stamp(rows, links, "")
    await run_rows(unit, "move_events", moves, {}, queries=QUERIES)
    await write_parts(unit, rows, told=told_before, at=0)
    await count_in(unit, deltas, [told.after for _, told in changed])
    await write_deltas(unit, deltas)
    await widen(unit, ids)
    await raise_data_revision(unit)
    await run_rows(
        unit,
        "keep_codes",
        [_kept_row(stored, told.kept) for stored, told in changed if told.kept is not None],
        {"batch": batch},
        queries=QUERIES,
    )
    returned = [stored.record.id for stored, told in changed if told.kept is None]
    if returned:
        await unit.run(QUERIES["forget_kept"], {"batch": batch, "ids": returned})
    for query in ("drop_citizenships", "drop_residences", "drop_people"):
        await unit.run(CASES[query], {"people": people})


async def _clear_moved(unit: UnitOfWork, ids: Sequence[EventId]) -> list[str]:
    """Take away what the locked events' records told, but not what they were before; returns who took part."""
    people = list(records.texts((await unit.run(CASES["participants"], {"ids": ids}))[0], "people"))
    await unit.run(CASES["clear_links"], {"ids": ids, "people": people})
    await unit.run(CASES["clear_groups"], {"ids": ids})
    await unit.run(QUERIES["clear_moved"], {"ids": ids})
    return people


def encoded_again(stored: StoredEvent) -> Encoded:
    """The record as properties under the delivery it came with."""
    record = stored.record
    delivery = Batch(record.batch, record.entity, "", "", SourceType.ADMINISTRATIVE, stored.coding)
    return encode_event(record, delivery, coding_id(stored.coding))


def _move_row(encoded: Encoded, told: Replacement) -> dict[str, object]:
    record = encoded.record
    times = len(told.after.recodings) + (0 if told.kept is None else 1)
    return {
        "entity": record.entity,
        "batch": record.batch,
        "coding": coding_id(told.after.coding),
        "recodings": times,
        "properties": encoded.properties,
    }


def _kept_row(stored: StoredEvent, kept: Sequence[KeptCodes]) -> dict[str, object]:
    return {
        "event": stored.record.id,
        "number": len(stored.recodings) + 1,
        "coding": encode_coding(stored.coding),
        "kept": write_kept(kept),
    }


def write_batch(batch: RecodeBatch) -> Row:
    """The batch's properties."""
    return {
        "id": batch.id,
        "actor": batch.actor,
        "at": batch.at,
        "scheme": batch.source[0],
        "source": batch.source[1],
        "target": batch.target[1],
        "rules": batch.rules,
        "decisions": batch.decisions,
        "state": batch.state.value,
    }


def read_batch(row: Mapping[str, object]) -> RecodeBatch:
    """The batch of a row."""
    scheme = SchemeId(records.text(row, "scheme"))
    return RecodeBatch(
        id=BatchId(records.text(row, "id")),
        actor=records.text(row, "actor"),
        at=records.whole(row, "at"),
        source=(scheme, VersionTag(records.text(row, "source"))),
        target=(scheme, VersionTag(records.text(row, "target"))),
        rules=records.text(row, "rules"),
        decisions=records.text(row, "decisions"),
        state=BatchState(records.text(row, "state")),
        events=records.whole(row, "events"),
        undone_by=records.optional_text(row, "undone_by"),
        undone_at=records.optional_whole(row, "undone_at"),
    )
