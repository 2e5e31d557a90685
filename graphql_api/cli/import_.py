"""``ictip import``: delivered records into the store, by a mapping."""

from __future__ import annotations

import asyncio
import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from graphql_api.cli.console import DONE, FAULTS_FOUND
from graphql_api.cli.installation import open_installation, packaged_catalogue
from graphql_api.cli.key import act_here
from graphql_api.cli.reports import end_progress, report_lines, tell_progress
from graphql_api.settings import Purpose, Settings, settings_from
from registry.access.actor import local_user
from registry.cases.codebook import CatalogueCodebook
from registry.cases.identity import KEY_BYTES
from registry.identifiers import EntityId
from registry.intake.actions import Delivery, check_batch, import_batch
from registry.intake.mapping import load_mapping
from registry.intake.model import BatchReport


def import_(
    file: Annotated[Path, typer.Argument(help="The file: CSV or NDJSON as the mapping says, plain or gzip.")],
    mapping: Annotated[
        str, typer.Option(help="What its columns mean: ctdc-vp, ictip, or the path of a .toml file of one's own.")
    ],
    data: Annotated[Path, typer.Option(help="Folder of the embedded engine.")] = Path("data/main"),
    entity: Annotated[
        str | None, typer.Option(help="Id of the reporting entity that delivers it, if not the mapping's.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the whole file and write nothing.")] = False,
    accept_valid_rows: Annotated[
        bool, typer.Option("--accept-valid-rows", help="Leave out exactly the rows with faults, instead of refusing.")
    ] = False,
    faults: Annotated[Path | None, typer.Option(help="Write every fault to this CSV file.")] = None,
) -> int:
    """Load a file of records by a declared mapping, after checking all of it.

    Running it again changes nothing; an interrupted run is completed by running it again. Exit code 1 says that
    rows have faults.
    """
    settings = settings_from(os.environ, data=data)
    delivery = Delivery(file, load_mapping(mapping), EntityId(entity) if entity is not None else None, faults)
    run = _check(delivery, settings) if dry_run else _import(delivery, settings, accept_valid_rows=accept_valid_rows)
    try:
        report = asyncio.run(run)
    finally:
        end_progress()
    for line in report_lines(report):
        typer.echo(line)
    return DONE if report.is_clean else FAULTS_FOUND


async def _check(delivery: Delivery, settings: Settings) -> BatchReport:
    """Against the store's releases where there is a store, else against those of the package."""
    actor = local_user()
    if settings.neo4j is None and not settings.data.exists():
        return check_batch(delivery, CatalogueCodebook(packaged_catalogue()), actor=actor, progress=tell_progress)
    async with open_installation(settings, actor=actor) as installation:
        return check_batch(delivery, installation.codebook, actor=actor, progress=tell_progress)


async def _import(delivery: Delivery, settings: Settings, *, accept_valid_rows: bool) -> BatchReport:
    actor = local_user()
    async with open_installation(settings, actor=actor) as installation:
        return await import_batch(
            installation.cases,
            delivery,
            installation.codebook,
            actor=actor,
            fresh_key=secrets.token_bytes(KEY_BYTES),
            accept_valid_rows=accept_valid_rows,
            for_invented=installation.purpose is Purpose.SAMPLE,
            progress=tell_progress,
            circumstances=act_here("import").circumstances,
        )
