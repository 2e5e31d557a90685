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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Final, TypeVar, Union, get_args, get_origin, get_type_hints

from registry.classification.edits import Edit
from registry.classification.report import Plain
from registry.errors import EditMalformed, FieldFault, IdentifierMalformed
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
    """The edit of parsed JSON; `EditMalformed` with a fault for each field that does not fit."""
    if not isinstance(plain, dict) or plain.get("edit") not in EDITS:
        raise malformed([unfit("edit", " | ".join(EDITS))])
    given = {name: value for name, value in plain.items() if name != "edit"}
    name = str(plain["edit"])
    faults: list[FieldFault] = []
    found = decode(EDITS[name], given, name, faults)
    if faults or found is None:
        raise malformed(faults)
    edit: Edit = found
    return edit


def edits_from_plain(plain: Sequence[object], fresh: Callable[[], str]) -> list[Edit]:
    """The edits of parsed JSON, new items with identities; `EditMalformed` with every fault of every edit."""
    found: list[Edit] = []
    faults: list[FieldFault] = []
    for number, each in enumerate(plain):
        try:
            found.append(edit_from_plain(completed(each, fresh)))
        except EditMalformed as error:
            faults += [fault.at_edit(number) for fault in error.details]
    if faults:
        raise malformed(faults)
    return found


def completed(plain: object, fresh: Callable[[], str]) -> object:
    """An edit's JSON with a fresh identity for each new item that has none, and its own code for its variable's."""
    if not isinstance(plain, dict):
        return plain
    whole = dict(plain)
    for name in ("item", "into"):
        if name in whole:
            whole[name] = _completed_item(whole[name], fresh)
    if isinstance(whole.get("parts"), list):
        whole["parts"] = [_completed_item(each, fresh) for each in whole["parts"]]
    return whole


def _completed_item(item: object, fresh: Callable[[], str]) -> object:
    if not isinstance(item, dict):
        return item
    whole = {"identity": fresh(), **item}
    if isinstance(whole.get("variable"), dict):
        whole["variable"] = {"code": whole.get("code"), **whole["variable"]}
    return whole


def malformed(faults: Sequence[FieldFault]) -> EditMalformed:
    """The error of these faults, told by the first."""
    return EditMalformed(details=faults, place=faults[0].path, expected=faults[0].message)


def unfit(path: str, expected: str) -> FieldFault:
    """The fault of a field that should be something else."""
    return FieldFault(path, EditMalformed.code, "", expected)


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


def decode(kind: Callable[..., T], plain: object, path: str, faults: list[FieldFault]) -> T | None:
    """A value of that type of what JSON held; None with a fault for each field that does not fit."""
    if not isinstance(plain, dict):
        faults.append(unfit(path, "an object"))
        return None
    hints = _hints(kind)
    before = len(faults)
    faults += [unfit(f"{path}.{name}", ", ".join(hints)) for name in sorted(set(plain) - set(hints))]
    needed = [each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING]  # type: ignore[arg-type]
    faults += [unfit(f"{path}.{name}", "a value") for name in needed if name not in plain]
    values = {
        name: _decode_value(hints[name], value, f"{path}.{name}", faults)
        for name, value in plain.items()
        if name in hints
    }
    return kind(**values) if len(faults) == before else None


@cache
def _hints(kind: Callable[..., object]) -> Mapping[str, object]:
    """The types of the fields; asked once a type, because resolving them takes longer than decoding."""
    return get_type_hints(kind)


def _decode_value(hint: object, plain: object, path: str, faults: list[FieldFault]) -> object:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = [each for each in get_args(hint) if each is not types.NoneType]
        return None if plain is None else _decode_value(inner[0], plain, path, faults)
    if origin is tuple and isinstance(plain, list):
        kind = get_args(hint)[0]
        return tuple(_decode_value(kind, each, f"{path}[{number}]", faults) for number, each in enumerate(plain))
    if isinstance(hint, type) and is_dataclass(hint):
        return decode(hint, plain, path, faults)
    found = _decode_scalar(hint, plain) if isinstance(hint, type) else None
    if found is None:
        faults.append(unfit(path, _expected(hint)))
    return found


def _decode_scalar(hint: type, plain: object) -> object:
    """The value, or None for what is none of its type."""
    if hint in (bool, int):
        return plain if type(plain) is hint else None
    if not isinstance(plain, str) or len(plain) > LONGEST_TEXT:
        return None
    try:
        return date.fromisoformat(plain) if hint is date else hint(plain)
    except (ValueError, IdentifierMalformed):
        return None


def _expected(hint: object) -> str:
    """What a field should hold, in words."""
    if get_origin(hint) is tuple:
        return "a list"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return ", ".join(str(each.value) for each in hint)
    if isinstance(hint, type) and issubclass(hint, Identifier):
        return f"a {hint.kind} that matches {hint.pattern.pattern}"
    return f"a text of at most {LONGEST_TEXT} characters" if hint is str else getattr(hint, "__name__", str(hint))
