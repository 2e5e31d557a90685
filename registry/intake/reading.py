"""One pass over a delivered file: every row as a record or as its faults, in the order of the file.

Lives here: the path from file to judged record that checks and imports share. Elsewhere: its steps (``rows``,
``formats``, ``table``, ``events``), what is done with the rows (``actions``).
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from registry.cases.derivation import complete
from registry.cases.identity import Identities
from registry.cases.model import Coding, Finding, ReportingEntity, Severity, SourceType
from registry.cases.ports import Codebook
from registry.identifiers import BatchId, EntityId
from registry.intake.events import EventsReader, read_header
from registry.intake.formats import Format, open_lines, read_documents
from registry.intake.mapping import ROW_KEY, ImportMapping
from registry.intake.model import Fault, FaultCode, Phase, ReadRow, Warned
from registry.intake.rows import Line, Progress, read_table
from registry.intake.table import TableReader

BLOCK: Final = 1_000
"""Rows whose keys are looked up together."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the mapping and the file's header say of the whole delivery. ``coding`` is full once every row was read."""

    source_type: SourceType
    entity: EntityId
    entities: tuple[ReportingEntity, ...]
    coding: Coding
    invented: bool = False


class Reading:
    """A pass not begun, under way or ended: `read_rows` moves it on."""

    def __init__(
        self,
        *,
        path: Path,
        mapping: ImportMapping,
        codebook: Codebook,
        digest: str,
        identities: Identities,
        batch: BatchId,
        entity: EntityId | None,
    ) -> None:
        self.path = path
        self.mapping = mapping
        self.codebook = codebook
        self.digest = digest
        self.identities = identities
        self.batch = batch
        self.entity = entity
        self.progress = Progress()
        self._size = path.stat().st_size
        self._opened: Opened | None = None

    def opened(self) -> Opened:
        """What is known of the whole delivery, once a row was asked for."""
        if self._opened is None:
            raise RuntimeError("no row was asked for")
        return self._opened

    def phase(self, doing: str) -> Phase:
        """How far the pass is."""
        return Phase(doing, self.progress.row, self.progress.bytes, self._size)

    def table_rows(self, lines: Iterator[Line]) -> Iterator[ReadRow]:
        """The rows of a CSV by its mapping's columns."""
        mapping = self.mapping
        if mapping.entity is None or mapping.source_type is None:
            raise RuntimeError("a mapping of columns has an entity and a source type")
        reader = TableReader(mapping, self.codebook)
        own = self.entity is None or self.entity == mapping.entity.id
        entity = mapping.entity.id if self.entity is None else self.entity
        self._opened = Opened(mapping.source_type, entity, (mapping.entity,) if own else (), reader.coding)
        for row in read_table(lines, columns=mapping.header, file=self.path.name):
            if isinstance(row, Fault):
                yield ReadRow(row.row, None, (row,))
            else:
                yield reader.read(row, batch=self.batch, entity=entity, digest=self.digest, identities=self.identities)

    def event_rows(self, lines: Iterator[Line]) -> Iterator[ReadRow]:
        """The events of an NDJSON file after its header."""
        documents = read_documents(lines)
        header = read_header(next(documents, None), file=self.path.name)
        reader = EventsReader(header, self.codebook, entity=self.entity)
        entity = self.entity or header.entities[0].id
        self._opened = Opened(header.source_type, entity, header.entities, reader.coding, invented=header.invented)
        for document in documents:
            if isinstance(document, Fault):
                yield ReadRow(document.row, None, (document,))
            else:
                yield reader.read(document, batch=self.batch, identities=self.identities)


def read_rows(reading: Reading) -> Generator[ReadRow, None, None]:
    """Every row of the file, judged by the rules of cases. Raises the errors of a file as a whole, once there."""
    mapping = reading.mapping
    columns: dict[str | None, str] = {column.target.variable: column.name for column in reversed(mapping.columns)}
    with open_lines(reading.path, format=mapping.format, digest=reading.digest, progress=reading.progress) as lines:
        rows = reading.table_rows(lines) if mapping.format is Format.CSV else reading.event_rows(lines)
        if mapping.format is not Format.CSV or mapping.key != ROW_KEY:
            rows = leave_out_repeated(rows, column=mapping.key if mapping.columns else "key")
        for row in rows:
            yield judge(row, reading.codebook, columns)


def judge(row: ReadRow, codebook: Codebook, columns: dict[str | None, str]) -> ReadRow:
    """The row with what follows from its record (derived values) and what is found in it; a fault leaves it out.

    ``columns`` names the column of each variable; without one the place in the record is named.
    """
    if row.record is None:
        return row
    completed = complete(row.record, codebook)
    if not completed.findings:
        return ReadRow(row.number, completed.record, row.faults, row.warnings)
    faults = [
        Fault(row.number, _column(finding, columns), finding.rule, finding.expected)
        for finding in completed.findings
        if finding.severity is Severity.FAULT
    ]
    warnings = [
        Warned(row.number, _column(finding, columns), finding.rule)
        for finding in completed.findings
        if finding.severity is Severity.WARNING
    ]
    record = None if faults else completed.record
    return ReadRow(row.number, record, (*row.faults, *faults), (*row.warnings, *warnings))


def _column(finding: Finding, columns: dict[str | None, str]) -> str:
    return columns.get(finding.place.rpartition("/")[2], finding.place)


def leave_out_repeated(rows: Iterable[ReadRow], *, column: str) -> Iterator[ReadRow]:
    """The rows, but a record whose key an earlier row of the file had comes as a fault."""
    seen = SeenKeys()
    source = iter(rows)
    while block := list(islice(source, BLOCK)):
        records = [row.record for row in block if row.record is not None]
        repeated = iter(seen.add([_key_digest(record.entity, record.source_key) for record in records]))
        for row in block:
            if row.record is not None and next(repeated):
                fault = Fault(row.number, column, FaultCode.KEY_REPEATED, "a key that no earlier row has")
                yield replace(row, record=None, faults=(*row.faults, fault))
            else:
                yield row


def _key_digest(entity: str, key: str) -> int:
    return int.from_bytes(blake2b(f"{entity}\n{key}".encode(), digest_size=8).digest(), "big")


class SeenKeys:
    """Which 64-bit digests were added before, at 8 bytes each: sorted runs that double in length.

    A million keys in a set of Python integers take 90 MB; two different keys of a million share a digest with odds of
    37 million to one.
    """

    def __init__(self) -> None:
        self._runs: list[npt.NDArray[np.uint64]] = []

    def add(self, digests: list[int]) -> list[bool]:
        """For each digest whether it was added before, also earlier in the same list; then they all were."""
        block = np.array(digests, dtype=np.uint64)
        unique, first = np.unique(block, return_index=True)
        fresh = np.zeros(len(block), dtype=np.bool_)
        fresh[first] = True
        for run in self._runs:
            places = np.minimum(np.searchsorted(run, block), len(run) - 1)
            fresh &= run[places] != block
        if len(unique):
            self._keep(unique)
        return [not each for each in fresh.tolist()]

    def _keep(self, run: npt.NDArray[np.uint64]) -> None:
        while self._runs and len(self._runs[-1]) <= len(run):
            run = np.union1d(self._runs.pop(), run)
        self._runs.append(run)
