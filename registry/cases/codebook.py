"""The catalogue of releases as the plain lookup of codes that records are checked against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from registry.cases.model import FORM
from registry.classification.catalogue import LATEST, Catalogue, VersionChoice
from registry.classification.model import SchemeVersion, VariableFacts
from registry.errors import SchemeUnknown, VersionUnknown
from registry.identifiers import UNITS, Notation, SchemeId, VersionTag


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One version's codes: by every notation they have, and their parents."""

    codes: Mapping[str, Notation]
    parents: Mapping[str, Notation]


@dataclass(frozen=True, eq=False)
class CatalogueCodebook:
    """A `registry.cases.ports.Codebook` over a catalogue; a version's table is made on its first use."""

    catalogue: Catalogue
    today: Callable[[], date] | None = None
    """The day on which a binding must hold that nobody dates; None says the newest binding."""

    @cached_property
    def variables(self) -> Mapping[str, VariableFacts]:
        """Every variable by code, those of IC-TIP before national ones."""
        schemes = reversed(self.catalogue.variable_schemes())
        return {facts.code: facts for scheme in schemes for facts in self.catalogue.resolve(scheme).content.variables}

    @cached_property
    def tables(self) -> dict[tuple[str, str], CodeTable]:
        """The tables made so far, by scheme and full tag."""
        return {}

    def variable(self, code: str) -> VariableFacts | None:
        """The variable of that code."""
        return self.variables.get(code)

    def bound_list(self, variable: str) -> tuple[SchemeId, VersionTag] | None:
        """The list's version by the variable's binding of today; `FORM` gives the latest units."""
        if variable == FORM:
            return UNITS, self.catalogue.resolve(UNITS).tag.version
        item = self.catalogue.variable(variable)
        if item is None:
            return None
        day = None if self.today is None else self.today()
        binding = self.catalogue.binding(item.version.scheme, item.concept.code, day)
        return (binding.list_scheme, binding.list_version) if binding is not None else None

    def find(self, scheme: SchemeId, version: VersionTag | None, text: str) -> Notation | None:
        """The code or collection that the text names, by its own or another notation."""
        table = self._table(scheme, version)
        return table.codes.get(text) if table is not None else None

    def parent(self, scheme: SchemeId, version: VersionTag | None, code: Notation) -> Notation | None:
        """The next broader code."""
        table = self._table(scheme, version)
        return table.parents.get(code) if table is not None else None

    def _table(self, scheme: SchemeId, version: VersionTag | None) -> CodeTable | None:
        try:
            found = self.catalogue.resolve(scheme, LATEST if version is None else VersionChoice(version=version))
        except (SchemeUnknown, VersionUnknown):
            return None
        key = (found.scheme, found.tag)
        if key not in self.tables:
            self.tables[key] = tabulate(found.content)
        return self.tables[key]


def tabulate(content: SchemeVersion) -> CodeTable:
    """The table of one version. Another notation counts where it names one item only and is no code of the version's.

    Systems overlap (``2`` is female in ICCS and male elsewhere): what names two items names none.
    """
    others: dict[str, set[Notation]] = {}
    for concept in content.concepts:
        for other in concept.other_notations:
            others.setdefault(other.code, set()).add(concept.code)
    codes: dict[str, Notation] = {text: next(iter(named)) for text, named in others.items() if len(named) == 1}
    codes.update({collection.code: collection.code for collection in content.collections})
    codes.update({concept.code: concept.code for concept in content.concepts})
    parents: dict[str, Notation] = {}
    for concept in content.concepts:
        if concept.parent is not None:
            parents[concept.code] = concept.parent
    return CodeTable(codes, parents)
