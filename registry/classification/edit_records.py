"""Edits as JSON and back, and the state that a draft is in after them.

Lives here: one codec for the frozen values that edits hold, led by their types. Elsewhere: the edits (``edits``),
where their texts are kept (``registry.storage.bolt.drafts``).

::

    {"edit": "Recode", "code": "5.4", "new_code": "5.6"}        fields by name, those at their default left out

The state is a chain of SHA-256 over base, edits, reasons and actors: equal states are equal drafts, made the same way
by the same people. Undoing an edit leads back to the state before it.
"""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Final, TypeVar, Union, get_args, get_origin, get_type_hints

from registry.classification.edits import Edit
from registry.classification.report import Plain
from registry.errors import EditMalformed, IdentifierMalformed
from registry.identifiers import Identifier

T = TypeVar("T")

EDITS: Final[Mapping[str, type]] = types.MappingProxyType({each.__name__: each for each in get_args(Edit)})
"""Every edit by the name that its text bears."""

LONGEST_TEXT: Final = 20_000
"""Characters of one text in an edit, except in a whole restated version: longer than any printed explanatory note."""


def edit_to_plain(edit: Edit) -> dict[str, Plain]:
    """The edit's name and its fields."""
    return {"edit": type(edit).__name__, **_fields_to_plain(edit)}


def edit_from_plain(plain: object) -> Edit:
    """The edit of parsed JSON; `EditMalformed` names the field that does not fit."""
    if not isinstance(plain, dict) or plain.get("edit") not in EDITS:
        raise EditMalformed(place="edit", expected=" | ".join(EDITS))
    given = {name: value for name, value in plain.items() if name != "edit"}
    found: Edit = decode(EDITS[str(plain["edit"])], given, str(plain["edit"]))
    return found


def edit_text(edit: Edit) -> str:
    """Canonical JSON: sorted names, no spaces."""
    return json.dumps(edit_to_plain(edit), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def first_state(scheme: str, base_digest: str, tag: str) -> str:
    """The state of a draft without edits."""
    return _digest("open", scheme, base_digest, tag)


def next_state(state: str, edit: Edit, *, reason: str, actor: str) -> str:
    """The state after one more edit."""
    return _digest(state, edit_text(edit), reason, actor)


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def encode(value: object) -> Plain:
    """A frozen value as JSON holds it, fields at their default left out."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, str)):
        return str(value) if isinstance(value, Identifier) else value
    if isinstance(value, tuple):
        return [encode(each) for each in value]
    return _fields_to_plain(value)


def _fields_to_plain(value: object) -> dict[str, Plain]:
    if not is_dataclass(value):
        raise TypeError(type(value).__name__)
    told = {}
    for each in fields(value):
        found = getattr(value, each.name)
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        if found != default or default is MISSING:
            told[each.name] = encode(found)
    return told


def decode(kind: Callable[..., T], plain: object, place: str) -> T:
    """A value of that type of what JSON held; `EditMalformed` with the way to what does not fit."""
    if not isinstance(plain, dict):
        raise EditMalformed(place=place, expected="an object")
    hints = _hints(kind)
    unknown = sorted(set(plain) - set(hints))
    if unknown:
        raise EditMalformed(place=f"{place}.{unknown[0]}", expected=", ".join(hints))
    values = {name: _decode_value(hints[name], value, f"{place}.{name}") for name, value in plain.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise EditMalformed(place=place, expected=", ".join(hints)) from error


@cache
def _hints(kind: Callable[..., object]) -> Mapping[str, object]:
    """The types of the fields; asked once a type, because resolving them takes longer than decoding."""
    return get_type_hints(kind)


def _decode_value(hint: object, plain: object, place: str) -> object:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = [each for each in get_args(hint) if each is not types.NoneType]
        return None if plain is None else _decode_value(inner[0], plain, place)
    if origin is tuple:
        if not isinstance(plain, list):
            raise EditMalformed(place=place, expected="a list")
        return tuple(_decode_value(get_args(hint)[0], each, f"{place}[{number}]") for number, each in enumerate(plain))
    if isinstance(hint, type):
        return _decode_scalar(hint, plain, place)
    raise EditMalformed(place=place, expected=str(hint))


def _decode_scalar(hint: type, plain: object, place: str) -> object:
    if is_dataclass(hint):
        return decode(hint, plain, place)
    if hint in (bool, int):
        if type(plain) is not hint:
            raise EditMalformed(place=place, expected=hint.__name__)
        return plain
    if not isinstance(plain, str) or len(plain) > LONGEST_TEXT:
        raise EditMalformed(place=place, expected=f"a text of at most {LONGEST_TEXT} characters")
    try:
        if hint is date:
            return date.fromisoformat(plain)
        return hint(plain)
    except (ValueError, IdentifierMalformed) as error:
        expected = ", ".join(str(each.value) for each in hint) if issubclass(hint, Enum) else hint.__name__
        raise EditMalformed(place=place, expected=expected) from error
