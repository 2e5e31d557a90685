"""What hangs together in a piece of the network, across borders and agencies: connected components with their spread.

Lives here: components of a subgraph, by union and find; pure. Elsewhere: the piece (``growing``), the whole graph
offline (``analysis``).

A hub at the start joins nothing: what hangs together only because it happened in one country does not hang together.
Records judged the same do, where judgements count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registry.network.clusters import Clusters
from registry.network.model import RECORDS, NodeKind, Subgraph
from registry.network.ports import Ends
from registry.network.sentences import records, times


@dataclass(frozen=True, slots=True)
class Component:
    """People and events that hang together: ids sorted, and how far they spread.

    ``countries`` are codes of the countries that its events were recorded in, exploited in or led through (of a
    subdivision its country); ``agencies`` the reporting entities that told of its records.
    """

    people: tuple[str, ...]
    events: tuple[str, ...]
    countries: tuple[str, ...]
    agencies: tuple[str, ...]

    @property
    def crosses_borders(self) -> bool:
        """Whether its events belong to more than one country."""
        return len(self.countries) > 1

    @property
    def crosses_agencies(self) -> bool:
        """Whether more than one agency told of it."""
        return len(self.agencies) > 1

    @property
    def because(self) -> tuple[str, ...]:
        """Why it counts: how much hangs together, and how far that spreads."""
        size = records(len(self.people), len(self.events))
        together = f"{size} that hang together" if len(self.people) + len(self.events) > 1 else size
        countries = times(len(self.countries), "country", "countries") if self.countries else "no country that is told"
        where = [f"its events belong to {countries}"] if self.events else []
        by = [f"recorded by {times(len(self.agencies), 'agency', 'agencies')}"] if self.agencies else []
        return (together, *where, *by)


@dataclass(frozen=True, slots=True)
class Components:
    """Components, those of most people and events first, then by their least id; and the piece they are of."""

    components: tuple[Component, ...]
    network: Subgraph


def components_of(found: Subgraph, areas: Ends) -> tuple[Component, ...]:
    """The components of a piece, given the areas of its events."""
    records = {id_: kind for id_, kind in zip(found.node_ids, found.node_kinds, strict=True) if kind in RECORDS}
    joined = Clusters()
    for source, target, _ in found.edges:
        if source in records and target in records:
            joined.join(source, target)
    members: dict[str, list[str]] = {}
    for id_ in sorted(records):
        members.setdefault(joined.of(id_), []).append(id_)
    owners = dict(zip(found.node_ids, found.node_entities, strict=True))
    countries = _countries(zip(areas.near, areas.far, strict=True))
    made = [_component(ids, records, owners, countries) for ids in members.values()]
    return tuple(sorted(made, key=lambda each: (-len(each.people) - len(each.events), *each.people, *each.events)))


def _component(
    ids: Iterable[str],
    kinds: Mapping[str, NodeKind],
    owners: Mapping[str, str | None],
    countries: Mapping[str, frozenset[str]],
) -> Component:
    people = tuple(id_ for id_ in ids if kinds[id_] is NodeKind.PERSON)
    events = tuple(id_ for id_ in ids if kinds[id_] is NodeKind.EVENT)
    return Component(
        people,
        events,
        tuple(sorted(frozenset().union(*(countries.get(event, frozenset()) for event in events)))),
        tuple(sorted({owner for id_ in ids if (owner := owners[id_]) is not None})),
    )


def _countries(links: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """The countries of each event; a region of several countries and a statelessness are none."""
    found: dict[str, set[str]] = {}
    for event, area in links:
        country = area.partition("-")[0]
        if len(country) == 2:
            found.setdefault(event, set()).add(country)
    return {event: frozenset(codes) for event, codes in found.items()}
