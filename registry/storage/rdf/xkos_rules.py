"""What a text breaks of XKOS, as its statements stand: levels, succession, coverage, correspondences.

Lives here: the rules that only statements can break, since the model has no place for what breaks them. Elsewhere: the
rules over the model (``registry.classification.integrity``), SKOS's conditions (``skos_conditions`` there), shapes
(``shapes``). docs/integrity.md lists every rule with its clause of XKOS 1.2 (DDI Alliance, 2019) and of its best
practices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from ontology import namespaces as ns
from registry.classification.integrity import Finding, error
from registry.errors import IctipError
from registry.identifiers import VersionTag
from registry.storage.rdf.terms import Literal, Properties, Statements

COVERING: Final = (ns.COVERS, ns.COVERS_EXHAUSTIVELY, ns.COVERS_MUTUALLY_EXCLUSIVELY)
SUCCEEDING: Final = (ns.FOLLOWS, ns.SUPERSEDES)


def xkos_findings(statements: Statements) -> Iterator[Finding]:
    """Every rule of XKOS that the statements break."""
    for uri in statements.of_type(ns.CONCEPT_SCHEME, ns.RDF_TYPE):
        yield from levels_listed(statements, uri)
        yield from version_follows(statements, uri)
    yield from items_at_levels(statements)
    yield from coverage_of_schemes(statements)
    yield from correspondences_compare(statements)
    yield from associations_belong(statements)


def levels_listed(statements: Statements, uri: str) -> Iterator[Finding]:
    """``xkos:levels`` is one list of every level, the most general first, as long as ``xkos:numberOfLevels`` says."""
    said = statements.by_subject[uri]
    levels = statements.of_type(ns.CLASSIFICATION_LEVEL, ns.RDF_TYPE)
    counted = texts(said, ns.NUMBER_OF_LEVELS)
    if counted and counted != [str(len(levels))]:
        told = ", ".join(counted)
        yield error("xkos_number_of_levels", uri, f"it says that it has {told} levels, and there are {len(levels)}")
    heads = iris(said, ns.LEVELS)
    if len(heads) != 1:
        if levels or heads:
            yield error("xkos_levels_list", uri, f"it has {len(heads)} lists of levels, and needs one")
        return
    listed = list_members(statements, heads[0])
    if listed is None:
        yield error("xkos_levels_list", uri, "the list of levels does not end")
        return
    for level, count in Counter(listed).items():
        if level not in levels or count > 1:
            yield error("xkos_levels_list", uri, f"{level} is {'listed twice' if count > 1 else 'no level'}")
    for level in levels:
        if level not in listed:
            yield error("xkos_levels_list", level, "the list of levels leaves it out")
    depths = [number for level in listed for number in texts(statements.by_subject.get(level, {}), ns.DEPTH)]
    if depths != sorted(depths, key=lambda text: int(text) if text.isdecimal() else 0):
        yield error(
            "xkos_levels_order", uri, f"the list names depths {', '.join(depths)}: the most general comes first"
        )


def list_members(statements: Statements, head: str) -> list[str] | None:
    """The members of a list; None when it is broken or runs in a circle."""
    members: list[str] = []
    seen: set[str] = set()
    while head != ns.RDF_NIL:
        cell = statements.by_subject.get(head, {})
        first, rest = iris(cell, ns.RDF_FIRST), iris(cell, ns.RDF_REST)
        if head in seen or len(first) != 1 or len(rest) != 1:
            return None
        seen.add(head)
        members += first
        head = rest[0]
    return members


def items_at_levels(statements: Statements) -> Iterator[Finding]:
    """Where there are levels every item is a member of one (of two: ``level_repeated``)."""
    levels = statements.of_type(ns.CLASSIFICATION_LEVEL, ns.RDF_TYPE)
    placed = {member for level in levels for member in iris(statements.by_subject[level], ns.MEMBER)}
    for uri in statements.of_type(ns.CONCEPT, ns.RDF_TYPE) if levels else ():
        if uri not in placed:
            yield error("xkos_level_missing", uri, "it is a member of no level")


def version_follows(statements: Statements, uri: str) -> Iterator[Finding]:
    """A version follows, or supersedes, an earlier version of its own scheme; at most one."""
    said = statements.by_subject[uri]
    scheme, _, own = uri.rpartition("/")
    for predicate in SUCCEEDING:
        before = iris(said, predicate)
        if len(before) > 1:
            yield error("xkos_follows", uri, f"it comes after {len(before)} versions, not one")
        for other in before:
            its_scheme, _, tag = other.rpartition("/")
            if its_scheme != scheme or not is_earlier(tag, own):
                yield error("xkos_follows", uri, f"{other} is no earlier version of its scheme")


def is_earlier(tag: str, other: str) -> bool:
    """Whether the one version's number comes before the other's."""
    try:
        return VersionTag(tag).numbers < VersionTag(other).numbers
    except IctipError:
        return False


def coverage_of_schemes(statements: Statements) -> Iterator[Finding]:
    """A field is covered by a scheme or a level of one, and is a resource."""
    covering = {
        *statements.of_type(ns.CONCEPT_SCHEME, ns.RDF_TYPE),
        *statements.of_type(ns.CLASSIFICATION_LEVEL, ns.RDF_TYPE),
    }
    for uri, said in statements.by_subject.items():
        for predicate in COVERING:
            if predicate in said and uri not in covering:
                yield error("xkos_covers", uri, "only a scheme or a level covers a field")
            if texts(said, predicate):
                yield error("xkos_covers", uri, "the field that is covered is a text; it needs the URI of a concept")


def correspondences_compare(statements: Statements) -> Iterator[Finding]:
    """A correspondence compares two schemes, and they are those that it leads from and to."""
    for uri in statements.of_type(ns.CORRESPONDENCE, ns.RDF_TYPE):
        said = statements.by_subject[uri]
        compared = iris(said, ns.COMPARES)
        ends = [*iris(said, ns.FROM_VERSION), *iris(said, ns.TO_VERSION)]
        if len(compared) != 2:
            yield error("xkos_compares", uri, f"it compares {len(compared)} schemes, not two")
        elif len(ends) == 2 and sorted(compared) != sorted(ends):
            yield error("xkos_compares", uri, "it compares other schemes than it leads from and to")
        for end, predicate in ((ns.FROM_VERSION, ns.SOURCE_CONCEPT), (ns.TO_VERSION, ns.TARGET_CONCEPT)):
            for version in iris(said, end):
                yield from items_of(statements, said, predicate, version)


def items_of(statements: Statements, said: Properties, predicate: str, version: str) -> Iterator[Finding]:
    """The ends of the associations on one side are items of the version on that side."""
    for association in iris(said, ns.MADE_OF):
        for item in iris(statements.by_subject.get(association, {}), predicate):
            if not item.startswith(f"{version}/item/"):
                yield error("xkos_association_foreign", association, f"{item} is no item of {version}")


def associations_belong(statements: Statements) -> Iterator[Finding]:
    """An association is part of a correspondence, and of one only."""
    parts = Counter(
        part
        for uri in statements.of_type(ns.CORRESPONDENCE, ns.RDF_TYPE)
        for part in iris(statements.by_subject[uri], ns.MADE_OF)
    )
    for uri in statements.of_type(ns.CONCEPT_ASSOCIATION, ns.RDF_TYPE):
        if parts[uri] != 1:
            yield error("xkos_association_loose", uri, f"{parts[uri]} correspondences are made of it, not one")


def iris(said: Properties, predicate: str) -> list[str]:
    """The resources that are values of the property."""
    return [term for term in said.get(predicate, ()) if not isinstance(term, Literal)]


def texts(said: Properties, predicate: str) -> list[str]:
    """The texts that are."""
    return [term.text for term in said.get(predicate, ()) if isinstance(term, Literal)]
