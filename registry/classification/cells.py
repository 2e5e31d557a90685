"""Cells of tables that people open in a spreadsheet: texts that it would run are led by an apostrophe, and back.

Lives here: the one guard of every CSV file and workbook we write (OWASP, *CSV injection*). Elsewhere: the tables.

A cell runs when its first sign, blanks left aside, is one of `FORMULA_SIGNS`: also in a workbook whose cells are
texts, for people save those as CSV. Numbers that are meant as numbers are no texts and go past this.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

FORMULA_SIGNS: Final = tuple("=+-@\t\r\n＝＋－＠")
"""What makes a spreadsheet take a cell for a formula, or split it, full-width forms included."""
GUARD: Final = "'"


def safe_cell(text: str) -> str:
    """The text, led by an apostrophe where a spreadsheet would run it; `plain_cell` takes it away again.

    A text that already looks guarded gets one more, so that no two texts become one.

    >>> safe_cell("=1+1"), safe_cell("'=1+1"), safe_cell("Côte d'Ivoire"), safe_cell("'t Hooft")
    ("'=1+1", "''=1+1", "Côte d'Ivoire", "'t Hooft")
    """
    return f"{GUARD}{text}" if _runs(text.lstrip(GUARD)) else text


def safe_row(cells: Iterable[str]) -> list[str]:
    """A row of them."""
    return [safe_cell(cell) for cell in cells]


def plain_cell(text: str) -> str:
    """The text that `safe_cell` was given: what reads our own tables back asks this of each cell.

    >>> plain_cell("'=1+1"), plain_cell("'t Hooft")
    ('=1+1', "'t Hooft")
    """
    return text[1:] if text.startswith(GUARD) and _runs(text.lstrip(GUARD)) else text


def _runs(text: str) -> bool:
    """Whether the first sign says so; a blank before it does not save us, for programs trim."""
    return text.startswith(FORMULA_SIGNS) or text.lstrip().startswith(FORMULA_SIGNS)
