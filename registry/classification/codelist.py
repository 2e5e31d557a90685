"""A whole list in one answer: flat or as a tree, in the languages asked for.

Lives here: the choice of labels and the shape of the list. Elsewhere: which version it is of (``catalogue``), the
question as a caller puts it (``queries``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from registry.classification.catalogue import CompiledVersion
from registry.classification.model import Binding, Concept, Label
from registry.errors import ArgumentOutOfRange
from registry.identifiers import LanguageTag


class Shape(StrEnum):
    """How the entries of a list stand."""

    FLAT = "flat"
    """All in hierarchical order; ``children`` is empty."""
    TREE = "tree"
    """The topmost ones, each with its children."""


class CodelistEntry(NamedTuple):
    """One code of a list. ``label`` is the preferred one chosen, which says its language and status.

    A named tuple and no dataclass: a list of 830 is made in a third of the time.
    """

    concept: Concept
    label: Label | None
    position: int
    """Place in the version's hierarchical order, 0 the first."""
    children: tuple[CodelistEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Codelist:
    """A list and the version it was resolved to."""

    version: CompiledVersion
    shape: Shape
    level: int | None
    languages: tuple[LanguageTag, ...]
    """Those of the version that were asked for, in order; a label in any other language is a fallback."""
    binding: Binding | None
    """The binding the list was found by, when a variable was asked for."""
    entries: tuple[CodelistEntry, ...]
    total: int
    """Number of codes, children included."""


NO_ENTRIES: Final[tuple[CodelistEntry, ...]] = ()


def shape_codelist(
    version: CompiledVersion,
    languages: Sequence[str],
    *,
    shape: Shape = Shape.FLAT,
    level: int | None = None,
    binding: Binding | None = None,
) -> Codelist:
    """The list of a version. A level keeps a flat list to that level, and a tree to that level and those above.

    `LanguageUnknown` when no language asked for has labels; `ArgumentOutOfRange` when there is no such level.
    """
    resolved = version.resolve_languages(languages)
    labels = version.choose_labels(resolved)
    if level is not None and level not in version.levels:
        depths = list(version.levels) or [0]
        raise ArgumentOutOfRange(argument="level", actual=level, lowest=min(depths), highest=max(depths))
    if shape is Shape.FLAT:
        entries = flat_entries(version, labels, level)
        total = len(entries)
    else:
        entries, total = tree_entries(version, labels, level)
    return Codelist(version, shape, level, resolved, binding, entries, total)


def flat_entries(
    version: CompiledVersion, labels: Sequence[Label | None], level: int | None
) -> tuple[CodelistEntry, ...]:
    """Entries in hierarchical order."""
    concepts = version.content.concepts
    if level is None:
        return tuple(map(CodelistEntry, concepts, labels, range(len(concepts))))
    return tuple(CodelistEntry(concepts[at], labels[at], at) for at in version.levels[level])


def tree_entries(
    version: CompiledVersion, labels: Sequence[Label | None], level: int | None
) -> tuple[tuple[CodelistEntry, ...], int]:
    """The topmost entries with all below them, and their number; built from the last leaf up, without recursion."""
    concepts = version.content.concepts
    order = [at for at in version.hierarchy.preorder() if level is None or concepts[at].level <= level]
    built: dict[int, CodelistEntry] = {}
    for at in reversed(order):
        children = children_of(version.hierarchy.children[at], built)
        built[at] = CodelistEntry(concepts[at], labels[at], at, children)
    return children_of(version.hierarchy.roots, built), len(order)


def children_of(places: Sequence[int], built: Mapping[int, CodelistEntry]) -> tuple[CodelistEntry, ...]:
    """The entries already built at those places, in their order."""
    if not places:
        return NO_ENTRIES
    return tuple([built[at] for at in places if at in built])
