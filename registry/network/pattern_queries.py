"""Where the patterns of the library are: around a start, or through the list of events, page by page.

Each match is told once: by the page that holds the first of its events in the list.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from registry.access.actor import Actor
from registry.cases.ports import Codebook
from registry.errors import ArgumentsConflicting, check_range
from registry.network.confidence import Confidence, strongest, weakest
from registry.network.evidence import evidence_of
from registry.network.gathering import (
    EVERYWHERE,
    MAX_BUDGET,
    MAX_HUB_LIMIT,
    Account,
    EventPage,
    Ground,
    account_of,
    check_ground,
    fingerprint_of,
    follow_addresses,
    follow_people,
    gather_page,
    guard_people,
)
from registry.network.model import Piece
from registry.network.patterns.library import LIBRARY, settle
from registry.network.patterns.model import Match, PatternKind
from registry.network.ports import NetworkStore, View
from registry.network.sentences import times
from registry.network.slice import CaseSlice
from registry.network.slice_ports import Bounds
from registry.network.stores import Stores

MAX_MATCHES: Final = 1_000
"""Matches of one answer."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The matches in order (`Match.order`), how many there are with those beyond the limit, and the account."""

    kind: PatternKind
    settings: Mapping[str, int]
    matches: tuple[Match, ...]
    found: int
    account: Account


@dataclass(frozen=True, slots=True)
class PatternQuestion:
    """Which pattern is looked for, with which parameters, where, and how many matches are told.

    ``first`` and ``after`` say which page of the list of events; around a start there are none. A person with more
    events than ``hub_limit`` is skipped, the start excepted.
    """

    act: ClassVar[str] = "find patterns"
    kind: PatternKind
    settings: Mapping[str, int] = field(default_factory=dict)
    ground: Ground = EVERYWHERE
    hub_limit: int = 1_000
    first: int | None = None
    after: str | None = None
    most: int = 100

    @property
    def about(self) -> Sequence[str]:
        """What it lies around, if anything."""
        return self.ground.about

    @property
    def followed(self) -> Piece | None:
        """What lies around the start, if there is one."""
        return self.ground.followed

    def check(self, codebook: Codebook, *, actor: Actor) -> Bounds:
        """The bounds; raises what asking raises, but for a start or cursor that is not there."""
        bounds = check_ground(actor, self.ground, codebook)
        check_range("most", self.most, 1, MAX_MATCHES)
        check_range("hubLimit", self.hub_limit, 1, MAX_HUB_LIMIT)
        check_range("first", 1 if self.first is None else self.first, 1, MAX_BUDGET)
        if self.ground.around is not None and (self.first, self.after) != (None, None):
            raise ArgumentsConflicting(arguments="first, after", rule="what lies around a start has no pages")
        settle(LIBRARY[self.kind], self.settings)
        return bounds

    async def ask(self, stores: Stores, *, actor: Actor) -> Matches:
        """The matches that have an event on this ground, at most ``most``.

        Around a start only the events there exist; through the list each match is whole, whatever page its events are
        on, unless the budget ended it (``truncated``). Nobody in a match has more events than the hub guard; who has is
        among ``skipped_hubs``, and matches are looked for without them. Raises `RecordUnknown`, `ArgumentOutOfRange`,
        `ArgumentsConflicting`, `CodeUnknown`, `CursorForeign`.
        """
        bounds = self.check(stores.codebook, actor=actor)
        definition = LIBRARY[self.kind]
        settings = settle(definition, self.settings)
        fingerprint = fingerprint_of(
            "patterns", actor, self.ground, self.kind, self.hub_limit, sorted(settings.items())
        )
        page = EventPage(after=self.after) if self.first is None else EventPage(self.first, self.after)
        gathered = await gather_page(stores, bounds, self.ground, page, actor=actor, fingerprint=fingerprint)
        if definition.by_address:
            await follow_addresses(stores, self.ground, gathered, hub_limit=self.hub_limit)
        else:
            await follow_people(
                stores,
                self.ground,
                gathered,
                lambda read: definition.wanted(read, settings),
                hub_limit=self.hub_limit,
                rounds=definition.rounds,
            )
        cases = gathered.cases
        guarded = definition.guarded(cases, settings)
        await guard_people(stores, self.ground, gathered, guarded, hub_limit=self.hub_limit)
        skipped = {gathered.same.of(id_) for id_ in gathered.skipped}
        finding = await to_thread(definition.find, cases, settings, skipped)
        own = [match for match in finding.matches if _is_own(match, cases, gathered.own)]
        matches = sorted(own, key=lambda match: match.order)
        account = account_of(gathered, cases, fingerprint, stopped=finding.stopped)
        told = await _with_confidence(stores.links, bounds.view, matches[: self.most], account.same)
        return Matches(self.kind, settings, told, len(matches), account)

    @staticmethod
    def records(found: Matches) -> Iterator[str]:
        """The people and events of an answer."""
        for match in found.matches:
            yield from (member.person for member in match.members)
            yield from match.events
        yield from found.account.records


async def _with_confidence(
    store: NetworkStore, view: View, matches: Sequence[Match], same: Sequence[tuple[str, ...]]
) -> tuple[Match, ...]:
    """The matches with how far their events can be relied on: of accounts of one event the strongest counts."""
    accounts = {group[0]: group for group in same}
    shown = {event: accounts.get(event, (event,)) for match in matches for event in match.events}
    told = await evidence_of(store, view, (id_ for ids in shown.values() for id_ in ids))
    levels = {event: strongest(told[id_].confidence for id_ in ids if id_ in told) for event, ids in shown.items()}
    return tuple(_relied_on(match, [levels[event] for event in match.events]) for match in matches)


def _relied_on(match: Match, levels: Sequence[Confidence]) -> Match:
    refuted = levels.count(Confidence.REFUTED)
    because = (f"told to be no trafficking: {refuted} of {times(len(levels), 'event')}",) if refuted else ()
    return replace(match, confidence=weakest(levels), because=(*match.because, *because))


def _is_own(match: Match, cases: CaseSlice, own: Container[str]) -> bool:
    """The page has the place of its first event."""
    return min(cases.events[id_].place for id_ in match.events) in own
