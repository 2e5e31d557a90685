"""What a delivery is found to hold: faults as data, counts, the report of a check or an import.

Lives here: values. Elsewhere: the bytes (``rows``, ``formats``), what columns mean (``mapping``), the work
(``actions``), errors of a file as a whole (``registry.errors``).

A fault names its row as in the file (the header is row 1; a record over several lines has the number of its first),
its column, a code, what was expected there and what to do. It never carries the value that was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from registry.cases.model import EventRecord, SourceType, StoreCounts
from registry.identifiers import BatchId, EntityId


class FaultCode(StrEnum):
    """What may be wrong with a row apart from its values; the rules of ``registry.cases`` are fault codes as well."""

    ENCODING_WRONG = "encoding_wrong"
    NUL_BYTE = "nul_byte"
    ROW_MALFORMED = "row_malformed"
    CELLS_MISSING = "cells_missing"
    CELLS_SURPLUS = "cells_surplus"
    FIELD_UNKNOWN = "field_unknown"
    FIELD_MISSING = "field_missing"
    TYPE_WRONG = "type_wrong"
    TEXT_UNKNOWN = "text_unknown"
    SET_NOT_ALLOWED = "set_not_allowed"
    VARIABLE_UNKNOWN = "variable_unknown"
    VARIABLE_MISPLACED = "variable_misplaced"
    KEY_MALFORMED = "key_malformed"
    KEY_REPEATED = "key_repeated"
    LINK_DANGLING = "link_dangling"
    ENTITY_UNKNOWN = "entity_unknown"
    IDENTIFIER_MALFORMED = "identifier_malformed"
    TOO_MANY = "too_many"


HINTS: Final[Mapping[str, str]] = {
    FaultCode.ENCODING_WRONG: "Save the file as UTF-8.",
    FaultCode.NUL_BYTE: "Remove the NUL byte; it is often a mark of UTF-16 text or of a damaged export.",
    FaultCode.ROW_MALFORMED: "Check quotes and brackets: a quote inside a quoted cell is written twice.",
    FaultCode.CELLS_MISSING: "Give every column of the header a cell, empty where nothing is told.",
    FaultCode.CELLS_SURPLUS: "Quote cells that hold a comma.",
    FaultCode.FIELD_UNKNOWN: "Use only the fields of docs/import-format.md.",
    FaultCode.FIELD_MISSING: "Add the field.",
    FaultCode.TYPE_WRONG: "Write it as docs/import-format.md says.",
    FaultCode.TEXT_UNKNOWN: "Correct the text, or add it to the mapping's crosswalk if the source has a new value.",
    FaultCode.SET_NOT_ALLOWED: "Give one value, or mark the column as a set in the mapping.",
    FaultCode.VARIABLE_UNKNOWN: "Use a variable of the schemes `variables` or `national-variables`.",
    FaultCode.VARIABLE_MISPLACED: "Move the value to the unit of description that the variable belongs to.",
    FaultCode.KEY_MALFORMED: "Keys are 1 to 200 characters without control characters; ids of entities are slugs.",
    FaultCode.KEY_REPEATED: "Give each record, and each part within one, a key of its own.",
    FaultCode.LINK_DANGLING: "Name people who take part in this event.",
    FaultCode.ENTITY_UNKNOWN: "List the reporting entity in the header.",
    FaultCode.IDENTIFIER_MALFORMED: "Give the identifier as the source wrote it; it is kept as a token alone.",
    FaultCode.TOO_MANY: "Split the record.",
    "code_unknown": "Use a code of the named list and version, leading zeros kept.",
    "several_values": "Give one value; the variable takes no set here.",
    "too_many_codes": "Name fewer codes.",
    "list_not_named": "Bind the variable to a list, or name its release.",
    "date_malformed": "Write dates as EDTF: 2019, 2019-05, 2019-05-03, 2005/2013.",
    "number_malformed": "Write a whole number, zero or more.",
    "range_malformed": "Write a whole number or a range: 17, 15-17, 48+.",
    "reference_malformed": "Write the id of a reporting entity, a slug.",
    "text_unsound": "Shorten the text, and remove control characters.",
    "missing_state_unknown": "Use a code of the scheme `missing`.",
    "missing_and_told": "Give either a value or a missing state.",
    "dates_reversed": "Correct whichever of the two dates is wrong.",
    "age_status_impossible": "Correct whichever of age and age status is wrong.",
}
"""What to do about each fault, by code."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in one row. ``column`` is a name of the mapping or a field path; None says the row as a whole."""

    row: int
    column: str | None
    code: str
    expected: str

    @property
    def hint(self) -> str:
        """What to do about it."""
        return HINTS.get(self.code, "")


@dataclass(frozen=True, slots=True)
class Warned:
    """Something odd that stops nothing: the row is taken as it is."""

    row: int
    column: str | None
    code: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What a row of the file gave: a record, or none and why. Warnings come with either."""

    number: int
    record: EventRecord | None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """What the records of a delivery hold (rules: ``counts``). Mappings go from code to number, sorted by code;
    ``none`` stands for no value, ``several`` for a set, and a missing state for itself.
    """

    events: int = 0
    victims: int = 0
    perpetrators: int = 0
    groups: int = 0
    """Participations of several unnamed people told of as one: nobody of the other counts."""
    persons: int | None = 0
    """Different people; None beyond `registry.intake.counts.PEOPLE_TOLD_APART`."""
    derived_mixed: int = 0
    """Victims under 8 because forms of several units are told."""
    form_missing: int = 0
    """Victims without any form: neither 7 nor "no"."""
    events_without_form: int = 0
    """Events of which no form is told, of the event or of a victim."""
    values: int = 0
    """Values of all variables, missing states included."""
    victims_by_form: Mapping[str, int] = field(default_factory=dict)
    victims_by_sex: Mapping[str, int] = field(default_factory=dict)
    victims_by_age_status: Mapping[str, int] = field(default_factory=dict)
    victims_by_citizenship: Mapping[str, int] = field(default_factory=dict)
    events_by_place_of_exploitation: Mapping[str, int] = field(default_factory=dict)
    events_by_entity: Mapping[str, int] = field(default_factory=dict)


class Outcome(StrEnum):
    """What a run did."""

    CHECKED = "checked"
    """Read and counted; nothing was written."""
    IMPORTED = "imported"
    UNCHANGED = "unchanged"
    """Everything was there already: the second run of the same file."""


@dataclass(frozen=True, slots=True)
class Phase:
    """How far a run is: ``doing`` in words, rows of the file read, bytes read of all its bytes."""

    doing: str
    rows: int
    bytes_read: int
    bytes_all: int


@dataclass(frozen=True, slots=True)
class BatchReport:
    """The result of a check or an import.

    ``faults`` and ``warnings`` are the first ones in the order of the file, up to a limit; the totals beside them are
    true. ``left_out`` counts rows that were not (or would not be) taken because of faults. ``counts`` are of the valid
    rows. ``stored`` is None for a check.
    """

    file: str
    digest: str
    mapping: str
    source_type: SourceType
    entity: EntityId
    outcome: Outcome
    rows: int
    counts: BatchCounts
    faults: tuple[Fault, ...] = ()
    fault_total: int = 0
    faults_by_code: Mapping[str, int] = field(default_factory=dict)
    left_out: int = 0
    warnings: tuple[Warned, ...] = ()
    warnings_by_code: Mapping[str, int] = field(default_factory=dict)
    stored: StoreCounts | None = None
    batch: BatchId | None = None
    invented: bool = False
    """The file says that a generator made it."""

    @property
    def is_clean(self) -> bool:
        """Whether every row is valid."""
        return self.fault_total == 0
