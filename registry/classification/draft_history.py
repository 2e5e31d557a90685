"""What is remembered of an act on a draft: who did what, when, with its numbers and reasons.

Lives here: the value, written in the same transaction as the change it tells of, beside the act's row in the sealed
audit (``registry.access.audit``). Elsewhere: who may act (``registry.access.policy``), keeping entries
(``registry.storage.bolt``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from registry.access.audit import AuditRow


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """One act. ``facts`` are identifiers, codes and counts, never case values; ``id`` is random, given by the door."""

    id: str
    at: datetime
    actor: str
    act: str
    """Verb and thing: ``release version``, ``undo edits``."""
    subject: str
    """What was acted on: a scheme, a draft, a release."""
    facts: Mapping[str, str] = field(default_factory=dict)
    row: AuditRow | None = None
    """The act as the audit is told of it; None for an entry read back."""
