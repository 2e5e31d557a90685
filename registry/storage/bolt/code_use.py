"""What a change of records does to the table of how often codes are used: it appends lines, in its own transaction.

Lives here: the lines that one unit of work writes, and their text. Elsewhere: what one record adds
(``registry.cases.code_use``, ``registry.statistics.indicators``), reading the table, adding its lines up and counting
anew (``code_use_table``), the statements (``cypher/code_use.cypher``).

::

    (:CodeUse {place, generation, entity, holder, country, marks, since, until, <a property a list>: counts as text})

A line says what some change put in or took out at one place, and is never changed but for its end: no two writers meet
in it. A count is the sum of the lines that count now: those of the table's **generation** that were there at its last
**adding up** and have not ended by then, and all written since. Each event says by which generation it is counted, so
that a whole store can be counted anew in chunks while records change: what the new table has not met yet is not taken
out of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import orjson

from registry.access.actor import Scope
from registry.access.scope import Placed, scope_parameter
from registry.cases.code_use import Use, tally
from registry.cases.model import StoredEvent
from registry.identifiers import EntityId, EventId
from registry.statistics.indicators import indicator_uses
from registry.storage.bolt import records
from registry.storage.bolt.batches import cut
from registry.storage.bolt.case_reading import read_event
from registry.storage.bolt.driver import UnitOfWork
from registry.storage.bolt.named_queries import Row, load_queries

QUERIES: Final = load_queries("code_use")
CASES: Final = load_queries("cases")
EVERYTHING: Final = scope_parameter(Scope.everything())

Spot = tuple[str, str, str, int]
"""Reporting entity, holder, country (empty without one) and marks: who sees what is counted there."""

Sums = dict[tuple[str, str, int], int]
"""Of one list: how often by variable, code and who bears it."""


@dataclass(slots=True)
class Deltas:
    """What one unit of work puts in and takes out."""

    generation: int
    counts: dict[Spot, Counter[Use]] = field(default_factory=dict)

    def add(self, entity: EntityId, place: Placed, uses: Iterable[Use], *, sign: int) -> None:
        """Count what a record of the entity adds in (+1) or out (-1) at a place."""
        counts = self.counts.setdefault((entity, place.holder, place.country or "", place.marks), Counter())
        counts.update(uses) if sign > 0 else counts.subtract(uses)

    def add_stored(self, stored: StoredEvent, place: Placed, *, sign: int) -> None:
        """Count a record in or out at a place."""
        self.add(stored.record.entity, place, counted_uses(stored), sign=sign)

    def lines(self) -> list[dict[str, object]]:
        """A line a place where something changes."""
        return [
            {**head(self.generation, spot), **told}
            for spot, counts in sorted(self.counts.items())
            if (told := write_uses(counts))
        ]


async def open_deltas(unit: UnitOfWork) -> Deltas:
    """Nothing changed yet, of the table that counts now."""
    row = (await unit.run(QUERIES["table"]))[0]
    return Deltas(records.whole(row, "generation"))


async def count_out(unit: UnitOfWork, deltas: Deltas, stored: Sequence[StoredEvent]) -> None:
    """Take locked records out, as they stand now; those that the table has not met yet are in none of its lines."""
    by_id = {each.record.id: each for each in stored}
    for place, counted in await places_of(unit, list(by_id)):
        if counted == deltas.generation:
            deltas.add_stored(by_id[EventId(place.event)], place, sign=-1)


async def count_in(unit: UnitOfWork, deltas: Deltas, stored: Sequence[StoredEvent]) -> None:
    """Put records in, where they stand now; their events must say that this table counts them."""
    by_id = {each.record.id: each for each in stored}
    for place, _ in await places_of(unit, list(by_id)):
        deltas.add_stored(by_id[EventId(place.event)], place, sign=1)


async def write_deltas(unit: UnitOfWork, deltas: Deltas) -> None:
    """Append what changed."""
    for part in cut(deltas.lines()):
        await unit.run(QUERIES["append_lines"], {"rows": part})


async def lock_and_read(unit: UnitOfWork, ids: Sequence[str]) -> list[StoredEvent]:
    """The records as they are stored, whoever's, locked until the transaction ends."""
    await unit.run(CASES["lock_events"], {"ids": list(ids)})
    rows = await unit.run(CASES["events_by_id"], {"ids": list(ids), "scope": EVERYTHING})
    return [read_event(row) for row in rows]


async def places_of(unit: UnitOfWork, ids: Sequence[str]) -> list[tuple[Placed, int]]:
    """Where the events stand now, each with the table that counts it."""
    return read_places((await unit.run(QUERIES["places"], {"ids": list(ids)}))[0]) if ids else []


def read_places(row: Row) -> list[tuple[Placed, int]]:
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


def counted_uses(stored: StoredEvent) -> list[Use]:
    """What one record adds to the table: its codes, and the indicators it shows."""
    return [*tally(stored), *indicator_uses(stored)]


def head(generation: int, spot: Spot) -> dict[str, object]:
    """What a line holds beside its counts; no part of ``place`` holds a bar."""
    entity, holder, country, marks = spot
    told: dict[str, object] = {
        "place": "|".join((str(generation), entity, holder, country, str(marks))),
        "generation": generation,
        "since": 0,
        "entity": entity,
        "holder": holder,
        "marks": marks,
    }
    return {**told, "country": country} if country else told


def write_uses(counts: Mapping[Use, int]) -> dict[str, str]:
    """The counts by list, each as one text."""
    lists: dict[str, Sums] = {}
    for (name, variable, code, bearer), number in counts.items():
        lists.setdefault(name, {})[variable, code, bearer] = number
    return write_lists(lists)


def write_lists(lists: Mapping[str, Sums]) -> dict[str, str]:
    """The sums other than nought as one text a list: variable, code, who bears it and how many, in JSON.

    Neither engine stores a list of maps.
    """
    told = {name: [(*key, number) for key, number in sums.items() if number] for name, sums in lists.items()}
    return {name: orjson.dumps(rows).decode() for name, rows in told.items() if rows}


def add_text(sums: Sums, text: str) -> None:
    """Add what the text of one list holds: the inverse of `write_lists`, once for each line of a table."""
    for variable, code, bearer, number in orjson.loads(text):
        key = (variable, code, bearer)
        sums[key] = sums.get(key, 0) + number
