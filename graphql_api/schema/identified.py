"""GraphQL of sightings: where an identifier that somebody knows is told. The text is compared and told nowhere."""

from __future__ import annotations

from typing import Annotated

import strawberry

from graphql_api.schema.classification import Info
from graphql_api.schema.reading import told
from registry.cases import sightings
from registry.cases.model import IdentifierKind

strawberry.enum(IdentifierKind, name="IdentifierKind", description="What an identifier is of.")


@strawberry.type(description="An event that tells an identifier: of itself, or of one who took part.")
class Sighting:
    """`model.Sighting`."""

    event: strawberry.ID = told("event", "The event.")
    entity: strawberry.ID = told("entity", "The reporting entity that told it.")
    person: strawberry.ID | None = told("person", "Of whom it is told; null where it is the event's own.")


@strawberry.type(description="Where an identifier is told, within what you may see.")
class Sightings:
    """`sightings.Sightings`."""

    sightings: list[Sighting] = told("sightings", "By event, then person.")
    truncated: bool = told("truncated", "Whether your own limit left some out.")


async def identified(
    info: Info,
    kind: Annotated[IdentifierKind, strawberry.argument(description="What it is of.")],
    text: Annotated[
        str,
        strawberry.argument(description="As it was written; case, blanks and punctuation make no difference."),
    ],
    first: Annotated[int, strawberry.argument(description="Most sightings, 1 to 500.")] = 50,
) -> sightings.Sightings:
    """Where the identifier is told."""
    context = info.context
    return await sightings.sightings(context.cases, kind, text, first=first, actor=context.actor)
