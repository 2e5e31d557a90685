"""Drafts in the graph: `BoltDraftStore`, the port ``registry.classification.draft_ports.DraftStore``.

Lives here: transactions and rows of drafts, comments, approvals, release notes, and their audit rows. Elsewhere: the
statements (``cypher/drafts.cypher``), releases themselves (``classification``), what an edit says (``edit_records``).

Every guarded change locks the draft's node by writing to it, and only then reads its state: a condition tested before
the lock let several writers win. Large payloads (a whole restated file) are deflated and written in Base64.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from registry.access.audit import AuditRow
from registry.access.ports import AuditFilter
from registry.classification.draft_model import (
    Approval,
    Comment,
    Disposition,
    DispositionKind,
    DraftHead,
    DraftId,
    EditRecord,
    Released,
    ReleaseNote,
    StoredDraft,
)
from registry.classification.edit_records import edit_from_plain, edit_text
from registry.classification.lifecycle import Stage
from registry.classification.ports import Release
from registry.classification.retirement import Retirement
from registry.errors import (
    AnswersOpen,
    CommentUnknown,
    DraftChanged,
    DraftNotEditable,
    DraftUnknown,
    MoveRefused,
    RegistryMoved,
    ReleaseChanged,
    RowMalformed,
)
from registry.identifiers import LanguageTag, Notation, SchemeId, VersionTag
from registry.outbox.model import VERSION_RETIRED
from registry.storage.bolt import records
from registry.storage.bolt.audit import BoltAuditStore, add_rows
from registry.storage.bolt.batches import cut
from registry.storage.bolt.classification import (
    Candidate,
    add_candidates,
    decision_columns,
    decisions_of,
    lock_registry,
    raise_revision,
)
from registry.storage.bolt.driver import Database, UnitOfWork
from registry.storage.bolt.named_queries import Row, load_queries
from registry.storage.bolt.outbox import tell_at
from registry.storage.rdf.canonical import canonical_release

QUERIES: Final = load_queries("drafts")

MOST_ROWS: Final = 500
"""Audit rows told of one draft."""
PACKED: Final = "deflated:"
"""How a payload begins that is deflated and in Base64; JSON begins with a brace."""
PACKED_FROM: Final = 4_000
"""Characters from which a payload is deflated: only whole files are larger."""
MOST_PAYLOAD: Final = 64 * 1024 * 1024
"""Characters that a packed payload may inflate to."""


class BoltDraftStore:
    """Keeps drafts in a graph database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, head: DraftHead, audit: AuditRow) -> None:
        """Add a draft."""

        async def work(unit: UnitOfWork) -> None:
            await unit.run(QUERIES["open_draft"], {"draft": _head_row(head)})
            await add_rows(unit, [audit])

        await self._database.write(work, name="open_draft")

    async def heads(self, scheme: SchemeId | None) -> tuple[DraftHead, ...]:
        """Every draft (of the scheme), oldest first."""
        rows = await self._database.read(QUERIES["drafts"], {"scheme": scheme})
        return tuple(sorted(map(_head, rows), key=lambda head: (head.opened_at, head.id)))

    async def read(self, draft: DraftId) -> StoredDraft:
        """The draft with edits and approvals; `DraftUnknown`.

        The head is read before and after the rest, until both are the same: what is returned was so at one moment.
        """
        while True:
            head = await self._head(draft)
            edits = await self._database.read(QUERIES["draft_edits"], {"id": draft})
            approvals = await self._database.read(QUERIES["draft_approvals"], {"id": draft})
            if await self._head(draft) == head:
                break
        return StoredDraft(
            head=head,
            edits=tuple(sorted(map(_edit, edits), key=lambda each: each.number)),
            approvals=tuple(sorted(map(_approval, approvals), key=lambda each: (each.at, each.actor))),
        )

    async def append(self, head: DraftHead, edits: Sequence[EditRecord], audit: AuditRow, *, expected: str) -> None:
        """Add edits; the head is then as given."""
        rows = [_edit_row(head.id, each) for each in edits]

        async def work(unit: UnitOfWork) -> None:
            await _lock(unit, head.id, expected)
            for batch in cut(rows):
                await unit.run(QUERIES["add_edits"], {"rows": batch})
            await _set(unit, head)
            await add_rows(unit, [audit])

        await self._database.write(work, name="append_edits")

    async def undo(self, head: DraftHead, numbers: Sequence[int], audit: AuditRow, *, expected: str) -> None:
        """Mark edits undone by the row's actor; the head is then as given."""
        keys = [_edit_key(head.id, number) for number in numbers]
        marked = {"keys": keys, "actor": audit.actor, "at": audit.at}

        async def work(unit: UnitOfWork) -> None:
            await _lock(unit, head.id, expected)
            await unit.run(QUERIES["undo_edits"], marked)
            await _set(unit, head)
            await add_rows(unit, [audit])

        await self._database.write(work, name="undo_edits")

    async def move(self, draft: DraftId, to: Stage, audit: AuditRow, *, expected: str, stage: Stage) -> None:
        """Set the stage, if it is still ``stage``; `MoveRefused` otherwise."""

        async def work(unit: UnitOfWork) -> None:
            await _lock(unit, draft, expected, stage=stage, to=to)
            await unit.run(QUERIES["set_stage"], {"id": draft, "stage": to.value})
            await add_rows(unit, [audit])

        await self._database.write(work, name="move_draft")

    async def approve(self, draft: DraftId, approval: Approval, audit: AuditRow) -> None:
        """Add an approval of the draft's state; again by the same actor it changes nothing."""
        row = {
            "key": json.dumps([draft, approval.state, approval.actor]),
            "draft": draft,
            "state": approval.state,
            "actor": approval.actor,
            "at": records.microseconds(approval.at),
        }

        async def work(unit: UnitOfWork) -> None:
            await _lock(unit, draft, approval.state)
            await unit.run(QUERIES["approve_draft"], row)
            await add_rows(unit, [audit])

        await self._database.write(work, name="approve_draft")

    async def comment(self, draft: DraftId, comments: Sequence[Comment], audit: AuditRow, *, stage: Stage) -> None:
        """Add comments, if the draft is still in the stage; `DraftNotEditable` otherwise.

        One of the same organisation on the same place, in the same language, is replaced.
        """
        rows = [_comment_row(draft, each) for each in comments]

        async def work(unit: UnitOfWork) -> None:
            head = await _lock(unit, draft, None)
            if head.stage is not stage:
                raise DraftNotEditable(draft=draft, stage=head.stage)
            for batch in cut(rows):
                await unit.run(QUERIES["add_comments"], {"rows": batch})
            await add_rows(unit, [audit])

        await self._database.write(work, name="comment_draft")

    async def dispose(self, draft: DraftId, comment: str, disposition: Disposition, audit: AuditRow) -> None:
        """Say what became of a comment; `CommentUnknown`."""
        row = {
            "draft": draft,
            "id": comment,
            "disposition": disposition.kind.value,
            "reason": disposition.reason,
            "actor": disposition.actor,
            "at": records.microseconds(disposition.at),
        }

        async def work(unit: UnitOfWork) -> None:
            await _lock(unit, draft, None)
            if not await unit.run(QUERIES["dispose_comment"], row):
                raise CommentUnknown(draft=draft, comment=comment)
            await add_rows(unit, [audit])

        await self._database.write(work, name="dispose_comment")

    async def comments(self, draft: DraftId) -> tuple[Comment, ...]:
        """Every comment, by code, organisation and time."""
        rows = await self._database.read(QUERIES["draft_comments"], {"id": draft})
        return tuple(sorted(map(_comment, rows), key=lambda each: (each.code or "", each.organisation, each.at)))

    async def release(
        self, draft: DraftId, releases: Sequence[Release], note: ReleaseNote, audit: AuditRow, *, expected: str
    ) -> Released:
        """Everything a release is, in one transaction: releases, outbox, revision, stage, note and audit.

        `AnswersOpen` when an answer came in after the gate looked.
        The draft's lock is taken before the registry's, by everybody, so that no two wait for each other.
        """
        candidates = [Candidate(canonical_release(each), "") for each in releases]
        at = records.microseconds(note.released_at)
        key, digest = candidates[0].release.key, candidates[0].release.digest

        async def work(unit: UnitOfWork) -> Released:
            head = await _lock(unit, draft, expected, stage=Stage.IN_REVIEW, to=Stage.RELEASED)
            comments = map(_comment, await unit.run(QUERIES["draft_comments"], {"id": draft}))
            if unanswered := sum(each.disposition is None for each in comments):
                raise AnswersOpen(draft=draft, count=unanswered)
            added = await add_candidates(unit, candidates, at=at)
            if added is None or key not in added.added:
                raise ReleaseChanged(release=key, actual="of another release", given=digest)
            await unit.run(QUERIES["set_stage"], {"id": draft, "stage": Stage.RELEASED.value})
            await _set_version_stage(unit, head.scheme, head.base, Stage.SUPERSEDED)
            await unit.run(QUERIES["add_release_note"], _note_row(note, draft, key, digest, added.revision))
            await add_rows(unit, [audit])
            released = replace(note, digest=digest, draft=draft, revision=added.revision)
            return Released(released, added.revision, added.added)

        return await self._database.write(work, name="release_draft")

    async def retire(self, retirement: Retirement, audit: AuditRow, *, expected: int) -> Retirement:
        """Record the end of a version with a registry revision of its own, audit and outbox entry."""
        told = replace(retirement, revision=expected + 1)
        at = records.microseconds(retirement.at)

        async def work(unit: UnitOfWork) -> Retirement:
            revision = await lock_registry(unit)
            if revision != expected:
                raise RegistryMoved(actual=revision or 0, expected=expected)
            await unit.run(QUERIES["add_retirement"], _retirement_row(told, at))
            await raise_revision(unit, told.revision, at=at)
            subject = f"{told.scheme}/{told.version}"
            keys = {f"retirement/{subject}/{told.revision}": subject}
            await tell_at(unit, VERSION_RETIRED, keys, position=told.revision, at=at)
            await _set_version_stage(unit, told.scheme, told.version, Stage(told.to.value))
            await add_rows(unit, [audit])
            return told

        return await self._database.write(work, name="retire_version")

    async def notes(self, scheme: SchemeId) -> tuple[ReleaseNote, ...]:
        """What stands behind the scheme's releases that came of drafts, oldest first."""
        rows = await self._database.read(QUERIES["release_notes"], {"scheme": scheme})
        return tuple(sorted((_note(scheme, row) for row in rows), key=lambda note: note.version.numbers))

    async def audit(self, draft: DraftHead) -> tuple[AuditRow, ...]:
        """The audit's rows about the draft, oldest first; the last 500 of them."""
        where = AuditFilter(subject=draft.subject)
        found = await BoltAuditStore(self._database).search(where, after=None, limit=MOST_ROWS)
        return tuple(reversed(found))

    async def _head(self, draft: DraftId) -> DraftHead:
        row = await self._database.read_one(QUERIES["read_draft"], {"id": draft})
        if row is None:
            raise DraftUnknown(draft=draft)
        return _head(row)


async def _lock(
    unit: UnitOfWork, draft: DraftId, expected: str | None, *, stage: Stage | None = None, to: Stage | None = None
) -> DraftHead:
    """The draft as it stands under its lock; state and stage are tested where one is given to compare with."""
    await unit.run(QUERIES["lock_draft"], {"id": draft})
    rows = await unit.run(QUERIES["read_draft"], {"id": draft})
    if not rows:
        raise DraftUnknown(draft=draft)
    head = _head(rows[0])
    if stage is not None and head.stage is not stage:
        raise MoveRefused(stage=head.stage, to=to, allowed="others; it was moved since")
    if expected is not None and head.state != expected:
        raise DraftChanged(draft=draft, actual=head.state, expected=expected)
    return head


async def _set_version_stage(unit: UnitOfWork, scheme: SchemeId, version: VersionTag, stage: Stage) -> None:
    """The draft that became the version, if one did, in that stage."""
    row = {"scheme": scheme, "version": version, "stage": stage.value}
    await unit.run(QUERIES["set_stage_of_version"], row)


async def _set(unit: UnitOfWork, head: DraftHead) -> None:
    row = _head_row(head)
    await unit.run(
        QUERIES["set_draft"], {name: row[name] for name in ("id", "tag", "stage", "state", "last_editor", "edits")}
    )


# --- rows --------------------------------------------------------------------------------------------------


def _head_row(head: DraftHead) -> Mapping[str, object]:
    return {
        "id": head.id,
        "scheme": head.scheme,
        "base": head.base,
        "base_digest": head.base_digest,
        "first_tag": head.first_tag,
        "tag": head.tag,
        "stage": head.stage.value,
        "state": head.state,
        "opened_by": head.opened_by,
        "opened_at": records.microseconds(head.opened_at),
        "last_editor": head.last_editor,
        "edits": head.edits,
    }


def _head(row: Row) -> DraftHead:
    return DraftHead(
        id=DraftId(records.text(row, "id")),
        scheme=SchemeId(records.text(row, "scheme")),
        base=VersionTag(records.text(row, "base")),
        base_digest=records.text(row, "base_digest"),
        first_tag=VersionTag(records.text(row, "first_tag")),
        tag=VersionTag(records.text(row, "tag")),
        stage=Stage(records.text(row, "stage")),
        state=records.text(row, "state"),
        opened_by=records.text(row, "opened_by"),
        opened_at=records.instant(row, "opened_at"),
        last_editor=records.text(row, "last_editor"),
        edits=records.whole(row, "edits"),
    )


def _edit_key(draft: DraftId, number: int) -> str:
    return f"{draft}/{number}"


def _edit_row(draft: DraftId, record: EditRecord) -> Mapping[str, object]:
    return {
        "key": _edit_key(draft, record.number),
        "draft": draft,
        "number": record.number,
        "payload": _packed(edit_text(record.edit)),
        "reason": record.reason,
        "actor": record.actor,
        "at": records.microseconds(record.at),
        "state_before": record.state_before,
    }


def _edit(row: Row) -> EditRecord:
    return EditRecord(
        number=records.whole(row, "number"),
        edit=edit_from_plain(json.loads(_unpacked(records.text(row, "payload")))),
        reason=records.text(row, "reason"),
        actor=records.text(row, "actor"),
        at=records.instant(row, "at"),
        state_before=records.text(row, "state_before"),
        undone_by=records.optional_text(row, "undone_by"),
    )


def _packed(text: str) -> str:
    if len(text) < PACKED_FROM:
        return text
    return PACKED + base64.b64encode(zlib.compress(text.encode())).decode()


def _unpacked(payload: str) -> str:
    if not payload.startswith(PACKED):
        return payload
    inflater = zlib.decompressobj()
    text = inflater.decompress(base64.b64decode(payload.removeprefix(PACKED)), MOST_PAYLOAD)
    if not inflater.eof:
        raise RowMalformed(expected=f"text of at most {MOST_PAYLOAD} bytes", column="payload")
    return text.decode()


def _approval(row: Row) -> Approval:
    return Approval(records.text(row, "actor"), records.instant(row, "at"), records.text(row, "state"))


def _comment_row(draft: DraftId, comment: Comment) -> Mapping[str, object]:
    return {
        "key": json.dumps(
            [draft, comment.code, comment.country, comment.organisation, comment.language], ensure_ascii=False
        ),
        "id": comment.id,
        "draft": draft,
        "code": comment.code or "",
        "country": comment.country or "",
        "organisation": comment.organisation,
        "text": comment.text,
        "language": comment.language,
        "actor": comment.actor,
        "at": records.microseconds(comment.at),
        "state": comment.state,
    }


def _comment(row: Row) -> Comment:
    code = records.text(row, "code")
    return Comment(
        id=records.text(row, "id"),
        code=Notation(code) if code else None,
        organisation=records.text(row, "organisation"),
        text=records.text(row, "text"),
        language=LanguageTag(records.text(row, "language")),
        actor=records.text(row, "actor"),
        at=records.instant(row, "at"),
        state=records.text(row, "state"),
        disposition=_disposition(row),
        country=Notation(country) if (country := records.text(row, "country")) else None,
    )


def _disposition(row: Row) -> Disposition | None:
    kind = records.optional_text(row, "disposition")
    if kind is None:
        return None
    return Disposition(
        kind=DispositionKind(kind),
        reason=records.text(row, "disposition_reason"),
        actor=records.text(row, "disposed_by"),
        at=records.instant(row, "disposed_at"),
    )


def _note_row(note: ReleaseNote, draft: DraftId, key: str, digest: str, revision: int) -> Mapping[str, object]:
    return {
        "key": key,
        "scheme": note.scheme,
        "version": note.version,
        "digest": digest,
        "revision": revision,
        "draft": draft,
        "released_by": note.released_by,
        "released_at": records.microseconds(note.released_at),
        "reason": note.reason,
        **decision_columns(note.decisions),
    }


def _retirement_row(retirement: Retirement, at: int) -> Mapping[str, object]:
    return {
        "key": f"{retirement.scheme}/{retirement.version}/{retirement.revision}",
        "scheme": retirement.scheme,
        "version": retirement.version,
        "became": retirement.to.value,
        "successors": list(retirement.successors),
        "reason": retirement.reason,
        "actor": retirement.actor,
        "at": at,
        "revision": retirement.revision,
        **decision_columns(retirement.decisions),
    }


def _note(scheme: SchemeId, row: Row) -> ReleaseNote:
    return ReleaseNote(
        scheme=scheme,
        version=VersionTag(records.text(row, "version")),
        digest=records.text(row, "digest"),
        released_by=records.text(row, "released_by"),
        released_at=records.instant(row, "released_at"),
        reason=records.text(row, "reason"),
        decisions=decisions_of(row),
        draft=records.text(row, "draft"),
        revision=records.whole(row, "revision"),
    )
