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
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import add
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
MAX_SEED: Final = 2**31 - 1
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
    """How betweenness is estimated in components of more vertices than ``exact_up_to``: from ``sources`` of those
    whose pairs count in each."""

    sources: int
    seed: int
    exact_up_to: int


@dataclass(frozen=True, slots=True)
class VertexMeasures:
    """A number a vertex in each column, in the order of vertices."""

    degree: tuple[int, ...]
    page_rank: tuple[float, ...]
    betweenness: tuple[float, ...]
    """Pairs of others, among those whose pairs count, with shortest paths that run through it: each by their share."""
    component: tuple[int, ...]


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


def measure(vertices: int, pairs: Pairs, *, among: Sequence[int], paths: int | Sample) -> VertexMeasures:
    """Degree, PageRank, components, and betweenness over shortest paths between two of ``among``.

    ``paths`` is how many links such a path has at most; or how betweenness over paths of any length is estimated in
    large components, where paths from some, drawn by chance, are counted and scaled up (Brandes and Pich 2007, 3).
    """
    graph = _graph("Measuring key players", vertices, pairs)
    parts = graph.connected_components()
    return VertexMeasures(
        degree=tuple(graph.degree()),
        page_rank=tuple(graph.pagerank(directed=False, damping=DAMPING)) if vertices else (),
        betweenness=_estimated(graph, parts, among, paths)
        if isinstance(paths, Sample)
        else _bounded(graph, parts, among, paths),
        component=tuple(parts.membership),
    )


def _bounded(graph: Any, parts: Any, among: Sequence[int], most: int) -> tuple[float, ...]:
    """Betweenness over shortest paths of at most so many links. igraph bounds paths between all vertices alone.

    Whoever has everything that they hang together with in reach is counted with the others at once, and each other one
    with those in reach: a pair counts half from either end.
    """
    component = parts.membership
    size = Counter(component)
    reach = graph.neighborhood_size(among, order=most)
    far = [vertex for vertex, reached in zip(among, reach, strict=True) if reached < size[component[vertex]]]
    wanted = frozenset(among)
    told = graph.betweenness(directed=False, sources=sorted(wanted.difference(far)), targets=among)
    for vertex in far:
        near = wanted.intersection(graph.neighborhood(vertex, order=most))
        told = list(map(add, told, graph.betweenness(directed=False, sources=[vertex], targets=near)))
    return tuple(told)


def _estimated(graph: Any, parts: Any, among: Sequence[int], sample: Sample) -> tuple[float, ...]:
    """Betweenness from all of a small component and some of a large one, scaled to what all would give.

    One sample of the whole graph would pass small components by, and call nothing what it never looked at.
    """
    draw, wanted = random.Random(sample.seed), frozenset(among)
    chosen: list[int] = []
    scale = [1.0] * graph.vcount()
    for members in parts:
        ends = [vertex for vertex in members if vertex in wanted]
        is_small = len(members) <= sample.exact_up_to
        starts = ends if is_small else draw.sample(ends, min(sample.sources, len(ends)))
        chosen += starts
        for vertex in members if starts else ():
            scale[vertex] = len(ends) / len(starts)
    found = graph.betweenness(directed=False, sources=chosen, targets=among)
    return tuple(value * by for value, by in zip(found, scale, strict=True))


def _graph(measure: str, vertices: int, pairs: Pairs) -> Any:
    return _library(measure).Graph(n=vertices, edges=pairs, directed=False)


def _library(measure: str) -> Any:
    if igraph is None:
        raise GraphLibraryMissing(measure=measure)
    return igraph
