"""Routes: from where victims came, through where, to where they were exploited; and what is not known of it. Pure.

Counting rules. A row counts **victims**, each person once however many of its events they are in, and **events**. The
moment of count is the recording of the event (``dat``). A victim with two citizenships, two countries of exploitation
or two forms is in a row of each, so rows do not add up to a total. Several unnamed people told of as a group are
nobody; an event without any named victim is in a row of its own kind, with no victims. What is missing is a row like
any other.

Areas are rolled up the one hierarchy of ``areas`` (ISO 3166, UN M49); what is coarser than the level asked for stays as
it was told and is marked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import groupby, pairwise, product
from typing import Final

from registry.identifiers import Notation

NOT_TOLD: Final = "not-told"
"""The record says nothing, not even why: beside the missing states of the scheme ``missing``."""
SEVERAL_YEARS: Final = "several-years"
"""The date spans more years than one."""
WORLD: Final = "001"


class Origin(StrEnum):
    """What stands for where a victim came from."""

    CITIZENSHIP = "CITIZENSHIP"
    RESIDENCE = "RESIDENCE"
    """The last country of residence; where that is not told, citizenship."""


class AreaLevel(StrEnum):
    """How far areas are rolled up."""

    AS_TOLD = "AS_TOLD"
    COUNTRY = "COUNTRY"
    SUBREGION = "SUBREGION"
    """The regions next below those of `REGION`: Sub-Saharan Africa, Northern Europe."""
    REGION = "REGION"
    """Africa, Americas, Asia, Europe, Oceania."""


class By(StrEnum):
    """What rows are told apart by, beside the route."""

    YEAR = "YEAR"
    FORM = "FORM"
    SEX = "SEX"
    AGE_STATUS = "AGE_STATUS"


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """A code, or why there is none: a missing state, `NOT_TOLD` or `SEVERAL_YEARS`."""

    code: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Journey:
    """What one event tells of one victim; ``person`` is None where it names no victim."""

    event: str
    place: str
    person: str | None
    citizenships: Sequence[Known]
    residences: Sequence[Known]
    transits: Sequence[str]
    exploited: Sequence[Known]
    years: Known
    forms: Sequence[Known]
    sex: Known
    age_status: Known


@dataclass(frozen=True, slots=True)
class Stop:
    """An area of a route at the level asked for; ``is_coarser`` where no area of that level is known."""

    area: Known
    is_coarser: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """One row. ``by`` holds what it is told apart by, in the order of the question."""

    origin: Stop
    transits: tuple[Stop, ...]
    destination: Stop
    by: tuple[tuple[By, Known], ...]
    victims: int
    events: int

    @property
    def order(self) -> tuple[int | str, ...]:
        """Those with most victims first, then most events, then by area, then by what rows are told apart by."""
        stops = (self.origin, *self.transits, self.destination)
        told = [*(stop.area for stop in stops), *(value for _, value in self.by)]
        return (-self.victims, -self.events, *(part for known in told for part in (known.code, known.missing)))


@dataclass(frozen=True, slots=True)
class Leg:
    """One step of the routes, from area to area, by whom and which events it is told."""

    source: Stop
    target: Stop
    victims: int
    events: tuple[str, ...]

    @property
    def order(self) -> tuple[int | str, ...]:
        """Those with most victims first, then most events, then by area."""
        told = (self.source.area, self.target.area)
        return (-self.victims, -len(self.events), *(part for known in told for part in (known.code, known.missing)))


@dataclass(frozen=True, slots=True)
class Roller:
    """Areas and units rolled up, by the parents that the released lists give."""

    parent_of_area: Callable[[Notation], Notation | None]
    parent_of_unit: Callable[[Notation], Notation | None]
    level: AreaLevel

    def stop(self, known: Known) -> Stop:
        """The area at the level."""
        if not known.code or self.level is AreaLevel.AS_TOLD:
            return Stop(known)
        above = chain(known.code, self.parent_of_area)
        if self.level is AreaLevel.COUNTRY:
            found = next((code for code in above if is_country(code)), None)
        else:
            below_world = above[above.index(WORLD) + 1 :] if WORLD in (above := above[::-1]) else []
            depth = 0 if self.level is AreaLevel.REGION else 1
            found = below_world[depth] if len(below_world) > depth else None
        is_region = known.code.isdecimal()
        return Stop(known, is_coarser=is_region) if found is None else Stop(Known(found))

    def unit(self, known: Known) -> Known:
        """The unit of a form; a missing state stays."""
        return known if not known.code else Known(chain(known.code, self.parent_of_unit)[-1])


def chain(code: str, parent: Callable[[Notation], Notation | None]) -> list[str]:
    """The code and everything above it, nearest first; ends where the list runs in a circle."""
    found: list[str] = []
    above: str | None = code
    while above is not None and above not in found:
        found.append(above)
        above = parent(Notation(above))
    return found


def is_country(code: str) -> bool:
    """Whether a code of ``areas`` is a country's: two letters."""
    return len(code) == 2 and code.isalpha()


@dataclass(slots=True)
class _Tally:
    victims: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)

    def add(self, journey: Journey) -> None:
        self.events.add(journey.event)
        if journey.person is not None:
            self.victims.add(journey.person)


def count_routes(
    journeys: Iterable[Journey], roller: Roller, *, origin: Origin, by: Sequence[By]
) -> tuple[tuple[Route, ...], tuple[Leg, ...]]:
    """Rows and legs, those with most victims first, then most events, then by area."""
    stop, unit = cache(roller.stop), cache(roller.unit)
    rows: dict[tuple[Stop, tuple[Stop, ...], Stop, tuple[Known, ...]], _Tally] = {}
    legs: dict[tuple[Stop, Stop], _Tally] = {}
    for journey in journeys:
        for stops in _stops(journey, stop, origin):
            for values in product(*(_values(journey, each, unit) for each in by)):
                rows.setdefault((stops[0], stops[1:-1], stops[-1], values), _Tally()).add(journey)
            for leg in pairwise(stops):
                legs.setdefault(leg, _Tally()).add(journey)
    return _told_routes(rows, by), _told_legs(legs)


def _stops(journey: Journey, stop: Callable[[Known], Stop], origin: Origin) -> Iterator[tuple[Stop, ...]]:
    """Every route of a journey: each origin, the transits in order, each destination; repeated stops once."""
    origins = journey.citizenships
    if origin is Origin.RESIDENCE and (
        any(each.code for each in journey.residences) or all(each.missing == NOT_TOLD for each in origins)
    ):
        origins = journey.residences
    passed = [area for area, _ in groupby(stop(Known(code)) for code in journey.transits)]
    firsts = dict.fromkeys(map(stop, origins))
    lasts = dict.fromkeys(map(stop, journey.exploited))
    for first, last in product(firsts, lasts):
        yield (first, *passed, last)


def _values(journey: Journey, by: By, unit: Callable[[Known], Known]) -> list[Known]:
    match by:
        case By.YEAR:
            return [journey.years]
        case By.FORM:
            return list(dict.fromkeys(map(unit, journey.forms)))
        case By.SEX:
            return [journey.sex]
        case By.AGE_STATUS:
            return [journey.age_status]


def _told_routes(
    rows: Mapping[tuple[Stop, tuple[Stop, ...], Stop, tuple[Known, ...]], _Tally], by: Sequence[By]
) -> tuple[Route, ...]:
    routes = [
        Route(first, passed, last, tuple(zip(by, values, strict=True)), len(tally.victims), len(tally.events))
        for (first, passed, last, values), tally in rows.items()
    ]
    return tuple(sorted(routes, key=lambda route: route.order))


def _told_legs(legs: Mapping[tuple[Stop, Stop], _Tally]) -> tuple[Leg, ...]:
    told = [Leg(first, last, len(tally.victims), tuple(sorted(tally.events))) for (first, last), tally in legs.items()]
    return tuple(sorted(told, key=lambda leg: leg.order))
