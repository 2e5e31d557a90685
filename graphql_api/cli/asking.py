"""What the commands that ask the registry share: which store, and which version on both axes of time.

Lives here: the options and what they choose. Elsewhere: the questions (``registry.classification.queries``,
``revision_queries``, ``impact``), commands that change something (``revising``).
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from graphql_api.cli.installation import open_installation, packaged_catalogue
from graphql_api.serving import require_store
from graphql_api.settings import settings_from
from registry.access.actor import Actor
from registry.classification.catalogue import Catalogue, VersionChoice
from registry.instants import instant_of

DAY: Final = ("%Y-%m-%d",)
INSTANT: Final = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z")

AnyData = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the embedded engine; without it the package's own vocabularies."),
]
ValidOn = Annotated[
    datetime | None,
    typer.Option("--valid-on", formats=list(DAY), help="The version in force on that day, instead of a number."),
]
OldValidOn = Annotated[
    datetime | None,
    typer.Option("--old-valid-on", formats=list(DAY), help="The older version: the one in force on that day."),
]
NewValidOn = Annotated[
    datetime | None,
    typer.Option("--new-valid-on", formats=list(DAY), help="The newer version: the one in force on that day."),
]
AsKnownAt = Annotated[
    datetime | None,
    typer.Option(
        "--as-known-at",
        formats=list(INSTANT),
        help="As the registry stood at that instant: 2026-03-01T12:00:00Z. Together with any of the others.",
    ),
]


async def catalogue_of(data: Path | None, actor: Actor, *, known_at: datetime | None = None) -> Catalogue:
    """The catalogue of a store, or without one that of the package; as it stood at the instant, if one is given.

    Raises `FolderWithoutStore`.
    """
    if data is None and not os.environ.get("NEO4J_URI"):
        return as_known(packaged_catalogue(), known_at)
    settings = require_store(settings_from(os.environ, data=data or Path("data/main")))
    async with open_installation(settings, actor=actor) as installation:
        return as_known(installation.catalogue, known_at)


def as_known(catalogue: Catalogue, known_at: datetime | None) -> Catalogue:
    """The catalogue as it is now, or as it stood at the instant."""
    return catalogue if known_at is None else catalogue.as_known_at(instant_of(known_at))


def chosen(version: str | None, valid_on: datetime | None) -> VersionChoice:
    """The version named, the one in force on a day, or the latest."""
    return VersionChoice(version=version, valid_on=valid_on.date() if valid_on is not None else None)
