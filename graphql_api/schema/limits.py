"""What a document would cost, found in one walk before it is validated: a hostile document is refused in milliseconds.

Each fragment is measured once, however often it is spread, so the walk is linear where naive limiters are exponential
(739 bytes cost the usual ones seconds). Counts are those of the document with its fragments spread out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from graphql_api.settings import Limits
from registry.errors import DocumentInvalid, DocumentTooCostly


@dataclass(slots=True)
class Cost:
    """What a selection set asks for. ``depth`` in fields, the rest as counts.

    ``repeats`` are fields asked for again beside themselves, under the same key: they cost work and bring nothing.
    """

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    repeats: int = 0

    def add(self, other: Cost, *, below: int = 0) -> None:
        """Count another selection in, ``below`` fields deeper."""
        self.depth = max(self.depth, other.depth + below)
        self.fields += other.fields
        self.aliases += other.aliases
        self.directives += other.directives
        self.repeats += other.repeats


class CostWalk:
    """One walk over one document; remembers what each fragment costs.

    ``steps`` counts the selection sets looked into: each of the document's once, however often it is spread.
    """

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, Cost] = {}
        self._open: set[str] = set()
        self.steps = 0

    def of_selections(self, selection_set: SelectionSetNode) -> Cost:
        """The cost of a selection set; raises `DocumentInvalid` for fragments that spread themselves."""
        self.steps += 1
        total = Cost(repeats=repeats_in(selection_set))
        for selection in selection_set.selections:
            total.directives += len(selection.directives or ())
            self._add_selection(selection, total)
        return total

    def _add_selection(self, selection: SelectionNode, total: Cost) -> None:
        if isinstance(selection, FieldNode):
            total.add(Cost(depth=1, fields=1, aliases=1 if selection.alias else 0))
            if selection.selection_set:
                total.add(self.of_selections(selection.selection_set), below=1)
        elif isinstance(selection, InlineFragmentNode):
            total.add(self.of_selections(selection.selection_set))
        elif isinstance(selection, FragmentSpreadNode):
            total.add(self.of_fragment(selection.name.value))

    def of_fragment(self, name: str) -> Cost:
        """What a fragment costs where it is spread, measured once; nothing where there is none of that name."""
        if name in self._known:
            return self._known[name]
        if name in self._open:
            raise DocumentInvalid(reason=f"Fragment {name} spreads itself.")
        fragment = self._fragments.get(name)
        if fragment is None:
            return NOTHING  # validation tells of it
        self._open.add(name)
        cost = self.of_selections(fragment.selection_set)
        cost.directives += len(fragment.directives or ())
        self._open.discard(name)
        self._known[name] = cost
        return cost


def repeats_in(selection_set: SelectionSetNode) -> int:
    """How many fields of a selection set have the response key of one before them."""
    keys = [(node.alias or node.name).value for node in selection_set.selections if isinstance(node, FieldNode)]
    return len(keys) - len(set(keys))


NOTHING: Final = Cost()


def require_affordable(document: DocumentNode, limits: Limits) -> CostWalk:
    """The walk, when every operation is within the limits; raise `DocumentTooCostly`, `DocumentInvalid` otherwise."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    walk = CostWalk(fragments)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            cost = walk.of_selections(node.selection_set)
            cost.directives += len(node.directives or ())
            _require_within(cost, limits)
    for name in fragments:  # also those that nothing spreads: validation would walk them
        _require_within(walk.of_fragment(name), limits)
    return walk


def _require_within(cost: Cost, limits: Limits) -> None:
    for measure, actual, limit in (
        ("levels", cost.depth, limits.document_depth),
        ("fields", cost.fields, limits.document_fields),
        ("aliases", cost.aliases, limits.document_aliases),
        ("directives", cost.directives, limits.document_directives),
        ("repeated fields", cost.repeats, limits.document_repeats),
    ):
        if actual > limit:
            told = actual if actual < 10**9 else "over 10^9"
            raise DocumentTooCostly(measure=measure, actual=told, limit=limit)
