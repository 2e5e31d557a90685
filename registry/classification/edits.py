"""The typed edits a draft is made of: what an editor says, as values.

Lives here: the edits. Elsewhere: what each does to a draft (``editing``), who may edit and when (``lifecycle``), their
texts (``edit_records``), whole files as one edit (``table_import``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.classification.model import (
    Association,
    Label,
    Level,
    Match,
    Note,
    SchemeVersion,
    Standing,
    VariableFacts,
)
from registry.identifiers import LanguageTag, Notation, SchemeId, VersionTag


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as an editor gives it; its place and URI follow from the edit."""

    code: Notation
    identity: str
    labels: tuple[Label, ...]
    notes: tuple[Note, ...] = ()
    residual: bool = False
    variable: VariableFacts | None = None
    """In a scheme of variables: what kind of variable it is."""


@dataclass(frozen=True, slots=True)
class Add:
    """A new item, last under its parent or right after a sibling."""

    item: NewItem
    parent: Notation | None = None
    after: Notation | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """An item goes, with no code of its own in the new version. What became of it is said by `Explain`."""

    code: Notation


@dataclass(frozen=True, slots=True)
class Relabel:
    """The label of its kind and language is now this one; a preferred one in the source language makes others stale."""

    code: Notation
    label: Label


@dataclass(frozen=True, slots=True)
class Translate:
    """A label in another language than the source's, official or not; it is not stale any more."""

    code: Notation
    label: Label


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """``old`` gives way to ``new``; without the one it is added, without the other removed."""

    code: Notation
    old: Note | None = None
    new: Note | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """An item and all below go under another parent, last or right after a sibling."""

    code: Notation
    parent: Notation | None = None
    after: Notation | None = None


@dataclass(frozen=True, slots=True)
class Recode:
    """The same item under another code."""

    code: Notation
    new_code: Notation


@dataclass(frozen=True, slots=True)
class Deprecate:
    """An item is still there but not to be used; its successors are."""

    code: Notation
    successors: tuple[Notation, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Parts take an item's place; with ``keep`` they come below it, and it keeps code and meaning as their sum."""

    code: Notation
    parts: tuple[NewItem, ...]
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """One new item takes the place of several of one level (its code may be one of theirs)."""

    codes: tuple[Notation, ...]
    into: NewItem


@dataclass(frozen=True, slots=True)
class LinkItem:
    """A match with an item of another scheme is stated."""

    code: Notation
    match: Match


@dataclass(frozen=True, slots=True)
class UnlinkItem:
    """A match is taken back."""

    code: Notation
    match: Match


@dataclass(frozen=True, slots=True)
class Explain:
    """An association of the correspondence from the base: what became of codes, or where codes come from."""

    association: Association


@dataclass(frozen=True, slots=True)
class DeclareLevel:
    """A level is added, or described anew."""

    level: Level


@dataclass(frozen=True, slots=True)
class Describe:
    """Facts of the version itself; None leaves one as it is."""

    titles: tuple[Label, ...] | None = None
    standing: Standing | None = None
    sources: tuple[str, ...] | None = None
    publisher: str | None = None
    rights: str | None = None
    printed_version: str | None = None
    required_languages: tuple[LanguageTag, ...] | None = None
    in_force_from: date | None = None


@dataclass(frozen=True, slots=True)
class Renumber:
    """The draft is to be released under another number."""

    tag: VersionTag


@dataclass(frozen=True, slots=True)
class Bind:
    """From a day on a variable of the scheme takes its codes from a version of a list; released with the draft.

    An earlier binding holds to the day before.
    """

    variable: Notation
    list_scheme: SchemeId
    list_version: VersionTag
    valid_from: date


@dataclass(frozen=True, slots=True)
class Restate:
    """The whole content anew, from a file; its diff was seen and accepted."""

    content: SchemeVersion


Edit = (
    Add
    | Remove
    | Relabel
    | Translate
    | ChangeNote
    | Move
    | Recode
    | Deprecate
    | Split
    | Merge
    | LinkItem
    | UnlinkItem
    | Explain
    | DeclareLevel
    | Describe
    | Renumber
    | Bind
    | Restate
)
