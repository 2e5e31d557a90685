"""Patterns planted on purpose in a sample world, so that what finds patterns can be measured against the truth.

::

    star recruiter           one perpetrator recruits in many events that share nobody else
    ring                     perpetrators p1..pk, an event for each neighbouring pair, the last with the first
    relay route              one victim handed on: event j, in area j, joins perpetrators j and j+1; days rise
    shared address           events at one address within some weeks; their perpetrators never meet
    victim turned recruiter  a victim of one event recruits in later ones
    short-cycle movement     one victim and one perpetrator, from area to area and back, days apart

Lives here: how many, who, where and when. Elsewhere: everything else of those events, which is drawn as for any other
(``world``), and their people may well take part in ordinary events too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np


class Typology(StrEnum):
    """What is planted."""

    STAR_RECRUITER = "star recruiter"
    RING = "ring"
    RELAY_ROUTE = "relay route"
    SHARED_ADDRESS = "shared address"
    VICTIM_TURNED = "victim turned recruiter"
    SHORT_CYCLE = "short-cycle movement"


RECRUITERS: Final = frozenset({Typology.STAR_RECRUITER, Typology.VICTIM_TURNED})
"""Their first perpetrator is a recruiter wherever a role is told, in ordinary events too."""
EVENTS_FOR_ONE: Final = 5_000
"""One of each typology for so many events."""
MOST_OF_EACH: Final = 100
LEAST_EVENTS: Final = 100
"""Smaller worlds have none: they would be nothing else."""
SIZES: Final[Mapping[Typology, tuple[int, int]]] = {
    Typology.STAR_RECRUITER: (12, 30),
    Typology.RING: (3, 6),
    Typology.RELAY_ROUTE: (3, 5),
    Typology.SHARED_ADDRESS: (5, 10),
    Typology.VICTIM_TURNED: (4, 7),
    Typology.SHORT_CYCLE: (4, 7),
}
"""Least and most events of one."""


@dataclass(frozen=True, slots=True)
class PlantedEvent:
    """What is fixed of one event. ``perpetrators`` and ``victims`` number the people of one pattern; the rest is drawn.

    ``country`` is a rank, ``day`` a day of the world's span, ``lasted`` the days before it on which the event began, so
    that it ended on it; None leaves them to chance. ``address``: it took place at the pattern's one address.
    """

    pattern: int
    perpetrators: tuple[int, ...]
    victims: tuple[int, ...]
    country: int | None = None
    address: bool = False
    day: int | None = None
    lasted: int | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """One planted pattern: the agency it lies with, its people, and its events by their numbers in the world."""

    typology: Typology
    entity: int
    perpetrators: int
    victims: int
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Every pattern, and what is fixed of each event that belongs to one."""

    patterns: tuple[Pattern, ...]
    planted: Mapping[int, PlantedEvent]


def plan_patterns(rng: np.random.Generator, *, events: int, entities: int, countries: int, days: int) -> Plan:
    """Where patterns go in a world of so many events: each event belongs to one at most."""
    if events < LEAST_EVENTS:
        return Plan((), {})
    each = min(MOST_OF_EACH, max(1, events // EVENTS_FOR_ONE))
    typologies = [typology for typology in Typology for _ in range(each)]
    sizes = [int(rng.integers(SIZES[typology][0], SIZES[typology][1] + 1)) for typology in typologies]
    numbers = rng.choice(events, size=sum(sizes), replace=False).tolist()
    patterns: list[Pattern] = []
    planted: dict[int, PlantedEvent] = {}
    for typology, size in zip(typologies, sizes, strict=True):
        places, numbers = sorted(numbers[:size]), numbers[size:]
        pattern = len(patterns)
        made = MAKERS[typology](rng, pattern, size, countries, days)
        planted.update(zip(places, made, strict=True))
        patterns.append(
            Pattern(
                typology,
                entity=int(rng.integers(entities)),
                perpetrators=_people(event.perpetrators for event in made),
                victims=_people(event.victims for event in made),
                events=tuple(places),
            )
        )
    return Plan(tuple(patterns), planted)


def _people(parts: Iterable[tuple[int, ...]]) -> int:
    """How many people the parts number."""
    return 1 + max((person for part in parts for person in part), default=-1)


def _star(rng: np.random.Generator, pattern: int, size: int, countries: int, days: int) -> list[PlantedEvent]:
    return [PlantedEvent(pattern, perpetrators=(0,), victims=(number,)) for number in range(size)]


def _ring(rng: np.random.Generator, pattern: int, size: int, countries: int, days: int) -> list[PlantedEvent]:
    return [PlantedEvent(pattern, (number, (number + 1) % size), (number,)) for number in range(size)]


def _relay(rng: np.random.Generator, pattern: int, size: int, countries: int, days: int) -> list[PlantedEvent]:
    route = rng.choice(countries, size=size, replace=countries < size).tolist()
    first = int(rng.integers(days // 2))
    steps = np.cumsum(rng.integers(10, 60, size=size)).tolist()
    return [
        PlantedEvent(
            pattern, (number, number + 1), (0,), country=route[number], day=min(days - 1, first + steps[number])
        )
        for number in range(size)
    ]


def _address(rng: np.random.Generator, pattern: int, size: int, countries: int, days: int) -> list[PlantedEvent]:
    country = int(rng.integers(countries))
    first = int(rng.integers(days - 60))
    return [
        PlantedEvent(pattern, (number,), (number,), country=country, address=True, day=first + int(rng.integers(60)))
        for number in range(size)
    ]


def _turned(rng: np.random.Generator, pattern: int, size: int, countries: int, days: int) -> list[PlantedEvent]:
    """The person is the first victim and the first perpetrator: `cast.Cast.turned` makes them one."""
    first = int(rng.integers(100, days // 3))
    steps = np.cumsum(rng.integers(120, days // 12, size=size - 1)).tolist()
    lasted = rng.integers(20, 90, size=size).tolist()
    suffered = PlantedEvent(pattern, (1,), (0,), day=first, lasted=lasted[0])
    recruited = [
        PlantedEvent(pattern, (0,), (number,), day=first + steps[number - 1], lasted=lasted[number])
        for number in range(1, size)
    ]
    return [suffered, *recruited]


def _cycle(rng: np.random.Generator, pattern: int, size: int, countries: int, days: int) -> list[PlantedEvent]:
    route = rng.choice(countries, size=int(rng.integers(2, 4)), replace=countries < 3).tolist()
    first = int(rng.integers(days - 150))
    steps = np.cumsum(rng.integers(5, 20, size=size)).tolist()
    return [
        PlantedEvent(pattern, (0,), (0,), country=route[number % len(route)], day=first + steps[number], lasted=3)
        for number in range(size)
    ]


MAKERS: Final[Mapping[Typology, Callable[[np.random.Generator, int, int, int, int], list[PlantedEvent]]]] = {
    Typology.STAR_RECRUITER: _star,
    Typology.RING: _ring,
    Typology.RELAY_ROUTE: _relay,
    Typology.SHARED_ADDRESS: _address,
    Typology.VICTIM_TURNED: _turned,
    Typology.SHORT_CYCLE: _cycle,
}
