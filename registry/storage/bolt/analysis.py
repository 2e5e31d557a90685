"""Analyses over Bolt: links out in pages, results in, and what fed each kept true as records change hands.

Lives here: `BoltAnalysisStore`, the port ``registry.network.analysis_ports.AnalysisStore``; `widen` for the units of
work that change who may see an event; `raise_data_revision` for those that store records. Elsewhere: the statements
(``cypher/analysis.cypher``), the computation (``registry.network.analysis``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import orjson

from registry.access.actor import Scope
from registry.access.audit import AuditRow
from registry.access.scope import ScopeParameter, scope_parameter
from registry.cases.paging import Keyset
from registry.errors import CursorForeign
from registry.identifiers import EntityId
from registry.network.analysis import (
    Analysis,
    AnalysisWish,
    Fed,
    GraphResults,
    GraphSize,
    Measured,
    MeasureOrder,
)
from registry.network.analysis_ports import LinkPage, MeasureFilter
from registry.network.model import NodeKind
from registry.storage.bolt import records
from registry.storage.bolt.audit import add_rows
from registry.storage.bolt.batches import cut
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.id_ranges import id_ranges
from registry.storage.bolt.lease import Lease, bulk_lease
from registry.storage.bolt.named_queries import Row, load_queries

QUERIES: Final = load_queries("analysis")
RESULTS_A_PAGE: Final = 5_000
COUNT_SECONDS: Final = 60.0
"""Counting a million events and their links."""
_RANK: Final = 9
"""Digits of a rank."""
_END: Final = 10**_RANK - 1
_MARK, _LAST_MARK = "|", "}"
"""Between an analysis and a place in it; the sign after it in the order of texts closes the stretch."""


@dataclass(frozen=True, slots=True)
class BoltAnalysisStore:
    """Analyses in one database."""

    database: Database

    async def graph_size(self, scope: Scope) -> GraphSize:
        """How much there is inside the scope."""
        row = await self.database.read_one(
            QUERIES["graph_size"], {"scope": scope_parameter(scope)}, seconds=COUNT_SECONDS
        )
        counts = row or {}
        return GraphSize(*(records.whole(counts, name) for name in ("people", "events", "links")))

    async def data_revision(self) -> int:
        """A number that each delivery raises; 0 before the first."""
        row = await self.database.read_one(QUERIES["data_revision"])
        return records.whole(row, "number") if row is not None else 0

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[_Reader]:
        """The bulk lease, renewed with each page."""
        async with bulk_lease(self.database) as lease:
            yield _Reader(self, lease)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[_Writer]:
        """The bulk lease, renewed inside each page's transaction."""
        async with bulk_lease(self.database) as lease:
            yield _Writer(self.database, lease)

    async def analyses(self) -> Sequence[Analysis]:
        """Every finished analysis, the newest first."""
        return await self._analyses("analyses")

    async def at_present(self) -> Sequence[Analysis]:
        """Those of the store's present data revision, the newest first."""
        return await self._analyses("analyses_at_present")

    async def _analyses(self, query: str) -> Sequence[Analysis]:
        found = [_analysis(records.of_map(row, "analysis")) for row in await self.database.read(QUERIES[query])]
        return sorted(found, key=lambda each: (-each.at, each.id))

    async def unfinished(self) -> Sequence[str]:
        """Analyses that were begun and never finished."""
        row = await self.database.read_one(QUERIES["analysis_ids"]) or {}
        states = zip(records.texts(row, "ids"), records.texts(row, "states"), strict=True)
        return sorted(id_ for id_, state in states if state != "finished")

    async def remove(self, analysis: str, *, audit: AuditRow | None) -> int:
        """Unreadable first; then its results in pages, then the analysis itself, which is what leads to them."""

        async def close(unit: UnitOfWork) -> None:
            await unit.run(QUERIES["lock_analysis"], {"ids": [analysis]})
            await unit.run(QUERIES["close_analysis"], {"id": analysis})
            if audit is not None:
                await add_rows(unit, [audit])

        await self.database.write(close, name="close analysis")
        stretch = {"after": analysis + _MARK, "before": analysis + _LAST_MARK, "limit": RESULTS_A_PAGE}
        removed = 0
        while gone := records.whole((await self.database.execute(QUERIES["forget_measures"], stretch))[0], "gone"):
            removed += gone
        await self.database.execute(QUERIES["forget_analysis"], {"id": analysis})
        return removed

    async def measures(
        self, analysis: str, order: MeasureOrder, where: MeasureFilter, keyset: Keyset
    ) -> Sequence[tuple[str, Measured]]:
        """At most ``keyset.limit`` results with their places."""
        query, prefix = f"measures_by_{order.value}", analysis + _MARK
        if order is MeasureOrder.COMPONENT and where.component is not None:
            query, prefix = "measures_by_member", f"{prefix}{where.component:09}{_MARK}"
        found: list[tuple[str, Measured]] = []
        for after, before in _stretches(prefix, keyset.after, keyset.limit):
            rows = await self.database.read(
                QUERIES[query],
                {
                    "after": after,
                    "before": before,
                    "component": where.component,
                    "community": where.community,
                    "least_size": where.least_component_size,
                    "least_degree": where.least_degree,
                    "articulation": where.articulation_only,
                    "people": where.people_only,
                    "limit": keyset.limit - len(found),
                },
            )
            found += [(records.text(row, "place"), _measured(records.of_map(row, "measure"))) for row in rows]
            if len(found) >= keyset.limit:
                break
        return found

    async def measured(self, analysis: str, ids: Sequence[str]) -> Mapping[str, Measured]:
        """The results of these records, those that have any."""
        keys = [f"{analysis}{_MARK}{id_}" for id_ in ids]
        found = [_measured(records.of_map(row, "measure")) for row in await self._measures_of(keys)]
        return {each.record: each for each in found}

    async def _measures_of(self, keys: Sequence[str]) -> Sequence[Row]:
        return await self.database.read(QUERIES["measures_of"], {"keys": list(keys)})


@dataclass(frozen=True, slots=True)
class _Reader:
    """Links under the turn."""

    store: BoltAnalysisStore
    lease: Lease

    async def revision(self) -> int:
        """The data revision."""
        return await self.store.data_revision()

    async def pages(self, scope: Scope, *, events: int) -> AsyncIterator[LinkPage]:
        """Every event inside the scope, in order of id."""
        parameter: ScopeParameter = scope_parameter(scope)
        for low, high in id_ranges(events):
            row = await self.store.database.read_one(
                QUERIES["link_page"], {"low": low, "high": high, "scope": parameter}, seconds=COUNT_SECONDS
            )
            columns: dict[str, Any] = dict(row or {"events": []})
            order = sorted(range(len(columns["events"])), key=columns["events"].__getitem__)
            if order:
                names = ("events", "holders", "countries", "marks", "people")
                yield LinkPage(*([columns[name][place] for place in order] for name in names))
            await self.lease.renew()


@dataclass(frozen=True, slots=True)
class _Writer:
    """Results under the turn."""

    database: Database
    lease: Lease

    async def put(self, analysis: Analysis, results: GraphResults) -> None:
        """Every result, in pages; a page that is written again changes nothing."""
        await self.database.execute(QUERIES["begin_analysis"], {"id": analysis.id})
        for rows in cut(_rows(analysis.id, results), count=RESULTS_A_PAGE):
            await self._page("put_measures", {"rows": rows})

    async def placed_now(self, analysis: str) -> Fed:
        """What decides now who sees the events that went in."""
        fed, first = Fed(), 0
        while True:
            places = {
                "after": f"{analysis}{_MARK}{first:09}" if first else analysis + _MARK,
                "before": f"{analysis}{_MARK}{first + RESULTS_A_PAGE + 1:09}",
            }
            row = await self.database.read_one(QUERIES["placed_now"], places)
            if row is None or not records.whole(row, "found"):
                return fed
            fed |= _fed(row)
            first += RESULTS_A_PAGE
            await self.lease.renew()

    async def finish(self, analysis: Analysis, *, audit: AuditRow) -> None:
        """Readable from here, with its audit row."""
        fed = analysis.fed
        told = {
            "id": analysis.id,
            "properties": _properties(analysis),
            "holders": sorted(fed.holders),
            "countries": sorted(fed.countries),
            "marks": sorted(fed.marks),
        }

        async def work(unit: UnitOfWork) -> None:
            await self.lease.renew_within(unit)
            await unit.run(QUERIES["lock_analysis"], {"ids": [analysis.id]})
            await unit.run(QUERIES["finish_analysis"], told)
            await add_rows(unit, [audit])

        await self.database.write(work, name="finish analysis")

    async def _page(self, query: str, parameters: Mapping[str, object]) -> None:
        async def work(unit: UnitOfWork) -> None:
            await self.lease.renew_within(unit)
            await unit.run(QUERIES[query], parameters)

        await self.database.write(work, name=query)


async def raise_data_revision(unit: UnitOfWork) -> None:
    """The data revision is one higher, with the change that it tells of. Under the bulk lease."""
    await unit.run(QUERIES["raise_data_revision"])


async def widen(unit: UnitOfWork, events: Sequence[str]) -> None:
    """After who may see these events has changed: the analyses they went into are read with the right to them as they
    are now, too. In the transaction of the change, so that no reader meets one without the other."""
    row = (await unit.run(QUERIES["analysis_ids"]))[0]
    keys = [f"{analysis}{_MARK}{event}" for analysis in records.texts(row, "ids") for event in events]
    if not keys:
        return
    fed = (await unit.run(QUERIES["fed_by_events"], {"keys": keys}))[0]
    analyses, touched = list(records.texts(fed, "analyses")), list(records.texts(fed, "events"))
    if analyses:
        await unit.run(QUERIES["lock_analysis"], {"ids": analyses})
        await unit.run(QUERIES["widen_analyses"], {"analyses": analyses, "events": touched})


# --- stretches -----------------------------------------------------------------------------------------------


def _stretches(prefix: str, after: str | None, limit: int) -> Iterator[tuple[str, str]]:
    """Places strictly between the two, one range after the other, each sixteen times as wide as the last.

    Ranks have no gaps, so the first range holds a page where no filter binds (as in ``case_places``). Every place is of
    the prefix, whatever ``after`` says: a cursor is anybody's to write. Raises `CursorForeign`.
    """
    begin = 0 if after is None else _rank_of(after, prefix) + 1
    low, width = after or prefix, limit
    while begin < _END:
        yield low, f"{prefix}{min(begin + width, _END):0{_RANK}}"
        begin += width
        low, width = f"{prefix}{begin - 1:0{_RANK}}", width * 16


def _rank_of(place: str, prefix: str) -> int:
    """The rank behind the prefix; `CursorForeign` for a place of another analysis or component, and for none."""
    rank = place.removeprefix(prefix)
    if not place.startswith(prefix) or len(rank) != _RANK or not (rank.isascii() and rank.isdecimal()):
        raise CursorForeign(argument="after")
    return int(rank)


# --- rows ----------------------------------------------------------------------------------------------------


def _rows(analysis: str, results: GraphResults) -> Iterator[dict[str, object]]:
    """The properties of each result. Places hold ranks, so that texts sort as numbers do."""
    ranked = {order: results.ranks(order) for order in MeasureOrder if order is not MeasureOrder.COMPONENT}
    by_component, inside = results.component_ranks()
    for vertex in range(len(results.ids)):
        measured = results.measured(vertex)
        places = {
            f"place_{order.value}": f"{analysis}{_MARK}{ranks[vertex]:0{_RANK}}"
            for order, ranks in ranked.items()
            if ranks[vertex] >= 0
        }
        yield {
            "key": f"{analysis}{_MARK}{measured.record}",
            "analysis": analysis,
            "record": measured.record,
            "kind": measured.kind.value,
            "component": measured.component,
            "component_size": measured.component_size,
            "community": measured.community,
            "degree": measured.degree,
            "page_rank": measured.page_rank,
            "betweenness": measured.betweenness,
            "cut_off": measured.cut_off,
            "place_component": f"{analysis}{_MARK}{by_component[vertex]:0{_RANK}}",
            "place_member": f"{analysis}{_MARK}{measured.component:09}{_MARK}{inside[vertex]:0{_RANK}}",
            **places,
        }


def _measured(row: Row) -> Measured:
    return Measured(
        record=records.text(row, "record"),
        kind=NodeKind(records.text(row, "kind")),
        component=records.whole(row, "component"),
        component_size=records.whole(row, "component_size"),
        community=records.whole(row, "community"),
        degree=records.whole(row, "degree"),
        page_rank=records.number(row, "page_rank"),
        betweenness=records.number(row, "betweenness"),
        cut_off=records.whole(row, "cut_off"),
    )


def _properties(analysis: Analysis) -> dict[str, object]:
    """All but what fed it, which grows by itself."""
    wish = analysis.wish
    told = {
        "entities": sorted(wish.entities) if wish.entities is not None else None,
        "resolution": wish.resolution,
        "seed": wish.seed,
        "sources": wish.sources,
    }
    return {
        "at": analysis.at,
        "by": analysis.by,
        "software": analysis.software,
        "revision": analysis.revision,
        "wish": orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode(),
        "people": analysis.people,
        "events": analysis.events,
        "links": analysis.links,
        "components": analysis.components,
        "communities": analysis.communities,
        "modularity": analysis.modularity,
        "exact": analysis.is_betweenness_exact,
    }


def _analysis(row: Row) -> Analysis:
    told: dict[str, Any] = orjson.loads(records.text(row, "wish"))
    entities = told["entities"]
    return Analysis(
        id=records.text(row, "id"),
        at=records.whole(row, "at"),
        by=records.text(row, "by"),
        software=records.text(row, "software"),
        revision=records.whole(row, "revision"),
        wish=AnalysisWish(
            frozenset(map(EntityId, entities)) if entities is not None else None,
            told["resolution"],
            told["seed"],
            told["sources"],
        ),
        people=records.whole(row, "people"),
        events=records.whole(row, "events"),
        links=records.whole(row, "links"),
        components=records.whole(row, "components"),
        communities=records.whole(row, "communities"),
        modularity=records.number(row, "modularity"),
        is_betweenness_exact=records.flag(row, "exact"),
        fed=_fed(row),
    )


def _fed(row: Row) -> Fed:
    return Fed(
        frozenset(records.texts(row, "holders")),
        frozenset(records.texts(row, "countries")),
        frozenset(records.wholes(row, "marks")),
    )
