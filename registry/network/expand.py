"""A network that grows hop by hop under a budget of nodes: pure, and the same whatever order a store answers in.

Lives here: which nodes and edges are kept. Elsewhere: where links come from (``ports``), the limits (``queries``).

Nodes of a hop are taken by id until the budget is full; what is then left over makes the network *truncated* and is
counted. A node is *expanded* when its links were read; a link is told from each expanded end and stands once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Final

from registry.network.model import EdgeKind, NodeKind, SkippedHub, Start, Subgraph
from registry.network.ports import Links, Relations

_RELATION: Final = EdgeKind.RELATED_TO.value


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
        self._entities: dict[str, str | None] = {start.id: entity}
        """Kept nodes in order, with the entity each belongs to."""
        self._kinds: list[NodeKind] = [start.kind]
        self._distances: list[int] = [0]
        self._edges: set[tuple[str, str, str]] = set()
        self._expanded: set[str] = set()
        self._skipped: dict[str, SkippedHub] = {}
        self._found = {start.kind.value: 1}
        # Two attributes and not a table by kind: hashing an enum's member costs more than all else here.
        self._new_people: dict[str, str | None] = {}
        self._new_events: dict[str, str | None] = {}
        self._links: set[tuple[str, str, str]] = set()

    def begin_hub(self, events: Sequence[str], owners: Sequence[str], found: int) -> Frontier:
        """The first hop from a hub: its first events by id, of ``found``."""
        self._new_events.update(zip(events, owners, strict=True))
        self._links.update((event, self.start.id, "") for event in events)
        self._expanded.add(self.start.id)
        frontier = self.close_hop()
        self.truncated = found > len(frontier.events)
        self._found[NodeKind.EVENT.value] = found
        return frontier

    def take(self, kind: NodeKind, links: Links, *, hub_limit: int | None) -> None:
        """Take the links of nodes of one kind into the hop; None as limit expands every one (the start)."""
        from_people = kind is NodeKind.PERSON
        entities, found = self._entities, self._new_events if from_people else self._new_people
        for near, degree, ends, kinds in zip(links.near, links.degrees, links.far, links.kinds, strict=True):
            if hub_limit is not None and degree > hub_limit:
                self._skipped[near] = SkippedHub(near, kind, degree)
                continue
            # Whole columns at once, known nodes too: they are sifted out when the hop closes.
            found.update(dict.fromkeys(ends, entities[near]))
            column = repeat(near, len(ends))
            sources, targets = (column, ends) if from_people else (ends, column)
            self._links.update(zip(sources, targets, kinds, strict=True))

    def take_relations(self, relations: Relations) -> None:
        """Take person-to-person relations of people into the hop."""
        for near, far, outward in relations:
            self._new_people[far] = self._entities[near]
            self._links.add((near, far, _RELATION) if outward else (far, near, _RELATION))

    def mark_expanded(self, ids: Iterable[str]) -> None:
        """The links of these nodes were read; those beyond the hub guard are left out."""
        self._expanded.update(ids)
        self._expanded -= self._skipped.keys()

    def close_hop(self) -> Frontier:
        """Keep what the hop found, by id until the budget is full, and the links between kept nodes."""
        self.distance += 1
        people, events = self._new_people, self._new_events
        for pending in (people, events):
            for known in pending.keys() & self._entities.keys():
                del pending[known]
        found = sorted((*people, *events))
        kept = found[: self.budget - len(self._entities)]
        for id_ in kept:
            self._entities[id_] = people[id_] if id_ in people else events[id_]
        self._kinds += [NodeKind.PERSON if id_ in people else NodeKind.EVENT for id_ in kept]
        self._distances += [self.distance] * len(kept)
        self._count(NodeKind.PERSON, len(people))
        self._count(NodeKind.EVENT, len(events))
        if len(kept) < len(found):
            self.truncated = True
            nodes = self._entities
            self._links = {edge for edge in self._links if edge[0] in nodes and edge[1] in nodes}
        self._edges |= self._links
        frontier = Frontier([id_ for id_ in kept if id_ in people], [id_ for id_ in kept if id_ in events])
        self._new_people, self._new_events, self._links = {}, {}, set()
        return frontier

    def _count(self, kind: NodeKind, found: int) -> None:
        if found:
            self._found[kind.value] = self._found.get(kind.value, 0) + found

    def subgraph(self) -> Subgraph:
        """The network as it stands; a link that was told from both its ends stands once."""
        edges = sorted(self._edges)
        sources, targets, edge_kinds = zip(*edges, strict=True) if edges else ((), (), ())
        return Subgraph(
            node_ids=tuple(self._entities),
            node_kinds=tuple(self._kinds),
            node_entities=tuple(self._entities.values()),
            distances=tuple(self._distances),
            edge_sources=sources,
            edge_targets=targets,
            edge_kinds=edge_kinds,
            truncated=self.truncated,
            skipped_hubs=tuple(self._skipped[id_] for id_ in sorted(self._skipped)),
            counts_by_type=self._found,
            visited=len(self._expanded),
        )
