"""How far an event's record can be relied on: an ordered level and what it rests on, from what the record itself says.

Pure. The rules, which no standard gives and which are ours:

1. A statement is a status (``sta``) with whether an official competent authority makes it (``dem``): the event's own,
   and each decision's. Where official ones say a status, only they count.
2. CONFIRMED: they say actual, officially. REPORTED: they say actual, or nobody says a status. POSSIBLE: they say
   possible. REFUTED: they say that it is no trafficking. Where they differ, the lowest holds.
3. A survey's or synthetic record is REPORTED at most: nobody was asked to answer for it.

No number is given: there is nothing in a record that a number could be computed from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Confidence(StrEnum):
    """From least to most."""

    REFUTED = "REFUTED"
    POSSIBLE = "POSSIBLE"
    REPORTED = "REPORTED"
    CONFIRMED = "CONFIRMED"

    @property
    def rank(self) -> int:
        """The higher, the more."""
        return _ORDER.index(self)


_ORDER: Final = tuple(Confidence)
OFFICIAL: Final = "official-competent-authority"
ADMINISTRATIVE: Final = "administrative"
_LEVELS: Final = {
    "actual": Confidence.REPORTED,
    "possible": Confidence.POSSIBLE,
    "not-trafficking": Confidence.REFUTED,
}
_WEIGHED: Final = Confidence.REPORTED


@dataclass(frozen=True, slots=True)
class Statement:
    """A status that somebody says, by its code, and whether officially."""

    status: str
    official: bool


def confidence_of(statements: Sequence[Statement], source_type: str | None) -> tuple[Confidence, tuple[str, ...]]:
    """The level, and what it rests on as codes: the statuses that counted, ``official``, and the source's type."""
    told = [statement for statement in statements if statement.status in _LEVELS]
    official = [statement for statement in told if statement.official]
    counted = official or told
    level = weakest(_LEVELS[statement.status] for statement in counted)
    if official and level is Confidence.REPORTED and source_type == ADMINISTRATIVE:
        level = Confidence.CONFIRMED
    statuses = sorted({statement.status for statement in counted}) or ["no-status"]
    return level, (*statuses, *(["official"] if official else []), source_type or "no-source-type")


def weakest(levels: Iterable[Confidence]) -> Confidence:
    """The lowest of them; REPORTED where there is none."""
    return min(levels, key=lambda level: level.rank, default=_WEIGHED)


def strongest(levels: Iterable[Confidence]) -> Confidence:
    """The highest of them; REPORTED where there is none."""
    return max(levels, key=lambda level: level.rank, default=_WEIGHED)
