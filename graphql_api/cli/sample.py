"""``ictip sample``: an invented world in the import format, into files, into a store marked a sample, or both."""

from __future__ import annotations

import asyncio
import os
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from graphql_api.cli.console import DONE
from graphql_api.cli.installation import open_installation, packaged_catalogue
from graphql_api.cli.reports import end_progress, report_lines, tell_progress
from graphql_api.settings import Purpose, Settings, settings_from
from registry.access.actor import local_user
from registry.cases.identity import KEY_BYTES
from registry.errors import ArgumentsConflicting
from registry.intake.model import BatchReport, Phase
from registry.intake.sample.actions import load_world, write_world
from registry.intake.sample.palette import palette_of
from registry.intake.sample.presets import Preset
from registry.intake.sample.world import EVENTS_MOST, World


def sample(
    events: Annotated[int, typer.Option(help="How many events.", min=1, max=EVENTS_MOST)] = 1_000,
    preset: Annotated[Preset, typer.Option(help="The shape of the network.")] = Preset.SPARSE,
    seed: Annotated[int, typer.Option(help="The same seed makes the same world.", min=0)] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the events (NDJSON, gzip) and the file of planted patterns.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of an embedded engine to load it into; new, or made by this command.")
    ] = None,
) -> int:
    """Make an invented world of trafficking-like events: nobody and nothing in it exists.

    It is never written into a database that holds real records.
    """
    if out is None and data is None:
        raise ArgumentsConflicting(arguments="--out, --data", rule="give at least one of them")
    if out is not None:
        _write(World(events, preset, seed, palette_of(packaged_catalogue())), out)
    if data is not None:
        settings = replace(settings_from(os.environ, data=data), purpose=Purpose.SAMPLE)
        try:
            report = asyncio.run(_load(settings, events, preset, seed))
        finally:
            end_progress()
        for line in report_lines(report):
            typer.echo(line)
    return DONE


def _write(world: World, out: Path) -> None:
    try:
        files = write_world(
            world, out, progress=lambda number: tell_progress(Phase("making", number, number, world.events))
        )
    finally:
        end_progress()
    typer.echo(f"{files.events} invented events   {files.events_file}")
    typer.echo(f"{files.patterns} planted patterns   {files.truth_file}")


async def _load(settings: Settings, events: int, preset: Preset, seed: int) -> BatchReport:
    actor = local_user()
    async with open_installation(settings, actor=actor) as installation:
        return await load_world(
            installation.cases,
            World(events, preset, seed, palette_of(installation.catalogue)),
            installation.codebook,
            actor=actor,
            fresh_key=secrets.token_bytes(KEY_BYTES),
            progress=tell_progress,
        )
