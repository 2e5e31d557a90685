"""``ictip mark``: that a case comes from, or names, an informant; the one kind of sensitivity that no value tells."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from graphql_api.cli.console import DONE
from graphql_api.cli.key import DEFAULT_DATA, Data, appender, run
from graphql_api.cli.refer import As, act_as
from graphql_api.settings import settings_from
from registry.access.marking import mark_informant
from registry.identifiers import EventId
from registry.storage.bolt.driver import Database
from registry.storage.bolt.exchange import BoltExchangeStore


def mark(
    event: Annotated[str, typer.Argument(help="The event's id.")],
    agency: As,
    remove: Annotated[bool, typer.Option("--remove", help="Take the mark away instead.")] = False,
    data: Data = DEFAULT_DATA,
) -> int:
    """Mark a case that your agency holds as an informant's: only who is cleared for these sees it from then on."""
    act = act_as(agency, "mark")

    async def work(database: Database) -> None:
        store = BoltExchangeStore(database)
        await mark_informant(store, appender(database), act, event=EventId(event), is_informant=not remove)

    run(settings_from(os.environ, data=data), work)
    typer.echo("No informant's any more." if remove else "An informant's from now on.")
    return DONE
