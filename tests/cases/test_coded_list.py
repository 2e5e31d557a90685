"""The list of readers without the right to identified cases: years, and inside them an order that tells nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.access.pseudonyms import Pseudonyms
from registry.access.scope import scope_parameter
from registry.cases.coded_list import coded_page, years, years_backward
from registry.cases.paging import Keyset
from registry.cases.ports import EVERY_EVENT
from registry.identifiers import EventId
from registry.storage.bolt.case_places import stretch_of_years, year_of_place
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from tests.universe import EVERYTHING, OFFICER, build_universe, event_id

STATISTICS = Pseudonyms(b"s" * 32, 1)
OVERSIGHT = Pseudonyms(b"o" * 32, 1)
WHOLE = Keyset(size=100, backward=False, after=None, before=None)


@pytest.mark.parametrize(
    ("newest", "oldest", "parts"),
    [
        (2020, 0, [(2020, 2020), (2018, 2019), (2014, 2017), (2006, 2013), (1990, 2005), (1958, 1989)]),
        (2020, 2017, [(2020, 2020), (2018, 2019), (2017, 2017)]),
        (2020, 2020, [(2020, 2020)]),
        (0, 0, [(0, 0)]),
    ],
)
def test_years_are_read_from_the_newest_in_growing_stretches(
    newest: int, oldest: int, parts: list[tuple[int, int]]
) -> None:
    """Down to the oldest wanted, those undated last."""
    assert list(years(newest, oldest))[: len(parts)] == parts
    assert list(years(newest, oldest))[-1][0] == oldest


def test_years_are_read_backward_by_decades() -> None:
    """Those undated first, and all before 1900 at once."""
    assert list(years_backward(0, 1923)) == [(0, 0), (1, 1899), (1900, 1909), (1910, 1919), (1920, 1923)]
    assert list(years_backward(2015, 2021)) == [(2015, 2019), (2020, 2021)]


@pytest.mark.parametrize("year", [1, 1899, 1969, 1970, 2020, 9998])
def test_a_year_holds_the_places_of_its_instants(year: int) -> None:
    """Its stretch ends where the next begins, and a place says its year."""
    low, high = stretch_of_years(year, year)
    first = f"{low:0>18}|x"

    assert low < first < high or not low
    assert year_of_place(first) == (year if low else 9998)
    assert year == 9998 or stretch_of_years(year + 1, year + 1)[1] == low


async def ids_of(store: BoltCaseStore, names: Pseudonyms, keyset: Keyset = WHOLE) -> list[str]:
    """The list as one reader has it."""
    return [event for _, event in await coded_page(store, EVERY_EVENT, keyset, names, scope=EVERYTHING)]


async def test_years_fall_and_inside_a_year_each_purpose_has_an_order_of_its_own(database: Database) -> None:
    """So that neither the day shows nor two purposes' lists can be laid side by side."""
    store = BoltCaseStore(database)
    await build_universe(store)
    years_told = [{"E3", "E4", "E5"}, {"E1", "E2"}, {"E6"}]
    names = {event_id(name): name for name in ("E1", "E2", "E3", "E4", "E5", "E6")}

    orders = {
        tuple(names[EventId(id_)] for id_ in await ids_of(store, Pseudonyms(bytes([n]) * 32, 1))) for n in range(8)
    }
    for told in orders:
        assert [set(told[:3]), set(told[3:5]), set(told[5:])] == years_told
    assert len(orders) > 3

    scope = scope_parameter(OFFICER.scope)
    seen = await coded_page(store, EVERY_EVENT, WHOLE, STATISTICS, scope=scope)
    assert {names[event] for _, event in seen} == {"E1", "E2", "E3", "E4"}


async def test_pages_of_either_direction_are_stretches_of_the_list(database: Database) -> None:
    """Page by page, forward and backward, nothing twice and nothing left out."""
    store = BoltCaseStore(database)
    await build_universe(store)
    whole = await coded_page(store, EVERY_EVENT, WHOLE, OVERSIGHT, scope=EVERYTHING)

    for backward in (False, True):
        keyset, met = replace(WHOLE, size=1, backward=backward), []
        while True:
            page = await coded_page(store, EVERY_EVENT, keyset, OVERSIGHT, scope=EVERYTHING)
            kept = page[-1:] if backward else page[:1]
            met += kept
            if len(page) < keyset.limit:
                break
            place = kept[0][0]
            keyset = replace(keyset, before=place) if backward else replace(keyset, after=place)
        assert met == (whole[::-1] if backward else whole)
