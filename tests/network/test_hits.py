"""The gate on speed: database hits of the network's queries stay what they are when the world around grows.

Counts, not times: Neo4j's ``PROFILE`` tells them, the same on any machine. What hangs on a hub grows with it and is not
asked here.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from registry.access.scope import scope_parameter
from registry.cases import actions
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.network import QUERIES
from tests import universe
from tests.counting import hits_of, plan_anew
from tests.network.test_judgements import ADA_IS_XIA, E3_IS_E5, judge
from tests.universe import CODEBOOK, EVERYONE, POLICE, batch_of, event_id, person_id
from tests.worlds import random_world

SMALL, LARGE = 60, 600
"""Events of the same agency, areas and forms that are stored around the few that are asked about."""
OFFICER = universe.OFFICER
Parameters = dict[str, object]


def parameters() -> Mapping[str, Parameters]:
    """What each query is asked: about Kofi, Ada and their events, by an officer who sees their agency alone."""
    scope: Parameters = {"scope": scope_parameter(OFFICER.scope)}
    kinds: Parameters = {"as_victim": True, "as_perpetrator": True, "hub_limit": 100}
    window: Parameters = {"since": None, "until": None}
    people: Parameters = {"ids": [person_id("kofi"), person_id("ada")], **scope}
    events: Parameters = {"ids": [event_id("E1"), event_id("E2"), event_id("E3")], **scope}
    long: Parameters = {"budget": 500, **scope, **kinds, **window}
    hub: Parameters = {"budget": 5, "most": 10, "only_events": None, **scope, **window}
    begin: Parameters = {"most": 500, "second": True, **long}
    return {
        "begin_person": {"id": person_id("kofi"), **begin},
        "begin_event": {"id": event_id("E2"), "counted": 5000, **begin},
        "between_people": {
            "source": person_id("kofi"), "target": person_id("ada"),
            **scope, **kinds, **window, "ahead": 200, "enough": 1, "budget": 500,
            "forms": ["2"], "areas": ["KE"],
        },
        "begin_long_person": {"id": person_id("kofi"), **long},
        "begin_long_event": {"id": event_id("E2"), **long},
        "neighbours_of_people": {**people, **kinds, **window, "only_events": [event_id("E1")], "most": 101},
        "neighbours_of_events": {**events, **kinds, **window, "only_people": [person_id("ada")], "most": 101},
        "known_people": people,
        "known_events": {**events, **window},
        "same_people": people,
        "same_events": {**events, **window},
        "related_people": {**people, **window},
        "events_telling_relations": {
            "ends": [{"source": person_id("ada"), "target": person_id("kofi")}], **scope, **window
        },
        "begin_entity": {"id": POLICE, **hub},
        "begin_area": {"id": "KE", **hub},
        "begin_concept": {"id": "2", **hub},
        "spans_of_events": {**events, "earliest": 0, "latest": 1},
        "matching_events": {**events, "forms": ["2"], "areas": ["KE"]},
        "evidence": events,
        "ends_in_areas": events,
        "ends_in_forms": events,
        "ends_at_entities": events,
    }  # fmt: skip


async def store_around(database: Database, events: int) -> None:
    """More events of the police, with people of their own, in the areas and of the forms of all."""
    records = random_world(events, events=events, people=events, name=f"a{events}")
    await actions.store_events(BoltCaseStore(database), CODEBOOK, batch_of(POLICE), records, actor=EVERYONE)


@pytest.mark.parametrize("store_address", ["neo4j"], indirect=True)
async def test_hits_do_not_grow_with_the_world(database: Database) -> None:
    """No query hits more in a world ten times as large (one may find a better plan there), and none much."""
    await universe.build_universe(BoltCaseStore(database))
    await judge(database, EVERYONE, ADA_IS_XIA)
    await judge(database, EVERYONE, E3_IS_E5, 2)
    await store_around(database, SMALL)
    plan_anew(database)
    before = {name: hits_of(database, QUERIES[name], asked) for name, asked in parameters().items()}
    await store_around(database, LARGE)
    plan_anew(database)
    after = {name: hits_of(database, QUERIES[name], asked) for name, asked in parameters().items()}

    assert {name: (before[name], now) for name, now in after.items() if now > before[name]} == {}
    assert max(after.values()) < 500
    assert min(after.values()) > 0


def test_every_query_of_a_hop_is_gated() -> None:
    """All of the file."""
    assert parameters().keys() == QUERIES.keys()
