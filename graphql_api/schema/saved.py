"""Saved questions about networks, asking them again, and following what is new near their start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, get_type_hints

import strawberry
from strawberry.utils.str_converters import to_camel_case

from graphql_api.context import fresh_id
from graphql_api.schema.classification import Info
from graphql_api.schema.components import NetworkComponents, components_question
from graphql_api.schema.measures import Communities, KeyPlayers, communities_question, key_players_question
from graphql_api.schema.network import EdgeRow, Network, NetworkEdge, ego_question, languages_of
from graphql_api.schema.network_door import answered, question_input
from graphql_api.schema.network_files import investigating
from graphql_api.schema.network_patterns import PatternMatches, patterns_question
from graphql_api.schema.network_routes import Routes, SimilarEvents, routes_question, similar_question
from graphql_api.schema.network_shared import SharedLinks, shared_question
from graphql_api.schema.paths import Paths, paths_question
from graphql_api.schema.reading import computed, rows, told
from graphql_api.schema.scalars import Instant
from registry.errors import ArgumentsConflicting, IctipError, RecordUnknown, StreamNeeded
from registry.network import components as parts
from registry.network import (
    following,
    measures,
    model,
    path_model,
    pattern_queries,
    questions,
    route_queries,
    saved,
    shared_queries,
    similar_queries,
)
from registry.network.question_texts import write_question
from registry.outbox.model import Happening


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


def saved_kind(root: strawberry.Parent[saved.SavedQuery]) -> str | None:
    """What is asked, by the name of its root field."""
    return None if isinstance(root.kept, saved.Unread) else FIELDS[type(root.kept)]


def saved_start(root: strawberry.Parent[saved.SavedQuery], info: Info) -> KeptStart | None:
    """The start, for the owner alone: with others the record may lie outside their scope."""
    piece = None if isinstance(root.kept, saved.Unread) else root.kept.followed
    return KeptStart(piece.start.kind, piece.start.id) if piece is not None and is_own(root, info) else None


def saved_arguments(root: strawberry.Parent[saved.SavedQuery], info: Info) -> str | None:
    """Every argument, for the owner alone; as it was kept where it cannot be read."""
    if not is_own(root, info):
        return None
    return root.kept.text if isinstance(root.kept, saved.Unread) else write_question(root.kept)


def saved_fault(root: strawberry.Parent[saved.SavedQuery], info: Info) -> SavedFault | None:
    """What running it would be refused with; codes of another's question stay untold."""
    context = info.context
    try:
        root.question.check(context.rooms.codebook, actor=context.actor)
    except IctipError as error:
        return SavedFault(error.code, str(error) if is_own(root, info) else "Ask its owner what is wrong with it.")
    return None


def shared_with(root: strawberry.Parent[saved.SavedQuery], info: Info) -> list[str]:
    """The accounts by name, for the owner alone."""
    return sorted(root.with_accounts) if is_own(root, info) else []


@dataclass(frozen=True, slots=True)
class SavedFault:
    """Why a saved query is not answered any more."""

    code: str
    message: str


@strawberry.type(name="SavedFault", description="Why a saved query cannot be answered as it was kept.")
class SavedFaultType:
    """`SavedFault`."""

    code: str = told("code", "The code of the error that running it gives.")
    message: str = told("message", "What is wrong, for its owner.")


@strawberry.type(description="A question about networks that somebody kept; never an answer.")
class SavedQuery:
    """`saved.SavedQuery`."""

    id: strawberry.ID = told("id", "Its id.")
    name: str = told("name", "Its name.")
    owner: str = told("owner", "The account that keeps it.")
    is_own: bool = computed(is_own, "Whether it is yours, to be changed.")
    kind: str | None = computed(
        saved_kind,
        "What is asked, by the root field that asks it: egoNetwork, paths, routes …; null where that cannot be read.",
    )
    fault: SavedFaultType | None = computed(
        saved_fault, "Why it cannot be answered any more: another version kept it, or a code is gone."
    )
    start: SavedStart | None = computed(
        saved_start,
        "Where it starts and is followed; null without a start, and where it is another's.",
    )
    arguments: str | None = computed(
        saved_arguments, "All of its arguments, as JSON, as they were kept; null where it is another's."
    )
    with_agency: bool = told("with_agency", "Whether all of the owner's agency may run it.")
    with_accounts: list[str] = computed(shared_with, "Who else may run it; empty where it is another's.")
    changed_at: Instant = told("changed_at", "When it was last changed.")


@dataclass(frozen=True, slots=True)
class Ran:
    """A saved query with its answer of now."""

    query: saved.SavedQuery
    answer: object


def answer_if(kind: type) -> Callable[..., Any]:
    """The answer, where it is of that kind."""

    def answer(root: strawberry.Parent[Ran]) -> Any:
        return root.answer if isinstance(root.answer, kind) else None

    return answer


def network_of(root: strawberry.Parent[Ran]) -> model.Subgraph | None:
    """The network of the answer, where it has one or is one."""
    network = root.answer if isinstance(root.answer, model.Subgraph) else getattr(root.answer, "network", None)
    return network if isinstance(network, model.Subgraph) else None


@strawberry.type(description="The answer to a saved question, of now and within what you may see; else null by kind.")
class SavedAnswer:
    """`Ran`."""

    query: SavedQuery = told("query", "What was asked.")
    network: Network | None = computed(
        network_of,
        "The piece of network; not of sharedLinks, routes, similarEvents, patterns.",
    )
    paths: Paths | None = computed(answer_if(path_model.Paths), "Of paths.")
    components: NetworkComponents | None = computed(answer_if(parts.Components), "Of components.")
    communities: Communities | None = computed(answer_if(measures.Communities), "Of communities.")
    key_players: KeyPlayers | None = computed(answer_if(measures.KeyPlayers), "Of keyPlayers.")
    shared_links: SharedLinks | None = computed(answer_if(shared_queries.SharedLinks), "Of sharedLinks.")
    routes: Routes | None = computed(answer_if(route_queries.Routes), "Of routes.")
    similar_events: SimilarEvents | None = computed(answer_if(similar_queries.SimilarEvents), "Of similarEvents.")
    patterns: PatternMatches | None = computed(answer_if(pattern_queries.Matches), "Of patterns.")


ASKED: Final[Mapping[str, Callable[..., questions.AnyQuestion]]] = {
    "ego_network": ego_question,
    "paths": paths_question,
    "components": components_question,
    "communities": communities_question,
    "key_players": key_players_question,
    "shared_links": shared_question,
    "routes": routes_question,
    "similar_events": similar_question,
    "patterns": patterns_question,
}
"""Each root field about networks, by what makes a question of its arguments."""
FIELDS: Final[Mapping[type, str]] = {
    get_type_hints(make)["return"]: to_camel_case(name) for name, make in ASKED.items()
}
"""The name of the root field that asks a question."""


def network_question() -> Any:
    """The input that holds exactly one question, with the arguments of its root field."""
    kinds = {name: question_input(make, f"{name.title().replace('_', '')}Question") for name, make in ASKED.items()}
    space: dict[str, Any] = {
        name: strawberry.field(default=strawberry.UNSET, description=f"The arguments of `{to_camel_case(name)}`.")
        for name in kinds
    }
    space["__annotations__"] = {name: kind | None for name, kind in kinds.items()}
    space["__module__"] = __name__
    made = type("NetworkQuestion", (), space)
    return strawberry.input(made, one_of=True, description="One question about networks: exactly one field.")


if TYPE_CHECKING:
    NetworkQuestion = Any
else:
    NetworkQuestion = network_question()


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
    question: questions.Question[Any] = query.question
    try:
        return Ran(query, await answered(info, question, act=f"run saved query {query.id}"))
    except RecordUnknown:
        if query.owner == context.actor.name:
            raise
    raise RecordUnknown(kind="record")  # of what kind the start is, its owner alone is told


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


def told_question(question: NetworkQuestion) -> questions.AnyQuestion:
    """The input as the room's value."""
    name = next(name for name in ASKED if getattr(question, name) not in (None, strawberry.UNSET))
    arguments = vars(getattr(question, name))
    if languages_of(arguments.get("within")):
        raise ArgumentsConflicting(arguments="languages", rule="a saved question keeps no labels")
    return ASKED[name](**arguments)


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
    links: list[NetworkEdge] = rows(
        new_edges, "new.links", ("source", "target", "kind"), "The new links, within what you may see."
    )
    truncated: bool = told(
        "new.truncated",
        "Whether more than 5,000 people and events lie near the start: links across judgements about others than the "
        "start, and of events of an area, form or agency that were not looked at, may then be missing.",
    )
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


async def must_be_followable(info: Info, id: str, after: str | None = None) -> None:
    """Raise where there is nothing to wait for: no such query, none that can be read, or none with a start."""
    await following.followed_piece(investigating(info.context).saved, id, actor=info.context.actor)


def told_records(value: Any) -> Iterable[str]:
    """The records that new links name."""
    told_links: ToldLinks = value
    return told_links.new.records
