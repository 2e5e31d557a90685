"""The rows of a delivered file, numbered as in the file, one at a time: memory does not grow with the file.

Lives here: bytes to numbered lines, compressed or not, and lines to cells. Elsewhere: which format a file has
(``formats``), what its columns mean (``mapping``).

What is wrong with one row is a `Fault` in the stream, and reading goes on. What is wrong with the file (truncated,
damaged, a line beyond the limit, changed while read) is an error, and reading stops.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Final

from registry.errors import (
    FileDamaged,
    FileEmpty,
    FileTruncated,
    FileUnreadable,
    HeaderInvalid,
    HeaderMalformed,
    LineTooLong,
)
from registry.intake.model import Fault, FaultCode

LINE_LIMIT: Final = 4 * 1024 * 1024
"""Bytes of one line. The store takes requests of 8 MiB at most, and one event must fit one; 4 MiB of JSON is far
more than any case file seen, and a file without line ends (2 GB in one line) is refused after reading that much."""
GZIP_MAGIC: Final = b"\x1f\x8b"
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
DIGEST_BLOCK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of cells; ``number`` is the line it starts on, the header being row 1."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Line:
    """One line's bytes without its end."""

    number: int
    content: bytes


@dataclass(slots=True)
class Progress:
    """Where reading stands: the last row begun and the bytes of the file read so far (compressed ones of a gzip)."""

    row: int = 0
    bytes: int = 0


class DigestingFile(io.RawIOBase):
    """A file that keeps the SHA-256 and the number of all bytes read through it."""

    def __init__(self, stream: IO[bytes], progress: Progress) -> None:
        self._stream = stream
        self._progress = progress
        self._hash = hashlib.sha256()

    def readable(self) -> bool:
        """Always: it is only read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer as the file underneath does."""
        view = memoryview(buffer)  # type: ignore[arg-type]  # the io protocol hands over any writable buffer
        block = self._stream.read(len(view))
        view[: len(block)] = block
        self._hash.update(block)
        self._progress.bytes += len(block)
        return len(block)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what was read."""
        return self._hash.hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 (hex) of the file as delivered, compressed bytes and all. Raises `FileUnreadable`."""
    with open_file(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def open_file(path: Path) -> Iterator[io.BufferedReader]:
    """The file opened to read bytes. Raises `FileUnreadable` for whatever the system answers."""
    try:
        stream = path.open("rb")
    except OSError as problem:
        raise FileUnreadable(file=path.name, reason=problem.strerror or type(problem).__name__) from None
    with stream:
        yield stream


def is_gzip(path: Path) -> bool:
    """Whether the file's first two bytes are those of gzip (RFC 1952, 2.3.1), whatever its name ends in."""
    with open_file(path) as stream:
        return stream.read(2) == GZIP_MAGIC


def read_lines(stream: BinaryIO, *, file: str, progress: Progress, limit: int = LINE_LIMIT) -> Iterator[Line]:
    """Lines of a stream, without their ends, from number 1.

    At most ``limit`` + 1 bytes are in memory. Raises `LineTooLong`, `FileTruncated` and `FileDamaged` (the last two
    for compressed streams) with the row that was reached.
    """
    while True:
        content = _read_line(stream, file=file, row=progress.row, limit=limit)
        if not content:
            return
        progress.row += 1
        if len(content) > limit:
            raise LineTooLong(file=file, row=progress.row, limit=limit)
        yield Line(progress.row, content)


def _read_line(stream: BinaryIO, *, file: str, row: int, limit: int) -> bytes:
    try:
        return stream.readline(limit + 1)
    except EOFError:
        raise FileTruncated(file=file, row=row) from None
    except (gzip.BadGzipFile, zlib.error):
        raise FileDamaged(file=file, row=row) from None


def unpacked(raw: DigestingFile, *, compressed: bool) -> BinaryIO:
    """The stream to take lines from: the file itself, or what it unpacks to."""
    buffered = io.BufferedReader(raw, buffer_size=256 * 1024)
    # BufferedReader over GzipFile: GzipFile.readline alone goes through Python for each line.
    return io.BufferedReader(gzip.GzipFile(fileobj=buffered), 256 * 1024) if compressed else buffered


def read_table(lines: Iterator[Line], *, columns: Sequence[str], file: str) -> Iterator[TableRow | Fault]:
    """Rows of a CSV with a header, cells in the order of ``columns``; a faulty row comes as its fault.

    Strict RFC 4180 with comma and double quote; a byte order mark is skipped; blank lines are passed over.
    Raises `FileEmpty` and `HeaderInvalid` before the first row, `LineTooLong` for a record of many lines as well.
    """
    decoder = _Decoder(lines, file=file)
    reader = csv.reader(decoder, strict=True)
    header = _read_header(reader, decoder, file=file)
    order = _column_order(header, columns=columns, file=file)
    while True:
        decoder.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield decoder.fault or Fault(decoder.first, None, FaultCode.ROW_MALFORMED, "a row of strict CSV (RFC 4180)")
            continue
        if decoder.fault is not None:
            yield decoder.fault
        elif cells:
            yield _ordered_row(decoder.first, cells, order)


class _Decoder:
    """Lines as text for the csv module; it remembers where the current row began and what was wrong in it.

    A line that is not UTF-8 or holds NUL is handed on as an empty quoted cell, so that the next row starts clean.
    """

    def __init__(self, lines: Iterator[Line], *, file: str) -> None:
        self._lines = lines
        self._file = file
        self._room = 0
        self._fresh = True
        self.first = 0
        self.fault: Fault | None = None

    def begin_row(self) -> None:
        """The next line taken starts a row."""
        self._fresh = True
        self._room = LINE_LIMIT
        self.fault = None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        content = line.content
        if self._fresh:
            self.first, self._fresh = line.number, False
        self._room -= len(content)
        if self._room < 0:
            raise LineTooLong(file=self._file, row=self.first, limit=LINE_LIMIT)
        if line.number == 1:
            content = content.removeprefix(BYTE_ORDER_MARK)
        text = decoded(line.number, content)
        if isinstance(text, str):
            return text
        self.fault = self.fault or text
        return '""\n'


def decoded(row: int, content: bytes) -> str | Fault:
    """The line as text, or the fault that says which byte of it is none."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        return Fault(row, None, FaultCode.ENCODING_WRONG, f"UTF-8; byte {problem.start + 1} of the line is not")
    if "\0" in text:
        return Fault(row, None, FaultCode.NUL_BYTE, f"text; byte {content.index(0) + 1} of the line is NUL")
    return text


def _read_header(reader: Iterator[list[str]], decoder: _Decoder, *, file: str) -> list[str]:
    decoder.begin_row()
    try:
        header = next(reader)
    except StopIteration:
        raise FileEmpty(file=file) from None
    except csv.Error:
        raise HeaderMalformed(file=file, expected="a row of strict CSV (RFC 4180)") from None
    if decoder.fault is not None:
        raise HeaderMalformed(file=file, expected=decoder.fault.expected)
    return header


def _column_order(header: Sequence[str], *, columns: Sequence[str], file: str) -> Sequence[int]:
    """Where each of ``columns`` stands in the file's rows."""
    missing = [name for name in columns if name not in header]
    doubled = [name for name in columns if header.count(name) > 1]
    unknown = [str(place) for place, name in enumerate(header, start=1) if name not in columns]
    if missing or doubled or unknown:
        raise HeaderInvalid(file=file, missing=missing, doubled=doubled, unknown=unknown)
    return [header.index(name) for name in columns]


def _ordered_row(number: int, cells: Sequence[str], order: Sequence[int]) -> TableRow | Fault:
    if len(cells) == len(order):
        return TableRow(number, [cells[place] for place in order])
    code = FaultCode.CELLS_MISSING if len(cells) < len(order) else FaultCode.CELLS_SURPLUS
    return Fault(number, None, code, f"{len(order)} cells; there are {len(cells)}")
