"""A person with a hundred thousand events: answered within the budget, with the true number, never a stall."""

from __future__ import annotations

import pytest

from registry.network.model import NodeKind, SkippedHub, Start
from registry.network.path_model import Limit, Outcome
from registry.network.queries import ego_network, paths
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery
from tests.universe import OFFICER, POLICE, networks

EVENTS = 100_000
CHUNK = 5_000
MAKE = NamedQuery(
    name="make",
    text="MERGE (p:Person {id: 'busy'}) SET p.entity = $entity WITH p UNWIND range($from, $to) AS n "
    "CREATE (e:Event {id: 'e' + toString(n), entity: $entity, holder: $entity, marks: 0}) "
    "CREATE (p)-[:PERPETRATOR_IN {key: 'e' + toString(n)}]->(e)",
    parameters={"entity": "string", "from": "integer", "to": "integer"},
    writes=True,
    one=False,
)
VICTIMS = NamedQuery(
    name="victims",
    text="UNWIND ['one', 'two'] AS id CREATE (v:Person {id: id, entity: $entity}) WITH v, id "
    "MATCH (e:Event {id: CASE id WHEN 'one' THEN 'e7' ELSE 'e99000' END}) "
    "CREATE (v)-[:VICTIM_IN {key: 'victim ' + id}]->(e)",
    parameters={"entity": "string"},
    writes=True,
    one=False,
)


@pytest.mark.long
async def test_a_start_of_a_hundred_thousand_events_answers(database: Database) -> None:
    """Ego: the budget's worth and the true count. Paths: none leads through the hub, one ends at it."""
    for first in range(0, EVENTS, CHUNK):
        await database.execute(MAKE, {"entity": POLICE, "from": first, "to": first + CHUNK - 1})
    await database.execute(VICTIMS, {"entity": POLICE})
    store = networks(database)
    busy, one, two = (Start(NodeKind.PERSON, id_) for id_ in ("busy", "one", "two"))

    around = await ego_network(store, actor=OFFICER, start=busy, depth=6)
    near = await ego_network(store, actor=OFFICER, start=one, depth=6)
    through = await paths(store, actor=OFFICER, source=one, target=two)
    ending = await paths(store, actor=OFFICER, source=one, target=busy, most=1)

    assert (len(around.node_ids), around.truncated) == (500, True)
    assert (around.counts_by_type, around.visited) == ({"Person": 1, "Event": EVENTS}, 1)
    assert near.skipped_hubs == (SkippedHub("busy", NodeKind.PERSON, EVENTS),)
    assert (through.outcome, through.limits) == (Outcome.NOT_WITHIN_LIMITS, (Limit.HUBS,))
    assert [path.nodes for path in ending.paths] == [("one", "e7", "busy")]
