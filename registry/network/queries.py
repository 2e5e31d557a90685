"""What may be asked of the network of cases. Each query asks the policy first and sees the actor's scope only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from registry.access.actor import Actor, Right
from registry.access.policy import require
from registry.access.scope import scope_parameter
from registry.errors import ArgumentsConflicting, RecordUnknown
from registry.network.frame import check_range, view_of
from registry.network.growing import grow_from
from registry.network.judgements import MAX_ASKED, Judgement
from registry.network.model import EVERYTHING, RECORDS, NodeKind, Start, Subgraph, Within
from registry.network.ports import NetworkStore

MAX_DEPTH: Final = 6
"""Hops: six person-event hops reach the co-participants of co-participants of co-participants."""


async def ego_network(
    store: NetworkStore,
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
    within the budget; as ends they label the events of the answer. People and events with more than
    ``within.hub_limit`` links inside the view are kept, not expanded, and named with their true degree; the start is
    expanded always. Where judgements count, crossing one costs no hop. Raises `RecordUnknown`, `ArgumentOutOfRange`,
    `ArgumentsConflicting`.
    """
    view = view_of(actor, within, budget=budget)
    check_range("depth", depth, 1, MAX_DEPTH)
    found = await grow_from(store, view, start, depth=depth, budget=budget)
    if found is None:
        raise RecordUnknown(kind=start.kind.word)
    return found


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
