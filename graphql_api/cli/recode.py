"""``ictip recode``: stored records into another version of a list, by rule and decision, and back."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer

from graphql_api.cli.console import DONE, FAULTS_FOUND
from graphql_api.cli.draft_files import read_bytes
from graphql_api.cli.key import act_here
from graphql_api.cli.revising import DEFAULT_DATA, Data
from graphql_api.serving import open_store, require_store
from graphql_api.settings import settings_from
from registry.access.actor import local_user
from registry.access.audit import Circumstances
from registry.cases.codebook import CatalogueCodebook
from registry.cases.recode_actions import (
    ChoiceFault,
    RecodeOrder,
    RecodeReport,
    RecodeRooms,
    WaitingCode,
    recode_batches,
    undo_recode,
)
from registry.cases.recode_actions import recode as recode_records
from registry.cases.recode_ports import RecodeBatch
from registry.cases.recode_table import HEADER, DecisionTable, read_decisions, waiting_row
from registry.cases.recoding import RecodeOutcome
from registry.classification.current import catalogue_of
from registry.classification.report import to_plain
from registry.classification.table_import import read_csv
from registry.errors import ArgumentsConflicting, FileNotWritable
from registry.identifiers import BatchId, SchemeId, VersionTag
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.recoding import BoltRecodeStore
from registry.storage.rdf.vocabulary import load_packaged

SHOWN = 20
NOTHING_DECIDED = DecisionTable((), (), ())


def recode(
    scheme: Annotated[str | None, typer.Argument(help="The scheme whose codes change: units.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="The released version to go to: 1.1.")] = None,
    source: Annotated[
        str | None, typer.Option("--from", help="The version to go from; without it the only other one that is held.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would happen and write nothing.")] = False,
    decisions: Annotated[
        Path | None,
        typer.Option(help="CSV with the columns event, code, chosen and perhaps part: what people decided."),
    ] = None,
    waiting: Annotated[
        Path | None, typer.Option(help="Write every code that needs a person to this CSV, ready to be decided in.")
    ] = None,
    batches: Annotated[bool, typer.Option("--batches", help="List the recode batches instead.")] = False,
    undo: Annotated[str | None, typer.Option(help="Undo this recode batch instead.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole answer.")] = False,
    data: Data = DEFAULT_DATA,
) -> int:
    """Move stored records to a release of a list: by rule, by decision; what needs a person stays and is told.

    Each record keeps the codes it had. Running it again goes on with what is left; exit code 1 says that decisions are
    faulty, and then nothing was written.
    """
    if batches:
        return asyncio.run(list_batches(data))
    if undo is not None:
        return asyncio.run(undo_batch(BatchId(undo), data))
    if scheme is None or to is None:
        raise ArgumentsConflicting(arguments="SCHEME, --to, --undo, --batches", rule="give scheme and --to, or another")
    table = NOTHING_DECIDED
    if decisions is not None:
        table = read_decisions(read_csv(read_bytes(decisions), source=decisions.name))
    if table.faults:
        return tell_faults(table.faults)
    order = RecodeOrder(
        scheme=SchemeId(scheme),
        target=VersionTag(to),
        id=fresh_batch(),
        source=None if source is None else VersionTag(source),
        choices=table.choices,
        is_dry=dry_run,
    )
    report = asyncio.run(run(order, waiting, data))
    if report.faults:
        return tell_faults(tuple(table.placed(report.faults)))
    for line in (
        [json.dumps(to_plain(report), ensure_ascii=False)] if as_json else report_lines(report, dry_run=dry_run)
    ):
        typer.echo(line)
    return DONE


async def run(order: RecodeOrder, waiting: Path | None, data: Path) -> RecodeReport:
    """Re-code, writing what waits into a file where one is named."""
    with ExitStack() as stack:
        tell = stack.enter_context(WaitingFile(waiting)) if waiting is not None else None
        async with open_rooms(data) as rooms:
            return await recode_records(rooms, order, actor=local_user(), circumstances=circumstances(), tell=tell)


class WaitingFile:
    """A file of the codes that need a person; private, for it names records."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> WaitingFile:
        try:
            self._file = open(
                os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline=""
            )
        except OSError as error:
            raise FileNotWritable(file=str(self._path), reason=type(error).__name__) from error
        self._rows = csv.writer(self._file, lineterminator="\n")
        self._rows.writerow(HEADER)
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __call__(self, waiting: WaitingCode) -> None:
        """Write one row."""
        self._rows.writerow(waiting_row(waiting))


async def list_batches(data: Path) -> int:
    """A line a recode batch, newest first."""
    async with open_rooms(data) as rooms:
        for batch in await recode_batches(rooms.store, actor=local_user()):
            typer.echo(batch_line(batch))
    return DONE


async def undo_batch(batch: BatchId, data: Path) -> int:
    """Give a batch's records back what they had."""
    async with open_rooms(data) as rooms:
        undone = await undo_recode(rooms, batch, act=fresh_batch(), actor=local_user(), circumstances=circumstances())
    typer.echo(f"{undone} events have their old codes back")
    return DONE


@asynccontextmanager
async def open_rooms(data: Path) -> AsyncIterator[RecodeRooms]:
    """The folder's records (or those of NEO4J_URI), with its releases."""
    async with open_store(require_store(settings_from(os.environ, data=data))) as database:
        releases = BoltReleaseStore(database)
        await load_packaged(releases, actor=local_user())
        catalogue = await catalogue_of(releases)
        yield RecodeRooms(BoltRecodeStore(database), catalogue, CatalogueCodebook(catalogue))


def circumstances() -> Circumstances:
    """Of an act on this machine."""
    return act_here("recode").circumstances


def fresh_batch() -> BatchId:
    """A random id."""
    return BatchId(secrets.token_hex(10))


def tell_faults(faults: tuple[ChoiceFault, ...]) -> int:
    """The first faults of decisions, by row and column."""
    for fault in faults[:SHOWN]:
        typer.echo(f"row {fault.row}, column {fault.column}: {fault.rule}, expected {fault.expected}")
    typer.echo(f"{len(faults)} faults in the decisions: nothing was re-coded")
    return FAULTS_FOUND


def report_lines(report: RecodeReport, *, dry_run: bool) -> Iterator[str]:
    """Counts by entity, code and outcome; what waits; the batch."""
    scheme, source = report.source
    yield f"{scheme} {source} -> {report.target[1]}, rules {report.rules[:16]}"
    for each in report.codes:
        if each.outcome is not RecodeOutcome.UNCHANGED:
            yield f"{each.outcome}: {each.code} ({each.variable}), {each.entity}: {each.events} events"
    for told in report.first_waiting[:SHOWN]:
        part = f" of {told.part}" if told.part else ""
        yield f"decide: event {told.event}{part}, {told.code} -> {' or '.join(told.targets) or 'any code'}"
    if len(report.first_waiting) > SHOWN:
        yield "and more: --waiting FILE writes all of them"
    would = "would move" if dry_run else "moved"
    yield f"{report.moved} events {would}, {report.waiting} need a person"
    if report.batch is not None:
        yield f"batch {report.batch.id}: `ictip recode --undo {report.batch.id}` takes it back"


def batch_line(batch: RecodeBatch) -> str:
    """One batch."""
    scheme, source = batch.source
    return (
        f"{batch.id}  {scheme} {source} -> {batch.target[1]}  {batch.state.value}  "
        f"{batch.events} events  by {batch.actor}  rules {batch.rules[:16]}"
    )
