"""What statements assert in SKOS's words, with what they entail: the ground of SKOS's integrity conditions.

Lives here: entailment by domain and range (S5, S7, S19, S20, S31, S33, S54), inverse (S8, S25, S43), sub-property
(S22, S41) and SKOS-XL's property chains (S55 to S57). Elsewhere: the conditions themselves
(``registry.classification.skos_conditions``), which walk symmetric and transitive properties instead of closing them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ontology import namespaces as ns
from registry.classification.model import LabelKind
from registry.classification.skos_conditions import Assertions, LabelAssertion, Pair, ResourceKind
from registry.storage.rdf.terms import Literal, Statements, Triple
from registry.storage.rdf.writer import LABEL_PROPERTIES

CONCEPT, SCHEME, COLLECTION, XL_LABEL = ResourceKind

BROADER: Final = (ns.BROADER, f"{ns.SKOS}broaderTransitive", ns.BROAD_MATCH)
NARROWER: Final = (f"{ns.SKOS}narrower", f"{ns.SKOS}narrowerTransitive", ns.NARROW_MATCH)
RELATED: Final = (f"{ns.SKOS}related", ns.RELATED_MATCH)
SEMANTIC: Final = (*BROADER, *NARROWER, *RELATED, ns.EXACT_MATCH, ns.CLOSE_MATCH)

TYPES: Final[Mapping[str, ResourceKind]] = {
    ns.CONCEPT: CONCEPT,
    ns.CONCEPT_SCHEME: SCHEME,
    ns.COLLECTION: COLLECTION,
    f"{ns.SKOS}OrderedCollection": COLLECTION,
    ns.XL_LABEL: XL_LABEL,
}
SUBJECT_KINDS: Final[Mapping[str, ResourceKind]] = {
    **dict.fromkeys(SEMANTIC, CONCEPT),
    ns.TOP_CONCEPT_OF: CONCEPT,
    ns.HAS_TOP_CONCEPT: SCHEME,
    f"{ns.SKOS}memberList": COLLECTION,
    ns.LITERAL_FORM: XL_LABEL,
}
OBJECT_KINDS: Final[Mapping[str, ResourceKind]] = {
    **dict.fromkeys(SEMANTIC, CONCEPT),
    ns.TOP_CONCEPT_OF: SCHEME,
    ns.IN_SCHEME: SCHEME,
    ns.HAS_TOP_CONCEPT: CONCEPT,
    **{xl_property: XL_LABEL for _, xl_property in LABEL_PROPERTIES.values()},
}


def collect_assertions(statements: Statements) -> Assertions:
    """Everything the conditions ask about. ``xkos:ClassificationLevel`` has members too and is a collection by that."""
    triples = list(statements)
    pairs = {name: frozenset(find_pairs(triples, name)) for name in (*SEMANTIC,)}
    return Assertions(
        kinds=collect_kinds(triples),
        labels=collect_labels(statements),
        literal_forms={
            uri: len(statements.by_subject.get(uri, {}).get(ns.LITERAL_FORM, ())) for uri in label_resources(statements)
        },
        broader=frozenset().union(
            *(pairs[name] for name in BROADER), *(frozenset((b, a) for a, b in pairs[name]) for name in NARROWER)
        ),
        related=frozenset().union(*(pairs[name] for name in RELATED)),
        exact_matches=pairs[ns.EXACT_MATCH],
        hierarchical_matches=pairs[ns.BROAD_MATCH] | pairs[ns.NARROW_MATCH],
        related_matches=pairs[ns.RELATED_MATCH],
    )


def collect_kinds(triples: list[Triple]) -> dict[str, frozenset[ResourceKind]]:
    """The kinds of each resource, said or entailed."""
    kinds: dict[str, set[ResourceKind]] = {}
    for subject, predicate, term in triples:
        if isinstance(term, str):
            kind = TYPES.get(term) if predicate == ns.RDF_TYPE else OBJECT_KINDS.get(predicate)
            if kind is not None:
                kinds.setdefault(subject if predicate == ns.RDF_TYPE else term, set()).add(kind)
        entailed = SUBJECT_KINDS.get(predicate)
        if entailed is not None:
            kinds.setdefault(subject, set()).add(entailed)
    return {uri: frozenset(found) for uri, found in kinds.items()}


def collect_labels(statements: Statements) -> dict[str, tuple[LabelAssertion, ...]]:
    """The lexical labels of each resource, plain and through label resources."""
    found: dict[str, tuple[LabelAssertion, ...]] = {}
    for uri, said in statements.by_subject.items():
        labels: dict[LabelAssertion, None] = {}
        for kind, (plain_property, xl_property) in LABEL_PROPERTIES.items():
            terms = [*said.get(plain_property, ())]
            for resource in said.get(xl_property, ()):
                if isinstance(resource, str):
                    terms += statements.by_subject.get(resource, {}).get(ns.LITERAL_FORM, ())
            labels.update(dict.fromkeys(label_assertions(kind, terms)))
        if labels:
            found[uri] = tuple(labels)
    return found


def label_assertions(kind: LabelKind, terms: list[str | Literal]) -> Iterator[LabelAssertion]:
    for term in terms:
        if isinstance(term, Literal):
            yield LabelAssertion(kind, term.text, term.language)


def label_resources(statements: Statements) -> set[str]:
    """Everything that is a label resource by its type or by being one's label."""
    resources = set(statements.of_type(ns.XL_LABEL, ns.RDF_TYPE))
    for said in statements.by_subject.values():
        for _, xl_property in LABEL_PROPERTIES.values():
            resources.update(term for term in said.get(xl_property, ()) if isinstance(term, str))
    return resources


def find_pairs(triples: list[Triple], predicate: str) -> Iterator[Pair]:
    return ((subject, term) for subject, said, term in triples if said == predicate and isinstance(term, str))
