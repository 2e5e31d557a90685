"""What may be asked of the network of cases. Each query asks the policy first and sees the actor's scope only."""

from __future__ import annotations

from typing import Final

from registry.access.actor import Actor, Right
from registry.access.policy import require
from registry.network.model import PARTICIPATION, EdgeKind, Start, Subgraph, Window
from registry.network.ports import NetworkStore

MAX_DEPTH: Final = 4
"""Hops: four reach the co-participants of co-participants."""
MAX_BUDGET: Final = 5000
"""Nodes of one answer: more can be neither drawn nor read."""
MAX_HUB_LIMIT: Final = 1000
"""Links of a node that is still expanded."""


async def ego_network(
    store: NetworkStore,
    *,
    actor: Actor,
    start: Start,
    depth: int = 2,
    budget: int = 500,
    edge_kinds: tuple[EdgeKind, ...] = PARTICIPATION,
    within: Window | None = None,
    hub_limit: int = 100,
) -> Subgraph:
    """What lies within ``depth`` hops of the start. Raises `RecordUnknown`, `ArgumentOutOfRange`."""
    require(actor, Right.EXPLORE_NETWORK)
    raise NotImplementedError
