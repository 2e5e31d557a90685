"""``ictip release``: a draft becomes a version, or is refused with every reason."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from graphql_api.cli.console import DONE, REFUSED, tell_error
from graphql_api.cli.revising import DEFAULT_DATA, Data, Draft, Expected, Name, Reason, open_desk
from graphql_api.context import stamped
from registry.classification.draft_actions import release_draft
from registry.classification.draft_model import DraftId, Released
from registry.classification.model import Decision
from registry.errors import ArgumentsConflicting, ReleaseRefused


def release(
    draft: Draft,
    reason: Reason,
    decision: Annotated[
        list[str] | None, typer.Option(help="Who decided, and when: BODY|YYYY-MM-DD|DOCUMENT. May be repeated.")
    ] = None,
    expected: Expected = None,
    data: Data = DEFAULT_DATA,
    name: Name = "custodian",
) -> int:
    """Release a draft that is in review, with its correspondence, in one transaction.

    Refused, with every finding, unless every old code has an outcome and every new one an origin, required languages
    are complete, the number shows how grave the changes are, and another than the last editor has seen it.
    """
    decisions = [read_decision(text) for text in decision or ()]
    try:
        released = asyncio.run(_release(draft, reason, decisions, expected, data, name))
    except ReleaseRefused as refusal:
        tell_error(refusal)
        return REFUSED
    for key in released.keys:
        typer.echo(key)
    typer.echo(f"revision {released.revision}, SHA-256 {released.note.digest}")
    return DONE


async def _release(
    draft: str, reason: str, decisions: list[Decision], expected: str | None, data: Path, name: str
) -> Released:
    async with open_desk(data, name) as desk:
        head = (await desk.stores.drafts.read(DraftId(draft))).head
        return await release_draft(
            desk.stores, head.id, expected=expected or head.state, reason=reason, decisions=decisions,
            actor=desk.actor, stamp=stamped(),
        )  # fmt: skip


def read_decision(text: str) -> Decision:
    """``Statistical Commission|2026-03-06|E/CN.3/2026/1`` as a decision."""
    body, _, rest = text.partition("|")
    day, _, symbol = rest.partition("|")
    try:
        return Decision(body.strip(), date.fromisoformat(day.strip()), symbol.strip())
    except ValueError:
        raise ArgumentsConflicting(arguments="decision", rule="write BODY|YYYY-MM-DD|DOCUMENT") from None
