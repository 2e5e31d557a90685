"""Who shares what with whom: around a start, among given people, or within bounds; always inside the actor's scope."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from registry.access.actor import Actor
from registry.errors import ArgumentsConflicting, check_range
from registry.network.gathering import (
    EVERYWHERE,
    MAX_MOST,
    Account,
    Gathered,
    Ground,
    account_of,
    bring,
    check_ground,
    gather,
    skip_people,
)
from registry.network.shared import Likeness, SharedKind, SharedLink, links_in
from registry.network.slice_ports import Bounds
from registry.network.stores import Stores

MAX_PEOPLE: Final = 1_000
"""People among whom links are asked for."""
MAX_CROWD: Final = 1_000
MAX_DAYS: Final = 3_660


@dataclass(frozen=True, slots=True)
class SharedLinks:
    """The heaviest links, how many there are, and what was left out: ``crowds`` counts things that too many share."""

    kind: SharedKind
    links: tuple[SharedLink, ...]
    found: int
    crowds: int
    account: Account


async def shared_links(
    stores: Stores,
    *,
    actor: Actor,
    likeness: Likeness,
    people: frozenset[str] | None = None,
    ground: Ground = EVERYWHERE,
    least_weight: int = 1,
    most: int = 100,
) -> SharedLinks:
    """Links of a kind with at least that weight, the heaviest first, at most ``most``.

    ``people``: only links among these, by their own events. Around a start: by the events there, and for identifiers
    also by those that tell one of the people there. Else by all events within the bounds; there are no pages, and where
    the budget does not reach the answer is ``truncated``. Raises `RecordUnknown` for a start, `ArgumentOutOfRange`,
    `ArgumentsConflicting`. People who do not exist in scope have no links.
    """
    bounds = check_ground(actor, ground, stores.codebook)
    for name, actual, highest in (
        ("most", most, MAX_MOST),
        ("minWeight", least_weight, MAX_MOST),
        ("crowd", likeness.crowd, MAX_CROWD),
        ("mostDays", likeness.most_days, MAX_DAYS),
    ):
        check_range(name, actual, 1, highest)
    if ground.after is not None:
        raise ArgumentsConflicting(
            arguments="after", rule="links have no pages: narrow the bounds, or raise the budget"
        )
    gathered = await _gather(stores, bounds, ground, likeness.kind, people, actor)
    finding = links_in(gathered.cases, likeness, among=people)
    links = [link for link in finding.links if link.weight >= least_weight]
    account = account_of(gathered, stopped=finding.stopped)
    return SharedLinks(likeness.kind, tuple(links[:most]), len(links), finding.crowds, account)


async def _gather(
    stores: Stores, bounds: Bounds, ground: Ground, kind: SharedKind, people: frozenset[str] | None, actor: Actor
) -> Gathered:
    if people is not None:
        check_range("people", len(people), 1, MAX_PEOPLE)
        if ground.around is not None:
            raise ArgumentsConflicting(arguments="people, start", rule="give one of them, or neither")
        gathered = Gathered(is_whole=True)
        met = await stores.slices.met_by_people(sorted(people), bounds, hub_limit=ground.hub_limit)
        skip_people(gathered, met)
        await bring(stores, bounds, ground, gathered, met.events)
        return gathered
    gathered = await gather(stores, bounds, replace(ground, first=ground.budget), actor=actor, fingerprint="")
    gathered.truncated = gathered.truncated or gathered.next_place is not None
    gathered.next_place = None
    if ground.around is not None and kind is SharedKind.SHARED_IDENTIFIER:
        here = sorted({part.person for event in gathered.events.values() for part in event.parts})
        told = await stores.slices.met_by_identifiers(here, bounds, hub_limit=ground.hub_limit)
        gathered.skipped_identifiers += len(told.crowded)
        await bring(stores, bounds, ground, gathered, told.events)
    return gathered
