"""The values of one document's variables and arguments, by a plan: types and literals are looked at once.

Gives exactly what graphql-core's own reading gives, or `Unread`, and then that is asked: it tells what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLSchema,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    Undefined,
    ValueNode,
    VariableNode,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_argument_values, get_variable_values
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_literal, coerce_input_value

Read = Callable[[VariableValues], Any]
Inputs = Callable[[Mapping[str, Any]], VariableValues | list[GraphQLError]]
Reader = Callable[[VariableValues], dict[str, Any]]
Declared = Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField]


class Unread(Exception):
    """The plan does not cover these values."""


def reader_of(definition: GraphQLField, node: FieldNode) -> Reader:
    """What reads the field's arguments for a request's variables. Raises what graphql-core raises."""
    try:
        plan = _plan(definition.args, {each.name.value: each.value for each in node.arguments or ()})
    except (Unread, GraphQLError):  # the latter where an input object refuses its members
        return lambda variables: get_argument_values(definition, node, variables)

    def read(variables: VariableValues) -> dict[str, Any]:
        try:
            return plan(variables)
        except (Unread, GraphQLError):
            return get_argument_values(definition, node, variables)

    return read


def inputs_of(schema: GraphQLSchema, operation: OperationDefinitionNode) -> Inputs:
    """What reads the variables that come with a request: coerced, or the errors that graphql-core finds."""
    declared = operation.variable_definitions or ()
    told = [get_variable_signature(schema, each) for each in declared]
    signatures = [each for each in told if isinstance(each, GraphQLVariableSignature)]  # all, in a valid document

    def read(given: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for signature in signatures:
            value = _fitting(given.get(signature.name, Undefined), signature.type)
            if value is Undefined:  # left out, or unfit
                return get_variable_values(schema, declared, dict(given), max_errors=5)
            sources[signature.name] = VariableValueSource(signature, given[signature.name])
            coerced[signature.name] = value
        return VariableValues(sources, coerced)

    return read


def _plan(declared: Declared, given: Mapping[str, ValueNode]) -> Reader:
    """What reads arguments, or an input object's fields: a copy of what is known now, and the rest."""
    known: dict[str, Any] = {}
    rest: list[tuple[str, Read]] = []
    for name, each in declared.items():
        out, default = each.out_name or name, coerce_default_value(each)
        if default is not Undefined:
            known[out] = default
        if name not in given:
            if default is Undefined and isinstance(each.type, GraphQLNonNull):
                raise Unread
        elif _has_variables(given[name]):
            rest.append((out, _reader(given[name], each.type, needed=default is Undefined)))
        else:
            known[out] = _sound(coerce_input_literal(given[name], each.type))

    def read(variables: VariableValues) -> dict[str, Any]:
        found = {**known}
        for out, read_one in rest:
            value = read_one(variables)
            if value is not Undefined:
                found[out] = value
        return found

    return read


def _reader(node: ValueNode, type_: Any, *, needed: bool) -> Read:
    """What reads one value with variables in it; `Undefined` where a variable may be left out, and is."""
    must = isinstance(type_, GraphQLNonNull)
    if isinstance(node, VariableNode):
        name = node.name.value

        def read(variables: VariableValues) -> Any:
            value = variables.coerced.get(name, Undefined)
            if must and (value is None or (value is Undefined and needed)):
                raise Unread
            return value

        return read
    inner = type_.of_type if must else type_
    if isinstance(node, ObjectValueNode) and isinstance(inner, GraphQLInputObjectType) and not inner.is_one_of:
        plan, make = _plan(inner.fields, {each.name.value: each.value for each in node.fields}), inner.out_type
        return lambda variables: make(plan(variables))
    return lambda variables: _sound(coerce_input_literal(node, type_, variables))


def _fitting(value: Any, type_: GraphQLInputType) -> Any:
    """A variable's value, coerced; `Undefined` where there is none, or none that fits."""
    try:
        return Undefined if value is Undefined else coerce_input_value(value, type_)
    except GraphQLError:  # an input object refuses its members
        return Undefined


def _sound(value: Any) -> Any:
    if value is Undefined:
        raise Unread
    return value


def _has_variables(node: ValueNode) -> bool:
    if isinstance(node, ObjectValueNode):
        return any(_has_variables(each.value) for each in node.fields)
    if isinstance(node, ListValueNode):
        return any(map(_has_variables, node.values))
    return isinstance(node, VariableNode)
