"""Two-hop ego networks and shortest paths against the raw driver with the best-shaped Cypher, start by start, in turns.

::

    the query       the room's function in this process, where the driver is too
    over HTTP       POST /graphql on an open connection to ``ictip serve``, the whole answer read: actor, limits, scope,
                    hub guard, budget and JSON included
    raw driver      one auto-commit query that returns one row of collected columns
    audited         ours with its audit row durable before the answer; the raw driver then writes the same row itself
    @neo4j/graphql  the off-the-shelf server of ``peers`` on the same Neo4j: no scope, no audit, no limits
"""

from __future__ import annotations

import asyncio
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import orjson
from neo4j import AsyncDriver, AsyncGraphDatabase

from benchmarks.peers import PEER_QUERY, neo4j_graphql
from benchmarks.report import Better, Ratio
from benchmarks.stores import environment_of, free_port, served
from benchmarks.turns import Ask, Asker, in_turns, rate_of, rate_over_http, raw_row
from registry.access.actor import Actor, local_user
from registry.access.appender import AuditAppender
from registry.access.audit import AuditRow, Circumstances, audit_row, canonical
from registry.access.notes import Notes
from registry.network.model import NodeKind, Start
from registry.network.queries import ego_network
from registry.storage.address import StoreAddress
from registry.storage.bolt.audit import QUERIES, BoltAuditStore
from registry.storage.bolt.driver import Database
from tests.universe import networks

RAW: Final = """
MATCH (s:Person {id: $id})-[r:VICTIM_IN|PERPETRATOR_IN]->(e:Event)<-[q:VICTIM_IN|PERPETRATOR_IN]-(p:Person)
RETURN collect(e.id) AS events, collect(e.entity) AS owners, collect(type(r)) AS roles,
       collect(p.id) AS people, collect(p.entity) AS entities, collect(type(q)) AS kinds
"""
CANDIDATES: Final = """
MATCH (s:Person) WITH s ORDER BY s.id LIMIT 100000
WITH s.id AS id, COUNT { (s)-[:VICTIM_IN|PERPETRATOR_IN]->(:Event) } AS events
WHERE events >= $fewest AND events <= 90
RETURN id ORDER BY id LIMIT 2000
"""
BUSIEST: Final = """
MATCH (s:Person)
WITH s.id AS id, COUNT { (s)-[:VICTIM_IN|PERPETRATOR_IN]->(:Event) } AS events
RETURN id, events ORDER BY events DESC, id LIMIT 1
"""
"""Counted person by person: the embedded engine refuses to group more than half a million at once."""
OURS: Final = (
    "query ($id: ID!) { egoNetwork(start: {kind: PERSON, id: $id}, depth: 2, budget: 1000) { truncated visited "
    "nodes { id kind entity distance } edges { source target kind } skippedHubs { id degree } "
    "countsByType { kind count } } }"
)
HUB: Final = (
    "query ($id: ID!) { egoNetwork(start: {kind: CONCEPT, id: $id}, depth: 2, budget: 500) { truncated nodes { id } } }"
)
STARTS: Final = 24
USERS: Final = 8
TURNS: Final = 5
"""Times that either server is asked for its rate; each is a second or two, of which the middle one counts."""
WANTED: Final = 1.25
PEER_WANTED: Final = 3.0
FLAT: Final = 1.2
PLAIN: Final = "2-hop ego, not audited / raw driver"
AUDITED: Final = {"ICTIP_AUDIT_READS": "on"}


@dataclass(frozen=True, slots=True)
class Measured:
    """Where and on how many events; makes rows of it."""

    engine: str
    events: int
    preset: str

    def at_most(self, name: str, ours: float, other: float, wanted: float | None, remark: str = "") -> Ratio:
        """A row of milliseconds, the fewer the better."""
        return Ratio(name, ours, "ms", other, self.engine, self.events, wanted, Better.LOWER, remark, self.preset)

    def rate(self, name: str, ours: float, other: float, wanted: float | None) -> Ratio:
        """A row of answers a second, the more the better."""
        return Ratio(
            name, ours, "answers/s", other, self.engine, self.events, wanted, Better.HIGHER, preset=self.preset
        )

    def shown(self, name: str, ours: float, remark: str = "") -> Ratio:
        """A row of milliseconds for itself."""
        return Ratio(name, ours, "ms", None, self.engine, self.events, remark=remark, preset=self.preset)


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways of asking in this process."""

    room: Ask
    room_audited: Ask
    raw: Ask
    raw_audited: Ask


def measure(address: StoreAddress, measured: Measured) -> list[Ratio]:
    """Every row of one engine, world and size."""
    rows, starts = asyncio.run(_in_process(address, measured))
    with served([], environment_of(address)) as server:
        rows += asyncio.run(_over_http(address, measured, server.port, starts, audited=False))
        rows += hub_rows(server.port, measured, asyncio.run(_busiest(address)))
        if measured.engine == "neo4j":
            rows += peer_rows(address, server.port, measured, starts)
    with served([], {**environment_of(address), **AUDITED}) as server:
        rows += asyncio.run(_over_http(address, measured, server.port, starts, audited=True))
    return rows


async def _in_process(address: StoreAddress, measured: Measured) -> tuple[list[Ratio], list[str]]:
    async with raw_driver(address) as driver, Database(address) as database:
        starts = await choose_starts(driver, address.database)
        ways = ways_of(driver, database)
        room, raw, room_audited, raw_audited = await in_turns(
            (ways.room, ways.raw, ways.room_audited, ways.raw_audited), starts
        )
        many = [await rate_of(way, starts, users=USERS) for way in (ways.room_audited, ways.raw_audited)]
    return [
        measured.at_most("2-hop ego, audited / raw driver with the same row", room_audited, raw_audited, WANTED),
        measured.at_most(PLAIN, room, raw, None),
        measured.rate(
            f"2-hop ego, audited, {USERS} users / raw driver with the same row", many[0], many[1], 1 / WANTED
        ),
    ], starts


async def _over_http(
    address: StoreAddress, measured: Measured, port: int, starts: list[str], *, audited: bool
) -> list[Ratio]:
    asker = Asker(port)

    async def door(start: str) -> None:
        asker.ask(OURS, {"id": start})

    async with raw_driver(address) as driver, Database(address) as database:
        ways = ways_of(driver, database)
        ours, raw = await in_turns((door, ways.raw_audited if audited else ways.raw), starts)
    links = [len(orjson.loads(asker.ask(OURS, {"id": id_}))["data"]["egoNetwork"]["edges"]) for id_ in starts]
    remark = f"{statistics.median(links):.0f} links in the middle, {max(links)} at most"
    name = (
        "2-hop ego over HTTP, audited / raw driver with the same row" if audited else "2-hop ego over HTTP / raw driver"
    )
    return [measured.at_most(name, ours, raw, WANTED if audited else None, remark)]


def flat_rows(rows: Sequence[Ratio]) -> list[Ratio]:
    """The same question at the largest size beside the smallest of the run: what an answer costs hangs on its own
    size, not on the world's."""
    found = []
    plain = [row for row in rows if row.name == PLAIN]
    for engine, preset in dict.fromkeys((row.engine, row.preset) for row in plain):
        same = [row for row in plain if (row.engine, row.preset) == (engine, preset)]
        smallest, largest = (pick(same, key=lambda row: row.events) for pick in (min, max))
        if largest.events > smallest.events:
            name = f"2-hop ego at {largest.events:,} events / at {smallest.events:,}"
            measured = Measured(engine, largest.events, preset)
            found.append(measured.at_most(name, largest.ours, smallest.ours, FLAT))
    return found


def hub_rows(port: int, measured: Measured, busiest: tuple[str, int]) -> list[Ratio]:
    """Starts at a form, and at the person with the most events: the budget bounds them, not the hub."""
    asker = Asker(port)
    (form,) = asyncio.run(in_turns((_http(asker, HUB),), ["2"]))
    (person,) = asyncio.run(in_turns((_http(asker, OURS),), [busiest[0]]))
    return [
        measured.shown("ego from a form, 500 nodes", form),
        measured.shown("ego from the person with the most events", person, f"{busiest[1]:,} events"),
    ]


def peer_rows(address: StoreAddress, port: int, measured: Measured, starts: list[str]) -> list[Ratio]:
    """Answers a second beside @neo4j/graphql, to one user and to several; both servers in turns."""
    other = free_port()
    rows = []
    with neo4j_graphql(address, other):
        for users in (1, USERS):
            asked = ((other, "/", PEER_QUERY), (port, "/graphql", OURS))
            rates = [[rate_over_http(*each, starts, users=users) for each in asked] for _ in range(TURNS)]
            theirs, ours = (statistics.median(column) for column in zip(*rates, strict=True))
            rows.append(measured.rate(f"2-hop ego, {users} at once / @neo4j/graphql", ours, theirs, PEER_WANTED))
    return rows


def _http(asker: Asker, query: str) -> Ask:
    async def ask(start: str) -> None:
        asker.ask(query, {"id": start})

    return ask


def raw_driver(address: StoreAddress) -> AsyncDriver:
    """The plain driver."""
    auth = (address.user, address.password)
    return AsyncGraphDatabase.driver(address.uri, auth=auth, notifications_min_severity="OFF")


def ways_of(driver: AsyncDriver, database: Database) -> Ways:
    """The four ways: ours and the raw driver's, each with and without an audit row."""
    store, actor, ids = networks(database), local_user(), fresh_ids()
    notes = notes_of(database, actor, ids)

    async def room(start: str) -> None:
        await ego_network(store, actor=actor, start=Start(NodeKind.PERSON, start), budget=1000)

    async def room_audited(start: str) -> None:
        found = await ego_network(store, actor=actor, start=Start(NodeKind.PERSON, start), budget=1000)
        await notes.note("explore network", found.node_ids)

    async def raw(start: str) -> None:
        await raw_row(driver, database.address.database, RAW, {"id": start})

    async def raw_audited(start: str) -> None:
        rows = await raw_row(driver, database.address.database, RAW, {"id": start})
        columns = rows[0] if isinstance(rows[0], list) else [[]] * 4
        await put_row(driver, database.address.database, notes, [start, *columns[0], *columns[3]])

    return Ways(room, room_audited, raw, raw_audited)


def notes_of(database: Database, actor: Actor, ids: Callable[[], str]) -> Notes:
    """Where ours leaves its rows."""
    return Notes(AuditAppender(BoltAuditStore(database)), actor, Circumstances("bench", "0" * 64, 1), ids)


async def put_row(driver: AsyncDriver, database: str, notes: Notes, records: Sequence[str]) -> None:
    """The same row, written by the raw driver."""
    row = audit_row(
        id=notes.fresh_id(),
        actor=notes.actor,
        act="explore network",
        circumstances=notes.circumstances,
        records=records,
    )
    await raw_row(driver, database, QUERIES["add_rows"].text, {"rows": [stored(row)]})


def stored(row: AuditRow) -> dict[str, object]:
    """The row as the statement takes it."""
    return {
        "id": row.id,
        "at": row.at,
        "actor": row.actor,
        "act": row.act,
        "records": list(row.records),
        "text": canonical(row),
    }


def fresh_ids() -> Callable[[], str]:
    """Ids that are random and the same in no two runs."""
    dice = random.SystemRandom()
    return lambda: f"{dice.getrandbits(128):032x}"


async def _busiest(address: StoreAddress) -> tuple[str, int]:
    """The person with the most events, and how many."""
    async with raw_driver(address) as driver:
        (row,) = await raw_row(driver, address.database, BUSIEST, {})
    assert isinstance(row, list)
    return str(row[0]), int(row[1])


async def choose_starts(driver: AsyncDriver, database: str) -> list[str]:
    """People with several events, the same ones each run."""
    for fewest in (8, 4, 2):
        rows = await raw_row(driver, database, CANDIDATES, {"fewest": fewest})
        if len(rows) >= STARTS:
            break
    ids = [str(row[0]) for row in rows if isinstance(row, list)]
    return random.Random(7).sample(ids, min(STARTS, len(ids)))
