"""GraphQL types and root fields of re-coding stored records.

Each type reads a model of ``registry.cases.recode_actions``. Faults of decisions are data; a missing right, an unknown
version or batch is an error. A request takes a stretch of the records; ``ictip recode`` takes all.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Annotated, Final

import strawberry

from graphql_api.schema.classification import Info
from graphql_api.schema.reading import computed, told
from graphql_api.schema.revision import SchemeArgument
from graphql_api.schema.scalars import CodeText, Instant, SchemeName, VersionText
from registry.cases import recode_actions, recode_ports, recoding
from registry.errors import NotReady, check_range
from registry.identifiers import BatchId, EventId, Notation, SchemeId, VersionTag

for _enum, _name, _description in (
    (recoding.RecodeOutcome, "RecodeOutcome", "What becomes of one code of a record."),
    (recode_ports.BatchState, "RecodeBatchState", "Where a recode batch stands."),
):
    strawberry.enum(_enum, name=_name, description=_description)

MOST_A_REQUEST: Final = 2_000
"""Records of one request: some seconds of work, well within its time."""
MOST_DECISIONS: Final = 1_000
"""Decisions of one request; more come as a file by ``ictip recode --decisions``."""


@strawberry.type(description="How many events of one reporting entity hold a code, and what becomes of it.")
class RecodeCount:
    """`recoding.CodeCount`."""

    entity: strawberry.ID = told("entity", "The reporting entity.")
    variable: str = told("variable", "The variable, or form.")
    code: CodeText = told("code", "The old code.")
    outcome: recoding.RecodeOutcome = told("outcome", "What becomes of it.")
    events: int = told("events", "In how many events.")


@strawberry.type(description="A code of one record that needs a person; the record stays until it is decided.")
class WaitingCode:
    """`recode_actions.WaitingCode`."""

    event: strawberry.ID = told("event", "The event.")
    entity: strawberry.ID = told("entity", "Its reporting entity.")
    part: str | None = told("part", "Whose code it is; null for the event's own.")
    field: str = told("field", "Where it stands.")
    variable: str = told("variable", "The variable, or form.")
    code: CodeText = told("code", "The old code.")
    targets: list[CodeText] = told("targets", "What may be chosen; none says any code of the new version.")


@strawberry.type(description="What is wrong with one decision.")
class DecisionFault:
    """`recode_actions.ChoiceFault`."""

    row: int = told("row", "Which decision, from 1.")
    column: str = told("column", "Its field.")
    rule: str = told("rule", "What is wrong.")
    expected: str = told("expected", "What would have been right.")


def batch_scheme(root: strawberry.Parent[recode_ports.RecodeBatch]) -> SchemeId:
    """The scheme."""
    return root.source[0]


def batch_source(root: strawberry.Parent[recode_ports.RecodeBatch]) -> VersionTag:
    """The version it went from."""
    return root.source[1]


def batch_target(root: strawberry.Parent[recode_ports.RecodeBatch]) -> VersionTag:
    """The version it went to."""
    return root.target[1]


@strawberry.type(description="One re-coding of many records.")
class RecodeBatch:
    """`recode_ports.RecodeBatch`."""

    id: strawberry.ID = told("id", "Its id.")
    actor: str = told("actor", "By whom.")
    at: Instant = told("at", "When it began.")
    scheme: SchemeName = computed(batch_scheme, "The scheme whose codes changed.")
    source: VersionText = computed(batch_source, "The version it went from.")
    target: VersionText = computed(batch_target, "The version it went to.")
    rules: str = told("rules", "SHA-256 of the rules it followed.")
    decisions: str = told("decisions", "SHA-256 of the decisions it followed; empty without any.")
    state: recode_ports.BatchState = told("state", "Where it stands.")
    events: int = told("events", "Events that you may see and that are still as it left them.")
    undone_by: str | None = told("undone_by", "Who undid it.")
    undone_at: Instant | None = told("undone_at", "When it was undone.")


@strawberry.type(description="What a re-coding did, or would do.")
class RecodePayload:
    """`recode_actions.RecodeReport`."""

    moved: int = told("moved", "Events moved, or that would be.")
    waiting: int = told("waiting", "Events that stay, for some code of theirs needs a person.")
    codes: list[RecodeCount] = told("codes", "Codes by entity, variable and outcome.")
    waiting_codes: list[WaitingCode] = told("first_waiting", "The first thousand codes that need a person.")
    batch: RecodeBatch | None = told("batch", "The batch; null where nothing moved.")
    next: str | None = told("next", "Give it as `after` to go on; null when all records were looked at.")
    rules: str = told("rules", "SHA-256 of the rules.")
    faults: list[DecisionFault] = told("faults", "What is wrong with decisions; with any, nothing was done.")


@strawberry.input(description="What somebody decided of one code of one event.")
class DecisionOnCode:
    """`recoding.Choice`."""

    event: strawberry.ID = strawberry.field(description="The event.")
    code: CodeText = strawberry.field(description="The old code.")
    chosen: CodeText = strawberry.field(description="What it becomes.")
    part: str | None = strawberry.field(default=None, description="Only in this part of the event.")

    def choice(self) -> recoding.Choice:
        """The room's decision."""
        return recoding.Choice(EventId(self.event), Notation(self.code), Notation(self.chosen), self.part)


async def recode(
    info: Info,
    scheme: SchemeArgument,
    target: Annotated[VersionText, strawberry.argument(description="The released version to go to.")],
    source: Annotated[
        VersionText | None,
        strawberry.argument(description="The version to go from; without it the only other one that records hold."),
    ] = None,
    dry_run: Annotated[bool, strawberry.argument(description="Tell what would happen and write nothing.")] = False,
    decisions: Annotated[
        list[DecisionOnCode] | None, strawberry.argument(description="What people decided, at most a thousand.")
    ] = None,
    first: Annotated[int, strawberry.argument(description="Records to look at, at most 2,000.")] = 1000,
    after: Annotated[str | None, strawberry.argument(description="`next` of the request before.")] = None,
) -> recode_actions.RecodeReport:
    """Move records to another version of a list."""
    check_range("first", first, 1, MOST_A_REQUEST)
    check_range("decisions", len(decisions or ()), 0, MOST_DECISIONS)
    order = recode_actions.RecodeOrder(
        scheme=SchemeId(scheme),
        target=VersionTag(target),
        id=fresh_batch(),
        source=None if source is None else VersionTag(source),
        choices=tuple(each.choice() for each in decisions or ()),
        is_dry=dry_run,
        after=after,
        first=first,
    )
    report = await recode_actions.recode(
        recode_rooms(info), order, actor=info.context.actor, circumstances=info.context.circumstances
    )
    looked_at = [*(choice.event for choice in order.choices), *(each.event for each in report.first_waiting)]
    await info.context.note("look at codes to recode", looked_at)
    return report


async def undo_recode(
    info: Info, batch: Annotated[strawberry.ID, strawberry.argument(description="The recode batch.")]
) -> int:
    """Give a batch's records back their old codes."""
    return await recode_actions.undo_recode(
        recode_rooms(info),
        BatchId(batch),
        act=fresh_batch(),
        actor=info.context.actor,
        circumstances=info.context.circumstances,
    )


async def recode_batches(info: Info) -> Sequence[recode_ports.RecodeBatch]:
    """Your own recode batches and those that moved a record of yours."""
    return await recode_actions.recode_batches(recode_rooms(info).store, actor=info.context.actor)


def recode_rooms(info: Info) -> recode_actions.RecodeRooms:
    """Where records are re-coded; `NotReady` where this server has no store."""
    rooms = info.context.rooms
    if rooms.recoding is None:
        raise NotReady(reason="no store of records is open")
    return recode_actions.RecodeRooms(rooms.recoding, rooms.catalogue, rooms.codebook)


def fresh_batch() -> BatchId:
    """A random id."""
    return BatchId(secrets.token_hex(10))
