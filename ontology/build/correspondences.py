"""A correspondence to be written, and its statements (XKOS, section 9).

Lives here: the shape and the RDF. Elsewhere: the facts (`units`, `isic`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ontology import namespaces as ns
from ontology.build.scheme import Name, Statements
from ontology.build.turtle import Block, Iri, Text, number, true


@dataclass(frozen=True, slots=True)
class Association:
    """Codes of the source and the target that belong together, all of them; ``kind`` as in the terms file."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    kind: str
    partial: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Correspondence:
    """From one scheme version (id and version) to another; associations in the order of source codes."""

    source: tuple[str, str]
    target: tuple[str, str]
    titles: tuple[Name, ...]
    origin: str
    associations: tuple[Association, ...]

    @property
    def iri(self) -> str:
        """The correspondence's IRI."""
        return ns.correspondence_iri(self.source, self.target)

    @property
    def name(self) -> str:
        """The name of its file: ``isic-4.0--isic-5.0``."""
        return self.iri.rsplit("/", 1)[-1]


def correspondence_blocks(correspondence: Correspondence) -> Iterator[Block]:
    """The correspondence, then its associations in order."""
    numbered = list(enumerate(correspondence.associations, start=1))
    said: Statements = [
        (ns.RDF_TYPE, Iri(ns.CORRESPONDENCE)),
        (ns.COMPARES, Iri(ns.version_iri(*correspondence.source))),
        (ns.COMPARES, Iri(ns.version_iri(*correspondence.target))),
        (ns.FROM_VERSION, Iri(ns.version_iri(*correspondence.source))),
        (ns.TO_VERSION, Iri(ns.version_iri(*correspondence.target))),
        (ns.SOURCE, Text(correspondence.origin)),
    ]
    said += [(ns.TITLE, Text(title.text, title.language)) for title in correspondence.titles]
    said += [(ns.MADE_OF, Iri(ns.association_iri(correspondence.iri, place))) for place, _ in numbered]
    yield Block(correspondence.iri, tuple(said))
    for place, association in numbered:
        yield _association(correspondence, place, association)


def correspondence_prefixes(correspondence: Correspondence) -> tuple[tuple[str, str], ...]:
    """The prefixes of its file: ``c:`` its associations, ``f:`` the source's items, ``t:`` the target's."""
    return (
        ("c", f"{correspondence.iri}/"),
        ("f", f"{ns.version_iri(*correspondence.source)}/item/"),
        ("t", f"{ns.version_iri(*correspondence.target)}/item/"),
    )


def _association(correspondence: Correspondence, place: int, association: Association) -> Block:
    said: Statements = [
        (ns.RDF_TYPE, Iri(ns.CONCEPT_ASSOCIATION)),
        (ns.KIND, Text(association.kind)),
        (ns.ORDER, number(place)),
    ]
    said += [(ns.SOURCE_CONCEPT, Iri(ns.item_iri(*correspondence.source, code))) for code in association.sources]
    said += [(ns.TARGET_CONCEPT, Iri(ns.item_iri(*correspondence.target, code))) for code in association.targets]
    said += [(ns.PARTIAL, true())] if association.partial else []
    said += [(ns.REASON, Text(association.reason, "en"))] if association.reason else []
    return Block(ns.association_iri(correspondence.iri, place), tuple(said))
