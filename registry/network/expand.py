"""A network that grows hop by hop under a budget of nodes: pure, and the same whatever order a store answers in.

Lives here: which nodes and edges are kept. Elsewhere: where links come from (``ports``), the limits (``queries``).

When a hop finds more than the budget holds, the first of each parent (by id) comes before the second of any, so that
no branch fills the picture alone; what is left over makes the network *truncated* and is counted. A node is *expanded*
when its links were read; a link is told from each expanded end and stands once. Records judged the same belong to one
*cluster*, stand at one distance, and are kept together as far as the budget goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Final

from registry.network.clusters import Clusters
from registry.network.model import EdgeKind, Judged, NodeKind, SkippedHub, Start, Subgraph
from registry.network.ports import Links, Relations, Same

_RELATION: Final = EdgeKind.RELATED_TO.value
_SAME: Final = "SAME_AS"


@dataclass(slots=True)
class Frontier:
    """The nodes that the last hop added, by kind, each sorted by id."""

    people: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.people or self.events)


class Expansion:
    """A growing network. Used once, by one task."""

    def __init__(self, start: Start, entity: str | None, *, budget: int, judged: Judged = Judged.APART) -> None:
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
        self._clusters = Clusters() if judged is Judged.TOGETHER else None
        self.exempt: frozenset[str] = frozenset()
        """Nodes that are never left out: where a path is to lead."""
        self._beyond = 0
        """Neighbours of the start that were counted and not read."""
        self._left_out: set[str] = set()
        """What was found and the question's own restrictions left out."""
        self._cut: set[str] = set()
        """Expanded nodes some of whose links lead to what the budget left out."""

    @property
    def nodes(self) -> Mapping[str, str | None]:
        """Kept nodes in order, with the entity each belongs to."""
        return self._entities

    @property
    def edges(self) -> Set[tuple[str, str, str]]:
        """Links between kept nodes, so far."""
        return self._edges

    @property
    def skipped(self) -> Mapping[str, SkippedHub]:
        """Nodes that were kept and not expanded, by id."""
        return self._skipped

    @property
    def expanded(self) -> Set[str]:
        """Nodes whose links were read."""
        return self._expanded

    @property
    def left_out(self) -> Set[str]:
        """Nodes that the search came upon and the question itself left out."""
        return self._left_out

    @property
    def judged(self) -> Judged:
        """Whether judgements count."""
        return Judged.APART if self._clusters is None else Judged.TOGETHER

    def kinds(self) -> Iterator[tuple[str, NodeKind]]:
        """Each kept node with its kind."""
        return zip(self._entities, self._kinds, strict=True)

    def cluster(self, record: str) -> str:
        """The least id of the record's cluster, its own where judgements do not count."""
        return record if self._clusters is None else self._clusters.of(record)

    @property
    def pending(self) -> Frontier:
        """What this hop found and did not know, by kind, each sorted by id."""
        return Frontier(
            sorted(self._new_people.keys() - self._entities.keys()),
            sorted(self._new_events.keys() - self._entities.keys()),
        )

    def take_hub(self, events: Sequence[str], owners: Sequence[str], found: int) -> None:
        """Take the first hop from a hub: its first events by id, of ``found``."""
        self._new_events.update(zip(events, owners, strict=True))
        self._links.update((event, self.start.id, "") for event in events)
        self._expanded.add(self.start.id)
        self.count_beyond(found)

    def count_beyond(self, found: int) -> None:
        """The start has so many neighbours, of which the first by id were taken."""
        self._beyond = found - len(self._new_people) - len(self._new_events)

    def take(self, kind: NodeKind, links: Links, *, hub_limit: int | None) -> None:
        """Take the links of nodes of one kind into the hop; None as limit expands every one (the start)."""
        from_people = kind is NodeKind.PERSON
        if hub_limit is not None and max(links.degrees, default=0) > hub_limit:
            degrees = zip(links.near, links.degrees, strict=True)
            hubs = (SkippedHub(near, kind, each, each < links.most) for near, each in degrees if each > hub_limit)
            self._skipped.update((hub.id, hub) for hub in hubs)
        # Whole columns at once, known nodes too: they are sifted out when the hop closes.
        found = self._new_events if from_people else self._new_people
        for word, column in links.by_kind():
            near = list(chain.from_iterable(map(repeat, links.near, map(len, column))))
            far = list(chain.from_iterable(column))
            found.update(zip(far, map(self._entities.__getitem__, near), strict=True))
            sources, targets = (near, far) if from_people else (far, near)
            self._links.update(zip(sources, targets, repeat(word)))

    def take_relations(self, relations: Relations) -> None:
        """Take person-to-person relations of people into the hop."""
        for near, far, outward in relations:
            self._new_people[far] = self._entities[near]
            self._links.add((near, far, _RELATION) if outward else (far, near, _RELATION))

    def take_same(self, kind: NodeKind, same: Same) -> list[str]:
        """Take records judged to tell of the same as records of this hop; those that nothing had found, sorted."""
        clusters = self._clusters
        if clusters is None:
            return []
        found = self._new_people if kind is NodeKind.PERSON else self._new_events
        fresh = set()
        for near, far, entity in same:
            clusters.join(near, far)
            self._links.add((min(near, far), max(near, far), _SAME))
            if far not in found and far not in self._entities:
                found[far] = entity
                fresh.add(far)
        return sorted(fresh)

    def put_beside(self, kind: NodeKind, beside: Sequence[str]) -> list[str]:
        """Keep records that are the same as the start beside it, at distance 0; those that there is room for."""
        found = self._new_people if kind is NodeKind.PERSON else self._new_events
        kept = list(beside[: max(self.budget - len(self._entities), 0)])
        self._entities.update((id_, found[id_]) for id_ in kept)
        self._kinds += [kind] * len(kept)
        self._distances += [0] * len(kept)
        for id_ in beside:
            del found[id_]
        if len(kept) < len(beside):
            self.truncated = True
            self._cut.add(self.start.id)
        return kept

    def leave_out(self, ids: Iterable[str]) -> None:
        """Forget nodes that this hop found, and their links."""
        gone = set(ids) - self.exempt - self._entities.keys()
        if not gone:
            return
        self._left_out |= gone
        for pending in (self._new_people, self._new_events):
            for id_ in gone & pending.keys():
                del pending[id_]
        self._links = {link for link in self._links if link[0] not in gone and link[1] not in gone}

    def mark_expanded(self, ids: Iterable[str]) -> None:
        """The links of these nodes were read; those beyond the hub guard are left out."""
        self._expanded.update(ids)
        self._expanded.difference_update(self._skipped)

    def close_hop(self) -> Frontier:
        """Keep what the hop found, fairly until the budget is full, and the links between kept nodes."""
        self.distance += 1
        people, events = self._new_people, self._new_events
        for pending in (people, events):
            for known in pending.keys() & self._entities.keys():
                del pending[known]
        owners = people | events
        found = sorted(owners)
        room = max(self.budget - len(self._entities), 0)
        kept = found if len(found) <= room else self._fairest(found, room)
        frontier, kinds = _by_kind(kept, people, events)
        self._entities.update(zip(kept, map(owners.__getitem__, kept), strict=True))
        self._kinds += kinds
        self._distances += [self.distance] * len(kept)
        self._count(NodeKind.PERSON, people)
        self._count(NodeKind.EVENT, events)
        if self._beyond:
            self.truncated = True
            self._cut.add(self.start.id)
            kind = (NodeKind.PERSON if self.start.kind is NodeKind.EVENT else NodeKind.EVENT).value
            self._found[kind] = self._found.get(kind, 0) + self._beyond
            self._beyond = 0
        if len(kept) < len(found):
            self.truncated = True
        if self.truncated:
            nodes = self._entities
            whole = {edge for edge in self._links if edge[0] in nodes and edge[1] in nodes}
            self._cut.update(self._expanded.intersection(chain.from_iterable(edge[:2] for edge in self._links - whole)))
            self._links = whole
        self._edges |= self._links
        self._new_people, self._new_events, self._links = {}, {}, set()
        return frontier

    def _fairest(self, found: Sequence[str], room: int) -> list[str]:
        """As many as there is room for: the first of each parent by id, then the second of each; sorted by id.

        A node of several parents has its best place among them, a cluster that of its best record. Only nodes that
        the caller may see have a place, so what they may not see moves nobody.
        """
        ranks = self._ranks()
        cluster = self._clusters.of if self._clusters is not None else str
        best: dict[str, int] = {}
        for id_ in found:
            best[cluster(id_)] = min(ranks.get(id_, len(ranks)), best.get(cluster(id_), len(ranks)))
        return sorted(sorted(found, key=lambda id_: (best[cluster(id_)], cluster(id_), id_))[:room])

    def _ranks(self) -> dict[str, int]:
        """For each node that the hop found its best place among a parent's, counted from 0."""
        children: dict[str, set[str]] = {}
        for source, target, _ in self._links:
            for parent, child in ((source, target), (target, source)):
                if parent in self._entities and child not in self._entities:
                    children.setdefault(parent, set()).add(child)
        ranks: dict[str, int] = {}
        for each in children.values():
            for place, child in enumerate(sorted(each)):
                ranks[child] = min(place, ranks.get(child, place))
        return ranks

    def _count(self, kind: NodeKind, found: Mapping[str, str | None]) -> None:
        number = len(found) if self._clusters is None else len(set(map(self._clusters.of, found)))
        if number:
            self._found[kind.value] = self._found.get(kind.value, 0) + number

    def subgraph(self) -> Subgraph:
        """The network as it stands; a link that was told from both its ends stands once."""
        nodes = tuple(self._entities)
        return Subgraph(
            node_ids=nodes,
            node_kinds=tuple(self._kinds),
            node_entities=tuple(self._entities.values()),
            distances=tuple(self._distances),
            clusters=nodes if self._clusters is None else tuple(map(self._clusters.of, nodes)),
            edges=tuple(sorted(self._edges)),
            truncated=self.truncated,
            skipped_hubs=tuple(self._skipped[id_] for id_ in sorted(self._skipped)),
            cut=frozenset(self._cut),
            hidden=len(self._left_out),
            left_out=frozenset(self._left_out),
            counts_by_type=self._found,
            visited=len(self._expanded),
            judged=self.judged,
        )


def _by_kind(
    kept: list[str], people: Mapping[str, str | None], events: Mapping[str, str | None]
) -> tuple[Frontier, list[NodeKind]]:
    """The nodes of a hop by kind, and the kind of each; a hop along participation alone leads to one kind."""
    if not events:
        return Frontier(people=kept), [NodeKind.PERSON] * len(kept)
    if not people:
        return Frontier(events=kept), [NodeKind.EVENT] * len(kept)
    kinds = [NodeKind.PERSON if id_ in people else NodeKind.EVENT for id_ in kept]
    return Frontier([id_ for id_ in kept if id_ in people], [id_ for id_ in kept if id_ in events]), kinds
