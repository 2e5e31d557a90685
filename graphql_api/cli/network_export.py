"""``ictip network export``: what lies around one node, as a file."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from graphql_api.cli.console import DONE
from graphql_api.cli.key import DEFAULT_DATA, Data, act_here, appender, run
from graphql_api.settings import Settings, settings_from
from registry.access.pseudonyms import KEY_BYTES, Pseudonyms
from registry.cases.codebook import CatalogueCodebook
from registry.classification.current import catalogue_of
from registry.errors import ArgumentsConflicting, FileNotWritable
from registry.network.exporting import ExportFormat, ExportWish, exported_network, top_labels, write_file
from registry.network.exports.material import ExportedNetwork
from registry.network.exports.palette import ColourBy
from registry.network.model import Judged, NodeKind, Start, Within
from registry.network.queries import ego_network
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.exports import BoltFactsStore
from registry.storage.bolt.networks import network_stores
from registry.storage.rdf.network_turtle import turtle_text


def export(
    start: Annotated[str, typer.Argument(help="person:ID, event:ID, entity:ID, area:CODE or concept:CODE.")],
    out: Annotated[Path, typer.Option(help="The file to write; it is replaced.")],
    format: Annotated[ExportFormat, typer.Option(help="The kind of file.")] = ExportFormat.SVG,
    depth: Annotated[int, typer.Option(help="Hops.")] = 2,
    budget: Annotated[int, typer.Option(help="Most people and events; of a picture 500.")] = 300,
    together: Annotated[bool, typer.Option("--together", help="Records judged the same are one.")] = False,
    colour_by: Annotated[
        ColourBy | None,
        typer.Option(help="Colours of events in a picture, else by form; refused of other files."),
    ] = None,
    pseudonyms: Annotated[
        bool, typer.Option("--pseudonyms", help="Pseudonyms for people and events, years for dates.")
    ] = False,
    language: Annotated[str, typer.Option(help="Of the labels in a picture.")] = "en",
    data: Data = DEFAULT_DATA,
) -> int:
    """Write what lies around one node as GraphML, GEXF, Cytoscape JSON, two CSV tables, Turtle or a picture.

    The same records give the same file. What was left out stands in it.
    """
    settings = settings_from(os.environ, data=data)
    wish = ExportWish(format, colour_by, pseudonyms)
    begin = told_start(start)
    act = act_here("network export")

    async def work(database: Database) -> ExportedNetwork:
        catalogue = await catalogue_of(BoltReleaseStore(database))
        found = await ego_network(
            network_stores(database, CatalogueCodebook(catalogue)),
            actor=act.actor,
            start=begin,
            depth=depth,
            budget=budget,
            within=Within(judged=Judged.TOGETHER if together else Judged.APART),
        )
        material = await exported_network(
            BoltFactsStore(database),
            found,
            wish,
            names=names_of(settings),
            labels=top_labels(catalogue, [language, "en"]),
            actor=act.actor,
        )
        row = act.row(f"export network as {format.value}", records=found.node_ids)
        await appender(database).append(row)
        return material

    material = run(settings, work)
    body = write_file(material, wish, turtle=turtle_text)
    try:
        out.write_bytes(body)
    except OSError as error:
        raise FileNotWritable(file=out.name, reason=error.strerror or type(error).__name__) from None
    typer.echo(f"{material.title}. {len(body):,} bytes to {out}.")
    for said in material.left_out:
        typer.echo(said)
    return DONE


def told_start(text: str) -> Start:
    """The start that ``kind:id`` names; raises `ArgumentsConflicting`."""
    kind, _, id_ = text.partition(":")
    if kind.upper() not in NodeKind.__members__ or not id_:
        words = ", ".join(name.lower() for name in NodeKind.__members__)
        raise ArgumentsConflicting(arguments="start", rule=f"it is a kind ({words}), a colon, and an id or code")
    return Start(NodeKind[kind.upper()], id_)


def names_of(settings: Settings) -> Pseudonyms:
    """The names of this installation for whoever runs commands; without a key others each time."""
    secret = settings.secrets.pseudonym_key or secrets.token_bytes(KEY_BYTES)
    return Pseudonyms.derive(secret, roles=("command line",), purpose=None, period=settings.pseudonym_period)
