"""Hubs as ends of a picture: the areas, units and reporting entities of its events, told and never traversed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from registry.network.model import RECORDS, NodeKind, Subgraph
from registry.network.ports import Ends, NetworkStore, View

MAX_ENDS: Final = 500
"""Hubs of one answer, beside its budget of people and events: all countries and units fit."""


async def add_ends(store: NetworkStore, view: View, found: Subgraph) -> Subgraph:
    """The network with the hubs that the question asks for; unchanged, and nothing read, where it asks for none.

    Nor where there are no events: a hub is told with theirs.
    """
    if not view.within.ends:
        return found
    events = [id_ for id_, kind in zip(found.node_ids, found.node_kinds, strict=True) if kind is NodeKind.EVENT]
    for kind in dict.fromkeys(view.within.ends if events else ()):
        found = _with_ends(found, kind, await store.ends(kind, events, view))
    return found


def _with_ends(found: Subgraph, kind: NodeKind, ends: Ends) -> Subgraph:
    """With hubs of one kind: those of most events first where there are too many, told by id."""
    start = found.node_ids[0] if found.node_kinds[0] is kind else None
    weights = Counter(far for _, far in set(zip(ends.near, ends.far, strict=True)) if far != start)
    room = MAX_ENDS - sum(1 for each in found.node_kinds[1:] if each not in RECORDS)
    kept = sorted(sorted(weights, key=lambda far: (-weights[far], far))[: max(room, 0)])
    nodes = {*kept, start}
    links = {link for link in zip(ends.near, ends.far, ends.kinds, strict=True) if link[1] in nodes}
    names = {far: name for far, name in zip(ends.far, ends.names, strict=True) if name and far in nodes}
    counts = {**found.counts_by_type}
    if weights:
        counts[kind.value] = counts.get(kind.value, 0) + len(weights)
    return replace(
        found,
        node_ids=(*found.node_ids, *kept),
        node_kinds=(*found.node_kinds, *[kind] * len(kept)),
        node_entities=(*found.node_entities, *[far if kind is NodeKind.ENTITY else None for far in kept]),
        distances=(*found.distances, *_distances(found, ends, kept)),
        clusters=(*found.clusters, *kept),
        edges=tuple(sorted(links.union(found.edges))),
        truncated=found.truncated or len(kept) < len(weights),
        counts_by_type=counts,
        labels={**found.labels, **names},
    )


def _distances(found: Subgraph, ends: Ends, kept: Sequence[str]) -> list[int]:
    """One hop further than the nearest event of each hub."""
    distances = dict(zip(found.node_ids, found.distances, strict=True))
    nearest: dict[str, int] = {}
    for near, far in zip(ends.near, ends.far, strict=True):
        nearest[far] = min(distances[near] + 1, nearest.get(far, distances[near] + 1))
    return [nearest[far] for far in kept]
