"""``ictip languages``: how complete and how fresh the labels of a version are."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from graphql_api.cli.asking import AnyData, AsKnownAt, ValidOn, catalogue_of, chosen
from graphql_api.cli.console import DONE, FAULTS_FOUND
from registry.access.actor import local_user
from registry.classification.languages import LanguageReport, version_languages

SHOWN = 8
"""Codes named of those missing or stale; GraphQL `languages` names all."""


def languages(
    scheme: Annotated[str, typer.Argument(help="The scheme: units.")],
    version: Annotated[str | None, typer.Argument(help="The version; without it the latest.")] = None,
    valid_on: ValidOn = None,
    as_known_at: AsKnownAt = None,
    data: AnyData = None,
) -> int:
    """Say of each language how many items have a label, which have none, and which are older than their source text.

    Languages stand in the order in which a label is looked for. Exit code 1 says that a required one is not complete.
    """
    actor = local_user()
    catalogue = asyncio.run(catalogue_of(data, actor, known_at=as_known_at))
    found = version_languages(catalogue, scheme, choice=chosen(version, valid_on), actor=actor)
    for each in found.languages:
        typer.echo(line_of(each))
    return FAULTS_FOUND if any(each.required and not each.complete for each in found.languages) else DONE


def line_of(report: LanguageReport) -> str:
    """``fr  20 of 20, 0 official  required``, and what is wrong."""
    marks = [mark for mark, is_so in (("source", report.is_source), ("required", report.required)) if is_so]
    wrong = [
        f"{word}: {', '.join(codes[:SHOWN])}{' ...' if len(codes) > SHOWN else ''}"
        for word, codes in (("missing", report.missing), ("stale", report.stale))
        if codes
    ]
    told = f"{report.language}  {report.labelled} of {report.items}, {report.official} official"
    return "  ".join([told, *marks, *wrong])
