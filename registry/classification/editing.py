"""What each edit does to a draft. Pure: the same edits give the same draft.

Lives here: `apply_edit`, and one function an edit. Elsewhere: what an edit must keep besides when it is made
(``edit_rules``), the content they change (``draft_content``), the edits as values (``edits``), keeping them
(``draft_actions``).

An edit that cannot be done is `EditRefused` and leaves the state as it was. Identities of new items are given, never
made up here; an item keeps its identity as long as its meaning, so a recoded item keeps it and parts of one do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from registry.classification.diff import Carrier
from registry.classification.draft_content import (
    DraftState,
    base_codes,
    carry_version,
    declare,
    find,
    find_each,
    fitting,
    item_uri,
    make_item,
    place,
    refuse_children,
    refuse_successor,
    refused,
    subtree,
    with_concept,
    with_concepts,
    with_variable,
    without,
)
from registry.classification.edit_rules import check_edit
from registry.classification.edits import (
    Add,
    Bind,
    ChangeNote,
    DeclareLevel,
    Deprecate,
    Describe,
    Edit,
    Explain,
    LinkItem,
    Merge,
    Move,
    Recode,
    Relabel,
    Remove,
    Renumber,
    Restate,
    Split,
    Translate,
    UnlinkItem,
)
from registry.classification.integrity import BOUND_KINDS
from registry.classification.model import (
    Association,
    AssociationKind,
    ConceptStatus,
    Label,
    LabelKind,
    LabelStatus,
)
from registry.errors import EditRefused
from registry.identifiers import ENGLISH, LanguageTag


def apply_edit(state: DraftState, edit: Edit) -> DraftState:
    """The state after the edit."""
    return APPLIED[type(edit)](state, edit)


def make_edit(state: DraftState, edit: Edit) -> DraftState:
    """The state after an edit that is made now, which keeps its rules (``edit_rules``) and changes something."""
    check_edit(state, edit)
    after = apply_edit(state, edit)
    if after == state:
        raise refused(edit, "", getattr(edit, "code", ""), "nothing would change")
    return after


def apply_edits(
    state: DraftState, edits: Iterable[Edit], apply: Callable[[DraftState, Edit], DraftState] = apply_edit
) -> DraftState:
    """The state after all of them; `EditRefused` with a fault for each that cannot be done after those that can."""
    refusals: list[tuple[int, EditRefused]] = []
    for number, edit in enumerate(edits):
        try:
            state = apply(state, edit)
        except EditRefused as refusal:
            refusals.append((number, refusal))
    if refusals:
        raise EditRefused(
            details=[each.details[0].at_edit(number) for number, each in refusals], **refusals[0][1].facts
        )
    return state


# --- each edit ---------------------------------------------------------------------------------------------


def add(state: DraftState, edit: Add) -> DraftState:
    level = find(state, edit, edit.parent, "parent").level + 1 if edit.parent is not None else 1
    coming = make_item(state, edit, edit.item, "item", parent=edit.parent, level=level)
    return with_variable(place(state, edit, [coming], edit.parent, edit.after), edit.item)


def remove(state: DraftState, edit: Remove) -> DraftState:
    gone = find(state, edit, edit.code)
    refuse_children(state, edit, edit.code)
    refuse_successor(state, edit, gone)
    return without(state, {edit.code})


def relabel(state: DraftState, edit: Relabel) -> DraftState:
    concept = find(state, edit, edit.code)
    labels = with_label(concept.labels, edit.label)
    is_source = edit.label.kind is LabelKind.PREFERRED and edit.label.language == source_language(state)
    if is_source and source_texts(concept.labels, edit.label) != source_texts(labels, edit.label):
        labels = tuple(stale(each) if each.language != edit.label.language else each for each in labels)
    return with_concept(state, edit.code, replace(concept, labels=labels))


def source_texts(labels: Sequence[Label], like: Label) -> list[str]:
    """The texts of the labels of that kind and language."""
    return [each.text for each in labels if (each.kind, each.language) == (like.kind, like.language)]


def translate(state: DraftState, edit: Translate) -> DraftState:
    if edit.label.language == source_language(state):
        raise refused(
            edit, "label.language", edit.code, f"{edit.label.language} is the language translated from; use Relabel"
        )
    concept = find(state, edit, edit.code)
    return with_concept(state, edit.code, replace(concept, labels=with_label(concept.labels, edit.label)))


def source_language(state: DraftState) -> LanguageTag:
    """The language that others are translated from: the first that the scheme requires, else English."""
    return next(iter(state.version.required_languages), ENGLISH)


def with_label(labels: Sequence[Label], label: Label) -> tuple[Label, ...]:
    """The labels with this one: a preferred one replaces its language's, another kind joins the others."""
    if label.kind is not LabelKind.PREFERRED:
        return (*(each for each in labels if (each.text, each.language) != (label.text, label.language)), label)
    kept = [each for each in labels if each.kind is not label.kind or each.language != label.language]
    at = next(
        (number for number, each in enumerate(labels) if each.kind is label.kind and each.language == label.language),
        len(kept),
    )
    return (*kept[:at], label, *kept[at:])


def stale(label: Label) -> Label:
    """A preferred label whose source text has changed since it was approved."""
    return replace(label, status=LabelStatus.STALE) if label.kind is LabelKind.PREFERRED else label


def change_note(state: DraftState, edit: ChangeNote) -> DraftState:
    concept = find(state, edit, edit.code)
    if edit.old is not None and edit.old not in concept.notes:
        raise refused(edit, "old", edit.code, "it has no such note")
    notes = [edit.new if each == edit.old else each for each in concept.notes]
    if edit.old is None:
        notes.append(edit.new)
    return with_concept(state, edit.code, replace(concept, notes=tuple(each for each in notes if each is not None)))


def move(state: DraftState, edit: Move) -> DraftState:
    moved = find(state, edit, edit.code)
    branch = subtree(state.version.concepts, edit.code)
    if edit.parent is not None and any(each.code == edit.parent for each in branch):
        raise refused(edit, "parent", edit.code, f"{edit.parent} is below it: that would be a cycle")
    level = find(state, edit, edit.parent, "parent").level + 1 if edit.parent is not None else 1
    shifted = [replace(each, level=each.level + level - moved.level) for each in branch]
    coming = [replace(shifted[0], parent=edit.parent), *shifted[1:]]
    codes = {each.code for each in branch}
    rest = with_concepts(state, (each for each in state.version.concepts if each.code not in codes))
    return place(rest, edit, coming, edit.parent, edit.after)


def recode(state: DraftState, edit: Recode) -> DraftState:
    find(state, edit, edit.code)
    if any(each.code == edit.new_code for each in state.version.concepts):
        raise refused(edit, "new_code", edit.new_code, "the draft has that code already")
    codes = {each.code: each.code for each in state.version.concepts} | {edit.code: edit.new_code}
    carrier = Carrier(state.version, state.version.uri, state.version.version, codes)
    version = state.version
    return replace(
        state,
        version=replace(
            version,
            concepts=tuple(map(carrier.carry, version.concepts)),
            variables=tuple(replace(each, code=codes.get(each.code, each.code)) for each in version.variables),
            collections=tuple(
                replace(each, members=tuple(codes.get(member, member) for member in each.members))
                for each in version.collections
            ),
        ),
        declared=tuple(
            replace(each, targets=tuple(codes.get(target, target) for target in each.targets))
            for each in state.declared
        ),
        bound=tuple(replace(each, variable=codes.get(each.variable, each.variable)) for each in state.bound),
    )


def deprecate(state: DraftState, edit: Deprecate) -> DraftState:
    concept = find(state, edit, edit.code)
    for number, successor in enumerate(find_each(state, edit, edit.successors, "successors")):
        if successor is concept:
            raise refused(edit, f"successors[{number}]", successor.code, "nothing succeeds itself")
        if successor.status is not ConceptStatus.VALID:
            raise refused(edit, f"successors[{number}]", successor.code, "a successor must be valid itself")
    successors = tuple(item_uri(state, code) for code in edit.successors)
    refuse_successor(state, edit, concept)
    return with_concept(state, edit.code, replace(concept, status=ConceptStatus.DEPRECATED, successors=successors))


def split(state: DraftState, edit: Split) -> DraftState:
    whole = find(state, edit, edit.code)
    if len(edit.parts) < 2:
        raise refused(edit, "parts", edit.code, "a split has two parts or more")
    sources = base_codes(state, [whole])
    if not edit.keep:
        refuse_children(state, edit, edit.code)
        refuse_successor(state, edit, whole)
    rest = state if edit.keep else without(state, {edit.code})
    parent, level = (edit.code, whole.level + 1) if edit.keep else (whole.parent, whole.level)
    at = state.version.concepts.index(whole)
    for number, part in enumerate(edit.parts):
        coming = make_item(rest, edit, part, f"parts[{number}]", parent=parent, level=level)
        if edit.keep:
            rest = place(rest, edit, [coming], parent, None)
        else:
            rest = with_concepts(rest, [*rest.version.concepts[:at], coming, *rest.version.concepts[at:]])
            at += 1
        rest = with_variable(rest, part)
    if not sources:
        return rest
    return declare(rest, Association(sources, tuple(part.code for part in edit.parts), AssociationKind.SPLIT))


def merge(state: DraftState, edit: Merge) -> DraftState:
    merged = list(dict.fromkeys(find_each(state, edit, edit.codes, "codes")))
    if len(merged) < 2:
        raise refused(edit, "codes", edit.into.code, "a merge takes two codes or more")
    for number, each in enumerate(merged):
        refuse_children(state, edit, each.code, f"codes[{number}]")
        if each.level != merged[0].level:
            raise refused(
                edit,
                f"codes[{number}]",
                each.code,
                f"it is of level {each.level}, {merged[0].code} of level {merged[0].level}",
            )
    gone = {each.code for each in merged}
    for number, each in enumerate(merged):
        refuse_successor(state, edit, each, f"codes[{number}]", leaving=gone)
    before = state.version.concepts[: state.version.concepts.index(merged[0])]
    at = sum(each.code not in gone for each in before)
    rest = without(state, gone)
    coming = make_item(rest, edit, edit.into, "into", parent=merged[0].parent, level=merged[0].level)
    rest = with_concepts(rest, [*rest.version.concepts[:at], coming, *rest.version.concepts[at:]])
    sources = base_codes(state, merged)
    kind = AssociationKind.MERGED if len(sources) > 1 else AssociationKind.BROADER
    rest = with_variable(rest, edit.into)
    return declare(rest, Association(sources, (edit.into.code,), kind)) if sources else rest


def link(state: DraftState, edit: LinkItem) -> DraftState:
    concept = find(state, edit, edit.code)
    if any(each.target == edit.match.target for each in concept.matches):
        raise refused(edit, "match.target", edit.code, "it is matched with that item already; take that back first")
    return with_concept(state, edit.code, replace(concept, matches=(*concept.matches, edit.match)))


def unlink(state: DraftState, edit: UnlinkItem) -> DraftState:
    concept = find(state, edit, edit.code)
    if edit.match not in concept.matches:
        raise refused(edit, "match", edit.code, "it has no such match")
    kept = tuple(each for each in concept.matches if each != edit.match)
    return with_concept(state, edit.code, replace(concept, matches=kept))


def explain(state: DraftState, edit: Explain) -> DraftState:
    association = edit.association
    sides = (("sources", association.sources, state.base), ("targets", association.targets, state.version))
    for side, codes, version in sides:
        known = {each.code for each in version.concepts}
        for number, code in enumerate(codes):
            if code not in known:
                owner = "base" if version is state.base else "draft"
                raise refused(edit, f"association.{side}[{number}]", code, f"the {owner} has no such code")
    if not association.sources and not association.targets:
        raise refused(edit, "association", "", "an association names a code on one side at least")
    return declare(state, association)


def declare_level(state: DraftState, edit: DeclareLevel) -> DraftState:
    kept = [each for each in state.version.levels if each.depth != edit.level.depth]
    levels = sorted([*kept, edit.level], key=lambda each: each.depth)
    return replace(state, version=replace(state.version, levels=tuple(levels)))


def describe(state: DraftState, edit: Describe) -> DraftState:
    version = state.version
    return replace(
        state,
        version=replace(
            version,
            titles=version.titles if edit.titles is None else edit.titles,
            standing=edit.standing or version.standing,
            sources=version.sources if edit.sources is None else edit.sources,
            publisher=version.publisher if edit.publisher is None else edit.publisher,
            rights=version.rights if edit.rights is None else edit.rights,
            printed_version=version.printed_version if edit.printed_version is None else edit.printed_version,
            required_languages=version.required_languages
            if edit.required_languages is None
            else edit.required_languages,
            in_force_from=edit.in_force_from or version.in_force_from,
        ),
    )


def renumber(state: DraftState, edit: Renumber) -> DraftState:
    return replace(state, version=carry_version(state.version, state.base, edit.tag))


def bind(state: DraftState, edit: Bind) -> DraftState:
    facts = next((each for each in state.version.variables if each.code == edit.variable), None)
    if facts is None:
        raise refused(edit, "variable", edit.variable, "the draft has no such variable")
    if facts.kind not in BOUND_KINDS:
        raise refused(edit, "variable", edit.variable, f"it takes values of kind {facts.kind}, and no codes")
    others = (each for each in state.bound if (each.variable, each.valid_from) != (edit.variable, edit.valid_from))
    return replace(state, bound=(*others, edit))


def restate(state: DraftState, edit: Restate) -> DraftState:
    if edit.content.scheme != state.version.scheme:
        raise refused(edit, "content", edit.content.scheme, f"it is not {state.version.scheme}")
    carried = carry_version(edit.content, state.base, state.version.version)
    known = {each.code for each in carried.concepts}
    kept = (each for each in state.declared if known.issuperset(each.targets))
    variables = {each.code for each in carried.variables}
    bound = tuple(each for each in state.bound if each.variable in variables)
    return replace(state, version=carried, declared=tuple(kept), bound=bound)


APPLIED: Final[Mapping[type, Callable[[DraftState, Edit], DraftState]]] = MappingProxyType(
    {
        Add: fitting(add),
        Remove: fitting(remove),
        Relabel: fitting(relabel),
        Translate: fitting(translate),
        ChangeNote: fitting(change_note),
        Move: fitting(move),
        Recode: fitting(recode),
        Deprecate: fitting(deprecate),
        Split: fitting(split),
        Merge: fitting(merge),
        LinkItem: fitting(link),
        UnlinkItem: fitting(unlink),
        Explain: fitting(explain),
        DeclareLevel: fitting(declare_level),
        Describe: fitting(describe),
        Renumber: fitting(renumber),
        Bind: fitting(bind),
        Restate: fitting(restate),
    }
)
