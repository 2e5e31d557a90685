"""How a network is grown from a store: a round trip a hop, and more only for what the question asks beyond the plain.

Lives here: what is asked when. Elsewhere: what is kept (``expand``), questions (``queries``), links (``ports``).

A hop costs one request a kind of node in the frontier (people, events); relations one more where they count; a least
number of links one more a kind found; judgements two a kind or more, until no judgement leads further.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from registry.network.clusters import Clusters
from registry.network.ends import add_ends
from registry.network.expand import Expansion, Frontier
from registry.network.model import RECORDS, EdgeKind, GivenAlone, Judged, NodeKind, Start, Subgraph
from registry.network.ports import UNBOUNDED, Beginning, NetworkStore, View

MAX_CHAIN: Final = 20
"""Judgements in a row that are followed from one record: a chain of twenty is an error, not a person."""
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


async def gather(store: NetworkStore, view: View, people: Sequence[str], events: Sequence[str]) -> Subgraph:
    """These people and events with the links among them: those in scope, events in the window too, that no restriction
    leaves out.

    Nodes by kind, people first, then id, all at distance 0. Two requests a kind, and what restrictions cost.
    """
    only_people, only_events = view.within.only_people, view.within.only_events
    inside = replace(
        view.within,
        only_people=frozenset(people) if only_people is None else only_people.intersection(people),
        only_events=frozenset(events) if only_events is None else only_events.intersection(events),
    )
    among = View(view.scope, inside)
    nodes: list[tuple[str, NodeKind, str]] = []
    edges: set[tuple[str, str, str]] = set()
    hidden = 0
    for kind, ids in ((NodeKind.PERSON, sorted(people)), (NodeKind.EVENT, sorted(events))):
        named = [id_ for id_ in ids if exists(among, kind, id_)]
        known = await store.known(kind, named, among, in_window=True) if ids else {}
        gone = await unwanted(store, among, kind, sorted(known))
        hidden += len(gone)
        left = sorted(known.keys() - gone)
        nodes += [(id_, kind, known[id_]) for id_ in left]
        edges |= await _links_among(store, among, kind, left) if left else set()
    inside_ids = {id_ for id_, _, _ in nodes}
    links = sorted(edge for edge in edges if inside_ids.issuperset(edge[:2]))
    found = replace(_gathered(nodes, links, view.within.judged), hidden=hidden)
    return await add_ends(store, view, found)


async def _links_among(
    store: NetworkStore, view: View, kind: NodeKind, ids: Sequence[str]
) -> set[tuple[str, str, str]]:
    """Judgements among records of one kind, and what people take part in and whom they are related to."""
    edges: set[tuple[str, str, str]] = set()
    if view.within.judged is Judged.TOGETHER:
        same = await store.same(kind, ids, view)
        edges |= {(min(one, other), max(one, other), "SAME_AS") for one, other, _ in same}
    if kind is NodeKind.PERSON:
        links = await store.neighbours(kind, ids, view, hub_limit=UNBOUNDED)
        edges.update(links.each())
        if EdgeKind.RELATED_TO in view.within.edge_kinds:
            relations = await store.relations(ids, view)
            edges |= {(near, far, "RELATED_TO") if out else (far, near, "RELATED_TO") for near, far, out in relations}
    return edges


def _gathered(
    nodes: Sequence[tuple[str, NodeKind, str]], told: Sequence[tuple[str, str, str]], judged: Judged
) -> Subgraph:
    clusters = Clusters()
    for one, other, kind in told:
        if kind == "SAME_AS":
            clusters.join(one, other)
    counts = Counter(kind.value for _, kind in {(clusters.of(id_), kind) for id_, kind, _ in nodes})
    return Subgraph(
        node_ids=tuple(id_ for id_, _, _ in nodes),
        node_kinds=tuple(kind for _, kind, _ in nodes),
        node_entities=tuple(entity for _, _, entity in nodes),
        distances=(0,) * len(nodes),
        clusters=tuple(clusters.of(id_) for id_, _, _ in nodes),
        edges=tuple(told),
        counts_by_type=dict(counts),
        visited=len(nodes),
        judged=judged,
        extent=GivenAlone(),
    )


async def begin_at(store: NetworkStore, view: View, expansion: Expansion) -> Frontier:
    """The start and the records judged the same as it, at distance 0, before any link is read."""
    start = expansion.start
    ids = [start.id]
    if view.within.judged is Judged.TOGETHER:
        beside = await _all_same(store, view, expansion, start.kind, ids)
        ids = sorted([*ids, *expansion.put_beside(start.kind, beside)])
    return Frontier(people=ids) if start.kind is NodeKind.PERSON else Frontier(events=ids)


async def take_hop(store: NetworkStore, view: View, expansion: Expansion, frontier: Frontier) -> Frontier:
    """Read the links of the frontier and keep what they lead to; all links where the frontier is the start."""
    hub_limit = view.within.hub_limit if expansion.distance else UNBOUNDED
    for kind, ids in ((NodeKind.PERSON, frontier.people), (NodeKind.EVENT, frontier.events)):
        if ids:
            links = await store.neighbours(kind, ids, view, hub_limit=hub_limit)
            expansion.take(kind, links, hub_limit=hub_limit)
    followed = [person for person in frontier.people if person not in expansion.skipped]
    await _take_relations(store, view, expansion, followed)
    expansion.mark_expanded((*frontier.people, *frontier.events))
    return await _close_hop(store, view, expansion)


async def _take_beginning(store: NetworkStore, view: View, expansion: Expansion, beginning: Beginning) -> Frontier:
    start = expansion.start
    if start.kind not in RECORDS:
        expansion.take_hub(beginning.events, beginning.owners, beginning.found)
        return await _close_hop(store, view, expansion)
    expansion.take(start.kind, beginning.first, hub_limit=None)
    if beginning.found:
        expansion.count_beyond(beginning.found)
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
    """Let restrictions and judgements have their say, then keep what there is room for."""
    if view.within.is_plain:
        return expansion.close_hop()
    found = expansion.pending
    for kind, ids in ((NodeKind.PERSON, found.people), (NodeKind.EVENT, found.events)):
        expansion.leave_out(await unwanted(store, view, kind, ids))
    if view.within.judged is Judged.TOGETHER:
        found = expansion.pending
        for kind, ids in ((NodeKind.PERSON, found.people), (NodeKind.EVENT, found.events)):
            await _all_same(store, view, expansion, kind, ids)
    return expansion.close_hop()


async def _all_same(
    store: NetworkStore, view: View, expansion: Expansion, kind: NodeKind, ids: Sequence[str]
) -> list[str]:
    """Take the whole clusters of some records into the hop; those found, sorted. No cluster leads over the unwanted.

    A request a judgement's length, `MAX_CHAIN` at most.
    """
    found: set[str] = set()
    for _ in range(MAX_CHAIN):
        if not ids:
            break
        same = await store.same(kind, ids, view)
        same = [each for each in same if exists(view, kind, each[1])]
        others = sorted({far for _, far, _ in same} - expansion.nodes.keys() - expansion.exempt)
        gone = await unwanted(store, view, kind, others)
        expansion.leave_out(gone)
        ids = expansion.take_same(kind, [each for each in same if each[1] not in gone])
        found.update(ids)
    return sorted(found)


def exists(view: View, kind: NodeKind, record: str) -> bool:
    """Whether a person or event is one of those that the question names, where it names any."""
    only = view.within.only_people if kind is NodeKind.PERSON else view.within.only_events
    return only is None or record in only


async def unwanted(store: NetworkStore, view: View, kind: NodeKind, ids: Sequence[str]) -> set[str]:
    """Those of some records that the question leaves out; asked are only the restrictions that there are."""
    within = view.within
    left = {id_ for id_ in ids if id_ not in within.avoid}
    if left and kind is NodeKind.EVENT and (within.forms or within.areas):
        left &= set(await store.matching(sorted(left), view))
    if left and within.min_links > 1:
        left -= await _loosely_linked(store, view, kind, sorted(left))
    return set(ids) - left


async def _loosely_linked(store: NetworkStore, view: View, kind: NodeKind, ids: Sequence[str]) -> set[str]:
    """Those of them that take part, or are taken part in, too few times."""
    degrees: dict[str, int] = {}
    rest = iter(ids)
    while chunk := list(islice(rest, IDS_A_REQUEST)):
        degrees.update(await store.degrees(kind, chunk, view, most=view.within.min_links))
    return {id_ for id_ in ids if degrees.get(id_, 0) < view.within.min_links}
