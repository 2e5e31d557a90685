"""Where the patterns of the library are: around a start, or through the list of events, page by page.

Each match is told once: by the page that holds the first of its events in the list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registry.access.actor import Actor
from registry.errors import check_range
from registry.network.gathering import (
    EVERYWHERE,
    MAX_MOST,
    Account,
    Gathered,
    Ground,
    account_of,
    check_ground,
    fingerprint_of,
    follow_addresses,
    follow_people,
    gather,
)
from registry.network.patterns.library import LIBRARY, settle
from registry.network.patterns.model import Match, PatternKind
from registry.network.stores import Stores


@dataclass(frozen=True, slots=True)
class Matches:
    """The matches in order (`Match.order`), how many there are with those beyond the limit, and the account."""

    kind: PatternKind
    settings: Mapping[str, int]
    matches: tuple[Match, ...]
    found: int
    account: Account


async def find_patterns(
    stores: Stores,
    *,
    actor: Actor,
    kind: PatternKind,
    asked: Mapping[str, int] | None = None,
    ground: Ground = EVERYWHERE,
    most: int = 100,
) -> Matches:
    """The matches of one pattern that have an event on this ground, at most ``most``.

    Around a start only the events there exist; through the list each match is whole, whatever page its events are on,
    unless the budget ended it (``truncated``) or a person in it has more events than the hub guard (``skipped_hubs``).
    Raises `RecordUnknown`, `ArgumentOutOfRange`, `ArgumentsConflicting`, `CursorForeign`.
    """
    bounds = check_ground(actor, ground, stores.codebook)
    check_range("most", most, 1, MAX_MOST)
    definition = LIBRARY[kind]
    settings = settle(definition, asked or {})
    fingerprint = fingerprint_of("patterns", actor, ground, kind, sorted(settings.items()))
    gathered = await gather(stores, bounds, ground, actor=actor, fingerprint=fingerprint)
    if definition.by_address:
        await follow_addresses(stores, bounds, ground, gathered)
    else:
        await follow_people(
            stores, bounds, ground, gathered, lambda read: definition.wanted(read, settings), rounds=definition.rounds
        )
    finding = definition.find(gathered.cases, settings)
    matches = sorted((match for match in finding.matches if _is_own(match, gathered)), key=lambda match: match.order)
    account = account_of(gathered, fingerprint, stopped=finding.stopped)
    return Matches(kind, settings, tuple(matches[:most]), len(matches), account)


def _is_own(match: Match, gathered: Gathered) -> bool:
    """The page has its first event, and nobody in it was skipped."""
    first = min(match.events, key=lambda id_: gathered.events[id_].place)
    return first in gathered.own and all(member.person not in gathered.skipped for member in match.members)
