"""The edits of a draft as GraphQL inputs, one field of `EditInput` a kind.

The inputs are made of the edits' own frozen classes (``registry.classification.edits``): same fields, same defaults,
so a new kind of edit is an input as soon as it is there. Codes, tags and languages are plain texts here: a bad one is
a fault of its field (``edits[1].split.parts[0].code``), told beside the others, and no error of the request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Final, Union, get_args, get_origin, get_type_hints

import strawberry

from registry.classification import edits as kinds
from registry.classification import model
from registry.classification.edit_records import EDITS, edits_from_plain
from registry.classification.edits import Edit, NewItem, Restate
from registry.errors import FieldFault

strawberry.enum(model.AssociationKind, description="What an association of a correspondence says.")

WORDS: Final[Mapping[str, str]] = {
    "after": "The sibling that it stands right after; without one it stands last.",
    "association": "The association.",
    "attribution": "The standard that defines it.",
    "code": "The item's code.",
    "codes": "The codes of the items to merge: two or more of one level.",
    "depth": "1 the most general.",
    "describes": "What it describes.",
    "identity": "The URI of its meaning; without one a fresh one is given.",
    "in_force_from": "The first day on which the version is in force; without one the day it is issued.",
    "into": "The item that takes their place.",
    "item": "The item.",
    "keep": "The item stays above its parts, as their sum.",
    "kind": "Its kind.",
    "label": "The label.",
    "labels": "Its labels; a preferred one is needed.",
    "language": "BCP 47 tag: en, es, zh-Hans.",
    "level": "The level.",
    "list_scheme": "The list that codes are taken from.",
    "list_version": "The version of that list.",
    "mark": "The source's own letter for it.",
    "match": "The match.",
    "new": "The note that comes; without one the old one goes.",
    "new_code": "Its new code.",
    "notation_pattern": "A regular expression that codes of the level match.",
    "notes": "Its notes.",
    "old": "The note that goes, exactly; without one the new one is added.",
    "parent": "The item above; without one it is at the top.",
    "partial": "Only a part of a source goes to the targets.",
    "parts": "What it is split into: two or more.",
    "printed_version": "The version as its publisher prints it.",
    "publisher": "Who publishes it.",
    "reason": "Why, in English; it stays with the correspondence.",
    "repeated": "May hold several values.",
    "required_languages": "Languages in which every item needs a label, the source's own first.",
    "residual": "A rest category.",
    "rights": "Terms of use.",
    "sources": "Where it comes from.",
    "standing": "Printed by its custodians, or made up until they print one.",
    "status": "Who stands behind the text.",
    "step": "1 core, 2 enhanced, 3 optional; none for a national variable.",
    "successors": "Codes of what is to be used instead.",
    "tag": "The number to release under: 2.0.",
    "target": "The other item's URI.",
    "targets": "Codes of the draft.",
    "text": "The text.",
    "titles": "Its titles.",
    "unit": "Unit of measure of a number.",
    "valid_from": "The first day on which it holds.",
    "variable": "What kind of variable it is, in a scheme of variables.",
}
"""What each field of an edit says, by its name: one word stands for one idea in all of them."""
SAID: Final[Mapping[tuple[type, str], str]] = {
    (model.Association, "sources"): "Codes of the base.",
    (kinds.Bind, "variable"): "The variable's code.",
}
"""Where a word says something else in one class."""
GIVEN: Final[Mapping[tuple[type, str], object]] = {(NewItem, "identity"): None, (model.VariableFacts, "code"): MISSING}
"""Fields whose value may be left to us: with None not required, with MISSING not asked for."""


@cache
def input_of(kind: type) -> Any:
    """The input of a frozen class, with its fields and defaults."""
    hints = get_type_hints(kind)
    asked = [
        each for each in fields(kind) if GIVEN.get((kind, each.name)) is not MISSING or (kind, each.name) not in GIVEN
    ]
    space: dict[str, Any] = {each.name: described(kind, each) for each in asked}
    space["__annotations__"] = {each.name: asked_type(kind, each.name, hints[each.name]) for each in asked}
    space["__module__"] = __name__
    doc = (kind.__doc__ or "").partition("\n\n")[0].replace("\n    ", " ").replace("``", "`")
    name = f"{kind.__name__}Edit" if kind.__name__ in EDITS else f"{kind.__name__}Input"
    return strawberry.input(type(name, (), space), name=name, description=doc)


def described(kind: type, field: Field[Any]) -> Any:
    """The field with its words and its default."""
    words = SAID.get((kind, field.name), WORDS[field.name])
    if (kind, field.name) in GIVEN:
        return strawberry.field(default=None, description=words)
    if field.default_factory is not MISSING or field.default == ():
        return strawberry.field(default_factory=list, description=words)
    return strawberry.field(default=field.default, description=words)


def asked_type(kind: type, name: str, hint: Any) -> Any:
    """What GraphQL asks for, for a type of ours."""
    if (kind, name) in GIVEN:
        return str | None
    if get_origin(hint) in (Union, UnionType):
        return asked_type(kind, "", next(each for each in get_args(hint) if each is not NoneType)) | None
    if get_origin(hint) is tuple:
        return list[asked_type(kind, "", get_args(hint)[0])]  # type: ignore[misc]
    if is_dataclass(hint):
        return input_of(hint)  # type: ignore[arg-type]
    return hint if issubclass(hint, (bool, int, date, Enum)) else str


def field_name(kind: type) -> str:
    """``change_note`` of `ChangeNote`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


KINDS: Final[Mapping[str, type]] = {field_name(kind): kind for kind in EDITS.values() if kind is not Restate}
"""Each kind of edit by its field; a whole version comes by `importVersion`."""


def edit_input() -> Any:
    """The input that holds exactly one edit."""
    space: dict[str, Any] = {
        name: strawberry.field(
            default=strawberry.UNSET, description=input_of(kind).__strawberry_definition__.description
        )
        for name, kind in KINDS.items()
    }
    space["__annotations__"] = {name: input_of(kind) | None for name, kind in KINDS.items()}
    space["__module__"] = __name__
    return strawberry.input(type("EditInput", (), space), one_of=True, description="One edit of a draft.")


if TYPE_CHECKING:
    EditInput = Any
else:
    EditInput = edit_input()


def edits_of(given: Sequence[EditInput], fresh: Any) -> list[Edit]:
    """The edits given; `EditMalformed` with a fault for each field that does not fit."""
    return edits_from_plain([plain_edit(each) for each in given], fresh)


def plain_edit(given: EditInput) -> dict[str, Any]:
    """``{"edit": "Recode", "code": ...}`` of the one edit that was given."""
    name = next(name for name in KINDS if getattr(given, name) not in (None, strawberry.UNSET))
    return {"edit": KINDS[name].__name__, **plain(getattr(given, name))}


def plain(value: Any) -> Any:
    """An input as JSON holds it; what was not given is left out."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "__strawberry_definition__"):
        return {name: plain(each) for name, each in vars(value).items() if each is not None}
    return value


def at_input(fault: FieldFault) -> FieldFault:
    """The fault with its path as GraphQL names the fields: ``edits[1].split.parts[0].newCode``."""
    path = re.sub(r"_(\w)", lambda found: found[1].upper(), fault.path)
    path = re.sub(r"(^|\.)([A-Z])", lambda found: found[1] + found[2].lower(), path)
    return FieldFault(path, fault.rule, fault.place, fault.message)
