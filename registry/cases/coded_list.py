"""The list of events for readers who see no identified case: years newest first, inside a year an order of their own.

The list of others is ordered by instant and id, which would tell such a reader which of two events of a year came
first, and give two purposes the same order, so that rows of both could be laid side by side. Inside a year the order
here is that of a keyed hash, under the key that pseudonyms are made with. Dates change nothing in it but by their year.

Lives here: places in that list, and finding a page. Elsewhere: what each event shows (``projection``).

A place is ``year|hash``: four digits that fall from year to year, and those of events without a date last.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry.access.pseudonyms import Pseudonyms
from registry.access.scope import ScopeParameter
from registry.cases.paging import Keyset
from registry.cases.ports import CaseStore, EventFilter
from registry.identifiers import EventId

UNDATED: Final = 0
"""The year of events without a date of recording."""
LAST_YEAR: Final = 9998
_TOP: Final = 9999
_DECADES_FROM: Final = 1900
"""Backward, years before it are one stretch: registers of trafficking are younger."""

Years = tuple[int, int]
"""From and to, both included."""


async def coded_page(
    store: CaseStore, where: EventFilter, keyset: Keyset, names: Pseudonyms, *, scope: ScopeParameter
) -> list[tuple[str, EventId]]:
    """At most ``keyset.limit`` places with their events, in the list's order."""
    after, before = keyset.after or "", keyset.before or "~"
    newest = await store.newest_year()
    oldest_wanted = year_of_place(before, UNDATED)
    newest_wanted = min(newest, year_of_place(after, LAST_YEAR))
    parts = years_backward(oldest_wanted, newest_wanted) if keyset.backward else years(newest_wanted, oldest_wanted)
    found: list[tuple[str, EventId]] = []
    for low, high in parts:
        listed = await store.events_of_years(where, low, high, scope=scope)
        placed = [(place_of(year, event, names), event) for year, event in listed]
        found += [pair for pair in placed if after < pair[0] < before]
        if len(found) >= keyset.limit:
            break
    found.sort()
    return found[-keyset.limit :] if keyset.backward else found[: keyset.limit]


def place_of(year: int, event: EventId, names: Pseudonyms) -> str:
    """Where an event of that year stands."""
    return f"{_TOP - year:04d}|{names.order_of(event)}"


def year_of_place(place: str, otherwise: int) -> int:
    """The year of a place; ``otherwise`` for a text that is none."""
    digits = place[:4]
    return _TOP - int(digits) if len(digits) == 4 and digits.isascii() and digits.isdigit() else otherwise


def years(newest: int, oldest: int) -> Iterator[Years]:
    """The years down to ``oldest``, one at first and twice as many each time, those undated apart."""
    width, high = 1, newest
    while high > max(oldest, UNDATED):
        low = max(high - width + 1, oldest, 1)
        yield low, high
        high, width = low - 1, width * 2
    if oldest == UNDATED:
        yield UNDATED, UNDATED
    elif high == oldest:
        yield oldest, oldest


def years_backward(oldest: int, newest: int) -> Iterator[Years]:
    """The years up to ``newest``: those undated, all before decades are counted, then a decade each."""
    if oldest == UNDATED:
        yield UNDATED, UNDATED
    low = max(oldest, 1)
    while low <= newest:
        high = min(newest, _DECADES_FROM - 1 if low < _DECADES_FROM else low - low % 10 + 9)
        yield low, high
        low = high + 1
