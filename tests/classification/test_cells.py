"""No cell of a table we write runs in a spreadsheet, and what we read back is what was written."""

from __future__ import annotations

import csv
import doctest
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.classification import cells
from registry.classification.cells import FORMULA_SIGNS, plain_cell, safe_cell
from registry.classification.table_import import read_csv
from registry.classification.workbook import read_workbook, write_workbook
from registry.intake.faults import FaultList
from registry.intake.model import Fault, ReadRow

HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\rx",
    "\nx",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    " =1+1",
    "\u00a0=1",
    "'=1",
    "''@x",
)
HARMLESS = ("", "plain", "Côte d'Ivoire", "'t Hooft", "5.4.1", "a=b", "1-2", "'")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    """Full-width forms, blanks before the sign and what looks guarded already, too."""
    assert safe_cell(text) == f"'{text}"
    assert plain_cell(safe_cell(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_everything_else_stays(text: str) -> None:
    """Signs inside, and names that begin with an apostrophe."""
    assert (safe_cell(text), plain_cell(text)) == (text, text)


def test_the_examples_hold() -> None:
    """Those in the docstrings."""
    assert doctest.testmod(cells) == (0, 2)


@given(st.text(alphabet=st.sampled_from([*FORMULA_SIGNS, "'", " ", "\u00a0", "a", "1"]), max_size=5))
def test_a_guarded_text_comes_back(text: str) -> None:
    """No two texts share a cell, and no cell begins with a sign that runs."""
    cell = safe_cell(text)

    assert plain_cell(cell) == text
    assert not cell.lstrip().startswith(FORMULA_SIGNS) or not cell


def test_workbooks_and_csv_are_read_back_as_they_were_meant() -> None:
    """What a person saves from the workbook as CSV reads like the workbook."""
    rows = [["code", "label.en"], ["-1", "=HYPERLINK(0)"], ["2", "'t Hooft"]]
    book = write_workbook(rows, name="t")
    saved = b"code,label.en\r\n'-1,'=HYPERLINK(0)\r\n2,'t Hooft\r\n"

    assert read_workbook(book, source="t") == rows
    assert read_csv(saved, source="t") == rows


def test_a_fault_list_guards_what_a_header_said(tmp_path: Path) -> None:
    """The column's name is the deliverer's text."""
    fault = Fault(row=2, column="=cmd()", code="code_unknown", expected="@a")
    with FaultList(tmp_path / "faults.csv") as faults:
        faults.add(ReadRow(2, None, (fault,)))

    with (tmp_path / "faults.csv").open(encoding="utf-8", newline="") as told:
        *_, row = csv.reader(told)
    assert row[:4] == ["2", "'=cmd()", "code_unknown", "'@a"]
