"""Routes and similar events, in GraphQL."""

from __future__ import annotations

from typing import Annotated

import strawberry

from graphql_api.schema.classification import Info
from graphql_api.schema.network_ground import SearchAccount, Where, asked_about, ground_of
from graphql_api.schema.reading import computed, told
from graphql_api.schema.scalars import CodeText
from registry.identifiers import EventId
from registry.network import route_queries, routes, similar_queries

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
        known_missing, "A missing state, `not-told` where the record says nothing, `several-years` of a date."
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


@strawberry.type(description="Routes and their legs, and what was left out.")
class Routes:
    """`route_queries.Routes`."""

    routes: list[Route] = told("routes", "The rows, those with most victims first. They need not add up to a total.")
    legs: list[RouteLeg] = told("legs", "The legs, those with most victims first.")
    found: int = told("found", "Rows there are, with those beyond `most`.")
    legs_found: int = told("legs_found", "Legs there are, with those beyond `most`.")
    account: SearchAccount = told("account", "What was read, and what was left out.")


async def find_routes(
    info: Info,
    where: Where = None,
    level: Annotated[
        routes.AreaLevel, strawberry.argument(description="How far areas are rolled up.")
    ] = routes.AreaLevel.COUNTRY,
    origin: Annotated[
        routes.Origin, strawberry.argument(description="What stands for where victims came from.")
    ] = routes.Origin.RESIDENCE,
    by: Annotated[list[routes.By] | None, strawberry.argument(description="What rows are told apart by.")] = None,
    most: Annotated[int, strawberry.argument(description="Most rows, and most legs, 1 to 1000.")] = 100,
) -> route_queries.Routes:
    """The routes."""
    context = info.context
    ground = ground_of(where)
    found = route_queries.routes(
        context.rooms.network,
        actor=context.actor,
        ground=ground,
        level=level,
        origin=origin,
        by=tuple(by or ()),
        most=most,
    )
    return await context.looked_up(
        "count routes",
        found,
        about=asked_about(ground),
        records=lambda found: dict.fromkeys(event for leg in found.legs for event in leg.events),
    )


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


@strawberry.type(description="Events like one event, and what was left out.")
class SimilarEvents:
    """`similar_queries.SimilarEvents`."""

    event: strawberry.ID = told("event", "The event.")
    similar: list[SimilarEvent] = told("similar", "The most alike first.")
    found: int = told("found", "How many could be compared well enough.")
    account: SearchAccount = told("account", "What was read, and what was left out.")


async def find_similar(
    info: Info,
    event: Annotated[strawberry.ID, strawberry.argument(description="The event.")],
    where: Where = None,
    candidates: Annotated[int, strawberry.argument(description="Most events it is compared with, 1 to 5000.")] = 1_000,
    least_compared: Annotated[
        int, strawberry.argument(description="Per cent of the weight of all variables that both must tell.")
    ] = 50,
    most: Annotated[int, strawberry.argument(description="Most events in the answer, 1 to 100.")] = 20,
) -> similar_queries.SimilarEvents:
    """The events like one."""
    context = info.context
    ground = ground_of(where)
    found = similar_queries.similar_events(
        context.rooms.network,
        actor=context.actor,
        event=EventId(event),
        ground=ground,
        candidates=candidates,
        least_compared=least_compared,
        most=most,
    )
    return await context.looked_up(
        "similar events",
        found,
        about=[event, *asked_about(ground)],
        records=lambda found: [found.event, *(each.event for each in found.similar)],
    )
