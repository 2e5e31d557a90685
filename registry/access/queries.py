"""What may be asked about access: keys, grants, openings, the audit and its chain.

Why somebody may or may not is explained in ``explain``.

Reading the audit leaves a row of its own, durable before the rows read are returned.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from registry.access.actions import Act, allow
from registry.access.actor import Right
from registry.access.audit import (
    REMOVAL,
    AuditReport,
    AuditRow,
    Block,
    Head,
    beginning,
    check_texts,
    compare_heads,
    follow,
    removed_until,
    row_of,
)
from registry.access.grants import Grant, GrantKind
from registry.access.keys import KeyRecord
from registry.access.ports import AccessStore, Audit, AuditFilter, AuditStore, GrantFilter
from registry.errors import AuditBroken, GrantUnknown, check_range
from registry.identifiers import EventId

MAX_ROWS: Final = 500
"""Audit rows a page at most."""
MAX_GRANTS: Final = 500
"""Grants told at once; an account or event narrows the question."""
SEES_OPENINGS: Final = frozenset({Right.APPROVE_EMERGENCY, Right.GRANT_CASES, Right.READ_AUDIT})


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some rows, newest first; ``after`` goes into the next call, None at the end."""

    rows: tuple[AuditRow, ...]
    after: tuple[int, str] | None


async def keys(store: AccessStore, audit: Audit, act: Act) -> Sequence[KeyRecord]:
    """Every key, newest first, without secrets. Raises `NotAllowed`."""
    await allow(audit, act, Right.MANAGE_KEYS)
    return await store.keys()


async def audit_rows(
    store: AuditStore,
    audit: Audit,
    act: Act,
    where: AuditFilter,
    *,
    after: tuple[int, str] | None = None,
    limit: int = 100,
) -> AuditPage:
    """Rows of the audit, newest first; this reading's own row is not among them. Raises `NotAllowed`."""
    await allow(audit, act, Right.READ_AUDIT)
    check_range("limit", limit, 1, MAX_ROWS)
    found = await store.search(where, after=after, limit=limit)
    await audit.append(act.row("read audit", records=[row.id for row in found]))
    more = (found[-1].at, found[-1].id) if len(found) == limit else None
    return AuditPage(tuple(found), more)


async def export_audit(store: AuditStore, audit: Audit, act: Act) -> AsyncIterator[tuple[Block, dict[str, str]]]:
    """Every block with the texts of its rows that are there, in order; the row about it comes first.

    Raises `NotAllowed`.
    """
    await allow(audit, act, Right.READ_AUDIT)
    await audit.append(act.row("export audit"))
    async for block in store.blocks():
        yield block, dict(await store.texts(block.rows))


async def verify_audit(
    store: AuditStore, audit: Audit, act: Act, *, key: bytes, outside: Iterable[Head] = ()
) -> AuditReport:
    """That every row is what was sealed, none is missing, and heads kept outside stand.

    Rows may be missing only up to the last block that a retention run, itself sealed, was allowed to empty. Blocks that
    are sealed meanwhile are looked at too.
    Raises `AuditBroken`, `NotAllowed`.
    """
    await allow(audit, act, Right.READ_AUDIT)
    head, rows, gone, last_gone, allowed = beginning(key), 0, 0, 0, 0
    kept = tuple(outside)
    told = {known.number for known in kept}
    inside: dict[int, str] = {}
    reached: Head | None = None
    stored: Head | None = None
    while reached != head and stored != head:
        reached = head
        async for block in store.blocks(after=head.number):
            head = follow(head, block, key)
            texts = await store.texts(block.rows)
            missing = check_texts(block, texts)
            removals = [row_of(text) for text in texts.values() if REMOVAL in text]
            allowed = max(allowed, removed_until(removals))
            rows, gone = rows + len(texts), gone + len(missing)
            last_gone = block.number if missing else last_gone
            if block.number in told:
                inside[block.number] = block.mac
        stored = await store.head()
    _check_end(stored, head, key)
    if last_gone > allowed:
        raise AuditBroken(number=last_gone, reason="rows of it are gone and no retention run says so")
    compared = compare_heads(kept, inside, head.number)
    unsealed, oldest = await store.unsealed()
    await audit.append(act.row("verify audit", subject=str(head.number)))
    return AuditReport(head, rows, gone, unsealed, oldest, compared)


async def case_grants(
    store: AccessStore, audit: Audit, act: Act, *, account: str | None, event: EventId | None, ended: bool = False
) -> Sequence[Grant]:
    """Case grants, newest first, at most `MAX_GRANTS`: one's own, or anybody's with the right to grant cases.

    ``account`` None says everybody's; ``ended`` adds those that expired or were revoked. Raises `NotAllowed`.
    """
    if account is None or account != act.actor.name:
        await allow(audit, act, Right.GRANT_CASES, subject=account)
    where = GrantFilter(GrantKind.CASE, account, event, None if ended else act.now)
    return await store.listed_grants(where, limit=MAX_GRANTS)


async def openings(store: AccessStore, audit: Audit, act: Act, *, ended: bool = False) -> Sequence[Grant]:
    """Emergency openings, newest first, at most `MAX_GRANTS`.

    One's own; everybody's for those who may approve one, grant cases, or read the audit. Raises `NotAllowed`.
    """
    rights = act.actor.rights
    account = None if rights & SEES_OPENINGS else act.actor.name
    if account is not None:
        await allow(audit, act, Right.OPEN_IN_EMERGENCY)
    where = GrantFilter(GrantKind.OPENING, account, None, None if ended else act.now)
    return await store.listed_grants(where, limit=MAX_GRANTS)


NUMBERS: Final = ("count codes", "read emerging terms", "read revision indicators")
"""Acts that tell numbers of records and name none."""


@dataclass(frozen=True, slots=True)
class OpeningReport:
    """Everything that left under one opening: the rows of its account that name records only it showed, newest first.

    ``counted`` are the rows of its account in its time that told numbers and name no record: the opened one may have
    counted in them. ``more`` says that there are more rows than a page holds; ask the audit itself for them.
    """

    opening: Grant
    rows: tuple[AuditRow, ...]
    counted: tuple[AuditRow, ...]
    more: bool


async def opening_report(
    store: AccessStore, audit_store: AuditStore, audit: Audit, act: Act, grant_id: str
) -> OpeningReport:
    """What was done under an opening (break-glass report). Raises `NotAllowed`, `GrantUnknown`."""
    await allow(audit, act, Right.READ_AUDIT, subject=grant_id)
    grant = await store.grant(grant_id)
    if grant is None or grant.kind is not GrantKind.OPENING:
        raise GrantUnknown(kind="opening")
    where = AuditFilter(actor=grant.account, opened=grant.event, since=grant.given_at, until=grant.expires)
    found = await audit_store.search(where, after=None, limit=MAX_ROWS + 1)
    counted: list[AuditRow] = []
    if grant.approved_by is not None:
        for name in NUMBERS:
            numbers = replace(where, act=name, opened=None)
            counted += await audit_store.search(numbers, after=None, limit=MAX_ROWS + 1)
    counted.sort(key=lambda row: (row.at, row.id), reverse=True)
    rows, numbers_told = tuple(found[:MAX_ROWS]), tuple(counted[:MAX_ROWS])
    read = [row.id for row in (*rows, *numbers_told)]
    await audit.append(act.row("read opening report", records=read, subject=grant_id))
    return OpeningReport(grant, rows, numbers_told, max(len(found), len(counted)) > MAX_ROWS)


async def grants_of(store: AccessStore, account: str, *, since: int) -> tuple[Grant, ...]:
    """The account's grants that end after a moment: what doors make its standing of."""
    return tuple(await store.grants(account, since=since))


def _check_end(stored: Head | None, reached: Head, key: bytes) -> None:
    expected = stored or beginning(key)
    if expected != reached:
        raise AuditBroken(number=reached.number + 1, reason=f"the chain should end at {expected.number}")
