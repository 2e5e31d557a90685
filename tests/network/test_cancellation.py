"""Fifty overlapping questions whose callers go away: connections come back, and the engine's work really stops."""

from __future__ import annotations

import asyncio

import pytest

from registry.network.queries import ego_network
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery
from tests import universe
from tests.network.test_ego_network import person
from tests.universe import EVERYONE, networks

OVERLAPPING = 50
ENDLESS = NamedQuery(
    name="endless",
    text="UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a + b < 0 RETURN count(*) AS rows",
    parameters={},
    writes=False,
    one=True,
)
RUNNING = NamedQuery(
    name="running",
    text="SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'range(1, 100000)' "
    "AND NOT currentQuery CONTAINS 'SHOW' RETURN count(*) AS running",
    parameters={},
    writes=False,
    one=True,
)


async def running(database: Database) -> int:
    """How many of the endless statements Neo4j is at."""
    row = await database.read_one(RUNNING)
    return int(str(row["running"])) if row else 0


@pytest.mark.parametrize("store_address", ["neo4j"], indirect=True)
async def test_the_engine_stops_what_nobody_waits_for(database: Database) -> None:
    """Five endless statements run; their callers are gone; within seconds, far before any deadline, none runs."""
    async with Database(database.address) as other:
        tasks = [asyncio.create_task(other.read(ENDLESS, seconds=600)) for _ in range(5)]
        for _ in range(150):
            if await running(database) == 5:
                break
            await asyncio.sleep(0.2)
        assert await running(database) == 5

        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

        for _ in range(150):
            if await running(database) == 0:
                break
            await asyncio.sleep(0.2)
        assert await running(database) == 0


async def test_fifty_cancelled_questions_give_their_connections_back(database: Database) -> None:
    """Cancelled at different moments; afterwards as many at once are answered over the same pool."""
    await universe.build_universe(BoltCaseStore(database))
    async with Database(database.address) as shared:
        store = networks(shared)

        async def ask() -> int:
            return len((await ego_network(store, actor=EVERYONE, start=person("kofi"), depth=6)).node_ids)

        before = await asyncio.gather(*(ask() for _ in range(OVERLAPPING)))
        tasks = [asyncio.create_task(ask()) for _ in range(OVERLAPPING)]
        for task in tasks:
            await asyncio.sleep(0.001)
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        after = await asyncio.gather(*(ask() for _ in range(OVERLAPPING)))

    assert after == before == [15] * OVERLAPPING
