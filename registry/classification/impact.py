"""What a new version does to those who hold codes of the old one, before they take it over.

Lives here: a consumer's own list of codes sorted by what can be done with each, and links that go stale. Elsewhere: the
answers it rests on (``translation``, ``diff``), stored records (``registry.cases``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from registry.access import policy
from registry.access.actor import Actor, Right
from registry.classification.catalogue import LATEST, Catalogue, CompiledVersion, VersionChoice
from registry.classification.changes import ChangeKind, SchemeDiff
from registry.classification.correspondence import index_links, key_of, roll_up
from registry.classification.diff import diff_versions
from registry.classification.lifecycle import whole_correspondence
from registry.classification.model import Association, SchemeVersion
from registry.classification.revision_queries import MOST_CODES, correspondence_between, find_version
from registry.classification.translation import KnownCodes, Outcome, Translation, translate
from registry.errors import ArgumentsConflicting
from registry.identifiers import Notation


class Treatment(StrEnum):
    """What a consumer does with a code it holds."""

    UNCHANGED = "unchanged"
    """The same code, the same meaning."""
    AUTOMATIC = "automatic"
    """Another code or a wider one, by rule."""
    PERSON = "needs a person"
    """Several targets, a part, or none: somebody who knows the record decides."""
    REUSED = "reused"
    """Danger: the code is still there and means something else; left alone it lies."""
    UNKNOWN = "unknown"
    """The old version has no such code."""


@dataclass(frozen=True, slots=True)
class CodeImpact:
    """One code held: what to do, and what it may become. ``kinds`` are the changes that touch it.

    ``rule`` is the one code that a record gets by rule, itself where nothing changes; None where a person decides.
    """

    code: Notation
    label: str
    treatment: Treatment
    targets: tuple[Notation, ...]
    kinds: tuple[ChangeKind, ...]
    rule: Notation | None = None


@dataclass(frozen=True, slots=True)
class StaleLink:
    """A link of another released version to an item that changed; ``owner`` is that version's publisher."""

    source: str
    target: str
    kinds: tuple[ChangeKind, ...]
    owner: str


@dataclass(frozen=True, slots=True)
class StaleAssociation:
    """An association between the old version and another scheme, whole, of which some codes changed.

    ``place`` counts from 1 in its correspondence; ``changed`` are the codes of the old version, in the order of its
    ends. ``owner`` publishes the version that the correspondence leads from.
    """

    correspondence: str
    place: int
    sources: tuple[Notation, ...]
    targets: tuple[Notation, ...]
    changed: tuple[Notation, ...]
    kinds: tuple[ChangeKind, ...]
    owner: str


@dataclass(frozen=True, slots=True)
class Impact:
    """What a new version does to a list of codes and to links."""

    old: SchemeVersion
    new: SchemeVersion
    codes: tuple[CodeImpact, ...]
    stale_links: tuple[StaleLink, ...]
    stale_associations: tuple[StaleAssociation, ...]

    def counts(self) -> Mapping[Treatment, int]:
        """How many codes of each treatment, every treatment named."""
        found = Counter(each.treatment for each in self.codes)
        return {treatment: found[treatment] for treatment in Treatment}


def version_impact(
    catalogue: Catalogue,
    scheme: str,
    codes: Sequence[str] = (),
    *,
    old: VersionChoice,
    new: VersionChoice = LATEST,
    actor: Actor,
) -> Impact:
    """What going from one released version to another does to the codes held; without codes, to every code."""
    policy.require(actor, Right.READ_REGISTRY)
    if len(codes) > MOST_CODES:
        raise ArgumentsConflicting(arguments="codes", rule=f"give at most {MOST_CODES}")
    before, after = catalogue.resolve(scheme, old), catalogue.resolve(scheme, new)
    correspondence, _ = correspondence_between(catalogue, before, after)
    declared = correspondence.associations if correspondence is not None else ()
    return content_impact(catalogue, before.content, after.content, declared, map(Notation, codes))


def content_impact(
    catalogue: Catalogue,
    old: SchemeVersion,
    new: SchemeVersion,
    declared: Iterable[Association],
    codes: Iterable[Notation] = (),
) -> Impact:
    """The same of any two contents: a draft that is not released yet can be asked about."""
    whole = whole_correspondence(old, new, declared)
    diff = diff_versions(old, new, whole)
    table = roll_up(index_links(whole), old, new)
    held = {concept.code for concept in old.concepts}
    offered = {concept.code for concept in new.concepts}
    asked = tuple(codes) or tuple(concept.code for concept in old.concepts)
    answers = translate(
        asked, [table], source=key_of(old), target=key_of(new), known=KnownCodes(held, offered, same_scheme=True)
    )
    kinds = kinds_by_code(diff)
    changed = changed_meanings(kinds)
    labels = {concept.code: next((each.text for each in concept.labels), "") for concept in old.concepts}
    return Impact(
        old=old,
        new=new,
        codes=tuple(
            CodeImpact(
                code=each.code,
                label=labels.get(each.code, ""),
                treatment=treat(each),
                targets=tuple(target.code for target in each.targets),
                kinds=kinds.get(each.code, ()),
                rule=each.targets[0].code if each.outcome in (Outcome.EXACT, Outcome.WIDER) else None,
            )
            for each in answers.codes
        ),
        stale_links=tuple(stale_links(catalogue, old, changed)),
        stale_associations=tuple(stale_associations(catalogue, old, changed)),
    )


TREATMENTS: Final[Mapping[Outcome, Treatment]] = MappingProxyType(
    {
        Outcome.WIDER: Treatment.AUTOMATIC,
        Outcome.CHOICE: Treatment.PERSON,
        Outcome.NO_TARGET: Treatment.PERSON,
        Outcome.UNKNOWN: Treatment.UNKNOWN,
    }
)


def treat(answer: Translation) -> Treatment:
    """What to do with a record that holds the code; a reused code comes before everything else."""
    if answer.reused:
        return Treatment.REUSED
    if answer.outcome is Outcome.EXACT:
        return Treatment.UNCHANGED if answer.targets[0].code == answer.code else Treatment.AUTOMATIC
    return TREATMENTS[answer.outcome]


def kinds_by_code(diff: SchemeDiff) -> dict[Notation, tuple[ChangeKind, ...]]:
    """The kinds of change that touch each old code, gravest first."""
    found: dict[Notation, dict[ChangeKind, None]] = {}
    for change in diff.changes:
        for code in change.old:
            found.setdefault(code, {})[change.kind] = None
    return {code: tuple(kinds) for code, kinds in found.items()}


MEANING: Final = frozenset(
    {
        ChangeKind.REMOVED,
        ChangeKind.RECODED,
        ChangeKind.SPLIT,
        ChangeKind.MERGED,
        ChangeKind.REARRANGED,
        ChangeKind.WIDENED,
        ChangeKind.NARROWED,
        ChangeKind.CODE_REUSED,
    }
)
"""Changes after which somebody should look at a link again."""


Kinds = Mapping[Notation, tuple[ChangeKind, ...]]


def changed_meanings(kinds: Mapping[Notation, Sequence[ChangeKind]]) -> Kinds:
    """The codes after whose changes somebody should look at a link again, with these changes."""
    found = {code: tuple(kind for kind in each if kind in MEANING) for code, each in kinds.items()}
    return {code: each for code, each in found.items() if each}


def stale_links(catalogue: Catalogue, old: SchemeVersion, changed: Kinds) -> Iterator[StaleLink]:
    """Matches of other schemes' versions with items whose meaning or code changed."""
    touched = {concept.uri: changed[concept.code] for concept in old.concepts if concept.code in changed}
    for scheme in catalogue.versions:
        if scheme != old.scheme:
            for version in catalogue.newest_editions(scheme):
                yield from linked_items(version, touched)


def stale_associations(catalogue: Catalogue, old: SchemeVersion, changed: Kinds) -> Iterator[StaleAssociation]:
    """What correspondences with other schemes say of codes of the version whose meaning or code changed.

    Those between versions of one scheme stay true: both versions stay.
    """
    key = key_of(old)
    for each in catalogue.correspondences:
        ends = [(scheme, tag.version) for scheme, tag in (each.source, each.target)]
        if key not in ends or ends[0][0] == ends[1][0]:
            continue
        leading = find_version(catalogue, ends[0])
        for place, association in enumerate(each.associations, start=1):
            own = association.sources if ends[0] == key else association.targets
            touched = tuple(code for code in own if code in changed)
            if touched:
                yield StaleAssociation(
                    correspondence=each.uri,
                    place=place,
                    sources=association.sources,
                    targets=association.targets,
                    changed=touched,
                    kinds=tuple(dict.fromkeys(kind for code in touched for kind in changed[code])),
                    owner=leading.publisher if leading is not None else "",
                )


def linked_items(version: CompiledVersion, touched: Mapping[str, tuple[ChangeKind, ...]]) -> Iterator[StaleLink]:
    """The version's matches with touched items."""
    for concept in version.content.concepts:
        for match in concept.matches:
            if match.target in touched:
                yield StaleLink(concept.uri, match.target, touched[match.target], version.content.publisher)
