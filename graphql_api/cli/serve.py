"""``ictip serve``: the API over one data folder or one Neo4j."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from graphql_api import serving
from graphql_api.settings import settings_from


def serve(
    data: Annotated[Path, typer.Option(help="Folder of the embedded engine; made if it is not there.")] = Path(
        "data/main"
    ),
    host: Annotated[
        str, typer.Option(help="Address to listen on; only loopback without authentication.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Worker processes; they share one engine.", min=1, max=64)] = 1,
    sample: Annotated[bool, typer.Option("--sample", help="Load a small made-up world, if the folder is new.")] = False,
    graphiql: Annotated[bool, typer.Option("--graphiql", help="Serve the query editor at /graphiql.")] = False,
) -> int:
    """Serve the classification and the case graph over GraphQL.

    NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD (or NEO4J_PASSWORD_FILE) and NEO4J_DATABASE name a Neo4j to use
    instead of the embedded engine.
    """
    settings = settings_from(
        os.environ, data=data, host=host, port=port, workers=workers, sample=sample, graphiql=graphiql
    )
    return serving.serve(settings)
