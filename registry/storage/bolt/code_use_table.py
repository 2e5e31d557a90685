"""The table of how often codes are used, over Bolt: read by scope, added up, counted anew, compared with a scan.

Lives here: `BoltCodeUseStore`, and adding up. Elsewhere: the lines and who appends them (``code_use``), the question
and its scope (``registry.cases.code_use``), the statements (``cypher/code_use.cypher``).

Adding up puts one line in place of many of the same place, so that a question meets places and not deliveries. Its
transactions end the old lines and write the new one *for the next state of the table*, and one last transaction says
that this state holds; then the ended lines go. A reader asks for the state, reads the lines of it, and is told the
state again: where another holds by then, it reads that. So it meets all old lines or all new ones, never some of each,
and a run that was killed is nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from registry.access.actor import Scope
from registry.access.scope import Placed, ScopeParameter, scope_parameter
from registry.cases.code_use import Counts, counts_of
from registry.cases.model import Finding, Severity, StoredEvent
from registry.identifiers import EntityId, EventId
from registry.storage.bolt import records
from registry.storage.bolt.batches import cut
from registry.storage.bolt.case_reading import read_event
from registry.storage.bolt.code_use import (
    CASES,
    QUERIES,
    Deltas,
    Spot,
    Sums,
    add_text,
    count_in,
    counted_uses,
    head,
    lock_and_read,
    open_deltas,
    places_of,
    read_places,
    write_deltas,
    write_lists,
)
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.lease import Lease, bulk_lease
from registry.storage.bolt.named_queries import Row

CHUNK: Final = 1_000
"""Records counted in one transaction."""
LINES: Final = 2_000
"""Lines added up in one transaction, but for a place that has more by itself."""
GONE: Final = 10_000
"""Lines deleted in one transaction."""
SECONDS: Final = 600.0
"""A scan of the whole store is no caller's request."""


@dataclass(frozen=True, slots=True)
class Table:
    """Which lines count: those of the generation, in the state of an adding up; and whether they hold every record."""

    generation: int
    is_complete: bool
    added_up: int

    @property
    def named(self) -> dict[str, object]:
        """As parameters of the statements that read lines."""
        return {"generation": self.generation, "added_up": self.added_up}


@dataclass(frozen=True, slots=True)
class BoltCodeUseStore:
    """A `registry.cases.code_use.CodeUseStore`."""

    database: Database

    async def counts(self, lists: Sequence[str], codes: Sequence[str] | None, *, scope: Scope) -> Counts:
        """Sums of the lines inside the scope's agencies, countries and tiers, none of nought."""
        table = await read_table(self.database)
        if not table.is_complete:
            return await self._scanned(lists, codes, scope)
        asked = {"lists": list(lists), "scope": scope_parameter(scope)}
        row = await self.database.read_one(QUERIES["lines_of_lists"], {**asked, **table.named}) or {}
        if records.whole(row, "added_up") != table.added_up:
            return await self.counts(lists, codes, scope=scope)
        columns = zip(*(records.texts(row, name) for name in ("entities", "lists", "texts")), strict=True)
        return sums_of(columns, None if codes is None else frozenset(codes))

    async def lists(self, scheme: str) -> Sequence[str]:
        """Names of the scheme's lists that records were ever coded in."""
        row = await self.database.read_one(QUERIES["coded_lists"]) or {}
        named = {text.partition("=")[2] for text in records.texts(row, "lists")}
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
            table = await read_table(self.database)
            if table.is_complete or table.generation == 0:
                await _run(self.database, "begin_recount", {}, lease)
            ids = await self._every_id()
            for chunk in _chunks(ids):
                await self.database.write(partial(_count_chunk, lease=lease, ids=chunk), name="recount")
            generation = (await read_table(self.database)).generation
            await _drop(self.database, "drop_other_tables", {"generation": generation}, lease)
            await _run(self.database, "end_recount", {}, lease)
            await add_up(self.database, lease)
        return len(ids)

    async def check(self) -> list[Finding]:
        """Counts that differ from a scan of the records, by place, list, variable and code."""
        table = await read_table(self.database)
        if not table.is_complete:
            return [Finding("use_of_codes_not_counted", "use of codes", Severity.WARNING, "`ictip recount`")]
        scanned = Deltas(table.generation)
        async for place, stored in self._everything(Scope.everything()):
            scanned.add_stored(stored, place, sign=1)
        kept: dict[Spot, dict[str, Sums]] = {}
        async for row in self.database.stream(QUERIES["every_line"], table.named, seconds=SECONDS):
            line = records.of_map(row, "line")
            add_line(kept.setdefault(spot_of(line), {}), line)
        for spot, lists in kept.items():
            known = scanned.counts.setdefault(spot, Counter())
            known.subtract({(name, *key): number for name, sums in lists.items() for key, number in sums.items()})
        wrong = sorted(
            {
                "|".join((*map(str, spot), *use[:3]))
                for spot, counts in scanned.counts.items()
                for use, number in counts.items()
                if number
            }
        )
        return [Finding("use_of_codes_differs", key, Severity.FAULT, "`ictip recount`") for key in wrong]

    async def _every_id(self) -> list[str]:
        rows = self.database.stream(QUERIES["every_event_id"], {}, seconds=SECONDS)
        return sorted([records.text(row, "id") async for row in rows])

    async def _everything(self, scope: Scope) -> AsyncIterator[tuple[Placed, StoredEvent]]:
        """Every record inside the scope, with what decides it: a scan."""
        parameter = scope_parameter(scope)
        for chunk in _chunks(await self._every_id()):
            for each in await self._placed(chunk, parameter):
                yield each

    async def _scanned(self, lists: Sequence[str], codes: Sequence[str] | None, scope: Scope) -> Counts:
        """Records counted one by one: right, and slow, until the table is complete."""
        found: dict[tuple[str, str, str, EntityId], Counter[int]] = {}
        async for _, each in self._everything(scope):
            for key, bearers in counts_of([(each.record.entity, counted_uses(each))], lists, codes).items():
                found.setdefault(key, Counter()).update(bearers)
        return found

    async def _placed(self, ids: Sequence[str], parameter: ScopeParameter) -> list[tuple[Placed, StoredEvent]]:
        row = await self.database.read_one(QUERIES["places_in_scope"], {"ids": list(ids), "scope": parameter}) or {}
        places = {place.event: place for place, _ in read_places(row)}
        rows = await self.database.read(CASES["events_by_id"], {"ids": list(ids), "scope": parameter})
        stored = [read_event(each) for each in rows]
        return [(places[each.record.id], each) for each in stored if each.record.id in places]


async def read_table(database: Database) -> Table:
    """The table that counts now."""
    row = await database.read_one(QUERIES["table"]) or {}
    return Table(records.whole(row, "generation"), records.flag(row, "complete"), records.whole(row, "added_up"))


async def add_up(database: Database, lease: Lease) -> int:
    """Put one line in place of the many of each place that has more than one; how many places."""
    table = await read_table(database)
    rows = await database.read(QUERIES["crowded_places"], {"generation": table.generation}, seconds=SECONDS)
    if not rows:
        return 0
    step = records.whole((await _run(database, "begin_adding_up", {}, lease))[0], "step")
    for places in _packed(rows):
        work = partial(_add_up_places, lease=lease, places=places, step=step)
        await database.write(work, name="add up lines")
    await _run(database, "end_adding_up", {"step": step}, lease)
    await _drop(database, "drop_ended_lines", {"added_up": step}, lease)
    return len(rows)


async def _add_up_places(unit: UnitOfWork, lease: Lease, places: Sequence[str], step: int) -> None:
    """End the places' lines, whichever there are by now, and write what they come to; all for the next state."""
    await lease.renew_within(unit)
    ended = {"places": list(places), "step": step}
    await unit.run(QUERIES["end_lines"], ended)
    sums: dict[tuple[int, Spot], dict[str, Sums]] = {}
    for row in await unit.run(QUERIES["ended_lines"], ended):
        line = records.of_map(row, "line")
        add_line(sums.setdefault((records.whole(line, "generation"), spot_of(line)), {}), line)
    lines = [
        {**head(generation, spot), **told, "since": step}
        for (generation, spot), lists in sums.items()
        if (told := write_lists(lists))
    ]
    for part in cut(lines):
        await unit.run(QUERIES["append_lines"], {"rows": part})


async def _count_chunk(unit: UnitOfWork, lease: Lease, ids: Sequence[str]) -> None:
    """Records that the table has not met yet are counted in it."""
    await lease.renew_within(unit)
    deltas = await open_deltas(unit)
    told = await lock_and_read(unit, ids)
    met = {place.event for place, counted in await places_of(unit, ids) if counted == deltas.generation}
    fresh = [each for each in told if each.record.id not in met]
    if fresh:
        ids = [each.record.id for each in fresh]
        await unit.run(QUERIES["mark_counted"], {"ids": ids, "generation": deltas.generation})
        await count_in(unit, deltas, fresh)
        await write_deltas(unit, deltas)


async def _run(database: Database, query: str, parameters: Mapping[str, object], lease: Lease) -> list[Row]:
    """One statement, if the lease is still ours: a run that was overtaken says of no state that it holds."""

    async def work(unit: UnitOfWork) -> list[Row]:
        await lease.renew_within(unit)
        return await unit.run(QUERIES[query], parameters)

    return await database.write(work, name=query)


async def _drop(database: Database, query: str, parameters: Mapping[str, object], lease: Lease) -> None:
    while records.whole((await _run(database, query, {**parameters, "limit": GONE}, lease))[0], "gone"):
        pass


def sums_of(lines: Iterable[tuple[str, str, str]], codes: frozenset[str] | None) -> Counts:
    """Of columns entity, list and text: what they come to, of these codes alone; none of nought."""
    told: dict[tuple[str, str], Sums] = {}
    for entity, name, text in lines:
        add_text(told.setdefault((entity, name), {}), text)
    found: dict[tuple[str, str, str, EntityId], dict[int, int]] = {}
    for (entity, name), sums in told.items():
        reporting = EntityId(entity)
        for (variable, code, bearer), number in sums.items():
            if number and (codes is None or code in codes):
                found.setdefault((name, variable, code, reporting), {})[bearer] = number
    return found


def spot_of(line: Row) -> Spot:
    """Where a line counts."""
    return (
        records.text(line, "entity"),
        records.text(line, "holder"),
        records.optional_text(line, "country") or "",
        records.whole(line, "marks"),
    )


def add_line(lists: dict[str, Sums], line: Row) -> None:
    """Add what a whole line holds, by list."""
    for name in line:
        if "/" in name or name.startswith("#"):
            add_text(lists.setdefault(name, {}), records.text(line, name))


def _packed(rows: Sequence[Row]) -> Iterator[list[str]]:
    """The places in lists of at most `LINES` lines, or of a single place."""
    places: list[str] = []
    lines = 0
    for row in rows:
        number = records.whole(row, "lines")
        if places and lines + number > LINES:
            yield places
            places, lines = [], 0
        places.append(records.text(row, "place"))
        lines += number
    yield places


def _chunks(ids: Sequence[str]) -> Iterator[list[str]]:
    return (list(ids[start : start + CHUNK]) for start in range(0, len(ids), CHUNK))
