"""``ictip audit rows | verify | export | seal | retain``: the audit read, its chain checked, carried out, cut off."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer

from graphql_api.cli.console import DONE, group
from graphql_api.cli.key import DEFAULT_DATA, Data, act_here, appender, run
from graphql_api.serving import HeadsOutside
from graphql_api.settings import Settings, settings_from
from registry.access import queries
from registry.access.actions import Retained, retain_audit
from registry.access.audit import AuditReport, Head, canonical
from registry.access.ports import AuditFilter
from registry.access.sealing import seal_waiting
from registry.errors import AuditKeyMissing, FileUnreadable
from registry.instants import instant_of
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.driver import Database

TIMES: Final = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]


def verify(
    heads: Annotated[
        Path | None, typer.Option(help="Heads kept outside: the sink's file, one JSON object a line.")
    ] = None,
    data: Data = DEFAULT_DATA,
) -> int:
    """Check that every sealed row is what was sealed and none is missing; tell of the rows not sealed yet."""
    settings = settings_from(os.environ, data=data)
    key = audit_key(settings)
    outside = list(read_heads(heads)) if heads else []

    async def work(database: Database) -> AuditReport:
        store = BoltAuditStore(database)
        return await queries.verify_audit(store, appender(database), act_here("audit verify"), key=key, outside=outside)

    report = run(settings, work)
    told = f"{report.head.number} blocks, {report.rows} rows, {report.removed} expired and gone"
    typer.echo(f"The chain holds: {told}.")
    typer.echo(f"Heads compared with the outside: {report.compared}.")
    since = f", the first since {instant(report.oldest_unsealed)}" if report.oldest_unsealed is not None else ""
    typer.echo(f"Not sealed yet, so not protected: {report.unsealed} rows{since}.")
    return DONE


def export(
    to: Annotated[Path | None, typer.Option(help="File to write; standard output without it.")] = None,
    data: Data = DEFAULT_DATA,
) -> int:
    """Write every block with its rows, one JSON object a line, oldest first."""
    settings = settings_from(os.environ, data=data)

    async def work(database: Database) -> int:
        store, written = BoltAuditStore(database), 0
        out = to.open("wb") if to else sys.stdout.buffer
        try:
            async for block, texts in queries.export_audit(store, appender(database), act_here("audit export")):
                rows = [orjson.loads(texts[id_]) if id_ in texts else None for id_ in block.rows]
                told = {"number": block.number, "mac": block.mac, "digests": block.digests, "rows": rows}
                out.write(orjson.dumps(told) + b"\n")
                written += 1
        finally:
            if to:
                out.close()
        return written

    typer.echo(f"{run(settings, work)} blocks.", err=True)
    return DONE


def rows(
    actor: Annotated[str | None, typer.Option(help="Of this account.")] = None,
    act: Annotated[str | None, typer.Option(help="Of this kind of act: read event, refer case, use key.")] = None,
    record: Annotated[str | None, typer.Option(help="That name this record.")] = None,
    subject: Annotated[str | None, typer.Option(help="About this key, grant, batch or draft.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=TIMES, help="Not before this, in UTC.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=TIMES, help="Not after this, in UTC.")] = None,
    limit: Annotated[int, typer.Option(help="Rows at most.", min=1, max=500)] = 100,
    data: Data = DEFAULT_DATA,
) -> int:
    """Tell rows of the audit, newest first, one JSON object a line."""
    where = AuditFilter(
        actor=actor,
        act=act,
        record=record,
        subject=subject,
        since=None if since is None else microseconds(since),
        until=None if until is None else microseconds(until),
    )
    page = run(
        settings_from(os.environ, data=data),
        lambda database: queries.audit_rows(
            BoltAuditStore(database), appender(database), act_here("audit rows"), where, limit=limit
        ),
    )
    for row in page.rows:
        typer.echo(canonical(row))
    if page.after:
        typer.echo("There may be more: narrow the question, or end it with --until.", err=True)
    return DONE


def retain(
    before: Annotated[datetime, typer.Option(formats=TIMES, help="Rows from before this go, in UTC.")],
    data: Data = DEFAULT_DATA,
) -> int:
    """Remove expired rows, whole blocks at a time, oldest first; the chain over them stays verifiable.

    Rows are kept for 90 days at least. Each block that goes leaves a row, which is sealed at once.
    """
    settings = settings_from(os.environ, data=data)
    key = audit_key(settings)

    async def work(database: Database) -> Retained:
        store = BoltAuditStore(database)
        done = await retain_audit(
            store, appender(database), lambda: act_here("audit retain"), before=microseconds(before)
        )
        await seal_waiting(store, key, HeadsOutside(settings.audit_heads, tell))
        return done

    done = run(settings, work)
    typer.echo(f"{done.rows} rows of {done.blocks} blocks are gone.")
    return DONE


def seal(data: Data = DEFAULT_DATA) -> int:
    """Seal what waits, now; a running server does so by itself each second."""
    settings = settings_from(os.environ, data=data)
    key = audit_key(settings)

    async def work(database: Database) -> int:
        return await seal_waiting(BoltAuditStore(database), key, HeadsOutside(settings.audit_heads, tell))

    typer.echo(f"{run(settings, work)} blocks sealed.")
    return DONE


def audit_app() -> typer.Typer:
    """The commands under ``ictip audit``."""
    return group(
        "The audit and its chain.",
        ("rows", rows),
        ("verify", verify),
        ("export", export),
        ("seal", seal),
        ("retain", retain),
    )


def tell(head: Head) -> None:
    """Say which block was sealed."""
    typer.echo(f"Block {head.number}: {head.mac}")


def audit_key(settings: Settings) -> bytes:
    """The chain's key; raises `AuditKeyMissing`."""
    if settings.secrets.audit_key is None:
        raise AuditKeyMissing()
    return settings.secrets.audit_key


def read_heads(path: Path) -> Iterator[Head]:
    """The heads of a sink's file; raises `FileUnreadable`."""
    try:
        for line in path.read_bytes().splitlines():
            if line.strip():
                told = orjson.loads(line)
                yield Head(int(told["number"]), str(told["mac"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileUnreadable(file=str(path), reason=type(error).__name__) from None


def microseconds(moment: datetime) -> int:
    """A moment given in UTC, in microseconds since 1970."""
    return instant_of(moment.replace(tzinfo=UTC))


def instant(moment: int) -> str:
    """An instant to the second, in UTC."""
    return datetime.fromtimestamp(moment / 1_000_000, UTC).isoformat(timespec="seconds")
