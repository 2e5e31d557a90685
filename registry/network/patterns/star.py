"""The star recruiter: one perpetrator recruits in many events that share nobody else.

Whoever comes twice, a victim or a helper, makes one of these events no ray, not both: the rays are a set of events no
two of which share anybody but the recruiter, and to which none of the others can be added. Where at most
`packing.MOST_SEARCHED` events hang together by people in two of them no set is larger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
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
from registry.network.patterns.packing import packed
from registry.network.sentences import times
from registry.network.slice import CaseSlice, EventFacts


def find_stars(cases: CaseSlice, settings: Settings, skipped: Set[str] = NOBODY) -> Finding:
    """A match for each perpetrator with rays enough."""
    matches = (_star(person, events, settings) for person, events in cases.perpetrated.items() if person not in skipped)
    return Finding(tuple(match for match in matches if match is not None))


def _star(person: str, events: Sequence[EventFacts], settings: Settings) -> Match | None:
    """What is not told contradicts nothing, but enough must be told: so many events that say recruiter."""
    if len(events) < settings["leastEvents"]:
        return None
    roles = {event.id: roles_of(event, person) for event in events}
    told = sum(bool(each) for each in roles.values())
    recruiting = sum(map(is_recruiting, roles.values()))
    if recruiting < settings["leastTold"] or recruiting * 100 < settings["leastShare"] * told:
        return None
    rays = _rays(person, [event for event in events if may_recruit(roles[event.id])], roles)
    if len(rays) < settings["leastEvents"] or sum(is_recruiting(roles[ray]) for ray in rays) < settings["leastTold"]:
        return None
    return Match(
        kind=PatternKind.STAR_RECRUITER,
        members=(Member(person, "recruiter"),),
        events=rays,
        timing=None,
        because=(
            f"{times(len(rays), 'event')} share nobody but this perpetrator",
            f"recruiting in {recruiting} of {times(told, 'event')} that tell a role",
        ),
    )


def _rays(person: str, events: Sequence[EventFacts], roles: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Events that share nobody else, in the order given; among equals those that say recruiter."""
    others = {event.id: _others(event, person) for event in events}
    chosen = packed(others, {event.id for event in events if is_recruiting(roles[event.id])})
    return tuple(event.id for event in events if event.id in chosen)


def _others(event: EventFacts, person: str) -> set[str]:
    return {part.person for part in event.parts if part.person != person}


def recruiters(events: Sequence[EventFacts], settings: Settings) -> Iterator[str]:
    """Perpetrators who may recruit somewhere: anybody else is no star, and no ray of one says otherwise."""
    for event in events:
        yield from (part.person for part in event.parts if not part.is_victim and may_recruit(part.roles))


STAR: Final = Definition(
    kind=PatternKind.STAR_RECRUITER,
    words="One perpetrator recruits in many events that share nobody else.",
    parameters=(
        Parameter("leastEvents", 8, 3, 1_000, "events that share nobody else"),
        Parameter("leastTold", 4, 1, 1_000, "of them, events that say that the person recruited"),
        Parameter("leastShare", 50, 0, 100, "per cent of the person's events with a role told that say so"),
    ),
    find=find_stars,
    wanted=recruiters,
)
