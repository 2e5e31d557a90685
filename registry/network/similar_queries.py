"""Events like one event, with the reasons; always inside the actor's scope.

Candidates are found by indexes, never by looking at everything: the events recorded nearest in time, before and after,
that share a form (of the same unit) or an area (inside the same country), and every event in which somebody of this one
takes part. An event beyond the budget is not compared, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from registry.access.actor import Actor
from registry.cases.codes import AREAS
from registry.cases.model import FORM
from registry.cases.ports import Codebook
from registry.errors import ArgumentsConflicting, RecordUnknown, check_range
from registry.identifiers import EventId, SchemeId
from registry.network.gathering import EVERYWHERE, Account, Ground, check_ground
from registry.network.routes import chain, is_country
from registry.network.similarity import VARIABLES, Ancestors, Similar, compare
from registry.network.slice_ports import Bounds
from registry.network.stores import Stores

MAX_CANDIDATES: Final = 5_000
MAX_SIMILAR: Final = 100
_LISTS: Final = {"form": FORM, "fls": "fls", "rpp": "rpp"}
"""Variables whose codes are a tree, beside areas, by what their list is bound to."""


@dataclass(frozen=True, slots=True)
class SimilarEvents:
    """The most alike, how many were compared well enough, and the account."""

    event: str
    similar: tuple[Similar, ...]
    found: int
    account: Account


async def similar_events(
    stores: Stores,
    *,
    actor: Actor,
    event: EventId,
    ground: Ground = EVERYWHERE,
    candidates: int = 1_000,
    least_compared: int = 50,
    most: int = 20,
) -> SimilarEvents:
    """Events like this one, the most alike first.

    ``least_compared``: per cent of the weight of all variables that both must tell. Raises `RecordUnknown`,
    `ArgumentOutOfRange`, `ArgumentsConflicting`.
    """
    bounds = check_ground(actor, ground, stores.codebook)
    check_range("candidates", candidates, 1, MAX_CANDIDATES)
    check_range("leastCompared", least_compared, 0, 100)
    check_range("most", most, 1, MAX_SIMILAR)
    if ground.around is not None or ground.after is not None:
        raise ArgumentsConflicting(arguments="start, after", rule="the event is the start, and there are no pages")
    mine = next(iter(await stores.similar.profiles([event], Bounds(bounds.scope))), None)
    if mine is None:
        raise RecordUnknown(kind="event")
    ancestors = {name: cache(found) for name, found in ancestors_of(stores.codebook).items()}
    forms = sorted({ancestors["form"](code)[-1] for code in mine.codes.get("form", ())})
    areas = sorted({_country(ancestors["area"](code)) for code in mine.codes.get("area", ())})
    near = await stores.similar.near(mine, bounds, forms=forms, areas=areas, limit=candidates)
    others = [each for each in await stores.similar.profiles(near.events, bounds) if each.event != event]
    found = [compare(mine, other, ancestors) for other in others]
    kept = sorted((each for each in found if each.compared * 100 >= least_compared), key=lambda each: each.order)
    return SimilarEvents(event, tuple(kept[:most]), len(kept), _account(len(others) + 1, near.truncated))


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


def _account(visited: int, truncated: bool) -> Account:
    return Account(
        truncated=truncated,
        skipped_hubs=(),
        skipped_identifiers=0,
        hidden=0,
        visited=visited,
        counts_by_type={"Event": visited},
        end_cursor=None,
    )
