"""Codes that need a person as rows of a table, and the decisions that come back in it: pure.

::

    event,part,code,chosen,targets,entity,variable
    Ab3…,v1,5.4,5.6,5.6 5.7,ug-shelter,form

``event``, ``code`` and ``chosen`` are needed; a row with nothing chosen is left aside, so that the file may come back
half decided. A cell that a spreadsheet would take for a formula has an apostrophe before it, which reading takes away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from registry.cases.recode_actions import ChoiceFault, WaitingCode
from registry.cases.recoding import Choice
from registry.classification.cells import safe_row
from registry.errors import IdentifierMalformed
from registry.identifiers import EventId, Notation

HEADER: Final = ("event", "part", "code", "chosen", "targets", "entity", "variable")
NEEDED: Final = ("event", "code", "chosen")
MOST_DECISIONS: Final = 100_000
"""Rows of one file: a day's work of many people."""


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """The decisions with the rows they stand in (the header is row 1), and what could not be read."""

    choices: tuple[Choice, ...]
    rows: tuple[int, ...]
    faults: tuple[ChoiceFault, ...]

    def placed(self, faults: Sequence[ChoiceFault]) -> list[ChoiceFault]:
        """Faults of the decisions, by the rows of the table."""
        return [ChoiceFault(self.rows[each.row - 1], each.column, each.rule, each.expected) for each in faults]


def waiting_row(waiting: WaitingCode) -> list[str]:
    """The row of one code that needs a person, nothing chosen yet."""
    told = (waiting.event, waiting.part or "", waiting.code, "", " ".join(waiting.targets), waiting.entity)
    return safe_row((*told, waiting.variable))


def read_decisions(rows: Sequence[Sequence[str]]) -> DecisionTable:
    """The decisions of a table as `read_csv` reads it, guards of cells taken away; a fault for each cell that is none,
    and none of the rows is then to be followed.
    """
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    lacking = [ChoiceFault(1, name, "column_missing", ", ".join(NEEDED)) for name in NEEDED if name not in header]
    if lacking:
        return DecisionTable((), (), tuple(lacking))
    if len(rows) > MOST_DECISIONS:
        return DecisionTable((), (), (ChoiceFault(MOST_DECISIONS + 1, "event", "too_many_rows", f"{MOST_DECISIONS}"),))
    choices: list[Choice] = []
    numbers: list[int] = []
    faults: list[ChoiceFault] = []
    for number, row in enumerate(rows[1:], start=2):
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        if not cells.get("chosen"):
            continue
        found = _choice(number, cells)
        if isinstance(found, Choice):
            choices.append(found)
            numbers.append(number)
        else:
            faults.append(found)
    return DecisionTable(tuple(choices), tuple(numbers), tuple(faults))


def _choice(number: int, cells: dict[str, str]) -> Choice | ChoiceFault:
    read: dict[str, str] = {}
    for name, kind in (("event", EventId), ("code", Notation), ("chosen", Notation)):
        try:
            read[name] = kind(cells.get(name, ""))
        except IdentifierMalformed as error:
            return ChoiceFault(number, name, "malformed", str(error.facts["expected"]))
    return Choice(EventId(read["event"]), Notation(read["code"]), Notation(read["chosen"]), cells.get("part") or None)
