"""Rows of a table as event records, by a declared mapping: one row, one event.

Lives here: the mapping compiled against the named releases, and its use on a row. Elsewhere: the mapping as written
(``mapping``), rows (``rows``), values (``values``).

::

    cells of a row ──> Field: the columns of one variable, read together; cells seen before are remembered
                   ──> event values, at most one victim, at most one perpetrator or group of them

Nobody is made of blanks: a victim or perpetrator stands in the record only where a column that shows one is filled.
Where such a column holds a set, the row tells of several people, and they become one group without a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from registry.cases.coding import MAX_TEXT, read_text
from registry.cases.identity import Identities
from registry.cases.model import FORM, Coding, EventRecord, Finding, Participation, Role, Value
from registry.cases.ports import Codebook
from registry.classification.model import UnitOfDescription
from registry.errors import MappingInvalid
from registry.identifiers import BatchId, EntityId, Notation
from registry.intake.mapping import ROW_KEY, Column, ImportMapping, Target
from registry.intake.model import Fault, FaultCode, ReadRow, Warned
from registry.intake.rows import TableRow
from registry.intake.values import REMEMBERED, ReaderSet, ValueReader, belongs

KEY_LIMIT: Final = 200
VICTIM, PERPETRATOR, EVENT = UnitOfDescription.VICTIM, UnitOfDescription.PERPETRATOR, UnitOfDescription.EVENT
ROLES: Final[Mapping[UnitOfDescription, tuple[Role, str]]] = {
    VICTIM: (Role.VICTIM, "v1"),
    PERPETRATOR: (Role.PERPETRATOR, "p1"),
}
"""The role of each unit of description, and the key of its one part in a record."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the cells of one field say: a value or forms; or a fault with the column it is in."""

    value: Value | None = None
    forms: tuple[Notation, ...] = ()
    form_text: str | None = None
    faults: tuple[tuple[str, str, str], ...] = ()
    """Column, code, what was expected."""


NOTHING: Final = Told()


@dataclass(slots=True)
class Field:
    """The columns that together give one variable's value on one unit of description (or the forms)."""

    target: Target
    otherwise: Target | None
    columns: tuple[tuple[int, Column], ...]
    reader: ValueReader | None
    known: dict[tuple[str, ...], Told] = field(default_factory=dict)


class TableReader:
    """A mapping ready to read rows. Raises `MappingInvalid` when made, if the releases do not hold what it names."""

    def __init__(self, mapping: ImportMapping, codebook: Codebook) -> None:
        self._mapping = mapping
        self._readers = ReaderSet(codebook, mapping.releases)
        self._places = {name: place for place, name in enumerate(mapping.header)}
        self._fields = [self._field(target, columns) for target, columns in _by_target(mapping.columns).items()]
        self._shown_by = {
            VICTIM: [self._places[name] for name in mapping.victim_shown_by],
            PERPETRATOR: [self._places[name] for name in mapping.perpetrator_shown_by],
        }
        for each in self._fields:
            self._try_crosswalks(each)

    @property
    def coding(self) -> Coding:
        """The list version of each variable of the mapping."""
        return self._readers.coding

    def read(self, row: TableRow, *, batch: BatchId, entity: EntityId, digest: str, identities: Identities) -> ReadRow:
        """The event of a row, or its faults. ``digest`` is the file's, part of the key where rows have none."""
        key = self._key(row, digest)
        if key is None:
            fault = Fault(row.number, self._mapping.key, FaultCode.KEY_MALFORMED, f"1 to {KEY_LIMIT} characters")
            return ReadRow(row.number, None, (fault,))
        shown = {unit for unit, places in self._shown_by.items() if any(row.cells[place] for place in places)}
        gathered = _Gathered(row.number)
        for each in self._fields:
            gathered.take(each, self._told(each, row.cells), shown)
        if gathered.faults:
            return ReadRow(row.number, None, tuple(gathered.faults), tuple(gathered.warnings))
        record = EventRecord(
            id=identities.event(entity, key),
            entity=entity,
            source_key=key,
            batch=batch,
            values=gathered.values[EVENT],
            forms=gathered.forms[EVENT],
            form_text=gathered.form_text,
            participations=tuple(
                self._part(unit, row, gathered, key=key, entity=entity, identities=identities)
                for unit in (VICTIM, PERPETRATOR)
                if unit in shown
            ),
        )
        return ReadRow(row.number, record, (), tuple(gathered.warnings))

    def _part(
        self,
        unit: UnitOfDescription,
        row: TableRow,
        gathered: _Gathered,
        *,
        key: str,
        entity: EntityId,
        identities: Identities,
    ) -> Participation:
        role, part = ROLES[unit]
        separator = self._mapping.set_separator
        is_group = any(separator in row.cells[place] for place in self._shown_by[unit])
        person = None if is_group else identities.part(entity, key, part)
        return Participation(role, part, person, gathered.values[unit], gathered.forms[unit])

    def _key(self, row: TableRow, digest: str) -> str | None:
        if self._mapping.key == ROW_KEY:
            return f"{digest}:{row.number}"
        key = row.cells[self._places[self._mapping.key]].strip()
        return key if 0 < len(key) <= KEY_LIMIT and key.isprintable() else None

    def _told(self, each: Field, cells: Sequence[str]) -> Told:
        told = tuple([cells[place] for place, _ in each.columns])
        if not any(told):
            return NOTHING
        known = each.known.get(told)
        if known is None:
            known = self._read_cells(each, told)
            if len(each.known) < REMEMBERED:
                each.known[told] = known
        return known

    def _read_cells(self, each: Field, cells: Sequence[str]) -> Told:
        texts: list[str] = []
        source: list[str] = []
        unmapped: list[str] = []
        faults: list[tuple[str, str, str]] = []
        for (_, column), cell in zip(each.columns, cells, strict=True):
            if cell in column.missing and each.reader is not None:
                return Told(each.reader.read_missing(column.missing[cell], [cell]).value)
            if self._mapping.set_separator in cell and not column.is_set and column.values is not None:
                faults.append((column.name, FaultCode.SET_NOT_ALLOWED, "one text"))
                continue
            for text in self._cell_texts(column, cell):
                found = column.values.get(text) if column.values is not None else (text,)
                if found is None and column.keeps_unmapped:
                    unmapped.append(text)
                    continue
                if found is None:
                    faults.append((column.name, FaultCode.TEXT_UNKNOWN, "a text of the crosswalk"))
                    continue
                texts += [code for code in found if code not in texts]
                source.append(text if len(each.columns) == 1 else f"{column.name}={text}")
        if faults:
            return Told(faults=tuple(faults))
        if each.target.is_form_text:
            return _read_form_text(each, texts)
        if unmapped and not texts and each.reader is not None:
            return Told(each.reader.read_unmapped(unmapped).value)
        return self._read_texts(each, texts, source)

    def _cell_texts(self, column: Column, cell: str) -> list[str]:
        if not column.is_set:
            return [cell] if cell else []
        return [text.strip() for text in cell.split(self._mapping.set_separator) if text.strip()]

    def _read_texts(self, each: Field, texts: Sequence[str], source: Sequence[str]) -> Told:
        name = each.columns[0][1].name
        if each.reader is None:
            forms, findings = self._readers.codes(FORM, texts)
            return Told(forms=tuple(dict.fromkeys(forms)), faults=_faults_of(findings, name))
        coded = each.reader.read_sourced(texts, source, several=True)
        return Told(coded.value, faults=_faults_of(coded.findings, name))

    def _field(self, target: Target, columns: Sequence[Column]) -> Field:
        for each in (target, columns[0].otherwise):
            if each is not None and each.variable is not None:
                self._check_variable(columns[0], each)
        places = tuple((self._places[column.name], column) for column in columns)
        reader = self._readers.reader(target.variable) if target.variable is not None else None
        return Field(target, columns[0].otherwise, places, reader)

    def _check_variable(self, column: Column, target: Target) -> None:
        reader = self._readers.reader(target.variable or "")
        if reader is None:
            raise self._wrong(column, "variable", "a variable of a released scheme")
        if not belongs(reader.facts, target.of):
            raise self._wrong(column, "of", f"{reader.facts.describes.value}, which the variable describes")

    def _try_crosswalks(self, each: Field) -> None:
        """Read every text of the crosswalks once, so that a wrong code shows before the first row."""
        for _, column in each.columns:
            for text, codes in (column.values or {}).items():
                if self._read_texts(each, codes, [text]).faults:
                    raise self._wrong(column, f"values.{text}", "codes of the named release")

    def _wrong(self, column: Column, key: str, expected: str) -> MappingInvalid:
        return MappingInvalid(mapping=self._mapping.name, place=f"column {column.name}.{key}", expected=expected)


@dataclass(slots=True)
class _Gathered:
    """Values and forms of one row by unit of description, and what was wrong."""

    row: int
    values: dict[UnitOfDescription, dict[Notation, Value]] = field(
        default_factory=lambda: {EVENT: {}, VICTIM: {}, PERPETRATOR: {}}
    )
    forms: dict[UnitOfDescription, tuple[Notation, ...]] = field(
        default_factory=lambda: {EVENT: (), VICTIM: (), PERPETRATOR: ()}
    )
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    form_text: str | None = None

    def take(self, each: Field, told: Told, shown: set[UnitOfDescription]) -> None:
        """Put what a field told where it belongs in this row."""
        if told is NOTHING:
            return
        self.faults += [Fault(self.row, *fault) for fault in told.faults]
        target = _bearer(each, shown)
        if target is None:
            self.warnings.append(Warned(self.row, each.columns[0][1].name, "nobody_to_bear"))
        elif target.is_form_text:
            self.form_text = told.form_text
        elif target.variable is None:
            self.forms[target.of] = told.forms
        elif told.value is not None:
            self.values[target.of][target.variable] = told.value


def _read_form_text(each: Field, texts: Sequence[str]) -> Told:
    """The free text of several columns, one after the other."""
    text = read_text("\n".join(texts))
    if text is None:
        return Told(faults=((each.columns[0][1].name, "text_unsound", f"at most {MAX_TEXT} characters, no controls"),))
    return Told(form_text=text.text)


def _bearer(each: Field, shown: set[UnitOfDescription]) -> Target | None:
    """Where the field's value goes in a row that shows these people."""
    for target in (each.target, each.otherwise):
        if target is not None and (target.of is EVENT or target.of in shown):
            return target
    return None


def _by_target(columns: Iterable[Column]) -> dict[Target, list[Column]]:
    grouped: dict[Target, list[Column]] = {}
    for column in columns:
        grouped.setdefault(column.target, []).append(column)
    return grouped


def _faults_of(findings: Iterable[Finding], column: str) -> tuple[tuple[str, str, str], ...]:
    return tuple((column, finding.rule, finding.expected) for finding in findings)
