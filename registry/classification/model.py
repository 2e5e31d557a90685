"""A released classification as plain frozen values, in the words of SKOS, XKOS and GSIM.

Lives here: what a scheme version *is*. Elsewhere: how it is written as RDF (``registry.storage.rdf``), the tree walks
(``hierarchy``), what is answered fast (``catalogue``), what may be wrong with one (``integrity``).

::

    Scheme  1──n  SchemeVersion  1──n  Concept  1──n  Label, Note, Match
                       │         1──n  Level           (XKOS classification levels)
                       │         1──n  Collection      (groupings outside the hierarchy)
                       └──────── 0──n  VariableFacts   (only in schemes of variables)
    Correspondence  from one SchemeVersion to another, n:m associations kept whole (XKOS)
    Binding         variable -> version of a code list, from a date
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from registry.identifiers import LanguageTag, Notation, SchemeId, VersionTag


class LabelKind(StrEnum):
    """SKOS lexical labels (SKOS reference, section 5)."""

    PREFERRED = "preferred"
    ALTERNATIVE = "alternative"
    HIDDEN = "hidden"


class LabelStatus(StrEnum):
    """Who stands behind a label's text; said on its SKOS-XL label."""

    OFFICIAL = "official"
    UNOFFICIAL = "unofficial"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Label:
    """One text in one language."""

    text: str
    language: LanguageTag
    kind: LabelKind = LabelKind.PREFERRED
    status: LabelStatus = LabelStatus.OFFICIAL


class NoteKind(StrEnum):
    """SKOS documentation properties and the XKOS notes that refine ``skos:scopeNote``."""

    DEFINITION = "definition"
    SCOPE = "scope"
    INCLUSION = "inclusion"
    ADDITIONAL = "additional"
    EXCLUSION = "exclusion"
    EDITORIAL = "editorial"
    HISTORY = "history"
    CHANGE = "change"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Note:
    """One explanatory text in one language; ``mark`` is the source's own letter for it (note a to f)."""

    text: str
    language: LanguageTag
    kind: NoteKind = NoteKind.SCOPE
    mark: str | None = None


class MatchKind(StrEnum):
    """SKOS mapping properties (SKOS reference, section 10)."""

    EXACT = "exactMatch"
    CLOSE = "closeMatch"
    BROAD = "broadMatch"
    NARROW = "narrowMatch"
    RELATED = "relatedMatch"


@dataclass(frozen=True, slots=True)
class Match:
    """A SKOS mapping to an item of another scheme, by that item's URI."""

    kind: MatchKind
    target: str


@dataclass(frozen=True, slots=True)
class OtherNotation:
    """The same item's code in another system: ``("iso3166-1-alpha-3", "KEN")``."""

    system: str
    code: str


class ConceptStatus(StrEnum):
    """An item's own standing inside a release."""

    VALID = "valid"
    DEPRECATED = "deprecated"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Concept:
    """One classification item (``skos:Concept``) of one scheme version.

    ``level`` is the depth of its XKOS level (1 the top), which may skip numbers between parent and child.
    ``identity`` is the opaque URI that holds across versions as long as the meaning does.
    ``other_parents`` are broader items besides ``parent`` (polyhierarchy); usually empty.
    """

    scheme: SchemeId
    version: VersionTag
    code: Notation
    uri: str
    identity: str | None = None
    parent: Notation | None = None
    level: int = 1
    labels: tuple[Label, ...] = ()
    notes: tuple[Note, ...] = ()
    matches: tuple[Match, ...] = ()
    other_notations: tuple[OtherNotation, ...] = ()
    printed_references: tuple[str, ...] = ()
    """References to another classification as the source prints them, apart from our matches."""
    residual: bool = False
    """A rest category: not elsewhere classified, not recorded."""
    derived: bool = False
    """Computed from other items, not recorded by agencies (IC-TIP unit 8)."""
    status: ConceptStatus = ConceptStatus.VALID
    in_force_from: date | None = None
    in_force_to: date | None = None
    """Last day in force, for historic areas."""
    successors: tuple[str, ...] = ()
    """URIs of the items that replace it."""
    other_parents: tuple[Notation, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """An XKOS classification level: depth 1 is the most general."""

    depth: int
    labels: tuple[Label, ...]
    notation_pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """A grouping that is no parent (``skos:Collection``): African Union, CTDC's Americas/Oceania."""

    code: Notation
    uri: str
    labels: tuple[Label, ...]
    members: tuple[Notation, ...]
    notes: tuple[Note, ...] = ()


class Standing(StrEnum):
    """Whether a list was printed by the custodians or made up by us until they do."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"


class ReleaseStatus(StrEnum):
    """Where a version stands in its life; moves between these are the lifecycle's table."""

    DRAFT = "draft"
    RELEASED = "released"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class VariableKind(StrEnum):
    """What kind of value a variable takes."""

    CODE = "code"
    DATE = "date"
    DATETIME = "datetime"
    INTEGER = "integer"
    RANGE = "range"
    TEXT = "text"
    REFERENCE = "reference"


class UnitOfDescription(StrEnum):
    """What a variable describes (UN report, para 10)."""

    EVENT = "event"
    VICTIM = "victim"
    PERPETRATOR = "perpetrator"
    REPORTING_ENTITY = "reporting entity"


@dataclass(frozen=True, slots=True)
class VariableFacts:
    """What a variable is besides its labels and notes, which are those of the concept of the same code."""

    code: Notation
    kind: VariableKind
    describes: UnitOfDescription
    step: int | None
    """1 core, 2 enhanced, 3 optional; None for a national variable."""
    repeated: bool = False
    """May hold several values."""
    unit: str | None = None
    """Unit of measure of a number: ``years``."""
    attribution: str | None = None
    """The standard that defines it (UN report, para 12)."""


@dataclass(frozen=True, slots=True)
class SchemeVersion:
    """One version (or edition of one) of a concept scheme, whole. Never changes once released.

    ``concepts`` are in hierarchical order: a parent before its children, siblings by their order in the source.
    ``digest`` is the SHA-256 (hex) of the canonical N-Triples; empty until that is computed.
    """

    scheme: SchemeId
    version: VersionTag
    uri: str
    titles: tuple[Label, ...]
    concepts: tuple[Concept, ...]
    levels: tuple[Level, ...] = ()
    collections: tuple[Collection, ...] = ()
    variables: tuple[VariableFacts, ...] = ()
    standing: Standing = Standing.OFFICIAL
    status: ReleaseStatus = ReleaseStatus.RELEASED
    printed_version: str | None = None
    """The version as its publisher prints it: ``Rev.4``."""
    sources: tuple[str, ...] = ()
    """Where the facts come from, by text."""
    publisher: str = ""
    rights: str = ""
    notes: tuple[Note, ...] = ()
    covers: tuple[str, ...] = ()
    """URIs of what the scheme covers as a whole (``xkos:covers``)."""
    follows: str | None = None
    """URI of the version before (``xkos:follows``)."""
    issued: date | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None
    """Last day in force; None while it is."""
    required_languages: tuple[LanguageTag, ...] = field(default_factory=tuple)
    digest: str = ""


class AssociationKind(StrEnum):
    """What one association of a correspondence says, by the sides' numbers and meaning."""

    SAME = "same"
    """1:1, the meaning is unchanged."""
    RECODED = "recoded"
    SPLIT = "split"
    MERGED = "merged"
    REARRANGED = "rearranged"
    """n:m, or parts of each side."""
    BROADER = "broader"
    """The target holds the source and more."""
    NARROWER = "narrower"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Association:
    """One n:m link of a correspondence (``xkos:ConceptAssociation``), kept whole."""

    sources: tuple[Notation, ...]
    targets: tuple[Notation, ...]
    kind: AssociationKind
    partial: bool = False
    """Only a part of a source goes to the targets."""
    reason: str | None = None
    """In English."""


@dataclass(frozen=True, slots=True)
class Correspondence:
    """An ``xkos:Correspondence`` between two scheme versions; associations in source-code order."""

    uri: str
    source: tuple[SchemeId, VersionTag]
    target: tuple[SchemeId, VersionTag]
    titles: tuple[Label, ...]
    associations: tuple[Association, ...]
    origin: str = ""
    """Where the facts come from."""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """From a date on, a variable takes its codes from a version of a list."""

    variable: Notation
    variable_scheme: SchemeId
    list_scheme: SchemeId
    list_version: VersionTag
    valid_from: date
    valid_to: date | None = None
    """Last day; None while it holds."""
    uri: str = ""
    variable_version: VersionTag | None = None
    """The version of the variables that its URI names the variable in; None says 1.0."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided that a version be released: a committee's approval, a Commission's endorsement."""

    body: str
    decided_on: date
    symbol: str = ""
    """Document symbol: ``E/CN.3/2025/…``."""
