"""GraphQL types, root field and mutations of judgements that two records tell of the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import strawberry

from graphql_api.context import fresh_id
from graphql_api.schema.classification import Info
from graphql_api.schema.reading import told
from graphql_api.schema.scalars import Instant
from registry.network import actions, model, queries
from registry.network import judgements as judged

strawberry.enum(judged.Grounds, name="JudgementGrounds", description="What a judgement rests on.")

KindArgument = Annotated[model.NodeKind, strawberry.argument(description="PERSON or EVENT.")]
OneArgument = Annotated[strawberry.ID, strawberry.argument(description="One record.")]
OtherArgument = Annotated[strawberry.ID, strawberry.argument(description="The other.")]


@strawberry.type(description="Somebody's statement that two records tell of the same person or event.")
class Judgement:
    """`judgements.Judgement`."""

    id: strawberry.ID = told("id", "Its id, as the audit names it.")
    kind: model.NodeKind = told("pair.kind", "PERSON or EVENT.")
    one: strawberry.ID = told("pair.one", "The record of the lesser id.")
    other: strawberry.ID = told("pair.other", "The other record.")
    grounds: judged.Grounds = told("grounds", "What it rests on.")
    by: str = told("by", "The account that judged.")
    at: Instant = told("at", "When.")


async def judgements(
    info: Info,
    kind: KindArgument,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="Records, 1 to 500.")],
) -> Sequence[judged.Judgement]:
    """The judgements about some records."""
    context = info.context
    found = await queries.judgements(context.rooms.network.links, actor=context.actor, kind=kind, ids=ids)
    await context.note("read judgements", [*ids, *(id_ for each in found for id_ in (each.pair.one, each.pair.other))])
    return found


async def judge_same(
    info: Info,
    kind: KindArgument,
    one: OneArgument,
    other: OtherArgument,
    grounds: Annotated[judged.Grounds, strawberry.argument(description="What it rests on.")],
) -> judged.Judgement:
    """Judge that two records tell of the same."""
    rooms = info.context.rooms
    return await actions.judge_same(
        rooms.network.links.judgements,
        rooms.audit,
        info.context.act(),
        pair=judged.pair_of(kind, one, other),
        grounds=grounds,
        judgement_id=fresh_id(20),
    )


async def withdraw_judgement(
    info: Info, kind: KindArgument, one: OneArgument, other: OtherArgument
) -> judged.Judgement:
    """Take a judgement back."""
    rooms = info.context.rooms
    pair = judged.pair_of(kind, one, other)
    return await actions.withdraw_judgement(rooms.network.links.judgements, rooms.audit, info.context.act(), pair=pair)
