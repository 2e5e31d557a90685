"""Statistics over Bolt: a `registry.statistics.ports.StatisticsStore`.

Lives here: sums of indicators from the table of counts, and free texts. Elsewhere: the table (``code_use``), the
statements (``cypher/statistics.cypher``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from registry.access.actor import Scope
from registry.access.scope import Placed, scope_parameter
from registry.cases.model import StoredEvent
from registry.identifiers import EntityId, EventId, Notation
from registry.statistics.emerging import ResidualText
from registry.statistics.indicators import LIST, IndicatorCount, period_between, read_counts
from registry.storage.bolt import records
from registry.storage.bolt.code_use_table import BoltCodeUseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import load_queries

QUERIES: Final = load_queries("statistics")


@dataclass(frozen=True, slots=True)
class BoltStatisticsStore:
    """Where statistics come from, in one database."""

    database: Database

    async def indicator_counts(self, *, scope: Scope) -> Sequence[IndicatorCount]:
        """Sums inside the scope's agencies, countries and tiers."""
        return read_counts(await BoltCodeUseStore(self.database).counts([LIST], None, scope=scope))

    async def placed(self, events: Sequence[EventId], *, scope: Scope) -> Sequence[tuple[Placed, StoredEvent]]:
        """Those of the events that lie inside the scope."""
        return await BoltCodeUseStore(self.database).placed(events, scope=scope)

    async def residual_texts(self, codes: Sequence[Notation], *, scope: Scope) -> AsyncIterator[ResidualText]:
        """The free texts of records with one of these forms."""
        asked = {"codes": list(codes), "scope": scope_parameter(scope)}
        async for row in self.database.stream(QUERIES["residual_texts"], asked):
            yield ResidualText(
                event=EventId(records.text(row, "event")),
                code=Notation(records.text(row, "code")),
                period=period_between(records.optional_whole(row, "earliest"), records.optional_whole(row, "latest")),
                entity=EntityId(records.text(row, "entity")),
                text=records.text(row, "text"),
                people=records.texts(row, "people"),
            )
