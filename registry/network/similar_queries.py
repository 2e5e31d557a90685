"""Events like one event, with the reasons; always inside the actor's scope.

Candidates are found by indexes, never by looking at everything: the events recorded nearest in time, before and after,
that share a form (of the same unit) or an area (inside the same country), and every event in which somebody of this one
takes part. An event beyond the budget is not compared, and the answer says so.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Final

from registry.access.actor import Actor
from registry.cases.model import FORM
from registry.cases.ports import Codebook
from registry.classification.paging import Page, PageRequest, cut_page
from registry.errors import RecordUnknown, check_range
from registry.identifiers import AREAS, EventId, SchemeId
from registry.network.gathering import (
    EVERY_EVENT,
    MAX_HUB_LIMIT,
    Account,
    Extent,
    Gathered,
    check_extent,
    fingerprint_of,
    join_read,
    join_records,
    leave_out,
    skip_people,
)
from registry.network.model import Judged, NodeKind, Piece, Start, Within
from registry.network.routes import chain, is_country
from registry.network.similarity import VARIABLES, Ancestors, Profile, Similar, compare, joined
from registry.network.slice_ports import Bounds
from registry.network.stores import Stores

MAX_CANDIDATES: Final = 5_000
_LISTS: Final = {"form": FORM, "fls": "fls", "rpp": "rpp"}
"""Variables whose codes are a tree, beside areas, by what their list is bound to."""


@dataclass(frozen=True, slots=True)
class SimilarEvents:
    """All that could be compared well enough, the most alike first, and the account."""

    event: str
    similar: tuple[Similar, ...]
    account: Account
    fingerprint: str = ""

    def page(self, request: PageRequest) -> Page[Similar]:
        """Some of them. Raises `CursorForeign`, `ArgumentOutOfRange`, `ArgumentsConflicting`."""
        return cut_page(self.similar, lambda each: each.order, lambda each: each, request, self.fingerprint)


@dataclass(frozen=True, slots=True)
class SimilarQuestion:
    """Which event others are compared with, and how many of those within an extent.

    ``least_compared``: per cent of the weight of all variables that both must tell; events that tell less are counted
    as hidden.
    """

    act: ClassVar[str] = "similar events"
    event: EventId
    extent: Extent = EVERY_EVENT
    candidates: int = 1_000
    least_compared: int = 50

    @property
    def about(self) -> Sequence[str]:
        """The event."""
        return (self.event,)

    @property
    def followed(self) -> Piece | None:
        """What lies around the event, within its extent but for the entity."""
        return Piece(Start(NodeKind.EVENT, self.event), within=self.extent.within)

    def check(self, codebook: Codebook, *, actor: Actor) -> Bounds:
        """The bounds; raises what asking raises, but for an event that is not there."""
        bounds = check_extent(actor, self.extent, codebook)
        check_range("candidates", self.candidates, 1, MAX_CANDIDATES)
        check_range("leastCompared", self.least_compared, 0, 100)
        return bounds

    async def ask(self, stores: Stores, *, actor: Actor) -> SimilarEvents:
        """Events like this one, the most alike first.

        Raises `RecordUnknown`, `ArgumentOutOfRange`, `ArgumentsConflicting`, `CodeUnknown`.
        """
        bounds = self.check(stores.codebook, actor=actor)
        everywhere = Gathered(Bounds(bounds.scope))
        accounts: set[str] = {self.event}
        if self.extent.judged is Judged.TOGETHER:
            accounts = await join_records(stores, everywhere, NodeKind.EVENT, accounts)
        told = await stores.similar.profiles(sorted(accounts), everywhere.bounds)
        if self.event not in {each.event for each in told}:
            raise RecordUnknown(kind="event")
        same = everywhere.same
        mine = joined(same.of(self.event), told)
        ancestors = {name: cache(found) for name, found in ancestors_of(stores.codebook).items()}
        gathered = Gathered(bounds, starts=frozenset(accounts), same=same)
        candidates = await self._candidates(stores, gathered, mine, ancestors)
        read = await stores.similar.profiles(candidates, bounds)
        if self.extent.judged is Judged.TOGETHER:
            await join_read(stores, gathered, {each.event for each in read})
        others: dict[str, list[Profile]] = {}
        for each in read:
            others.setdefault(same.of(each.event), []).append(each)
        found = await to_thread(_compared, mine, others, ancestors)
        kept = [each for each in found if each.compared * 100 >= self.least_compared]
        gathered.outside = len(found) - len(kept)
        account = gathered.account(visited=len(read) + len(told), counts={"Event": len(others) + 1})
        fingerprint = fingerprint_of("similarEvents", actor, self.extent, self.event, self.least_compared)
        return SimilarEvents(mine.event, tuple(sorted(kept, key=lambda each: each.order)), account, fingerprint)

    async def _candidates(
        self, stores: Stores, gathered: Gathered, mine: Profile, ancestors: Mapping[str, Ancestors]
    ) -> list[str]:
        """The events to compare with, none of them its own account: those of the same people first, where judgements
        count of all judged the same.
        """
        bounds, accounts = gathered.bounds, sorted(gathered.starts)
        people = await self._people(stores, gathered, accounts)
        met = await stores.slices.met_by_people(sorted(people), bounds, hub_limit=MAX_HUB_LIMIT)
        skip_people(gathered, met)
        forms = sorted({ancestors["form"](code)[-1] for code in mine.codes.get("form", ())})
        areas = sorted({_country(ancestors["area"](code)) for code in mine.codes.get("area", ())})
        near = await stores.similar.near(
            mine, bounds, accounts=accounts, forms=forms, areas=areas, limit=self.candidates
        )
        found = [id_ for id_ in dict.fromkeys([*met.events, *near.events]) if id_ not in gathered.starts]
        gathered.truncated = near.truncated or len(found) > self.candidates
        await leave_out(stores, gathered, NodeKind.EVENT, found[: self.candidates])
        return [id_ for id_ in found[: self.candidates] if id_ not in gathered.left_out]

    async def _people(self, stores: Stores, gathered: Gathered, accounts: Sequence[str]) -> Set[str]:
        """Who takes part in the event, as far as they exist for the question, with all judged the same."""
        within = self.extent.within
        parts = Within(edge_kinds=within.edge_kinds, only_people=within.only_people)
        facts = await stores.slices.facts(accounts, Bounds(gathered.bounds.scope, parts))
        people = {part.person for event in facts for part in event.parts}
        await leave_out(stores, gathered, NodeKind.PERSON, people)
        people -= gathered.left_out
        if self.extent.judged is Judged.APART:
            return people
        return await join_records(stores, gathered, NodeKind.PERSON, people)

    @staticmethod
    def records(found: SimilarEvents) -> Iterator[str]:
        """The event and the records that the account names; a page's are noted with the page."""
        yield found.event
        yield from found.account.records


def _compared(
    mine: Profile, others: Mapping[str, Sequence[Profile]], ancestors: Mapping[str, Ancestors]
) -> list[Similar]:
    return [compare(mine, joined(id_, profiles), ancestors) for id_, profiles in others.items()]


def ancestors_of(codebook: Codebook) -> Mapping[str, Ancestors]:
    """Of each variable of a tree, the code and all above it in the list's version that is bound today."""

    def within(scheme: SchemeId) -> Ancestors:
        return lambda code: chain(code, lambda each: codebook.parent(scheme, None, each))

    bound = {name: codebook.bound_list(variable) for name, variable in _LISTS.items()}
    schemes = {"area": AREAS, **{name: found[0] for name, found in bound.items() if found is not None}}
    names = [variable.name for variable in VARIABLES if variable.is_tree]
    return {name: within(schemes[name]) if name in schemes else (lambda code: [code]) for name in names}


def _country(above: Sequence[str]) -> str:
    """The country of an area; a region, or what is no country's, by itself."""
    return next((code for code in above if is_country(code)), above[0])
