"""Rows and formats: numbered as in the file, faults located, and files as a whole refused with one clear error."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import (
    FileChanged,
    FileDamaged,
    FileEmpty,
    FileTruncated,
    FileUnreadable,
    FormatUnknown,
    HeaderInvalid,
    HeaderMalformed,
    LineTooLong,
)
from registry.intake.formats import Document, Format, open_lines, read_documents
from registry.intake.model import Fault
from registry.intake.rows import LINE_LIMIT, Progress, TableRow, file_digest, read_lines, read_table
from tests.intake.deliveries import write_bytes


def rows_of(content: bytes, *columns: str) -> list[TableRow | Fault]:
    """The rows of a CSV given as bytes."""
    lines = read_lines(io.BytesIO(content), file="test.csv", progress=Progress())
    return list(read_table(lines, columns=columns, file="test.csv"))


def cells_of(content: bytes, *columns: str) -> list[tuple[int, list[str]]]:
    """Number and cells of each row, all of them sound."""
    rows = rows_of(content, *columns)
    return [(row.number, list(row.cells)) for row in rows if isinstance(row, TableRow)]


def varied_rows() -> bytes:
    """A header and 200,000 rows that do not compress away: about 3 MB."""
    return b"a,b\n" + b"".join(b"%d,%d\n" % (number, number * 7919**3 % 100_003**2) for number in range(200_000))


def documents_of(path: Path) -> Iterator[Document | Fault]:
    """The documents of an NDJSON file."""
    with open_lines(path, format=Format.NDJSON, digest=file_digest(path), progress=Progress()) as lines:
        yield from read_documents(lines)


def test_rows_are_numbered_as_in_the_file() -> None:
    """The header is row 1; blank lines count; a record over several lines has the number of its first."""
    content = b'\xef\xbb\xbfa,b\r\n1,2\r\n\r\n"x\r\ny",4\r\n5,6'

    assert cells_of(content, "a", "b") == [(2, ["1", "2"]), (4, ["x\r\ny", "4"]), (6, ["5", "6"])]


def test_cells_come_in_the_order_of_the_columns() -> None:
    """Whatever their order in the file."""
    assert cells_of(b"b,a\n2,1\n", "a", "b") == [(2, ["1", "2"])]


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
            min_size=2,
            max_size=2,
        ),
        max_size=6,
    )
)
def test_what_is_written_is_read(table: list[list[str]]) -> None:
    """Any cells that the csv module writes come back the same, in the same order."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *table])

    assert [cells for _, cells in cells_of(text.getvalue().encode(), "a", "b")] == table


@pytest.mark.parametrize(
    ("row", "code", "expected"),
    [
        (b"1", "cells_missing", "2 cells; there are 1"),
        (b"1,2,3", "cells_surplus", "2 cells; there are 3"),
        (b"1,caf\xe9", "encoding_wrong", "UTF-8; byte 6 of the line is not"),
        (b"1,\x00", "nul_byte", "text; byte 3 of the line is NUL"),
        (b'1,"2"3', "row_malformed", "a row of strict CSV (RFC 4180)"),
    ],
)
def test_a_faulty_row_is_told_and_reading_goes_on(row: bytes, code: str, expected: str) -> None:
    """Row 3 is faulty, row 4 is read."""
    before, fault, after = rows_of(b"a,b\n1,2\n" + row + b"\n3,4\n", "a", "b")

    assert fault == Fault(3, None, code, expected)
    assert isinstance(fault, Fault)
    assert fault.hint
    assert [row.number for row in (before, after) if isinstance(row, TableRow)] == [2, 4]


def test_an_open_quote_is_a_fault() -> None:
    """A quote that is never closed ends the file inside a row."""
    assert rows_of(b'a,b\n1,2\n3,"4\n', "a", "b")[1:] == [
        Fault(3, None, "row_malformed", "a row of strict CSV (RFC 4180)")
    ]


def test_a_header_tells_missing_doubled_and_unknown_columns() -> None:
    """Unknown columns by position: in a file without header they are values."""
    with pytest.raises(HeaderInvalid) as refused:
        rows_of(b"a,a,Jane Doe\n", "a", "b")

    assert refused.value.facts == {"file": "test.csv", "missing": ["b"], "doubled": ["a"], "unknown": ["3"]}
    assert "Jane" not in str(refused.value)
    assert refused.value.message == "Columns of test.csv missing: b; doubled: a; unknown, by position: 3."
    with pytest.raises(HeaderInvalid) as another:
        rows_of(b"a,x,y\n", "a")
    assert another.value.message == "Columns of test.csv missing: none; doubled: none; unknown, by position: 2, 3."


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", FileEmpty),
        (b"a\0,b\n", HeaderMalformed),
        (b'"a,b\n', HeaderMalformed),
        ("a,b\n".encode("utf-16-le"), HeaderMalformed),
    ],
)
def test_a_header_that_cannot_be_read_is_refused(content: bytes, error: type[Exception]) -> None:
    """An empty file, NUL, an open quote, UTF-16 without its mark."""
    with pytest.raises(error):
        rows_of(content, "a", "b")


class EndlessLine(io.RawIOBase):
    """Two gigabytes of one letter, made as they are read; ``given`` counts them."""

    given = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer, until two gigabytes were given."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        size = min(len(view), 2**31 - self.given)
        view[:size] = b"x" * size
        self.given += size
        return size


def test_a_line_of_two_gigabytes_is_refused_at_the_limit() -> None:
    """Not much more than the limit is read of it."""
    stream = EndlessLine()

    with pytest.raises(LineTooLong) as refused:
        list(read_lines(io.BufferedReader(stream), file="long.csv", progress=Progress()))

    assert refused.value.facts == {"file": "long.csv", "row": 1, "limit": LINE_LIMIT}
    assert stream.given < LINE_LIMIT + 1024 * 1024


def test_a_sparse_file_of_two_gigabytes_is_refused(tmp_path: Path) -> None:
    """As a file on disk, after a sound row."""
    path = tmp_path / "sparse.csv"
    with path.open("wb") as stream:
        stream.write(b"a,b\n")
        stream.truncate(2**31)

    with (
        pytest.raises(LineTooLong) as refused,
        open_lines(path, format=Format.CSV, digest="", progress=Progress()) as lines,
    ):
        list(lines)

    assert refused.value.facts["row"] == 2


def test_a_record_of_endless_lines_is_refused() -> None:
    """Cells of quoted line ends cannot make one record larger than a line may be."""
    content = b"a,b\n" + b'"' + b'x","y\n' * (LINE_LIMIT // 5)

    with pytest.raises(LineTooLong) as refused:
        rows_of(content, "a", "b")

    assert refused.value.facts["row"] == 2


def test_a_truncated_gzip_tells_the_row(tmp_path: Path) -> None:
    """The last sound row is named."""
    path = tmp_path / "cut.csv.gz"
    whole = gzip.compress(varied_rows())
    path.write_bytes(whole[: len(whole) // 2])

    with (
        pytest.raises(FileTruncated) as refused,
        open_lines(path, format=Format.CSV, digest="", progress=Progress()) as lines,
    ):
        list(lines)

    assert 50_000 < int(str(refused.value.facts["row"])) < 150_000


def test_a_damaged_gzip_is_told(tmp_path: Path) -> None:
    """A flipped byte in the middle."""
    path = tmp_path / "bad.csv.gz"
    content = bytearray(gzip.compress(varied_rows()))
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)

    with pytest.raises(FileDamaged), open_lines(path, format=Format.CSV, digest="", progress=Progress()) as lines:
        list(lines)


@pytest.mark.parametrize(
    ("content", "actual"),
    [
        (b"PK\x03\x04....", "a zip archive or a spreadsheet"),
        (b"\xff\xfea\0", "UTF-16 text"),
        (b"BZh9....", "compressed with bzip2"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, actual: str) -> None:
    """What people send by mistake is named."""
    path = write_bytes(tmp_path / "file.csv", content)

    with (
        pytest.raises(FormatUnknown) as refused,
        open_lines(path, format=Format.CSV, digest="", progress=Progress()),
    ):
        pass

    assert refused.value.facts["actual"] == actual


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    """None there, or a folder."""
    with pytest.raises(FileUnreadable):
        file_digest(tmp_path / name)


def test_compression_is_seen_in_the_content(tmp_path: Path) -> None:
    """Whatever the name ends in."""
    path = tmp_path / "plain.ndjson"
    path.write_bytes(gzip.compress(b'{"a":1}\n\n{"b":2}'))

    assert list(documents_of(path)) == [Document(1, {"a": 1}), Document(3, {"b": 2})]


def test_a_changed_file_is_told(tmp_path: Path) -> None:
    """The digest of what was read is compared with that of the check."""
    path = write_bytes(tmp_path / "file.ndjson", b'{"a":1}\n')

    with (
        pytest.raises(FileChanged),
        open_lines(path, format=Format.NDJSON, digest="another", progress=Progress()) as lines,
    ):
        list(lines)


def test_lines_that_are_no_objects_are_faults(tmp_path: Path) -> None:
    """Broken JSON, another type, wrong encoding, too deep; the sound line between them is read."""
    deep = b"[" * 5_000 + b"]" * 5_000
    path = write_bytes(tmp_path / "file.ndjson", b'{"a"\n[1]\n{"a":"\xe9"}\n{}\n' + deep + b"\n")

    found = list(documents_of(path))

    assert [row.code if isinstance(row, Fault) else row.content for row in found] == [
        "row_malformed",
        "row_malformed",
        "encoding_wrong",
        {},
        "row_malformed",
    ]
