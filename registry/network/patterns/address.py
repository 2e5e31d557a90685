"""The shared address: events at one address within some time, whose perpetrators have nothing else to do there.

They are a set of events no two of which share a perpetrator and all of which may have been within the time, the largest
that any stretch of so long has. Where at most `packing.MOST_SEARCHED` events of a stretch hang together by
perpetrators in two of them no set is larger.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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
    nobody,
    perpetrators_of,
)
from registry.network.patterns.packing import packed
from registry.network.sentences import times
from registry.network.slice import DAY, CaseSlice, EventFacts, Timing

MOST_READ: Final = 100_000
"""Events read for one address, those of each stretch anew: a second or two. Enough for every stretch of 316 events."""


def find_addresses(cases: CaseSlice, settings: Settings, skipped: Set[str] = NOBODY) -> Finding:
    """The largest such set of events of each address; an event of a perpetrator who is skipped is in none."""
    matches, stopped = [], False
    for events in cases.by_address.values():
        reading = Bound(MOST_READ)
        named = [event for event in events if _is_of_some(event, skipped)]
        near = _largest(named, settings["leastEvents"], settings["mostDays"] * DAY, reading)
        stopped = stopped or reading.left < 0
        if near:
            matches.append(_match(near, settings["mostDays"]))
    return Finding(tuple(matches), stopped)


def _is_of_some(event: EventFacts, skipped: Set[str]) -> bool:
    """It names a perpetrator, and none who is skipped: events without any stand for nobody."""
    people = perpetrators_of([event])
    return bool(people) and people.isdisjoint(skipped)


def _match(near: Sequence[EventFacts], days: int) -> Match:
    people = sorted(perpetrators_of(near))
    return Match(
        kind=PatternKind.SHARED_ADDRESS,
        members=tuple(Member(person, "perpetrator") for person in people),
        events=tuple(event.id for event in near),
        timing=_timing(near, days * DAY),
        because=(
            f"{times(len(near), 'event')} at one address, possibly within {times(days, 'day')}",
            f"{times(len(people), 'perpetrator')}, none of them in two of these events",
        ),
    )


def _largest(events: Sequence[EventFacts], least: int, span: int, reading: Bound) -> list[EventFacts]:
    """The largest set of at least so many events that one stretch may have touched and no perpetrator is in twice.

    Stretches that more events touch are tried first; those whose events or perpetrators are no more than the set found
    are passed by.
    """
    best: list[EventFacts] = []
    for start, touching in _stretches(events, span):
        if touching < max(least, len(best) + 1):
            break
        near = [event for event in events if start is None or _touches(event, start, span)]
        if len(perpetrators_of(near)) <= len(best):
            continue
        if not reading.take(touching):
            break
        best = max(best, _of_strangers(near), key=len)
    return best if len(best) >= least else []


def _stretches(events: Sequence[EventFacts], span: int) -> list[tuple[int | None, int]]:
    """Where each stretch begins that has to be tried, and how many events it may touch, most first.

    Every stretch touches no more than the one that begins where the first event that it touches ends. Undated events
    may be anywhere: without any dated one there is one stretch, which begins nowhere.
    """
    sinces = sorted(event.since for event in events if event.since is not None)
    untils = sorted(event.until for event in events if event.until is not None)
    undated = len(events) - len(untils)
    counts = {start: bisect_right(sinces, start + span) - bisect_left(untils, start) for start in untils}
    found = [(start, undated + count) for start, count in counts.items()]
    return sorted(found, key=lambda each: (-each[1], each[0])) or [(None, undated)]


def _of_strangers(events: Sequence[EventFacts]) -> list[EventFacts]:
    """The most of these events no two of which share a perpetrator, in the order given; among equals dated ones."""
    crowds = {event.id: perpetrators_of([event]) for event in events}
    chosen = packed(crowds, {event.id for event in events if event.since is not None})
    return [event for event in events if event.id in chosen]


def _touches(event: EventFacts, start: int, span: int) -> bool:
    if event.since is None or event.until is None:
        return True
    return event.until >= start and event.since <= start + span


def _timing(events: Sequence[EventFacts], span: int) -> Timing:
    dated = [(event.since, event.until) for event in events if event.since is not None and event.until is not None]
    if len(dated) < len(events):
        return Timing.UNDATED
    together = max(until for _, until in dated) - min(since for since, _ in dated) <= span
    return Timing.CERTAIN if together else Timing.POSSIBLE


def strangers(cases: CaseSlice, settings: Settings) -> Iterator[str]:
    """The perpetrators at every address of events enough."""
    for events in cases.by_address.values():
        if len(events) >= settings["leastEvents"]:
            yield from perpetrators_of(events)


SHARED_ADDRESS: Final = Definition(
    kind=PatternKind.SHARED_ADDRESS,
    words="Events at one address within some time, with different perpetrators.",
    parameters=(
        Parameter("leastEvents", 4, 2, 1_000, "events without a perpetrator in common"),
        Parameter("mostDays", 90, 1, 3_660, "days within which they may have been"),
    ),
    find=find_addresses,
    wanted=nobody,
    by_address=True,
    guarded=strangers,
)
