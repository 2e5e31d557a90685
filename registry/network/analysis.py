"""Measures of the whole graph of people and events, computed offline: what is computed, pure, and what it needs.

Lives here: an analysis and its results as values, the computation, the memory it takes, who may read it. Elsewhere:
where links come from and results go (``analysis_ports``), the job (``analysis_actions``), reading it
(``analysis_queries``).

The graph is that of people and events by participation, without direction; a person who is linked to an event twice is
linked once. It is bipartite: no person-to-person graph is made of it (``measures`` says why that is enough). Of events
as of people betweenness counts pairs of people, and a removal parts people from people.

An analysis is read as a whole or not at all: one number of it depends on every record that went in. So it keeps what
decides who may see those records (their holders, countries and kinds of sensitivity, as they were and as they became
since), and who may not see one of them is not told that the analysis is there.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from registry.access.actor import Scope
from registry.access.scope import seen_marks
from registry.identifiers import EntityId
from registry.network import graph_algorithms
from registry.network.measures import count_cut_off
from registry.network.model import NodeKind
from registry.network.sentences import pairs_on_paths, persons, times

BASE_BYTES: Final = 96 * 2**20
BYTES_A_VERTEX: Final = 1_150
BYTES_A_LINK: Final = 330
"""What the job takes above its own start, rounded up: a sample world of 20,000 events took six sevenths of it."""
LEIDEN_ROUNDS: Final = 4
"""Of the Leiden algorithm: seconds each over 200,000 vertices, and little changes after the second."""
EXACT_UP_TO: Final = 2_000
"""People and events of a component up to which betweenness is exact; above, it is estimated from some of them."""


@dataclass(frozen=True, slots=True)
class GraphSize:
    """What an analysis would go over."""

    people: int
    events: int
    links: int


def memory_needed(size: GraphSize) -> int:
    """Bytes the job takes at most, told before a link is read."""
    return BASE_BYTES + BYTES_A_VERTEX * (size.people + size.events) + BYTES_A_LINK * size.links


@dataclass(frozen=True, slots=True)
class AnalysisWish:
    """What is to be computed. ``entities`` None goes over every record, else over those these agencies hold."""

    entities: frozenset[EntityId] | None = None
    resolution: float = 1.0
    seed: int = 1
    sources: int = 200
    """People of a component from which shortest paths are counted where betweenness is estimated (Brandes and Pich
    2007, 3)."""

    @property
    def scope(self) -> Scope:
        """The records it goes over."""
        return Scope.everything() if self.entities is None else Scope.of_entities(*self.entities)

    @property
    def exact_up_to(self) -> int:
        """How large a component may be for exact betweenness: with as many sources as records nothing is estimated."""
        return max(EXACT_UP_TO, self.sources)


@dataclass(frozen=True, slots=True)
class Fed:
    """What decides who sees the records that went in. A country of "" stands for none told.

    Agencies that were asked for are among the holders whether or not they hold a record: that one holds none is theirs.
    """

    holders: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    marks: frozenset[int] = frozenset()

    def __or__(self, other: Fed) -> Fed:
        return Fed(self.holders | other.holders, self.countries | other.countries, self.marks | other.marks)


@dataclass(frozen=True, slots=True)
class Analysis:
    """One finished analysis, by whom and of what state of the records.

    ``revision`` is the data revision it read: as long as the store is at that revision, it is of the present. It counts
    everybody's deliveries, so no door shows it.
    """

    id: str
    at: int
    by: str
    software: str
    revision: int
    wish: AnalysisWish
    people: int
    events: int
    links: int
    components: int
    communities: int
    modularity: float
    is_betweenness_exact: bool
    fed: Fed


def may_read(scope: Scope, fed: Fed) -> bool:
    """Whether every record that went in lies inside the scope.

    The conditions of a scope bind each by itself (`registry.access.scope`), so all records pass when every holder,
    every country and every kind passes. Single grants and openings do not count: they are of cases, not of all.
    """
    marks = seen_marks(scope.tiers)
    return (
        scope.cases is None
        and (scope.entities is None or fed.holders <= scope.entities)
        and (scope.countries is None or fed.countries <= scope.countries)
        and (marks is None or fed.marks <= set(marks))
    )


class MeasureOrder(StrEnum):
    """By what results are ordered: components from the largest on with their members by id, else the highest first.

    The latter hold people alone.
    """

    COMPONENT = "component"
    DEGREE = "degree"
    PAGE_RANK = "page_rank"
    BETWEENNESS = "betweenness"
    CUT_OFF = "cut_off"


@dataclass(frozen=True, slots=True)
class Measured:
    """The results of one record. Components and communities are numbered from 1, the largest first.

    ``cut_off`` are people who would no longer hang together with the largest rest of the component.
    """

    record: str
    kind: NodeKind
    component: int
    component_size: int
    """People and events."""
    community: int
    degree: int
    page_rank: float
    betweenness: float
    """Pairs of (other) people whose shortest paths run through it, each by the share of its paths."""
    cut_off: int
    because: tuple[str, ...] = ()
    """Why it counts, in sentences of counts: `explained`."""

    @property
    def is_articulation(self) -> bool:
        """Whether removing it parts people from people: exactly where somebody is cut off."""
        return self.cut_off > 0


def explained(found: Measured, of: Analysis) -> Measured:
    """The results of one record with why it counts, from these and from how the analysis came to them."""
    is_person = found.kind is NodeKind.PERSON
    links = times(found.degree, "event") if is_person else persons(found.degree)
    if found.component_size == 1:
        return replace(found, because=(f"linked with {links}",))
    is_exact = of.is_betweenness_exact or found.component_size <= of.wish.exact_up_to
    paths = pairs_on_paths(found.betweenness, "other people" if is_person else "people")
    return replace(
        found,
        because=(
            f"linked with {links}, one of {found.component_size} people and events that hang together",
            paths if is_exact else f"{paths}, estimated from {persons(of.wish.sources)}",
            _removed(found),
        ),
    )


def _removed(found: Measured) -> str:
    cut_off = f"{persons(found.cut_off)} from the largest rest" if found.cut_off else "nobody"
    return f"removing this {found.kind.word} cuts off {cut_off}"


class GrowingGraph:
    """The graph as pages of links arrive: ids are numbered as they come, links kept as numbers. Used once."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.is_person = bytearray()
        self.ends = array("q")
        self.fed = Fed()
        self._numbers: dict[str, int] = {}
        self._places: set[tuple[str, str, int]] = set()

    def add(self, event: str, place: tuple[str, str | None, int], people: Sequence[str]) -> None:
        """One event with what decides who sees it and everybody in it, doubled or not."""
        self._places.add((place[0], place[1] or "", place[2]))
        number = self._number(event, is_person=False)
        for person in sorted(set(people)):
            self.ends.extend((self._number(person, is_person=True), number))

    def close(self) -> None:
        """No page follows: what is only needed for adding is let go."""
        self._numbers.clear()
        self.fed = fed_by(self._places)

    def _number(self, id_: str, *, is_person: bool) -> int:
        number = self._numbers.setdefault(id_, len(self.ids))
        if number == len(self.ids):
            self.ids.append(id_)
            self.is_person.append(is_person)
        return number


def fed_by(places: set[tuple[str, str, int]]) -> Fed:
    """What decides who sees records at these places: holder, country, marks."""
    holders, countries, marks = zip(*places, strict=True) if places else ((), (), ())
    return Fed(frozenset(holders), frozenset(countries), frozenset(marks))


@dataclass(frozen=True, slots=True)
class GraphResults:
    """The results in columns, a place a vertex; `ranks` gives the place of people in an order."""

    ids: Sequence[str]
    is_person: Sequence[int]
    component: Sequence[int]
    component_size: Sequence[int]
    community: Sequence[int]
    degree: Sequence[int]
    page_rank: Sequence[float]
    betweenness: Sequence[float]
    cut_off: Sequence[int]
    components: int
    communities: int
    modularity: float
    is_betweenness_exact: bool

    def measured(self, vertex: int) -> Measured:
        """One record's results."""
        return Measured(
            record=self.ids[vertex],
            kind=NodeKind.PERSON if self.is_person[vertex] else NodeKind.EVENT,
            component=self.component[vertex],
            component_size=self.component_size[vertex],
            community=self.community[vertex],
            degree=self.degree[vertex],
            page_rank=self.page_rank[vertex],
            betweenness=self.betweenness[vertex],
            cut_off=self.cut_off[vertex],
        )

    def component_ranks(self) -> tuple[list[int], list[int]]:
        """The rank of each vertex by component, then id, from 0; and its rank inside its component."""
        order = sorted(range(len(self.ids)), key=lambda vertex: (self.component[vertex], self.ids[vertex]))
        ranks, inside = [0] * len(order), [0] * len(order)
        first = 0
        for rank, vertex in enumerate(order):
            if rank and self.component[vertex] != self.component[order[rank - 1]]:
                first = rank
            ranks[vertex], inside[vertex] = rank, rank - first
        return ranks, inside

    def ranks(self, order: MeasureOrder) -> list[int]:
        """The rank of each vertex by a measure among people, from 0; the highest first, ties by id; -1 of an event."""
        column: Sequence[float] = {
            MeasureOrder.DEGREE: self.degree,
            MeasureOrder.PAGE_RANK: self.page_rank,
            MeasureOrder.BETWEENNESS: self.betweenness,
            MeasureOrder.CUT_OFF: self.cut_off,
        }[order]
        people = [vertex for vertex, person in enumerate(self.is_person) if person]
        people.sort(key=lambda vertex: (-round(column[vertex], 9), self.ids[vertex]))
        ranks = [-1] * len(self.ids)
        for rank, vertex in enumerate(people):
            ranks[vertex] = rank
        return ranks


def analyse(graph: GrowingGraph, wish: AnalysisWish) -> GraphResults:
    """Everything, of the whole graph. The same links in the same order and the same wish give the same."""
    vertices = len(graph.ids)
    pairs = list(zip(graph.ends[::2], graph.ends[1::2], strict=True))
    found = graph_algorithms.leiden(vertices, pairs, resolution=wish.resolution, seed=wish.seed, rounds=LEIDEN_ROUNDS)
    sample = graph_algorithms.Sample(wish.sources, wish.seed, wish.exact_up_to)
    people = [vertex for vertex, person in enumerate(graph.is_person) if person]
    measured = graph_algorithms.measure(vertices, pairs, among=people, paths=sample)
    neighbours: list[list[int]] = [[] for _ in graph.ids]
    for one, other in pairs:
        neighbours[one].append(other)
        neighbours[other].append(one)
    components = _by_size(measured.component, graph.ids)
    communities = _by_size(found.membership, graph.ids)
    sizes = Counter(components)
    return GraphResults(
        ids=graph.ids,
        is_person=graph.is_person,
        component=components,
        component_size=[sizes[component] for component in components],
        community=communities,
        degree=measured.degree,
        page_rank=measured.page_rank,
        betweenness=measured.betweenness,
        cut_off=count_cut_off([bool(person) for person in graph.is_person], neighbours),
        components=len(sizes),
        communities=len(set(communities)),
        modularity=found.modularity,
        is_betweenness_exact=max(sizes.values(), default=0) <= wish.exact_up_to,
    )


def _by_size(groups: Sequence[int], ids: Sequence[str]) -> list[int]:
    """The group of each vertex under a number of its own from 1: the largest first, ties by the lowest id."""
    sizes = Counter(groups)
    lowest: dict[int, str] = {}
    for vertex, group in enumerate(groups):
        if group not in lowest or ids[vertex] < lowest[group]:
            lowest[group] = ids[vertex]
    order = sorted(sizes, key=lambda group: (-sizes[group], lowest[group]))
    number = {group: place for place, group in enumerate(order, 1)}
    return [number[group] for group in groups]
