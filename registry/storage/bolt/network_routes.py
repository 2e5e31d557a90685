"""Victims' journeys over Bolt: a `registry.network.slice_ports.RouteStore`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from registry.cases.derivation import known_forms
from registry.identifiers import Notation
from registry.instants import datetime_of
from registry.network.routes import NOT_TOLD, SEVERAL_YEARS, Journey, Known
from registry.network.slice_ports import Bounds
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import load_queries
from registry.storage.bolt.network_slices import UNDATED, bounds_of, first_of, parts_of, portions, read_stretches

QUERIES: Final = load_queries("network_routes")


@dataclass(frozen=True, slots=True)
class BoltRouteStore:
    """The journeys of one database."""

    database: Database

    async def journeys(self, bounds: Bounds, *, limit: int) -> Sequence[Journey]:
        """Those of at most ``limit`` events, newest recorded first, those without a date last."""
        if bounds.within.only_events is not None:
            return first_of(await self.journeys_of(sorted(bounds.within.only_events), bounds), after="", limit=limit)
        parameters = {**await bounds_of(self.database, bounds), **parts_of(bounds), "undated": UNDATED}
        return await read_stretches(self.database, QUERIES["journeys"], parameters, _journeys, after="", limit=limit)

    async def journeys_of(
        self, events: Sequence[str], bounds: Bounds, *, without: Collection[str] = ()
    ) -> Sequence[Journey]:
        """Those of these events, as far as they exist, but for some people."""
        parameters = {**await bounds_of(self.database, bounds), **parts_of(bounds), "undated": UNDATED}
        parameters["without"] = sorted(without)
        found: list[Journey] = []
        for ids in portions(events):
            found += _journeys(await self.database.read_one(QUERIES["journeys_of"], {**parameters, "ids": ids}))
        return found


def _journeys(row: Mapping[str, Any] | None) -> Iterator[Journey]:
    """The entries of a row of columns, which its query types."""
    for told in _entries(row or {}):
        is_alone = told["victims"] == 1 and not told["group_forms"]
        yield Journey(
            event=told["events"],
            place=told["places"],
            person=told["people"] or None,
            citizenships=several(told["civ"], told["no_civ"]),
            residences=several(told["lcv"], told["no_lcv"]),
            transits=told["transits"],
            exploited=several(told["coe"], told["no_coe"]),
            years=year(told["firsts"], told["lasts"], told["no_dat"]),
            forms=several(_suffered(told, is_alone=is_alone), ""),
            sex=several(told["svx"], told["no_svx"])[0],
            age_status=several(told["stv"], told["no_stv"])[0],
        )


def _suffered(told: Mapping[str, Any], *, is_alone: bool) -> tuple[Notation, ...]:
    """A victim's own forms, else the event's; both where it is the only victim (`summarise_forms`).

    Of an event that names nobody all its forms, those of its groups too. 7 yields to any other; 8 is its parts, and
    itself where no part is told.
    """
    own, shared = told["own_forms"], told["event_forms"]
    if not told["people"]:
        forms = [*shared, *chain.from_iterable(told["group_forms"])]
    else:
        forms = [*own, *shared] if is_alone else own or shared
    return known_forms(forms) or tuple(forms)


def _entries(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (dict(zip(row, entry, strict=True)) for entry in zip(*row.values(), strict=True))


def several(codes: Sequence[str], missing: str) -> list[Known]:
    """Each code, or the one reason why there is none."""
    return [Known(code) for code in codes] or [Known(missing=missing or NOT_TOLD)]


def year(first: int, last: int, missing: str) -> Known:
    """The year of a date by its earliest and latest reading."""
    if UNDATED in (first, last):
        return Known(missing=missing or NOT_TOLD)
    try:
        years = {datetime_of(each).year for each in (first, last)}
    except OverflowError:
        return Known(missing=SEVERAL_YEARS)
    return Known(f"{years.pop():04}") if len(years) == 1 else Known(missing=SEVERAL_YEARS)
