"""New links near a saved start: what a follower is told after each delivery, and when they are told nothing.

Lives here: which links are new and the follower's to see. Elsewhere: that something was delivered (`registry.outbox`),
what a delivery told for the first time (``registry.storage.bolt.cases``, which stamps such links with their chunk).

A delivery whose links lie outside the follower's scope, or away from the start, tells nothing at all: not even that
there was one. So does a saved query, or a start, that is no longer theirs to see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final, Protocol

from registry.access.actor import Actor
from registry.errors import NotFound, NothingToFollow
from registry.network.frame import MAX_BUDGET, view_of
from registry.network.growing import exists, unwanted
from registry.network.model import RECORDS, Edge, EdgeKind, NodeKind, Piece, Subgraph
from registry.network.ports import UNBOUNDED, NetworkStore, View
from registry.network.queries import ego_network
from registry.network.saved import SavedQuery, SavedStore, saved_query
from registry.network.stores import Stores

FOLLOWED_HOPS: Final = 2
"""How far from the start links are looked for, at most: each delivery asks for it anew."""
FOLLOWED_BUDGET: Final = MAX_BUDGET
"""How many people and events are looked through for them, whatever budget was saved: that one bounds an answer. Where
more lie there, the links of the start, and of what lies one hop from it, are read one by one."""


class TellsLinks(Protocol):
    """Where links told for the first time are read."""

    async def told_links(self, kind: NodeKind, ids: Sequence[str], chunk: str, view: View) -> Set[Edge]:
        """Of these people or events the participations in view that the chunk told for the first time."""

    async def told_relations(self, people: Sequence[str], chunk: str, view: View) -> Set[Edge]:
        """Of these people the relations that an event in view told for the first time, in the chunk."""


class FollowedStore(SavedStore, TellsLinks, Protocol):
    """What following needs."""


@dataclass(frozen=True, slots=True)
class NewLinks:
    """Links that one delivery told, near a saved start, sorted."""

    query: SavedQuery
    links: tuple[Edge, ...]
    truncated: bool = False
    """More lies near the start than is looked through: links beyond other judgements than the start's, and beyond the
    events of a hub that were looked at, may be missing."""

    @property
    def records(self) -> tuple[str, ...]:
        """The records that the links name."""
        return tuple(sorted({end for link in self.links for end in link[:2]}))


async def followed_piece(store: SavedStore, id_: str, *, actor: Actor) -> Piece:
    """What lies near the start of a saved query, where new links are looked for.

    Of paths the first end is the start, of similar events the event. Raises `SavedQueryUnknown`,
    `SavedQueryUnreadable`, and `NothingToFollow` for a question without a start.
    """
    return _piece_of(await saved_query(store, id_, actor=actor))


def _piece_of(query: SavedQuery) -> Piece:
    piece = query.question.followed
    if piece is None:
        raise NothingToFollow(id=query.id)
    return replace(piece, depth=min(piece.depth, FOLLOWED_HOPS), budget=FOLLOWED_BUDGET)


async def new_links(network: Stores, store: FollowedStore, id_: str, chunk: str, *, actor: Actor) -> NewLinks | None:
    """What a delivery's chunk added near the start of a saved query; None where it added nothing there.

    Raises `SavedQueryUnreadable`, `NothingToFollow`.
    """
    try:
        query = await saved_query(store, id_, actor=actor)
        piece = _piece_of(query)
        found = await ego_network(
            network, actor=actor, start=piece.start, depth=piece.depth, budget=piece.budget, within=piece.within
        )
    except NotFound:
        return None
    view = view_of(actor, piece.within, network.codebook, budget=piece.budget)
    told = await _told_within(store, view, found, chunk)
    if found.truncated:
        told |= await _told_beside(network.links, store, view, found, piece, chunk)
    return NewLinks(query, tuple(sorted(told)), found.truncated) if told else None


async def _told_within(store: TellsLinks, view: View, found: Subgraph, chunk: str) -> set[Edge]:
    """The links of a network that the chunk told."""
    people, events = (
        [id_ for id_, each in zip(found.node_ids, found.node_kinds, strict=True) if each is kind]
        for kind in (NodeKind.PERSON, NodeKind.EVENT)
    )
    told = set(await store.told_links(NodeKind.EVENT, events, chunk, view))
    told |= await _told_relations(store, view, people, chunk)
    return told.intersection(found.edges)


async def _told_relations(store: TellsLinks, view: View, people: Sequence[str], chunk: str) -> Set[Edge]:
    if EdgeKind.RELATED_TO not in view.within.edge_kinds:
        return frozenset()
    return await store.told_relations(people, chunk, view)


async def _told_beside(
    links: NetworkStore, store: TellsLinks, view: View, found: Subgraph, piece: Piece, chunk: str
) -> set[Edge]:
    """The links that the chunk told of the start, and of what lies one hop from it, however much that is.

    What the question leaves out is left out, hubs are not gone through, and no judgement is crossed but at the start.
    """
    near = await _nearby(links, view, found, piece)
    told: set[Edge] = set()
    for kind, ids in near.read(piece.depth).items():
        told |= await store.told_links(kind, ids, chunk, view)
    told |= await _told_relations(store, view, near.read(piece.depth)[NodeKind.PERSON], chunk)
    told = {edge for edge in told if edge[2] in view.within.edge_kinds}
    kept, through = set(near.starts), set(near.starts)
    for kind, ends in _ends_of(told).items():
        if others := sorted(ends - near.starts):
            there = [id_ for id_ in others if exists(view, kind, id_)]
            kept |= set(there) - await unwanted(links, view, kind, there)
            through |= (near.beside[kind] & set(others)) - await links.hubs(kind, others, view)
    return {edge for edge in told if kept.issuperset(edge[:2]) and not through.isdisjoint(edge[:2])}


@dataclass(frozen=True, slots=True)
class _Near:
    """The start with the records judged the same, and by kind all that lies one hop from them."""

    starts: Set[str]
    kind: NodeKind
    beside: Mapping[NodeKind, Set[str]]

    def read(self, depth: int) -> Mapping[NodeKind, Sequence[str]]:
        """By kind, the records whose links are as near as that."""
        read = {kind: set(ids) if depth > 1 else set() for kind, ids in self.beside.items()}
        if self.kind in RECORDS:
            read[self.kind].update(self.starts)
        return {kind: sorted(ids) for kind, ids in read.items()}


async def _nearby(links: NetworkStore, view: View, found: Subgraph, piece: Piece) -> _Near:
    """What lies around the start of a network that is too small for it; of a hub those events that the network has."""
    kind = piece.start.kind
    placed = list(zip(found.node_ids, found.node_kinds, found.distances, strict=True))
    starts = {id_ for id_, _, distance in placed if distance == 0}
    beside: dict[NodeKind, set[str]] = {NodeKind.PERSON: set(), NodeKind.EVENT: set()}
    if kind not in RECORDS:
        beside[NodeKind.EVENT].update(id_ for id_, each, distance in placed if (each, distance) == (NodeKind.EVENT, 1))
        return _Near(starts, kind, beside)
    other = NodeKind.EVENT if kind is NodeKind.PERSON else NodeKind.PERSON
    read = await links.neighbours(kind, sorted(starts), view, hub_limit=UNBOUNDED)
    beside[other].update(end for _, end, _ in read.each())
    if kind is NodeKind.PERSON and EdgeKind.RELATED_TO in view.within.edge_kinds:
        beside[kind].update(far for _, far, _ in await links.relations(sorted(starts), view))
    return _Near(starts, kind, {each: ids - starts for each, ids in beside.items()})


def _ends_of(told: Set[Edge]) -> Mapping[NodeKind, set[str]]:
    """The ends of links by kind."""
    relations = {end for edge in told if edge[2] == EdgeKind.RELATED_TO for end in edge[:2]}
    parts = [edge for edge in told if edge[2] != EdgeKind.RELATED_TO]
    return {
        NodeKind.PERSON: relations.union(edge[0] for edge in parts),
        NodeKind.EVENT: {edge[1] for edge in parts},
    }
