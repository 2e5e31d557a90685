"""What re-coding needs of a store: the codings that records are in, their events, and a bulk write of its own.

Lives here: the protocols and what they exchange. Elsewhere: the store (``registry.storage.bolt.recoding``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from registry.access.audit import AuditRow
from registry.access.scope import ScopeParameter
from registry.cases.model import Coding, KeptCodes, StoredEvent
from registry.cases.ports import Codebook
from registry.classification.correspondence import VersionKey
from registry.identifiers import BatchId, EventId


class BatchState(StrEnum):
    """Where a recode batch stands."""

    RUNNING = "running"
    DONE = "done"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class RecodeBatch:
    """One re-coding of many records: who, when, from which version to which, by which rules and decisions.

    ``at`` is microseconds since 1970 in UTC. Digests are SHA-256 in hexadecimal, that of decisions is empty where there
    were none. ``events`` are the events inside the asker's scope that are still as it left them.
    """

    id: BatchId
    actor: str
    at: int
    source: VersionKey
    target: VersionKey
    rules: str
    decisions: str
    state: BatchState = BatchState.RUNNING
    events: int = 0
    undone_by: str | None = None
    undone_at: int | None = None


@dataclass(frozen=True, slots=True)
class Replacement:
    """A record as it is to stand, with the old codes to keep; ``kept`` is None for a record that goes back."""

    after: StoredEvent
    kept: tuple[KeptCodes, ...] | None


Replace = Callable[[StoredEvent], Replacement | None]
"""What is to become of a record, None to leave it; may be asked more than once."""
AuditOf = Callable[[Sequence[EventId]], AuditRow]
"""The row about these records; the same id each time."""


class RecodeWriter(Protocol):
    """An open bulk write: the lease is held and renewed with each chunk."""

    async def open_batch(self, batch: RecodeBatch, *, audit: AuditRow) -> RecodeBatch:
        """The batch, begun now; or the interrupted one of the same act (`interrupted`)."""

    async def interrupted(self, batch: RecodeBatch) -> RecodeBatch | None:
        """The same actor's batch of the same versions, rules and decisions that was begun and not ended."""

    async def close_batch(self, batch: BatchId, state: BatchState, *, by: str, at: int, audit: AuditRow) -> None:
        """The batch is done, or undone."""

    async def replace(
        self,
        batch: BatchId,
        events: Sequence[EventId],
        change: Replace,
        *,
        scope: ScopeParameter,
        audit: AuditOf,
    ) -> int:
        """One chunk, one transaction: records are locked, read inside the scope, changed; how many were.

        The row goes into the same transaction, if anything changed. Who holds a record, an informant's mark, judgements
        and the delivery's digest stay.
        """


class RecodeStore(Protocol):
    """Where records are found and moved. Everything read is inside ``scope``."""

    async def codings(self, *, scope: ScopeParameter) -> Mapping[str, Coding]:
        """The codings that events inside the scope are in, by their ids."""

    def events_in(self, codings: Sequence[str], *, scope: ScopeParameter) -> AsyncIterator[EventId]:
        """Ids of the events in these codings, in no order."""

    async def events(self, ids: Sequence[EventId], *, scope: ScopeParameter) -> Sequence[StoredEvent]:
        """The events with these ids that are there."""

    async def batches(self, actor: str, *, scope: ScopeParameter) -> Sequence[RecodeBatch]:
        """The actor's batches and those that hold an event inside the scope, newest first."""

    def events_of(self, batch: BatchId, *, scope: ScopeParameter) -> AsyncIterator[EventId]:
        """Ids of the events that the batch moved and that are still as it left them."""

    def bulk(self, codebook: Codebook) -> AbstractAsyncContextManager[RecodeWriter]:
        """Hold the one bulk lease."""
