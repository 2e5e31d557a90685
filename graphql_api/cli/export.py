"""``ictip export``: a released version as a file."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from graphql_api.cli.asking import AnyData, AsKnownAt, ValidOn, catalogue_of, chosen
from graphql_api.cli.console import DONE
from graphql_api.linked_data.downloads import write_download
from registry.access.actor import local_user
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
    valid_on: ValidOn = None,
    as_known_at: AsKnownAt = None,
    data: AnyData = None,
) -> int:
    """Write one released version of a classification: Turtle, N-Triples, JSON-LD or CSV."""
    actor = local_user()
    catalogue = asyncio.run(catalogue_of(data, actor, known_at=as_known_at))
    found = find_version(catalogue, scheme, actor=actor, choice=chosen(version, valid_on))
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
