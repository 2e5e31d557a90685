"""GraphQL types of drafts, their root fields, and the mutations of revision.

Each type reads one model of ``registry.classification.draft_model``; the acts are ``draft_actions``. A mutation's
payload carries what is wrong with its edits, or against its release, as data: place and rule a fault. What is wrong
with the request itself (no such draft, no right, a state that passed) is an error.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

import strawberry
from strawberry.scalars import JSON

from graphql_api.schema.classification import Info
from graphql_api.schema.reading import computed, told
from graphql_api.schema.revision import Change, Impact, SchemeArgument, revising
from graphql_api.schema.scalars import CodeText, LanguageText, SchemeName, VersionText
from registry.access import policy
from registry.access.actor import Right
from registry.classification import changes as diffs
from registry.classification import draft_actions, draft_model
from registry.classification import impact as impacts
from registry.classification.draft_actions import Said, Stamp
from registry.classification.draft_model import DispositionKind, DraftId
from registry.classification.edit_records import edit_from_plain, edit_to_plain
from registry.classification.integrity import Finding
from registry.classification.lifecycle import Decision, Stage
from registry.errors import EditMalformed, EditRefused, ReleaseRefused
from registry.identifiers import NAMESPACE, Notation, SchemeId, VersionTag

for _enum, _name, _description in (
    (Stage, "DraftStage", "Where a draft, or the version it became, stands."),
    (DispositionKind, "DispositionKind", "What became of a comment."),
):
    strawberry.enum(_enum, name=_name, description=_description)

ID_CHARACTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def record_edit(root: strawberry.Parent[draft_model.EditRecord]) -> Any:
    """The edit as JSON."""
    return edit_to_plain(root.edit)


def record_time(root: strawberry.Parent[Any]) -> str:
    """When, as ISO 8601 in UTC."""
    at: datetime = root.at
    return at.isoformat()


@strawberry.type(description="One edit of a draft.")
class DraftEdit:
    """`draft_model.EditRecord`."""

    number: int = told("number", "Its number; numbers are never used again.")
    edit: JSON = computed(record_edit, "What was done.")
    reason: str = told("reason", "Why.")
    actor: str = told("actor", "By whom.")
    at: str = computed(record_time, "When.")
    undone_by: str | None = told("undone_by", "Who undid it.")


@strawberry.type(description="What became of a comment.")
class Disposition:
    """`draft_model.Disposition`."""

    kind: DispositionKind = told("kind", "What became of it.")
    reason: str = told("reason", "Why.")
    actor: str = told("actor", "Who said so.")


@strawberry.type(description="What an organisation says of an item, or of the whole draft.")
class Comment:
    """`draft_model.Comment`."""

    id: str = told("id", "Its id.")
    code: CodeText | None = told("code", "The item; null for the whole.")
    organisation: str = told("organisation", "Who says it.")
    text: str = told("text", "What is said.")
    language: LanguageText = told("language", "In which language.")
    at: str = computed(record_time, "When.")
    disposition: Disposition | None = told("disposition", "What became of it.")


async def draft_comments(root: strawberry.Parent[draft_model.OpenDraft], info: Info) -> tuple[draft_model.Comment, ...]:
    """Every comment."""
    return await revising(info).stores.drafts.comments(root.stored.head.id)


def draft_approvers(root: strawberry.Parent[draft_model.OpenDraft]) -> list[str]:
    """Who approved the present state."""
    return sorted(root.stored.approvers)


def draft_findings(root: strawberry.Parent[draft_model.OpenDraft], info: Info) -> tuple[Finding, ...]:
    """What stands against releasing it now."""
    return draft_actions.examine_content(root, releaser=info.context.actor.name, stamp=stamped()).unmet


def draft_changes(root: strawberry.Parent[draft_model.OpenDraft], info: Info) -> tuple[diffs.Change, ...]:
    """What differs from the base."""
    return draft_actions.examine_content(root, releaser=info.context.actor.name, stamp=stamped()).diff.changes


def draft_impact(
    root: strawberry.Parent[draft_model.OpenDraft],
    info: Info,
    codes: Annotated[list[CodeText] | None, strawberry.argument(description="The codes held; none says all.")] = None,
) -> impacts.Impact:
    """What its release would do."""
    content = root.content
    held = [Notation(code) for code in codes or ()]
    return impacts.content_impact(info.context.catalogue, content.base, content.version, content.declared, held)


@strawberry.type(name="DraftFinding", description="Something that stands against a release.")
class DraftFinding:
    """`integrity.Finding`."""

    rule: str = told("rule", "The rule.")
    place: str = told("place", "Where.")
    message: str = told("message", "What is wrong there.")


@strawberry.type(description="A version in the making.")
class Draft:
    """`draft_model.OpenDraft`."""

    id: str = told("stored.head.id", "Its id.")
    scheme: SchemeName = told("stored.head.scheme", "The scheme.")
    base: VersionText = told("stored.head.base", "The version it was made from.")
    tag: VersionText = told("stored.head.tag", "The number it is to be released under.")
    stage: Stage = told("stored.head.stage", "Where it stands.")
    state: str = told("stored.head.state", "What to give as `expected` to change it.")
    last_editor: str = told("stored.head.last_editor", "Who edited last.")
    edits: list[DraftEdit] = told("stored.edits", "Its edits, undone ones among them.")
    approved_by: list[str] = computed(draft_approvers, "Who approved its present state.")
    comments: list[Comment] = computed(draft_comments, "What was said of it.")
    changes: list[Change] = computed(draft_changes, "What differs from its base, the gravest first.")
    findings: list[DraftFinding] = computed(draft_findings, "What stands against releasing it now.")
    impact: Impact = computed(draft_impact, "What its release would do to codes that somebody holds.")


@strawberry.type(name="DraftSummary", description="A draft in brief.")
class DraftSummary:
    """`draft_model.DraftHead`."""

    id: str = told("id", "Its id.")
    scheme: SchemeName = told("scheme", "The scheme.")
    base: VersionText = told("base", "The version it was made from.")
    tag: VersionText = told("tag", "The number it is to be released under.")
    stage: Stage = told("stage", "Where it stands.")
    edits: int = told("edits", "How many edits hold.")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one edit, or stands against a release."""

    place: str
    rule: str
    message: str


@strawberry.type(name="RevisionFault", description="What is wrong with an edit, or stands against a release.")
class RevisionFault:
    """`Fault`."""

    place: str = told("place", "Where: a code, a field, a URI.")
    rule: str = told("rule", "The rule, by name.")
    message: str = told("message", "What is wrong there.")


@dataclass(frozen=True, slots=True)
class DraftOutcome:
    """A draft after an act, or why the act was not done."""

    draft: draft_model.OpenDraft | None = None
    changes: tuple[diffs.Change, ...] = ()
    faults: tuple[Fault, ...] = ()


@strawberry.type(description="A draft after an act, or what is wrong with the act.")
class DraftPayload:
    """`DraftOutcome`."""

    draft: Draft | None = told("draft", "The draft as it is now; null with faults.")
    changes: list[Change] = told("changes", "What the act changed.")
    faults: list[RevisionFault] = told("faults", "Why nothing was done; empty when it was.")


@dataclass(frozen=True, slots=True)
class ReleaseTold:
    """A release, or everything against it."""

    keys: tuple[str, ...] | None
    revision: int | None
    digest: str | None
    faults: tuple[Fault, ...]


@strawberry.type(description="A release, or everything that stands against it.")
class ReleasePayload:
    """`ReleaseTold`."""

    keys: list[str] | None = told("keys", "What was released: the version and its correspondence.")
    revision: int | None = told("revision", "The registry revision it brought.")
    digest: str | None = told("digest", "SHA-256 of the version.")
    faults: list[RevisionFault] = told("faults", "Every finding; empty when it was released.")


# --- root fields -------------------------------------------------------------------------------------------

DraftArgument = Annotated[str, strawberry.argument(description="The draft's id.")]
Expected = Annotated[str, strawberry.argument(description="The draft's state as you saw it.")]
CommentArgument = Annotated[str, strawberry.argument(description="The comment's id.")]
KindArgument = Annotated[DispositionKind, strawberry.argument(description="What became of it.")]
To = Annotated[Stage, strawberry.argument(description="The stage to send it into.")]
Reason = Annotated[str, strawberry.argument(description="Why; it is kept with the act.")]


async def drafts(
    info: Info,
    scheme: Annotated[SchemeName | None, strawberry.argument(description="Only of this scheme.")] = None,
) -> tuple[draft_model.DraftHead, ...]:
    """Every draft, oldest first."""
    policy.require(info.context.actor, Right.COMMENT_VOCABULARY)
    return await revising(info).stores.drafts.heads(SchemeId(scheme) if scheme is not None else None)


async def draft(info: Info, id: DraftArgument) -> draft_model.OpenDraft:
    """One draft with its content."""
    policy.require(info.context.actor, Right.COMMENT_VOCABULARY)
    return await draft_actions.replay(revising(info).stores, DraftId(id))


# --- mutations ---------------------------------------------------------------------------------------------


async def open_draft(
    info: Info,
    scheme: SchemeArgument,
    tag: Annotated[VersionText, strawberry.argument(description="The number of the next version.")],
) -> DraftOutcome:
    """Open a draft of the scheme's newest version."""
    stores = revising(info).stores
    head = await draft_actions.open_draft(
        stores, SchemeId(scheme), VersionTag(tag), actor=info.context.actor, stamp=stamped()
    )
    return DraftOutcome(await draft_actions.replay(stores, head.id))


async def edit_draft(
    info: Info,
    draft: DraftArgument,
    expected: Expected,
    reason: Reason,
    edits: Annotated[
        list[JSON], strawberry.argument(description="Edits as JSON; docs/revision.md tells their fields.")
    ],
    dry_run: Annotated[bool, strawberry.argument(description="Tell what would change, write nothing.")] = False,
) -> DraftOutcome:
    """Make edits, all or none."""
    try:
        made = await draft_actions.edit_draft(
            revising(info).stores,
            DraftId(draft),
            [edit_from_plain(identified(plain)) for plain in edits],
            expected=expected,
            reason=reason,
            actor=info.context.actor,
            stamp=stamped(),
            dry_run=dry_run,
        )
    except (EditRefused, EditMalformed) as error:
        return DraftOutcome(faults=(Fault(str(error.facts["place"]), error.code, error.message),))
    return DraftOutcome(made.draft, made.diff.changes)


async def undo_edits(
    info: Info,
    draft: DraftArgument,
    expected: Expected,
    count: Annotated[int, strawberry.argument(description="How many of the last edits.")] = 1,
) -> DraftOutcome:
    """Undo the last edits."""
    return DraftOutcome(
        await draft_actions.undo_edits(
            revising(info).stores, DraftId(draft), count, expected=expected, actor=info.context.actor, stamp=stamped()
        )
    )


async def move_draft(info: Info, draft: DraftArgument, to: To, expected: Expected, reason: Reason) -> DraftOutcome:
    """Send a draft into another stage."""
    return await after(
        info,
        draft,
        draft_actions.move_draft(
            revising(info).stores,
            DraftId(draft),
            to,
            expected=expected,
            reason=reason,
            actor=info.context.actor,
            stamp=stamped(),
        ),
    )


async def approve_draft(info: Info, draft: DraftArgument, expected: Expected) -> DraftOutcome:
    """Approve a draft's present state."""
    stores = revising(info).stores
    act = draft_actions.approve_draft(
        stores, DraftId(draft), expected=expected, actor=info.context.actor, stamp=stamped()
    )
    return await after(info, draft, act)


async def comment_draft(
    info: Info,
    draft: DraftArgument,
    text: Annotated[str, strawberry.argument(description="What is said.")],
    organisation: Annotated[str, strawberry.argument(description="Who says it; its last answer on a place counts.")],
    code: Annotated[CodeText | None, strawberry.argument(description="On which item; without it the whole.")] = None,
    language: Annotated[LanguageText, strawberry.argument(description="In which language it is said.")] = LanguageText(  # noqa: B008
        "en"
    ),
) -> DraftOutcome:
    """Record an organisation's comment."""
    said = Said(text, organisation, code, language)  # type: ignore[arg-type]
    act = draft_actions.comment_draft(
        revising(info).stores, DraftId(draft), [said], actor=info.context.actor, stamp=stamped()
    )
    return await after(info, draft, act)


async def dispose_comment(
    info: Info, draft: DraftArgument, comment: CommentArgument, kind: KindArgument, reason: Reason
) -> DraftOutcome:
    """Say what became of a comment."""
    act = draft_actions.dispose_comment(
        revising(info).stores,
        DraftId(draft),
        comment,
        kind,
        reason=reason,
        actor=info.context.actor,
        stamp=stamped(),
    )
    return await after(info, draft, act)


@strawberry.input(description="Who decided that a version be released.")
class DecisionInput:
    """`lifecycle.Decision`."""

    body: str = strawberry.field(description="Who decided.")
    decided_on: date = strawberry.field(description="When.")
    symbol: str = strawberry.field(default="", description="The document's symbol.")


async def release_draft(
    info: Info,
    draft: DraftArgument,
    expected: Expected,
    reason: Reason,
    decisions: Annotated[
        list[DecisionInput] | None, strawberry.argument(description="The decisions behind it.")
    ] = None,
) -> ReleaseTold:
    """Release a draft that is in review; its findings are data."""
    desk = revising(info)
    try:
        released = await draft_actions.release_draft(
            desk.stores,
            DraftId(draft),
            expected=expected,
            reason=reason,
            decisions=[Decision(each.body, each.decided_on, each.symbol) for each in decisions or ()],
            actor=info.context.actor,
            stamp=stamped(),
        )
    except ReleaseRefused as refusal:
        return ReleaseTold(None, None, None, finding_faults(refusal.facts["findings"]))
    await desk.refresh()
    return ReleaseTold(released.keys, released.revision, released.note.digest, ())


def finding_faults(told: object) -> tuple[Fault, ...]:
    """Findings as the refusal tells them: ``error: rule at place: message``."""
    found = []
    for line in told if isinstance(told, list) else ():
        rule, _, rest = str(line).partition(": ")[2].partition(" at ")
        place, _, message = rest.partition(": ")
        found.append(Fault(place, rule, message))
    return tuple(found)


async def after(info: Info, draft: str, act: Awaitable[object]) -> DraftOutcome:
    """The draft once the act is done."""
    await act
    return DraftOutcome(await draft_actions.replay(revising(info).stores, DraftId(draft)))


def stamped() -> Stamp:
    """Now, and a fresh id."""
    return Stamp(datetime.now(UTC), fresh_id(16))


def fresh_id(length: int) -> str:
    """A random id of so many characters."""
    return "".join(secrets.choice(ID_CHARACTERS) for _ in range(length))


def identified(plain: Any) -> Any:
    """An edit's JSON with a fresh identity for each new item that has none."""
    if not isinstance(plain, dict):
        return plain
    copy = json.loads(json.dumps(plain))
    parts = copy.get("parts")
    items: Sequence[Any] = [copy.get("item"), copy.get("into"), *(parts if isinstance(parts, list) else ())]
    for item in items:
        if isinstance(item, dict):
            item.setdefault("identity", f"{NAMESPACE}/id/{fresh_id(9)}")
    return copy


@strawberry.type(description="All that can be changed.")
class Mutation:
    """The acts of revision."""

    open_draft: DraftPayload = computed(open_draft, "Open a draft of a scheme's newest version.")
    edit_draft: DraftPayload = computed(edit_draft, "Make edits, all or none; what is wrong with them is data.")
    undo_edits: DraftPayload = computed(undo_edits, "Undo the last edits; they stay on record.")
    move_draft: DraftPayload = computed(move_draft, "Send a draft into another stage.")
    approve_draft: DraftPayload = computed(approve_draft, "Approve a draft's present state.")
    comment_draft: DraftPayload = computed(comment_draft, "Record an organisation's comment.")
    dispose_comment: DraftPayload = computed(dispose_comment, "Say what became of a comment, and why.")
    release_draft: ReleasePayload = computed(
        release_draft, "Release a draft that is in review, with its correspondence; every finding is data."
    )
