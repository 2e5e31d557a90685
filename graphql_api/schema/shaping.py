"""Code written for one selection: it turns a room's frozen models straight into what JSON needs, field by field.

A selection that is *covered* (plain attributes, synchronous computed fields, lists, unions by class) becomes a few
small Python functions, compiled once a document. A field then costs some 0.1 µs instead of the executor's 8. Anything
else, and every error while shaping, is left to graphql-core, so this module knows no error semantics of its own: it
gives exactly what graphql-core would, or says `Uncovered` / raises, and the caller falls back (``execution``).

The code is written from the schema's own names and from constants; of a document only response keys (GraphQL names)
enter it, as string literals.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution.collect_fields import FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from strawberry.types.field import StrawberryField

from graphql_api.schema.arguments import Arguments
from graphql_api.schema.literals import Reader, reader_of
from graphql_api.schema.reading import COLUMNS, PATH, ROWS
from graphql_api.schema.scalars import TEXTS

DEFINITION: Final = "strawberry-definition"
"""Where the schema library leaves its own field beside graphql-core's."""
PASSED: Final = TEXTS | {"String", "ID", "Boolean"}
"""Scalars whose values need no change: texts and booleans already."""
LEAST, GREATEST = -(2**31), 2**31 - 1
"""Of a GraphQL Int; what is none is for graphql-core to tell of."""
INNER: Final = re.compile(r"\bo\.(\w+)\.(?=\w)")
"""The first step of a path of several."""
Root = dict[str, Any]
Details = list[Any]
Shape = Callable[[Any, "Call"], Any]


class Uncovered(Exception):
    """This selection is none for generated code."""


class Null(Exception):
    """Nothing where something must be; graphql-core tells where."""


@dataclass(frozen=True, slots=True)
class Call:
    """What computed fields get: the request as the schema library's ``info``, and each call's arguments."""

    info: Any
    arguments: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Resolver:
    """A root field's own function, called without the schema library's wrappers; ``info`` is its parameter for that."""

    field: StrawberryField
    function: Callable[..., Any]
    info: str | None


@dataclass(frozen=True, slots=True)
class RootField:
    """One root field of an operation: under which key, which field, what reads its arguments and shapes its value.

    ``resolver`` is None where the schema library has more to do than to convert arguments.
    """

    key: str
    definition: GraphQLField
    read: Reader
    shape: Shape
    resolver: Resolver | None


def resolver_of(definition: GraphQLField) -> Resolver | None:
    """The field's own function, where it takes nothing but the request and its arguments."""
    ours = definition.extensions.get(DEFINITION)
    if not isinstance(ours, StrawberryField) or ours.extensions or ours.permission_classes:
        return None
    resolver = ours.base_resolver
    if resolver is None or resolver.self_parameter or resolver.parent_parameter or resolver.root_parameter:
        return None
    function: Any = resolver.wrapped_func
    return Resolver(ours, function, resolver.info_parameter.name if resolver.info_parameter else None)


@dataclass(frozen=True, slots=True)
class CompiledOperation:
    """All root fields, and the calls below them whose arguments must be read for each request."""

    roots: tuple[RootField, ...]
    calls: tuple[tuple[StrawberryField, Reader], ...]

    def arguments(self, variables: VariableValues, arguments: Arguments) -> list[dict[str, Any]]:
        """The arguments of every call, with this request's variables."""
        return [arguments.of(ours, read(variables)) for ours, read in self.calls]


def compile_operation(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: VariableValues,
    classes: Mapping[type, str],
) -> CompiledOperation:
    """Functions for an operation as it is with these values of its directive variables; raises `Uncovered`.

    ``classes`` says which GraphQL type a model of a union is.
    """
    return _Writer(schema, operation, fragments, variables, classes).operation()


@dataclass(slots=True)
class _Source:
    """Python text under way, and the constants that it names."""

    lines: list[str] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)
    count: int = 0

    def fresh(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def constant(self, prefix: str, value: Any) -> str:
        name = self.fresh(prefix)
        self.names[name] = value
        return name

    def function(self, expression: str, value: str = "o") -> str:
        """The name of a function that gives the expression; what it reads from twice (``o.concept.``) is read once."""
        name = self.fresh("shape")
        lines = [f"def {name}({value}, X):"]
        for inner, times in Counter(INNER.findall(expression)).items():
            if times > 1:
                lines.append(f"    in_{inner} = o.{inner}")
                expression = re.sub(rf"\bo\.{inner}\.", f"in_{inner}.", expression)
        self.lines.append("\n".join([*lines, f"    return {expression}\n"]))
        return name


class _Writer:
    """Writes the functions of one operation."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: VariableValues,
        classes: Mapping[type, str],
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._fragments = {name: FragmentDetails(node) for name, node in fragments.items()}
        self._variables = variables
        self._classes = classes
        self._source = _Source(names={"null": _null})
        self._calls: list[tuple[StrawberryField, Reader]] = []

    def operation(self) -> CompiledOperation:
        root = self._schema.get_root_type(self._operation.operation)
        if root is None or self._operation.operation is OperationType.MUTATION:
            raise Uncovered
        groups = collect_fields(self._schema, self._fragments, self._variables, root, self._operation).grouped_field_set
        named = {}
        for key, details in groups.items():
            definition = root.fields.get(details[0].node.name.value)
            if definition is None:  # __schema, __type, __typename at the root
                raise Uncovered
            named[key] = (
                definition,
                details,
                self._source.function(self._complete(definition.type, "o", details, by_function=True)),
            )
        built = self._build()
        roots = tuple(
            RootField(key, definition, reader_of(definition, details[0].node), built[name], resolver_of(definition))
            for key, (definition, details, name) in named.items()
        )
        return CompiledOperation(roots, tuple(self._calls))

    def _build(self) -> dict[str, Any]:
        namespace = dict(self._source.names)
        exec(compile("\n".join(self._source.lines), "<selection>", "exec"), namespace)  # noqa: S102 (our own text)
        return namespace

    def _complete(self, type_: GraphQLOutputType, value: str, details: Details, *, by_function: bool = False) -> str:
        """An expression for a value of that type, None handled as its nullability says."""
        held = value if value.isidentifier() else self._source.fresh("v")
        read = value if held == value else f"({held} := {value})"
        if isinstance(type_, GraphQLNonNull):
            present = self._present(type_.of_type, held, details, by_function=by_function)
            return f"({present} if {read} is not None else null())"
        present = self._present(type_, held, details, by_function=by_function)
        return value if present == held else f"({present} if {read} is not None else None)"

    def _present(self, type_: Any, value: str, details: Details, *, by_function: bool = False) -> str:
        """An expression for a value that is there; an item of a list by a function of its own."""
        if isinstance(type_, GraphQLList):
            item = self._complete(type_.of_type, "x", details, by_function=True)
            return f"{self._source.function(f'[{item} for x in o]')}({value}, X)"
        if isinstance(type_, GraphQLScalarType):
            return self._scalar(type_, value)
        if isinstance(type_, GraphQLEnumType):
            return f"{self._source.constant('names', _EnumNames(type_))}[{value}]"
        if isinstance(type_, GraphQLObjectType):
            if by_function:
                return f"{self._object(type_, details)}({value}, X)"
            return self._object_at(type_, details, value)
        return self._abstract(type_, value, details)

    def _scalar(self, type_: GraphQLScalarType, value: str) -> str:
        if type_.name in PASSED:
            return value
        if type_.name == "Int":
            return f"({value} if type({value}) is int and {LEAST} <= {value} <= {GREATEST} else null())"
        return f"{self._source.constant('serialize', type_.coerce_output_value)}({value})"

    def _abstract(self, type_: GraphQLUnionType | GraphQLInterfaceType, value: str, details: Details) -> str:
        possible = {kind.name: kind for kind in self._schema.get_possible_types(type_)}
        shapes = {
            model: self._object(possible[name], details) for model, name in self._classes.items() if name in possible
        }
        if {self._classes[model] for model in shapes} != set(possible):
            raise Uncovered
        table = self._source.fresh("by_class")
        pairs = ", ".join(f"{self._source.constant('model', model)}: {shape}" for model, shape in shapes.items())
        self._source.lines.append(f"{table} = {{{pairs}}}\n")
        return f"{table}[type({value})]({value}, X)"

    def _object(self, type_: GraphQLObjectType, details: Details) -> str:
        """The name of a function that shapes one object of that type."""
        return self._source.function(self._object_at(type_, details, "o"))

    def _object_at(self, type_: GraphQLObjectType, details: Details, source: str) -> str:
        """An expression that shapes the object of that name, in place: a call less for each object."""
        groups = collect_subfields(
            self._schema, self._fragments, self._variables, self._operation, type_, details
        ).grouped_field_set
        parts = [f"{key!r}: {self._field(type_, inner, source)}" for key, inner in groups.items()]
        return "{" + ", ".join(parts) + "}"

    def _field(self, type_: GraphQLObjectType, details: Details, source: str) -> str:
        node = details[0].node
        if node.name.value == "__typename":
            return repr(type_.name)
        definition = type_.fields[node.name.value]
        metadata = definition.extensions[DEFINITION].metadata
        if names := metadata.get(COLUMNS):
            return self._columns(definition, names, details, source)
        if told := metadata.get(ROWS):
            path, order = told
            return self._rows(definition, path, order, details, source)
        return self._complete(definition.type, self._read(definition, node, source), details)

    def _columns(self, definition: GraphQLField, names: Mapping[str, str], details: Details, source: str) -> str:
        """An expression for a list of objects whose fields stand in columns of ``o``."""
        shape, used = self._of_parts(definition, names, details)
        used = used or list(names)[:1]  # only __typename: any column tells how many there are
        targets = ", ".join(f"c_{name}" for name in used)
        sources = ", ".join(f"o.{names[name]}" for name in used)
        return f"{self._source.function(f'[{shape} for {targets}, in zip({sources})]')}({source}, X)"

    def _rows(self, definition: GraphQLField, path: str, names: Sequence[str], details: Details, source: str) -> str:
        """An expression for a list of objects that stand as tuples in an attribute of ``o``."""
        shape, _ = self._of_parts(definition, names, details)
        targets = ", ".join(f"c_{name}" for name in names)
        return f"{self._source.function(f'[{shape} for {targets} in o.{path}]')}({source}, X)"

    def _of_parts(self, definition: GraphQLField, names: Collection[str], details: Details) -> tuple[str, list[str]]:
        """An expression that shapes an item of a list from its fields' values in ``c_…``, and which it uses."""
        item = definition.type.of_type.of_type.of_type  # type: ignore[union-attr]
        groups = collect_subfields(
            self._schema, self._fragments, self._variables, self._operation, item, details
        ).grouped_field_set
        parts: list[str] = []
        used: dict[str, None] = {}
        for key, inner in groups.items():
            name = inner[0].node.name.value
            if name == "__typename":
                parts.append(f"{key!r}: {item.name!r}")
                continue
            if name not in names:
                raise Uncovered
            used[name] = None
            parts.append(f"{key!r}: {self._complete(item.fields[name].type, f'c_{name}', inner)}")
        return "{" + ", ".join(parts) + "}", list(used)

    def _read(self, definition: GraphQLField, node: FieldNode, source: str) -> str:
        """An expression that reads a field's own value from the object of that name."""
        ours = definition.extensions.get(DEFINITION)
        if not isinstance(ours, StrawberryField) or ours.extensions or ours.permission_classes:
            raise Uncovered
        resolver = ours.base_resolver
        if resolver is None:
            return f"{source}.{ours.python_name}"
        if path := ours.metadata.get(PATH):
            return f"{source}.{path}"
        if resolver.is_async or resolver.self_parameter:
            raise Uncovered
        sources = (resolver.parent_parameter, resolver.root_parameter)
        given = [f"{name}={source}" for name in {parameter.name for parameter in sources if parameter}]
        if resolver.info_parameter:
            given.append(f"{resolver.info_parameter.name}=X.info")
        if ours.arguments:
            given.append(f"**X.arguments[{len(self._calls)}]")
            self._calls.append((ours, reader_of(definition, node)))
        return f"{self._source.constant('resolve', resolver.wrapped_func)}({', '.join(given)})"


class _EnumNames(dict[Any, str]):
    """The GraphQL name of an enum's member, remembered once asked."""

    def __init__(self, type_: GraphQLEnumType) -> None:
        super().__init__()
        self._type = type_

    def __missing__(self, member: Any) -> str:
        name = self[member] = str(self._type.coerce_output_value(member))
        return name


def _null() -> Any:
    raise Null
