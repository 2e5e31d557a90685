"""Saved questions about networks, asking them again, and following what is new near their start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Any

import strawberry

from graphql_api.context import fresh_id
from graphql_api.schema.classification import Info
from graphql_api.schema.measures import Communities, KeyPlayers, piece_of
from graphql_api.schema.network import EdgeRow, Network, NetworkEdge, NetworkStart, NetworkWithin, labelled
from graphql_api.schema.network_files import investigating
from graphql_api.schema.reading import computed, told
from graphql_api.schema.scalars import Instant
from registry.errors import StreamNeeded
from registry.network import following, measures, model, questions, saved
from registry.outbox.model import Happening

strawberry.enum(questions.QuestionKind, name="QuestionKind", description="What is asked about a piece of network.")


@dataclass(frozen=True, slots=True)
class KeptStart:
    """Where a saved question starts."""

    kind: model.NodeKind
    id: str


@strawberry.type(description="Where a saved question starts.")
class SavedStart:
    """`KeptStart`."""

    kind: model.NodeKind = told("kind", "What the start is.")
    id: strawberry.ID = told("id", "Its id or code.")


def is_own(root: strawberry.Parent[saved.SavedQuery], info: Info) -> bool:
    """Whether the caller may change it."""
    return root.owner == info.context.actor.name


def saved_start(root: strawberry.Parent[saved.SavedQuery], info: Info) -> KeptStart | None:
    """The start, for the owner alone: with others the record may lie outside their scope."""
    start = root.question.piece.start
    return KeptStart(start.kind, start.id) if is_own(root, info) else None


def shared_with(root: strawberry.Parent[saved.SavedQuery], info: Info) -> list[str]:
    """The accounts by name, for the owner alone."""
    return sorted(root.with_accounts) if is_own(root, info) else []


@strawberry.type(description="A question about networks that somebody kept; never an answer.")
class SavedQuery:
    """`saved.SavedQuery`."""

    id: strawberry.ID = told("id", "Its id.")
    name: str = told("name", "Its name.")
    owner: str = told("owner", "The account that keeps it.")
    is_own: bool = computed(is_own, "Whether it is yours, to be changed.")
    kind: questions.QuestionKind = told("question.kind", "What is asked.")
    start: SavedStart | None = computed(saved_start, "Where it starts; null where it is another's.")
    depth: int = told("question.piece.depth", "Hops.")
    budget: int = told("question.piece.budget", "Most people and events.")
    with_agency: bool = told("with_agency", "Whether all of the owner's agency may run it.")
    with_accounts: list[str] = computed(shared_with, "Who else may run it; empty where it is another's.")
    changed_at: Instant = told("changed_at", "When it was last changed.")


@dataclass(frozen=True, slots=True)
class Ran:
    """A saved query with its answer of now."""

    query: saved.SavedQuery
    answer: questions.Answer


@strawberry.type(description="The answer to a saved question, of now and within what you may see.")
class SavedAnswer:
    """`Ran`."""

    query: SavedQuery = told("query", "What was asked.")
    network: Network = told("answer.network", "The piece of network.")
    communities: Communities | None = told("answer.communities", "Where that was asked.")
    key_players: KeyPlayers | None = told("answer.key_players", "Where that was asked.")


@strawberry.input(description="A question about networks.")
class NetworkQuestion:
    """`questions.Question`."""

    start: NetworkStart = strawberry.field(description="Where to start.")
    kind: questions.QuestionKind = strawberry.field(
        default=questions.QuestionKind.EGO_NETWORK, description="What is asked."
    )
    depth: int = strawberry.field(default=2, description="Hops.")
    budget: int = strawberry.field(default=500, description="Most people and events.")
    within: NetworkWithin | None = strawberry.field(default=None, description="What exists for the question.")
    resolution: float = strawberry.field(default=1.0, description="Of communities.")
    seed: int = strawberry.field(default=1, description="Of communities.")
    order_by: measures.KeyOrder = strawberry.field(
        default=measures.KeyOrder.BETWEENNESS, description="The measure of key players."
    )
    first: int = strawberry.field(default=10, description="How many key players.")
    path_limit: int = strawberry.field(default=8, description="Links of the longest path that counts for betweenness.")


@strawberry.input(description="With whom a saved query is shared. Each asks it with rights and scope of their own.")
class ShareWith:
    """`saved.Sharing`."""

    agency: bool = strawberry.field(default=False, description="All who work for your agency.")
    accounts: list[str] = strawberry.field(default_factory=list, description="Accounts by name.")


IdArgument = Annotated[strawberry.ID, strawberry.argument(description="The saved query.")]
ShareArgument = Annotated[ShareWith | None, strawberry.argument(description="With whom it is shared.")]


async def saved_queries(info: Info) -> tuple[saved.SavedQuery, ...]:
    """The caller's own, and those shared with them."""
    return await saved.saved_queries(investigating(info.context).saved, actor=info.context.actor)


async def run_saved_query(info: Info, id: IdArgument) -> Ran:
    """The answer of now."""
    context = info.context
    query = await saved.saved_query(investigating(context).saved, id, actor=context.actor)
    answer = await context.looked_up(
        f"run saved query {query.id}",
        questions.ask(context.rooms.network, query.question, actor=context.actor),
        about=[query.question.piece.start.id],
        records=lambda answer: answer.network.node_ids,
    )
    network = labelled(answer.network, info, None)
    players, found = answer.key_players, answer.communities
    return Ran(
        query,
        questions.Answer(
            network,
            communities=None if found is None else replace(found, network=network),
            key_players=None if players is None else replace(players, network=network),
        ),
    )


async def save_query(
    info: Info,
    name: Annotated[str, strawberry.argument(description="Its name, 1 to 100 letters.")],
    question: Annotated[NetworkQuestion, strawberry.argument(description="What is asked.")],
    share_with: ShareArgument = None,
) -> saved.SavedQuery:
    """Keep a question."""
    context = info.context
    return await saved.save_query(
        investigating(context).saved,
        context.rooms.codebook,
        context.rooms.audit,
        context.act(),
        id_=fresh_id(16),
        name=name,
        question=told_question(question),
        sharing=told_sharing(share_with),
    )


async def change_saved_query(
    info: Info,
    id: IdArgument,
    name: Annotated[str | None, strawberry.argument(description="Its new name; null leaves it.")] = None,
    share_with: ShareArgument = None,
) -> saved.SavedQuery:
    """Rename or share."""
    context = info.context
    return await saved.change_query(
        investigating(context).saved,
        context.rooms.audit,
        context.act(),
        id,
        name=name,
        sharing=None if share_with is None else told_sharing(share_with),
    )


async def delete_saved_query(info: Info, id: IdArgument) -> bool:
    """Forget it."""
    context = info.context
    await saved.delete_query(investigating(context).saved, context.rooms.audit, context.act(), id)
    return True


def told_question(question: NetworkQuestion) -> questions.Question:
    """The input as the room's value."""
    return questions.Question(
        kind=question.kind,
        piece=piece_of(question.start, question.depth, question.budget, question.within),
        resolution=question.resolution,
        seed=question.seed,
        order=question.order_by,
        first=question.first,
        path_limit=question.path_limit,
    )


def told_sharing(share: ShareWith | None) -> saved.Sharing:
    """The input as the room's value."""
    return saved.Sharing() if share is None else saved.Sharing(share.agency, frozenset(share.accounts))


# --- following -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ToldLinks:
    """New links with the happening that brought them."""

    new: following.NewLinks
    happening: Happening


def new_edges(root: strawberry.Parent[ToldLinks]) -> list[EdgeRow]:
    """The links."""
    return [EdgeRow(*link) for link in root.new.links]


@strawberry.type(description="Links near a saved start that a delivery told for the first time.")
class NewLinks:
    """`ToldLinks`."""

    query: SavedQuery = told("new.query", "The saved query that is followed.")
    links: list[NetworkEdge] = computed(new_edges, "The new links, within what you may see.")
    at: Instant = told("happening.at", "When they were delivered.")
    cursor: str = told("happening.cursor", "Give it as `after` to go on from here.")


async def new_links(
    info: Info,
    id: IdArgument,
    after: Annotated[
        str | None,
        strawberry.argument(
            description="What happened after this cursor, then what comes; the empty text is before everything, null "
            "is now. A `Last-Event-ID` header comes first."
        ),
    ] = None,
) -> ToldLinks | None:
    """What the happening brought near the start; None, and so nothing sent, where it brought nothing there."""
    context = info.context
    happening = context.happening
    if happening is None:
        raise StreamNeeded()
    found = await following.new_links(
        context.rooms.network, investigating(context).saved, id, happening.subject, actor=context.actor
    )
    return None if found is None else ToldLinks(found, happening)


def told_records(value: Any) -> Iterable[str]:
    """The records that new links name."""
    told_links: ToldLinks = value
    return told_links.new.records
