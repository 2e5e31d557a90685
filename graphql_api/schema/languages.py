"""GraphQL types of the languages of a version: how complete, how fresh, in which order they are looked for."""

from __future__ import annotations

import strawberry

from graphql_api.schema.classification import Info, Version
from graphql_api.schema.reading import told
from graphql_api.schema.registry import (
    AsKnownAtArgument,
    SchemeArgument,
    ValidOnArgument,
    VersionArgument,
    known,
)
from graphql_api.schema.scalars import CodeText, LanguageText
from registry.classification import languages as reports
from registry.classification.catalogue import VersionChoice


@strawberry.type(description="How complete and how fresh the labels in one language are.")
class LanguageReport:
    """`languages.LanguageReport`."""

    language: LanguageText = told("language", "The language.")
    required: bool = told("required", "Whether a release needs every label in it.")
    is_source: bool = told("is_source", "Whether the others are translated from it.")
    items: int = told("items", "How many items there are.")
    labelled: int = told("labelled", "How many have a preferred label.")
    official: int = told("official", "Of these how many are official.")
    unofficial: int = told("unofficial", "How many are not.")
    missing: list[CodeText] = told("missing", "Codes without a label.")
    stale: list[CodeText] = told("stale", "Codes whose source text changed since the label was approved.")
    complete: bool = told("complete", "Whether every item has a label that is not stale.")


@strawberry.type(description="The languages of a version.")
class VersionLanguages:
    """`languages.VersionLanguages`."""

    version: Version = told("version", "The version.")
    languages: list[LanguageReport] = told("languages", "Each language, in the order of fallback.")
    fallback: list[LanguageText] = told(
        "fallback", "In which order a label is looked for after the languages asked for."
    )


def languages(
    info: Info,
    scheme: SchemeArgument,
    version: VersionArgument = None,
    valid_on: ValidOnArgument = None,
    as_known_at: AsKnownAtArgument = None,
) -> reports.VersionLanguages:
    """The languages of a version."""
    choice = VersionChoice(version=version, valid_on=valid_on)
    return reports.version_languages(known(info, as_known_at), scheme, choice=choice, actor=info.context.actor)
