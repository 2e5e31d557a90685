"""Patterns of a victim moved on: the relay route, from hand to hand, and the short-cycle movement, round and back.

Both order a victim's events in time as the dates allow: a date that is a year, or none, contradicts little, and the
match says how sure the order is. The area of an event is where people were exploited, else where it was recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import Final

from registry.network.patterns.model import (
    NOBODY,
    Bound,
    Definition,
    Finding,
    Match,
    Member,
    Parameter,
    PatternKind,
    Settings,
    perpetrators_of,
)
from registry.network.sentences import times
from registry.network.slice import DAY, CaseSlice, EventFacts, timing_of

MOST_STEPS: Final = 20_000
"""Steps for one victim: enough for every order of seven events; few victims have so many."""

Chain = tuple[EventFacts, ...]


def find_relays(cases: CaseSlice, settings: Settings, skipped: Set[str] = NOBODY) -> Finding:
    """The longest relay of each victim; nobody who is skipped hands over."""
    matches, stopped = [], False
    for victim, events in cases.suffered.items():
        if len(events) < settings["leastEvents"] or victim in skipped:
            continue
        steps = Bound(MOST_STEPS)
        chain, hands = max(_relays(sorted(events, key=_when), steps, skipped), key=_length, default=((), ()))
        stopped = stopped or steps.left < 0
        if len(chain) >= settings["leastEvents"]:
            matches.append(_relay(victim, chain, hands, skipped))
    return Finding(tuple(matches), stopped)


def _relays(events: Sequence[EventFacts], steps: Bound, skipped: Set[str]) -> Iterator[tuple[Chain, tuple[str, ...]]]:
    """Every relay, with the perpetrator at each handing over."""
    stack: list[tuple[Chain, tuple[str, ...]]] = [((event,), ()) for event in reversed(events)]
    while stack and steps.take():
        chain, hands = stack.pop()
        onward = [
            ((*chain, event), (*hands, hand))
            for event in events
            if _moves_on(chain, event) and timing_of((*chain, event)) is not None
            for hand in sorted(perpetrators_of([chain[-1]]) & perpetrators_of([event]) - skipped - set(hands))
        ]
        stack.extend(reversed(onward))
        yield chain, hands


def _moves_on(chain: Chain, event: EventFacts) -> bool:
    """The event is in areas where the victim has not been, and tells some."""
    return bool(event.areas) and all(event.id != other.id and _apart(event, other) for other in chain)


def _length(found: tuple[Chain, tuple[str, ...]]) -> int:
    return len(found[0])


def _relay(victim: str, chain: Chain, hands: tuple[str, ...], skipped: Set[str]) -> Match:
    ends = [min(perpetrators_of([event]) - skipped - set(hands), default=None) for event in (chain[0], chain[-1])]
    people = [person for person in (ends[0], *hands, ends[1]) if person is not None]
    return Match(
        kind=PatternKind.RELAY_ROUTE,
        members=(Member(victim, "victim"), *(Member(person, "link") for person in dict.fromkeys(people))),
        events=tuple(event.id for event in chain),
        timing=timing_of(chain),
        because=(
            f"one victim in {times(len(chain), 'area')} that differ",
            f"handed on {times(len(hands), 'time')}, each time by another perpetrator who is in both events",
        ),
    )


def find_cycles(cases: CaseSlice, settings: Settings, skipped: Set[str] = NOBODY) -> Finding:
    """The longest cycle of each victim with each perpetrator who is in all of its events."""
    matches, stopped = [], False
    for victim, events in cases.suffered.items():
        if len(events) < settings["leastEvents"] or victim in skipped:
            continue
        for perpetrator in sorted(perpetrators_of(events) - skipped):
            common = sorted((event for event in events if perpetrator in perpetrators_of([event])), key=_when)
            if len(common) < settings["leastEvents"]:
                continue
            steps = Bound(MOST_STEPS)
            cycles = (chain for chain in _cycles(common, settings["mostDays"] * DAY, steps) if _returns(chain))
            chain = max(cycles, key=len, default=())
            stopped = stopped or steps.left < 0
            if len(chain) >= settings["leastEvents"]:
                matches.append(_cycle(victim, perpetrator, chain, settings))
    return Finding(tuple(matches), stopped)


def _cycles(events: Sequence[EventFacts], apart: int, steps: Bound) -> Iterator[Chain]:
    """Every movement from area to area, each move within that many microseconds of the last."""
    stack: list[Chain] = [(event,) for event in reversed(events) if event.areas]
    while stack and steps.take():
        chain = stack.pop()
        onward = [
            (*chain, event)
            for event in events
            if event not in chain
            and event.areas
            and _apart(event, chain[-1])
            and timing_of((*chain, event), most_apart=apart) is not None
        ]
        stack.extend(reversed(onward))
        yield chain


def _returns(chain: Chain) -> bool:
    """Somewhere it comes back to an area it had left; neighbours are always in different ones."""
    return any(not _apart(one, other) for at, one in enumerate(chain) for other in chain[at + 2 :])


def _cycle(victim: str, perpetrator: str, chain: Chain, settings: Settings) -> Match:
    areas = len({area for event in chain for area in event.areas})
    return Match(
        kind=PatternKind.SHORT_CYCLE_MOVEMENT,
        members=(Member(victim, "victim"), Member(perpetrator, "mover")),
        events=tuple(event.id for event in chain),
        timing=timing_of(chain, most_apart=settings["mostDays"] * DAY),
        because=(
            f"one victim moved {times(len(chain) - 1, 'time')} among {times(areas, 'area')}, and back",
            f"the same perpetrator in every event, each move within {times(settings['mostDays'], 'day')}",
        ),
    )


def _apart(one: EventFacts, other: EventFacts) -> bool:
    return set(one.areas).isdisjoint(other.areas)


def _when(event: EventFacts) -> tuple[int, int, str]:
    """Events by when they ended at the latest, so that likely orders are tried first; undated ones last."""
    last = 2**63
    return (
        event.until if event.until is not None else last,
        event.since if event.since is not None else last,
        event.id,
    )


def victims(events: Sequence[EventFacts], settings: Settings) -> Iterator[str]:
    """Every victim."""
    for event in events:
        yield from event.people(victims=True)


def movers(cases: CaseSlice, settings: Settings) -> Iterator[str]:
    """The perpetrators of whoever is a victim often enough."""
    for events in cases.suffered.values():
        if len(events) >= settings["leastEvents"]:
            yield from perpetrators_of(events)


RELAY: Final = Definition(
    kind=PatternKind.RELAY_ROUTE,
    words="One victim goes from area to area, each time handed on by another perpetrator who is in both events.",
    parameters=(Parameter("leastEvents", 3, 3, 20, "events, each in other areas"),),
    find=find_relays,
    wanted=victims,
    guarded=movers,
)
CYCLE: Final = Definition(
    kind=PatternKind.SHORT_CYCLE_MOVEMENT,
    words="One victim is moved from area to area and back, days after days, always with the same perpetrator.",
    parameters=(
        Parameter("leastEvents", 3, 3, 20, "events, neighbours in different areas"),
        Parameter("mostDays", 45, 1, 3_660, "days from one event to the next"),
    ),
    find=find_cycles,
    wanted=victims,
    guarded=movers,
)
