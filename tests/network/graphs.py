"""Random pieces of a case graph for pure tests: bipartite with a few relations, some nodes not read."""

from __future__ import annotations

import random

from registry.network.model import NodeKind, SkippedHub, Subgraph


def random_network(seed: int, *, people: int = 12, events: int = 9, links: int = 24) -> Subgraph:
    """People ``p…`` and events ``e…`` with links, doubled links and relations between people, in several parts."""
    dice = random.Random(seed)
    persons = [f"p{number:02}" for number in range(people)]
    happened = [f"e{number:02}" for number in range(events)]
    edges = {
        (dice.choice(persons), dice.choice(happened), dice.choice(("VICTIM_IN", "PERPETRATOR_IN")))
        for _ in range(links)
    }
    for _ in range(3):
        one, other = dice.sample(persons, 2)
        edges.add((one, other, "RELATED_TO"))
    edges.add((persons[0], persons[0], "RELATED_TO"))
    return network_of(persons, happened, sorted(edges))


def network_of(
    people: list[str],
    events: list[str],
    edges: list[tuple[str, str, str]],
    *,
    visited: int | None = None,
    skipped: tuple[SkippedHub, ...] = (),
    truncated: bool = False,
    together: dict[str, str] | None = None,
) -> Subgraph:
    """A piece of network with these nodes and links; all links of all nodes were read unless told otherwise.

    ``together`` names the cluster of records judged the same.
    """
    ids = (*people, *events)
    return Subgraph(
        node_ids=ids,
        node_kinds=(NodeKind.PERSON,) * len(people) + (NodeKind.EVENT,) * len(events),
        node_entities=("ke-police",) * len(ids),
        distances=tuple(range(len(ids))),
        clusters=tuple((together or {}).get(id_, id_) for id_ in ids),
        edges=tuple(edges),
        truncated=truncated,
        skipped_hubs=skipped,
        visited=len(ids) - len(skipped) if visited is None else visited,
    )
