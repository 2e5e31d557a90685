"""``ictip load``: vocabularies of one's own as releases of the store."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from graphql_api.cli.console import DONE
from graphql_api.cli.key import act_here
from graphql_api.cli.vocabularies import finding_lines, read_files
from graphql_api.serving import open_store
from graphql_api.settings import Settings, settings_from
from registry.access.actor import local_user
from registry.classification.actions import Loaded, load_vocabularies, refuse_errors
from registry.classification.integrity import sort_findings
from registry.classification.ports import VocabularyText
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.rdf.vocabulary import load_packaged


def load(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Turtle files, one scheme version, correspondence or set of bindings a file."),
    ] = None,
    data: Annotated[Path, typer.Option(help="Folder of the embedded engine.")] = Path("data/main"),
) -> int:
    """Load vocabularies into the store, each as a release: all of them or none.

    Each file is held to the rules of SKOS, of XKOS and our own, and to the SHACL shapes; one error refuses all. Without
    files those of the package are loaded. Loading the same again changes nothing; other content under a
    released version is refused.
    """
    texts = read_files(files or [])
    refuse_errors(texts, sort_findings(finding for text in texts for finding in text.findings))
    loaded = asyncio.run(_load(settings_from(os.environ, data=data), texts))
    for line in finding_lines(loaded.findings):
        typer.echo(line)
    added = loaded.added
    typer.echo(f"revision {added.revision}: {len(added.added)} added, {len(added.unchanged)} unchanged")
    for key in added.added:
        typer.echo(f"  {key}")
    return DONE


async def _load(settings: Settings, texts: Sequence[VocabularyText]) -> Loaded:
    actor = local_user()
    async with open_store(settings) as database:
        store = BoltReleaseStore(database)
        packaged = await load_packaged(store, actor=actor)
        if not texts:
            return packaged
        act = act_here("load")
        return await load_vocabularies(store, texts, actor=act.actor, circumstances=act.circumstances)
