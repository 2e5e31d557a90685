"""The network's GraphQL types and what its arguments ask. An answer comes in columns and goes out by zipping them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final

import strawberry

from graphql_api.schema.classification import Info
from graphql_api.schema.network_files import NetworkFile, export_network
from graphql_api.schema.reading import columns, computed, rows, told
from graphql_api.schema.scalars import FIRST, LAST, CodeText, Instant, LanguageText
from registry.errors import ArgumentsConflicting
from registry.identifiers import AREAS, UNITS, SchemeId
from registry.network import model, questions
from registry.network.confidence import Confidence

strawberry.enum(model.NodeKind, name="NodeKind", description="What a node of a network is.")
strawberry.enum(model.EdgeKind, name="EdgeKind", description="Along what a network grows.")
strawberry.enum(
    Confidence, name="Confidence", description="How far a record can be relied on; docs/network.md has the rules."
)
strawberry.enum(
    model.Judged, name="Judged", description="Whether records judged to tell of the same stand apart or together."
)


@strawberry.type(description="One node of a network.")
class NetworkNode:
    """A row of `model.Subgraph`'s node columns."""

    id: strawberry.ID = told("id", "The record's id; the code of an area or a unit.")
    kind: model.NodeKind = told("kind", "What it is.")
    entity: strawberry.ID | None = told("entity", "The reporting entity that told of it; null for areas and units.")
    distance: int = told("distance", "Hops from the start; crossing a judgement is none.")
    cluster: strawberry.ID = told(
        "cluster",
        "The least id of the records here that are judged to tell of the same; its own where it stands apart.",
    )
    label: str | None = told("label", "What a hub is called; null for people and events.")


@strawberry.type(description="One link of a network.")
class NetworkEdge:
    """A `model.Edge`."""

    source: strawberry.ID = told("source", "The one end: a person; an event, where the other is a hub.")
    target: strawberry.ID = told("target", "The other end: an event, a person, or a hub.")
    kind: str = told(
        "kind",
        "VICTIM_IN, PERPETRATOR_IN, RELATED_TO; SAME_AS between records judged the same; RECORDED_IN, EXPLOITED_IN, "
        "TRANSITED, HAS_FORM, REPORTED_BY to a hub at the end; empty for the link of a hub at the start.",
    )


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """One link by its parts."""

    source: str
    target: str
    kind: str


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many nodes of a kind were found."""

    kind: model.NodeKind
    count: int


@strawberry.type(description="How many nodes of a kind were found.")
class CountByType:
    """`KindCount`."""

    kind: model.NodeKind = told("kind", "The kind.")
    count: int = told("count", "Distinct nodes found, also those that the budget left out.")


@strawberry.type(description="A node that was kept but not expanded, because too much hangs on it.")
class SkippedHub:
    """`model.SkippedHub`."""

    id: strawberry.ID = told("id", "The node.")
    kind: model.NodeKind = told("kind", "What it is.")
    degree: int = told("degree", "Its links within what you may see.")
    counted: bool = told(
        "counted",
        "Whether these are all of them: networks count to 5,000, `paths` to one more than `hubLimit`.",
    )


def network_nodes(root: strawberry.Parent[model.Subgraph]) -> list[model.Node]:
    """The nodes as values."""
    return list(root.each_node())


def network_edges(root: strawberry.Parent[model.Subgraph]) -> list[EdgeRow]:
    """The edges as values."""
    return [EdgeRow(*edge) for edge in root.edges]


def network_counts(root: strawberry.Parent[model.Subgraph]) -> list[KindCount]:
    """The counts by kind, kinds sorted."""
    return [KindCount(model.NodeKind(kind), count) for kind, count in sorted(root.counts_by_type.items())]


@strawberry.type(description="A piece of the case graph, and what is not in it because of your own limits.")
class Network:
    """`model.Subgraph`."""

    nodes: list[NetworkNode] = columns(
        network_nodes,
        {
            "id": "node_ids",
            "kind": "node_kinds",
            "entity": "node_entities",
            "distance": "distances",
            "cluster": "clusters",
            "label": "node_labels",
        },
        "The nodes: the start, then the nearest first, hubs at the end last.",
    )
    edges: list[NetworkEdge] = rows(
        network_edges,
        "edges",
        ("source", "target", "kind"),
        "The links read while growing, between nodes that are kept.",
    )
    truncated: bool = told("truncated", "Whether the node budget left out nodes that were found.")
    skipped_hubs: list[SkippedHub] = told("skipped_hubs", "Nodes kept but not expanded.")
    hidden: int = told("hidden", "People and events come upon that `avoid`, `forms`, `areas` or `minLinks` left out.")
    counts_by_type: list[CountByType] = computed(network_counts, "Distinct nodes found by kind, the start included.")
    visited: int = told("visited", "Nodes whose links were read.")
    export: list[NetworkFile] = computed(
        export_network, "The network as files: GraphML, GEXF, Cytoscape JSON, a pair of tables, Turtle, a picture."
    )
    judged: model.Judged = told("judged", "How records judged to tell of the same stand and are counted here.")


@strawberry.input(description="Where a network starts.")
class NetworkStart:
    """`model.Start`."""

    kind: model.NodeKind = strawberry.field(description="What the start is.")
    id: strawberry.ID = strawberry.field(description="A record's or entity's id, the code of an area or a unit.")


@strawberry.input(description="A span of time; without an end it is open there.")
class ValidDuring:
    """`model.Window`."""

    since: Instant | None = strawberry.field(default=None, description="Its first instant.")
    until: Instant | None = strawberry.field(default=None, description="Its last instant.")


@strawberry.input(description="These records and no others.")
class OnlyIds:
    """``only_people`` and ``only_events`` of `model.Within`."""

    people: list[strawberry.ID] | None = strawberry.field(default=None, description="Null is everybody.")
    events: list[strawberry.ID] | None = strawberry.field(default=None, description="Null is every event.")


@strawberry.input(description="Which people and events exist for a question, within what you may see.")
class Restrictions:
    """What `model.Within` and `gathering.Extent` ask alike."""

    only_ids: OnlyIds | None = strawberry.field(default=None, description="These records and no others, and the start.")
    avoid: list[strawberry.ID] | None = strawberry.field(
        default=None, description="These people and events are left out, the start excepted."
    )
    min_links: int = strawberry.field(
        default=1, description="People and events with fewer links are left out, the start excepted; 1 to 1000."
    )


@strawberry.input(description="What exists for a question of networks, within what you may see; the same for each.")
class NetworkWithin(Restrictions):
    """`model.Within`."""

    valid_during: ValidDuring | None = strawberry.field(
        default=None, description="Events that may have lasted then, by some reading of their dates; undated ones not."
    )
    edge_kinds: list[model.EdgeKind] | None = strawberry.field(
        default=None, description="Along what to grow; without it taking part."
    )
    forms: list[CodeText] | None = strawberry.field(
        default=None, description="Only events of these units of classification, or narrower ones."
    )
    areas: list[CodeText] | None = strawberry.field(
        default=None, description="Only events recorded in, exploited in or led through these areas, or one inside."
    )
    hub_limit: int = strawberry.field(default=100, description="Most links of a node that is expanded, 1 to 1000.")
    judged: model.Judged = strawberry.field(
        default=model.Judged.APART,
        description="TOGETHER: records judged to tell of the same are one, where you may see both.",
    )
    ends: list[model.NodeKind] | None = strawberry.field(
        default=None, description="Hubs that the events are labelled with: AREA, CONCEPT, ENTITY. Never traversed."
    )
    languages: list[LanguageText] | None = strawberry.field(
        default=None, description="Labels of hubs in the first of these that has one."
    )


WithinArgument = Annotated[
    NetworkWithin | None, strawberry.argument(description="What exists for the question; without it all you may see.")
]
BudgetArgument = Annotated[int, strawberry.argument(description="Most people and events in the answer, 1 to 5000.")]


def ego_question(
    start: Annotated[NetworkStart, strawberry.argument(description="Where to start.")],
    depth: Annotated[int, strawberry.argument(description="Hops, 1 to 6.")] = 2,
    budget: BudgetArgument = 500,
    within: WithinArgument = None,
) -> questions.EgoQuestion:
    """What lies around one node."""
    return questions.EgoQuestion(piece_of(start, depth, budget, within))


def piece_of(start: NetworkStart, depth: int, budget: int, within: NetworkWithin | None) -> model.Piece:
    """The piece of network that arguments name."""
    return model.Piece(model.Start(start.kind, start.id), depth, budget, told_within(within))


def told_within(within: NetworkWithin | None) -> model.Within:
    """The input as the room's value; raises `ArgumentsConflicting` for a span without ends, and lists of nothing."""
    if within is None:
        return model.EVERYTHING
    people, events = chosen(within.only_ids)
    return model.Within(
        window=None if within.valid_during is None else window(within.valid_during),
        edge_kinds=kinds_of(within.edge_kinds),
        only_people=people,
        only_events=events,
        avoid=frozenset(within.avoid or ()),
        forms=some("forms", within.forms),
        areas=some("areas", within.areas),
        min_links=within.min_links,
        hub_limit=within.hub_limit,
        judged=within.judged,
        ends=tuple(dict.fromkeys(within.ends or ())),
    )


def chosen(only: OnlyIds | None) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """The people and the events of a choice, None for all; raises `ArgumentsConflicting` for one of neither."""
    if only is None:
        return None, None
    if only.people is None and only.events is None:
        raise ArgumentsConflicting(arguments="onlyIds", rule="give people, events, or both")
    return (
        None if only.people is None else frozenset(only.people),
        None if only.events is None else frozenset(only.events),
    )


def kinds_of(kinds: Sequence[model.EdgeKind] | None) -> tuple[model.EdgeKind, ...]:
    """Each kind once; no list is taking part."""
    return model.PARTICIPATION if kinds is None else tuple(dict.fromkeys(kinds))


def some(argument: str, codes: Sequence[str] | None) -> tuple[str, ...]:
    """Each code once; no list restricts nothing, and a list of none is refused: it would leave nothing."""
    if codes is not None and not codes:
        raise ArgumentsConflicting(arguments=argument, rule="name one at least, or leave it out")
    return tuple(dict.fromkeys(codes or ()))


def window(span: ValidDuring) -> model.Window:
    """The window of a span; an end that is not told is open."""
    if span.since is None and span.until is None:
        raise ArgumentsConflicting(arguments="validDuring", rule="give since, until, or both")
    return model.Window(FIRST if span.since is None else span.since, LAST if span.until is None else span.until)


def languages_of(within: NetworkWithin | None) -> Sequence[str]:
    """The languages that labels are asked for in."""
    return () if within is None else within.languages or ()


LABELLED: Final = ((model.NodeKind.AREA, AREAS), (model.NodeKind.CONCEPT, UNITS))
"""Hubs whose labels the classification has; agencies bring theirs along."""


def label_network(found: model.Subgraph, info: Info, languages: Sequence[str]) -> model.Subgraph:
    """The network with the labels of its areas and units, in the first of the languages that has one."""
    labels = dict(found.labels)
    for kind, scheme in LABELLED:
        if kind in found.counts_by_type:
            ids = [id_ for id_, each in zip(found.node_ids, found.node_kinds, strict=True) if each is kind]
            labels.update(hub_labels(info, scheme, ids, languages))
    return replace(found, labels=labels) if labels else found


def hub_labels(info: Info, scheme: SchemeId, codes: Sequence[str], languages: Sequence[str]) -> dict[str, str]:
    """Labels by code, from the scheme's latest version; a code that is not in it has none."""
    if not codes:
        return {}
    version = info.context.catalogue.resolve(scheme)
    found = {code: version.item(code).label(languages) for code in codes if code in version.positions}
    return {code: label.text for code, label in found.items() if label is not None}
