"""GraphQL documents parsed, costed and validated once, and remembered by their text, so that a repeat costs a lookup.

Bounded: the documents least recently used go first. What was refused is not remembered: it is cheap to refuse again,
and a flood of bad documents must not drive out the good.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    ASTValidationRule,
    DeferStreamDirectiveLabel,
    DeferStreamDirectiveOnRootField,
    DeferStreamDirectiveOnValidOperationsRule,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    KnownDirectivesRule,
    KnownFragmentNamesRule,
    MaxIntrospectionDepthRule,
    NoFragmentCyclesRule,
    NoSchemaIntrospectionCustomRule,
    NoUndefinedVariablesRule,
    NoUnusedFragmentsRule,
    NoUnusedVariablesRule,
    OperationDefinitionNode,
    PossibleFragmentSpreadsRule,
    StreamDirectiveOnListField,
    UniqueDirectivesPerLocationRule,
    UniqueFragmentNamesRule,
    UniqueVariableNamesRule,
    VariableNode,
    VariablesAreInputTypesRule,
    VariablesInAllowedPositionRule,
    Visitor,
    parse,
    specified_rules,
    validate,
    visit,
)

from graphql_api.schema.limits import require_affordable
from graphql_api.schema.literals import Inputs, inputs_of
from graphql_api.settings import Limits
from registry.errors import (
    DocumentInvalid,
    DocumentMalformed,
    DocumentNotListed,
    DocumentTooCostly,
    DocumentUnknown,
    IctipError,
    OperationUnclear,
    VariablesInvalid,
)


class Unanswerable(Exception):
    """A document with errors of its own, each a GraphQL error that knows its place and carries one of ours."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__("unanswerable document")
        self.errors = list(errors)


@dataclass(slots=True)
class PreparedDocument:
    """A valid document. ``shapes`` holds the code generated for it (see ``shaping``), at most a few a document."""

    document: DocumentNode
    operations: dict[str | None, OperationDefinitionNode]
    fragments: dict[str, FragmentDefinitionNode]
    directive_variables: tuple[str, ...]
    """Variables that stand in @skip and @include: they decide what is selected."""
    inputs: Mapping[str | None, Inputs]
    """What reads each operation's variables."""
    roots: Mapping[str | None, frozenset[str]]
    """The root fields each operation may run, whatever its directives decide; fragments spread out."""
    shapes: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation of that name, or the only one; raises `OperationUnclear`."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        found = self.operations.get(name) if name is not None else None
        if found is None:
            reason = "none was named" if name is None else "none of that name"
            raise OperationUnclear(count=len(self.operations), reason=reason)
        return found


class Documents:
    """The documents of one schema."""

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits,
        *,
        listed: Mapping[str, str] | None = None,
    ) -> None:
        self._schema = schema
        self._limits = limits
        self._listed = listed
        self._known: OrderedDict[tuple[str, bool], PreparedDocument] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def kept(self, digest: str) -> str:
        """The text of the listed document of that digest; raises `DocumentUnknown`."""
        text = (self._listed or {}).get(digest)
        if text is None:
            raise DocumentUnknown(digest=digest)
        return text

    def prepare(self, text: str, *, sees_schema: bool = True) -> PreparedDocument:
        """The document of that text, ready to run; raises `Unanswerable`, or an error of the cost walk.

        Who may not see the schema is told of a document that does not fit it that it does not, and nothing else: not
        where, not how often, not what would.
        """
        key = (text, sees_schema)
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        prepared = self._prepare(text, sees_schema=sees_schema)
        self._known[key] = prepared
        while len(self._known) > self._limits.documents_kept:
            self._known.popitem(last=False)
        return prepared

    def _prepare(self, text: str, *, sees_schema: bool) -> PreparedDocument:
        if self._listed is not None and digest_of(text) not in self._listed:
            raise DocumentNotListed()
        require_readable(text, self._limits)
        document = parse_text(text, self._limits)
        require_affordable(document, self._limits)
        rules = specified_rules if sees_schema else STRANGERS_RULES
        errors = validate(
            self._schema,
            document,
            rules_for(text, rules),
            max_errors=5,
            hide_suggestions=not sees_schema,
            allow_empty_selection_sets=False,
        )
        if errors and not sees_schema:
            raise DocumentInvalid(reason=UNFIT)
        if errors:
            raise Unanswerable([as_error(error, ours_of(error, DocumentInvalid)) for error in errors])
        operations = {name_of(node): node for node in document.definitions if isinstance(node, OperationDefinitionNode)}
        if not operations:
            raise OperationUnclear(count=0, reason="one is needed")
        fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
        return PreparedDocument(
            document=document,
            operations=operations,
            fragments=fragments,
            directive_variables=variables_in_directives(document) if "@" in text else (),
            inputs={name: inputs_of(self._schema, node) for name, node in operations.items()},
            roots={name: root_names(node, fragments) for name, node in operations.items()},
        )


STRANGERS_RULES: Final = (*specified_rules, NoSchemaIntrospectionCustomRule)
"""Rules for who may not see the schema."""
UNFIT: Final = "The document does not fit the schema, which you may not see."

NEEDS: Final[Mapping[str, tuple[type[ASTValidationRule], ...]]] = {
    "$": (
        NoUndefinedVariablesRule,
        NoUnusedVariablesRule,
        UniqueVariableNamesRule,
        VariablesAreInputTypesRule,
        VariablesInAllowedPositionRule,
    ),
    "@": (
        DeferStreamDirectiveLabel,
        DeferStreamDirectiveOnRootField,
        DeferStreamDirectiveOnValidOperationsRule,
        KnownDirectivesRule,
        StreamDirectiveOnListField,
        UniqueDirectivesPerLocationRule,
    ),
    "...": (KnownFragmentNamesRule, NoFragmentCyclesRule, PossibleFragmentSpreadsRule),
    "fragment": (NoUnusedFragmentsRule, UniqueFragmentNamesRule),
    "__": (MaxIntrospectionDepthRule, NoSchemaIntrospectionCustomRule),
}
"""Rules that can find nothing in a text without a certain token: half of the rules, and of the time, for most."""


def rules_for(text: str, rules: Sequence[type[ASTValidationRule]]) -> list[type[ASTValidationRule]]:
    """The rules that may find something in that text; the same errors as with all of them."""
    idle = {rule for token, needing in NEEDS.items() if token not in text for rule in needing}
    return [rule for rule in rules if rule not in idle]


def digest_of(text: str) -> str:
    """SHA-256 of a document's text without white space at its ends, hex: how listed documents are known."""
    return hashlib.sha256(text.strip().encode("utf-8", "surrogatepass")).hexdigest()


def require_readable(text: str, limits: Limits) -> None:
    """Return when the lexer may read the text; raise `DocumentTooCostly` otherwise."""
    if len(text) > limits.document_characters:
        raise DocumentTooCostly(measure="characters", actual=len(text), limit=limits.document_characters)


def parse_text(text: str, limits: Limits) -> DocumentNode:
    """The document of a text; raises `Unanswerable` with line and column of what cannot be read."""
    try:
        return parse(
            text, max_lexical_tokens=limits.document_tokens, max_comments=1000, allow_empty_selection_sets=False
        )
    except GraphQLError as error:
        reason = error.message.removeprefix("Syntax Error: ").rstrip(".")
        raise Unanswerable([as_error(error, DocumentMalformed(reason=reason))]) from None


def as_error(error: GraphQLError, ours: Exception) -> GraphQLError:
    """One of our errors at the place of a library's."""
    return GraphQLError(
        str(ours), nodes=error.nodes, source=error.source, positions=error.positions, original_error=ours
    )


def ours_of(error: GraphQLError, kind: type[DocumentInvalid | VariablesInvalid]) -> IctipError:
    """The error of ours that a library's wraps (a scalar refused a text), or one of that kind with its message."""
    original = error.original_error
    return original if isinstance(original, IctipError) else kind(reason=error.message)


class _DirectiveVariables(Visitor):
    """Collects the variables that @skip and @include depend on."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    def enter_directive(self, node: Any, *_: Any) -> None:
        """Note the variables of one directive."""
        for argument in node.arguments:
            if isinstance(argument.value, VariableNode):
                self.names[argument.value.name.value] = None


def variables_in_directives(document: DocumentNode) -> tuple[str, ...]:
    """Names of the variables that decide what is selected, in document order."""
    collector = _DirectiveVariables()
    visit(document, collector)
    return tuple(collector.names)


def name_of(operation: OperationDefinitionNode) -> str | None:
    """An operation's name, if it has one."""
    return operation.name.value if operation.name else None


def root_names(operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> frozenset[str]:
    """The root fields an operation may run, whatever its directives decide; fragments spread out."""
    names: set[str] = set()
    seen: set[str] = set()
    waiting = [operation.selection_set]
    while waiting:
        for selection in waiting.pop().selections:
            if isinstance(selection, FieldNode):
                names.add(selection.name.value)
                continue
            spread = getattr(selection, "name", None)
            inner = selection if spread is None else fragments.get(spread.value)
            if inner is not None and (spread is None or spread.value not in seen):
                if spread is not None:
                    seen.add(spread.value)
                waiting.append(inner.selection_set)  # type: ignore[union-attr]
    return frozenset(names)
