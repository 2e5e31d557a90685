"""Questions as one line of JSON and back: whatever is a frozen value of plain parts, by its own annotations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from registry.network.questions import KINDS, AnyQuestion, kind_of


def write_question(question: AnyQuestion) -> str:
    """The question, the same text for the same question."""
    return json.dumps({"kind": kind_of(question), "arguments": _plain(question)}, sort_keys=True)


def read_question(text: str) -> AnyQuestion:
    """The question that `write_question` wrote; an argument that it did not know yet has its default.

    Raises `ValueError`, `KeyError`, `TypeError` or `AttributeError` for another text.
    """
    told: Mapping[str, Any] = json.loads(text)
    question: AnyQuestion = _typed(KINDS[told["kind"]], told["arguments"])
    return question


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(_plain(each) for each in value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _typed(kind: Any, told: Any) -> Any:
    """The plain value as that type."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if told is None else _typed(next(each for each in parts if each is not NoneType), told)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        make: Any = kind
        return make(**{name: _typed(hints[name], each) for name, each in told.items()})
    if origin in (tuple, frozenset):
        return origin(_typed(parts[0], each) for each in told)
    if origin is not None:
        return dict(told)
    if issubclass(kind, (bool, int, float)):
        if not isinstance(told, (bool, int, float)):
            raise TypeError
        return told
    return kind(told)
