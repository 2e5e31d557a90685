"""``ictip timeline``: what a concept was in each version of its scheme."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Annotated

import typer

from graphql_api.cli.asking import AnyData, AsKnownAt, ValidOn, catalogue_of, chosen
from graphql_api.cli.console import DONE
from registry.access.actor import local_user
from registry.classification.revision_queries import TimelineEntry
from registry.classification.revision_queries import timeline as ask_timeline


def timeline(
    scheme: Annotated[str, typer.Argument(help="The scheme: isic.")],
    code: Annotated[str, typer.Argument(help="The concept's code in the version meant.")],
    version: Annotated[str | None, typer.Argument(help="That version; without it the newest with the code.")] = None,
    valid_on: ValidOn = None,
    as_known_at: AsKnownAt = None,
    data: AnyData = None,
) -> int:
    """Follow a concept by its identity through the versions up to one, oldest first, with what changed in each."""
    actor = local_user()
    catalogue = asyncio.run(catalogue_of(data, actor, known_at=as_known_at))
    for entry in ask_timeline(catalogue, scheme, code, of=chosen(version, valid_on), actor=actor):
        for line in entry_lines(entry):
            typer.echo(line)
    return DONE


def entry_lines(entry: TimelineEntry) -> Iterator[str]:
    """``5.0 L Financial and insurance activities``, and what changed since the version before."""
    label = entry.item.label()
    since = f"  from {entry.in_force_from}" if entry.in_force_from is not None else ""
    until = f" to {entry.in_force_to}" if entry.in_force_to is not None else ""
    yield f"{entry.item.version.tag} {entry.item.concept.code} {label.text if label is not None else ''}{since}{until}"
    if entry.changes:
        yield f"  {', '.join(entry.changes)}"
