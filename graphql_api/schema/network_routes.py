"""Routes and similar events, in GraphQL."""

from __future__ import annotations

from typing import Annotated

import strawberry

from graphql_api.schema.classification import Info
from graphql_api.schema.network_door import told_page
from graphql_api.schema.network_ground import SearchAccount, SearchExtent, Where, extent_of, ground_of
from graphql_api.schema.paging import After, Connection, First
from graphql_api.schema.reading import computed, told
from graphql_api.schema.scalars import CodeText
from registry.classification.paging import Page
from registry.identifiers import EventId
from registry.network import route_queries, routes, similar_queries, similarity

for _enum, _name, _description in (
    (routes.Origin, "RouteOrigin", "What stands for where a victim came from."),
    (routes.AreaLevel, "AreaLevel", "How far areas are rolled up."),
    (routes.By, "RouteBy", "What rows are told apart by, beside the route."),
):
    strawberry.enum(_enum, name=_name, description=_description)


def known_code(root: strawberry.Parent[routes.Known]) -> str | None:
    """The code."""
    return root.code or None


def known_missing(root: strawberry.Parent[routes.Known]) -> str | None:
    """Why there is none."""
    return root.missing or None


@strawberry.type(description="A code, or why there is none.")
class KnownCode:
    """`routes.Known`."""

    code: CodeText | None = computed(known_code, "The code; a year is one too.")
    missing: str | None = computed(
        known_missing,
        "A missing state, `not-told` where the record says nothing of that variable, `several-years` of a date.",
    )


@strawberry.type(description="An area of a route.")
class RouteStop:
    """`routes.Stop`."""

    area: KnownCode = told("area", "The area at the level asked for.")
    is_coarser: bool = told("is_coarser", "Whether it is told as a region only, coarser than the level.")


def part_by(root: strawberry.Parent[tuple[routes.By, routes.Known]]) -> routes.By:
    """The variable."""
    return root[0]


def part_value(root: strawberry.Parent[tuple[routes.By, routes.Known]]) -> routes.Known:
    """The value."""
    return root[1]


@strawberry.type(description="What a row is told apart by.")
class RoutePart:
    """One entry of `routes.Route.by`."""

    by: routes.By = computed(part_by, "By what.")
    value: KnownCode = computed(part_value, "Its value.")


@strawberry.type(description="One row: victims and events of a route.")
class Route:
    """`routes.Route`."""

    origin: RouteStop = told("origin", "Where the victims came from.")
    transits: list[RouteStop] = told("transits", "Through where, in order.")
    destination: RouteStop = told("destination", "Where they were exploited.")
    by: list[RoutePart] = told("by", "What the row is told apart by, in the order of the question.")
    victims: int = told("victims", "Victims, each person once.")
    events: int = told("events", "Events, each once.")


@strawberry.type(description="One step of the routes.")
class RouteLeg:
    """`routes.Leg`."""

    source: RouteStop = told("source", "From where.")
    target: RouteStop = told("target", "To where.")
    victims: int = told("victims", "Victims, each person once.")
    events: list[strawberry.ID] = told("events", "The events that tell it, by id.")


async def page_of_routes(
    root: strawberry.Parent[route_queries.Routes], info: Info, first: First = None, after: After = None
) -> Page[routes.Route]:
    """Some of the rows, which name no record."""
    return await told_page(info, "count routes", root.page, lambda _: (), first, after)


async def page_of_legs(
    root: strawberry.Parent[route_queries.Routes], info: Info, first: First = None, after: After = None
) -> Page[routes.Leg]:
    """Some of the legs."""
    return await told_page(
        info,
        "count routes",
        root.page_of_legs,
        lambda legs: (event for leg in legs for event in leg.events),
        first,
        after,
    )


@strawberry.type(description="Routes and their legs, and what was left out.")
class Routes:
    """`route_queries.Routes`."""

    routes: Connection[Route] = computed(
        page_of_routes, "The rows, those with most victims first. They need not add up to a total."
    )
    legs: Connection[RouteLeg] = computed(page_of_legs, "The legs, those with most victims first.")
    account: SearchAccount = told("account", "What was read, and what was left out.")


def routes_question(
    where: Where = None,
    level: Annotated[
        routes.AreaLevel, strawberry.argument(description="How far areas are rolled up.")
    ] = routes.AreaLevel.COUNTRY,
    origin: Annotated[
        routes.Origin, strawberry.argument(description="What stands for where victims came from.")
    ] = routes.Origin.RESIDENCE,
    by: Annotated[list[routes.By] | None, strawberry.argument(description="What rows are told apart by.")] = None,
) -> route_queries.RouteQuestion:
    """The routes."""
    return route_queries.RouteQuestion(ground_of(where), level, origin, tuple(by or ()))


@strawberry.type(description="One variable's part in a likeness.")
class VariableLikeness:
    """`similarity.Likeness`."""

    variable: str = told("variable", "form, area, dates, or the code of a variable.")
    weight: int = told("weight", "Its weight among all.")
    likeness: float | None = told("likeness", "0 to 1; null where it could not be compared.")
    share: float = told("share", "What it adds to the whole; the shares add up to it.")
    missing: str | None = told("missing", "Why it could not be compared.")


@strawberry.type(description="An event like another.")
class SimilarEvent:
    """`similarity.Similar`."""

    event: strawberry.ID = told("event", "The event.")
    likeness: float = told("likeness", "0 to 1, over what both tell.")
    compared: float = told("compared", "The share of the weight of all variables that both tell, 0 to 1.")
    parts: list[VariableLikeness] = told("parts", "Each variable's part.")


async def page_of_similar(
    root: strawberry.Parent[similar_queries.SimilarEvents], info: Info, first: First = None, after: After = None
) -> Page[similarity.Similar]:
    """Some of the events."""
    return await told_page(
        info, "similar events", root.page, lambda found: (each.event for each in found), first, after
    )


@strawberry.type(description="Events like one event, and what was left out.")
class SimilarEvents:
    """`similar_queries.SimilarEvents`."""

    event: strawberry.ID = told("event", "The event.")
    similar: Connection[SimilarEvent] = computed(page_of_similar, "The most alike first.")
    account: SearchAccount = told("account", "What was read, and what was left out.")


def similar_question(
    event: Annotated[strawberry.ID, strawberry.argument(description="The event.")],
    where: Annotated[
        SearchExtent | None, strawberry.argument(description="Which events it is compared with; without it all.")
    ] = None,
    candidates: Annotated[int, strawberry.argument(description="Most events it is compared with, 1 to 5000.")] = 1_000,
    least_compared: Annotated[
        int, strawberry.argument(description="Per cent of the weight of all variables that both must tell, 0 to 100.")
    ] = 50,
) -> similar_queries.SimilarQuestion:
    """The events like one."""
    return similar_queries.SimilarQuestion(EventId(event), extent_of(where), candidates, least_compared)
