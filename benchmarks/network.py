"""Two-hop ego networks against the raw driver with the best-shaped Cypher, start by start, in turns.

The query: the room's `ego_network` in this process, where the driver is too. Over HTTP: POST /graphql on an open
connection to ``ictip serve``, the whole answer read: actor, limits, scope, hub guard, budget and JSON included. The
other: one auto-commit query of the driver that returns one row of collected columns.
"""

from __future__ import annotations

import asyncio
import random
import socket
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import orjson
from neo4j import AsyncDriver, AsyncGraphDatabase

from benchmarks.report import Better, Ratio
from benchmarks.stores import environment_of, served
from registry.access.actor import local_user
from registry.network.model import NodeKind, Start
from registry.network.queries import ego_network
from registry.storage.address import StoreAddress
from registry.storage.bolt.driver import Database
from registry.storage.bolt.network import BoltNetworkStore

RAW: Final = """
MATCH (s:Person {id: $id})-[r:VICTIM_IN|PERPETRATOR_IN]->(e:Event)<-[q:VICTIM_IN|PERPETRATOR_IN]-(p:Person)
RETURN collect(e.id) AS events, collect(e.entity) AS owners, collect(type(r)) AS roles,
       collect(p.id) AS people, collect(p.entity) AS entities, collect(type(q)) AS kinds
"""
CANDIDATES: Final = """
MATCH (s:Person)-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event)
WITH s, count(e) AS events WHERE events >= $fewest AND events <= 90
RETURN s.id AS id ORDER BY id LIMIT 2000
"""
OURS: Final = (
    "query ($id: ID!) { egoNetwork(start: {kind: PERSON, id: $id}, depth: 2, budget: 1000) { truncated visited "
    "nodes { id kind entity distance } edges { source target kind } skippedHubs { id degree } "
    "countsByType { kind count } } }"
)
STARTS: Final = 24
ROUNDS: Final = 12
Ask = Callable[[str], Awaitable[None]]


class Asker:
    """One open connection to a server."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, query: str, variables: dict[str, object]) -> bytes:
        """The body of the answer."""
        body = orjson.dumps({"query": query, "variables": variables})
        head = (
            "POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._socket.recv(1 << 20)
        headers, _, content = answer.partition(b"\r\n\r\n")
        length = int(headers.lower().partition(b"content-length:")[2].split()[0])
        while len(content) < length:
            content += self._socket.recv(1 << 20)
        return content


async def raw_row(driver: AsyncDriver, database: str, query: str, parameters: dict[str, object]) -> list[object]:
    """The rows of one auto-commit query, as a team would write it that wants speed and nothing else."""
    async with driver.session(database=database, fetch_size=-1) as session:
        result = await session.run(query, parameters)
        return [record.values() async for record in result]


def measure(address: StoreAddress, engine: str, events: int) -> list[Ratio]:
    """The ratio of medians, over starts with some to many links."""
    return asyncio.run(_measure(address, engine, events))


async def _measure(address: StoreAddress, engine: str, events: int) -> list[Ratio]:
    auth = (address.user, address.password)
    with served([], environment_of(address)) as server:
        async with AsyncGraphDatabase.driver(address.uri, auth=auth, notifications_min_severity="OFF") as driver:
            starts = await choose_starts(driver, address.database)
            asker, actor = Asker(server.port), local_user()

            async def ask_raw(start: str) -> None:
                await raw_row(driver, address.database, RAW, {"id": start})

            async def ask_door(start: str) -> None:
                asker.ask(OURS, {"id": start})

            async with Database(address) as database:
                store = BoltNetworkStore(database)

                async def ask_room(start: str) -> None:
                    await ego_network(store, actor=actor, start=Start(NodeKind.PERSON, start), budget=1000)

                asked, beside = await in_turns(ask_room, ask_raw, starts)
            links = [len(orjson.loads(asker.ask(OURS, {"id": id_}))["data"]["egoNetwork"]["edges"]) for id_ in starts]
            ours, raw = await in_turns(ask_door, ask_raw, starts)
    remark = f"{statistics.median(links):.0f} links in the middle, {max(links)} at most"
    return [
        Ratio("2-hop ego, the query / raw driver", asked, "ms", beside, engine, events, 1.5, Better.LOWER, remark),
        Ratio("2-hop ego over HTTP / raw driver", ours, "ms", raw, engine, events, 1.5, Better.LOWER, remark),
    ]


async def choose_starts(driver: AsyncDriver, database: str) -> list[str]:
    """People with several events, the same ones each run."""
    for fewest in (8, 4, 2):
        rows = await raw_row(driver, database, CANDIDATES, {"fewest": fewest})
        if len(rows) >= STARTS:
            break
    ids = [str(row[0]) for row in rows if isinstance(row, list)]
    return random.Random(7).sample(ids, min(STARTS, len(ids)))


async def in_turns(ours: Ask, other: Ask, starts: Sequence[str]) -> tuple[float, float]:
    """Median milliseconds of each; the first three rounds warm both up."""
    taken: list[list[float]] = [[], []]
    for turn in range(ROUNDS + 3):
        for start in starts:
            before = time.perf_counter()
            await ours(start)
            between = time.perf_counter()
            await other(start)
            after = time.perf_counter()
            if turn > 2:
                taken[0].append((between - before) * 1000)
                taken[1].append((after - between) * 1000)
    return statistics.median(taken[0]), statistics.median(taken[1])
