"""The people and agencies of a sample world: who is met again, and under which key.

Lives here: agencies, and each agency's known people. Elsewhere: the law of reuse (``draws``), events (``world``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from registry.intake.sample.draws import Urn, pick, zipf_weights
from registry.intake.sample.palette import Palette
from registry.intake.sample.presets import Shape

VICTIMS_FROM: Final = 1 << 39
"""Numbers of people first met as victims begin here within an agency's range of 2^40."""
ENTITIES_MOST: Final = 24
EVENTS_AN_ENTITY: Final = 500


@dataclass(frozen=True, slots=True)
class Agency:
    """An invented reporting entity; ``home`` is the rank of its country."""

    id: str
    name: str
    type: str
    home: int


class Cast:
    """The people of one agency: known perpetrators in an urn, victims by their number."""

    __slots__ = ("shape", "turned", "uniform", "urn", "victims")

    def __init__(self, shape: Shape, uniform: Iterator[float]) -> None:
        self.shape = shape
        self.uniform = uniform
        self.urn = Urn(uniform, discount=shape.discount, strength=shape.strength)
        self.victims = 0
        self.turned: dict[int, int] = {}
        """Perpetrators who were a victim first: their number as one."""

    def draw_perpetrators(self, count: int) -> list[int]:
        """The perpetrators of one event. A few of the new ones were victims of an earlier event."""
        known = self.urn.people
        drawn = self.urn.draw_several(count)
        for person in drawn:
            if person >= known and self.victims and next(self.uniform) < self.shape.turned:
                self.turned[person] = int(next(self.uniform) * self.victims)
        return [self.identify(person) for person in drawn]

    def identify(self, perpetrator: int) -> int:
        """The number under which the agency met the person first."""
        turned = self.turned.get(perpetrator)
        return perpetrator if turned is None else VICTIMS_FROM + turned

    def draw_victims(self, count: int) -> list[int]:
        """The victims of one event: mostly new, some met before."""
        people: list[int] = []
        for _ in range(count):
            if self.victims and next(self.uniform) < self.shape.returning:
                person = VICTIMS_FROM + int(next(self.uniform) * self.victims)
                if person not in people:
                    people.append(person)
                    continue
            people.append(self.new_victim())
        return people

    def new_victim(self) -> int:
        """A victim met for the first time."""
        self.victims += 1
        return VICTIMS_FROM + self.victims - 1


def make_agencies(palette: Palette, rng: np.random.Generator, *, events: int, world: str) -> list[Agency]:
    """Two agencies, and another for each 500 events, up to 24; their types take turns.

    The name of the world is in their ids, so that two worlds in one store do not replace each other's records.
    """
    count = min(ENTITIES_MOST, 2 + events // EVENTS_AN_ENTITY)
    homes = pick(rng.random(count), zipf_weights(len(palette.countries), 1.0)).tolist()
    types = palette.codes["ret"]
    agencies = []
    for number in range(count):
        type_ = types[number % len(types)]
        agencies.append(
            Agency(
                f"sample-{world}-{type_}-{number + 1}",
                f"Invented {type_} {number + 1} (sample {world})",
                type_,
                homes[number],
            )
        )
    return agencies


def person_key(person: int) -> str:
    """The agency's own key of a person."""
    return f"v{person - VICTIMS_FROM}" if person >= VICTIMS_FROM else f"p{person}"


def event_key(number: int) -> str:
    """The agency's own key of an event."""
    return f"e{number}"
