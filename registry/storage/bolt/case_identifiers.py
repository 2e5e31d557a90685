"""Since when records tell their identifiers: what a contact request may hit is what was told before it was made.

Lives here: reading it before a record is replaced, so that an identifier told again keeps its moment. Elsewhere: the
statements (``cypher/cases.cypher``), what hits (``exchange``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from registry.storage.bolt import records
from registry.storage.bolt.driver import UnitOfWork
from registry.storage.bolt.named_queries import load_queries

QUERIES: Final = load_queries("cases")

ToldSince = Mapping[tuple[object, object, object], int]
"""By event, token and person (empty for the event itself): microseconds since 1970 in UTC."""


async def told_since(unit: UnitOfWork, events: Sequence[str]) -> ToldSince:
    """Since when the events tell the identifiers that they tell; events should be locked."""
    row = (await unit.run(QUERIES["identifiers_told"], {"ids": events}))[0]
    keys = zip(*(records.texts(row, name) for name in ("events", "identifiers", "people")), strict=True)
    return dict(zip(keys, records.wholes(row, "told_at"), strict=True))
