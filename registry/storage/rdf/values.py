"""Values out of statements: one text, one day, one member of a choice; a finding where there is none of its kind.

Lives here: single values, and what the URIs of ours say. Elsewhere: whole concepts and versions (``reader``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import unquote

from ontology import namespaces as ns
from registry.classification.integrity import Finding, error
from registry.errors import IctipError
from registry.identifiers import LanguageTag, Notation, SchemeId, VersionTag
from registry.storage.rdf.terms import Literal, Properties, Statements, Term

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

NOTHING: Final[Properties] = {}


class Values:
    """Reads single values of one text's resources and gathers findings on the way."""

    def __init__(self, statements: Statements) -> None:
        self.statements = statements
        self.findings: list[Finding] = []
        self._languages: dict[str, LanguageTag | None] = {}

    def properties(self, uri: str) -> Properties:
        return self.statements.by_subject.get(uri, NOTHING)

    def miss(self, rule: str, place: str, message: str) -> None:
        self.findings.append(error(rule, place, message))

    def only(self, type_iri: str, name: str) -> str | None:
        """The one subject of that type."""
        found = self.statements.of_type(type_iri, ns.RDF_TYPE)
        if len(found) != 1:
            self.miss(
                "not_one_subject", found[1] if found else "the text", f"it tells of {len(found)} {name}s, not one"
            )
        return found[0] if len(found) == 1 else None

    def texts(self, said: Properties, predicate: str) -> tuple[str, ...]:
        if predicate not in said:
            return ()
        return tuple(sorted(term.text for term in said[predicate] if isinstance(term, Literal)))

    def text(self, uri: str, said: Properties, predicate: str) -> str | None:
        """The one text; two are a finding."""
        if predicate not in said:
            return None
        return self.single(uri, predicate, self.texts(said, predicate))

    def iris(self, said: Properties, predicate: str) -> tuple[str, ...]:
        if predicate not in said:
            return ()
        return tuple(sorted(term for term in said[predicate] if not isinstance(term, Literal)))

    def iri(self, uri: str, said: Properties, predicate: str) -> str | None:
        """The one resource; two are a finding."""
        if predicate not in said:
            return None
        return self.single(uri, predicate, self.iris(said, predicate))

    def single(self, uri: str, predicate: str, found: Sequence[str]) -> str | None:
        if len(found) != 1:
            self.miss("value_repeated", f"{uri} {predicate}", f"it has {len(found)} values of the right kind, not one")
        return found[0] if found else None

    def parsed(self, uri: str, said: Properties, predicate: str, parse: Callable[[str], T]) -> T | None:
        """The one text as what it stands for; a finding when it does not."""
        text = self.text(uri, said, predicate)
        if text is None:
            return None
        try:
            return parse(text)
        except (ValueError, IctipError):
            self.miss("value_malformed", f"{uri} {predicate}", "the value is not of its kind")
            return None

    def number(self, uri: str, said: Properties, predicate: str) -> int | None:
        return self.parsed(uri, said, predicate, int)

    def flag(self, uri: str, said: Properties, predicate: str) -> bool:
        if predicate not in said:
            return False
        return self.parsed(uri, said, predicate, parse_flag) or False

    def chosen(self, uri: str, said: Properties, predicate: str, choices: Mapping[E, str]) -> E | None:
        """The member that the one resource stands for."""
        iri = self.iri(uri, said, predicate)
        if iri is None:
            return None
        for member, choice in choices.items():
            if choice == iri:
                return member
        if iri not in (ns.VALID, ns.OFFICIAL):
            self.miss("value_malformed", f"{uri} {predicate}", "the value is not of its kind")
        return None

    def language(self, tag: str) -> LanguageTag | None:
        """The tag as a language; None when it is none. Few tags, many labels: each is matched once."""
        if tag not in self._languages:
            try:
                self._languages[tag] = LanguageTag(tag)
            except IctipError:
                self._languages[tag] = None
        return self._languages[tag]

    def language_of(self, place: str, term: Term) -> LanguageTag | None:
        """The language of a label or note, which must be a literal that has one."""
        language = self.language(term.language) if isinstance(term, Literal) and term.language else None
        if language is None:
            self.miss("language_missing", place, "a label or note needs a BCP 47 language tag")
        return language

    # --- URIs of ours ---

    def scheme_of(self, uri: str, said: Properties) -> SchemeId | None:
        scheme = self.iri(uri, said, ns.IS_VERSION_OF)
        if scheme is None or not scheme.startswith(ns.NAMESPACE + "/"):
            return None
        try:
            return SchemeId(scheme.removeprefix(ns.NAMESPACE + "/"))
        except IctipError:
            return None

    def version_at(self, place: str, uri: str | None) -> tuple[SchemeId, VersionTag] | None:
        """Scheme and tag in the URI of a version."""
        parts = (uri or "").removeprefix(ns.NAMESPACE + "/").split("/")
        try:
            return SchemeId(parts[0]), VersionTag(parts[1])
        except (IctipError, IndexError):
            self.miss("uri_unexpected", place, "it needs the URI of a scheme version")
            return None

    def item_at(self, place: str, uri: str | None) -> tuple[tuple[SchemeId, VersionTag], Notation] | None:
        """Version and code in the URI of an item."""
        version_uri, _, code = (uri or "").partition("/item/")
        version = self.version_at(place, version_uri)
        notation = self.code_at(place, uri or "")
        return None if version is None or notation is None or not code else (version, notation)

    def code_at(self, place: str, uri: str) -> Notation | None:
        """The code in the URI of an item."""
        try:
            return Notation(unquote(uri.rpartition("/item/")[2]))
        except IctipError:
            self.miss("uri_unexpected", place, "it needs the URI of an item")
            return None

    def codes_at(self, place: str, uris: Sequence[str]) -> tuple[Notation, ...]:
        return tuple(code for code in (self.code_at(place, uri) for uri in uris) if code is not None)


def parse_flag(text: str) -> bool:
    """The value of an ``xsd:boolean``; `ValueError` otherwise."""
    if text not in ("true", "1", "false", "0"):
        raise ValueError
    return text in ("true", "1")
