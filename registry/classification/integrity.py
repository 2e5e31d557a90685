"""What may be wrong with a scheme version: findings with rule, place and severity, never an exception.

Lives here: the rules over the model (codes, tree, levels, labels, variables). Elsewhere: the conditions of SKOS over
statements and what they entail (``skos_conditions``); values that cannot even become a model (``storage.rdf.reader``).

Errors keep a version from being released. Warnings and notices are told: a single child or a gap in the numbering is
often right (ISIC has both), and sometimes a lost line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from re import Pattern
from typing import Final
from urllib.parse import quote

from registry.classification.hierarchy import find_cycles
from registry.classification.model import (
    Association,
    AssociationKind,
    Binding,
    Concept,
    Correspondence,
    Label,
    LabelKind,
    SchemeVersion,
    VariableKind,
)
from registry.classification.written import compile_pattern, is_uri
from registry.identifiers import ENGLISH, NAMESPACE, Notation, SchemeId, VersionTag


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One rule that one place breaks. ``place`` is a URI, or a URI with what in it."""

    severity: Severity
    rule: str
    place: str
    message: str

    def __str__(self) -> str:
        """One line for a report."""
        return f"{self.severity}: {self.rule} at {self.place}: {self.message}"


SEVERITY_RANK: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2}


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each once, errors first, then by rule and place."""
    return tuple(sorted(set(findings), key=lambda each: (SEVERITY_RANK[each.severity], each.rule, each.place)))


def check_version(version: SchemeVersion) -> tuple[Finding, ...]:
    """Every rule of ours that the version breaks, errors first. Linear in concepts and labels."""
    return sort_findings(finding for rule in VERSION_RULES for finding in rule(version))


def codes_once(version: SchemeVersion) -> Iterator[Finding]:
    """A code names one concept of a version (GSIM: a classification item's code is unique in its classification)."""
    counts = Counter(concept.code for concept in version.concepts)
    for code, count in counts.items():
        if count > 1:
            yield error("code_repeated", f"{version.uri} code {code}", f"{count} concepts have this code")


def uris_as_designed(version: SchemeVersion) -> Iterator[Finding]:
    """URIs follow from scheme, version and code (``docs/adr/0004-uri-design.md``), so every installation agrees."""
    base = f"{NAMESPACE}/{version.scheme}/{version.version.version}"
    if version.uri != base:
        yield error("uri_unexpected", version.uri, f"the version's URI should be {base}")
    for kind, parts in (("item", version.concepts), ("collection", version.collections)):
        for part in parts:
            expected = f"{base}/{kind}/{quote(part.code, safe='')}"
            if part.uri != expected:
                yield error("uri_unexpected", part.uri, f"the URI should be {expected}")


def uris_whole(version: SchemeVersion) -> Iterator[Finding]:
    """What an item or the version points at, and what an item means, is a whole URI (RDF 1.1 Concepts, 3.2)."""
    for concept in version.concepts:
        identity = () if concept.identity is None else (concept.identity,)
        for uri in (*identity, *(match.target for match in concept.matches), *concept.successors):
            if not is_uri(uri):
                yield error("uri_malformed", concept.uri, f"{uri} is no URI")
    for uri in version.covers:
        if not is_uri(uri):
            yield error("uri_malformed", version.uri, f"{uri} is no URI")


def identities_once(version: SchemeVersion) -> Iterator[Finding]:
    """Two concepts of one version never mean the same."""
    counts = Counter(concept.identity for concept in version.concepts if concept.identity is not None)
    for identity, count in counts.items():
        if count > 1:
            yield error("identity_repeated", identity, f"{count} concepts of {version.uri} have this identity")


def parents_known(version: SchemeVersion) -> Iterator[Finding]:
    """Every parent is a concept of the version: no orphans."""
    codes = {concept.code for concept in version.concepts}
    for concept in version.concepts:
        for parent in broader_codes(concept):
            if parent not in codes:
                yield error("orphan", concept.uri, f"its broader concept {parent} is not in the version")


def no_cycles(version: SchemeVersion) -> Iterator[Finding]:
    """Nothing is above itself, also where no root leads there (SKOS permits cycles, section 8.6.8; a tree does not)."""
    for members in find_cycles(broader_links(version.concepts)):
        shown = ", ".join(members[:10]) + (", …" if len(members) > 10 else "")
        yield error(
            "cycle", f"{version.uri} code {members[0]}", f"{len(members)} concepts are above each other: {shown}"
        )


def order_hierarchical(version: SchemeVersion) -> Iterator[Finding]:
    """A parent stands before its children."""
    places = {concept.code: place for place, concept in enumerate(version.concepts)}
    for place, concept in enumerate(version.concepts):
        if concept.parent is not None and places.get(concept.parent, -1) > place:
            yield warning("order_not_hierarchical", concept.uri, f"it stands before its parent {concept.parent}")


def one_preferred_label(version: SchemeVersion) -> Iterator[Finding]:
    """At most one preferred label a language on concepts, titles, collections and levels (SKOS S14)."""
    for place, labels in labelled_places(version):
        preferred = Counter(label.language for label in labels if label.kind is LabelKind.PREFERRED)
        for language, count in preferred.items():
            if count > 1:
                yield error("skos_s14", place, f"{count} preferred labels in {language}")


def labels_disjoint(version: SchemeVersion) -> Iterator[Finding]:
    """No text is a label of two kinds on one resource (SKOS S13)."""
    for place, labels in labelled_places(version):
        kinds: dict[tuple[str, str], set[LabelKind]] = {}
        for label in labels:
            kinds.setdefault((label.text, label.language), set()).add(label.kind)
        for (_, language), found in kinds.items():
            if len(found) > 1:
                yield error("skos_s13", place, f"one label in {language} is {' and '.join(sorted(found))}")


def labelled_places(version: SchemeVersion) -> Iterator[tuple[str, Sequence[Label]]]:
    yield f"{version.uri} title", version.titles
    for concept in version.concepts:
        yield concept.uri, concept.labels
    for collection in version.collections:
        yield collection.uri, collection.labels
    for level in version.levels:
        yield f"{version.uri}/level/{level.depth}", level.labels


def version_titled(version: SchemeVersion) -> Iterator[Finding]:
    """A version has a title, in English too, and a day of issue (XKOS best practices, "Description of ...")."""
    spoken = {title.language for title in version.titles if title.kind is LabelKind.PREFERRED}
    if not spoken:
        yield error("title_missing", version.uri, "the version has no title")
    elif ENGLISH not in spoken:
        yield warning("title_not_in_english", version.uri, "the version has no title in English")
    if version.issued is None:
        yield notice("day_of_issue_missing", version.uri, "nothing says when the version was issued")


def languages_complete(version: SchemeVersion) -> Iterator[Finding]:
    """Every concept has a preferred label in each required language."""
    for concept in version.concepts:
        spoken = {label.language for label in concept.labels if label.kind is LabelKind.PREFERRED}
        for language in version.required_languages:
            if language not in spoken:
                yield error("label_missing", concept.uri, f"no preferred label in {language}")


def labels_printable(version: SchemeVersion) -> Iterator[Finding]:
    """A label is a text without spaces at its ends and without control characters (qSKOS: "unprintable characters")."""
    for place, labels in labelled_places(version):
        for label in labels:
            if not label.text.strip():
                yield error("label_empty", place, f"an empty label in {label.language}")
            elif label.text != label.text.strip() or not label.text.isprintable():
                yield warning("label_unprintable", place, f"outer spaces or control characters in {label.language}")


def siblings_distinct(version: SchemeVersion) -> Iterator[Finding]:
    """Siblings have different preferred labels (after qSKOS's "overlapping labels"; a group may share its class's)."""
    seen: dict[tuple[Notation | None, str, str], Concept] = {}
    for concept in version.concepts:
        for label in concept.labels:
            if label.kind is not LabelKind.PREFERRED:
                continue
            first = seen.setdefault((concept.parent, label.language, label.text.casefold()), concept)
            if first is not concept:
                yield warning("siblings_alike", concept.uri, f"{first.code} has the same label in {label.language}")


def levels_numbered(version: SchemeVersion) -> Iterator[Finding]:
    """Levels have depths 1 to n, items and a name each; a flat list has one (XKOS, "Classification levels")."""
    depths = [level.depth for level in version.levels]
    if sorted(depths) != list(range(1, len(depths) + 1)):
        yield error("levels_not_numbered", version.uri, f"depths are {depths}, not 1 to {len(depths)}")
    held = {concept.level for concept in version.concepts}
    for level in version.levels:
        place = f"{version.uri}/level/{level.depth}"
        if not level.labels:
            yield warning("level_unnamed", place, "the level has no label")
        if level.depth not in held:
            yield warning("level_empty", place, "no item is at the level")
    if not version.levels:
        yield notice("levels_missing", version.uri, "it has no levels; a flat list has one")


def levels_descend(version: SchemeVersion) -> Iterator[Finding]:
    """A concept is at a declared level, deeper than its parent's (``xkos:depth`` counts from the most general)."""
    declared = {level.depth for level in version.levels}
    depths = {concept.code: concept.level for concept in version.concepts}
    for concept in version.concepts:
        if declared and concept.level not in declared:
            yield error("level_unknown", concept.uri, f"level {concept.level} is not declared")
        above = depths.get(concept.parent) if concept.parent is not None else None
        if above is not None and above >= concept.level:
            yield error("level_not_below_parent", concept.uri, f"level {concept.level} under a parent of level {above}")


def codes_fit_levels(version: SchemeVersion) -> Iterator[Finding]:
    """Codes match their level's pattern (``xkos:notationPattern``)."""
    patterns: dict[int, Pattern[str]] = {}
    for level in version.levels:
        if level.notation_pattern is None:
            continue
        pattern = compile_pattern(level.notation_pattern)
        if pattern is None:
            yield error(
                "pattern_malformed", f"{version.uri}/level/{level.depth}", "the pattern is no simple expression"
            )
        else:
            patterns[level.depth] = pattern
    for concept in version.concepts:
        expected = patterns.get(concept.level)
        if expected is not None and not expected.fullmatch(concept.code):
            yield error("code_unlike_level", concept.uri, f"level {concept.level} codes match {expected.pattern}")


def children_not_alone(version: SchemeVersion) -> Iterator[Finding]:
    """A single child says no more than its parent (UN best-practice guidelines for statistical classifications)."""
    for parent, children in children_by_parent(version.concepts).items():
        if parent is not None and len(children) == 1:
            yield notice("single_child", children[0].uri, f"the only concept under {parent}")


def numbers_without_gaps(version: SchemeVersion) -> Iterator[Finding]:
    """Siblings whose codes end in numbers use them without gaps; a last ``9`` means "other" and may stand apart."""
    for parent, children in children_by_parent(version.concepts).items():
        numbers = sibling_numbers([child.code for child in children])
        missing = sorted(set(range(min(numbers), max(numbers))) - numbers) if numbers else []
        if missing and max(numbers) - min(numbers) < 1_000:
            shown = ", ".join(map(str, missing[:10]))
            yield notice(
                "numbering_gap", f"{version.uri} under {parent or 'the top'}", f"no number {shown} among siblings"
            )


def sibling_numbers(codes: Sequence[str]) -> set[int]:
    """The numbers that tell siblings apart: what follows their common beginning, if that is all digits."""
    if len(codes) < 2:
        return set()
    first, last = min(codes), max(codes)
    common = next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    while common and first[common - 1].isdigit():
        common -= 1
    endings = [code[common:] for code in codes]
    width = len(endings[0])
    if not all(ending.isascii() and ending.isdigit() and len(ending) <= max(width, 6) for ending in endings):
        return set()
    numbers = {int(ending) for ending in endings}
    other = max(numbers)
    return numbers - {other} if other % 10 == 9 else numbers


def members_known(version: SchemeVersion) -> Iterator[Finding]:
    """Collections hold concepts of the version, and their codes are no concept's."""
    codes = {concept.code for concept in version.concepts}
    for collection in version.collections:
        if collection.code in codes:
            yield error("code_repeated", collection.uri, "a concept has this code too")
        for member in collection.members:
            if member not in codes:
                yield error("member_unknown", collection.uri, f"{member} is not in the version")


def variables_whole(version: SchemeVersion) -> Iterator[Finding]:
    """A variable is a concept of its scheme, and says a step of 1 to 3 or none."""
    codes = {concept.code for concept in version.concepts}
    for facts in version.variables:
        place = f"{version.uri}/item/{facts.code}"
        if facts.code not in codes:
            yield error("variable_unknown", place, "no concept has this code")
        if facts.step is not None and not 1 <= facts.step <= 3:
            yield error("step_unknown", place, f"step {facts.step} is not 1, 2 or 3")


def days_in_order(version: SchemeVersion) -> Iterator[Finding]:
    """Nothing ends before it begins."""
    places = [(version.uri, version.in_force_from, version.in_force_to)]
    places += [(concept.uri, concept.in_force_from, concept.in_force_to) for concept in version.concepts]
    for place, first, last in places:
        if first is not None and last is not None and last < first:
            yield error("days_reversed", place, f"in force to {last}, which is before {first}")


VERSION_RULES: Final[tuple[Callable[[SchemeVersion], Iterable[Finding]], ...]] = (
    codes_once,
    uris_as_designed,
    uris_whole,
    identities_once,
    parents_known,
    no_cycles,
    order_hierarchical,
    one_preferred_label,
    labels_disjoint,
    version_titled,
    languages_complete,
    labels_printable,
    siblings_distinct,
    levels_numbered,
    levels_descend,
    codes_fit_levels,
    children_not_alone,
    numbers_without_gaps,
    members_known,
    variables_whole,
    days_in_order,
)


def check_correspondence(
    correspondence: Correspondence, codes: Mapping[tuple[SchemeId, VersionTag], frozenset[str]]
) -> tuple[Finding, ...]:
    """Whether both versions are there and hold every code, and each association says one thing, once.

    ``codes`` are those of the versions known.
    """
    return sort_findings(correspondence_findings(correspondence, codes))


def correspondence_findings(
    correspondence: Correspondence, codes: Mapping[tuple[SchemeId, VersionTag], frozenset[str]]
) -> Iterator[Finding]:
    for version in (correspondence.source, correspondence.target):
        if version not in codes:
            yield error("version_unknown", correspondence.uri, f"there is no {version[0]} {version[1]}")
    yield from correspondence_described(correspondence)
    yield from associations_whole(correspondence)
    for place, association in enumerate(correspondence.associations, start=1):
        where = f"{correspondence.uri}/{place}"
        if not association.sources and not association.targets:
            yield error("association_empty", where, "neither side names a code")
        elif fault := misfit(association):
            yield error("association_kind", where, fault)
        sides = ((correspondence.source, association.sources), (correspondence.target, association.targets))
        for version, side in sides:
            for code in side:
                if version in codes and code not in codes[version]:
                    yield error("code_unknown", where, f"{version[0]} {version[1]} has no code {code}")


def correspondence_described(correspondence: Correspondence) -> Iterator[Finding]:
    """It has a title, one a language, and leads from the former version to the later (XKOS best practices)."""
    place = f"{correspondence.uri} title"
    languages = Counter(title.language for title in correspondence.titles)
    if not languages:
        yield error("title_missing", correspondence.uri, "the correspondence has no title")
    for language, count in languages.items():
        if count > 1:
            yield error("skos_s14", place, f"{count} titles in {language}")
    (scheme, source), (other, target) = correspondence.source, correspondence.target
    if scheme == other and source.numbers >= target.numbers:
        rule = "correspondence_not_forwards"
        yield warning(rule, correspondence.uri, f"it leads from {source} to {target}, not from the former to the later")


def associations_whole(correspondence: Correspondence) -> Iterator[Finding]:
    """Nothing is told twice, and a split is one association, not one a part (XKOS best practices, "n-to-m example")."""
    seen: dict[tuple[tuple[Notation, ...], tuple[Notation, ...]], int] = {}
    splits: dict[tuple[Notation, ...], int] = {}
    for place, each in enumerate(correspondence.associations, start=1):
        first = seen.setdefault((tuple(sorted(each.sources)), tuple(sorted(each.targets))), place)
        if first != place:
            yield error("association_repeated", f"{correspondence.uri}/{place}", f"association {first} says the same")
        whole = splits.setdefault(each.sources, place) if each.kind is AssociationKind.SPLIT else place
        if whole != place:
            told = f"association {whole} splits {', '.join(each.sources)} too; parts of one split stand together"
            yield warning("split_scattered", f"{correspondence.uri}/{place}", told)


def misfit(association: Association) -> str:
    """How the ends do not fit the kind, in words; empty where they do (XKOS, "Correspondences ...": 0 to n, n to m)."""
    kind, ends = association.kind, (len(association.sources), len(association.targets))
    if kind is AssociationKind.ADDED:
        return "what was added has no source" if association.sources else ""
    if kind is AssociationKind.REMOVED:
        return "what was removed has no target" if association.targets else ""
    if 0 in ends:
        return f"{kind} needs a code on each side; what is new is added, what is gone is removed"
    if kind in (AssociationKind.SAME, AssociationKind.RECODED) and ends != (1, 1):
        return f"{kind} says that one code means what one other does"
    return ""


def check_bindings(
    bindings: Sequence[Binding],
    codes: Mapping[tuple[SchemeId, VersionTag], frozenset[str]],
    kinds: Mapping[tuple[SchemeId, Notation], VariableKind],
) -> tuple[Finding, ...]:
    """Whether each binding ties a known variable to a known version of a list.

    A variable of kind code takes its codes from the list, a range is told in its bands; other kinds take no list.
    """
    return sort_findings(finding for binding in bindings for finding in binding_findings(binding, codes, kinds))


BOUND_KINDS: Final = frozenset({VariableKind.CODE, VariableKind.RANGE})
"""Kinds of variables that take codes of a list: as their value, or as the bands of a range."""


def binding_findings(
    binding: Binding,
    codes: Mapping[tuple[SchemeId, VersionTag], frozenset[str]],
    kinds: Mapping[tuple[SchemeId, Notation], VariableKind],
) -> Iterator[Finding]:
    kind = kinds.get((binding.variable_scheme, binding.variable))
    if kind is None:
        yield error("variable_unknown", binding.uri, f"there is no variable {binding.variable}")
    elif kind not in BOUND_KINDS:
        yield error("variable_without_codes", binding.uri, f"{binding.variable} takes values of kind {kind}")
    if (binding.list_scheme, binding.list_version) not in codes:
        yield error("version_unknown", binding.uri, f"there is no {binding.list_scheme} {binding.list_version}")
    if binding.valid_to is not None and binding.valid_to < binding.valid_from:
        yield error("days_reversed", binding.uri, f"valid to {binding.valid_to}, before {binding.valid_from}")


# --- what the rules share ------------------------------------------------------------------------------


def broader_codes(concept: Concept) -> tuple[Notation, ...]:
    return concept.other_parents if concept.parent is None else (concept.parent, *concept.other_parents)


def broader_links(concepts: Sequence[Concept]) -> dict[Notation, tuple[Notation, ...]]:
    links: dict[Notation, tuple[Notation, ...]] = {}
    for concept in concepts:
        links[concept.code] = links.get(concept.code, ()) + broader_codes(concept)
    return links


def children_by_parent(concepts: Sequence[Concept]) -> dict[Notation | None, list[Concept]]:
    found: dict[Notation | None, list[Concept]] = {}
    for concept in concepts:
        found.setdefault(concept.parent, []).append(concept)
    return found


def error(rule: str, place: str, message: str) -> Finding:
    return Finding(Severity.ERROR, rule, place, message)


def warning(rule: str, place: str, message: str) -> Finding:
    return Finding(Severity.WARNING, rule, place, message)


def notice(rule: str, place: str, message: str) -> Finding:
    return Finding(Severity.NOTICE, rule, place, message)
