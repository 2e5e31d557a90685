"""Fifty overlapping questions whose callers go away: connections come back, and the engine's work really stops."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Final

import pytest

from registry.access.pseudonyms import Pseudonyms
from registry.identifiers import EventId
from registry.network.exporting import ExportFormat, ExportWish, exported_network
from registry.network.model import NodeKind, Piece, Start
from registry.network.pattern_queries import PatternQuestion
from registry.network.patterns.model import PatternKind
from registry.network.queries import ego_network
from registry.network.questions import (
    KINDS,
    AnyQuestion,
    CommunitiesQuestion,
    ComponentsQuestion,
    EgoQuestion,
    KeyPlayersQuestion,
    PathsQuestion,
    kind_of,
)
from registry.network.route_queries import RouteQuestion
from registry.network.shared import Likeness, SharedKind
from registry.network.shared_queries import SharedQuestion
from registry.network.similar_queries import SimilarQuestion
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import DEFAULT_LIMITS, Database
from registry.storage.bolt.exports import BoltFactsStore
from registry.storage.bolt.named_queries import NamedQuery
from tests import universe
from tests.network.test_ego_network import person
from tests.universe import EVERYONE, event_id, networks, person_id

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


async def runs(database: Database, count: int, query: NamedQuery) -> bool:
    """Whether Neo4j is, within half a minute, at so many of the statements that the query counts."""
    for _ in range(150):
        if await database.read_one(query) == {"running": count}:
            return True
        await asyncio.sleep(0.2)
    return False


@pytest.mark.parametrize("store_address", ["neo4j"], indirect=True)
async def test_the_engine_stops_what_nobody_waits_for(database: Database) -> None:
    """Five endless statements run; their callers are gone; within seconds, far before any deadline, none runs."""
    async with Database(database.address) as other:
        tasks = [asyncio.create_task(other.read(ENDLESS, seconds=600)) for _ in range(5)]
        assert await runs(database, 5, RUNNING)

        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

        assert await runs(database, 0, RUNNING)


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


AROUND_KOFI: Final = Piece(Start(NodeKind.PERSON, person_id("kofi")), depth=4)
ADA: Final = Start(NodeKind.PERSON, person_id("ada"))
QUESTIONS: Final[tuple[AnyQuestion, ...]] = (
    EgoQuestion(AROUND_KOFI),
    CommunitiesQuestion(AROUND_KOFI),
    KeyPlayersQuestion(AROUND_KOFI),
    PathsQuestion(AROUND_KOFI.start, ADA),
    ComponentsQuestion(around=ADA),
    SharedQuestion(Likeness(SharedKind.CO_OFFENDING)),
    RouteQuestion(),
    SimilarQuestion(EventId(event_id("E1"))),
    PatternQuestion(PatternKind.STAR_RECRUITER),
)
FEW: Final = 6
"""Connections of the pool: fewer than the kinds of questions, so that one which is not given back is missed."""
ELSEWHERE: Final = NamedQuery(
    name="elsewhere",
    text="SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery <> '' AND NOT currentQuery CONTAINS 'SHOW' "
    "RETURN count(*) AS running",
    parameters={},
    writes=False,
    one=True,
)


def asked_of(database: Database) -> dict[str, Callable[[], Awaitable[object]]]:
    """Every kind of question, and an export, each as something to be asked."""
    stores = networks(database)

    async def export() -> object:
        found = await ego_network(stores, actor=EVERYONE, start=AROUND_KOFI.start, depth=4)
        names, wish = Pseudonyms(b"n" * 32, 1), ExportWish(ExportFormat.GRAPHML)
        return await exported_network(BoltFactsStore(database), found, wish, names=names, labels={}, actor=EVERYONE)

    async def ask(question: AnyQuestion) -> object:
        return await question.ask(stores, actor=EVERYONE)

    return {"export": export, **{kind_of(each): partial(ask, each) for each in QUESTIONS}}


async def test_whatever_is_asked_leaves_nothing_behind(database: Database, request: pytest.FixtureRequest) -> None:
    """Fifty and more questions of every kind at once, whose callers go away in the middle: the few connections of the
    pool answer all of them afterwards, as before; and Neo4j is at no statement any more."""
    assert {kind_of(each) for each in QUESTIONS} == KINDS.keys()
    await universe.build_universe(BoltCaseStore(database))
    async with Database(database.address, replace(DEFAULT_LIMITS, connections=FEW)) as shared:
        asked = asked_of(shared)
        before = {kind: await ask() for kind, ask in asked.items()}

        gone: dict[str, int] = dict.fromkeys(asked, 0)
        rounds = OVERLAPPING // len(asked) + 1
        tasks = [(kind, asyncio.ensure_future(ask())) for _ in range(rounds) for kind, ask in asked.items()]
        for kind, task in tasks:
            await asyncio.sleep(0.001)
            gone[kind] += task.cancel()
        ended = await asyncio.gather(*(task for _, task in tasks), return_exceptions=True)
        after = dict(zip(asked, await asyncio.gather(*(ask() for ask in asked.values())), strict=True))

    gc.collect()  # what was left open somewhere would warn now
    assert len(tasks) >= OVERLAPPING
    assert all(gone.values())
    assert not [end for end in ended if isinstance(end, Exception)]
    assert after == before
    if request.node.callspec.params["store_address"] == "neo4j":
        assert await runs(database, 0, ELSEWHERE)
