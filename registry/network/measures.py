"""Who holds a network together, and how it falls into communities: measured on one bounded piece of the case graph.

Lives here: the pure part, from a `Subgraph` to what is told of it. Elsewhere: the algorithms (``graph_algorithms``),
the same over everything, offline (``analysis``).

What is measured is the graph of people and events as it stands in the answer, without direction: a person who is
linked to an event twice is linked once, links of a person with themselves and of hubs at the start do not count. No
person-to-person graph is made: an event of a thousand people would become half a million links. What is told is of
people all the same: betweenness counts pairs of people, whose paths pass the events between them, and a removal parts
people from people. An event that a person was in alone puts nobody between anybody.

An edge of the piece is a node whose own links were not read: its numbers are too low, and it is told as such.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from registry.network import graph_algorithms
from registry.network.model import RECORDS, NodeKind, Subgraph
from registry.network.sentences import pairs_on_paths, persons, records, tenths, times


class KeyOrder(StrEnum):
    """By which measure key players are ordered, the highest first; ties by id."""

    BETWEENNESS = "betweenness"
    PAGE_RANK = "page rank"
    DEGREE = "degree"
    CUT_OFF = "cut off"


@dataclass(frozen=True, slots=True)
class PeopleGraph:
    """People and events with their links: vertices in the order of the answer, each pair of ends once, sorted.

    Records judged to tell of the same are one vertex where the answer has them together.
    """

    ids: tuple[str, ...]
    """The record's id; the least one of those that are together."""
    records: tuple[tuple[str, ...], ...]
    is_person: tuple[bool, ...]
    pairs: tuple[tuple[int, int], ...]
    was_read: tuple[bool, ...]
    """Whether all links of the vertex are here."""

    def neighbours(self) -> list[list[int]]:
        """For each vertex those it is linked to, rising."""
        found: list[list[int]] = [[] for _ in self.ids]
        for one, other in self.pairs:
            found[one].append(other)
            found[other].append(one)
        for each in found:
            each.sort()
        return found


def people_graph(network: Subgraph) -> PeopleGraph:
    """The graph of people and events in a piece of the network."""
    records: dict[str, list[str]] = {}
    is_person: dict[str, bool] = {}
    vertex_of: dict[str, str] = {}
    for id_, kind, cluster in zip(network.node_ids, network.node_kinds, network.clusters, strict=True):
        if kind in RECORDS:
            records.setdefault(cluster, []).append(id_)
            is_person[cluster] = kind is NodeKind.PERSON
            vertex_of[id_] = cluster
    number = {cluster: vertex for vertex, cluster in enumerate(records)}
    pairs = set()
    for source, target, _ in network.edges:
        if source in vertex_of and target in vertex_of and vertex_of[source] != vertex_of[target]:
            one, other = number[vertex_of[source]], number[vertex_of[target]]
            pairs.add((min(one, other), max(one, other)))
    unread = _unread(network)
    return PeopleGraph(
        ids=tuple(records),
        records=tuple(tuple(sorted(each)) for each in records.values()),
        is_person=tuple(is_person[cluster] for cluster in records),
        pairs=tuple(sorted(pairs)),
        was_read=tuple(unread.isdisjoint(each) for each in records.values()),
    )


def _unread(network: Subgraph) -> frozenset[str]:
    """Nodes not all of whose links are here: the hubs passed over, everything beyond the last node that was read, and
    those whose neighbours the budget left out.
    """
    skipped = {hub.id for hub in network.skipped_hubs}
    return network.cut | skipped | frozenset(network.node_ids[network.visited + len(skipped) :])


# --- communities ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Community:
    """Nodes with more links among them than chance would have, the largest community first, ties by first id."""

    number: int
    nodes: tuple[str, ...]
    """People and events, by id."""
    people: int
    events: int
    links_inside: int
    links_outside: int
    """Links to other communities: the evidence against."""
    links_by_chance: float
    """Links that it would have inside, did chance join the ends of the same links (Newman and Girvan 2004, 5)."""

    @property
    def because(self) -> tuple[str, ...]:
        """Why it counts, and what speaks against it."""
        size = records(self.people, self.events)
        against = f"{times(self.links_outside, 'link') if self.links_outside else 'no link'} to other communities"
        if len(self.nodes) == 1:
            return (size, against)
        inside = f"{times(self.links_inside, 'link')} among them"
        return (f"{size} with {inside}, where chance would have {tenths(self.links_by_chance)}", against)


@dataclass(frozen=True, slots=True)
class Communities:
    """The communities of one piece of the network, and how good a description they are."""

    network: Subgraph
    communities: tuple[Community, ...]
    modularity: float
    """-0.5 to 1; at 0 no better than chance, above some 0.3 worth reading (Newman and Girvan 2004, 5)."""
    resolution: float
    seed: int
    method: str


def find_communities(network: Subgraph, *, resolution: float, seed: int) -> Communities:
    """The communities of a piece of the network; the same piece, resolution and seed give the same."""
    graph = people_graph(network)
    found = graph_algorithms.leiden(len(graph.ids), graph.pairs, resolution=resolution, seed=seed)
    return Communities(
        network=network,
        communities=tuple(_communities(graph, found.membership)),
        modularity=found.modularity,
        resolution=resolution,
        seed=seed,
        method=f"Leiden, {graph_algorithms.library_version()}",
    )


def _communities(graph: PeopleGraph, membership: Sequence[int]) -> Iterable[Community]:
    members: dict[int, list[int]] = defaultdict(list)
    for vertex, group in enumerate(membership):
        members[group].append(vertex)
    inside, outside = _links(graph, membership)
    named = sorted(members.items(), key=lambda item: (-len(item[1]), min(graph.ids[vertex] for vertex in item[1])))
    for number, (group, vertices) in enumerate(named, 1):
        people = sum(graph.is_person[vertex] for vertex in vertices)
        yield Community(
            number=number,
            nodes=tuple(sorted(graph.ids[vertex] for vertex in vertices)),
            people=people,
            events=len(vertices) - people,
            links_inside=inside[group],
            links_outside=outside[group],
            links_by_chance=_by_chance(2 * inside[group] + outside[group], len(graph.pairs)),
        )


def _by_chance(ends: int, links: int) -> float:
    """Links that a group with so many ends of links would have inside, did chance join all ends in pairs."""
    return ends**2 / (4 * links) if links else 0.0


def _links(graph: PeopleGraph, membership: Sequence[int]) -> tuple[Counter[int], Counter[int]]:
    inside: Counter[int] = Counter()
    outside: Counter[int] = Counter()
    for one, other in graph.pairs:
        if membership[one] == membership[other]:
            inside[membership[one]] += 1
        else:
            outside.update((membership[one], membership[other]))
    return inside, outside


# --- key players ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Removal:
    """What the network would be without one person: groups of people who hang together, before and after.

    ``cut_off`` are the people, by id, who no longer hang together with the largest part of what they hung together
    with; of parts alike in people the one with the lowest id counts as the largest.
    """

    components_before: int
    components_after: int
    cut_off: tuple[str, ...]
    largest: int
    """People of that largest part."""


@dataclass(frozen=True, slots=True)
class KeyPlayer:
    """One person's place in the network. ``events`` is the evidence: those the person is linked to here."""

    id: str
    records: tuple[str, ...]
    """The records that tell of the person: several where judgements count."""
    events: tuple[str, ...]
    people: tuple[str, ...]
    """Others at those events, or related to the person."""
    degree: int
    page_rank: float
    betweenness: float
    """Pairs of other people whose shortest paths run through the person, each by the share of its paths."""
    was_read: bool
    """False where the person's own links were not all read: then the numbers are too low."""
    removal: Removal
    because: tuple[str, ...] = ()
    """Why the person counts, in sentences of counts; the measure that was asked for is among them."""

    @property
    def is_articulation(self) -> bool:
        """Whether removing the person parts people from people: exactly where somebody is cut off."""
        return bool(self.removal.cut_off)


@dataclass(frozen=True, slots=True)
class KeyPlayers:
    """The first people by one measure, of all in one piece of the network."""

    network: Subgraph
    players: tuple[KeyPlayer, ...]
    order: KeyOrder
    people: int
    """How many there are to be ordered."""
    components: int
    """Groups of people who hang together."""
    path_limit: int
    """Links of the longest shortest path that counts for betweenness."""
    method: str


def find_key_players(network: Subgraph, *, order: KeyOrder, first: int, path_limit: int) -> KeyPlayers:
    """The first people by a measure, with what removing each one does."""
    graph = people_graph(network)
    people = [vertex for vertex, person in enumerate(graph.is_person) if person]
    measured = graph_algorithms.measure(len(graph.ids), graph.pairs, among=people, paths=path_limit)
    neighbours = graph.neighbours()
    components = len({measured.component[vertex] for vertex in people})
    column = _column(order, graph, measured, neighbours)
    chosen = sorted(people, key=lambda vertex: (-round(column[vertex], 9), graph.ids[vertex]))[:first]
    heights = sorted(round(column[vertex], 9) for vertex in people)
    players = []
    for vertex in chosen:
        player = _player(graph, measured, neighbours, vertex, components)
        lower = bisect_left(heights, round(column[vertex], 9))
        because = reasons(player, order, lower=lower, others=len(people) - 1, path_limit=path_limit)
        players.append(replace(player, because=because))
    return KeyPlayers(
        network=network,
        players=tuple(players),
        order=order,
        people=len(people),
        components=components,
        path_limit=path_limit,
        method=graph_algorithms.library_version(),
    )


def _column(
    order: KeyOrder,
    graph: PeopleGraph,
    measured: graph_algorithms.VertexMeasures,
    neighbours: Sequence[Sequence[int]],
) -> Sequence[float]:
    """The measure of each vertex. Rounded before it orders: the last bits of a sum depend on its order."""
    if order is KeyOrder.CUT_OFF:
        return count_cut_off(graph.is_person, neighbours)
    return {
        KeyOrder.BETWEENNESS: measured.betweenness,
        KeyOrder.PAGE_RANK: measured.page_rank,
        KeyOrder.DEGREE: measured.degree,
    }[order]


def _player(
    graph: PeopleGraph,
    measured: graph_algorithms.VertexMeasures,
    neighbours: Sequence[Sequence[int]],
    vertex: int,
    components: int,
) -> KeyPlayer:
    direct = neighbours[vertex]
    others = {end for near in direct for end in (neighbours[near] if not graph.is_person[near] else (near,))}
    others.discard(vertex)
    return KeyPlayer(
        id=graph.ids[vertex],
        records=graph.records[vertex],
        events=tuple(sorted(graph.ids[near] for near in direct if not graph.is_person[near])),
        people=tuple(sorted(graph.ids[other] for other in others if graph.is_person[other])),
        degree=measured.degree[vertex],
        page_rank=measured.page_rank[vertex],
        betweenness=measured.betweenness[vertex],
        was_read=graph.was_read[vertex],
        removal=remove(graph, neighbours, vertex, components=components),
    )


_MORE: Final = {
    KeyOrder.BETWEENNESS: "on more shortest paths than",
    KeyOrder.PAGE_RANK: "a higher PageRank than",
    KeyOrder.DEGREE: "more links than",
    KeyOrder.CUT_OFF: "cutting off more people than",
}


def reasons(player: KeyPlayer, order: KeyOrder, *, lower: int, others: int, path_limit: int) -> tuple[str, ...]:
    """Why a person counts. ``lower`` are those of the ``others`` whose measure is lower, ties are not; of none
    nothing is said."""
    compared = [f"{_MORE[order]} {lower} of {times(others, 'other')} looked at"] if lower else []
    unread = [] if player.was_read else ["not all links of this person were read: these numbers are too low"]
    between = f"{pairs_on_paths(player.betweenness, 'other people')}, of at most {path_limit} links"
    return (_linked(player), *compared, between, _removed(player.removal), *unread)


def _linked(player: KeyPlayer) -> str:
    """With how many people, and through what: events, and relations of the person's own."""
    related = player.degree - len(player.events)
    through = [times(len(player.events), "event")] if player.events else []
    through += [times(related, "relation")] if related else []
    if not through:
        return "linked with nobody"
    others = persons(len(player.people)) if player.people else "nobody else"
    return f"linked with {others} through {' and '.join(through)}"


def _removed(removal: Removal) -> str:
    """What is left of those who hang together with the person."""
    parts = removal.components_after - removal.components_before + 1
    if not parts:
        return "nobody else hangs together with this person"
    if parts == 1:
        return f"removing this person leaves 1 group, of {persons(removal.largest)}"
    apart = f"removing this person leaves {parts} groups apart, the largest of {persons(removal.largest)}"
    return f"{apart}; cut off from it: {persons(len(removal.cut_off))}"


def remove(graph: PeopleGraph, neighbours: Sequence[Sequence[int]], vertex: int, *, components: int) -> Removal:
    """What removing one person does: the parts that its component falls into, of which only those with people count."""
    parts = []
    seen = {vertex}
    for near in neighbours[vertex]:
        if near not in seen:
            reached = _reached(neighbours, near, seen)
            people = sorted(graph.ids[each] for each in reached if graph.is_person[each])
            if people:
                parts.append(people)
    parts.sort(key=lambda people: (-len(people), people[0]))
    cut_off = sorted(person for people in parts[1:] for person in people)
    return Removal(components, components - 1 + len(parts), tuple(cut_off), len(parts[0]) if parts else 0)


def _reached(neighbours: Sequence[Sequence[int]], start: int, seen: set[int]) -> list[int]:
    """Everything that hangs together with ``start`` beside what was seen; it is seen from then on."""
    seen.add(start)
    found = [start]
    for vertex in found:
        for near in neighbours[vertex]:
            if near not in seen:
                seen.add(near)
                found.append(near)
    return found


def count_cut_off(is_person: Sequence[bool], neighbours: Sequence[Sequence[int]]) -> list[int]:
    """For each vertex how many people `remove` would cut off: of all vertices at once, in one walk over the graph.

    A walk in depth meets, below a vertex, branches that reach nothing above it: these are the parts that fall off
    (Hopcroft and Tarjan 1973, 3), and what is above is one more part.
    """
    vertices = len(neighbours)
    entered, lowest, total = [-1] * vertices, [0] * vertices, [0] * vertices
    inside = [int(person) for person in is_person]
    fallen, largest = [0] * vertices, [0] * vertices
    for root in range(vertices):
        if entered[root] >= 0:
            continue
        walk = _walk_in_depth(neighbours, root, entered, lowest)
        for vertex, above in reversed(walk[1:]):
            inside[above] += inside[vertex]
            lowest[above] = min(lowest[above], lowest[vertex])
            if lowest[vertex] >= entered[above]:
                fallen[above] += inside[vertex]
                largest[above] = max(largest[above], inside[vertex])
        for vertex, _ in walk:
            total[vertex] = inside[root]
    others = [whole - person for whole, person in zip(total, is_person, strict=True)]
    return [all_ - max(part, all_ - below) for all_, part, below in zip(others, largest, fallen, strict=True)]


def _walk_in_depth(
    neighbours: Sequence[Sequence[int]], root: int, entered: list[int], lowest: list[int]
) -> list[tuple[int, int]]:
    """Vertices with those above them, in the order they are entered; ``lowest`` is the earliest one linked to each."""
    walk: list[tuple[int, int]] = []
    path = [(root, root, iter(neighbours[root]))]
    entered[root] = lowest[root] = 0
    walk.append((root, root))
    while path:
        vertex, above, ends = path[-1]
        for near in ends:
            if entered[near] < 0:
                entered[near] = lowest[near] = len(walk)
                walk.append((near, vertex))
                path.append((near, vertex, iter(neighbours[near])))
                break
            if near != above:
                lowest[vertex] = min(lowest[vertex], entered[near])
        else:
            path.pop()
    return walk
