"""Saved queries, and links told anew, over Bolt: `BoltSavedStore`, the port ``registry.network.saved.SavedStore``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from registry.access.audit import AuditRow
from registry.errors import IctipError
from registry.identifiers import EntityId
from registry.network.model import Edge, NodeKind
from registry.network.ports import View
from registry.network.question_texts import read_question, write_question
from registry.network.questions import AnyQuestion
from registry.network.saved import SavedQuery, Unread
from registry.storage.bolt import records
from registry.storage.bolt.audit import add_rows
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.named_queries import Row, load_queries
from registry.storage.bolt.network_slices import portions, window_parameters

QUERIES: Final = load_queries("saved")
_TOLD_AT: Final = {NodeKind.PERSON: "told_at_people", NodeKind.EVENT: "told_at_events"}


@dataclass(frozen=True, slots=True)
class BoltSavedStore:
    """Saved queries of one database."""

    database: Database

    async def saved(self, *, owner: str, agency: EntityId | None) -> Sequence[SavedQuery]:
        """Those of this owner and those shared with them, by name, then id."""
        rows = await self.database.read(QUERIES["saved_queries"], {"owner": owner, "agency": agency})
        found = [_saved(records.of_map(row, "query")) for row in rows]
        return sorted(found, key=lambda query: (query.name.casefold(), query.id))

    async def add_saved(self, query: SavedQuery, *, most: int, audit: AuditRow) -> bool:
        """Keep a new one, unless its owner has so many."""

        async def work(unit: UnitOfWork) -> bool:
            await unit.run(QUERIES["lock_saver"], {"owner": query.owner})
            counted = await unit.run(QUERIES["count_saved"], {"owner": query.owner, "id": query.id})
            if records.whole(counted[0], "saved") >= most:
                return False
            await unit.run(QUERIES["put_saved"], {"id": query.id, "properties": _properties(query)})
            await add_rows(unit, [audit])
            return True

        return await self.database.write(work, name="save query")

    async def change_saved(self, query: SavedQuery, *, audit: AuditRow) -> bool:
        """Keep it as it is now, if it is still there."""
        told = {"id": query.id, "owner": query.owner, "properties": _properties(query)}
        return await self._change("change_saved", query.owner, told, audit)

    async def delete_saved(self, id_: str, *, owner: str, audit: AuditRow) -> bool:
        """Forget it, if it is there."""
        return await self._change("delete_saved", owner, {"id": id_, "owner": owner}, audit)

    async def told_links(self, kind: NodeKind, ids: Sequence[str], chunk: str, view: View) -> frozenset[Edge]:
        """The participations of these people or events that the chunk told for the first time."""
        return await self._told(_TOLD_AT[kind], ids, chunk, view)

    async def told_relations(self, people: Sequence[str], chunk: str, view: View) -> frozenset[Edge]:
        """The relations of these people that an event of the chunk told for the first time."""
        return await self._told("told_relations", people, chunk, view)

    async def _told(self, query: str, ids: Sequence[str], chunk: str, view: View) -> frozenset[Edge]:
        asked = {"chunk": chunk, "scope": view.scope, **window_parameters(view.within.window)}
        found: set[Edge] = set()
        for portion in portions(ids):
            row = await self.database.read_one(QUERIES[query], {**asked, "ids": portion})
            if row is not None:
                columns = (records.texts(row, name) for name in ("sources", "targets", "kinds"))
                found.update(zip(*columns, strict=True))
        return frozenset(found)

    async def _change(self, query: str, owner: str, told: Row, audit: AuditRow) -> bool:
        async def work(unit: UnitOfWork) -> bool:
            await unit.run(QUERIES["lock_saver"], {"owner": owner})
            if not await unit.run(QUERIES[query], told):
                return False
            await add_rows(unit, [audit])
            return True

        return await self.database.write(work, name=query)


def _properties(query: SavedQuery) -> dict[str, object]:
    return {
        "id": query.id,
        "name": query.name,
        "owner": query.owner,
        "agency": query.agency or "",
        "question": query.kept.text if isinstance(query.kept, Unread) else write_question(query.kept),
        "with_agency": query.with_agency,
        "accounts": sorted(query.with_accounts),
        "created_at": query.created_at,
        "changed_at": query.changed_at,
    }


def _saved(row: Row) -> SavedQuery:
    agency = records.text(row, "agency")
    return SavedQuery(
        id=records.text(row, "id"),
        name=records.text(row, "name"),
        owner=records.text(row, "owner"),
        agency=EntityId(agency) if agency else None,
        kept=_question(records.text(row, "question")),
        with_agency=records.flag(row, "with_agency"),
        with_accounts=frozenset(records.texts(row, "accounts")),
        created_at=records.whole(row, "created_at"),
        changed_at=records.whole(row, "changed_at"),
    )


def _question(text: str) -> AnyQuestion | Unread:
    try:
        return read_question(text)
    except (ValueError, KeyError, TypeError, AttributeError, IctipError):
        return Unread(text)
