"""``ictip draft``: open, edit, discuss and send on the draft of a version.

Lives here: one command an act. Elsewhere: the acts (``registry.classification.draft_actions``), the ``release``.
Every command takes the state as it finds it; a program that must not overwrite another's edits gives ``--expected``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from graphql_api.cli.console import DONE, FAULTS_FOUND, ending
from graphql_api.cli.draft_files import TABLES, read_bytes, read_edits, read_restated, write_bytes
from graphql_api.cli.revising import (
    DEFAULT_DATA,
    Data,
    Draft,
    Name,
    Reason,
    fresh_identity,
    head_lines,
    open_desk,
    stamped,
)
from graphql_api.cli.vocabularies import finding_lines
from registry.classification import consultation
from registry.classification.changes import SchemeDiff
from registry.classification.draft_actions import (
    Said,
    approve_draft,
    comment_draft,
    dispose_comment,
    edit_draft,
    examine_draft,
    move_draft,
    open_draft,
    replay,
    undo_edits,
)
from registry.classification.draft_model import DispositionKind, DraftId
from registry.classification.edit_records import edit_text
from registry.classification.edits import (
    Add,
    DeclareLevel,
    Deprecate,
    Edit,
    Explain,
    Merge,
    Move,
    NewItem,
    Recode,
    Relabel,
    Remove,
    Renumber,
    Split,
    Translate,
)
from registry.classification.lifecycle import Stage
from registry.classification.model import Association, AssociationKind, Label, LabelStatus, Level
from registry.classification.report import diff_to_markdown
from registry.classification.table_import import read_csv
from registry.classification.workbook import write_workbook
from registry.errors import ArgumentsConflicting
from registry.identifiers import LanguageTag, Notation, SchemeId, VersionTag

EDITOR: Final = "editor"
Expected = Annotated[str | None, typer.Option(help="Refuse if the draft is in another state than this.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would change, and write nothing.")]
Code = Annotated[str, typer.Argument(help="The item's code.")]


def draft_app() -> typer.Typer:
    """The commands under ``ictip draft``."""
    app = typer.Typer(no_args_is_help=True, help="Open, edit, discuss and send on the draft of a version.")
    for name, command in (
        ("open", ending(open_)),
        ("list", ending(list_)),
        ("show", ending(show)),
        ("check", ending(check)),
        ("add", ending(add)),
        ("remove", ending(remove)),
        ("relabel", ending(relabel)),
        ("translate", ending(translate)),
        ("move", ending(move)),
        ("recode", ending(recode)),
        ("deprecate", ending(deprecate)),
        ("split", ending(split)),
        ("merge", ending(merge)),
        ("explain", ending(explain)),
        ("edit", ending(edit)),
        ("import", ending(import_)),
        ("undo", ending(undo)),
        ("level", ending(level)),
        ("renumber", ending(renumber)),
        ("send", ending(send)),
        ("approve", ending(approve)),
        ("comment", ending(comment)),
        ("dispose", ending(dispose)),
        ("questionnaire", ending(questionnaire)),
        ("answers", ending(answers)),
        ("log", ending(log)),
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
            comments = await desk.stores.drafts.comments(DraftId(draft))
        lines = [*head_lines([opened.stored.head]), f"state {opened.stored.head.state}"]
        for record in opened.stored.edits:
            undone = f" (undone by {record.undone_by})" if record.undone_by else ""
            lines.append(f"{record.number} {record.actor}: {edit_text(record.edit)[:200]}{undone}  {record.reason}")
        for each in comments:
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
        return [*finding_lines(examined.findings), least], bool(examined.unmet)

    lines, is_refused = asyncio.run(act())
    for line in lines:
        typer.echo(line)
    return FAULTS_FOUND if is_refused else DONE


def add(
    draft: Draft,
    code: Code,
    label: Annotated[str, typer.Argument(help="Its preferred label, in English.")],
    parent: Annotated[str | None, typer.Option(help="The item above.")] = None,
    after: Annotated[str | None, typer.Option(help="The sibling it stands right after.")] = None,
    reason: Reason = "added",
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Add an item. Where it comes from is said by `explain`."""
    item = new_item(f"{code}={label}")
    return make(draft, [Add(item, optional_code(parent), optional_code(after))], reason, data, name)


def remove(draft: Draft, code: Code, reason: Reason = "removed", data: Data = DEFAULT_DATA, name: Name = EDITOR) -> int:
    """Remove an item. What became of it is said by `explain`."""
    return make(draft, [Remove(Notation(code))], reason, data, name)


def relabel(
    draft: Draft,
    code: Code,
    label: Annotated[str, typer.Argument(help="The new preferred label.")],
    language: Annotated[str, typer.Option(help="Its language.")] = "en",
    reason: Reason = "relabelled",
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Give an item another preferred label; labels translated from it become stale."""
    return make(draft, [Relabel(Notation(code), Label(label, LanguageTag(language)))], reason, data, name)


def translate(
    draft: Draft,
    code: Code,
    label: Annotated[str, typer.Argument(help="The label.")],
    language: Annotated[str, typer.Option(help="Its language: fr, zh-Hans.")],
    unofficial: Annotated[bool, typer.Option("--unofficial", help="Nobody official stands behind it.")] = False,
    reason: Reason = "translated",
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Give an item a label in another language."""
    status = LabelStatus.UNOFFICIAL if unofficial else LabelStatus.OFFICIAL
    told = Label(label, LanguageTag(language), status=status)
    return make(draft, [Translate(Notation(code), told)], reason, data, name)


def move(
    draft: Draft,
    code: Code,
    parent: Annotated[str | None, typer.Option(help="The item above; without it the top.")] = None,
    after: Annotated[str | None, typer.Option(help="The sibling it stands right after.")] = None,
    reason: Reason = "moved",
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Move an item and all below it."""
    return make(draft, [Move(Notation(code), optional_code(parent), optional_code(after))], reason, data, name)


def recode(
    draft: Draft,
    code: Code,
    new_code: Annotated[str, typer.Argument(help="Its new code.")],
    reason: Reason = "recoded",
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Give an item another code; it keeps its meaning."""
    return make(draft, [Recode(Notation(code), Notation(new_code))], reason, data, name)


def deprecate(
    draft: Draft,
    code: Code,
    successors: Annotated[list[str], typer.Argument(help="What is to be used instead.")],
    reason: Reason = "deprecated",
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Keep an item, and say what is to be used instead."""
    return make(draft, [Deprecate(Notation(code), codes(successors))], reason, data, name)


def split(
    draft: Draft,
    code: Code,
    part: Annotated[list[str], typer.Option(help="A part: CODE=LABEL. Give two or more.")],
    keep: Annotated[bool, typer.Option("--keep", help="The item stays above its parts, as their sum.")] = False,
    reason: Reason = "split",
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Split an item into parts."""
    return make(draft, [Split(Notation(code), tuple(map(new_item, part)), keep)], reason, data, name)


def merge(
    draft: Draft,
    merged: Annotated[list[str], typer.Argument(help="The codes to merge.")],
    into: Annotated[str, typer.Option(help="The new item: CODE=LABEL.")],
    reason: Reason = "merged",
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Merge items of one level into a new one."""
    return make(draft, [Merge(codes(merged), new_item(into))], reason, data, name)


def explain(
    draft: Draft,
    kind: Annotated[AssociationKind, typer.Argument(help="What happened.")],
    old: Annotated[list[str] | None, typer.Option(help="A code of the old version.")] = None,
    new: Annotated[list[str] | None, typer.Option(help="A code of the new version.")] = None,
    reason: Reason = "explained",
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """State an association of the correspondence: what became of old codes, where new ones come from."""
    association = Association(codes(old or []), codes(new or []), kind, reason=reason)
    return make(draft, [Explain(association)], reason, data, name)


def level(
    draft: Draft,
    depth: Annotated[int, typer.Argument(help="1 the most general.")],
    label: Annotated[str, typer.Argument(help="Its name, in English.")],
    pattern: Annotated[str | None, typer.Option(help="A regular expression that its codes match.")] = None,
    reason: Reason = "level declared",
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Declare a level, or describe it anew."""
    declared = Level(depth, (Label(label, LanguageTag("en")),), pattern)
    return make(draft, [DeclareLevel(declared)], reason, data, name)


def renumber(
    draft: Draft,
    tag: Annotated[str, typer.Argument(help="The number: 2.0.")],
    reason: Reason = "renumbered",
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Release the draft under another number than it was opened with."""
    return make(draft, [Renumber(VersionTag(tag))], reason, data, name)


def edit(
    draft: Draft,
    file: Annotated[Path, typer.Argument(help="JSON: one edit, or a list; docs/revision.md tells their fields.")],
    reason: Reason,
    dry_run: DryRun = False,
    expected: Expected = None,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Make edits told in JSON, all or none."""
    return make(draft, read_edits(file), reason, data, name, dry_run=dry_run, expected=expected)


def import_(
    draft: Draft,
    file: Annotated[Path, typer.Argument(help="Turtle, N-Triples, JSON-LD, CSV or XLSX: the whole version.")],
    reason: Reason,
    accept: Annotated[
        str | None, typer.Option(help="The state that the dry run told: write it. Without it nothing is written.")
    ] = None,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Replace the draft's content by a file: first a dry run with faults and diff, then with ``--accept STATE``.

    Exit code 1 says that the file has faults.
    """

    async def act() -> tuple[list[str], bool]:
        async with open_desk(data, name) as desk:
            opened = await replay(desk.stores, DraftId(draft))
            restated, faults = read_restated(file, opened.content.version)
            if restated is None:
                return list(faults), True
            state = accept or opened.stored.head.state
            made = await edit_draft(
                desk.stores, DraftId(draft), [restated], expected=state, reason=reason, actor=desk.actor,
                stamp=stamped(), dry_run=accept is None,
            )  # fmt: skip
            follow = [f"nothing was written; accept it with --accept {state}"] if accept is None else []
            return [*faults, diff_to_markdown(made.diff), *follow], False

    lines, is_faulty = asyncio.run(act())
    for line in lines:
        typer.echo(line)
    return FAULTS_FOUND if is_faulty else DONE


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
    reason: Reason = "sent on",
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Send a draft into another stage."""

    async def act() -> Stage:
        async with open_desk(data, name) as desk:
            head = (await desk.stores.drafts.read(DraftId(draft))).head
            moved = await move_draft(
                desk.stores, head.id, to, expected=head.state, reason=reason, actor=desk.actor, stamp=stamped()
            )
            return moved.stage

    typer.echo(asyncio.run(act()))
    return DONE


def approve(draft: Draft, data: Data = DEFAULT_DATA, name: Name = "reviewer") -> int:
    """Approve the draft's present state; the approval falls with the next edit."""

    async def act() -> str:
        async with open_desk(data, name) as desk:
            head = (await desk.stores.drafts.read(DraftId(draft))).head
            approval = await approve_draft(desk.stores, head.id, expected=head.state, actor=desk.actor, stamp=stamped())
            return approval.actor

    typer.echo(f"approved by {asyncio.run(act())}")
    return DONE


def comment(
    draft: Draft,
    text: Annotated[str, typer.Argument(help="What is said.")],
    organisation: Annotated[str, typer.Option(help="Who says it; its last answer on a place counts.")],
    code: Annotated[str | None, typer.Option(help="On which item; without it on the whole.")] = None,
    language: Annotated[str, typer.Option(help="In which language.")] = "en",
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Record an organisation's comment."""
    said = Said(text, organisation, optional_code(code), LanguageTag(language))

    async def act() -> str:
        async with open_desk(data, name) as desk:
            [kept] = await comment_draft(desk.stores, DraftId(draft), [said], actor=desk.actor, stamp=stamped())
            return kept.id

    typer.echo(asyncio.run(act()))
    return DONE


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
    data: Data = DEFAULT_DATA,
) -> int:
    """Write a questionnaire about the draft's changes, to be filled in and brought back by `answers`."""

    async def act() -> list[list[str]]:
        async with open_desk(data, EDITOR) as desk:
            examined = await examine_draft(desk.stores, DraftId(draft), actor=desk.actor, stamp=stamped())
        return consultation.questionnaire(examined.version, examined.diff, organisation=organisation, language=language)

    write_bytes(out, write_workbook(asyncio.run(act()), name="questionnaire"))
    return DONE


def answers(
    draft: Draft,
    file: Annotated[Path, typer.Argument(help="The questionnaire that came back: XLSX or CSV.")],
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Record the answers of a questionnaire, all or none. Exit code 1 says that it has faults."""
    read = consultation.read_answers(TABLES.get(file.suffix, read_csv)(read_bytes(file), source=file.name))
    for fault in read.faults:
        typer.echo(str(fault))
    if read.faults:
        return FAULTS_FOUND

    async def act() -> int:
        async with open_desk(data, name) as desk:
            kept = await comment_draft(desk.stores, DraftId(draft), read.said, actor=desk.actor, stamp=stamped())
            return len(kept)

    typer.echo(f"{asyncio.run(act()) if read.said else 0} answers recorded")
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


def make(
    draft: str,
    edits: Sequence[Edit],
    reason: str,
    data: Path,
    name: str,
    *,
    dry_run: bool = False,
    expected: str | None = None,
) -> int:
    """Make the edits and print what they changed."""

    async def act() -> tuple[SchemeDiff, str]:
        async with open_desk(data, name) as desk:
            head = (await desk.stores.drafts.read(DraftId(draft))).head
            made = await edit_draft(
                desk.stores, head.id, edits, expected=expected or head.state, reason=reason, actor=desk.actor,
                stamp=stamped(), dry_run=dry_run,
            )  # fmt: skip
            return made.diff, made.draft.stored.head.state

    diff, state = asyncio.run(act())
    for change in diff.changes:
        typer.echo(f"{change.kind}: {', '.join(change.old or change.new)}")
    typer.echo(f"state {state}" + (" (nothing was written)" if dry_run else ""))
    return DONE


def new_item(text: str) -> NewItem:
    """``5.4.1=Online scams`` as an item with a fresh identity."""
    code, mark, label = text.partition("=")
    if not mark or not label.strip():
        raise ArgumentsConflicting(arguments="CODE=LABEL", rule="give a code, an equals sign and an English label")
    return NewItem(Notation(code), fresh_identity(), (Label(label.strip(), LanguageTag("en")),))


def codes(texts: Sequence[str]) -> tuple[Notation, ...]:
    """Texts as codes."""
    return tuple(map(Notation, texts))


def optional_code(text: str | None) -> Notation | None:
    """A text as a code, if there is one."""
    return Notation(text) if text is not None else None
