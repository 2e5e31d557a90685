"""GraphQL types and root fields of the audit: its rows, what was done under an opening, and whether it holds.

Each reading leaves a row of its own before it is answered. Ids of records stand under pseudonyms, whoever reads: the
audit has no scope. A question may name a real id, which an agency's inquiry has; real ids are told on the store's
machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final

import strawberry

from graphql_api.context import RequestContext
from graphql_api.schema.access import EmergencyOpening
from graphql_api.schema.classification import Info
from graphql_api.schema.paging import After, First
from graphql_api.schema.reading import computed, told
from graphql_api.schema.scalars import Instant
from registry.access import audit as chain
from registry.access import queries
from registry.access.ports import AuditFilter, AuditStore
from registry.cases.paging import read_question
from registry.classification.paging import Page, PageRequest
from registry.errors import AuditKeyMissing, CursorForeign, NotReady

RECORD: Final = "record"
"""The kind of a record's pseudonym in the audit: rows do not tell events from persons."""


@dataclass(frozen=True, slots=True)
class NamedFact:
    """One more fact of an act."""

    name: str
    value: str


@strawberry.type(description="One more fact of an act.")
class AuditFact:
    """`NamedFact`."""

    name: str = told("name", "What it is.")
    value: str = told("value", "An identifier, a code, a count, a custodian's reason.")


def row_roles(root: strawberry.Parent[chain.AuditRow]) -> list[str]:
    """Roles as a list."""
    return [role for role in root.roles.split(",") if role]


def row_records(root: strawberry.Parent[chain.AuditRow], info: Info) -> list[str]:
    """Records told of."""
    return named(info.context, root.records)


def row_opened(root: strawberry.Parent[chain.AuditRow], info: Info) -> list[str]:
    """Records that only an opening showed."""
    return named(info.context, root.opened)


def row_facts(root: strawberry.Parent[chain.AuditRow]) -> list[NamedFact]:
    """Facts by name."""
    return [NamedFact(name, value) for name, value in root.facts]


def named(context: RequestContext, records: Iterable[str]) -> list[str]:
    """The records under pseudonyms: who reads the audit reads of records that lie outside every scope of theirs."""
    names = context.names
    return [] if names is None else [names.of(RECORD, record) for record in records]


@strawberry.type(description="One act: who did what, what for, with which outcome. Never a case value.")
class AuditRow:
    """`audit.AuditRow`."""

    id: strawberry.ID = told("id", "Its id.")
    at: Instant = told("at", "When.")
    actor: str = told("actor", "The account.")
    roles: list[str] = computed(row_roles, "In which roles.")
    purpose: str | None = told("purpose", "The purpose stated.")
    act: str = told("act", "What was done or tried.")
    allowed: bool = told("allowed", "Whether it was allowed, or found.")
    request: str = told("request", "The request's id.")
    operation: str = told("operation", "A digest of what was asked, never its text.")
    records: list[strawberry.ID] = computed(row_records, "Records concerned, a hundred at most.")
    count: int = told("count", "How many records there were.")
    digest: str | None = told("digest", "Of more than a hundred records: SHA-256 of all ids, sorted, a line each.")
    opened: list[strawberry.ID] = computed(row_opened, "Records that only an emergency opening showed.")
    subject: str | None = told("subject", "What was acted upon when it is no record: a key, a grant, a batch, a draft.")
    facts: list[AuditFact] = computed(row_facts, "More of the act by name.")


@strawberry.type(description="Everything that left under one emergency opening.")
class OpeningReport:
    """`queries.OpeningReport`."""

    opening: EmergencyOpening = told("opening", "The opening: who asked, who approved, when it ended.")
    rows: list[AuditRow] = told("rows", "Rows of its account that name the record as opened, newest first.")
    counted: list[AuditRow] = told(
        "counted", "Rows of its account in its time that told numbers: the record may have counted in them."
    )
    more: bool = told("more", "Whether there are more rows than these.")


@strawberry.type(
    description="What a check of the audit found: every sealed row is what was sealed, and none is missing."
)
class AuditReport:
    """`audit.AuditReport`."""

    blocks: int = told("head.number", "Blocks in the chain.")
    head: str = told("head.mac", "The chain's end: compare it with the heads kept outside.")
    rows: int = told("rows", "Rows that are there and hold.")
    removed: int = told("removed", "Rows that a sealed retention run took away.")
    unsealed: int = told("unsealed", "Rows not sealed yet, so not protected yet.")
    oldest_unsealed: Instant | None = told("oldest_unsealed", "When the oldest of these was made.")


@strawberry.input(description="Which rows of the audit; every given part must hold.")
class AuditFilterInput:
    """`AuditFilter`."""

    actor: str | None = strawberry.field(default=None, description="The account.")
    act: str | None = strawberry.field(default=None, description="The act, exactly: read event, refer case, use key.")
    record: strawberry.ID | None = strawberry.field(
        default=None, description="A record's own id, among the hundred that a row tells."
    )
    opened: strawberry.ID | None = strawberry.field(
        default=None, description="A record's own id, among those that only an emergency opening showed."
    )
    subject: str | None = strawberry.field(default=None, description="The key, grant, batch or draft acted upon.")
    since: Instant | None = strawberry.field(default=None, description="Not before this.")
    until: Instant | None = strawberry.field(default=None, description="Not after this.")

    def filter(self) -> AuditFilter:
        """The room's filter."""
        return AuditFilter(self.actor, self.act, self.record, self.opened, self.subject, self.since, self.until)


async def audit_rows(
    info: Info,
    where: Annotated[AuditFilterInput | None, strawberry.argument(description="Which rows; without it all.")] = None,
    first: First = None,
    after: After = None,
) -> Page[chain.AuditRow]:
    """Rows of the audit, newest first."""
    context = info.context
    asked = where.filter() if where else AuditFilter()
    question = read_question(PageRequest(first=first, after=after), "auditRows", (asked, context.actor.key))
    page = await queries.audit_rows(
        audits(context),
        context.rooms.audit,
        context.act(),
        asked,
        after=place_of(question.keyset.after),
        limit=question.keyset.limit,
    )
    return question.page([(f"{row.at} {row.id}", row) for row in page.rows], None)


def place_of(text: str | None) -> tuple[int, str] | None:
    """The instant and id inside a cursor."""
    if text is None:
        return None
    at, _, id_ = text.partition(" ")
    if not at.removeprefix("-").isdecimal():
        raise CursorForeign(argument="after")
    return int(at), id_


async def opening_report(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The opening's id.")]
) -> queries.OpeningReport:
    """What was done under an opening."""
    context = info.context
    return await queries.opening_report(
        context.rooms.access, audits(context), context.rooms.audit, context.act(), id[:64]
    )


async def audit_report(info: Info) -> chain.AuditReport:
    """Whether the audit holds."""
    context = info.context
    key = context.secrets.audit_key
    if key is None:
        raise AuditKeyMissing()
    return await queries.verify_audit(audits(context), context.rooms.audit, context.act(), key=key)


def audits(context: RequestContext) -> AuditStore:
    """Where the audit is read; `NotReady` where this server has no store."""
    if context.rooms.audits is None:
        raise NotReady(reason="no store of the audit is open")
    return context.rooms.audits
