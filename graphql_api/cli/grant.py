"""``ictip grant give | list | revoke``: which accounts may see which single cases, and until when."""

from __future__ import annotations

import os
import secrets
from typing import Annotated

import typer

from graphql_api.cli.audit import instant
from graphql_api.cli.console import DONE, group
from graphql_api.cli.key import DAY, DEFAULT_DATA, Data, act_here, appender, run
from graphql_api.settings import settings_from
from registry.access import actions, queries
from registry.access.actions import GrantChange
from registry.access.grants import Grant
from registry.identifiers import EventId
from registry.storage.bolt.access import BoltAccessStore

GrantId = Annotated[str, typer.Argument(help="The grant's id.")]


def give(
    account: Annotated[str, typer.Argument(help="The account, as audit rows name it; that of a key is key:NAME.")],
    event: Annotated[str, typer.Argument(help="The event's id.")],
    days: Annotated[int, typer.Option(help="Days until it ends.", min=1, max=366)] = 30,
    data: Data = DEFAULT_DATA,
) -> int:
    """Let an account see one event of its scope; running servers know within a second or two."""
    grant = run(
        settings_from(os.environ, data=data),
        lambda database: actions.grant_case(
            BoltAccessStore(database),
            appender(database),
            act_here("grant give"),
            grant_id=secrets.token_hex(8),
            account=account,
            event=EventId(event),
            life=days * DAY,
        ),
    )
    typer.echo(line(grant, grant.given_at))
    return DONE


def list_(
    account: Annotated[str | None, typer.Option(help="Of this account.")] = None,
    event: Annotated[str | None, typer.Option(help="For this event.")] = None,
    ended: Annotated[bool, typer.Option("--ended", help="Also those that expired or were revoked.")] = False,
    data: Data = DEFAULT_DATA,
) -> int:
    """List case grants, newest first, 500 at most."""
    act = act_here("grant list")
    found = run(
        settings_from(os.environ, data=data),
        lambda database: queries.case_grants(
            BoltAccessStore(database),
            appender(database),
            act,
            account=account,
            event=None if event is None else EventId(event),
            ended=ended,
        ),
    )
    for grant in found:
        typer.echo(line(grant, act.now))
    return DONE


def revoke(grant: GrantId, data: Data = DEFAULT_DATA) -> int:
    """End a case grant before its time."""
    return change(actions.revoke_grant, grant, "grant revoke", data)


def change(changing: GrantChange, grant_id: str, command: str, data: Data) -> int:
    """Change a grant or an opening and tell how it stands."""
    act = act_here(command)
    changed = run(
        settings_from(os.environ, data=data),
        lambda database: changing(BoltAccessStore(database), appender(database), act, grant_id),
    )
    typer.echo(line(changed, act.now))
    return DONE


def line(grant: Grant, now: int) -> str:
    """One grant in one line: id, account, event, state."""
    if grant.revoked_at is not None:
        state = f"revoked {instant(grant.revoked_at)}"
    elif now >= grant.expires:
        state = f"expired {instant(grant.expires)}"
    else:
        state = f"{'until' if grant.counts_at(now) else 'waits, until'} {instant(grant.expires)}"
    return f"{grant.id}  {grant.account}  {grant.event}  {state}"


def grant_app() -> typer.Typer:
    """The commands under ``ictip grant``."""
    return group("Single cases for single accounts.", ("give", give), ("list", list_), ("revoke", revoke))
