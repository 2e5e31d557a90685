"""More people than the embedded engine tells apart in one grouping (half a million): still counted exactly."""

from __future__ import annotations

from typing import Final

import pytest

from registry.access.actor import Scope
from registry.network.analysis import GraphSize
from registry.storage.bolt.analysis import BoltAnalysisStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery
from tests.universe import POLICE

EVENTS: Final = 110
PEOPLE_OF_EACH: Final = 5_000
CROWD: Final = NamedQuery(
    name="crowd",
    text="CREATE (e:Event {id: $event, entity: $entity, holder: $entity, marks: 0}) WITH e UNWIND $people AS person "
    "CREATE (:Person {id: person, entity: $entity})-[:VICTIM_IN {key: $event + '|' + person}]->(e)",
    parameters={"event": "string", "entity": "string", "people": "list of string"},
    writes=True,
    one=False,
)


@pytest.mark.long
async def test_a_large_graph_is_counted(database: Database) -> None:
    """What an analysis needs to know beforehand, for all and for an agency."""
    for number in range(EVENTS):
        people = [f"p{number}-{place}" for place in range(PEOPLE_OF_EACH)]
        await database.execute(CROWD, {"event": f"e{number}", "entity": POLICE, "people": people})
    store, size = BoltAnalysisStore(database), GraphSize(EVENTS * PEOPLE_OF_EACH, EVENTS, EVENTS * PEOPLE_OF_EACH)

    assert await store.graph_size(Scope.everything()) == size
    assert await store.graph_size(Scope.of_entities(POLICE)) == size
    assert await store.graph_size(Scope.of_entities()) == GraphSize(0, 0, 0)
