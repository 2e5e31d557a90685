"""New links near a saved start: what a follower is told after each delivery, and when they are told nothing.

Lives here: which links are new and the follower's to see. Elsewhere: that something was delivered (`registry.outbox`),
what a delivery told for the first time (``registry.storage.bolt.cases``, which stamps such links with their chunk).

A delivery whose links lie outside the follower's scope, or away from the start, tells nothing at all: not even that
there was one. So does a saved query, or a start, that is no longer theirs to see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from registry.access.actor import Actor
from registry.access.scope import ScopeParameter, scope_parameter
from registry.errors import NotFound, NothingToFollow
from registry.network.model import Edge, NodeKind, Piece, Subgraph
from registry.network.queries import ego_network
from registry.network.saved import SavedQuery, SavedStore, saved_query
from registry.network.stores import Stores

FOLLOWED_HOPS: Final = 2
"""How far from the start links are looked for, whatever depth was saved: each delivery asks for it anew."""


class TellsLinks(Protocol):
    """Where links told for the first time are read."""

    async def told_links(self, events: Sequence[str], chunk: str, *, scope: ScopeParameter) -> frozenset[Edge]:
        """Of these events, those inside the scope, the links that the chunk told for the first time."""


class FollowedStore(SavedStore, TellsLinks, Protocol):
    """What following needs."""


@dataclass(frozen=True, slots=True)
class NewLinks:
    """Links that one delivery told, near a saved start, sorted; and the network they stand in."""

    query: SavedQuery
    links: tuple[Edge, ...]
    network: Subgraph

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
    return replace(piece, depth=min(piece.depth, FOLLOWED_HOPS))


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
    events = [id_ for id_, kind in zip(found.node_ids, found.node_kinds, strict=True) if kind is NodeKind.EVENT]
    told = await store.told_links(events, chunk, scope=scope_parameter(actor.scope))
    shown = told.intersection(found.edges)
    return NewLinks(query, tuple(sorted(shown)), found) if shown else None
