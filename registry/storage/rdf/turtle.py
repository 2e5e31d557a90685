"""The Turtle of a release: the same bytes for the same release, and a small diff for a small change.

Lives here: which blocks stand in which order. Elsewhere: the text of a block (``ontology.build.turtle``), the
statements (``writer``), reading Turtle (``parse``).
"""

from __future__ import annotations

from collections.abc import Sequence

from ontology import namespaces as ns
from ontology.build.turtle import Block, Iri, Text
from ontology.build.turtle import write_turtle as write_blocks
from registry.classification.model import SchemeVersion
from registry.storage.rdf.terms import Literal, Statements, Term
from registry.storage.rdf.writer import Release, write_release


def write_turtle(release: Release, *, comment: str = "") -> str:
    """The release as Turtle, a block a subject in the order of the writer, read back as the same statements."""
    statements = Statements(write_release(release))
    blocks = [
        Block(subject, tuple((predicate, block_term(term)) for predicate, terms in said.items() for term in terms))
        for subject, said in statements.by_subject.items()
    ]
    return write_blocks(blocks, prefixes=release_prefixes(release), comment=comment)


def block_term(term: Term) -> Iri | Text:
    return Text(term.text, term.language, term.datatype) if isinstance(term, Literal) else Iri(term)


def release_prefixes(release: Release) -> Sequence[tuple[str, str]]:
    """The prefixes of the release's own file: its items, levels and scheme, and notations of other systems."""
    if not isinstance(release, SchemeVersion):
        return ()
    return (
        ("i", f"{release.uri}/item/"),
        ("l", f"{release.uri}/level/"),
        ("n", ns.NOTATION),
        ("s", f"{ns.NAMESPACE}/{release.scheme}/"),
    )
