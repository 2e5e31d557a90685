"""GraphQL types and root fields that tell when a revision is due: shares of residual codes, terms of free texts.

Each type reads a model of ``registry.statistics``; everything told is above the installation's threshold.
"""

from __future__ import annotations

from typing import Annotated

import strawberry

from graphql_api.schema.classification import Info
from graphql_api.schema.reading import told
from graphql_api.schema.scalars import CodeText
from registry.errors import NotReady
from registry.statistics import emerging, indicators, queries
from registry.statistics.ports import StatisticsStore

strawberry.enum(indicators.Indicator, name="Indicator", description="What an event shows that is counted.")


@strawberry.type(description="A share of one reporting entity's events of one period, protected.")
class RevisionIndicator:
    """`indicators.RevisionIndicator`."""

    period: str = told("period", "The year of recording, a span of years, or undated.")
    entity: strawberry.ID = told("entity", "The reporting entity.")
    variable: str = told("variable", "The variable; form for units of classification.")
    indicator: indicators.Indicator = told("indicator", "What is counted.")
    events: int = told("events", "Of how many events (which tell the variable), rounded down to the threshold's steps.")
    percent: int | None = told(
        "percent", "The share in per cent; null where it or the rest is fewer than the threshold."
    )


@strawberry.type(description="A frequent term of free texts given with a residual code, protected.")
class EmergingTerm:
    """`emerging.EmergingTerm`."""

    code: CodeText = told("code", "The residual unit.")
    period: str = told("period", "The year of recording, a span of years, or undated.")
    entity: strawberry.ID = told("entity", "The reporting entity.")
    term: str = told("term", "A word or two neighbouring ones, without case and accents.")
    cases: int = told("cases", "Cases that have it, rounded down; records that share a person are one case.")
    of: int = told("of", "Of how many cases with a text, rounded down.")


async def revision_indicators(info: Info) -> tuple[indicators.RevisionIndicator, ...]:
    """Shares of residual codes."""
    context = info.context
    found = await queries.revision_indicators(statistics_store(info), threshold=context.threshold, actor=context.actor)
    await context.note("read revision indicators")
    return found


async def emerging_terms(
    info: Info,
    codes: Annotated[
        list[CodeText] | None, strawberry.argument(description="Residual units: 5.5, 6.5, 7; without it all.")
    ] = None,
) -> tuple[emerging.EmergingTerm, ...]:
    """Terms of free texts."""
    context = info.context
    found = await queries.emerging_categories(
        statistics_store(info), codes or (), threshold=context.threshold, actor=context.actor
    )
    await context.note("read emerging terms")
    return found


def statistics_store(info: Info) -> StatisticsStore:
    """Where statistics come from; `NotReady` where this server has no store."""
    store = info.context.rooms.statistics
    if store is None:
        raise NotReady(reason="no store of records is open")
    return store
