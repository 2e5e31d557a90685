"""Where it is asked whether a record lies inside a scope: once as a parameter of Cypher, once in plain Python.

Lives here: both, side by side, so that one reader can compare them. Elsewhere: what a scope is (``actor``), the
queries that carry the predicate (``registry/storage/bolt/cypher``; a test finds it in each that reads an event).

A stored event carries what the predicate reads, written with the record and on each referral:

- ``holder``    the reporting entity that holds it: the source, or whom it was referred to;
- ``country``   the country it was recorded in, else its source's own, else none;
- ``marks``     the sum of `MARKS` of its sensitivity, 0 to 7.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from registry.access.actor import Scope, Sensitivity

MARKS: Final[Mapping[Sensitivity, int]] = MappingProxyType(
    {Sensitivity.CHILD: 1, Sensitivity.SEXUAL: 2, Sensitivity.INFORMANT: 4}
)
"""One bit a kind, so that a record's kinds are one number and a scope's a list of eight numbers at most."""

PREDICATE: Final = (
    "($scope.all"
    " OR (($scope.entities IS NULL OR e.holder IN $scope.entities)"
    " AND ($scope.countries IS NULL OR e.country IN $scope.countries)"
    " AND ($scope.marks IS NULL OR e.marks IN $scope.marks)"
    " AND ($scope.cases IS NULL OR e.id IN $scope.cases))"
    " OR e.id IN $scope.opened)"
)
"""What stands in every query that reads an event ``e``, but for line breaks and the variable's letter.

One map and not five parameters: a query declares it once. About a microsecond a link on either engine.
"""

LINE_PREDICATE: Final = (
    "(($scope.entities IS NULL OR u.holder IN $scope.entities)"
    " AND ($scope.countries IS NULL OR u.country IN $scope.countries)"
    " AND ($scope.marks IS NULL OR u.marks IN $scope.marks))"
)
"""The part of the predicate that whole lines of counts can answer, about a line ``u``: written ``line_in_scope(u)``.

Who sees single cases only (``cases``), or besides (``opened``), has those counted one by one and by `PREDICATE`.
"""

ScopeParameter = Mapping[str, bool | list[str] | list[int] | None]


@dataclass(frozen=True, slots=True)
class Placed:
    """What of an event decides who sees it."""

    event: str
    holder: str
    country: str | None
    marks: int


def marks_of(kinds: Iterable[Sensitivity]) -> int:
    """The kinds as one number."""
    return sum(MARKS[kind] for kind in set(kinds))


def kinds_of(marks: int) -> frozenset[Sensitivity]:
    """The kinds that a number stands for."""
    return frozenset(kind for kind, bit in MARKS.items() if marks & bit)


def seen_marks(tiers: frozenset[Sensitivity]) -> list[int] | None:
    """Every number whose kinds are all among the tiers, rising; None when that is all of them."""
    allowed = marks_of(tiers)
    numbers = [number for number in range(sum(MARKS.values()) + 1) if number & ~allowed == 0]
    return None if len(numbers) == sum(MARKS.values()) + 1 else numbers


@lru_cache(maxsize=256)
def scope_parameter(scope: Scope) -> ScopeParameter:
    """The scope as ``$scope`` of `PREDICATE`: sorted lists, null where one does not bind; ``all``: none binds."""
    marks = seen_marks(scope.tiers)
    return {
        "all": scope.entities is None and scope.countries is None and marks is None and scope.cases is None,
        "entities": _sorted(scope.entities),
        "countries": _sorted(scope.countries),
        "marks": marks,
        "cases": _sorted(scope.cases),
        "opened": _sorted(scope.opened),
    }


def sees(scope: Scope, record: Placed) -> bool:
    """The predicate in Python: what tests compare the stores with, and what explanations are made of."""
    return all(passed for _, passed in conditions(scope, record)) or record.event in scope.opened


def conditions(scope: Scope, record: Placed) -> tuple[tuple[str, bool], ...]:
    """Each condition by name with its outcome, in the order of the predicate; an opening stands apart."""
    return (
        ("agency", scope.entities is None or record.holder in scope.entities),
        ("country", scope.countries is None or record.country in scope.countries),
        ("sensitivity", kinds_of(record.marks) <= scope.tiers),
        ("case grant", scope.cases is None or record.event in scope.cases),
    )


def _sorted(part: Iterable[str] | None) -> list[str] | None:
    return None if part is None else sorted(part)
