"""What no question of networks takes: refused with one clear error before anything is read, whichever is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from registry.errors import ArgumentOutOfRange, ArgumentsConflicting, CodeUnknown, IctipError
from registry.identifiers import EventId, Notation
from registry.network.gathering import Around, Ground
from registry.network.measuring import communities, key_players
from registry.network.model import NodeKind, Piece, Start, Window, Within
from registry.network.pattern_queries import PatternQuestion
from registry.network.patterns.model import PatternKind
from registry.network.queries import components, ego_network, paths
from registry.network.questions import CommunitiesQuestion, KeyPlayersQuestion
from registry.network.route_queries import RouteQuestion
from registry.network.shared import Likeness, SharedKind
from registry.network.shared_queries import SharedQuestion
from registry.network.similar_queries import SimilarQuestion
from registry.network.stores import Stores
from tests.universe import CODEBOOK, EVERYONE

NOTHING: Any = None
UNREAD = Stores(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, CODEBOOK)
"""Stores that answer nothing: whoever reads one fails otherwise than by a refusal."""
ADA, BEN = Start(NodeKind.PERSON, "ada"), Start(NodeKind.PERSON, "ben")

Asked = Callable[[Any], Awaitable[object]]
AROUND: dict[str, Asked] = {
    "ego network": lambda within: ego_network(UNREAD, actor=EVERYONE, start=ADA, within=within),
    "paths": lambda within: paths(UNREAD, actor=EVERYONE, source=ADA, target=BEN, within=within),
    "components": lambda within: components(UNREAD, actor=EVERYONE, around=ADA, within=within),
    "communities": lambda within: communities(UNREAD, Piece(ADA, within=within), actor=EVERYONE),
    "key players": lambda within: key_players(UNREAD, Piece(ADA, within=within), actor=EVERYONE),
}
"""Questions that take `Within`."""
LINKS = Likeness(SharedKind.CO_OFFENDING)
OF_MANY: dict[str, Asked] = {
    "shared links": lambda ground: SharedQuestion(LINKS, ground=ground).ask(UNREAD, actor=EVERYONE),
    "routes": lambda ground: RouteQuestion(ground).ask(UNREAD, actor=EVERYONE),
    "similar events": lambda ground: SimilarQuestion(EventId("no-such-event"), ground).ask(UNREAD, actor=EVERYONE),
    "patterns": lambda ground: PatternQuestion(PatternKind.RING, ground=ground).ask(UNREAD, actor=EVERYONE),
}
"""Questions that take `Ground`."""


@pytest.mark.parametrize(
    ("within", "error"),
    [
        (Within(forms=("2.1", "99")), CodeUnknown),
        (Within(areas=("ZZ",)), CodeUnknown),
        (Within(areas=("KEN",)), CodeUnknown),
        (Within(edge_kinds=()), ArgumentsConflicting),
        (Within(hub_limit=0), ArgumentOutOfRange),
        (Within(min_links=0), ArgumentOutOfRange),
        (Within(window=Window(2, 1)), ArgumentsConflicting),
        (Within(ends=(NodeKind.PERSON,)), ArgumentsConflicting),
    ],
)
@pytest.mark.parametrize("question", AROUND)
async def test_a_wrong_restriction_is_refused(question: str, within: Within, error: type[IctipError]) -> None:
    """A code that is none is no empty answer; no kind of link, crossed times, numbers out of range."""
    with pytest.raises(error):
        await AROUND[question](within)


async def test_no_kind_of_link_is_refused_with_what_to_do() -> None:
    """Which argument, what is wrong with it, which kinds there are, and what leaving it out means."""
    with pytest.raises(ArgumentsConflicting) as told:
        await AROUND["ego network"](Within(edge_kinds=()))

    assert told.value.message == (
        "edgeKinds: an empty list names no kind of link, so nothing could be followed; "
        "name one at least of VICTIM_IN, PERPETRATOR_IN, RELATED_TO, or leave it out, which is taking part."
    )


@pytest.mark.parametrize(
    ("ground", "error"),
    [
        (Ground(form=Notation("99")), CodeUnknown),
        (Ground(area=Notation("ZZ")), CodeUnknown),
        (Ground(window=Window(2, 1)), ArgumentsConflicting),
    ],
)
@pytest.mark.parametrize("question", OF_MANY)
async def test_a_wrong_extent_is_refused(question: str, ground: Ground, error: type[IctipError]) -> None:
    """The same for questions about many events."""
    with pytest.raises(error):
        await OF_MANY[question](ground)


@pytest.mark.parametrize(
    "ground",
    [
        Ground(budget=0),
        Ground(budget=-1),
        Ground(budget=200_001),
        Ground(around=Around(ADA, 0)),
        Ground(around=Around(ADA, 7)),
        Ground(around=Around(ADA, 2, 0)),
    ],
)
@pytest.mark.parametrize("question", sorted(OF_MANY.keys() - {"similar events"}))
async def test_a_wrong_ground_is_refused(question: str, ground: Ground) -> None:
    """Around a start or not."""
    with pytest.raises(ArgumentOutOfRange):
        await OF_MANY[question](ground)


@pytest.mark.parametrize("budget", [0, -1, 5_001, 10**9])
async def test_a_budget_has_bounds(budget: int) -> None:
    """Nothing, less than nothing, and more than can be read."""
    piece = Piece(ADA, budget=budget)
    for asked in (
        ego_network(UNREAD, actor=EVERYONE, start=ADA, budget=budget),
        paths(UNREAD, actor=EVERYONE, source=ADA, target=BEN, budget=budget),
        components(UNREAD, actor=EVERYONE, around=ADA, budget=budget),
        communities(UNREAD, piece, actor=EVERYONE),
        key_players(UNREAD, piece, actor=EVERYONE),
    ):
        with pytest.raises(ArgumentOutOfRange):
            await asked


@pytest.mark.parametrize("budget", [0, 2_001, 5_001])
async def test_a_refusal_tells_the_budget_that_measures_take(budget: int) -> None:
    """They take 2,000 at most, whichever bound was passed."""
    piece = Piece(ADA, budget=budget)
    for asked in (communities(UNREAD, piece, actor=EVERYONE), key_players(UNREAD, piece, actor=EVERYONE)):
        with pytest.raises(ArgumentOutOfRange, match="it may be 1 to 2000"):
            await asked
    for question in (CommunitiesQuestion(piece), KeyPlayersQuestion(piece)):
        with pytest.raises(ArgumentOutOfRange, match="it may be 1 to 2000"):
            question.check(CODEBOOK, actor=EVERYONE)


async def test_a_path_leads_to_another_record() -> None:
    """From a record to itself there is none to look for."""
    with pytest.raises(ArgumentsConflicting):
        await paths(UNREAD, actor=EVERYONE, source=ADA, target=ADA)


async def test_hops_of_ids_are_refused() -> None:
    """Ids have no hops around them."""
    with pytest.raises(ArgumentsConflicting):
        await components(UNREAD, actor=EVERYONE, people=["somebody"], depth=3)
