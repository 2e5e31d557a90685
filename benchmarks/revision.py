"""What a revision would touch, counted: from the kept table, against a scan of the records' own properties."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Final

from benchmarks.report import Better, Ratio
from registry.access.actor import local_user
from registry.cases.code_use import code_use
from registry.storage.address import StoreAddress
from registry.storage.bolt.code_use_table import BoltCodeUseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery

ROUNDS: Final = 9
RECOUNTED: Final = 10_000
"""Events at most of a store that is counted anew: its rate does not hang on the size, and it takes minutes."""
SCAN: Final = NamedQuery(
    name="scan",
    text="MATCH (e:Event) UNWIND coalesce(e.codes_sta, []) AS code "
    "RETURN code AS code, e.entity AS entity, count(e) AS events",
    parameters={},
    writes=False,
    one=False,
)
"""The least that an answer without the table would read: one variable, on events alone, without scope."""


def measure(address: StoreAddress, engine: str, events: int) -> list[Ratio]:
    """Milliseconds of one answer, the middle of nine."""
    return asyncio.run(_measure(address, engine, events))


async def _measure(address: StoreAddress, engine: str, events: int) -> list[Ratio]:
    actor = local_user()
    async with Database(address) as database:
        store = BoltCodeUseStore(database)
        ours = await middle(lambda: code_use(store, "event-status", actor=actor))
        scan = await middle(lambda: database.read(SCAN, seconds=600.0))
        units = await middle(lambda: code_use(store, "units", actor=actor))
        begun = time.perf_counter()
        counted = await store.recount() if events <= RECOUNTED else 0
        rate = counted / (time.perf_counter() - begun)
    rows = [Ratio("every record counted anew", rate, "events/s", None, engine, events)] if counted else []
    return [
        *rows,
        Ratio("use of one list's codes, table / scan", ours, "ms", scan, engine, events, 0.5, Better.LOWER),
        Ratio("use of every unit, by entity", units, "ms", None, engine, events),
    ]


async def middle(ask: Callable[[], Awaitable[object]]) -> float:
    """The median of some rounds, in milliseconds, the first left out."""
    await ask()
    found = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        await ask()
        found.append((time.perf_counter() - begun) * 1000)
    return statistics.median(found)
