"""The algorithms that igraph runs for us: the only module that imports it.

Lives here: communities and measures of a graph of numbered vertices. Elsewhere: what the vertices are and what the
numbers mean (``measures``). igraph is an optional extra (its licence is the GPL: docs/adr/0005-libraries.md); without
it every function here raises `GraphLibraryMissing`, and nothing else is different.

Same graph, same arguments, same answer: vertices and edges come in the caller's order, and igraph's random numbers
are seeded for each call, one call at a time (the library knows one generator a process).
"""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from registry.errors import GraphLibraryMissing

try:
    import igraph
except ImportError:  # an optional extra
    igraph = None

DAMPING: Final = 0.85
"""Of PageRank: how often a walk follows a link and does not jump (Brin and Page 1998, 2.1.1)."""
UNTIL_STABLE: Final = -1
"""Rounds: until one changes nothing. Of 200,000 vertices that is minutes for a thousandth of modularity."""
_ONE_AT_A_TIME: Final = threading.Lock()
"""Seeding the library's one generator and using it are one step."""

Pairs = Sequence[tuple[int, int]]
"""Links without direction, each once, none from a vertex to itself."""


@dataclass(frozen=True, slots=True)
class Partition:
    """Which community each vertex is in, by number, and the modularity of that (Newman and Girvan 2004, 5)."""

    membership: tuple[int, ...]
    modularity: float


@dataclass(frozen=True, slots=True)
class Sample:
    """How betweenness is estimated in components of more vertices than ``exact_up_to``: from ``sources`` of each."""

    sources: int
    seed: int
    exact_up_to: int


@dataclass(frozen=True, slots=True)
class VertexMeasures:
    """A number a vertex in each column, in the order of vertices."""

    degree: tuple[int, ...]
    page_rank: tuple[float, ...]
    betweenness: tuple[float, ...]
    """Shortest paths between two others that run through it, each pair counting 1 over all its shortest paths."""
    component: tuple[int, ...]
    articulation: frozenset[int]
    """Vertices without which what hangs together falls apart."""


def library_version() -> str:
    """What computes, for the record of a result."""
    return f"igraph {_library('A measure').__version__}"


def leiden(vertices: int, pairs: Pairs, *, resolution: float, seed: int, rounds: int = UNTIL_STABLE) -> Partition:
    """Communities by the Leiden algorithm, at most so many rounds (Traag, Waltman and van Eck 2019).

    It maximises modularity, in which ``resolution`` above 1 makes more and smaller communities.
    """
    graph = _graph("Finding communities", vertices, pairs)
    with _ONE_AT_A_TIME:
        igraph.set_random_number_generator(random.Random(seed))
        try:
            found = graph.community_leiden(objective_function="modularity", resolution=resolution, n_iterations=rounds)
        finally:
            igraph.set_random_number_generator(random)
    membership = tuple(found.membership)
    return Partition(membership, graph.modularity(membership) if pairs else 0.0)


def measure(vertices: int, pairs: Pairs, *, path_limit: int | None, sample: Sample | None = None) -> VertexMeasures:
    """Degree, PageRank, betweenness over shortest paths of at most ``path_limit`` links (None: any), components.

    With ``sample`` betweenness is estimated in large components: paths from some of their vertices, drawn by chance,
    are counted and scaled up (Brandes and Pich 2007, 3); ``path_limit`` is then not regarded.
    """
    graph = _graph("Measuring key players", vertices, pairs)
    return VertexMeasures(
        degree=tuple(graph.degree()),
        page_rank=tuple(graph.pagerank(directed=False, damping=DAMPING)) if vertices else (),
        betweenness=tuple(graph.betweenness(directed=False, cutoff=path_limit))
        if sample is None
        else _estimated(graph, sample),
        component=tuple(graph.connected_components().membership),
        articulation=frozenset(graph.articulation_points()),
    )


def _estimated(graph: Any, sample: Sample) -> tuple[float, ...]:
    """Betweenness from all vertices of a small component and some of a large one, scaled to what all would give.

    One sample of the whole graph would pass small components by, and call nothing what it never looked at.
    """
    draw = random.Random(sample.seed)
    chosen: list[int] = []
    scale = [1.0] * graph.vcount()
    for members in graph.connected_components():
        is_small = len(members) <= sample.exact_up_to
        starts = members if is_small else draw.sample(members, min(sample.sources, len(members)))
        chosen += starts
        for vertex in members:
            scale[vertex] = len(members) / len(starts)
    found = graph.betweenness(directed=False, sources=chosen)
    return tuple(value * by for value, by in zip(found, scale, strict=True))


def _graph(measure: str, vertices: int, pairs: Pairs) -> Any:
    return _library(measure).Graph(n=vertices, edges=pairs, directed=False)


def _library(measure: str) -> Any:
    if igraph is None:
        raise GraphLibraryMissing(measure=measure)
    return igraph
