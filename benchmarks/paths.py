"""The shortest path between two people under a constraint, against `shortestPath` of the raw driver, pair by pair.

Constrained: events of a window of years alone. Ours tells the evidence of each hop (event, agency, date, confidence),
keeps the hub guard and the budget, and asks hop by hop; the raw query returns ids, agencies and days of the one path.
"""

from __future__ import annotations

import asyncio
from typing import Final

from neo4j import AsyncDriver

from benchmarks.network import WANTED, Measured, choose_starts, fresh_ids, notes_of, put_row, raw_driver
from benchmarks.report import Ratio
from benchmarks.turns import in_turns, raw_row
from registry.access.actor import local_user
from registry.network.model import EVERYTHING, NodeKind, Start, Window, Within
from registry.network.queries import paths
from registry.storage.address import StoreAddress
from registry.storage.bolt.driver import Database
from tests.universe import networks

SINCE, UNTIL = 0, 4_102_444_800_000_000
"""1970 to 2100: the constraint is looked at for each event, and lets the dated ones through."""
RAW: Final = """
MATCH p = shortestPath((a:Person {id: $source})-[:VICTIM_IN|PERPETRATOR_IN*..8]-(b:Person {id: $target}))
WHERE all(n IN nodes(p) WHERE n:Person OR (n.until >= $since AND n.since <= $until))
RETURN [n IN nodes(p) | n.id] AS ids, [n IN nodes(p) | n.entity] AS entities, [n IN nodes(p) | n.since] AS days,
       [r IN relationships(p) | type(r)] AS kinds
"""
FAR: Final = """
MATCH (s:Person {id: $id})-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event)<-[:VICTIM_IN|PERPETRATOR_IN]-(m:Person)
MATCH (m)-[:VICTIM_IN|PERPETRATOR_IN]->(f:Event)<-[:VICTIM_IN|PERPETRATOR_IN]-(t:Person)
WHERE t <> s AND f <> e
  AND COUNT { MATCH (m)-[:VICTIM_IN|PERPETRATOR_IN]->(:Event) } <= $hub_limit
  AND NOT EXISTS { MATCH (s)-[:VICTIM_IN|PERPETRATOR_IN]->(:Event)<-[:VICTIM_IN|PERPETRATOR_IN]-(t) }
RETURN t.id AS id ORDER BY id LIMIT 1
"""


def measure(address: StoreAddress, measured: Measured) -> list[Ratio]:
    """The rows of one engine, world and size; none where no two people are four hops apart."""
    return asyncio.run(_measure(address, measured))


async def _measure(address: StoreAddress, measured: Measured) -> list[Ratio]:
    async with raw_driver(address) as driver, Database(address) as database:
        pairs = await far_pairs(driver, address.database)
        if not pairs:
            return []
        store, actor, ids = networks(database), local_user(), fresh_ids()
        notes, within = notes_of(database, actor, ids), Within(window=Window(SINCE, UNTIL))
        person = NodeKind.PERSON

        async def room(source: str) -> list[str]:
            ends = Start(person, source), Start(person, pairs[source])
            found = await paths(store, actor=actor, source=ends[0], target=ends[1], most=1, within=within)
            return [id_ for path in found.paths for id_ in path.nodes]

        async def raw(source: str) -> list[str]:
            asked = {"source": source, "target": pairs[source], "since": SINCE, "until": UNTIL}
            rows = await raw_row(driver, address.database, RAW, asked)
            return [str(id_) for id_ in rows[0][0]] if rows and isinstance(rows[0], list) else []

        async def room_only(source: str) -> None:
            await room(source)

        async def raw_only(source: str) -> None:
            await raw(source)

        async def room_audited(source: str) -> None:
            await notes.note("find paths", await room(source))

        async def raw_audited(source: str) -> None:
            await put_row(driver, address.database, notes, await raw(source))

        ours, other, ours_audited, other_audited = await in_turns(
            (room_only, raw_only, room_audited, raw_audited), list(pairs), rounds=6
        )
    remark = f"{len(pairs)} pairs, four hops"
    return [
        measured.at_most("shortest path, audited / raw with the same row", ours_audited, other_audited, WANTED, remark),
        measured.at_most("shortest path, not audited / raw", ours, other, None, remark),
    ]


async def far_pairs(driver: AsyncDriver, database: str) -> dict[str, str]:
    """People with somebody four hops away over somebody who is no hub, and whom: over hubs ours tells no path."""
    pairs = {}
    for start in await choose_starts(driver, database):
        rows = await raw_row(driver, database, FAR, {"id": start, "hub_limit": EVERYTHING.hub_limit})
        if rows and isinstance(rows[0], list):
            pairs[start] = str(rows[0][0])
    return pairs
