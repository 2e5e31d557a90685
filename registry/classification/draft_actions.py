"""What custodians do with drafts: open, edit, undo, approve, release.

Lives here: the acts, each for an actor, each with its audit row. Elsewhere: what an edit does (``editing``), what the
gate asks (``lifecycle``), consultations (``consultation_actions``), the transactions (``draft_ports``).

Time and ids are arguments (`Stamp`): an act may be tried again from the start. Every change names the state it was made
from; whoever changed the draft in between makes it `DraftChanged`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from registry.access import policy
from registry.access.actor import Actor, Right
from registry.access.audit import AuditRow, Circumstances, audit_row
from registry.classification.changes import SchemeDiff
from registry.classification.diff import diff_versions
from registry.classification.draft_content import DraftState, open_state
from registry.classification.draft_model import (
    Approval,
    DraftHead,
    DraftId,
    EditRecord,
    OpenDraft,
    Released,
    ReleaseNote,
)
from registry.classification.draft_ports import DraftStore
from registry.classification.edit_records import first_state, next_state
from registry.classification.editing import apply_edits, make_edit
from registry.classification.edits import Edit
from registry.classification.integrity import Finding, sort_findings
from registry.classification.lifecycle import EDITABLE, Candidate, Examined, Stage, examine, right_to_move, rights_into
from registry.classification.model import Decision, ReleaseStatus, SchemeVersion
from registry.classification.ports import Release, ReleaseKind, ReleaseRecord, ReleaseStore
from registry.classification.retirement import standings
from registry.errors import (
    ArgumentsConflicting,
    BaseSuperseded,
    DraftChanged,
    DraftNotEditable,
    FieldFault,
    ReleaseDamaged,
    ReleaseRefused,
    VersionUnknown,
)
from registry.identifiers import SchemeId, VersionTag
from registry.instants import instant_of

MOST_TOLD: Final = 1_000
"""Findings that a refusal carries; what is left is counted."""
MOST_EDITS: Final = 500
"""Edits of one call: a larger change comes as a file."""
LONGEST_REASON: Final = 2_000
"""Characters of a reason or comment."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """When an act is done, and the random id of its audit row and of what it makes."""

    at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Stores:
    """Where drafts and releases are kept: one database, two ports."""

    drafts: DraftStore
    releases: ReleaseStore


@dataclass(frozen=True, slots=True)
class Edited:
    """A draft after (or, in a dry run, as it would be after) some edits, with what they changed."""

    draft: OpenDraft
    diff: SchemeDiff
    """From the draft as it was to the draft as it is."""


# --- content -------------------------------------------------------------------------------------------------


async def open_draft(stores: Stores, scheme: SchemeId, tag: VersionTag, *, actor: Actor, stamp: Stamp) -> DraftHead:
    """A draft of the scheme's newest version, to be released as ``tag``. `VersionUnknown`, `ArgumentsConflicting`."""
    policy.require(actor, Right.EDIT_VOCABULARY)
    base = await newest_version(stores.releases, scheme, tag)
    if tag.numbers <= base.version.numbers:
        raise ArgumentsConflicting(arguments="tag", rule=f"{tag} does not come after {base.version}")
    head = DraftHead(
        id=DraftId(stamp.id),
        scheme=scheme,
        base=base.version,
        base_digest=base.digest,
        first_tag=tag,
        tag=tag,
        stage=Stage.DRAFT,
        state=first_state(scheme, base.digest, tag),
        opened_by=actor.name,
        opened_at=stamp.at,
        last_editor=actor.name,
    )
    await stores.drafts.open(head, entry(stamp, actor, "open draft", head, base=base.version, tag=tag))
    return head


async def newest_version(store: ReleaseStore, scheme: SchemeId, tag: VersionTag) -> SchemeVersion:
    """What a draft of that number is made from: an edition of its version's newest edition, others of the newest.

    A withdrawn version is passed over.
    """
    listing = await store.listing()
    records = {
        VersionTag(record.key.removeprefix(f"{scheme}/")): record
        for record in listing.records
        if record.kind is ReleaseKind.SCHEME_VERSION and record.key.startswith(f"{scheme}/")
    }
    standing = standings(scheme, sorted(records, key=lambda each: each.numbers), listing.retirements)
    fitting = [
        each
        for each in records
        if standing[each].status is not ReleaseStatus.WITHDRAWN and (tag == tag.version or each.version == tag.version)
    ]
    if not fitting:
        available = ", ".join(record.key for record in records.values()) or "none"
        raise VersionUnknown(scheme=scheme, version=tag, available=available)
    return await read_version(store, records[max(fitting, key=lambda each: each.numbers)])


async def read_version(store: ReleaseStore, record: ReleaseRecord) -> SchemeVersion:
    """The version behind the record; `ReleaseDamaged` when it is something else."""
    [found] = await store.read([record])
    if not isinstance(found, SchemeVersion):
        raise ReleaseDamaged(release=record.key)
    return found


async def read_base(store: ReleaseStore, records: Sequence[ReleaseRecord], head: DraftHead) -> SchemeVersion:
    """The version that the draft was made from, by its digest."""
    for record in records:
        if record.key == f"{head.scheme}/{head.base}" and record.digest == head.base_digest:
            return await read_version(store, record)
    raise ReleaseDamaged(release=f"{head.scheme}/{head.base}")


async def replay(stores: Stores, draft: DraftId) -> OpenDraft:
    """The draft with its content."""
    stored = await stores.drafts.read(draft)
    records = (await stores.releases.listing()).records
    base = await read_base(stores.releases, records, stored.head)
    content = apply_edits(open_state(base, stored.head.first_tag), (record.edit for record in stored.holding))
    comments = await stores.drafts.comments(draft)
    return OpenDraft(stored, content, frozenset(record.key for record in records), comments)


async def edit_draft(
    stores: Stores,
    draft: DraftId,
    edits: Sequence[Edit],
    *,
    expected: str,
    reason: str,
    actor: Actor,
    stamp: Stamp,
    dry_run: bool = False,
) -> Edited:
    """The edits made, all or none, and what they changed; a dry run tells the same and writes nothing.

    `EditRefused` at the first that cannot be done, `DraftNotEditable` in another stage than draft, `DraftChanged`.
    """
    policy.require(actor, Right.EDIT_VOCABULARY)
    check_words(edits, reason)
    before = await replay(stores, draft)
    head = before.stored.head
    require_state(head, expected)
    if head.stage not in EDITABLE:
        raise DraftNotEditable(draft=draft, stage=head.stage)
    after = apply_edits(before.content, edits, make_edit)
    number = max((each.number for each in before.stored.edits), default=0)
    records, state = record_edits(edits, head.state, number, reason=reason, actor=actor.name, at=stamp.at)
    changed = replace(
        head, state=state, tag=after.version.version, last_editor=actor.name, edits=head.edits + len(records)
    )
    if not dry_run:
        audit = entry(stamp, actor, "edit draft", head, edits=str(len(records)), first=str(number + 1), reason=reason)
        await stores.drafts.append(changed, records, audit, expected=expected)
    stored = replace(before.stored, head=changed, edits=(*before.stored.edits, *records))
    return Edited(replace(before, stored=stored, content=after), diff_contents(before.content, after))


def check_words(edits: Sequence[Edit], reason: str) -> None:
    """Raise `ArgumentsConflicting` without edits, with too many, without a reason or with a book for one."""
    if not 0 < len(edits) <= MOST_EDITS:
        raise ArgumentsConflicting(arguments="edits", rule=f"give 1 to {MOST_EDITS} of them")
    check_text("reason", reason)


def check_text(argument: str, text: str) -> None:
    """Raise `ArgumentsConflicting` when a text is empty or too long."""
    if not 0 < len(text.strip()) <= LONGEST_REASON:
        raise ArgumentsConflicting(arguments=argument, rule=f"say it in 1 to {LONGEST_REASON} characters")


def record_edits(
    edits: Sequence[Edit], state: str, number: int, *, reason: str, actor: str, at: datetime
) -> tuple[list[EditRecord], str]:
    """The records of edits made from a state, numbered on, and the state after them."""
    records = []
    for edit in edits:
        number += 1
        records.append(EditRecord(number, edit, reason, actor, at, state))
        state = next_state(state, edit, reason=reason, actor=actor)
    return records, state


def diff_contents(before: DraftState, after: DraftState) -> SchemeDiff:
    """What changed between two contents of one draft; splits and merges since the base are not told again."""
    return diff_versions(before.version, after.version)


async def undo_edits(
    stores: Stores, draft: DraftId, count: int, *, expected: str, actor: Actor, stamp: Stamp
) -> OpenDraft:
    """The draft as before its last ``count`` edits; `ArgumentsConflicting` when there are fewer."""
    policy.require(actor, Right.EDIT_VOCABULARY)
    before = await replay(stores, draft)
    stored, head = before.stored, before.stored.head
    require_state(head, expected)
    if head.stage not in EDITABLE:
        raise DraftNotEditable(draft=draft, stage=head.stage)
    if not 0 < count <= len(stored.holding):
        rule = f"1 to {len(stored.holding)} edits can be undone" if stored.holding else "there is no edit to undo"
        raise ArgumentsConflicting(arguments="count", rule=rule)
    gone = stored.holding[-count:]
    numbers = tuple(each.number for each in gone)
    opened = open_state(before.content.base, head.first_tag)
    content = apply_edits(opened, (each.edit for each in stored.holding[:-count]))
    changed = replace(
        head,
        state=gone[0].state_before,
        tag=content.version.version,
        edits=head.edits - count,
        last_editor=actor.name,
    )
    audit = entry(stamp, actor, "undo edits", head, edits=", ".join(map(str, numbers)))
    await stores.drafts.undo(changed, numbers, audit, expected=expected)
    marked = tuple(replace(each, undone_by=actor.name) if each in gone else each for each in stored.edits)
    return replace(before, stored=replace(stored, head=changed, edits=marked), content=content)


# --- stages and approvals ------------------------------------------------------------------------------------


async def move_draft(
    stores: Stores, draft: DraftId, to: Stage, *, expected: str, reason: str, actor: Actor, stamp: Stamp
) -> DraftHead:
    """The draft in its new stage; `MoveRefused`, `ArgumentsConflicting` without a reason.

    A release is made by `release_draft` alone. Whoever may send no draft there is refused before one is looked for.
    """
    into = rights_into(to)
    policy.require(actor, next((right for right in into if right in actor.rights), into[0]))
    stored = await stores.drafts.read(draft)
    policy.require(actor, right_to_move(stored.head.stage, to))
    if to is Stage.RELEASED:
        raise ArgumentsConflicting(arguments="to", rule="a version is released by the release itself")
    check_text("reason", reason)
    require_state(stored.head, expected)
    audit = entry(stamp, actor, "move draft", stored.head, stage=stored.head.stage, to=to, reason=reason)
    await stores.drafts.move(draft, to, audit, expected=expected, stage=stored.head.stage)
    return replace(stored.head, stage=to)


async def approve_draft(stores: Stores, draft: DraftId, *, expected: str, actor: Actor, stamp: Stamp) -> Approval:
    """The reviewer's approval of the state seen; it falls with the next edit. Only what is in review is approved."""
    policy.require(actor, Right.REVIEW_VOCABULARY)
    head = (await stores.drafts.read(draft)).head
    require_state(head, expected)
    if head.stage is not Stage.IN_REVIEW:
        raise DraftNotEditable(draft=draft, stage=head.stage)
    approval = Approval(actor.name, stamp.at, head.state)
    await stores.drafts.approve(draft, approval, entry(stamp, actor, "approve draft", head, state=head.state))
    return approval


# --- the release ---------------------------------------------------------------------------------------------


async def examine_draft(stores: Stores, draft: DraftId, *, actor: Actor, stamp: Stamp) -> Examined:
    """What the gate would say if the actor released the draft now. Writes nothing."""
    policy.require(actor, Right.EDIT_VOCABULARY)
    return examine_content(await replay(stores, draft), releaser=actor.name, stamp=stamp)


def examine_content(opened: OpenDraft, *, releaser: str, stamp: Stamp) -> Examined:
    """What the gate says of a draft's content."""
    candidate = Candidate(
        previous=opened.content.base,
        draft=opened.content.version,
        declared=opened.content.declared,
        last_editor=opened.stored.head.last_editor,
        releaser=releaser,
        approvals=opened.stored.approvers,
        bound=opened.content.bound,
        released=opened.released,
        open_answers=tuple((each.code, each.organisation) for each in opened.comments if each.disposition is None),
    )
    return examine(candidate, issued=stamp.at.date())


async def release_draft(
    stores: Stores,
    draft: DraftId,
    *,
    expected: str,
    reason: str,
    decisions: Sequence[Decision] = (),
    actor: Actor,
    stamp: Stamp,
) -> Released:
    """The version and its correspondence, released for ever, in one transaction with everything that tells of it.

    `ReleaseRefused` with every finding of the gate; `BaseSuperseded` when another version came out since;
    `MoveRefused` when the draft is not in review; `DraftChanged`. After any of them nothing has changed.
    """
    policy.require(actor, Right.RELEASE_VOCABULARY)
    check_text("reason", reason)
    opened = await replay(stores, draft)
    head = opened.stored.head
    right_to_move(head.stage, Stage.RELEASED)
    require_state(head, expected)
    await require_newest(stores.releases, head)
    examined = examine_content(opened, releaser=actor.name, stamp=stamp)
    refuse_unmet(head, sort_findings(examined.unmet))
    releases: list[Release] = [examined.version, *examined.bindings]
    if examined.correspondence is not None:
        releases.append(examined.correspondence)
    note = ReleaseNote(head.scheme, head.tag, "", actor.name, stamp.at, reason, tuple(decisions))
    audit = entry(stamp, actor, "release version", head, version=head.tag, state=head.state, reason=reason)
    return await stores.drafts.release(draft, releases, note, audit, expected=expected)


async def require_newest(store: ReleaseStore, head: DraftHead) -> None:
    """Raise `BaseSuperseded` when the draft's base is not what a draft of that number would be made from now."""
    newest = await newest_version(store, head.scheme, head.tag)
    if newest.digest != head.base_digest:
        raise BaseSuperseded(scheme=head.scheme, base=head.base, latest=newest.version)


def refuse_unmet(head: DraftHead, unmet: Sequence[Finding]) -> None:
    """Raise `ReleaseRefused` when the gate found anything."""
    if unmet:
        raise ReleaseRefused(
            details=[FieldFault("", each.rule, each.place, each.message) for each in unmet[:MOST_TOLD]],
            scheme=head.scheme,
            version=head.tag,
            count=len(unmet),
            rule=unmet[0].rule,
            place=unmet[0].place,
            findings=[str(finding) for finding in unmet[:MOST_TOLD]],
        )


def require_state(head: DraftHead, expected: str) -> None:
    """Raise `DraftChanged` when the draft is not in the state the caller saw."""
    if head.state != expected:
        raise DraftChanged(draft=head.id, actual=head.state, expected=expected)


def entry(stamp: Stamp, actor: Actor, act: str, head: DraftHead, **facts: str) -> AuditRow:
    """The audit row of an act on a draft."""
    return act_entry(stamp, actor, act, head.subject, facts)


def act_entry(stamp: Stamp, actor: Actor, act: str, subject: str, facts: Mapping[str, str]) -> AuditRow:
    """The audit row of an act on anything, with its numbers and reasons."""
    at = instant_of(stamp.at)
    told = Circumstances(request="", operation="", at=at)
    return audit_row(id=stamp.id, actor=actor, act=act, circumstances=told, subject=subject, facts=facts)
