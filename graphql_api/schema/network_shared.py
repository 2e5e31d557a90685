"""Who shares what with whom, in GraphQL."""

from __future__ import annotations

from typing import Annotated

import strawberry

from graphql_api.schema.classification import Info
from graphql_api.schema.network_ground import SearchAccount, Where, asked_about, ground_of
from graphql_api.schema.reading import told
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


@strawberry.type(description="Links of a kind, and what was left out.")
class SharedLinks:
    """`shared_queries.SharedLinks`."""

    kind: shared.SharedKind = told("kind", "What is shared.")
    links: list[SharedLink] = told("links", "The links, the heaviest first, then by ids.")
    found: int = told("found", "How many there are, with those beyond `most`.")
    crowds: int = told("crowds", "Things that more people share than `crowd`: left out.")
    account: SearchAccount = told("account", "What was read, and what was left out.")


async def shared_links(
    info: Info,
    kind: Annotated[shared.SharedKind, strawberry.argument(description="What is shared.")],
    people: Annotated[
        list[strawberry.ID] | None, strawberry.argument(description="Only links among these people.")
    ] = None,
    where: Where = None,
    min_weight: Annotated[int, strawberry.argument(description="Least weight of a link, 1 to 1000.")] = 1,
    most_days: Annotated[int, strawberry.argument(description="Days between events at one place, 1 to 3660.")] = 30,
    crowd: Annotated[
        int, strawberry.argument(description="People (for a place events) beyond whom what they share is left out.")
    ] = 100,
    most: Annotated[int, strawberry.argument(description="Most links in the answer, 1 to 1000.")] = 100,
) -> shared_queries.SharedLinks:
    """The links of a kind."""
    context = info.context
    ground = ground_of(where)
    found = shared_queries.shared_links(
        context.rooms.network,
        actor=context.actor,
        likeness=shared.Likeness(kind, most_days, crowd),
        people=None if people is None else frozenset(people),
        ground=ground,
        least_weight=min_weight,
        most=most,
    )
    about = [*(people or ()), *asked_about(ground)]
    return await context.looked_up("shared links", found, about=about, records=record_ids)


def record_ids(found: shared_queries.SharedLinks) -> list[str]:
    """The people and events of an answer."""
    through = () if found.kind is shared.SharedKind.SAME_PLACE_AND_TIME else ("via",)
    ids = [id_ for link in found.links for name in ("events", *through) for id_ in getattr(link, name)]
    people = [person for link in found.links for person in (link.source, link.target)]
    return list(dict.fromkeys([*people, *ids, *(hub.id for hub in found.account.skipped_hubs)]))
