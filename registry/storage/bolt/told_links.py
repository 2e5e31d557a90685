"""Which links a delivery tells for the first time: stamped with its chunk, so that followers can be told of them.

Lives here: comparing with what the same events told before, and the happening. Elsewhere: who follows
(``registry.network.following``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from registry.access.audit import AuditRow
from registry.cases.model import Role
from registry.outbox.model import NETWORK_CHANGED
from registry.storage.bolt import records
from registry.storage.bolt.case_rows import Rows
from registry.storage.bolt.driver import UnitOfWork
from registry.storage.bolt.named_queries import load_queries
from registry.storage.bolt.outbox import tell_next

QUERIES: Final = load_queries("told_links")
Told = Mapping[str, str]
"""By link (``person|event|kind``, of relations ``source|target|event``) the chunk that told it first."""
_KINDS: Final = {Role.VICTIM: "VICTIM_IN", Role.PERPETRATOR: "PERPETRATOR_IN"}


async def links_of(unit: UnitOfWork, events: Sequence[str]) -> Told:
    """The links of some events with the chunk that told each first, empty where none is known."""
    told: dict[str, str] = {}
    for query in ("links_of_events", "relations_of_events"):
        row = (await unit.run(QUERIES[query], {"ids": list(events)}))[0]
        told.update(zip(records.texts(row, "links"), records.texts(row, "chunks"), strict=True))
    return told


def stamp(rows: Rows, before: Told, chunk: str) -> None:
    """Let each link of the rows carry the chunk that told it first: what it carried before, else this one, if any.

    A relation is told by each event that tells it, whatever the relationship is called.
    """
    for link in rows.links:
        link["told"] = before.get(f"{link['source']}|{link['target']}|{link['event']}", chunk)
    for role, parts in rows.parts.items():
        for part in parts:
            told = before.get(f"{part['person']}|{part['event']}|{_KINDS[role]}", chunk)
            properties = part["properties"]
            assert isinstance(properties, dict)  # noqa: S101 (for the type checker: a row is a map of anything)
            if told:
                part["properties"] = {**properties, "told": told}


async def tell(unit: UnitOfWork, audit: AuditRow) -> None:
    """Say in the outbox that the network has changed; under the bulk lease, in the chunk's own transaction."""
    await tell_next(unit, NETWORK_CHANGED, {f"network/{audit.id}": audit.id}, at=audit.at)
