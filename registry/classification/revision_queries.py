"""What may be asked about how versions became each other: diffs, translations, a concept's way through versions.

Lives here: the questions over a catalogue, each for an actor. Elsewhere: the answers' making (``diff``,
``translation``), questions about one version (``queries``), drafts (``draft_actions``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from registry.access import policy
from registry.access.actor import Actor, Right
from registry.classification.catalogue import LATEST, Catalogue, CompiledVersion, Item, VersionChoice
from registry.classification.changes import ChangeKind, SchemeDiff
from registry.classification.correspondence import LinkTable, Relation, VersionKey, index_links, key_of, roll_up
from registry.classification.diff import diff_versions
from registry.classification.model import Association, AssociationKind, Correspondence, SchemeVersion
from registry.classification.translation import (
    KnownCodes,
    Outcome,
    SetTranslation,
    Translation,
    find_way,
    translate,
)
from registry.errors import ArgumentsConflicting, TranslationUnavailable
from registry.identifiers import Notation

MOST_CODES: Final = 5_000
"""Codes of one translation: more than any scheme we ship, areas included, has in one list."""


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """A diff with the two versions it is between, and how its correspondence was come by."""

    old: CompiledVersion
    new: CompiledVersion
    diff: SchemeDiff
    correspondences: tuple[str, ...]
    """URIs of those followed; none where the two are compared by identity and code alone."""


@dataclass(frozen=True, slots=True)
class CodeTranslation:
    """One code's translation, with the items at both ends for their labels."""

    answer: Translation
    source: Item | None
    targets: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class TranslationAnswer:
    """Codes of one version in the words of another."""

    source: CompiledVersion
    target: CompiledVersion
    result: SetTranslation
    codes: tuple[CodeTranslation, ...]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """What a concept was in one version, what changed from the version before, and from when to when it held."""

    item: Item
    changes: tuple[ChangeKind, ...]
    revision: int
    in_force_from: date | None
    in_force_to: date | None


def version_diff(
    catalogue: Catalogue, scheme: str, *, old: VersionChoice, new: VersionChoice = LATEST, actor: Actor
) -> VersionDiff:
    """The typed diff between two versions of a scheme. `SchemeUnknown`, `VersionUnknown`."""
    policy.require(actor, Right.READ_REGISTRY)
    before, after = catalogue.resolve(scheme, old), catalogue.resolve(scheme, new)
    correspondence, followed = correspondence_between(catalogue, before, after)
    return VersionDiff(before, after, diff_versions(before.content, after.content, correspondence), followed)


def translate_codes(
    catalogue: Catalogue,
    codes: Sequence[str],
    *,
    scheme: str,
    version: VersionChoice,
    to_scheme: str,
    to_version: VersionChoice = LATEST,
    actor: Actor,
) -> TranslationAnswer:
    """Codes translated through the shortest chain; without codes, every code of the version.

    `TranslationUnavailable` when no chain joins the versions; an unknown code is an outcome, not an error.
    """
    policy.require(actor, Right.READ_REGISTRY)
    if len(codes) > MOST_CODES:
        raise ArgumentsConflicting(arguments="codes", rule=f"give at most {MOST_CODES}")
    source, target = catalogue.resolve(scheme, version), catalogue.resolve(to_scheme, to_version)
    start, end = key_of(source.content), key_of(target.content)
    way = find_way(link_tables(catalogue), start, end)
    asked = [Notation(code) for code in codes] or [concept.code for concept in source.content.concepts]
    known = KnownCodes(source.positions, target.positions, same_scheme=source.scheme == target.scheme)
    result = translate(asked, way, source=start, target=end, known=known)
    return TranslationAnswer(source, target, result, tuple(_with_items(source, target, each) for each in result.codes))


def _with_items(source: CompiledVersion, target: CompiledVersion, answer: Translation) -> CodeTranslation:
    return CodeTranslation(
        answer=answer,
        source=source.item(answer.code) if answer.outcome is not Outcome.UNKNOWN else None,
        targets=tuple(target.item(each.code) for each in answer.targets if each.code in target.positions),
    )


def link_tables(catalogue: Catalogue) -> list[LinkTable]:
    """Every correspondence by code; between versions of one scheme the levels above are rolled up."""
    return [link_table(catalogue, correspondence) for correspondence in catalogue.correspondences]


def link_table(catalogue: Catalogue, correspondence: Correspondence) -> LinkTable:
    """One correspondence by code. Some 5 ms for the 605 pairs of ISIC."""
    table = index_links(correspondence)
    old, new = find_version(catalogue, table.source), find_version(catalogue, table.target)
    return roll_up(table, old, new) if old is not None and new is not None and old.scheme == new.scheme else table


def find_version(catalogue: Catalogue, key: VersionKey) -> SchemeVersion | None:
    """The newest edition of a version; None when it is not released here."""
    found = [each for each in catalogue.versions.get(key[0], ()) if each.tag.version == key[1]]
    return found[-1].content if found else None


def correspondence_between(
    catalogue: Catalogue, old: CompiledVersion, new: CompiledVersion
) -> tuple[Correspondence | None, tuple[str, ...]]:
    """The declared correspondence, or one composed along the chain; None where nothing joins the two."""
    source, target = key_of(old.content), key_of(new.content)
    for each in catalogue.correspondences:
        if (each.source[0], each.source[1].version, each.target[0], each.target[1].version) == (*source, *target):
            return each, (each.uri,)
    if source == target:
        return None, ()
    try:
        way = find_way(link_tables(catalogue), source, target)
    except TranslationUnavailable:
        return None, ()
    known = KnownCodes(old.positions, new.positions, same_scheme=True)
    result = translate((each.code for each in old.content.concepts), way, source=source, target=target, known=known)
    composed = Correspondence(
        uri="",
        source=source,
        target=target,
        titles=(),
        associations=tuple(each for answer in result.codes for each in composed_associations(answer)),
    )
    return composed, result.way


KIND_OF: Final = {
    Relation.BROADER: AssociationKind.BROADER,
    Relation.NARROWER: AssociationKind.SPLIT,
    Relation.OVERLAPPING: AssociationKind.REARRANGED,
}


def composed_associations(answer: Translation) -> Iterator[Association]:
    """What a translation along several steps says, as associations: one a target, kinds by the combined relation."""
    if not answer.targets:
        yield Association((answer.code,), (), AssociationKind.REMOVED)
    for target in answer.targets:
        same = AssociationKind.SAME if target.code == answer.code else AssociationKind.RECODED
        yield Association((answer.code,), (target.code,), KIND_OF.get(target.relation, same))


def timeline(
    catalogue: Catalogue, scheme: str, code: str, *, of: VersionChoice = LATEST, actor: Actor
) -> tuple[TimelineEntry, ...]:
    """A concept through the versions and editions of its scheme up to that one, oldest first, found by its identity.

    The code is that of the version meant, without one of the newest that has it. Where a scheme has no identities, the
    code is followed while nothing says that it changed its meaning.
    """
    policy.require(actor, Right.READ_REGISTRY)
    versions = catalogue.scheme_versions(scheme)
    with_code = next((each for each in reversed(versions) if code in each.positions), versions[-1])
    newest = with_code if of == LATEST else catalogue.resolve(scheme, of)
    found: list[TimelineEntry] = []
    item: Item | None = newest.item(code)
    place = versions.index(newest)
    while item is not None:
        before = versions[place - 1] if place else None
        changes, earlier = what_changed(catalogue, before, item)
        content = item.version.content
        found.append(
            TimelineEntry(
                item, changes, item.version.revision, content.in_force_from or content.issued, content.in_force_to
            )
        )
        item, place = earlier, place - 1
    return tuple(reversed(found))


def what_changed(
    catalogue: Catalogue, before: CompiledVersion | None, item: Item
) -> tuple[tuple[ChangeKind, ...], Item | None]:
    """The kinds of change that made the item what it is, and the item it was in the version before."""
    if before is None:
        return (), None
    correspondence, _ = correspondence_between(catalogue, before, item.version)
    diff = diff_versions(before.content, item.version.content, correspondence)
    code = item.concept.code
    kinds = tuple(dict.fromkeys(change.kind for change in diff.changes if code in change.new))
    if any(change.kind is ChangeKind.ADDED and code in change.new for change in diff.changes):
        return kinds, None
    recoded = [change.old[0] for change in diff.of(ChangeKind.RECODED) if change.new == (code,)]
    earlier = recoded[0] if recoded else code
    split = [change.kind for change in diff.of(ChangeKind.SPLIT) if earlier in change.old]
    return tuple(dict.fromkeys((*kinds, *split))), before.item(earlier)
