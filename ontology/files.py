"""The packaged vocabulary files: found, read with rdflib, and hashed.

Lives here: which files there are and what is in them, as text or RDF graph. Elsewhere: what the graphs mean
(``registry.storage.rdf``), how the files are made (``ontology.build``).

Files are read through ``importlib.resources``, so they are found in a checkout and in an installed wheel alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from rdflib import Graph

VOCABULARY: Final = "vocabulary"
SHAPES: Final = "shapes"
CONTEXTS: Final = "contexts"


@dataclass(frozen=True, slots=True)
class PackagedFile:
    """One file of the package; ``path`` is relative to it, with ``/``: ``vocabulary/schemes/units/1.0.ttl``."""

    path: str

    def read(self) -> bytes:
        """The file's bytes; `FileNotFoundError` where the package holds none of that path."""
        return resources.files("ontology").joinpath(*self.path.split("/")).read_bytes()

    def text(self) -> str:
        """The file's text."""
        return self.read().decode()

    def digest(self) -> str:
        """SHA-256 of the bytes, in hex. A release's digest is another: that of its canonical N-Triples."""
        return hashlib.sha256(self.read()).hexdigest()

    def graph(self) -> Graph:
        """The file's statements; nothing is fetched."""
        return Graph().parse(data=self.text(), format="turtle")


@dataclass(frozen=True, slots=True)
class SchemeFile(PackagedFile):
    """The file of one scheme version."""

    scheme: str
    version: str


def scheme_files() -> tuple[SchemeFile, ...]:
    """One file a scheme version, by scheme and version."""
    paths = (path for path in _walk(VOCABULARY, "schemes") if path.endswith(".ttl"))
    parts = ((path, path.split("/")[-2], path.split("/")[-1].removesuffix(".ttl")) for path in paths)
    found = [SchemeFile(path=path, scheme=scheme, version=version) for path, scheme, version in parts]
    return tuple(sorted(found, key=lambda file: (file.scheme, tuple(map(int, file.version.split("."))))))


def scheme_file(scheme: str, version: str) -> SchemeFile:
    """The file of that scheme version, whether or not there is one."""
    return SchemeFile(path=f"{VOCABULARY}/schemes/{scheme}/{version}.ttl", scheme=scheme, version=version)


def correspondence_files() -> tuple[PackagedFile, ...]:
    """One file a correspondence, by name."""
    return _files(VOCABULARY, "correspondences", suffix=".ttl")


def bindings_file() -> PackagedFile:
    """Which version of which list each variable takes its codes from."""
    return PackagedFile(f"{VOCABULARY}/bindings.ttl")


def case_model_file() -> PackagedFile:
    """The classes and edges of the case graph."""
    return PackagedFile(f"{VOCABULARY}/case-model.ttl")


def terms_file() -> PackagedFile:
    """Our own terms, each with its meaning."""
    return PackagedFile(f"{VOCABULARY}/terms.ttl")


def vocabulary_files() -> tuple[PackagedFile, ...]:
    """Every Turtle file of the vocabulary, by path."""
    return _files(VOCABULARY, suffix=".ttl")


def shape_files() -> tuple[PackagedFile, ...]:
    """The SHACL shapes, by path."""
    return _files(SHAPES, suffix=".ttl")


def context_files() -> tuple[PackagedFile, ...]:
    """The JSON-LD contexts, by path."""
    return _files(CONTEXTS, suffix=".jsonld")


def _files(*folder: str, suffix: str) -> tuple[PackagedFile, ...]:
    return tuple(PackagedFile(path) for path in sorted(_walk(*folder)) if path.endswith(suffix))


def _walk(*folder: str) -> Iterator[str]:
    """Paths of all files below a folder of the package, relative to the package."""
    return _below(resources.files("ontology").joinpath(*folder), "/".join(folder))


def _below(folder: Traversable, path: str) -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _below(entry, f"{path}/{entry.name}")
        else:
            yield f"{path}/{entry.name}"
