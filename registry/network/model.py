"""A piece of the case graph around one start, in columns and rows, with an honest account of what is not in it.

Lives here: the values. Elsewhere: how a network grows (``expand``), where links come from (``ports``).

No object a node: an answer of 500 nodes is a few columns, which a door turns into JSON by zipping them, and its edges
are the tuples that they were sorted as. `Subgraph.each_node` gives the nodes as values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from registry.identifiers import EntityId


class NodeKind(StrEnum):
    """What a node of a network is. The last three are hubs: a start or an end, never traversed."""

    PERSON = "Person"
    EVENT = "Event"
    ENTITY = "ReportingEntity"
    AREA = "Area"
    CONCEPT = "Concept"

    @property
    def word(self) -> str:
        """What people call it."""
        return {"ENTITY": "reporting entity", "CONCEPT": "unit"}.get(self.name, self.name.lower())


RECORDS: Final = frozenset({NodeKind.PERSON, NodeKind.EVENT})
"""Kinds of nodes that networks grow over; the others are hubs."""


class Judged(StrEnum):
    """Whether records that somebody judged to tell of the same person or event stand apart or together."""

    APART = "APART"
    TOGETHER = "TOGETHER"


class EdgeKind(StrEnum):
    """Along what a network grows. Only the first two lie between a person and an event."""

    VICTIM_IN = "VICTIM_IN"
    PERPETRATOR_IN = "PERPETRATOR_IN"
    RELATED_TO = "RELATED_TO"


PARTICIPATION: tuple[EdgeKind, ...] = (EdgeKind.VICTIM_IN, EdgeKind.PERPETRATOR_IN)
"""The person-event links; what a network grows along unless asked otherwise."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where a network starts: a record's id, an entity's id, an area's code, or a unit's code."""

    kind: NodeKind
    id: str


@dataclass(frozen=True, slots=True)
class Window:
    """Events that may have taken place between two instants (UTC epoch microseconds, both inclusive).

    An event lasts from the earliest reading of when it began (``dab``) to the latest of when it ended (``dae``);
    where neither is told, the readings of when it was recorded (``dat``) stand in; with no date at all it is outside.
    Where the end alone is not told it went on until it was recorded, where the beginning alone is not told it began
    with the earliest reading of its end.
    """

    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Within:
    """What exists for one question beside the actor's scope: every question of networks takes the same.

    Kinds, window and ``only`` say which links there are, so degrees and hub guards count in them. The rest chooses
    among the nodes that those lead to.
    """

    window: Window | None = None
    edge_kinds: tuple[EdgeKind, ...] = PARTICIPATION
    only_people: frozenset[str] | None = None
    """These people and no others; None is everybody. The start is always there."""
    only_events: frozenset[str] | None = None
    avoid: frozenset[str] = frozenset()
    """These people and events are left out, the start excepted."""
    forms: tuple[str, ...] = ()
    """Events of other forms are left out, the start excepted: codes of units, narrower ones included; none is all."""
    areas: tuple[str, ...] = ()
    """Events of other areas likewise: recorded in, exploited in or led through one of these, or one inside it."""
    min_links: int = 1
    """People and events that take part fewer times are left out, the start excepted."""
    hub_limit: int = 100
    """A node with more participations is kept and not expanded, the start excepted."""
    judged: Judged = Judged.APART
    ends: tuple[NodeKind, ...] = ()
    """Kinds of hubs that the events of the answer are labelled with; they are never traversed."""

    @property
    def is_plain(self) -> bool:
        """Whether participation alone decides, so that a store may tell of two hops at once."""
        return self.leaves_out_events_alone and not (self.forms or self.areas)

    @property
    def leaves_out_events_alone(self) -> bool:
        """Whether nothing decides but participation, and what events are about."""
        return (
            self.judged is Judged.APART
            and self.min_links == 1
            and self.only_people is None
            and self.only_events is None
            and not self.avoid
            and EdgeKind.RELATED_TO not in self.edge_kinds
        )

    def hub(self, id_: str, kind: NodeKind) -> SkippedHub:
        """A node that has more links than the hub guard; how many more was not counted."""
        return SkippedHub(id_, kind, self.hub_limit + 1, counted=False)


EVERYTHING: Final = Within()
"""Nothing but the defaults."""


@dataclass(frozen=True, slots=True)
class Node:
    """One node: ``distance`` is in hops from the start. ``entity`` is None for an area and a concept.

    ``cluster`` is the least id of the records judged to tell of the same, its own where it stands apart.
    """

    id: str
    kind: NodeKind
    entity: EntityId | None
    distance: int
    cluster: str
    label: str | None


Edge = tuple[str, str, str]
"""One link: its source, its target, and its kind, which is a relationship type, empty for the link of an event with a
hub at the start. From a person to an event, from person to person, between records judged the same (SAME_AS, the lesser
id first), or from an event to a hub."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Which piece of the network is asked about: what lies within some hops of a start."""

    start: Start
    depth: int = 2
    budget: int = 500
    within: Within = EVERYTHING


@dataclass(frozen=True, slots=True)
class SkippedHub:
    """A node that was kept but not expanded, with its links inside the scope (and window)."""

    id: str
    kind: NodeKind
    degree: int
    counted: bool = True
    """Whether ``degree`` is all of them; else counting ended there."""


@dataclass(frozen=True, slots=True)
class PathsAlone:
    """A network that shows paths from its start and nothing else of what was looked at; without them the start alone.

    ``limits`` name what ended the search before it had seen everything (`path_model.Limit`).
    """

    target: Start
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenAlone:
    """A network of people and events that were named, with the links among them: it has no start."""


@dataclass(frozen=True, slots=True)
class Subgraph:
    """What was reached, the start first, then nodes by distance and id; and what the caller's own limits left out.

    Edges are those read while expanding: every link of every expanded node to a node that is kept; sorted.
    Hubs that events were asked to be labelled with come last, by kind and id, and are not counted in the budget
    (`ends.MAX_ENDS` bounds them).
    """

    node_ids: tuple[str, ...]
    node_kinds: tuple[NodeKind, ...]
    node_entities: tuple[str | None, ...]
    distances: tuple[int, ...]
    clusters: tuple[str, ...]
    edges: tuple[Edge, ...]
    truncated: bool = False
    """The budget left out nodes that the last hop found."""
    cut: frozenset[str] = frozenset()
    """Nodes whose links were read, and of some of which the other end is among those that the budget left out."""
    skipped_hubs: tuple[SkippedHub, ...] = ()
    hidden: int = 0
    """People and events inside the scope that the search came upon and the question left out: by ``avoid``, ``forms``,
    ``areas``, ``min_links``. What ``only``, kinds and window exclude does not exist for it, and is not counted.
    """
    left_out: frozenset[str] = frozenset()
    """Which those are, where it grew from a start; no door shows them."""
    counts_by_type: Mapping[str, int] = field(default_factory=dict)
    """Distinct nodes found by kind, the start included, also those that the budget left out of the last hop.

    Where judgements count (``judged``), records judged the same count once.
    """
    visited: int = 0
    """Nodes whose links were read."""
    judged: Judged = Judged.APART
    labels: Mapping[str, str] = field(default_factory=dict)
    """What reporting entities among the hubs at the end are called, by id."""
    extent: PathsAlone | GivenAlone | None = None
    """What it shows, where that is not all that was found around the start."""

    @property
    def node_labels(self) -> tuple[str | None, ...]:
        """A column: the label of each node that has one."""
        return tuple(map(self.labels.get, self.node_ids)) if self.labels else (None,) * len(self.node_ids)

    def each_node(self) -> Iterator[Node]:
        """The nodes as values."""
        columns = (self.node_ids, self.node_kinds, self.node_entities, self.distances, self.clusters, self.node_labels)
        for id_, kind, entity, distance, cluster, label in zip(*columns, strict=True):
            yield Node(id_, kind, EntityId(entity) if entity is not None else None, distance, cluster, label)
