"""From statements to the model; what cannot become one is a finding that names rule and place.

Lives here: what each statement means. Elsewhere: the way back (``writer``), the texts (``parse``, ``ntriples``), the
rules over whole versions (``registry.classification.integrity``), SKOS's conditions (``assertions``).

A reading always tells everything it found wrong, not the first thing only. Statements that the model has no place for
are the finding ``statement_unmapped``: nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Generic, TypeVar
from urllib.parse import unquote

from ontology import namespaces as ns
from registry.classification.integrity import Finding, sort_findings, warning
from registry.classification.model import (
    Association,
    AssociationKind,
    Binding,
    Collection,
    Concept,
    ConceptStatus,
    Correspondence,
    Label,
    LabelKind,
    LabelStatus,
    Level,
    Match,
    Note,
    NoteKind,
    OtherNotation,
    ReleaseStatus,
    SchemeVersion,
    Standing,
    UnitOfDescription,
    VariableFacts,
    VariableKind,
)
from registry.errors import IctipError
from registry.identifiers import Notation, SchemeId, VersionTag
from registry.storage.rdf.terms import Literal, Properties, Statements, Term
from registry.storage.rdf.values import Values
from registry.storage.rdf.writer import (
    CONCEPT_STATUSES,
    LABEL_PROPERTIES,
    LABEL_STATUSES,
    MATCH_PROPERTIES,
    NOTE_PROPERTIES,
    RELEASE_STATUSES,
    STANDINGS,
    sort_labels,
    sort_notes,
    write_release,
)

T = TypeVar("T")
M = TypeVar("M", SchemeVersion, Correspondence, tuple[Binding, ...])
E = TypeVar("E", bound=StrEnum)

NOTHING: Final[Properties] = {}
FAR: Final = 1 << 30
"""Where a concept without an order stands: after all that have one."""
MOST_UNMAPPED: Final = 20
"""Findings of statements without a place that are told one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[M]):
    """What was read, None when not even its name could be; and what was found wrong, errors first."""

    found: M | None
    findings: tuple[Finding, ...]


def read_version(statements: Statements) -> Reading[SchemeVersion]:
    """The one scheme version that the statements tell of."""
    reader = Reader(statements)
    version = reader.version()
    return finish(reader, version, () if version is None else (version,))


def read_correspondence(statements: Statements) -> Reading[Correspondence]:
    """The one correspondence that the statements tell of."""
    reader = Reader(statements)
    correspondence = reader.correspondence()
    return finish(reader, correspondence, () if correspondence is None else (correspondence,))


def read_bindings(statements: Statements) -> Reading[tuple[Binding, ...]]:
    """Every binding, by variable and first day."""
    reader = Reader(statements)
    found = [reader.binding(uri) for uri in statements.of_type(ns.BINDING, ns.RDF_TYPE)]
    bindings = tuple(
        sorted(
            (each for each in found if each is not None), key=lambda each: (each.variable, each.valid_from, each.uri)
        )
    )
    return finish(reader, bindings, bindings)


def binding_order(binding: Binding) -> tuple[str, date, str]:
    return binding.variable, binding.valid_from, binding.uri


def read_trusted(statements: Statements) -> SchemeVersion | Correspondence | Binding | None:
    """The release in statements that were checked when it was stored: no search for what has no place."""
    reader = Reader(statements)
    if statements.of_type(ns.CONCEPT_SCHEME, ns.RDF_TYPE):
        return reader.version()
    if statements.of_type(ns.CORRESPONDENCE, ns.RDF_TYPE):
        return reader.correspondence()
    bindings = statements.of_type(ns.BINDING, ns.RDF_TYPE)
    return reader.binding(bindings[0]) if bindings else None


def finish(reader: Reader, found: M | None, parts: Sequence[SchemeVersion | Correspondence | Binding]) -> Reading[M]:
    """The reading, with what the model has no place for."""
    if parts and not any(finding.rule in FATAL for finding in reader.findings):
        reader.findings.extend(unmapped_findings(reader.statements, parts))
    return Reading(found, sort_findings(reader.findings))


FATAL: Final = frozenset({"code_missing", "code_malformed", "blank_node"})
"""Rules whose breach makes every statement of a concept unmapped; saying so again would drown the cause."""


def unmapped_findings(
    statements: Statements, parts: Sequence[SchemeVersion | Correspondence | Binding]
) -> Iterator[Finding]:
    """The statements that writing the model again would not say."""
    written = {triple for part in parts for triple in write_release(part)}
    left = [triple for triple in statements if triple not in written]
    for subject, predicate, _ in left[:MOST_UNMAPPED]:
        yield warning("statement_unmapped", f"{subject} {predicate}", "the model has no place for it")
    if len(left) > MOST_UNMAPPED:
        yield warning("statement_unmapped", "further statements", f"{len(left) - MOST_UNMAPPED} more have no place")


class Reader(Values):
    """Reads whole things and their parts, gathering findings on the way."""

    def version(self) -> SchemeVersion | None:
        uri = self.only(ns.CONCEPT_SCHEME, "concept scheme")
        if uri is None:
            return None
        said = self.properties(uri)
        scheme = self.scheme_of(uri, said)
        tag = self.parsed(uri, said, ns.OWL_VERSION_INFO, VersionTag)
        if scheme is None or tag is None:
            self.miss("version_unnamed", uri, "it needs owl:versionInfo and dcterms:isVersionOf")
            return None
        levels, depths = self.levels()
        concepts = self.concepts(uri, scheme, tag, depths)
        return SchemeVersion(
            scheme=scheme,
            version=tag,
            uri=uri,
            titles=self.labels(uri, said, {LabelKind.PREFERRED: (ns.TITLE, ns.XL_PREF_LABEL)}),
            concepts=concepts,
            levels=levels,
            collections=self.collections(uri),
            variables=tuple(self.variables(concepts)),
            standing=self.chosen(uri, said, ns.STANDING, STANDINGS) or Standing.OFFICIAL,
            status=self.chosen(uri, said, ns.STATUS, RELEASE_STATUSES) or ReleaseStatus.RELEASED,
            printed_version=self.text(uri, said, ns.PRINTED_VERSION),
            sources=self.texts(said, ns.SOURCE),
            publisher=self.text(uri, said, ns.PUBLISHER) or "",
            rights=self.text(uri, said, ns.RIGHTS) or "",
            notes=self.notes(uri, said),
            covers=self.iris(said, ns.COVERS),
            follows=self.iri(uri, said, ns.FOLLOWS),
            issued=self.parsed(uri, said, ns.ISSUED, date.fromisoformat),
            in_force_from=self.parsed(uri, said, ns.IN_FORCE_FROM, date.fromisoformat),
            in_force_to=self.parsed(uri, said, ns.IN_FORCE_TO, date.fromisoformat),
            required_languages=tuple(filter(None, map(self.language, self.texts(said, ns.REQUIRED_LANGUAGE)))),
        )

    def correspondence(self) -> Correspondence | None:
        uri = self.only(ns.CORRESPONDENCE, "correspondence")
        if uri is None:
            return None
        said = self.properties(uri)
        source, target = (
            self.version_at(uri, self.iri(uri, said, predicate)) for predicate in (ns.FROM_VERSION, ns.TO_VERSION)
        )
        if source is None or target is None:
            return None
        numbered = [
            (self.number(each, self.properties(each), ns.ORDER) or FAR, each, self.association(each))
            for each in self.iris(said, ns.MADE_OF)
        ]
        return Correspondence(
            uri=uri,
            source=source,
            target=target,
            titles=self.labels(uri, said, {LabelKind.PREFERRED: (ns.TITLE, ns.XL_PREF_LABEL)}),
            associations=tuple(each for _, _, each in sorted(numbered, key=lambda row: row[:2]) if each is not None),
            origin=self.text(uri, said, ns.SOURCE) or "",
        )

    def association(self, uri: str) -> Association | None:
        said = self.properties(uri)
        kind = self.parsed(uri, said, ns.KIND, AssociationKind)
        if kind is None:
            self.miss("value_missing", uri, "an association needs ictip:kind")
            return None
        return Association(
            sources=self.codes_at(uri, self.iris(said, ns.SOURCE_CONCEPT)),
            targets=self.codes_at(uri, self.iris(said, ns.TARGET_CONCEPT)),
            kind=kind,
            partial=self.flag(uri, said, ns.PARTIAL),
            reason=self.text(uri, said, ns.REASON),
        )

    def binding(self, uri: str) -> Binding | None:
        said = self.properties(uri)
        variable = self.item_at(uri, self.iri(uri, said, ns.BOUND_VARIABLE))
        bound_list = self.version_at(uri, self.iri(uri, said, ns.BOUND_LIST))
        valid_from = self.parsed(uri, said, ns.VALID_FROM, date.fromisoformat)
        if variable is None or bound_list is None or valid_from is None:
            self.miss("value_missing", uri, "a binding needs a variable, a list and a first day")
            return None
        (scheme, tag), code = variable
        return Binding(
            variable=code,
            variable_scheme=scheme,
            variable_version=tag,
            list_scheme=bound_list[0],
            list_version=bound_list[1],
            valid_from=valid_from,
            valid_to=self.parsed(uri, said, ns.VALID_TO, date.fromisoformat),
            uri=uri,
        )

    # --- parts of a version ---

    def levels(self) -> tuple[tuple[Level, ...], dict[str, int]]:
        """The levels by depth, and the depth of each concept's level by its URI."""
        found: list[Level] = []
        depths: dict[str, int] = {}
        for uri in self.statements.of_type(ns.CLASSIFICATION_LEVEL, ns.RDF_TYPE):
            said = self.properties(uri)
            depth = self.number(uri, said, ns.DEPTH)
            if depth is None:
                self.miss("value_missing", uri, "a level needs xkos:depth")
                continue
            found.append(Level(depth, self.labels(uri, said), self.text(uri, said, ns.NOTATION_PATTERN)))
            for member in self.iris(said, ns.MEMBER):
                if depths.setdefault(member, depth) != depth:
                    self.miss("level_repeated", member, "it is a member of two levels")
        return tuple(sorted(found, key=lambda level: level.depth)), depths

    def concepts(
        self, version_uri: str, scheme: SchemeId, tag: VersionTag, depths: Mapping[str, int]
    ) -> tuple[Concept, ...]:
        """The concepts by their order, then by URI."""
        codes: dict[str, Notation] = {}
        places: list[tuple[int, str]] = []
        for uri in self.statements.of_type(ns.CONCEPT, ns.RDF_TYPE):
            code = self.code(uri, self.properties(uri))
            if code is not None:
                codes[uri] = code
                places.append((self.number(uri, self.properties(uri), ns.ORDER) or FAR, uri))
        places.sort()
        levels: dict[Notation | None, int] = {None: 0}
        return tuple(self.concept(uri, scheme, tag, codes, depths, levels) for _, uri in places)

    def concept(
        self,
        uri: str,
        scheme: SchemeId,
        tag: VersionTag,
        codes: Mapping[str, Notation],
        depths: Mapping[str, int],
        levels: dict[Notation | None, int],
    ) -> Concept:
        """One concept, at its declared level; without levels one deeper than its parent, which ``levels`` remembers."""
        said = self.properties(uri)
        parent, others = self.parents(uri, said, codes)
        level = levels[codes[uri]] = depths.get(uri) or levels.get(parent, 0) + 1
        return Concept(
            scheme=scheme,
            version=tag,
            code=codes[uri],
            uri=uri,
            identity=self.iri(uri, said, ns.IS_VERSION_OF),
            parent=parent,
            level=level,
            labels=self.labels(uri, said),
            notes=self.notes(uri, said),
            matches=tuple(
                Match(kind, target)
                for kind, predicate in MATCH_PROPERTIES.items()
                if predicate in said
                for target in self.iris(said, predicate)
            ),
            other_notations=tuple(self.other_notations(said)) if len(said[ns.CODE]) > 1 else (),
            printed_references=self.texts(said, ns.PRINTED_REFERENCE),
            residual=self.flag(uri, said, ns.RESIDUAL),
            derived=self.flag(uri, said, ns.DERIVED),
            status=self.chosen(uri, said, ns.ITEM_STATUS, CONCEPT_STATUSES) or ConceptStatus.VALID,
            in_force_from=self.parsed(uri, said, ns.IN_FORCE_FROM, date.fromisoformat),
            in_force_to=self.parsed(uri, said, ns.IN_FORCE_TO, date.fromisoformat),
            successors=self.iris(said, ns.IS_REPLACED_BY),
            other_parents=others,
        )

    def code(self, uri: str, said: Properties) -> Notation | None:
        """The one plain notation; typed ones are codes in other systems."""
        plain_codes = [
            term.text for term in said.get(ns.CODE, ()) if isinstance(term, Literal) and term.datatype is None
        ]
        if len(plain_codes) != 1:
            rule = "code_missing" if not plain_codes else "code_repeated"
            self.miss(rule, uri, f"it has {len(plain_codes)} plain notations, and needs one")
        try:
            return Notation(plain_codes[0]) if plain_codes else None
        except IctipError:
            self.miss("code_malformed", uri, f"a code must match {Notation.pattern.pattern}")
            return None

    def parents(
        self, uri: str, said: Properties, codes: Mapping[str, Notation]
    ) -> tuple[Notation | None, tuple[Notation, ...]]:
        """The main parent and the others by code; one outside the text is kept, for `orphan` to tell."""
        above = self.iris(said, ns.BROADER)
        if not above:
            return None, ()
        found = [code for code in (codes.get(each) or self.code_at(uri, each) for each in above) if code is not None]
        main = self.iri(uri, said, ns.MAIN_PARENT) if ns.MAIN_PARENT in said else above[0]
        main_code = codes.get(main or "") or (self.code_at(uri, main) if main else None)
        return main_code, tuple(sorted(code for code in found if code != main_code))

    def other_notations(self, said: Properties) -> list[OtherNotation]:
        found = [
            OtherNotation(unquote(term.datatype.removeprefix(ns.NOTATION)), term.text)
            for term in said.get(ns.CODE, ())
            if isinstance(term, Literal) and term.datatype is not None and term.datatype.startswith(ns.NOTATION)
        ]
        return sorted(found, key=lambda each: (each.system, each.code))

    def variables(self, concepts: Sequence[Concept]) -> Iterator[VariableFacts]:
        """The facts of the concepts that are variables, in their order."""
        for concept in concepts:
            said = self.properties(concept.uri)
            if ns.VARIABLE not in said.get(ns.RDF_TYPE, ()):
                continue
            kind = self.parsed(concept.uri, said, ns.KIND, VariableKind)
            describes = self.parsed(concept.uri, said, ns.DESCRIBES, UnitOfDescription)
            if kind is None or describes is None:
                self.miss("value_missing", concept.uri, "a variable needs ictip:kind and ictip:describes")
                continue
            yield VariableFacts(
                code=concept.code,
                kind=kind,
                describes=describes,
                step=self.number(concept.uri, said, ns.STEP),
                repeated=self.flag(concept.uri, said, ns.REPEATED),
                unit=self.text(concept.uri, said, ns.UNIT_OF_MEASURE),
                attribution=self.text(concept.uri, said, ns.ATTRIBUTION),
            )

    def collections(self, version_uri: str) -> tuple[Collection, ...]:
        """The collections by code, each with its members by code."""
        found: list[Collection] = []
        for uri in self.statements.of_type(ns.COLLECTION, ns.RDF_TYPE):
            said = self.properties(uri)
            code = self.code(uri, said)
            if code is not None:
                members = tuple(sorted(self.codes_at(uri, self.iris(said, ns.MEMBER))))
                found.append(Collection(code, uri, self.labels(uri, said), members, self.notes(uri, said)))
        return tuple(sorted(found, key=lambda each: each.code))

    # --- labels and notes ---

    def labels(
        self, uri: str, said: Properties, properties: Mapping[LabelKind, tuple[str, str]] = LABEL_PROPERTIES
    ) -> tuple[Label, ...]:
        """The labels in canonical order, each with the status of its label resource (official without one)."""
        found: list[Label] = []
        for kind, (plain_property, xl_property) in properties.items():
            statuses = self.label_statuses(said, xl_property) if xl_property in said else {}
            for term in said.get(plain_property, ()):
                language = self.language_of(uri, term)
                if language is not None and isinstance(term, Literal):
                    status = statuses.pop(term, LabelStatus.OFFICIAL)
                    found.append(Label(term.text, language, kind, status))
            for term, status in statuses.items():  # said by the resource alone, which says it too (S55 to S57)
                language = self.language_of(uri, term)
                if language is not None:
                    found.append(Label(term.text, language, kind, status))
        return tuple(sort_labels(found) if len(found) > 1 else found)

    def label_statuses(self, said: Properties, xl_property: str) -> dict[Literal, LabelStatus]:
        """The status of each literal form of the label resources."""
        statuses: dict[Literal, LabelStatus] = {}
        for resource in self.iris(said, xl_property):
            of_label = self.properties(resource)
            status = self.chosen(resource, of_label, ns.LABEL_STATUS, LABEL_STATUSES) or LabelStatus.OFFICIAL
            for form in of_label.get(ns.LITERAL_FORM, ()):
                if isinstance(form, Literal):
                    statuses[form] = status
        return statuses

    def notes(self, uri: str, said: Properties) -> tuple[Note, ...]:
        """The notes in canonical order, plain ones and those that are resources with a mark."""
        found: list[Note] = []
        for kind, predicate in (*NOTE_PROPERTIES.items(), (NoteKind.INCLUSION, ns.CORE_CONTENT_NOTE)):
            for term in said.get(predicate, ()):
                if isinstance(term, Literal):
                    found.extend(self.note(uri, term, kind, None))
                    continue
                of_note = self.properties(term)
                mark = self.text(term, of_note, ns.MARK)
                for text in of_note.get(ns.RDF_VALUE, ()):
                    found.extend(self.note(term, text, kind, mark))
        return tuple(sort_notes(found) if len(found) > 1 else found)

    def note(self, place: str, term: Term, kind: NoteKind, mark: str | None) -> Iterator[Note]:
        language = self.language_of(place, term)
        if language is not None and isinstance(term, Literal):
            yield Note(term.text, language, kind, mark)
