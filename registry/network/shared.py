"""What two people share: events, victims, recruiters, a place and time, an identifier. Pure, over a slice of events.

Each link has a weight, the number of things shared, and the events that show it. Links have no direction: the person
with the lesser id is the source. Something that a whole crowd shares says little of two people in it, and would make
pairs without end: beyond a bound it is left out, and counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from typing import Final

from registry.network.patterns.model import is_recruiting
from registry.network.sentences import times
from registry.network.slice import DAY, CaseSlice, EventFacts

MOST_DAYS: Final = 30
"""Days between two events at one place that still are one time, where none are told."""
MOST_PAIRS: Final = 250_000
"""Pairs of people that one question looks at: some seconds, and some 300 megabytes where each shares something else."""


class SharedKind(StrEnum):
    """What two people may share."""

    CO_OFFENDING = "CO_OFFENDING"
    """Perpetrators of one event; the weight counts events."""
    SAME_VICTIM = "SAME_VICTIM"
    """Perpetrators in events of one victim, the same or different ones; the weight counts victims."""
    SAME_RECRUITER = "SAME_RECRUITER"
    """Victims in events in which one person is told to have recruited; the weight counts recruiters."""
    SAME_PLACE_AND_TIME = "SAME_PLACE_AND_TIME"
    """People in two events in one subdivision within some days, as the dates allow; the weight counts such pairs."""
    SHARED_IDENTIFIER = "SHARED_IDENTIFIER"
    """People of whom one phone, address, document or account is told; the weight counts identifiers."""


@dataclass(frozen=True, slots=True)
class SharedLink:
    """Two people and what they share. ``via`` are the people, or the codes of areas, through whom it is."""

    kind: SharedKind
    source: str
    target: str
    weight: int
    events: tuple[str, ...]
    via: tuple[str, ...]
    identifiers: tuple[str, ...]
    """Kinds of identifiers shared, sorted; the identifiers themselves are nowhere."""

    @property
    def order(self) -> tuple[int | str, ...]:
        """The heaviest first, then by ids."""
        return (-self.weight, self.source, self.target)

    @property
    def because(self) -> tuple[str, ...]:
        """Why it counts: how many things of which kind, and how many events show it."""
        return _reasons(self)


def _reasons(link: SharedLink) -> tuple[str, ...]:
    number = link.weight
    shown = f"shown by {times(len(link.events), 'event')}"
    match link.kind:
        case SharedKind.CO_OFFENDING:
            return (f"perpetrators together in {times(number, 'event')}",)
        case SharedKind.SAME_VICTIM:
            return (f"perpetrators with {times(number, 'victim')} in common", shown)
        case SharedKind.SAME_RECRUITER:
            return (f"victims with {times(number, 'recruiter')} in common", shown)
        case SharedKind.SAME_PLACE_AND_TIME:
            near = times(number, "pair of events", "pairs of events")
            places = times(len(link.via), "subdivision")
            return (f"{near} at one place and time, as their dates allow, in {places}", shown)
        case SharedKind.SHARED_IDENTIFIER:
            kinds = times(len(link.identifiers), "kind")
            return (f"{times(number, 'identifier')} of {kinds} in common", shown)


@dataclass(frozen=True, slots=True)
class SharedFinding:
    """The links in order, how many crowds were left out, and whether the pairs ran out."""

    links: tuple[SharedLink, ...]
    crowds: int
    stopped: bool


@dataclass(frozen=True, slots=True)
class Likeness:
    """What counts as sharing."""

    kind: SharedKind
    most_days: int = MOST_DAYS
    crowd: int = 100
    """People who share one thing, beyond whom it is left out; for a place events."""


@dataclass(slots=True)
class _Evidence:
    things: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    via: set[str] = field(default_factory=set)
    identifiers: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Group:
    """People who share one thing, each with the events that show it.

    ``thing`` names it: one that two people share in several ways, or at several places, is still one.
    """

    thing: str
    members: Mapping[str, set[str]]
    via: str = ""
    identifier: str = ""


def links_in(cases: CaseSlice, likeness: Likeness, *, among: frozenset[str] | None = None) -> SharedFinding:
    """Every link in the slice; with ``among`` those between two of these people."""
    groups = (
        _near_groups(cases, likeness)
        if likeness.kind is SharedKind.SAME_PLACE_AND_TIME
        else _groups(cases, likeness.kind)
    )
    found: dict[tuple[str, str], _Evidence] = {}
    crowds = pairs = 0
    for group in groups:
        if group is None or len(group.members) > likeness.crowd:
            crowds += 1
            continue
        members = sorted(group.members if among is None else group.members.keys() & among)
        for pair in combinations(members, 2):
            pairs += 1
            if pairs > MOST_PAIRS:
                return _finding(likeness.kind, found, crowds, stopped=True)
            _add(found.setdefault(pair, _Evidence()), group, pair)
    return _finding(likeness.kind, found, crowds, stopped=False)


def _add(evidence: _Evidence, group: _Group, pair: tuple[str, str]) -> None:
    evidence.things.add(group.thing)
    evidence.events |= group.members[pair[0]] | group.members[pair[1]]
    if group.via:
        evidence.via.add(group.via)
    if group.identifier:
        evidence.identifiers.add(group.identifier)


def _finding(
    kind: SharedKind, found: Mapping[tuple[str, str], _Evidence], crowds: int, *, stopped: bool
) -> SharedFinding:
    links = [
        SharedLink(
            kind,
            source,
            target,
            len(each.things),
            *(tuple(sorted(part)) for part in (each.events, each.via, each.identifiers)),
        )
        for (source, target), each in found.items()
    ]
    return SharedFinding(tuple(sorted(links, key=lambda link: link.order)), crowds, stopped)


def _groups(cases: CaseSlice, kind: SharedKind) -> Iterator[_Group]:
    """The groups of a kind, in a stable order."""
    if kind is SharedKind.CO_OFFENDING:
        for event in cases.events.values():
            yield _Group(event.id, {person: {event.id} for person in event.people(victims=False)})
    elif kind is SharedKind.SHARED_IDENTIFIER:
        yield from _identified(cases)
    else:
        for person, events in (cases.suffered if kind is SharedKind.SAME_VICTIM else cases.perpetrated).items():
            yield _through(person, events, kind)


def _through(person: str, events: Sequence[EventFacts], kind: SharedKind) -> _Group:
    """The other side of the events of a victim; of those of a recruiter where the person recruits."""
    members: dict[str, set[str]] = {}
    for event in events:
        if kind is SharedKind.SAME_VICTIM or any(
            part.person == person and not part.is_victim and is_recruiting(part.roles) for part in event.parts
        ):
            for other in event.people(victims=kind is SharedKind.SAME_RECRUITER):
                if other != person:
                    members.setdefault(other, set()).add(event.id)
    return _Group(person, members, via=person)


def _identified(cases: CaseSlice) -> Iterator[_Group]:
    told: dict[str, dict[str, set[str]]] = {}
    for event in cases.events.values():
        for part in event.parts:
            for token in part.tokens:
                told.setdefault(token, {}).setdefault(part.person, set()).add(event.id)
    for token in sorted(told):
        yield _Group(token, told[token], identifier=token.partition(":")[0])


def _near_groups(cases: CaseSlice, likeness: Likeness) -> Iterator[_Group | None]:
    """A group for each two people of two events near each other; None for a place with too many events.

    Only subdivisions are places: all events of a country are in one place too.
    """
    places: dict[str, list[EventFacts]] = {}
    for event in cases.events.values():
        for area in sorted({*event.exploited, *event.recorded}):
            if "-" in area and event.since is not None:
                places.setdefault(area, []).append(event)
    for area in sorted(places):
        if len(places[area]) > likeness.crowd:
            yield None
            continue
        for one, other in combinations(places[area], 2):
            if _near(one, other, likeness.most_days * DAY):
                yield from _across(one, other, area)


def _near(one: EventFacts, other: EventFacts, apart: int) -> bool:
    if one.since is None or one.until is None or other.since is None or other.until is None:
        return False
    return one.since - other.until <= apart and other.since - one.until <= apart


def _across(one: EventFacts, other: EventFacts, area: str) -> Iterator[_Group]:
    """Everybody of the one event with everybody else of the other; the two events are the thing shared."""
    for person in sorted({part.person for part in one.parts}):
        for met in sorted({part.person for part in other.parts} - {person}):
            yield _Group(f"{one.id} {other.id}", {person: {one.id}, met: {other.id}}, via=area)
