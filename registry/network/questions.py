"""A question about networks as a value that can be kept and asked again: its kind and arguments, never its answer.

Lives here: the value, its text and asking it. Elsewhere: the questions themselves (``queries``, ``measuring``), keeping
them (``saved``). Each asking is a new one: with the rights and the scope of whoever asks, of the store as it is then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from registry.access.actor import Actor
from registry.cases.ports import Codebook
from registry.errors import check_range
from registry.network.frame import view_of
from registry.network.measures import Communities, KeyOrder, KeyPlayers
from registry.network.measuring import Piece, check_communities, check_key_players, communities, key_players
from registry.network.model import EdgeKind, Judged, NodeKind, Start, Subgraph, Window, Within
from registry.network.queries import MAX_DEPTH, ego_network
from registry.network.stores import Stores


class QuestionKind(StrEnum):
    """What is asked about the piece of network."""

    EGO_NETWORK = "ego network"
    COMMUNITIES = "communities"
    KEY_PLAYERS = "key players"


@dataclass(frozen=True, slots=True)
class Question:
    """One question with all its arguments; those of other kinds are left alone."""

    kind: QuestionKind
    piece: Piece
    resolution: float = 1.0
    seed: int = 1
    order: KeyOrder = KeyOrder.BETWEENNESS
    first: int = 10
    path_limit: int = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """The piece of network, and what was found in it where that was asked."""

    network: Subgraph
    communities: Communities | None = None
    key_players: KeyPlayers | None = None


async def ask(stores: Stores, question: Question, *, actor: Actor) -> Answer:
    """The answer to the question as this actor may have it now; raises what asking it directly raises."""
    piece = question.piece
    if question.kind is QuestionKind.COMMUNITIES:
        found = await communities(stores, piece, resolution=question.resolution, seed=question.seed, actor=actor)
        return Answer(found.network, communities=found)
    if question.kind is QuestionKind.KEY_PLAYERS:
        players = await key_players(
            stores, piece, order=question.order, first=question.first, path_limit=question.path_limit, actor=actor
        )
        return Answer(players.network, key_players=players)
    network = await ego_network(
        stores, actor=actor, start=piece.start, depth=piece.depth, budget=piece.budget, within=piece.within
    )
    return Answer(network)


def check(question: Question, codebook: Codebook, *, actor: Actor) -> None:
    """Return when the question's bounds hold, whether or not its start can be seen; raises what asking it would."""
    piece = question.piece
    view_of(actor, piece.within, codebook, budget=piece.budget)
    check_range("depth", piece.depth, 1, MAX_DEPTH)
    if question.kind is QuestionKind.COMMUNITIES:
        check_communities(piece, question.resolution, question.seed)
    if question.kind is QuestionKind.KEY_PLAYERS:
        check_key_players(piece, question.first, question.path_limit)


def write_question(question: Question) -> str:
    """The question as one line of JSON, the same for the same question."""
    piece, within = question.piece, question.piece.within
    window = within.window
    told = {
        "kind": question.kind.value,
        "start": [piece.start.kind.value, piece.start.id],
        "depth": piece.depth,
        "budget": piece.budget,
        "window": None if window is None else [window.since, window.until],
        "edge_kinds": [kind.value for kind in within.edge_kinds],
        "only_people": _sorted(within.only_people),
        "only_events": _sorted(within.only_events),
        "avoid": _sorted(within.avoid),
        "forms": list(within.forms),
        "areas": list(within.areas),
        "min_links": within.min_links,
        "hub_limit": within.hub_limit,
        "judged": within.judged.value,
        "ends": [kind.value for kind in within.ends],
        "resolution": question.resolution,
        "seed": question.seed,
        "order": question.order.value,
        "first": question.first,
        "path_limit": question.path_limit,
    }
    return json.dumps(told, sort_keys=True)


def read_question(text: str) -> Question:
    """The question that `write_question` wrote; `ValueError`, `KeyError` or `TypeError` for another text."""
    told: Mapping[str, Any] = json.loads(text)
    kind, id_ = told["start"]
    within = Within(
        window=None if told["window"] is None else Window(*told["window"]),
        edge_kinds=tuple(map(EdgeKind, told["edge_kinds"])),
        only_people=_frozen(told["only_people"]),
        only_events=_frozen(told["only_events"]),
        avoid=frozenset(told["avoid"]),
        forms=tuple(told["forms"]),
        areas=tuple(told["areas"]),
        min_links=told["min_links"],
        hub_limit=told["hub_limit"],
        judged=Judged(told["judged"]),
        ends=tuple(map(NodeKind, told["ends"])),
    )
    return Question(
        kind=QuestionKind(told["kind"]),
        piece=Piece(Start(NodeKind(kind), id_), told["depth"], told["budget"], within),
        resolution=told["resolution"],
        seed=told["seed"],
        order=KeyOrder(told["order"]),
        first=told["first"],
        path_limit=told["path_limit"],
    )


def _sorted(ids: Iterable[str] | None) -> list[str] | None:
    return None if ids is None else sorted(ids)


def _frozen(ids: Iterable[str] | None) -> frozenset[str] | None:
    return None if ids is None else frozenset(ids)
