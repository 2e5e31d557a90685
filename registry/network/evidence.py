"""Paths with what shows each hop, and the piece of the network that they lead through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from registry.network.confidence import strongest, weakest
from registry.network.ends import add_ends
from registry.network.model import EdgeKind, PathsAlone, Start, Subgraph
from registry.network.path_model import Evidence, Hop, Limit, Link, Outcome, Path, Paths, Searched
from registry.network.ports import NetworkStore, View

_SAME = "SAME_AS"


async def with_evidence(store: NetworkStore, view: View, search: Searched, limits: tuple[Limit, ...]) -> Paths:
    """The paths of a search, each hop with its events: one request, and one more where people are related.

    Their network has the hubs at the end that were asked for, at a request a kind.
    """
    paths = search.found.paths
    between = _links_between(paths, search.links, search.cluster)
    shown = await _shown_by(store, view, between)
    told = await evidence_of(store, view, (event for ids in shown.values() for event in ids))
    hops = {
        pair: _hop(pair, links, [told[event] for event in shown[pair] if event in told])
        for pair, links in between.items()
    }
    outcome = Outcome.FOUND if paths else Outcome.NOT_WITHIN_LIMITS if limits else Outcome.NONE
    told_paths = tuple(_path(path, hops) for path in paths)
    network = await add_ends(store, view, _network(search, between, limits))
    return Paths(outcome, told_paths, limits, network)


async def evidence_of(store: NetworkStore, view: View, events: Iterable[str]) -> Mapping[str, Evidence]:
    """What each of these events shows, by its id: one request, none for no events. Those out of scope are not told."""
    asked = sorted(set(events))
    return {each.event: each for each in await store.evidence(asked, view)} if asked else {}


Pair = tuple[str, str]
"""Two clusters that follow each other on a path, in its direction."""


def _links_between(
    paths: Iterable[Sequence[str]], links: Iterable[tuple[str, str, str]], cluster: Callable[[str], str]
) -> dict[Pair, tuple[Link, ...]]:
    """All links between clusters that follow each other on some path, sorted."""
    found: dict[Pair, list[tuple[str, str, str]]] = {pair: [] for path in paths for pair in pairwise(path)}
    for link in links:
        one, other = cluster(link[0]), cluster(link[1])
        for pair in ((one, other), (other, one)):
            if pair in found:
                found[pair].append(link)
    return {pair: tuple(Link(*link) for link in sorted(each)) for pair, each in found.items()}


async def _shown_by(store: NetworkStore, view: View, between: Mapping[Pair, Sequence[Link]]) -> dict[Pair, list[str]]:
    """The events that show the links between two clusters, sorted."""
    relation = EdgeKind.RELATED_TO.value
    relations = sorted(
        {(link.source, link.target) for links in between.values() for link in links if link.kind == relation}
    )
    telling = await store.telling(relations, view) if relations else {}
    return {
        pair: sorted(
            {
                event
                for link in links
                for event in (telling.get((link.source, link.target), ()) if link.kind == relation else [link.target])
            }
        )
        for pair, links in between.items()
    }


def _hop(pair: Pair, links: tuple[Link, ...], evidence: Sequence[Evidence]) -> Hop:
    return Hop(*pair, links, tuple(evidence), strongest(each.confidence for each in evidence))


def _path(nodes: tuple[str, ...], hops: Mapping[Pair, Hop]) -> Path:
    taken = tuple(hops[pair] for pair in pairwise(nodes))
    return Path(nodes, taken, weakest(hop.confidence for hop in taken))


def _network(search: Searched, between: Mapping[Pair, Sequence[Link]], limits: tuple[Limit, ...]) -> Subgraph:
    """The records on the paths, by their least place on one, then id; their links; what was looked at in all."""
    start, found = search.source, search.nodes
    places: dict[str, int] = {}
    for path in search.found.paths:
        for place, node in enumerate(path):
            places[node] = min(place, places.get(node, place))
    on_paths = {id_ for links in between.values() for link in links for id_ in (link.source, link.target)}
    on_paths |= {start, search.target} if places else {start}
    shown = sorted(on_paths - {start}, key=lambda id_: (places.get(search.cluster(id_), 0), id_))
    nodes = (start, *shown)
    links = {(link.source, link.target, link.kind) for each in between.values() for link in each}
    links |= {link for link in search.links if link[2] == _SAME and on_paths.issuperset(link[:2])}
    return Subgraph(
        node_ids=nodes,
        node_kinds=tuple(found[id_][0] for id_ in nodes),
        node_entities=tuple(found[id_][1] for id_ in nodes),
        distances=tuple(places.get(search.cluster(id_), 0) for id_ in nodes),
        clusters=tuple(map(search.cluster, nodes)),
        edges=tuple(sorted(links)),
        truncated=Limit.BUDGET in limits,
        skipped_hubs=tuple(search.skipped[id_] for id_ in sorted(search.skipped)),
        counts_by_type=dict(search.counts),
        visited=search.visited,
        hidden=search.hidden,
        judged=search.judged,
        extent=PathsAlone(Start(found[search.target][0], search.target), tuple(limit.value for limit in limits)),
    )
