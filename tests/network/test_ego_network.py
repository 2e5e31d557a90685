"""Networks around a start, on both engines, against literals and against the oracle."""

from __future__ import annotations

import random

import pytest

from registry.access.actor import STRANGER
from registry.cases import actions
from registry.cases.model import EventRecord
from registry.errors import ArgumentOutOfRange, NotAllowed, RecordUnknown
from registry.identifiers import EntityId
from registry.network.model import PARTICIPATION, EdgeKind, NodeKind, SkippedHub, Start, Subgraph, Window
from registry.network.queries import ego_network
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.network import BoltNetworkStore
from tests import oracle, universe
from tests.universe import CARER, CODEBOOK, EVERYONE, OFFICER, POLICE, SHELTER, event_id, person_id
from tests.worlds import random_world, two_agencies

EVERY_KIND = (*PARTICIPATION, EdgeKind.RELATED_TO)


def person(name: str) -> Start:
    """A person of the universe as start."""
    return Start(NodeKind.PERSON, person_id(name))


async def store_world(database: Database, records: list[EventRecord]) -> None:
    """Store records under their entities' batches."""
    store = BoltCaseStore(database)
    for entity in (POLICE, SHELTER):
        mine = [record for record in records if record.entity == entity]
        await actions.store_events(store, CODEBOOK, universe.batch_of(entity), mine, actor=EVERYONE)


async def test_co_participants_are_two_hops_away(database: Database) -> None:
    """Around Ada: her two events, then Kofi, Lena and Ben; the star event of Kofi is a hop further."""
    await universe.build_universe(BoltCaseStore(database))

    found = await ego_network(BoltNetworkStore(database), actor=EVERYONE, start=person("ada"))

    assert dict(zip(found.node_ids, found.distances, strict=True)) == {
        person_id("ada"): 0,
        event_id("E1"): 1,
        event_id("E2"): 1,
        person_id("kofi"): 2,
        person_id("lena"): 2,
        person_id("ben"): 2,
    }
    assert set(zip(found.edge_sources, found.edge_targets, found.edge_kinds, strict=True)) == {
        (person_id("ada"), event_id("E1"), "VICTIM_IN"),
        (person_id("ada"), event_id("E2"), "VICTIM_IN"),
        (person_id("ben"), event_id("E2"), "VICTIM_IN"),
        (person_id("kofi"), event_id("E1"), "PERPETRATOR_IN"),
        (person_id("kofi"), event_id("E2"), "PERPETRATOR_IN"),
        (person_id("lena"), event_id("E2"), "PERPETRATOR_IN"),
    }
    assert set(found.node_entities) == {POLICE}
    assert (found.truncated, found.skipped_hubs, found.hidden) == (False, (), 0)
    assert (found.counts_by_type, found.visited) == ({"Person": 4, "Event": 2}, 3)


async def test_a_hub_is_kept_but_not_expanded(database: Database) -> None:
    """With five links as guard the star event stays closed and says its seven."""
    await universe.build_universe(BoltCaseStore(database))

    found = await ego_network(BoltNetworkStore(database), actor=EVERYONE, start=person("kofi"), depth=2, hub_limit=5)

    assert found.skipped_hubs == (SkippedHub(event_id("E4"), NodeKind.EVENT, 7),)
    assert event_id("E4") in found.node_ids
    assert person_id("dan-1") not in found.node_ids
    assert found.truncated is False


async def test_the_budget_leaves_out_the_last_by_id_and_says_so(database: Database) -> None:
    """Four nodes from the star: three of its seven people, the first by id; all seven are counted."""
    await universe.build_universe(BoltCaseStore(database))
    everybody = sorted([person_id("kofi"), *(person_id(f"dan-{number}") for number in range(1, 7))])

    found = await ego_network(
        BoltNetworkStore(database), actor=EVERYONE, start=Start(NodeKind.EVENT, event_id("E4")), budget=4
    )

    assert found.node_ids == (event_id("E4"), *everybody[:3])
    assert found.truncated is True
    assert found.counts_by_type == {"Event": 1, "Person": 7}
    assert len(found.edge_sources) == 3


@pytest.mark.parametrize(
    ("start", "events"),
    [
        (Start(NodeKind.ENTITY, SHELTER), ["E5", "E6"]),
        (Start(NodeKind.AREA, "UG"), ["E3", "E4", "E5"]),
        (Start(NodeKind.AREA, "014"), ["E1", "E2", "E3", "E4", "E5"]),
        (Start(NodeKind.CONCEPT, "1"), ["E1", "E2", "E4", "E6"]),
        (Start(NodeKind.CONCEPT, "2"), ["E2", "E4", "E6"]),
    ],
)
async def test_a_hub_as_start_leads_to_its_events(database: Database, start: Start, events: list[str]) -> None:
    """An agency, an area or a form (narrower ones too) leads to its events in one hop, cut by the budget, counted."""
    await universe.build_universe(BoltCaseStore(database))
    store = BoltNetworkStore(database)
    expected = sorted(event_id(name) for name in events)

    whole = await ego_network(store, actor=EVERYONE, start=start, depth=1)
    cut = await ego_network(store, actor=EVERYONE, start=start, depth=3, budget=2)

    assert whole.node_ids == (start.id, *expected)
    assert (whole.truncated, whole.edge_targets) == (False, (start.id,) * len(expected))
    assert cut.node_ids == (start.id, expected[0])
    assert (cut.truncated, cut.counts_by_type["Event"]) == (True, len(expected))


async def test_a_window_hides_events_outside_it(database: Database) -> None:
    """In 2019 Kofi is in E1 and E2 only."""
    await universe.build_universe(BoltCaseStore(database))
    year = Window(1546300800000000, 1577836799999999)

    found = await ego_network(BoltNetworkStore(database), actor=EVERYONE, start=person("kofi"), depth=1, within=year)

    assert set(found.node_ids) == {person_id("kofi"), event_id("E1"), event_id("E2")}


async def test_relations_join_people_directly(database: Database) -> None:
    """Ada and Kofi are one relation apart where relations count."""
    await universe.build_universe(BoltCaseStore(database))

    found = await ego_network(
        BoltNetworkStore(database),
        actor=EVERYONE,
        start=person("ada"),
        depth=1,
        edge_kinds=(EdgeKind.RELATED_TO,),
    )

    assert [(edge.source, edge.target, edge.kind) for edge in found.each_edge()] == [
        (person_id("ada"), person_id("kofi"), EdgeKind.RELATED_TO)
    ]


async def test_a_start_outside_scope_is_unknown(database: Database) -> None:
    """People, events, agencies, and areas where the carer has no event, are as good as absent."""
    await universe.build_universe(BoltCaseStore(database))
    store = BoltNetworkStore(database)

    for start in (
        person("ada"),
        Start(NodeKind.EVENT, event_id("E1")),
        Start(NodeKind.ENTITY, POLICE),
        Start(NodeKind.AREA, "KE-30"),
        Start(NodeKind.CONCEPT, "4"),
        Start(NodeKind.PERSON, "no-such-person"),
    ):
        with pytest.raises(RecordUnknown):
            await ego_network(store, actor=CARER, start=start)


async def test_limits_are_named(database: Database) -> None:
    """Depth, budget and guard out of range are refused before anything is read; so is who may not explore."""
    store = BoltNetworkStore(database)

    for depth, budget, hub_limit in ((5, 500, 100), (0, 500, 100), (2, 0, 100), (2, 5001, 100), (2, 500, 0)):
        with pytest.raises(ArgumentOutOfRange):
            await ego_network(
                store, actor=EVERYONE, start=person("ada"), depth=depth, budget=budget, hub_limit=hub_limit
            )
    with pytest.raises(NotAllowed):
        await ego_network(store, actor=STRANGER, start=person("ada"))


@pytest.mark.parametrize("seed", range(3))
async def test_both_engines_agree_with_the_oracle(database: Database, seed: int) -> None:
    """Random worlds, starts, depths, budgets, guards, windows and scopes: every part of the answer."""
    records = two_agencies(seed)
    await store_world(database, records)
    store = BoltNetworkStore(database)
    dice = random.Random(seed)

    for _ in range(60):
        actor, entities = dice.choice(((EVERYONE, None), (OFFICER, [POLICE]), (CARER, [SHELTER])))
        window = dice.choice((None, Window(1546300800000000, 1577836799999999)))
        kinds = dice.choice((PARTICIPATION, EVERY_KIND, (EdgeKind.VICTIM_IN,)))
        limits = {
            "depth": dice.randint(1, 4),
            "budget": dice.choice((1, 3, 9, 500)),
            "hub_limit": dice.choice((2, 5, 100)),
        }
        graph = oracle.case_graph(oracle.in_scope(records, entities), kinds=kinds, window=window)
        start = Start(NodeKind.PERSON, dice.choice(sorted(graph)))
        start = Start(NodeKind(graph.nodes[start.id]["kind"]), start.id)

        found = await ego_network(store, actor=actor, start=start, edge_kinds=kinds, within=window, **limits)

        expected = oracle.ego(graph, start.id, **limits)
        assert dict(zip(found.node_ids, found.distances, strict=True)) == expected.distances
        assert list(found.node_ids) == sorted(found.node_ids, key=lambda id_: (expected.distances[id_], id_))
        assert set(zip(found.edge_sources, found.edge_targets, found.edge_kinds, strict=True)) == expected.edges
        assert {hub.id: hub.degree for hub in found.skipped_hubs} == expected.skipped
        assert (found.truncated, found.counts_by_type) == (expected.truncated, dict(expected.found))


async def test_records_outside_scope_change_no_answer(database: Database) -> None:
    """Inserting another agency's records, in the same areas and forms, leaves every answer as it was."""
    await store_world(database, random_world(7, events=20, people=10))
    store = BoltNetworkStore(database)
    starts = [
        *(
            Start(NodeKind.PERSON, part.person)
            for r in random_world(7, events=20, people=10)
            for part in r.participations
            if part.person
        ),
        Start(NodeKind.AREA, "KE"),
        Start(NodeKind.CONCEPT, "2.1"),
    ]

    async def answers() -> list[Subgraph]:
        return [
            await ego_network(store, actor=OFFICER, start=start, depth=3, budget=12, hub_limit=4, edge_kinds=EVERY_KIND)
            for start in starts[::3]
        ]

    before = await answers()
    await store_world(database, random_world(8, events=40, people=5, entity=EntityId(SHELTER), name="s"))

    assert await answers() == before
