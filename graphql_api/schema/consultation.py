"""Consultations: what organisations say of a draft, by GraphQL or by a workbook that goes out and comes back.

Elsewhere: the acts and who may speak for whom (``registry.classification.consultation_actions``), questionnaires and
logs as rows (``consultation`` there).
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import strawberry

from graphql_api.context import stamped
from graphql_api.schema.classification import Info
from graphql_api.schema.drafting import DraftOutcome, Reason, after, delivered_bytes, refused
from graphql_api.schema.drafts import DraftArgument
from graphql_api.schema.revision import revising
from graphql_api.schema.scalars import CodeText, LanguageText
from registry.access import policy
from registry.access.actor import Right
from registry.classification import consultation, consultation_actions, draft_actions
from registry.classification.draft_model import DispositionKind, DraftId, Said
from registry.classification.workbook import read_workbook, write_workbook
from registry.errors import AnswersRefused, FieldFault, TableUnreadable, ValueTooLarge
from registry.identifiers import LanguageTag, Notation
from registry.storage.rdf.delivery import Form, cell_fault

CommentArgument = Annotated[str, strawberry.argument(description="The comment's id.")]
KindArgument = Annotated[DispositionKind, strawberry.argument(description="What became of it.")]
Organisation = Annotated[str, strawberry.argument(description="Who says it; its last answer on a place counts.")]
Country = Annotated[
    CodeText | None, strawberry.argument(description="The organisation's country; none for an international one.")
]
Language = Annotated[LanguageText, strawberry.argument(description="In which language.")]


@strawberry.input(description="One organisation's answer on one place, in one language.")
class AnswerInput:
    """`draft_model.Said`."""

    text: str = strawberry.field(description="What is said.")
    organisation: str = strawberry.field(description="Who says it.")
    code: CodeText | None = strawberry.field(default=None, description="On which item; without it on the whole.")
    language: LanguageText = strawberry.field(default=LanguageText("en"), description="In which language.")
    country: CodeText | None = strawberry.field(default=None, description="The organisation's country.")


async def comment_draft(
    info: Info,
    draft: DraftArgument,
    answers: Annotated[list[AnswerInput], strawberry.argument(description="The answers, all or none.")],
) -> DraftOutcome:
    """Record what organisations say."""
    said = [
        Said(each.text, each.organisation, code_of(each.code), LanguageTag(each.language), code_of(each.country))
        for each in answers
    ]
    return await take(info, draft, said)


async def import_answers(
    info: Info,
    draft: DraftArgument,
    content: Annotated[str, strawberry.argument(description="The questionnaire that came back (XLSX), in Base64.")],
) -> DraftOutcome:
    """Record the answers of a questionnaire."""
    policy.require(info.context.actor, Right.COMMENT_VOCABULARY)
    try:
        data = delivered_bytes(content, Form.XLSX)
        rows = await asyncio.to_thread(read_workbook, data, source="content")
    except (TableUnreadable, ValueTooLarge) as error:
        return refused([FieldFault("content", error.code, "", error.message)])
    read = consultation.read_answers(rows)
    if read.faults:
        return refused(map(cell_fault, read.faults))
    taken = await take(info, draft, read.said)
    return replace(taken, faults=read.at_rows(taken.faults))


async def take(info: Info, draft: str, said: Sequence[Said]) -> DraftOutcome:
    """The draft with the answers, or what is wrong with them."""
    act = consultation_actions.comment_draft(
        revising(info).stores,
        DraftId(draft),
        said,
        areas=consultation_actions.area_codes(info.context.catalogue),
        actor=info.context.actor,
        stamp=stamped(),
    )
    try:
        return await after(info, draft, act)
    except AnswersRefused as error:
        return refused(error.details)


async def dispose_comment(
    info: Info, draft: DraftArgument, comment: CommentArgument, kind: KindArgument, reason: Reason
) -> DraftOutcome:
    """Say what became of a comment."""
    act = consultation_actions.dispose_comment(
        revising(info).stores,
        DraftId(draft),
        comment,
        kind,
        reason=reason,
        actor=info.context.actor,
        stamp=stamped(),
    )
    return await after(info, draft, act)


# --- workbooks ---------------------------------------------------------------------------------------------


async def questionnaire(
    info: Info,
    draft: DraftArgument,
    organisation: Organisation,
    country: Country = None,
    language: Language = LanguageText("en"),  # noqa: B008
) -> str:
    """The questionnaire, in Base64."""
    policy.require(info.context.actor, Right.COMMENT_VOCABULARY)
    opened = await draft_actions.replay(revising(info).stores, DraftId(draft))
    found = draft_actions.examine_content(opened, releaser=info.context.actor.name, stamp=stamped())
    rows = consultation.questionnaire(
        found.version, found.diff, organisation=organisation, language=language, country=country or ""
    )
    return base64.b64encode(write_workbook(rows, name="questionnaire")).decode()


async def disposition_log(info: Info, draft: DraftArgument) -> str:
    """The log, in Base64."""
    policy.require(info.context.actor, Right.COMMENT_VOCABULARY)
    comments = await revising(info).stores.drafts.comments(DraftId(draft))
    return base64.b64encode(write_workbook(consultation.disposition_log(comments), name="dispositions")).decode()


def code_of(text: str | None) -> Notation | None:
    """The code, if there is one."""
    return Notation(text) if text is not None else None
