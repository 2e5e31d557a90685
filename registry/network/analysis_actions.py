"""The job that analyses the whole graph, and taking its results away again.

Lives here: rights, the limit of memory, the order of steps. Elsewhere: the computation (``analysis``).

::

    told and refused first     memory needed against the limit, before a link is read
    read, under the turn       every link in pages; the data revision is of this very state
    compute                    in a thread, without the turn: imports go on
    write, under the turn      results nobody can read; then who may see what went in, as it is by now
    finish                     one transaction: readable from here, with its audit row

Killed anywhere before the end it leaves an analysis that cannot be read, which the next run takes away. From the moment
its results are there, a referral or a changed record widens what fed it in its own transaction (``storage``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from registry.access.actions import Act
from registry.access.actor import Right
from registry.access.policy import require
from registry.errors import AnalysisUnknown, MemoryShort, check_range
from registry.network import graph_algorithms
from registry.network.analysis import Analysis, AnalysisWish, Fed, GraphSize, GrowingGraph, analyse, memory_needed
from registry.network.analysis_ports import AnalysisStore

MOST_SOURCES: Final = 100_000
ANALYSED: Final = "analyse network"
REMOVED: Final = "remove analysis"

Progress = Callable[[str, int, int], None]
"""Told a step, how far it is, and of how much."""


async def plan(store: AnalysisStore, wish: AnalysisWish, *, act: Act) -> tuple[GraphSize, int]:
    """What an analysis would go over, and the bytes of memory it needs at most. Raises `ArgumentOutOfRange`."""
    require(act.actor, Right.CHECK_STORE)
    _check(wish)
    size = await store.graph_size(wish.scope)
    return size, memory_needed(size)


async def run_analysis(
    store: AnalysisStore, wish: AnalysisWish, *, memory: int, act: Act, keep: int, progress: Progress | None = None
) -> Analysis:
    """Analyse, write, and keep the newest ``keep`` analyses of the same wish alone.

    ``memory`` is the limit in bytes. Raises `ArgumentOutOfRange`, `MemoryShort`, `GraphLibraryMissing` before anything
    is read, and `LeaseHeld` where an import does not end.
    """
    require(act.actor, Right.CHECK_STORE)
    tell = progress or _silent
    software = graph_algorithms.library_version()
    size, needed = await plan(store, wish, act=act)
    if needed > memory:
        raise MemoryShort(needed=needed // 2**20, limit=memory // 2**20)
    for left in await store.unfinished():
        await store.remove(left, audit=None)
    graph, revision = await _read(store, wish, size, tell)
    tell("computing", 0, len(graph.ids))
    results = await asyncio.to_thread(analyse, graph, wish)
    analysis = Analysis(
        id=act.id,
        at=act.now,
        by=act.actor.name,
        software=software,
        revision=revision,
        wish=wish,
        people=sum(graph.is_person),
        events=len(graph.ids) - sum(graph.is_person),
        links=len(graph.ends) // 2,
        components=results.components,
        communities=results.communities,
        modularity=results.modularity,
        is_betweenness_exact=results.is_betweenness_exact,
        fed=graph.fed | Fed(holders=wish.entities or frozenset()),
    )
    tell("writing", 0, len(graph.ids))
    async with store.writing() as writer:
        await writer.put(analysis, results)
        analysis = replace(analysis, fed=analysis.fed | await writer.placed_now(analysis.id))
        await writer.finish(analysis, audit=act.row(ANALYSED, subject=analysis.id))
    same = [each for each in await store.analyses() if each.wish.entities == wish.entities]
    for old in same[max(1, keep) :]:
        await store.remove(old.id, audit=replace(act.row(REMOVED, subject=old.id), id=f"{act.id}-{old.id}"))
    return analysis


async def remove_analysis(store: AnalysisStore, analysis: str, *, act: Act) -> int:
    """Take an analysis away; how many results it had. Raises `AnalysisUnknown`."""
    require(act.actor, Right.CHECK_STORE)
    if analysis not in {each.id for each in await store.analyses()}:
        raise AnalysisUnknown()
    return await store.remove(analysis, audit=act.row(REMOVED, subject=analysis))


async def _read(store: AnalysisStore, wish: AnalysisWish, size: GraphSize, tell: Progress) -> tuple[GrowingGraph, int]:
    graph, events = GrowingGraph(), 0
    async with store.reading() as reader:
        revision = await reader.revision()
        async for page in reader.pages(wish.scope, events=size.events):
            columns = (page.events, page.holders, page.countries, page.marks, page.people)
            for event, holder, country, marks, people in zip(*columns, strict=True):
                graph.add(event, (holder, country, marks), people)
            events += len(page.events)
            tell("reading", events, size.events)
    graph.close()
    return graph, revision


def _check(wish: AnalysisWish) -> None:
    check_range("sources", wish.sources, 1, MOST_SOURCES)
    check_range("seed", wish.seed, 0, graph_algorithms.MAX_SEED)
    check_range("resolution", wish.resolution, 0.01, 100)


def _silent(_step: str, _done: int, _of: int) -> None:
    return None
