"""``ictip opening list | approve | revoke | report``: emergency openings, watched from the machine of the store.

They are asked for at the door by whoever needs one. Who approves here is another person than who asked there.
"""

from __future__ import annotations

import os
from typing import Annotated

import typer

from graphql_api.cli.audit import instant
from graphql_api.cli.console import DONE, group
from graphql_api.cli.grant import change, line
from graphql_api.cli.key import DEFAULT_DATA, Data, act_here, appender, run
from graphql_api.settings import settings_from
from registry.access import actions, queries
from registry.storage.bolt.access import BoltAccessStore
from registry.storage.bolt.audit import BoltAuditStore

OpeningId = Annotated[str, typer.Argument(help="The opening's id.")]


def list_(
    ended: Annotated[bool, typer.Option("--ended", help="Also those that expired or were revoked.")] = False,
    data: Data = DEFAULT_DATA,
) -> int:
    """List emergency openings, newest first, 500 at most; those that wait for a second person say so."""
    act = act_here("opening list")
    found = run(
        settings_from(os.environ, data=data),
        lambda database: queries.openings(BoltAccessStore(database), appender(database), act, ended=ended),
    )
    for opening in found:
        approved = f"approved by {opening.approved_by}" if opening.approved_by else "not approved"
        typer.echo(f"{line(opening, act.now)}  {opening.reason}  {approved}")
    return DONE


def approve(opening: OpeningId, data: Data = DEFAULT_DATA) -> int:
    """Open what somebody asked for, as the second person."""
    return change(actions.approve_opening, opening, "opening approve", data)


def revoke(opening: OpeningId, data: Data = DEFAULT_DATA) -> int:
    """End an opening, or its asking."""
    return change(actions.revoke_opening, opening, "opening revoke", data)


def report(opening: OpeningId, data: Data = DEFAULT_DATA) -> int:
    """Tell everything that left under an opening, newest first: when, who, what, the request."""
    act = act_here("opening report")
    found = run(
        settings_from(os.environ, data=data),
        lambda database: queries.opening_report(
            BoltAccessStore(database), BoltAuditStore(database), appender(database), act, opening
        ),
    )
    asked = f"asked {instant(found.opening.given_at)}, {found.opening.reason}"
    typer.echo(f"{line(found.opening, act.now)}  {asked}, approved by {found.opening.approved_by or 'nobody'}")
    for row in found.rows:
        typer.echo(f"  {instant(row.at)}  {row.actor}  {row.act}  {row.count} records  {row.request}")
    for row in found.counted:
        typer.echo(f"  {instant(row.at)}  {row.actor}  {row.act}  numbers that it may have counted in  {row.request}")
    typer.echo(f"{len(found.rows) + len(found.counted)}{' and more' if found.more else ''} acts.")
    return DONE


def opening_app() -> typer.Typer:
    """The commands under ``ictip opening``."""
    return group("Emergency openings.", ("list", list_), ("approve", approve), ("revoke", revoke), ("report", report))
