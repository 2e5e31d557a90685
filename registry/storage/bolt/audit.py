"""The audit in the store: rows, blocks and the head.

Lives here: `BoltAuditStore`, and `add_rows` for units of work that write a row with their change. Elsewhere: what a
row and a block are, and their chain (``registry.access.audit``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

from registry.access.audit import AuditRow, Block, Head, beginning, canonical, row_of, seal
from registry.access.ports import AuditFilter, BlockAge
from registry.errors import AuditRowsYoung
from registry.storage.bolt import records
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.named_queries import Row, load_queries

QUERIES: Final = load_queries("audit")

BLOCKS: Final = 20
"""Blocks read at a time: with 500 rows each about 1 MB."""
_LAST: Final = 2**63 - 1
"""Beyond every instant."""


class BoltAuditStore:
    """`registry.access.ports.AuditStore` over Bolt."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, rows: Sequence[AuditRow]) -> None:
        """Add rows; durable when this returns. A row that is there already is left alone."""
        # A row has an id of its own: to store it twice does no harm.
        await self._database.put(QUERIES["add_rows"], {"rows": _rows(rows)})

    async def seal(self, key: bytes, *, limit: int) -> Block | None:
        """Seal up to ``limit`` unsealed rows, oldest first, as the next block; None when there are none."""

        async def work(unit: UnitOfWork) -> Block | None:
            head = _head((await unit.run(QUERIES["lock_head"]))[0])
            waiting = await unit.run(QUERIES["waiting_rows"], {"limit": limit})
            if not waiting:
                return None
            rows = [(records.text(row, "id"), records.text(row, "text")) for row in waiting]
            block = seal(head if head.number else beginning(key), rows, key)
            await unit.run(QUERIES["add_block"], _columns(block))
            await unit.run(QUERIES["mark_sealed"], {"rows": list(block.rows)})
            return block

        if (await self.unsealed())[0] == 0:  # most seconds there is nothing: no lock, no write
            return None
        return await self._database.write(work, name="seal audit rows")

    async def head(self) -> Head | None:
        """The chain's end; None before the first block."""
        row = await self._database.read_one(QUERIES["head"])
        return _head(row) if row is not None and records.whole(row, "number") else None

    async def unsealed(self) -> tuple[int, int | None]:
        """How many rows are in no block yet, and the earliest instant of these."""
        row = await self._database.read_one(QUERIES["unsealed"])
        return (0, None) if row is None else (records.whole(row, "waiting"), records.optional_whole(row, "oldest"))

    async def blocks(self, *, after: int = 0) -> AsyncIterator[Block]:
        """Every block after that number, in order."""
        while found := await self._database.read(QUERIES["blocks"], {"after": after, "limit": BLOCKS}):
            for row in found:
                block = _block(row)
                yield block
            after = block.number

    async def texts(self, ids: Sequence[str]) -> Mapping[str, str]:
        """The canonical texts of these rows, those that are there."""
        row = await self._database.read_one(QUERIES["row_texts"], {"ids": list(ids)})
        return {} if row is None else dict(zip(records.texts(row, "ids"), records.texts(row, "texts"), strict=True))

    async def search(self, where: AuditFilter, *, after: tuple[int, str] | None, limit: int) -> Sequence[AuditRow]:
        """At most ``limit`` rows, newest first, beyond the row of that instant and id."""
        found = await self._database.read(
            QUERIES["rows"],
            {
                "actor": where.actor,
                "act": where.act,
                "record": where.record,
                "opened": where.opened,
                "subject": where.subject,
                "since": -_LAST if where.since is None else where.since,
                "until": _LAST if where.until is None else where.until,
                "after_at": after[0] if after else _LAST,
                "after_id": after[1] if after else "",
                "limit": limit,
            },
        )
        return [row_of(records.text(row, "text")) for row in found]

    async def ages(self, *, after: int, limit: int) -> Sequence[BlockAge]:
        """At most ``limit`` blocks after that number, in order, with what is left of their rows."""
        row = await self._database.read_one(QUERIES["blocks_older"], {"after": after, "limit": limit}) or {}
        columns = (records.wholes(row, name) for name in ("numbers", "rows", "newest"))
        return [BlockAge(*told) for told in zip(*columns, strict=True)]

    async def remove(self, block: int, *, before: int, audit: AuditRow) -> int:
        """Remove a block's rows; how many there were. Raises `AuditRowsYoung` when one is not older than ``before``."""

        async def work(unit: UnitOfWork) -> int:
            await unit.run(QUERIES["lock_head"])
            found = await unit.run(QUERIES["block"], {"number": block})
            ids = list(records.texts(found[0], "rows")) if found else []
            newest = (await unit.run(QUERIES["newest_of"], {"ids": ids}))[0]
            if (records.optional_whole(newest, "newest") or before - 1) >= before:
                raise AuditRowsYoung(block=block)
            await unit.run(QUERIES["remove_rows"], {"ids": ids})
            await add_rows(unit, [audit])
            return records.whole(newest, "rows")

        return await self._database.write(work, name="remove audit rows")


async def add_rows(unit: UnitOfWork, rows: Sequence[AuditRow]) -> None:
    """Add the rows in an open unit of work: with the change they tell of, or not at all."""
    await unit.run(QUERIES["add_rows"], {"rows": _rows(rows)})


def _rows(rows: Sequence[AuditRow]) -> list[dict[str, object]]:
    return [
        {
            "id": row.id,
            "at": row.at,
            "actor": row.actor,
            "act": row.act,
            "subject": row.subject,
            "records": list(row.records),
            "opened": list(row.opened),
            "text": canonical(row),
        }
        for row in rows
    ]


def _columns(block: Block) -> dict[str, object]:
    return {"number": block.number, "rows": list(block.rows), "digests": list(block.digests), "mac": block.mac}


def _head(row: Row) -> Head:
    return Head(records.whole(row, "number"), records.text(row, "mac"))


def _block(row: Row) -> Block:
    return Block(
        number=records.whole(row, "number"),
        rows=records.texts(row, "rows"),
        digests=records.texts(row, "digests"),
        mac=records.text(row, "mac"),
    )
