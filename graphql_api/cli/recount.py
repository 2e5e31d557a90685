"""``ictip recount``: the table of how often codes are used, counted anew."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import typer

from graphql_api.cli.console import DONE
from graphql_api.cli.revising import DEFAULT_DATA, Data
from graphql_api.serving import open_store, require_store
from graphql_api.settings import settings_from
from registry.access.actor import Right, local_user
from registry.access.policy import require
from registry.storage.bolt.code_use_table import BoltCodeUseStore


def recount(data: Data = DEFAULT_DATA) -> int:
    """Count every stored record anew: for a store from before there was such a table, or after damage.

    Interrupted, it is completed by running it again. Until then counts are made record by record: right, and slow.
    """
    require(local_user(), Right.CHECK_STORE)
    typer.echo(f"{asyncio.run(run(data))} events counted")
    return DONE


async def run(data: Path) -> int:
    """How many records were counted."""
    async with open_store(require_store(settings_from(os.environ, data=data))) as database:
        return await BoltCodeUseStore(database).recount()
