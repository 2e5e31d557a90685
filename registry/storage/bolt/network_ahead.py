"""One question about two people, answered from what was read ahead of it: a `registry.network.ports.NetworkStore`.

Lives here: which of the question's requests that statement has answered. Elsewhere: the statement (``between_people``
of ``cypher/network.cypher``), the store that is asked for everything else (``network``).

Every answer is the one that the store would give: whatever is not there whole is asked of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.network.model import NodeKind, Start
from registry.network.path_model import Evidence
from registry.network.ports import Beginning, Ends, JudgementStore, Links, NetworkStore, Relations, Same, View

Node = tuple[int, Sequence[str], Sequence[str]]
"""A node's number of links, and where they were read their other ends and kinds."""


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """Both ends with all their links, their events with those of each, and what may be asked where the ends meet."""

    store: NetworkStore
    view: View
    owners: Mapping[str, str]
    """The entity of both ends."""
    people: Mapping[str, Node]
    """Both ends."""
    events: Mapping[str, Node]
    """Events of either end; beyond the view's hub guard their number of links alone."""
    met: Mapping[str, int]
    """People whom events of both ends lead to, with their number of links."""
    wanted: frozenset[str]
    """Those of ``events`` that have the forms and areas asked for."""
    shown: Mapping[str, Evidence]
    """Evidence of the events that join the ends, or lead to people who do."""

    @property
    def judgements(self) -> JudgementStore:
        """Where judgements about the same records are kept."""
        return self.store.judgements

    async def begin(self, start: Start, view: View, *, budget: int, two_hops: bool) -> Beginning | None:
        """Of the store."""
        return await self.store.begin(start, view, budget=budget, two_hops=two_hops)

    async def between(self, source: str, target: str, view: View) -> NetworkStore:
        """Of the store."""
        return await self.store.between(source, target, view)

    async def known(self, kind: NodeKind, ids: Sequence[str], view: View) -> Mapping[str, str]:
        """The entities of both ends, read ahead."""
        if view is self.view and kind is NodeKind.PERSON and self.owners.keys() >= set(ids):
            return {id_: self.owners[id_] for id_ in ids}
        return await self.store.known(kind, ids, view)

    async def neighbours(
        self, kind: NodeKind, ids: Sequence[str], view: View, *, hub_limit: int | None = None
    ) -> Links:
        """Links of both ends and of their events, and numbers of links where the ends meet, read ahead."""
        limit = view.within.hub_limit if hub_limit is None else hub_limit
        nodes = self.people if kind is NodeKind.PERSON else self.events
        if (
            view is self.view
            and nodes.keys() >= set(ids)
            and (kind is NodeKind.PERSON or limit <= view.within.hub_limit)
        ):
            return links_of({id_: nodes[id_] for id_ in ids}, limit)
        if view is self.view and kind is NodeKind.PERSON and limit == 0 and self.met.keys() >= set(ids):
            return links_of({id_: (self.met[id_], (), ()) for id_ in ids}, limit)
        return await self.store.neighbours(kind, ids, view, hub_limit=hub_limit)

    async def matching(self, events: Sequence[str], view: View) -> Sequence[str]:
        """Those that have the forms and areas asked for, read ahead."""
        if view is self.view and self.events.keys() >= set(events):
            return [event for event in events if event in self.wanted]
        return await self.store.matching(events, view)

    async def evidence(self, events: Sequence[str], view: View) -> Sequence[Evidence]:
        """Evidence of the events that join both ends, read ahead."""
        if view is self.view and self.shown.keys() >= set(events):
            return [self.shown[event] for event in sorted(set(events))]
        return await self.store.evidence(events, view)

    async def same(self, kind: NodeKind, ids: Sequence[str], view: View) -> Same:
        """Of the store."""
        return await self.store.same(kind, ids, view)

    async def spans(self, events: Sequence[str], view: View) -> Mapping[str, tuple[int, int]]:
        """Of the store."""
        return await self.store.spans(events, view)

    async def telling(
        self, relations: Sequence[tuple[str, str]], view: View
    ) -> Mapping[tuple[str, str], Sequence[str]]:
        """Of the store."""
        return await self.store.telling(relations, view)

    async def ends(self, kind: NodeKind, events: Sequence[str], view: View) -> Ends:
        """Of the store."""
        return await self.store.ends(kind, events, view)

    async def relations(self, people: Sequence[str], view: View) -> Relations:
        """Of the store."""
        return await self.store.relations(people, view)


def links_of(nodes: Mapping[str, Node], limit: int) -> Links:
    """The nodes' links as a store tells them: of more than the limit the number alone, of none nothing."""
    told = {id_: node for id_, node in nodes.items() if node[0]}
    degrees = [degree for degree, _, _ in told.values()]
    far = [ends if degree <= limit else () for degree, ends, _ in told.values()]
    kinds = [each if degree <= limit else () for degree, _, each in told.values()]
    return Links(tuple(told), degrees, far, kinds)


def read_ahead(
    store: NetworkStore, view: View, ends: tuple[str, str], row: Mapping[str, Any], evidence: Sequence[Evidence]
) -> ReadAhead:
    """What the row tells of both ends."""
    source, target = ends
    near, columns = row["near"], zip(row["degrees"], row["far"], row["far_kinds"], strict=True)
    return ReadAhead(
        store=store,
        view=view,
        owners={source: row["source_entity"], target: row["target_entity"]},
        people={
            source: (len(row["first"]), row["first"], row["first_kinds"]),
            target: (len(row["last"]), row["last"], row["last_kinds"]),
        },
        events=dict(zip(near, columns, strict=True)),
        met=dict(zip(row["met_people"], row["met_degrees"], strict=True)),
        wanted=frozenset(row["matching"]),
        shown={each.event: each for each in evidence},
    )
