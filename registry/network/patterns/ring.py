"""The ring: perpetrators who act two by two, each with the next, the last with the first, and otherwise not.

Only events of exactly two named perpetrators are acts of a pair; what members do in larger company does not matter.
A ring is a cycle of pairs without a chord: no two members who are not neighbours have an act of their own, or no more
of them than the question allows. Where a few people do very much, such cycles arise by themselves; what tells a ring
from them is that it is closed: a good share of what its members do two by two they do with each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Final

from registry.network.patterns.model import NOBODY, Definition, Finding, Match, Member, Parameter, PatternKind, Settings
from registry.network.sentences import times
from registry.network.slice import CaseSlice, EventFacts

MOST_STEPS: Final = 3_000_000
"""Steps of one search: some seconds. Rings among a few people in very many events are more than can be listed."""
MOST_RINGS: Final = 20_000

Acts = Mapping[str, Mapping[str, Sequence[str]]]
"""By person and person the events that are acts of the two; both ways round."""


def find_rings(cases: CaseSlice, settings: Settings, skipped: Set[str] = NOBODY) -> Finding:
    """Each ring once: from its least member, towards the lesser of that one's two neighbours.

    What members do in pairs with people skipped counts among what they do in pairs.
    """
    acts = acts_of(cases.events.values())
    search = _Search(_without(acts, skipped), settings["leastPeople"], settings["mostPeople"], settings["mostChords"])
    matches: list[Match] = []
    told: set[frozenset[str]] = set()
    for ring in search.rings():
        share = _closure(ring, acts)
        # With chords the same people may form several cycles: the first stands for them.
        if share < settings["leastShare"] or frozenset(ring) in told:
            continue
        told.add(frozenset(ring))
        if len(matches) >= MOST_RINGS:
            search.stopped = True
            break
        matches.append(_match(ring, acts, share))
    return Finding(tuple(matches), search.stopped)


def acts_of(events: Iterable[EventFacts]) -> Acts:
    """The acts of pairs among events; people and events sorted."""
    acts: dict[str, dict[str, list[str]]] = {}
    for event in events:
        pair = pair_of(event)
        if pair is not None:
            for one, other in (pair, pair[::-1]):
                acts.setdefault(one, {}).setdefault(other, []).append(event.id)
    return {person: dict(sorted(found.items())) for person, found in sorted(acts.items())}


def _without(acts: Acts, skipped: Set[str]) -> Acts:
    """The acts of pairs of which nobody is skipped."""
    kept = ((person, found) for person, found in acts.items() if person not in skipped)
    return {person: {other: found[other] for other in found if other not in skipped} for person, found in kept}


def pair_of(event: EventFacts) -> tuple[str, str] | None:
    """The two perpetrators of an event that has exactly two."""
    people = sorted(set(event.people(victims=False)))
    return (people[0], people[1]) if len(people) == 2 else None


class _Search:
    """Paths with few enough chords, grown from the least member of a ring; ``stopped`` when the steps ran out."""

    def __init__(self, acts: Acts, least: int, most: int, chords: int) -> None:
        self.acts, self.least, self.most, self.chords = acts, least, most, chords
        self.steps = 0
        self.stopped = False

    def rings(self) -> Iterator[tuple[str, ...]]:
        for first in self.acts:
            for second in self.acts[first]:
                if second > first:
                    yield from self._grow([first, second], self.chords)

    def _grow(self, path: list[str], chords: int) -> Iterator[tuple[str, ...]]:
        first, second, last = path[0], path[1], path[-1]
        for person in self.acts[last]:
            self.steps += 1
            if self.steps > MOST_STEPS:
                self.stopped = True
                return
            if person <= first or person in path:
                continue
            met = self.acts[person]
            left = chords - sum(other in met for other in path[1:-1])
            if left < 0:
                continue
            closes = first in met
            if closes and len(path) + 1 >= self.least and person > second:
                yield (*path, person)
            # Who closes a ring and goes on has a chord to its first member.
            if len(path) + 1 < self.most and left >= closes:
                yield from self._grow([*path, person], left - closes)


def _closure(ring: tuple[str, ...], acts: Acts) -> int:
    """Per cent of the members' acts in pairs that are with a member, rounded down."""
    every = sum(len(events) for person in ring for events in acts[person].values())
    inside = sum(len(acts[person].get(other, ())) for person in ring for other in ring)
    return inside * 100 // every


def _match(ring: tuple[str, ...], acts: Acts, share: int) -> Match:
    pairs = list(zip(ring, (*ring[1:], ring[0]), strict=True))
    events = tuple(event for one, other in pairs for event in acts[one][other])
    return Match(
        kind=PatternKind.RING,
        members=tuple(Member(person, "link") for person in ring),
        events=events,
        timing=None,
        because=(
            f"{times(len(ring), 'perpetrator')}, each pair of neighbours with an act of their own",
            f"{_others(ring, acts)}; {share} per cent of what they do in pairs they do with each other",
        ),
        strength=share,
    )


def _others(ring: tuple[str, ...], acts: Acts) -> str:
    """What is told of the pairs that are no neighbours."""
    chords = sum(len(acts[person].keys() & set(ring)) for person in ring) // 2 - len(ring)
    return f"{times(chords, 'other pair')} of them with one" if chords else "no other two of them have one"


def paired(events: Sequence[EventFacts], settings: Settings) -> Iterator[str]:
    """Whoever acts in a pair."""
    for event in events:
        yield from pair_of(event) or ()


RING: Final = Definition(
    kind=PatternKind.RING,
    words="Perpetrators who act two by two, each with the next and the last with the first, and in no other pairs.",
    parameters=(
        Parameter("leastPeople", 3, 3, 8, "members"),
        Parameter("mostPeople", 6, 3, 8, "members"),
        Parameter("mostChords", 0, 0, 2, "pairs of members who are no neighbours and have an act of their own too"),
        Parameter("leastShare", 33, 0, 100, "per cent of what the members do in pairs that they do with each other"),
    ),
    find=find_rings,
    wanted=paired,
    rounds=4,
)
