"""``ictip draft``: open, edit, discuss and send on the draft of a version.

Lives here: which commands there are, and those of a draft as a whole. Elsewhere: its edits (``draft_edits``), what
people say of it (``draft_answers``), the acts (``registry.classification.draft_actions``), ``release``.
Every command takes the state as it finds it; who must not act on what another changed meanwhile gives ``--expected``.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from graphql_api.cli import draft_answers, draft_edits
from graphql_api.cli.console import DONE, FAULTS_FOUND, ending
from graphql_api.cli.revising import DEFAULT_DATA, EDITOR, Data, Draft, Expected, Name, Reason, head_lines, open_desk
from graphql_api.cli.vocabularies import finding_lines
from graphql_api.context import stamped
from registry.classification.draft_actions import (
    approve_draft,
    examine_draft,
    move_draft,
    open_draft,
    replay,
    undo_edits,
)
from registry.classification.draft_model import DraftId
from registry.classification.edit_records import edit_text
from registry.classification.lifecycle import Stage
from registry.classification.report import diff_to_markdown
from registry.identifiers import SchemeId, VersionTag


def draft_app() -> typer.Typer:
    """The commands under ``ictip draft``."""
    app = typer.Typer(no_args_is_help=True, help="Open, edit, discuss and send on the draft of a version.")
    for name, command in (
        ("open", ending(open_)),
        ("list", ending(list_)),
        ("show", ending(show)),
        ("check", ending(check)),
        ("add", ending(draft_edits.add)),
        ("remove", ending(draft_edits.remove)),
        ("relabel", ending(draft_edits.relabel)),
        ("translate", ending(draft_edits.translate)),
        ("move", ending(draft_edits.move)),
        ("recode", ending(draft_edits.recode)),
        ("deprecate", ending(draft_edits.deprecate)),
        ("split", ending(draft_edits.split)),
        ("merge", ending(draft_edits.merge)),
        ("note", ending(draft_edits.note)),
        ("link", ending(draft_edits.link)),
        ("bind", ending(draft_edits.bind)),
        ("explain", ending(draft_edits.explain)),
        ("edit", ending(draft_edits.edit)),
        ("import", ending(draft_edits.import_)),
        ("undo", ending(undo)),
        ("level", ending(draft_edits.level)),
        ("renumber", ending(draft_edits.renumber)),
        ("send", ending(send)),
        ("approve", ending(approve)),
        ("comment", ending(draft_answers.comment)),
        ("dispose", ending(draft_answers.dispose)),
        ("questionnaire", ending(draft_answers.questionnaire)),
        ("answers", ending(draft_answers.answers)),
        ("log", ending(draft_answers.log)),
    ):
        app.command(name)(command)
    return app


def open_(
    scheme: Annotated[str, typer.Argument(help="The scheme to revise: units.")],
    tag: Annotated[str, typer.Argument(help="The number of the next version: 1.1, or 1.0.1 for an edition.")],
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Open a draft of the scheme's newest version."""

    async def act() -> str:
        async with open_desk(data, name) as desk:
            head = await open_draft(desk.stores, SchemeId(scheme), VersionTag(tag), actor=desk.actor, stamp=stamped())
            return head.id

    typer.echo(asyncio.run(act()))
    return DONE


def list_(
    data: Data = DEFAULT_DATA, scheme: Annotated[str | None, typer.Option(help="Only of this scheme.")] = None
) -> int:
    """List drafts, oldest first."""

    async def act() -> list[str]:
        async with open_desk(data, EDITOR) as desk:
            heads = await desk.stores.drafts.heads(SchemeId(scheme) if scheme else None)
            return list(head_lines(heads))

    for line in asyncio.run(act()):
        typer.echo(line)
    return DONE


def show(draft: Draft, data: Data = DEFAULT_DATA) -> int:
    """Show a draft: its edits with reasons, and its diff from the version it was made from."""

    async def act() -> list[str]:
        async with open_desk(data, EDITOR) as desk:
            opened = await replay(desk.stores, DraftId(draft))
            examined = await examine_draft(desk.stores, DraftId(draft), actor=desk.actor, stamp=stamped())
        lines = [*head_lines([opened.stored.head]), f"state {opened.stored.head.state}"]
        for record in opened.stored.edits:
            undone = f" (undone by {record.undone_by})" if record.undone_by else ""
            lines.append(f"{record.number} {record.actor}: {edit_text(record.edit)[:200]}{undone}  {record.reason}")
        for each in opened.comments:
            became = f" [{each.disposition.kind}: {each.disposition.reason}]" if each.disposition else ""
            lines.append(f"comment {each.id} {each.organisation} on {each.code or 'the whole'}: {each.text}{became}")
        return [*lines, "", diff_to_markdown(examined.diff)]

    for line in asyncio.run(act()):
        typer.echo(line)
    return DONE


def check(draft: Draft, data: Data = DEFAULT_DATA, name: Name = "custodian") -> int:
    """Say what stands against releasing the draft now. Exit code 1 says that something does."""

    async def act() -> tuple[list[str], bool]:
        async with open_desk(data, name) as desk:
            examined = await examine_draft(desk.stores, DraftId(draft), actor=desk.actor, stamp=stamped())
        least = f"least number {examined.diff.least_version}"
        free = [] if examined.unmet else ["nothing stands against the release"]
        return [*finding_lines(examined.findings), *free, least], bool(examined.unmet)

    lines, is_refused = asyncio.run(act())
    for line in lines:
        typer.echo(line)
    return FAULTS_FOUND if is_refused else DONE


def undo(
    draft: Draft,
    count: Annotated[int, typer.Argument(help="How many of the last edits.")] = 1,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Undo the last edits; they stay on record as undone."""

    async def act() -> int:
        async with open_desk(data, name) as desk:
            head = (await desk.stores.drafts.read(DraftId(draft))).head
            undone = await undo_edits(
                desk.stores, head.id, count, expected=head.state, actor=desk.actor, stamp=stamped()
            )
            return undone.stored.head.edits

    typer.echo(f"{asyncio.run(act())} edits hold")
    return DONE


def send(
    draft: Draft,
    to: Annotated[Stage, typer.Argument(help="The stage: in consultation, in review, draft, abandoned.")],
    reason: Reason,
    expected: Expected = None,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Send a draft into another stage."""

    async def act() -> Stage:
        async with open_desk(data, name) as desk:
            head = (await desk.stores.drafts.read(DraftId(draft))).head
            moved = await move_draft(
                desk.stores,
                head.id,
                to,
                expected=expected or head.state,
                reason=reason,
                actor=desk.actor,
                stamp=stamped(),
            )
            return moved.stage

    typer.echo(asyncio.run(act()))
    return DONE


def approve(draft: Draft, expected: Expected = None, data: Data = DEFAULT_DATA, name: Name = "reviewer") -> int:
    """Approve the draft's present state; the approval falls with the next edit."""

    async def act() -> str:
        async with open_desk(data, name) as desk:
            head = (await desk.stores.drafts.read(DraftId(draft))).head
            approval = await approve_draft(
                desk.stores, head.id, expected=expected or head.state, actor=desk.actor, stamp=stamped()
            )
            return approval.actor

    typer.echo(f"approved by {asyncio.run(act())}")
    return DONE
