"""Reading RDF texts from anywhere, guarded: bounded, never fetching, and refusing what has stalled parsers.

Lives here: Turtle, N-Triples, RDF/XML and JSON-LD into statements, by rdflib. Elsewhere: Turtle as our own writer
writes it (``flat_turtle``) and our canonical text (``ntriples``), read without it; what statements mean (``reader``).

===================  ==================================================================================
text too long        refused by its bytes, before anything else
not UTF-8            refused
deep nesting         brackets are counted before parsing: 400 levels end rdflib in a recursion error
document type        RDF/XML with ``<!DOCTYPE`` or ``<!ENTITY`` is refused unparsed: entities expand without bound
remote contexts      JSON-LD may name no context by URL, and import none: rdflib would fetch ``http:`` and ``file:``
blank nodes          are told as findings by the caller: our canonical form has no place for them
===================  ==================================================================================

Each refusal is a `VocabularyUnreadable` with the source's name and, where the parser knows it, the line.
"""

from __future__ import annotations

import json
import logging
import re
import warnings
from collections.abc import Iterator
from typing import Final

import rdflib
from rdflib.plugins.parsers.notation3 import BadSyntax

from registry.classification.integrity import Finding, error
from registry.errors import VocabularyUnreadable
from registry.storage.rdf.flat_turtle import read_flat
from registry.storage.rdf.ntriples import FORBIDDEN_IN_IRI
from registry.storage.rdf.terms import Literal, Statements, Term, Triple

MOST_BYTES: Final = 64 * 1024 * 1024
"""Bytes of one text: four times the largest vocabulary we ship."""
DEEPEST: Final = 100
"""Nested brackets; vocabularies need fewer than five, rdflib fails at about 400."""

FORMATS: Final = {"turtle": "turtle", "ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld"}

_TURTLE_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r"|<[^>\n]*>|#[^\n]*|[\[(]|[\])]",
    re.DOTALL,
)
_DOCTYPE: Final = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def parse_statements(data: bytes, *, source: str, text_format: str = "turtle") -> Statements:
    """The statements of the text; `VocabularyUnreadable` when it is none of that format, or unsafe to parse."""
    text = decode(data, source, text_format)
    flat = read_flat(text) if text_format == "turtle" else None
    if flat is not None:
        return Statements(flat)
    check_nesting(text, source, text_format)
    if text_format == "rdfxml" and _DOCTYPE.search(text):
        raise refusal(source, text_format, "it declares a document type or entities")
    if text_format == "jsonld":
        check_contexts(text, source)
    graph = parse_graph(text, source, text_format)
    return Statements(plain_triples(graph, source, text_format))


def blank_node_findings(statements: Statements) -> Iterator[Finding]:
    """One finding for the blank nodes of a text: nothing of ours may lack a name."""
    blank = sum(1 for subject in statements.by_subject if subject.startswith("_:"))
    if blank:
        yield error("blank_node", "the text", f"{blank} resources have no IRI")


def decode(data: bytes, source: str, text_format: str) -> str:
    if len(data) > MOST_BYTES:
        raise refusal(source, text_format, f"it has {len(data)} bytes, and {MOST_BYTES} are the most")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as failed:
        raise refusal(source, text_format, f"byte {failed.start} is not UTF-8") from failed


def check_nesting(text: str, source: str, text_format: str) -> None:
    """Refuse brackets nested deeper than any vocabulary's."""
    depth = 0
    opening, closing = ("[(", "])") if text_format in ("turtle", "ntriples") else ("[{", "]}")
    tokens = (
        (found[0] for found in _TURTLE_TOKEN.finditer(text)) if opening == "[(" else nesting_marks(text, text_format)
    )
    for token in tokens:
        depth += (token in opening) - (token in closing)
        if depth > DEEPEST:
            raise refusal(source, text_format, f"it is nested more than {DEEPEST} deep")


def nesting_marks(text: str, text_format: str) -> Iterator[str]:
    """What opens and closes in JSON, outside texts; for RDF/XML its start and end tags, told as brackets."""
    if text_format == "jsonld":
        yield from (found[0] for found in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text) if found[0][0] != '"')
        return
    for found in re.finditer(r"<(/?)[A-Za-z_][^<>]*?(/?)>", text):
        if not found[2]:
            yield "]" if found[1] else "["


def check_contexts(text: str, source: str) -> None:
    """Refuse JSON-LD that names a context instead of holding it."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as failed:
        raise refusal(source, "jsonld", "it is no JSON") from failed
    stack = [content]
    while stack:
        each = stack.pop()
        if isinstance(each, dict):
            contexts = each.get("@context", [])
            named = contexts if isinstance(contexts, list) else [contexts]
            if any(isinstance(context, str) for context in named) or "@import" in each:
                raise refusal(source, "jsonld", "it names a context by URL, and nothing is fetched")
            stack.extend(each.values())
        elif isinstance(each, list):
            stack.extend(each)


def parse_graph(text: str, source: str, text_format: str) -> rdflib.Graph:
    """The parser's graph; its own errors come out as ours, with the line when it knows one."""
    log = logging.getLogger("rdflib")
    before, log.disabled = log.disabled, True  # it would log the values of malformed literals
    term_log = logging.getLogger("rdflib.term")
    term_before, term_log.disabled = term_log.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's JSON-LD reader uses its own old classes
            return rdflib.Graph(bind_namespaces="none").parse(data=text, format=FORMATS[text_format], publicID=BASE)
    except BadSyntax as failed:
        raise refusal(source, text_format, f"line {failed.lines + 1} is malformed") from failed
    except RecursionError as failed:
        raise refusal(source, text_format, "it is nested too deep") from failed
    except Exception as failed:  # each parser raises kinds of its own
        raise refusal(source, text_format, f"it is malformed ({type(failed).__name__})") from failed
    finally:
        log.disabled, term_log.disabled = before, term_before


BASE: Final = "urn:ictip:relative:"
"""What relative IRIs are resolved against, so that they show: nothing of ours is relative."""


def plain_triples(graph: rdflib.Graph, source: str, text_format: str) -> Iterator[Triple]:
    """The graph's triples as plain values, in no particular order."""
    for subject, predicate, term in graph:
        yield (
            plain_iri(subject, source, text_format),
            plain_iri(predicate, source, text_format),
            plain_term(term, source, text_format),
        )


def plain_term(term: rdflib.term.Node, source: str, text_format: str) -> Term:
    if isinstance(term, rdflib.Literal):
        datatype = None if term.datatype in (None, rdflib.XSD.string) else str(term.datatype)
        return Literal(str(term), term.language, datatype)
    return plain_iri(term, source, text_format)


def plain_iri(term: rdflib.term.Node, source: str, text_format: str) -> str:
    if isinstance(term, rdflib.BNode):
        return f"_:{term}"
    iri = str(term)
    if FORBIDDEN_IN_IRI.search(iri) or ":" not in iri:
        raise refusal(source, text_format, "it holds an IRI with characters that no IRI may have")
    return iri


def refusal(source: str, text_format: str, reason: str) -> VocabularyUnreadable:
    return VocabularyUnreadable(source=source, format=text_format, reason=reason)
