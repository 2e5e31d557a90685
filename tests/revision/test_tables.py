"""Spec of classifications as tables: CSV and workbooks in and out, faults by row and column, hostile files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest

from registry.classification.diff import diff_versions
from registry.classification.model import SchemeVersion
from registry.classification.table_import import read_csv, read_table, table_of
from registry.classification.workbook import LARGEST_FILE, column_number, read_workbook, write_workbook
from registry.errors import TableUnreadable, ValueTooLarge
from tests.revision.families import small


def fresh() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"id/fresh{number}"


def read(text: str, current: SchemeVersion | None = None) -> tuple[SchemeVersion | None, list[str]]:
    """Content and faults of a CSV text against the small scheme."""
    identities = fresh()
    reading = read_table(read_csv(text.encode(), source="t.csv"), current or small(), lambda: next(identities))
    return reading.content, [str(fault) for fault in reading.faults]


def test_what_is_taken_out_comes_back_unchanged() -> None:
    """As rows, and as a workbook."""
    rows = table_of(small())
    again = read_workbook(write_workbook(rows, name="small"), source="small.xlsx")
    reading = read_table(again, small(), lambda: "unused")

    assert again == rows
    assert reading.faults == ()
    assert reading.content == small()


def test_a_table_adds_moves_relabels_and_leaves_out() -> None:
    """What a row says is so; a column that is not there leaves what was."""
    content, faults = read("code,parent,label.en\n1,,Item 1\n1.1,1,One and one\n2,,Item 2\n1.2,2,Item 1.2\n4,,Four\n")

    assert faults == []
    assert content is not None
    kinds = [(change.kind, change.old or change.new) for change in diff_versions(small(), content).changes]
    assert kinds == [
        ("removed", ("2.1",)),
        ("removed", ("3",)),
        ("added", ("4",)),
        ("moved", ("1.2",)),
        ("relabelled", ("1.1",)),
        ("reordered", ("1.2",)),
    ]
    assert content.concepts[-1].identity == "id/fresh1"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["row 1, column code: the column is missing", "row 1, column label.en: no column holds labels"]),
        ("code,label.en,label.en\n", ["row 1, column label.en: the column stands twice"]),
        (
            "code,label.en,colour\n",
            ["row 1, column colour: no such column (code, parent, label.en, note.definition.en ...)"],
        ),
        (
            "code,label.zh_CN,label.en\n",
            ["row 1, column label.zh_CN: no such column (code, parent, label.en, note.definition.en ...)"],
        ),
        (
            "code,parent,label.en,status\n1,,One,\n1,,Again,\n2,9,Two,gone\n3,,,\n",
            [
                "row 3, column code: the code stands twice (first in row 2)",
                "row 4, column status: no such status (valid, deprecated, withdrawn)",
                "row 4, column parent: no row above has that code (9)",
                "row 5, column label: the item has no label",
            ],
        ),
        ("code,label.en\n1,One,more\n", ["row 2, column 3: the row is longer than the header"]),
    ],
)
def test_faults_name_row_and_column_and_all_are_told(text: str, faults: list[str]) -> None:
    """Nothing is read in part."""
    assert read(text) == (None, faults)


def test_a_code_keeps_its_leading_zero_in_a_workbook() -> None:
    """Written as text; a number in another's workbook is read without the decimal it never had."""
    sheet = '<row r="1"><c r="A1" t="inlineStr"><is><t>02041</t></is></c><c r="C1"><v>5.0</v></c></row>'

    assert read_workbook(write_workbook([["02041"]], name="x"), source="x") == [["02041"]]
    assert read_workbook(workbook(sheet), source="x") == [["02041", "", "5"]]
    assert [column_number(text) for text in ("A1", "Z9", "AA10", "")] == [1, 26, 27, 0]


def workbook(sheet: str, *, head: str = "") -> bytes:
    """A workbook of one sheet with these rows."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f"<?xml version='1.0'?>{head}<worksheet><sheetData>{sheet}</sheetData></worksheet>",
        )
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"not a zip", "it is no XLSX workbook"),
        (workbook("", head='<!DOCTYPE worksheet [<!ENTITY a "aaaa">]>'), "it declares a document type"),
        (workbook("<row>"), "XML error in line 1"),
        (workbook('<row r="100001"/>'), "it has more than 100000 rows"),
        (workbook('<row r="1"><c r="ZZZ1"><v>1</v></c></row>'), "it has more than 500 columns"),
        (workbook(" " * 20_000_000), "would unpack to"),
    ],
)
def test_a_hostile_workbook_ends_early(data: bytes, reason: str) -> None:
    """Entities, bombs and endless sheets are refused with what they are."""
    with pytest.raises(TableUnreadable) as caught:
        read_workbook(data, source="bad.xlsx")

    assert reason in str(caught.value.facts["reason"])


def test_a_huge_workbook_is_refused_before_it_is_opened() -> None:
    """By its size alone."""
    with pytest.raises(ValueTooLarge):
        read_workbook(bytes(LARGEST_FILE + 1), source="huge.xlsx")


def test_a_csv_in_another_encoding_names_the_byte() -> None:
    """Latin-1 is not UTF-8."""
    with pytest.raises(TableUnreadable, match="byte 5 is not UTF-8"):
        read_csv("code,é".encode("latin-1") + b"\n", source="t.csv")
