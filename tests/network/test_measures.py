"""Communities and key players of one piece of network: against literals, and against networkx on random graphs."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from registry.errors import GraphLibraryMissing
from registry.network import graph_algorithms
from registry.network.expand import Expansion
from registry.network.measures import (
    KeyOrder,
    Removal,
    count_cut_off,
    find_communities,
    find_key_players,
    people_graph,
)
from registry.network.model import NodeKind, SkippedHub, Start, Subgraph
from registry.network.ports import Links
from tests.network.graphs import network_of, random_network

SEEDS = range(25)
BOW_TIE = network_of(
    ["ann", "bea", "cid", "dan", "eve"],
    ["e1", "e2", "e3", "e4"],
    [
        *((who, "e1", "VICTIM_IN") for who in ("ann", "bea", "cid")),
        *((who, "e2", "VICTIM_IN") for who in ("ann", "bea", "cid")),
        *((who, "e3", "VICTIM_IN") for who in ("cid", "dan", "eve")),
        *((who, "e4", "PERPETRATOR_IN") for who in ("dan", "eve")),
        ("dan", "e4", "VICTIM_IN"),
    ],
)
"""Two knots that only cid joins; dan is linked to e4 twice."""


def graph_of(network: Subgraph) -> nx.Graph[str]:
    """The same piece as networkx has it: no direction, no doubled links, no loops."""
    graph: nx.Graph[str] = nx.Graph()
    for id_, kind in zip(network.node_ids, network.node_kinds, strict=True):
        graph.add_node(id_, person=kind is NodeKind.PERSON)
    pairs = ((source, target) for source, target, _ in network.edges)
    graph.add_edges_from((one, other) for one, other in pairs if one != other)
    return graph


def people_parts(graph: nx.Graph[str]) -> list[set[str]]:
    """The people of each component that has any."""
    parts = [{id_ for id_ in part if graph.nodes[id_]["person"]} for part in nx.connected_components(graph)]
    return [part for part in parts if part]


def cut_off(graph: nx.Graph[str], person: str) -> list[str]:
    """Who no longer hangs together with the largest rest of the person's component."""
    own = nx.node_connected_component(graph, person) - {person}
    parts = sorted(people_parts(graph.subgraph(own)), key=lambda part: (-len(part), min(part)))
    return sorted(set().union(*parts[1:]))


def page_rank(graph: nx.Graph[str]) -> dict[str, float]:
    """Where a walk that jumps with 15 in 100 is in the end, by networkx's matrix of its steps."""
    steps = np.asarray(nx.google_matrix(graph, alpha=0.85))
    place = np.full(len(graph), 1 / len(graph))
    for _ in range(300):
        place = place @ steps
    return dict(zip(graph, place.tolist(), strict=True))


def bounded_betweenness(graph: nx.Graph[str], limit: int) -> dict[str, float]:
    """By the definition: over each pair of people at most ``limit`` links apart, the share of their shortest paths."""
    told = dict.fromkeys(graph, 0.0)
    people = [id_ for id_ in graph if graph.nodes[id_]["person"]]
    for one, other in combinations(sorted(people), 2):
        if not nx.has_path(graph, one, other) or nx.shortest_path_length(graph, one, other) > limit:
            continue
        paths = list(nx.all_shortest_paths(graph, one, other))
        for path in paths:
            for inner in path[1:-1]:
                told[inner] += 1 / len(paths)
    return told


def test_who_joins_two_knots_is_told_with_what_removing_them_does() -> None:
    """Without cid the five fall into two groups, and dan and eve are cut off; of ties the lower id stays."""
    found = find_key_players(BOW_TIE, order=KeyOrder.BETWEENNESS, first=2, path_limit=8)

    first, second = found.players
    assert (first.id, first.is_articulation, first.degree) == ("cid", True, 3)
    assert (first.events, first.people) == (("e1", "e2", "e3"), ("ann", "bea", "dan", "eve"))
    assert first.removal == Removal(components_before=1, components_after=2, cut_off=("dan", "eve"), largest=2)
    assert second.removal == Removal(1, 1, (), 4)
    assert (found.people, found.components) == (5, 1)


def test_events_of_ones_own_put_nobody_between_people() -> None:
    """P is in one event with Q and alone in five more: linked with one person, P is between nobody and parts nobody."""
    chain = network_of(
        ["p", "q", "r", "s"],
        ["pq", "qr", "rs", "own1", "own2", "own3", "own4", "own5"],
        [(who, event, "VICTIM_IN") for event in ("pq", "qr", "rs") for who in event]
        + [("p", f"own{number}", "VICTIM_IN") for number in range(1, 6)],
    )

    found = find_key_players(chain, order=KeyOrder.BETWEENNESS, first=4, path_limit=8)

    told = [(each.id, each.betweenness, each.is_articulation, each.removal.cut_off) for each in found.players]
    assert told == [("q", 2.0, True, ("p",)), ("r", 2.0, True, ("s",)), ("p", 0.0, False, ()), ("s", 0.0, False, ())]
    assert found.players[2].because == (
        "linked with 1 person through 6 events",
        "on no shortest path between other people, of at most 8 links",
        "removing this person leaves 1 group, of 3 people",
    )
    near = find_key_players(chain, order=KeyOrder.BETWEENNESS, first=4, path_limit=5)
    assert [each.betweenness for each in near.players] == [1.0, 1.0, 0.0, 0.0]


def test_two_knots_are_two_communities() -> None:
    """The larger first; the one link between them is told on both sides."""
    found = find_communities(BOW_TIE, resolution=1.0, seed=7)

    assert [community.nodes for community in found.communities] == [
        ("ann", "bea", "cid", "e1", "e2"),
        ("dan", "e3", "e4", "eve"),
    ]
    assert [(c.number, c.people, c.events, c.links_inside, c.links_outside) for c in found.communities] == [
        (1, 3, 2, 6, 1),
        (2, 2, 2, 4, 1),
    ]
    assert found.modularity == pytest.approx(10 / 11 - (13**2 + 9**2) / 22**2)
    assert [community.because for community in found.communities] == [
        ("3 people and 2 events with 6 links among them, where chance would have 3.8", "1 link to other communities"),
        ("2 people and 2 events with 4 links among them, where chance would have 1.8", "1 link to other communities"),
    ]


def test_a_community_of_one_or_of_all_says_so() -> None:
    """By itself it has no links to speak of; where all are in one, chance has as many links as there are."""
    (all_, alone) = find_communities(
        network_of(["ann", "bea"], ["e1"], [("ann", "e1", "VICTIM_IN")]), resolution=1.0, seed=1
    ).communities

    assert all_.because == (
        "1 person and 1 event with 1 link among them, where chance would have 1",
        "no link to other communities",
    )
    assert alone.because == ("1 person alone", "no link to other communities")


@pytest.mark.parametrize(
    ("order", "compared"),
    [
        (KeyOrder.BETWEENNESS, "on more shortest paths than 4 of 4 others looked at"),
        (KeyOrder.PAGE_RANK, "a higher PageRank than 4 of 4 others looked at"),
        (KeyOrder.DEGREE, "more links than 4 of 4 others looked at"),
        (KeyOrder.CUT_OFF, "cutting off more people than 4 of 4 others looked at"),
    ],
)
def test_a_key_player_says_why(order: KeyOrder, compared: str) -> None:
    """The measure asked for among others; a pair of others counts by the share of its paths.

    The four pairs of one knot's people and the other's go by cid.
    """
    first = find_key_players(BOW_TIE, order=order, first=1, path_limit=8).players[0]

    assert first.because == (
        "linked with 4 people through 3 events",
        compared,
        "on the shortest paths of 4 pairs of other people, of at most 8 links",
        "removing this person leaves 2 groups apart, the largest of 2 people; cut off from it: 2 people",
    )


def test_what_speaks_against_a_key_player_is_said_too() -> None:
    """Ties are no lead, a bridge may cut off one, links that were not read make numbers too low, nobody is nobody."""
    chain = network_of(
        ["ann", "bea", "cid"], ["e1"], [("ann", "bea", "RELATED_TO"), ("bea", "cid", "RELATED_TO"),
        ("ann", "e1", "VICTIM_IN")], skipped=(SkippedHub("ann", NodeKind.PERSON, 700),), visited=3,
    )  # fmt: skip
    bea, ann, cid = find_key_players(chain, order=KeyOrder.CUT_OFF, first=3, path_limit=2).players

    assert bea.because == (
        "linked with 2 people through 2 relations",
        "cutting off more people than 2 of 2 others looked at",
        "on the shortest paths of 1 pair of other people, of at most 2 links",
        "removing this person leaves 2 groups apart, the largest of 1 person; cut off from it: 1 person",
    )
    assert ann.because == (
        "linked with 1 person through 1 event and 1 relation",
        "on no shortest path between other people, of at most 2 links",
        "removing this person leaves 1 group, of 2 people",
        "not all links of this person were read: these numbers are too low",
    )
    assert cid.because[1] == "on no shortest path between other people, of at most 2 links"


def test_a_key_player_alone_is_compared_with_nobody() -> None:
    """Neither linked nor measured against anybody; at an event without others, with nobody else."""
    (alone,) = find_key_players(network_of(["ann"], [], []), order=KeyOrder.DEGREE, first=1, path_limit=8).players
    (there,) = find_key_players(
        network_of(["ann"], ["e1"], [("ann", "e1", "VICTIM_IN")]), order=KeyOrder.DEGREE, first=1, path_limit=8
    ).players

    nothing = (
        "on no shortest path between other people, of at most 8 links",
        "nobody else hangs together with this person",
    )
    assert alone.because == ("linked with nobody", *nothing)
    assert there.because == ("linked with nobody else through 1 event", *nothing)


def test_a_node_whose_links_were_not_read_says_so() -> None:
    """A hub that was passed over and the outermost nodes have too low numbers."""
    network = network_of(
        ["ann", "bea"], ["e1"], [("ann", "e1", "VICTIM_IN"), ("bea", "e1", "VICTIM_IN")],
        visited=1, skipped=(SkippedHub("ann", NodeKind.PERSON, 700),),
    )  # fmt: skip

    found = find_key_players(network, order=KeyOrder.DEGREE, first=5, path_limit=8)

    assert [(player.id, player.was_read) for player in found.players] == [("ann", False), ("bea", True)]


def test_whose_neighbours_the_budget_left_out_was_not_read_whole() -> None:
    """Ann and bea meet at e1; of ann's two other events there is room for none, of bea's links none leads further."""
    expansion = Expansion(Start(NodeKind.EVENT, "e1"), "police", budget=3)
    expansion.take(NodeKind.EVENT, Links(["e1"], [2], [["ann", "bea"]], [[]]), hub_limit=None)
    expansion.mark_expanded(["e1"])
    people = expansion.close_hop().people
    links = Links(["ann", "bea"], [3, 1], [["e1", "e2", "e3"], ["e1"]], [[], []])
    expansion.take(NodeKind.PERSON, links, hub_limit=9)
    expansion.mark_expanded(people)
    expansion.close_hop()

    found = find_key_players(expansion.subgraph(), order=KeyOrder.DEGREE, first=5, path_limit=8)

    assert (expansion.truncated, expansion.subgraph().visited) == (True, 3)
    assert [(player.id, player.was_read) for player in found.players] == [("ann", False), ("bea", True)]


def test_somebody_alone_leaves_nothing_behind() -> None:
    """A person without links, and one whose only event has nobody else."""
    found = find_key_players(
        network_of(["ann", "bea"], ["e1"], [("bea", "e1", "VICTIM_IN")]), order=KeyOrder.DEGREE, first=9, path_limit=8
    )

    assert [(player.id, player.removal) for player in found.players] == [
        ("bea", Removal(2, 1, (), 0)),
        ("ann", Removal(2, 1, (), 0)),
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_measures_agree_with_networkx(seed: int) -> None:
    """Degree, PageRank, bounded betweenness, cut points of people, removal and order, of everybody."""
    network = random_network(seed)
    graph = graph_of(network)
    rank = page_rank(graph)
    between = bounded_betweenness(graph, 4)
    people = [id_ for id_, is_person in graph.nodes("person") if is_person]
    unbounded = nx.betweenness_centrality_subset(graph, people, people)

    found = find_key_players(network, order=KeyOrder.CUT_OFF, first=100, path_limit=4)
    far = find_key_players(network, order=KeyOrder.CUT_OFF, first=100, path_limit=30)

    assert found.components == len(people_parts(graph))
    assert len(found.players) == found.people == 12
    assert {each.id: each.betweenness for each in far.players} == pytest.approx(
        {id_: unbounded[id_] for id_ in people}, abs=1e-8
    )
    for player in found.players:
        assert player.degree == graph.degree(player.id)
        assert player.page_rank == pytest.approx(rank[player.id], abs=1e-8)
        assert player.betweenness == pytest.approx(between[player.id], abs=1e-8)
        assert list(player.removal.cut_off) == cut_off(graph, player.id)
        assert player.is_articulation == (player.removal.components_after > player.removal.components_before)
        assert player.is_articulation == bool(cut_off(graph, player.id))
        rest = graph.copy()
        rest.remove_node(player.id)
        assert player.removal.components_after == len(people_parts(rest))
        own = nx.node_connected_component(graph, player.id) - {player.id}
        assert player.removal.largest == max(map(len, people_parts(graph.subgraph(own))), default=0)
    order = [(-len(player.removal.cut_off), player.id) for player in found.players]
    assert order == sorted(order)


@pytest.mark.parametrize("seed", SEEDS)
def test_people_cut_off_are_counted_in_one_walk(seed: int) -> None:
    """For every vertex, events too, the count is that of removing it."""
    network = random_network(seed, links=16)
    graph, people = graph_of(network), people_graph(network)

    counts = count_cut_off(people.is_person, people.neighbours())

    assert dict(zip(people.ids, counts, strict=True)) == {id_: len(cut_off(graph, id_)) for id_ in people.ids}


@pytest.mark.parametrize("seed", SEEDS)
def test_communities_part_the_network_and_tell_its_modularity(seed: int) -> None:
    """Every node is in one; they never join components; networkx computes the same modularity; and again the same."""
    network = random_network(seed)
    graph = graph_of(network)

    found = find_communities(network, resolution=1.0, seed=seed)

    groups = [set(community.nodes) for community in found.communities]
    assert sorted(id_ for group in groups for id_ in group) == sorted(network.node_ids)
    assert found.modularity == pytest.approx(nx.community.modularity(graph, groups))
    components = list(nx.connected_components(graph))
    assert all(any(group <= part for part in components) for group in groups)
    for community, group in zip(found.communities, groups, strict=True):
        assert community.links_inside == graph.subgraph(group).number_of_edges()
        assert community.links_by_chance == pytest.approx(
            sum(degree for _, degree in graph.degree(group)) ** 2 / (4 * graph.number_of_edges())
        )
        assert community.links_outside == len(list(nx.edge_boundary(graph, group)))
    assert find_communities(network, resolution=1.0, seed=seed) == found


def test_records_judged_the_same_are_one_person() -> None:
    """Bea at one agency is ann at the other: together they join what apart hangs apart."""
    network = network_of(
        ["ann", "bea", "cid", "dan"],
        ["e1", "e2"],
        [(p, e, "VICTIM_IN") for p, e in (("ann", "e1"), ("cid", "e1"), ("bea", "e2"), ("dan", "e2"))]
        + [("ann", "bea", "SAME_AS")],
        together={"bea": "ann"},
    )

    found = find_key_players(network, order=KeyOrder.CUT_OFF, first=1, path_limit=8)

    (ann,) = found.players
    assert (ann.id, ann.records, ann.degree, ann.events) == ("ann", ("ann", "bea"), 2, ("e1", "e2"))
    assert ann.removal == Removal(1, 2, ("dan",), 1)
    assert found.people == 3


def test_an_empty_and_a_one_node_network_are_measured() -> None:
    """Nothing divides by nought."""
    alone = network_of(["ann"], [], [])

    assert find_communities(alone, resolution=1.0, seed=1).modularity == 0.0
    (player,) = find_key_players(alone, order=KeyOrder.PAGE_RANK, first=1, path_limit=8).players
    assert (player.degree, player.betweenness, player.removal) == (0, 0.0, Removal(1, 0, (), 0))
    assert find_key_players(network_of([], [], []), order=KeyOrder.DEGREE, first=1, path_limit=8).players == ()


def test_without_the_library_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else of the module needs it."""
    monkeypatch.setattr(graph_algorithms, "igraph", None)

    with pytest.raises(GraphLibraryMissing) as told:
        find_communities(BOW_TIE, resolution=1.0, seed=1)
    assert "ictip[network]" in str(told.value)
