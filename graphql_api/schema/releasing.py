"""Releases: the mutations that make one of a draft and that end its time, and what stands behind each.

Elsewhere: the acts (``registry.classification.draft_actions``, ``retirement_actions``), the gate (``lifecycle`` there).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated

import strawberry

from graphql_api.context import stamped
from graphql_api.schema.classification import Info
from graphql_api.schema.drafting import Expected, Reason, RevisionFault
from graphql_api.schema.drafts import Comment, DraftArgument, record_time
from graphql_api.schema.reading import computed, told
from graphql_api.schema.registry import AsKnownAtArgument, known
from graphql_api.schema.revision import SchemeArgument, revising
from graphql_api.schema.scalars import VersionText
from registry.classification import draft_actions, draft_model, release_history, retirement_actions
from registry.classification.draft_model import DraftId
from registry.classification.model import Decision, ReleaseStatus
from registry.errors import FieldFault, ReleaseRefused, RetirementRefused
from registry.identifiers import SchemeId, VersionTag


@dataclass(frozen=True, slots=True)
class ReleaseTold:
    """A release, or everything against it."""

    keys: tuple[str, ...] | None
    revision: int | None
    digest: str | None
    faults: tuple[FieldFault, ...]


@strawberry.type(description="A release, or everything that stands against it.")
class ReleasePayload:
    """`ReleaseTold`."""

    keys: list[str] | None = told("keys", "What was released: the version and its correspondence.")
    revision: int | None = told("revision", "The registry revision it brought.")
    digest: str | None = told("digest", "SHA-256 of the version.")
    faults: list[RevisionFault] = told("faults", "Every finding; empty when it was released.")


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
        return ReleaseTold(None, None, None, refusal.details)
    await desk.refresh()
    return ReleaseTold(released.keys, released.revision, released.note.digest, ())


@strawberry.enum(description="How a released version's time ends; it answers for ever all the same.")
class VersionEnd(Enum):
    """The ends that a version may come to."""

    SUPERSEDED = ReleaseStatus.SUPERSEDED.value
    """Something else is used from now on."""
    WITHDRAWN = ReleaseStatus.WITHDRAWN.value
    """It answers only who names it."""


@strawberry.type(description="Who decided that a version be released, superseded or withdrawn.")
class DecisionTold:
    """`model.Decision`."""

    body: str = told("body", "Who decided.")
    decided_on: date = told("decided_on", "When.")
    symbol: str = told("symbol", "The document's symbol; empty where there is none.")


async def event_answers(
    root: strawberry.Parent[release_history.HistoryEntry], info: Info
) -> tuple[draft_model.Comment, ...]:
    """What was said of the draft."""
    return await release_history.answers(revising(info).stores, root, actor=info.context.actor)


@strawberry.type(description="What happened to a version, and who decided it.")
class ReleaseEvent:
    """`release_history.HistoryEntry`."""

    version: VersionText = told("version", "The version.")
    event: ReleaseStatus = told("event", "Released, superseded or withdrawn.")
    at: str = computed(record_time, "When, as ISO 8601 in UTC.")
    actor: str = told("actor", "By whom; empty for what was loaded from a file.")
    reason: str = told("reason", "Why.")
    decisions: list[DecisionTold] = told("decisions", "The decisions behind it.")
    successors: list[str] = told("successors", "What to use instead, as scheme/version.")
    revision: int = told("revision", "The registry revision that it brought.")
    draft: str | None = told("draft", "The draft that it came of.")
    dispositions: list[Comment] = computed(
        event_answers, "What organisations said of the draft, and what became of it; for who may comment."
    )


@dataclass(frozen=True, slots=True)
class RetirementTold:
    """What became of a version, or why nothing did."""

    event: release_history.HistoryEntry | None
    faults: tuple[FieldFault, ...] = ()


@strawberry.type(description="What became of a version, or why it stays as it is.")
class RetirementPayload:
    """`RetirementTold`."""

    event: ReleaseEvent | None = told("event", "What was recorded; null with faults.")
    faults: list[RevisionFault] = told("faults", "Why it stays as it is; empty when it does not.")


async def retire_version(
    info: Info,
    scheme: SchemeArgument,
    version: Annotated[VersionText, strawberry.argument(description="The version; without an edition all of them.")],
    to: Annotated[VersionEnd, strawberry.argument(description="What becomes of it.")],
    reason: Reason,
    successors: Annotated[
        list[str] | None, strawberry.argument(description="What to use instead: scheme/version, or URIs of versions.")
    ] = None,
    decisions: Annotated[
        list[DecisionInput] | None, strawberry.argument(description="The decisions behind it.")
    ] = None,
) -> RetirementTold:
    """Supersede or withdraw a released version."""
    desk = revising(info)
    try:
        retired = await retirement_actions.retire_version(
            desk.stores,
            SchemeId(scheme),
            VersionTag(version),
            ReleaseStatus(to.value),
            successors=successors or (),
            reason=reason,
            decisions=[Decision(each.body, each.decided_on, each.symbol) for each in decisions or ()],
            actor=info.context.actor,
            stamp=stamped(),
        )
    except RetirementRefused as error:
        return RetirementTold(None, (FieldFault("", error.code, str(error.facts["release"]), error.message),))
    await desk.refresh()
    return RetirementTold(release_history.of_retirement(retired))


async def history(
    info: Info, scheme: SchemeArgument, as_known_at: AsKnownAtArgument = None
) -> tuple[release_history.HistoryEntry, ...]:
    """What happened to the versions of a scheme."""
    return await release_history.history(
        revising(info).stores, known(info, as_known_at), SchemeId(scheme), actor=info.context.actor
    )
