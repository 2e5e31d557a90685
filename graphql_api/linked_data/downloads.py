"""A released version as a file: Turtle, N-Triples, JSON-LD, CSV. The same bytes each time, so a digest names them.

Lives here: the texts. Elsewhere: their addresses (``routes``), the statements (``registry.storage.rdf``).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rdflib import Graph

from ontology.files import context_files
from registry.classification.catalogue import CompiledVersion
from registry.classification.cells import safe_row
from registry.classification.model import Concept, LabelKind, SchemeVersion
from registry.identifiers import LanguageTag
from registry.storage.rdf.canonical import canonical_release
from registry.storage.rdf.turtle import write_turtle


@dataclass(frozen=True, slots=True)
class Download:
    """A file, ready to be sent. ``etag`` is the SHA-256 of its bytes."""

    media: str
    body: bytes
    etag: str


def turtle_text(version: SchemeVersion) -> str:
    """Turtle, in the order of our own files."""
    return write_turtle(version)


def ntriples_text(version: SchemeVersion) -> str:
    """The canonical text, whose SHA-256 is the release's digest."""
    return canonical_release(version).text


def jsonld_text(version: SchemeVersion) -> str:
    """JSON-LD in the words of our context, which stands in the file: nothing need be fetched to read it."""
    file = next(file for file in context_files() if file.path.endswith("scheme.jsonld"))
    context = json.loads(file.text())["@context"]
    graph = Graph().parse(data=ntriples_text(version), format="nt")
    text: str = graph.serialize(format="json-ld", context=context, indent=1, sort_keys=True, ensure_ascii=False)
    return text + "\n"


def csv_text(version: SchemeVersion) -> str:
    """A row a concept in order: codes as texts, one column of preferred labels a language, cells that start like a
    formula led by an apostrophe. UTF-8 with a byte order mark, which spreadsheets need to see that it is UTF-8."""
    languages = sorted({label.language for concept in version.concepts for label in concept.labels})
    languages.sort(key=lambda language: language != "en")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["code", "parent", "level", "uri", *(f"label_{language}" for language in languages)])
    for concept in version.concepts:
        writer.writerow(safe_row(csv_row(concept, languages)))
    return "\ufeff" + out.getvalue()


def csv_row(concept: Concept, languages: Sequence[LanguageTag]) -> list[str]:
    """One concept's cells."""
    preferred = {label.language: label.text for label in concept.labels if label.kind is LabelKind.PREFERRED}
    named = [preferred.get(language, "") for language in languages]
    return [concept.code, concept.parent or "", str(concept.level), concept.uri, *named]


WRITERS: Final[Mapping[str, tuple[str, Callable[[SchemeVersion], str]]]] = {
    "ttl": ("text/turtle; charset=utf-8", turtle_text),
    "nt": ("application/n-triples; charset=utf-8", ntriples_text),
    "jsonld": ("application/ld+json", jsonld_text),
    "csv": ("text/csv; charset=utf-8; header=present", csv_text),
}
"""By the end of the name: media type and writer."""


def write_download(version: SchemeVersion, ending: str) -> Download:
    """The file of that kind; `KeyError` for another."""
    media, write = WRITERS[ending]
    body = write(version).encode()
    return Download(media, body, hashlib.sha256(body).hexdigest())


class Downloads:
    """Files made once: a release never changes. The least recently asked for go when there are too many bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[tuple[str, str, str], Download] = OrderedDict()
        self._bytes = 0

    def get(self, version: CompiledVersion, ending: str) -> Download:
        """The file, made if it is not kept; seconds for the largest."""
        key = (version.digest, version.content.uri, ending)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        made = write_download(version.content, ending)
        self._kept[key] = made
        self._bytes += len(made.body)
        while self._bytes > self._limit and len(self._kept) > 1:
            self._bytes -= len(self._kept.popitem(last=False)[1].body)
        return made
