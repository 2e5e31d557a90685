"""What an edit must keep when it is made, beyond what it needs to be applied.

Lives here: one function a rule, by kind of edit. Elsewhere: applying edits (``editing``), as a stored draft is read: a
rule that is added here later refuses new edits and makes no draft unreadable. What such a draft holds, the gate finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from registry.classification.draft_content import DraftState, fitting, refused
from registry.classification.edits import (
    Add,
    DeclareLevel,
    Deprecate,
    Describe,
    Edit,
    Explain,
    LinkItem,
    Merge,
    NewItem,
    Renumber,
    Split,
)
from registry.classification.integrity import misfit
from registry.classification.written import compile_pattern, is_uri
from registry.identifiers import NAMESPACE, Notation

NEEDED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "titles": "a title",
        "sources": "a source",
        "publisher": "a publisher",
        "required_languages": "a language that its labels are needed in",
    }
)
"""Facts that a version is never without (``ontology/shapes/scheme.ttl``)."""


def check_edit(state: DraftState, edit: Edit) -> None:
    """Return when the edit keeps every rule of its kind; raise `EditRefused` at the field that breaks one."""
    for at, item in new_items(edit):
        if not is_uri(item.identity):
            rule = "an identity is a whole URI; without one a fresh one is given"
            raise refused(edit, f"{at}.identity", item.code, rule)
    for at, codes in listed_codes(edit):
        for number, code in enumerate(codes):
            if code in codes[:number]:
                raise refused(edit, f"{at}[{number}]", code, "it is named twice")
    if type(edit) in RULES:
        RULES[type(edit)](state, edit)


def new_items(edit: Edit) -> Iterator[tuple[str, NewItem]]:
    """The items that come with the edit, by their field."""
    if isinstance(edit, Add):
        yield "item", edit.item
    if isinstance(edit, Merge):
        yield "into", edit.into
    if isinstance(edit, Split):
        yield from ((f"parts[{number}]", part) for number, part in enumerate(edit.parts))


def listed_codes(edit: Edit) -> Iterator[tuple[str, Sequence[Notation]]]:
    """The codes that the edit lists, by their field."""
    if isinstance(edit, Merge):
        yield "codes", edit.codes
    if isinstance(edit, Deprecate):
        yield "successors", edit.successors
    if isinstance(edit, Explain):
        yield "association.sources", edit.association.sources
        yield "association.targets", edit.association.targets


def level_next(state: DraftState, edit: DeclareLevel) -> None:
    """A level is one of those declared, or the next one below."""
    level = edit.level
    declared = max((each.depth for each in state.version.levels), default=0)
    if not 1 <= level.depth <= declared + 1:
        rule = f"levels count from 1 without gaps; a level of depth 1 to {declared + 1} can be declared"
        raise refused(edit, "level.depth", str(level.depth), rule)
    if level.notation_pattern is not None and compile_pattern(level.notation_pattern) is None:
        rule = "the pattern is no simple expression: characters, classes, alternatives and few repeats"
        raise refused(edit, "level.notation_pattern", str(level.depth), rule)


def described_whole(state: DraftState, edit: Describe) -> None:
    """What a version is never without is not taken away."""
    for field, needed in NEEDED.items():
        given = getattr(edit, field)
        if given is not None and not given:
            raise refused(edit, field, state.version.scheme, f"a version has {needed}")


def numbered_onwards(state: DraftState, edit: Renumber) -> None:
    """A number comes after the base's; an edition is made from its own version."""
    base = state.base.version
    if edit.tag.numbers <= base.numbers:
        raise refused(edit, "tag", edit.tag, f"it does not come after {base}, which the draft was made from")
    if edit.tag != edit.tag.version and edit.tag.version != base.version:
        rule = f"an edition of {edit.tag.version} is made from {edit.tag.version}, and the draft from {base}"
        raise refused(edit, "tag", edit.tag, rule)


def linked_outwards(state: DraftState, edit: LinkItem) -> None:
    """A match leads to an item of another scheme, by its URI."""
    if not is_uri(edit.match.target):
        raise refused(edit, "match.target", edit.code, "an item of another scheme is named by its whole URI")
    if edit.match.target.startswith(f"{NAMESPACE}/{state.version.scheme}/"):
        raise refused(edit, "match.target", edit.code, f"a match leads to another scheme than {state.version.scheme}")


def explained_fitly(state: DraftState, edit: Explain) -> None:
    """The ends of an association fit its kind."""
    if (edit.association.sources or edit.association.targets) and (fault := misfit(edit.association)):
        raise refused(edit, "association.kind", "", fault)


RULES: Final[Mapping[type, Callable[[DraftState, Edit], None]]] = MappingProxyType(
    {
        DeclareLevel: fitting(level_next),
        Describe: fitting(described_whole),
        Renumber: fitting(numbered_onwards),
        LinkItem: fitting(linked_outwards),
        Explain: fitting(explained_fitly),
    }
)
