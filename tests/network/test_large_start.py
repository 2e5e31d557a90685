"""A person with a hundred thousand events: answered within the budget, with the true number, never a stall."""

from __future__ import annotations

import pytest

from registry.network.model import NodeKind, SkippedHub, Start
from registry.network.path_model import Limit, Outcome
from registry.network.ports import LINKS_COUNTED
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
    text="UNWIND $parts AS part MERGE (v:Person {id: part[0]}) SET v.entity = $entity WITH v, part "
    "MATCH (e:Event {id: part[1]}) CREATE (v)-[:VICTIM_IN {key: part[0] + ' ' + part[1]}]->(e)",
    parameters={"entity": "string", "parts": "list of list of string"},
    writes=True,
    one=False,
)


async def make_world(database: Database, events: int, parts: list[list[str]]) -> tuple[Start, ...]:
    """Somebody in so many events, and victims of some of them: all three as starts, the busy one first."""
    for first in range(0, events, CHUNK):
        await database.execute(MAKE, {"entity": POLICE, "from": first, "to": min(first + CHUNK, events) - 1})
    await database.execute(VICTIMS, {"entity": POLICE, "parts": parts})
    return tuple(Start(NodeKind.PERSON, id_) for id_ in ("busy", "one", "two"))


async def test_an_end_with_many_events_leaves_the_other_room(database: Database) -> None:
    """Their own links would fill the budget; the victim of two of their events is found all the same."""
    busy, one, _ = await make_world(database, 600, [["one", "e7"], ["one", "e599"], ["two", "e9"]])
    store = networks(database)

    ending = await paths(store, actor=OFFICER, source=one, target=busy, most=2, budget=100)
    starting = await paths(store, actor=OFFICER, source=busy, target=one, most=2, budget=100)

    assert [path.nodes for path in ending.paths] == [("one", event, "busy") for event in ("e599", "e7")]
    assert {path.nodes[::-1] for path in starting.paths} == {path.nodes for path in ending.paths}


@pytest.mark.parametrize(("counted", "told"), [(5000, (600, True)), (300, (300, False))])
async def test_a_hub_come_upon_is_counted_so_far(
    database: Database, counted: int, told: tuple[int, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a victim two hops away, and from an event at once."""
    _, one, _ = await make_world(database, 600, [["one", "e7"]])
    monkeypatch.setattr("registry.storage.bolt.network.LINKS_COUNTED", counted)

    for start in (one, Start(NodeKind.EVENT, "e7")):
        found = await ego_network(networks(database), actor=OFFICER, start=start, depth=4)
        assert found.skipped_hubs == (SkippedHub("busy", NodeKind.PERSON, *told),)


@pytest.mark.long
async def test_a_start_of_a_hundred_thousand_events_answers(database: Database) -> None:
    """Ego: the budget's worth, and as start the true count. Paths: none leads through the hub, one ends at it."""
    busy, one, two = await make_world(database, EVENTS, [["one", "e7"], ["two", "e99000"]])
    store = networks(database)

    around = await ego_network(store, actor=OFFICER, start=busy, depth=6)
    near = await ego_network(store, actor=OFFICER, start=one, depth=6)
    through = await paths(store, actor=OFFICER, source=one, target=two)
    ending = await paths(store, actor=OFFICER, source=one, target=busy, most=1)

    assert (len(around.node_ids), around.truncated) == (500, True)
    assert (around.counts_by_type, around.visited) == ({"Person": 1, "Event": EVENTS}, 1)
    assert near.skipped_hubs == (SkippedHub("busy", NodeKind.PERSON, LINKS_COUNTED, counted=False),)
    assert (through.outcome, through.limits) == (Outcome.NOT_WITHIN_LIMITS, (Limit.HUBS,))
    assert [path.nodes for path in ending.paths] == [("one", "e7", "busy")]
