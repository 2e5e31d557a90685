"""What the commands of revision share: their store, who acts, when, and telling of drafts as lines.

Lives here: connecting, lines. Elsewhere: the acts (``registry.classification.draft_actions``).
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from graphql_api.serving import open_store, require_store
from graphql_api.settings import settings_from
from registry.access.actor import Actor, local_user
from registry.classification.catalogue import Catalogue
from registry.classification.current import catalogue_of
from registry.classification.draft_actions import Stores
from registry.classification.draft_model import DraftHead
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.drafts import BoltDraftStore
from registry.storage.bolt.driver import Database
from registry.storage.rdf.vocabulary import load_packaged

Data = Annotated[Path, typer.Option(help="Folder of the embedded engine.")]
Name = Annotated[
    str, typer.Option("--as", help="Who acts. On this machine anybody may take any name: it only tells acts apart.")
]
Reason = Annotated[str, typer.Option(help="Why; it is kept with the act.")]
Expected = Annotated[str | None, typer.Option(help="Refuse if the draft is in another state than this.")]
Draft = Annotated[str, typer.Argument(help="The draft's id; `ictip draft list` tells it.")]
DEFAULT_DATA: Final = Path("data/main")
EDITOR: Final = "editor"
"""Who acts where nobody is named."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a custodian works for one command: the stores, and the database behind them."""

    database: Database
    stores: Stores
    actor: Actor


@asynccontextmanager
async def open_desk(data: Path, name: str, *, makes: bool = True) -> AsyncIterator[Desk]:
    """The store of the folder (or of NEO4J_URI), packaged vocabularies loaded; ``makes`` one where there is none.

    Raises `FolderWithoutStore`.
    """
    actor, settings = local_user(name), settings_from(os.environ, data=data)
    async with open_store(settings if makes else require_store(settings)) as database:
        releases = BoltReleaseStore(database)
        await load_packaged(releases, actor=actor)
        yield Desk(database, Stores(BoltDraftStore(database), releases), actor)


async def catalogue_at(desk: Desk) -> Catalogue:
    """Every release of the desk's store, ready to read."""
    return await catalogue_of(desk.stores.releases)


def head_lines(heads: Sequence[DraftHead]) -> Iterator[str]:
    """A line a draft."""
    for head in heads:
        versions = f"{head.scheme} {head.base} -> {head.tag}"
        yield f"{head.id}  {versions}  {head.stage}  {head.edits} edits  by {head.last_editor}"
