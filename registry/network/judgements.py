"""Judgements that two source records tell of the same person or event: values and what they must satisfy.

Lives here: the values. Elsewhere: making and withdrawing them (``actions``), what they do to a network (``expand``).

Records are never merged: a judgement stands between two of them and can be taken back, which leaves both as they were.
It exists only for who sees both.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from registry.errors import ArgumentsConflicting
from registry.network.model import RECORDS, NodeKind

MAX_ASKED: Final = 500
"""Records whose judgements are told at once."""


class Grounds(StrEnum):
    """What a judgement rests on; codes, so that no case value stands on an edge or in the audit."""

    IDENTIFIER = "IDENTIFIER"
    DOCUMENT = "DOCUMENT"
    BIOMETRICS = "BIOMETRICS"
    STATEMENT = "STATEMENT"
    ANALYSIS = "ANALYSIS"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records of one kind, the lesser id first: what a judgement is about, and its key."""

    kind: NodeKind
    one: str
    other: str

    @property
    def key(self) -> str:
        """The key of the pair's only judgement."""
        return f"{self.one}|{self.other}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Somebody's statement about a pair. ``at`` is microseconds since 1970 in UTC; ``by`` is an account."""

    id: str
    pair: Pair
    grounds: Grounds
    by: str
    at: int


def pair_of(kind: NodeKind, one: str, other: str) -> Pair:
    """The pair of two records; raises `ArgumentsConflicting` for a hub, or for one record twice."""
    if kind not in RECORDS:
        raise ArgumentsConflicting(arguments="kind", rule="only people and events can be judged the same")
    if one == other:
        raise ArgumentsConflicting(arguments="one, other", rule="give two different records")
    return Pair(kind, min(one, other), max(one, other))
