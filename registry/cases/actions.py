"""What may be done to the case records: name reporting entities and store records in bulk.

Lives here: rights, scope and the cutting into chunks. Elsewhere: how delivered texts become records
(``registry.intake``), how a chunk is written (``registry.storage.bolt.cases``).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Iterable, Sequence
from contextlib import aclosing
from functools import partial
from itertools import islice

from registry.access.actor import Actor, Right
from registry.access.audit import UNTOLD, AuditRow, Circumstances, audit_row
from registry.access.policy import require
from registry.cases.identity import KEY_BYTES, Identities
from registry.cases.model import Batch, EventRecord, ReportingEntity, StoreCounts
from registry.cases.ports import CaseStore, Codebook, StoreChunk
from registry.errors import NotAllowed
from registry.identifiers import EntityId

CHUNK = 1000
"""Records a transaction: large enough that a transaction's own cost vanishes, small enough to retry."""

Progress = Callable[[StoreCounts], None]
"""Told the counts so far after each chunk."""


async def identities(store: CaseStore, fresh: bytes, *, actor: Actor) -> Identities:
    """The maker of ids under this installation's key; ``fresh`` random bytes become the key when there is none."""
    require(actor, Right.IMPORT_RECORDS)
    if len(fresh) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return Identities(await store.identity_key(fresh))


async def register_entities(store: CaseStore, entities: Sequence[ReportingEntity], *, actor: Actor) -> None:
    """Make reporting entities, or give known ones these names, types and areas. Raises `NotAllowed` outside scope."""
    require(actor, Right.IMPORT_RECORDS)
    for entity in entities:
        _require_entity(actor, entity.id)
    await store.register_entities(entities)


async def store_events(
    store: CaseStore,
    codebook: Codebook,
    batch: Batch,
    records: Iterable[EventRecord] | AsyncIterable[EventRecord],
    *,
    progress: Progress | None = None,
    actor: Actor,
    circumstances: Circumstances = UNTOLD,
) -> StoreCounts:
    """Store records under a batch, one transaction a chunk, and return what that did; a second run changes nothing.

    A record replaces the one of the same id, whole. Chunks stored before an error stay: run it again to go on.
    Each chunk that changes something leaves an audit row in its own transaction.
    Raises `NotAllowed` before a chunk that holds a record of an entity outside the actor's scope.
    """
    require(actor, Right.IMPORT_RECORDS)
    _require_entity(actor, batch.entity)
    counts = StoreCounts()
    async with store.bulk(codebook) as writer, aclosing(_prepared(records, partial(writer.prepare, batch))) as chunks:
        async for chunk, store_chunk in chunks:
            for entity in {record.entity for record in chunk}:
                _require_entity(actor, entity)
            counts += await store_chunk(_row(actor, circumstances, batch, chunk))
            if progress is not None:
                progress(counts)
    return counts


async def _prepared(
    records: Iterable[EventRecord] | AsyncIterable[EventRecord], prepare: Callable[[list[EventRecord]], StoreChunk]
) -> AsyncGenerator[tuple[list[EventRecord], StoreChunk], None]:
    """Chunks with what stores them; the next is worked out in a thread while the one before is stored."""
    ahead: list[tuple[list[EventRecord], asyncio.Task[StoreChunk]]] = []
    try:
        async for chunk in _chunks(records):
            ahead.append((chunk, asyncio.create_task(asyncio.to_thread(prepare, chunk))))
            if len(ahead) > 1:
                first, task = ahead.pop(0)
                yield first, await task
        for last, task in ahead:
            yield last, await task
    finally:
        await asyncio.gather(*(task for _, task in ahead), return_exceptions=True)


def _row(actor: Actor, circumstances: Circumstances, batch: Batch, chunk: Sequence[EventRecord]) -> AuditRow:
    """What tells of one chunk; its id is random, made once and kept over retries."""
    return audit_row(
        id=secrets.token_hex(16),
        actor=actor,
        act=Right.IMPORT_RECORDS.value,
        circumstances=circumstances,
        records=[record.id for record in chunk],
        subject=batch.id,
    )


def _require_entity(actor: Actor, entity: EntityId) -> None:
    entities = actor.scope.entities
    if entities is not None and entity not in entities:
        raise NotAllowed(actor=actor.name, right=f"{Right.IMPORT_RECORDS.value} of {entity}")


async def _chunks(records: Iterable[EventRecord] | AsyncIterable[EventRecord]) -> AsyncIterator[list[EventRecord]]:
    """Lists of at most `CHUNK` records, in order."""
    if isinstance(records, AsyncIterable):
        chunk: list[EventRecord] = []
        async for record in records:
            chunk.append(record)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
        if chunk:
            yield chunk
        return
    source = iter(records)
    while chunk := list(islice(source, CHUNK)):
        yield chunk
