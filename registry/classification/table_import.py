"""A classification as a table of rows, for a draft: faults by row and column, or the whole content.

Lives here: what the columns mean. Elsewhere: rows of a workbook (``workbook``), making it an edit (``edits.Restate``).

::

    code   parent   label.en        label.fr            note.definition.en     status       residual
    5.4             Drug offences   Infractions ...     Trafficking in ...     valid        no
    5.4.1  5.4      Cultivation     ...

One row an item, a parent before its children. ``code`` and one label column are needed, the others not; a column that
is not there leaves what items had. An item is the one of the same code in the draft; a new code is a new item.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from registry.classification.cells import plain_cell
from registry.classification.model import Concept, ConceptStatus, Label, LabelKind, Note, NoteKind, SchemeVersion
from registry.errors import IdentifierMalformed, TableUnreadable, ValueTooLarge
from registry.identifiers import LanguageTag, Notation

PLAIN_COLUMNS: Final = ("code", "parent", "status", "residual")
YES_NO: Final = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False, "": False}
LARGEST_TABLE: Final = 32 * 1024 * 1024
"""Bytes of a CSV file."""


@dataclass(frozen=True, slots=True)
class TableFault:
    """What is wrong in one cell: row and column as a spreadsheet numbers them, row 1 the header."""

    row: int
    column: str
    rule: str
    expected: str = ""

    @property
    def told(self) -> str:
        """What is wrong there, and what was expected."""
        return f"{self.rule} ({self.expected})" if self.expected else self.rule

    def __str__(self) -> str:
        """One line."""
        return f"row {self.row}, column {self.column}: {self.told}"


@dataclass(frozen=True, slots=True)
class TableReading:
    """The content, or None with faults."""

    content: SchemeVersion | None
    faults: tuple[TableFault, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: Mapping[str, str]


def read_csv(data: bytes, *, source: str) -> list[list[str]]:
    """The rows of a CSV file in UTF-8, comma or semicolon; `TableUnreadable` says what is not so."""
    if len(data) > LARGEST_TABLE:
        raise ValueTooLarge(bytes=len(data), limit=LARGEST_TABLE)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableUnreadable(source=source, reason=f"byte {error.start} is not UTF-8") from error
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [[plain_cell(cell) for cell in row] for row in rows]
    except csv.Error as error:
        raise TableUnreadable(source=source, reason=f"it is no CSV: {error}") from error


def read_table(rows: Sequence[Sequence[str]], current: SchemeVersion, fresh: Callable[[], str]) -> TableReading:
    """The draft's content as the table has it; ``fresh`` gives identities to new items."""
    header = [cell.strip() for cell in rows[0]] if rows else []
    faults = list(_header_faults(header))
    if faults:
        return TableReading(None, tuple(faults))
    table = [
        _Row(number, dict(zip(header, (cell.strip() for cell in row), strict=False)))
        for number, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]
    faults = [*_row_faults(table), *_width_faults(rows, header)]
    if faults:
        return TableReading(None, tuple(sorted(faults, key=lambda fault: fault.row)))
    return TableReading(replace(current, concepts=tuple(_concepts(table, current, fresh))), ())


def _header_faults(header: Sequence[str]) -> Iterator[TableFault]:
    for column, count in Counter(header).items():
        if count > 1 and column:
            yield TableFault(1, column, "the column stands twice")
        if not _is_known(column):
            yield TableFault(1, column or "(empty)", "no such column", "code, parent, label.en, note.definition.en ...")
    if "code" not in header:
        yield TableFault(1, "code", "the column is missing")
    if not any(column.startswith("label.") for column in header):
        yield TableFault(1, "label.en", "no column holds labels")


def _is_known(column: str) -> bool:
    kind, *rest = column.split(".")
    try:
        if kind == "label" and len(rest) == 1:
            return bool(LanguageTag(rest[0]))
        if kind == "note" and len(rest) == 2:
            return bool(NoteKind(rest[0]) and LanguageTag(rest[1]))
    except (ValueError, IdentifierMalformed):
        return False
    return column in PLAIN_COLUMNS


def _width_faults(rows: Sequence[Sequence[str]], header: Sequence[str]) -> Iterator[TableFault]:
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row[len(header) :]):
            yield TableFault(number, f"{len(row)}", "the row is longer than the header")


def _row_faults(table: Sequence[_Row]) -> Iterator[TableFault]:
    before: dict[str, int] = {}
    for row in table:
        code, parent = row.cells.get("code", ""), row.cells.get("parent", "")
        yield from _cell_faults(row)
        if code in before:
            yield TableFault(row.number, "code", "the code stands twice", f"first in row {before[code]}")
        if parent and parent not in before:
            yield TableFault(row.number, "parent", "no row above has that code", parent)
        before.setdefault(code, row.number)


def _cell_faults(row: _Row) -> Iterator[TableFault]:
    try:
        Notation(row.cells.get("code", ""))
    except IdentifierMalformed as error:
        yield TableFault(row.number, "code", "that is no code", str(error.facts["expected"]))
    if row.cells.get("status", "") not in {"", *ConceptStatus}:
        yield TableFault(row.number, "status", "no such status", ", ".join(ConceptStatus))
    if row.cells.get("residual", "").lower() not in YES_NO:
        yield TableFault(row.number, "residual", "neither yes nor no")
    if not any(text for column, text in row.cells.items() if column.startswith("label.")):
        yield TableFault(row.number, "label", "the item has no label")


def _concepts(table: Sequence[_Row], current: SchemeVersion, fresh: Callable[[], str]) -> Iterator[Concept]:
    known = {concept.code: concept for concept in current.concepts}
    levels: dict[str, int] = {}
    own = current.concepts[0].version if current.concepts else current.version
    for row in table:
        code = Notation(row.cells["code"])
        concept = known.get(code) or Concept(
            scheme=current.scheme,
            version=own,
            code=code,
            uri=f"{current.uri}/item/{quote(code, safe='')}",
            identity=fresh(),
        )
        if "parent" in row.cells:
            parent = row.cells["parent"]
            concept = replace(concept, parent=Notation(parent) if parent else None)
        levels[code] = levels.get(concept.parent or "", 0) + 1
        yield _with_texts(replace(concept, level=levels[code]), row.cells)


def _with_texts(concept: Concept, cells: Mapping[str, str]) -> Concept:
    labels, notes = list(concept.labels), list(concept.notes)
    for column, text in cells.items():
        kind, *rest = column.split(".")
        if kind == "label":
            labels = _set_label(labels, LanguageTag(rest[0]), text)
        elif kind == "note":
            notes = _set_note(notes, NoteKind(rest[0]), LanguageTag(rest[1]), text)
    status, residual = cells.get("status"), cells.get("residual")
    return replace(
        concept,
        labels=tuple(labels),
        notes=tuple(notes),
        status=ConceptStatus(status) if status else concept.status,
        residual=concept.residual if residual is None else YES_NO[residual.lower()],
    )


def _set_label(labels: Sequence[Label], language: LanguageTag, text: str) -> list[Label]:
    own = [each for each in labels if each.language == language and each.kind is LabelKind.PREFERRED]
    if own and own[0].text == text:
        return list(labels)
    others = [each for each in labels if each not in own]
    at = labels.index(own[0]) if own else len(others)
    return [*others[:at], *([Label(text, language)] if text else []), *others[at:]]


def _set_note(notes: Sequence[Note], kind: NoteKind, language: LanguageTag, text: str) -> list[Note]:
    own = [each for each in notes if each.language == language and each.kind is kind]
    if len(own) == 1 and own[0].text == text:
        return list(notes)
    others = [each for each in notes if each not in own]
    return [*others, Note(text, language, kind)] if text else others


def table_of(version: SchemeVersion) -> list[list[str]]:
    """The version as such a table: what a custodian takes out, changes and brings back."""
    languages = list(
        dict.fromkeys(
            each.language for concept in version.concepts for each in concept.labels if each.kind is LabelKind.PREFERRED
        )
    )
    header = ["code", "parent", *(f"label.{language}" for language in languages), "status", "residual"]
    return [header, *(_table_row(concept, languages) for concept in version.concepts)]


def _table_row(concept: Concept, languages: Sequence[LanguageTag]) -> list[str]:
    names = {each.language: each.text for each in concept.labels if each.kind is LabelKind.PREFERRED}
    texts = [names.get(language, "") for language in languages]
    return [concept.code, concept.parent or "", *texts, concept.status, "yes" if concept.residual else "no"]
