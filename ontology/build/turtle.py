"""Turtle, written so that the same statements are always the same bytes and a change is a small diff.

Lives here: terms, blocks of statements, their text. Elsewhere: which statements (the modules beside this one).

One block a subject, in the order given; inside it ``a`` first, then predicates as in `_ORDER`, then by IRI; objects
sorted; one object a line. No blank nodes can be written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ontology import namespaces as ns


@dataclass(frozen=True, slots=True)
class Iri:
    """A resource, by its whole IRI."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A literal: with a language, or with a datatype, or plain."""

    text: str
    language: str | None = None
    datatype: str | None = None


Term = Iri | Text


@dataclass(frozen=True, slots=True)
class Block:
    """All statements of one subject; said twice is said once."""

    subject: str
    statements: tuple[tuple[str, Term], ...]


def number(value: int) -> Text:
    """A whole number."""
    return Text(str(value), datatype=ns.XSD_INTEGER)


def true() -> Text:
    """The literal true; what is false is not said."""
    return Text("true", datatype=ns.XSD_BOOLEAN)


def day(iso: str) -> Text:
    """A calendar day, as ``2025-03-07``."""
    return Text(iso, datatype=ns.XSD_DATE)


def write_turtle(blocks: Iterable[Block], *, prefixes: Sequence[tuple[str, str]] = (), comment: str = "") -> str:
    """The Turtle text of the blocks; ``prefixes`` are the file's own, beside those of every file."""
    shortener = _Shortener((*ns.PREFIXES, *prefixes))
    body = "\n".join(_block(block, shortener) for block in blocks)
    used = [(name, iri) for name, iri in (*ns.PREFIXES, *prefixes) if re.search(rf"(?<![\w<:]){name}:", body)]
    head = "".join(f"# {line}\n" for line in comment.splitlines())
    return head + "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in used) + "\n" + body


_ORDER: Final = {
    predicate: place
    for place, predicate in enumerate(
        (
            ns.RDF_TYPE,
            ns.CODE,
            ns.TITLE,
            ns.PREF_LABEL,
            ns.ALT_LABEL,
            ns.HIDDEN_LABEL,
            ns.XL_PREF_LABEL,
            ns.XL_ALT_LABEL,
            ns.LITERAL_FORM,
            ns.LABEL_STATUS,
            ns.OWL_VERSION_INFO,
            ns.IN_SCHEME,
            ns.TOP_CONCEPT_OF,
            ns.BROADER,
            ns.IS_VERSION_OF,
            ns.ORDER,
        )
    )
}

_LOCAL_NAME: Final = re.compile(
    r"(?:[A-Za-z0-9_]|%[0-9A-F]{2})(?:(?:[A-Za-z0-9_.-]|%[0-9A-F]{2})*(?:[A-Za-z0-9_-]|%[0-9A-F]{2}))?"
)
_PLAIN_DATATYPES: Final = (ns.XSD_INTEGER, ns.XSD_BOOLEAN)
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED: Final = re.compile(r'[\\"\n\r\t]')


class _Shortener:
    """Writes IRIs with the longest prefix that leaves a plain local name."""

    def __init__(self, prefixes: Sequence[tuple[str, str]]) -> None:
        self._prefixes = sorted(prefixes, key=lambda prefix: -len(prefix[1]))

    def iri(self, iri: str) -> str:
        for name, start in self._prefixes:
            if iri.startswith(start) and _LOCAL_NAME.fullmatch(iri[len(start) :]):
                return f"{name}:{iri[len(start) :]}"
        return f"<{iri}>"

    def term(self, term: Term) -> str:
        if isinstance(term, Iri):
            return self.iri(term.text)
        if term.datatype in _PLAIN_DATATYPES:
            return term.text
        quoted = '"' + _ESCAPED.sub(lambda found: _ESCAPES[found[0]], term.text) + '"'
        if term.language:
            return f"{quoted}@{term.language}"
        return f"{quoted}^^{self.iri(term.datatype)}" if term.datatype else quoted


def _block(block: Block, shortener: _Shortener) -> str:
    """``subject`` on its line, then a line an object; predicates said once."""
    predicates = sorted({predicate for predicate, _ in block.statements}, key=lambda p: (_ORDER.get(p, len(_ORDER)), p))
    lines = []
    for predicate in predicates:
        objects = {shortener.term(term): term for said, term in block.statements if said == predicate}
        name = "a" if predicate == ns.RDF_TYPE else shortener.iri(predicate)
        lines.append(f"    {name} " + ",\n        ".join(sorted(objects, key=_natural)))
    return f"{shortener.iri(block.subject)}\n" + " ;\n".join(lines) + " .\n"


_DIGITS: Final = re.compile(r"(\d+)")


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts ``level/10`` after ``level/9``."""
    parts = [part for part in _DIGITS.split(text) if part]
    return tuple((0, int(part), part) if part.isdecimal() and part.isascii() else (1, 0, part) for part in parts)
