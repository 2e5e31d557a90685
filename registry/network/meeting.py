"""Paths of four hops at most, found where two people lead to the same events, or to people who join their events. Pure.

Lives here: the paths in what a store told of such a meeting, and the account of it. Elsewhere: when a meeting answers
the question (`ports.NetworkStore.between`), longer searches (``pathfinding``).

It is what the search would have come to after as many hops from either end: a test holds them to each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registry.network.model import Judged, NodeKind, SkippedHub
from registry.network.path_model import Searched
from registry.network.paths import contracted, shortest_paths

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
    """Events that were come upon and that no path leads through."""
    hubs_between: Mapping[str, SkippedHub]
    """Nodes where the ends meet that no path leads through: hubs, and those beyond the last path, not judged."""
    counts: Mapping[str, int]
    """Nodes that were come upon, by kind."""
    visited: int
    """Nodes whose links were read."""
    hidden: int
    """Events that the question left out."""


def searched(meeting: Meeting, most: int) -> Searched:
    """The first ``most`` paths of a meeting, as the search would have come to them. Judgements do not count."""
    links, entity = meeting.links, meeting.entity
    graph = contracted(links, str, without=meeting.hubs)
    found = shortest_paths(
        graph, meeting.source, meeting.target, most=most, longest=meeting.hops, hubs=frozenset(meeting.hubs_between)
    )
    people = dict.fromkeys((link[0] for link in links), (NodeKind.PERSON, entity))
    events = dict.fromkeys((link[1] for link in links), (NodeKind.EVENT, entity))
    return Searched(
        source=meeting.source,
        target=meeting.target,
        judged=Judged.APART,
        found=found,
        nodes={**people, **events},
        links=links,
        cluster=str,
        skipped={**meeting.hubs, **{id_: meeting.hubs_between[id_] for id_ in found.hubs}},
        counts=meeting.counts,
        visited=meeting.visited,
        hidden=meeting.hidden,
    )
