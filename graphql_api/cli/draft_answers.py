"""``ictip draft comment``, ``questionnaire``, ``answers`` ...: what people say of a draft, and what becomes of it.

Lives here: the commands. Elsewhere: rows of questionnaires and logs (``registry.classification.consultation``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from graphql_api.cli.console import DONE, FAULTS_FOUND
from graphql_api.cli.draft_edits import optional_code
from graphql_api.cli.draft_files import read_bytes, write_bytes
from graphql_api.cli.revising import DEFAULT_DATA, EDITOR, Data, Desk, Draft, Name, Reason, catalogue_at, open_desk
from graphql_api.context import stamped
from registry.classification import consultation
from registry.classification.consultation_actions import area_codes, comment_draft, dispose_comment
from registry.classification.draft_actions import examine_draft
from registry.classification.draft_model import Comment, DispositionKind, DraftId, Said
from registry.classification.workbook import write_workbook
from registry.errors import AnswersRefused
from registry.identifiers import LanguageTag
from registry.storage.rdf.delivery import TABLES, Form, fault_lines

Country = Annotated[str | None, typer.Option(help="The organisation's country: KE. None for an international one.")]


def comment(
    draft: Draft,
    text: Annotated[str, typer.Argument(help="What is said.")],
    organisation: Annotated[str, typer.Option(help="Who says it; its last answer on a place counts.")],
    code: Annotated[str | None, typer.Option(help="On which item; without it on the whole.")] = None,
    language: Annotated[str, typer.Option(help="In which language.")] = "en",
    country: Country = None,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Record an organisation's comment."""
    said = Said(text, organisation, optional_code(code), LanguageTag(language), optional_code(country))

    async def act() -> str:
        async with open_desk(data, name) as desk:
            return (await take(desk, draft, [said]))[0].id

    typer.echo(asyncio.run(act()))
    return DONE


async def take(desk: Desk, draft: str, said: Sequence[Said]) -> tuple[Comment, ...]:
    """The answers, recorded by whoever sits at the desk."""
    areas = area_codes(await catalogue_at(desk)) if any(each.country is not None for each in said) else ()
    return await comment_draft(desk.stores, DraftId(draft), said, areas=areas, actor=desk.actor, stamp=stamped())


def dispose(
    draft: Draft,
    comment: Annotated[str, typer.Argument(help="The comment's id.")],
    kind: Annotated[DispositionKind, typer.Argument(help="What became of it.")],
    reason: Reason,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Say what became of a comment, and why."""

    async def act() -> None:
        async with open_desk(data, name) as desk:
            await dispose_comment(
                desk.stores, DraftId(draft), comment, kind, reason=reason, actor=desk.actor, stamp=stamped()
            )

    asyncio.run(act())
    typer.echo(kind)
    return DONE


def questionnaire(
    draft: Draft,
    out: Annotated[Path, typer.Option(help="The workbook to write (XLSX).")],
    organisation: Annotated[str, typer.Option(help="Who is asked.")],
    language: Annotated[str, typer.Option(help="In which language answers are expected.")] = "en",
    country: Country = None,
    data: Data = DEFAULT_DATA,
) -> int:
    """Write a questionnaire about the draft's changes, to be filled in and brought back by `answers`."""

    async def act() -> list[list[str]]:
        async with open_desk(data, EDITOR) as desk:
            examined = await examine_draft(desk.stores, DraftId(draft), actor=desk.actor, stamp=stamped())
        return consultation.questionnaire(
            examined.version, examined.diff, organisation=organisation, language=language, country=country or ""
        )

    write_bytes(out, write_workbook(asyncio.run(act()), name="questionnaire"))
    return DONE


def answers(
    draft: Draft,
    file: Annotated[Path, typer.Argument(help="The questionnaire that came back: XLSX or CSV.")],
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Record the answers of a questionnaire, all or none. Exit code 1 says that it has faults."""
    form = Form.XLSX if file.suffix.lower() == ".xlsx" else Form.CSV
    read = consultation.read_answers(TABLES[form](read_bytes(file), source=file.name))
    for fault in read.faults:
        typer.echo(str(fault))
    if read.faults:
        return FAULTS_FOUND

    async def act() -> int:
        async with open_desk(data, name) as desk:
            return len(await take(desk, draft, read.said))

    try:
        recorded = asyncio.run(act()) if read.said else 0
    except AnswersRefused as error:
        for line in fault_lines(read.at_rows(error.details)):
            typer.echo(line)
        return FAULTS_FOUND
    typer.echo(f"{recorded} answers recorded")
    return DONE


def log(
    draft: Draft, out: Annotated[Path, typer.Option(help="The workbook to write (XLSX).")], data: Data = DEFAULT_DATA
) -> int:
    """Write every comment with what became of it."""

    async def act() -> list[list[str]]:
        async with open_desk(data, EDITOR) as desk:
            return consultation.disposition_log(await desk.stores.drafts.comments(DraftId(draft)))

    write_bytes(out, write_workbook(asyncio.run(act()), name="dispositions"))
    return DONE
