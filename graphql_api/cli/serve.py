"""``ictip serve``: the API over one data folder or one Neo4j."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from graphql_api import serving
from graphql_api.authentication import require_loopback
from graphql_api.settings import Purpose, Settings, settings_from
from registry.access.actor import Actor, local_user
from registry.cases.codebook import CatalogueCodebook
from registry.cases.identity import KEY_BYTES
from registry.cases.queries import usage
from registry.classification.current import catalogue_of
from registry.intake.sample.actions import load_world
from registry.intake.sample.palette import palette_of
from registry.intake.sample.presets import Preset
from registry.intake.sample.world import World
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.driver import Database
from registry.storage.rdf.vocabulary import load_packaged

SAMPLE_EVENTS: Final = 1_000
"""Enough for a network worth looking at, few enough to be there in seconds."""
SAMPLE_SEED: Final = 1


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
    instead of the embedded engine. bolt:// is one server, neo4j:// a cluster.
    """
    settings = settings_from(
        os.environ, data=data, host=host, port=port, workers=workers, sample=sample, graphiql=graphiql
    )
    require_loopback(settings.host)
    say(f"Starting on http://{host}:{port} ... the first start loads the vocabularies and takes longer.")
    return serving.serve(settings, prepare=prepare)


async def prepare(database: Database, settings: Settings) -> None:
    """What must be in the store before workers start: the packaged words, and a sample world where one is wanted."""
    actor = local_user()
    releases = BoltReleaseStore(database)
    loaded = await load_packaged(releases, actor=actor)
    if loaded.added.added:
        say(f"Loaded {len(loaded.added.added)} vocabularies, revision {loaded.added.revision}.")
    if settings.purpose is Purpose.SAMPLE:
        await prepare_sample(database, releases, actor)


async def prepare_sample(database: Database, releases: BoltReleaseStore, actor: Actor) -> None:
    """A small sample world, once; the store is marked a sample already, so nothing real is ever in it."""
    cases = BoltCaseStore(database)
    if any((await usage(cases, actor=actor)).values()):
        return
    say(f"Making a sample world of {SAMPLE_EVENTS} events: nobody and nothing in it exists.")
    catalogue = await catalogue_of(releases)
    await load_world(
        cases,
        World(SAMPLE_EVENTS, Preset.SPARSE, SAMPLE_SEED, palette_of(catalogue)),
        CatalogueCodebook(catalogue),
        actor=actor,
        fresh_key=secrets.token_bytes(KEY_BYTES),
    )


def say(text: str) -> None:
    """One line on standard error, where progress goes."""
    print(text, file=sys.stderr, flush=True)
