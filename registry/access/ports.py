"""What the room of access needs from outside: where keys, grants and audit rows are kept.

Lives here: the protocols. Elsewhere: how a store keeps them (``registry.storage.bolt.access`` and ``.audit``).
Every change takes the audit row that tells of it: both are stored in one transaction, or neither is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from registry.access.actor import Scope
from registry.access.audit import AuditRow, Block, Head
from registry.access.grants import Grant
from registry.access.keys import KeyRecord
from registry.access.scope import Placed
from registry.identifiers import EntityId, EventId


class AccessStore(Protocol):
    """Keys, grants, and who holds a case."""

    async def revision(self) -> int:
        """A number that each change of a key or grant raises; 0 before the first."""

    async def key(self, key_id: str) -> KeyRecord | None:
        """The key of that id."""

    async def keys(self) -> Sequence[KeyRecord]:
        """Every key, newest first."""

    async def add_key(self, record: KeyRecord, *, audit: AuditRow) -> None:
        """Keep a new key."""

    async def revoke_key(self, key_id: str, *, at: int, audit: AuditRow) -> bool:
        """End a key; False when there is none or it has ended."""

    async def note_use(self, key_id: str, *, at: int) -> None:
        """Note that the key was used; not an audit row, and may be lost."""

    async def grants(self, account: str, *, since: int) -> Sequence[Grant]:
        """The account's grants that end after ``since``, oldest first."""

    async def grant(self, grant_id: str) -> Grant | None:
        """The grant of that id."""

    async def add_grant(self, grant: Grant, *, audit: AuditRow) -> None:
        """Keep a new grant."""

    async def change_grant(self, grant_id: str, change: Callable[[Grant], Grant], *, audit: AuditRow) -> Grant | None:
        """Lock the grant, let ``change`` judge and change it, keep that; None when there is none.

        ``change`` is pure and raises to leave everything as it is.
        """

    async def placed(self, event: EventId, *, scope: Scope | None) -> Placed | None:
        """What decides who sees the event; inside the scope only, or (None) wherever it lies."""

    async def refer(self, event: EventId, *, to: EntityId, scope: Scope, audit: AuditRow) -> None:
        """Make another reporting entity the holder. Raises `RecordUnknown`, and then nothing is written."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which rows; every given part must hold. Instants are inclusive."""

    actor: str | None = None
    act: str | None = None
    record: str | None = None
    since: int | None = None
    until: int | None = None


class AuditStore(Protocol):
    """Rows that are only added, blocks that seal them, and a head."""

    async def add(self, rows: Sequence[AuditRow]) -> None:
        """Add rows; durable when this returns. A row that is there already is left alone."""

    async def seal(self, key: bytes, *, limit: int) -> Block | None:
        """Seal up to ``limit`` unsealed rows, oldest first, as the next block; None when there are none."""

    async def head(self) -> Head | None:
        """The chain's end; None before the first block."""

    async def unsealed(self) -> tuple[int, int | None]:
        """How many rows are in no block yet, and the earliest instant of these."""

    def blocks(self, *, after: int = 0) -> AsyncIterator[Block]:
        """Every block after that number, in order."""

    async def texts(self, ids: Sequence[str]) -> Mapping[str, str]:
        """The canonical texts of these rows, those that are there."""

    async def search(self, where: AuditFilter, *, after: tuple[int, str] | None, limit: int) -> Sequence[AuditRow]:
        """At most ``limit`` rows, newest first, beyond the row of that instant and id."""

    async def remove(self, block: int, *, before: int, audit: AuditRow) -> int:
        """Remove the rows of a block all of which are older than ``before``; how many there were."""


class Audit(Protocol):
    """Where queries leave their rows: when `append` returns, the row is durable and the answer may leave."""

    async def append(self, row: AuditRow) -> None:
        """Keep one row; raises `Unavailable` when it cannot be kept, and then nothing may leave."""
