"""``ictip check``: vocabulary files against every rule, and the store against itself."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from graphql_api.cli.console import DONE, FAULTS_FOUND
from graphql_api.cli.installation import open_installation
from graphql_api.cli.vocabularies import finding_lines, read_files, tell
from graphql_api.serving import open_store, require_store
from graphql_api.settings import Settings, settings_from
from registry.access.actor import local_user
from registry.cases import model as cases
from registry.cases.queries import check_store
from registry.classification.actions import check_vocabularies, verify_releases
from registry.classification.integrity import Finding, Severity
from registry.errors import ArgumentsConflicting
from registry.storage.bolt.classification import BoltReleaseStore


def check(
    files: Annotated[list[Path] | None, typer.Argument(help="Turtle, N-Triples or JSON-LD files.")] = None,
    store: Annotated[
        bool, typer.Option("--store", help="Check the store of --data: releases and case records.")
    ] = False,
    data: Annotated[Path, typer.Option(help="Folder of the embedded engine.")] = Path("data/main"),
) -> int:
    """Say everything that is wrong with vocabulary files, or with what the store holds.

    Files are read against the SKOS integrity conditions, the rules of XKOS and our own, and the SHACL shapes. Exit code
    1 says that there are errors; warnings and notices alone do not.
    """
    if not files and not store:
        raise ArgumentsConflicting(arguments="FILE, --store", rule="give a file, or --store, or both")
    errors = check_files(files) if files else 0
    if store:
        errors += asyncio.run(check_installation(require_store(settings_from(os.environ, data=data))))
    typer.echo("No errors." if not errors else "1 error." if errors == 1 else f"{errors} errors.")
    return FAULTS_FOUND if errors else DONE


def check_files(files: Sequence[Path]) -> int:
    """Print what the files break; how many errors."""
    return tell_findings(asyncio.run(check_vocabularies(None, read_files(files), actor=local_user())))


def tell_findings(findings: Sequence[Finding]) -> int:
    """Print the findings; how many are errors."""
    for line in finding_lines(findings):
        typer.echo(line)
    return sum(finding.severity is Severity.ERROR for finding in findings)


async def check_installation(settings: Settings) -> int:
    """Print what is wrong with the store; how many errors."""
    actor = local_user()
    tell("reading every release ...")
    async with open_store(settings) as database:
        errors = tell_findings(await verify_releases(BoltReleaseStore(database), actor=actor))
    tell("walking the case graph ...")
    async with open_installation(settings, actor=actor) as installation:
        broken = await check_store(installation.cases, installation.codebook, actor=actor)
    for finding in broken:
        typer.echo(f"{finding.severity}: {finding.rule} at {finding.place} {finding.expected}".rstrip())
    return errors + sum(finding.severity is cases.Severity.FAULT for finding in broken)
