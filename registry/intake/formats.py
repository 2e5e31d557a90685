"""Which format a delivered file has, and its lines: CSV or NDJSON, either of them plain or gzip.

Lives here: the choice, and JSON lines. The mapping says CSV or NDJSON; whether the file is compressed is read from
its first bytes, never from its name. Elsewhere: lines and cells (``rows``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import orjson

from registry.errors import FileChanged, FormatUnknown
from registry.intake.model import Fault, FaultCode
from registry.intake.rows import (
    BYTE_ORDER_MARK,
    GZIP_MAGIC,
    DigestingFile,
    Line,
    Progress,
    decoded,
    open_file,
    read_lines,
    unpacked,
)


class Format(StrEnum):
    """What a mapping reads."""

    CSV = "csv"
    NDJSON = "ndjson"


FOREIGN_MARKS: Final[Mapping[bytes, str]] = {
    b"PK\x03\x04": "a zip archive or a spreadsheet",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"%PDF": "a PDF",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
}
"""First bytes of what people send by mistake."""

ADVICE: Final[Mapping[Format, str]] = {
    Format.CSV: "comma-separated UTF-8 text (CSV), plain or gzip",
    Format.NDJSON: "UTF-8 lines of JSON (NDJSON), plain or gzip",
}


@dataclass(frozen=True, slots=True)
class Document:
    """One line's JSON object."""

    number: int
    content: dict[str, object]


@contextmanager
def open_lines(path: Path, *, format: Format, digest: str, progress: Progress) -> Iterator[Iterator[Line]]:
    """The file's lines, unpacked. When they were all read, the file's digest is compared with ``digest``.

    Raises `FormatUnknown` at once for what is no text, `FileChanged` at the end; the errors of ``rows`` in between.
    """
    with open_file(path) as stream:
        mark = stream.read(8)
        _refuse_foreign(mark, file=path.name, format=format)
        stream.seek(0)
        raw = DigestingFile(stream, progress)
        yield read_lines(unpacked(raw, compressed=mark.startswith(GZIP_MAGIC)), file=path.name, progress=progress)
        if not raw.read(1) and raw.digest != digest:
            raise FileChanged(file=path.name)


def read_documents(lines: Iterator[Line]) -> Iterator[Document | Fault]:
    """The JSON object of each line; a line that holds none comes as its fault; blank lines are passed over."""
    for line in lines:
        content = line.content.removeprefix(BYTE_ORDER_MARK) if line.number == 1 else line.content
        if not content.strip():
            continue
        try:
            document = orjson.loads(content)
        except orjson.JSONDecodeError as problem:
            yield _json_fault(line.number, content, problem.pos)
            continue
        if isinstance(document, dict):
            yield Document(line.number, document)
        else:
            yield Fault(line.number, None, FaultCode.ROW_MALFORMED, "one JSON object a line")


def _json_fault(row: int, content: bytes, place: int) -> Fault:
    text = decoded(row, content)
    if isinstance(text, Fault):
        return text
    return Fault(row, None, FaultCode.ROW_MALFORMED, f"one JSON object; it breaks off at character {place + 1}")


def _refuse_foreign(mark: bytes, *, file: str, format: Format) -> None:
    for foreign, name in FOREIGN_MARKS.items():
        if mark.startswith(foreign):
            raise FormatUnknown(file=file, actual=name, expected=ADVICE[format])
