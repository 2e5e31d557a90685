"""Mutations that make a release of a draft.

Elsewhere: the act (``registry.classification.draft_actions``), the gate (``lifecycle`` there).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import strawberry

from graphql_api.context import stamped
from graphql_api.schema.classification import Info
from graphql_api.schema.drafting import Expected, Reason, RevisionFault
from graphql_api.schema.drafts import DraftArgument
from graphql_api.schema.reading import told
from graphql_api.schema.revision import revising
from registry.classification import draft_actions
from registry.classification.draft_model import DraftId
from registry.classification.lifecycle import Decision
from registry.errors import FieldFault, ReleaseRefused


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
