"""Every question about networks as a value: asked directly, or kept and asked again; its arguments, never its answer.

Lives here: the values that no other module has, and what all have in common. Elsewhere: what answers them (``queries``,
``measuring``, ``shared_queries`` and its kin), their text (``question_texts``), keeping them (``saved``). Each asking
is a new one: with the rights and the scope of whoever asks, of the store as it is then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol, TypeVar

from registry.access.actor import Actor
from registry.cases.ports import Codebook
from registry.errors import check_range
from registry.network.components import Components
from registry.network.frame import MAX_BUDGET, view_of
from registry.network.measures import Communities, KeyOrder, KeyPlayers
from registry.network.measuring import (
    MAX_MEASURED,
    check_communities,
    check_key_players,
    communities,
    key_players,
)
from registry.network.model import EVERYTHING, Piece, Start, Subgraph, Within
from registry.network.path_model import Paths
from registry.network.pattern_queries import PatternQuestion
from registry.network.queries import AROUND, MAX_DEPTH, check_components, check_paths, components, ego_network, paths
from registry.network.route_queries import RouteQuestion
from registry.network.shared_queries import SharedQuestion
from registry.network.similar_queries import SimilarQuestion
from registry.network.stores import Stores

Found = TypeVar("Found")


class Question(Protocol[Found]):
    """What can be asked about networks."""

    @property
    def act(self) -> str:
        """What asking it is called in the audit."""

    @property
    def about(self) -> Sequence[str]:
        """The records and hubs that it names: who asks in vain is noted as having asked about them."""

    @property
    def followed(self) -> Piece | None:
        """The piece around its start, where new links are looked for; None for one that has no start."""

    def check(self, codebook: Codebook, *, actor: Actor) -> object:
        """Return where its bounds hold, whether or not what it names can be seen; raises what asking it would."""

    async def ask(self, stores: Stores, *, actor: Actor) -> Found:
        """The answer as this actor may have it now."""

    def records(self, found: Found) -> Iterable[str]:
        """The records that an answer names."""


@dataclass(frozen=True, slots=True)
class EgoQuestion:
    """What lies around a start."""

    act: ClassVar[str] = "explore network"
    piece: Piece

    @property
    def about(self) -> Sequence[str]:
        """The start."""
        return (self.piece.start.id,)

    @property
    def followed(self) -> Piece | None:
        """The piece."""
        return self.piece

    def check(self, codebook: Codebook, *, actor: Actor) -> None:
        """As `ego_network`."""
        check_piece(self.piece, codebook, actor)

    async def ask(self, stores: Stores, *, actor: Actor) -> Subgraph:
        """As `ego_network`."""
        piece = self.piece
        return await ego_network(
            stores, actor=actor, start=piece.start, depth=piece.depth, budget=piece.budget, within=piece.within
        )

    @staticmethod
    def records(found: Subgraph) -> Iterable[str]:
        """Its nodes."""
        return found.node_ids


@dataclass(frozen=True, slots=True)
class CommunitiesQuestion:
    """How a piece falls into communities."""

    act: ClassVar[str] = "find communities"
    piece: Piece
    resolution: float = 1.0
    seed: int = 1

    @property
    def about(self) -> Sequence[str]:
        """The start."""
        return (self.piece.start.id,)

    @property
    def followed(self) -> Piece | None:
        """The piece."""
        return self.piece

    def check(self, codebook: Codebook, *, actor: Actor) -> None:
        """As `communities`."""
        check_piece(self.piece, codebook, actor, most=MAX_MEASURED)
        check_communities(self.resolution, self.seed)

    async def ask(self, stores: Stores, *, actor: Actor) -> Communities:
        """As `communities`."""
        return await communities(stores, self.piece, resolution=self.resolution, seed=self.seed, actor=actor)

    @staticmethod
    def records(found: Communities) -> Iterable[str]:
        """The nodes of the piece."""
        return found.network.node_ids


@dataclass(frozen=True, slots=True)
class KeyPlayersQuestion:
    """Who holds a piece together."""

    act: ClassVar[str] = "find key players"
    piece: Piece
    order: KeyOrder = KeyOrder.BETWEENNESS
    first: int = 10
    path_limit: int = 8

    @property
    def about(self) -> Sequence[str]:
        """The start."""
        return (self.piece.start.id,)

    @property
    def followed(self) -> Piece | None:
        """The piece."""
        return self.piece

    def check(self, codebook: Codebook, *, actor: Actor) -> None:
        """As `key_players`."""
        check_piece(self.piece, codebook, actor, most=MAX_MEASURED)
        check_key_players(self.first, self.path_limit)

    async def ask(self, stores: Stores, *, actor: Actor) -> KeyPlayers:
        """As `key_players`."""
        return await key_players(
            stores, self.piece, order=self.order, first=self.first, path_limit=self.path_limit, actor=actor
        )

    @staticmethod
    def records(found: KeyPlayers) -> Iterable[str]:
        """The nodes of the piece."""
        return found.network.node_ids


@dataclass(frozen=True, slots=True)
class PathsQuestion:
    """The shortest paths between two records."""

    act: ClassVar[str] = "find paths"
    source: Start
    target: Start
    most: int = 3
    longest: int = 8
    in_time: bool = False
    budget: int = 2000
    within: Within = EVERYTHING

    @property
    def about(self) -> Sequence[str]:
        """Both ends."""
        return (self.source.id, self.target.id)

    @property
    def followed(self) -> Piece | None:
        """What lies around the first end."""
        return Piece(self.source, within=self.within)

    def check(self, codebook: Codebook, *, actor: Actor) -> None:
        """As `paths`."""
        view_of(actor, self.within, codebook, budget=self.budget)
        check_paths(self.source, self.target, most=self.most, longest=self.longest)

    async def ask(self, stores: Stores, *, actor: Actor) -> Paths:
        """As `paths`."""
        return await paths(
            stores,
            actor=actor,
            source=self.source,
            target=self.target,
            most=self.most,
            longest=self.longest,
            in_time=self.in_time,
            budget=self.budget,
            within=self.within,
        )

    def records(self, found: Paths) -> Iterable[str]:
        """Both ends, the nodes, and the events that show the hops."""
        shown = [each.event for path in found.paths for hop in path.hops for each in hop.evidence]
        return [*self.about, *found.network.node_ids, *shown]


@dataclass(frozen=True, slots=True)
class ComponentsQuestion:
    """What hangs together, around a start or among people and events."""

    act: ClassVar[str] = "find components"
    around: Start | None = None
    people: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    depth: int | None = None
    budget: int = 500
    within: Within = EVERYTHING

    @property
    def about(self) -> Sequence[str]:
        """The start, or the records given."""
        return [*self.people, *self.events, *([self.around.id] if self.around is not None else [])]

    @property
    def followed(self) -> Piece | None:
        """What lies around the start, if there is one."""
        if self.around is None:
            return None
        return Piece(self.around, AROUND if self.depth is None else self.depth, within=self.within)

    def check(self, codebook: Codebook, *, actor: Actor) -> None:
        """As `components`."""
        view_of(actor, self.within, codebook, budget=self.budget)
        check_components(self.around, self.people, self.events, depth=self.depth, budget=self.budget)

    async def ask(self, stores: Stores, *, actor: Actor) -> Components:
        """As `components`."""
        return await components(
            stores,
            actor=actor,
            around=self.around,
            people=self.people,
            events=self.events,
            depth=self.depth,
            budget=self.budget,
            within=self.within,
        )

    def records(self, found: Components) -> Iterable[str]:
        """What was asked about, and the nodes."""
        return [*self.about, *found.network.node_ids]


AnyQuestion = (
    EgoQuestion
    | CommunitiesQuestion
    | KeyPlayersQuestion
    | PathsQuestion
    | ComponentsQuestion
    | SharedQuestion
    | RouteQuestion
    | SimilarQuestion
    | PatternQuestion
)
KINDS: Final[Mapping[str, type[AnyQuestion]]] = {
    "ego network": EgoQuestion,
    "communities": CommunitiesQuestion,
    "key players": KeyPlayersQuestion,
    "paths": PathsQuestion,
    "components": ComponentsQuestion,
    "shared links": SharedQuestion,
    "routes": RouteQuestion,
    "similar events": SimilarQuestion,
    "patterns": PatternQuestion,
}
"""Every question by the word that it is kept under."""


def kind_of(question: AnyQuestion) -> str:
    """The word that a question is kept under."""
    return next(word for word, kind in KINDS.items() if type(question) is kind)


def check_piece(piece: Piece, codebook: Codebook, actor: Actor, *, most: int = MAX_BUDGET) -> None:
    """Return where the bounds of a piece hold; raises what asking for it would."""
    view_of(actor, piece.within, codebook, budget=piece.budget, most=most)
    check_range("depth", piece.depth, 1, MAX_DEPTH)
