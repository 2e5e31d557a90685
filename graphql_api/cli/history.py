"""``ictip withdraw``, ``supersede``, ``history``: the end of a version's time, and what happened to a scheme."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from graphql_api.cli.asking import AsKnownAt, as_known
from graphql_api.cli.console import DONE
from graphql_api.cli.draft_files import write_bytes
from graphql_api.cli.release import read_decision
from graphql_api.cli.revising import DEFAULT_DATA, Data, Name, Reason, catalogue_at, open_desk
from graphql_api.context import stamped
from registry.classification.consultation import disposition_log
from registry.classification.model import ReleaseStatus
from registry.classification.release_history import HistoryEntry, answers
from registry.classification.release_history import history as ask_history
from registry.classification.retirement import Retirement
from registry.classification.retirement_actions import retire_version
from registry.classification.workbook import write_workbook
from registry.errors import VersionUnknown
from registry.identifiers import SchemeId, VersionTag

Scheme = Annotated[str, typer.Argument(help="The scheme: units.")]
Version = Annotated[str, typer.Argument(help="The version: 1.0 with all its editions, or 1.0.1 alone.")]
Successor = Annotated[
    list[str] | None, typer.Option(help="What to use instead: SCHEME/VERSION, released. May be repeated.")
]
DecisionOption = Annotated[
    list[str] | None, typer.Option(help="Who decided, and when: BODY|YYYY-MM-DD|DOCUMENT. May be repeated.")
]


def withdraw(
    scheme: Scheme,
    version: Version,
    reason: Reason,
    successor: Successor = None,
    decision: DecisionOption = None,
    data: Data = DEFAULT_DATA,
    name: Name = "custodian",
) -> int:
    """Withdraw a released version: it answers only who names it, with its status and what to use instead.

    Its text, URIs and codes stay for ever, and stored records keep them. Refused while a variable takes codes from it.
    """
    return end(scheme, version, ReleaseStatus.WITHDRAWN, successor, reason, decision, data, name)


def supersede(
    scheme: Scheme,
    version: Version,
    reason: Reason,
    successor: Successor = None,
    decision: DecisionOption = None,
    data: Data = DEFAULT_DATA,
    name: Name = "custodian",
) -> int:
    """Say that something else is used instead of a version; the next release of its scheme does so by itself."""
    return end(scheme, version, ReleaseStatus.SUPERSEDED, successor, reason, decision, data, name)


def end(
    scheme: str,
    version: str,
    to: ReleaseStatus,
    successors: list[str] | None,
    reason: str,
    decisions: list[str] | None,
    data: Path,
    name: str,
) -> int:
    """End the version's time, and say so."""

    async def act() -> Retirement:
        async with open_desk(data, name) as desk:
            return await retire_version(
                desk.stores,
                SchemeId(scheme),
                VersionTag(version),
                to,
                successors=successors or (),
                reason=reason,
                decisions=[read_decision(text) for text in decisions or ()],
                actor=desk.actor,
                stamp=stamped(),
            )

    retired = asyncio.run(act())
    instead = f", use {', '.join(retired.successors)}" if retired.successors else ""
    typer.echo(f"{scheme}/{version} {retired.to}{instead}")
    typer.echo(f"revision {retired.revision}")
    return DONE


def history(
    scheme: Scheme,
    log: Annotated[
        Path | None, typer.Option(help="Write what organisations said of the version, with dispositions (XLSX).")
    ] = None,
    version: Annotated[str | None, typer.Option(help="The version whose log is written; else the newest.")] = None,
    as_known_at: AsKnownAt = None,
    data: Data = DEFAULT_DATA,
) -> int:
    """Tell what happened to a scheme's versions, oldest first, with the decisions behind it."""

    async def ask() -> tuple[tuple[HistoryEntry, ...], list[list[str]]]:
        async with open_desk(data, "custodian", makes=False) as desk:
            catalogue = as_known(await catalogue_at(desk), as_known_at)
            entries = await ask_history(desk.stores, catalogue, SchemeId(scheme), actor=desk.actor)
            released = [each for each in entries if each.draft and version in (None, each.version)]
            if log is not None and not released:
                raise VersionUnknown(
                    scheme=scheme, version=version or "of a draft", available="none that came of a draft"
                )
            said = await answers(desk.stores, released[-1], actor=desk.actor) if log is not None else ()
            return entries, disposition_log(said)

    entries, rows = asyncio.run(ask())
    for entry in entries:
        for line in entry_lines(entry):
            typer.echo(line)
    if log is not None:
        write_bytes(log, write_workbook(rows, name="dispositions"))
    return DONE


def entry_lines(entry: HistoryEntry) -> Iterator[str]:
    """What happened, and who decided it."""
    by = f" by {entry.actor}" if entry.actor else ""
    instead = f"; use {', '.join(entry.successors)}" if entry.successors else ""
    reason = f": {entry.reason}" if entry.reason else ""
    yield f"{entry.at:%Y-%m-%d %H:%M} {entry.version} {entry.event}{by}{instead}{reason}"
    for decision in entry.decisions:
        yield f"  {decision.body}, {decision.decided_on}{', ' + decision.symbol if decision.symbol else ''}"
