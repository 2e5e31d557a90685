"""Argument values into what resolvers take, by a plan made once a field instead of a look at its types each time.

Gives exactly what the schema library's own conversion gives (a test compares them over the whole schema); a type that
it does not know by itself (``Maybe``, a lazy type, an input that builds its own value) is left to the library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any

from strawberry import UNSET
from strawberry.scalars import is_scalar
from strawberry.types.arguments import convert_argument
from strawberry.types.base import StrawberryList, StrawberryMaybe, StrawberryOptional, has_object_definition
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.field import StrawberryField

Convert = Callable[[Any], Any]


class Arguments:
    """The conversion of one schema. A plan is made when a field's arguments are first converted."""

    def __init__(self, scalars: Any, config: Any) -> None:
        self._scalars = scalars
        self._config = config
        self._plans: dict[int, tuple[StrawberryField, list[tuple[str, str, Convert]]]] = {}
        self._inputs: dict[type, Convert] = {}

    def of(self, field: StrawberryField, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values by the names that the field's resolver has for them."""
        plan = self._plans.get(id(field))
        if plan is None:  # the field is kept with its plan, so that its id stays its own
            plan = self._plans[id(field)] = (field, self._plan(field))
        return {ours: convert(values[name]) for name, ours, convert in plan[1] if name in values}

    def _plan(self, field: StrawberryField) -> list[tuple[str, str, Convert]]:
        name_of = self._config.name_converter.from_argument
        return [(name_of(each), each.python_name, self._converter(each.type)) for each in field.arguments]

    def _converter(self, type_: Any) -> Convert:
        """How values of a type are converted."""
        if isinstance(type_, StrawberryMaybe):
            return self._by_library(type_)
        if isinstance(type_, StrawberryOptional):
            return self._converter(type_.of_type)
        if isinstance(type_, StrawberryList):
            item = self._converter(type_.of_type)
            return lambda values: values if _is_absent(values) else [item(each) for each in values]
        if isinstance(type_, StrawberryEnumDefinition) or is_scalar(type_, self._scalars) or has_enum_definition(type_):
            return _same
        if has_object_definition(type_) and type_.__strawberry_definition__.from_input is None:
            return self._input(type_)
        return self._by_library(type_)

    def _input(self, type_: Any) -> Convert:
        """How an input object becomes one of its class; made once a class, since inputs may hold their own kind."""
        known = self._inputs.get(type_)
        if known is not None:
            return known
        definition = type_.__strawberry_definition__
        missing = {
            field.python_name: None
            for field in definition.fields
            if field.default_value is MISSING and field.default_factory is MISSING
        }
        parts: list[tuple[str, str, Convert]] = []

        def convert(value: Any) -> Any:
            if _is_absent(value):
                return value
            given = {ours: part(value[name]) for name, ours, part in parts if name in value}
            return type_(**{**missing, **given})

        self._inputs[type_] = convert
        name_of = self._config.name_converter.from_field
        for field in definition.fields:
            kind = field.resolve_type(type_definition=definition)
            parts.append((name_of(field), field.python_name, self._converter(kind)))
        return convert

    def _by_library(self, type_: Any) -> Convert:
        return lambda value: convert_argument(value, type_, self._scalars, self._config)


def _same(value: Any) -> Any:
    return value


def _is_absent(value: Any) -> bool:
    """Whether the value is one that no type changes."""
    return value is None or value is UNSET
