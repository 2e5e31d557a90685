"""Mutations of a consultation: what organisations say of a draft, and what becomes of it.

Elsewhere: the acts (``registry.classification.draft_actions``), questionnaires as rows (``consultation`` there).
"""

from __future__ import annotations

from typing import Annotated

import strawberry

from graphql_api.context import stamped
from graphql_api.schema.classification import Info
from graphql_api.schema.drafting import DraftOutcome, Reason, after
from graphql_api.schema.drafts import DraftArgument
from graphql_api.schema.revision import revising
from graphql_api.schema.scalars import CodeText, LanguageText
from registry.classification import draft_actions
from registry.classification.draft_actions import Said
from registry.classification.draft_model import DispositionKind, DraftId

CommentArgument = Annotated[str, strawberry.argument(description="The comment's id.")]
KindArgument = Annotated[DispositionKind, strawberry.argument(description="What became of it.")]


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
