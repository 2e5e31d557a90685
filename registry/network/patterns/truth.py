"""How well the library finds what was planted in a sample world, by the world's own truth file.

Lives here: reading the truth and counting, pure. Elsewhere: planting (``registry.intake.sample.typologies``), which
knows nothing of how patterns are found.

A planted pattern is *found* when one match holds everybody who makes it what it is, and at least half of its events.
*Recall* is the share of planted patterns found, *precision* the share of matches that are a planted one. A match that
was not planted is no error by that alone: where people meet by chance, shapes arise by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from registry.cases.identity import Identities
from registry.identifiers import EntityId
from registry.network.patterns.model import Match, PatternKind

TYPOLOGIES: Final[Mapping[str, PatternKind]] = {
    "star recruiter": PatternKind.STAR_RECRUITER,
    "ring": PatternKind.RING,
    "relay route": PatternKind.RELAY_ROUTE,
    "shared address": PatternKind.SHARED_ADDRESS,
    "victim turned recruiter": PatternKind.VICTIM_TURNED_RECRUITER,
    "short-cycle movement": PatternKind.SHORT_CYCLE_MOVEMENT,
}


@dataclass(frozen=True, slots=True)
class Planted:
    """A planted pattern by the ids of its records. ``makers`` are those without whom it would be another."""

    kind: PatternKind
    makers: frozenset[str]
    events: frozenset[str]

    def is_found_in(self, match: Match) -> bool:
        """Whether the match is this one."""
        people = {member.person for member in match.members}
        both = self.events.intersection(match.events)
        return match.kind is self.kind and self.makers <= people and len(both) * 2 >= len(self.events)


@dataclass(frozen=True, slots=True)
class Score:
    """The counts for one kind."""

    kind: PatternKind
    planted: int
    found: int
    matches: int
    true_matches: int

    @property
    def recall(self) -> float:
        """Of 0 to 1; 1 where nothing was planted."""
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """Of 0 to 1; 1 where nothing was matched."""
        return self.true_matches / self.matches if self.matches else 1.0


def read_truth(document: Mapping[str, object], identities: Identities) -> list[Planted]:
    """The planted patterns of a truth file, their keys as the ids that this installation gave them."""
    patterns = document.get("patterns")
    listed = patterns if isinstance(patterns, list) else []
    return [_planted(each, identities) for each in listed if isinstance(each, dict) and each["typology"] in TYPOLOGIES]


def _planted(pattern: Mapping[str, object], identities: Identities) -> Planted:
    kind, entity = TYPOLOGIES[str(pattern["typology"])], EntityId(str(pattern["entity"]))
    keys: dict[str, list[str]] = {
        name: [str(key) for key in told] if isinstance(told := pattern[name], list) else []
        for name in ("perpetrators", "victims", "events")
    }
    makers = MAKERS[kind](keys["perpetrators"], keys["victims"])
    return Planted(
        kind,
        frozenset(identities.person(entity, key) for key in makers),
        frozenset(identities.event(entity, key) for key in keys["events"]),
    )


MAKERS: Final[Mapping[PatternKind, Callable[[Sequence[str], Sequence[str]], Sequence[str]]]] = {
    PatternKind.STAR_RECRUITER: lambda perpetrators, victims: perpetrators[:1],
    PatternKind.RING: lambda perpetrators, victims: perpetrators,
    PatternKind.RELAY_ROUTE: lambda perpetrators, victims: [victims[0], *perpetrators[1:-1]],
    PatternKind.SHARED_ADDRESS: lambda perpetrators, victims: (),
    PatternKind.VICTIM_TURNED_RECRUITER: lambda perpetrators, victims: perpetrators[:1],
    PatternKind.SHORT_CYCLE_MOVEMENT: lambda perpetrators, victims: [perpetrators[0], victims[0]],
}


def score(kind: PatternKind, planted: Sequence[Planted], matches: Sequence[Match]) -> Score:
    """How well one kind was found."""
    mine = [each for each in planted if each.kind is kind]
    hits = [[each.is_found_in(match) for match in matches] for each in mine]
    return Score(
        kind=kind,
        planted=len(mine),
        found=sum(map(any, hits)),
        matches=len(matches),
        true_matches=sum(any(row[at] for row in hits) for at in range(len(matches))),
    )
