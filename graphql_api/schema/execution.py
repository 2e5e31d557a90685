"""Runs one operation: by generated code where that covers it, else by graphql-core, with the same answer either way.

Root fields are resolved once. When shaping their values fails, graphql-core is given those very values and tells the
error as the specification wants it, so no store is asked twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, Final

import structlog
from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    OperationDefinitionNode,
    execute,
)
from graphql.execution.collect_fields import FragmentDetails, collect_fields
from graphql.execution.values import VariableValues, get_argument_values
from strawberry import Info, Schema

from graphql_api.context import RequestContext
from graphql_api.problems import problem_of
from graphql_api.schema.arguments import Arguments
from graphql_api.schema.documents import PreparedDocument, Unanswerable, as_error, name_of, ours_of
from graphql_api.schema.shaping import (
    DEFINITION,
    Call,
    CompiledOperation,
    RootField,
    Uncovered,
    compile_operation,
)
from graphql_api.schema.subscriptions import AFTER, FOLLOWED, Followed
from registry.errors import DocumentInvalid, IctipError, NotAllowed, PurposeMissing, VariablesInvalid

SHAPES_A_DOCUMENT: Final = 16
"""Sets of directive values that code is kept for; more are left to graphql-core."""


class Resolved(dict[str, Any]):
    """Root values already found (or the errors met), by response key: graphql-core's root value when it takes over."""


@dataclass(frozen=True, slots=True)
class Following:
    """A subscription's one root field: under which key, which field, what it follows, and its arguments."""

    key: str
    definition: GraphQLField
    followed: Followed
    arguments: Mapping[str, Any]

    @property
    def after(self) -> str | None:
        """The cursor to begin after; None for now."""
        return self.arguments.get(AFTER)


class _RawInfo:
    """The little of graphql-core's info that resolvers of ours may use: the context."""

    __slots__ = ("context",)

    def __init__(self, context: RequestContext) -> None:
        self.context = context


class Executor:
    """Runs operations of one schema. ``shaping`` off leaves everything to graphql-core (tests compare the two)."""

    def __init__(self, schema: Schema, classes: Mapping[type, str], *, shaping: bool = True) -> None:
        self.schema: GraphQLSchema = schema._schema
        self._classes = classes
        self._shaping = shaping
        self._arguments = Arguments(schema.schema_converter.scalar_registry, schema.config)
        for root in (self.schema.query_type, self.schema.subscription_type):
            for definition in root.fields.values() if root else ():
                definition.resolve = _replayed(definition)

    async def run(
        self,
        prepared: PreparedDocument,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: RequestContext,
    ) -> dict[str, Any]:
        """The answer as GraphQL gives it: ``data``, and ``errors`` if there are any. Raises `Unanswerable`."""
        values = self._values(prepared, operation, variables, context)
        compiled = self._compiled(prepared, operation, values) if self._shaping else None
        resolved = Resolved()
        if compiled is not None:
            await self._resolve(compiled.roots, values, context, resolved)
            data = self._shape(compiled, values, context, resolved)
            if data is not None:
                return {"data": data}
        return await self._by_library(prepared, operation, variables, context, resolved)

    def following(
        self,
        prepared: PreparedDocument,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: RequestContext,
    ) -> Following:
        """What a subscription follows, and after which cursor. Raises `Unanswerable`."""
        values = self._values(prepared, operation, variables, context)
        key, definition, node = self._only_root(prepared, operation, values)
        followed = definition.extensions[DEFINITION].metadata[FOLLOWED]
        try:
            arguments = get_argument_values(definition, node, values)
        except GraphQLError as error:
            raise Unanswerable([as_error(error, ours_of(error, VariablesInvalid))]) from None
        return Following(key, definition, followed, arguments)

    async def check_followed(self, following: Following, context: RequestContext) -> None:
        """Return where there is something to wait for; raise what the field raises otherwise."""
        await following.followed.check(_RootInfo(context, following.key), **following.arguments)

    async def tell(
        self,
        prepared: PreparedDocument,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: RequestContext,
        following: Following,
    ) -> dict[str, Any] | None:
        """What a subscription has to tell of the context's happening; None where that is nothing to this caller.

        The records it names are in the audit when this returns.
        """
        resolved = Resolved()
        try:
            info = _RootInfo(context, following.key)
            value = following.definition.resolve(None, info, **following.arguments)  # type: ignore[misc]
            resolved[following.key] = await value if isawaitable(value) else value
            if resolved[following.key] is None:
                return None
            if records := tuple(following.followed.records(resolved[following.key])):
                await context.note(f"told of {following.followed.kind}", records)
        except Exception as error:
            resolved[following.key] = error
        values = self._values(prepared, operation, variables, context)
        compiled = self._compiled(prepared, operation, values) if self._shaping else None
        data = None if compiled is None else self._shape(compiled, values, context, resolved)
        return (
            {"data": data}
            if data is not None
            else await self._by_library(prepared, operation, variables, context, resolved)
        )

    def _only_root(
        self, prepared: PreparedDocument, operation: OperationDefinitionNode, values: VariableValues
    ) -> tuple[str, GraphQLField, FieldNode]:
        """The one root field of a subscription; validation has seen to there being one."""
        root = self.schema.subscription_type
        assert root is not None  # noqa: S101 (for the type checker: the document is valid)
        fragments = {name: FragmentDetails(node) for name, node in prepared.fragments.items()}
        groups = collect_fields(self.schema, fragments, values, root, operation).grouped_field_set
        ((key, details),) = groups.items()
        node = details[0].node
        definition = root.fields.get(node.name.value)
        if definition is None:  # __typename
            raise Unanswerable([as_error(GraphQLError("", [node]), DocumentInvalid(reason="Follow one field."))])
        return key, definition, node

    def _values(
        self,
        prepared: PreparedDocument,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: RequestContext,
    ) -> VariableValues:
        """The variables as the operation declares them; raises `Unanswerable`, and tells strangers no type's inside."""
        values = prepared.inputs[name_of(operation)](variables)
        if isinstance(values, list) and not context.sees_schema:
            raise VariablesInvalid(reason="The variables do not fit their declarations.")
        if isinstance(values, list):
            raise Unanswerable([as_error(error, ours_of(error, VariablesInvalid)) for error in values])
        return values

    def _compiled(
        self, prepared: PreparedDocument, operation: OperationDefinitionNode, values: VariableValues
    ) -> CompiledOperation | None:
        """The code of this operation with these directive values; None where there is none."""
        key = (name_of(operation), *map(values.coerced.get, prepared.directive_variables))
        if key in prepared.shapes:
            found: CompiledOperation | None = prepared.shapes[key]
            return found
        if len(prepared.shapes) >= SHAPES_A_DOCUMENT:
            return None
        try:
            compiled = compile_operation(self.schema, operation, prepared.fragments, values, self._classes)
        except Uncovered:
            compiled = None
        prepared.shapes[key] = compiled
        return compiled

    async def _resolve(
        self, roots: Sequence[RootField], values: VariableValues, context: RequestContext, resolved: Resolved
    ) -> None:
        """Fill in every root field's value or error; those that wait for a store wait together."""
        waiting: dict[str, Awaitable[Any]] = {}
        for root in roots:
            info = _RootInfo(context, root.key)
            try:
                value = self._ask(root, info, root.read(values))
            except Exception as error:
                resolved[root.key] = error
            else:
                if isawaitable(value):
                    waiting[root.key] = value
                else:
                    resolved[root.key] = value
        if len(waiting) == 1:
            ((key, awaitable),) = waiting.items()
            resolved[key] = await _outcome(awaitable)
        elif waiting:
            found = await asyncio.gather(*map(_outcome, waiting.values()))
            resolved.update(zip(waiting, found, strict=True))

    def _ask(self, root: RootField, info: Any, values: dict[str, Any]) -> Any:
        """What the field's resolver gives: a value, or what to wait for; without the schema library's wrappers."""
        own = root.resolver
        if own is None:
            return root.definition.resolve(None, info, **values)  # type: ignore[misc]
        arguments = self._arguments.of(own.field, values)
        if own.info is not None:
            arguments[own.info] = Info(_raw_info=info, _field=own.field)
        return own.function(**arguments)

    def _shape(
        self, compiled: CompiledOperation, values: VariableValues, context: RequestContext, resolved: Resolved
    ) -> dict[str, Any] | None:
        """The data, or None where graphql-core must tell what is wrong with it."""
        if any(isinstance(value, Exception) for value in resolved.values()):
            return None
        try:
            info = Info(_raw_info=_RawInfo(context), _field=None)  # type: ignore[arg-type]
            call = Call(info, compiled.arguments(values, self._arguments))
            return {root.key: root.shape(resolved[root.key], call) for root in compiled.roots}
        except Exception:
            return None

    async def _by_library(
        self,
        prepared: PreparedDocument,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: RequestContext,
        resolved: Resolved,
    ) -> dict[str, Any]:
        result = execute(
            self.schema,
            prepared.document,
            root_value=resolved,
            context_value=context,
            variable_values=dict(variables),
            operation_name=name_of(operation),
            max_coercion_errors=5,
        )
        if isawaitable(result):
            result = await result
        assert isinstance(result, ExecutionResult)  # noqa: S101 (for the type checker: no incremental delivery)
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            await note_refusals(result.errors, context)
            answer["errors"] = [told(error, context.request_id) for error in result.errors]
        return answer


class _RootInfo:
    """What a root field's resolver is given: the context and its own response key."""

    __slots__ = ("context", "path")

    def __init__(self, context: RequestContext, key: str) -> None:
        self.context = context
        self.path = _RootPath(key)


class _RootPath:
    __slots__ = ("key",)

    def __init__(self, key: str) -> None:
        self.key = key


async def _outcome(awaitable: Awaitable[Any]) -> Any:
    """What it comes to, errors as values; only our being stopped is not an outcome."""
    try:
        return await awaitable
    except Exception as error:
        return error


def _replayed(definition: GraphQLField) -> Any:
    """The field's resolver, which answers from root values already found."""
    resolve = definition.resolve

    def replay(source: Any, info: Any, **arguments: Any) -> Any:
        if isinstance(source, Resolved) and info.path.key in source:
            value = source[info.path.key]
            if isinstance(value, Exception):
                raise value
            return value
        return resolve(source, info, **arguments)  # type: ignore[misc]

    return replay


async def note_refusals(errors: Sequence[GraphQLError], context: RequestContext) -> None:
    """Note each act that was refused, by the kind of act alone."""
    for error in errors:
        if isinstance(error.original_error, NotAllowed | PurposeMissing):
            await context.note(f"refused to {error.original_error.facts['right']}", allowed=False)


def told(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """A GraphQL error as callers see it: place, and our code, retriable, hint and facts; the unexpected is masked."""
    original = error.original_error
    if isinstance(original, GraphQLError):  # an input that its own type refuses: oneOf with several members, or none
        original = VariablesInvalid(reason=original.message)
    if original is None and not error.message.startswith("Cannot return null"):
        original = VariablesInvalid(reason=error.message)
    if not isinstance(original, IctipError):
        log_unexpected(original or error)
    problem = problem_of(original or error, request_id=request_id)
    body: dict[str, Any] = {"message": problem.message}
    if error.locations:
        body["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        body["path"] = error.path
    body["extensions"] = problem.extensions
    return body


def log_unexpected(error: BaseException) -> None:
    """Note a defect by its class and place in our code; its message may hold values and is left out."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        places.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    structlog.get_logger().error("unexpected", error=type(error).__name__, places=places[-8:])
