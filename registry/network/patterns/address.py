"""The shared address: events at one address within some time, whose perpetrators have nothing else to do there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from registry.network.patterns.model import Definition, Finding, Match, Member, Parameter, PatternKind, Settings
from registry.network.sentences import times
from registry.network.slice import DAY, CaseSlice, EventFacts, Timing


def find_addresses(cases: CaseSlice, settings: Settings) -> Finding:
    """The largest such set of events of each address."""
    matches = (_shared(events, settings) for events in cases.by_address.values())
    return Finding(tuple(match for match in matches if match is not None))


def _shared(events: Sequence[EventFacts], settings: Settings) -> Match | None:
    if len(events) < settings["leastEvents"]:
        return None
    strangers = _of_strangers(events)
    near = _within(strangers, settings["mostDays"] * DAY)
    if len(near) < settings["leastEvents"]:
        return None
    people = sorted({person for event in near for person in event.people(victims=False)})
    return Match(
        kind=PatternKind.SHARED_ADDRESS,
        members=tuple(Member(person, "perpetrator") for person in people),
        events=tuple(event.id for event in near),
        timing=_timing(near, settings["mostDays"] * DAY),
        because=(
            f"{times(len(near), 'event')} at one address, possibly within {times(settings['mostDays'], 'day')}",
            f"{times(len(people), 'perpetrator')}, none of them in two of these events",
        ),
    )


def _of_strangers(events: Sequence[EventFacts]) -> list[EventFacts]:
    """Of events with a perpetrator in common the first in the list; events without any named one stand for nobody."""
    met: set[str] = set()
    kept = []
    for event in events:
        people = set(event.people(victims=False))
        if people and met.isdisjoint(people):
            kept.append(event)
            met |= people
    return kept


def _within(events: Sequence[EventFacts], span: int) -> list[EventFacts]:
    """The most events that some stretch of so many microseconds may have touched; undated ones may be anywhere."""
    ends = sorted({event.until for event in events if event.until is not None})
    tried = ([event for event in events if _touches(event, start, span)] for start in ends)
    return max(tried, key=len, default=list(events))


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


def nobody(events: Sequence[EventFacts], settings: Settings) -> Iterator[str]:
    """Events come together by their address alone."""
    return iter(())


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
)
