"""``ictip draft add``, ``split``, ``import`` ...: one command an edit.

Lives here: edits as words of a command line. Elsewhere: the edits (``registry.classification.edits``), files of edits
and whole versions (``draft_files``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from graphql_api.cli.console import DONE, FAULTS_FOUND
from graphql_api.cli.draft_files import read_edits, read_file_delivery
from graphql_api.cli.revising import DEFAULT_DATA, EDITOR, Data, Draft, Expected, Name, Reason, open_desk
from graphql_api.cli.vocabularies import finding_lines
from graphql_api.context import fresh_identity, stamped
from registry.classification.changes import SchemeDiff
from registry.classification.draft_actions import (
    edit_draft,
    replay,
)
from registry.classification.draft_model import DraftId
from registry.classification.edits import (
    Add,
    Bind,
    ChangeNote,
    DeclareLevel,
    Deprecate,
    Edit,
    Explain,
    LinkItem,
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
from registry.classification.model import (
    Association,
    AssociationKind,
    Label,
    LabelStatus,
    Level,
    Match,
    MatchKind,
    Note,
    NoteKind,
)
from registry.classification.report import diff_to_markdown
from registry.errors import ArgumentsConflicting
from registry.identifiers import LanguageTag, Notation, SchemeId, VersionTag
from registry.storage.rdf.delivery import fault_lines

DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would change, and write nothing.")]
Code = Annotated[str, typer.Argument(help="The item's code.")]


def add(
    draft: Draft,
    code: Code,
    label: Annotated[str, typer.Argument(help="Its preferred label, in English.")],
    reason: Reason,
    parent: Annotated[str | None, typer.Option(help="The item above.")] = None,
    after: Annotated[str | None, typer.Option(help="The sibling it stands right after.")] = None,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Add an item. Where it comes from is said by `explain`."""
    item = new_item(f"{code}={label}")
    return make(draft, [Add(item, optional_code(parent), optional_code(after))], reason, data, name)


def remove(draft: Draft, code: Code, reason: Reason, data: Data = DEFAULT_DATA, name: Name = EDITOR) -> int:
    """Remove an item. What became of it is said by `explain`."""
    return make(draft, [Remove(Notation(code))], reason, data, name)


def relabel(
    draft: Draft,
    code: Code,
    label: Annotated[str, typer.Argument(help="The new preferred label.")],
    reason: Reason,
    language: Annotated[str, typer.Option(help="Its language.")] = "en",
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
    reason: Reason,
    unofficial: Annotated[bool, typer.Option("--unofficial", help="Nobody official stands behind it.")] = False,
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
    reason: Reason,
    parent: Annotated[str | None, typer.Option(help="The item above; without it the top.")] = None,
    after: Annotated[str | None, typer.Option(help="The sibling it stands right after.")] = None,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Move an item and all below it."""
    return make(draft, [Move(Notation(code), optional_code(parent), optional_code(after))], reason, data, name)


def recode(
    draft: Draft,
    code: Code,
    new_code: Annotated[str, typer.Argument(help="Its new code.")],
    reason: Reason,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Give an item another code; it keeps its meaning."""
    return make(draft, [Recode(Notation(code), Notation(new_code))], reason, data, name)


def deprecate(
    draft: Draft,
    code: Code,
    successors: Annotated[list[str], typer.Argument(help="What is to be used instead.")],
    reason: Reason,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Keep an item, and say what is to be used instead."""
    return make(draft, [Deprecate(Notation(code), codes(successors))], reason, data, name)


def split(
    draft: Draft,
    code: Code,
    part: Annotated[list[str], typer.Option(help="A part: CODE=LABEL. Give two or more.")],
    reason: Reason,
    keep: Annotated[bool, typer.Option("--keep", help="The item stays above its parts, as their sum.")] = False,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Split an item into parts."""
    return make(draft, [Split(Notation(code), tuple(map(new_item, part)), keep)], reason, data, name)


def merge(
    draft: Draft,
    merged: Annotated[list[str], typer.Argument(help="The codes to merge.")],
    into: Annotated[str, typer.Option(help="The new item: CODE=LABEL.")],
    reason: Reason,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Merge items of one level into a new one."""
    return make(draft, [Merge(codes(merged), new_item(into))], reason, data, name)


def explain(
    draft: Draft,
    kind: Annotated[AssociationKind, typer.Argument(help="What happened.")],
    reason: Reason,
    old: Annotated[list[str] | None, typer.Option(help="A code of the old version.")] = None,
    new: Annotated[list[str] | None, typer.Option(help="A code of the new version.")] = None,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """State an association of the correspondence: what became of old codes, where new ones come from."""
    association = Association(codes(old or []), codes(new or []), kind, reason=reason)
    return make(draft, [Explain(association)], reason, data, name)


def note(
    draft: Draft,
    code: Code,
    text: Annotated[str, typer.Argument(help="The note.")],
    reason: Reason,
    kind: Annotated[NoteKind, typer.Option(help="What it explains.")] = NoteKind.SCOPE,
    language: Annotated[str, typer.Option(help="Its language.")] = "en",
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Add a note to an item. Taking one back is an edit in JSON: `ChangeNote`."""
    told = Note(text, LanguageTag(language), kind)
    return make(draft, [ChangeNote(Notation(code), new=told)], reason, data, name)


def link(
    draft: Draft,
    code: Code,
    kind: Annotated[MatchKind, typer.Argument(help="How near the two are in meaning.")],
    target: Annotated[str, typer.Argument(help="The URI of an item of another scheme: ICCS, ISIC.")],
    reason: Reason,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """State how an item matches one of another scheme."""
    return make(draft, [LinkItem(Notation(code), Match(kind, target))], reason, data, name)


def bind(
    draft: Draft,
    variable: Annotated[str, typer.Argument(help="The variable's code, in a draft of a scheme of variables.")],
    codelist: Annotated[str, typer.Argument(help="The list's version: event-status@1.0.")],
    valid_from: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day.")],
    reason: Reason,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Let a variable take its codes from a version of a list, from a day on."""
    scheme, _, version = codelist.partition("@")
    bound = Bind(Notation(variable), SchemeId(scheme), VersionTag(version), valid_from.date())
    return make(draft, [bound], reason, data, name)


def level(
    draft: Draft,
    depth: Annotated[int, typer.Argument(help="1 the most general.")],
    label: Annotated[str, typer.Argument(help="Its name, in English.")],
    reason: Reason,
    pattern: Annotated[str | None, typer.Option(help="A regular expression that its codes match.")] = None,
    data: Data = DEFAULT_DATA,
    name: Name = EDITOR,
) -> int:
    """Declare a level, or describe it anew."""
    declared = Level(depth, (Label(label, LanguageTag("en")),), pattern)
    return make(draft, [DeclareLevel(declared)], reason, data, name)


def renumber(
    draft: Draft,
    tag: Annotated[str, typer.Argument(help="The number: 2.0.")],
    reason: Reason,
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
            delivery = read_file_delivery(file, opened.content.version)
            if delivery.edit is None:
                return list(fault_lines(delivery.faults)), True
            state = accept or opened.stored.head.state
            made = await edit_draft(
                desk.stores, DraftId(draft), [delivery.edit], expected=state, reason=reason, actor=desk.actor,
                stamp=stamped(), dry_run=accept is None,
            )  # fmt: skip
            follow = [f"nothing was written; accept it with --accept {state}"] if accept is None else []
            return [*finding_lines(delivery.notices), diff_to_markdown(made.diff), *follow], False

    lines, is_faulty = asyncio.run(act())
    for line in lines:
        typer.echo(line)
    return FAULTS_FOUND if is_faulty else DONE


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
        parts = [each.field for each in change.edits]
        typer.echo(f"{change.kind}: {', '.join(change.old or change.new or parts)}")
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
