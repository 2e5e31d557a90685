"""RDF statements as plain values: what the mapping reads and writes, whatever parsed or will print them.

Lives here: terms and statements by subject. Elsewhere: their texts (``ntriples``, ``turtle``, ``parse``), their meaning
(``reader``, ``writer``). No rdflib: a warm start reads our own canonical text and must not wait for that import.

An IRI is its text; a blank node is a text that begins with ``_:`` (and is refused by every reader of ours).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple


class Literal(NamedTuple):
    """A literal: with a language, or with a datatype's IRI, or plain (``xsd:string``)."""

    text: str
    language: str | None = None
    datatype: str | None = None


Term = str | Literal
Triple = tuple[str, str, Term]
Properties = Mapping[str, list[Term]]


class Statements:
    """Triples by subject and predicate, each once, in the order first said."""

    def __init__(self, triples: Iterable[Triple] = (), *, distinct: bool = False) -> None:
        """``distinct`` says that none comes twice, as in a canonical text, and saves looking."""
        self.by_subject: dict[str, dict[str, list[Term]]] = {}
        for subject, predicate, term in triples if distinct else dict.fromkeys(triples):
            properties = self.by_subject.get(subject)
            if properties is None:
                properties = self.by_subject[subject] = {}
            terms = properties.get(predicate)
            if terms is None:
                properties[predicate] = [term]
            else:
                terms.append(term)

    def __iter__(self) -> Iterator[Triple]:
        """Every triple."""
        for subject, properties in self.by_subject.items():
            for predicate, terms in properties.items():
                for term in terms:
                    yield subject, predicate, term

    def of_type(self, type_iri: str, rdf_type: str) -> list[str]:
        """The subjects said to be of that type, in order."""
        return [subject for subject, said in self.by_subject.items() if type_iri in said.get(rdf_type, ())]
