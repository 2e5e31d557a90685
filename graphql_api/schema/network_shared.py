"""Who shares what with whom, in GraphQL."""

from __future__ import annotations

from typing import Annotated

import strawberry

from graphql_api.schema.classification import Info
from graphql_api.schema.network_door import told_page
from graphql_api.schema.network_ground import HubLimit, SearchAccount, Where, ground_of
from graphql_api.schema.paging import After, Connection, First
from graphql_api.schema.reading import computed, told
from registry.classification.paging import Page
from registry.errors import ArgumentsConflicting
from registry.network import shared, shared_queries

strawberry.enum(shared.SharedKind, name="SharedKind", description="What two people may share.")


@strawberry.type(description="Two people and what they share.")
class SharedLink:
    """`shared.SharedLink`."""

    source: strawberry.ID = told("source", "The one person, of the lesser id.")
    target: strawberry.ID = told("target", "The other.")
    weight: int = told(
        "weight", "How many things they share: events, victims, recruiters, pairs of events, identifiers."
    )
    events: list[strawberry.ID] = told("events", "The events that show it, by id.")
    via: list[str] = told("via", "The victims or recruiters through whom, or the areas in which; by id.")
    identifiers: list[str] = told("identifiers", "Kinds of identifiers shared; the identifiers themselves are nowhere.")
    because: list[str] = told("because", "Why it counts, in sentences of counts.")


async def page_of_links(
    root: strawberry.Parent[shared_queries.SharedLinks], info: Info, first: First = None, after: After = None
) -> Page[shared.SharedLink]:
    """Some of the links."""
    kind = root.kind
    return await told_page(
        info, "shared links", root.page, lambda links: shared_queries.link_records(kind, links), first, after
    )


@strawberry.type(description="Links of a kind, and what was left out.")
class SharedLinks:
    """`shared_queries.SharedLinks`."""

    kind: shared.SharedKind = told("kind", "What is shared.")
    links: Connection[SharedLink] = computed(page_of_links, "The links, the heaviest first, then by ids.")
    crowds: int = told("crowds", "Things that more people share than `crowd`: left out.")
    account: SearchAccount = told("account", "What was read, and what was left out.")


def shared_question(
    kind: Annotated[shared.SharedKind, strawberry.argument(description="What is shared.")],
    people: Annotated[
        list[strawberry.ID] | None, strawberry.argument(description="Only links among these people.")
    ] = None,
    where: Where = None,
    min_weight: Annotated[int, strawberry.argument(description="Least weight of a link, 1 to 1000.")] = 1,
    most_days: Annotated[
        int | None,
        strawberry.argument(description="Of SAME_PLACE_AND_TIME: days between events, 1 to 3660; 30 without it."),
    ] = None,
    crowd: Annotated[
        int,
        strawberry.argument(description="What more people (for a place events) share is left out, 1 to 1000."),
    ] = 100,
    hub_limit: HubLimit = 1_000,
) -> shared_queries.SharedQuestion:
    """The links of a kind."""
    if most_days is not None and kind is not shared.SharedKind.SAME_PLACE_AND_TIME:
        raise ArgumentsConflicting(arguments="kind, mostDays", rule="days are asked of SAME_PLACE_AND_TIME alone")
    days = shared.MOST_DAYS if most_days is None else most_days
    return shared_queries.SharedQuestion(
        likeness=shared.Likeness(kind, days, crowd),
        people=None if people is None else frozenset(people),
        ground=ground_of(where),
        least_weight=min_weight,
        hub_limit=hub_limit,
    )
