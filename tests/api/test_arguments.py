"""Arguments become what resolvers take, exactly as the schema library would have it, for every field of the schema."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    Undefined,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strawberry.types.arguments import convert_arguments

from graphql_api.schema.arguments import Arguments
from graphql_api.schema.query import build_schema
from graphql_api.schema.shaping import DEFINITION
from registry.errors import IctipError

SCHEMA = build_schema()
CONVERTER = SCHEMA.schema_converter
FIELDS = sorted(
    (f"{type_.name}.{name}", field)
    for type_ in SCHEMA._schema.type_map.values()
    if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
    for name, field in type_.fields.items()
    if field.args
)
DEEPEST = 3


def values_of(draw: st.DrawFn, type_: Any, depth: int) -> Any:
    """A value as graphql-core hands it on: enums as members, scalars as anything, inputs as mappings."""
    if isinstance(type_, GraphQLNonNull):
        return values_of(draw, type_.of_type, depth)
    if isinstance(type_, GraphQLList):
        return [values_of(draw, type_.of_type, depth) for _ in range(draw(st.integers(0, 2)))]
    if isinstance(type_, GraphQLEnumType):
        return draw(st.sampled_from([each.value for each in type_.values.values()]))
    if isinstance(type_, GraphQLInputObjectType):
        return given_of(draw, type_.fields, depth + 1)
    return draw(st.sampled_from(["a", "", 7, True]))


def given_of(draw: st.DrawFn, fields: dict[str, Any], depth: int) -> dict[str, Any]:
    """Values for some fields or arguments; null where that is allowed, defaults as graphql-core fills them in."""
    found: dict[str, Any] = {}
    for name, each in fields.items():
        needed = isinstance(each.type, GraphQLNonNull)
        default = default_of(each)
        if not needed and (depth > DEEPEST or draw(st.booleans())):
            if default is not Undefined:
                found[name] = default
            continue
        found[name] = None if not needed and draw(st.integers(0, 3)) == 0 else values_of(draw, each.type, depth)
    return found


def default_of(each: GraphQLArgument | GraphQLInputField) -> Any:
    """What stands for a value that is not given; Undefined where nothing does."""
    default = getattr(each, "default_value", Undefined)
    return Undefined if default is None and isinstance(each.type, GraphQLNonNull) else default


def converted(how: Any) -> Any:
    """The outcome: what was made, or which error."""
    try:
        return how()
    except IctipError as error:
        return type(error), error.facts
    except Exception as error:
        return type(error), str(error)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_field_takes_the_same(data: st.DataObject) -> None:
    """Whatever is given."""
    _, field = data.draw(st.sampled_from(FIELDS))
    ours = field.extensions[DEFINITION]
    values = data.draw(st.composite(lambda draw: given_of(draw, field.args, 0))())
    arguments = Arguments(CONVERTER.scalar_registry, SCHEMA.config)

    mine = converted(lambda: arguments.of(ours, values))
    theirs = converted(lambda: convert_arguments(values, ours.arguments, CONVERTER.scalar_registry, SCHEMA.config))

    assert repr(mine) == repr(theirs)


@pytest.mark.parametrize("name", ["Query.egoNetwork", "Query.paths"])
def test_a_plan_is_made_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second request looks at no type."""
    ours = dict(FIELDS)[name].extensions[DEFINITION]
    arguments = Arguments(CONVERTER.scalar_registry, SCHEMA.config)
    arguments.of(ours, {})
    monkeypatch.setattr(Arguments, "_converter", None)

    assert arguments.of(ours, {"budget": 3}) == {"budget": 3}
