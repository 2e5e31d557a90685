"""SHACL: a text against the packaged shapes, as findings.

Lives here: running the validator. Elsewhere: the shapes (``ontology/shapes``), our own rules, which are quicker and say
more (``registry.classification.integrity``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pyshacl
from rdflib import RDF, SH, Graph

from ontology.files import shape_files
from registry.classification.integrity import Finding, Severity, sort_findings
from registry.storage.rdf.parse import decode, parse_graph

SEVERITIES: Final[Mapping[object, Severity]] = {
    SH.Violation: Severity.ERROR,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.NOTICE,
}


def packaged_shapes() -> Graph:
    """Every packaged shape in one graph."""
    together = Graph()
    for file in shape_files():
        together += file.graph()
    return together


def check_shapes(data: bytes, shapes: Graph, *, source: str, text_format: str = "turtle") -> tuple[Finding, ...]:
    """What the text breaks, by SHACL 1.0; `VocabularyUnreadable`. ISIC takes 1 s, the largest lists 6."""
    graph = parse_graph(decode(data, source, text_format), source, text_format)
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none")
    return sort_findings(results(report)) if isinstance(report, Graph) else ()


def results(report: Graph) -> Iterator[Finding]:
    """The results of a validation report."""
    for result in report.subjects(RDF.type, SH.ValidationResult):
        severity = report.value(result, SH.resultSeverity)
        shape = report.value(result, SH.sourceShape)
        yield Finding(
            severity=SEVERITIES.get(severity, Severity.ERROR),
            rule=f"shape {str(shape).rpartition('#')[2]}",
            place=str(report.value(result, SH.focusNode)),
            message=str(report.value(result, SH.resultMessage) or "does not fit the shape"),
        )
