"""``ictip indicators`` and ``ictip emerging``: whether a revision is due, and for what."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from graphql_api.cli.console import DONE
from graphql_api.cli.revising import DEFAULT_DATA, Data
from graphql_api.serving import open_store, require_store
from graphql_api.settings import Settings, settings_from
from registry.access.actor import local_user
from registry.statistics.emerging import EmergingTerm
from registry.statistics.indicators import RevisionIndicator
from registry.statistics.queries import emerging_categories, revision_indicators
from registry.storage.bolt.statistics import BoltStatisticsStore

Row = TypeVar("Row", RevisionIndicator, EmergingTerm)
AsJson = Annotated[bool, typer.Option("--json", help="The whole answer.")]


def indicators(as_json: AsJson = False, data: Data = DEFAULT_DATA) -> int:
    """Tell shares of residual codes, unknowns and unmapped local codes by period and entity, above the threshold."""

    async def ask(store: BoltStatisticsStore, threshold: int) -> Sequence[RevisionIndicator]:
        return await revision_indicators(store, threshold=threshold, actor=local_user())

    return tell(run(data, ask), indicator_line, as_json=as_json)


def emerging(
    code: Annotated[list[str] | None, typer.Option(help="Residual unit: 5.5, 6.5 or 7; without it all.")] = None,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> int:
    """Tell frequent terms of the free texts given with residual codes, by period and entity, above the threshold."""

    async def ask(store: BoltStatisticsStore, threshold: int) -> Sequence[EmergingTerm]:
        return await emerging_categories(store, code or (), threshold=threshold, actor=local_user())

    return tell(run(data, ask), term_line, as_json=as_json)


def run(data: Path, ask: Callable[[BoltStatisticsStore, int], Awaitable[Sequence[Row]]]) -> Sequence[Row]:
    """The answer over the folder's store, under the installation's threshold."""
    return asyncio.run(asked(require_store(settings_from(os.environ, data=data)), ask))


async def asked(
    settings: Settings, ask: Callable[[BoltStatisticsStore, int], Awaitable[Sequence[Row]]]
) -> Sequence[Row]:
    """The answer."""
    async with open_store(settings) as database:
        return await ask(BoltStatisticsStore(database), settings.disclosure_threshold)


def tell(rows: Sequence[Row], line: Callable[[Row], str], *, as_json: bool) -> int:
    """A line a row, or all as JSON."""
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
    else:
        for row in rows:
            typer.echo(line(row))
    return DONE


def indicator_line(row: RevisionIndicator) -> str:
    """One share."""
    share = "too few to tell" if row.percent is None else f"{row.percent} %"
    return f"{row.period}  {row.entity}  {row.variable}  {row.indicator}: {share} of {row.events}"


def term_line(row: EmergingTerm) -> str:
    """One term."""
    return f"{row.code}  {row.period}  {row.entity}  {row.term}: {row.cases} of {row.of}"
