"""Facts of events for exported networks: `BoltFactsStore`, the port ``registry.network.exporting.FactsStore``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from registry.access.scope import ScopeParameter
from registry.cases.projection import year_of
from registry.network.exports.material import EventFacts
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import load_queries

QUERIES: Final = load_queries("exports")


@dataclass(frozen=True, slots=True)
class BoltFactsStore:
    """Facts of events in one database."""

    database: Database

    async def event_facts(self, events: Sequence[str], *, scope: ScopeParameter) -> Mapping[str, EventFacts]:
        """Forms and dates of those events that lie inside the scope, in one round trip."""
        row = await self.database.read_one(QUERIES["event_facts"], {"ids": list(events), "scope": scope})
        return dict(_facts(dict(row))) if row is not None else {}


def _facts(row: dict[str, Any]) -> Iterator[tuple[str, EventFacts]]:
    columns = (row["ids"], row["forms"], row["dates"], row["earliest"], row["latest"])
    for id_, forms, date, earliest, latest in zip(*columns, strict=True):
        years = _years(earliest, latest) if date else None
        yield id_, EventFacts(tuple(sorted(forms)), date or None, years)


def _years(earliest: int, latest: int) -> str:
    first, last = year_of(earliest), year_of(latest)
    return f"{first:04}" if first == last else f"{first:04}/{last:04}"
