"""The routes of the events within bounds, or of the network around a start; always inside the actor's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from registry.access.actor import Actor
from registry.cases.codes import AREAS, UNITS
from registry.errors import ArgumentsConflicting, check_range
from registry.network.gathering import EVERYWHERE, MAX_MOST, Account, Ground, check_ground, events_around
from registry.network.model import SkippedHub
from registry.network.routes import AreaLevel, By, Journey, Leg, Origin, Roller, Route, count_routes
from registry.network.stores import Stores


@dataclass(frozen=True, slots=True)
class Routes:
    """Rows and legs in order, how many there are of each, and the account."""

    routes: tuple[Route, ...]
    legs: tuple[Leg, ...]
    found: int
    legs_found: int
    account: Account


async def routes(
    stores: Stores,
    *,
    actor: Actor,
    ground: Ground = EVERYWHERE,
    level: AreaLevel = AreaLevel.COUNTRY,
    origin: Origin = Origin.RESIDENCE,
    by: Sequence[By] = (),
    most: int = 100,
) -> Routes:
    """Rows of victims by route, at most ``most`` of them and of the legs.

    Rows are of everything within the bounds; there are no pages, and where the budget does not reach the answer is
    ``truncated`` and its rows are too low. For those who explore networks inside their scope, no thresholds apply.
    Raises `RecordUnknown` for a start, `ArgumentOutOfRange`, `ArgumentsConflicting`.
    """
    bounds = check_ground(actor, ground, stores.codebook)
    check_range("most", most, 1, MAX_MOST)
    if ground.after is not None:
        raise ArgumentsConflicting(
            arguments="after", rule="routes have no pages: narrow the bounds, or raise the budget"
        )
    if len(set(by)) < len(by):
        raise ArgumentsConflicting(arguments="by", rule="name each once")
    skipped: tuple[SkippedHub, ...] = ()
    if ground.around is not None:
        around = await events_around(stores, ground, ground.around, actor)
        read, truncated, skipped = (
            await stores.routes.journeys_of(around.events, bounds),
            around.truncated,
            around.skipped,
        )
    else:
        read = await stores.routes.journeys(bounds, limit=ground.budget + 1)
        last = {journey.event: journey.place for journey in read}
        truncated = len(last) > ground.budget
        if truncated:
            beyond = max(last, key=last.__getitem__)
            read = [journey for journey in read if journey.event != beyond]
    roller = Roller(partial(stores.codebook.parent, AREAS, None), partial(stores.codebook.parent, UNITS, None), level)
    rows, legs = count_routes(read, roller, origin=origin, by=by)
    return Routes(rows[:most], legs[:most], len(rows), len(legs), _account(read, truncated, skipped))


def _account(read: Sequence[Journey], truncated: bool, skipped: tuple[SkippedHub, ...]) -> Account:
    events = len({journey.event for journey in read})
    victims = len({journey.person for journey in read if journey.person is not None})
    return Account(
        truncated=truncated,
        skipped_hubs=skipped,
        skipped_identifiers=0,
        hidden=0,
        visited=events,
        counts_by_type={"Event": events, "Person": victims},
        end_cursor=None,
    )
