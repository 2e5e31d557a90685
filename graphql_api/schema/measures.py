"""Communities, key players, and what was measured over the whole graph: GraphQL types and root fields."""

from __future__ import annotations

from typing import Annotated

import strawberry

from graphql_api.schema.classification import Info
from graphql_api.schema.network import Network, NetworkStart, WithinArgument, piece_of
from graphql_api.schema.network_files import investigating
from graphql_api.schema.paging import After, First
from graphql_api.schema.reading import computed, told
from graphql_api.schema.scalars import Instant
from registry.classification.paging import Page, PageRequest
from registry.network import analysis as whole
from registry.network import analysis_queries, measures, model, questions
from registry.network.analysis_ports import MeasureFilter

strawberry.enum(measures.KeyOrder, name="KeyOrder", description="By which measure key players are ordered.")
strawberry.enum(
    whole.MeasureOrder,
    name="MeasureOrder",
    description="The order of results: components with their members, or people, the highest first.",
)


@strawberry.type(description="People and events with more links among them than chance would have.")
class Community:
    """`measures.Community`."""

    number: int = told("number", "From 1, the largest first.")
    nodes: list[strawberry.ID] = told("nodes", "Its people and events; one id a person where judgements count.")
    people: int = told("people", "How many people.")
    events: int = told("events", "How many events.")
    links_inside: int = told("links_inside", "Links between its own.")
    links_outside: int = told("links_outside", "Links to others: the evidence against it.")
    because: list[str] = told("because", "Why it counts, and what speaks against it, in sentences of counts.")


@strawberry.type(description="How one piece of the network falls into communities.")
class Communities:
    """`measures.Communities`."""

    network: Network = told("network", "The piece that was measured, and what was left out of it.")
    communities: list[Community] = told("communities", "Every community, the largest first.")
    modularity: float = told(
        "modularity", "How good a description that is, -0.5 to 1: at 0 no better than chance, above 0.3 worth reading."
    )
    resolution: float = told("resolution", "As asked: above 1 more and smaller communities.")
    seed: int = told("seed", "As asked: the same seed and network, the same communities.")
    method: str = told("method", "The algorithm and the software.")


@strawberry.type(description="What the network would be without one person.")
class Removal:
    """`measures.Removal`."""

    components_before: int = told("components_before", "Groups of people who hang together, with the person.")
    components_after: int = told("components_after", "The same without.")
    cut_off: list[strawberry.ID] = told(
        "cut_off", "Who no longer hangs together with the largest rest of the person's group."
    )


@strawberry.type(description="One person's place in a piece of the network.")
class KeyPlayer:
    """`measures.KeyPlayer`."""

    id: strawberry.ID = told("id", "The person; the least id of the records judged the same.")
    records: list[strawberry.ID] = told("records", "The records that tell of the person.")
    events: list[strawberry.ID] = told("events", "The evidence: events the person is linked to here.")
    people: list[strawberry.ID] = told("people", "Others at those events, or related to the person.")
    degree: int = told("degree", "Links: events, and people related.")
    page_rank: float = told("page_rank", "Share of a random walk that is at the person (damping 0.85).")
    betweenness: float = told(
        "betweenness",
        "Pairs of other people whose shortest paths run through the person, each by the share of its paths.",
    )
    is_articulation: bool = told("is_articulation", "Whether removing the person parts people: somebody is cut off.")
    was_read: bool = told("was_read", "Whether all the person's links are here; if not, the numbers are too low.")
    removal: Removal = told("removal", "What removing the person does.")
    because: list[str] = told("because", "Why the person counts, in sentences of counts.")


@strawberry.type(description="The first people of a piece of the network by one measure.")
class KeyPlayers:
    """`measures.KeyPlayers`."""

    network: Network = told("network", "The piece that was measured, and what was left out of it.")
    players: list[KeyPlayer] = told("players", "The highest first, ties by id.")
    order: measures.KeyOrder = told("order", "The measure, as asked.")
    people: int = told("people", "How many there are to be ordered.")
    components: int = told("components", "Groups of people who hang together.")
    path_limit: int = told("path_limit", "Links of the longest shortest path that counts for betweenness.")
    method: str = told("method", "The software.")


StartArgument = Annotated[NetworkStart, strawberry.argument(description="Where to start.")]
DepthArgument = Annotated[int, strawberry.argument(description="Hops, 1 to 6.")]
MeasuredBudget = Annotated[int, strawberry.argument(description="Most people and events measured, 1 to 2000.")]


def communities_question(
    start: StartArgument,
    depth: DepthArgument = 2,
    budget: MeasuredBudget = 500,
    within: WithinArgument = None,
    resolution: Annotated[
        float, strawberry.argument(description="Above 1 more and smaller communities, 0.01 to 100.")
    ] = 1.0,
    seed: Annotated[int, strawberry.argument(description="The same seed, the same communities.")] = 1,
) -> questions.CommunitiesQuestion:
    """How what lies around one node falls into communities."""
    return questions.CommunitiesQuestion(piece_of(start, depth, budget, within), resolution, seed)


def key_players_question(
    start: StartArgument,
    depth: DepthArgument = 2,
    budget: MeasuredBudget = 500,
    within: WithinArgument = None,
    order_by: Annotated[
        measures.KeyOrder, strawberry.argument(description="The measure.")
    ] = measures.KeyOrder.BETWEENNESS,
    first: Annotated[int, strawberry.argument(description="How many people, 1 to 100.")] = 10,
    path_limit: Annotated[
        int, strawberry.argument(description="Links of the longest path that counts for betweenness, 2 to 30.")
    ] = 8,
) -> questions.KeyPlayersQuestion:
    """Who holds together what lies around one node."""
    return questions.KeyPlayersQuestion(piece_of(start, depth, budget, within), order_by, first, path_limit)


# --- the whole graph -----------------------------------------------------------------------------------------


def analysed_entities(root: strawberry.Parent[whole.Analysis]) -> list[str] | None:
    """The agencies whose records went in; None for all."""
    return None if root.wish.entities is None else sorted(root.wish.entities)


@strawberry.type(description="One analysis of the whole graph: you may read every record that went in.")
class Analysis:
    """`whole.Analysis`."""

    id: strawberry.ID = told("id", "Its id.")
    at: Instant = told("at", "When it was made.")
    by: str = told("by", "By which account.")
    software: str = told("software", "What computed it.")
    entities: list[strawberry.ID] | None = computed(analysed_entities, "Whose records went in; null where all did.")
    resolution: float = told("wish.resolution", "Of the communities.")
    seed: int = told("wish.seed", "Of the communities, and of the sources.")
    people: int = told("people", "People that went in.")
    events: int = told("events", "Events that went in.")
    links: int = told("links", "Links between them.")
    components: int = told("components", "How many components there are.")
    communities: int = told("communities", "How many communities.")
    modularity: float = told("modularity", "How good a description those are.")
    is_betweenness_exact: bool = told(
        "is_betweenness_exact",
        "Whether betweenness is exact; else it is estimated in components of more than 2,000 people and events.",
    )


@strawberry.type(description="What an analysis found of one record.")
class Measured:
    """`whole.Measured`."""

    record: strawberry.ID = told("record", "The person or event.")
    kind: model.NodeKind = told("kind", "Which of the two.")
    component: int = told("component", "Its component, from 1, the largest first.")
    component_size: int = told("component_size", "People and events of that.")
    community: int = told("community", "Its community, from 1, the largest first.")
    degree: int = told("degree", "Its links.")
    page_rank: float = told("page_rank", "Share of a random walk.")
    betweenness: float = told(
        "betweenness", "Pairs of people whose shortest paths run through it, each by the share of its paths."
    )
    is_articulation: bool = told("is_articulation", "Whether removing it parts people: somebody is cut off.")
    cut_off: int = told("cut_off", "People who would no longer hang together with the largest rest.")
    because: list[str] = told("because", "Why it counts, in sentences of counts.")


@strawberry.input(description="Which results are wanted; what is null does not bind.")
class MeasureWhere:
    """`MeasureFilter`."""

    component: int | None = strawberry.field(default=None, description="Of that component.")
    community: int | None = strawberry.field(default=None, description="Of that community.")
    least_component_size: int | None = strawberry.field(default=None, description="Of components at least so large.")
    least_degree: int | None = strawberry.field(default=None, description="With at least so many links.")
    articulation_only: bool = strawberry.field(default=False, description="Only whose removal cuts somebody off.")
    people_only: bool = strawberry.field(default=False, description="No events; only the order of components has them.")


AnalysisArgument = Annotated[
    strawberry.ID | None, strawberry.argument(description="Which analysis; without it the newest you may read.")
]


async def analyses(info: Info) -> tuple[whole.Analysis, ...]:
    """The analyses that the caller may read."""
    return await analysis_queries.analyses(investigating(info.context).analyses, actor=info.context.actor)


async def measured_records(
    info: Info,
    analysis: AnalysisArgument = None,
    order_by: Annotated[
        whole.MeasureOrder, strawberry.argument(description="The order.")
    ] = whole.MeasureOrder.COMPONENT,
    where: Annotated[MeasureWhere | None, strawberry.argument(description="Which results.")] = None,
    first: First = None,
    after: After = None,
) -> Page[whole.Measured]:
    """A page of results."""
    context = info.context
    store = investigating(context).analyses
    of = await analysis_queries.analysis(store, analysis, actor=context.actor)
    wanted = MeasureFilter() if where is None else MeasureFilter(**vars(where))
    page = PageRequest(first=first, after=after)
    found = await analysis_queries.measures(store, of, order_by, wanted, page, actor=context.actor)
    await context.note("read analysis", [each.record for each in found.nodes])
    return found


async def measured(
    info: Info,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="Records, at most 500.")],
    analysis: AnalysisArgument = None,
) -> tuple[whole.Measured, ...]:
    """The results of some records."""
    context = info.context
    store = investigating(context).analyses
    asked = analysis_queries.analysis(store, analysis, actor=context.actor)
    of = await context.looked_up("read analysis", asked, about=ids, records=lambda _: ids)
    return await analysis_queries.measured(store, of, ids, actor=context.actor)
