"""Delivered texts become values, by the kind of their variable, checked against the named releases.

Lives here: one value at a time. Elsewhere: dates (``moments``), what follows from several values of a record
(``derivation``), which column of a file holds which variable (``registry.intake``).

A code is checked against the release that the batch names, never against what is in force on the event's date: the
records are older than the classification (DOMAIN 3). Findings name a rule and a place, never the text that was wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from registry.cases.model import (
    Codes,
    Coding,
    Content,
    Finding,
    Missing,
    Number,
    Range,
    Reference,
    Severity,
    Text,
    Value,
)
from registry.cases.moments import read_moment
from registry.cases.ports import Codebook
from registry.classification.model import VariableFacts, VariableKind
from registry.errors import IdentifierMalformed
from registry.identifiers import EntityId, Notation

MAX_TEXT: Final = 10_000
"""Code points of one text value: a page of a criminal code, not a file."""
MAX_CODES: Final = 64
"""Codes of one value."""

_RANGE: Final = re.compile(r"(\d{1,3}) ?(?:--?|–|to) ?(\d{1,3})|(\d{1,3})\+|(\d{1,3})", re.ASCII)
_SDMX_RANGE: Final = re.compile(r"Y(\d{1,3})T(\d{1,3})|Y_(GE|GT|LE|LT)(\d{1,3})|Y(\d{1,3})", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Coded:
    """A value, or none where nothing was told or nothing sound could be read; and what was found on the way."""

    value: Value | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Coder:
    """Reads delivered texts against a codebook, in the versions that a batch's coding names."""

    codebook: Codebook
    coding: Coding

    def value(
        self,
        variable: str,
        texts: Sequence[str],
        *,
        place: str,
        missing: str | None = None,
        several: bool = False,
        source: Sequence[str] | None = None,
    ) -> Coded:
        """The value that ``texts`` tell of a variable at ``place`` (a path inside the record).

        ``missing`` is a code of the scheme ``missing`` and excludes texts. ``several`` allows a set where the variable
        takes one value: a group's values. ``source`` is what the source itself wrote, where a mapping changed it;
        otherwise the texts. Blank texts tell nothing.
        """
        facts = self.codebook.variable(variable)
        if facts is None:
            return _fault("variable_unknown", place)
        told = tuple(text.strip() for text in texts if text.strip())
        kept = tuple(source) if source is not None else told
        if missing is not None:
            return _missing(missing, told, kept, place)
        if not told:
            return Coded()
        if len(told) > 1 and not (facts.repeated or several):
            return _fault("several_values", place, "one value")
        content = self._content(facts, told, place)
        return content if isinstance(content, Coded) else Coded(Value(content, kept))

    def codes(self, variable: str, texts: Sequence[str], *, place: str) -> tuple[tuple[Notation, ...], list[Finding]]:
        """The codes of texts in the variable's list, in order, as often as told; and a fault for each without."""
        named = self.coding.get(variable)
        if named is None:
            return (), [Finding("list_not_named", place, Severity.FAULT)]
        found: list[Notation] = []
        findings = []
        for text in texts[:MAX_CODES]:
            code = self.codebook.find(*named, text)
            if code is None:
                findings.append(Finding("code_unknown", place, Severity.FAULT, f"a code of {named[0]} {named[1]}"))
            else:
                found.append(code)
        if len(texts) > MAX_CODES:
            findings.append(Finding("too_many_codes", place, Severity.FAULT, f"at most {MAX_CODES}"))
        return tuple(found), findings

    def _content(self, facts: VariableFacts, texts: Sequence[str], place: str) -> Content | Coded:
        if facts.kind is VariableKind.CODE:
            codes, findings = self.codes(facts.code, texts, place=place)
            return Coded(findings=tuple(findings)) if findings else Codes(tuple(dict.fromkeys(codes)))
        reader = READERS[facts.kind]
        contents = [reader.read(text) for text in texts]
        if any(content is None for content in contents):
            return _fault(reader.rule, place, reader.expected)
        return _joined([content for content in contents if content is not None], reader, place)


def read_range(text: str) -> Range | None:
    """Whole years as sources write them: ``0-14``, ``0--29``, ``48+``, ``17``, or SDMX ``Y0T17``, ``Y_GE18``."""
    if match := _RANGE.fullmatch(text.strip()):
        low, high, from_, exact = (int(part) if part is not None else None for part in match.groups())
        if exact is not None:
            return Range(exact, exact)
        return Range(from_, None) if from_ is not None else _upwards(low, high)
    if match := _SDMX_RANGE.fullmatch(text.strip()):
        low_text, high_text, bound, limit, exact_text = match.groups()
        if exact_text is not None:
            return Range(int(exact_text), int(exact_text))
        return _upwards(*_bounded(bound, int(limit))) if bound else _upwards(int(low_text), int(high_text))
    return None


def read_number(text: str) -> Number | None:
    """A whole number from zero; digits only."""
    return Number(int(text)) if _NUMBER.fullmatch(text.strip()) else None


def read_reference(text: str) -> Reference | None:
    """A reporting entity's id."""
    try:
        return Reference(EntityId(text.strip()))
    except IdentifierMalformed:
        return None


def read_text(text: str) -> Text | None:
    """Free text of bounded length, without control characters other than line ends and tabs."""
    sound = len(text) <= MAX_TEXT and not any(char < " " and char not in "\n\r\t" for char in text)
    return Text(text) if sound else None


@dataclass(frozen=True, slots=True)
class Reader:
    """How texts of one kind are read, and what is said where that fails."""

    read: Callable[[str], Content | None]
    rule: str
    expected: str


READERS: Final[Mapping[VariableKind, Reader]] = {
    VariableKind.DATE: Reader(read_moment, "date_malformed", "EDTF: 2005, 2005-03, 2005-03-01, 2005/2013"),
    VariableKind.DATETIME: Reader(read_moment, "date_malformed", "EDTF: 2005, 2005-03-01, 2005-03-01T10:30Z"),
    VariableKind.INTEGER: Reader(read_number, "number_malformed", "a whole number from 0"),
    VariableKind.RANGE: Reader(read_range, "range_malformed", "0-14, 48+ or 17"),
    VariableKind.REFERENCE: Reader(read_reference, "reference_malformed", "the id of a reporting entity"),
    VariableKind.TEXT: Reader(read_text, "text_unsound", f"at most {MAX_TEXT} characters, no control characters"),
}


def _joined(contents: Sequence[Content], reader: Reader, place: str) -> Content | Coded:
    """One content of several told of a group: the range that holds every range; anything else must be the same."""
    if len(set(contents)) == 1:
        return contents[0]
    ranges = [content for content in contents if isinstance(content, Range)]
    if len(ranges) < len(contents):
        return _fault("several_values", place, reader.expected)
    highs = [each.high for each in ranges]
    return Range(
        None if any(each.low is None for each in ranges) else min(each.low or 0 for each in ranges),
        None if None in highs else max(high for high in highs if high is not None),
    )


def _missing(state: str, told: Sequence[str], source: tuple[str, ...], place: str) -> Coded:
    if state not in set(Missing):
        return _fault("missing_state_unknown", place, ", ".join(Missing))
    if told:
        return _fault("missing_and_told", place, "a value or a missing state")
    return Coded(Value(Missing(state), source))


def _upwards(low: int | None, high: int | None) -> Range | None:
    if low is not None and high is not None and high < low:
        return None
    return Range(low, high) if (low, high) != (None, None) and (high is None or high >= 0) else None


def _bounded(bound: str, limit: int) -> tuple[int | None, int | None]:
    """SDMX CL_AGE: GE and GT open upwards, LE and LT run from zero."""
    return {"GE": (limit, None), "GT": (limit + 1, None), "LE": (0, limit), "LT": (0, limit - 1)}[bound]


def _fault(rule: str, place: str, expected: str = "") -> Coded:
    return Coded(findings=(Finding(rule, place, Severity.FAULT, expected),))
