"""What may be told of each variable, with its weight: JSON values made beforehand, of which an event picks.

Lives here: values. Elsewhere: who gets which (``world``). The weights are invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from registry.intake.sample.draws import Floats, pick, zipf_weights
from registry.intake.sample.palette import Palette

Told = str | int | list[str] | dict[str, object]
"""A value as ictip-events writes it."""

NOT_KNOWN: Final[Told] = {"missing": "not-known"}
NOT_COLLECTED: Final[Told] = {"missing": "not-collected"}
WITHHELD: Final[Told] = {"missing": "withheld"}
MISSING: Final = ((NOT_KNOWN, 0.6), (NOT_COLLECTED, 0.3), (WITHHELD, 0.1))
"""Missing states and their shares among missing values."""

FIRST_DAY: Final = date(2015, 1, 1)
DAYS: Final = 3653
"""Ten years of recording."""
BEFORE: Final = 3653
"""Days before the first one on which exploitation may have begun."""
SETS: Final = 200
"""Different sets of codes a repeated variable takes."""
MAJORITY: Final = 18


@dataclass(frozen=True, slots=True)
class Menu:
    """Values and their weights."""

    values: Sequence[Told]
    weights: Floats

    def pick(self, uniform: Floats) -> list[Told]:
        """A value for each number of [0, 1)."""
        values = self.values
        return [values[index] for index in pick(uniform, self.weights).tolist()]


def menu(values: Sequence[Told], weights: Sequence[float] | Floats, *, missing: float) -> Menu:
    """The values with these weights, and missing states with a share of ``missing`` together."""
    known = np.asarray(weights, dtype=np.float64)
    told = known / known.sum() * (1 - missing)
    states = [share * missing for _, share in MISSING]
    return Menu([*values, *(state for state, _ in MISSING)], np.concatenate([told, states]))


def ranked(codes: Sequence[str], rng: np.random.Generator, *, missing: float, exponent: float = 1.0) -> Menu:
    """Codes in a random order of frequency, by Zipf's law."""
    shuffled = [codes[index] for index in rng.permutation(len(codes))]
    return menu(shuffled, zipf_weights(len(codes), exponent), missing=missing)


def sets(codes: Sequence[str], rng: np.random.Generator, *, missing: float, most: int = 3) -> Menu:
    """Sets of one to ``most`` codes, some much more frequent than others."""
    weights = zipf_weights(len(codes), 0.8)
    chosen = weights / weights.sum()
    order = rng.permutation(len(codes))
    drawn: list[Told] = []
    for _ in range(SETS):
        size = min(len(codes), int(rng.integers(1, most + 1)))
        places = rng.choice(len(codes), size=size, replace=False, p=chosen)
        drawn.append([codes[order[place]] for place in places])
    return menu(drawn, zipf_weights(len(drawn), 0.5), missing=missing)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Every day of the world as EDTF: to the day, with a time, to the month, to the year. Index 0 is `BEFORE` days
    before the first day of recording."""

    exact: Sequence[str]
    times: Sequence[str]
    months: Sequence[str]
    years: Sequence[str]


def make_calendar() -> Calendar:
    """The world's days."""
    days = [(FIRST_DAY + timedelta(days=number - BEFORE)).isoformat() for number in range(BEFORE + DAYS)]
    times = [f"{day}T{8 + number % 10:02d}:{number * 7 % 60:02d}Z" for number, day in enumerate(days)]
    return Calendar(days, times, [day[:7] for day in days], [day[:4] for day in days])


@dataclass(frozen=True, slots=True)
class Menus:
    """A menu for each variable whose values are picked by weight alone."""

    sta: Menu
    exp: Menu
    sex: Menu
    moc: Menu
    ccs: Menu
    cca: Menu
    cyb: Menu
    ssc: Menu
    fls: Menu
    msv: Menu
    ncv: Menu
    language: Menu
    lev: Menu
    relationship: Menu
    rpp: Menu
    ret: Menu
    dem: Menu
    rmo: Menu
    asg: Menu


def make_menus(palette: Palette, rng: np.random.Generator) -> Menus:
    """The menus of a palette."""
    codes = palette.codes
    articles: list[Told] = [f"Invented Code, art. {number}" for number in range(1, 41)]
    children: list[Told] = list(range(9))
    return Menus(
        sta=menu(codes["sta"], _first(codes["sta"], "actual", 8.0), missing=0.02),
        exp=menu(codes["exp"], _first(codes["exp"], "exploitation", 6.0), missing=0.05),
        sex=menu(codes["svx"], [0.02 if code == "other" else 1.0 for code in codes["svx"]], missing=0.04),
        moc=sets(codes["moc"], rng, missing=0.2),
        ccs=ranked(codes["ccs"], rng, missing=0.1, exponent=0.6),
        cca=menu(articles, zipf_weights(len(articles), 1.0), missing=0.3),
        cyb=ranked(codes["cyb"], rng, missing=0.2),
        ssc=sets(codes["ssc"], rng, missing=0.1, most=2),
        fls=sets(codes["fls"], rng, missing=0.1, most=2),
        msv=ranked(codes["msv"], rng, missing=0.2),
        ncv=menu(children, zipf_weights(len(children), 1.3), missing=0.2),
        language=ranked(codes["lpv"], rng, missing=0.1),
        lev=ranked(codes["lev"], rng, missing=0.25, exponent=0.6),
        relationship=sets(codes["rtv"], rng, missing=0.25, most=1),
        rpp=sets(codes["rpp"], rng, missing=0.05, most=2),
        ret=ranked(codes["ret"], rng, missing=0.02),
        dem=ranked(codes["dem"], rng, missing=0.02),
        rmo=sets(codes["rmo"], rng, missing=0.2, most=2),
        asg=sets(codes["asg"], rng, missing=0.2, most=3),
    )


def _first(codes: Sequence[str], favourite: str, weight: float) -> list[float]:
    return [weight if code == favourite else 1.0 for code in codes]
