"""What the registry needs of a store: releases kept for ever, and a revision that counts their changes.

Lives here: the port. Elsewhere: the store behind it (``registry.storage.bolt.classification``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from registry.access.audit import AuditRow
from registry.classification.integrity import Finding
from registry.classification.model import Binding, Correspondence, SchemeVersion
from registry.classification.retirement import Retirement

Release = SchemeVersion | Correspondence | Binding


class ReleaseKind(StrEnum):
    """What a release is."""

    SCHEME_VERSION = "scheme version"
    CORRESPONDENCE = "correspondence"
    BINDING = "binding"


@dataclass(frozen=True, slots=True)
class VocabularyText:
    """What one delivered text holds: releases, and what reading it found wrong.

    ``source`` names it to people; ``origin`` is the SHA-256 of its bytes, so that the same text need not be read again.
    """

    source: str
    origin: str
    releases: tuple[Release, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """What is known of a stored release without reading its text."""

    key: str
    kind: ReleaseKind
    digest: str
    revision: int
    origin: str


@dataclass(frozen=True, slots=True, order=True)
class RegistryChange:
    """The registry came to a revision at an instant, in microseconds since 1970 (UTC)."""

    at: int
    revision: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The registry's revision and every release, by key."""

    revision: int
    records: tuple[ReleaseRecord, ...]
    changes: tuple[RegistryChange, ...] = ()
    """Since when each revision holds, rising."""
    retirements: tuple[Retirement, ...] = ()
    """Which versions ended, and why."""


@dataclass(frozen=True, slots=True)
class Added:
    """What adding releases did: their keys, and the registry's revision afterwards."""

    revision: int
    added: tuple[str, ...]
    unchanged: tuple[str, ...]


Telling = Callable[[Added, int], AuditRow]
"""Makes the audit row of a change from what it did and when (microseconds since 1970 in UTC); pure."""


class ReleaseStore(Protocol):
    """Keeps releases. Nothing in it ever changes a stored release."""

    async def revision(self) -> int:
        """How often the registry has changed; 0 at first. Quick enough to ask each second."""
        ...

    async def listing(self) -> Listing:
        """Every release, without texts, as of one moment."""
        ...

    async def read(self, wanted: Sequence[ReleaseRecord]) -> tuple[Release, ...]:
        """The releases in the order of the records, digests verified; `ReleaseDamaged`."""
        ...

    async def add(self, texts: Sequence[VocabularyText], *, told: Telling | None = None) -> Added:
        """Add every release of the texts in one transaction, and raise the revision by one if any was new.

        ``told`` makes the audit row of what was added, of the moment it was, which goes into the same transaction.

        A release stored already with the same digest is left as it is; with another, `ReleaseChanged` and nothing is
        written.
        """
        ...
