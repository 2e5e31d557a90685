"""Some events with who took part in them, as questions about many events see them: pure, and complete for its events.

Lives here: the values, and what is asked of times. Elsewhere: where slices come from (``slice_ports``), what is looked
for in them (``patterns``, ``shared``).

A slice holds whole events: everybody named who took part in them (groups are nobody). A person of a slice may take
part in other events too; who needs all of them asks the store for those.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from registry.network.clusters import Clusters

DAY: Final = 86_400_000_000
"""Microseconds."""

ADDRESS: Final = "address:"
"""How the token of an address begins; tokens are compared and never shown."""


class Part(NamedTuple):
    """Somebody's part in an event, with the roles told there (codes of ``role``) and their identifiers' tokens."""

    person: str
    is_victim: bool
    roles: Sequence[str] = ()
    tokens: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One event. ``place`` is its place in the list of events; ``since`` and ``until`` are None where undated.

    It lasts from the earliest reading of when it began to the latest of when it ended (`model.Window`). ``exploited``
    and ``recorded`` are codes of areas as told; ``tokens`` those of the event's own identifiers, ``kind:token``.
    """

    id: str
    place: str
    entity: str
    since: int | None
    until: int | None
    exploited: Sequence[str] = ()
    recorded: Sequence[str] = ()
    tokens: Sequence[str] = ()
    parts: Sequence[Part] = ()

    @property
    def areas(self) -> Sequence[str]:
        """Where people were exploited; where that is not told, where it was recorded."""
        return self.exploited or self.recorded

    def without(self, people: Container[str]) -> EventFacts:
        """The event as if these people had no part in it."""
        return replace(self, parts=[part for part in self.parts if part.person not in people])

    def people(self, *, victims: bool) -> Iterator[str]:
        """The victims, or the perpetrators."""
        return (part.person for part in self.parts if part.is_victim is victims)


class Timing(StrEnum):
    """How sure an order of events in time is."""

    CERTAIN = "CERTAIN"
    """Every reading of the dates has this order."""
    POSSIBLE = "POSSIBLE"
    """Some reading has it."""
    UNDATED = "UNDATED"
    """Some reading has it, and one event at least has no date at all, which contradicts nothing."""


@dataclass(frozen=True)
class CaseSlice:
    """Events by id, in the order of their places."""

    events: Mapping[str, EventFacts] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[EventFacts]) -> CaseSlice:
        """The events, each once."""
        return cls({event.id: event for event in sorted(events, key=lambda event: event.place)})

    @cached_property
    def perpetrated(self) -> Mapping[str, Sequence[EventFacts]]:
        """By perpetrator, their events in order of place; perpetrators by id."""
        return self._by_person(victims=False)

    @cached_property
    def suffered(self) -> Mapping[str, Sequence[EventFacts]]:
        """By victim, their events in order of place; victims by id."""
        return self._by_person(victims=True)

    @cached_property
    def by_address(self) -> Mapping[str, Sequence[EventFacts]]:
        """By token of an address the events that tell it of themselves, in order of place."""
        found: dict[str, list[EventFacts]] = {}
        for event in self.events.values():
            for token in event.tokens:
                if token.startswith(ADDRESS):
                    found.setdefault(token, []).append(event)
        return found

    def joined(self, same: Clusters) -> CaseSlice:
        """The slice with records that count as one joined, under the least id of each cluster.

        An event of several accounts has the parts, areas and identifiers of all of them, stands at the first of their
        places, and may have been at any time that one of them tells.
        """
        if not same:
            return self
        accounts: dict[str, list[EventFacts]] = {}
        for event in self.events.values():
            accounts.setdefault(same.of(event.id), []).append(event)
        return CaseSlice.of(_joined(id_, told, same) for id_, told in accounts.items())

    def without(self, people: Container[str]) -> CaseSlice:
        """The slice as if these people had no part in anything."""
        return CaseSlice.of(event.without(people) for event in self.events.values())

    def _by_person(self, *, victims: bool) -> Mapping[str, Sequence[EventFacts]]:
        found: dict[str, list[EventFacts]] = {}
        for event in self.events.values():
            for person in sorted(set(event.people(victims=victims))):
                found.setdefault(person, []).append(event)
        return dict(sorted(found.items()))


def _joined(id_: str, accounts: Sequence[EventFacts], same: Clusters) -> EventFacts:
    """One event of its accounts, which come in order of their places."""
    first = accounts[0]
    dated = [each for each in accounts if each.since is not None]
    parts: dict[tuple[str, bool], Part] = {}
    for part in (part for each in accounts for part in each.parts):
        person = same.of(part.person)
        known = parts.get((person, part.is_victim), Part(person, part.is_victim))
        parts[person, part.is_victim] = known._replace(
            roles=_union(known.roles, part.roles), tokens=_union(known.tokens, part.tokens)
        )
    return replace(
        first,
        id=id_,
        since=min((each.since for each in dated if each.since is not None), default=None),
        until=max((each.until for each in dated if each.until is not None), default=None),
        exploited=_union(*(each.exploited for each in accounts)),
        recorded=_union(*(each.recorded for each in accounts)),
        tokens=_union(*(each.tokens for each in accounts)),
        parts=tuple(parts.values()),
    )


def _union(*told: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for codes in told for code in codes))


def timing_of(events: Sequence[EventFacts], *, most_apart: int | None = None) -> Timing | None:
    """How sure it is that the events followed each other in this order; None where every reading contradicts it.

    With ``most_apart`` each began or went on within so many microseconds of the moment of the one before: a moment of
    each is wanted, none before the last, so that neighbours lie at most that far apart. The moments that the last event
    may have, given those of the ones before, are always one interval, so a single walk decides.
    """
    low: int | None = None
    high: int | None = None
    for event in events:
        if event.since is None or event.until is None:
            high = None if high is None or most_apart is None else high + most_apart
            continue
        first = event.since if low is None else max(low, event.since)
        last = event.until if high is None or most_apart is None else min(high + most_apart, event.until)
        if first > last:
            return None
        low, high = first, last
    if any(event.since is None for event in events):
        return Timing.UNDATED
    return Timing.CERTAIN if _is_certain(events, most_apart) else Timing.POSSIBLE


def _is_certain(events: Sequence[EventFacts], most_apart: int | None) -> bool:
    for before, after in pairwise(events):
        if before.until is None or after.since is None or before.since is None or after.until is None:
            return False
        if before.until > after.since or (most_apart is not None and after.until - before.since > most_apart):
            return False
    return True
