"""What may be asked of the network of cases. Each query asks the policy first and sees the actor's scope only."""

from __future__ import annotations

from typing import Final

from registry.access.actor import Actor, Right
from registry.access.policy import require
from registry.access.scope import scope_parameter
from registry.errors import ArgumentOutOfRange, RecordUnknown
from registry.network.expand import Expansion, Frontier
from registry.network.model import PARTICIPATION, EdgeKind, NodeKind, Start, Subgraph, Window
from registry.network.ports import Beginning, NetworkStore, View

MAX_DEPTH: Final = 4
"""Hops: four reach the co-participants of co-participants."""
MAX_BUDGET: Final = 5000
"""Nodes of one answer: more can be neither drawn nor read."""
MAX_HUB_LIMIT: Final = 1000
"""Links of a node that is still expanded."""
_RECORDS: Final = frozenset({NodeKind.PERSON, NodeKind.EVENT})


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
    """What lies within ``depth`` hops of the start, at most ``budget`` nodes, the start among them.

    A hop is a link between a person and an event, so a person's co-participants are two hops away; or a relation
    between two people, where ``edge_kinds`` asks for them. Areas, concepts and agencies are never traversed: one as the
    start leads to its events (an area's and a form's narrower ones included) in one hop, the first by id within the
    budget. People and events with more than
    ``hub_limit`` links inside the scope (and window) are kept, not expanded, and named with their true degree; the
    start is expanded always. Raises `RecordUnknown`, `ArgumentOutOfRange`.
    """
    require(actor, Right.EXPLORE_NETWORK)
    require(actor, Right.READ_IDENTIFIED)
    _check_range("depth", depth, 1, MAX_DEPTH)
    _check_range("budget", budget, 1, MAX_BUDGET)
    _check_range("hubLimit", hub_limit, 1, MAX_HUB_LIMIT)
    if within is not None and within.since > within.until:
        raise ArgumentOutOfRange(argument="until", actual=within.until, lowest=within.since, highest=2**62)
    view = View(scope_parameter(actor.scope), edge_kinds, within, hub_limit)
    plain = EdgeKind.RELATED_TO not in edge_kinds
    beginning = await store.begin(start, view, budget=budget, two_hops=plain and depth > 1)
    if beginning is None:
        raise RecordUnknown(kind=start.kind.word)
    return await _grow(store, view, Expansion(start, beginning.entity, budget=budget), beginning, depth)


async def _grow(store: NetworkStore, view: View, expansion: Expansion, beginning: Beginning, depth: int) -> Subgraph:
    """The beginning, then a round trip a hop (two where relations count) until depth or budget ends it."""
    frontier = await _take_beginning(store, view, expansion, beginning)
    if beginning.second is not None and frontier and not expansion.truncated:
        kind = NodeKind.EVENT if frontier.events else NodeKind.PERSON
        expansion.take(kind, beginning.second, hub_limit=view.hub_limit)
        expansion.mark_expanded(frontier.events or frontier.people)
        frontier = expansion.close_hop()
    while frontier and expansion.distance < depth and not expansion.truncated:
        frontier = await _take_hop(store, view, expansion, frontier)
    return expansion.subgraph()


async def _take_beginning(store: NetworkStore, view: View, expansion: Expansion, beginning: Beginning) -> Frontier:
    start = expansion.start
    if start.kind not in _RECORDS:
        return expansion.begin_hub(beginning.events, beginning.owners, beginning.found)
    expansion.take(start.kind, beginning.first, hub_limit=None)
    if start.kind is NodeKind.PERSON and EdgeKind.RELATED_TO in view.edge_kinds:
        expansion.take_relations(await store.relations([start.id], view))
    expansion.mark_expanded([start.id])
    return expansion.close_hop()


async def _take_hop(store: NetworkStore, view: View, expansion: Expansion, frontier: Frontier) -> Frontier:
    for kind, ids in ((NodeKind.PERSON, frontier.people), (NodeKind.EVENT, frontier.events)):
        if ids:
            expansion.take(kind, await store.neighbours(kind, ids, view), hub_limit=view.hub_limit)
    if frontier.people and EdgeKind.RELATED_TO in view.edge_kinds:
        expansion.take_relations(await store.relations(frontier.people, view))
    expansion.mark_expanded((*frontier.people, *frontier.events))
    return expansion.close_hop()


def _check_range(argument: str, actual: int, lowest: int, highest: int) -> None:
    if not lowest <= actual <= highest:
        raise ArgumentOutOfRange(argument=argument, actual=actual, lowest=lowest, highest=highest)
