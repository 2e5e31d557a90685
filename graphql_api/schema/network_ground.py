"""Where questions about many events look, and what their answers say of themselves: shared by all such fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import strawberry

from graphql_api.schema.network import CountByType, KindCount, NetworkStart, SkippedHub, ValidDuring, window
from graphql_api.schema.reading import computed, told
from graphql_api.schema.scalars import CodeText
from registry.identifiers import EntityId, Notation
from registry.network import gathering, model


@strawberry.input(
    description="Where to look: around a start, or through the list of events page by page; in either within bounds."
)
class SearchGround:
    """`gathering.Ground`."""

    start: NetworkStart | None = strawberry.field(
        default=None, description="Look only at events within some hops of this; without it through the list of events."
    )
    depth: int = strawberry.field(default=4, description="Hops around the start.")
    valid_during: ValidDuring | None = strawberry.field(
        default=None, description="Only events that may have taken place in this span."
    )
    entity: strawberry.ID | None = strawberry.field(default=None, description="Only events of this reporting entity.")
    area: CodeText | None = strawberry.field(
        default=None, description="Only events to which this area, or one inside it, is anything."
    )
    form: CodeText | None = strawberry.field(default=None, description="Only events of this form or a narrower one.")
    first: int = strawberry.field(default=5_000, description="Events of the list a page, 1 to 200000.")
    after: str | None = strawberry.field(default=None, description="Go on behind this cursor: `account.endCursor`.")
    budget: int = strawberry.field(default=20_000, description="Most events that are read, 1 to 200000.")
    hub_limit: int = strawberry.field(
        default=1_000, description="A person with more events is skipped and listed, 1 to 10000."
    )


Where = Annotated[SearchGround | None, strawberry.argument(description="Where to look; without it the list of events.")]


def ground_of(asked: SearchGround | None) -> gathering.Ground:
    """The input as a value."""
    if asked is None:
        return gathering.EVERYWHERE
    start = asked.start
    return gathering.Ground(
        around=None if start is None else gathering.Around(model.Start(start.kind, start.id), asked.depth),
        window=None if asked.valid_during is None else window(asked.valid_during),
        entity=None if asked.entity is None else EntityId(asked.entity),
        area=None if asked.area is None else Notation(asked.area),
        form=None if asked.form is None else Notation(asked.form),
        first=asked.first,
        after=asked.after,
        budget=asked.budget,
        hub_limit=asked.hub_limit,
    )


def asked_about(ground: gathering.Ground) -> list[str]:
    """What a ground lies around, if anything: who asks in vain is noted as having asked about it."""
    return [] if ground.around is None else [ground.around.start.id]


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
    hidden: int = told("hidden", "Records in your scope whose fields you may not see.")
    visited: int = told("visited", "Events that were read.")
    counts_by_type: list[CountByType] = computed(account_counts, "Events and people that were read, by kind.")
    end_cursor: str | None = told("end_cursor", "Where the list goes on; null at its end, and around a start.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A parameter with the value a question had."""

    name: str
    value: int
