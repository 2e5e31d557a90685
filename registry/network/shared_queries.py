"""Who shares what with whom: around a start, among given people, or within an extent; always inside the scope."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from registry.access.actor import Actor
from registry.cases.ports import Codebook
from registry.classification.paging import Page, PageRequest, cut_page
from registry.errors import ArgumentsConflicting, check_range
from registry.network.gathering import (
    EVERYWHERE,
    MAX_HUB_LIMIT,
    Account,
    Gathered,
    Ground,
    account_of,
    bring,
    check_ground,
    fingerprint_of,
    gather,
    join_records,
    leave_out,
    skip_among,
    skip_people,
)
from registry.network.model import Judged, NodeKind, Piece
from registry.network.shared import Likeness, SharedKind, SharedLink, links_in
from registry.network.slice_ports import Bounds
from registry.network.stores import Stores

MAX_PEOPLE: Final = 1_000
"""People among whom links are asked for."""
MAX_CROWD: Final = 1_000
MAX_DAYS: Final = 3_660
MAX_WEIGHT: Final = 1_000


@dataclass(frozen=True, slots=True)
class SharedLinks:
    """All links in order, and what was left out: ``crowds`` counts things that too many share."""

    kind: SharedKind
    links: tuple[SharedLink, ...]
    crowds: int
    account: Account
    fingerprint: str = ""

    def page(self, request: PageRequest) -> Page[SharedLink]:
        """Some of them. Raises `CursorForeign`, `ArgumentOutOfRange`, `ArgumentsConflicting`."""
        return cut_page(self.links, lambda link: link.order, lambda link: link, request, self.fingerprint)


@dataclass(frozen=True, slots=True)
class SharedQuestion:
    """Which links are asked for, among whom or where, and of which weight at least.

    ``people``: only links among these, by their own events. Around a start: by the events there, and for identifiers
    also by those that tell one of the people there. Else by all events within the bounds, as far as the budget reaches.
    A person with more of the events read than ``hub_limit`` is skipped, the start excepted.
    """

    act: ClassVar[str] = "shared links"
    likeness: Likeness
    people: frozenset[str] | None = None
    ground: Ground = EVERYWHERE
    least_weight: int = 1
    hub_limit: int = 1_000

    @property
    def about(self) -> Sequence[str]:
        """Whom it is asked about."""
        return [*sorted(self.people or ()), *self.ground.about]

    @property
    def followed(self) -> Piece | None:
        """What lies around the start, if there is one."""
        return self.ground.followed

    def check(self, codebook: Codebook, *, actor: Actor) -> Bounds:
        """The bounds; raises what asking raises, but for a start that is not there."""
        bounds = check_ground(actor, self.ground, codebook)
        for name, actual, highest in (
            ("minWeight", self.least_weight, MAX_WEIGHT),
            ("hubLimit", self.hub_limit, MAX_HUB_LIMIT),
            ("crowd", self.likeness.crowd, MAX_CROWD),
            ("mostDays", self.likeness.most_days, MAX_DAYS),
        ):
            check_range(name, actual, 1, highest)
        if self.people is not None:
            check_range("people", len(self.people), 1, MAX_PEOPLE)
            if self.ground.around is not None:
                raise ArgumentsConflicting(arguments="people, around", rule="give one of them, or neither")
        return bounds

    async def ask(self, stores: Stores, *, actor: Actor) -> SharedLinks:
        """The links, the heaviest first; where the budget does not reach weights are too low, and it is ``truncated``.

        People who do not exist in scope have no links. Raises `RecordUnknown` for a start, `ArgumentOutOfRange`,
        `ArgumentsConflicting`, `CodeUnknown`.
        """
        bounds = self.check(stores.codebook, actor=actor)
        gathered, among = await self._gather(stores, bounds, actor)
        everybody = {part.person for event in gathered.events.values() for part in event.parts}
        skip_among(gathered, self.ground, everybody, self.hub_limit)
        whole = gathered.cases
        cases = whole.without({gathered.same.of(id_) for id_ in gathered.skipped})
        finding = await to_thread(links_in, cases, self.likeness, among=among)
        links = tuple(link for link in finding.links if link.weight >= self.least_weight)
        account = account_of(gathered, whole, stopped=finding.stopped)
        people = sorted(self.people) if self.people is not None else None
        fingerprint = fingerprint_of("sharedLinks", actor, self.ground, self.likeness, people, self.hub_limit)
        return SharedLinks(self.likeness.kind, links, finding.crowds, account, fingerprint)

    async def _gather(self, stores: Stores, bounds: Bounds, actor: Actor) -> tuple[Gathered, frozenset[str] | None]:
        """The events, and among whom links are told: everybody where nobody is named."""
        if self.people is not None:
            gathered = Gathered(bounds, is_whole=True)
            if self.ground.judged is Judged.TOGETHER:
                await join_records(stores, gathered, NodeKind.PERSON, self.people)
            await leave_out(stores, gathered, NodeKind.PERSON, self.people)
            named = sorted(gathered.same.with_members(self.people) - gathered.left_out)
            met = await stores.slices.met_by_people(named, bounds, hub_limit=self.hub_limit)
            skip_people(gathered, met)
            await bring(stores, self.ground, gathered, met.events)
            return gathered, frozenset(map(gathered.same.of, self.people))
        gathered = await gather(stores, bounds, self.ground, actor=actor)
        if self.ground.around is not None and self.likeness.kind is SharedKind.SHARED_IDENTIFIER:
            here = sorted({part.person for event in gathered.events.values() for part in event.parts})
            told = await stores.slices.met_by_identifiers(here, bounds, hub_limit=self.hub_limit)
            gathered.skipped_identifiers += len(told.crowded)
            await bring(stores, self.ground, gathered, told.events)
        return gathered, None

    @staticmethod
    def records(found: SharedLinks) -> Iterator[str]:
        """The records that the account names; a page's are noted with the page."""
        yield from found.account.records


def link_records(kind: SharedKind, links: Sequence[SharedLink]) -> Iterator[str]:
    """The people and events of some links."""
    for link in links:
        yield from (link.source, link.target, *link.events)
        if kind is not SharedKind.SAME_PLACE_AND_TIME:
            yield from link.via
