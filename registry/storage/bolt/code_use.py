"""The table of how often codes are used, over Bolt: kept with each change of a record, read by scope, counted anew.

Lives here: what a unit of work that changes records does to the cells, `BoltCodeUseStore`, comparing the table with
a scan. Elsewhere: what one record adds (``registry.cases.code_use``, ``registry.statistics.indicators``), the
statements (``cypher/code_use.cypher``).

Each event says by which table (**generation**) it is counted, so that a count of a whole store can go on in chunks
while records change: what the new table has not met yet is not taken out of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from registry.access.actor import Scope
from registry.access.scope import Placed, ScopeParameter, scope_parameter
from registry.cases.code_use import Bearer, Cell, CellSum, CodeUse, tally, use_of
from registry.cases.model import Finding, Severity, StoredEvent
from registry.identifiers import EntityId, EventId
from registry.statistics.indicators import indicator_cells
from registry.storage.bolt import records
from registry.storage.bolt.batches import cut
from registry.storage.bolt.case_reading import read_event
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.lease import bulk_lease
from registry.storage.bolt.named_queries import load_queries

QUERIES: Final = load_queries("code_use")
CASES: Final = load_queries("cases")
EVERYTHING: Final = scope_parameter(Scope.everything())
CHUNK: Final = 500
"""Records counted in one transaction."""
GONE: Final = 10_000
"""Cells deleted in one transaction."""
SECONDS: Final = 600.0
"""A scan of the whole store is no caller's request."""
COUNTERS: Final = tuple(Bearer)
NAMES: Final = ("events", "on_events", "victims", "perpetrators", "groups")
"""In the order of a cell's counts."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of one reporting entity and one place."""

    generation: int
    cell: Cell
    entity: str
    holder: str
    country: str
    marks: int

    @property
    def key(self) -> str:
        """Unique in the store: no part of it holds a bar."""
        place = (self.entity, self.holder, self.country, str(self.marks))
        return "|".join((str(self.generation), *place, self.cell.list, self.cell.variable, self.cell.code))

    @property
    def properties(self) -> dict[str, object]:
        """What the cell's node holds beside its counts."""
        told: dict[str, object] = {
            "generation": self.generation,
            "at": f"{self.generation}|{self.cell.list}|{self.cell.code}",
            "of": f"{self.generation}|{self.cell.list}",
            "list": self.cell.list,
            "variable": self.cell.variable,
            "code": self.cell.code,
            "entity": self.entity,
            "holder": self.holder,
            "marks": self.marks,
        }
        return {**told, "country": self.country} if self.country else told


@dataclass(slots=True)
class Deltas:
    """What one unit of work changes in the table."""

    generation: int
    counts: dict[Spot, Counter[Bearer]] = field(default_factory=dict)

    def add(self, stored: StoredEvent, place: Placed, *, sign: int) -> None:
        """Count a record in (+1) or out (-1) at a place."""
        for cell, counts in counted_cells(stored).items():
            spot = Spot(self.generation, cell, stored.record.entity, place.holder, place.country or "", place.marks)
            known = self.counts.setdefault(spot, Counter())
            for bearer, number in counts.items():
                known[bearer] += sign * number

    def rows(self) -> list[dict[str, object]]:
        """A row a cell that changes, in order of keys: two units never wait for each other crosswise."""
        found: list[dict[str, object]] = [
            {"key": spot.key, "cell": spot.properties, "counts": [counts[bearer] for bearer in COUNTERS]}
            for spot, counts in self.counts.items()
            if any(counts.values())
        ]
        return sorted(found, key=lambda row: str(row["key"]))


async def open_deltas(unit: UnitOfWork) -> Deltas:
    """Nothing changed yet, of the table that counts now."""
    row = (await unit.run(QUERIES["generation"]))[0]
    return Deltas(records.whole(row, "generation"))


async def count_out(unit: UnitOfWork, deltas: Deltas, stored: Sequence[StoredEvent]) -> None:
    """Take locked records out, as they stand now; those that the table has not met yet are in none of its cells."""
    by_id = {each.record.id: each for each in stored}
    for place, counted in await _places(unit, list(by_id)):
        if counted == deltas.generation:
            deltas.add(by_id[EventId(place.event)], place, sign=-1)


async def count_in(unit: UnitOfWork, deltas: Deltas, stored: Sequence[StoredEvent]) -> None:
    """Put records in, where they stand now; their events must say that this table counts them."""
    by_id = {each.record.id: each for each in stored}
    for place, _ in await _places(unit, list(by_id)):
        deltas.add(by_id[EventId(place.event)], place, sign=1)


async def write_deltas(unit: UnitOfWork, deltas: Deltas) -> None:
    """Change the cells: locked in one statement, changed in the next, so that no change is lost."""
    rows = deltas.rows()
    for part in cut(rows):
        locked = [{"key": row["key"], "cell": row["cell"]} for row in part]
        added = [{"key": row["key"], "counts": row["counts"]} for row in part]
        await unit.run(QUERIES["lock_cells"], {"rows": locked})
        await unit.run(QUERIES["add_to_cells"], {"rows": added})
    less = [spot.key for spot, counts in deltas.counts.items() if counts[Bearer.EVENTS] < 0]
    if less:
        await unit.run(QUERIES["drop_empty_cells"], {"keys": less})


async def lock_and_read(unit: UnitOfWork, ids: Sequence[str]) -> list[StoredEvent]:
    """The records as they are stored, whoever's, locked until the transaction ends."""
    await unit.run(CASES["lock_events"], {"ids": list(ids)})
    rows = await unit.run(CASES["events_by_id"], {"ids": list(ids), "scope": EVERYTHING})
    return [read_event(row) for row in rows]


@dataclass(frozen=True, slots=True)
class BoltCodeUseStore:
    """A `registry.cases.code_use.CodeUseStore`."""

    database: Database

    async def cells(self, lists: Sequence[str], codes: Sequence[str] | None, *, scope: Scope) -> Sequence[CodeUse]:
        """Sums of the cells inside the scope's agencies, countries and tiers."""
        return [use_of(each.cell, each.entity, each.counts) for each in await self.sums(lists, codes, scope=scope)]

    async def sums(self, lists: Sequence[str], codes: Sequence[str] | None, *, scope: Scope) -> Sequence[CellSum]:
        """The same of any cells, indicators too."""
        generation, is_complete = await self._table()
        if not is_complete:
            return await self._scanned(lists, codes, scope)
        parameter = scope_parameter(scope)
        if codes is None:
            of = [f"{generation}|{name}" for name in lists]
            rows = await self.database.read(QUERIES["cells_of_lists"], {"of": of, "scope": parameter})
        else:
            at = [f"{generation}|{name}|{code}" for name in lists for code in codes]
            rows = await self.database.read(QUERIES["cells_of_codes"], {"at": at, "scope": parameter})
        return [read_sum(row) for row in rows]

    async def lists(self, scheme: str) -> Sequence[str]:
        """Names of the scheme's lists that records were ever coded in."""
        row = await self.database.read_one(QUERIES["coded_lists"]) or {}
        named = {
            "/".join(each) for lists in records.texts(row, "lists") for each in [lists.partition("=")[2].split("/")]
        }
        return sorted(name for name in named if name.rpartition("/")[0] == scheme)

    async def placed(self, events: Sequence[EventId], *, scope: Scope) -> Sequence[tuple[Placed, StoredEvent]]:
        """Those of the events inside the scope, with what decides it."""
        parameter = scope_parameter(scope)
        found: list[tuple[Placed, StoredEvent]] = []
        for ids in _chunks(events):
            found += await self._placed(ids, parameter)
        return found

    async def recount(self) -> int:
        """Count every record anew, in chunks under the bulk lease; goes on where it was interrupted."""
        async with bulk_lease(self.database) as lease:
            generation, is_complete = await self._table()
            if is_complete or generation == 0:
                await self.database.execute(QUERIES["begin_recount"])
                generation += 1
            rows = self.database.stream(QUERIES["every_event_id"], {}, seconds=SECONDS)
            ids = sorted([records.text(row, "id") async for row in rows])
            for chunk in _chunks(ids):
                await lease.renew()
                await self.database.write(partial(_count_chunk, ids=chunk), name="recount")
            while records.whole(
                (await self.database.execute(QUERIES["drop_old_cells"], self._old(generation)))[0], "gone"
            ):
                await lease.renew()
            await self.database.execute(QUERIES["end_recount"])
        return len(ids)

    async def check(self) -> list[Finding]:
        """Cells that differ from a scan of the records, by key."""
        generation, is_complete = await self._table()
        if not is_complete:
            return [Finding("use_of_codes_not_counted", "use of codes", Severity.WARNING, "`ictip recount`")]
        deltas = Deltas(generation)
        async for place, stored in self._everything(Scope.everything()):
            deltas.add(stored, place, sign=1)
        scanned = {str(row["key"]): row["counts"] for row in deltas.rows()}
        rows = self.database.stream(QUERIES["every_cell"], {"generation": generation}, seconds=SECONDS)
        cells = {records.text(row, "key"): [records.whole(row, name) for name in NAMES] async for row in rows}
        wrong = sorted(key for key in cells.keys() | scanned.keys() if cells.get(key) != scanned.get(key))
        return [Finding("use_of_codes_differs", key, Severity.FAULT, "`ictip recount`") for key in wrong]

    def _old(self, generation: int) -> dict[str, object]:
        return {"generation": generation, "limit": GONE}

    async def _table(self) -> tuple[int, bool]:
        """The number of the table that counts now, and whether it holds every record."""
        row = await self.database.read_one(QUERIES["generation"]) or {}
        return records.whole(row, "generation"), records.flag(row, "complete")

    async def _everything(self, scope: Scope) -> AsyncIterator[tuple[Placed, StoredEvent]]:
        """Every record inside the scope, with what decides it: a scan."""
        parameter = scope_parameter(scope)
        rows = self.database.stream(QUERIES["every_event_id"], {}, seconds=SECONDS)
        ids = [records.text(row, "id") async for row in rows]
        for chunk in _chunks(ids):
            for each in await self._placed(chunk, parameter):
                yield each

    async def _scanned(self, lists: Sequence[str], codes: Sequence[str] | None, scope: Scope) -> list[CellSum]:
        """Records counted one by one: right, and slow, until the table is complete."""
        found: dict[tuple[Cell, EntityId], Counter[Bearer]] = {}
        async for _, stored in self._everything(scope):
            for cell, counts in counted_cells(stored).items():
                if cell.list in lists and (codes is None or cell.code in codes):
                    found.setdefault((cell, stored.record.entity), Counter()).update(counts)
        return [CellSum(cell, entity, counts) for (cell, entity), counts in found.items()]

    async def _placed(self, ids: Sequence[str], parameter: ScopeParameter) -> list[tuple[Placed, StoredEvent]]:
        row = await self.database.read_one(QUERIES["places_in_scope"], {"ids": list(ids), "scope": parameter}) or {}
        places = {place.event: place for place, _ in read_places(row)}
        rows = await self.database.read(CASES["events_by_id"], {"ids": list(ids), "scope": parameter})
        stored = [read_event(each) for each in rows]
        return [(places[each.record.id], each) for each in stored if each.record.id in places]


async def _count_chunk(unit: UnitOfWork, ids: Sequence[str]) -> None:
    """Records that the table has not met yet are counted in it."""
    deltas = await open_deltas(unit)
    told = await lock_and_read(unit, ids)
    met = {place.event for place, counted in await _places(unit, ids) if counted == deltas.generation}
    fresh = [each for each in told if each.record.id not in met]
    if fresh:
        ids = [each.record.id for each in fresh]
        await unit.run(QUERIES["mark_counted"], {"ids": ids, "generation": deltas.generation})
        await count_in(unit, deltas, fresh)
        await write_deltas(unit, deltas)


async def _places(unit: UnitOfWork, ids: Sequence[str]) -> list[tuple[Placed, int]]:
    return read_places((await unit.run(QUERIES["places"], {"ids": list(ids)}))[0]) if ids else []


def read_places(row: Mapping[str, object]) -> list[tuple[Placed, int]]:
    """What decides who sees each event, and the number of the table that it is counted by."""
    columns = zip(
        records.texts(row, "ids"),
        records.texts(row, "holders"),
        records.texts(row, "countries"),
        records.wholes(row, "marks"),
        records.wholes(row, "counted"),
        strict=True,
    )
    return [
        (Placed(event, holder, country or None, marks), counted) for event, holder, country, marks, counted in columns
    ]


def read_sum(row: Mapping[str, object]) -> CellSum:
    """One row of sums."""
    cell = Cell(records.text(row, "list"), records.text(row, "variable"), records.text(row, "code"))
    counts = {bearer: records.whole(row, name) for bearer, name in zip(COUNTERS, NAMES, strict=True)}
    return CellSum(cell, EntityId(records.text(row, "entity")), counts)


def counted_cells(stored: StoredEvent) -> dict[Cell, Counter[Bearer]]:
    """What one record adds to the table: its codes, and the indicators it shows."""
    once = Counter({Bearer.EVENTS: 1})
    return {**tally(stored), **dict.fromkeys(indicator_cells(stored), once)}


def _chunks(ids: Sequence[str]) -> Iterator[list[str]]:
    return (list(ids[start : start + CHUNK]) for start in range(0, len(ids), CHUNK))
