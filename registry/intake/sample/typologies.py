"""Patterns planted on purpose in a sample world, so that what finds patterns can be measured against the truth.

::

    star recruiter   one perpetrator recruits in many events that share nobody else
    ring             perpetrators p1..pk, an event for each neighbouring pair, the last with the first
    relay route      one victim handed on: event j, in area j, joins perpetrators j and j+1; days rise
    shared place     events at one place within some weeks; their perpetrators never meet

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
    SHARED_PLACE = "shared place"


EVENTS_FOR_ONE: Final = 5_000
"""One of each typology for so many events."""
MOST_OF_EACH: Final = 100
LEAST_EVENTS: Final = 100
"""Smaller worlds have none: they would be nothing else."""
SIZES: Final[Mapping[Typology, tuple[int, int]]] = {
    Typology.STAR_RECRUITER: (12, 30),
    Typology.RING: (3, 6),
    Typology.RELAY_ROUTE: (3, 5),
    Typology.SHARED_PLACE: (5, 10),
}
"""Least and most events of one."""


@dataclass(frozen=True, slots=True)
class PlantedEvent:
    """What is fixed of one event. ``perpetrators`` and ``victims`` number the people of one pattern; the rest is drawn.

    ``country`` is a rank, ``day`` a day of the world's span; None leaves them to chance.
    """

    pattern: int
    perpetrators: tuple[int, ...]
    victims: tuple[int, ...]
    country: int | None = None
    place: bool = False
    day: int | None = None


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


def _place(rng: np.random.Generator, pattern: int, size: int, countries: int, days: int) -> list[PlantedEvent]:
    country = int(rng.integers(countries))
    first = int(rng.integers(days - 60))
    return [
        PlantedEvent(pattern, (number,), (number,), country=country, place=True, day=first + int(rng.integers(60)))
        for number in range(size)
    ]


MAKERS: Final[Mapping[Typology, Callable[[np.random.Generator, int, int, int, int], list[PlantedEvent]]]] = {
    Typology.STAR_RECRUITER: _star,
    Typology.RING: _ring,
    Typology.RELAY_ROUTE: _relay,
    Typology.SHARED_PLACE: _place,
}
