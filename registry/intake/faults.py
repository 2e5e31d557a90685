"""Faults as they are found: all counted, the first ones kept, and all of them in a file where one is asked for.

The file is CSV with the columns row, column, code, expected, hint, in the order of the rows. It holds no case value.
"""

from __future__ import annotations

import csv
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from registry.classification.cells import safe_row
from registry.errors import FileNotWritable
from registry.intake.model import Fault, ReadRow, Warned

if TYPE_CHECKING:
    from _csv import Writer

FAULTS_KEPT: Final = 1_000
"""Faults (and warnings) a report carries: more than anybody reads at once."""


class FaultList:
    """Gathers faults and warnings of rows; used as a context while rows are read."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stack = ExitStack()
        self._writer: Writer | None = None
        self.first: list[Fault] = []
        self.first_warnings: list[Warned] = []
        self._codes: Counter[str] = Counter()
        self._warned: Counter[str] = Counter()

    def __enter__(self) -> FaultList:
        if self._path is not None:
            try:
                stream = self._path.open("w", encoding="utf-8", newline="")
            except OSError as problem:
                raise FileNotWritable(file=self._path.name, reason=problem.strerror or "unknown") from None
            self._writer = csv.writer(self._stack.enter_context(stream))
            self._writer.writerow(["row", "column", "code", "expected", "hint"])
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, row: ReadRow) -> None:
        """Take the faults and warnings of one row."""
        for fault in row.faults:
            self._codes[fault.code] += 1
            if len(self.first) < FAULTS_KEPT:
                self.first.append(fault)
            if self._writer is not None:
                told = safe_row((fault.column or "", fault.code, fault.expected, fault.hint))
                self._writer.writerow([fault.row, *told])
        for warned in row.warnings:
            self._warned[warned.code] += 1
            if len(self.first_warnings) < FAULTS_KEPT:
                self.first_warnings.append(warned)

    @property
    def total(self) -> int:
        """How many faults there are."""
        return self._codes.total()

    def by_code(self) -> dict[str, int]:
        """How many faults of each code, sorted by code."""
        return dict(sorted(self._codes.items()))

    def warnings_by_code(self) -> dict[str, int]:
        """How many warnings of each code, sorted by code."""
        return dict(sorted(self._warned.items()))
