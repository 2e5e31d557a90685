"""The random laws of a sample world, drawn in blocks with numpy.

Lives here: sizes by truncated power law, ranks by Zipf, people reused by a Pitman-Yor process, and facts of a person
that stay the same wherever the person appears (hashed, so nothing is remembered). Elsewhere: what is done with them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

RANDOM_BLOCK: Final = 65_536


def power_law(rng: np.random.Generator, count: int, *, exponent: float, most: int) -> Integers:
    """``count`` whole numbers from 1 to ``most`` with P(k) proportional to k^-exponent."""
    weights = np.arange(1, most + 1, dtype=np.float64) ** -exponent
    return pick(rng.random(count), weights) + 1


def zipf_weights(count: int, exponent: float) -> Floats:
    """Weights of ranks 1 to ``count``: rank^-exponent, not normalised."""
    return np.arange(1, count + 1, dtype=np.float64) ** -exponent


def pick(uniform: Floats, weights: Floats | Sequence[float]) -> Integers:
    """For each number of [0, 1) the index it falls on when indices have these weights."""
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    found: Integers = np.searchsorted(cumulative, uniform * cumulative[-1], side="right").astype(np.int64)
    return np.minimum(found, len(cumulative) - 1)


def lasting_uniform(people: Integers, *, salt: int) -> Floats:
    """A number of [0, 1) for each person; the same person and salt get the same (splitmix64, Steele et al. 2014)."""
    with np.errstate(over="ignore"):
        state = people.astype(np.uint64) + np.uint64(salt) * np.uint64(0x9E3779B97F4A7C15)
        state += np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state ^= state >> np.uint64(31)
    return (state >> np.uint64(11)).astype(np.float64) * 2.0**-53


def uniforms(rng: np.random.Generator) -> Iterator[float]:
    """Numbers of [0, 1) one at a time, drawn in blocks: a call of numpy for each would cost 20 times as much."""
    while True:
        yield from rng.random(RANDOM_BLOCK).tolist()


class Urn:
    """People of one agency, drawn by a Pitman-Yor process; each is a number from 0 on.

    Eight bytes a draw are remembered (4 for the draw, 4 for a person's count), so a million events stay under 20 MB.
    """

    __slots__ = ("_counts", "_discount", "_draws", "_strength", "_uniforms")

    def __init__(self, uniform: Iterator[float], *, discount: float, strength: float) -> None:
        self._uniforms = uniform
        self._discount = discount
        self._strength = strength
        self._draws = array("I")
        self._counts = array("I")

    @property
    def people(self) -> int:
        """How many have been drawn at least once."""
        return len(self._counts)

    def add(self) -> int:
        """A new person, drawn once."""
        person = len(self._counts)
        self._counts.append(1)
        self._draws.append(person)
        return person

    def draw(self) -> int:
        """A known person or a new one, as the process has it."""
        drawn, uniform = len(self._draws), self._uniforms
        new = (self._strength + self._discount * len(self._counts)) / (drawn + self._strength)
        if not drawn or next(uniform) < new:
            return self.add()
        while True:
            # A past draw taken evenly is this person's c times of n; kept c - d times of c, that makes (c - d) / n.
            person = self._draws[int(next(uniform) * drawn)]
            count = self._counts[person]
            if next(uniform) * count < count - self._discount:
                self._counts[person] = count + 1
                self._draws.append(person)
                return person

    def draw_several(self, count: int) -> list[int]:
        """Different people for one event; after ten meetings with the same ones, new people."""
        people: list[int] = []
        meetings = 0
        while len(people) < count:
            person = self.draw() if meetings < 10 else self.add()
            if person in people:
                meetings += 1
            else:
                people.append(person)
        return people
