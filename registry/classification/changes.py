"""The words of a diff: kinds of change, how much each matters, and the least version number it asks for.

Lives here: the values and the rules of severity. Elsewhere: finding changes and applying them (``diff``), writing
them out (``report``), refusing a release whose number is too small (``lifecycle``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from registry.classification.model import (
    Collection,
    Concept,
    Label,
    LabelKind,
    Level,
    Match,
    Note,
    NoteKind,
    OtherNotation,
    VariableFacts,
)
from registry.identifiers import Notation, SchemeId, VersionTag


class ChangeKind(StrEnum):
    """What happened, from the old version to the new one."""

    ADDED = "added"
    REMOVED = "removed"
    RECODED = "recoded"
    SPLIT = "split"
    MERGED = "merged"
    REARRANGED = "rearranged"
    """Parts of several old items make several new ones."""
    WIDENED = "widened"
    NARROWED = "narrowed"
    CODE_REUSED = "code reused"
    """The same code stands for another meaning."""
    MOVED = "moved"
    STATUS_CHANGED = "status changed"
    RELABELLED = "relabelled"
    NOTE_CHANGED = "note changed"
    LINK_CHANGED = "link changed"
    FACT_CHANGED = "fact changed"
    REORDERED = "reordered"
    LEVEL_CHANGED = "level changed"
    COLLECTION_CHANGED = "collection changed"
    VARIABLE_CHANGED = "variable changed"
    SCHEME_CHANGED = "scheme changed"


class Severity(StrEnum):
    """What a change does to those who hold codes of the old version."""

    BREAKING = "breaking"
    """A stored code is gone or means something else."""
    CAUTION = "caution"
    """Stored codes still hold; what is read, added up or offered with them changes."""
    SAFE = "safe"


class Step(IntEnum):
    """Which number of ``major.minor.edition`` must grow; the larger includes the smaller."""

    NONE = 0
    EDITION = 1
    MINOR = 2
    MAJOR = 3


Value = (
    str
    | int
    | date
    | tuple[str, ...]
    | tuple[Label, ...]
    | tuple[Note, ...]
    | tuple[Match, ...]
    | tuple[OtherNotation, ...]
    | Level
    | Collection
    | VariableFacts
    | tuple[Level, ...]
    | tuple[Collection, ...]
    | tuple[VariableFacts, ...]
    | None
)
"""Whatever a field of a concept, a part or a version may hold."""


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """One field's value on each side, as its own version says it.

    ``field`` is the model's own name. For a part of a version (level, collection, variable) it is that part's key and
    the values are whole parts, None on the side that lacks it.
    """

    field: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``old`` and ``new`` are codes of each side; ``old_labels`` and ``new_labels`` go with them.

    ::

        added          new, concept (whole), after (the code that stands before it in the new order, None the first)
        removed        old, concept (whole)
        reordered      old, new, after
        recoded        old, new
        split, merged, rearranged, widened, narrowed, code reused          old, new, reason
        moved, status, relabelled, note, link, fact, ... changed           old, new, edits
    """

    kind: ChangeKind
    severity: Severity
    step: Step
    old: tuple[Notation, ...] = ()
    new: tuple[Notation, ...] = ()
    old_labels: tuple[str, ...] = ()
    new_labels: tuple[str, ...] = ()
    edits: tuple[FieldEdit, ...] = ()
    concept: Concept | None = None
    after: Notation | None = None
    derived: bool = False
    """Rolled up from the levels below; declared by nobody."""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SchemeDiff:
    """Everything that differs between two versions of one scheme: the gravest first, then in the new order."""

    scheme: SchemeId
    old: VersionTag
    new: VersionTag
    old_uri: str
    new_uri: str
    old_digest: str
    changes: tuple[Change, ...]

    @property
    def step(self) -> Step:
        """The largest step that any change asks for."""
        return max((change.step for change in self.changes), default=Step.NONE)

    @property
    def severity(self) -> Severity:
        """The gravest of all."""
        return min((change.severity for change in self.changes), key=GRAVITY.__getitem__, default=Severity.SAFE)

    @property
    def least_version(self) -> VersionTag:
        """The smallest number that the new version may bear."""
        return least_version(self.old, self.step)

    def counts(self) -> Mapping[ChangeKind, int]:
        """How many changes of each kind there are."""
        return Counter(change.kind for change in self.changes)

    def of(self, *kinds: ChangeKind) -> tuple[Change, ...]:
        """The changes of those kinds."""
        return tuple(change for change in self.changes if change.kind in kinds)


GRAVITY: Final[Mapping[Severity, int]] = MappingProxyType({Severity.BREAKING: 0, Severity.CAUTION: 1, Severity.SAFE: 2})

RULES: Final[Mapping[ChangeKind, tuple[Severity, Step]]] = MappingProxyType(
    {
        ChangeKind.ADDED: (Severity.CAUTION, Step.MINOR),
        ChangeKind.REMOVED: (Severity.BREAKING, Step.MAJOR),
        ChangeKind.RECODED: (Severity.BREAKING, Step.MAJOR),
        ChangeKind.SPLIT: (Severity.BREAKING, Step.MAJOR),
        ChangeKind.MERGED: (Severity.BREAKING, Step.MAJOR),
        ChangeKind.REARRANGED: (Severity.BREAKING, Step.MAJOR),
        ChangeKind.WIDENED: (Severity.BREAKING, Step.MAJOR),
        ChangeKind.NARROWED: (Severity.BREAKING, Step.MAJOR),
        ChangeKind.CODE_REUSED: (Severity.BREAKING, Step.MAJOR),
        ChangeKind.MOVED: (Severity.CAUTION, Step.MINOR),
        ChangeKind.STATUS_CHANGED: (Severity.CAUTION, Step.MINOR),
        ChangeKind.RELABELLED: (Severity.CAUTION, Step.EDITION),
        ChangeKind.NOTE_CHANGED: (Severity.CAUTION, Step.MINOR),
        ChangeKind.LINK_CHANGED: (Severity.CAUTION, Step.EDITION),
        ChangeKind.FACT_CHANGED: (Severity.CAUTION, Step.MINOR),
        ChangeKind.REORDERED: (Severity.SAFE, Step.EDITION),
        ChangeKind.LEVEL_CHANGED: (Severity.CAUTION, Step.MINOR),
        ChangeKind.COLLECTION_CHANGED: (Severity.CAUTION, Step.MINOR),
        ChangeKind.VARIABLE_CHANGED: (Severity.CAUTION, Step.MINOR),
        ChangeKind.SCHEME_CHANGED: (Severity.SAFE, Step.EDITION),
    }
)
"""By kind, where `weigh` knows no milder or graver case. Minor: every stored code still means what it meant."""

SUBDIVIDED: Final = (Severity.CAUTION, Step.MINOR)
"""A split whose whole keeps its code and meaning above the parts: records coded before still hold."""

BOOKKEEPING: Final = frozenset({"status", "follows", "issued", "in_force_from", "in_force_to", "printed_version"})
"""Fields of a version that its release sets: they ask for no number."""

MEANING_NOTES: Final = frozenset({NoteKind.DEFINITION, NoteKind.INCLUSION, NoteKind.ADDITIONAL, NoteKind.EXCLUSION})
"""Notes that say what belongs to an item; the others comment on it."""

MILD: Final = (Severity.SAFE, Step.EDITION)


def weigh(kind: ChangeKind, edits: Sequence[FieldEdit]) -> tuple[Severity, Step]:
    """Severity and step of one change of a kept item, version or part."""
    if kind is ChangeKind.RELABELLED and all(keeps_preferred(edit) for edit in edits):
        return MILD
    if kind is ChangeKind.NOTE_CHANGED and all(keeps_meaning(edit) for edit in edits):
        return MILD
    if kind is ChangeKind.STATUS_CHANGED and any(edit.after == "withdrawn" for edit in edits):
        return Severity.BREAKING, Step.MAJOR
    if kind is ChangeKind.VARIABLE_CHANGED and any(changes_kind(edit) for edit in edits):
        return Severity.BREAKING, Step.MAJOR
    if kind in (ChangeKind.COLLECTION_CHANGED, ChangeKind.LEVEL_CHANGED) and all(keeps_members(edit) for edit in edits):
        return MILD
    if kind is ChangeKind.FACT_CHANGED and all(edit.field in NAMING_FACTS for edit in edits):
        return MILD
    if kind is ChangeKind.SCHEME_CHANGED and all(edit.field in BOOKKEEPING for edit in edits):
        return Severity.SAFE, Step.NONE
    return RULES[kind]


NAMING_FACTS: Final = frozenset({"other_notations", "printed_references"})
"""Facts of an item that do not touch what it means."""


def keeps_preferred(edit: FieldEdit) -> bool:
    """Whether every preferred label of before is still there: languages or synonyms were added, no name changed."""
    return preferred(edit.before) <= preferred(edit.after)


def preferred(labels: Value) -> set[tuple[str, str]]:
    """Language and text of each preferred label."""
    found = labels if isinstance(labels, tuple) else ()
    return {
        (each.language, each.text) for each in found if isinstance(each, Label) and each.kind is LabelKind.PREFERRED
    }


def keeps_meaning(edit: FieldEdit) -> bool:
    """Whether no note that says what belongs to the item changed, in any language that had one before."""
    before, after = meaning_notes(edit.before), meaning_notes(edit.after)
    spoken = {language for language, _, _ in before}
    return before <= after and (not before or all(language not in spoken for language, _, _ in after - before))


def meaning_notes(notes: Value) -> set[tuple[str, str, str]]:
    """Language, kind and text of each note that says what belongs to an item."""
    found = notes if isinstance(notes, tuple) else ()
    return {(each.language, each.kind, each.text) for each in found if isinstance(each, Note) and is_meaning(each)}


def is_meaning(note: Note) -> bool:
    """Whether the note says what belongs to the item."""
    return note.kind in MEANING_NOTES


def changes_kind(edit: FieldEdit) -> bool:
    """Whether a variable takes another kind of value, or is gone."""
    before, after = edit.before, edit.after
    if not isinstance(before, VariableFacts):
        return False
    return not isinstance(after, VariableFacts) or (before.kind, before.describes) != (after.kind, after.describes)


def keeps_members(edit: FieldEdit) -> bool:
    """Whether only the words of a collection or level changed."""
    before, after = edit.before, edit.after
    if isinstance(before, Collection) and isinstance(after, Collection):
        return set(before.members) == set(after.members)
    return isinstance(before, Level) and isinstance(after, Level) and before.notation_pattern == after.notation_pattern


def least_version(old: VersionTag, step: Step) -> VersionTag:
    """The smallest tag after ``old`` that shows a step of that size; ``old`` itself for none.

    Before 1.0 nothing is promised yet, so there a breaking change asks for the next minor number only (Semantic
    Versioning 2.0.0, clause 4).
    """
    major, minor, edition = (*old.numbers, 0)[:3]
    match step:
        case Step.NONE:
            return old
        case Step.EDITION:
            return VersionTag(f"{major}.{minor}.{edition + 1}")
        case Step.MAJOR if major > 0:
            return VersionTag(f"{major + 1}.0")
        case _:
            return VersionTag(f"{major}.{minor + 1}")


def fits(tag: VersionTag, old: VersionTag, step: Step) -> bool:
    """Whether the tag is large enough, later than ``old``, and no edition of a version that does not exist yet."""
    padded = (*tag.numbers, 0)[:3]
    is_later = padded > (*old.numbers, 0)[:3]
    is_edition = len(tag.numbers) == 3
    begins_version = tag.version != old.version
    return is_later and padded >= (*least_version(old, step).numbers, 0)[:3] and not (is_edition and begins_version)
