"""What the room of cases needs from outside: a store of records and a lookup of the named releases' codes.

Lives here: the protocols and the values they exchange. Elsewhere: how a store keeps records
(``registry.storage.bolt.cases``), where codes come from (the catalogue of ``registry.classification``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from registry.access.audit import AuditRow
from registry.access.scope import ScopeParameter
from registry.cases.model import (
    Batch,
    EventRecord,
    Finding,
    Identifier,
    ReportingEntity,
    Sighting,
    StoreCounts,
    StoredEntity,
    StoredEvent,
    StoredPerson,
)
from registry.cases.paging import Keyset
from registry.classification.model import VariableFacts
from registry.identifiers import EntityId, EventId, Notation, PersonId, SchemeId, VersionTag


class Codebook(Protocol):
    """The codes of released versions, as a plain lookup; ``version`` None is the latest release."""

    def variable(self, code: str) -> VariableFacts | None:
        """The variable of that code, standard or national."""

    def bound_list(self, variable: str) -> tuple[SchemeId, VersionTag] | None:
        """The list's version a variable of codes is bound to now; `FORM` gives the units."""

    def find(self, scheme: SchemeId, version: VersionTag | None, text: str) -> Notation | None:
        """The code that is ``text``, or whose other notation it is (``KEN`` finds ``KE``); collections count too."""

    def parent(self, scheme: SchemeId, version: VersionTag | None, code: Notation) -> Notation | None:
        """The next broader code; None at the top and for a collection."""


class AreaRole(StrEnum):
    """What an area is to an event."""

    EXPLOITED_IN = "exploited in"
    RECORDED_IN = "recorded in"
    TRANSITED = "transited"


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events; every given part must hold. Instants are UTC epoch microseconds, both ends inclusive."""

    form: Notation | None = None
    """This unit of classification or a narrower one, recorded or derived."""
    area: Notation | None = None
    """This area or one inside it, in any role or in ``area_role``."""
    area_role: AreaRole | None = None
    entity: EntityId | None = None
    recorded_from: int | None = None
    """Some reading of the date of recording (``dat``) is not before this."""
    recorded_until: int | None = None
    """Some reading of the date of recording is not after this."""
    variable: Notation | None = None
    """With ``code``: the variable (`FORM`: what is recorded as form) holds it, on the event or any who took part."""
    code: Notation | None = None
    coded_in: VersionTag | None = None
    """With ``variable`` and ``code``: only records whose codes of the variable belong to that version of its list.

    The code is then found wherever it is counted and re-coded: also in what was decided, in stages of cases, among the
    areas passed through (as ``coe``) and as a relation of two people (as ``rtv``).
    """
    missing: Notation | None = None
    """A missing state was told for this variable; ``form``: no form is recorded at all."""


EVERY_EVENT: Final = EventFilter()


StoreChunk = Callable[[AuditRow], Awaitable[StoreCounts]]
"""Stores a prepared chunk under the row that tells of it."""


class BulkWriter(Protocol):
    """An open bulk write: the lease is held and renewed with each chunk."""

    def prepare(self, batch: Batch, records: Sequence[EventRecord]) -> StoreChunk:
        """Work out what one chunk writes, without the store; may run in a thread while the chunk before is stored.

        What is answered stores it, in one transaction: records are added, replaced where they differ, or left alone.
        The row goes into the same transaction, if anything was added or replaced.
        """
        ...


class CaseStore(Protocol):
    """Where records are kept. Everything read is inside ``scope``, before limits, counts and cursors."""

    async def identity_key(self, fresh: bytes) -> bytes:
        """The installation's key for ids; ``fresh`` becomes it when there is none yet."""

    async def known_identity_key(self) -> bytes | None:
        """The installation's key for ids; None before the first delivery."""

    async def register_entities(self, entities: Sequence[ReportingEntity]) -> None:
        """Make or rename reporting entities."""

    def bulk(self, codebook: Codebook) -> AbstractAsyncContextManager[BulkWriter]:
        """Hold the one bulk lease; hubs (areas, concepts, codings) are made as the records need them."""

    async def event(self, event: EventId, *, scope: ScopeParameter) -> StoredEvent | None:
        """The event, or None."""

    async def events(
        self, where: EventFilter, keyset: Keyset, *, scope: ScopeParameter
    ) -> Sequence[tuple[str, StoredEvent]]:
        """At most ``keyset.limit`` events with their places, newest recorded first, those without a date last."""

    async def newest_year(self) -> int:
        """A year at or above that of every event's date of recording (UTC), whoever sees it; 0 without any."""

    async def events_of_years(
        self, where: EventFilter, low: int, high: int, *, scope: ScopeParameter
    ) -> Sequence[tuple[int, EventId]]:
        """Every event whose date of recording begins in these years (1 to 9998, both included), with its year, in no
        order; year 0 is no date. Only the years' outermost instants are compared, never a day.
        """

    async def events_by_id(self, ids: Sequence[EventId], *, scope: ScopeParameter) -> Mapping[EventId, StoredEvent]:
        """Those of the events that are inside the scope."""

    async def count_events(self, where: EventFilter, *, scope: ScopeParameter) -> int:
        """How many events there are."""

    async def person(self, person: PersonId, *, scope: ScopeParameter) -> StoredPerson | None:
        """The person with every part in events inside the scope, or None."""

    async def sightings(self, identifier: Identifier, *, limit: int, scope: ScopeParameter) -> Sequence[Sighting]:
        """At most ``limit`` events that tell the identifier, by event, then person."""

    async def reporting_entity(self, entity: EntityId, *, scope: ScopeParameter) -> StoredEntity | None:
        """The reporting entity, or None."""

    async def reporting_entities(self, keyset: Keyset, *, scope: ScopeParameter) -> Sequence[StoredEntity]:
        """At most ``keyset.limit`` reporting entities by id, which is their place."""

    async def count_entities(self, *, scope: ScopeParameter) -> int:
        """How many reporting entities there are."""

    async def check(self, codebook: Codebook, *, limit: int) -> Sequence[Finding]:
        """What is broken in the stored graph: at most ``limit`` findings a rule, in the order of rules."""

    async def usage(self, *, scope: ScopeParameter) -> Mapping[str, int]:
        """How many events, persons, groups and reporting entities there are."""
