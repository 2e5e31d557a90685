"""Database hits of the statements about many events: those of what is asked for, however many records there are."""

from __future__ import annotations

import pytest

from registry.storage.bolt import network_routes, network_similar, network_slices
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery
from registry.storage.bolt.network_slices import UNDATED
from tests.counting import hits_of, plan_anew
from tests.network.facts import facts_of
from tests.network.test_ego_network import store_world
from tests.universe import EVERYTHING
from tests.worlds import random_world

BOUNDS: dict[str, object] = {
    "scope": EVERYTHING, "since": None, "until": None, "entity": None, "forms": None, "areas": None,
    "only_events": None, "only_people": None, "as_victim": True, "as_perpetrator": True, "without": [],
}  # fmt: skip
STRETCH: dict[str, object] = {"after": "", "before": "~", "limit": 5}


@pytest.mark.parametrize("store_address", ["neo4j"], indirect=True)
async def test_database_hits_do_not_grow_with_the_records(database: Database) -> None:
    """Five times the records: the same hits, but for the plan that the statistics of the store lead to."""
    first = random_world(1, events=20, people=10)
    facts = [facts_of(record) for record in first]
    events = [event.id for event in facts[:6]]
    people = sorted({part.person for event in facts[:6] for part in event.parts})
    slices, journeys, similar = network_slices.QUERIES, network_routes.QUERIES, network_similar.QUERIES
    asked: dict[str, tuple[NamedQuery, dict[str, object]]] = {
        "facts": (slices["facts"], {"ids": events, "undated": UNDATED}),
        "people": (slices["met_by_people"], {"ids": people, "hub_limit": 50}),
        "journeys": (journeys["journeys_of"], {"ids": events, "undated": UNDATED}),
        "profiles": (similar["profiles"], {"ids": events, "undated": UNDATED}),
        "named": (similar["candidates_named"], {"ids": events}),
        "scan": (slices["scan"], {**STRETCH, "undated": UNDATED}),
        "routes": (journeys["journeys"], {**STRETCH, "undated": UNDATED}),
        "candidates": (
            similar["candidates"],
            {**STRETCH, "accounts": [], "like_forms": [], "like_areas": [], "any": True},
        ),
    }

    await store_world(database, first)
    small = {name: hits(database, query, given) for name, (query, given) in asked.items()}
    await store_world(database, random_world(2, events=80, people=40, name="z"))
    large = {name: hits(database, query, given) for name, (query, given) in asked.items()}

    grown = {name: (small[name], large[name]) for name in asked if large[name] > 1.5 * small[name]}
    assert grown == {}


def hits(database: Database, query: NamedQuery, parameters: dict[str, object]) -> int:
    """Database hits of a statement, within these bounds where it has such, by a plan of this store."""
    plan_anew(database)
    given = {name: value for name, value in {**BOUNDS, **parameters}.items() if name in query.parameters}
    return hits_of(database, query, given)
