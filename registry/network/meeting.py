"""Paths of four hops at most, found where two people lead to the same events, or to people who join their events. Pure.

Lives here: the paths in what a store told of such a meeting, and the account of it. Elsewhere: when a meeting answers
the question (`ports.NetworkStore.between`), longer searches (``pathfinding``).

It is what the search would have come to after as many hops from either end: a test holds them to each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.network.model import Judged, NodeKind, SkippedHub, Start
from registry.network.paths import Enumeration, contracted, shortest_paths

Told = frozenset[tuple[str, str, str]]
"""Links, each a person, an event and a relationship type."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Everything that joins two people within ``hops`` hops: two (events of both) or four (people of events of either).

    Who is joined by participations belongs to one reporting entity.
    """

    source: str
    target: str
    entity: str
    hops: int
    links: Told
    hubs: Mapping[str, SkippedHub]
    """Nodes that were come upon and that no path leads through."""
    counts: Mapping[str, int]
    """Nodes that were come upon, by kind."""
    visited: int
    """Nodes whose links were read."""
    hidden: int
    """Events that the question left out."""


@dataclass(slots=True)
class Met:
    """An `evidence.Searched`: the first ``most`` paths of a meeting."""

    meeting: Meeting
    most: int
    found: Enumeration = field(init=False)

    def __post_init__(self) -> None:
        meeting = self.meeting
        graph = contracted(meeting.links, self.cluster, without=meeting.hubs)
        self.found = shortest_paths(graph, meeting.source, meeting.target, most=self.most, longest=meeting.hops)

    @property
    def source(self) -> Start:
        """The end that paths are told from."""
        return Start(NodeKind.PERSON, self.meeting.source)

    @property
    def target(self) -> Start:
        """The other."""
        return Start(NodeKind.PERSON, self.meeting.target)

    @property
    def judged(self) -> Judged:
        """Judgements do not count."""
        return Judged.APART

    @property
    def visited(self) -> int:
        """Nodes whose links were read."""
        return self.meeting.visited

    @property
    def hidden(self) -> int:
        """Events that the question left out."""
        return self.meeting.hidden

    def nodes(self) -> dict[str, tuple[NodeKind, str | None]]:
        """Both people, and what joins them."""
        entity = self.meeting.entity
        people = dict.fromkeys((link[0] for link in self.meeting.links), (NodeKind.PERSON, entity))
        events = dict.fromkeys((link[1] for link in self.meeting.links), (NodeKind.EVENT, entity))
        return {**people, **events}

    def counts(self) -> dict[str, int]:
        """How many nodes were come upon, by kind."""
        return dict(self.meeting.counts)

    def links(self) -> set[tuple[str, str, str]]:
        """Everything that joins both."""
        return set(self.meeting.links)

    def cluster(self, record: str) -> str:
        """The record itself."""
        return record

    def skipped(self) -> dict[str, SkippedHub]:
        """Hubs by id."""
        return dict(sorted(self.meeting.hubs.items()))
