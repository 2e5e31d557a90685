"""Stretches of the list of events, read one after the other until a page is full.

The embedded engine reads a range of an index fast but sorts all of it before it looks at a limit: 0.4 s for the first
page of 100,000 events, against some milliseconds for a stretch that holds little more than the page. So a page is read
in stretches, each wider than the last; the two engines run the same statements.

A place is ``rank|id``: 18 digits and a record's id. Its *key* is the number that the rank and the first two characters
of the id make, for many events may share a rank (a year's statistics, no date at all).
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Final

from registry.cases.moments import LATEST
from registry.cases.projection import start_of, year_of
from registry.storage.bolt.case_rows import UNDATED

_DIGITS: Final = "".join(sorted(string.ascii_letters + string.digits + "-_"))
"""What ids are written in (`RecordId`), in the order of their code points, in which the store compares."""
_BASE: Final = len(_DIGITS)
_RANK: Final = 18
_FIRST_WIDTH: Final = 64
"""A sixty-fourth of one rank: some hundreds of a hundred thousand events without date."""
_GROWTH: Final = 16
"""From there to ten thousand years in twenty stretches."""
_END: Final = 10**_RANK * _BASE**2

LAST_YEAR: Final = 9998
"""What lies later counts as of it."""

Stretch = tuple[str, str]
"""Places strictly between the two."""


def stretches(after: str, before: str, newest: str) -> Iterator[Stretch]:
    """The list between two places, forward; ``newest`` is a place at or below the first there is."""
    edge, begin, width = after, key_of(max(after, newest)), _FIRST_WIDTH
    while (upper := place_at(begin + width)) < before:
        yield edge, upper
        edge, width = upper, width * _GROWTH
    yield edge, before


def stretches_backward(after: str, before: str) -> Iterator[Stretch]:
    """The list between two places, from its end."""
    edge, begin, width = before, key_of(before), _FIRST_WIDTH
    while (lower := place_at(begin - width)) > after:
        yield lower, edge
        edge, width = lower, width * _GROWTH
    yield after, edge


def stretch_of_years(low: int, high: int) -> Stretch:
    """The places of events whose date begins in these years, 1 to 9998; year 0 is no date."""
    undated = f"{UNDATED:0{_RANK}d}"
    if high == 0:
        return undated, "~"
    after = "" if high >= LAST_YEAR else f"{LATEST - start_of(high + 1) + 1:0{_RANK}d}"
    before = undated if low <= 1 else f"{LATEST - start_of(low) + 1:0{_RANK}d}"
    return after, "~" if low == 0 else before


def year_of_place(place: str) -> int:
    """The year in which the date of a place begins; 0 for no date, or no place."""
    rank = place[:_RANK]
    return year_of(LATEST - int(rank)) if rank and int(rank) != UNDATED else 0


def key_of(place: str) -> int:
    """The number of a place; 0 for what is below every place, the end for what is above."""
    rank, id_ = place[:_RANK], place[_RANK + 1 :]
    if not rank.isdecimal():
        return _END if rank else 0
    first, second = (_DIGITS.find(char) if char else 0 for char in (id_[:1], id_[1:2]))
    return (int(rank) * _BASE + max(first, 0)) * _BASE + max(second, 0)


def place_at(key: int) -> str:
    """The text at which a key begins: no place itself, for ids are longer."""
    if key <= 0:
        return ""
    if key >= _END:
        return "~"
    rest, second = divmod(key, _BASE)
    rank, first = divmod(rest, _BASE)
    return f"{rank:0{_RANK}d}|{_DIGITS[first]}{_DIGITS[second]}"
