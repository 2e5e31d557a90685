"""GraphQL types and root field of components: what hangs together, across borders and agencies."""

from __future__ import annotations

from typing import Annotated

import strawberry

from graphql_api.schema.network import (
    BudgetArgument,
    Network,
    NetworkStart,
    OnlyIds,
    WithinArgument,
    told_within,
)
from graphql_api.schema.reading import computed, told
from graphql_api.schema.scalars import CodeText
from registry.network import components as parts
from registry.network import model, questions


def people_of(root: strawberry.Parent[parts.Component]) -> int:
    """How many people."""
    return len(root.people)


def events_of(root: strawberry.Parent[parts.Component]) -> int:
    """How many events."""
    return len(root.events)


def countries_of(root: strawberry.Parent[parts.Component]) -> int:
    """How many countries."""
    return len(root.countries)


def agencies_of(root: strawberry.Parent[parts.Component]) -> int:
    """How many agencies."""
    return len(root.agencies)


@strawberry.type(description="People and events that hang together.")
class NetworkComponent:
    """`components.Component`."""

    people: list[strawberry.ID] = told("people", "Its people, by id.")
    events: list[strawberry.ID] = told("events", "Its events, by id.")
    countries: list[CodeText] = told(
        "countries", "Countries that its events were recorded in, exploited in or led through."
    )
    agencies: list[strawberry.ID] = told("agencies", "Reporting entities that told of its records.")
    people_count: int = computed(people_of, "How many people.")
    event_count: int = computed(events_of, "How many events.")
    country_count: int = computed(countries_of, "How many countries.")
    agency_count: int = computed(agencies_of, "How many agencies.")
    crosses_borders: bool = told("crosses_borders", "Whether there is more than one country.")
    crosses_agencies: bool = told("crosses_agencies", "Whether there is more than one agency.")
    because: list[str] = told("because", "Why it counts, in sentences of counts.")


@strawberry.type(description="What hangs together in a piece of the network.")
class NetworkComponents:
    """`components.Components`."""

    components: list[NetworkComponent] = told("components", "Those of most people and events first.")
    network: Network = told("network", "The piece, and what is not in it.")


def components_question(
    around: Annotated[
        NetworkStart | None, strawberry.argument(description="Around this node; a hub itself joins nothing.")
    ] = None,
    ids: Annotated[OnlyIds | None, strawberry.argument(description="Or among these people and events.")] = None,
    depth: Annotated[int | None, strawberry.argument(description="Hops from the start, 1 to 6; 2 without it.")] = None,
    budget: BudgetArgument = 500,
    within: WithinArgument = None,
) -> questions.ComponentsQuestion:
    """What hangs together around a node, or among some records."""
    among = ids or OnlyIds()
    return questions.ComponentsQuestion(
        around=None if around is None else model.Start(around.kind, around.id),
        people=tuple(among.people or ()),
        events=tuple(among.events or ()),
        depth=depth,
        budget=budget,
        within=told_within(within),
    )
