"""What a pattern is made of, and what a match tells.

Lives here: the values. Elsewhere: one module a shape; ``library`` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from registry.network.confidence import Confidence
from registry.network.slice import CaseSlice, EventFacts, Timing

RECRUITING: Final = frozenset({"recruitment", "recruiter", "broker"})
"""Codes of the list ``role`` that stand for recruiting: HTCDS RecruiterOrIntermediary and BrokerTravelAgent, and the
group above them that coarser sources tell."""


class PatternKind(StrEnum):
    """The patterns there are."""

    STAR_RECRUITER = "STAR_RECRUITER"
    RING = "RING"
    RELAY_ROUTE = "RELAY_ROUTE"
    SHARED_ADDRESS = "SHARED_ADDRESS"
    VICTIM_TURNED_RECRUITER = "VICTIM_TURNED_RECRUITER"
    SHORT_CYCLE_MOVEMENT = "SHORT_CYCLE_MOVEMENT"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that a pattern is asked with: its value when none is given, and the range it may have."""

    name: str
    default: int
    lowest: int
    highest: int
    means: str


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a match and what they are to it, in a word of the pattern: recruiter, victim, link."""

    person: str
    part: str


@dataclass(frozen=True, slots=True)
class Match:
    """One place where the pattern is: who, by which events in the pattern's order, and why.

    ``because`` are sentences of counts and codes, never of values that name anybody.
    """

    kind: PatternKind
    members: tuple[Member, ...]
    events: tuple[str, ...]
    timing: Timing | None
    """How sure the order in time is; None where the pattern asks for none."""
    because: tuple[str, ...]
    strength: int = 100
    """How clearly it stands out, in per cent, where the pattern has a measure of that."""
    confidence: Confidence | None = None
    """That of its weakest event; None as long as nobody asked how far they can be relied on."""

    @property
    def order(self) -> tuple[int, int, tuple[str, ...], tuple[str, ...]]:
        """Matches stand by strength, then by how many events they have, most first; then by people and events."""
        return (-self.strength, -len(self.events), tuple(member.person for member in self.members), self.events)


Settings = Mapping[str, int]
"""Every parameter of a pattern by name."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search has found; ``stopped`` when its own bound of steps ended it."""

    matches: tuple[Match, ...]
    stopped: bool = False


NOBODY: Final[frozenset[str]] = frozenset()


class Search(Protocol):
    """What finds a pattern."""

    def __call__(self, cases: CaseSlice, settings: Settings, skipped: Set[str] = NOBODY, /) -> Finding:
        """The matches that have nobody of those skipped among their members: as if no such match could be."""


class Bound:
    """So much work, shared by all steps of one search."""

    def __init__(self, most: int) -> None:
        self.left = most

    def take(self, work: int = 1) -> bool:
        """Whether there is room for it."""
        self.left -= work
        return self.left >= 0


def perpetrators_of(events: Iterable[EventFacts]) -> set[str]:
    """Everybody who is a perpetrator in some of these events."""
    return {person for event in events for person in event.people(victims=False)}


def nobody(cases: object, settings: Settings) -> Iterator[str]:
    """Of whatever is here, no one."""
    return iter(())


@dataclass(frozen=True, slots=True)
class Definition:
    """A pattern of the library."""

    kind: PatternKind
    words: str
    parameters: tuple[Parameter, ...]
    find: Search
    wanted: Callable[[Sequence[EventFacts], Settings], Iterator[str]]
    """Of events that were read: the people all of whose events the pattern has to see."""
    rounds: int = 1
    """How often more people may have to be asked for, each time from the events that the last time brought."""
    by_address: bool = False
    """Whether events are brought together by addresses instead of people."""
    guarded: Callable[[CaseSlice, Settings], Iterable[str]] = nobody
    """Of what was brought together: who may be a member of a match beside the people wanted. The hub guard looks at
    them too, though the pattern need not see all of their events."""


def is_recruiting(roles: Sequence[str]) -> bool:
    """Whether one of the roles is that of a recruiter."""
    return not RECRUITING.isdisjoint(roles)


def may_recruit(roles: Sequence[str]) -> bool:
    """Whether the roles are those of a recruiter, or none is told: what is not told contradicts nothing."""
    return not roles or is_recruiting(roles)


def roles_of(event: EventFacts, person: str) -> Sequence[str]:
    """The roles told of a perpetrator at an event; several parts of one person add up."""
    return [role for part in event.parts if part.person == person and not part.is_victim for role in part.roles]
