"""The outbox in the graph: `BoltOutbox`, the port ``registry.outbox.ports.Outbox``, and how a transaction tells.

A change tells of itself inside its own transaction (`tell_at`, `tell_next`), under the lock that every writer of that
kind of happening takes: then positions are in the order of commits, and a reader past a position never misses one
that is committed later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from registry.outbox.model import Happening, Place
from registry.storage.bolt import records
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.named_queries import Row, load_queries

QUERIES: Final = load_queries("outbox")


class BoltOutbox:
    """Happenings of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ends(self, kinds: Sequence[str]) -> Mapping[str, Place]:
        """The place of the last happening of each kind that has one."""
        rows = await self._database.read(QUERIES["outbox_ends"], {"kinds": list(kinds)})
        return {records.text(row, "kind"): _place(row) for row in rows}

    async def after(self, places: Mapping[str, Place], *, most: int) -> Sequence[Happening]:
        """What happened after these places, kind by kind in rising order."""
        asked = [{"kind": kind, "position": place.position, "key": place.key} for kind, place in places.items()]
        rows = await self._database.read(QUERIES["outbox_after"], {"places": asked, "most": most})
        return [
            Happening(
                kind=records.text(row, "kind"),
                place=_place(row),
                subject=records.text(row, "subject"),
                at=records.whole(row, "at"),
            )
            for row in rows
        ]


async def tell_at(unit: UnitOfWork, kind: str, subjects: Mapping[str, str], *, position: int, at: int) -> None:
    """Tell of happenings, key to subject, at a position of the caller's own that rises under its lock."""
    rows = [{"key": key, "subject": subject} for key, subject in subjects.items()]
    await unit.run(QUERIES["tell_at"], {"kind": kind, "position": position, "at": at, "rows": rows})


async def tell_next(unit: UnitOfWork, kind: str, subjects: Mapping[str, str], *, at: int) -> None:
    """Tell of happenings, key to subject, at the instant ``at``: for kinds without a revision of their own.

    Call it under the lock that all writers of the kind take, the bulk lease for records of cases.
    """
    rows = [{"key": key, "subject": subject} for key, subject in subjects.items()]
    await unit.run(QUERIES["tell_next"], {"kind": kind, "at": at, "rows": rows})


def _place(row: Row) -> Place:
    return Place(records.whole(row, "position"), records.text(row, "key"))
