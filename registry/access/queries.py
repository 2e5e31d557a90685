"""What may be asked about access: keys, the audit and its chain, and why somebody may or may not.

Reading the audit leaves a row of its own, durable before the rows read are returned.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
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
from registry.access.grants import Grant, Standing
from registry.access.keys import KeyRecord
from registry.access.policy import Decision, Reason, may
from registry.access.ports import AccessStore, Audit, AuditFilter, AuditStore
from registry.errors import ArgumentOutOfRange, AuditBroken
from registry.identifiers import EventId

MAX_ROWS: Final = 500
"""Audit rows a page at most."""
NOT_THERE: Final = Reason("record", False, "there is no such record that may be seen")


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
    if not 0 < limit <= MAX_ROWS:
        raise ArgumentOutOfRange(argument="limit", actual=limit, lowest=1, highest=MAX_ROWS)
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

    Rows may be missing only up to the last block that a retention run, itself sealed, was allowed to empty.
    Raises `AuditBroken`, `NotAllowed`.
    """
    await allow(audit, act, Right.READ_AUDIT)
    head, rows, gone, last_gone, allowed = beginning(key), 0, 0, 0, 0
    kept = tuple(outside)
    told = {known.number for known in kept}
    inside: dict[int, str] = {}
    async for block in store.blocks():
        head = follow(head, block, key)
        texts = await store.texts(block.rows)
        missing = check_texts(block, texts)
        removals = [row_of(text) for text in texts.values() if REMOVAL in text]
        allowed = max(allowed, removed_until(removals))
        rows, gone = rows + len(texts), gone + len(missing)
        last_gone = block.number if missing else last_gone
        if block.number in told:
            inside[block.number] = block.mac
    _check_end(await store.head(), head, key)
    if last_gone > allowed:
        raise AuditBroken(number=last_gone, reason="rows of it are gone and no retention run says so")
    compared = compare_heads(kept, inside, head.number)
    unsealed, oldest = await store.unsealed()
    await audit.append(act.row("verify audit", subject=str(head.number)))
    return AuditReport(head, rows, gone, unsealed, oldest, compared)


async def why_allowed(
    store: AccessStore,
    audit: Audit,
    act: Act,
    *,
    right: Right,
    standing: Standing | None = None,
    event: EventId | None = None,
) -> Decision:
    """The decision about an act, rule by rule.

    Everybody may ask about themselves, and then of an event inside their scope only: one outside answers as one that
    is not there. ``standing`` asks about another account, which needs the right to; an event is then found wherever
    it lies, and only the conditions' outcomes are told, never its values. Raises `NotAllowed`.
    """
    asked = act.actor
    if standing is not None:
        await allow(audit, act, Right.ASK_WHY, subject=standing.account.name)
        asked = standing.actor(now=act.now, purpose=asked.purpose)
    placed = None
    if event is not None:
        placed = await store.placed(event, scope=None if standing is not None else asked.scope)
        await audit.append(act.row("ask why", records=[event], subject=asked.name))
    decision = may(asked, right, placed)
    if event is not None and placed is None:
        return Decision(False, (*decision.reasons, NOT_THERE))
    return decision


async def grants_of(store: AccessStore, account: str, *, since: int) -> tuple[Grant, ...]:
    """The account's grants that end after a moment: what doors make its standing of."""
    return tuple(await store.grants(account, since=since))


def _check_end(stored: Head | None, reached: Head, key: bytes) -> None:
    expected = stored or beginning(key)
    if expected != reached:
        raise AuditBroken(number=reached.number + 1, reason=f"the chain should end at {expected.number}")
