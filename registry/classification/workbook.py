"""XLSX workbooks as rows of texts, read and written with the standard library: hostile files end early.

Lives here: the first sheet's cells, and writing a plain sheet. Elsewhere: what the columns mean (``table_import``).

An XLSX file is a zip of XML parts (ECMA-376). Guarded against: large files (bytes, before anything is read), zip bombs
(bytes and ratio of what is unpacked), entities (any DOCTYPE ends the reading), endless sheets (rows, columns, cells).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from registry.classification.cells import plain_cell, safe_cell
from registry.errors import TableUnreadable, ValueTooLarge

LARGEST_FILE: Final = 32 * 1024 * 1024
"""Bytes of a workbook: a hundred times the largest classification we know."""
LARGEST_PART: Final = 256 * 1024 * 1024
"""Bytes that one part may unpack to."""
HIGHEST_RATIO: Final = 200
"""Unpacked bytes for a packed one; sheets of texts shrink some tenfold."""
MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 500
MOST_TEXTS: Final = 2_000_000
"""Shared texts and cells of a sheet."""

SHARED: Final = "xl/sharedStrings.xml"


def read_workbook(data: bytes, *, source: str) -> list[list[str]]:
    """The first sheet's rows, empty ones kept so that numbers hold, cells as texts, trailing empty cells dropped.

    `ValueTooLarge`, or `TableUnreadable` for what is no workbook or not safe to read.
    """
    if len(data) > LARGEST_FILE:
        raise ValueTooLarge(bytes=len(data), limit=LARGEST_FILE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sheets = sorted(name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name))
            if not sheets:
                raise TableUnreadable(source=source, reason="it has no sheet")
            shared = _Texts()
            if SHARED in archive.namelist():
                _parse(_part(archive, SHARED, source), shared, source)
            sheet = _Sheet(shared.found)
            first = min(sheets, key=lambda name: int(re.sub(r"\D", "", name)))
            _parse(_part(archive, first, source), sheet, source)
            return sheet.rows
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise TableUnreadable(source=source, reason="it is no XLSX workbook") from error


def _part(archive: zipfile.ZipFile, name: str, source: str) -> bytes:
    info = archive.getinfo(name)
    if info.file_size > LARGEST_PART or info.file_size > HIGHEST_RATIO * max(info.compress_size, 1024):
        raise TableUnreadable(source=source, reason=f"{name} would unpack to {info.file_size} bytes")
    with archive.open(name) as part:
        data = part.read(LARGEST_PART + 1)
    if len(data) > LARGEST_PART:
        raise TableUnreadable(source=source, reason=f"{name} unpacks to more than it says")
    return data


class _Handler:
    """What expat calls; names come without their namespace."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError

    def text(self, data: str) -> None:
        raise NotImplementedError


def _parse(data: bytes, handler: _Handler, source: str) -> None:
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise TableUnreadable(source=source, reason="it declares a document type")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: handler.start(name.rpartition("}")[2], attributes)
    parser.EndElementHandler = lambda name: handler.end(name.rpartition("}")[2])
    parser.CharacterDataHandler = handler.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise TableUnreadable(source=source, reason=f"XML error in line {error.lineno}") from error
    except _TooMany as error:
        raise TableUnreadable(source=source, reason=str(error)) from error


class _TooMany(Exception):
    """More rows, columns or texts than a table may have."""


@dataclass
class _Texts(_Handler):
    """The shared texts, in order; runs of one text are joined, phonetic readings left out."""

    found: list[str] = field(default_factory=list)
    inside: bool = False
    phonetic: bool = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "si":
            if len(self.found) >= MOST_TEXTS:
                raise _TooMany(f"it has more than {MOST_TEXTS} texts")
            self.found.append("")
        self.phonetic = self.phonetic or name == "rPh"
        self.inside = name == "t" and not self.phonetic

    def end(self, name: str) -> None:
        self.inside = False
        if name == "rPh":
            self.phonetic = False

    def text(self, data: str) -> None:
        if self.inside and self.found:
            self.found[-1] += data


@dataclass
class _Sheet(_Handler):
    """The rows, by the numbers that rows and cells bear."""

    shared: Sequence[str]
    rows: list[list[str]] = field(default_factory=list)
    column: int = 0
    kind: str = "n"
    value: str = ""
    inside: bool = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self._row(attributes.get("r"))
        elif name == "c":
            self.column = column_number(attributes.get("r", "")) or self.column + 1
            self.kind = attributes.get("t", "n")
            self.value = ""
            if self.column > MOST_COLUMNS:
                raise _TooMany(f"it has more than {MOST_COLUMNS} columns")
        self.inside = name in ("v", "t")

    def end(self, name: str) -> None:
        self.inside = False
        if name == "c" and self.rows:
            self._keep(self._told())

    def text(self, data: str) -> None:
        if self.inside:
            self.value += data

    def _row(self, told: str | None) -> None:
        number = int(told) if told and told.isdigit() else len(self.rows) + 1
        if number > MOST_ROWS or number <= 0:
            raise _TooMany(f"it has more than {MOST_ROWS} rows")
        while len(self.rows) < number:
            self.rows.append([])
        self.column = 0

    def _told(self) -> str:
        if self.kind == "s":
            place = int(self.value) if self.value.isdigit() else -1
            return self.shared[place] if 0 <= place < len(self.shared) else ""
        if self.kind == "n" and self.value.endswith(".0"):
            return self.value[:-2]
        return self.value

    def _keep(self, text: str) -> None:
        if text:
            row = self.rows[-1]
            row.extend([""] * (self.column - len(row)))
            row[self.column - 1] = plain_cell(text)


def column_number(reference: str) -> int:
    """1 of ``A7``, 27 of ``AA7``; 0 of nothing."""
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter.upper()) - ord("A") + 1
    return number if reference else 0


CONTENT_TYPES: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
RELATIONSHIPS: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
    "</Relationships>"
)
WORKBOOK: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
STAMP: Final = (1980, 1, 1, 0, 0, 0)
"""The time on every part, so that equal content makes equal bytes."""


def write_workbook(rows: Iterable[Sequence[str]], *, name: str) -> bytes:
    """A workbook of one sheet, every cell a text and guarded: no formula here, nor where it is saved as CSV."""
    lines = [
        f'<row r="{number}">{"".join(_cell(text) for text in row)}</row>' for number, row in enumerate(rows, start=1)
    ]
    sheet = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{''.join(lines)}</sheetData></worksheet>"
    )
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONSHIPS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": RELATIONSHIPS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        "xl/workbook.xml": WORKBOOK.format(name=escape(name[:31], {'"': "&quot;"})),
        "xl/worksheets/sheet1.xml": sheet,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in parts.items():
            archive.writestr(zipfile.ZipInfo(path, STAMP), text, zipfile.ZIP_DEFLATED)
    return target.getvalue()


UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold."""


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(safe_cell(UNPRINTABLE.sub("", text)))}</t></is></c>'
