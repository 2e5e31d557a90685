"""Any network answer as files: a field of the network itself, so that whatever gives one can be exported.

The texts come inside the GraphQL answer, under its rights, limits and audit; there is no second door to guard.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated

import strawberry

from graphql_api.context import Investigating, RequestContext
from graphql_api.schema.classification import Info
from graphql_api.schema.reading import told
from graphql_api.schema.scalars import LanguageText
from registry.access.actor import Right
from registry.access.policy import require
from registry.errors import NotReady
from registry.network import exporting, model
from registry.network.exports.palette import ColourBy
from registry.storage.rdf.network_turtle import turtle_text

strawberry.enum(exporting.ExportFormat, name="NetworkFormat", description="A kind of file for a network.")
strawberry.enum(ColourBy, name="NetworkColour", description="What the colour of an event says in a picture.")


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One text with the name it is kept under."""

    name: str
    media: str
    text: str


@strawberry.type(description="A file, ready to be kept.")
class NetworkFile:
    """`WrittenFile`."""

    name: str = told("name", "A name for it.")
    media: str = told("media", "Its media type.")
    text: str = told("text", "All of it: the same for the same network, byte for byte in UTF-8.")


async def export_network(
    root: strawberry.Parent[model.Subgraph],
    info: Info,
    format: Annotated[exporting.ExportFormat, strawberry.argument(description="The kind of file.")],
    colour_by: Annotated[
        ColourBy | None,
        strawberry.argument(description="Colours of events in a picture; null is by form. Refused of other files."),
    ] = None,
    pseudonyms: Annotated[
        bool, strawberry.argument(description="Pseudonyms and years also where you may see names and days.")
    ] = False,
    languages: Annotated[
        list[LanguageText] | None,
        strawberry.argument(
            description="Labels of a picture's legend in the first that has one; other files hold codes."
        ),
    ] = None,
) -> list[WrittenFile]:
    """The network as files, noted before they leave."""
    context = info.context
    wish = exporting.ExportWish(format, colour_by, pseudonyms)
    require(context.actor, Right.READ_CASES)
    assert context.names is not None  # noqa: S101 (for the type checker: whoever may read cases has names)
    material = await exporting.exported_network(
        investigating(context).facts,
        root,
        wish,
        names=context.names,
        labels=exporting.top_labels(context.catalogue, [*(languages or ()), "en"]),
        actor=context.actor,
    )
    # A picture takes up to seconds: other requests go on meanwhile.
    texts = await asyncio.to_thread(exporting.write_files, material, wish, turtle=turtle_text)
    await context.note(f"export network as {format.value}", root.node_ids)
    return [WrittenFile(name, media_of(name, format), text) for name, text in texts.items()]


def media_of(name: str, format: exporting.ExportFormat) -> str:
    """The media type of one file of a format: beside tables lies a text about what is not in them."""
    if name.endswith(".txt"):
        return "text/plain; charset=utf-8"
    return "text/csv; charset=utf-8" if format is exporting.ExportFormat.CSV else exporting.MEDIA[format]


def investigating(context: RequestContext) -> Investigating:
    """The stores; raises `NotReady` where the doors have none."""
    if context.rooms.investigating is None:
        raise NotReady(reason="no store of records is open")
    return context.rooms.investigating
