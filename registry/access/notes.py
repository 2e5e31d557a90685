"""What one request leaves in the audit: bound to who asks and how, given to whatever reads for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from registry.access.actor import Actor
from registry.access.audit import Circumstances, audit_row
from registry.access.ports import Audit


@dataclass(frozen=True, slots=True)
class Notes:
    """One request's notes. ``fresh_id`` gives random ids for rows."""

    audit: Audit
    actor: Actor
    circumstances: Circumstances
    fresh_id: Callable[[], str]

    async def note(self, act: str, records: Iterable[str] = (), *, allowed: bool = True) -> None:
        """Return once the row is durable; what was read may leave only then. Raises `Unavailable`."""
        row = audit_row(
            id=self.fresh_id(),
            actor=self.actor,
            act=act,
            circumstances=self.circumstances,
            records=records,
            allowed=allowed,
        )
        await self.audit.append(row)
