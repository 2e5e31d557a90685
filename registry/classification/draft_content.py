"""The content of a draft, and the steps that edits are made of: finding items, placing them, leaving them out.

Lives here: the state and what reads or changes it. Elsewhere: what each edit does (``editing``), the edits as values
(``edits``).

::

    DraftState   base ──(edits)──► version      the content so far, under the number it is to be released as
                                   declared     associations stated on the way, from base codes to codes of now
                                   bound        bindings of variables, to be released with it
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import quote

from registry.classification.diff import Carrier
from registry.classification.edits import Bind, Edit, NewItem
from registry.classification.model import Association, Concept, LabelKind, ReleaseStatus, SchemeVersion
from registry.errors import EditRefused, FieldFault
from registry.identifiers import Notation, VersionTag

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class DraftState:
    """What a draft holds after some edits."""

    base: SchemeVersion
    version: SchemeVersion
    declared: tuple[Association, ...] = ()
    bound: tuple[Bind, ...] = ()

    def base_code(self, concept: Concept) -> Notation | None:
        """The code that the item has in the base; None for one that is new."""
        for each in self.base.concepts:
            if each.identity == concept.identity and (concept.identity is not None or each.code == concept.code):
                return each.code
        return None


def open_state(base: SchemeVersion, tag: VersionTag) -> DraftState:
    """A draft without edits: the base carried to its new number."""
    return DraftState(base, carry_version(base, base, tag))


def carry_version(content: SchemeVersion, base: SchemeVersion, tag: VersionTag) -> SchemeVersion:
    """The content under another number, as a draft that follows its base.

    The days on which the base was in force are its own: a new version is in force from when it is issued, where nobody
    says another day. An edition's are its version's.
    """
    uri = f"{base.uri.removesuffix(base.version.version)}{tag.version}"
    same_codes = {concept.code: concept.code for concept in content.concepts}
    carrier = Carrier(content, uri, tag, same_codes)
    carried = (
        replace(carrier.carry(each), parent=each.parent, other_parents=each.other_parents) for each in content.concepts
    )
    days, of_base = ((each.in_force_from, each.in_force_to) for each in (content, base))
    if days in (of_base, (None, None)):
        days = of_base if uri == base.uri else (None, None)
    return replace(
        content,
        version=tag,
        uri=uri,
        concepts=tuple(carried),
        collections=tuple(
            replace(each, uri=carrier.uri(each.uri, "collection", each.code, each.code)) for each in content.collections
        ),
        status=ReleaseStatus.DRAFT,
        follows=base.uri if uri != base.uri else base.follows,
        issued=None,
        in_force_from=days[0],
        in_force_to=days[1],
        digest="",
    )


def fitting(function: Callable[..., Done]) -> Callable[[DraftState, Edit], Done]:
    """The function of one kind of edit, for a table that pairs each kind with its own, so that the type always fits."""
    return function


def refused(edit: Edit, at: str, place: str, rule: str) -> EditRefused:
    """The error for an edit that breaks a rule; ``at`` is its field to blame (``parts[1].code``), or empty."""
    name = type(edit).__name__
    fault = FieldFault(f"{name}.{at}".removesuffix("."), EditRefused.code, place, rule)
    return EditRefused(details=[fault], edit=name, place=place or "the draft", rule=rule)


# --- finding and placing -----------------------------------------------------------------------------------


def find(state: DraftState, edit: Edit, code: Notation, at: str = "code") -> Concept:
    """The item; `EditRefused` at that field when the draft has none of that code."""
    for concept in state.version.concepts:
        if concept.code == code:
            return concept
    raise refused(edit, at, code, "the draft has no such code")


def find_each(state: DraftState, edit: Edit, codes: Sequence[Notation], at: str) -> list[Concept]:
    """The items of a field that lists codes; `EditRefused` at the first that is unknown."""
    return [find(state, edit, code, f"{at}[{number}]") for number, code in enumerate(codes)]


def subtree(concepts: Sequence[Concept], code: Notation) -> list[Concept]:
    """The item and all below it, in order."""
    inside = {code}
    found = []
    for concept in concepts:
        if concept.code == code or concept.parent in inside:
            inside.add(concept.code)
            found.append(concept)
    return found


def children(state: DraftState, code: Notation) -> list[Concept]:
    """The items right below, in order."""
    return [each for each in state.version.concepts if each.parent == code]


def place(
    state: DraftState, edit: Edit, coming: Sequence[Concept], parent: Notation | None, after: Notation | None
) -> DraftState:
    """The state with items put last under the parent, or right after a sibling and what is below it."""
    concepts = list(state.version.concepts)
    at = len(concepts)
    if after is not None:
        sibling = find(state, edit, after, "after")
        if sibling.parent != parent:
            raise refused(edit, "after", after, f"it is not right under {parent or 'the top'}")
        at = 1 + concepts.index(subtree(concepts, after)[-1])
    elif parent is not None:
        at = 1 + concepts.index(subtree(concepts, parent)[-1])
    return with_concepts(state, [*concepts[:at], *coming, *concepts[at:]])


def with_concepts(state: DraftState, concepts: Iterable[Concept]) -> DraftState:
    """The state with other items."""
    return replace(state, version=replace(state.version, concepts=tuple(concepts)))


def with_concept(state: DraftState, code: Notation, changed: Concept) -> DraftState:
    """The state with one item replaced by itself, changed."""
    return with_concepts(state, (changed if each.code == code else each for each in state.version.concepts))


def without(state: DraftState, codes: Collection[Notation]) -> DraftState:
    """The state without the items, and without what the version says of them elsewhere."""
    version = state.version
    return replace(
        state,
        bound=tuple(each for each in state.bound if each.variable not in codes),
        version=replace(
            version,
            concepts=tuple(each for each in version.concepts if each.code not in codes),
            variables=tuple(each for each in version.variables if each.code not in codes),
            collections=tuple(
                replace(each, members=tuple(member for member in each.members if member not in codes))
                for each in version.collections
            ),
        ),
    )


def item_uri(state: DraftState, code: Notation) -> str:
    """The URI of an item of the draft."""
    return f"{state.version.uri}/item/{quote(code, safe='')}"


def make_item(state: DraftState, edit: Edit, item: NewItem, at: str, *, parent: Notation | None, level: int) -> Concept:
    """The item of that field as a concept of the draft; refused when its code or identity is taken, or unlabelled."""
    held = state.version.concepts
    if any(each.code == item.code for each in held):
        raise refused(edit, f"{at}.code", item.code, "the draft has that code already")
    if any(each.identity == item.identity for each in (*held, *state.base.concepts)):
        rule = "its identity is another item's: a new meaning has a new identity"
        raise refused(edit, f"{at}.identity", item.code, rule)
    if not any(each.kind is LabelKind.PREFERRED for each in item.labels):
        raise refused(edit, f"{at}.labels", item.code, "it has no preferred label")
    return Concept(
        scheme=state.version.scheme,
        version=held[0].version if held else state.version.version,
        code=item.code,
        uri=item_uri(state, item.code),
        identity=item.identity,
        parent=parent,
        level=level,
        labels=item.labels,
        notes=item.notes,
        residual=item.residual,
    )


def with_variable(state: DraftState, item: NewItem) -> DraftState:
    """The state with the item's facts as a variable, if it is one."""
    if item.variable is None:
        return state
    facts = replace(item.variable, code=item.code)
    return replace(state, version=replace(state.version, variables=(*state.version.variables, facts)))


def declare(state: DraftState, association: Association) -> DraftState:
    """The state with the association; one with the same sources and targets gives way to it."""
    others = (
        each for each in state.declared if (each.sources, each.targets) != (association.sources, association.targets)
    )
    return replace(state, declared=(*others, association))


def base_codes(state: DraftState, concepts: Iterable[Concept]) -> tuple[Notation, ...]:
    """The base codes of the items that have one."""
    return tuple(code for code in map(state.base_code, concepts) if code is not None)


def refuse_children(state: DraftState, edit: Edit, code: Notation, at: str = "code") -> None:
    """An item with items below it cannot be taken apart."""
    below = len(children(state, code))
    if below:
        told = "1 item is below it; move or remove it first"
        raise refused(edit, at, code, told if below == 1 else f"{below} items are below it; move or remove them first")


def refuse_successor(
    state: DraftState, edit: Edit, concept: Concept, at: str = "code", *, leaving: Collection[Notation] = ()
) -> None:
    """An item that succeeds another, unless that one leaves as well, cannot go."""
    for each in state.version.concepts:
        if concept.uri in each.successors and each.code not in leaving:
            raise refused(edit, at, concept.code, f"it is the successor of {each.code}; name another there first")
