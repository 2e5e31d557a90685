"""The canonical text of a release: sorted N-Triples, and the digest that is its name for ever.

Lives here: writing and reading that one form. Elsewhere: N-Triples from anywhere else (``parse``).

One statement a line, ``\\n`` after each, none twice, sorted by Unicode code point (which is the order of their UTF-8
bytes); escapes as in the canonical form of RDF Dataset Canonicalization (W3C, RDFC-1.0, section 5): ``\\b \\t \\n \\f
\\r \\" \\\\``, other controls as ``\\uXXXX``, nothing else. We have no blank nodes, so this needs no graph isomorphism.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Final

from registry.errors import VocabularyUnreadable
from registry.storage.rdf.terms import Literal, Term, Triple

FORBIDDEN_IN_IRI: Final = re.compile(r'[\x00-\x20<>"{}|^`\\\ud800-\udfff]')
XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"

_ESCAPES: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_TO_ESCAPE: Final = re.compile(r'[\x00-\x1f\x7f"\\]')
_UNESCAPES: Final = {escape[1]: character for character, escape in _ESCAPES.items()}
_ESCAPED: Final = re.compile(r"\\(?:u([0-9A-F]{4})|(.))")
_LINE: Final = re.compile(
    r'<([^>]*)> <([^>]*)> (?:<([^>]*)>|"((?:[^"\\\x00-\x1f\x7f]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?) \.\n'
)


def write_ntriples(triples: Iterable[Triple]) -> str:
    """The canonical text; `VocabularyUnreadable` for an IRI or text that has no place in it."""
    return "".join(sorted({write_line(triple) for triple in triples}))


def write_line(triple: Triple) -> str:
    """One statement with its line end."""
    subject, predicate, term = triple
    return f"{write_iri(subject)} {write_iri(predicate)} {write_term(term)} .\n"


def write_iri(iri: str) -> str:
    if FORBIDDEN_IN_IRI.search(iri) or iri.startswith("_:"):
        raise VocabularyUnreadable(source="a statement", format="canonical N-Triples", reason="it holds no valid IRI")
    return f"<{iri}>"


def write_term(term: Term) -> str:
    if isinstance(term, str):
        return write_iri(term)
    quoted = '"' + _TO_ESCAPE.sub(_escape, term.text) + '"'
    if term.language is not None:
        return f"{quoted}@{term.language}"
    if term.datatype is not None and term.datatype != XSD_STRING:
        return f"{quoted}^^{write_iri(term.datatype)}"
    return quoted


def read_ntriples(text: str) -> Iterator[Triple]:
    """The statements of a canonical text, in its order; anything else is `VocabularyUnreadable`."""
    place = 0
    for found in _LINE.finditer(text):
        if found.start() != place:
            break
        place = found.end()
        subject, predicate, iri, literal, language, datatype = found.groups()
        if iri is not None:
            yield subject, predicate, iri
        else:
            plain = literal if "\\" not in literal else _ESCAPED.sub(_unescape, literal)
            yield subject, predicate, Literal(plain, language, datatype)
    if place != len(text):
        line = text.count("\n", 0, place) + 1
        raise VocabularyUnreadable(source="text", format="canonical N-Triples", reason=f"line {line} is no statement")


def text_digest(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


def _unescape(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else _UNESCAPES.get(found[2], found[2])
