"""A scheme version to be written, and its statements in the profile that every scheme file follows.

Lives here: the shape of what the subject modules hand over, and its RDF (SKOS, XKOS, SKOS-XL; no blank nodes).
Elsewhere: the text (`turtle`), the identities (`identities`), the meaning to the program (``registry.classification``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ontology import namespaces as ns
from ontology.build.turtle import Block, Iri, Term, Text, day, number, true

Statements = list[tuple[str, Term]]

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Name:
    """A label. ``predicate`` is one of SKOS's three; what is not official gets a SKOS-XL label that says so."""

    text: str
    language: str = ENGLISH
    predicate: str = ns.PREF_LABEL
    official: bool = True


@dataclass(frozen=True, slots=True)
class Remark:
    """A note; one with a mark becomes a resource."""

    text: str
    predicate: str = ns.SCOPE_NOTE
    language: str = ENGLISH
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class VariableFacts:
    """What a variable is besides its labels."""

    kind: str
    describes: str
    step: int | None
    repeated: bool = False
    unit: str | None = None
    attribution: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A classification item. ``depth`` is its level; ``successors`` are codes of the same version."""

    code: str
    names: tuple[Name, ...]
    depth: int = 1
    parent: str | None = None
    remarks: tuple[Remark, ...] = ()
    matches: tuple[tuple[str, str], ...] = ()
    """SKOS mapping predicate and the IRI it points to."""
    notations: tuple[tuple[str, str], ...] = ()
    """System and code in it."""
    printed_references: tuple[str, ...] = ()
    residual: bool = False
    derived: bool = False
    deprecated: bool = False
    in_force_from: str | None = None
    in_force_to: str | None = None
    successors: tuple[str, ...] = ()
    variable: VariableFacts | None = None


@dataclass(frozen=True, slots=True)
class LevelName:
    """A level, in the order of depth; ``pattern`` is what its codes match."""

    names: tuple[Name, ...]
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Grouping:
    """A collection of items that is no parent of theirs."""

    code: str
    names: tuple[Name, ...]
    members: tuple[str, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme version, whole; ``items`` in hierarchical order, parents first."""

    id: str
    version: str
    titles: tuple[Name, ...]
    levels: tuple[LevelName, ...]
    items: tuple[Item, ...]
    sources: tuple[str, ...]
    publisher: str
    rights: str
    official: bool
    edition: str | None = None
    """major.minor.edition, where labels or notes differ from the first of the version; IRIs do not."""
    groupings: tuple[Grouping, ...] = ()
    printed_version: str | None = None
    issued: str | None = None
    in_force_from: str | None = None
    in_force_to: str | None = None
    covers: tuple[str, ...] = ()
    follows: str | None = None
    remarks: tuple[Remark, ...] = ()

    @property
    def iri(self) -> str:
        """The version's IRI."""
        return ns.version_iri(self.id, self.version)

    def item_iri(self, code: str) -> str:
        """The IRI of its item of that code."""
        return ns.item_iri(self.id, self.version, code)


def scheme_blocks(scheme: Scheme, identity: Callable[[str], str]) -> Iterator[Block]:
    """The version, its levels, its items in order, its collections; ``identity`` tells a code's opaque id."""
    depths = {item.code: item.depth for item in scheme.items}
    yield from _version(scheme)
    yield from _levels(scheme, depths)
    for place, item in enumerate(scheme.items, start=1):
        yield from _item(scheme, item, place, identity(item.code))
    for grouping in scheme.groupings:
        yield _grouping(scheme, grouping)


def item_prefixes(scheme: Scheme) -> tuple[tuple[str, str], ...]:
    """A scheme file's own prefixes: ``i:`` items, ``l:`` levels, ``n:`` other notations, ``s:`` versions."""
    return (
        ("i", f"{scheme.iri}/item/"),
        ("l", f"{scheme.iri}/level/"),
        ("n", ns.NOTATION),
        ("s", f"{ns.NAMESPACE}/{scheme.id}/"),
    )


def _version(scheme: Scheme) -> Iterator[Block]:
    """The version, then its titles that are resources."""
    said: Statements = [
        (ns.RDF_TYPE, Iri(ns.CONCEPT_SCHEME)),
        (ns.OWL_VERSION_INFO, Text(scheme.edition or scheme.version)),
        (ns.IS_VERSION_OF, Iri(ns.scheme_iri(scheme.id))),
        (ns.STANDING, Iri(ns.OFFICIAL if scheme.official else ns.PROVISIONAL)),
        (ns.STATUS, Iri(ns.RELEASED)),
        (ns.PUBLISHER, Text(scheme.publisher)),
        (ns.RIGHTS, Text(scheme.rights)),
        (ns.REQUIRED_LANGUAGE, Text(ENGLISH)),
        (ns.NUMBER_OF_LEVELS, number(len(scheme.levels))),
        (ns.LEVELS, Iri(ns.levels_cell_iri(scheme.id, scheme.version, 1))),
    ]
    said += [(ns.TITLE, Text(name.text, name.language)) for name in scheme.titles]
    said += [(ns.SOURCE, Text(source)) for source in scheme.sources]
    said += [(ns.COVERS, Iri(covered)) for covered in scheme.covers]
    said += [(ns.HAS_TOP_CONCEPT, Iri(scheme.item_iri(item.code))) for item in scheme.items if item.parent is None]
    said += _given(ns.PRINTED_VERSION, scheme.printed_version, Text)
    said += _given(ns.FOLLOWS, scheme.follows, Iri)
    said += _given(ns.ISSUED, scheme.issued, day)
    said += _given(ns.IN_FORCE_FROM, scheme.in_force_from, day)
    said += _given(ns.IN_FORCE_TO, scheme.in_force_to, day)
    said += [(remark.predicate, Text(remark.text, remark.language)) for remark in scheme.remarks]
    xl_titles = list(_xl_labels(scheme.iri, scheme.titles))
    said += [(predicate, Iri(block.subject)) for predicate, block in xl_titles]
    yield Block(scheme.iri, tuple(said))
    yield from (block for _, block in xl_titles)


def _levels(scheme: Scheme, depths: Mapping[str, int]) -> Iterator[Block]:
    """The list of levels, cell by cell, then each level with its members (XKOS, section 4)."""
    last = len(scheme.levels)
    for place in range(1, last + 1):
        rest = ns.levels_cell_iri(scheme.id, scheme.version, place + 1) if place < last else ns.RDF_NIL
        level = ns.level_iri(scheme.id, scheme.version, place)
        cell = ((ns.RDF_TYPE, Iri(ns.RDF_LIST)), (ns.RDF_FIRST, Iri(level)), (ns.RDF_REST, Iri(rest)))
        yield Block(ns.levels_cell_iri(scheme.id, scheme.version, place), cell)
    for depth, level_name in enumerate(scheme.levels, start=1):
        said: Statements = [(ns.RDF_TYPE, Iri(ns.CLASSIFICATION_LEVEL)), (ns.DEPTH, number(depth))]
        said += [(name.predicate, Text(name.text, name.language)) for name in level_name.names]
        said += _given(ns.NOTATION_PATTERN, level_name.pattern, Text)
        said += [(ns.MEMBER, Iri(scheme.item_iri(code))) for code, at in depths.items() if at == depth]
        yield Block(ns.level_iri(scheme.id, scheme.version, depth), tuple(said))


def _item(scheme: Scheme, item: Item, place: int, identity: str) -> Iterator[Block]:
    """The item, then its labels and notes that are resources."""
    subject = scheme.item_iri(item.code)
    said: Statements = [
        (ns.RDF_TYPE, Iri(ns.CONCEPT)),
        (ns.CODE, Text(item.code)),
        (ns.IN_SCHEME, Iri(scheme.iri)),
        (ns.ORDER, number(place)),
        (ns.IS_VERSION_OF, Iri(ns.identity_iri(identity))),
    ]
    if item.parent is None:
        said.append((ns.TOP_CONCEPT_OF, Iri(scheme.iri)))
    else:
        said.append((ns.BROADER, Iri(scheme.item_iri(item.parent))))
    said += _item_facts(scheme, item)
    said += _variable(item.variable)
    xl_labels = list(_xl_labels(subject, item.names))
    said += [(predicate, Iri(block.subject)) for predicate, block in xl_labels]
    marked = [_marked(subject, remark) for remark in item.remarks if remark.mark]
    said += [(predicate, Iri(block.subject)) for predicate, block in marked]
    yield Block(subject, tuple(said))
    yield from (block for _, block in xl_labels)
    yield from (block for _, block in marked)


def _item_facts(scheme: Scheme, item: Item) -> Statements:
    said: Statements = [(name.predicate, Text(name.text, name.language)) for name in item.names]
    said += [(remark.predicate, Text(remark.text, remark.language)) for remark in item.remarks if not remark.mark]
    said += [(predicate, Iri(target)) for predicate, target in item.matches]
    said += [(ns.CODE, Text(code, datatype=ns.notation_iri(system))) for system, code in item.notations]
    said += [(ns.PRINTED_REFERENCE, Text(reference)) for reference in item.printed_references]
    said += [(ns.IS_REPLACED_BY, Iri(scheme.item_iri(code))) for code in item.successors]
    said += [(ns.RESIDUAL, true())] if item.residual else []
    said += [(ns.DERIVED, true())] if item.derived else []
    said += [(ns.ITEM_STATUS, Iri(ns.DEPRECATED))] if item.deprecated else []
    said += _given(ns.IN_FORCE_FROM, item.in_force_from, day)
    said += _given(ns.IN_FORCE_TO, item.in_force_to, day)
    return said


def _variable(facts: VariableFacts | None) -> Statements:
    if facts is None:
        return []
    said: Statements = [
        (ns.RDF_TYPE, Iri(ns.VARIABLE)),
        (ns.KIND, Text(facts.kind)),
        (ns.DESCRIBES, Text(facts.describes)),
    ]
    said += [(ns.STEP, number(facts.step))] if facts.step is not None else []
    said += [(ns.REPEATED, true())] if facts.repeated else []
    said += _given(ns.UNIT_OF_MEASURE, facts.unit, Text)
    said += _given(ns.ATTRIBUTION, facts.attribution, Text)
    return said


_XL_TWINS = {
    ns.PREF_LABEL: ns.XL_PREF_LABEL,
    ns.ALT_LABEL: ns.XL_ALT_LABEL,
    ns.HIDDEN_LABEL: ns.XL_HIDDEN_LABEL,
}


def _xl_labels(subject: str, names: tuple[Name, ...]) -> Iterator[tuple[str, Block]]:
    """A SKOS-XL label for each name that is not official, beside its plain literal (SKOS S55 to S57)."""
    places: dict[str, int] = {}
    for name in names:
        if name.official:
            continue
        places[name.language] = places.get(name.language, 0) + 1
        said = (
            (ns.RDF_TYPE, Iri(ns.XL_LABEL)),
            (ns.LITERAL_FORM, Text(name.text, name.language)),
            (ns.LABEL_STATUS, Iri(ns.UNOFFICIAL)),
        )
        yield _XL_TWINS[name.predicate], Block(ns.label_iri(subject, name.language, places[name.language]), said)


def _marked(subject: str, remark: Remark) -> tuple[str, Block]:
    mark = remark.mark or ""
    said = ((ns.RDF_VALUE, Text(remark.text, remark.language)), (ns.MARK, Text(mark)))
    return remark.predicate, Block(ns.note_iri(subject, mark), said)


def _grouping(scheme: Scheme, grouping: Grouping) -> Block:
    said: Statements = [
        (ns.RDF_TYPE, Iri(ns.COLLECTION)),
        (ns.CODE, Text(grouping.code)),
        (ns.IN_SCHEME, Iri(scheme.iri)),
    ]
    said += [(name.predicate, Text(name.text, name.language)) for name in grouping.names]
    said += [(remark.predicate, Text(remark.text, remark.language)) for remark in grouping.remarks]
    said += [(ns.MEMBER, Iri(scheme.item_iri(code))) for code in grouping.members]
    return Block(ns.collection_iri(scheme.id, scheme.version, grouping.code), tuple(said))


def _given(predicate: str, value: str | None, term: Callable[[str], Term]) -> Statements:
    return [] if value is None else [(predicate, term(value))]
