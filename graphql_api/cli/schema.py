"""``ictip schema``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphql_api import schema as schema_package
from graphql_api.cli.console import DONE, FAULTS_FOUND
from graphql_api.schema.query import committed_schema, written_schema


def schema(
    write: Annotated[bool, typer.Option("--write", help="Write it into the source tree.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Say whether the written one is up to date.")] = False,
) -> int:
    """Print the GraphQL schema in the schema definition language."""
    if check:
        fresh = written_schema() == committed_schema()
        typer.echo("schema.graphql is up to date." if fresh else "schema.graphql is stale: run `ictip schema --write`.")
        return DONE if fresh else FAULTS_FOUND
    if write:
        file = Path(str(schema_package.__file__)).with_name("schema.graphql")
        file.write_text(written_schema(), encoding="utf-8")
        typer.echo(f"Wrote {file}")
        return DONE
    typer.echo(written_schema(), nl=False)
    return DONE
