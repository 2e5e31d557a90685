"""Mutations that change a draft: open, edit, import a whole version, undo, send on, approve.

A payload carries what is wrong with what was given as data: the field, the rule, the code or URI it is about. What is
wrong with the request itself (no such draft, no right, a state that passed) is an error. Elsewhere: the acts
(``registry.classification.draft_actions``), the inputs (``edit_inputs``).
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

import strawberry

from graphql_api.context import fresh_identity, stamped
from graphql_api.schema.classification import Info
from graphql_api.schema.drafts import Draft, DraftArgument
from graphql_api.schema.edit_inputs import EditInput, at_input, edits_of
from graphql_api.schema.reading import told
from graphql_api.schema.revision import Change, SchemeArgument, revising
from graphql_api.schema.scalars import VersionText
from registry.access import policy
from registry.access.actor import Right
from registry.classification import changes as diffs
from registry.classification import draft_actions, draft_model
from registry.classification.draft_model import DraftId
from registry.classification.edits import Edit
from registry.classification.lifecycle import Stage
from registry.errors import (
    EditMalformed,
    EditRefused,
    FieldFault,
    TableUnreadable,
    ValueTooLarge,
    VocabularyUnreadable,
)
from registry.identifiers import SchemeId, VersionTag
from registry.storage.rdf.delivery import Form, read_delivery

strawberry.enum(Form, name="DeliveryForm", description="How a delivered version is written.")


@strawberry.type(name="RevisionFault", description="What is wrong with what was given, or stands against a release.")
class RevisionFault:
    """`errors.FieldFault`."""

    path: str = told("path", "The field, or the row and column; empty where no field is to blame.")
    rule: str = told("rule", "The rule, by name.")
    place: str = told("place", "The code or URI that it is about.")
    message: str = told("message", "What is wrong there.")


@dataclass(frozen=True, slots=True)
class DraftOutcome:
    """A draft after an act, or why the act was not done."""

    draft: draft_model.OpenDraft | None = None
    changes: tuple[diffs.Change, ...] = ()
    faults: tuple[FieldFault, ...] = ()
    written: bool = True


@strawberry.type(description="A draft after an act, or what is wrong with the act.")
class DraftPayload:
    """`DraftOutcome`."""

    draft: Draft | None = told("draft", "The draft as it is now, or would be after a dry run; null with faults.")
    changes: list[Change] = told("changes", "What the act changed, or would change.")
    faults: list[RevisionFault] = told("faults", "Why nothing was done; empty when it was.")
    written: bool = told("written", "Whether the act was done: false with faults and in a dry run.")


# --- arguments ---------------------------------------------------------------------------------------------

Expected = Annotated[str, strawberry.argument(description="The draft's state as you saw it.")]
To = Annotated[Stage, strawberry.argument(description="The stage to send it into.")]
Reason = Annotated[str, strawberry.argument(description="Why; it is kept with the act.")]
DryRun = Annotated[bool, strawberry.argument(description="Tell what would change, write nothing.")]
Accept = Annotated[
    bool,
    strawberry.argument(description="Write it. Without it this is a dry run: faults, and the diff it would cause."),
]
Content = Annotated[str, strawberry.argument(description="The whole version; a workbook (XLSX) in Base64.")]
FormArgument = Annotated[Form, strawberry.argument(description="How it is written.")]


# --- acts --------------------------------------------------------------------------------------------------


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
    edits: Annotated[list[EditInput], strawberry.argument(description="The edits, in order.")],
    dry_run: DryRun = False,
) -> DraftOutcome:
    """Make edits, all or none."""
    try:
        made = await make_edits(
            info, draft, edits_of(edits, fresh_identity), expected=expected, reason=reason, dry_run=dry_run
        )
    except (EditRefused, EditMalformed) as error:
        return refused(map(at_input, error.details))
    return DraftOutcome(made.draft, made.diff.changes, written=not dry_run)


async def import_version(
    info: Info,
    draft: DraftArgument,
    expected: Expected,
    reason: Reason,
    content: Content,
    form: FormArgument,
    accept: Accept = False,
) -> DraftOutcome:
    """Replace a draft's content by a delivered version."""
    policy.require(info.context.actor, Right.EDIT_VOCABULARY)
    current = (await draft_actions.replay(revising(info).stores, DraftId(draft))).content.version
    try:
        data = delivered_bytes(content, form)
        delivery = await asyncio.to_thread(read_delivery, data, form, current, fresh_identity, source="content")
    except (TableUnreadable, ValueTooLarge, VocabularyUnreadable) as error:
        return refused([FieldFault("content", error.code, "", error.message)])
    if delivery.edit is None:
        return refused(delivery.faults)
    try:
        made = await make_edits(info, draft, [delivery.edit], expected=expected, reason=reason, dry_run=not accept)
    except EditRefused as error:
        return refused(FieldFault("content", each.rule, each.place, each.message) for each in error.details)
    return DraftOutcome(made.draft, made.diff.changes, written=accept)


def delivered_bytes(content: str, form: Form) -> bytes:
    """The text's bytes, or those that the Base64 of a workbook says; `TableUnreadable`."""
    if form is not Form.XLSX:
        return content.encode()
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise TableUnreadable(source="content", reason="it is not in Base64") from error


async def make_edits(
    info: Info, draft: str, edits: Sequence[Edit], *, expected: str, reason: str, dry_run: bool
) -> draft_actions.Edited:
    """The edits made by whoever asks."""
    return await draft_actions.edit_draft(
        revising(info).stores,
        DraftId(draft),
        edits,
        expected=expected,
        reason=reason,
        actor=info.context.actor,
        stamp=stamped(),
        dry_run=dry_run,
    )


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


async def after(info: Info, draft: str, act: Awaitable[object]) -> DraftOutcome:
    """The draft once the act is done."""
    await act
    return DraftOutcome(await draft_actions.replay(revising(info).stores, DraftId(draft)))


def refused(faults: Iterable[FieldFault]) -> DraftOutcome:
    """Nothing was done, because of these."""
    return DraftOutcome(faults=tuple(faults), written=False)
