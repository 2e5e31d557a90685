"""The registry's root fields: schemes, versions, concepts, whole code lists, variables, search; on both axes of time.

``validOn`` asks for what is in force on a day, ``asKnownAt`` for the registry as it stood at an instant; every field
takes both, together. Elsewhere: the types (``classification``), the questions (``registry.classification.queries``).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry

from graphql_api.schema.classification import Info, Languages
from graphql_api.schema.paging import After, Before, First, Last
from graphql_api.schema.scalars import CodeText, Instant, SchemeName, Uri, VersionText
from registry.classification import codelist as codelists
from registry.classification import model, queries
from registry.classification.catalogue import Catalogue, CompiledVersion, Item, VersionChoice
from registry.classification.codelist import Shape
from registry.classification.paging import Page, PageRequest
from registry.errors import ArgumentsConflicting
from registry.instants import datetime_of

SchemeArgument = Annotated[SchemeName, strawberry.argument(description="The scheme's id.")]
VersionArgument = Annotated[
    VersionText | None, strawberry.argument(description="major.minor, or with an edition; without it the latest.")
]
ValidOnArgument = Annotated[
    date | None, strawberry.argument(description="The version in force on that day; instead of a version.")
]
AsKnownAtArgument = Annotated[
    Instant | None,
    strawberry.argument(description="As the registry stood at that instant; together with any of the others."),
]
VariableArgument = Annotated[
    CodeText | None, strawberry.argument(description="A variable; its list is answered. Instead of a scheme.")
]


def schemes(
    info: Info, valid_on: ValidOnArgument = None, as_known_at: AsKnownAtArgument = None
) -> tuple[queries.SchemeAnswer, ...]:
    """Every scheme, by id."""
    return queries.schemes(known(info, as_known_at), actor=info.context.actor, valid_on=valid_on)


def scheme(
    info: Info, id: SchemeArgument, valid_on: ValidOnArgument = None, as_known_at: AsKnownAtArgument = None
) -> queries.SchemeAnswer:
    """One scheme."""
    return queries.scheme(known(info, as_known_at), id, actor=info.context.actor, valid_on=valid_on)


def version(
    info: Info,
    scheme: SchemeArgument,
    version: VersionArgument = None,
    valid_on: ValidOnArgument = None,
    as_known_at: AsKnownAtArgument = None,
) -> CompiledVersion:
    """One version of a scheme."""
    choice = VersionChoice(version=version, valid_on=valid_on)
    return queries.version(known(info, as_known_at), scheme, actor=info.context.actor, choice=choice)


def concept(
    info: Info,
    scheme: Annotated[SchemeName | None, strawberry.argument(description="The scheme's id; with a code.")] = None,
    code: Annotated[CodeText | None, strawberry.argument(description="The code, with its leading zeros.")] = None,
    version: VersionArgument = None,
    valid_on: ValidOnArgument = None,
    uri: Annotated[Uri | None, strawberry.argument(description="The item's URI, instead of scheme and code.")] = None,
    as_known_at: AsKnownAtArgument = None,
) -> Item:
    """One concept, by scheme and code, or by URI."""
    catalogue, actor = known(info, as_known_at), info.context.actor
    if uri is not None:
        if any(given is not None for given in (scheme, code, version, valid_on)):
            raise ArgumentsConflicting(arguments="uri", rule="give it without these, or scheme and code instead")
        return queries.concept_by_uri(catalogue, uri, actor=actor)
    if scheme is None or code is None:
        raise ArgumentsConflicting(arguments="scheme, code, uri", rule="give scheme and code, or a URI")
    choice = VersionChoice(version=version, valid_on=valid_on)
    return queries.concept(catalogue, scheme, code, actor=actor, choice=choice)


def codelist(
    info: Info,
    scheme: Annotated[SchemeName | None, strawberry.argument(description="The scheme's id.")] = None,
    variable: VariableArgument = None,
    version: VersionArgument = None,
    valid_on: ValidOnArgument = None,
    level: Annotated[int | None, strawberry.argument(description="Only that level; of a tree, down to it.")] = None,
    shape: Shape = Shape.FLAT,
    as_known_at: AsKnownAtArgument = None,
    languages: Languages = None,
) -> codelists.Codelist:
    """A whole code list."""
    day = valid_on if variable is None else valid_on or day_of(info, as_known_at)
    return queries.codelist(
        known(info, as_known_at),
        scheme,
        actor=info.context.actor,
        variable=variable,
        choice=VersionChoice(version=version, valid_on=day),
        level=level,
        shape=shape,
        languages=languages or (),
    )


def variables(
    info: Info,
    step: Annotated[int | None, strawberry.argument(description="1 core, 2 enhanced, 3 optional.")] = None,
    describes: Annotated[
        model.UnitOfDescription | None, strawberry.argument(description="Only variables of that unit of description.")
    ] = None,
    valid_on: Annotated[
        date | None,
        strawberry.argument(description="Those in force that day, with the lists bound then."),
    ] = None,
    as_known_at: AsKnownAtArgument = None,
) -> tuple[queries.VariableAnswer, ...]:
    """The disaggregating variables."""
    return queries.variables(
        known(info, as_known_at),
        actor=info.context.actor,
        step=step,
        describes=describes,
        valid_on=valid_on or day_of(info, as_known_at),
    )


def search_concepts(
    info: Info,
    text: Annotated[str, strawberry.argument(description="The beginning of a code, or words of a label.")],
    schemes: Annotated[
        list[SchemeName] | None, strawberry.argument(description="Only in these schemes; without it in all.")
    ] = None,
    version: VersionArgument = None,
    valid_on: ValidOnArgument = None,
    as_known_at: AsKnownAtArgument = None,
    languages: Languages = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Page[queries.SearchHit]:
    """Concepts by code or label."""
    return queries.search_concepts(
        known(info, as_known_at),
        text,
        actor=info.context.actor,
        schemes=schemes or (),
        choice=VersionChoice(version=version, valid_on=valid_on),
        languages=languages or (),
        page=PageRequest(first=first, after=after, last=last, before=before),
    )


def known(info: Info, as_known_at: int | None) -> Catalogue:
    """The classification as it is now, or as the registry stood at that instant."""
    catalogue = info.context.catalogue
    return catalogue if as_known_at is None else catalogue.as_known_at(as_known_at)


def day_of(info: Info, as_known_at: int | None) -> date:
    """The day on which a binding must hold where none is named: today, or that of the instant."""
    return info.context.today if as_known_at is None else datetime_of(as_known_at).date()
