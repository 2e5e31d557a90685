"""From the model to statements, in the one profile that every scheme file follows.

Lives here: which statements say what the model holds. Elsewhere: the way back (``reader``), their texts
(``ntriples``, ``turtle``). ``read(write(model))`` is the model with labels and notes in canonical order.

- No blank nodes; inverse properties are said once (``skos:broader``, never ``skos:narrower``).
- A label that is not official has a SKOS-XL label with its status beside the plain literal (SKOS S55 to S57).
- A note with a mark is a resource with ``rdf:value`` and ``ictip:mark``.
- XKOS levels are an ``rdf:List`` whose cells have IRIs, each level with its members.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from ontology import namespaces as ns
from registry.classification.model import (
    Association,
    Binding,
    Collection,
    Concept,
    ConceptStatus,
    Correspondence,
    Label,
    LabelKind,
    LabelStatus,
    Level,
    MatchKind,
    Note,
    NoteKind,
    ReleaseStatus,
    SchemeVersion,
    Standing,
    VariableFacts,
)
from registry.identifiers import SchemeId, VersionTag
from registry.storage.rdf.terms import Literal, Triple

Said = Iterator[Triple]
Release = SchemeVersion | Correspondence | Binding

LABEL_PROPERTIES: Final = {
    LabelKind.PREFERRED: (ns.PREF_LABEL, ns.XL_PREF_LABEL),
    LabelKind.ALTERNATIVE: (ns.ALT_LABEL, ns.XL_ALT_LABEL),
    LabelKind.HIDDEN: (ns.HIDDEN_LABEL, ns.XL_HIDDEN_LABEL),
}
LABEL_STATUSES: Final = {LabelStatus.UNOFFICIAL: ns.UNOFFICIAL, LabelStatus.STALE: ns.STALE}
NOTE_PROPERTIES: Final = {
    NoteKind.DEFINITION: ns.DEFINITION,
    NoteKind.SCOPE: ns.SCOPE_NOTE,
    NoteKind.INCLUSION: ns.INCLUSION_NOTE,
    NoteKind.ADDITIONAL: ns.ADDITIONAL_CONTENT_NOTE,
    NoteKind.EXCLUSION: ns.EXCLUSION_NOTE,
    NoteKind.EDITORIAL: ns.EDITORIAL_NOTE,
    NoteKind.HISTORY: ns.HISTORY_NOTE,
    NoteKind.CHANGE: ns.CHANGE_NOTE,
    NoteKind.EXAMPLE: ns.EXAMPLE,
}
MATCH_PROPERTIES: Final = {
    MatchKind.EXACT: ns.EXACT_MATCH,
    MatchKind.CLOSE: ns.CLOSE_MATCH,
    MatchKind.BROAD: ns.BROAD_MATCH,
    MatchKind.NARROW: ns.NARROW_MATCH,
    MatchKind.RELATED: ns.RELATED_MATCH,
}
STANDINGS: Final = {Standing.OFFICIAL: ns.OFFICIAL, Standing.PROVISIONAL: ns.PROVISIONAL}
RELEASE_STATUSES: Final = {
    ReleaseStatus.DRAFT: ns.DRAFT,
    ReleaseStatus.RELEASED: ns.RELEASED,
    ReleaseStatus.SUPERSEDED: ns.SUPERSEDED,
    ReleaseStatus.WITHDRAWN: ns.WITHDRAWN,
}
FIRST_VERSION: Final = VersionTag("1.0")
CONCEPT_STATUSES: Final = {ConceptStatus.DEPRECATED: ns.DEPRECATED, ConceptStatus.WITHDRAWN: ns.WITHDRAWN}


def write_release(release: Release) -> Said:
    """The statements of a scheme version, a correspondence or a binding."""
    match release:
        case SchemeVersion():
            return write_version(release)
        case Correspondence():
            return write_correspondence(release)
        case Binding():
            return write_binding(release)


def write_version(version: SchemeVersion) -> Said:
    """The version, its levels, its concepts in order, its collections."""
    yield from write_head(version)
    yield from write_levels(version)
    facts = {each.code: each for each in version.variables}
    for place, concept in enumerate(version.concepts, start=1):
        yield from write_concept(version, concept, place)
        if concept.code in facts:
            yield from write_variable(concept.uri, facts[concept.code])
    for collection in version.collections:
        yield from write_collection(version, collection)


def write_head(version: SchemeVersion) -> Said:
    uri = version.uri
    yield uri, ns.RDF_TYPE, ns.CONCEPT_SCHEME
    yield uri, ns.OWL_VERSION_INFO, Literal(version.version)
    yield uri, ns.IS_VERSION_OF, ns.scheme_iri(version.scheme)
    yield uri, ns.STANDING, STANDINGS[version.standing]
    yield uri, ns.STATUS, RELEASE_STATUSES[version.status]
    yield from write_texts(uri, ns.SOURCE, version.sources)
    yield from write_texts(uri, ns.PUBLISHER, filter(None, [version.publisher]))
    yield from write_texts(uri, ns.RIGHTS, filter(None, [version.rights]))
    yield from write_texts(uri, ns.PRINTED_VERSION, filter(None, [version.printed_version]))
    yield from write_texts(uri, ns.REQUIRED_LANGUAGE, version.required_languages)
    yield from ((uri, ns.COVERS, covered) for covered in version.covers)
    yield from ((uri, ns.FOLLOWS, before) for before in filter(None, [version.follows]))
    yield from write_day(uri, ns.ISSUED, version.issued)
    yield from write_day(uri, ns.IN_FORCE_FROM, version.in_force_from)
    yield from write_day(uri, ns.IN_FORCE_TO, version.in_force_to)
    yield from ((uri, ns.HAS_TOP_CONCEPT, each.uri) for each in version.concepts if each.parent is None)
    yield from ((uri, ns.TITLE, Literal(title.text, title.language)) for title in version.titles)
    yield from write_label_statuses(uri, version.titles)
    yield from write_notes(uri, version.notes)


def write_levels(version: SchemeVersion) -> Said:
    """The levels' list, cell by cell, and each level with its members; no list where there are no levels."""
    if not version.levels:
        return
    tag = version.version.version
    last = len(version.levels)
    yield version.uri, ns.NUMBER_OF_LEVELS, Literal(str(last), None, ns.XSD_INTEGER)
    yield version.uri, ns.LEVELS, ns.levels_cell_iri(version.scheme, tag, 1)
    for place, level in enumerate(version.levels, start=1):
        cell = ns.levels_cell_iri(version.scheme, tag, place)
        rest = ns.levels_cell_iri(version.scheme, tag, place + 1) if place < last else ns.RDF_NIL
        uri = ns.level_iri(version.scheme, tag, level.depth)
        yield cell, ns.RDF_TYPE, ns.RDF_LIST
        yield cell, ns.RDF_FIRST, uri
        yield cell, ns.RDF_REST, rest
        yield from write_level(uri, level)
        yield from ((uri, ns.MEMBER, each.uri) for each in version.concepts if each.level == level.depth)


def write_level(uri: str, level: Level) -> Said:
    yield uri, ns.RDF_TYPE, ns.CLASSIFICATION_LEVEL
    yield uri, ns.DEPTH, Literal(str(level.depth), None, ns.XSD_INTEGER)
    yield from write_labels(uri, level.labels)
    yield from write_texts(uri, ns.NOTATION_PATTERN, filter(None, [level.notation_pattern]))


def write_concept(version: SchemeVersion, concept: Concept, place: int) -> Said:
    """One concept; ``place`` is its position in hierarchical order, from 1."""
    uri = concept.uri
    yield uri, ns.RDF_TYPE, ns.CONCEPT
    yield uri, ns.CODE, Literal(concept.code)
    yield uri, ns.IN_SCHEME, version.uri
    yield uri, ns.ORDER, Literal(str(place), None, ns.XSD_INTEGER)
    if concept.parent is None:
        yield uri, ns.TOP_CONCEPT_OF, version.uri
    tag = version.version.version
    parents = [concept.parent, *concept.other_parents] if concept.parent is not None else concept.other_parents
    yield from ((uri, ns.BROADER, ns.item_iri(version.scheme, tag, parent)) for parent in parents)
    if concept.other_parents and concept.parent is not None:
        yield uri, ns.MAIN_PARENT, ns.item_iri(version.scheme, tag, concept.parent)
    yield from ((uri, ns.IS_VERSION_OF, identity) for identity in filter(None, [concept.identity]))
    yield from ((uri, MATCH_PROPERTIES[match.kind], match.target) for match in concept.matches)
    yield from ((uri, ns.IS_REPLACED_BY, successor) for successor in concept.successors)
    for other in concept.other_notations:
        yield uri, ns.CODE, Literal(other.code, None, ns.notation_iri(other.system))
    yield from write_texts(uri, ns.PRINTED_REFERENCE, concept.printed_references)
    yield from write_flag(uri, ns.RESIDUAL, is_true=concept.residual)
    yield from write_flag(uri, ns.DERIVED, is_true=concept.derived)
    if concept.status is not ConceptStatus.VALID:
        yield uri, ns.ITEM_STATUS, CONCEPT_STATUSES[concept.status]
    yield from write_day(uri, ns.IN_FORCE_FROM, concept.in_force_from)
    yield from write_day(uri, ns.IN_FORCE_TO, concept.in_force_to)
    yield from write_labels(uri, concept.labels)
    yield from write_notes(uri, concept.notes)


def write_variable(uri: str, facts: VariableFacts) -> Said:
    yield uri, ns.RDF_TYPE, ns.VARIABLE
    yield uri, ns.KIND, Literal(facts.kind.value)
    yield uri, ns.DESCRIBES, Literal(facts.describes.value)
    if facts.step is not None:
        yield uri, ns.STEP, Literal(str(facts.step), None, ns.XSD_INTEGER)
    yield from write_flag(uri, ns.REPEATED, is_true=facts.repeated)
    yield from write_texts(uri, ns.UNIT_OF_MEASURE, filter(None, [facts.unit]))
    yield from write_texts(uri, ns.ATTRIBUTION, filter(None, [facts.attribution]))


def write_collection(version: SchemeVersion, collection: Collection) -> Said:
    tag = version.version.version
    yield collection.uri, ns.RDF_TYPE, ns.COLLECTION
    yield collection.uri, ns.CODE, Literal(collection.code)
    yield collection.uri, ns.IN_SCHEME, version.uri
    yield from write_labels(collection.uri, collection.labels)
    yield from write_notes(collection.uri, collection.notes)
    for member in collection.members:
        yield collection.uri, ns.MEMBER, ns.item_iri(version.scheme, tag, member)


def write_correspondence(correspondence: Correspondence) -> Said:
    """The correspondence and its associations, numbered in their order."""
    uri = correspondence.uri
    source, target = (ns.version_iri(scheme, tag) for scheme, tag in (correspondence.source, correspondence.target))
    yield uri, ns.RDF_TYPE, ns.CORRESPONDENCE
    yield uri, ns.COMPARES, source
    yield uri, ns.COMPARES, target
    yield uri, ns.FROM_VERSION, source
    yield uri, ns.TO_VERSION, target
    yield from write_texts(uri, ns.SOURCE, filter(None, [correspondence.origin]))
    yield from ((uri, ns.TITLE, Literal(title.text, title.language)) for title in correspondence.titles)
    yield from write_label_statuses(uri, correspondence.titles)
    for place, association in enumerate(correspondence.associations, start=1):
        yield uri, ns.MADE_OF, ns.association_iri(uri, place)
        yield from write_association(correspondence, association, place)


def write_association(correspondence: Correspondence, association: Association, place: int) -> Said:
    uri = ns.association_iri(correspondence.uri, place)
    yield uri, ns.RDF_TYPE, ns.CONCEPT_ASSOCIATION
    yield uri, ns.ORDER, Literal(str(place), None, ns.XSD_INTEGER)
    yield uri, ns.KIND, Literal(association.kind.value)
    yield from write_side(uri, ns.SOURCE_CONCEPT, correspondence.source, association.sources)
    yield from write_side(uri, ns.TARGET_CONCEPT, correspondence.target, association.targets)
    yield from write_flag(uri, ns.PARTIAL, is_true=association.partial)
    if association.reason:
        yield uri, ns.REASON, Literal(association.reason, "en")


def write_side(uri: str, predicate: str, version: tuple[SchemeId, VersionTag], codes: Iterable[str]) -> Said:
    return ((uri, predicate, ns.item_iri(*version, code)) for code in codes)


def write_binding(binding: Binding) -> Said:
    yield binding.uri, ns.RDF_TYPE, ns.BINDING
    variable_version = binding.variable_version or FIRST_VERSION
    variable = ns.item_iri(binding.variable_scheme, variable_version, binding.variable)
    yield binding.uri, ns.BOUND_VARIABLE, variable
    yield binding.uri, ns.BOUND_LIST, ns.version_iri(binding.list_scheme, binding.list_version)
    yield from write_day(binding.uri, ns.VALID_FROM, binding.valid_from)
    yield from write_day(binding.uri, ns.VALID_TO, binding.valid_to)


# --- labels, notes and values --------------------------------------------------------------------------


def write_labels(uri: str, labels: Sequence[Label]) -> Said:
    """The plain literals, and the label resources of those that are not official."""
    for label in labels:
        yield uri, LABEL_PROPERTIES[label.kind][0], Literal(label.text, label.language)
    yield from write_label_statuses(uri, labels)


def write_label_statuses(uri: str, labels: Sequence[Label]) -> Said:
    """A SKOS-XL label for each that is not official, numbered a language in canonical order."""
    places: dict[str, int] = {}
    for label in sort_labels(labels):
        if label.status is LabelStatus.OFFICIAL:
            continue
        places[label.language] = places.get(label.language, 0) + 1
        resource = ns.label_iri(uri, label.language, places[label.language])
        yield uri, LABEL_PROPERTIES[label.kind][1], resource
        yield resource, ns.RDF_TYPE, ns.XL_LABEL
        yield resource, ns.LITERAL_FORM, Literal(label.text, label.language)
        yield resource, ns.LABEL_STATUS, LABEL_STATUSES[label.status]


def write_notes(uri: str, notes: Sequence[Note]) -> Said:
    for note in notes:
        text = Literal(note.text, note.language)
        if note.mark is None:
            yield uri, NOTE_PROPERTIES[note.kind], text
            continue
        resource = ns.note_iri(uri, note.mark)
        yield uri, NOTE_PROPERTIES[note.kind], resource
        yield resource, ns.RDF_VALUE, text
        yield resource, ns.MARK, Literal(note.mark)


def write_texts(uri: str, predicate: str, texts: Iterable[str]) -> Said:
    return ((uri, predicate, Literal(text)) for text in texts)


def write_day(uri: str, predicate: str, day: date | None) -> Said:
    if day is not None:
        yield uri, predicate, Literal(day.isoformat(), None, ns.XSD_DATE)


def write_flag(uri: str, predicate: str, *, is_true: bool) -> Said:
    """What is false is not said."""
    if is_true:
        yield uri, predicate, Literal("true", None, ns.XSD_BOOLEAN)


LABEL_ORDER: Final = {kind: place for place, kind in enumerate(LabelKind)}
NOTE_ORDER: Final = {kind: place for place, kind in enumerate(NoteKind)}
MATCH_ORDER: Final = {kind: place for place, kind in enumerate(MatchKind)}


def sort_labels(labels: Iterable[Label]) -> list[Label]:
    """Canonical order: preferred first, then by language and text."""
    return sorted(labels, key=lambda each: (LABEL_ORDER[each.kind], each.language, each.text))


def sort_notes(notes: Iterable[Note]) -> list[Note]:
    """Canonical order: by kind, then mark (none first), language and text."""
    return sorted(notes, key=lambda each: (NOTE_ORDER[each.kind], each.mark or "", each.language, each.text))
