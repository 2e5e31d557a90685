"""What the associations of a correspondence say of each code: its targets, its origins, and how meanings compare.

Lives here: a correspondence indexed by code, the relation of each linked pair, the SKOS matches it allows, roll-ups to
the levels above. Elsewhere: ways through several correspondences and what is lost on them (``translation``), the
model (``model``), who may be released with which (``lifecycle``).

Associations are kept whole (XKOS, section 8.2): splitting is a fact of a set, so the relation of one pair depends on
what else its source and its target are linked with. Seen from the source::

    exact         the target means the same                          A ─── A
    broader       the target holds the source and more (a merge)     A ─┬─ C
    narrower      the target holds a part of the source (a split)    B ─┘
    overlapping   parts of each side
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from registry.classification.model import (
    Association,
    AssociationKind,
    Concept,
    Correspondence,
    Match,
    MatchKind,
    SchemeVersion,
)
from registry.identifiers import Notation, SchemeId, VersionTag

VersionKey = tuple[SchemeId, VersionTag]
Pair = tuple[Notation, Notation]


class Relation(StrEnum):
    """How a target's meaning compares with its source's."""

    EXACT = "exact"
    BROADER = "broader"
    NARROWER = "narrower"
    OVERLAPPING = "overlapping"


INVERSE: Final[Mapping[Relation, Relation]] = MappingProxyType(
    {
        Relation.EXACT: Relation.EXACT,
        Relation.BROADER: Relation.NARROWER,
        Relation.NARROWER: Relation.BROADER,
        Relation.OVERLAPPING: Relation.OVERLAPPING,
    }
)

BY_DEGREE: Final[Mapping[tuple[bool, bool], Relation]] = MappingProxyType(
    {
        # (the source goes elsewhere too, the target comes from elsewhere too)
        (False, False): Relation.EXACT,
        (False, True): Relation.BROADER,
        (True, False): Relation.NARROWER,
        (True, True): Relation.OVERLAPPING,
    }
)

KEEPING: Final = frozenset({AssociationKind.SAME, AssociationKind.RECODED})
"""Kinds whose one source and one target mean the same."""
REFINING: Final = frozenset({AssociationKind.SPLIT, AssociationKind.NARROWER})
"""Beside a kept source these name its parts: the item stays and is subdivided."""
FOLDING: Final = frozenset({AssociationKind.MERGED, AssociationKind.BROADER})
"""Beside a kept target these name parts that are folded into it."""

MATCH_OF: Final[Mapping[Relation, MatchKind]] = MappingProxyType(
    {
        Relation.EXACT: MatchKind.EXACT,
        Relation.BROADER: MatchKind.BROAD,
        Relation.NARROWER: MatchKind.NARROW,
    }
)
"""Overlapping items have no SKOS match: ``closeMatch`` claims interchangeable use, which parts do not allow."""

KIND_OF_MATCH: Final[Mapping[MatchKind, AssociationKind]] = MappingProxyType(
    {
        MatchKind.EXACT: AssociationKind.SAME,
        MatchKind.BROAD: AssociationKind.BROADER,
        MatchKind.NARROW: AssociationKind.NARROWER,
        MatchKind.CLOSE: AssociationKind.REARRANGED,
    }
)
"""Matches that a translation may follow; ``relatedMatch`` says nothing about extent and is never one."""


@dataclass(frozen=True, slots=True)
class Link:
    """One source code and one target code. ``derived``: rolled up by us from links below, not declared by anyone."""

    source: Notation
    target: Notation
    relation: Relation
    derived: bool = False
    reason: str | None = None


Links = Mapping[Notation, tuple[Link, ...]]


@dataclass(frozen=True, slots=True)
class LinkTable:
    """A correspondence read in one direction, indexed from both ends; links in the order of the correspondence.

    ``removed`` are source codes declared to have no target, ``added`` target codes declared to have no source; each
    with its reason. ``uri`` is the correspondence's.
    """

    uri: str
    source: VersionKey
    target: VersionKey
    targets: Links
    origins: Links
    removed: Mapping[Notation, str | None]
    added: Mapping[Notation, str | None]

    def inverse(self) -> LinkTable:
        """The same facts read from target to source."""
        return LinkTable(
            uri=self.uri,
            source=self.target,
            target=self.source,
            targets=_inverted(self.origins),
            origins=_inverted(self.targets),
            removed=self.added,
            added=self.removed,
        )

    def links(self) -> Iterator[Link]:
        """Every link, by source code in the order of the correspondence."""
        for each in self.targets.values():
            yield from each


def _inverted(links: Links) -> Links:
    return {
        code: tuple(Link(each.target, each.source, INVERSE[each.relation], each.derived, each.reason) for each in found)
        for code, found in links.items()
    }


def key_of(version: SchemeVersion) -> VersionKey:
    """What a correspondence names the version by: editions share their version's codes."""
    return version.scheme, version.version.version


def index_links(correspondence: Correspondence) -> LinkTable:
    """The correspondence by code, with the relation of each pair."""
    associations = [each for each in correspondence.associations if each.sources and each.targets]
    return _table(
        correspondence,
        links=relate_pairs(associations),
        removed={
            code: each.reason for each in correspondence.associations if not each.targets for code in each.sources
        },
        added={code: each.reason for each in correspondence.associations if not each.sources for code in each.targets},
    )


def _table(
    correspondence: Correspondence,
    *,
    links: Iterable[Link],
    removed: Mapping[Notation, str | None],
    added: Mapping[Notation, str | None],
) -> LinkTable:
    targets: defaultdict[Notation, list[Link]] = defaultdict(list)
    origins: defaultdict[Notation, list[Link]] = defaultdict(list)
    for link in links:
        targets[link.source].append(link)
        origins[link.target].append(link)
    return LinkTable(
        uri=correspondence.uri,
        source=(correspondence.source[0], correspondence.source[1].version),
        target=(correspondence.target[0], correspondence.target[1].version),
        targets={code: tuple(found) for code, found in targets.items()},
        origins={code: tuple(found) for code, found in origins.items()},
        removed=removed,
        added=added,
    )


def relate_pairs(associations: Sequence[Association]) -> list[Link]:
    """One link a distinct pair, in order. A pair told twice keeps its first telling.

    A kept item (1:1, same or recoded) may stand beside a split into its parts, or beside parts folded into it: those
    pairs compare with the whole and do not make the kept pair inexact. Any other company does.
    """
    kept_sources = {each.sources[0] for each in associations if _keeps(each)}
    kept_targets = {each.targets[0] for each in associations if _keeps(each)}
    outward: defaultdict[Notation, set[Notation]] = defaultdict(set)
    inward: defaultdict[Notation, set[Notation]] = defaultdict(set)
    for each in associations:
        for source, target in pairs_of(each):
            if not (source in kept_sources and each.kind in REFINING):
                outward[source].add(target)
            if not (target in kept_targets and each.kind in FOLDING):
                inward[target].add(source)
    links: dict[Pair, Link] = {}
    for each in associations:
        for source, target in pairs_of(each):
            relation = BY_DEGREE[
                each.partial or each.kind is AssociationKind.NARROWER or bool(outward[source] - {target}),
                each.kind is AssociationKind.BROADER or bool(inward[target] - {source}),
            ]
            if each.kind is AssociationKind.REARRANGED:
                relation = Relation.OVERLAPPING if relation is Relation.EXACT else relation
            if source in kept_sources and each.kind in REFINING:
                relation = Relation.NARROWER if relation is Relation.EXACT else relation
            if target in kept_targets and each.kind in FOLDING:
                relation = Relation.BROADER if relation is Relation.EXACT else relation
            links.setdefault((source, target), Link(source, target, relation, reason=each.reason))
    return list(links.values())


def _keeps(association: Association) -> bool:
    one_to_one = len(association.sources) == len(association.targets) == 1
    return one_to_one and not association.partial and association.kind in KEEPING


def pairs_of(association: Association) -> Iterator[Pair]:
    """Each source with each target."""
    for source in association.sources:
        for target in association.targets:
            yield source, target


def associate(pairs: Iterable[Pair]) -> tuple[Association, ...]:
    """A published table of pairs as associations, one a source code, kinds by the numbers on both sides.

    A pair that is printed twice is told once. Where neither side has other company the codes decide between same and
    recoded. A source that goes to several targets of which one has other sources is rearranged. Keeps the pairs
    exactly, which whole n:m sets would not: 0128 going to 0113 and 0128 does not mean that 0113 goes to 0128.
    """
    outward: dict[Notation, list[Notation]] = {}
    inward: defaultdict[Notation, set[Notation]] = defaultdict(set)
    for source, target in dict.fromkeys(pairs):
        outward.setdefault(source, []).append(target)
        inward[target].add(source)
    return tuple(
        Association(sources=(source,), targets=tuple(targets), kind=_kind_by_numbers(source, targets, inward))
        for source, targets in outward.items()
    )


def _kind_by_numbers(
    source: Notation, targets: Sequence[Notation], inward: Mapping[Notation, set[Notation]]
) -> AssociationKind:
    is_joined = any(len(inward[target]) > 1 for target in targets)
    if len(targets) > 1:
        return AssociationKind.REARRANGED if is_joined else AssociationKind.SPLIT
    if is_joined:
        return AssociationKind.MERGED
    return AssociationKind.SAME if targets[0] == source else AssociationKind.RECODED


def derive_matches(table: LinkTable) -> dict[Notation, tuple[tuple[MatchKind, Notation], ...]]:
    """The SKOS matches that the links allow, by source code.

    ``exactMatch`` only between items that mean the same, 1:1: it is transitive (SKOS reference, S45), so one through
    a split would claim that the parts are the same. Codes whose links allow none are left out.
    """
    found = {
        code: tuple((MATCH_OF[each.relation], each.target) for each in links if each.relation in MATCH_OF)
        for code, links in table.targets.items()
    }
    return {code: matches for code, matches in found.items() if matches}


def correspondence_of_matches(version: SchemeVersion, target: VersionKey, *, uri: str) -> Correspondence:
    """The correspondence that a version's own mappings to another scheme version make; related matches left out."""
    base = f"{_root(version)}/{target[0]}/{target[1]}/item/"
    return Correspondence(
        uri=uri,
        source=key_of(version),
        target=target,
        titles=(),
        associations=tuple(
            Association(sources=(concept.code,), targets=(code,), kind=KIND_OF_MATCH[match.kind])
            for concept in version.concepts
            for match, code in _matched_codes(concept, base)
        ),
        origin="the version's own SKOS mappings",
    )


def _root(version: SchemeVersion) -> str:
    return version.uri.removesuffix(f"/{version.scheme}/{version.version.version}")


def _matched_codes(concept: Concept, base: str) -> Iterator[tuple[Match, Notation]]:
    for match in concept.matches:
        if match.kind in KIND_OF_MATCH and match.target.startswith(base):
            yield match, Notation(match.target.removeprefix(base))


# --- levels above --------------------------------------------------------------------------------------


def roll_up(table: LinkTable, old: SchemeVersion, new: SchemeVersion) -> LinkTable:
    """The table, with derived links for items above the linked ones that nobody linked, level by level.

    Group g leads to group h when something under g leads to something under h. They are exact only when all under g
    leads below h and all under h comes from below g; a new or removed item below either makes them not exact.
    """
    derived: list[Link] = []
    for depth in sorted(_depths(old) & _depths(new)):
        above_old = {
            code: up for code, up in _above(old, depth).items() if up not in table.targets and up not in table.removed
        }
        above_new = {
            code: up for code, up in _above(new, depth).items() if up not in table.origins and up not in table.added
        }
        derived.extend(_derive_level(table, above_old, above_new))
    targets, origins = dict(table.targets), dict(table.origins)
    for link in derived:
        targets[link.source] = (*targets.get(link.source, ()), link)
        origins[link.target] = (*origins.get(link.target, ()), link)
    return LinkTable(table.uri, table.source, table.target, targets, origins, table.removed, table.added)


def _depths(version: SchemeVersion) -> set[int]:
    return {concept.level for concept in version.concepts}


def _above(version: SchemeVersion, depth: int) -> dict[Notation, Notation]:
    """Each code below the level to the code that stands over it on that level."""
    found: dict[Notation, Notation] = {}
    for concept in version.concepts:  # parents come before their children
        parent = concept.parent
        if parent is None:
            continue
        if parent in found:
            found[concept.code] = found[parent]
        elif concept.level > depth:
            found[concept.code] = parent
    at_depth = {concept.code for concept in version.concepts if concept.level == depth}
    return {code: up for code, up in found.items() if up in at_depth}


def _derive_level(
    table: LinkTable, above_old: Mapping[Notation, Notation], above_new: Mapping[Notation, Notation]
) -> list[Link]:
    outward: defaultdict[Notation, dict[Notation | None, None]] = defaultdict(dict)
    inward: defaultdict[Notation, set[Notation | None]] = defaultdict(set)
    for link in table.links():
        if link.derived:
            continue
        high_old, high_new = above_old.get(link.source), above_new.get(link.target)
        alone_out = len(table.targets[link.source]) == 1 and link.relation in (Relation.NARROWER, Relation.OVERLAPPING)
        alone_in = len(table.origins[link.target]) == 1 and link.relation in (Relation.BROADER, Relation.OVERLAPPING)
        if high_old is not None:
            outward[high_old].update({high_new: None} | ({None: None} if alone_out else {}))
        if high_new is not None:
            inward[high_new].update({high_old} | ({None} if alone_in else set()))
    for code in table.removed:
        if code in above_old:
            outward[above_old[code]][None] = None
    for code in table.added:
        if code in above_new:
            inward[above_new[code]].add(None)
    return [
        Link(up, over, BY_DEGREE[len(targets) > 1, len(inward[over]) > 1], derived=True)
        for up, targets in outward.items()
        for over in targets
        if over is not None
    ]
