"""Simple paths between two nodes of a small graph: the shortest first, and in time where asked. Pure.

Lives here: which paths there are in links already read. Elsewhere: reading them (``pathfinding``), evidence
(``evidence``).

Paths are enumerated by length, those of one length in order of their ids: a depth-first walk for each length that
turns back where the target cannot be reached in the hops that are left. Distances are kept by parity, for between
people and events every closed walk has even length. The first k of these are the k shortest simple paths (Yen 1971
finds the same ones); unlike Yen's detours it can mind the order of time along the whole path.

**Order of time.** An event happens at some instant between the earliest and the latest reading of its dates. A path is
in time when instants can be chosen for its events that never fall from one event to the next. Taking the earliest
possible instant at each event decides it: ``t' = max(t, since)``, which must not be after ``until``. An event without a
date may have been at any instant, one of which only the end is told at any before it, one of which only the beginning
is told at any from then until it was recorded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

Graph = Mapping[str, Sequence[str]]
"""Neighbours of each node, sorted."""
Spans = Mapping[str, Sequence[tuple[int, int]]]
"""From when to when an event may have been, in microseconds; several where several records tell of it."""
MAX_STEPS: Final = 50_000
"""Steps of one enumeration: a tenth of a second of one process."""
_BEGINNING: Final = -(2**63)


@dataclass(slots=True)
class Enumeration:
    """The paths found, each as its nodes, and whether the steps sufficed to be sure that these are the first."""

    paths: list[tuple[str, ...]] = field(default_factory=list)
    steps: int = 0
    hubs: set[str] = field(default_factory=set)
    """Hubs that a path before the last of ``paths`` leads through, and that keep it out."""

    @property
    def is_complete(self) -> bool:
        """Whether the enumeration came to its end, or to enough paths, within its steps."""
        return self.steps <= MAX_STEPS


def contracted(
    links: Iterable[tuple[str, str, str]], cluster: Callable[[str], str], *, without: Container[str]
) -> dict[str, list[str]]:
    """The graph of clusters without some records: neighbours of each, sorted; a link within a cluster is none."""
    near: dict[str, set[str]] = {}
    for source, target, _ in links:
        one, other = cluster(source), cluster(target)
        if one != other and source not in without and target not in without:
            near.setdefault(one, set()).add(other)
            near.setdefault(other, set()).add(one)
    return {node: sorted(ids) for node, ids in near.items()}


def shortest_paths(
    graph: Graph,
    source: str,
    target: str,
    *,
    most: int,
    longest: int,
    spans: Spans | None = None,
    hubs: frozenset[str] = frozenset(),
) -> Enumeration:
    """The first ``most`` simple paths of at most ``longest`` hops, through none of the ``hubs``; with ``spans`` those
    in order of time only."""
    found = Enumeration()
    walks = _distances(graph, target)
    begin = _later((spans or {}).get(source, ()), _BEGINNING)
    ground = _Ground(graph, target, walks, spans, found)
    for length in range(min(walks[source]), longest + 1):
        for path in _walk([source], {source}, length, _BEGINNING if begin is None else begin, ground):
            if through := hubs.intersection(path):
                found.hubs |= through
                continue
            found.paths.append(path)
            if len(found.paths) >= most:
                return found
        if not found.is_complete:
            return found
    return found


@dataclass(frozen=True, slots=True)
class _Ground:
    graph: Graph
    target: str
    walks: Mapping[str, tuple[int, int]]
    spans: Spans | None
    found: Enumeration


def _walk(path: list[str], on_path: set[str], left: int, now: int, ground: _Ground) -> Iterator[tuple[str, ...]]:
    """Every simple path of exactly ``left`` more hops to the target, in order of ids."""
    for node in ground.graph[path[-1]]:
        ground.found.steps += 1
        if ground.found.steps > MAX_STEPS or not ground.found.hubs.isdisjoint(on_path):
            return
        arrives = node == ground.target
        if node in on_path or arrives != (left == 1) or ground.walks[node][(left - 1) % 2] > left - 1:
            continue
        then = now
        if ground.spans is not None and node in ground.spans:
            later = _later(ground.spans[node], now)
            if later is None:
                continue
            then = later
        if left == 1:
            yield (*path, node)
            continue
        path.append(node)
        on_path.add(node)
        yield from _walk(path, on_path, left - 1, then, ground)
        on_path.discard(path.pop())


def _later(spans: Sequence[tuple[int, int]], now: int) -> int | None:
    """The earliest instant of an event that is not before ``now``; None where every reading is."""
    return min((max(now, since) for since, until in spans if until >= now), default=None)


def _distances(graph: Graph, target: str) -> dict[str, tuple[int, int]]:
    """For each node the least even and the least odd number of hops of a walk to the target."""
    far = 2**31
    found: dict[str, list[int]] = {node: [far, far] for node in graph}
    found[target][0] = 0
    queue = deque([(target, 0)])
    while queue:
        node, hops = queue.popleft()
        for near in graph[node]:
            if found[near][(hops + 1) % 2] == far:
                found[near][(hops + 1) % 2] = hops + 1
                queue.append((near, hops + 1))
    return {node: (even, odd) for node, (even, odd) in found.items()}
