"""``ictip diff``: what changed between two versions of a classification."""

from __future__ import annotations

import asyncio
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from graphql_api.cli.console import DONE
from graphql_api.cli.draft_files import write_bytes
from graphql_api.cli.revising import catalogue_of
from registry.access.actor import local_user
from registry.classification.catalogue import LATEST, VersionChoice
from registry.classification.changes import SchemeDiff
from registry.classification.diff_page import diff_to_html
from registry.classification.report import diff_to_markdown, diff_to_plain
from registry.classification.revision_queries import version_diff


class Form(StrEnum):
    """How a diff is told."""

    PAGE = "page"
    HTML = "html"
    JSON = "json"


def diff_to_json(diff: SchemeDiff) -> str:
    """The diff as indented JSON."""
    return json.dumps(diff_to_plain(diff), ensure_ascii=False, indent=2) + "\n"


WRITERS: Final = {
    Form.PAGE: diff_to_markdown,
    Form.HTML: diff_to_html,
    Form.JSON: diff_to_json,
}


def diff(
    scheme: Annotated[str, typer.Argument(help="The scheme: units, isic ...")],
    old: Annotated[str, typer.Argument(help="The older version: 4.0.")],
    new: Annotated[str | None, typer.Argument(help="The newer version; without it the latest.")] = None,
    format: Annotated[Form, typer.Option(help="A readable page in Markdown or HTML, or JSON.")] = Form.PAGE,
    out: Annotated[Path | None, typer.Option(help="The file to write; without it it is printed.")] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of the embedded engine; without it the package's own vocabularies.")
    ] = None,
) -> int:
    """Say everything that differs between two versions, gravest first, and the least number it asks for."""
    actor = local_user()
    catalogue = asyncio.run(catalogue_of(data, actor))
    choice = LATEST if new is None else VersionChoice(version=new)
    found = version_diff(catalogue, scheme, old=VersionChoice(version=old), new=choice, actor=actor)
    text = WRITERS[format](found.diff)
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_bytes(out, text.encode())
    return DONE
