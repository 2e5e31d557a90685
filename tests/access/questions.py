"""Every question that the schema allows, made from the schema itself: a new field is asked without anybody adding it.

Lives here: operations with their variables, full selections, and paths. Elsewhere: what is proved with them
(``test_doors_metamorphic``, ``test_paths``).

An argument's value comes from the pool of its name at its field, else of its name, else of its type; enums, numbers
and truth values need none. One without a pool is `NoPool`: add one to ``worlds_pools``, or the field stays unproven.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
    get_named_type,
)

DEEPEST: Final = 9
"""Levels of a selection: the deepest of ours without repeating a type."""
TOO_WIDE: Final = frozenset({"SavedAnswer"})
"""Types that hold an answer of every kind: all of it at once is more than a document may be."""
ASKED_OPTION: Final = 0.35
"""How often an argument that may be left out is given."""

Pools = Mapping[str, Sequence[Any]]


class NoPool(AssertionError):
    """A field that nobody can ask here, so that nothing is proved of it."""


@dataclass(frozen=True)
class Question:
    """One operation. ``field`` is its root field."""

    field: str
    document: str
    variables: Mapping[str, Any]

    @property
    def body(self) -> dict[str, Any]:
        """What is posted."""
        return {"query": self.document, "variables": dict(self.variables)}

    def given(self, **variables: Any) -> Question:
        """The same with some variables set; they must be declared."""
        return Question(self.field, self.document, {**self.variables, **variables})


@dataclass
class Asker:
    """Makes questions from a schema, from dice, and from pools of values."""

    schema: GraphQLSchema
    dice: random.Random
    pools: Pools
    option: float = ASKED_OPTION
    declared: dict[str, str] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)

    def question(self, root: str, **fixed: Any) -> Question:
        """The root field with everything below it; ``fixed`` sets arguments of the root."""
        asked = self._root(root)
        self.declared, self.variables = {}, {}
        head = self._call(root, asked, fixed)
        body = self._selection(asked.type, (), 1)
        return self._made(root, f"{head}{body}")

    def along(self, path: Sequence[str], **fixed: Any) -> Question:
        """One path of fields from the root, and every leaf at its end."""
        self.declared, self.variables = {}, {}
        asked = self._root(path[0])
        heads = [self._call(path[0], asked, fixed)]
        for name in path[1:]:
            asked = fields_of(asked.type)[name]
            heads.append(self._call(name, asked, {}))
        leaves = [
            self._call(name, leaf, {}) for name, leaf in fields_of(asked.type).items() if not fields_of(leaf.type)
        ]
        return self._made(path[0], f"{' { '.join(heads)} {{ __typename {' '.join(leaves)} {'}' * len(heads)}")

    def _root(self, root: str) -> GraphQLField:
        for kind in (self.schema.query_type, self.schema.mutation_type):
            if kind is not None and root in kind.fields:
                asked: GraphQLField = kind.fields[root]
                return asked
        raise KeyError(root)

    def _made(self, root: str, selected: str) -> Question:
        told = ", ".join(f"${name}: {kind}" for name, kind in self.declared.items())
        mutation = self.schema.mutation_type
        kind = "mutation" if mutation is not None and root in mutation.fields else "query"
        return Question(root, f"{kind} {f'({told})' if told else ''} {{ {selected} }}", dict(self.variables))

    def _call(self, name: str, asked: GraphQLField, fixed: Mapping[str, Any]) -> str:
        """The field's name with its arguments, each a variable of the operation."""
        given = [
            self._argument(name, argument, each, fixed)
            for argument, each in asked.args.items()
            if argument in fixed or _is_needed(each) or self.dice.random() < self.option
        ]
        return f"{name}({', '.join(given)})" if given else name

    def _argument(self, name: str, argument: str, each: GraphQLArgument, fixed: Mapping[str, Any]) -> str:
        variable = f"v{len(self.declared)}"
        self.declared[variable] = str(each.type)
        value = fixed[argument] if argument in fixed else self._value(name, argument, each.type)
        self.variables[variable] = value
        return f"{argument}: ${variable}"

    def _value(self, name: str, argument: str, kind: GraphQLInputType) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return self._value(name, argument, kind.of_type)
        for pool in (f"{name}.{argument}", argument, str(get_named_type(kind))):
            if pool in self.pools:
                return self._drawn(self.pools[pool], kind)
        if isinstance(kind, GraphQLList):
            return [self._value(name, argument, kind.of_type) for _ in range(self.dice.randint(1, 2))]
        if isinstance(kind, GraphQLEnumType):
            return self.dice.choice(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            return self._object(name, kind)
        if str(kind) in {"Int", "Boolean"}:
            return self.dice.choice([1, 2, 3, 5]) if str(kind) == "Int" else self.dice.random() < 0.5
        raise NoPool(f"{name}({argument}: {kind}) has no pool of values")

    def _object(self, name: str, kind: GraphQLInputObjectType) -> dict[str, Any]:
        if kind.is_one_of:
            part, each = self.dice.choice(list(kind.fields.items()))
            return {part: self._value(name, part, GraphQLNonNull(each.type))}
        return {
            part: self._value(name, part, each.type)
            for part, each in kind.fields.items()
            if _is_needed(each) or self.dice.random() < self.option
        }

    def _drawn(self, pool: Sequence[Any], kind: GraphQLInputType) -> Any:
        if isinstance(kind, GraphQLList):
            return self.dice.sample(list(pool), min(len(pool), self.dice.randint(1, 2)))
        return self.dice.choice(list(pool))

    def _selection(self, kind: GraphQLOutputType, above: tuple[str, ...], depth: int) -> str:
        """Every field, no type inside itself; what has nothing left to select is left out."""
        named = get_named_type(kind)
        if isinstance(named, GraphQLUnionType | GraphQLInterfaceType):
            parts = [f"... on {each.name}{self._selection(each, above, depth)}" for each in self._members(named)]
            return f" {{ __typename {' '.join(parts)} }}"
        if not isinstance(named, GraphQLObjectType):
            return ""
        told = ["__typename"]
        for name, each in self._chosen(named):
            below = get_named_type(each.type)
            if isinstance(below, GraphQLObjectType | GraphQLUnionType | GraphQLInterfaceType):
                if below.name not in (*above, named.name) and depth < DEEPEST:
                    call = self._call(name, each, {})
                    told.append(call + self._selection(each.type, (*above, named.name), depth + 1))
            else:
                told.append(self._call(name, each, {}))
        return f" {{ {' '.join(told)} }}"

    def _chosen(self, named: GraphQLObjectType) -> Sequence[tuple[str, GraphQLField]]:
        """Its fields; of a type too wide for one document some, others each time."""
        fields = list(named.fields.items())
        return self.dice.sample(fields, 2) if named.name in TOO_WIDE else fields

    def _members(self, named: GraphQLUnionType | GraphQLInterfaceType) -> Sequence[GraphQLObjectType]:
        return list(self.schema.get_possible_types(named))


def _is_needed(each: GraphQLArgument | GraphQLInputField) -> bool:
    return isinstance(each.type, GraphQLNonNull) and each.default_value is Undefined


def fields_of(kind: GraphQLOutputType) -> Mapping[str, GraphQLField]:
    """The fields of an object, of all members of a union (which share a name only with one type), of a leaf none."""
    named = get_named_type(kind)
    if isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
        told: Mapping[str, GraphQLField] = named.fields
        return told
    if isinstance(named, GraphQLUnionType):
        return {name: each for member in named.types for name, each in member.fields.items()}
    return {}


def paths(schema: GraphQLSchema, roots: Sequence[str], *, depth: int) -> Iterator[tuple[str, ...]]:
    """Every path of fields from these roots that ends in an object, ``depth`` fields long at most."""
    assert schema.query_type is not None
    for root in roots:
        yield from _paths_from((root,), schema.query_type.fields[root], depth)


def _paths_from(path: tuple[str, ...], asked: GraphQLField, depth: int) -> Iterator[tuple[str, ...]]:
    below = fields_of(asked.type)
    if not below:
        return
    yield path
    if len(path) < depth:
        for name, each in below.items():
            yield from _paths_from((*path, name), each, depth)
