"""What one statement has read ahead of a question about two people, and which requests it answers. Pure.

Lives here: whether an answer is there whole. Elsewhere: the statement (``between_people`` of
``cypher/network.cypher``), and the store, which asks here before it asks the database (``network``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Final

from registry.network.meeting import Meeting
from registry.network.model import NodeKind
from registry.network.path_model import Evidence
from registry.network.ports import UNBOUNDED, Links, View

Node = tuple[int, Sequence[str], Sequence[str]]
"""A node's number of links, and where they were read their other ends as victim and as perpetrator."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Both ends with all their links, their events with those of each, and what may be asked where the ends meet.

    Each method gives what the store would, or None where that is not here whole.
    """

    view: View | None = None
    """The question's; nothing is here for any other."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """The entity of both ends."""
    people: Mapping[str, Node] = field(default_factory=dict)
    """Both ends."""
    events: Mapping[str, Node] = field(default_factory=dict)
    """Events of either end; beyond the view's hub guard, and where it leaves them out, their number of links alone."""
    met: Mapping[str, bool] = field(default_factory=dict)
    """People whom events of both ends lead to, and whether they are hubs."""
    wanted: frozenset[str] = frozenset()
    """Those of ``events`` that have the forms and areas asked for."""
    shown: Mapping[str, Evidence] = field(default_factory=dict)
    """Evidence of the events that join the ends, or lead to people who do."""

    def known(self, kind: NodeKind, ids: Sequence[str], view: View) -> Mapping[str, str] | None:
        """The entities of both ends."""
        here = view is self.view and kind is NodeKind.PERSON and self.owners.keys() >= set(ids)
        return {id_: self.owners[id_] for id_ in ids} if here else None

    def neighbours(self, kind: NodeKind, ids: Sequence[str], view: View, limit: int) -> Links | None:
        """Links of both ends and of their events."""
        if view is not self.view:
            return None
        nodes = self.people if kind is NodeKind.PERSON else self.events
        if nodes.keys() >= set(ids) and (kind is NodeKind.PERSON or limit <= view.within.hub_limit):
            return links_of({id_: nodes[id_] for id_ in ids}, limit)
        return None

    def hubs(self, kind: NodeKind, ids: Sequence[str], view: View) -> Set[str] | None:
        """Hubs among the events of both ends, and where these meet."""
        if view is not self.view:
            return None
        if kind is NodeKind.PERSON:
            return {id_ for id_ in ids if self.met[id_]} if self.met.keys() >= set(ids) else None
        here = self.events.keys() >= set(ids)
        return {id_ for id_ in ids if self.events[id_][0] > view.within.hub_limit} if here else None

    def matching(self, events: Sequence[str], view: View) -> Sequence[str] | None:
        """Those that have the forms and areas asked for."""
        here = view is self.view and self.events.keys() >= set(events)
        return [event for event in events if event in self.wanted] if here else None

    def evidence(self, events: Sequence[str], view: View) -> Sequence[Evidence] | None:
        """Evidence of the events that join both ends."""
        here = view is self.view and self.shown.keys() >= set(events)
        return [self.shown[event] for event in sorted(set(events))] if here else None


NOTHING_AHEAD: Final = Ahead()
"""Every request goes to the database."""


def links_of(nodes: Mapping[str, Node], limit: int) -> Links:
    """The nodes' links as a store tells them: of more than the limit that there are more, of none nothing."""
    told = {id_: node for id_, node in nodes.items() if node[0]}
    degrees = [min(degree, limit + 1) for degree, _, _ in told.values()]
    victim_in = [ends if degree <= limit else () for degree, ends, _ in told.values()]
    perpetrator_in = [ends if degree <= limit else () for degree, _, ends in told.values()]
    return Links(tuple(told), degrees, victim_in, perpetrator_in, limit + 1)


def read_ahead(
    view: View, ends: tuple[str, str], row: Mapping[str, Any], evidence: Sequence[Evidence], *, enough: int | None
) -> Ahead:
    """What the row tells of both ends. Of people whom both lead to so many who are no hubs were looked for."""
    source, target = ends
    were_all_judged = enough is None or len(row["joining"]) < enough
    joining = {*row["joining"]}
    degrees = dict(zip(row["near"], row["degrees"], strict=True))
    events: dict[str, Node] = {event: (degree, (), ()) for event, degree in degrees.items()}
    for event, victims, perpetrators in zip(row["opened"], row["victims"], row["perpetrators"], strict=True):
        events[event] = (degrees[event], victims, perpetrators)
    return Ahead(
        view=view,
        owners={source: row["source_entity"], target: row["target_entity"]},
        people=_ends(ends, row),
        events=events,
        met={id_: id_ not in joining for id_ in row["met"]} if were_all_judged else {},
        wanted=frozenset(row["matching"]),
        shown={each.event: each for each in evidence},
    )


def _ends(ends: tuple[str, str], row: Mapping[str, Any]) -> Mapping[str, Node]:
    source, target = ends
    return {
        source: _node(row["first_victim_in"], row["first_perpetrator_in"]),
        target: _node(row["last_victim_in"], row["last_perpetrator_in"]),
    }


def _node(victim_in: Sequence[str], perpetrator_in: Sequence[str]) -> Node:
    return len(victim_in) + len(perpetrator_in), victim_in, perpetrator_in


def evidence_ahead(view: View, evidence: Sequence[Evidence]) -> Ahead:
    """The evidence alone."""
    return Ahead(view=view, shown={each.event: each for each in evidence})


def meeting_of(view: View, ends: tuple[str, str], row: Mapping[str, Any], evidence: Sequence[Evidence]) -> Meeting:
    """What the row tells of how both ends meet: links of the events that join them, and no others."""
    hubs = {id_: view.within.hub(id_, NodeKind.EVENT) for id_ in row["hubs"]}
    kind, between = NodeKind.PERSON, {*row["met"]}.difference(row["joining"])
    met = zip(row["met"], row["met_victim_in"], row["met_perpetrator_in"], strict=True)
    of_people = {*links_of({id_: _node(*links) for id_, *links in met}, UNBOUNDED).each()}
    both = _ends(ends, row)
    of_ends = links_of(both, UNBOUNDED).each()
    if row["hops"] == 2:
        firsts, lasts = ({*victim_in, *perpetrator_in} for _, victim_in, perpetrator_in in both.values())
        kind, between, hubs = NodeKind.EVENT, hubs.keys() & firsts & lasts, {}
    on_ways = {each.event for each in evidence}.union(between, (event for _, event, _ in of_people))
    return Meeting(
        source=ends[0],
        target=ends[1],
        entity=row["source_entity"],
        hops=row["hops"],
        links=frozenset(of_people.union(link for link in of_ends if link[1] in on_ways)),
        hubs=hubs,
        hubs_between={id_: view.within.hub(id_, kind) for id_ in between},
        counts={NodeKind.PERSON.value: row["people_read"] or 2, NodeKind.EVENT.value: row["events_read"]},
        visited=2 + (row["events_opened"] if row["hops"] > 2 else 0),
        hidden=row["left_out"],
    )
