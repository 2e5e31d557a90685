"""Where questions about many events look, and what their answers say of themselves: shared by all such fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import strawberry

from graphql_api.schema.network import (
    CountByType,
    KindCount,
    Restrictions,
    SkippedHub,
    ValidDuring,
    chosen,
    kinds_of,
    window,
)
from graphql_api.schema.reading import computed, told
from graphql_api.schema.scalars import CodeText
from registry.identifiers import EntityId, Notation
from registry.network import gathering, model


@strawberry.input(description="Which events exist for the question, within what you may see; null does not bind.")
class SearchExtent(Restrictions):
    """`gathering.Extent`."""

    valid_during: ValidDuring | None = strawberry.field(
        default=None, description="Only events that may have taken place in this span."
    )
    entity: strawberry.ID | None = strawberry.field(default=None, description="Only events of this reporting entity.")
    area: CodeText | None = strawberry.field(
        default=None, description="Only events to which this area, or one inside it, is anything."
    )
    form: CodeText | None = strawberry.field(default=None, description="Only events of this form or a narrower one.")
    judged: model.Judged = strawberry.field(
        default=model.Judged.APART,
        description="TOGETHER: records judged to tell of the same count as one, under the least of their ids.",
    )
    edge_kinds: list[model.EdgeKind] | None = strawberry.field(
        default=None, description="Only parts of these kinds; relations lead to events around a start alone."
    )


@strawberry.input(description="Only events that lie within some hops of a start.")
class SearchAround:
    """`gathering.Around`."""

    kind: model.NodeKind = strawberry.field(description="What the start is.")
    id: strawberry.ID = strawberry.field(description="A record's or entity's id, the code of an area or a unit.")
    depth: int = strawberry.field(default=4, description="Hops around the start, 1 to 6.")
    hub_limit: int = strawberry.field(default=1_000, description="Most links of a node gone through, 1 to 1000.")


@strawberry.input(description="Where to look: around a start, or through the list; in either within an extent.")
class SearchGround(SearchExtent):
    """`gathering.Ground`."""

    around: SearchAround | None = strawberry.field(
        default=None, description="Look around this; without it through the list of events, newest recorded first."
    )
    budget: int = strawberry.field(
        default=20_000,
        description="Most events that are read, 1 to 200000; around a start most people and events, 5000 at most.",
    )


Where = Annotated[SearchGround | None, strawberry.argument(description="Where to look; without it the list of events.")]
HubLimit = Annotated[
    int,
    strawberry.argument(
        description="A person in more of the events is skipped and listed, the start never; 1 to 10000."
    ),
]


def told_extent(asked: SearchExtent) -> dict[str, Any]:
    """What both kinds of input say alike, by the names of `gathering.Extent`."""
    people, events = chosen(asked.only_ids)
    return {
        "window": None if asked.valid_during is None else window(asked.valid_during),
        "entity": None if asked.entity is None else EntityId(asked.entity),
        "area": None if asked.area is None else Notation(asked.area),
        "form": None if asked.form is None else Notation(asked.form),
        "judged": asked.judged,
        "edge_kinds": kinds_of(asked.edge_kinds),
        "only_people": None if people is None else tuple(sorted(people)),
        "only_events": None if events is None else tuple(sorted(events)),
        "avoid": tuple(sorted(set(asked.avoid or ()))),
        "min_links": asked.min_links,
    }


def extent_of(asked: SearchExtent | None) -> gathering.Extent:
    """The input as a value."""
    return gathering.EVERY_EVENT if asked is None else gathering.Extent(**told_extent(asked))


def ground_of(asked: SearchGround | None) -> gathering.Ground:
    """The input as a value."""
    if asked is None:
        return gathering.EVERYWHERE
    around = asked.around
    return gathering.Ground(
        around=None
        if around is None
        else gathering.Around(model.Start(around.kind, around.id), around.depth, around.hub_limit),
        budget=asked.budget,
        **told_extent(asked),
    )


def account_counts(root: strawberry.Parent[gathering.Account]) -> list[KindCount]:
    """The counts by kind, kinds sorted."""
    return [KindCount(model.NodeKind(kind), count) for kind, count in sorted(root.counts_by_type.items())]


@strawberry.type(description="What an answer about many events says of itself.")
class SearchAccount:
    """`gathering.Account`."""

    truncated: bool = told("truncated", "Whether the budget, or the bound of a search, left something out.")
    skipped_hubs: list[SkippedHub] = told("skipped_hubs", "People with too many events to be looked at, by id.")
    skipped_identifiers: int = told(
        "skipped_identifiers", "Identifiers that too many events tell; they are never named."
    )
    hidden: int = told(
        "hidden",
        "What was come upon and the question left out: people and events that avoid or minLinks exclude, events around "
        "a start outside the extent, and events too little told to compare.",
    )
    visited: int = told("visited", "Events that were read.")
    counts_by_type: list[CountByType] = computed(account_counts, "Events and people that were read, by kind.")
    same: list[list[strawberry.ID]] = told(
        "same", "Records that count as one; in the rest of the answer the first of each group stands for all."
    )
    end_cursor: str | None = told("end_cursor", "Where the list goes on; null at its end, and without pages.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A parameter with the value a question had."""

    name: str
    value: int
