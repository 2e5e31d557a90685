"""The store of case records over Bolt: a `registry.cases.ports.CaseStore`.

Lives here: reads, and writing a chunk in one transaction. Elsewhere: the graph's shape (``case_rows``), the statements
(``cypher/cases.cypher``), what is broken in a store (``case_checks``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from registry.access.audit import AuditRow
from registry.access.scope import ScopeParameter
from registry.cases.code_use import Use
from registry.cases.model import (
    FORM,
    Batch,
    Coding,
    EventRecord,
    Finding,
    Identifier,
    PersonPart,
    ReportingEntity,
    Role,
    Sighting,
    StoreCounts,
    StoredEntity,
    StoredEvent,
    StoredPerson,
)
from registry.cases.paging import Keyset
from registry.cases.ports import AreaRole, Codebook, EventFilter, StoreChunk
from registry.cases.recoding import RELATIONSHIP, STAGE, TRANSIT
from registry.identifiers import AREAS, EntityId, EventId, Notation, PersonId, SchemeId, VersionTag
from registry.storage.bolt import records, told_links
from registry.storage.bolt.analysis import raise_data_revision, widen
from registry.storage.bolt.audit import add_rows
from registry.storage.bolt.batches import cut
from registry.storage.bolt.case_checks import check_graph
from registry.storage.bolt.case_identifiers import ToldSince, told_since
from registry.storage.bolt.case_places import stretch_of_years, stretches, stretches_backward, year_of_place
from registry.storage.bolt.case_reading import link_order, read_coding, read_event, read_link, read_part
from registry.storage.bolt.case_rows import (
    Encoded,
    Hubs,
    Row,
    Rows,
    area_kind,
    begin_of_stage,
    coding_id,
    concept_id,
    encode_coding,
    encode_event,
    hubs_of,
    place_of_new,
)
from registry.storage.bolt.case_values import CODES, MISSING, Properties
from registry.storage.bolt.code_use import (
    count_in,
    count_out,
    counted_uses,
    lock_and_read,
    open_deltas,
    write_deltas,
)
from registry.storage.bolt.code_use_table import add_up
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.lease import Lease, bulk_lease
from registry.storage.bolt.named_queries import NamedQuery, load_queries

QUERIES: Final = load_queries("cases")
Uses = Mapping[EventId, Sequence[Use]]
"""What each record adds to the counts of uses."""
FIRST_PLACE, LAST_PLACE = "", "~"
"""Below and above every place: places begin with a digit."""
_AREA_ROLES: Final = {
    AreaRole.RECORDED_IN: "RECORDED_IN",
    AreaRole.EXPLOITED_IN: "EXPLOITED_IN",
    AreaRole.TRANSITED: "TRANSITED",
}


@dataclass(frozen=True, slots=True)
class BoltCaseStore:
    """Case records in one database."""

    database: Database

    async def identity_key(self, fresh: bytes) -> bytes:
        """The installation's key for ids; ``fresh`` becomes it when there is none yet."""

        async def work(unit: UnitOfWork) -> str:
            await unit.run(QUERIES["lock_identity"])
            rows = await unit.run(QUERIES["identity_key"], {"fresh": fresh.hex()})
            return records.text(rows[0], "identity_key")

        return bytes.fromhex(await self.database.write(work, name="identity_key"))

    async def known_identity_key(self) -> bytes | None:
        """The installation's key for ids; None before the first delivery."""
        row = await self.database.read_one(QUERIES["known_identity_key"])
        return bytes.fromhex(records.text(row, "identity_key")) if row is not None else None

    async def register_entities(self, entities: Sequence[ReportingEntity]) -> None:
        """Make or rename reporting entities."""
        rows = [{"id": entity.id, "properties": _entity_properties(entity)} for entity in entities]

        async def work(unit: UnitOfWork) -> None:
            await unit.run(QUERIES["put_entities"], {"rows": rows})

        await self.database.write(work, name="put_entities")

    @asynccontextmanager
    async def bulk(self, codebook: Codebook) -> AsyncIterator[BoltBulkWriter]:
        """Hold the one bulk lease, renewed with each chunk; at the end the counts of uses are added up."""
        async with bulk_lease(self.database) as lease:
            yield BoltBulkWriter(self.database, codebook, lease)
            await add_up(self.database, lease)

    async def event(self, event: EventId, *, scope: ScopeParameter) -> StoredEvent | None:
        """The event, or None."""
        found = await self._events([event], scope)
        return found.get(event)

    async def events(
        self, where: EventFilter, keyset: Keyset, *, scope: ScopeParameter
    ) -> Sequence[tuple[str, StoredEvent]]:
        """At most ``keyset.limit`` events with their places, newest recorded first, those without a date last."""
        parameters = await self._filter(where, scope)
        after, before, limit = keyset.after or FIRST_PLACE, keyset.before or LAST_PLACE, keyset.limit
        query = QUERIES["event_places_backward" if keyset.backward else "event_places"]
        parts = stretches_backward(after, before) if keyset.backward else stretches(after, before, await self._newest())
        rows: list[Mapping[str, object]] = []
        for low, high in parts:
            wanted = {"after": low, "before": high, "limit": limit - len(rows)}
            rows += await self.database.read(query, {**parameters, **wanted})
            if len(rows) >= limit:
                break
        places = sorted((records.text(row, "place"), records.text(row, "id")) for row in rows)
        found = await self._events([id_ for _, id_ in places], scope)
        return [(place, found[EventId(id_)]) for place, id_ in places if id_ in found]

    async def newest_year(self) -> int:
        """A year at or above that of every event's date of recording, whoever sees it; 0 without any."""
        return year_of_place(await self._newest())

    async def events_of_years(
        self, where: EventFilter, low: int, high: int, *, scope: ScopeParameter
    ) -> Sequence[tuple[int, EventId]]:
        """Every event whose date of recording begins in these years, with its year, in no order."""
        after, before = stretch_of_years(low, high)
        parameters = {**await self._filter(where, scope), "after": after, "before": before}
        row = await self.database.read_one(QUERIES["event_columns"], parameters) or {}
        ids, places = records.texts(row, "ids"), records.texts(row, "places")
        return [(year_of_place(place), EventId(id_)) for id_, place in zip(ids, places, strict=True)]

    async def events_by_id(self, ids: Sequence[EventId], *, scope: ScopeParameter) -> Mapping[EventId, StoredEvent]:
        """Those of the events that are inside the scope."""
        return await self._events(ids, scope)

    async def count_events(self, where: EventFilter, *, scope: ScopeParameter) -> int:
        """How many events there are."""
        row = await self.database.read_one(QUERIES["count_events"], await self._filter(where, scope))
        return records.whole(row or {}, "total")

    async def person(self, person: PersonId, *, scope: ScopeParameter) -> StoredPerson | None:
        """The person with every part in events inside the scope, or None."""
        row = await self.database.read_one(QUERIES["person"], {"id": person, "scope": scope})
        if row is None:
            return None
        parts = [
            PersonPart(EventId(records.text(part, "event")), read_part(part), read_coding(part))
            for part in records.rows(row, "parts")
        ]
        links = [(EventId(records.text(link, "event")), read_link(link)) for link in records.rows(row, "links")]
        return StoredPerson(
            id=person,
            entity=EntityId(records.text(row, "entity")),
            parts=tuple(sorted(parts, key=lambda part: (part.event, part.participation.key))),
            links=tuple(sorted(links, key=lambda pair: (pair[0], *link_order(pair[1])))),
        )

    async def sightings(self, identifier: Identifier, *, limit: int, scope: ScopeParameter) -> Sequence[Sighting]:
        """At most ``limit`` events that tell the identifier, by event, then person."""
        parameters = {"id": identifier.token, "limit": limit, "scope": scope}
        rows = await self.database.read(QUERIES["sightings"], parameters)
        return [
            Sighting(
                EventId(records.text(row, "event")),
                EntityId(records.text(row, "entity")),
                PersonId(person) if (person := records.text(row, "person")) else None,
            )
            for row in rows
        ]

    async def reporting_entity(self, entity: EntityId, *, scope: ScopeParameter) -> StoredEntity | None:
        """The reporting entity, or None."""
        row = await self.database.read_one(QUERIES["reporting_entity"], {"id": entity, "scope": scope})
        return _read_entity(row) if row is not None else None

    async def reporting_entities(self, keyset: Keyset, *, scope: ScopeParameter) -> Sequence[StoredEntity]:
        """At most ``keyset.limit`` reporting entities by id, which is their place."""
        query = "reporting_entities_backward" if keyset.backward else "reporting_entities"
        rows = await self.database.read(QUERIES[query], {"scope": scope, **_bounds(keyset)})
        return sorted((_read_entity(row) for row in rows), key=lambda stored: stored.entity.id)

    async def count_entities(self, *, scope: ScopeParameter) -> int:
        """How many reporting entities there are."""
        row = await self.database.read_one(QUERIES["count_entities"], {"scope": scope})
        return records.whole(row or {}, "total")

    async def check(self, codebook: Codebook, *, limit: int) -> Sequence[Finding]:
        """What is broken in the stored graph."""
        return await check_graph(self.database, codebook, limit=limit)

    async def usage(self, *, scope: ScopeParameter) -> Mapping[str, int]:
        """How many events, persons, groups and reporting entities there are."""
        row = await self.database.read_one(QUERIES["usage"], {"scope": scope}) or {}
        counts = {name: records.whole(row, name) for name in ("events", "people", "groups")}
        return {**counts, "entities": await self.count_entities(scope=scope)}

    async def _newest(self) -> str:
        """A place at or below that of every event: where reading begins, whoever asks."""
        row = await self.database.read_one(QUERIES["newest_place"]) or {}
        return records.optional_text(row, "newest") or FIRST_PLACE

    async def _events(self, ids: Sequence[str], scope: ScopeParameter) -> dict[EventId, StoredEvent]:
        if not ids:
            return {}
        rows = await self.database.read(QUERIES["events_by_id"], {"ids": list(ids), "scope": scope})
        found = [read_event(row) for row in rows]
        return {stored.record.id: stored for stored in found}

    async def _filter(self, where: EventFilter, scope: ScopeParameter) -> dict[str, object]:
        """The filter as parameters; hubs are widened to all inside them by one small read each."""
        told_missing = where.missing is not None and where.missing != FORM
        return {
            "scope": scope,
            "entity": where.entity,
            "from": where.recorded_from,
            "until": where.recorded_until,
            "forms": await self._narrower("narrower_forms", "code", where.form),
            "areas": await self._narrower("narrower_areas", "id", where.area),
            "area_roles": [_AREA_ROLES[where.area_role]] if where.area_role else list(_AREA_ROLES.values()),
            "codes": property_of(where.variable),
            "code": where.code,
            "codings": await self._codings(where),
            "transit": where.code if where.variable == TRANSIT else None,
            "stage": begin_of_stage(where.code) if where.variable == STAGE and where.code is not None else None,
            "relationship": where.code if where.variable == RELATIONSHIP else None,
            "missing": f"{MISSING}{where.missing}" if told_missing else None,
            "formless": where.missing == FORM,
        }

    async def _codings(self, where: EventFilter) -> list[str] | None:
        """The codings that records must be in; None where any will do."""
        if where.coded_in is None:
            return None
        ends = {"begin": f"{where.variable}=", "end": f"/{where.coded_in.version}"}
        row = await self.database.read_one(QUERIES["codings_of"], ends)
        return list(records.texts(row or {}, "ids"))

    async def _narrower(self, query: str, parameter: str, code: Notation | None) -> list[str] | None:
        if code is None:
            return None
        row = await self.database.read_one(QUERIES[query], {parameter: code})
        return list(records.texts(row or {}, "ids"))


@dataclass(frozen=True, slots=True)
class BoltBulkWriter:
    """An open bulk write. ``made`` are the hubs known to be there, so that each is made once an import."""

    database: Database
    codebook: Codebook
    lease: Lease
    made: set[str] = field(default_factory=set)

    def prepare(self, batch: Batch, events: Sequence[EventRecord]) -> StoreChunk:
        """What one chunk writes, worked out; the answer stores it."""
        coding = coding_id(batch.coding)
        # A record told twice in a chunk: the later one counts.
        encoded = {record.id: encode_event(record, batch, coding) for record in events}
        uses = {id_: counted_uses(StoredEvent(event.record, batch.coding)) for id_, event in encoded.items()}
        return partial(self._upsert, batch, hubs_of(events), encoded, uses)

    async def _upsert(
        self, batch: Batch, hubs: Hubs, encoded: Mapping[EventId, Encoded], uses: Uses, audit: AuditRow
    ) -> StoreCounts:
        await self._ensure_hubs(batch, hubs)

        async def work(unit: UnitOfWork) -> StoreCounts:
            await self.lease.renew_within(unit)
            counts = await _upsert(unit, batch, encoded, uses, chunk=audit.id, at=audit.at)
            if counts.added or counts.changed:
                await raise_data_revision(unit)
                await told_links.tell(unit, audit)
                await add_rows(unit, [audit])
            return counts

        return await self.database.write(work, name="store_events")

    async def _ensure_hubs(self, batch: Batch, hubs: Hubs) -> None:
        """A transaction of its own, before the chunk's: two chunks never race for a hub."""
        entities = sorted(hubs.entities | {batch.entity})
        wanted = {f"batch {batch.id}"} | hub_names(hubs, batch.coding) | {f"entity {id_}" for id_ in entities}
        if wanted <= self.made:
            return

        async def work(unit: UnitOfWork) -> None:
            await unit.run(QUERIES["ensure_batch"], _batch_parameters(batch))
            await unit.run(QUERIES["ensure_entities"], {"ids": entities})
            await ensure_places(unit, self.codebook, hubs, batch.coding)

        await self.database.write(work, name="ensure_hubs")
        self.made.update(wanted)


def property_of(variable: Notation | None) -> str | None:
    """The property that holds the codes of a variable; forms stand in one of their own."""
    if variable is None:
        return None
    return "forms" if variable == FORM else f"{CODES}{variable}"


def hub_names(hubs: Hubs, coding: Coding) -> set[str]:
    """The areas and forms by names that tell them apart, to remember which are there."""
    return {f"area {code}" for code in hubs.areas} | {f"form {concept_id(coding, code)}" for code in hubs.forms}


async def ensure_places(unit: UnitOfWork, codebook: Codebook, hubs: Hubs, coding: Coding) -> None:
    """The areas and the forms of the coding's release are there, each linked to the next broader one."""
    areas = with_parents(codebook, AREAS, None, hubs.areas)
    units, version = coding[FORM]
    forms = with_parents(codebook, units, version, hubs.forms)
    await unit.run(QUERIES["ensure_areas"], {"rows": [{"id": code, "kind": area_kind(code)} for code in areas]})
    await unit.run(QUERIES["link_areas"], {"rows": broader_rows(areas, str)})
    rows = [{"id": concept_id(coding, code), "scheme": units, "version": version, "code": code} for code in forms]
    await unit.run(QUERIES["ensure_concepts"], {"rows": rows})
    await unit.run(QUERIES["link_concepts"], {"rows": broader_rows(forms, lambda code: concept_id(coding, code))})


async def _upsert(
    unit: UnitOfWork, batch: Batch, encoded: Mapping[EventId, Encoded], uses: Uses, *, chunk: str, at: int
) -> StoreCounts:
    """Write what is new or differs, told at ``at``. May run again: the digests it reads decide what is left to do."""
    known = (await unit.run(QUERIES["known_events"], {"ids": list(encoded)}))[0]
    digests = dict(zip(records.texts(known, "ids"), records.texts(known, "digests"), strict=True))
    new = [event for id_, event in encoded.items() if id_ not in digests]
    changed = [event for id_, event in encoded.items() if id_ in digests and digests[id_] != event.properties["digest"]]
    if not new and not changed:
        return StoreCounts(unchanged=len(encoded))
    deltas = await open_deltas(unit)
    countries = await _countries(unit, encoded.values())
    if changed:
        locked = await lock_and_read(unit, [event.record.id for event in changed])
        await count_out(unit, deltas, locked)
    before = await clear_events(unit, [event.record.id for event in changed]) if changed else _Before()
    rows = Rows()
    for event in (*new, *changed):
        event.properties["counted"] = deltas.generation
        if event.record.entity in countries:
            event.properties.setdefault("country", countries[event.record.entity])
        rows.add(event, batch.coding)
    told_links.stamp(rows, before.links, chunk)
    newest = min(str(event.properties["place"]) for event in (*new, *changed))
    await unit.run(QUERIES["note_newest"], {"batch": batch.id, "newest": newest})
    parameters: Row = {"batch": batch.id, "coding": coding_id(batch.coding)}
    await run_rows(unit, "create_events", rows.events[: len(new)], parameters)
    await run_rows(unit, "replace_events", rows.events[len(new) :], parameters)
    await write_parts(unit, rows, told=before.told, at=at)
    for event in new:
        deltas.add(event.record.entity, place_of_new(event), uses[event.record.id], sign=1)
    await count_in(unit, deltas, [StoredEvent(event.record, batch.coding) for event in changed])
    await write_deltas(unit, deltas)
    if changed:
        await widen(unit, [event.record.id for event in changed])
    if before.people:
        for query in ("drop_citizenships", "drop_residences", "drop_people"):
            await unit.run(QUERIES[query], {"people": before.people})
    if before.told:
        gone = sorted({str(identifier) for _, identifier, _ in before.told})
        await unit.run(QUERIES["drop_identifiers"], {"ids": gone})
    return StoreCounts(added=len(new), changed=len(changed), unchanged=len(encoded) - len(new) - len(changed))


async def _countries(unit: UnitOfWork, encoded: Iterable[Encoded]) -> dict[str, str]:
    """The countries of reporting entities that have one: where their events were recorded if those do not say."""
    asked = {"ids": sorted({event.record.entity for event in encoded})}
    row = (await unit.run(QUERIES["countries_of_entities"], asked))[0]
    return dict(zip(records.texts(row, "ids"), records.texts(row, "countries"), strict=True))


@dataclass(frozen=True, slots=True)
class _Before:
    """On whom and what events hung before they were replaced.

    An identifier that is told again was ``told`` all the while, which contact requests ask.
    """

    people: Sequence[str] = ()
    told: ToldSince = field(default_factory=dict)
    links: told_links.Told = field(default_factory=dict)


async def clear_events(unit: UnitOfWork, events: Sequence[str]) -> _Before:
    """Lock events and take away what their records told; returns who took part in them, and their identifiers."""
    ids = {"ids": events}
    await unit.run(QUERIES["lock_events"], ids)
    people = list(records.texts((await unit.run(QUERIES["participants"], ids))[0], "people"))
    told = await told_since(unit, events)
    links = await told_links.links_of(unit, events)
    await unit.run(QUERIES["clear_links"], {"ids": events, "people": people})
    await unit.run(QUERIES["clear_groups"], ids)
    await unit.run(QUERIES["clear_events"], ids)
    return _Before(people, told, links)


async def write_parts(unit: UnitOfWork, rows: Rows, *, told: ToldSince, at: int) -> None:
    """Everything that hangs on the chunk's events, which are there; what was not ``told`` before is told ``at``."""
    for row in rows.identified:
        row["told_at"] = told.get((row["event"], row["identifier"], row["person"]), at)
    people: list[Row] = [{"id": person, "entity": entity} for person, entity in rows.people.items()]
    statements: tuple[tuple[str, Sequence[Row]], ...] = (
        ("merge_people", people),
        ("create_victims", rows.parts[Role.VICTIM]),
        ("create_perpetrators", rows.parts[Role.PERPETRATOR]),
        ("create_groups", rows.groups),
        ("create_decisions", rows.decisions),
        ("create_recorded_in", rows.recorded_in),
        ("create_exploited_in", rows.exploited_in),
        ("create_transited", rows.transited),
        ("create_forms", rows.forms),
        ("merge_citizenships", list(rows.citizenships.values())),
        ("merge_residences", list(rows.residences.values())),
        ("create_links", rows.links),
        ("merge_identifiers", list(rows.identifiers.values())),
        ("create_identified", rows.identified),
    )
    for query, wanted in statements:
        await run_rows(unit, query, wanted, {})


async def run_rows(
    unit: UnitOfWork,
    query: str,
    rows: Sequence[Row],
    parameters: Mapping[str, object],
    *,
    queries: Mapping[str, NamedQuery] = QUERIES,
) -> None:
    """The statement over the rows, in requests that the embedded engine can take; nothing for no rows."""
    for part in cut(rows):
        await unit.run(queries[query], {**parameters, "rows": part})


def with_parents(
    codebook: Codebook, scheme: SchemeId, version: VersionTag | None, codes: Iterable[str]
) -> dict[str, str | None]:
    """Every code and all above it, each with its parent."""
    found: dict[str, str | None] = {}
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found[code] = codebook.parent(scheme, version, Notation(code))
            waiting.extend(parent for parent in (found[code],) if parent is not None)
    return dict(sorted(found.items()))


def broader_rows(parents: Mapping[str, str | None], node: Callable[[str], str]) -> list[Row]:
    return [
        {"key": f"{node(code)}|{node(parent)}", "narrow": node(code), "broad": node(parent)}
        for code, parent in parents.items()
        if parent is not None
    ]


def _batch_parameters(batch: Batch) -> Row:
    properties = {
        "id": batch.id,
        "entity": batch.entity,
        "mapping": batch.mapping,
        "digest": batch.file_digest,
        "source_type": batch.source_type.value,
    }
    return {"batch": properties, "coding": coding_id(batch.coding), "lists": encode_coding(batch.coding)}


def _bounds(keyset: Keyset) -> Row:
    after = keyset.after if keyset.after is not None else FIRST_PLACE
    before = keyset.before if keyset.before is not None else LAST_PLACE
    return {"after": after, "before": before, "limit": keyset.limit}


def _read_entity(row: Properties) -> StoredEntity:
    type_, area = records.optional_text(row, "type"), records.optional_text(row, "area")
    entity = ReportingEntity(
        id=EntityId(records.text(row, "id")),
        name=records.text(row, "name"),
        type=Notation(type_) if type_ is not None else None,
        area=Notation(area) if area is not None else None,
    )
    return StoredEntity(entity, records.whole(row, "events"))


def _entity_properties(entity: ReportingEntity) -> Row:
    properties: Row = {"id": entity.id, "name": entity.name}
    if entity.type is not None:
        properties["type"] = entity.type
    if entity.area is not None:
        properties["area"] = entity.area
    return properties
