"""How alike two events are, variable by variable, over the hierarchies of their codes. Pure.

The measure is Gower's general coefficient (Gower 1971, Biometrics 27): the weighted mean of the likeness of each
variable, over those variables that both events tell. A missing state is no value, so a variable that either event does
not tell takes no part; the share of weight that could be compared is told beside the mean, and too small a share is no
answer at all.

==================  ===========================================================================================
codes of a tree     Wu and Palmer (1994): twice the depth of the nearest common code, by the sum of both depths; 0
                    under different tops. Of two sets: each code's best partner, averaged over both sets
codes of a list     Jaccard (1912): those in both by those in either
dates               1 where the spans may touch, falling to 0 at a gap of five years
==================  ===========================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from registry.network.slice import DAY

FIVE_YEARS: Final = 1_826 * DAY
DATES: Final = "dates"
NOT_TOLD: Final = "not-told"
MILLION: Final = 1_000_000
"""Likeness and shares are told in millionths."""

Ancestors = Callable[[str], Sequence[str]]
"""A code and everything above it, nearest first."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that takes part. ``is_tree``: its codes are compared by their hierarchy."""

    name: str
    weight: int
    is_tree: bool


VARIABLES: Final = (
    Variable("form", 4, True),
    Variable("area", 3, True),
    Variable("fls", 2, True),
    Variable("ssc", 2, False),
    Variable("moc", 2, False),
    Variable("rpp", 2, True),
    Variable("svx", 1, False),
    Variable("stv", 1, False),
    Variable(DATES, 1, False),
)
"""Weights are ours: what was done and where counts most; they are told with each answer."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What one event tells. ``codes`` by variable, none for one that is missing, whose state is in ``missing``."""

    event: str
    place: str
    since: int | None
    until: int | None
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


def joined(event: str, accounts: Sequence[Profile]) -> Profile:
    """The profile of one event of several accounts: everything that one of them tells, at any time that one tells."""
    first, *others = sorted(accounts, key=lambda each: each.place)
    if not others:
        return replace(first, event=event)
    names = [variable.name for variable in VARIABLES]
    codes = {name: frozenset[str]().union(*(each.codes.get(name, ()) for each in accounts)) for name in names}
    missing = {name: state for each in reversed(accounts) for name, state in each.missing.items() if not codes[name]}
    since = min((each.since for each in accounts if each.since is not None), default=None)
    until = max((each.until for each in accounts if each.until is not None), default=None)
    return Profile(event, first.place, since, until, codes, missing)


@dataclass(frozen=True, slots=True)
class Likeness:
    """One variable's part: ``likeness`` of 0 to 1, None where it could not be compared, and why in ``missing``.

    ``share`` is what it adds to the whole: the shares add up to it.
    """

    variable: str
    weight: int
    likeness: float | None
    share: float
    missing: str | None


@dataclass(frozen=True, slots=True)
class Similar:
    """Another event, how alike it is (0 to 1), and what of the weight could be compared (0 to 1)."""

    event: str
    likeness: float
    compared: float
    parts: tuple[Likeness, ...]

    @property
    def order(self) -> tuple[int | str, ...]:
        """The most alike first, then those of which more could be compared, then by id; both in millionths."""
        return (-round(self.likeness * MILLION), -round(self.compared * MILLION), self.event)


def compare(one: Profile, other: Profile, ancestors: Mapping[str, Ancestors]) -> Similar:
    """How alike the other event is to the one."""
    measured = [(variable, _likeness(variable, one, other, ancestors)) for variable in VARIABLES]
    compared = sum(variable.weight for variable, likeness in measured if likeness is not None)
    parts = []
    reached, told = 0.0, 0
    for variable, likeness in measured:
        if likeness is None:
            reason = _reason(variable.name, one, other)
            parts.append(Likeness(variable.name, variable.weight, None, 0.0, reason))
            continue
        # What has been reached is rounded, not each share: so rounding never adds up.
        reached += variable.weight * likeness
        before, told = told, round(reached / compared * MILLION)
        share = (told - before) / MILLION
        parts.append(Likeness(variable.name, variable.weight, round(likeness, 6), share, None))
    whole = sum(variable.weight for variable in VARIABLES)
    return Similar(other.event, told / MILLION, round(compared / whole, 6), tuple(parts))


def _likeness(variable: Variable, one: Profile, other: Profile, ancestors: Mapping[str, Ancestors]) -> float | None:
    if variable.name == DATES:
        return date_likeness(one, other)
    mine, theirs = (each.codes.get(variable.name, frozenset()) for each in (one, other))
    if not mine or not theirs:
        return None
    if variable.is_tree:
        return tree_likeness(mine, theirs, ancestors[variable.name])
    return len(mine & theirs) / len(mine | theirs)


def _reason(variable: str, one: Profile, other: Profile) -> str:
    """Why it could not be compared: the state of the one event, else of the other."""
    if variable == DATES:
        return NOT_TOLD
    silent = one if not one.codes.get(variable) else other
    return silent.missing.get(variable, NOT_TOLD)


def tree_likeness(mine: Iterable[str], theirs: Iterable[str], ancestors: Ancestors) -> float:
    """Of two sets of codes: the mean over all codes of both of the likeness to the best partner."""
    ours, others = sorted(mine), sorted(theirs)
    best = [max(wu_palmer(code, each, ancestors) for each in others) for code in ours]
    best += [max(wu_palmer(code, each, ancestors) for each in ours) for code in others]
    return sum(best) / len(best)


def wu_palmer(one: str, other: str, ancestors: Ancestors) -> float:
    """Twice the depth of the nearest common code by the sum of depths; the top codes of a tree have depth 1."""
    mine, theirs = ancestors(one), ancestors(other)
    above = set(theirs)
    common = next((at for at, code in enumerate(mine) if code in above), None)
    return 0.0 if common is None else 2 * (len(mine) - common) / (len(mine) + len(theirs))


def date_likeness(one: Profile, other: Profile) -> float | None:
    """By the least gap that some reading of the dates leaves."""
    if one.since is None or one.until is None or other.since is None or other.until is None:
        return None
    gap = max(0, one.since - other.until, other.since - one.until)
    return max(0.0, 1 - gap / FIVE_YEARS)
