"""A network that grows hop by hop under a budget of nodes: pure, and the same whatever order a store answers in.

Lives here: which nodes and edges are kept. Elsewhere: where links come from (``ports``), the limits (``queries``).

Nodes of a hop are taken by id until the budget is full; what is then left over makes the network *truncated* and is
counted. A node is *expanded* when its links were read; every link is told from both its ends and taken from the one
expanded first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from registry.network.model import EdgeKind, NodeKind, SkippedHub, Start, Subgraph
from registry.network.ports import Links, Relations

_ACROSS = {NodeKind.PERSON: NodeKind.EVENT, NodeKind.EVENT: NodeKind.PERSON}
"""A participation leads from people to events and back."""


@dataclass(slots=True)
class Frontier:
    """The nodes that the last hop added, by kind, each sorted by id."""

    people: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.people or self.events)


class Expansion:
    """A growing network. Used once, by one task."""

    def __init__(self, start: Start, entity: str | None, *, budget: int) -> None:
        self.start = start
        self.budget = budget
        self.distance = 0
        self.truncated = False
        self._nodes: dict[str, tuple[NodeKind, str | None, int]] = {start.id: (start.kind, entity, 0)}
        self._edges: set[tuple[str, str, str]] = set()
        self._expanded: set[str] = set()
        self._skipped: list[SkippedHub] = []
        self._found: Counter[str] = Counter({start.kind: 1})
        self._pending: dict[str, tuple[NodeKind, str | None]] = {}
        self._links: list[tuple[str, str, str]] = []

    def begin_hub(self, events: Sequence[str], owners: Sequence[str], found: int) -> Frontier:
        """The first hop from a hub: its first events by id, of ``found``."""
        for event, owner in zip(events, owners, strict=True):
            self._pending[event] = (NodeKind.EVENT, owner)
            self._links.append((event, self.start.id, ""))
        self._expanded.add(self.start.id)
        frontier = self.close_hop()
        if found > len(frontier.events):
            self.truncated = True
        self._found[NodeKind.EVENT] = found
        return frontier

    def take(self, kind: NodeKind, links: Links, *, hub_limit: int | None) -> None:
        """Take the links of nodes of one kind into the hop; None as limit expands every one (the start)."""
        far_kind = _ACROSS[kind]
        nodes, pending, expanded, out = self._nodes, self._pending, self._expanded, self._links
        from_people = kind is NodeKind.PERSON
        for near, degree, ends, kinds in zip(links.near, links.degrees, links.far, links.kinds, strict=True):
            if hub_limit is not None and degree > hub_limit:
                self._skipped.append(SkippedHub(near, kind, degree))
                continue
            entity = nodes[near][1]
            for far, edge in zip(ends, kinds, strict=True):
                if far in expanded:
                    continue
                if far not in nodes:
                    pending[far] = (far_kind, entity)
                out.append((near, far, edge) if from_people else (far, near, edge))

    def take_relations(self, relations: Relations) -> None:
        """Take person-to-person relations of expanded people into the hop."""
        for near, far, outward in relations:
            if far not in self._nodes:
                self._pending[far] = (NodeKind.PERSON, self._nodes[near][1])
            pair = (near, far) if outward else (far, near)
            self._links.append((*pair, EdgeKind.RELATED_TO.value))

    def mark_expanded(self, ids: Iterable[str]) -> None:
        """The links of these nodes were read; those beyond the hub guard are left out."""
        self._expanded.update(ids)
        self._expanded.difference_update(hub.id for hub in self._skipped)

    def close_hop(self) -> Frontier:
        """Keep what the hop found, by id until the budget is full, and the links between kept nodes."""
        self.distance += 1
        found = sorted(self._pending)
        kept = found[: self.budget - len(self._nodes)]
        self.truncated = self.truncated or len(kept) < len(found)
        self._found.update(kind for kind, _ in self._pending.values())
        frontier = Frontier()
        for id_ in kept:
            kind, entity = self._pending[id_]
            self._nodes[id_] = (kind, entity, self.distance)
            (frontier.people if kind is NodeKind.PERSON else frontier.events).append(id_)
        nodes = self._nodes
        self._edges.update(
            self._links if len(kept) == len(found) else [e for e in self._links if e[0] in nodes and e[1] in nodes]
        )
        self._pending, self._links = {}, []
        return frontier

    def subgraph(self) -> Subgraph:
        """The network as it stands."""
        sources, targets, edge_kinds = zip(*sorted(self._edges), strict=True) if self._edges else ((), (), ())
        kinds, entities, distances = zip(*self._nodes.values(), strict=True)
        return Subgraph(
            node_ids=tuple(self._nodes),
            node_kinds=kinds,
            node_entities=entities,
            distances=distances,
            edge_sources=sources,
            edge_targets=targets,
            edge_kinds=edge_kinds,
            truncated=self.truncated,
            skipped_hubs=tuple(sorted(self._skipped, key=lambda hub: hub.id)),
            counts_by_type=dict(self._found),
            visited=len(self._expanded),
        )
