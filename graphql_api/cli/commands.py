"""Which commands there are, and what each is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from graphql_api.cli import audit, key
from graphql_api.cli.check import check
from graphql_api.cli.console import ending
from graphql_api.cli.diff import diff
from graphql_api.cli.draft import draft_app
from graphql_api.cli.export import export
from graphql_api.cli.impact import impact
from graphql_api.cli.import_ import import_
from graphql_api.cli.load import load
from graphql_api.cli.release import release
from graphql_api.cli.sample import sample
from graphql_api.cli.schema import schema
from graphql_api.cli.serve import serve
from graphql_api.cli.translate import translate
from graphql_api.settings import software_version


def tell_version(asked: bool) -> None:
    """Print the version and end, if asked."""
    if asked:
        typer.echo(f"ictip {software_version()}")
        raise typer.Exit


def ictip(
    told: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", callback=tell_version, is_eager=True)
    ] = False,
) -> None:
    """Registry and case graph for IC-TIP, the UN classification for administrative data on trafficking in persons."""


def build_app() -> typer.Typer:
    """The whole command line."""
    app = typer.Typer(
        name="ictip", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
    )
    app.callback()(ictip)
    for name, command in (
        ("serve", ending(serve)),
        ("load", ending(load)),
        ("check", ending(check)),
        ("import", ending(import_)),
        ("sample", ending(sample)),
        ("export", ending(export)),
        ("schema", ending(schema)),
        ("diff", ending(diff)),
        ("translate", ending(translate)),
        ("release", ending(release)),
        ("impact", ending(impact)),
    ):
        app.command(name)(command)
    keys = group("API keys.", ("create", key.create), ("list", key.list_), ("revoke", key.revoke))
    chain = group("The audit's chain.", ("verify", audit.verify), ("export", audit.export), ("seal", audit.seal))
    for name, typed in (("key", keys), ("audit", chain), ("draft", draft_app())):
        app.add_typer(typed, name=name)
    return app


def group(told: str, *commands: tuple[str, Callable[..., int]]) -> typer.Typer:
    """Commands of two words."""
    app = typer.Typer(help=told, no_args_is_help=True, rich_markup_mode=None)
    for second, command in commands:
        app.command(second)(command)
    return app
