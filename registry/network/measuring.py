"""Live questions about who holds a network together and how it falls apart, over one bounded piece of it.

Lives here: rights, bounds, and one piece asked for and measured. Elsewhere: the measures (``measures``), the same over
everything (``analysis_queries``).
"""

from __future__ import annotations

from asyncio import to_thread
from typing import Final

from registry.access.actor import Actor
from registry.errors import check_range
from registry.network import graph_algorithms
from registry.network.frame import view_of
from registry.network.measures import Communities, KeyOrder, KeyPlayers, find_communities, find_key_players
from registry.network.model import Piece, Subgraph
from registry.network.queries import ego_network
from registry.network.stores import Stores

MAX_MEASURED: Final = 2_000
"""People and events of a measured piece: a second of one core at most; more belongs to the offline analysis."""
MAX_PLAYERS: Final = 100
MAX_PATH: Final = 30
LEAST_RESOLUTION, MAX_RESOLUTION = 0.01, 100.0


async def communities(
    stores: Stores, piece: Piece, *, resolution: float = 1.0, seed: int = 1, actor: Actor
) -> Communities:
    """The communities of a piece. Raises `RecordUnknown`, `ArgumentOutOfRange`, `GraphLibraryMissing`."""
    view_of(actor, piece.within, stores.codebook, budget=piece.budget, most=MAX_MEASURED)
    check_communities(resolution, seed)
    network = await _grown(stores, piece, actor)
    return find_communities(network, resolution=resolution, seed=seed)


async def key_players(
    stores: Stores,
    piece: Piece,
    *,
    order: KeyOrder = KeyOrder.BETWEENNESS,
    first: int = 10,
    path_limit: int = 8,
    actor: Actor,
) -> KeyPlayers:
    """The first people of a piece by a measure. Raises `RecordUnknown`, `ArgumentOutOfRange`, `GraphLibraryMissing`."""
    view_of(actor, piece.within, stores.codebook, budget=piece.budget, most=MAX_MEASURED)
    check_key_players(first, path_limit)
    network = await _grown(stores, piece, actor)
    # Long paths are bounded person by person, which takes up to a second: other requests go on meanwhile.
    return await to_thread(find_key_players, network, order=order, first=first, path_limit=path_limit)


def check_communities(resolution: float, seed: int) -> None:
    """Return when the bounds hold; raise `ArgumentOutOfRange` otherwise."""
    check_range("seed", seed, 0, graph_algorithms.MAX_SEED)
    check_range("resolution", resolution, LEAST_RESOLUTION, MAX_RESOLUTION)


def check_key_players(first: int, path_limit: int) -> None:
    """Return when the bounds hold; raise `ArgumentOutOfRange` otherwise."""
    check_range("first", first, 1, MAX_PLAYERS)
    check_range("pathLimit", path_limit, 2, MAX_PATH)


async def _grown(stores: Stores, piece: Piece, actor: Actor) -> Subgraph:
    return await ego_network(
        stores, actor=actor, start=piece.start, depth=piece.depth, budget=piece.budget, within=piece.within
    )
