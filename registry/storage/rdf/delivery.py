"""A whole version as somebody delivers it, in any form we read, as one edit of a draft; or everything wrong with it.

Lives here: from bytes to `Restate`. Elsewhere: tables (``registry.classification.table_import``), RDF and its rules
(``vocabulary``, ``shapes``), what the edit does (``registry.classification.editing``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib import import_module
from typing import Final

from registry.classification.edits import Restate
from registry.classification.integrity import Finding, Severity, sort_findings
from registry.classification.model import SchemeVersion
from registry.classification.ports import VocabularyText
from registry.classification.table_import import TableFault, read_csv, read_table
from registry.classification.workbook import read_workbook
from registry.errors import FieldFault
from registry.storage.rdf.vocabulary import read_vocabulary


class Form(StrEnum):
    """How a delivered version is written."""

    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"
    CSV = "csv"
    XLSX = "xlsx"


ENDINGS: Final = {
    ".ttl": Form.TURTLE,
    ".nt": Form.NTRIPLES,
    ".jsonld": Form.JSONLD,
    ".rdf": Form.RDFXML,
    ".csv": Form.CSV,
    ".xlsx": Form.XLSX,
}
"""By the end of a file's name."""
TABLES: Final = {Form.CSV: read_csv, Form.XLSX: read_workbook}


@dataclass(frozen=True, slots=True)
class Delivery:
    """The edit, or None with faults: by row and column of a table (``row 3, column code``), by place of a graph."""

    edit: Restate | None
    faults: tuple[FieldFault, ...]
    notices: tuple[Finding, ...] = ()
    """Warnings and notices of a graph that may be written."""


def read_delivery(
    data: bytes, form: Form, current: SchemeVersion, fresh: Callable[[], str], *, source: str
) -> Delivery:
    """The delivered version as an edit of a draft that now holds ``current``; ``fresh`` gives identities to new items.

    Raises what reading raises for what is no table or graph, or is not safe to read: `TableUnreadable`,
    `VocabularyUnreadable`, `ValueTooLarge`.
    """
    if form in TABLES:
        reading = read_table(TABLES[form](data, source=source), current, fresh)
        edit = Restate(reading.content) if reading.content is not None else None
        return Delivery(edit, tuple(map(cell_fault, reading.faults)))
    text = read_delivered(data, form, source=source)
    found = sort_findings(text.findings)
    errors = [each for each in found if each.severity is Severity.ERROR]
    versions = [release for release in text.releases if isinstance(release, SchemeVersion)]
    if errors or not versions:
        return Delivery(None, tuple(map(place_fault, errors)) or (NO_VERSION,))
    return Delivery(Restate(identified(versions[0], current, fresh)), (), found)


def read_delivered(data: bytes, form: str, *, source: str) -> VocabularyText:
    """The releases of a text that somebody delivers and all it breaks, the packaged SHACL shapes included.

    The validator is loaded with the first text that is delivered: it takes a second, and most workers never need it.
    What the package ships is held to the shapes by tests, and read without (``vocabulary.read_packaged``).
    """
    text = read_vocabulary(data, source=source, text_format=form)
    shapes = import_module("registry.storage.rdf.shapes")
    broken: tuple[Finding, ...] = shapes.check_shapes(data, shapes.packaged_shapes(), source=source, text_format=form)
    return replace(text, findings=(*text.findings, *broken))


NO_VERSION: Final = FieldFault("", "no_version", "the text", "it tells of no scheme version")


def cell_fault(fault: TableFault) -> FieldFault:
    """A table's fault, at its row and column."""
    return FieldFault(f"row {fault.row}, column {fault.column}", "table_cell", "", fault.told)


def place_fault(finding: Finding) -> FieldFault:
    """A graph's error, at the URI it is about."""
    return FieldFault("", finding.rule, finding.place, finding.message)


def identified(version: SchemeVersion, current: SchemeVersion, fresh: Callable[[], str]) -> SchemeVersion:
    """The version with an identity for each item: its own, else that of the draft's item of its code, else new."""
    known = {concept.code: concept.identity for concept in current.concepts}
    return replace(
        version,
        concepts=tuple(
            each if each.identity else replace(each, identity=known.get(each.code) or fresh())
            for each in version.concepts
        ),
    )


def fault_lines(faults: Iterable[FieldFault]) -> Iterable[str]:
    """A line a fault."""
    for fault in faults:
        where = " ".join(part for part in (fault.path, fault.place) if part)
        yield f"{where}: {fault.message}" if fault.rule == "table_cell" else f"{where}: {fault.rule}: {fault.message}"
