"""Case records as one actor may see them: what is read is noted first, and projected to the actor's field tier.

Lives here: the gate that a door puts before the store for each request. Elsewhere: which records lie in scope (in the
store's own queries), what the projection leaves (``projection``), what a note says (``registry.access.notes``).

Every lookup is noted, found or not, so that asking for ids shows in the audit and an unknown id takes as long as a
hidden one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from registry.access.actor import Actor, Right
from registry.access.notes import Notes
from registry.access.pseudonyms import Pseudonyms
from registry.access.scope import ScopeParameter
from registry.cases.coded_list import coded_page
from registry.cases.model import (
    EventRecord,
    Finding,
    Identifier,
    ReportingEntity,
    Sighting,
    StoredEntity,
    StoredEvent,
    StoredPerson,
)
from registry.cases.paging import Keyset
from registry.cases.ports import BulkWriter, CaseStore, Codebook, EventFilter
from registry.cases.projection import coded_event, coded_filter
from registry.identifiers import EntityId, EventId, PersonId


@dataclass(frozen=True, slots=True)
class GatedCases:
    """A `CaseStore` for one request. ``names`` are used without the right to identified cases; ``notes`` may be off."""

    store: CaseStore
    actor: Actor
    notes: Notes | None
    names: Pseudonyms

    @property
    def sees_identified(self) -> bool:
        """Whether records come as they are stored."""
        return Right.READ_IDENTIFIED in self.actor.rights

    async def event(self, event: EventId, *, scope: ScopeParameter) -> StoredEvent | None:
        """The event. By its id only who sees identified cases finds one: others do not know real ids."""
        found = await self.store.event(event, scope=scope) if self.sees_identified else None
        await self._note("read event", [event] if found is None else ids_of(found.record), found=found is not None)
        return found

    async def events(
        self, where: EventFilter, keyset: Keyset, *, scope: ScopeParameter
    ) -> Sequence[tuple[str, StoredEvent]]:
        """The events with their places, both as the actor may see them."""
        if self.sees_identified:
            found = await self.store.events(where, keyset, scope=scope)
        else:
            found = await self._coded(where, keyset, scope)
        read = [id_ for _, stored in found for id_ in ids_of(stored.record)]
        await self._note("read events", read)
        if self.sees_identified:
            return found
        return [(place, coded_event(stored, self.names)) for place, stored in found]

    async def newest_year(self) -> int:
        """A year at or above that of every event."""
        return await self.store.newest_year()

    async def events_of_years(
        self, where: EventFilter, low: int, high: int, *, scope: ScopeParameter
    ) -> Sequence[tuple[int, EventId]]:
        """Ids are for who sees identified cases."""
        if not self.sees_identified:
            return []
        found = await self.store.events_of_years(where, low, high, scope=scope)
        await self._note("read events", [event for _, event in found])
        return found

    async def events_by_id(self, ids: Sequence[EventId], *, scope: ScopeParameter) -> Mapping[EventId, StoredEvent]:
        """Those of the events that are inside the scope, for who sees identified cases."""
        found = await self.store.events_by_id(ids, scope=scope) if self.sees_identified else {}
        await self._note("read events", [id_ for stored in found.values() for id_ in ids_of(stored.record)])
        return found

    async def count_events(self, where: EventFilter, *, scope: ScopeParameter) -> int:
        """How many events there are."""
        await self._note("count events")
        return await self.store.count_events(where if self.sees_identified else coded_filter(where), scope=scope)

    async def person(self, person: PersonId, *, scope: ScopeParameter) -> StoredPerson | None:
        """The person, for who sees identified cases."""
        found = await self.store.person(person, scope=scope) if self.sees_identified else None
        read = [person] if found is None else [person, *(part.event for part in found.parts)]
        await self._note("read person", read, found=found is not None)
        return found

    async def sightings(self, identifier: Identifier, *, limit: int, scope: ScopeParameter) -> Sequence[Sighting]:
        """Where an identifier is told, for who sees identified cases; a guess is noted like a find."""
        found = await self.store.sightings(identifier, limit=limit, scope=scope) if self.sees_identified else ()
        read = [id_ for each in found for id_ in (each.event, each.person) if id_ is not None]
        await self._note("look up identifier", read, found=bool(found))
        return found

    async def reporting_entity(self, entity: EntityId, *, scope: ScopeParameter) -> StoredEntity | None:
        """The reporting entity: no case record, so not noted."""
        return await self.store.reporting_entity(entity, scope=scope)

    async def reporting_entities(self, keyset: Keyset, *, scope: ScopeParameter) -> Sequence[StoredEntity]:
        """Reporting entities by id."""
        return await self.store.reporting_entities(keyset, scope=scope)

    async def count_entities(self, *, scope: ScopeParameter) -> int:
        """How many reporting entities there are."""
        return await self.store.count_entities(scope=scope)

    async def usage(self, *, scope: ScopeParameter) -> Mapping[str, int]:
        """How many records of each kind there are."""
        return await self.store.usage(scope=scope)

    async def check(self, codebook: Codebook, *, limit: int) -> Sequence[Finding]:
        """What is broken in the stored graph, by ids."""
        return await self.store.check(codebook, limit=limit)

    async def identity_key(self, fresh: bytes) -> bytes:
        """The installation's key for ids."""
        return await self.store.identity_key(fresh)

    async def known_identity_key(self) -> bytes | None:
        """The installation's key for ids."""
        return await self.store.known_identity_key()

    async def register_entities(self, entities: Sequence[ReportingEntity]) -> None:
        """Make or rename reporting entities."""
        await self.store.register_entities(entities)

    def bulk(self, codebook: Codebook) -> AbstractAsyncContextManager[BulkWriter]:
        """Hold the one bulk lease."""
        return self.store.bulk(codebook)

    async def _note(self, act: str, records: Sequence[str] = (), *, found: bool = True) -> None:
        if self.notes is not None:
            await self.notes.note(act, records, allowed=found)

    async def _coded(
        self, where: EventFilter, keyset: Keyset, scope: ScopeParameter
    ) -> Sequence[tuple[str, StoredEvent]]:
        """The page in the order that tells nothing but years."""
        placed = await coded_page(self.store, coded_filter(where), keyset, self.names, scope=scope)
        found = await self.store.events_by_id([event for _, event in placed], scope=scope)
        return [(place, found[event]) for place, event in placed if event in found]


def ids_of(record: EventRecord) -> list[str]:
    """The event's id and those of everybody in it: whom a reading concerns."""
    return [record.id, *(part.person for part in record.participations if part.person is not None)]
