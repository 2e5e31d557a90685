"""What hangs together, across borders and agencies, on both engines, against literals and against networkx."""

from __future__ import annotations

import random

import networkx as nx
import pytest

from registry.errors import ArgumentOutOfRange, ArgumentsConflicting, RecordUnknown
from registry.network.components import Component
from registry.network.model import EVERYTHING, Judged, NodeKind, Start, Window, Within
from registry.network.queries import components
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from tests import oracle, universe
from tests.network.test_ego_network import person, store_judgements, store_world
from tests.network.test_judgements import ADA_IS_XIA, judge
from tests.universe import CARER, EVERYONE, OFFICER, POLICE, SHELTER, event_id, networks, person_id
from tests.worlds import two_agencies

TOGETHER = Within(judged=Judged.TOGETHER)


async def test_components_say_how_far_they_spread(database: Database) -> None:
    """Around Uganda two components; a judgement between Ada and Xia makes them one, of two countries and agencies."""
    await universe.build_universe(BoltCaseStore(database))
    store = networks(database)
    uganda = Start(NodeKind.AREA, "UG")
    shelter = Component(
        tuple(sorted([person_id("xia"), person_id("kurt")])), (event_id("E5"),), ("KE", "UG"), (SHELTER,)
    )

    apart = await components(store, actor=EVERYONE, around=uganda, depth=5)
    await judge(database, EVERYONE, ADA_IS_XIA)
    together = await components(store, actor=EVERYONE, around=uganda, depth=5, within=TOGETHER)

    police, other = apart.components
    assert other == shelter
    assert (police.countries, police.agencies, police.crosses_agencies) == (("KE", "UG"), (POLICE,), False)
    (joined,) = together.components
    assert (joined.agencies, joined.crosses_borders, joined.crosses_agencies) == ((POLICE, SHELTER), True, True)


def test_a_component_says_why_it_counts() -> None:
    """How much hangs together and how far; what is alone, what is not told, and what has no events to be anywhere."""
    assert Component(("a", "b"), ("e",), ("KE", "UG"), ("k", "s", "t")).because == (
        "2 people and 1 event that hang together", "its events belong to 2 countries", "recorded by 3 agencies",
    )  # fmt: skip
    assert Component(("a",), ("e", "f"), ("KE",), ("k",)).because == (
        "1 person and 2 events that hang together", "its events belong to 1 country", "recorded by 1 agency",
    )  # fmt: skip
    assert Component((), ("e",), (), ("k",)).because == (
        "1 event alone", "its events belong to no country that is told", "recorded by 1 agency",
    )  # fmt: skip
    assert Component(("a", "b"), (), (), ()).because == ("2 people that hang together",)
    assert Component(("a",), (), (), ("k",)).because == ("1 person alone", "recorded by 1 agency")


async def test_what_may_be_asked(database: Database) -> None:
    """A start or ids, never both or neither; no more ids than the budget; a start that is not there is unknown."""
    await universe.build_universe(BoltCaseStore(database))
    store = networks(database)

    for asked in ({}, {"around": person("ada"), "people": [person_id("ada")]}):
        with pytest.raises(ArgumentsConflicting):
            await components(store, actor=EVERYONE, **asked)  # type: ignore[arg-type]
    with pytest.raises(ArgumentOutOfRange):
        await components(store, actor=EVERYONE, people=["a", "b", "c"], budget=2)
    with pytest.raises(RecordUnknown):
        await components(store, actor=CARER, around=person("ada"))
    for within in (EVERYTHING, Within(ends=(NodeKind.AREA, NodeKind.CONCEPT, NodeKind.ENTITY))):
        nobody = await components(store, actor=CARER, people=[person_id("ada")], events=[event_id("E1")], within=within)
        assert (nobody.components, nobody.network.node_ids) == ((), ())


async def test_events_outside_the_window_are_not_there(database: Database) -> None:
    """Of Kofi's events that of 2020, whether they are asked for by id or not; undated ones never."""
    await universe.build_universe(BoltCaseStore(database))
    within = Within(Window(1577836800000000, 1609459199999999))
    events = [event_id(name) for name in ("E1", "E2", "E4", "E6")]

    found = await components(
        networks(database), actor=EVERYONE, people=[person_id("kofi")], events=events, within=within
    )

    assert [(each.people, each.events) for each in found.components] == [((person_id("kofi"),), (event_id("E4"),))]
    assert found.network.hidden == 0


@pytest.mark.parametrize("seed", range(2))
async def test_components_among_ids_are_those_of_networkx(database: Database, seed: int) -> None:
    """Random worlds, judgements, ids, restrictions and scopes."""
    records = two_agencies(seed)
    await store_world(database, records)
    dice = random.Random(seed)
    judgements = await store_judgements(database, records, dice)
    store = networks(database)
    everything = oracle.case_graph(records)

    for _ in range(12):
        actor, entities = dice.choice(((EVERYONE, None), (OFFICER, [POLICE]), (CARER, [SHELTER])))
        within = Within(judged=dice.choice(list(Judged)), min_links=dice.choice((1, 1, 2)))
        chosen = dice.sample(sorted(everything), len(everything) // 2)
        people = [id_ for id_ in chosen if everything.nodes[id_]["kind"] == "Person"]
        events = [id_ for id_ in chosen if everything.nodes[id_]["kind"] == "Event"]
        graph = oracle.case_graph(oracle.in_scope(records, entities), within=within, judgements=judgements)
        among = Within(only_people=frozenset(people), only_events=frozenset(events), min_links=within.min_links)
        kept = [node for node in graph if oracle.wanted(graph, node, among)]

        found = await components(store, actor=actor, people=people, events=events, within=within)

        expected = nx.connected_components(nx.Graph(graph.subgraph(kept)))
        assert {frozenset((*each.people, *each.events)) for each in found.components} == set(map(frozenset, expected))
        sizes = [len(each.people) + len(each.events) for each in found.components]
        assert sizes == sorted(sizes, reverse=True)
