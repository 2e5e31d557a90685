"""What may be asked of the network of cases. Each query asks the policy first and sees the actor's scope only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from registry.access.actor import Actor, Right
from registry.access.policy import require
from registry.access.scope import scope_parameter
from registry.errors import ArgumentsConflicting, RecordUnknown, check_range
from registry.network.analysis_queries import are_apart
from registry.network.components import Components, components_of
from registry.network.frame import check_start, view_of, with_ends
from registry.network.growing import gather, grow_from
from registry.network.judgements import MAX_ASKED, Judgement
from registry.network.model import EVERYTHING, RECORDS, EdgeKind, Judged, NodeKind, Start, Subgraph, Within
from registry.network.path_model import Paths
from registry.network.pathfinding import PathQuestion, find_paths
from registry.network.ports import NetworkStore, View
from registry.network.stores import Stores

MAX_DEPTH: Final = 6
"""Hops: six person-event hops reach the co-participants of co-participants of co-participants."""
AROUND: Final = 2
"""Hops around a start where none are told."""
MAX_PATHS: Final = 20
"""Paths of one answer."""
MAX_HOPS: Final = 12
"""Hops of a path: six people and the events between them; what is further apart hangs together by chance."""


async def ego_network(
    stores: Stores,
    *,
    actor: Actor,
    start: Start,
    depth: int = 2,
    budget: int = 500,
    within: Within = EVERYTHING,
) -> Subgraph:
    """What lies within ``depth`` hops of the start, at most ``budget`` people and events, the start among them.

    A hop is a link between a person and an event, so a person's co-participants are two hops away; or a relation
    between two people, where ``within.edge_kinds`` asks for them. Areas, concepts and agencies are never traversed:
    one as the start leads to its events (an area's and a form's narrower ones included) in one hop, the first by id
    within the budget (of the `ports.HUB_EVENTS` looked at, where a hub has more); as ends they label the events of the
    answer. People and events with more than ``within.hub_limit`` links inside the view are kept, not expanded, and
    named with their true degree; the start is expanded always. Where judgements count, crossing one costs no hop.
    Raises `RecordUnknown`, `ArgumentOutOfRange`, `ArgumentsConflicting`, `CodeUnknown`.
    """
    view = view_of(actor, within, stores.codebook, budget=budget)
    check_range("depth", depth, 1, MAX_DEPTH)
    found = await grow_from(stores.links, with_ends(view, start), start, depth=depth, budget=budget)
    if found is None:
        check_start(stores.codebook, start)
        raise RecordUnknown(kind=start.kind.word)
    return found


async def paths(
    stores: Stores,
    *,
    actor: Actor,
    source: Start,
    target: Start,
    most: int = 3,
    longest: int = 8,
    in_time: bool = False,
    budget: int = 2000,
    within: Within = EVERYTHING,
) -> Paths:
    """The ``most`` shortest simple paths of at most ``longest`` hops between two people or events.

    Hops are as in `ego_network`. No path leads through a node with more than ``within.hub_limit`` links; both ends are
    read whatever hangs on them, and no restriction leaves them out. ``in_time`` asks for paths along which events can
    have followed each other (``paths``). At most ``budget`` people and events are looked at. An answer without path
    says whether there is none, or which limit ended the search; for who sees every record a present analysis of the
    whole graph may prove that there is none, whatever the limits. Raises `RecordUnknown`, the same and after the same
    work whichever end is not there; `ArgumentOutOfRange`, `ArgumentsConflicting`, `CodeUnknown`.
    """
    view = view_of(actor, within, stores.codebook, budget=budget)
    check_paths(source, target, most=most, longest=longest)
    question = PathQuestion(source, target, most, longest, budget, in_time)
    apart = partial(are_apart, stores.analyses, source.id, target.id, actor=actor) if _is_analysed(view) else None
    uncounted = View(view.scope, view.within, counts_hubs=False)
    return await find_paths(stores.links, with_ends(uncounted, source, target), question, apart)


def check_paths(source: Start, target: Start, *, most: int, longest: int) -> None:
    """Return where paths may be asked for so; raises `ArgumentOutOfRange`, `ArgumentsConflicting`."""
    check_range("most", most, 1, MAX_PATHS)
    check_range("maxHops", longest, 1, MAX_HOPS)
    if not RECORDS.issuperset((source.kind, target.kind)):
        raise ArgumentsConflicting(arguments="from, to", rule="a path leads from a person or event to another")
    if source == target:
        raise ArgumentsConflicting(arguments="from, to", rule="give two different records")


def check_components(
    around: Start | None, people: Sequence[str], events: Sequence[str], *, depth: int | None, budget: int
) -> None:
    """Return where components may be asked for so; raises `ArgumentOutOfRange`, `ArgumentsConflicting`."""
    if (around is None) == (not people and not events):
        raise ArgumentsConflicting(arguments="around, ids", rule="give a start, or ids of people and events")
    if around is None and depth is not None:
        raise ArgumentsConflicting(arguments="ids, depth", rule="hops are counted from a start, and ids have none")
    check_range("depth", AROUND if depth is None else depth, 1, MAX_DEPTH)
    check_range("ids", len(people) + len(events), 0, budget)


async def components(
    stores: Stores,
    *,
    actor: Actor,
    around: Start | None = None,
    people: Sequence[str] = (),
    events: Sequence[str] = (),
    depth: int | None = None,
    budget: int = 500,
    within: Within = EVERYTHING,
) -> Components:
    """What hangs together among these people and events, or around one start; how far each spreads.

    Given ids are looked at with the links among them alone, and those that are not there are left out; a start as in
    `ego_network`. Raises `RecordUnknown`, `ArgumentOutOfRange`, `ArgumentsConflicting`, `CodeUnknown`.
    """
    view = view_of(actor, within, stores.codebook, budget=budget)
    check_components(around, people, events, depth=depth, budget=budget)
    if around is None:
        found = await gather(stores.links, view, sorted(set(people)), sorted(set(events)))
    else:
        hops = AROUND if depth is None else depth
        found = await ego_network(stores, actor=actor, start=around, depth=hops, budget=budget, within=within)
    told = [id_ for id_, kind in zip(found.node_ids, found.node_kinds, strict=True) if kind is NodeKind.EVENT]
    areas = await stores.links.ends(NodeKind.AREA, told, view)
    return Components(components_of(found, areas), found)


def _is_analysed(view: View) -> bool:
    """Whether an analysis of the whole graph knows every link that may count: participations that this actor sees."""
    within = view.within
    return bool(view.scope["all"]) and within.judged is Judged.APART and EdgeKind.RELATED_TO not in within.edge_kinds


async def judgements(store: NetworkStore, *, actor: Actor, kind: NodeKind, ids: Sequence[str]) -> Sequence[Judgement]:
    """The judgements about any of these records that the actor sees both ends of, newest first.

    Raises `ArgumentOutOfRange`, `ArgumentsConflicting`.
    """
    require(actor, Right.EXPLORE_NETWORK)
    require(actor, Right.READ_IDENTIFIED)
    check_range("ids", len(ids), 1, MAX_ASKED)
    if kind not in RECORDS:
        raise ArgumentsConflicting(arguments="kind", rule="only people and events can be judged the same")
    return await store.judgements.judgements(kind, sorted(set(ids)), scope=scope_parameter(actor.scope))
