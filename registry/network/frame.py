"""What every question of networks has in common: rights, bounds, and the view that a store is asked through.

Lives here: the check before anything is read. Elsewhere: the values (``model``), growing (``growing``), the questions
(``queries``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from registry.access.actor import Actor, Right
from registry.access.policy import require
from registry.access.scope import scope_parameter
from registry.cases.codes import check_codes
from registry.cases.ports import Codebook
from registry.errors import ArgumentsConflicting, check_range
from registry.network.model import RECORDS, EdgeKind, NodeKind, Start, Within
from registry.network.ports import View

MAX_BUDGET: Final = 5000
"""Nodes of one answer: more can be neither drawn nor read."""
MAX_HUB_LIMIT: Final = 1000
"""Links of a node that is still expanded."""
MAX_MIN_LINKS: Final = 1000
MAX_ONLY: Final = 5000
"""Ids that a question may be restricted to, of each kind."""
NO_KIND: Final = (
    "an empty list names no kind of link, so nothing could be followed; "
    f"name one at least of {', '.join(EdgeKind)}, or leave it out, which is taking part"
)


def view_of(actor: Actor, within: Within, codebook: Codebook, *, budget: int, most: int = MAX_BUDGET) -> View:
    """The view of one question, once the actor may ask it, every bound holds, and every code is one.

    ``most`` is the highest budget of that question.

    Raises `NotAllowed`, `PurposeMissing`, `ArgumentOutOfRange`, `ArgumentsConflicting`, `CodeUnknown`.
    """
    require(actor, Right.EXPLORE_NETWORK)
    require(actor, Right.READ_IDENTIFIED)
    check_range("budget", budget, 1, most)
    check_range("hubLimit", within.hub_limit, 1, MAX_HUB_LIMIT)
    check_range("minLinks", within.min_links, 1, MAX_MIN_LINKS)
    for only in (within.only_people, within.only_events):
        check_range("onlyIds", len(only or ()), 0, MAX_ONLY)
    for argument, told in (("avoid", within.avoid), ("forms", within.forms), ("areas", within.areas)):
        check_range(argument, len(told), 0, MAX_ONLY)
    if not within.edge_kinds:
        raise ArgumentsConflicting(arguments="edgeKinds", rule=NO_KIND)
    if within.window is not None and within.window.since > within.window.until:
        raise ArgumentsConflicting(arguments="validDuring", rule="it must not end before it begins")
    if RECORDS.intersection(within.ends):
        raise ArgumentsConflicting(arguments="ends", rule="only hubs can be ends: areas, concepts, reporting entities")
    check_codes(codebook, forms=within.forms, areas=within.areas)
    return View(scope_parameter(actor.scope), within)


def check_start(codebook: Codebook, start: Start) -> None:
    """Return where a start that is a form or an area is one of the latest lists; raise `CodeUnknown` else.

    For a start at which nothing was found: which codes there are is nobody's secret, as which records there are is.
    """
    forms, areas = ([start.id] if start.kind is kind else [] for kind in (NodeKind.CONCEPT, NodeKind.AREA))
    check_codes(codebook, forms=forms, areas=areas)


def with_ends(view: View, *ends: Start) -> View:
    """The view with the ends of a question among the only ids, where there are such: they are always there."""
    within = view.within
    if within.only_people is not None:
        people = (end.id for end in ends if end.kind is NodeKind.PERSON)
        within = replace(within, only_people=within.only_people.union(people))
    if within.only_events is not None:
        events = (end.id for end in ends if end.kind is NodeKind.EVENT)
        within = replace(within, only_events=within.only_events.union(events))
    return View(view.scope, within, view.counts_hubs)
