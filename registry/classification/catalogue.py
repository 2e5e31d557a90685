"""The releases, compiled once for reading into plain frozen values: no RDF, no database, no lock.

Lives here: what every registry query reads. Elsewhere: the queries (``queries``), keeping the catalogue up to date with
the store (``current``), RDF (``registry.storage.rdf``).

::

    Catalogue                 revision, schemes ─> CompiledVersion by rising tag
      └── CompiledVersion     content (the model), positions by code, Hierarchy, labels by language, SearchIndex
            └── Item          one concept in it, with its way to its neighbours

A catalogue never changes; a newer one takes its place whole. Anything read from a `CompiledVersion` may be cached for
ever under its digest; "latest" only under the catalogue's revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

from registry.classification.hierarchy import Hierarchy, build_hierarchy
from registry.classification.model import (
    Binding,
    Collection,
    Concept,
    Correspondence,
    Label,
    LabelKind,
    ReleaseStatus,
    SchemeVersion,
)
from registry.classification.retirement import RELEASED, Retirement, Standing, standings
from registry.classification.search import SearchIndex, index_concepts
from registry.errors import ArgumentsConflicting, CodeUnknown, LanguageUnknown, SchemeUnknown, VersionUnknown
from registry.identifiers import ENGLISH, NAMESPACE, LanguageTag, Notation, SchemeId, VersionTag

MOST_PASTS: Final = 16
"""Past states of the registry kept ready; each shares its versions with the present."""

Column = tuple[Label | None, ...]
"""A label (or none) for each position."""


@dataclass(frozen=True, eq=False, repr=False)
class CompiledVersion:
    """One release, ready to read. Equal only to itself; its digest says what it is.

    ``revision`` is the registry revision that brought it; ``levels`` maps a level's depth to positions in order;
    ``preferred`` has a column of preferred labels a language; ``languages`` are those of the labels, required first.
    """

    content: SchemeVersion
    revision: int
    hierarchy: Hierarchy
    positions: Mapping[str, int]
    collections: Mapping[str, Collection]
    levels: Mapping[int, tuple[int, ...]]
    languages: tuple[LanguageTag, ...]
    preferred: Mapping[LanguageTag, Column]
    standing: Standing = RELEASED
    """Where it stands as of the catalogue that it was read from, and what is to be used instead."""
    known_at: int | None = None
    """The registry revision that the catalogue it was read from is as of; None says now."""

    @property
    def scheme(self) -> SchemeId:
        """The scheme it is a version of."""
        return self.content.scheme

    @property
    def tag(self) -> VersionTag:
        """Its full tag, edition included."""
        return self.content.version

    @property
    def successors(self) -> tuple[str, ...]:
        """URIs of what is to be used instead."""
        return tuple(f"{NAMESPACE}/{version_path(key)}" for key in self.standing.successors)

    @property
    def digest(self) -> str:
        """SHA-256 of its canonical N-Triples."""
        return self.content.digest

    @cached_property
    def index(self) -> SearchIndex:
        """What it is searched by. Made on the first search: half of the compile time, and not every worker searches."""
        return index_concepts(self.content.concepts)

    @cached_property
    def fallback(self) -> Column:
        """For each position the label in the first of the version's languages that has one."""
        return merge_columns([self.preferred[language] for language in self.languages], len(self.content.concepts))

    def item(self, code: str) -> Item:
        """The concept of that code; `CodeUnknown` when there is none. Withdrawn ones answer too."""
        position = self.positions.get(code)
        if position is None:
            raise CodeUnknown(scheme=self.scheme, version=self.tag, item=code)
        return Item(self, position)

    def items(self) -> Iterator[Item]:
        """Every concept in hierarchical order."""
        return (Item(self, position) for position in range(len(self.content.concepts)))

    def resolve_languages(self, asked: Sequence[str]) -> tuple[LanguageTag, ...]:
        """The version's languages that answer those asked for, in the asker's order.

        A tag is answered by itself, by the longer tags that begin with it (``zh`` by ``zh-Hans``: basic filtering,
        RFC 4647, 3.3.1), else by the tag that is left when its end is cut off (``es-MX`` by ``es``: lookup, 3.4).
        Nothing asked answers nothing. `LanguageUnknown` when something was asked and no tag is answered.
        """
        found = [each for tag in asked for each in self.answering_languages(LanguageTag(tag))]
        if asked and not found:
            raise LanguageUnknown(
                scheme=self.scheme,
                version=self.tag,
                language=", ".join(asked),
                available=", ".join(self.languages) or "none",
            )
        return tuple(dict.fromkeys(found))

    def answering_languages(self, tag: LanguageTag) -> Sequence[LanguageTag]:
        """The version's languages that answer one tag; empty when none does."""
        if tag in self.preferred:
            return (tag,)
        longer = [each for each in self.languages if each.startswith(tag + "-")]
        shorter = (tag.rsplit("-", count)[0] for count in range(1, tag.count("-") + 1))
        return longer or [LanguageTag(each) for each in shorter if each in self.preferred][:1]

    def choose_labels(self, resolved: Sequence[LanguageTag]) -> Column:
        """For each position the preferred label in the first of the languages, else the fallback.

        Without a gap in the first language this is its column itself, and costs nothing.
        """
        if not resolved:
            return self.fallback
        first = self.preferred[resolved[0]]
        if None not in first:
            return first
        return merge_columns([*(self.preferred[each] for each in resolved), self.fallback], len(first))


@dataclass(frozen=True, slots=True)
class Item:
    """One concept in one compiled version, with its neighbours a step away."""

    version: CompiledVersion
    position: int

    @property
    def concept(self) -> Concept:
        """What the release says of it."""
        return self.version.content.concepts[self.position]

    def label(self, languages: Sequence[str] = ()) -> Label | None:
        """The preferred label in the first of the languages that has one, else in the version's first that has.

        The label says its language, so a fallback shows. None only for a concept without preferred labels.
        """
        for language in self.version.resolve_languages(languages):
            label = self.version.preferred[language][self.position]
            if label is not None:
                return label
        return self.version.fallback[self.position]

    def parent(self) -> Item | None:
        """The item above; None at the top."""
        above = self.version.hierarchy.parents[self.position]
        return None if above is None else Item(self.version, above)

    def children(self) -> tuple[Item, ...]:
        """The items right below, in order."""
        return tuple(Item(self.version, each) for each in self.version.hierarchy.children[self.position])

    def ancestors(self) -> tuple[Item, ...]:
        """Everything above, nearest first."""
        return tuple(Item(self.version, each) for each in self.version.hierarchy.ancestors(self.position))

    def descendants(self) -> tuple[Item, ...]:
        """Everything below, a parent before its children."""
        return tuple(Item(self.version, each) for each in self.version.hierarchy.descendants(self.position))


@dataclass(frozen=True, slots=True)
class VersionChoice:
    """Which version is meant. Nothing given means the latest.

    ``version`` alone means its newest edition; with ``edition`` (0 the first) exactly that one; ``valid_on`` the
    version in force on that day. The other axis of time, what was known when, is the catalogue's (`Catalogue.past`).
    """

    version: str | None = None
    edition: int | None = None
    valid_on: date | None = None


LATEST: Final = VersionChoice()


@dataclass(frozen=True, eq=False, repr=False)
class Catalogue:
    """Everything released, as of one registry revision. Versions of a scheme stand by rising tag."""

    revision: int
    versions: Mapping[str, tuple[CompiledVersion, ...]]
    correspondences: tuple[Correspondence, ...]
    bindings: Mapping[tuple[SchemeId, Notation], tuple[Binding, ...]]
    """By scheme and code of the variable, by rising first day."""
    changes: tuple[tuple[int, int], ...] = ()
    """Instants (microseconds since 1970, UTC) and the revision that the registry came to then, rising."""
    born: Mapping[str, int] = field(default_factory=dict)
    """The revision that brought a correspondence or binding, by its URI; what is not there was there from the first."""
    retirements: tuple[Retirement, ...] = ()
    known_at: int | None = None
    """The revision that it is as of; None says now."""

    def revision_at(self, instant: int) -> int:
        """The registry's revision as it stood at that instant; 0 before the first.

        Where nobody remembers when revisions came (a catalogue of files), every instant is answered as now.
        """
        if not self.changes:
            return self.revision
        return max((revision for at, revision in self.changes if at <= instant), default=0)

    def as_known_at(self, instant: int) -> Catalogue:
        """The catalogue as it stood at that instant: what came later is not in it, and ends nothing in it."""
        return self.past(self.revision_at(instant))

    def past(self, revision: int) -> Catalogue:
        """The catalogue as of a revision; itself for one that is not past. The last few are kept."""
        if revision >= self.revision:
            return self
        if revision not in self._pasts:
            if len(self._pasts) >= MOST_PASTS:
                self._pasts.pop(next(iter(self._pasts)))
            self._pasts[revision] = self._make_past(revision)
        return self._pasts[revision]

    @cached_property
    def _pasts(self) -> dict[int, Catalogue]:
        return {}

    def _make_past(self, revision: int) -> Catalogue:
        versions = (each for versions in self.versions.values() for each in versions if each.revision <= revision)
        bindings = (each for bindings in self.bindings.values() for each in bindings)
        return compile_catalogue(
            revision,
            (replace(each, known_at=revision) for each in versions),
            (each for each in self.correspondences if self.born.get(each.uri, 0) <= revision),
            (each for each in bindings if self.born.get(each.uri, 0) <= revision),
            (change for change in self.changes if change[1] <= revision),
            born=self.born,
            retirements=(each for each in self.retirements if each.revision <= revision),
            known_at=revision,
        )

    @cached_property
    def identities(self) -> Mapping[str, tuple[Item, ...]]:
        """The items that share an identity, by its URI: newest version first, one edition of each version."""
        found: dict[str, list[Item]] = {}
        for scheme in self.versions:
            for version in self.newest_editions(scheme):
                for position, concept in enumerate(version.content.concepts):
                    if concept.identity is not None:
                        found.setdefault(concept.identity, []).append(Item(version, position))
        return {identity: tuple(items) for identity, items in found.items()}

    def scheme_versions(self, scheme: str) -> tuple[CompiledVersion, ...]:
        """Every version and edition of the scheme; `SchemeUnknown` when there is none."""
        versions = self.versions.get(scheme)
        if not versions:
            raise SchemeUnknown(scheme=scheme)
        return versions

    def newest_editions(self, scheme: str) -> list[CompiledVersion]:
        """The newest edition of each version of the scheme, newest version first."""
        newest = {each.tag.version: each for each in self.scheme_versions(scheme)}
        return list(reversed(newest.values()))

    def resolve(self, scheme: str, choice: VersionChoice = LATEST) -> CompiledVersion:
        """The version meant. `SchemeUnknown`, `VersionUnknown` (with those there are) or `ArgumentsConflicting`."""
        check_choice(choice)
        versions = self.scheme_versions(scheme)
        fitting = [each for each in versions if fits(each, choice)]
        if not fitting:
            available = ", ".join(each.tag for each in versions)
            raise VersionUnknown(scheme=scheme, version=describe_choice(choice), available=available)
        return fitting[-1]

    def fitting(self, choice: VersionChoice) -> list[str]:
        """The schemes that have such a version, by id."""
        return sorted(each for each, versions in self.versions.items() if any(fits(one, choice) for one in versions))

    def variable(self, code: str) -> Item | None:
        """The newest item of the variable with that code, whichever scheme of variables it stands in."""
        for scheme in self.variable_schemes():
            version = self.resolve(scheme)
            if any(facts.code == code for facts in version.content.variables):
                return version.item(code)
        return None

    def variable_schemes(self) -> list[str]:
        """The schemes whose latest version holds variables: by id, those of IC-TIP itself first."""
        schemes = [scheme for scheme in self.fitting(LATEST) if self.resolve(scheme).content.variables]
        return sorted(schemes, key=lambda scheme: (scheme != "variables", scheme))

    def binding(self, scheme: SchemeId, variable: Notation, valid_on: date | None = None) -> Binding | None:
        """What the variable takes its codes from on that day (without one: by its newest binding)."""
        in_force = [
            binding
            for binding in self.bindings.get((scheme, variable), ())
            if valid_on is None
            or (binding.valid_from <= valid_on and (binding.valid_to is None or valid_on <= binding.valid_to))
        ]
        return in_force[-1] if in_force else None


def check_choice(choice: VersionChoice) -> None:
    """Raise `ArgumentsConflicting` when a choice says two things."""
    if choice.version is not None and choice.valid_on is not None:
        raise ArgumentsConflicting(arguments="version, validOn", rule="give one of them")
    if choice.edition is not None and (choice.version is None or choice.version.count(".") != 1):
        raise ArgumentsConflicting(arguments="edition", rule="give it together with a version such as 1.0")


def fits(version: CompiledVersion, choice: VersionChoice) -> bool:
    """Whether a version is among those meant. Drafts never are; a withdrawn one only by its own tag."""
    content = version.content
    if content.status is ReleaseStatus.DRAFT:
        return False
    if choice.version is not None:
        wanted = choice.version if not choice.edition else f"{choice.version}.{choice.edition}"
        exact = choice.edition is not None or wanted.count(".") > 1
        return wanted == (content.version if exact else content.version.version)
    if ReleaseStatus.WITHDRAWN in (content.status, version.standing.status):
        return False
    return choice.valid_on is None or in_force_on(content, choice.valid_on)


def in_force_on(content: SchemeVersion, day: date) -> bool:
    """Whether the version is in force that day; without a first day it is from when it was issued, or ever was."""
    first = content.in_force_from or content.issued
    return (first is None or first <= day) and (content.in_force_to is None or day <= content.in_force_to)


def describe_choice(choice: VersionChoice) -> str:
    """The choice in words, for an error."""
    if choice.valid_on is not None:
        return f"in force on {choice.valid_on.isoformat()}"
    if choice.version is None:
        return "not withdrawn"
    return choice.version if choice.edition is None else f"{choice.version} edition {choice.edition}"


def compile_version(content: SchemeVersion, revision: int) -> CompiledVersion:
    """The version ready to read."""
    positions: dict[str, int] = {concept.code: position for position, concept in enumerate(content.concepts)}
    levels: dict[int, list[int]] = {}
    for position, concept in enumerate(content.concepts):
        levels.setdefault(concept.level, []).append(position)
    preferred = preferred_columns(content.concepts)
    return CompiledVersion(
        content=content,
        revision=revision,
        hierarchy=build_hierarchy(content.concepts, positions),
        positions=positions,
        collections={collection.code: collection for collection in content.collections},
        levels={depth: tuple(levels[depth]) for depth in sorted(levels)},
        languages=order_languages(preferred, content.required_languages),
        preferred=preferred,
    )


def preferred_columns(concepts: Sequence[Concept]) -> dict[LanguageTag, Column]:
    """The preferred labels by language, each a column over all positions."""
    columns: dict[LanguageTag, list[Label | None]] = {}
    for position, concept in enumerate(concepts):
        for label in concept.labels:
            if label.kind is LabelKind.PREFERRED:
                columns.setdefault(label.language, [None] * len(concepts))[position] = label
    return {language: tuple(column) for language, column in columns.items()}


def order_languages(found: Iterable[LanguageTag], required: Sequence[LanguageTag]) -> tuple[LanguageTag, ...]:
    """The languages found: required ones first in their order, then English, then by tag."""
    present = set(found)
    first = [each for each in (*required, ENGLISH) if each in present]
    return tuple(dict.fromkeys([*first, *sorted(present)]))


def merge_columns(columns: Sequence[Column], length: int) -> Column:
    """For each position the first label that a column has."""
    merged: list[Label | None] = [None] * length
    for column in reversed(columns):
        merged = [label if label is not None else before for label, before in zip(column, merged, strict=True)]
    return tuple(merged)


def compile_catalogue(
    revision: int,
    versions: Iterable[CompiledVersion],
    correspondences: Iterable[Correspondence] = (),
    bindings: Iterable[Binding] = (),
    changes: Iterable[tuple[int, int]] = (),
    *,
    born: Mapping[str, int] = MappingProxyType({}),
    retirements: Iterable[Retirement] = (),
    known_at: int | None = None,
) -> Catalogue:
    """The catalogue of these releases, each version with its standing among them."""
    by_scheme: dict[SchemeId, list[CompiledVersion]] = {}
    for version in sorted(versions, key=lambda each: (each.scheme, each.tag.numbers)):
        by_scheme.setdefault(version.scheme, []).append(version)
    by_variable: dict[tuple[SchemeId, Notation], list[Binding]] = {}
    for binding in sorted(bindings, key=lambda each: each.valid_from):
        by_variable.setdefault((binding.variable_scheme, binding.variable), []).append(binding)
    ended = tuple(retirements)
    return Catalogue(
        revision=revision,
        versions={scheme: tuple(standing_versions(scheme, each, ended)) for scheme, each in by_scheme.items()},
        correspondences=tuple(sorted(correspondences, key=lambda each: each.uri)),
        bindings={variable: tuple(each) for variable, each in by_variable.items()},
        changes=tuple(sorted(changes)),
        born=born,
        retirements=ended,
        known_at=known_at,
    )


def standing_versions(
    scheme: SchemeId, versions: Sequence[CompiledVersion], retirements: Sequence[Retirement]
) -> Iterator[CompiledVersion]:
    """The versions, each as it stands among the others; one that stands as before is left as it is, index and all."""
    found = standings(scheme, [each.tag for each in versions], retirements)
    for each in versions:
        yield each if each.standing == found[each.tag] else replace(each, standing=found[each.tag])


def version_path(key: str) -> str:
    """The path that a release's URI ends in: an edition has its version's."""
    scheme, _, tag = key.partition("/")
    return f"{scheme}/{VersionTag(tag).version}"


def split_uri(uri: str) -> tuple[str, ...] | None:
    """The parts of a URI of ours after the namespace, percent-decoded; None for a foreign one."""
    if not uri.startswith(NAMESPACE + "/"):
        return None
    return tuple(unquote(part) for part in uri[len(NAMESPACE) + 1 :].split("/"))


EMPTY_CATALOGUE: Final = compile_catalogue(0, ())
