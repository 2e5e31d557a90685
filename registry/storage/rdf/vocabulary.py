"""A delivered text as releases with findings; and the packaged vocabularies into a store.

Lives here: what a text holds, told by its types, and reading the packaged files that a store has not seen. Elsewhere:
parsing (``parse``), the mapping (``reader``), the checks over releases together (``registry.classification.actions``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Final

from ontology import namespaces as ns
from ontology.files import PackagedFile, bindings_file, correspondence_files, scheme_files
from registry.access.actor import Actor
from registry.classification.actions import Loaded, load_vocabularies
from registry.classification.integrity import Finding, error
from registry.classification.ports import Release, ReleaseStore, VocabularyText
from registry.classification.skos_conditions import check_conditions
from registry.storage.rdf.assertions import collect_assertions
from registry.storage.rdf.parse import blank_node_findings, parse_statements
from registry.storage.rdf.reader import read_bindings, read_correspondence, read_version
from registry.storage.rdf.terms import Statements
from registry.storage.rdf.xkos_rules import xkos_findings

NO_RELEASE: Final = "it tells of no scheme version, correspondence or binding"


def read_vocabulary(data: bytes, *, source: str, text_format: str = "turtle") -> VocabularyText:
    """The releases of a text and all it breaks; `VocabularyUnreadable` when it is no RDF or unsafe to parse."""
    statements = parse_statements(data, source=source, text_format=text_format)
    releases, findings = read_releases(statements)
    return VocabularyText(
        source=source,
        origin=hashlib.sha256(data).hexdigest(),
        releases=releases,
        findings=(
            *blank_node_findings(statements),
            *findings,
            *check_conditions(collect_assertions(statements)),
            *xkos_findings(statements),
        ),
    )


def read_releases(statements: Statements) -> tuple[tuple[Release, ...], tuple[Finding, ...]]:
    """What the statements tell of: one scheme version, one correspondence, or bindings."""
    if statements.of_type(ns.CONCEPT_SCHEME, ns.RDF_TYPE):
        version = read_version(statements)
        return ((version.found,) if version.found is not None else ()), version.findings
    if statements.of_type(ns.CORRESPONDENCE, ns.RDF_TYPE):
        correspondence = read_correspondence(statements)
        return ((correspondence.found,) if correspondence.found is not None else ()), correspondence.findings
    if statements.of_type(ns.BINDING, ns.RDF_TYPE):
        bindings = read_bindings(statements)
        return bindings.found or (), bindings.findings
    return (), (error("no_release", "the text", NO_RELEASE),)


def packaged_files() -> tuple[PackagedFile, ...]:
    """The files that hold releases: schemes first, since the others name them."""
    return (*scheme_files(), *correspondence_files(), bindings_file())


def read_packaged(known_origins: Collection[str] = ()) -> tuple[VocabularyText, ...]:
    """The packaged vocabularies but those whose very bytes were read before."""
    return tuple(
        read_vocabulary(file.read(), source=file.path)
        for file in packaged_files()
        if file.digest() not in known_origins
    )


async def load_packaged(store: ReleaseStore, *, actor: Actor) -> Loaded:
    """Load what the package ships and the store has not. At a warm start nothing is parsed: the files are hashed only.

    Errors as of `load_vocabularies`; a file of a newer package that changes a release is `ReleaseChanged`.
    """
    listing = await store.listing()
    texts = read_packaged({record.origin for record in listing.records})
    return await load_vocabularies(store, texts, actor=actor)
