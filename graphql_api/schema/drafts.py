"""GraphQL types of drafts and the questions about them.

Each type reads one model of ``registry.classification.draft_model``. Elsewhere: changing drafts (``drafting``), what
people say of them (``consultation``), releasing them (``releasing``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from graphql_api.context import stamped
from graphql_api.schema.classification import Binding, Info
from graphql_api.schema.reading import computed, told
from graphql_api.schema.revision import Change, Impact, revising
from graphql_api.schema.scalars import CodeText, LanguageText, SchemeName, VersionText
from registry.access import policy
from registry.access.actor import Right
from registry.classification import changes as diffs
from registry.classification import draft_actions, draft_model, lifecycle
from registry.classification import impact as impacts
from registry.classification.draft_model import DispositionKind, DraftId
from registry.classification.edit_records import edit_to_plain
from registry.classification.integrity import Finding, sort_findings
from registry.classification.integrity import Severity as FindingSeverity
from registry.classification.lifecycle import Stage
from registry.identifiers import Notation, SchemeId

for _enum, _name, _description in (
    (Stage, "DraftStage", "Where a draft, or the version it became, stands."),
    (DispositionKind, "DispositionKind", "What became of a comment."),
    (FindingSeverity, "FindingSeverity", "How bad a finding is; errors stand against a release."),
):
    strawberry.enum(_enum, name=_name, description=_description)


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
    country: CodeText | None = told("country", "Of which country; null for an international organisation.")
    organisation: str = told("organisation", "Who says it.")
    text: str = told("text", "What is said.")
    language: LanguageText = told("language", "In which language.")
    at: str = computed(record_time, "When.")
    disposition: Disposition | None = told("disposition", "What became of it.")


def draft_approvers(root: strawberry.Parent[draft_model.OpenDraft]) -> list[str]:
    """Who approved the present state."""
    return sorted(root.stored.approvers)


def examined(root: draft_model.OpenDraft, info: Info) -> lifecycle.Examined:
    """What the gate says if the caller released it now."""
    return draft_actions.examine_content(root, releaser=info.context.actor.name, stamp=stamped())


def draft_findings(root: strawberry.Parent[draft_model.OpenDraft], info: Info) -> tuple[Finding, ...]:
    """What stands against releasing it now."""
    return examined(root, info).unmet


def draft_notices(root: strawberry.Parent[draft_model.OpenDraft], info: Info) -> tuple[Finding, ...]:
    """What else is worth a look."""
    found = examined(root, info)
    return sort_findings(set(found.findings) - set(found.unmet))


def draft_changes(root: strawberry.Parent[draft_model.OpenDraft], info: Info) -> tuple[diffs.Change, ...]:
    """What differs from the base."""
    return examined(root, info).diff.changes


def draft_least(root: strawberry.Parent[draft_model.OpenDraft], info: Info) -> str:
    """The least number."""
    return examined(root, info).diff.least_version


def draft_bindings(root: strawberry.Parent[draft_model.OpenDraft], info: Info) -> tuple[Any, ...]:
    """The bindings to be released with it."""
    return examined(root, info).bindings


def draft_impact(
    root: strawberry.Parent[draft_model.OpenDraft],
    info: Info,
    codes: Annotated[list[CodeText] | None, strawberry.argument(description="The codes held; none says all.")] = None,
) -> impacts.Impact:
    """What its release would do."""
    content = root.content
    held = [Notation(code) for code in codes or ()]
    return impacts.content_impact(info.context.catalogue, content.base, content.version, content.declared, held)


@strawberry.type(name="DraftFinding", description="Something found before a release.")
class DraftFinding:
    """`integrity.Finding`."""

    severity: FindingSeverity = told("severity", "How bad it is.")
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
    comments: list[Comment] = told("comments", "What was said of it.")
    changes: list[Change] = computed(draft_changes, "What differs from its base, the gravest first.")
    findings: list[DraftFinding] = computed(draft_findings, "What stands against releasing it now.")
    notices: list[DraftFinding] = computed(draft_notices, "Warnings and notices, which do not stand against it.")
    least_version: VersionText = computed(draft_least, "The least number that its changes allow.")
    bindings: list[Binding] = computed(draft_bindings, "Bindings of variables to be released with it.")
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


# --- root fields -------------------------------------------------------------------------------------------

DraftArgument = Annotated[str, strawberry.argument(description="The draft's id.")]


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
