"""The integrity conditions of SKOS and SKOS-XL, over what a text asserts and what that entails.

Lives here: the conditions (SKOS Simple Knowledge Organization System Reference, W3C 2009). Elsewhere: collecting the
assertions from RDF, with the entailments of domains, ranges, inverses, sub-properties and SKOS-XL's property chains
(``storage.rdf.assertions``); our own rules over the model (``integrity``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from registry.classification.integrity import Finding, error, sort_findings
from registry.classification.model import LabelKind


class ResourceKind(StrEnum):
    """The classes that SKOS keeps apart."""

    CONCEPT = "concept"
    SCHEME = "concept scheme"
    COLLECTION = "collection"
    XL_LABEL = "label resource"


@dataclass(frozen=True, slots=True)
class LabelAssertion:
    """A lexical label, said plainly or through a SKOS-XL label (S55 to S57)."""

    kind: LabelKind
    text: str
    language: str | None


Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Assertions:
    """What is asserted or entailed, by URI.

    ``broader`` pairs go from the narrower to the broader, plain, transitive or mapped (S22, S24, S25,
    S41); ``related`` holds related and relatedMatch; ``hierarchical_matches`` broadMatch and narrowMatch.
    """

    kinds: Mapping[str, frozenset[ResourceKind]]
    labels: Mapping[str, tuple[LabelAssertion, ...]]
    literal_forms: Mapping[str, int]
    """SKOS-XL labels and how many literal forms each has."""
    broader: frozenset[Pair]
    related: frozenset[Pair]
    exact_matches: frozenset[Pair]
    hierarchical_matches: frozenset[Pair]
    related_matches: frozenset[Pair]


DISJOINT: Final = (
    ("skos_s9", ResourceKind.SCHEME, ResourceKind.CONCEPT),
    ("skos_s37", ResourceKind.COLLECTION, ResourceKind.CONCEPT),
    ("skos_s37", ResourceKind.COLLECTION, ResourceKind.SCHEME),
    ("skosxl_s48", ResourceKind.XL_LABEL, ResourceKind.CONCEPT),
    ("skosxl_s48", ResourceKind.XL_LABEL, ResourceKind.SCHEME),
    ("skosxl_s48", ResourceKind.XL_LABEL, ResourceKind.COLLECTION),
)


def check_conditions(assertions: Assertions) -> tuple[Finding, ...]:
    """Every condition broken, each with its number as the rule: ``skos_s14``, ``skosxl_s52``."""
    return sort_findings(
        (
            *classes_disjoint(assertions),
            *labels_disjoint(assertions),
            *one_preferred_label(assertions),
            *one_literal_form(assertions),
            *related_not_broader(assertions),
            *exact_not_otherwise(assertions),
        )
    )


def classes_disjoint(assertions: Assertions) -> Iterator[Finding]:
    """Nothing is a concept and a scheme (S9), a collection and either (S37), or a label and any of them (S48)."""
    for uri, kinds in assertions.kinds.items():
        for rule, one, other in DISJOINT:
            if one in kinds and other in kinds:
                yield error(rule, uri, f"it is a {one} and a {other}")


def labels_disjoint(assertions: Assertions) -> Iterator[Finding]:
    """Preferred, alternative and hidden labels share no text (S13)."""
    for uri, labels in assertions.labels.items():
        kinds: dict[tuple[str, str | None], set[LabelKind]] = {}
        for label in labels:
            kinds.setdefault((label.text, label.language), set()).add(label.kind)
        for (_, language), found in kinds.items():
            if len(found) > 1:
                yield error("skos_s13", uri, f"one label in {language} is {' and '.join(sorted(found))}")


def one_preferred_label(assertions: Assertions) -> Iterator[Finding]:
    """At most one preferred label a language (S14)."""
    for uri, labels in assertions.labels.items():
        preferred: dict[str | None, set[str]] = {}
        for label in labels:
            if label.kind is LabelKind.PREFERRED:
                preferred.setdefault(label.language, set()).add(label.text)
        for language, texts in preferred.items():
            if len(texts) > 1:
                yield error("skos_s14", uri, f"{len(texts)} preferred labels in {language}")


def one_literal_form(assertions: Assertions) -> Iterator[Finding]:
    """A label resource has exactly one literal form (S52)."""
    for uri, count in assertions.literal_forms.items():
        if count != 1:
            yield error("skosxl_s52", uri, f"it has {count} literal forms")


def related_not_broader(assertions: Assertions) -> Iterator[Finding]:
    """Related concepts are not above one another, at any distance (S27)."""
    above: dict[str, set[str]] = {}
    for narrower, broader in assertions.broader:
        above.setdefault(narrower, set()).add(broader)
    for one, other in assertions.related:
        if is_above(one, other, above) or is_above(other, one, above):
            yield error("skos_s27", min(one, other), f"related to {max(one, other)}, and one is above the other")


def is_above(lower: str, upper: str, above: Mapping[str, Iterable[str]]) -> bool:
    """Whether a way leads up from one to the other (skos:broaderTransitive, S24)."""
    seen = set(above.get(lower, ()))
    stack = list(seen)
    while stack:
        for each in above.get(stack.pop(), ()):
            if each not in seen:
                seen.add(each)
                stack.append(each)
    return upper in seen


def exact_not_otherwise(assertions: Assertions) -> Iterator[Finding]:
    """What matches exactly, through any chain (S44, S45), matches neither as broader, narrower nor related (S46)."""
    sets = join_pairs(assertions.exact_matches)
    for one, other in assertions.hierarchical_matches | assertions.related_matches:
        if one in sets and sets[one] == sets.get(other):
            yield error("skos_s46", one, f"it matches {other} exactly and otherwise too")


def join_pairs(pairs: Iterable[Pair]) -> dict[str, str]:
    """For each member of a pair the representative of everything it is joined with (union-find)."""
    roots: dict[str, str] = {}

    def root(each: str) -> str:
        while roots.setdefault(each, each) != each:
            roots[each] = roots[roots[each]]
            each = roots[each]
        return each

    for one, other in pairs:
        roots[root(one)] = root(other)
    return {each: root(each) for each in list(roots)}
