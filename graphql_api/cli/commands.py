"""Which commands there are, what each is called, and where it lives.

A command's module is loaded only when that command is called: together they take seconds, and ``serve`` needs few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Annotated, Any, Final

import typer

from graphql_api.cli.console import ending, run
from graphql_api.settings import software_version

COMMANDS: Final[Mapping[str, str]] = {
    "serve": "serve:serve",
    "load": "load:load",
    "check": "check:check",
    "import": "import_:import_",
    "sample": "sample:sample",
    "export": "export:export",
    "schema": "schema:schema",
    "diff": "diff:diff",
    "translate": "translate:translate",
    "timeline": "timeline:timeline",
    "release": "release:release",
    "impact": "impact:impact",
    "recode": "recode:recode",
    "mark": "mark:mark",
    "recount": "recount:recount",
    "languages": "languages:languages",
    "withdraw": "history:withdraw",
    "supersede": "history:supersede",
    "history": "history:history",
    "indicators": "statistics:indicators",
    "emerging": "statistics:emerging",
}
"""Name to ``module:function``."""
GROUPS: Final[Mapping[str, str]] = {
    "key": "key:key_app",
    "grant": "grant:grant_app",
    "opening": "opening:opening_app",
    "refer": "refer:refer_app",
    "contact": "contact:contact_app",
    "audit": "audit:audit_app",
    "draft": "draft:draft_app",
    "network": "network:network_app",
}
"""Name to ``module:function`` that makes the commands of two words."""


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


def run_command(words: Sequence[str]) -> int:
    """Run the command that the words call and make no other; the exit code. An option may stand first."""
    return run(build_app(words[0] if words else None), words)


def build_app(wanted: str | None = None) -> typer.Typer:
    """The whole command line; or of it only the command or group of that name, where there is one, or the version."""
    app = typer.Typer(
        name="ictip", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
    )
    app.callback()(ictip)
    one_is_known = wanted in COMMANDS or wanted in GROUPS or wanted == "--version"
    for name, place in COMMANDS.items():
        if not one_is_known or name == wanted:
            app.command(name)(ending(found(place)))
    for name, place in GROUPS.items():
        if not one_is_known or name == wanted:
            app.add_typer(found(place)(), name=name)
    return app


def found(place: str) -> Any:
    """What stands at ``module:function`` of this package."""
    module, _, function = place.partition(":")
    return getattr(import_module(f"graphql_api.cli.{module}"), function)
