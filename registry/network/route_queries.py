"""The routes of the events within an extent, or of the network around a start; always inside the actor's scope."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from registry.access.actor import Actor
from registry.cases.ports import Codebook
from registry.classification.paging import Page, PageRequest, cut_page
from registry.errors import ArgumentsConflicting
from registry.identifiers import AREAS, UNITS
from registry.network.gathering import (
    EVERYWHERE,
    Account,
    Gathered,
    Ground,
    check_ground,
    events_around,
    fingerprint_of,
    join_read,
    join_records,
    leave_out,
)
from registry.network.model import Judged, NodeKind, Piece
from registry.network.routes import AreaLevel, By, Journey, Leg, Origin, Roller, Route, count_routes
from registry.network.slice_ports import Bounds
from registry.network.stores import Stores


@dataclass(frozen=True, slots=True)
class Routes:
    """All rows and legs in order, and the account."""

    routes: tuple[Route, ...]
    legs: tuple[Leg, ...]
    account: Account
    fingerprint: str = ""

    def page(self, request: PageRequest) -> Page[Route]:
        """Some of the rows. Raises `CursorForeign`, `ArgumentOutOfRange`, `ArgumentsConflicting`."""
        return cut_page(self.routes, lambda route: route.order, lambda route: route, request, self.fingerprint)

    def page_of_legs(self, request: PageRequest) -> Page[Leg]:
        """Some of the legs; raises the same."""
        return cut_page(self.legs, lambda leg: leg.order, lambda leg: leg, request, f"{self.fingerprint} legs")


@dataclass(frozen=True, slots=True)
class RouteQuestion:
    """Which routes are counted, rolled up how far, and told apart by what."""

    act: ClassVar[str] = "count routes"
    ground: Ground = EVERYWHERE
    level: AreaLevel = AreaLevel.COUNTRY
    origin: Origin = Origin.RESIDENCE
    by: tuple[By, ...] = ()

    @property
    def about(self) -> Sequence[str]:
        """What it lies around, if anything."""
        return self.ground.about

    @property
    def followed(self) -> Piece | None:
        """What lies around the start, if there is one."""
        return self.ground.followed

    def check(self, codebook: Codebook, *, actor: Actor) -> Bounds:
        """The bounds; raises what asking raises, but for a start that is not there."""
        bounds = check_ground(actor, self.ground, codebook)
        if len(set(self.by)) < len(self.by):
            raise ArgumentsConflicting(arguments="by", rule="name each once")
        return bounds

    async def ask(self, stores: Stores, *, actor: Actor) -> Routes:
        """Rows of victims by route, and their legs, of everything on the ground.

        Where the budget does not reach the answer is ``truncated`` and its rows are too low. For those who explore
        networks inside their scope, no thresholds apply. Raises `RecordUnknown` for a start, `ArgumentOutOfRange`,
        `ArgumentsConflicting`, `CodeUnknown`.
        """
        bounds = self.check(stores.codebook, actor=actor)
        gathered, read = await self._read(stores, bounds, actor)
        told = {journey.event for journey in read}
        read = await _admitted(stores, gathered, read)
        if self.ground.judged is Judged.TOGETHER:
            read = await _joined(stores, gathered, read)
        parent = stores.codebook.parent
        roller = Roller(partial(parent, AREAS, None), partial(parent, UNITS, None), self.level)
        rows, legs = await to_thread(count_routes, read, roller, origin=self.origin, by=self.by)
        account = gathered.account(
            visited=len(told),
            counts={
                "Event": len({journey.event for journey in read}),
                "Person": len({journey.person for journey in read if journey.person is not None}),
            },
        )
        fingerprint = fingerprint_of("routes", actor, self.ground, self.level, self.origin, self.by)
        return Routes(rows, legs, account, fingerprint)

    async def _read(self, stores: Stores, bounds: Bounds, actor: Actor) -> tuple[Gathered, Sequence[Journey]]:
        if self.ground.around is not None:
            around = await events_around(stores, self.ground, self.ground.around, actor)
            read = await stores.routes.journeys_of(around.events, bounds)
            gathered = around.gathered(bounds, self.ground.around.start)
            gathered.outside = len(around.events) - len({journey.event for journey in read})
            return gathered, read
        gathered = Gathered(bounds)
        read = await stores.routes.journeys(bounds, limit=self.ground.budget + 1)
        places = {journey.event: journey.place for journey in read}
        gathered.truncated = len(places) > self.ground.budget
        if gathered.truncated:
            beyond = max(places, key=places.__getitem__)
            read = [journey for journey in read if journey.event != beyond]
        return gathered, read

    @staticmethod
    def records(found: Routes) -> Iterator[str]:
        """The records that the account names; a page's are noted with the page."""
        yield from found.account.records


async def _admitted(stores: Stores, gathered: Gathered, read: Sequence[Journey]) -> Sequence[Journey]:
    """The journeys that no restriction leaves out: an event whose victims are all left out stands without any."""
    await leave_out(stores, gathered, NodeKind.EVENT, (journey.event for journey in read))
    kept = [journey for journey in read if journey.event not in gathered.left_out]
    people = {journey.person for journey in kept if journey.person is not None}
    await leave_out(stores, gathered, NodeKind.PERSON, people)
    gone = people & gathered.left_out
    anew = {journey.event for journey in kept if journey.person in gone}
    told = await stores.routes.journeys_of(sorted(anew), gathered.bounds, without=gone) if anew else ()
    return [*(journey for journey in kept if journey.event not in anew), *told]


async def _joined(stores: Stores, gathered: Gathered, read: Sequence[Journey]) -> list[Journey]:
    """The journeys with each victim under the least id of those judged the same, each event of those read."""
    people = {journey.person for journey in read if journey.person is not None}
    await join_records(stores, gathered, NodeKind.PERSON, people)
    await join_read(stores, gathered, {journey.event for journey in read})
    same = gathered.same.of
    return [
        replace(journey, event=same(journey.event), person=None if journey.person is None else same(journey.person))
        for journey in read
    ]
