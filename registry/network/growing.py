"""How a network is grown from a store: a round trip a hop, and more only for what the question asks beyond the plain.

Lives here: what is asked when. Elsewhere: what is kept (``expand``), questions (``queries``), links (``ports``).

A hop costs one request a kind of node in the frontier (people, events); relations one more where they count; a least
number of links one more a kind found; judgements two a kind or more, until no judgement leads further.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from registry.network.ends import add_ends
from registry.network.expand import Expansion, Frontier
from registry.network.model import RECORDS, EdgeKind, Judged, NodeKind, Start, Subgraph
from registry.network.ports import Beginning, NetworkStore, View

UNBOUNDED: Final = 2**31 - 1
"""As hub limit: every link is told."""
IDS_A_REQUEST: Final = 50_000
"""Ids whose links are counted in one request: a megabyte of them."""


async def grow_from(store: NetworkStore, view: View, start: Start, *, depth: int, budget: int) -> Subgraph | None:
    """The network around one start; None when there is no such start in scope."""
    two_hops = view.within.is_plain and depth > 1
    beginning = await store.begin(start, view, budget=budget, two_hops=two_hops)
    if beginning is None:
        return None
    expansion = Expansion(start, beginning.entity, budget=budget, judged=view.within.judged)
    frontier = await _take_beginning(store, view, expansion, beginning)
    if beginning.second is not None and frontier and not expansion.truncated:
        kind = NodeKind.EVENT if frontier.events else NodeKind.PERSON
        expansion.take(kind, beginning.second, hub_limit=view.within.hub_limit)
        expansion.mark_expanded(frontier.events or frontier.people)
        frontier = expansion.close_hop()
    while frontier and expansion.distance < depth and not expansion.truncated:
        frontier = await take_hop(store, view, expansion, frontier)
    return await add_ends(store, view, expansion.subgraph())


async def take_hop(store: NetworkStore, view: View, expansion: Expansion, frontier: Frontier) -> Frontier:
    """Read the links of the frontier and keep what they lead to."""
    hub_limit = view.within.hub_limit
    for kind, ids in ((NodeKind.PERSON, frontier.people), (NodeKind.EVENT, frontier.events)):
        if ids:
            expansion.take(kind, await store.neighbours(kind, ids, view), hub_limit=hub_limit)
    await _take_relations(store, view, expansion, frontier.people)
    expansion.mark_expanded((*frontier.people, *frontier.events))
    return await _close_hop(store, view, expansion)


async def _take_beginning(store: NetworkStore, view: View, expansion: Expansion, beginning: Beginning) -> Frontier:
    start = expansion.start
    if start.kind not in RECORDS:
        expansion.take_hub(beginning.events, beginning.owners, beginning.found)
        return await _close_hop(store, view, expansion)
    expansion.take(start.kind, beginning.first, hub_limit=None)
    if view.within.judged is Judged.TOGETHER:
        await _take_those_beside(store, view, expansion)
    if start.kind is NodeKind.PERSON:
        await _take_relations(store, view, expansion, [start.id])
    expansion.mark_expanded([start.id])
    return await _close_hop(store, view, expansion)


async def _take_those_beside(store: NetworkStore, view: View, expansion: Expansion) -> None:
    """Put the records judged the same as the start beside it, and take their links into the first hop."""
    start = expansion.start
    beside = await _all_same(store, view, expansion, start.kind, [start.id])
    kept = expansion.put_beside(start.kind, beside)
    if not kept:
        return
    links = await store.neighbours(start.kind, kept, view, hub_limit=UNBOUNDED)
    expansion.take(start.kind, links, hub_limit=None)
    if start.kind is NodeKind.PERSON:
        await _take_relations(store, view, expansion, kept)
    expansion.mark_expanded(kept)


async def _take_relations(store: NetworkStore, view: View, expansion: Expansion, people: Sequence[str]) -> None:
    if people and EdgeKind.RELATED_TO in view.within.edge_kinds:
        only = view.within.only_people
        relations = await store.relations(people, view)
        expansion.take_relations([link for link in relations if only is None or link[1] in only])


async def _close_hop(store: NetworkStore, view: View, expansion: Expansion) -> Frontier:
    """Let judgements and the least number of links have their say, then keep what there is room for."""
    within = view.within
    if within.judged is Judged.TOGETHER:
        found = expansion.pending
        for kind, ids in ((NodeKind.PERSON, found.people), (NodeKind.EVENT, found.events)):
            await _all_same(store, view, expansion, kind, ids)
    if within.min_links > 1:
        found = expansion.pending
        for kind, ids in ((NodeKind.PERSON, found.people), (NodeKind.EVENT, found.events)):
            expansion.leave_out(await _loosely_linked(store, view, kind, ids))
    return expansion.close_hop()


async def _all_same(
    store: NetworkStore, view: View, expansion: Expansion, kind: NodeKind, ids: Sequence[str]
) -> list[str]:
    """Take the whole clusters of some records into the hop: a request a judgement's length; those found, sorted."""
    only = view.within.only_people if kind is NodeKind.PERSON else view.within.only_events
    found: set[str] = set()
    while ids:
        same = await store.same(kind, ids, view)
        ids = expansion.take_same(kind, [each for each in same if only is None or each[1] in only])
        found.update(ids)
    return sorted(found)


async def _loosely_linked(store: NetworkStore, view: View, kind: NodeKind, ids: Sequence[str]) -> list[str]:
    """Those of them that take part, or are taken part in, too few times."""
    degrees: dict[str, int] = {}
    rest = iter(ids)
    while chunk := list(islice(rest, IDS_A_REQUEST)):
        links = await store.neighbours(kind, chunk, view, hub_limit=0)
        degrees.update(zip(links.near, links.degrees, strict=True))
    return [id_ for id_ in ids if degrees.get(id_, 0) < view.within.min_links]
