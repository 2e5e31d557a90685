"""Case records in the store, on both engines: what is written is read back, whole, once, and only in scope."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from registry.access.audit import UNTOLD, audit_row
from registry.cases import actions, queries
from registry.cases.identity import Identities
from registry.cases.model import StoreCounts
from registry.errors import NotAllowed, RecordUnknown
from registry.identifiers import Notation
from registry.storage.bolt.cases import BoltBulkWriter, BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery
from tests import universe
from tests.universe import CARER, CODEBOOK, EVERYONE, EVERYTHING, OFFICER


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
    assert await store.usage(scope=EVERYTHING) == {"events": 6, "people": 14, "groups": 1, "entities": 2}


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


async def test_a_changed_record_replaces_the_old_one_whole(database: Database) -> None:
    """Ada leaves E1, is no longer of Uganda, and her relation to Kofi is gone; everything else stays."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)
    changed = universe.event("E1", universe.perpetrator("kofi", "p1"), universe.victim("eve", "v1"), forms=["3"])

    counts = await actions.store_events(store, CODEBOOK, universe.batch_of(universe.POLICE), [changed], actor=EVERYONE)

    assert counts == StoreCounts(changed=1)
    assert (await queries.event(store, changed.id, actor=EVERYONE)).record.forms == ("3",)
    ada = await queries.person(store, universe.person_id("ada"), actor=EVERYONE)
    assert [part.event for part in ada.parts] == [universe.event_id("E2")]
    assert ada.links == ()
    assert await areas_of(database, universe.person_id("ada")) == ["KE"]
    assert await queries.check_store(store, CODEBOOK, actor=EVERYONE) == []


async def test_a_person_whom_no_event_tells_of_is_gone(database: Database) -> None:
    """Cora was in E3 only."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)
    changed = universe.event("E3", universe.perpetrator("ben", "p1"))

    await actions.store_events(store, CODEBOOK, universe.batch_of(universe.POLICE), [changed], actor=EVERYONE)

    with pytest.raises(RecordUnknown):
        await queries.person(store, universe.person_id("cora"), actor=EVERYONE)
    assert (await store.usage(scope=EVERYTHING))["groups"] == 0


async def test_nobody_stores_for_an_entity_outside_their_scope(database: Database) -> None:
    """The carer may not write the police's record, and nothing is written."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)
    foreign = [replace(universe.police_events()[0], source_key="new", id=universe.event_id("new"))]

    with pytest.raises(NotAllowed):
        await actions.store_events(store, CODEBOOK, universe.batch_of(universe.SHELTER), foreign, actor=CARER)

    assert (await store.usage(scope=EVERYTHING))["events"] == 6


NOTED = audit_row(id="row", actor=EVERYONE, act="import records", circumstances=UNTOLD)


async def test_racing_writers_double_nothing(database: Database) -> None:
    """Eight tasks write the same new and changed records at once, past the lease: every count is exact."""
    store = BoltCaseStore(database)
    batch = universe.batch_of(universe.POLICE)
    records = list(universe.police_events())
    await actions.store_events(store, CODEBOOK, batch, records[:2], actor=EVERYONE)
    wanted = [replace(records[0], forms=(Notation("3"),)), *records[1:]]
    async with store.bulk(CODEBOOK) as writer:
        assert isinstance(writer, BoltBulkWriter)
        rows = [replace(NOTED, id=f"row-{number}") for number in range(8)]
        await asyncio.gather(*(writer.prepare(batch, wanted)(row) for row in rows))

    for record in wanted:
        stored = (await queries.event(store, record.id, actor=EVERYONE)).record
        assert stored == replace(record, participations=tuple(sorted(record.participations, key=lambda p: p.key)))
    assert await store.usage(scope=EVERYTHING) == {"events": 4, "people": 11, "groups": 1, "entities": 1}
    assert await queries.check_store(store, CODEBOOK, actor=EVERYONE) == []


async def test_the_key_of_ids_is_made_once(database: Database) -> None:
    """Whoever comes first decides; racing makers get the same."""
    store = BoltCaseStore(database)

    made = await asyncio.gather(*(store.identity_key(bytes([number]) * 32) for number in range(8)))

    assert len(set(made)) == 1
    assert await actions.identities(store, b"x" * 32, actor=EVERYONE) == Identities(made[0])


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        ("MATCH (:Event)-[r:REPORTED_BY]->() WITH r LIMIT 1 DELETE r", "event_without_entity"),
        ("MATCH (:Event)-[r:IN_BATCH]->() WITH r LIMIT 1 DELETE r", "event_without_batch"),
        ("MATCH (:Event)-[r:CODED_BY]->() WITH r LIMIT 1 DELETE r", "event_without_coding"),
        ("MATCH (e:Event) WITH e LIMIT 1 REMOVE e.place", "event_without_place"),
        ("CREATE (p:Person {id: 'nobody-at-all', entity: 'ke-police'})", "person_without_event"),
        ("MATCH (p:Person) WITH p LIMIT 1 SET p.entity = 'ug-shelter-2'", "person_of_other_entity"),
        ("MATCH ()-[r:VICTIM_IN]->() WITH r LIMIT 1 SET r.key = 'elsewhere|v1'", "participation_without_ends"),
        (
            "MATCH (p:Person)-[r:VICTIM_IN]->(e:Event) WITH p, r, e LIMIT 1 CREATE (p)-[:VICTIM_IN {key: r.key}]->(e)",
            "participation_doubled",
        ),
        ("CREATE (g:Group {id: 'nowhere', key: 'p1', role: 'victim'})", "group_without_event"),
        ("MATCH (:Event)-[r:EXPLOITED_IN]->() WITH r LIMIT 1 DELETE r", "area_unlinked"),
        ("MATCH (:Event)-[r:RELATED_TO|HAS_FORM]->() DELETE r", "form_unlinked"),
        ("MATCH ()-[r:RELATED_TO]->() SET r.event = 'gone'", "relation_without_event"),
        ("MATCH (e:Event {record_key: 'E4'}) SET e.codes_sta = ['made-up']", "code_not_in_release"),
        ("MATCH (e:Event {record_key: 'E4'}) SET e.missing_sta = 'made-up'", "values_unreadable"),
    ],
)
async def test_the_check_finds_what_is_broken(database: Database, damage: str, rule: str) -> None:
    """Each kind of damage by its rule."""
    store = BoltCaseStore(database)
    await universe.build_universe(store)
    await database.execute(NamedQuery("damage", damage, {}, writes=True, one=False))

    found = await queries.check_store(store, CODEBOOK, actor=EVERYONE)

    assert rule in {finding.rule for finding in found}


async def areas_of(database: Database, person: str) -> list[object]:
    """Whose citizen a person is, by the graph's own edges."""
    query = NamedQuery(
        "areas_of",
        "MATCH (:Person {id: $id})-[:CITIZEN_OF]->(a:Area) RETURN a.id AS id ORDER BY id",
        {"id": "string"},
        writes=False,
        one=False,
    )
    return [row["id"] for row in await database.read(query, {"id": person})]
