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
from registry.access.grants import Grant, GrantKind
from registry.access.keys import KeyRecord
from registry.access.scope import Placed
from registry.identifiers import EventId


@dataclass(frozen=True, slots=True)
class GrantFilter:
    """Which grants; every given part must hold."""

    kind: GrantKind
    account: str | None = None
    event: EventId | None = None
    ends_after: int | None = None
    """Only those that end after this moment and were not revoked before it."""


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

    async def note_use(self, key_id: str, *, at: int, audit: AuditRow) -> None:
        """Note that the key was used; no new revision."""

    async def grants(self, account: str, *, since: int) -> Sequence[Grant]:
        """The account's grants that end after ``since``, oldest first."""

    async def listed_grants(self, where: GrantFilter, *, limit: int) -> Sequence[Grant]:
        """At most ``limit`` grants that the filter lets through, newest first."""

    async def grant(self, grant_id: str) -> Grant | None:
        """The grant of that id."""

    async def add_grant(self, grant: Grant, *, audit: AuditRow) -> None:
        """Keep a new grant."""

    async def change_grant(self, grant_id: str, change: Callable[[Grant], Grant], *, audit: AuditRow) -> Grant | None:
        """Lock the grant, let ``change`` judge and change it, keep that; None when there is none.

        ``change`` is pure and raises to leave everything as it is.
        """

    async def placed(self, event: EventId, *, scope: Scope) -> Placed | None:
        """What decides who sees the event, if it lies inside the scope."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which rows; every given part must hold. Instants are inclusive."""

    actor: str | None = None
    act: str | None = None
    record: str | None = None
    opened: str | None = None
    """A record among those that only an emergency opening showed."""
    subject: str | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class BlockAge:
    """How many rows of a block are there still, and the latest instant of them (0 where none is left)."""

    number: int
    rows: int
    newest: int


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

    async def ages(self, *, after: int, limit: int) -> Sequence[BlockAge]:
        """At most ``limit`` blocks after that number, in order, with what is left of their rows."""

    async def remove(self, block: int, *, before: int, audit: AuditRow) -> int:
        """Remove the rows of a block all of which are older than ``before``; how many there were."""


class Audit(Protocol):
    """Where queries leave their rows: when `append` returns, the row is durable and the answer may leave."""

    async def append(self, row: AuditRow) -> None:
        """Keep one row; raises `Unavailable` when it cannot be kept, and then nothing may leave."""
