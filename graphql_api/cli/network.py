"""``ictip network analyse | list | remove | measures | export``: the whole graph measured, and networks as files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from graphql_api.cli.console import DONE, group
from graphql_api.cli.key import DEFAULT_DATA, Data, act_here, run
from graphql_api.cli.network_export import export
from graphql_api.cli.patterns import patterns
from graphql_api.settings import settings_from
from registry.classification.paging import PageRequest
from registry.identifiers import EntityId
from registry.network import analysis_actions, analysis_queries
from registry.network.analysis import Analysis, AnalysisWish, GraphSize, MeasureOrder
from registry.network.analysis_ports import MeasureFilter
from registry.storage.bolt.analysis import BoltAnalysisStore
from registry.storage.bolt.driver import Database

MEBIBYTE = 2**20
KEPT = 3
AnalysisArgument = Annotated[str, typer.Argument(help="The analysis' id, as `ictip network list` tells it.")]


def analyse(
    entity: Annotated[
        list[str] | None,
        typer.Option(help="Only records that this reporting entity holds, several times for several; all without it."),
    ] = None,
    memory: Annotated[int, typer.Option(help="MiB that may be used; more needed is refused first.", min=1)] = 2048,
    resolution: Annotated[float, typer.Option(help="Above 1: more and smaller communities.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed and records, the same communities.")] = 1,
    sources: Annotated[
        int, typer.Option(help="People of a component from which paths are counted where betweenness is estimated.")
    ] = 200,
    keep: Annotated[int, typer.Option(help="Analyses of the same records that stay; older ones go.", min=1)] = KEPT,
    plan_only: Annotated[bool, typer.Option("--plan", help="Tell what is needed, and do nothing.")] = False,
    data: Data = DEFAULT_DATA,
) -> int:
    """Measure the whole graph of people and events; queries then filter and sort by what was found.

    Components, communities, degree, PageRank, betweenness, and whom removing somebody cuts off.
    """
    wish = AnalysisWish(frozenset(map(EntityId, entity)) if entity else None, resolution, seed, sources)
    act = act_here("network analyse")

    async def work(database: Database) -> Analysis | None:
        store = BoltAnalysisStore(database)
        size, needed = await analysis_actions.plan(store, wish, act=act)
        typer.echo(f"{size_line(size)}; up to {needed // MEBIBYTE} MiB of memory needed, {memory} MiB allowed.")
        if plan_only:
            return None
        return await analysis_actions.run_analysis(
            store, wish, memory=memory * MEBIBYTE, act=act, keep=keep, progress=tell_step
        )

    made = run(settings_from(os.environ, data=data), work)
    end_step()
    for line in told(made) if made is not None else ():
        typer.echo(line)
    return DONE


def list_(data: Data = DEFAULT_DATA) -> int:
    """List the analyses, the newest first."""

    async def work(database: Database) -> tuple[Analysis, ...]:
        return await analysis_queries.analyses(BoltAnalysisStore(database), actor=act_here("network list").actor)

    found = run(settings_from(os.environ, data=data), work)
    for each in found:
        for line in told(each):
            typer.echo(line)
    if not found:
        typer.echo("There is none; `ictip network analyse` makes one.")
    return DONE


def remove(analysis: AnalysisArgument, data: Data = DEFAULT_DATA) -> int:
    """Take an analysis and its results away."""
    act = act_here("network remove")

    async def work(database: Database) -> int:
        return await analysis_actions.remove_analysis(BoltAnalysisStore(database), analysis, act=act)

    typer.echo(f"{run(settings_from(os.environ, data=data), work)} results are gone.")
    return DONE


def measures(
    by: Annotated[MeasureOrder, typer.Option(help="The order.")] = MeasureOrder.CUT_OFF,
    first: Annotated[int, typer.Option(help="How many.", min=1, max=100)] = 10,
    component: Annotated[int | None, typer.Option(help="Only of this component.")] = None,
    analysis: Annotated[str | None, typer.Option(help="Of this analysis; of the newest without it.")] = None,
    why: Annotated[bool, typer.Option("--why", help="Say below each record why it counts.")] = False,
    data: Data = DEFAULT_DATA,
) -> int:
    """Print results of an analysis, a record a line."""
    actor = act_here("network measures").actor

    async def work(database: Database) -> list[str]:
        store = BoltAnalysisStore(database)
        of = await analysis_queries.analysis(store, analysis, actor=actor)
        page = await analysis_queries.measures(
            store, of, by, MeasureFilter(component=component), PageRequest(first=first), actor=actor
        )
        return [
            f"{each.record}  {each.kind.word}  component {each.component} of {each.component_size}"
            f"  community {each.community}  degree {each.degree}  PageRank {each.page_rank:.2e}"
            f"  betweenness {each.betweenness:.0f}  cuts off {each.cut_off}"
            + "".join(f"\n    {reason}" for reason in each.because if why)
            for each in page.nodes
        ]

    for line in run(settings_from(os.environ, data=data), work):
        typer.echo(line)
    return DONE


def network_app() -> typer.Typer:
    """The commands under ``ictip network``."""
    return group(
        "The network of cases as a whole.",
        ("analyse", analyse),
        ("list", list_),
        ("remove", remove),
        ("measures", measures),
        ("patterns", patterns),
        ("export", export),
    )


def size_line(size: GraphSize) -> str:
    """What there is to go over."""
    return f"{size.people:,} people, {size.events:,} events, {size.links:,} links"


def told(analysis: Analysis) -> Iterator[str]:
    """An analysis in words."""
    at = datetime.fromtimestamp(analysis.at / 1_000_000, UTC).isoformat(timespec="seconds")
    of = "all records" if analysis.wish.entities is None else f"records of {', '.join(sorted(analysis.wish.entities))}"
    yield f"{analysis.id}  {at}  by {analysis.by}, {analysis.software}"
    yield f"  {of}, data revision {analysis.revision}: {analysis.people:,} people, {analysis.events:,} events"
    wish = analysis.wish
    exact = (
        "exact"
        if analysis.is_betweenness_exact
        else f"estimated in components of more than {wish.exact_up_to:,}, from {wish.sources:,} sources each"
    )
    yield (
        f"  {analysis.components:,} components, {analysis.communities:,} communities "
        f"(modularity {analysis.modularity:.3f}), betweenness {exact}"
    )


def tell_step(step: str, done: int, of: int) -> None:
    """One line on a terminal's standard error, overwritten each time."""
    if sys.stderr.isatty():
        share = f"{100 * done // of} %" if done and of else f"{of:,} records"
        print(f"\r{f'{step} … {share}':<60}", end="", file=sys.stderr, flush=True)


def end_step() -> None:
    """Clear that line."""
    if sys.stderr.isatty():
        print(f"\r{'':<60}\r", end="", file=sys.stderr, flush=True)
