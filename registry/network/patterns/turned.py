"""The victim turned recruiter: a victim of one event recruits in others that were not before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import Final

from registry.network.patterns.model import (
    NOBODY,
    Definition,
    Finding,
    Match,
    Member,
    Parameter,
    PatternKind,
    Settings,
    is_recruiting,
    may_recruit,
    roles_of,
)
from registry.network.sentences import times
from registry.network.slice import CaseSlice, EventFacts, Timing, timing_of


def find_turned(cases: CaseSlice, settings: Settings, skipped: Set[str] = NOBODY) -> Finding:
    """A match for each person who suffered first and recruited then."""
    matches = (
        _turned(person, suffered, cases.perpetrated[person], settings)
        for person, suffered in cases.suffered.items()
        if person in cases.perpetrated and person not in skipped
    )
    return Finding(tuple(match for match in matches if match is not None))


def _turned(
    person: str, suffered: Sequence[EventFacts], done: Sequence[EventFacts], settings: Settings
) -> Match | None:
    """The event suffered is the one after which most were recruited; among equals the surest.

    An event that tells no role contradicts nothing, but one later event at least must say that the person recruited:
    an event suffered without such a later one is not considered.
    """
    roles = {event.id: roles_of(event, person) for event in done}
    told = sum(bool(each) for each in roles.values())
    recruiting = sum(map(is_recruiting, roles.values()))
    if not recruiting or recruiting * 100 < settings["leastShare"] * told:
        return None
    recruited = [event for event in done if may_recruit(roles[event.id])]
    tried = [(first, _after(first, recruited)) for first in suffered]
    telling = [each for each in tried if any(is_recruiting(roles[event.id]) for event in each[1])]
    if not telling:
        return None
    first, later = max(telling, key=lambda each: (len(each[1]), -SURENESS.index(_timing(*each))))
    if len(later) < settings["leastEvents"]:
        return None
    before = "it" if len(suffered) == 1 else "one of these"
    return Match(
        kind=PatternKind.VICTIM_TURNED_RECRUITER,
        members=(Member(person, "victim, then recruiter"),),
        events=(first.id, *(event.id for event in later)),
        timing=_timing(first, later),
        because=(
            f"a victim in {times(len(suffered), 'event')}, and a perpetrator in {times(len(later), 'event')} "
            f"not before {before}",
            f"recruiting in {recruiting} of {times(told, 'event')} that tell the person's role as perpetrator",
        ),
    )


SURENESS: Final = (Timing.CERTAIN, Timing.POSSIBLE, Timing.UNDATED)


def _after(first: EventFacts, recruited: Sequence[EventFacts]) -> list[EventFacts]:
    return [event for event in recruited if event.id != first.id and timing_of((first, event)) is not None]


def _timing(first: EventFacts, later: Sequence[EventFacts]) -> Timing:
    """That of the least sure of them."""
    found = [timing_of((first, event)) or Timing.UNDATED for event in later]
    return max(found, key=SURENESS.index, default=Timing.UNDATED)


def both(events: Sequence[EventFacts], settings: Settings) -> Iterator[str]:
    """Victims, and whoever may recruit: either end leads to the other."""
    for event in events:
        yield from (part.person for part in event.parts if part.is_victim or may_recruit(part.roles))


TURNED: Final = Definition(
    kind=PatternKind.VICTIM_TURNED_RECRUITER,
    words="A victim of one event recruits in others that were not before it.",
    parameters=(
        Parameter("leastEvents", 3, 1, 1_000, "later events in which the person recruits, or no role is told"),
        Parameter(
            "leastShare", 50, 0, 100, "per cent of the person's events as perpetrator with a role told that say so"
        ),
    ),
    find=find_turned,
    wanted=both,
)
