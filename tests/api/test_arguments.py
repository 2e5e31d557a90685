"""Arguments become what resolvers take, exactly as the schema library would have it, for every field of the schema."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    OperationDefinitionNode,
    Undefined,
    parse,
)
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strawberry.types.arguments import convert_arguments

from graphql_api.schema.arguments import Arguments
from graphql_api.schema.literals import inputs_of, reader_of
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


def literal_of(draw: st.DrawFn, type_: Any, depth: int, variables: dict[str, Any]) -> str:
    """A value as a document says it: a literal, fitting or not, or a variable, which may be left out or null."""
    if draw(st.integers(0, 4)) == 0:
        name = f"v{len(variables)}"
        variables[name] = draw(st.sampled_from([Undefined, None, 7, "a", {}]))
        return f"${name}"
    if draw(st.integers(0, 9)) == 0:
        return "null"
    if isinstance(type_, GraphQLNonNull):
        return literal_of(draw, type_.of_type, depth, variables)
    if isinstance(type_, GraphQLList):
        items = [literal_of(draw, type_.of_type, depth, variables) for _ in range(draw(st.integers(0, 2)))]
        return f"[{', '.join(items)}]"
    if isinstance(type_, GraphQLEnumType):
        return str(draw(st.sampled_from([*type_.values, "NONE_OF_THEM"])))
    if isinstance(type_, GraphQLInputObjectType):
        return f"{{{literals_of(draw, type_.fields, depth + 1, variables)}}}"
    return draw(st.sampled_from(['"a"', "7", "true", "2.5"]))


def literals_of(draw: st.DrawFn, fields: dict[str, Any], depth: int, variables: dict[str, Any]) -> str:
    """Literals for some fields or arguments, mostly for those that must be there."""
    chosen = [
        name
        for name, each in fields.items()
        if depth <= DEEPEST and draw(st.integers(0, 9)) < (9 if isinstance(each.type, GraphQLNonNull) else 4)
    ]
    return ", ".join(f"{name}: {literal_of(draw, fields[name].type, depth, variables)}" for name in chosen)


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_document_is_read_the_same(data: st.DataObject) -> None:
    """Literals read once and variables with each request give what graphql-core's own reading gives, or its error."""
    name, field = data.draw(st.sampled_from(FIELDS))
    variables: dict[str, Any] = {}
    literals = data.draw(st.composite(lambda draw: literals_of(draw, field.args, 0, variables))())
    text = f"{{ {name.partition('.')[2]}{f'({literals})' if literals else ''} }}"
    operation = parse(text).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    (node,) = operation.selection_set.selections
    assert isinstance(node, FieldNode)
    values = VariableValues({}, {each: value for each, value in variables.items() if value is not Undefined})
    read = reader_of(field, node)

    mine = [converted(lambda: read(values)) for _ in range(2)]
    theirs = converted(lambda: get_argument_values(field, node, values))

    assert mine == [theirs, theirs]


def json_of(draw: st.DrawFn, type_: Any, depth: int) -> Any:
    """A value as JSON brings it, fitting or not."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from([None, 7, [], {}, {"none": 1}]))
    if isinstance(type_, GraphQLNonNull):
        return json_of(draw, type_.of_type, depth)
    if isinstance(type_, GraphQLList):
        return [json_of(draw, type_.of_type, depth) for _ in range(draw(st.integers(0, 2)))]
    if isinstance(type_, GraphQLEnumType):
        return draw(st.sampled_from([*type_.values]))
    if isinstance(type_, GraphQLInputObjectType):
        needed = {name for name, each in type_.fields.items() if isinstance(each.type, GraphQLNonNull)}
        return {
            name: json_of(draw, each.type, depth + 1)
            for name, each in type_.fields.items()
            if name in needed or (depth < DEEPEST and draw(st.booleans()))
        }
    return draw(st.sampled_from(["a", 7, True]))


def outcome(values: VariableValues | list[GraphQLError]) -> Any:
    """What was read, or the errors met."""
    if isinstance(values, list):
        return [(error.message, error.locations) for error in values]
    return values.coerced, {name: source.value for name, source in values.sources.items()}


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_request_is_read_the_same(data: st.DataObject) -> None:
    """Variables that fit, that do not, that are left out, with and without a default, and some that nobody declared."""
    types = list({str(each.type): each.type for _, field in FIELDS for each in field.args.values()}.values())
    declared = data.draw(st.lists(st.tuples(st.sampled_from(types), st.booleans()), max_size=3))
    names = {f"v{number}": type_ for number, (type_, _) in enumerate(declared)}
    given = {
        name: data.draw(st.composite(lambda draw, t=type_: json_of(draw, t, 0))()) for name, type_ in names.items()
    }
    given = {name: value for name, value in given.items() if data.draw(st.integers(0, 3))} | {"other": 1}
    head = ", ".join(f"$v{at}: {type_}{' = null' if default else ''}" for at, (type_, default) in enumerate(declared))
    operation = parse(f"query {f'({head})' if head else ''} {{ schemes {{ id }} }}").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)

    mine = inputs_of(SCHEMA._schema, operation)(given)
    theirs = get_variable_values(SCHEMA._schema, operation.variable_definitions or (), given, max_errors=5)

    assert outcome(mine) == outcome(theirs)


@pytest.mark.parametrize("name", ["Query.egoNetwork", "Query.paths"])
def test_a_plan_is_made_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second request looks at no type."""
    ours = dict(FIELDS)[name].extensions[DEFINITION]
    arguments = Arguments(CONVERTER.scalar_registry, SCHEMA.config)
    arguments.of(ours, {})
    monkeypatch.setattr(Arguments, "_converter", None)

    assert arguments.of(ours, {"budget": 3}) == {"budget": 3}
