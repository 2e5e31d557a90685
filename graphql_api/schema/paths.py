"""GraphQL types and root field of paths between two records. Types read models of ``registry.network.path_model``."""

from __future__ import annotations

from typing import Annotated

import strawberry

from graphql_api.schema.network import (
    BudgetArgument,
    Network,
    NetworkStart,
    WithinArgument,
    told_within,
)
from graphql_api.schema.reading import told
from graphql_api.schema.scalars import Instant
from registry.network import model, path_model, questions
from registry.network.confidence import Confidence

strawberry.enum(
    path_model.Outcome, name="PathOutcome", description="What a search for paths came to; only NONE says there is none."
)
strawberry.enum(path_model.Limit, name="PathLimit", description="What ended a search before it had seen everything.")


@strawberry.type(description="One event that shows a link.")
class PathEvidence:
    """`path_model.Evidence`."""

    event: strawberry.ID = told("event", "The event.")
    entity: strawberry.ID = told("entity", "Who reported it.")
    began: str | None = told("began", "When it began, as told (EDTF).")
    ended: str | None = told("ended", "When it ended, as told (EDTF).")
    recorded: str | None = told("recorded", "When it was recorded, as told (EDTF).")
    since: Instant | None = told("since", "The earliest reading of when it was; null without a date.")
    until: Instant | None = told("until", "The latest reading.")
    confidence: Confidence = told("confidence", "How far it can be relied on.")
    grounds: list[str] = told("grounds", "What that rests on: statuses said, whether officially, the source's type.")


@strawberry.type(description="One link between two records.")
class PathLink:
    """`path_model.Link`."""

    source: strawberry.ID = told("source", "A person.")
    target: strawberry.ID = told("target", "An event, or a person.")
    kind: str = told("kind", "VICTIM_IN, PERPETRATOR_IN or RELATED_TO.")


@strawberry.type(description="One step of a path.")
class PathHop:
    """`path_model.Hop`."""

    near: strawberry.ID = told("near", "Where it begins.")
    far: strawberry.ID = told("far", "Where it ends.")
    links: list[PathLink] = told("links", "All links between the two.")
    evidence: list[PathEvidence] = told("evidence", "The events that show them.")
    confidence: Confidence = told("confidence", "That of its strongest evidence.")


@strawberry.type(description="A simple path. A node stands for its cluster where judgements count.")
class Path:
    """`path_model.Path`."""

    nodes: list[strawberry.ID] = told("nodes", "People and events in turn, both ends included.")
    hops: list[PathHop] = told("hops", "Its steps; none where both ends are judged the same.")
    confidence: Confidence = told("confidence", "That of its weakest hop.")


@strawberry.type(description="The shortest simple paths, shortest first, ties in order of ids.")
class Paths:
    """`path_model.Paths`."""

    outcome: path_model.Outcome = told("outcome", "Whether there is one, none, or none within the limits.")
    limits: list[path_model.Limit] = told(
        "limits", "What ended the search; none: these are all, or as many as were asked for."
    )
    paths: list[Path] = told("paths", "The paths.")
    network: Network = told("network", "Their nodes and links, and the account of the search.")


def paths_question(
    source: Annotated[NetworkStart, strawberry.argument(name="from", description="A person or event.")],
    target: Annotated[NetworkStart, strawberry.argument(name="to", description="Another.")],
    most: Annotated[int, strawberry.argument(description="Most paths, 1 to 20.")] = 3,
    max_hops: Annotated[int, strawberry.argument(description="Most hops of a path, 1 to 12.")] = 8,
    time_respecting: Annotated[
        bool,
        strawberry.argument(description="Only paths whose events can have followed each other, from the first on."),
    ] = False,
    budget: BudgetArgument = 2000,
    within: WithinArgument = None,
) -> questions.PathsQuestion:
    """The shortest paths between two records."""
    return questions.PathsQuestion(
        source=model.Start(source.kind, source.id),
        target=model.Start(target.kind, target.id),
        most=most,
        longest=max_hops,
        in_time=time_respecting,
        budget=budget,
        within=told_within(within),
    )
