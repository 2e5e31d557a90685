"""One reader a variable, made once a batch: what it read before it remembers, so a file's codes cost a lookup each.

Lives here: values as they stand in ictip-events and in crosswalks (docs/import-format.md), and the memory of them.
Elsewhere: how texts of each kind are read and checked (``registry.cases.coding``), which column is which variable
(``mapping``, ``events``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from registry.cases.coding import Coded, Coder
from registry.cases.model import FORM, Finding, Missing, Severity
from registry.cases.ports import Codebook
from registry.classification.model import UnitOfDescription, VariableFacts
from registry.identifiers import Notation, SchemeId, VersionTag

REMEMBERED: Final = 10_000
"""Texts a reader remembers; beyond them (free text, exact times) it reads each anew, and memory stays flat."""

Key = str | int | tuple[str, ...]

UNREADABLE: Final = Coded(
    findings=(Finding("type_wrong", "", Severity.FAULT, "a text, a whole number, a list of texts, or an object"),)
)


class ValueReader:
    """Reads the values of one variable against the list version that the batch names."""

    def __init__(self, facts: VariableFacts, coder: Coder) -> None:
        self.facts = facts
        self._coder = coder
        self._known: dict[Key, Coded] = {}

    def read(self, raw: object, *, several: bool = False) -> Coded:
        """The value of a text, a whole number, a list of texts, or an object; see docs/import-format.md.

        An object is ``{"missing": state}`` or ``{"value": …}``, either with ``"source"``, the source's own texts; or
        ``{"unmapped": text}``, a local code that no code stands for.
        ``several`` lets a variable of one value hold a set, which only a group's values may be.
        """
        key = None if several else memory_key(raw)
        if key is None:
            return self._read_afresh(raw, several=several)
        known = self._known.get(key)
        if known is None:
            known = self._read_afresh(raw, several=False)
            if len(self._known) < REMEMBERED:
                self._known[key] = known
        return known

    def _read_afresh(self, raw: object, *, several: bool) -> Coded:
        if type(raw) is str or type(raw) is int:  # not bool, which is an int
            return self._read_texts([str(raw)], several=several)
        if isinstance(raw, list):
            return self._read_texts(raw, several=several)
        return self._read_object(raw, several=several) if isinstance(raw, dict) else UNREADABLE

    def read_sourced(self, texts: Sequence[str], source: Sequence[str], *, several: bool) -> Coded:
        """The value of texts that a crosswalk gave, with what the source itself wrote."""
        return self._coder.value(self.facts.code, texts, place="", several=several, source=source)

    def read_missing(self, state: str, source: Sequence[str] = ()) -> Coded:
        """A missing state."""
        return self._coder.value(self.facts.code, (), place="", missing=state, source=source)

    def read_unmapped(self, source: Sequence[str]) -> Coded:
        """A value not known, for what the source told has no code."""
        told = [text for text in source if text.strip()]
        coded = self.read_missing(Missing.NOT_KNOWN, told) if told else UNREADABLE
        return coded if coded.value is None else replace(coded, value=replace(coded.value, unmapped=True))

    def _read_texts(self, raw: list[object], *, several: bool, source: Sequence[str] = ()) -> Coded:
        texts = [text for text in raw if isinstance(text, str)]
        if len(texts) < len(raw) or not texts:
            return UNREADABLE
        coded = self.read_sourced(texts, source, several=several)
        # Blank texts tell nothing, and a value that is there must: leave it out, or give a missing state.
        return coded if coded.value is not None or coded.findings else UNREADABLE

    def _read_object(self, raw: dict[str, object], *, several: bool) -> Coded:
        if raw.keys() == {"unmapped"}:
            return self.read_unmapped(as_texts(raw["unmapped"]) or [])
        source = as_texts(raw.get("source", []))
        told, missing = raw.get("value"), raw.get("missing")
        if source is None or not raw.keys() <= _FIELDS or (told is None) == (missing is None):
            return UNREADABLE
        if missing is not None:
            return self.read_missing(missing, source) if isinstance(missing, str) else UNREADABLE
        texts = [str(told)] if type(told) is str or type(told) is int else told
        return self._read_texts(texts, several=several, source=source) if isinstance(texts, list) else UNREADABLE


def memory_key(raw: object) -> Key | None:
    """What a value is remembered by: itself, a list's texts, ``("", state)`` for a missing state; None for the rest."""
    kind = type(raw)
    if kind is str or kind is int:  # not bool, which equals 0 or 1 as a key
        return raw  # type: ignore[return-value]
    if isinstance(raw, list):
        return tuple(raw) if raw and all(type(text) is str and text for text in raw) else None
    if isinstance(raw, dict) and len(raw) == 1 and type(state := raw.get("missing")) is str:
        return ("", state)
    return None


_FIELDS: Final = frozenset({"value", "missing", "source"})


def as_texts(raw: object) -> list[str] | None:
    """A text or a list of texts as a list; None for anything else."""
    texts = [raw] if isinstance(raw, str) else raw
    return texts if isinstance(texts, list) and all(isinstance(text, str) for text in texts) else None


class ReaderSet:
    """The readers of one batch. Variables are looked up as they occur; ``coding`` names the lists of those that did."""

    def __init__(self, codebook: Codebook, releases: Mapping[SchemeId, VersionTag]) -> None:
        self.coding: dict[str, tuple[SchemeId, VersionTag]] = {}
        self._codebook = codebook
        self._releases = releases
        self._coder = Coder(codebook, self.coding)
        self._readers: dict[str, ValueReader] = {}
        self._known: dict[tuple[str, ...], tuple[tuple[Notation, ...], list[Finding]]] = {}
        self._name_list(FORM)

    def reader(self, variable: str) -> ValueReader | None:
        """The variable's reader; None where there is no such variable."""
        found = self._readers.get(variable)
        if found is None and (facts := self._codebook.variable(variable)) is not None:
            self._name_list(variable)
            found = self._readers[variable] = ValueReader(facts, self._coder)
        return found

    def codes(self, variable: str, texts: Sequence[str]) -> tuple[tuple[Notation, ...], list[Finding]]:
        """The codes that texts name in the variable's list, as often as told; ``form`` names units."""
        key = (variable, *texts)
        known = self._known.get(key)
        if known is None:
            self._name_list(variable)
            known = self._coder.codes(variable, texts, place="")
            if len(self._known) < REMEMBERED:
                self._known[key] = known
        return known

    def _name_list(self, variable: str) -> None:
        """The version of the variable's list: the one the delivery names, else the bound one."""
        if variable not in self.coding and (bound := self._codebook.bound_list(variable)) is not None:
            self.coding[variable] = (bound[0], self._releases.get(bound[0], bound[1]))


def belongs(facts: VariableFacts, unit: UnitOfDescription) -> bool:
    """Whether values of the variable may stand on that unit of description.

    Event variables may be told of each victim (HTCDS does so) and of a decision, entity variables of the event.
    """
    return facts.describes is unit or (facts.describes, unit) in _ALSO


_ALSO: Final = frozenset(
    {
        (UnitOfDescription.EVENT, UnitOfDescription.VICTIM),
        (UnitOfDescription.EVENT, UnitOfDescription.REPORTING_ENTITY),
        (UnitOfDescription.REPORTING_ENTITY, UnitOfDescription.EVENT),
    }
)
