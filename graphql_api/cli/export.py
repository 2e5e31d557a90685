"""``ictip export``: a released version as a file."""

from __future__ import annotations

import asyncio
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from graphql_api.cli.console import DONE
from graphql_api.cli.installation import open_installation, packaged_catalogue
from graphql_api.linked_data.downloads import write_download
from graphql_api.settings import Settings, settings_from
from registry.access.actor import Actor, local_user
from registry.classification.catalogue import LATEST, Catalogue, VersionChoice
from registry.classification.queries import version as find_version
from registry.errors import FileNotWritable


class Kind(StrEnum):
    """The kinds of file, by the end of their names."""

    TURTLE = "ttl"
    NTRIPLES = "nt"
    JSONLD = "jsonld"
    CSV = "csv"


def export(
    scheme: Annotated[str, typer.Argument(help="The scheme: units, iccs, isic ...")],
    version: Annotated[str | None, typer.Option(help="major.minor; without it the latest.")] = None,
    format: Annotated[Kind, typer.Option(help="The kind of file.")] = Kind.TURTLE,
    out: Annotated[Path | None, typer.Option(help="The file to write; without it standard output.")] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of the embedded engine; without it the package's own vocabularies.")
    ] = None,
) -> int:
    """Write one released version of a classification: Turtle, N-Triples, JSON-LD or CSV."""
    actor = local_user()
    catalogue = (
        asyncio.run(stored_catalogue(data, actor)) if data or os.environ.get("NEO4J_URI") else packaged_catalogue()
    )
    choice = LATEST if version is None else VersionChoice(version=version)
    found = find_version(catalogue, scheme, actor=actor, choice=choice)
    made = write_download(found.content, format.value)
    if out is None:
        typer.echo(made.body.decode(), nl=False)
        return DONE
    try:
        out.write_bytes(made.body)
    except OSError as error:
        raise FileNotWritable(file=out.name, reason=error.strerror or type(error).__name__) from None
    typer.echo(f"{found.scheme} {found.tag}: {len(found.content.concepts)} concepts to {out}, SHA-256 {made.etag}")
    return DONE


async def stored_catalogue(data: Path | None, actor: Actor) -> Catalogue:
    """The catalogue of the store."""
    settings: Settings = settings_from(os.environ, data=data or Path("data/main"))
    async with open_installation(settings, actor=actor) as installation:
        return installation.catalogue
