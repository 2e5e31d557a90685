"""``ictip diff``: what changed between two versions of a classification."""

from __future__ import annotations

import asyncio
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from graphql_api.cli.asking import AnyData, AsKnownAt, NewValidOn, OldValidOn, catalogue_of, chosen
from graphql_api.cli.console import DONE
from graphql_api.cli.draft_files import write_bytes
from registry.access.actor import local_user
from registry.classification.changes import SchemeDiff
from registry.classification.diff_page import diff_to_html
from registry.classification.report import diff_to_markdown, diff_to_plain
from registry.classification.revision_queries import version_diff
from registry.errors import ArgumentsConflicting


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
    old: Annotated[str | None, typer.Argument(help="The older version: 4.0.")] = None,
    new: Annotated[str | None, typer.Argument(help="The newer version; without it the latest.")] = None,
    format: Annotated[Form, typer.Option(help="A readable page in Markdown or HTML, or JSON.")] = Form.PAGE,
    out: Annotated[Path | None, typer.Option(help="The file to write; without it it is printed.")] = None,
    old_valid_on: OldValidOn = None,
    new_valid_on: NewValidOn = None,
    as_known_at: AsKnownAt = None,
    data: AnyData = None,
) -> int:
    """Say everything that differs between two versions, gravest first, and the least number it asks for."""
    if old is None and old_valid_on is None:
        raise ArgumentsConflicting(arguments="OLD, --old-valid-on", rule="give one of them")
    actor = local_user()
    catalogue = asyncio.run(catalogue_of(data, actor, known_at=as_known_at))
    before, after = chosen(old, old_valid_on), chosen(new, new_valid_on)
    found = version_diff(catalogue, scheme, old=before, new=after, actor=actor)
    text = WRITERS[format](found.diff)
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_bytes(out, text.encode())
    return DONE
