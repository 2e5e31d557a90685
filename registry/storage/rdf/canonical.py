"""A release's name, kind, canonical text and digest; and a release back from its canonical text.

Lives here: what is stored of a release and checked when it is read. Elsewhere: storing it
(``registry.storage.bolt.classification``).

Read at each warm start from the canonical text itself, with our own reader of N-Triples: 140,000 statements of all
packaged vocabularies become models in 0.6 s of one core (rdflib: 9 s), so no second serialisation is kept beside the
text, and what is read is what the digest vouches for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ontology import namespaces as ns
from registry.classification.model import Binding, Correspondence, SchemeVersion
from registry.classification.ports import Release, ReleaseKind
from registry.errors import ReleaseDamaged
from registry.storage.rdf.ntriples import read_ntriples, text_digest, write_ntriples
from registry.storage.rdf.reader import read_trusted
from registry.storage.rdf.terms import Statements
from registry.storage.rdf.writer import write_release


@dataclass(frozen=True, slots=True)
class CanonicalRelease:
    """What is stored: ``key`` names the release for ever (``units/1.0``, ``correspondence/isic-4.0--isic-5.0``)."""

    key: str
    kind: ReleaseKind
    text: str
    digest: str


def canonical_release(release: Release) -> CanonicalRelease:
    """The release as it is stored."""
    text = write_ntriples(write_release(release))
    return CanonicalRelease(release_key(release), release_kind(release), text, text_digest(text))


def release_key(release: Release) -> str:
    """Scheme and tag (an edition's URI is its version's), or the URI without the namespace."""
    if isinstance(release, SchemeVersion):
        return f"{release.scheme}/{release.version}"
    return release.uri.removeprefix(f"{ns.NAMESPACE}/")


def release_kind(release: Release) -> ReleaseKind:
    match release:
        case SchemeVersion():
            return ReleaseKind.SCHEME_VERSION
        case Correspondence():
            return ReleaseKind.CORRESPONDENCE
        case Binding():
            return ReleaseKind.BINDING


def read_canonical(text: str, *, key: str, digest: str) -> Release:
    """The release, its digest verified; `ReleaseDamaged` when the text is not the one that was stored."""
    if text_digest(text) != digest:
        raise ReleaseDamaged(release=key)
    release = read_trusted(Statements(read_ntriples(text), distinct=True))
    if release is None or release_key(release) != key:
        raise ReleaseDamaged(release=key)
    return release if isinstance(release, Binding) else replace(release, digest=digest)
