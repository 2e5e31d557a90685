"""Every prefix, and every IRI of a term or of a thing of ours; spelled out nowhere else.

Lives here: the fixed namespace, how its IRIs are put together, the terms of the standards we use.
Elsewhere: the twin of the namespace that rooms use (``registry.identifiers.NAMESPACE``; a test holds them equal).

::

    {ns}/{scheme}                              a scheme, whatever its version
    {ns}/{scheme}/{major.minor}                a scheme version                     units/1.0
        /item/{code}                           an item, its code percent-encoded    units/1.0/item/2.1
            /label/{language}[/{n}]            a label with a status of its own     units/1.0/item/2.1/label/fr
            /note/{mark or n}                  a note with a mark of its own        units/1.0/item/2.2/note/a
        /collection/{code}                     a grouping outside the hierarchy
        /level/{depth}   /levels/{n}           an XKOS level; the n-th cell of the list of levels
    {ns}/id/{opaque}                           an item's identity across versions
    {ns}/correspondence/{from}--{to}[/{n}]     a correspondence, its n-th association
    {ns}/binding/{variable}/{n}                a binding of a variable to a list
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

NAMESPACE: Final = "https://w3id.org/ictip"
"""The one fixed namespace of all data, whatever host serves it; unofficial until registered."""

DEF: Final = f"{NAMESPACE}/def#"
CASE: Final = f"{NAMESPACE}/case-model#"
SHAPE: Final = f"{NAMESPACE}/shape#"
NOTATION: Final = f"{NAMESPACE}/notation/"
IDENTITY: Final = f"{NAMESPACE}/id/"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
DCTERMS: Final = "http://purl.org/dc/terms/"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
SKOSXL: Final = "http://www.w3.org/2008/05/skos-xl#"
XKOS: Final = "http://rdf-vocabulary.ddialliance.org/xkos#"
SH: Final = "http://www.w3.org/ns/shacl#"

PREFIXES: Final[tuple[tuple[str, str], ...]] = (
    ("case", CASE),
    ("dcterms", DCTERMS),
    ("ictip", DEF),
    ("id", IDENTITY),
    ("owl", OWL),
    ("rdf", RDF),
    ("rdfs", RDFS),
    ("sh", SH),
    ("shape", SHAPE),
    ("skos", SKOS),
    ("skosxl", SKOSXL),
    ("xkos", XKOS),
    ("xsd", XSD),
)
"""Prefix and namespace, by prefix; the same in every file."""

# --- RDF, RDFS, OWL, XSD -------------------------------------------------------------------------------

RDF_TYPE: Final = f"{RDF}type"
RDF_FIRST: Final = f"{RDF}first"
RDF_REST: Final = f"{RDF}rest"
RDF_NIL: Final = f"{RDF}nil"
RDF_LIST: Final = f"{RDF}List"
RDF_VALUE: Final = f"{RDF}value"
RDF_PROPERTY: Final = f"{RDF}Property"
RDFS_CLASS: Final = f"{RDFS}Class"
RDFS_LABEL: Final = f"{RDFS}label"
RDFS_COMMENT: Final = f"{RDFS}comment"
RDFS_DOMAIN: Final = f"{RDFS}domain"
RDFS_RANGE: Final = f"{RDFS}range"
OWL_VERSION_INFO: Final = f"{OWL}versionInfo"
XSD_BOOLEAN: Final = f"{XSD}boolean"
XSD_DATE: Final = f"{XSD}date"
XSD_INTEGER: Final = f"{XSD}integer"
XSD_STRING: Final = f"{XSD}string"

# --- Dublin Core terms ---------------------------------------------------------------------------------

TITLE: Final = f"{DCTERMS}title"
SOURCE: Final = f"{DCTERMS}source"
PUBLISHER: Final = f"{DCTERMS}publisher"
RIGHTS: Final = f"{DCTERMS}rights"
ISSUED: Final = f"{DCTERMS}issued"
IS_VERSION_OF: Final = f"{DCTERMS}isVersionOf"
DATE: Final = f"{DCTERMS}date"
IS_REPLACED_BY: Final = f"{DCTERMS}isReplacedBy"

# --- SKOS, SKOS-XL -------------------------------------------------------------------------------------

CONCEPT_SCHEME: Final = f"{SKOS}ConceptScheme"
CONCEPT: Final = f"{SKOS}Concept"
COLLECTION: Final = f"{SKOS}Collection"
IN_SCHEME: Final = f"{SKOS}inScheme"
HAS_TOP_CONCEPT: Final = f"{SKOS}hasTopConcept"
TOP_CONCEPT_OF: Final = f"{SKOS}topConceptOf"
BROADER: Final = f"{SKOS}broader"
CODE: Final = f"{SKOS}notation"
MEMBER: Final = f"{SKOS}member"
PREF_LABEL: Final = f"{SKOS}prefLabel"
ALT_LABEL: Final = f"{SKOS}altLabel"
HIDDEN_LABEL: Final = f"{SKOS}hiddenLabel"
DEFINITION: Final = f"{SKOS}definition"
SCOPE_NOTE: Final = f"{SKOS}scopeNote"
EDITORIAL_NOTE: Final = f"{SKOS}editorialNote"
HISTORY_NOTE: Final = f"{SKOS}historyNote"
CHANGE_NOTE: Final = f"{SKOS}changeNote"
EXAMPLE: Final = f"{SKOS}example"
EXACT_MATCH: Final = f"{SKOS}exactMatch"
CLOSE_MATCH: Final = f"{SKOS}closeMatch"
BROAD_MATCH: Final = f"{SKOS}broadMatch"
NARROW_MATCH: Final = f"{SKOS}narrowMatch"
RELATED_MATCH: Final = f"{SKOS}relatedMatch"
XL_LABEL: Final = f"{SKOSXL}Label"
XL_PREF_LABEL: Final = f"{SKOSXL}prefLabel"
XL_ALT_LABEL: Final = f"{SKOSXL}altLabel"
XL_HIDDEN_LABEL: Final = f"{SKOSXL}hiddenLabel"
LITERAL_FORM: Final = f"{SKOSXL}literalForm"

# --- XKOS ----------------------------------------------------------------------------------------------

COVERS: Final = f"{XKOS}covers"
COVERS_EXHAUSTIVELY: Final = f"{XKOS}coversExhaustively"
COVERS_MUTUALLY_EXCLUSIVELY: Final = f"{XKOS}coversMutuallyExclusively"
FOLLOWS: Final = f"{XKOS}follows"
SUPERSEDES: Final = f"{XKOS}supersedes"
NUMBER_OF_LEVELS: Final = f"{XKOS}numberOfLevels"
LEVELS: Final = f"{XKOS}levels"
CLASSIFICATION_LEVEL: Final = f"{XKOS}ClassificationLevel"
DEPTH: Final = f"{XKOS}depth"
NOTATION_PATTERN: Final = f"{XKOS}notationPattern"
INCLUSION_NOTE: Final = f"{XKOS}inclusionNote"
CORE_CONTENT_NOTE: Final = f"{XKOS}coreContentNote"
ADDITIONAL_CONTENT_NOTE: Final = f"{XKOS}additionalContentNote"
EXCLUSION_NOTE: Final = f"{XKOS}exclusionNote"
CORRESPONDENCE: Final = f"{XKOS}Correspondence"
CONCEPT_ASSOCIATION: Final = f"{XKOS}ConceptAssociation"
COMPARES: Final = f"{XKOS}compares"
MADE_OF: Final = f"{XKOS}madeOf"
SOURCE_CONCEPT: Final = f"{XKOS}sourceConcept"
TARGET_CONCEPT: Final = f"{XKOS}targetConcept"

# --- our own terms (each is defined in vocabulary/terms.ttl) -------------------------------------------

VARIABLE: Final = f"{DEF}Variable"
BINDING: Final = f"{DEF}Binding"
PRINTED_VERSION: Final = f"{DEF}printedVersion"
STANDING: Final = f"{DEF}standing"
OFFICIAL: Final = f"{DEF}official"
PROVISIONAL: Final = f"{DEF}provisional"
STATUS: Final = f"{DEF}status"
DRAFT: Final = f"{DEF}draft"
RELEASED: Final = f"{DEF}released"
SUPERSEDED: Final = f"{DEF}superseded"
WITHDRAWN: Final = f"{DEF}withdrawn"
VALID: Final = f"{DEF}valid"
DEPRECATED: Final = f"{DEF}deprecated"
UNOFFICIAL: Final = f"{DEF}unofficial"
STALE: Final = f"{DEF}stale"
IN_FORCE_FROM: Final = f"{DEF}inForceFrom"
IN_FORCE_TO: Final = f"{DEF}inForceTo"
REQUIRED_LANGUAGE: Final = f"{DEF}requiredLanguage"
MAIN_PARENT: Final = f"{DEF}mainParent"
ORDER: Final = f"{DEF}order"
RESIDUAL: Final = f"{DEF}residual"
DERIVED: Final = f"{DEF}derived"
ITEM_STATUS: Final = f"{DEF}itemStatus"
PRINTED_REFERENCE: Final = f"{DEF}printedReference"
MARK: Final = f"{DEF}mark"
LABEL_STATUS: Final = f"{DEF}labelStatus"
KIND: Final = f"{DEF}kind"
DESCRIBES: Final = f"{DEF}describes"
STEP: Final = f"{DEF}step"
REPEATED: Final = f"{DEF}repeated"
UNIT_OF_MEASURE: Final = f"{DEF}unitOfMeasure"
ATTRIBUTION: Final = f"{DEF}attribution"
BOUND_VARIABLE: Final = f"{DEF}variable"
BOUND_LIST: Final = f"{DEF}list"
VALID_FROM: Final = f"{DEF}validFrom"
VALID_TO: Final = f"{DEF}validTo"
FROM_VERSION: Final = f"{DEF}from"
TO_VERSION: Final = f"{DEF}to"
PARTIAL: Final = f"{DEF}partial"
REASON: Final = f"{DEF}reason"
RELATIONSHIP_TYPE: Final = f"{DEF}relationshipType"
NODE_LABEL: Final = f"{DEF}nodeLabel"
IS_HUB: Final = f"{DEF}isHub"
IS_TRAVERSED: Final = f"{DEF}isTraversed"


def scheme_iri(scheme: str) -> str:
    """A scheme, whatever its version.

    >>> scheme_iri("units")
    'https://w3id.org/ictip/units'
    """
    return f"{NAMESPACE}/{scheme}"


def version_iri(scheme: str, version: str) -> str:
    """A scheme version; ``version`` is major.minor, without an edition.

    >>> version_iri("units", "1.0")
    'https://w3id.org/ictip/units/1.0'
    """
    return f"{NAMESPACE}/{scheme}/{version}"


def item_iri(scheme: str, version: str, code: str) -> str:
    """An item of a scheme version, its code percent-encoded.

    >>> item_iri("age-band", "1.0", "60+")
    'https://w3id.org/ictip/age-band/1.0/item/60%2B'
    """
    return f"{version_iri(scheme, version)}/item/{quote(code, safe='')}"


def collection_iri(scheme: str, version: str, code: str) -> str:
    """A grouping of items outside the hierarchy."""
    return f"{version_iri(scheme, version)}/collection/{quote(code, safe='')}"


def level_iri(scheme: str, version: str, depth: int) -> str:
    """An XKOS level; depth 1 is the most general."""
    return f"{version_iri(scheme, version)}/level/{depth}"


def levels_cell_iri(scheme: str, version: str, place: int) -> str:
    """The n-th cell, from 1, of the ``rdf:List`` of levels (a name, because we keep no blank nodes)."""
    return f"{version_iri(scheme, version)}/levels/{place}"


def label_iri(item: str, language: str, place: int = 1) -> str:
    """The SKOS-XL label of an item in a language; ``place`` counts from 1 where there are several.

    >>> label_iri("https://w3id.org/ictip/units/1.0/item/1", "fr")
    'https://w3id.org/ictip/units/1.0/item/1/label/fr'
    """
    return f"{item}/label/{language}" + (f"/{place}" if place > 1 else "")


def note_iri(item: str, mark: str) -> str:
    """The note of an item that carries a mark of its own, or a running number."""
    return f"{item}/note/{quote(mark, safe='')}"


def identity_iri(opaque: str) -> str:
    """What an item is, in every version that means the same by it; never computed from code or label."""
    return f"{IDENTITY}{opaque}"


def correspondence_iri(source: tuple[str, str], target: tuple[str, str]) -> str:
    """A correspondence from one scheme version to another.

    >>> correspondence_iri(("isic", "4.0"), ("isic", "5.0"))
    'https://w3id.org/ictip/correspondence/isic-4.0--isic-5.0'
    """
    return f"{NAMESPACE}/correspondence/{'-'.join(source)}--{'-'.join(target)}"


def association_iri(correspondence: str, place: int) -> str:
    """The n-th association, from 1, of a correspondence."""
    return f"{correspondence}/{place}"


def binding_iri(variable: str, place: int) -> str:
    """The n-th binding, from 1, of a variable."""
    return f"{NAMESPACE}/binding/{variable}/{place}"


def notation_iri(system: str) -> str:
    """The datatype of a code in another system: ``iso3166-1-alpha-3``."""
    return f"{NOTATION}{system}"


def record_iri(kind: str, id_: str) -> str:
    """A case record in an exported network: a name for joining statements, which no server ever answers.

    >>> record_iri("person", "p-7")
    'https://w3id.org/ictip/case/person/p-7'
    """
    return f"{NAMESPACE}/case/{kind}/{quote(id_, safe='')}"


def concept_iri(concept: str) -> str:
    """An item by scheme, version and code, as the case graph names it.

    >>> concept_iri("units/1.0/2.1")
    'https://w3id.org/ictip/units/1.0/item/2.1'
    """
    scheme, version, code = concept.split("/", 2)
    return item_iri(scheme, version, code)
