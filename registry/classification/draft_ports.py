"""What drafts need of a store: every change guarded by the state it was made from, with its audit row.

Lives here: the port. Elsewhere: the store behind it (``registry.storage.bolt.drafts``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from registry.access.audit import AuditRow
from registry.classification.draft_model import (
    Approval,
    Comment,
    Disposition,
    DraftHead,
    DraftId,
    EditRecord,
    Released,
    ReleaseNote,
    StoredDraft,
)
from registry.classification.lifecycle import Stage
from registry.classification.ports import Release
from registry.classification.retirement import Retirement
from registry.identifiers import SchemeId


class DraftStore(Protocol):
    """Keeps drafts. A guarded change locks the draft first and then tests ``expected`` against its state.

    Each raises `DraftUnknown` without such a draft and `DraftChanged` when its state is another: then nothing is
    written, no audit row either. Of several at once from one state exactly one comes through.
    """

    async def open(self, head: DraftHead, audit: AuditRow) -> None:
        """Add a draft."""
        ...

    async def heads(self, scheme: SchemeId | None) -> tuple[DraftHead, ...]:
        """Every draft (of the scheme), oldest first."""
        ...

    async def read(self, draft: DraftId) -> StoredDraft:
        """The draft with edits and approvals, as of one moment."""
        ...

    async def append(self, head: DraftHead, edits: Sequence[EditRecord], audit: AuditRow, *, expected: str) -> None:
        """Add edits; the head is then as given."""
        ...

    async def undo(self, head: DraftHead, numbers: Sequence[int], audit: AuditRow, *, expected: str) -> None:
        """Mark edits undone by the row's actor; the head is then as given."""
        ...

    async def move(self, draft: DraftId, to: Stage, audit: AuditRow, *, expected: str, stage: Stage) -> None:
        """Set the stage, if it is still ``stage``; `MoveRefused` otherwise."""
        ...

    async def approve(self, draft: DraftId, approval: Approval, audit: AuditRow) -> None:
        """Add an approval of the draft's state; again by the same actor it changes nothing."""
        ...

    async def comment(self, draft: DraftId, comments: Sequence[Comment], audit: AuditRow, *, stage: Stage) -> None:
        """Add comments, if the draft is still in ``stage``; `DraftNotEditable` otherwise.

        One of the same organisation on the same place is replaced. The state is not guarded.
        """
        ...

    async def dispose(self, draft: DraftId, comment: str, disposition: Disposition, audit: AuditRow) -> None:
        """Say what became of a comment; `CommentUnknown`."""
        ...

    async def comments(self, draft: DraftId) -> tuple[Comment, ...]:
        """Every comment, by code, organisation and time."""
        ...

    async def release(
        self, draft: DraftId, releases: Sequence[Release], note: ReleaseNote, audit: AuditRow, *, expected: str
    ) -> Released:
        """Everything a release is, in one transaction: releases, outbox, revision, stage, note and audit.

        `AnswersOpen` when a comment has no disposition.
        """
        ...

    async def retire(self, retirement: Retirement, audit: AuditRow, *, expected: int) -> Retirement:
        """Record the end of a version with a registry revision of its own, audit and outbox entry, in one transaction.

        `RegistryMoved` when the registry is not at ``expected`` any more.
        """
        ...

    async def notes(self, scheme: SchemeId) -> tuple[ReleaseNote, ...]:
        """What stands behind the scheme's releases that came of drafts, oldest first."""
        ...
