"""``ictip key create | list | revoke``: API keys, made on the machine of the store.

Whoever may run this and read the pepper may make any key, so it asks for nothing else; each call is in the audit
under the account of the operating system.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer

from graphql_api.authentication.claims import identifiers, members
from graphql_api.cli.console import DONE, group
from graphql_api.serving import joined_store, require_store
from graphql_api.settings import Settings, settings_from
from registry.access import actions, queries
from registry.access.actions import Act
from registry.access.actor import Account, Right, Sensitivity, StatedPurpose, local_user
from registry.access.appender import AuditAppender
from registry.access.audit import Circumstances
from registry.access.keys import ID_BYTES, SECRET_BYTES
from registry.access.roles import Role
from registry.errors import SecretMissing, SettingInvalid
from registry.identifiers import EntityId, Notation
from registry.storage.bolt.access import BoltAccessStore
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.driver import Database

T = TypeVar("T")
DAY: Final = 24 * 3600 * 1_000_000
Data = Annotated[Path, typer.Option(help="Folder of the embedded engine.")]
DEFAULT_DATA: Final = Path("data/main")


def create(
    name: Annotated[str, typer.Argument(help="The key's name; in logs and audit rows its account is key:NAME.")],
    role: Annotated[list[str], typer.Option(help=f"Role, several times for several: {', '.join(Role)}.")],
    entity: Annotated[
        list[str] | None, typer.Option(help="Reporting entity whose records it works with; * for all.")
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option(help="Country of the records, a code of areas; * for all.")
    ] = None,
    tier: Annotated[
        list[str] | None, typer.Option(help=f"Sensitive records it may see: {', '.join(Sensitivity)}.")
    ] = None,
    purpose: Annotated[list[str] | None, typer.Option(help=f"What it may act for: {', '.join(StatedPurpose)}.")] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help=f"Of what the roles bring, this right alone, several times for several: {', '.join(Right)}."),
    ] = None,
    without_grants: Annotated[bool, typer.Option("--without-grants", help="No grant is needed for each case.")] = False,
    days: Annotated[int, typer.Option(help="Days until it ends.", min=1, max=366)] = 90,
    data: Data = DEFAULT_DATA,
) -> int:
    """Make a key and print it, this once."""
    settings = settings_from(os.environ, data=data)
    pepper = settings.secrets.pepper
    if pepper is None:
        raise SecretMissing(secret="The pepper", bytes=32, reason="none is set", setting="ICTIP_PEPPER_FILE")  # noqa: S106
    account = Account(
        name=name,
        roles=tuple(sorted(each(role, [known.value for known in Role], "--role"))),
        entities=identifiers(tuple(entity or ()), EntityId),
        countries=identifiers(tuple(country or ()), Notation),
        tiers=members(each(tier, [known.value for known in Sensitivity], "--tier"), Sensitivity),
        purposes=members(each(purpose, [known.value for known in StatedPurpose], "--purpose"), StatedPurpose),
        needs_grants=not without_grants,
        agency=EntityId(entity[0]) if entity and len(entity) == 1 and entity[0] != "*" else None,
        only=members(each(only, [known.value for known in Right], "--only"), Right) if only else None,
    )

    async def work(store: BoltAccessStore, audit: AuditAppender) -> str:
        random = secrets.token_bytes(ID_BYTES + SECRET_BYTES)
        made = await actions.create_key(
            store, audit, act_here("key create"), account=account, life=days * DAY, random=random, pepper=pepper
        )
        return made[1]

    typer.echo(run(settings, lambda database: work(BoltAccessStore(database), appender(database)), makes=True))
    typer.echo("Keep it now: only a digest of it is stored.", err=True)
    return DONE


def list_(data: Data = DEFAULT_DATA) -> int:
    """List every key, newest first: id, account, roles, end, last use."""
    settings = settings_from(os.environ, data=data)
    found = run(
        settings,
        lambda database: queries.keys(BoltAccessStore(database), appender(database), act_here("key list")),
    )
    for record in found:
        state = "revoked" if record.revoked_at else f"until {day(record.expires)}"
        used = f"last used {day(record.last_used)}" if record.last_used else "never used"
        typer.echo(f"{record.id}  {record.account.name}  {','.join(record.account.roles)}  {state}  {used}")
    return DONE


def revoke(
    key: Annotated[str, typer.Argument(help="The key's id: what stands before the dot.")], data: Data = DEFAULT_DATA
) -> int:
    """End a key. Running servers stop believing it within a second or two."""
    settings = settings_from(os.environ, data=data)
    key_id = key.partition(".")[0]
    run(
        settings,
        lambda database: actions.revoke_key(
            BoltAccessStore(database), appender(database), act_here("key revoke"), key_id
        ),
    )
    typer.echo(f"{key_id} is revoked.")
    return DONE


def key_app() -> typer.Typer:
    """The commands under ``ictip key``."""
    return group("API keys.", ("create", create), ("list", list_), ("revoke", revoke))


def act_here(command: str) -> Act:
    """An act of whoever runs the command."""
    actor = local_user(f"cli:{getpass.getuser()}")
    return Act(actor, Circumstances("cli", command, time.time_ns() // 1000), secrets.token_hex(16))


def appender(database: Database) -> AuditAppender:
    """Where the command leaves its audit rows."""
    return AuditAppender(BoltAuditStore(database))


def run(settings: Settings, work: Callable[[Database], Awaitable[T]], *, makes: bool = False) -> T:
    """What ``work`` returns over the settings' store, which has to be there already unless the command ``makes`` it.

    Raises `FolderWithoutStore` for a folder without one, and makes nothing in it.
    """
    if not makes:
        require_store(settings)

    async def opened() -> T:
        async with joined_store(settings) as database:
            return await work(database)

    return asyncio.run(opened())


def each(given: list[str] | None, known: list[str], option: str) -> tuple[str, ...]:
    """The words given, all of them known; raises `SettingInvalid`."""
    for word in given or ():
        if word not in known:
            raise SettingInvalid(setting=option, reason=f"{word} is none of {', '.join(known)}")
    return tuple(given or ())


def day(moment: int) -> str:
    """The day of an instant."""
    return datetime.fromtimestamp(moment / 1_000_000, UTC).date().isoformat()
